"""Restricted likelihood of tau2 in the normal random-effects model."""

import math

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import weighted_mean


@jit
def reml_slope(y, v, tau2):
    """Positive, zero, negative where the restricted likelihood rises, rests, falls at tau2.

    2 dl/dtau2 = sum w^2 (y - mean)^2 - (W - sum w^2 / W)   (Viechtbauer 2005, eq. 15)

    Returned is 1 - (second term) / (first term): it has the same sign and root, no unit, and is
    linear in tau2 when variances are equal, so that root finding needs few steps. Effects are
    centred.
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
    return 1.0 - 2.0 * products / total * unit / fit


@jit
def reml_log_likelihood(y, v, tau2):
    """Restricted log-likelihood without its constant: -(sum log(v+tau2) + log W + Q) / 2."""
    mean, total, unit = weighted_mean(y, v, tau2)
    value = math.log(total) - math.log(unit)
    for i in range(y.size):
        residual = y[i] - mean
        value += math.log(v[i] + tau2) + residual * residual / (v[i] + tau2)
    return -0.5 * value
