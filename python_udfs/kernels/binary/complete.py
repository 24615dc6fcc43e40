"""Lists of 2x2 tables, one list per count, without their incomplete or impossible elements."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.binary.tables import count_status
from python_udfs.kernels.labels import OK
from python_udfs.kernels.lists import Lists, complete_columns, refuse_elements


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

    A row is at fault with lists of different length, events that are negative or exceed their
    total, or a total that is not positive.
    """
    columns = complete_columns((ai, n1, ci, n2), (False, False, False, False))
    is_wrong = count_status(*columns.values) != OK
    refuse_elements(is_wrong, columns.offsets, columns.position + 1)
    first = np.repeat(ai.offsets[:-1], np.diff(columns.offsets))
    return Tables(*columns.values, columns.offsets, first + columns.position)
