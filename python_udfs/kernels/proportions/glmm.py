"""Binomial-normal model of proportions: maximum likelihood of mu and tau for one group of studies.

x_i ~ Binomial(n_i, p_i), logit p_i ~ N(mu, tau^2) (Hamza, van Houwelingen & Stijnen 2008). For any
tau the likelihood is log-concave in mu, so one mu(tau) is best; along it the likelihood can have
several maxima in tau. Its slope is therefore scanned from tau = 0 upwards with tau doubling, each
change from rising to falling is refined to a local maximum by Newton's method in (mu, tau), and the
highest of these and of the boundary tau = 0 is taken.
"""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.proportions.quadrature import COARSE, FINE, study

FIRST_TAU, LAST_TAU = 1.0 / 16.0, 64.0
TOLERANCE = 1e-8  # relative step of Newton's method, which squares the error with each step
FLOOR = 1e-10  # a tau not known better than this is as good as 0
MAX_STEPS = 100


@jit
def derivatives(x, n, mu, tau, step):
    """Log-likelihood without ln C(n, x), slopes and second derivatives in mu and tau."""
    value = d_mu = d_tau = d_mu_mu = d_mu_tau = d_tau_tau = 0.0
    for i in range(x.size):
        one = study(x[i], n[i], mu, tau, step)
        value += one[0]
        d_mu += one[1]
        d_tau += one[2]
        d_mu_mu += one[3]
        d_mu_tau += one[4]
        d_tau_tau += one[5]
    return value, d_mu, d_tau, d_mu_mu, d_mu_tau, d_tau_tau


@jit
def slope_along(d):
    """Slope in tau at mu(tau), and its own slope, from the derivatives near mu(tau)."""
    _, d_mu, d_tau, d_mu_mu, d_mu_tau, d_tau_tau = d
    return d_tau - d_mu_tau * d_mu / d_mu_mu, d_tau_tau - d_mu_tau * d_mu_tau / d_mu_mu


@jit
def best_mu(x, n, mu, tau, step):
    """Newton's method for mu(tau) from ``mu``, to a thousandth of its standard error.

    A step is at most two standard errors long; the likelihood is concave in mu.
    """
    d = derivatives(x, n, mu, tau, step)
    for _ in range(MAX_STEPS):
        if not d[3] < 0.0:
            return math.nan, d
        se = 1.0 / math.sqrt(-d[3])
        move = -d[1] / d[3]
        if abs(move) < 0.001 * se:
            break
        mu += max(-2.0 * se, min(2.0 * se, move))
        d = derivatives(x, n, mu, tau, step)
    return mu, d


@jit
def refine(x, n, mu, low, high):
    """Local maximum with tau between ``low`` (rising) and ``high`` (falling).

    Newton's method in both at once, halving the bracket of tau where it would leave it. Returns
    (mu, tau, converged).
    """
    tau = 0.5 * (low + high)
    mu, d = best_mu(x, n, mu, tau, FINE)
    for _ in range(MAX_STEPS):
        slope, curvature = slope_along(d)
        if slope > 0.0:
            low = tau
        else:
            high = tau
        move = -slope / curvature
        inside = curvature < 0.0 and low <= tau + move <= high
        if not inside:
            move = 0.5 * (low + high) - tau
        move_mu = -(d[1] + d[4] * move) / d[3]
        tau += move
        mu += move_mu
        small = abs(move) <= TOLERANCE * tau + FLOOR and abs(move_mu) <= TOLERANCE * (1.0 + abs(mu))
        if small:
            return mu, tau, True
        if inside:
            d = derivatives(x, n, mu, tau, FINE)
        else:
            mu, d = best_mu(x, n, mu, tau, FINE)
    return mu, tau, False


@jit
def half_range(x, n):
    """Half the range of ln((x + 1/2) / (n - x + 1/2))."""
    low, high = math.inf, -math.inf
    for i in range(x.size):
        logit = math.log((x[i] + 0.5) / (n[i] - x[i] + 0.5))
        low, high = min(low, logit), max(high, logit)
    return 0.5 * (high - low)


@jit
def fit(x, n):
    """Global maximum. Returns (mu, tau, se of mu, log-likelihood without ln C(n, x), converged).

    Needs both people with and without the event. The slope is scanned at least up to half the
    range of the studies' logits. The standard error comes from the observed information of mu and
    tau. Not converged where the likelihood still rises at tau = 64, as when every study has no or
    only events.
    """
    spread = half_range(x, n)
    p = x.sum() / n.sum()
    mu = math.log(p / (1.0 - p))
    overdispersion = 0.0  # twice the slope in tau^2 at 0
    for i in range(x.size):
        overdispersion += (x[i] - n[i] * p) ** 2 - n[i] * p * (1.0 - p)
    best = mu, 0.0
    at_best = derivatives(x, n, mu, 0.0, FINE)
    low, rising, tau = 0.0, overdispersion > 0.0, FIRST_TAU
    while rising or low < spread:
        mu, d = best_mu(x, n, mu, tau, COARSE)
        if tau > LAST_TAU or math.isnan(mu):
            return math.nan, math.nan, math.nan, math.nan, False
        still_rising = slope_along(d)[0] > 0.0
        if rising and not still_rising:
            local_mu, local_tau, converged = refine(x, n, mu, low, tau)
            if not converged:
                return math.nan, math.nan, math.nan, math.nan, False
            at_local = derivatives(x, n, local_mu, local_tau, FINE)
            if at_local[0] > at_best[0]:
                best, at_best = (local_mu, local_tau), at_local
        low, rising, tau = tau, still_rising, 2.0 * tau
    value, _, _, d_mu_mu, d_mu_tau, d_tau_tau = at_best
    if best[1] > 0.0:
        d_mu_mu -= d_mu_tau * d_mu_tau / d_tau_tau
    return best[0], best[1], 1.0 / math.sqrt(-d_mu_mu), value, True


@jit
def fit_groups(x, n, offsets, wanted):
    """``fit`` of the wanted groups with at least two studies; NaN and False elsewhere."""
    rows = offsets.size - 1
    mu, tau = np.full(rows, np.nan), np.full(rows, np.nan)
    se, value = np.full(rows, np.nan), np.full(rows, np.nan)
    converged = np.zeros(rows, np.bool_)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if wanted[row] and stop - start >= 2:
            group = x[start:stop], n[start:stop]
            events, total = group[0].sum(), group[1].sum()
            if 0.0 < events < total:
                mu[row], tau[row], se[row], value[row], converged[row] = fit(*group)
    return mu, tau, se, value, converged
