"""Heterogeneity: I2 and H2, in two definitions each, and their intervals."""

import math

import numpy as np

from python_udfs.kernels.jit import jit
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


@jit
def h2_test_based(q, df, z):
    """(low, high) of H2 from Q: the test-based interval of Higgins & Thompson (2002), squared.

    H2 exp(-+ 2 z SE), 1 where it is less, with H2 = Q / df, k = df + 1, the normal quantile z and

        SE(ln H) = (ln Q - ln df) / (2 (sqrt(2 Q) - sqrt(2 k - 3)))        where Q > k
        SE(ln H) = sqrt((1 - 1 / (3 (k - 2)^2)) / (2 (k - 2)))             otherwise

    NaN for k < 3, which has no SE. Both limits are 1 when Q = 0. As R package meta.
    """
    low, high = np.full(q.size, np.nan), np.full(q.size, np.nan)
    for row in range(q.size):
        k, h2 = df[row] + 1.0, q[row] / df[row]
        if k >= 3.0:
            if q[row] > k:
                room = math.sqrt(2.0 * q[row]) - math.sqrt(2.0 * k - 3.0)
                factor = math.exp(z[row] * math.log(h2) / room)
            else:
                variance = (1.0 - 1.0 / (3.0 * (k - 2.0) ** 2)) / (2.0 * (k - 2.0))
                factor = math.exp(2.0 * z[row] * math.sqrt(variance))
            low[row], high[row] = np.maximum(1.0, h2 / factor), np.maximum(1.0, h2 * factor)
    return low, high


def summary(tau2, tau2_low, tau2_high, q, q_df, typical_variance, level) -> dict:
    """What a pool reports of heterogeneity, by the names of its fields."""
    h2_q_low, h2_q_high = h2_test_based(q, q_df, z_quantile(level))
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
