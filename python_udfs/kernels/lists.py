"""Lists as flat values with offsets, and pairs of lists without their incomplete elements."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit


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


def complete_columns(lists: tuple[Lists, ...], names: tuple[str, ...], positive) -> Columns:
    """Elements that are finite in every list; the others are dropped from all of them.

    A row in which a list is NULL has no data. ``positive`` says of each list whether its elements
    must be above 0. ValueError, naming value and position (from 1), for one that is not, and for
    lists of different length.
    """
    for one, name in zip(lists[1:], names[1:], strict=True):
        check_lengths(lists[0], one, names[0], name)
    no_data = np.any([one.is_null for one in lists], axis=0)
    counts = np.where(no_data, 0, np.diff(lists[0].offsets))
    positive = np.array(positive)
    values = np.concatenate([one.values for one in lists])
    before = np.cumsum([0] + [one.values.size for one in lists[:-1]])
    starts = np.array([one.offsets[:-1] for one in lists]) + before[:, np.newaxis]
    columns = Columns(*_compact_columns(values, starts, counts, positive))
    for column in np.flatnonzero(positive):
        wrong = ~(columns.values[column] > 0.0)
        refuse_first(columns, wrong, column, f"{names[column]} must be positive")
    return columns


def refuse_first(columns: Columns, wrong, column: int, message: str) -> None:
    """ValueError with ``message``, value and position of the first wrong element, if there is one.

    Positions count the elements of the list as it was given, from 1.
    """
    found = np.flatnonzero(wrong)
    if found.size:
        value = columns.values[column][found[0]]
        position = columns.position[found[0]] + 1
        raise ValueError(f"{message}; got {value:.17g} at position {position} of the list")


def complete_pairs(y: Lists, v: Lists, y_name: str, v_name: str) -> Pairs:
    """Pairs in which both elements are finite; an element without its partner is dropped.

    A NULL list is a row without data. ValueError, naming value and position (from 1), for lists
    of different length and for a ``v`` that is not positive.
    """
    check_lengths(y, v, y_name, v_name)
    *pairs, wrong = _compact(*y, *v)
    pairs = Pairs(*pairs)
    if wrong >= 0:
        _refuse_variance(pairs, wrong, y.offsets, y_name, v_name)
    return pairs


def check_lengths(y, v, y_name: str, v_name: str) -> None:
    """ValueError for the first row whose lists (or labels), neither NULL, differ in length."""
    row = _first_unequal(y.offsets, v.offsets, y.is_null, v.is_null)
    if row >= 0:
        y_length, v_length = (one.offsets[row + 1] - one.offsets[row] for one in (y, v))
        raise ValueError(
            f"{y_name} and {v_name} must have the same length; "
            f"got {y_length} and {v_length} elements"
        )


@jit
def _first_unequal(one, other, one_is_null, other_is_null):
    """The first row with lists, neither NULL, of different length; -1 if there is none."""
    for row in range(one_is_null.size):
        differ = one[row + 1] - one[row] != other[row + 1] - other[row]
        if differ and not one_is_null[row] and not other_is_null[row]:
            return row
    return -1


def _refuse_variance(pairs, wrong, y_offsets, y_name, v_name):
    row = np.searchsorted(pairs.offsets, wrong, side="right") - 1
    position = pairs.position[wrong] - y_offsets[row] + 1
    raise ValueError(
        f"{v_name} must be positive; got {pairs.v[wrong]:.17g} at position {position} "
        f"of the list ({y_name} = {pairs.y[wrong]:.17g})"
    )


@jit
def _compact(y, y_offsets, y_is_null, v, v_offsets, v_is_null):
    """The fields of ``Pairs``, and where among them the first wrong variance is, or -1."""
    rows = y_is_null.size
    out_y, out_v = np.empty(y.size), np.empty(y.size)
    position = np.empty(y.size, np.int64)
    offsets = np.zeros(rows + 1, np.int64)
    n, wrong = 0, -1
    for row in range(rows):
        if not (y_is_null[row] or v_is_null[row]):
            shift = v_offsets[row] - y_offsets[row]
            for i in range(y_offsets[row], y_offsets[row + 1]):
                effect, variance = y[i], v[i + shift]
                if np.isfinite(effect) and (np.isfinite(variance) or variance < 0.0):
                    if wrong < 0 and not variance > 0.0:
                        wrong = n
                    out_y[n], out_v[n], position[n] = effect, variance, i
                    n += 1
        offsets[row + 1] = n
    return out_y[:n], out_v[:n], offsets, position[:n], wrong


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
