"""Weighted least squares of a prepared model, and the traces that the tau2 estimators need.

Weights are relative, a_i = u / (v_i + tau2), as design.py makes them.

P = W - W X (X'WX)^-1 X'W with W = diag(1 / (v + tau2)) projects on what the model leaves over:
y'Py = sum w e^2, y'PPy = sum w^2 e^2, tr(P) = sum w (1 - h), with residuals e and leverages h.
"""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.regression.cholesky import cholesky, solve, squared_length
from python_udfs.kernels.regression.design import orthogonal_columns, product

HIGH_LEVERAGE = 0.99


class Wls(NamedTuple):
    """A fit: Cholesky factor of Z'AZ, coefficients added to ``start``, residuals, validity."""

    lower: np.ndarray
    added: np.ndarray
    residuals: np.ndarray
    is_definite: bool


@jit
def fit_weighted(model, a):
    """Weighted least squares with weights ``a``."""
    k, p = model.z.shape
    lower, is_definite = cholesky(gram(model.z, a))
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
def gram(z, a):
    """Lower triangle of Z'AZ."""
    k, p = z.shape
    out = np.zeros((p, p))
    for i in range(k):
        for j in range(p):
            weighted = a[i] * z[i, j]
            for m in range(j + 1):
                out[j, m] += weighted * z[i, m]
    return out


@jit
def unexplained(z, a, lower, i):
    """1 - h_i, with the leverage h_i = a_i z_i' (Z'AZ)^-1 z_i.

    Where h_i is nearly 1 the difference would cancel; there it is 1 / (1 + g), g being the same
    form without row i (Cook & Weisberg 1982, appendix A.2), in columns made orthogonal without it.
    It is 0 when the other rows leave a coefficient undetermined.
    """
    h = a[i] * squared_length(lower, z[i])
    if h < HIGH_LEVERAGE:
        return 1.0 - h
    others = a.copy()
    others[i] = 0.0
    columns, _, _ = orthogonal_columns(z, others)
    g = 0.0
    for j in range(z.shape[1]):
        g += a[i] * columns[i, j] ** 2 / product(columns, j, j, others)
    return 1.0 / (1.0 + g) if g < np.inf else 0.0


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
