"""Posterior density of tau, with the mean integrated out, and the points where it is integrated.

    y_i ~ N(mu, v_i + tau^2),  mu flat or N(m0, s0^2),  tau half-normal or half-Cauchy

Given tau, mu is normal: precision W = sum w + 1 / s0^2 and mean (sum w y + m0 / s0^2) / W with
w = 1 / (v + tau^2). What is left is one dimension, done by quadrature. Roever 2020 (R package
bayesmeta); Friede and others 2017; Gelman 2006 for the half-Cauchy.
"""

import math
from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import extremes, squared_deviations
from python_udfs.kernels.regression.options import HALF_NORMAL

NEGLIGIBLE = 45.0
MAX_OCTAVES = 400
PANELS_PER_OCTAVE = 4


class Prior(NamedTuple):
    """Prior of tau (code, scale) and of the mean: N(mean, 1 / precision); precision 0 is flat.

    An infinite precision fixes the mean, as under the null hypothesis.
    """

    kind: int
    scale: float
    mean: float
    precision: float


@jit
def conditional(y, v, prior, tau):
    """(log p(y | tau) p(tau), mean and variance of mu given tau and y).

    Normalised in y and tau, except that a flat prior of mu counts as the density 1.
    """
    weight, weighted = 0.0, 0.0
    log_density = -0.5 * y.size * math.log(2.0 * math.pi) + _log_prior(prior, tau)
    for i in range(y.size):
        variance = v[i] + tau * tau
        weight += 1.0 / variance
        weighted += y[i] / variance
        log_density -= 0.5 * math.log(variance)
    if prior.precision == math.inf:
        mean, spread = prior.mean, 0.0
    else:
        spread = 1.0 / (weight + prior.precision)
        mean = (weighted + prior.precision * prior.mean) * spread
        deviation = mean - prior.mean
        log_density += 0.5 * math.log(spread) - 0.5 * prior.precision * deviation * deviation
        log_density += 0.5 * math.log(prior.precision if prior.precision > 0.0 else 2.0 * math.pi)
    for i in range(y.size):
        log_density -= 0.5 * (y[i] - mean) ** 2 / (v[i] + tau * tau)
    return log_density, mean, spread


@jit
def _log_prior(prior, tau):
    ratio = tau / prior.scale
    if prior.kind == HALF_NORMAL:
        return 0.5 * math.log(2.0 / math.pi) - math.log(prior.scale) - 0.5 * ratio * ratio
    return math.log(2.0 / math.pi) - math.log(prior.scale) - math.log1p(ratio * ratio)


@jit
def panel_edges(y, v, prior, highest_moment):
    """Edges of the panels in which the density is integrated: 0, then geometric.

    The density is analytic away from tau = +- i sqrt(v) and +- i scale, so that a panel no wider
    than its distance from 0 converges geometrically under Gauss's rule. Panels shrink as 1/sqrt(k)
    for many studies, with the width of the posterior. They end where tau^(moment + 1) times the
    density, the integrand per octave, has fallen by e^-45 below its maximum for good.
    """
    smallest, greatest = extremes(v)
    low = 0.25 * min(math.sqrt(smallest), prior.scale)
    size = math.sqrt(squared_deviations(y) + y.size * _distance(y, prior) ** 2)
    last_feature = 4.0 * (size + math.sqrt(greatest) + prior.scale)
    top, octaves = -math.inf, 0
    while octaves < MAX_OCTAVES:
        tau = low * 2.0**octaves
        height = conditional(y, v, prior, tau)[0] + (highest_moment + 1.0) * math.log(tau)
        top = max(top, height)
        if tau > last_feature and height < top - NEGLIGIBLE:
            break
        octaves += 1
    per_octave = int(PANELS_PER_OCTAVE * math.ceil(math.sqrt(max(1.0, y.size / 200.0))))
    edges = np.empty(per_octave * (octaves + 1) + 1)
    for i in range(per_octave + 1):
        edges[i] = low * i / per_octave
    for i in range(1, per_octave * octaves + 1):
        edges[per_octave + i] = low * 2.0 ** (i / per_octave)
    return edges


@jit
def _distance(y, prior):
    return abs(y.mean() - prior.mean) if prior.precision > 0.0 else 0.0
