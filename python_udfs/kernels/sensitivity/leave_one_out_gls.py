"""leave_one_out_gls: the pool of correlated effects without each of them."""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, SINGLE_STUDY
from python_udfs.kernels.lists import Lists, Tables
from python_udfs.kernels.pooling.moments import most_precise
from python_udfs.kernels.pooling.running_contrasts import Contrasts, Exchange, grid_of_contrasts
from python_udfs.kernels.pooling.running_sums import empty_grid
from python_udfs.kernels.pooling.running_tau2 import (
    exchanged_studies,
    running_tau2,
    sums_of,
    weight_spread,
)
from python_udfs.kernels.regression.blocks import (
    blocks_of_matrix,
    decompose,
    members_of,
    rotate,
    square,
)
from python_udfs.kernels.regression.downdate import without_one
from python_udfs.kernels.regression.options import CE, DL, GLS_TAU2_CI_NONE, PM, REML
from python_udfs.kernels.regression.pairs import complete_correlated, decompose_row
from python_udfs.kernels.regression.pool_gls import (
    Options,
    fit_contrasts,
    no_fits,
    numbers_of,
)
from python_udfs.kernels.sensitivity.leave_one_out import FIELDS
from python_udfs.kernels.sensitivity.many_fits import FEWEST
from python_udfs.kernels.sensitivity.refit import worst_of

RUNNING = (REML, DL, PM, CE)
"""Estimators whose fits of many effects come from running sums; ``pool`` has the same codes."""

MOST_EXCHANGED = 0.25
"""Share of the effects up to which exchanging a block is quicker than summing over all."""


def leave_one_out_gls(
    yi: Lists,
    vi: Lists,
    correlations: Tables,
    default_correlation,
    tau2_method,
    ci_method,
    pi_method,
    ci_level,
):
    """Each row's pool without one effect at a time. Returns k, status, statuses, then FIELDS.

    Element i of each list is what ``pool_gls_pairs`` gives for all effects but the i-th, whose
    correlations go with it. The covariance matrix is decomposed once, and each effect taken out of
    the decomposition (``regression/downdate.py``): leaving out all of k correlated effects takes
    the time of a few decompositions, not of k. A block that is not positive definite is decomposed
    anew without the effect. Checked against ``pool_gls`` of the reduced matrices, 1e-12; many
    effects in small blocks are fitted from running sums (``running_contrasts.py``), 1e-10.
    """
    effects = complete_correlated(yi, vi, correlations)
    k = np.diff(effects.offsets)
    left = np.repeat(k - 1, k)
    given = (tau2_method, ci_method, pi_method, ci_level)
    options = Options(
        *(np.repeat(option, k) for option in given), np.full(left.size, GLS_TAU2_CI_NONE)
    )
    fits = _fit_without_each(effects, default_correlation, *options.of_fits(left))
    statuses, numbers = numbers_of(left, fits, options)
    status = worst_of(statuses, effects.offsets)
    status = np.where(k == 1, SINGLE_STUDY, np.where(k == 0, NO_DATA, status))
    is_null = (status == NO_DATA) | (status == SINGLE_STUDY)
    values = (numbers[name] for name in FIELDS)
    lists = (_placed(value, effects.position, yi, is_null) for value in values)
    codes = np.full(yi.values.size, NO_DATA)
    codes[effects.position] = statuses
    return k.astype(np.int32), status, Lists(codes, yi.offsets, is_null), *lists


def _placed(values, position, yi, is_null):
    placed = np.full(yi.values.size, np.nan)
    placed[position] = values
    return Lists(placed, yi.offsets, is_null)


@jit
def _fit_without_each(effects, default, method, has_limits, targets):
    fits = no_fits(effects.y.size, 0)
    for row in range(effects.offsets.size - 1):
        first, stop = effects.offsets[row], effects.offsets[row + 1]
        if stop - first > 1:
            whole = decompose_row(effects, row, default[row])
            y, v = effects.y[first:stop], effects.v[first:stop]
            _fit_row(fits, first, y, v, whole, method, has_limits, targets)
    return fits


@jit
def _fit_row(fits, first, y, v, whole, method, has_limits, targets):
    if whole.blocks.is_too_large:
        fits.is_too_large[first : first + y.size] = True
        return
    if not whole.are_definite.all():
        _fit_anew(fits, first, y, v, whole, method, has_limits, targets)
        return
    ones = rotate(whole.vectors, np.ones(y.size))
    centre, second = _two_most_precise(v)
    contrasts = rotate(whole.vectors, y - y[centre])
    second_contrasts = rotate(whole.vectors, y - y[second])
    highest = 2.0 * ((contrasts * contrasts).sum() / max(1.0, y.size - 2.0) + whole.values.max())
    is_long = y.size >= FEWEST and method[first] in RUNNING and math.isfinite(highest)
    grid = empty_grid(1.0, 0.0)
    if is_long:
        grid = grid_of_contrasts(Contrasts(contrasts, ones, whole.values), highest)
    for block in range(whole.are_definite.size):
        members, u = members_of(whole.vectors, block), square(whole.vectors, block)
        for place in range(members.size):
            omitted = members[place]
            middle, z = (
                (y[second], second_contrasts) if omitted == centre else (y[centre], contrasts)
            )
            values, z_left, ones_left = without_one(
                whole.values[members],
                u[place],
                z[members] - (y[omitted] - middle) * u[place],
                ones[members] - u[place],
            )
            if is_long and omitted != centre and members.size <= MOST_EXCHANGED * y.size:
                gone = Contrasts(contrasts[members], ones[members], whole.values[members])
                exchange = Exchange(gone, Contrasts(z_left, ones_left, values))
                if _fit_exchanged(
                    fits, first + omitted, middle, grid, y.size - 1, exchange, method
                ):
                    continue
            fit_contrasts(
                fits,
                first + omitted,
                _others(y, omitted),
                middle,
                _joined(z, members, z_left),
                _joined(ones, members, ones_left),
                _joined(whole.values, members, values),
                method,
                has_limits,
                targets,
            )


@jit
def _fit_exchanged(fits, row, middle, grid, k, exchange, method):
    """Write the fit of all contrasts but one block's; False where its sums are not exact."""
    studies = exchanged_studies(k, exchange)
    tau2 = running_tau2(method[row], grid, studies, math.nan)
    at_tau2, at_zero = sums_of(grid, studies, tau2), sums_of(grid, studies, 0.0)
    if not (at_tau2.is_exact and at_zero.is_exact):
        return False
    fits.tau2[row] = tau2
    fits.estimate[row] = middle + at_tau2.mean
    fits.se_classic[row] = math.sqrt(at_tau2.unit / at_tau2.total)
    fits.q[row] = at_zero.squares / at_zero.unit
    fits.q_at_tau2[row] = at_tau2.squares / at_tau2.unit
    fits.typical_variance[row] = (k - 1.0) / weight_spread(at_zero)
    return True


@jit
def _fit_anew(fits, first, y, v, whole, method, has_limits, targets):
    """Each fit from a decomposition of its own, as the whole has none."""
    matrix = np.zeros((y.size, y.size))
    for block in range(whole.are_definite.size):
        members, values = members_of(whole.blocks, block), square(whole.blocks, block)
        for i in range(members.size):
            for j in range(members.size):
                matrix[members[i], members[j]] = values[i, j]
    for omitted in range(y.size):
        kept = _others(np.arange(y.size), omitted)
        left = decompose(blocks_of_matrix(matrix[kept][:, kept]))
        fits.is_definite[first + omitted] = left.are_definite.all()
        if fits.is_definite[first + omitted]:
            middle = y[kept[most_precise(v[kept])]]
            fit_contrasts(
                fits,
                first + omitted,
                y[kept],
                middle,
                rotate(left.vectors, y[kept] - middle),
                rotate(left.vectors, np.ones(kept.size)),
                left.values,
                method,
                has_limits,
                targets,
            )


@jit
def _two_most_precise(v):
    best = most_precise(v)
    second = most_precise(_others(v, best))
    return best, second + (second >= best)


@jit
def _others(values, omitted):
    return np.concatenate((values[:omitted], values[omitted + 1 :]))


@jit
def _joined(values, members, of_block):
    """The values of all blocks, those of one block replaced."""
    is_other = np.ones(values.size, np.bool_)
    is_other[members] = False
    return np.concatenate((values[is_other], of_block))
