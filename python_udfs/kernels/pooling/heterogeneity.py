"""Heterogeneity: I2, H2 (two definitions each) and the Q-profile interval of tau2."""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.tau2 import tau2_at_q
from python_udfs.kernels.tails import chi2_quantile


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


def q_profile(pairs, level):
    """Q-profile interval of tau2 (Viechtbauer 2007): Q(tau2) at the chi-square quantiles.

    Returns (low, high); both 0 when Q(0) lies below the lower quantile, NaN for fewer than two
    studies or when a limit is not finite.
    """
    df = np.diff(pairs.offsets) - 1
    at_low = chi2_quantile((1.0 + level) / 2.0, df)
    at_high = chi2_quantile((1.0 - level) / 2.0, df)
    return _q_profile(pairs.y, pairs.v, pairs.offsets, at_low, at_high)


@jit
def _q_profile(y, v, offsets, at_low, at_high):
    rows = offsets.size - 1
    low, high = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= 2:
            low[row], _ = tau2_at_q(y[start:stop], v[start:stop], at_low[row])
            high[row], _ = tau2_at_q(y[start:stop], v[start:stop], at_high[row])
    return low, high
