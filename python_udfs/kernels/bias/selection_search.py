"""Highest likelihood of the selection models: a scan for every summit, then Newton's method.

These likelihoods can have several summits, ridges, and no summit at all (mu running off with
tau2). The plane of mu and tau2 is therefore scanned, delta being at its best for each point; from
every point that is higher than its neighbours, Newton's method with exact derivatives climbs to
the summit, with tau2 held at 0 when the likelihood falls there. The highest summit is returned. If
a climb leaves the region while still higher than it, there is no maximum to report.
"""

import math

import numpy as np

from python_udfs.kernels.bias.selection_likelihood import (
    CONDITIONAL,
    FURTHEST_ETA,
    PLAIN,
    log_likelihood,
    profile_height,
)
from python_udfs.kernels.copying import copy_into
from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import extremes, weighted_mean
from python_udfs.kernels.regression.cholesky import cholesky, solve_lower, solve_upper

MEANS = 17
MOST_STEPS = 200
TINY_GAIN = 1e-18


@jit
def search(model, studies, theta, fixed):
    """Highest summit. Returns (theta, log-likelihood, hessian, found).

    ``fixed`` says which of (mu, tau2, eta) keep their value in ``theta``.
    """
    y, v, _, _ = studies
    taus = np.array([theta[1]]) if fixed[1] else tau2_grid(y, v)
    if taus.size == 0:
        return theta.copy(), -math.inf, np.zeros((3, 3)), False
    means = np.array([theta[0]]) if fixed[0] else mean_grid(y, v)
    heights, etas = _scan(model, studies, taus, means, theta, fixed)
    best, best_height, best_hessian = theta.copy(), -math.inf, np.zeros((3, 3))
    found, escaped = False, -math.inf
    for j in range(taus.size):
        for i in range(heights.shape[1]):
            if not _is_summit(heights, j, i, means.size):
                continue
            start = np.array([_mean_at(y, v, taus[j], means, i), taus[j], etas[j, i]])
            height, hessian, converged = climb(model, studies, start, fixed)
            if not converged:
                escaped = max(escaped, height)
            elif height > best_height:
                best, best_height, best_hessian, found = start, height, hessian, True
    if escaped > best_height + 1e-7:
        found = False
    return best, best_height, best_hessian, found


@jit
def tau2_grid(y, v):
    """0, then fourfold steps from below the smallest variance to far above the spread of y.

    Empty when that is more than floating point holds.
    """
    smallest, largest = extremes(v)
    low, high = extremes(y)
    top = 64.0 * ((high - low) ** 2 + largest)
    first = smallest / 64.0
    if not 0.0 < top / first < math.inf:
        return np.empty(0)
    size = 2 + int(math.log(top / first) / math.log(4.0) + 1.0)
    grid = np.zeros(size)
    for j in range(1, size):
        grid[j] = first * 4.0 ** (j - 1)
    return grid


@jit
def mean_grid(y, v):
    """Equal steps over the effects and twice their range (and three errors) on both sides."""
    low, high = extremes(y)
    margin = 2.0 * (high - low) + 3.0 * math.sqrt(extremes(v)[0])
    grid = np.empty(MEANS)
    for i in range(MEANS):
        grid[i] = low - margin + (high - low + 2.0 * margin) * i / (MEANS - 1)
    return grid


@jit
def _mean_at(y, v, tau2, means, i):
    """The i-th mean of the scan; after the grid comes the weighted mean at this tau2."""
    return means[i] if i < means.size else weighted_mean(y, v, tau2)[0]


@jit
def _scan(model, studies, taus, means, theta, fixed):
    """Height and best eta at every point: one row per tau2, one column per mean."""
    y, v, _, _ = studies
    columns = means.size if fixed[0] else means.size + 1
    heights, etas = np.empty((taus.size, columns)), np.empty((taus.size, columns))
    s, room = np.empty(y.size), np.empty((2, y.size))
    for j in range(taus.size):
        eta = etas[j - 1, 0] if j > 0 else theta[2]
        logs = 0.0
        for i in range(y.size):
            s[i] = math.sqrt(v[i] + taus[j])
            logs += math.log(s[i])
        for i in range(columns):
            mean = _mean_at(y, v, taus[j], means, i)
            value, eta = profile_height(model, studies, mean, s, eta, fixed[2], room)
            heights[j, i], etas[j, i] = value - logs, eta
    return heights, etas


@jit
def _is_summit(heights, j, i, means):
    """Whether a point is no lower than its neighbours (the weighted means have two only)."""
    height = heights[j, i]
    if not math.isfinite(height):
        return False
    if j > 0 and heights[j - 1, i] > height:
        return False
    if j + 1 < heights.shape[0] and heights[j + 1, i] > height:
        return False
    if i >= means:
        return True
    if i > 0 and heights[j, i - 1] > height:
        return False
    return not (i + 1 < means and heights[j, i + 1] > height)


@jit
def climb(model, studies, theta, fixed):
    """Newton's method from ``theta``, which it changes. Returns (height, hessian, converged)."""
    y, v, _, _ = studies
    low, high = extremes(y)
    smallest, _ = extremes(v)
    reach = high - low + math.sqrt(smallest)
    gradient, hessian = np.empty(3), np.empty((3, 3))
    height = log_likelihood(model, studies, theta, gradient, hessian)
    for _ in range(MOST_STEPS):
        free = _free(model, theta, gradient, fixed)
        step, gain, _ = newton_step(gradient, hessian, free)
        if not math.isfinite(gain):
            return height, hessian, False
        done = gain < TINY_GAIN
        shorter = 1.0 / max(1.0, _overreach(step, theta[1], reach, smallest))
        step *= shorter
        gain *= shorter
        length, trial = 1.0, theta
        for _ in range(50):
            trial = theta + length * step
            trial[1] = max(0.0, trial[1])
            new = log_likelihood(model, studies, trial, gradient, hessian)
            if (
                done
                or new >= height + 1e-4 * length * gain
                or (gain < 1e-9 and new > height - 1e-9)
            ):
                break
            length *= 0.5
        copy_into(theta, trial)
        height = new
        if done:
            return height, hessian, True
        if abs(theta[0] - low) > 1e3 * reach or abs(theta[2]) > FURTHEST_ETA:
            return height, hessian, False
    return height, hessian, False


@jit
def _overreach(step, tau2, reach, smallest):
    """By how much the step is too long: beyond ``reach`` in mu, 3 in eta, fourfold in tau2.

    A longer step in tau2 could pass over a summit to the one at 0. Below a thousandth of the
    smallest variance tau2 may fall to 0 at once.
    """
    factor = max(abs(step[0]) / reach, abs(step[2]) / 3.0, step[1] / (3.0 * (tau2 + smallest)))
    if tau2 > 1e-3 * smallest:
        factor = max(factor, -step[1] / (0.75 * tau2))
    return factor


@jit
def _free(model, theta, gradient, fixed):
    """Parameters that may move: tau2 stays at 0 while the likelihood falls from there."""
    free = np.empty(3, np.bool_)
    free[0] = not fixed[0]
    free[1] = not fixed[1] and (theta[1] > 0.0 or gradient[1] > 0.0)
    free[2] = not fixed[2] and model not in (PLAIN, CONDITIONAL)
    return free


@jit
def newton_step(gradient, hessian, free):
    """(Step, gain, lambda): the step (-H + lambda D)^-1 g of the free parameters, and g' step.

    D is the diagonal of |H|; lambda is 0 where -H is positive definite, else grows until it is.
    """
    index = np.flatnonzero(free)
    step = np.zeros(3)
    if index.size == 0:
        return step, 0.0, 0.0
    g = gradient[index]
    damping = 0.0
    for _ in range(60):
        matrix = np.empty((index.size, index.size))
        for a in range(index.size):
            for b in range(index.size):
                matrix[a, b] = -hessian[index[a], index[b]]
            matrix[a, a] += damping * abs(matrix[a, a])
        lower, definite = cholesky(matrix)
        if definite:
            part = solve_upper(lower, solve_lower(lower, g))
            for a in range(index.size):
                step[index[a]] = part[a]
            return step, (part * g).sum(), damping
        damping = max(0.01, 4.0 * damping)
    return step, math.nan, damping


@jit
def height_at(model, studies, tau2):
    """Log-likelihood at a given tau2, delta = 1 and the weighted mean that goes with them."""
    y, v, _, _ = studies
    mean = y[0] + weighted_mean(y - y[0], v, tau2)[0]
    theta = np.array([mean, tau2, 0.0])
    return log_likelihood(model, studies, theta, np.empty(3), np.empty((3, 3)))
