"""Highest of the maxima of a numbered function (``objective.py``) over tau2 >= 0."""

import math

from python_udfs.kernels.jit import jit, jit_numbers
from python_udfs.kernels.pooling.moments import span
from python_udfs.kernels.pooling.objective import GIVEN_MEAN_SLOPE, objective, value
from python_udfs.kernels.pooling.roots import find_tau2


@jit
def highest(which, y, v, target):
    """The tau2 >= 0 at which ``value`` number ``which`` is highest. Returns (tau2, converged).

    There can be several maxima. The slope is therefore scanned from 0 upwards, with min(v) + tau2
    doubling; each change from rising to falling is refined to a local maximum, and the highest of
    these and of the boundary 0 is taken.
    """
    smallest, _, _ = span(y, v)
    beyond = only_falls_beyond(which, y, v, target)
    if not math.isfinite(beyond):
        return math.nan, False
    best, found = 0.0, False
    low, low_slope = 0.0, objective(which, y, v, 0.0, target)
    if low_slope <= 0.0:
        found = True
    while low <= beyond or low_slope > 0.0:
        high = 2.0 * low + smallest
        high_slope = objective(which, y, v, high, target)
        if low_slope > 0.0 and high_slope <= 0.0:
            local, converged = find_tau2(
                which, y, v, target, low, high, low_slope, high_slope, smallest
            )
            if not converged:
                return math.nan, False
            if not found or value(which, y, v, local, target) > value(which, y, v, best, target):
                best, found = local, True
        low, low_slope = high, high_slope
    return best, found


@jit
def only_falls_beyond(which, y, v, target):
    """A tau2 beyond which the function only falls, as ``falls_beyond`` says.

    SS are the squared deviations from the plain mean, or from a mean that is given.
    """
    smallest, largest, squares = span(y, v)
    if which == GIVEN_MEAN_SLOPE:
        distance = y.sum() / y.size - target
        squares += y.size * distance * distance
    return falls_beyond(smallest, largest, squares, y.size)


@jit_numbers
def falls_beyond(smallest, largest, squares, k):
    """A tau2 beyond which the likelihood only falls, from the range of v, SS and k.

    With s = min(v) + tau2 and d = max(v) - min(v), sum w^2 (y - mean)^2 <= SS / s^2 lies below
    W - sum w^2 / W >= (k - 1) / (s + d) once (k - 1) s^2 > SS (s + d).
    """
    half = 0.5 * squares / (k - 1.0)
    root = math.sqrt(half) * math.sqrt(half + 2.0 * (largest - smallest))  # of a product: overflows
    return half + root - smallest
