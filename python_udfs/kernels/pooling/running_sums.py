"""Sums over studies as functions of tau2, to which studies are added and from which one is taken.

Refits without each study, or study by study, need the same sums for every fit, but for one study,
each at a tau2 of its own. They are kept on a grid of tau2 and interpolated: the time of all refits
then grows with the number of studies, not with its square.

The grid goes from 0 upwards in panels; each doubles s + tau2, s the smallest variance, and has
``NODES`` Chebyshev points. Every sum is analytic off the negative axis from -s on, so that on a
panel the error of the interpolation falls by 3 + sqrt(8) with each point (Trefethen 2013,
Approximation Theory and Practice, ch. 8): below the rounding of doubles.

With a = (s + tau2) / (v + tau2) <= 1 and r = y - mean, at each point:

    total = sum a, mean = sum a y / total, squares = sum a r^2, pairs = sum_{i<j} a_i a_j,
    total2 = sum a^2, residual2 = sum a^2 r, squares2 = sum a^2 r^2, logs = sum log(1 + tau2 / v)
"""

import math
from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit, jit_numbers

NODES = 24
SUMS = 8
MOST_LOST = 1e-4  # of a sum that a study may leave behind, so that at most four digits cancel


class Grid(NamedTuple):
    """Points (panel, node), the sums at each of them (panel, node, sum), and the unit s."""

    points: np.ndarray
    sums: np.ndarray
    smallest: float


class Sums(NamedTuple):
    """The sums at a tau2; ``unit`` is s + tau2. Not ``is_exact``: too many digits cancelled."""

    tau2: float
    unit: float
    total: float
    mean: float
    squares: float
    pairs: float
    total2: float
    residual2: float
    squares2: float
    logs: float
    is_exact: bool


@jit
def empty_grid(smallest, highest):
    """A grid without studies from 0 to ``highest`` or a little more."""
    panels = 1
    while smallest * (2.0**panels - 1.0) < highest:
        panels += 1
    points = np.empty((panels, NODES))
    low = 0.0
    for panel in range(panels):
        high = 2.0 * low + smallest
        for node in range(NODES):
            share = 0.5 - 0.5 * math.cos(math.pi * node / (NODES - 1.0))
            points[panel, node] = low + (high - low) * share
        points[panel, 0], points[panel, NODES - 1] = low, high
        low = high
    return Grid(points, np.zeros((panels, NODES, SUMS)), smallest)


@jit
def add_study(grid, y, v):
    """Add a study to the sums at every point; the mean moves, and what is around it with it."""
    for panel in range(grid.points.shape[0]):
        for node in range(NODES):
            at, tau2 = grid.sums[panel, node], grid.points[panel, node]
            a = (grid.smallest + tau2) / (v + tau2)
            before, total = at[0], at[0] + a
            residual = y - at[1]
            shift = a * residual / total
            left = residual - shift
            at[2] += a * residual * residual * (before / total)
            at[3] += a * before
            at[6] += shift * (shift * at[4] - 2.0 * at[5]) + (a * left) ** 2
            at[5] += a * a * left - shift * at[4]
            at[4] += a * a
            at[0], at[1] = total, at[1] + shift
            at[7] += math.log1p(tau2 / v)


@jit_numbers
def sums_at(grid, tau2):
    """The sums at any tau2, by the barycentric formula; not exact beyond the grid."""
    panel = _panel_of(grid, tau2)
    last = grid.points.shape[0] - 1
    unit = grid.smallest + tau2
    is_inside = 0.0 <= tau2 <= grid.points[last, NODES - 1]
    scale = total = mean = squares = pairs = total2 = residual2 = squares2 = logs = 0.0
    for node in range(NODES):
        at = grid.sums[panel, node]
        distance = tau2 - grid.points[panel, node]
        if distance == 0.0:
            return Sums(
                tau2, unit, at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7], is_inside
            )
        weight = (1.0 if node % 2 else -1.0) / distance
        if node in (0, NODES - 1):
            weight *= 0.5
        scale += weight
        total += weight * at[0]
        mean += weight * at[1]
        squares += weight * at[2]
        pairs += weight * at[3]
        total2 += weight * at[4]
        residual2 += weight * at[5]
        squares2 += weight * at[6]
        logs += weight * at[7]
    return Sums(
        tau2,
        unit,
        total / scale,
        mean / scale,
        squares / scale,
        pairs / scale,
        total2 / scale,
        residual2 / scale,
        squares2 / scale,
        logs / scale,
        is_inside,
    )


@jit_numbers
def _panel_of(grid, tau2):
    """The panel in which tau2 lies, or the nearest one."""
    last = grid.points.shape[0] - 1
    panel = int(math.log2(1.0 + max(0.0, tau2) / grid.smallest))
    panel = min(last, max(0, panel))
    while panel > 0 and tau2 < grid.points[panel, 0]:
        panel -= 1
    while panel < last and tau2 > grid.points[panel, NODES - 1]:
        panel += 1
    return panel


@jit_numbers
def without(sums, y, v):
    """The sums without a study that is in them: ``add_study`` turned around."""
    a = sums.unit / (v + sums.tau2)
    residual = y - sums.mean
    total = sums.total - a
    shift = a * residual / total
    left = residual + shift
    squares = sums.squares - a * residual * residual * (sums.total / total)
    pairs = sums.pairs - a * total
    squares2 = (
        sums.squares2 + shift * (2.0 * sums.residual2 + shift * sums.total2) - (a * left) ** 2
    )
    is_exact = sums.is_exact and total > MOST_LOST * sums.total and pairs > MOST_LOST * sums.pairs
    is_exact &= squares > MOST_LOST * sums.squares and squares2 > MOST_LOST * sums.squares2
    return Sums(
        sums.tau2,
        sums.unit,
        total,
        sums.mean - shift,
        squares,
        pairs,
        sums.total2 - a * a,
        sums.residual2 + shift * sums.total2 - a * a * left,
        squares2,
        sums.logs - math.log1p(sums.tau2 / v),
        is_exact,
    )
