"""What every conversion asks first: is all there, and is it possible."""

import numpy as np

from python_udfs.kernels.labels import MISSING_INPUT, OK, OUT_OF_RANGE
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def status_of(inputs, possible):
    """missing_input where a number is NaN, out_of_range where one is infinite or not possible."""
    missing = np.any([np.isnan(value) for value in inputs], axis=0)
    finite = np.all([np.isfinite(value) for value in inputs], axis=0)
    return np.select([missing, ~(finite & possible)], [MISSING_INPUT, OUT_OF_RANGE], OK)


def spread_or_none(status, spread):
    """(spread, status): a standard error or deviation only above zero; else NaN, out_of_range."""
    status = np.where((status == OK) & ~(spread > 0.0), OUT_OF_RANGE, status)
    return all_or_none(status, spread)


def effect_or_none(status, yi, vi):
    """(yi, vi, status): an effect only with a variance above zero; else both NaN, out_of_range."""
    status = np.where((status == OK) & ~(vi > 0.0), OUT_OF_RANGE, status)
    return all_or_none(status, yi, vi)


def noted_effect(status, yi, vi):
    """``effect_or_none`` with the code 0 of the only assumption: (yi, vi, status, assumption)."""
    yi, vi, status = effect_or_none(status, yi, vi)
    return yi, vi, status, np.where(status == OK, 0, NOT_GIVEN)
