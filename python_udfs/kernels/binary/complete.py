"""Lists of 2x2 tables, one list per count, without their incomplete or impossible elements."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.binary.tables import count_status
from python_udfs.kernels.labels import OK
from python_udfs.kernels.lists import Lists

NAMES = ("ai", "n1", "ci", "n2")


class Tables(NamedTuple):
    """Complete tables of each row, flat, and where each stood in the input lists."""

    ai: np.ndarray
    n1: np.ndarray
    ci: np.ndarray
    n2: np.ndarray
    offsets: np.ndarray
    position: np.ndarray


def complete_tables(ai: Lists, n1: Lists, ci: Lists, n2: Lists) -> Tables:
    """Tables in which all four counts are finite; a row with a NULL list has none.

    ValueError, naming the count and its position (from 1), for lists of different length, for
    events that are negative or exceed their total, and for a total that is not positive.
    """
    lists = (ai, n1, ci, n2)
    no_data = np.any([one.is_null for one in lists], axis=0)
    lengths = [np.diff(one.offsets) for one in lists]
    _check_lengths(lengths, no_data)
    counts = np.where(no_data, 0, lengths[0])
    starts = np.concatenate([[0], np.cumsum(counts)])
    within = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
    indices = [np.repeat(one.offsets[:-1], counts) + within for one in lists]
    values = [one.values[index] for one, index in zip(lists, indices, strict=True)]
    keep = np.isfinite(values).all(axis=0)
    offsets = np.concatenate([[0], np.cumsum(keep)])[starts]
    tables = Tables(*(value[keep] for value in values), offsets, indices[0][keep])
    _check_counts(tables, within[keep] + 1)
    return tables


def _check_lengths(lengths, no_data):
    for name, length in zip(NAMES[1:], lengths[1:], strict=True):
        wrong = np.flatnonzero((length != lengths[0]) & ~no_data)
        if wrong.size:
            row = wrong[0]
            raise ValueError(
                f"{NAMES[0]} and {name} must have the same length; "
                f"got {lengths[0][row]} and {length[row]} elements"
            )


def _check_counts(tables, position):
    wrong = np.flatnonzero(count_status(*tables[:4]) != OK)
    if wrong.size:
        at = wrong[0]
        counts = ", ".join(
            f"{name} = {count[at]:.17g}" for name, count in zip(NAMES, tables, strict=False)
        )
        raise ValueError(
            f"events must lie between 0 and their positive total; got {counts} "
            f"at position {position[at]} of the lists"
        )
