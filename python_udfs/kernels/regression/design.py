"""A design matrix made harmless: its columns centred, scaled and freed from one another.

Moderators such as a year and its square are nearly parallel, and a single precise study can
outweigh all others: normal equations would lose their digits. Every fit therefore works with
columns that are orthogonal under the weights 1/v, and its coefficients are brought back at the end.
"""

import math
from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import extremes

RANK_TOLERANCE = 1e-10
ROUNDING = 2e-15


class Model(NamedTuple):
    """One data set, prepared: y = X start + residuals, Z = X back, Z orthogonal under 1/v.

    ``z`` (k rows, p columns) replaces the design matrix X; ``back`` (p x p, upper triangular)
    turns coefficients of Z into coefficients of X; ``start`` are the coefficients of Z at tau2 = 0
    and ``r`` the residuals that they leave. ``has_full_rank`` is False when a column of X is a
    combination of those before it.
    """

    r: np.ndarray
    v: np.ndarray
    z: np.ndarray
    back: np.ndarray
    start: np.ndarray
    has_full_rank: bool


@jit
def prepare(y, v, x):
    """Model of effects ``y`` with variances ``v`` and design matrix ``x`` (k rows, p columns)."""
    weights = relative_weights(v, 0.0)[0]
    z, back, has_full_rank = orthogonal_columns(x, weights)
    start = np.zeros(x.shape[1])
    r = y.copy()
    if has_full_rank:
        for _ in range(2):  # the second pass removes the rounding of the first
            for j in range(start.size):
                start[j] += _remove_column(r, z, j, weights)
        _clear_rounding(r, y, z, start)
    return Model(r, v, z, back, start, has_full_rank)


@jit
def relative_weights(v, tau2):
    """(a, u): weights a = u / (v + tau2) with the unit u = min(v) + tau2.

    None exceeds 1, so squares of weights do not overflow (see pooling/moments.py).
    """
    unit = extremes(v)[0] + tau2
    a = np.empty(v.size)
    for i in range(v.size):
        a[i] = unit / (v[i] + tau2)
    return a, unit


@jit
def orthogonal_columns(x, weights):
    """Gram-Schmidt on the columns of ``x``, done twice (Golub & Van Loan 2013, 5.2.7-5.2.9).

    Returns (z, back, has full rank): z = x back. Columns are not normalised but scaled by a power
    of two, so that a change of unit by a power of two changes no digit.
    """
    k, p = x.shape
    z = x.copy()
    back = np.zeros((p, p))
    for j in range(p):
        back[j, j] = 1.0
        length = largest(x, j)
        for _ in range(2):
            for m in range(j):
                share = product(z, j, m, weights) / product(z, m, m, weights)
                for i in range(k):
                    z[i, j] -= share * z[i, m]
                for i in range(j):
                    back[i, j] -= share * back[i, m]
        left = largest(z, j)
        if not RANK_TOLERANCE * length < left < math.inf:
            return z, back, False
        scale = math.ldexp(1.0, -math.frexp(left)[1])
        for i in range(k):
            z[i, j] *= scale
        for i in range(j + 1):
            back[i, j] *= scale
    return z, back, True


@jit
def largest(x, j):
    """Largest absolute value in column ``j``."""
    value = 0.0
    for i in range(x.shape[0]):
        value = max(value, abs(x[i, j]))
    return value


@jit
def product(z, j, m, weights):
    """Weighted product of columns ``j`` and ``m``."""
    total = 0.0
    for i in range(weights.size):
        total += weights[i] * z[i, j] * z[i, m]
    return total


@jit
def _remove_column(r, z, j, weights):
    """Take the part of ``r`` along column ``j`` away; returns its coefficient."""
    total = 0.0
    for i in range(r.size):
        total += weights[i] * z[i, j] * r[i]
    slope = total / product(z, j, j, weights)
    for i in range(r.size):
        r[i] -= slope * z[i, j]
    return slope


@jit
def _clear_rounding(r, y, z, start):
    """Residuals of a perfect fit are rounding of the terms they come from: make them 0."""
    term = residual = 0.0
    for i in range(r.size):
        term = max(term, abs(y[i]))
        residual = max(residual, abs(r[i]))
    for j in range(start.size):
        term = max(term, abs(start[j]) * largest(z, j))
    if residual <= ROUNDING * start.size * term:
        for i in range(r.size):
            r[i] = 0.0
