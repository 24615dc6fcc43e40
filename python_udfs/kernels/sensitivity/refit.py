"""Pooling of many lists made from one: each row's studies, taken out, added up or changed."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from python_udfs.kernels.labels import (
    LOW_DF,
    NO_DATA,
    NO_VARIATION,
    NOT_CONVERGED,
    NOT_POSITIVE_DEFINITE,
    OK,
    SINGLE_STUDY,
    TOO_MANY_EFFECTS,
)
from python_udfs.kernels.lists import Lists, Pairs
from python_udfs.kernels.pooling.pool import Pooled, pool

MOST_ELEMENTS = 2**22


class Refits(NamedTuple):
    """The fits of all rows, one after the other, and where those of each row begin."""

    fits: Pooled
    offsets: np.ndarray


def refit(make_lists, pairs: Pairs, counts, sizes, options) -> Refits:
    """Pool the lists that ``make_lists(y, v, offsets, first_row)`` makes of each row.

    ``counts`` is how many lists each row gives, ``sizes`` how many elements they hold together.
    ``make_lists`` returns flat y, v and the offsets of the new lists. Rows go in blocks, so that
    memory stays bounded by the longest row.
    """
    parts = []
    for start, stop in _blocks(sizes):
        first, last = pairs.offsets[start], pairs.offsets[stop]
        offsets = pairs.offsets[start : stop + 1] - first
        y, v, at = make_lists(pairs.y[first:last], pairs.v[first:last], offsets, start)
        given = np.zeros(at.size - 1, bool)
        repeated = [np.repeat(option[start:stop], counts[start:stop]) for option in options]
        parts.append(pool(Lists(y, at, given), Lists(v, at, given), *repeated))
    fields = zip(*(part[:-1] for part in parts), strict=True)
    fits = Pooled(*(np.concatenate(field) for field in fields), weights=None)
    return Refits(fits, np.concatenate([[0], np.cumsum(counts)]))


def rows_of(pairs: Pairs, rows) -> Pairs:
    """``pairs`` without those of the other rows, which stay as rows without any."""
    lengths = np.diff(pairs.offsets)
    kept = np.repeat(rows, lengths)
    offsets = np.concatenate([[0], np.cumsum(np.where(rows, lengths, 0))])
    return Pairs(pairs.y[kept], pairs.v[kept], offsets, pairs.position[kept])


def merged(is_first, first: Pooled, second: Pooled) -> Pooled:
    """The fits of ``first`` where ``is_first``, of ``second`` elsewhere, each in its order."""
    fields = []
    for one, other in zip(first[:-1], second[:-1], strict=True):
        field = np.empty(is_first.size, one.dtype)
        field[is_first], field[~is_first] = one, other
        fields.append(field)
    return Pooled(*fields, weights=None)


def _blocks(sizes):
    """(start, stop) of consecutive rows that together hold about MOST_ELEMENTS elements."""
    if sizes.size == 0:
        return [(0, 0)]
    block = np.cumsum(sizes) // MOST_ELEMENTS
    edges = np.flatnonzero(np.diff(block, prepend=-1, append=-1))
    return pairwise(edges)


def row_status(k, refits: Refits, fewest=2):
    """Status of each row: too few studies, or the worst one of its fits."""
    status = worst_status(refits)
    status = np.where(k < fewest, SINGLE_STUDY, status)
    return np.where(k == 0, NO_DATA, status)


def worst_status(refits: Refits):
    """The worst status of the fits of each row."""
    return worst_of(refits.fits.status, refits.offsets)


REASONS = (NO_VARIATION, LOW_DF, NOT_CONVERGED, NOT_POSITIVE_DEFINITE, TOO_MANY_EFFECTS)
"""From the least to the gravest."""


def worst_of(statuses, offsets):
    """The gravest of ``REASONS`` that a fit of each row has, else ok."""
    status = np.full(offsets.size - 1, OK)
    for reason in REASONS:
        found = np.concatenate([[0], np.cumsum(statuses == reason)])
        status = np.where(np.diff(found[offsets]) > 0, reason, status)
    return status


def at_positions(values, pairs: Pairs, yi: Lists, status) -> Lists:
    """One value per complete pair, at the positions of the input list; NULL for incomplete ones."""
    placed = np.full(yi.values.size, np.nan)
    placed[pairs.position] = values
    return Lists(placed, yi.offsets, (status == NO_DATA) | (status == SINGLE_STUDY))
