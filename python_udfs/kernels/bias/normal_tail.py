"""Tails of the normal distribution inside compiled loops, far out too."""

import math

from python_udfs.kernels.jit import jit_numbers

LOG_ROOT_TWO_PI = 0.9189385332046727
FAR = 20.0


@jit_numbers
def density(u):
    """phi(u) = exp(-u^2 / 2) / sqrt(2 pi)."""
    return math.exp(-0.5 * u * u - LOG_ROOT_TWO_PI)


@jit_numbers
def upper(u):
    """1 - Phi(u), to full relative precision until it underflows near u = 38."""
    return 0.5 * math.erfc(u * math.sqrt(0.5))


@jit_numbers
def mills(u):
    """(1 - Phi(u)) / phi(u) for u > 0, by its continued fraction beyond ``FAR``.

    1 / (u + 1 / (u + 2 / (u + 3 / ...)))  (Abramowitz & Stegun 26.2.14): 12 terms suffice there.
    """
    if u < FAR:
        return upper(u) / density(u)
    value = u
    for j in range(12, 0, -1):
        value = u + j / value
    return 1.0 / value


@jit_numbers
def log_upper(u):
    """log(1 - Phi(u)) for any u."""
    if u < FAR:
        return math.log(upper(u)) if u > -1.0 else math.log1p(-upper(-u))
    return -0.5 * u * u - LOG_ROOT_TWO_PI + math.log(mills(u))


@jit_numbers
def hazard(u):
    """phi(u) / (1 - Phi(u)) for any u."""
    return density(u) / upper(u) if u < FAR else 1.0 / mills(u)
