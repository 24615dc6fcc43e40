"""Estimators of the between-study variance tau2 for one group of k >= 2 studies.

Arguments everywhere: ``y`` effects, ``v`` sampling variances (> 0), float64 of equal length.
Returns (tau2, converged); tau2 has the unit of y squared and is never negative.
Checked against metafor (tests/python/kernels): closed forms 1e-9, iterative 1e-8 relative.
"""

import math

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.likelihood import reml_log_likelihood, reml_slope
from python_udfs.kernels.pooling.moments import (
    extremes,
    generalised_q,
    squared_deviations,
    weight_spread,
)
from python_udfs.kernels.pooling.options import CE, DL, PM
from python_udfs.kernels.pooling.roots import GENERALISED_Q, REML_SLOPE, find_tau2


@jit
def estimate_tau2(method, y, v):
    """tau2 by the estimator with code ``method`` (options.TAU2_METHOD)."""
    if method == CE:
        return 0.0, True
    if method == DL:
        return der_simonian_laird(y, v), True
    if method == PM:
        return tau2_at_q(y, v, y.size - 1.0)
    return restricted_maximum_likelihood(y, v)


@jit
def der_simonian_laird(y, v):
    """max(0, (Q - (k - 1)) / C)   (DerSimonian & Laird 1986)."""
    excess = generalised_q(y, v, 0.0) - (y.size - 1.0)
    return max(0.0, excess / weight_spread(v, 0.0))


@jit
def tau2_at_q(y, v, target):
    """The tau2 at which the generalised Q falls to ``target``, 0 when Q(0) is already below.

    With ``target`` = k - 1 this is Paule & Mandel 1982; with chi-square quantiles it gives the
    limits of the Q-profile interval. The bracket is exact: replacing every v by its smallest
    (largest) value bounds Q from above (below) by SS / (v + tau2).
    """
    if generalised_q(y, v, 0.0) <= target:
        return 0.0, True
    at_equal_variances = squared_deviations(y) / target
    margin = 1e-9 * at_equal_variances
    smallest, largest = extremes(v)
    low = max(0.0, at_equal_variances - largest - margin)
    high = at_equal_variances - smallest + margin
    return find_tau2(GENERALISED_Q, y, v, target, low, high)


@jit
def restricted_maximum_likelihood(y, v):
    """The tau2 >= 0 with the highest restricted likelihood (Viechtbauer 2005).

    The likelihood can have several maxima. Its slope is therefore scanned from 0 upwards, with
    min(v) + tau2 doubling; each change from rising to falling is refined to a local maximum, and
    the highest of these and of the boundary 0 is taken.
    """
    smallest, largest = extremes(v)
    beyond = 2.0 * (squared_deviations(y) / (y.size - 1.0) + largest)
    if not math.isfinite(beyond):
        return math.nan, False
    best, found = 0.0, False
    low, low_slope = 0.0, reml_slope(y, v, 0.0)
    if low_slope <= 0.0:
        found = True
    while low <= beyond or low_slope > 0.0:
        high = 2.0 * low + smallest
        high_slope = reml_slope(y, v, high)
        if low_slope > 0.0 and high_slope <= 0.0:
            local, converged = find_tau2(REML_SLOPE, y, v, 0.0, low, high)
            if not converged:
                return math.nan, False
            if not found or reml_log_likelihood(y, v, local) > reml_log_likelihood(y, v, best):
                best, found = local, True
        low, low_slope = high, high_slope
    return best, found
