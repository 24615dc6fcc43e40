"""aggregate_effects: several correlated effects of one study as one effect.

All pairs of effects are taken to have the correlation rho: V = S R S, with S = diag(se) and R
compound symmetric. Borenstein and others 2009, ch. 24 (equal weights); Gleser & Olkin 2009 (weights
from the inverse of V). metafor's aggregate, struct = "CS", weighted = FALSE or TRUE; checked, 1e-9.
"""

import numpy as np

from python_udfs.kernels.conversions.options import WEIGHT_GLS
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import MISSING_INPUT, NO_DATA, OK, OUT_OF_RANGE
from python_udfs.kernels.lists import Lists, complete_pairs
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def aggregate_effects(yi: Lists, vi: Lists, rho, weighting):
    """One effect and its variance per row. Returns k, yi, vi, status, assumption.

    Pairs that are not complete are dropped. A single effect stays as it is and needs no rho.
    out_of_range for a rho with which V is not positive definite: it must lie above -1 / (k - 1) and
    below 1 (equal weights allow 1). Faults as in ``pool``.
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    several = k > 1
    is_gls = weighting == WEIGHT_GLS
    possible = (rho > -1.0 / np.maximum(k - 1, 1)) & ((rho < 1.0) | (~is_gls & (rho == 1.0)))
    status = np.select(
        [k == 0, several & np.isnan(rho), several & ~possible],
        [NO_DATA, MISSING_INPUT, OUT_OF_RANGE],
        OK,
    )
    effect, variance = _aggregate(pairs.y, pairs.v, pairs.offsets, rho, is_gls)
    effect, variance, status = all_or_none(status, effect, variance)
    assumption = np.where((status == OK) & several, weighting, NOT_GIVEN)
    return (k.astype(np.int32), effect, variance, status, assumption)


@jit
def _aggregate(y, v, offsets, rho, is_gls):
    rows = offsets.size - 1
    effect, variance = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        group_y, group_v = y[start:stop], v[start:stop]
        if stop - start == 1:
            effect[row], variance[row] = group_y[0], group_v[0]
        elif stop > start and is_gls[row]:
            effect[row], variance[row] = _inverse_weighted(group_y, group_v, rho[row])
        elif stop > start:
            effect[row], variance[row] = _equally_weighted(group_y, group_v, rho[row])
    return effect, variance


@jit
def _equally_weighted(y, v, rho):
    """Mean of y; variance (sum v + rho ((sum s)^2 - sum v)) / k^2, s = sqrt(v)."""
    total_s = 0.0
    for i in range(v.size):
        total_s += np.sqrt(v[i])
    return y.sum() / y.size, ((1.0 - rho) * v.sum() + rho * total_s * total_s) / y.size**2


@jit
def _inverse_weighted(y, v, rho):
    """1'V^-1 y / 1'V^-1 1 and 1 / 1'V^-1 1.

    R has the eigenvalue 1 + (k - 1) rho in the direction (1, ..., 1) and 1 - rho across it. With
    a = 1/s and b = y/s, of means A and B, therefore

        1'V^-1 1 = sum (a - A)^2 / (1 - rho) + k A^2 / (1 + (k - 1) rho),

    and 1'V^-1 y the same with products; no matrix is inverted and nothing cancels near rho = 1.
    y is first measured from its first element, and a relative to the largest.
    """
    k = y.size
    unit = np.sqrt(v.min())
    mean_a = 0.0
    mean_b = 0.0
    for i in range(k):
        a = unit / np.sqrt(v[i])
        mean_a += a / k
        mean_b += a * (y[i] - y[0]) / k
    across = 0.0
    across_y = 0.0
    for i in range(k):
        a = unit / np.sqrt(v[i])
        across += (a - mean_a) ** 2
        across_y += (a - mean_a) * (a * (y[i] - y[0]) - mean_b)
    along = k / (1.0 + (k - 1.0) * rho)
    total = across / (1.0 - rho) + along * mean_a * mean_a
    weighted = across_y / (1.0 - rho) + along * mean_a * mean_b
    return y[0] + weighted / total, unit * unit / total
