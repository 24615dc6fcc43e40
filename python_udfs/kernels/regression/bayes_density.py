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
PANELS_PER_OCTAVE = 2
LARGEST_CHANGE = 4.0
MAX_HALVINGS = 40
MAX_PANELS = 20_000
CLIMBS = 60


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
    """Edges of the panels in which the density is integrated: 0, then geometric, then halved.

    The density is analytic away from tau = +- i sqrt(v) and +- i scale, so that a panel no wider
    than its distance from 0 converges geometrically under Gauss's rule, unless the density changes
    much inside: such panels are halved until its logarithm changes by less than 4. The last panel
    is where tau^(moment + 1) times the density, the integrand per octave, has fallen by e^-45 below
    its maximum for good; panels below that level are not halved. NaN ends the edges where the
    density does not fall in the range of floating point, or is too narrow for MAX_PANELS.
    """
    smallest, greatest = extremes(v)
    low = 0.25 * min(math.sqrt(smallest), prior.scale)
    size = math.sqrt(squared_deviations(y) + y.size * _distance(y, prior) ** 2)
    last_feature = 4.0 * (size + math.sqrt(greatest) + prior.scale)
    power = highest_moment + 1.0
    top, at_top, octaves = -math.inf, low, 0
    while octaves < MAX_OCTAVES:
        tau = low * 2.0**octaves
        height = _height(y, v, prior, power, tau)
        if height > top:
            top, at_top = height, tau
        if tau > last_feature and height < top - NEGLIGIBLE:
            break
        octaves += 1
    edges = [0.0]
    if octaves == MAX_OCTAVES:
        edges.append(math.nan)
        return np.array(edges)
    top = max(top, _summit(y, v, prior, power, at_top))
    for i in range(PANELS_PER_OCTAVE * octaves + 1):
        _append_panels(edges, low * 2.0 ** (i / PANELS_PER_OCTAVE), y, v, prior, power, top)
        if len(edges) > MAX_PANELS:
            edges.append(math.nan)
            break
    return np.array(edges)


@jit
def _height(y, v, prior, power, tau):
    """Logarithm of tau^power times the density."""
    return conditional(y, v, prior, tau)[0] + power * math.log(tau)


@jit
def _summit(y, v, prior, power, at):
    """Highest value within an octave of ``at``, by golden section over log tau.

    Between two octaves a narrow density rises far above both; halving every panel up to there
    would take as many panels as the rise is high.
    """
    shorter = 0.5 * (math.sqrt(5.0) - 1.0)
    low, high = math.log(at) - math.log(2.0), math.log(at) + math.log(2.0)
    best = -math.inf
    for _ in range(CLIMBS):
        left, right = high - shorter * (high - low), low + shorter * (high - low)
        at_left = _height(y, v, prior, power, math.exp(left))
        at_right = _height(y, v, prior, power, math.exp(right))
        best = max(best, at_left, at_right)
        if at_left < at_right:
            low = left
        else:
            high = right
    return best


@jit
def _append_panels(edges, end, y, v, prior, power, top):
    """Append the edges from the last one to ``end``, with a panel halved where it has to be."""
    start = edges[-1]
    at_start = conditional(y, v, prior, start)[0]
    ends = [end]
    at_ends = [conditional(y, v, prior, end)[0]]
    while len(ends) > 0 and len(edges) <= MAX_PANELS:
        end, at_end = ends[-1], at_ends[-1]
        middle = 0.5 * (start + end)
        at_middle = conditional(y, v, prior, middle)[0]
        highest = max(at_start, at_middle, at_end)
        change = highest - min(at_start, at_middle, at_end)
        matters = highest + power * math.log(end) > top - NEGLIGIBLE
        if change > LARGEST_CHANGE and matters and len(ends) < MAX_HALVINGS:
            ends.append(middle)
            at_ends.append(at_middle)
        else:
            edges.append(end)
            start, at_start = end, at_end
            ends.pop()
            at_ends.pop()


@jit
def _distance(y, prior):
    return abs(y.mean() - prior.mean) if prior.precision > 0.0 else 0.0
