"""Weighted least squares of a prepared model, and the traces that the tau2 estimators need.

Weights are relative, a_i = u / (v_i + tau2) with the unit u = min(v) + tau2, so none exceeds 1 and
squares of weights neither overflow nor vanish (see pooling/moments.py).

P = W - W X (X'WX)^-1 X'W with W = diag(1 / (v + tau2)) projects on what the model leaves over:
y'Py = sum w e^2, y'PPy = sum w^2 e^2, tr(P) = sum w (1 - h), with residuals e and leverages h.
"""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import extremes
from python_udfs.kernels.regression.cholesky import cholesky, solve, squared_length

HIGH_LEVERAGE = 0.99


class Wls(NamedTuple):
    """A fit: Cholesky factor of Z'AZ, coefficients added to ``start``, residuals, validity."""

    lower: np.ndarray
    added: np.ndarray
    residuals: np.ndarray
    is_definite: bool


@jit
def relative_weights(v, tau2):
    """(a, u): weights u / (v + tau2), the largest of them 1."""
    unit = extremes(v)[0] + tau2
    a = np.empty(v.size)
    for i in range(v.size):
        a[i] = unit / (v[i] + tau2)
    return a, unit


@jit
def fit_weighted(model, a):
    """Weighted least squares with weights ``a``."""
    k, p = model.z.shape
    lower, is_definite = cholesky(gram(model.z, a, -1))
    right = np.zeros(p)
    for i in range(k):
        for j in range(p):
            right[j] += a[i] * model.z[i, j] * model.r[i]
    residuals = model.r.copy()
    added = right
    if is_definite:
        added = solve(lower, right)
        for i in range(k):
            for j in range(p):
                residuals[i] -= model.z[i, j] * added[j]
    return Wls(lower, added, residuals, is_definite)


@jit
def gram(z, a, left_out):
    """Lower triangle of Z'AZ, without row ``left_out`` (-1 for none)."""
    k, p = z.shape
    out = np.zeros((p, p))
    for i in range(k):
        if i != left_out:
            for j in range(p):
                weighted = a[i] * z[i, j]
                for m in range(j + 1):
                    out[j, m] += weighted * z[i, m]
    return out


@jit
def unexplained(z, a, lower, i):
    """1 - h_i, with the leverage h_i = a_i z_i' (Z'AZ)^-1 z_i.

    Where h_i is nearly 1 the difference would cancel; there it is 1 / (1 + g), g being the same
    form without row i (Cook & Weisberg 1982, appendix A.2), and 0 when the others leave a
    coefficient undetermined.
    """
    h = a[i] * squared_length(lower, z[i])
    if h < HIGH_LEVERAGE:
        return 1.0 - h
    others, is_definite = cholesky(gram(z, a, i))
    if not is_definite:
        return 0.0
    return 1.0 / (1.0 + a[i] * squared_length(others, z[i]))


@jit
def residual_square(a, residuals):
    """u y'Py = sum a e^2."""
    total = 0.0
    for i in range(a.size):
        total += a[i] * residuals[i] * residuals[i]
    return total


@jit
def residual_trace(z, a, lower, factor):
    """u tr(P F) = sum a f (1 - h) for a diagonal F = diag(``factor``)."""
    total = 0.0
    for i in range(a.size):
        total += a[i] * factor[i] * unexplained(z, a, lower, i)
    return total
