"""Heterogeneity: I2 and H2, in two definitions each, and their intervals."""

import numpy as np

from python_udfs.kernels.tails import p_from_chi2, z_quantile


def i2_from_q(q, df):
    """I2 in percent from Cochran's Q: 100 max(0, (Q - df) / Q), 0 when Q = 0."""
    return np.where(q > 0.0, 100.0 * np.maximum(0.0, (q - df) / q), q)


def i2_from_tau2(tau2, typical_variance):
    """I2 in percent from tau2: 100 tau2 / (tau2 + typical variance)."""
    return 100.0 * tau2 / (tau2 + typical_variance)


def h2_from_q(q, df):
    """H2 = Q / df, not truncated at 1."""
    return q / df


def h2_from_tau2(tau2, typical_variance):
    """H2 = (tau2 + typical variance) / typical variance."""
    return tau2 / typical_variance + 1.0


def i2_from_h2(h2):
    """I2 in percent that belongs to an H2 of 1 or more: 100 (H2 - 1) / H2."""
    return 100.0 * (h2 - 1.0) / h2


def h2_test_based(q, df, level):
    """(low, high) of H2 from Q: the test-based interval of Higgins & Thompson (2002), squared.

    exp(2 (ln H -+ z SE)), 1 where it is less, with H = sqrt(Q / df), k = df + 1 and

        SE(ln H) = (ln Q - ln df) / (2 (sqrt(2 Q) - sqrt(2 k - 3)))        where Q > k
        SE(ln H) = sqrt((1 - 1 / (3 (k - 2)^2)) / (2 (k - 2)))             otherwise

    NaN for k < 3, which has no SE. Both limits are 1 when Q = 0. As R package meta.
    """
    k = df + 1.0
    ln_h = 0.5 * (np.log(q) - np.log(df))
    large = ln_h / (np.sqrt(2.0 * q) - np.sqrt(2.0 * k - 3.0))
    room = np.where(k >= 3.0, k - 2.0, np.nan)
    small = np.sqrt((1.0 - 1.0 / (3.0 * room**2)) / (2.0 * room))
    margin = z_quantile(level) * np.where(q > k, large + 0.0 * room, small)
    return tuple(np.maximum(1.0, np.exp(2.0 * (ln_h + sign * margin))) for sign in (-1.0, 1.0))


def summary(tau2, tau2_low, tau2_high, q, q_df, typical_variance, level) -> dict:
    """What a pool reports of heterogeneity, by the names of its fields."""
    h2_q_low, h2_q_high = h2_test_based(q, q_df, level)
    return {
        "tau2": tau2,
        "tau2_ci_low": tau2_low,
        "tau2_ci_high": tau2_high,
        "q": q,
        "q_df": q_df,
        "q_p": p_from_chi2(q, q_df),
        "i2_q": i2_from_q(q, q_df),
        "i2_tau2": i2_from_tau2(tau2, typical_variance),
        "h2_q": h2_from_q(q, q_df),
        "h2_tau2": h2_from_tau2(tau2, typical_variance),
        "i2_q_ci_low": i2_from_h2(h2_q_low),
        "i2_q_ci_high": i2_from_h2(h2_q_high),
        "i2_tau2_ci_low": i2_from_tau2(tau2_low, typical_variance),
        "i2_tau2_ci_high": i2_from_tau2(tau2_high, typical_variance),
        "h2_q_ci_low": h2_q_low,
        "h2_q_ci_high": h2_q_high,
        "h2_tau2_ci_low": h2_from_tau2(tau2_low, typical_variance),
        "h2_tau2_ci_high": h2_from_tau2(tau2_high, typical_variance),
    }
