"""Likelihood of tau2 in the normal random-effects model, restricted (REML) or not (ML).

Effects are centred. Log-likelihoods leave out what does not depend on tau2, and take variances
relative to v, so that a change of unit by a power of two changes no digit.
"""

import math

from python_udfs.kernels.jit import jit_inline, jit_numbers
from python_udfs.kernels.pooling.moments import weighted_mean


@jit_inline
def slope_and_rate(restricted, y, v, tau2):
    """(slope, its derivative): positive, zero, negative where the likelihood rises, rests, falls.

    REML: 2 dl/dtau2 = sum w^2 (y - mean)^2 - (W - sum w^2 / W)   (Viechtbauer 2005, eq. 15)
    ML:   2 dl/dtau2 = sum w^2 (y - mean)^2 - W                   (the same, eq. 12)

    The slope returned is 1 - (second term) / (first term): it has the same sign and root, no unit,
    and is linear in tau2 when variances are equal, so that root finding needs few steps. With
    P = diag(w) - w w' / W the terms are y'PPy and tr(P), whose derivatives are -2 y'PPPy, tr(-PP).
    """
    unit = v[0] + tau2
    total = squared = cubed = products = 0.0
    y1 = y2 = y3 = yy2 = yy3 = 0.0
    for i in range(y.size):
        a = unit / (v[i] + tau2)
        ay, aa = a * y[i], a * a
        products += a * total
        total += a
        squared += aa
        cubed += a * aa
        y1 += ay
        y2 += a * ay
        y3 += aa * ay
        yy2 += ay * ay
        yy3 += a * ay * ay
    mean = y1 / total
    fit = yy2 - mean * (2.0 * y2 - mean * squared)
    fit_fall = yy3 - mean * (2.0 * y3 - mean * cubed) - (y2 - mean * squared) ** 2 / total
    term, term_fall = total, squared
    if restricted:
        term = 2.0 * products / total
        term_fall = squared - 2.0 * cubed / total + (squared / total) ** 2
    if fit <= 0.0:
        return -math.inf, math.nan
    ratio = term * unit / fit
    return 1.0 - ratio, (term_fall - 2.0 * ratio / unit * fit_fall) / fit


@jit_numbers
def log_likelihood(restricted, y, v, tau2):
    """-(sum log(v + tau2) + Q(tau2)) / 2; the restricted one has log W in the sum as well."""
    mean, total, _ = weighted_mean(y, v, tau2)
    value = log_likelihood_at(mean, y, v, tau2)
    if restricted:
        value -= 0.5 * (math.log(total) - math.log1p(tau2 / v[0]))
    return value


@jit_numbers
def slope_at(mean, y, v, tau2):
    """As ``slope_and_rate`` without restriction and derivative, for a given mean."""
    unit = v[0] + tau2
    total = fit = 0.0
    for i in range(y.size):
        a = unit / (v[i] + tau2)
        residual = a * (y[i] - mean)
        total += a
        fit += residual * residual
    if fit <= 0.0:
        return -math.inf
    return 1.0 - total * unit / fit


@jit_numbers
def log_likelihood_at(mean, y, v, tau2):
    """Log-likelihood at a given mean: -(sum log(v + tau2) + sum w (y - mean)^2) / 2."""
    value = 0.0
    for i in range(y.size):
        residual = y[i] - mean
        value += math.log1p(tau2 / v[i]) + residual * residual / (v[i] + tau2)
    return -0.5 * value
