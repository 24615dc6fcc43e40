"""Mixed-effects fits of all rows of a batch: what a regression reports, before any test."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.regression.design import prepare, relative_weights
from python_udfs.kernels.regression.fit import fit_at
from python_udfs.kernels.regression.options import PMM
from python_udfs.kernels.regression.rows import Designs
from python_udfs.kernels.regression.tau2 import estimate_tau2, generalised_q, tau2_at_q
from python_udfs.kernels.regression.weighted import fit_weighted, residual_trace
from python_udfs.kernels.tails import chi2_quantile


class Fits(NamedTuple):
    """Coefficients flat, by row; the rest one per row. NaN where there is no fit.

    ``q`` is Q_E at tau2 = 0, ``q_at_tau2`` the same at the estimate, ``wald`` b' V^-1 b of the
    moderators; ``tau2_null`` and ``q_null`` belong to the model with an intercept alone, where
    there is more than that.
    """

    estimate: np.ndarray
    se_classic: np.ndarray
    tau2: np.ndarray
    tau2_low: np.ndarray
    tau2_high: np.ndarray
    q: np.ndarray
    q_at_tau2: np.ndarray
    typical_variance: np.ndarray
    wald: np.ndarray
    tau2_null: np.ndarray
    q_null: np.ndarray
    has_full_rank: np.ndarray


class Targets(NamedTuple):
    """Values of Q that a tau2 is sought for: estimators (with moderators, without) and limits."""

    estimator: np.ndarray
    null: np.ndarray
    low: np.ndarray
    high: np.ndarray


def fit_all(designs: Designs, coefficients, method, has_intercept, level) -> Fits:
    """Fits of every row; ``coefficients`` are the offsets of the rows' coefficients."""
    k = np.diff(designs.pairs.offsets)
    df = k - designs.columns
    half = np.full(df.size, 0.5)
    targets = Targets(
        np.where(method == PMM, chi2_quantile(half, df), df),
        np.where(method == PMM, chi2_quantile(half, k - 1), k - 1.0),
        chi2_quantile((1.0 + level) / 2.0, df),
        chi2_quantile((1.0 - level) / 2.0, df),
    )
    return _fit_rows(designs, coefficients, method, has_intercept, targets)


@jit
def _fit_rows(designs, coefficients, method, has_intercept, targets):
    fits = _no_fits(method.size, coefficients[-1])
    offsets = designs.pairs.offsets
    for row in range(method.size):
        start, stop = offsets[row], offsets[row + 1]
        k, p = stop - start, designs.columns[row]
        if k > p:
            y, v = designs.pairs.y[start:stop], designs.pairs.v[start:stop]
            x = designs.values[designs.starts[row] : designs.starts[row + 1]].reshape(k, p)
            model = prepare(y, v, x)
            if model.has_full_rank:
                fits.has_full_rank[row] = True
                first = coefficients[row]
                _fit_model(fits, row, first, model, y, method[row], has_intercept[row], targets)
            if has_intercept[row] and p > 1:
                null = prepare(y, v, np.ones((k, 1)))
                fits.tau2_null[row], _ = estimate_tau2(method[row], null, y, targets.null[row])
                fits.q_null[row] = generalised_q(null, 0.0)
    return fits


@jit
def _no_fits(rows, coefficients):
    none, nothing = np.full(rows, np.nan), np.full(coefficients, np.nan)
    return Fits(
        nothing, nothing.copy(), none, none.copy(), none.copy(), none.copy(), none.copy(),
        none.copy(), none.copy(), none.copy(), none.copy(), np.zeros(rows, np.bool_),
    )  # fmt: skip


@jit
def _fit_model(fits, row, first, model, y, method, has_intercept, targets):
    """Write the fit of one model into row ``row`` and from coefficient ``first`` on."""
    tau2, converged = estimate_tau2(method, model, y, targets.estimator[row])
    fit = fit_at(model, tau2, converged)
    if not (fit.is_definite and converged):
        return
    fits.wald[row] = 0.0
    for j in range(fit.estimate.size):
        fits.estimate[first + j] = fit.estimate[j]
        fits.se_classic[first + j] = fit.se_classic[j]
        if j >= has_intercept:
            fits.wald[row] += fit.components[j] ** 2
    fits.tau2[row] = tau2
    fits.tau2_low[row], _ = tau2_at_q(model, targets.low[row])
    fits.tau2_high[row], _ = tau2_at_q(model, targets.high[row])
    fits.q[row] = generalised_q(model, 0.0)
    fits.q_at_tau2[row] = fit.q
    fits.typical_variance[row] = typical_variance(model)


@jit
def typical_variance(model):
    """(k - p) / tr(P) at weights 1/v: the sampling variance that Q_E stands for."""
    k, p = model.z.shape
    a, unit = relative_weights(model.v, 0.0)
    fit = fit_weighted(model, a)
    return (k - p) * unit / residual_trace(model.z, a, fit.lower, np.ones(k))
