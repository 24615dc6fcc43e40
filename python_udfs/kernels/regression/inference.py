"""Test of all coefficients together, and what they explain."""

import numpy as np

from python_udfs.kernels.pooling.options import CI_Z
from python_udfs.kernels.regression.options import CE
from python_udfs.kernels.tails import p_from_chi2, p_from_f


def omnibus_test(method, wald, factor, tested, df):
    """Test that all moderators are 0 together. Returns (qm, qm_df, qm_df2, qm_p).

    ``wald`` is b' V^-1 b of the tested coefficients, V their classic covariance matrix. z: Q_M
    against chi-square with as many df as coefficients tested. t, HK, HK_adhoc: F = Q_M / (their
    number times ``factor``), the Hartung-Knapp factor, against F with k - p denominator df (Knapp
    & Hartung 2003). NaN where no moderator is tested.
    """
    is_chi2 = method == CI_Z
    none = (tested == 0) | np.isnan(wald)
    tested = np.where(none, np.nan, tested)
    statistic = np.where(is_chi2, wald, wald / tested / np.where(factor > 0.0, factor, np.nan))
    statistic = np.where(none, np.nan, statistic)
    p = np.where(is_chi2, p_from_chi2(statistic, tested), p_from_f(statistic, tested, df))
    return statistic, tested, np.where(is_chi2 | none, np.nan, df), p


def r2_from_tau2(method, tau2, tau2_null, q, q_df, q_null, q_null_df):
    """Percent of the heterogeneity that the moderators explain.

    100 max(0, (tau2_null - tau2) / tau2_null), tau2_null from the same estimator without moderators
    (Raudenbush 2009); 0 when tau2_null is 0. CE has no tau2: there it is the adjusted R2 of the
    weighted regression, 1 - (Q_E / (k - p)) / (Q_null / (k - 1)), also truncated at 0.
    """
    part = np.where(tau2_null > 0.0, (tau2_null - tau2) / tau2_null, 0.0)
    adjusted = np.where(q_null > 0.0, 1.0 - (q / q_df) / (q_null / q_null_df), 0.0)
    r2 = 100.0 * np.maximum(0.0, np.where(method == CE, adjusted, part))
    return np.where(np.isnan(tau2_null), np.nan, r2)
