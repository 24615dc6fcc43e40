"""Lists as flat values with offsets, and pairs of lists without their incomplete elements."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.faults import refuse
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import LENGTHS_DIFFER, OUT_OF_RANGE


class Lists(NamedTuple):
    """One list per row: ``values[offsets[i]:offsets[i + 1]]``; NULL elements are NaN."""

    values: np.ndarray
    offsets: np.ndarray
    is_null: np.ndarray


class Tables(NamedTuple):
    """One list of lists per row: ``inner`` holds them all, row i those from offsets[i]."""

    inner: Lists
    offsets: np.ndarray
    is_null: np.ndarray


class Labels(NamedTuple):
    """One list of labels per row, as codes (equal labels, equal codes); NULL elements are -1.

    ``texts`` are the labels of the codes, for a kernel to hand back as ``Coded``.
    """

    codes: np.ndarray
    offsets: np.ndarray
    is_null: np.ndarray
    texts: object = None


class Coded(NamedTuple):
    """Labels to return: codes, -1 for NULL, with the ``texts`` that came with ``Labels``."""

    codes: np.ndarray
    texts: object


class Texts(NamedTuple):
    """Texts, one after the other as ASCII characters, and the length of each."""

    characters: np.ndarray
    lengths: np.ndarray


class Pairs(NamedTuple):
    """Complete pairs (y, v) of each row, flat, and where each stood in the input list."""

    y: np.ndarray
    v: np.ndarray
    offsets: np.ndarray
    position: np.ndarray


class Columns(NamedTuple):
    """Complete elements of several lists per row: ``values[c]`` is column c, flat."""

    values: np.ndarray
    offsets: np.ndarray
    position: np.ndarray


def complete_columns(lists: tuple[Lists, ...], positive) -> Columns:
    """Elements that are finite in every list; the others are dropped from all of them.

    A row in which a list is NULL has no data. ``positive`` says of each list whether its elements
    must be above 0; a row with one that is not is at fault, as one with lists of different length.
    """
    for one in lists[1:]:
        check_lengths(lists[0], one)
    no_data = np.any([one.is_null for one in lists], axis=0)
    counts = np.where(no_data, 0, np.diff(lists[0].offsets))
    positive = np.array(positive)
    values = np.concatenate([one.values for one in lists])
    before = np.cumsum([0] + [one.values.size for one in lists[:-1]])
    starts = np.array([one.offsets[:-1] for one in lists]) + before[:, np.newaxis]
    columns = Columns(*_compact_columns(values, starts, counts, positive))
    are_positive = (columns.values[positive] > 0.0).all(axis=0)
    refuse_elements(~are_positive, columns.offsets, columns.position + 1)
    return columns


def refuse_elements(wrong, offsets, positions) -> None:
    """The rows with ``wrong`` elements are at fault; ``positions`` count in the list as given."""
    found = np.flatnonzero(wrong)
    rows = np.searchsorted(offsets, found, side="right") - 1
    refuse(rows, positions[found], OUT_OF_RANGE)


def complete_pairs(y: Lists, v: Lists) -> Pairs:
    """Pairs in which both elements are finite; an element without its partner is dropped.

    A NULL list is a row without data. A row with lists of different length, or with a ``v`` that is
    not positive, is at fault.
    """
    check_lengths(y, v)
    *pairs, has_wrong = _compact(*y, *v)
    pairs = Pairs(*pairs)
    if has_wrong:
        starts = np.repeat(y.offsets[:-1], np.diff(pairs.offsets))
        refuse_elements(~(pairs.v > 0.0), pairs.offsets, pairs.position - starts + 1)
    return pairs


def check_lengths(one, other) -> None:
    """Rows whose lists (or labels), neither NULL, differ in length are at fault.

    The position is that of the first element without a partner.
    """
    length, other_length = np.diff(one.offsets), np.diff(other.offsets)
    differ = (length != other_length) & ~one.is_null & ~other.is_null
    rows = np.flatnonzero(differ)
    refuse(rows, np.minimum(length, other_length)[rows] + 1, LENGTHS_DIFFER)


@jit
def _compact(y, y_offsets, y_is_null, v, v_offsets, v_is_null):
    """The fields of ``Pairs``, and whether there is a variance among them that is not positive."""
    rows = y_is_null.size
    out_y, out_v = np.empty(y.size), np.empty(y.size)
    position = np.empty(y.size, np.int64)
    offsets = np.zeros(rows + 1, np.int64)
    n, has_wrong = 0, False
    for row in range(rows):
        if not (y_is_null[row] or v_is_null[row]):
            shift = v_offsets[row] - y_offsets[row]
            for i in range(y_offsets[row], y_offsets[row + 1]):
                effect, variance = y[i], v[i + shift]
                if np.isfinite(effect) and (np.isfinite(variance) or variance < 0.0):
                    has_wrong |= not variance > 0.0
                    out_y[n], out_v[n], position[n] = effect, variance, i
                    n += 1
        offsets[row + 1] = n
    return out_y[:n], out_v[:n], offsets, position[:n], has_wrong


@jit
def _compact_columns(values, starts, counts, positive):
    size = counts.sum()
    out = np.empty((positive.size, size))
    position = np.empty(size, np.int64)
    offsets = np.zeros(counts.size + 1, np.int64)
    n = 0
    for row in range(counts.size):
        for i in range(counts[row]):
            complete = True
            for column in range(positive.size):
                element = values[starts[column, row] + i]
                is_wrong = positive[column] and element < 0.0
                complete &= np.isfinite(element) or is_wrong
                out[column, n] = element
            if complete:
                position[n] = i
                n += 1
        offsets[row + 1] = n
    return out[:, :n], offsets, position[:n]
