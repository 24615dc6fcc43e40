"""pool_three_level: effects within clusters within a population, one pool per row."""

import numpy as np

from python_udfs.kernels.lists import Labels, Lists
from python_udfs.kernels.pooling import interval
from python_udfs.kernels.pooling.options import CI_Z
from python_udfs.kernels.regression.clusters import complete_clusters
from python_udfs.kernels.regression.nested_fits import fit_nested, i2_by_level
from python_udfs.kernels.regression.options import ML, NESTED_ML, REML
from python_udfs.kernels.tails import p_from_chi2


def pool_three_level(yi: Lists, vi: Lists, cluster: Labels, method, ci_method, ci_level) -> tuple:
    """Three-level model of each row; one array per field of the catalogue entry.

    ``yi`` effects, ``vi`` their sampling variances, ``cluster`` the label of each effect's cluster;
    codes of ``options.THREE_LEVEL_OPTIONS`` and ``ci_level``, one per row. Model and search of the
    optimum: nested.py; robust interval: robust.py. Effects that are not complete are dropped.
    Status: see nested_fits.fit_nested. Faults as in ``pool``. Checked against metafor's
    rma.mv (1e-5 relative, never a lower likelihood) and clubSandwich (1e-8 for the same
    components).
    """
    clusters = complete_clusters(yi, vi, cluster)
    code = np.where(method == NESTED_ML, ML, REML)
    none = np.zeros(method.size)
    fits, k, m, status = fit_nested(clusters, code, none, np.ones(method.size, np.bool_))
    test = np.where(k < 2, CI_Z, ci_method)
    df = np.where(np.isnan(fits.se), np.nan, interval.degrees_of_freedom(test, k))
    low, high, statistic, p_value = interval.limits_and_test(fits.estimate, fits.se, df, ci_level)
    robust_low, robust_high, robust_statistic, robust_p = interval.limits_and_test(
        fits.estimate, fits.cr2_se, fits.cr2_df, ci_level
    )
    q_df = np.where(np.isnan(fits.q), np.nan, k - 1.0)
    return (
        k.astype(np.int32),
        m.astype(np.int32),
        status,
        fits.estimate,
        fits.se,
        low,
        high,
        statistic,
        df,
        p_value,
        fits.between,
        fits.within,
        fits.log_likelihood,
        fits.q,
        q_df,
        p_from_chi2(fits.q, q_df),
        *i2_by_level(fits),
        fits.cr2_se,
        robust_low,
        robust_high,
        robust_statistic,
        fits.cr2_df,
        robust_p,
    )
