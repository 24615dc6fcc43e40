"""meta_regression: effects explained by moderators, in a mixed-effects model, one per row."""

import numpy as np

from python_udfs.kernels.labels import (
    NO_DATA,
    NO_VARIATION,
    NOT_CONVERGED,
    OK,
    SINGULAR,
    TAU2_OUTSIDE_INTERVAL,
    TOO_FEW_STUDIES,
)
from python_udfs.kernels.lists import Lists, Tables
from python_udfs.kernels.pooling import heterogeneity
from python_udfs.kernels.pooling.completeness import outside_interval
from python_udfs.kernels.pooling.interval import limits_and_test, standard_error
from python_udfs.kernels.pooling.options import CI_Z
from python_udfs.kernels.regression.group_fits import fit_all
from python_udfs.kernels.regression.inference import omnibus_test, r2_from_tau2
from python_udfs.kernels.regression.options import CE, WITH_INTERCEPT
from python_udfs.kernels.regression.rows import complete_designs
from python_udfs.kernels.tails import p_from_chi2


def meta_regression(
    yi: Lists, vi: Lists, x: Tables, tau2_method, ci_method, intercept, ci_level
) -> tuple:
    """Mixed-effects meta-regression of each row; one array per field of the catalogue entry.

    ``yi`` effects, ``vi`` sampling variances (their unit squared), ``x`` one list per moderator;
    the codes of ``options.META_REGRESSION_OPTIONS`` and ``ci_level``, one per row. Studies that are
    not complete are dropped; without any the status is no_data, with no more than coefficients it
    is too_few_studies, singular when a moderator is a combination of others (or constant, beside
    an intercept), not_converged when an iteration or a number fails, no_variation when the
    Hartung-Knapp standard errors are 0: there are no tests then. Faults as ``complete_designs``.

        y_i = x_i' b + u_i + e_i,  u_i ~ N(0, tau2),  e_i ~ N(0, v_i),  b by weighted least squares

    Raudenbush 2009; Viechtbauer and others 2015; Knapp & Hartung 2003. Checked against metafor's
    rma.uni: closed forms 1e-9, iterative estimators 1e-8, relative.
    """
    has_intercept = (intercept == WITH_INTERCEPT).astype(np.int64)
    designs = complete_designs(yi, vi, x, has_intercept)
    k, p = np.diff(designs.pairs.offsets), designs.columns
    coefficients = np.concatenate([[0], np.cumsum(p)])
    fits = fit_all(designs, coefficients, tau2_method, has_intercept, ci_level)
    status = _status(k, p, fits, coefficients)
    tests, factor = _tests(fits, k - p, ci_method, ci_level, p)
    status = _status_of_tests(status, tests, factor, coefficients)
    failed = ~np.isin(status, (OK, NO_VARIATION))
    outside = outside_interval(fits.tau2, fits.tau2_low, fits.tau2_high) & (tau2_method != CE)
    status = np.where((status == OK) & outside, TAU2_OUTSIDE_INTERVAL, status)
    fits = _without_failures(fits, failed, p)
    df = np.where(failed, np.nan, k - p)
    lists = [Lists(values, coefficients, failed) for values in tests]
    spread = _heterogeneity(fits, df)
    omnibus = omnibus_test(ci_method, fits.wald, factor, p - has_intercept, df)
    r2 = r2_from_tau2(tau2_method, fits.tau2, fits.tau2_null, fits.q, df, fits.q_null, k - 1.0)
    test_df = np.where(ci_method == CI_Z, np.nan, df)
    counts = k.astype(np.int32), np.where(k > 0, p, 0).astype(np.int32)
    return (*counts, status, *lists, test_df, *spread, *omnibus, r2)


def _status(k, p, fits, coefficients):
    per_coefficient = np.isfinite(fits.estimate) & np.isfinite(fits.se_classic)
    per_coefficient &= fits.se_classic > 0.0
    counts = np.concatenate([[0], np.cumsum(per_coefficient)])[coefficients]
    finite = np.isfinite(fits.tau2 + fits.q + fits.q_at_tau2) & (np.diff(counts) == p)
    status = np.where(finite, OK, NOT_CONVERGED)
    status = np.where(fits.has_full_rank, status, SINGULAR)
    status = np.where(k <= p, TOO_FEW_STUDIES, status)
    return np.where(k == 0, NO_DATA, status)


def _status_of_tests(status, tests, factor, coefficients):
    """no_variation where all standard errors are 0; not_converged where a test is not finite."""
    status = np.where((status == OK) & (factor == 0.0), NO_VARIATION, status)
    wrong = np.concatenate([[0], np.cumsum(~np.all(np.isfinite(tests), axis=0))])[coefficients]
    return np.where((status == OK) & (np.diff(wrong) > 0), NOT_CONVERGED, status)


def _without_failures(fits, failed, p):
    failed_coefficient = np.repeat(failed, p)
    return fits._replace(
        **{
            name: np.where(failed_coefficient if name in ("estimate", "se_classic") else failed,
                           np.nan, values)
            for name, values in fits._asdict().items()
            if name != "has_full_rank"
        }
    )  # fmt: skip


def _tests(fits, df, method, level, p):
    """The returned lists (estimate, se, ci_low, ...) and the Hartung-Knapp factor of each row."""
    hk_q = fits.q_at_tau2 / np.maximum(df, 1)
    factor = standard_error(method, np.ones_like(hk_q), hk_q) ** 2
    per_coefficient = [np.repeat(value, p) for value in (method, hk_q, df, level)]
    method_c, hk_q_c, df_c, level_c = per_coefficient
    se = standard_error(method_c, fits.se_classic, hk_q_c)
    df_c = np.where(method_c == CI_Z, np.nan, df_c)
    tested = limits_and_test(fits.estimate, se, df_c, level_c)
    return (fits.estimate, se, *tested), factor


def _heterogeneity(fits, df):
    """tau2 with its interval, qe, qe_df, qe_p, and I2 and H2 in both definitions."""
    return (
        fits.tau2,
        fits.tau2_low,
        fits.tau2_high,
        fits.q,
        df,
        p_from_chi2(fits.q, df),
        heterogeneity.i2_from_q(fits.q, df),
        heterogeneity.i2_from_tau2(fits.tau2, fits.typical_variance),
        heterogeneity.h2_from_q(fits.q, df),
        heterogeneity.h2_from_tau2(fits.tau2, fits.typical_variance),
    )
