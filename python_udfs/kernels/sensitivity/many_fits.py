"""Fits of many studies without each of them, or study by study, in one pass over the sums.

The number of steps grows with k, not with k^2. Fits agree with ``pool`` of the studies themselves
to 1e-10 relative; where digits would cancel (a study that is nearly all of a sum) that fit is made
from the studies.
"""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.maximum import falls_beyond
from python_udfs.kernels.pooling.moments import (
    centre_groups,
    generalised_q,
    mean_and_q,
    span,
    typical_variance,
    weighted_mean,
)
from python_udfs.kernels.pooling.pool import Fit, Pooled, checked, numbers_of
from python_udfs.kernels.pooling.running_sums import add_study, empty_grid
from python_udfs.kernels.pooling.running_tau2 import (
    Studies,
    running_tau2,
    sums_of,
    weight_spread,
)
from python_udfs.kernels.pooling.tau2 import estimate_tau2
from python_udfs.kernels.tails import chi2_quantile

FEWEST = 200
"""Below it a fit from the studies is as fast, and its result the same to the last digit."""

NOT_EXACT = (math.nan,) * len(Fit._fields)


def pool_many(make_fits, pairs, left, options) -> Pooled:
    """What ``pool`` gives, without weights, for fits of ``left`` studies each, one per pair.

    ``make_fits`` is ``without_each`` or ``up_to_each``. ``options`` are those of ``pool``, one per
    fit; no interval of the mean that needs the studies (``NEED_STUDIES``, ``PI_OF_KR``), and none
    of tau2.
    """
    median = chi2_quantile(np.full(left.size, 0.5), np.maximum(left - 1, 0))
    centred, centres = centre_groups(pairs.y, pairs.v, pairs.offsets)
    fit = Fit(*make_fits(centred, pairs.v, pairs.offsets, options[0], median))
    fit = fit._replace(estimate=fit.estimate + np.repeat(centres, np.diff(pairs.offsets)))
    fit, status = checked(left, fit)
    status, numbers = numbers_of(None, left, None, fit, status, *options)
    return Pooled(k=left.astype(np.int32), status=status, **numbers, weights=None)


@jit
def without_each(y, v, offsets, method, median):
    out = np.full((len(NOT_EXACT), y.size), np.nan)
    for row in range(offsets.size - 1):
        start, stop = offsets[row], offsets[row + 1]
        group_y, group_v = y[start:stop], v[start:stop]
        k = stop - start
        if k == 0:
            continue
        grid = empty_grid(group_v.min(), _highest(group_y, group_v, k - 1))
        for i in range(k):
            add_study(grid, group_y[i], group_v[i])
        mean, mean_v = group_y.mean(), group_v.mean()
        deviations = ((group_y - mean) ** 2).sum()
        for i in range(k):
            left = deviations - (group_y[i] - mean) ** 2 * k / (k - 1.0)
            others_v = mean_v + (mean_v - group_v[i]) / (k - 1.0)
            studies = Studies(k - 1, left, others_v, True, group_y[i], group_v[i], None)
            fit = _fit(method[start + i], grid, studies, median[start + i])
            if math.isnan(fit[1]) or left < 1e-4 * deviations or others_v < 1e-4 * mean_v:
                others = np.arange(k) != i
                fit = _fit_studies(
                    method[start + i], group_y[others], group_v[others], median[start + i]
                )
            _place(out, start + i, fit)
    return out[0], out[1], out[2], out[3], out[4], out[5]


@jit
def up_to_each(y, v, offsets, method, median):
    out = np.full((len(NOT_EXACT), y.size), np.nan)
    for row in range(offsets.size - 1):
        start, stop = offsets[row], offsets[row + 1]
        group_y, group_v = y[start:stop], v[start:stop]
        if stop == start:
            continue
        grid = empty_grid(group_v.min(), _highest_of_all(group_y, group_v))
        mean = mean_v = deviations = 0.0
        for i in range(stop - start):
            add_study(grid, group_y[i], group_v[i])
            k = i + 1
            residual = group_y[i] - mean
            mean += residual / k
            deviations += residual * (group_y[i] - mean)
            mean_v += (group_v[i] - mean_v) / k
            fit = NOT_EXACT
            if k >= FEWEST:
                studies = Studies(k, deviations, mean_v, False, 0.0, 1.0, None)
                fit = _fit(method[start + i], grid, studies, median[start + i])
            if math.isnan(fit[1]):
                fit = _fit_studies(method[start + i], group_y[:k], group_v[:k], median[start + i])
            _place(out, start + i, fit)
    return out[0], out[1], out[2], out[3], out[4], out[5]


@jit
def _highest(y, v, k):
    """A tau2 above what any estimator but a moment one gives for ``k`` of these studies."""
    smallest, largest, squares = span(y, v)
    return max(falls_beyond(smallest, largest, squares, k), 2.0 * squares / max(1.0, k - 2.0))


@jit
def _highest_of_all(y, v):
    """The same for the studies up to each, from ``FEWEST`` on."""
    smallest, largest = v.min(), v.max()
    mean = squares = highest = 0.0
    for i in range(y.size):
        residual = y[i] - mean
        mean += residual / (i + 1)
        squares += residual * (y[i] - mean)
        if i + 1 >= FEWEST:
            highest = max(highest, falls_beyond(smallest, largest, squares, i + 1))
            highest = max(highest, 2.0 * squares / (i - 1.0))
    return highest


@jit
def _fit(method, grid, studies, median):
    """(estimate, se, tau2, q, q at tau2, typical variance); NaN where a sum is not exact."""
    tau2 = running_tau2(method, grid, studies, median)
    at_tau2, at_zero = sums_of(grid, studies, tau2), sums_of(grid, studies, 0.0)
    if not (at_tau2.is_exact and at_zero.is_exact):
        return NOT_EXACT
    return (
        at_tau2.mean,
        math.sqrt(at_tau2.unit / at_tau2.total),
        tau2,
        at_zero.squares / at_zero.unit,
        at_tau2.squares / at_tau2.unit,
        (studies.k - 1.0) / weight_spread(at_zero),
    )


@jit
def _fit_studies(method, y, v, median):
    """The same from the studies themselves, as ``pool`` does."""
    if y.size < 2:
        return y[0], math.sqrt(v[0]), math.nan, math.nan, math.nan, math.nan
    centre, _, _ = weighted_mean(y, v, 0.0)
    y = y - centre
    tau2, _ = estimate_tau2(method, y, v, median)
    mean, total, unit, at_tau2 = mean_and_q(y, v, tau2)
    q = generalised_q(y, v, 0.0)
    return centre + mean, math.sqrt(unit / total), tau2, q, at_tau2, typical_variance(v)


@jit
def _place(out, at, fit):
    for field in range(len(NOT_EXACT)):
        out[field, at] = fit[field]
