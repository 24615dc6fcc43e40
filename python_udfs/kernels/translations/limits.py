"""Carrying an effect and its confidence limits through a function of the effect."""

import numpy as np

from python_udfs.kernels.labels import (
    ESTIMATE_OUTSIDE_INTERVAL,
    INTERVAL_REVERSED,
    MISSING_INPUT,
    OK,
    OUT_OF_RANGE,
    POINT_ONLY,
)
from python_udfs.kernels.options import NOT_GIVEN


def effect_status(y, low, high):
    """ok for an effect inside its limits, point_only for one without limits, or what is wrong."""
    is_point = np.isnan(low) & np.isnan(high)
    limits_finite = np.isfinite(low) & np.isfinite(high)
    return np.select(
        [
            np.isnan(y) | (~is_point & (np.isnan(low) | np.isnan(high))),
            ~np.isfinite(y) | (~is_point & ~limits_finite),
            is_point,
            high < low,
            (y < low) | (y > high),
        ],
        [MISSING_INPUT, OUT_OF_RANGE, POINT_ONLY, INTERVAL_REVERSED, ESTIMATE_OUTSIDE_INTERVAL],
        OK,
    )


def unit_interval_status(status, rate):
    """``status``, unless ``rate`` is missing or does not lie strictly between 0 and 1."""
    return np.select(
        [np.isnan(rate), ~((rate > 0.0) & (rate < 1.0)) & (status != MISSING_INPUT)],
        [MISSING_INPUT, OUT_OF_RANGE],
        status,
    )


def with_limits(status, estimate, low, high, assumption):
    """estimate, ci_low, ci_high, status, assumption: limits only where the status is ok."""
    complete = status == OK
    has_point = complete | (status == POINT_ONLY)
    return (
        np.where(has_point, estimate, np.nan),
        np.where(complete, low, np.nan),
        np.where(complete, high, np.nan),
        status,
        np.where(has_point, assumption, NOT_GIVEN),
    )
