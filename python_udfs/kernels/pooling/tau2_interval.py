"""Confidence interval of tau2: Q-profile or profile likelihood.

Both return (low, high), NaN for fewer than two studies. Checked against metafor's confint, 1e-8.
"""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.likelihood import log_likelihood
from python_udfs.kernels.pooling.maximum import falls_beyond
from python_udfs.kernels.pooling.moments import span
from python_udfs.kernels.pooling.objective import ML_ROOM, REML_ROOM, objective
from python_udfs.kernels.pooling.options import REML
from python_udfs.kernels.pooling.roots import find_tau2
from python_udfs.kernels.pooling.tau2_at_q import search_tau2_at_q
from python_udfs.kernels.tails import chi2_quantile


def q_profile(pairs, k, q, level, wanted):
    """Q-profile interval of tau2 (Viechtbauer 2007): Q(tau2) at the chi-square quantiles.

    The same for every estimator. ``q`` is Cochran's Q(0); both limits are 0 when it lies below the
    lower quantile. NaN when a limit is not finite, and where not ``wanted``.
    """
    df = np.where(wanted, k - 1, 0)
    at_low = chi2_quantile((1.0 + level) / 2.0, df)
    at_high = chi2_quantile((1.0 - level) / 2.0, df)
    return _q_profile(pairs.y, pairs.v, pairs.offsets, q, at_low, at_high)


@jit
def _q_profile(y, v, offsets, q, at_low, at_high):
    rows = offsets.size - 1
    low, high = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= 2 and np.isfinite(at_low[row]):
            low[row] = high[row] = 0.0
            if not q[row] <= at_low[row]:
                low[row], _ = search_tau2_at_q(y[start:stop], v[start:stop], at_low[row])
            if not q[row] <= at_high[row]:
                high[row], _ = search_tau2_at_q(y[start:stop], v[start:stop], at_high[row])
    return low, high


def likelihood_profile(pairs, tau2, method, wanted, level):
    """Profile-likelihood interval: 2 (l(estimate) - l(tau2)) <= chi-square with 1 df.

    ``tau2`` are the estimates by ML or REML (``method``), whose likelihood is used (Hardy &
    Thompson 1996; Viechtbauer 2007). Where the likelihood has several maxima and the set is in
    pieces, the limits are the outermost. NaN where not ``wanted``.
    """
    drop = chi2_quantile(level, np.where(wanted, 1, 0))
    restricted = method == REML
    return _likelihood_profile(pairs.y, pairs.v, pairs.offsets, tau2, restricted, drop)


@jit
def _likelihood_profile(y, v, offsets, tau2, restricted, drop):
    rows = offsets.size - 1
    low, high = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= 2 and np.isfinite(drop[row]) and np.isfinite(tau2[row]):
            low[row], high[row] = profile_limits(
                y[start:stop], v[start:stop], tau2[row], restricted[row], drop[row]
            )
    return low, high


@jit
def profile_limits(y, v, tau2, restricted, drop):
    """Lowest and highest tau2 whose likelihood is within ``drop`` / 2 of that at ``tau2``.

    ``room`` = 2 l - target is negative outside. It is scanned from 0 upwards over ``tau2`` and
    beyond every maximum; where its sign changes first and last, the limits are refined.
    """
    room = REML_ROOM if restricted else ML_ROOM
    target = 2.0 * log_likelihood(restricted, y, v, tau2) - drop
    smallest, largest, squares = span(y, v)
    beyond = falls_beyond(smallest, largest, squares, y.size)
    last, room_last = 0.0, objective(room, y, v, 0.0, target)
    low = 0.0 if room_last >= 0.0 else np.nan
    high = np.nan
    while room_last >= 0.0 or last <= max(beyond, tau2):
        at = 2.0 * last + smallest
        if last < tau2 < at:
            at = tau2
        room_at = objective(room, y, v, at, target)
        if room_at >= 0.0 and np.isnan(low):
            low, _ = find_tau2(room, y, v, target, at, last, room_at, room_last, smallest)
        if room_last >= 0.0 > room_at:
            high, _ = find_tau2(room, y, v, target, last, at, room_last, room_at, smallest)
        last, room_last = at, room_at
    return low, high
