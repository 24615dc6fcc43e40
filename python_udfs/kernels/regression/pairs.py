"""Effects of which some pairs are correlated, checked, without the effects that are missing."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.faults import refuse
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import OUT_OF_RANGE, REPEATED_PAIR
from python_udfs.kernels.lists import Lists, Tables, complete_pairs
from python_udfs.kernels.regression.blocks import blocks_of_pairs, decompose

WIDTH = 3


class CorrelatedEffects(NamedTuple):
    """Complete effects of each row, flat, and the correlations of each row, flat.

    ``first`` and ``second`` count the complete effects of a row from 0; ``position`` is where each
    effect stood among the values of all lists.
    """

    y: np.ndarray
    v: np.ndarray
    offsets: np.ndarray
    position: np.ndarray
    first: np.ndarray
    second: np.ndarray
    correlation: np.ndarray
    starts: np.ndarray


def complete_correlated(yi: Lists, vi: Lists, correlations: Tables) -> CorrelatedEffects:
    """Effects with a variance, and the correlations [i, j, r] between them.

    A NULL list, of whatever argument, is a row without data. A row is at fault, at the position of
    the list in ``correlations``, when one is not two positions of the list, counted from 1, and a
    number from -1 to 1, or when a pair stands there twice.
    """
    no_data = yi.is_null | vi.is_null | correlations.is_null
    pairs = complete_pairs(yi._replace(is_null=no_data), vi)
    listed = read_pairs(correlations, np.diff(yi.offsets), no_data)
    kept = np.full(yi.values.size, -1, np.int64)
    kept[pairs.position] = np.arange(pairs.position.size) - np.repeat(
        pairs.offsets[:-1], np.diff(pairs.offsets)
    )
    starts_of_rows = np.repeat(yi.offsets[:-1], np.diff(listed.starts))
    first, second = kept[starts_of_rows + listed.first], kept[starts_of_rows + listed.second]
    is_kept = (first >= 0) & (second >= 0)
    counts = np.concatenate([[0], np.cumsum(is_kept)])
    return CorrelatedEffects(
        pairs.y,
        pairs.v,
        pairs.offsets,
        pairs.position,
        first[is_kept],
        second[is_kept],
        listed.correlation[is_kept],
        counts[listed.starts],
    )


class ListedPairs(NamedTuple):
    """Correlated pairs of all rows, positions counted from 0; those of row i from ``starts[i]``."""

    first: np.ndarray
    second: np.ndarray
    correlation: np.ndarray
    starts: np.ndarray


def read_pairs(correlations: Tables, lengths, no_data) -> ListedPairs:
    """The correlations of rows with data, which have lists of ``lengths``; faults as above."""
    widths = np.diff(correlations.inner.offsets)
    _refuse(widths != WIDTH, correlations)
    columns = correlations.inner.values.reshape(-1, WIDTH).T
    counts = np.diff(correlations.offsets)
    longest = np.repeat(np.where(no_data, np.inf, lengths), counts)
    first, second = columns[:2]
    are_positions = (first >= 1) & (first <= longest) & (first == np.floor(first))
    are_positions &= (second >= 1) & (second <= longest) & (second == np.floor(second))
    _refuse(~are_positions | (first == second), correlations)
    _refuse(~(np.abs(columns[2]) <= 1.0), correlations)
    rows = np.repeat(np.arange(lengths.size), counts)
    keys = np.stack([rows, np.minimum(first, second), np.maximum(first, second)])
    order = np.lexsort(keys[::-1])
    repeated = np.zeros(rows.size, bool)
    repeated[order[1:]] = (np.diff(keys[:, order], axis=1) == 0).all(axis=0)
    _refuse(repeated, correlations, REPEATED_PAIR)
    has_data = ~no_data[rows]
    starts = np.concatenate([[0], np.cumsum(np.where(no_data, 0, counts))])
    first, second = (column[has_data].astype(np.int64) - 1 for column in (first, second))
    return ListedPairs(first, second, columns[2][has_data], starts)


def _refuse(wrong, correlations, status=OUT_OF_RANGE):
    found = np.flatnonzero(wrong)
    rows = np.searchsorted(correlations.offsets, found, side="right") - 1
    refuse(rows, found - correlations.offsets[rows] + 1, status)


@jit
def decompose_row(effects, row, default):
    """Decomposition of the covariance matrix of one row."""
    start, stop = effects.starts[row], effects.starts[row + 1]
    return decompose(
        blocks_of_pairs(
            effects.v[effects.offsets[row] : effects.offsets[row + 1]],
            effects.first[start:stop],
            effects.second[start:stop],
            effects.correlation[start:stop],
            default,
        )
    )


@jit
def is_same_matrix(effects, row, other, default):
    """Whether two rows have one covariance matrix."""
    start, stop = effects.starts[row], effects.starts[row + 1]
    other_start, other_stop = effects.starts[other], effects.starts[other + 1]
    return (
        default[row] == default[other]
        and np.array_equal(
            effects.v[effects.offsets[row] : effects.offsets[row + 1]],
            effects.v[effects.offsets[other] : effects.offsets[other + 1]],
        )
        and np.array_equal(effects.first[start:stop], effects.first[other_start:other_stop])
        and np.array_equal(effects.second[start:stop], effects.second[other_start:other_stop])
        and np.array_equal(
            effects.correlation[start:stop], effects.correlation[other_start:other_stop]
        )
    )
