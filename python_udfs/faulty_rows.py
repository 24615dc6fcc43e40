"""Calling a kernel on rows of which some are at fault: these get a status, none an error."""

import numpy as np

from python_udfs.kernels.faults import FaultyRowsError
from python_udfs.kernels.labels import OK
from python_udfs.kernels.lists import Labels, Lists, Tables
from python_udfs.kernels.options import NOT_GIVEN


def call_by_row(kernel, arguments: list, rows: int):
    """(result, status, position): what ``kernel`` gives when rows at fault hold NULL instead.

    ``status`` is ok and ``position`` NOT_GIVEN for the other rows. The checks of a kernel come one
    after the other, so a batch may take a few calls; one without faults takes one.
    """
    status, position = np.full(rows, OK), np.full(rows, NOT_GIVEN)
    while True:
        try:
            return kernel(*arguments), status, position
        except FaultyRowsError as fault:
            if (status[fault.rows] != OK).any():
                raise RuntimeError("a row without data is at fault") from fault
            status[fault.rows], position[fault.rows] = fault.status, fault.positions
            is_faulty = status != OK
            arguments = [without_data(argument, is_faulty) for argument in arguments]


def without_data(argument, rows: np.ndarray):
    """``argument`` with a NULL list, without elements, in these ``rows``; plain columns stay."""
    if not isinstance(argument, Lists | Labels | Tables):
        return argument
    lengths = np.diff(argument.offsets)
    kept = np.flatnonzero(np.repeat(~rows, lengths))
    offsets = np.concatenate([[0], np.cumsum(np.where(rows, 0, lengths))])
    return argument._replace(
        **{argument._fields[0]: _taken(argument[0], kept)},
        offsets=offsets,
        is_null=argument.is_null | rows,
    )


def _taken(elements, kept):
    """The elements ``kept``, of numbers, of codes, or of the lists of a table."""
    if not isinstance(elements, Lists):
        return elements[kept]
    is_left_out = np.ones(elements.is_null.size, np.bool_)
    is_left_out[kept] = False
    emptied = without_data(elements, is_left_out)
    offsets = np.concatenate([emptied.offsets[:-1][kept], emptied.offsets[-1:]])
    return Lists(emptied.values, offsets, elements.is_null[kept])
