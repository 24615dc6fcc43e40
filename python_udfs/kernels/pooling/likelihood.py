"""Likelihood of tau2 in the normal random-effects model, restricted (REML) or not (ML).

Effects are centred. Log-likelihoods leave out what does not depend on tau2, and take variances
relative to v, so that a change of unit by a power of two changes no digit.
"""

import math

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import weighted_mean


@jit
def likelihood_slope(restricted, y, v, tau2):
    """Positive, zero, negative where the likelihood rises, rests, falls at tau2.

    REML: 2 dl/dtau2 = sum w^2 (y - mean)^2 - (W - sum w^2 / W)   (Viechtbauer 2005, eq. 15)
    ML:   2 dl/dtau2 = sum w^2 (y - mean)^2 - W                   (the same, eq. 12)

    Returned is 1 - (second term) / (first term): it has the same sign and root, no unit, and is
    linear in tau2 when variances are equal, so that root finding needs few steps.
    """
    unit = v[0] + tau2
    total = weighted = products = 0.0
    squared = squared_y = squared_yy = 0.0
    for i in range(y.size):
        a = unit / (v[i] + tau2)
        products += a * total
        total += a
        weighted += a * y[i]
        squared += a * a
        squared_y += a * a * y[i]
        squared_yy += a * a * y[i] * y[i]
    mean = weighted / total
    fit = squared_yy - mean * (2.0 * squared_y - mean * squared)
    if fit <= 0.0:
        return -math.inf
    if restricted:
        return 1.0 - 2.0 * products / total * unit / fit
    return 1.0 - total * unit / fit


@jit
def log_likelihood(restricted, y, v, tau2):
    """-(sum log(v + tau2) + Q(tau2)) / 2; the restricted one has log W in the sum as well."""
    mean, total, _ = weighted_mean(y, v, tau2)
    value = log_likelihood_at(mean, y, v, tau2)
    if restricted:
        value -= 0.5 * (math.log(total) - math.log1p(tau2 / v[0]))
    return value


@jit
def slope_at(mean, y, v, tau2):
    """As ``likelihood_slope`` without restriction, for a mean that is given and not estimated."""
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


@jit
def log_likelihood_at(mean, y, v, tau2):
    """Log-likelihood at a given mean: -(sum log(v + tau2) + sum w (y - mean)^2) / 2."""
    value = 0.0
    for i in range(y.size):
        residual = y[i] - mean
        value += math.log1p(tau2 / v[i]) + residual * residual / (v[i] + tau2)
    return -0.5 * value
