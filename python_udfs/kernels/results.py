"""All numbers of a row, or none and a reason."""

import numpy as np

from python_udfs.kernels.labels import OK, OUT_OF_RANGE


def all_or_none(status, *values):
    """(*values, status) with every value NaN unless the status is ok.

    A row with a value that is not finite, such as an overflow, becomes out_of_range.
    """
    finite = np.all([np.isfinite(value) for value in values], axis=0)
    status = np.where((status == OK) & ~finite, OUT_OF_RANGE, status)
    return (*(np.where(status == OK, value, np.nan) for value in values), status)


def only_ok(status, *values):
    """Every value, NaN unless the status is ok; a NaN among them keeps its own meaning."""
    return tuple(np.where(status == OK, value, np.nan) for value in values)
