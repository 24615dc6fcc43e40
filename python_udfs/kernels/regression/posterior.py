"""Posterior of mu and tau as a finite mixture: one normal distribution of mu per point of tau."""

import math
from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.regression.bayes_density import conditional, panel_edges
from python_udfs.kernels.root import EPSILON, narrow, open_bracket

PRUNED = 1e-20


class Posterior(NamedTuple):
    """Points of tau with weights that sum to 1; ``mean`` and ``variance`` of mu at each.

    ``edges`` of the panels, ``below``: probability of tau below each edge; ``log_marginal``: log of
    the marginal likelihood, up to the flat prior's constant.
    """

    tau: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    edges: np.ndarray
    below: np.ndarray
    log_marginal: float


@jit
def posterior(y, v, prior, highest_moment, nodes, gauss):
    """Posterior by Gauss-Legendre quadrature; ``nodes`` and ``gauss`` are the rule on [-1, 1]."""
    edges = panel_edges(y, v, prior, highest_moment)
    panels, n = edges.size - 1, nodes.size
    tau, weight = np.empty(panels * n), np.empty(panels * n)
    mean, variance = np.empty(panels * n), np.empty(panels * n)
    top = -math.inf
    for at in range(tau.size):
        half = 0.5 * (edges[at // n + 1] - edges[at // n])
        tau[at] = edges[at // n] + half * (1.0 + nodes[at % n])
        density, mean[at], variance[at] = conditional(y, v, prior, tau[at])
        weight[at] = density + math.log(half * gauss[at % n])
        top = max(top, weight[at])
    total = 0.0
    for at in range(tau.size):
        weight[at] = math.exp(weight[at] - top)
        total += weight[at]
    below = np.zeros(panels + 1)
    for at in range(tau.size):
        weight[at] /= total
        below[at // n + 1] += weight[at]
    for panel in range(panels):
        below[panel + 1] += below[panel]
    log_marginal = top + math.log(total)
    return Posterior(tau, weight, mean, variance, edges, below, log_marginal)


@jit
def moments(post):
    """(mean of mu, its variance, mean of tau, its variance), by the law of total variance."""
    mean = tau_mean = 0.0
    for i in range(post.tau.size):
        mean += post.weight[i] * post.mean[i]
        tau_mean += post.weight[i] * post.tau[i]
    variance = tau_variance = 0.0
    for i in range(post.tau.size):
        variance += post.weight[i] * (post.variance[i] + (post.mean[i] - mean) ** 2)
        tau_variance += post.weight[i] * (post.tau[i] - tau_mean) ** 2
    return mean, variance, tau_mean, tau_variance


@jit
def normal_cdf(z):
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-z * math.sqrt(0.5))


@jit
def prune(post):
    """Without the points that no distribution function can see."""
    keep = post.weight > PRUNED
    return Posterior(
        post.tau[keep], post.weight[keep], post.mean[keep], post.variance[keep],
        post.edges, post.below, post.log_marginal,
    )  # fmt: skip


@jit
def mixture_cdf(post, x, with_tau):
    """P(mu <= x), or of a new study's effect, whose variance is tau^2 larger."""
    total = 0.0
    for i in range(post.tau.size):
        variance = post.variance[i] + (post.tau[i] ** 2 if with_tau else 0.0)
        total += post.weight[i] * normal_cdf((x - post.mean[i]) / math.sqrt(variance))
    return total


@jit
def probability_above(post, x):
    """P(mu > x), without the cancellation of 1 - mixture_cdf."""
    total = 0.0
    for i in range(post.tau.size):
        total += post.weight[i] * normal_cdf((post.mean[i] - x) / math.sqrt(post.variance[i]))
    return min(1.0, total)


@jit
def mixture_quantile(post, probability, z, with_tau):
    """The x with mixture_cdf = ``probability``; ``z`` is the standard normal quantile of it.

    The quantiles of the mixture's parts bracket it, with a margin for rounding.
    """
    low, high = math.inf, -math.inf
    for i in range(post.tau.size):
        variance = post.variance[i] + (post.tau[i] ** 2 if with_tau else 0.0)
        x = post.mean[i] + z * math.sqrt(variance)
        low, high = min(low, x), max(high, x)
    margin = 1e-6 * math.sqrt(post.variance[0])
    low, high = low - margin, high + margin
    search = open_bracket(
        low,
        high,
        probability - mixture_cdf(post, low, with_tau),
        probability - mixture_cdf(post, high, with_tau),
        EPSILON * math.sqrt(post.variance[0]),
    )
    while search.is_open:
        search = narrow(search, probability - mixture_cdf(post, search.at, with_tau))
    return search.at if search.converged else math.nan


@jit
def tau_quantile(y, v, prior, post, probability, nodes, gauss):
    """The tau with posterior probability ``probability`` below it."""
    panel = np.searchsorted(post.below, probability) - 1
    panel = min(max(panel, 0), post.edges.size - 2)
    low, high = post.edges[panel], post.edges[panel + 1]
    search = open_bracket(
        low,
        high,
        probability - post.below[panel],
        probability - post.below[panel + 1],
        0.001 * EPSILON * high,
    )
    while search.is_open:
        half = 0.5 * (search.at - low)
        inside = 0.0
        for i in range(nodes.size):
            density = conditional(y, v, prior, low + half * (1.0 + nodes[i]))[0]
            inside += half * gauss[i] * math.exp(density - post.log_marginal)
        search = narrow(search, probability - post.below[panel] - inside)
    return search.at if search.converged else math.nan
