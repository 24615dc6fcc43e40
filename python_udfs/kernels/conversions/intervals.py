"""How far a printed interval is from symmetric about its estimate."""

import numpy as np

from python_udfs.kernels.conversions.inputs import status_of
from python_udfs.kernels.conversions.options import LOG
from python_udfs.kernels.conversions.spread import width_status
from python_udfs.kernels.labels import ESTIMATE_OUTSIDE_INTERVAL, MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def asymmetry_index(estimate, ci_low, ci_high, scale):
    """|(U - y) - (y - L)| / (U - L), 0 to 1, on the given scale. Returns asymmetry, status.

    0: the estimate is in the middle; 1: it is a limit. ``log``: of the three logarithms, for ratios
    as printed. Rounding alone gives small values; metaConvert warns from 0.05, metaumbrella stops
    at 0.1.
    """
    numbers = (estimate, ci_low, ci_high)
    is_log = scale == LOG
    positive = np.all([value > 0.0 for value in numbers], axis=0)
    status = status_of(numbers, ~is_log | positive)
    status = np.where(scale == NOT_GIVEN, MISSING_INPUT, status)
    y, low, high = (np.where(is_log, np.log(value), value) for value in numbers)
    status = width_status(status, low, high)
    outside = (y < low) | (y > high)
    status = np.where((status == OK) & outside, ESTIMATE_OUTSIDE_INTERVAL, status)
    return all_or_none(status, np.abs((high - y) - (y - low)) / (high - low))
