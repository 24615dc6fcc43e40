"""Studies with an effect, its variance and every moderator: what a regression is fitted to."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.faults import refuse
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import LENGTHS_DIFFER, OUT_OF_RANGE
from python_udfs.kernels.lists import Lists, Pairs, Tables, complete_pairs
from python_udfs.kernels.options import NOT_GIVEN


class Designs(NamedTuple):
    """Complete studies of each row, and their design matrices, flat.

    The matrix of row i stands in ``values[starts[i]:starts[i + 1]]``, study by study, with
    ``columns[i]`` coefficients: the intercept, if there is one, then the moderators in order.
    """

    pairs: Pairs
    values: np.ndarray
    starts: np.ndarray
    columns: np.ndarray


def complete_designs(yi: Lists, vi: Lists, x: Tables, has_intercept) -> Designs:
    """Designs without the studies that lack an effect, a variance or a moderator.

    ``x`` holds one list per moderator, each with one value per study. A NULL moderator is missing
    for every study. A row is at fault with a moderator of another length than ``yi``, at the
    position of that moderator, and when neither an intercept nor a moderator is there to estimate.
    """
    _check_lengths(yi, x)
    moderators = np.where(yi.is_null | vi.is_null | x.is_null, 0, np.diff(x.offsets))
    is_complete = _complete_studies(yi.offsets, x.inner, x.offsets[:-1], moderators)
    effects = yi._replace(
        values=np.where(is_complete, yi.values, np.nan), is_null=yi.is_null | x.is_null
    )
    pairs = complete_pairs(effects, vi)
    columns = moderators + has_intercept
    nothing = np.flatnonzero((columns == 0) & (np.diff(pairs.offsets) > 0))
    refuse(nothing, np.full(nothing.size, NOT_GIVEN), OUT_OF_RANGE)
    starts = np.concatenate([[0], np.cumsum(columns * np.diff(pairs.offsets))])
    values = _design_values(pairs, yi.offsets, x.inner, x.offsets[:-1], moderators, columns, starts)
    return Designs(pairs, values, starts, columns)


def _check_lengths(yi, x):
    rows = np.repeat(np.arange(x.is_null.size), np.diff(x.offsets))
    lengths = np.diff(x.inner.offsets)
    expected = np.diff(yi.offsets)[rows]
    counts = ~(x.inner.is_null | yi.is_null[rows])
    wrong = np.flatnonzero(counts & (lengths != expected))
    refuse(rows[wrong], wrong - x.offsets[rows[wrong]] + 1, LENGTHS_DIFFER)


@jit
def _complete_studies(y_offsets, inner, first, moderators):
    """Whether every moderator of a study is finite, for each element of yi."""
    out = np.ones(y_offsets[-1], np.bool_)
    for row in range(moderators.size):
        for m in range(first[row], first[row] + moderators[row]):
            for i in range(y_offsets[row], y_offsets[row + 1]):
                at = inner.offsets[m] + i - y_offsets[row]
                if inner.is_null[m] or not np.isfinite(inner.values[at]):
                    out[i] = False
    return out


@jit
def _design_values(pairs, y_offsets, inner, first, moderators, columns, starts):
    out = np.ones(starts[-1])
    for row in range(columns.size):
        at = starts[row]
        for i in range(pairs.offsets[row], pairs.offsets[row + 1]):
            at += columns[row] - moderators[row]
            for m in range(first[row], first[row] + moderators[row]):
                out[at] = inner.values[inner.offsets[m] + pairs.position[i] - y_offsets[row]]
                at += 1
    return out
