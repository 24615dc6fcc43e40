"""Likelihood of effects nested in clusters: two variance components, at their global optimum.

    y_ij = mean + c_j + u_ij + e_ij,  c_j ~ N(0, between),  u_ij ~ N(0, within)

The sampling errors of a cluster may be correlated. Each cluster is rotated to the eigenvectors of
its sampling covariance matrix first (U'y, U'1, eigenvalues d), so that for all of them

    V_j = diag(d + within) + between x x',  x = U'1  (d = v and x = 1 where errors are independent)

Given ``within``, cluster j is a study with effect m_j = sum a x y / W_j and variance 1 / W_j, where
a = 1 / (d + within) and W_j = sum a x^2; ``between`` is the tau2 of these studies. Konstantopoulos
2011; Van den Noortgate and others 2013; Viechtbauer 2010 (metafor's rma.mv).
"""

import math
from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import extremes
from python_udfs.kernels.pooling.tau2 import restricted_maximum_likelihood
from python_udfs.kernels.regression.design import prepare
from python_udfs.kernels.regression.options import ML
from python_udfs.kernels.regression.tau2 import maximum_likelihood
from python_udfs.kernels.root import EPSILON, narrow, open_bracket


class Nested(NamedTuple):
    """Rotated effects y, eigenvalues d and ones x of one row; starts of its clusters from 0."""

    y: np.ndarray
    d: np.ndarray
    x: np.ndarray
    starts: np.ndarray


class Point(NamedTuple):
    """The model at one pair of variance components.

    ``weights`` W_j and ``means`` m_j per cluster; ``total`` = 1'V^-1 1, so that se = 1/sqrt(total).
    """

    within: float
    between: float
    weights: np.ndarray
    means: np.ndarray
    mean: float
    total: float
    found: bool


@jit
def nested_point(method, data, within):
    """The best ``between`` and the mean for a given ``within``."""
    clusters = data.starts.size - 1
    weights, means = np.zeros(clusters), np.zeros(clusters)
    for j in range(clusters):
        for i in range(data.starts[j], data.starts[j + 1]):
            a = 1.0 / (data.d[i] + within)
            weights[j] += a * data.x[i] * data.x[i]
            means[j] += a * data.x[i] * data.y[i]
        means[j] /= weights[j]
    between, found = 0.0, True
    if clusters > 1:
        variances = 1.0 / weights
        if method == ML:
            between, found = maximum_likelihood(
                ML, prepare(means, variances, np.ones((clusters, 1)))
            )
        else:
            between, found = restricted_maximum_likelihood(_centred(means, weights), variances)
    mean, total = _mean(means, weights, between)
    return Point(within, between, weights, means, mean, total, found)


@jit
def _mean(means, weights, between):
    total = weighted = 0.0
    for j in range(means.size):
        w = weights[j] / (1.0 + between * weights[j])
        total += w
        weighted += w * (means[j] - means[0])
    return means[0] + weighted / total, total


@jit
def _centred(means, weights):
    mean, _ = _mean(means, weights, 0.0)
    return means - mean


@jit
def within_slope(method, data, point):
    """Positive, zero, negative where the profile likelihood rises, rests, falls at ``within``.

    By the envelope theorem this is the slope at fixed ``between``: y'PPy - tr(P) for REML, with
    tr(V^-1) instead of tr(P) for ML; returned relative to y'PPy, as in tau2.py. V^-1 of a cluster
    is diag(a) - between a x (a x)' / (1 + between W_j)   (Sherman & Morrison 1950).
    """
    squares = trace = correction = 0.0
    for j in range(point.weights.size):
        grown = 1.0 + point.between * point.weights[j]
        shrunk = point.between * point.weights[j] / grown * (point.means[j] - point.mean)
        for i in range(data.starts[j], data.starts[j + 1]):
            a = 1.0 / (data.d[i] + point.within)
            ax = a * data.x[i]
            squares += (a * data.y[i] - ax * (point.mean + shrunk)) ** 2
            others = max(0.0, point.weights[j] - ax * data.x[i])
            trace += a * (1.0 + point.between * others) / grown
            correction += (ax / grown) ** 2
    if method != ML:
        trace -= correction / point.total
    return 1.0 - trace / squares if squares > 0.0 else -math.inf


@jit
def nested_log_likelihood(method, data, point):
    """Full log-likelihood, restricted or not, as metafor counts it (log det X'X included)."""
    k = data.y.size
    value = k * math.log(2.0 * math.pi)
    for j in range(point.weights.size):
        grown = 1.0 + point.between * point.weights[j]
        deviation = point.means[j] - point.mean
        value += math.log(grown) + deviation * deviation * point.weights[j] / grown
        for i in range(data.starts[j], data.starts[j + 1]):
            variance = data.d[i] + point.within
            residual = data.y[i] - data.x[i] * point.means[j]
            value += math.log(variance) + residual * residual / variance
    if method != ML:
        value += math.log(point.total) - math.log(k) - math.log(2.0 * math.pi)
    return -0.5 * value


@jit
def nested_optimum(method, data):
    """Point with the highest likelihood over both components.

    Profile over ``within``: its slope is scanned from 0 upwards with min(d) + within doubling, each
    change from rising to falling refined, and the highest maximum taken, the boundary included;
    ``between`` is the global optimum at every step. Beyond 2 (SS / (k - clusters) + max(d)) the
    profile only falls.
    """
    smallest, largest = extremes(data.d)
    squares = 0.0
    for value in data.y:
        squares += value * value
    beyond = 2.0 * (squares / (data.y.size - data.starts.size + 1) + largest)
    best = nested_point(method, data, 0.0)
    best_value = nested_log_likelihood(method, data, best)
    if not (math.isfinite(beyond) and best.found):
        return best, best_value, False
    low, low_slope = 0.0, within_slope(method, data, best)
    while low <= beyond or low_slope > 0.0:
        high = 2.0 * low + smallest
        high_slope = within_slope(method, data, nested_point(method, data, high))
        if low_slope > 0.0 and high_slope <= 0.0:
            search = open_bracket(low, high, low_slope, high_slope, 0.001 * EPSILON * smallest)
            while search.is_open:
                point = nested_point(method, data, search.at)
                search = narrow(search, within_slope(method, data, point))
            point = nested_point(method, data, search.at)
            value = nested_log_likelihood(method, data, point)
            if not (search.converged and point.found):
                return best, best_value, False
            if value > best_value:
                best, best_value = point, value
        low, low_slope = high, high_slope
    return best, best_value, math.isfinite(best_value)
