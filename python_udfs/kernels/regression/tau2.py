"""Estimators of the residual between-study variance tau2 in mixed-effects meta-regression.

``model`` is a prepared design (design.py) with k > p studies. Returns (tau2, converged); tau2 has
the unit of y squared and is never negative. With the intercept alone each is the estimator of the
same name in pooling/tau2.py. Moment estimators: Raudenbush 2009; Viechtbauer and others 2015.
Checked against metafor's rma.uni: closed forms 1e-9, iterative 1e-8 relative.
"""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import extremes, not_below_zero, squared_deviations
from python_udfs.kernels.regression.cholesky import log_determinant
from python_udfs.kernels.regression.design import relative_weights
from python_udfs.kernels.regression.options import CE, DL, HE, HS, HSK, ML, REML, SJ
from python_udfs.kernels.regression.weighted import (
    fit_weighted,
    residual_square,
    residual_trace,
)
from python_udfs.kernels.root import EPSILON, narrow, open_bracket


@jit
def estimate_tau2(method, model, y, target):
    """tau2 by the estimator with code ``method`` (options.TAU2_METHOD).

    ``y`` are the effects themselves, which only SJ looks at. ``target`` is the Q that PM and EB
    (k - p) and PMM (median of chi-square with k - p df) solve for.
    """
    if method == CE:
        return 0.0, True
    if method in (DL, HS, HSK):
        return from_weighted_q(method, model), True
    if method == HE:
        return hedges(model), True
    if method == SJ:
        return sidik_jonkman(model, y), True
    if method in (REML, ML):
        return maximum_likelihood(method, model)
    return tau2_at_q(model, target)


@jit
def from_weighted_q(method, model):
    """Moment estimators that equate Q_E = y'Py at weights 1/v with an expectation.

    DL:  max(0, (Q_E - (k - p)) / tr(P))           (Raudenbush 2009, method of moments)
    HS:  max(0, (Q_E - k) / sum w)                 (Hunter & Schmidt)
    HSk: max(0, (Q_E k / (k - p) - k) / sum w)     (Brannick and others 2019)
    """
    k, p = model.z.shape
    a, unit = relative_weights(model.v, 0.0)
    fit = fit_weighted(model, a)
    q = residual_square(a, fit.residuals) / unit
    if method == DL:
        trace = residual_trace(model.z, a, fit.lower, np.ones(k))
        return not_below_zero((q - (k - p)) * unit / trace)
    if method == HSK:
        q = q * k / (k - p)
    return not_below_zero((q - k) * unit / a.sum())


@jit
def hedges(model):
    """HE: (SS - tr(PV)) / (k - p), truncated at 0, by unweighted least squares (Hedges 1983)."""
    k, p = model.z.shape
    ones = np.ones(k)
    fit = fit_weighted(model, ones)
    squares = residual_square(ones, fit.residuals)
    return not_below_zero((squares - residual_trace(model.z, ones, fit.lower, model.v)) / (k - p))


@jit
def sidik_jonkman(model, y):
    """SJ: t0 y'Py / (k - p) with P at tau2 = t0 = sum (y - mean)^2 / k (Sidik & Jonkman 2005)."""
    k, p = model.z.shape
    first = squared_deviations(y) / k
    a, unit = relative_weights(model.v, first)
    fit = fit_weighted(model, a)
    return first * (residual_square(a, fit.residuals) / unit / (k - p))


@jit
def generalised_q(model, tau2):
    """Q(tau2) = y'Py, the weighted squares that the model leaves; it falls with tau2."""
    a, unit = relative_weights(model.v, tau2)
    return residual_square(a, fit_weighted(model, a).residuals) / unit


@jit
def plain_squares(model):
    """Residual sum of squares of unweighted least squares."""
    ones = np.ones(model.v.size)
    return residual_square(ones, fit_weighted(model, ones).residuals)


@jit
def tau2_at_q(model, target):
    """The tau2 at which Q(tau2) falls to ``target``, 0 when Q(0) is already below.

    With target k - p this is Paule & Mandel 1982, and where Morris's (1983) empirical Bayes
    iteration rests; with chi-square quantiles the limits of the Q-profile interval (Viechtbauer
    2007). The bracket is exact: SS / (v + tau2) at the smallest and largest v bounds Q.
    """
    if not generalised_q(model, 0.0) > target:
        return 0.0, True
    at_equal_variances = plain_squares(model) / target
    margin = 1e-9 * at_equal_variances
    smallest, largest = extremes(model.v)
    low = max(0.0, at_equal_variances - largest - margin)
    high = at_equal_variances - smallest + margin
    search = open_bracket(
        low,
        high,
        1.0 - target / generalised_q(model, low),
        1.0 - target / generalised_q(model, high),
        0.001 * EPSILON * smallest,
    )
    while search.is_open:
        search = narrow(search, 1.0 - target / generalised_q(model, search.at))
    return search.at, search.converged


@jit
def slope(method, model, tau2):
    """Positive, zero, negative where the (restricted) likelihood rises, rests, falls at tau2.

    REML: 2 dl/dtau2 = y'PPy - tr(P);  ML: y'PPy - tr(W)   (Viechtbauer 2005; Raudenbush 2009)

    Returned is 1 - (second term) / (first term), which has the same sign and root and no unit.
    """
    a, unit = relative_weights(model.v, tau2)
    fit = fit_weighted(model, a)
    first = 0.0
    for i in range(a.size):
        first += (a[i] * fit.residuals[i]) ** 2
    if not first > 0.0:
        return -math.inf
    if method == ML:
        return 1.0 - a.sum() * unit / first
    return 1.0 - residual_trace(model.z, a, fit.lower, np.ones(a.size)) * unit / first


@jit
def log_likelihood(method, model, tau2):
    """Log-likelihood without its constant; the restricted one adds -log det(Z'WZ) / 2."""
    p = model.z.shape[1]
    a, unit = relative_weights(model.v, tau2)
    fit = fit_weighted(model, a)
    value = residual_square(a, fit.residuals) / unit
    for variance in model.v:
        value += math.log(variance + tau2)
    if method == REML:
        value += log_determinant(fit.lower) - p * math.log(unit)
    return -0.5 * value


@jit
def maximum_likelihood(method, model):
    """The tau2 >= 0 with the highest likelihood, restricted (REML) or not (ML).

    The likelihood can have several maxima. Its slope is scanned from 0 upwards with min(v) + tau2
    doubling; each change from rising to falling is refined to a local maximum, and the highest of
    these and of the boundary 0 is taken. Beyond 2 (SS / (k - p) + max(v)) it only falls, because
    y'PPy <= SS / (min(v) + tau2)^2 and tr(P) >= (k - p) / (max(v) + tau2).
    """
    k, p = model.z.shape
    smallest, largest = extremes(model.v)
    beyond = 2.0 * (plain_squares(model) / (k - p) + largest)
    if not math.isfinite(beyond):
        return math.nan, False
    best, found = 0.0, False
    low, low_slope = 0.0, slope(method, model, 0.0)
    if low_slope <= 0.0:
        found = True
    while low <= beyond or low_slope > 0.0:
        high = 2.0 * low + smallest
        high_slope = slope(method, model, high)
        if low_slope > 0.0 and high_slope <= 0.0:
            search = open_bracket(low, high, low_slope, high_slope, 0.001 * EPSILON * smallest)
            while search.is_open:
                search = narrow(search, slope(method, model, search.at))
            if not search.converged:
                return math.nan, False
            if not found or log_likelihood(method, model, search.at) > log_likelihood(
                method, model, best
            ):
                best, found = search.at, True
        low, low_slope = high, high_slope
    return best, found
