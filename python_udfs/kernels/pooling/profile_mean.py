"""Profile-likelihood interval and test of the pooled effect under maximum likelihood.

The profile likelihood of a mean m is the highest likelihood over tau2 with the mean held at m
(Hardy & Thompson 1996). R package metafor has no such interval; checked against brute-force
maximisation (tests/python/kernels/test_pool_profile_mean.py), 1e-8.
"""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.likelihood import log_likelihood, log_likelihood_at
from python_udfs.kernels.pooling.maximum import highest
from python_udfs.kernels.pooling.objective import GIVEN_MEAN_SLOPE, UPPER_EDGE_SLOPE, upper_edge
from python_udfs.kernels.tails import chi2_quantile


def profile_mean(pairs, tau2, null, wanted, level):
    """(low, high, likelihood ratio of the mean ``null``), NaN where not ``wanted``.

    ``pairs`` are centred, and so are the limits and ``null``; ``tau2`` are the ML estimates.
    """
    drop = chi2_quantile(level, np.where(wanted, 1, 0))
    return _profile_rows(pairs.y, pairs.v, pairs.offsets, tau2, null, drop)


@jit
def _profile_rows(y, v, offsets, tau2, null, drop):
    rows = offsets.size - 1
    low, high, ratio = np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= 2 and np.isfinite(drop[row]) and np.isfinite(tau2[row]):
            group_y, group_v = y[start:stop], v[start:stop]
            high[row] = upper_limit(group_y, group_v, tau2[row], drop[row])
            low[row] = -upper_limit(-group_y, group_v, tau2[row], drop[row])
            ratio[row] = likelihood_ratio(group_y, group_v, tau2[row], null[row])
    return low, high, ratio


@jit
def upper_limit(y, v, tau2, drop):
    """Highest mean whose profile likelihood lies within ``drop`` / 2 of the maximum.

    A mean is in the interval when it is for some tau2. At each tau2 those means end at an edge in
    closed form (``upper_edge``); the limit is the highest of these edges.
    """
    target = 2.0 * log_likelihood(False, y, v, tau2) - drop
    at, converged = highest(UPPER_EDGE_SLOPE, y, v, target)
    if not converged:
        return np.nan
    edge, room = upper_edge(y, v, at, target)
    return edge if room >= 0.0 else np.nan


@jit
def likelihood_ratio(y, v, tau2, null):
    """2 (l at the maximum - l profiled at the mean ``null``), never negative."""
    restrained, converged = highest(GIVEN_MEAN_SLOPE, y, v, null)
    if not converged:
        return np.nan
    drop = log_likelihood(False, y, v, tau2) - log_likelihood_at(null, y, v, restrained)
    return max(0.0, 2.0 * drop)
