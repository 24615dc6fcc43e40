"""Highest of the maxima of the likelihood over tau2 >= 0, restricted (REML) or not (ML).

What ``maximum.highest`` does for other functions of tau2, written for speed: these two are computed
by the million. Newton's method takes the place of Brent's, and nothing is called on the way.
"""

import math

from python_udfs.kernels.jit import jit_numbers
from python_udfs.kernels.pooling.likelihood import log_likelihood, slope_and_rate
from python_udfs.kernels.pooling.maximum import falls_beyond
from python_udfs.kernels.pooling.moments import span

CLOSE = 1e-8
MAX_STEPS = 300


@jit_numbers
def highest_likelihood(restricted, y, v):
    """The tau2 >= 0 with the highest likelihood of all its maxima. Returns (tau2, converged).

    The slope is scanned from 0 upwards, with min(v) + tau2 doubling; each change from rising to
    falling is refined to a local maximum, and the highest of these and of the boundary 0 is taken.
    """
    smallest, largest, squares = span(y, v)
    beyond = falls_beyond(smallest, largest, squares, y.size)
    if not math.isfinite(beyond):
        return math.nan, False
    best, found = 0.0, beyond < 0.0
    low = at = low_slope = 0.0
    while at <= beyond or low_slope > 0.0:
        slope, _ = slope_and_rate(restricted, y, v, at)
        if low_slope > 0.0 >= slope:
            local, converged = slope_root(restricted, y, v, low, at, low_slope, slope, smallest)
            if not converged:
                return math.nan, False
            if not found or is_higher(restricted, y, v, local, best):
                best, found = local, True
        found = found or (at == 0.0 and slope <= 0.0)
        low, low_slope = at, slope
        at = 2.0 * at + smallest
    return best, found


@jit_numbers
def is_higher(restricted, y, v, one, other):
    """Whether the likelihood is higher at ``one`` tau2 than at the ``other``."""
    return log_likelihood(restricted, y, v, one) > log_likelihood(restricted, y, v, other)


@jit_numbers
def slope_root(restricted, y, v, low, high, low_slope, high_slope, smallest):
    """The tau2 where the slope, above 0 at ``low`` but not at ``high``, is 0.

    Newton's method, from the root of the line through both ends. The error after a step is about
    its square, so a step below ``CLOSE`` is the last. A step that leaves the bracket, or is more
    than half of the one before, is replaced by the middle. Returns (tau2, converged).
    """
    tau2 = low + (high - low) * low_slope / (low_slope - high_slope)
    previous = high - low
    for _ in range(MAX_STEPS):
        slope, rate = slope_and_rate(restricted, y, v, tau2)
        if slope > 0.0:
            low = tau2
        else:
            high = tau2
        step = -slope / rate
        if abs(step) <= CLOSE * (tau2 + smallest):
            return max(0.0, tau2 + step), True
        if not (low < tau2 + step < high and abs(step) <= 0.5 * previous):
            step = 0.5 * (low + high) - tau2
            if high - low <= 1e-15 * high:
                return tau2, True
        tau2 += step
        previous = abs(step)
    return math.nan, False
