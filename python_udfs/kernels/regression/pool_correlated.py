"""pool_correlated: correlated effects of the same studies under a working model, robustly."""

import numpy as np

from python_udfs.kernels.labels import LOW_DF, OK, SINGLE_STUDY
from python_udfs.kernels.lists import Labels, Lists
from python_udfs.kernels.pooling.completeness import SMALLEST_DF
from python_udfs.kernels.pooling.interval import limits_and_test
from python_udfs.kernels.regression.clusters import complete_clusters
from python_udfs.kernels.regression.nested_fits import fit_nested, i2_by_level
from python_udfs.kernels.regression.options import CHE, ML, NESTED_ML, REML
from python_udfs.kernels.tails import p_from_chi2


def pool_correlated(yi: Lists, vi: Lists, cluster: Labels, model, method, rho, ci_level) -> tuple:
    """Correlated-effects working model of each row; one array per field of the catalogue entry.

    ``yi`` effects, ``vi`` their sampling variances, ``cluster`` the study each comes from; codes of
    ``options.CORRELATED_OPTIONS``, ``rho`` and ``ci_level``, one per row.

        y_ij = mean + c_j + u_ij + e_ij,  Cov(e_ij, e_il) = rho sqrt(v_ij v_il)

    with c_j ~ N(0, tau2) and u_ij ~ N(0, omega2) (CHE, Pustejovsky & Tipton 2022), or omega2 = 0
    (CE, Hedges, Tipton & Johnson 2010). The working model sets the weights; standard error,
    interval and test are cluster-robust (CR2, Satterthwaite), and hold when ``rho`` is wrong.
    Status low_df keeps the numbers but warns: below 4 degrees of freedom the p is too small
    (Tipton 2015). Other statuses: nested_fits.fit_nested. Checked against metafor's rma.mv with
    vcalc, and clubSandwich.
    """
    clusters = complete_clusters(yi, vi, cluster)
    code = np.where(method == NESTED_ML, ML, REML)
    fits, k, m, status = fit_nested(clusters, code, rho, model == CHE)
    alone = status == SINGLE_STUDY
    se = np.where(alone, fits.se, fits.cr2_se)
    robust = limits_and_test(fits.estimate, fits.cr2_se, fits.cr2_df, ci_level)
    normal = limits_and_test(fits.estimate, fits.se, np.full(k.size, np.nan), ci_level)
    low, high, statistic, p_value = (
        np.where(alone, *pair) for pair in zip(normal, robust, strict=True)
    )
    status = np.where((status == OK) & (fits.cr2_df < SMALLEST_DF), LOW_DF, status)
    q_df = np.where(np.isnan(fits.q), np.nan, k - 1.0)
    return (
        k.astype(np.int32),
        m.astype(np.int32),
        status,
        fits.estimate,
        se,
        low,
        high,
        statistic,
        fits.cr2_df,
        p_value,
        np.where(alone, np.nan, fits.se),
        fits.between,
        fits.within,
        fits.log_likelihood,
        fits.q,
        q_df,
        p_from_chi2(fits.q, q_df),
        *i2_by_level(fits),
    )
