"""Root of a function of tau2 inside a bracket: Brent's method, written once.

The functions of tau2 stand in ``objective.py``. Brent, R. P. (1973), Algorithms for Minimization
without Derivatives, ch. 4.
"""

import math

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.objective import objective

EPSILON = 2.220446049250313e-16
MAX_STEPS = 300


@jit
def find_tau2(which, y, v, target, low, high, f_low, f_high, smallest):
    """The tau2 between ``low`` and ``high`` where the objective is zero. Returns (tau2, converged).

    The objective must be positive or zero at ``low`` (``f_low``), negative or zero at ``high``.
    Converged means that the bracket closed to a few units in the last place of tau2, or of the
    smallest variance when tau2 is tiny beside it.
    """
    floor = 0.001 * EPSILON * smallest
    a, b = low, high
    fa, fb = f_low, f_high
    if not (fa >= 0.0 and fb <= 0.0):
        return math.nan, False
    c, fc = a, fa
    step = previous = b - a
    for _ in range(MAX_STEPS):
        if (fb > 0.0) == (fc > 0.0):
            c, fc = a, fa
            step = previous = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        tolerance = 2.0 * EPSILON * abs(b) + floor
        half = 0.5 * (c - b)
        if abs(half) <= tolerance or fb == 0.0:
            return b, True
        previous, step = next_step(a, b, c, fa, fb, fc, previous, step, half, tolerance)
        a, fa = b, fb
        if abs(step) > tolerance:
            b += step
        else:
            b += math.copysign(tolerance, half)
        fb = objective(which, y, v, b, target)
    return math.nan, False


@jit
def next_step(a, b, c, fa, fb, fc, previous, step, half, tolerance):
    """Interpolated step when it is safe, else half the bracket. Returns (last step, next step)."""
    if abs(previous) < tolerance or abs(fa) <= abs(fb):
        return half, half
    s = fb / fa
    if a == c:
        p = 2.0 * half * s
        q = 1.0 - s
    else:
        q = fa / fc
        r = fb / fc
        p = s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0))
        q = (q - 1.0) * (r - 1.0) * (s - 1.0)
    if p > 0.0:
        q = -q
    p = abs(p)
    if 2.0 * p < min(3.0 * half * q - abs(tolerance * q), abs(previous * q)):
        return step, p / q
    return half, half
