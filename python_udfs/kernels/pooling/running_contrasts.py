"""Sums over independent contrasts of correlated effects, of which one block is exchanged.

Contrast i has the value y_i, the variance v_i + tau2 and the mean x_i times the estimate
(``regression/pool_gls.py``). Leaving out an effect changes the contrasts of its block alone. The
sums over all contrasts are kept on the grid of ``running_sums.py`` and interpolated; those of the
block are taken off, and those that it has without the effect put in. With
a = (s + tau2) / (v + tau2), s the smallest v, the grid has at each point

    sum a x^2, sum a x y, sum a y^2, sum a, sum a^2 x^2, sum a^2 x y, sum a^2 y^2,
    sum log(1 + tau2 / v)
"""

import math
from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit, jit_numbers
from python_udfs.kernels.pooling.running_sums import (
    MOST_LOST,
    NODES,
    SUMS,
    Sums,
    empty_grid,
    sums_at,
)


class Contrasts(NamedTuple):
    """Values, loadings (x) and variances of independent contrasts."""

    y: np.ndarray
    x: np.ndarray
    v: np.ndarray


class Exchange(NamedTuple):
    """The contrasts of a block that go, and those that come in their place."""

    gone: Contrasts
    come: Contrasts


@jit
def grid_of_contrasts(contrasts, highest):
    """The sums of all contrasts from 0 to ``highest``."""
    grid = empty_grid(contrasts.v.min(), highest)
    for panel in range(grid.points.shape[0]):
        for node in range(NODES):
            sums = _sums(contrasts, grid.smallest, grid.points[panel, node])
            for i in range(SUMS):
                grid.sums[panel, node, i] = sums[i]
    return grid


@jit
def exchanged(grid, exchange, tau2):
    """The sums at tau2 with a block exchanged, as those of ``running_sums.Sums``.

    Which are sum a x^2, the estimate, sum a r^2 and so on, with r = y - x times the estimate;
    ``pairs`` is what makes 2 pairs / total the trace of the projection, in the same unit.
    """
    at = sums_at(grid, tau2)
    # On such a grid the fields of ``at`` are the sums named above, in their order.
    xx, xy, yy, plain = at.total, at.mean, at.squares, at.pairs
    xx2, xy2, yy2, logs = at.total2, at.residual2, at.squares2, at.logs
    gone = _sums(exchange.gone, grid.smallest, tau2)
    come = _sums(exchange.come, grid.smallest, tau2)
    is_exact = at.is_exact and _is_left(xx, gone[0]) and _is_left(yy, gone[2])
    is_exact &= _is_left(plain, gone[3]) and _is_left(xx2, gone[4]) and _is_left(yy2, gone[6])
    xx, xy, yy = xx - gone[0] + come[0], xy - gone[1] + come[1], yy - gone[2] + come[2]
    plain, xx2, xy2 = plain - gone[3] + come[3], xx2 - gone[4] + come[4], xy2 - gone[5] + come[5]
    yy2, logs = yy2 - gone[6] + come[6], logs - gone[7] + come[7]
    mean = xy / xx
    squares = yy - mean * xy
    residual2 = xy2 - mean * xx2
    squares2 = yy2 - mean * (xy2 + residual2)
    trace = plain - xx2 / xx
    is_exact &= squares > MOST_LOST * yy and squares2 > MOST_LOST * yy2
    is_exact &= trace > MOST_LOST * plain
    return Sums(
        tau2,
        at.unit,
        xx,
        mean,
        squares,
        0.5 * trace * xx,
        xx2,
        residual2,
        squares2,
        logs,
        is_exact,
    )


@jit_numbers
def _is_left(whole, gone):
    return whole - gone > MOST_LOST * whole


@jit
def _sums(contrasts, smallest, tau2):
    xx = xy = yy = plain = xx2 = xy2 = yy2 = logs = 0.0
    for i in range(contrasts.v.size):
        y, x, v = contrasts.y[i], contrasts.x[i], contrasts.v[i]
        a = (smallest + tau2) / (v + tau2)
        xx += a * x * x
        xy += a * x * y
        yy += a * y * y
        plain += a
        xx2 += a * a * x * x
        xy2 += a * a * x * y
        yy2 += a * a * y * y
        logs += math.log1p(tau2 / v)
    return xx, xy, yy, plain, xx2, xy2, yy2, logs
