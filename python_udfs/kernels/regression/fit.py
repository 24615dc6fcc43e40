"""Mixed-effects fit of a general design, for any compiled kernel that needs one.

    y_i = x_i' b + u_i + e_i,  u_i ~ N(0, tau2),  e_i ~ N(0, v_i)

``fit_mixed(y, v, x, method, target)`` does all of it; its parts can be called alone: ``prepare``
(design.py), ``estimate_tau2`` (tau2.py) and ``fit_at`` for a tau2 that is already known.
"""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.regression.cholesky import solve_lower
from python_udfs.kernels.regression.design import prepare, relative_weights
from python_udfs.kernels.regression.tau2 import estimate_tau2
from python_udfs.kernels.regression.weighted import (
    fit_weighted,
    residual_square,
)


class MixedFit(NamedTuple):
    """Fit of one data set; arrays have one element per column of the design.

    ``se_classic`` is sqrt(diag((X'WX)^-1)), before any Hartung-Knapp factor; ``q`` the weighted
    residual squares y'Py at this tau2; ``components`` the coefficients of the columns made
    orthogonal one after the other, in standard errors: the squares of those from j on sum to the
    Wald statistic of columns j, j + 1, ... together. ``is_definite`` is False when the design has
    not full rank, or not at these weights; the numbers mean nothing then.
    """

    estimate: np.ndarray
    se_classic: np.ndarray
    components: np.ndarray
    tau2: float
    q: float
    is_definite: bool
    converged: bool


@jit
def fit_mixed(y, v, x, method, target):
    """MixedFit of effects ``y``, variances ``v`` (> 0) and design ``x``, with k > p.

    ``x`` has one row per study and one column per coefficient; a column of ones is the intercept,
    and should come first. ``method`` is a code of options.TAU2_METHOD, ``target`` the Q that PM
    and EB (k - p) or PMM (median of chi-square with k - p df) solve for.
    """
    model = prepare(y, v, x)
    if not model.has_full_rank:
        return fit_at(model, 0.0, True)
    tau2, converged = estimate_tau2(method, model, y, target)
    return fit_at(model, tau2, converged)


@jit
def fit_at(model, tau2, converged):
    """MixedFit of a prepared model at a given tau2: b = (X'WX)^-1 X'Wy, W = diag(1/(v + tau2))."""
    p = model.z.shape[1]
    if not (model.has_full_rank and np.isfinite(tau2)):
        nothing = np.full(p, np.nan)
        return MixedFit(nothing, nothing, nothing, tau2, np.nan, model.has_full_rank, converged)
    a, unit = relative_weights(model.v, tau2)
    fit = fit_weighted(model, a)
    coefficients = model.start + fit.added
    estimate, se, components = np.zeros(p), np.zeros(p), np.zeros(p)
    for j in range(p):
        for m in range(p):
            estimate[j] += model.back[j, m] * coefficients[m]
            components[j] += fit.lower[m, j] * coefficients[m] / np.sqrt(unit)
        half = solve_lower(fit.lower, model.back[j])
        se[j] = np.sqrt(unit * (half * half).sum())
    q = residual_square(a, fit.residuals) / unit
    return MixedFit(estimate, se, components, tau2, q, fit.is_definite, converged)
