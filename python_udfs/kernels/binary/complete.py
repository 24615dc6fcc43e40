"""Lists of 2x2 tables, one list per count, without their incomplete or impossible elements."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.binary.tables import count_status
from python_udfs.kernels.labels import OK
from python_udfs.kernels.lists import Lists, complete_columns

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
    columns = complete_columns((ai, n1, ci, n2), NAMES, (False,) * len(NAMES))
    first = np.repeat(ai.offsets[:-1], np.diff(columns.offsets))
    tables = Tables(*columns.values, columns.offsets, first + columns.position)
    _check_counts(tables, columns.position + 1)
    return tables


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
