"""Rows whose data cannot be computed with, such as a variance of 0: found by a kernel's checks."""

import numpy as np


class FaultyRowsError(Exception):
    """``rows`` at fault, the ``status`` they get, and the ``positions``, from 1, of what is wrong.

    A row is named once, with the first of its faults. ``python_udfs/faulty_rows.py`` takes these
    rows out and calls the kernel again: data never end a query, only wrong calls do.
    """

    def __init__(self, rows, positions, status):
        super().__init__(f"rows at fault: {rows}")
        self.rows, first = np.unique(rows, return_index=True)
        self.positions = np.asarray(positions)[first]
        self.status = status


def refuse(rows, positions, status) -> None:
    """FaultyRowsError when there are any ``rows``, in ascending order, else nothing."""
    if len(rows):
        raise FaultyRowsError(rows, positions, status)
