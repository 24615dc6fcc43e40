"""Heterogeneity: I2 and H2, in two definitions each, and their intervals.

The formulas take numbers, as the loop here does, or arrays.
"""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.tails import p_from_chi2, z_quantile

SUMMARY = (
    "tau2",
    "tau2_ci_low",
    "tau2_ci_high",
    "q",
    "q_df",
    "q_p",
    "i2_q",
    "i2_tau2",
    "h2_q",
    "h2_tau2",
    "i2_q_ci_low",
    "i2_q_ci_high",
    "i2_tau2_ci_low",
    "i2_tau2_ci_high",
    "h2_q_ci_low",
    "h2_q_ci_high",
    "h2_tau2_ci_low",
    "h2_tau2_ci_high",
)
TINY = 2.2250738585072014e-308


@jit
def i2_from_q(q, df):
    """I2 in percent from Cochran's Q: 100 max(0, (Q - df) / Q), 0 when Q = 0."""
    return 100.0 * (np.maximum(0.0, q - df) / np.maximum(q, TINY))


@jit
def i2_from_tau2(tau2, typical_variance):
    """I2 in percent from tau2: 100 tau2 / (tau2 + typical variance)."""
    return 100.0 * tau2 / (tau2 + typical_variance)


@jit
def h2_from_q(q, df):
    """H2 = Q / df, not truncated at 1."""
    return q / df


@jit
def h2_from_tau2(tau2, typical_variance):
    """H2 = (tau2 + typical variance) / typical variance."""
    return tau2 / typical_variance + 1.0


@jit
def i2_from_h2(h2):
    """I2 in percent that belongs to an H2 of 1 or more: 100 (H2 - 1) / H2."""
    return 100.0 * (h2 - 1.0) / h2


@jit
def h2_test_based(q, df, z):
    """(low, high) of H2 from Q: the test-based interval of Higgins & Thompson (2002), squared.

    exp(2 (ln H -+ z SE)), 1 where it is less, with H = sqrt(Q / df), k = df + 1 and

        SE(ln H) = (ln Q - ln df) / (2 (sqrt(2 Q) - sqrt(2 k - 3)))        where Q > k
        SE(ln H) = sqrt((1 - 1 / (3 (k - 2)^2)) / (2 (k - 2)))             otherwise

    ``z`` is the normal quantile. NaN for k < 3, which has no SE. Both limits are 1 when Q = 0. As R
    package meta.
    """
    k = df + 1.0
    if not k >= 3.0:
        return math.nan, math.nan
    if q > k:
        se = 0.5 * math.log(q / df) / (math.sqrt(2.0 * q) - math.sqrt(2.0 * k - 3.0))
    else:
        se = math.sqrt((1.0 - 1.0 / (3.0 * (k - 2.0) ** 2)) / (2.0 * (k - 2.0)))
    factor = math.exp(2.0 * z * se)
    return np.maximum(1.0, q / df / factor), np.maximum(1.0, q / df * factor)


def summary(tau2, tau2_low, tau2_high, q, q_df, typical_variance, level) -> dict:
    """What a pool reports of heterogeneity, by the names of its fields."""
    q_p, z = p_from_chi2(q, q_df), z_quantile(level)
    fields = _summary(tau2, tau2_low, tau2_high, q, q_df, q_p, typical_variance, z)
    return dict(zip(SUMMARY, fields, strict=True))


@jit
def _summary(tau2, tau2_low, tau2_high, q, q_df, q_p, typical_variance, z):
    """The fields of ``SUMMARY``, one row each."""
    out = np.empty((len(SUMMARY), tau2.size))
    for i in range(tau2.size):
        h2_low, h2_high = h2_test_based(q[i], q_df[i], z[i])
        fields = (
            tau2[i],
            tau2_low[i],
            tau2_high[i],
            q[i],
            q_df[i],
            q_p[i],
            i2_from_q(q[i], q_df[i]),
            i2_from_tau2(tau2[i], typical_variance[i]),
            h2_from_q(q[i], q_df[i]),
            h2_from_tau2(tau2[i], typical_variance[i]),
            i2_from_h2(h2_low),
            i2_from_h2(h2_high),
            i2_from_tau2(tau2_low[i], typical_variance[i]),
            i2_from_tau2(tau2_high[i], typical_variance[i]),
            h2_low,
            h2_high,
            h2_from_tau2(tau2_low[i], typical_variance[i]),
            h2_from_tau2(tau2_high[i], typical_variance[i]),
        )
        for field in range(len(fields)):
            out[field, i] = fields[field]
    return out
