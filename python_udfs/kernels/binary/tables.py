"""Tables of two arms: what counts are possible, and corrections for empty cells.

A table is (a, b, c, d): events and non-events of arm 1, then of arm 2.
"""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.binary.assumptions import (
    ARM_SHARE,
    DOUBLE_ZERO_UNCORRECTED,
    HALF_EVERYWHERE,
    HALF_WHERE_ZERO,
    RESTS_ON_CORRECTION,
)
from python_udfs.kernels.binary.options import ALL, DROP, ONLY0, TACC
from python_udfs.kernels.labels import DOUBLE_ZERO, MISSING_INPUT, OK, OUT_OF_RANGE
from python_udfs.kernels.options import NOT_GIVEN


class Table(NamedTuple):
    """Cells, one array each."""

    a: np.ndarray
    b: np.ndarray
    c: np.ndarray
    d: np.ndarray


def count_status(ai, n1, ci, n2):
    """ok, missing_input, or out_of_range where events are negative or exceed a positive total."""
    missing = np.any([np.isnan(value) for value in (ai, n1, ci, n2)], axis=0)
    possible = (ai >= 0.0) & (ai <= n1) & (ci >= 0.0) & (ci <= n2) & (n1 > 0.0) & (n2 > 0.0)
    possible &= np.isfinite(n1) & np.isfinite(n2)
    return np.select([missing, ~possible], [MISSING_INPUT, OUT_OF_RANGE], OK)


def has_zero(table):
    """Tables with an empty cell."""
    return (table.a == 0.0) | (table.b == 0.0) | (table.c == 0.0) | (table.d == 0.0)


def is_double_zero(table):
    """Tables in which nobody, or everybody, has the event in both arms."""
    return ((table.a == 0.0) & (table.c == 0.0)) | ((table.b == 0.0) & (table.d == 0.0))


def corrected(table, zero_cells):
    """The table with the correction that ``zero_cells`` names. Returns (table, code, applied).

    only0: 0.5 to each cell where one is empty; all: 0.5 always; tacc, the treatment-arm correction
    where a cell is empty (Sweeting, Sutton & Lambert 2004): n1 / N to the cells of arm 1 and
    n2 / N to those of arm 2, which sum to 1 like two halves and leave the risks of a table without
    events equal. ``code`` is the assumption of the correction, where one was ``applied``.
    """
    zero = has_zero(table)
    n1, n2 = table.a + table.b, table.c + table.d
    half = np.where((zero_cells == ALL) | ((zero_cells == ONLY0) & zero), 0.5, 0.0)
    share = np.where((zero_cells == TACC) & zero, 1.0 / (n1 + n2), 0.0)
    add1, add2 = half + share * n1, half + share * n2
    kinds = {ONLY0: HALF_WHERE_ZERO, ALL: HALF_EVERYWHERE, TACC: ARM_SHARE}
    code = np.select([zero_cells == kind for kind in kinds], list(kinds.values()), NOT_GIVEN)
    cells = Table(table.a + add1, table.b + add1, table.c + add2, table.d + add2)
    return cells, code, add1 > 0.0


def drop_double_zero(status, double_zero_tables, double_zero):
    """Status with ``double_zero`` where such a table is to be dropped."""
    return np.where(
        (status == OK) & double_zero_tables & (double_zero == DROP), DOUBLE_ZERO, status
    )


def table_assumption(status, code, applied, double_zero_tables):
    """Code of TABLE_ASSUMPTIONS; NOT_GIVEN without a result or an assumption."""
    with_correction = code + RESTS_ON_CORRECTION * double_zero_tables
    without = np.where(double_zero_tables, DOUBLE_ZERO_UNCORRECTED, NOT_GIVEN)
    return np.where(status == OK, np.where(applied, with_correction, without), NOT_GIVEN)
