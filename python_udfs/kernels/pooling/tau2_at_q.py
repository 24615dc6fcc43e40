"""The tau2 at which the generalised Q has a given value: Newton's method in a bracket."""

import math

from python_udfs.kernels.jit import jit_inline, jit_numbers
from python_udfs.kernels.pooling.moments import generalised_q, span

CLOSE = 1e-8
MAX_STEPS = 300


@jit_numbers
def tau2_at_q(y, v, target):
    """The tau2 at which the generalised Q falls to ``target``, 0 when Q(0) is already below.

    ``target`` = k - 1: Paule & Mandel 1982 (PM), and also Morris's (1983) empirical Bayes (EB),
    whose iteration rests at the same root. The median of chi-square: the median-unbiased form PMM
    (Viechtbauer 2021). Chi-square quantiles: the limits of the Q-profile interval (Viechtbauer
    2007). Returns (tau2, converged).

    Steps are Newton's for 1 / Q, which is linear in tau2 when variances are equal:
    (Q - target) Q / (-Q' target), -Q' = sum w^2 (y - mean)^2   (compare DerSimonian & Kacker 2007).
    The error after a step is about its square, so a step below ``CLOSE`` is the last. A step that
    would leave the bracket is replaced by its middle. The bracket is exact: replacing every v by
    its smallest (largest) value bounds Q from above (below) by SS / (v + tau2).
    """
    if generalised_q(y, v, 0.0) <= target:
        return 0.0, True
    return search_tau2_at_q(y, v, target)


@jit_numbers
def search_tau2_at_q(y, v, target):
    """The same when Q(0) is known to lie above ``target``."""
    smallest, largest, squares = span(y, v)
    at_equal_variances = squares / target
    margin = 1e-9 * at_equal_variances
    low = max(0.0, at_equal_variances - largest - margin)
    high = at_equal_variances - smallest + margin
    tau2 = 0.5 * (low + high)
    for _ in range(MAX_STEPS):
        q, fall, unit = q_and_fall(y, v, tau2)
        excess = q - target * unit
        if excess > 0.0:
            low = tau2
        else:
            high = tau2
        step = (q / fall) * (excess / target)
        if abs(step) <= CLOSE * (tau2 + smallest):
            return max(0.0, tau2 + step), True
        tau2 += step
        if not low < tau2 < high:
            tau2 = 0.5 * (low + high)
            if high - low <= 1e-15 * high:
                return tau2, True
    return math.nan, False


@jit_inline
def q_and_fall(y, v, tau2):
    """(Q u, -Q' u^2, u) with the unit u = v_1 + tau2 of relative weights, of centred effects."""
    unit = v[0] + tau2
    total = weighted = squares = 0.0
    squared = squared_y = squared_yy = 0.0
    for i in range(y.size):
        a = unit / (v[i] + tau2)
        ay = a * y[i]
        total += a
        weighted += ay
        squares += ay * y[i]
        squared += a * a
        squared_y += a * ay
        squared_yy += ay * ay
    mean = weighted / total
    fall = squared_yy - mean * (2.0 * squared_y - mean * squared)
    return squares - mean * weighted, fall, unit
