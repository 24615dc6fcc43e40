"""leave_one_out and cumulative: the meta-analysis without each study, and study by study."""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA
from python_udfs.kernels.lists import Lists, Pairs, complete_pairs
from python_udfs.kernels.pooling.arguments import pool_arguments
from python_udfs.kernels.pooling.options import NEED_STUDIES, PI_OF_KR
from python_udfs.kernels.sensitivity.many_fits import (
    FEWEST,
    pool_many,
    up_to_each,
    without_each,
)
from python_udfs.kernels.sensitivity.refit import (
    Refits,
    at_positions,
    merged,
    refit,
    row_status,
    rows_of,
)

FIELDS = (
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "statistic",
    "p_value",
    "tau2",
    "q",
    "q_p",
    "i2_q",
    "i2_tau2",
    "pi_low",
    "pi_high",
)


def leave_one_out(yi: Lists, vi: Lists, tau2_method, ci_method, pi_method, ci_level):
    """Each meta-analysis without one study at a time. Returns k, status, statuses, then FIELDS.

    Element i of each list is what ``pool`` gives, under the same options, for all studies but the
    i-th. Two studies leave one: its own normal interval and no heterogeneity. Long lists are fitted
    from running sums (``many_fits.py``). Checked against metafor's leave1out, 1e-8.
    """
    options = pool_arguments(
        tau2_method, ci_method=ci_method, pi_method=pi_method, ci_level=ci_level
    )
    pairs, k, refits = refit_without_each(yi, vi, options)
    k, status, *lists = _per_study(yi, pairs, k, refits)
    codes = np.full(yi.values.size, NO_DATA)
    codes[pairs.position] = refits.fits.status
    return k, status, Lists(codes, yi.offsets, lists[0].is_null), *lists


def refit_without_each(yi, vi, options):
    """(pairs, k, refits): the fits of each row without each of its complete pairs."""
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    left = np.repeat(k - 1, k)
    return pairs, k, _refits(_without_each, without_each, pairs, k * (k - 1), left, options)


def _refits(make_lists, make_fits, pairs: Pairs, sizes, left, options) -> Refits:
    """One fit per pair: of rows of many studies from running sums, of the others by ``pool``."""
    k = np.diff(pairs.offsets)
    ci_method, pi_method = options[1], options[2]
    is_long = (k >= FEWEST) & ~np.isin(ci_method, NEED_STUDIES) & ~np.isin(pi_method, PI_OF_KR)
    short = refit(make_lists, rows_of(pairs, ~is_long), *_where(~is_long, k, sizes), options)
    if not is_long.any():
        return short
    of_long = np.repeat(is_long, k)
    chosen = [np.repeat(option, k)[of_long] for option in options]
    fits = pool_many(make_fits, rows_of(pairs, is_long), left[of_long], chosen)
    return Refits(merged(of_long, fits, short.fits), np.concatenate([[0], np.cumsum(k)]))


def _where(rows, *counts):
    return (np.where(rows, count, 0) for count in counts)


def cumulative(yi: Lists, vi: Lists, tau2_method, ci_method, pi_method, ci_level):
    """Each row's meta-analysis study by study, in list order. Returns k, status, then FIELDS.

    Element i is what ``pool`` gives for the studies up to the i-th; the first is one study with its
    own normal interval. Checked against metafor's cumul, 1e-8.
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    options = pool_arguments(
        tau2_method, ci_method=ci_method, pi_method=pi_method, ci_level=ci_level
    )
    studies = np.arange(k.sum()) - np.repeat(pairs.offsets[:-1], k) + 1
    refits = _refits(_up_to_each, up_to_each, pairs, k * (k + 1) // 2, studies, options)
    return _per_study(yi, pairs, k, refits, fewest=1)


def _per_study(yi, pairs: Pairs, k, refits, fewest=2):
    status = row_status(k, refits, fewest)
    values = (getattr(refits.fits, name) for name in FIELDS)
    lists = (at_positions(value, pairs, yi, status) for value in values)
    return k.astype(np.int32), status, *lists


@jit
def _without_each(y, v, offsets, first_row):
    size = 0
    for row in range(offsets.size - 1):
        k = offsets[row + 1] - offsets[row]
        size += k * (k - 1)
    out_y, out_v = np.empty(size), np.empty(size)
    out_offsets = np.zeros(y.size + 1, np.int64)
    n = 0
    for row in range(offsets.size - 1):
        for left_out in range(offsets[row], offsets[row + 1]):
            for i in range(offsets[row], offsets[row + 1]):
                if i != left_out:
                    out_y[n], out_v[n] = y[i], v[i]
                    n += 1
            out_offsets[left_out + 1] = n
    return out_y, out_v, out_offsets


@jit
def _up_to_each(y, v, offsets, first_row):
    size = 0
    for row in range(offsets.size - 1):
        k = offsets[row + 1] - offsets[row]
        size += k * (k + 1) // 2
    out_y, out_v = np.empty(size), np.empty(size)
    out_offsets = np.zeros(y.size + 1, np.int64)
    n = 0
    for row in range(offsets.size - 1):
        for last in range(offsets[row], offsets[row + 1]):
            for i in range(offsets[row], last + 1):
                out_y[n], out_v[n] = y[i], v[i]
                n += 1
            out_offsets[last + 1] = n
    return out_y, out_v, out_offsets
