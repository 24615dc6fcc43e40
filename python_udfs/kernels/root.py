"""Root of any function of one number in a bracket: Brent's method, asked step by step.

The caller evaluates its own function, because Numba does not cache code that takes a function as
an argument:

    search = open_bracket(low, high, f(low), f(high), floor)
    while search.is_open:
        search = narrow(search, f(search.at))

Brent, R. P. (1973), Algorithms for Minimization without Derivatives, ch. 4.
"""

import math
from typing import NamedTuple

from python_udfs.kernels.jit import jit

EPSILON = 2.220446049250313e-16
MAX_STEPS = 300


class Search(NamedTuple):
    """State of a search. ``at``: where to evaluate next, and the root once it is closed."""

    at: float
    is_open: bool
    converged: bool
    a: float
    c: float
    fa: float
    fc: float
    previous: float
    step: float
    floor: float
    steps: int


@jit
def open_bracket(low, high, f_low, f_high, floor):
    """Search in [low, high]; f must be >= 0 at ``low`` and <= 0 at ``high``, or the reverse.

    The root is found to a few units in its last place, or to ``floor`` when it is smaller.
    """
    span = high - low
    if not (f_low >= 0.0 >= f_high or f_low <= 0.0 <= f_high):
        return Search(math.nan, False, False, low, low, f_low, f_low, span, span, floor, 0)
    return advance(low, high, low, f_low, f_high, f_low, span, span, floor, 0)


@jit
def narrow(search, f_at):
    """The search after f was found to be ``f_at`` at ``search.at``."""
    b, c, fc = search.at, search.c, search.fc
    previous, step = search.previous, search.step
    if (f_at > 0.0) == (fc > 0.0):
        c, fc = search.a, search.fa
        step = previous = b - c
    return advance(search.a, b, c, search.fa, f_at, fc, previous, step, search.floor, search.steps)


@jit
def advance(a, b, c, fa, fb, fc, previous, step, floor, steps):
    """Choose the next point from the best (b), the last (a) and the opposite one (c)."""
    if abs(fc) < abs(fb):
        a, b, c = b, c, b
        fa, fb, fc = fb, fc, fb
    tolerance = 2.0 * EPSILON * abs(b) + floor
    half = 0.5 * (c - b)
    closed = abs(half) <= tolerance or fb == 0.0
    if closed or steps >= MAX_STEPS:
        return Search(b, False, closed, a, c, fa, fc, previous, step, floor, steps)
    previous, step = next_step(a, b, c, fa, fb, fc, previous, step, half, tolerance)
    move = step if abs(step) > tolerance else math.copysign(tolerance, half)
    return Search(b + move, True, False, b, c, fb, fc, previous, step, floor, steps + 1)


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
