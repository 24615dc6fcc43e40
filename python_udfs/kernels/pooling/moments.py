"""Weighted mean and weighted sums of one group, safe for variances of any size.

Weights are taken relative to the first one, a_i = u / (v_i + tau2) with u = v_1 + tau2, so that
squares of weights neither overflow nor vanish; ``u`` (the unit) brings results back to scale.
Effects are first centred at their fixed-effect mean (``centre_groups``): sums of squares then keep
their digits when effects are large compared with their differences.
"""

import numpy as np

from python_udfs.kernels.jit import jit, jit_numbers


@jit_numbers
def not_below_zero(x):
    """x, or 0 where it is less; NaN, what an overflow leaves, stays NaN, unlike with max."""
    return 0.0 if x < 0.0 else x


@jit
def centre_groups(y, v, offsets):
    """Each group's effects minus its fixed-effect mean. Returns (centred y, centre of each).

    The mean is found as a distance from the most precise study. Where that study has nearly all the
    weight its residual is then exact, and Q keeps the digits of the other studies.
    """
    centred = np.empty_like(y)
    centres = np.zeros(offsets.size - 1)
    for row in range(centres.size):
        start, stop = offsets[row], offsets[row + 1]
        if stop > start:
            origin = y[start + most_precise(v[start:stop])]
            for i in range(start, stop):
                centred[i] = y[i] - origin
            shift, _, _ = weighted_mean(centred[start:stop], v[start:stop], 0.0)
            centres[row] = origin + shift
            for i in range(start, stop):
                centred[i] = y[i] - centres[row]
    return centred, centres


@jit_numbers
def most_precise(v):
    """Position of the smallest variance, the first of them."""
    best, least = 0, v[0]
    for i in range(v.size):
        best, least = (i, v[i]) if v[i] < least else (best, least)
    return best


@jit_numbers
def weighted_mean(y, v, tau2):
    """Mean with weights 1/(v + tau2). Returns (mean, sum of relative weights, unit)."""
    unit = v[0] + tau2
    total = 0.0
    weighted = 0.0
    for i in range(y.size):
        a = unit / (v[i] + tau2)
        total += a
        weighted += a * y[i]
    return weighted / total, total, unit


@jit_numbers
def mean_and_q(y, v, tau2):
    """``weighted_mean`` and ``generalised_q`` in one pass: (mean, sum of weights, unit, Q)."""
    unit = v[0] + tau2
    per_unit = 1.0 / unit  # within the square, which would overflow
    total = weighted = squares = 0.0
    for i in range(y.size):
        a = unit / (v[i] + tau2)
        total += a
        weighted += a * y[i]
        squares += a * y[i] * (y[i] * per_unit)
    mean = weighted / total
    return mean, total, unit, not_below_zero(squares - mean * (weighted * per_unit))


@jit_numbers
def generalised_q(y, v, tau2):
    """Q(tau2) = sum w (y - mean)^2, w = 1/(v + tau2), of centred effects; it falls with tau2.

    At tau2 = 0 this is Cochran's Q.
    """
    total = 0.0
    weighted = 0.0
    squares = 0.0
    for i in range(y.size):
        w = 1.0 / (v[i] + tau2)
        total += w
        weighted += w * y[i]
        squares += w * y[i] * y[i]
    return not_below_zero(squares - weighted / total * weighted)


@jit_numbers
def weight_spread(v, tau2):
    """C = W - sum w^2 / W, computed as 2 sum_{i<j} w_i w_j / W, which does not cancel."""
    unit = v[0] + tau2
    total = 0.0
    products = 0.0
    for i in range(v.size):
        a = unit / (v[i] + tau2)
        products += a * total
        total += a
    return 2.0 * products / total / unit


@jit_numbers
def typical_variance(v):
    """(k - 1) W / (W^2 - sum w^2) = (k - 1) / C (Higgins & Thompson 2002, eq. 9)."""
    return (v.size - 1) / weight_spread(v, 0.0)


@jit_numbers
def extremes(v):
    """Smallest and largest element; several times faster here than v.min() and v.max()."""
    least = greatest = v[0]
    for x in v:
        least = x if x < least else least
        greatest = x if x > greatest else greatest
    return least, greatest


@jit_numbers
def span(y, v):
    """(smallest v, largest v, SS) in one pass; SS = sum (y - plain mean)^2 of centred effects.

    SS is sum y^2 - (sum y)^2 / k: the centre lies among the effects, so that little cancels, at
    most a factor 2 k of rounding.
    """
    least = greatest = v[0]
    total = squares = 0.0
    for i in range(v.size):
        x = v[i]
        least = x if x < least else least
        greatest = x if x > greatest else greatest
        total += y[i]
        squares += y[i] * y[i]
    return least, greatest, not_below_zero(squares - total / y.size * total)


@jit_numbers
def squared_deviations(y):
    """Sum of squared deviations from the plain mean."""
    mean = y.sum() / y.size
    total = 0.0
    for i in range(y.size):
        residual = y[i] - mean
        total += residual * residual
    return total
