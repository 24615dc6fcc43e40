"""Logarithms of reported ratios (odds, risk, hazard, rate), with the variance of what is printed.

Cochrane Handbook v6.5, 6.3.1, 6.3.2 and 10.6; Parmar, Torri & Stewart 1998 (hazard ratios). The
recovery of the standard error itself is that of conversions/se_recovery.py.
"""

import numpy as np

from python_udfs.kernels.binary.assumptions import (
    DELTA_METHOD,
    P_OF_Z_TEST,
    SE_IS_OF_LOG,
    SYMMETRIC_LOG,
)
from python_udfs.kernels.binary.options import SE_OF_RATIO
from python_udfs.kernels.conversions.inputs import effect_or_none
from python_udfs.kernels.conversions.se_recovery import se_from_ci, se_from_p
from python_udfs.kernels.labels import (
    ESTIMATE_OUTSIDE_INTERVAL,
    MISSING_INPUT,
    OK,
    OUT_OF_RANGE,
)
from python_udfs.kernels.options import NOT_GIVEN


def log_ratio_from_ci(ratio, ci_low, ci_high, ci_level):
    """yi = ln ratio, vi = ((ln high - ln low) / (2 z))^2. Returns yi, vi, status, assumption.

    Ratio and limits are as printed, not logarithms, all above 0.
    """
    se, of_limits = se_from_ci(_log(ci_low), _log(ci_high), ci_level)
    outside = (ratio < ci_low) | (ratio > ci_high)
    status = np.select(
        [ratio_status(ratio) != OK, of_limits != OK, outside],
        [ratio_status(ratio), of_limits, ESTIMATE_OUTSIDE_INTERVAL],
        OK,
    )
    return _finish(status, ratio, se, SYMMETRIC_LOG)


def log_ratio_from_se(ratio, se, se_scale):
    """yi = ln ratio, vi = se^2. Returns yi, vi, status, assumption.

    ``se_scale`` says what ``se`` belongs to: the logarithm (log), or the ratio itself (ratio),
    when it is divided by the ratio (delta method).
    """
    missing = np.isnan(se) | (se_scale == NOT_GIVEN)
    status = np.select(
        [missing, ratio_status(ratio) != OK, ~((se > 0.0) & np.isfinite(se))],
        [MISSING_INPUT, ratio_status(ratio), OUT_OF_RANGE],
        OK,
    )
    is_of_ratio = se_scale == SE_OF_RATIO
    assumption = np.where(is_of_ratio, DELTA_METHOD, SE_IS_OF_LOG)
    return _finish(status, ratio, np.where(is_of_ratio, se / ratio, se), assumption)


def log_ratio_from_p(ratio, p_value):
    """yi = ln ratio, vi = (ln ratio / z)^2, z from the two-sided p. yi, vi, status, assumption.

    A ratio of 1 leaves no standard error to recover (effect_is_zero).
    """
    se, status = se_from_p(_log(ratio), p_value)
    status = np.where(ratio_status(ratio) != OK, ratio_status(ratio), status)
    return _finish(status, ratio, se, P_OF_Z_TEST)


def ratio_status(ratio):
    """ok for a finite ratio above 0."""
    usable = np.isfinite(ratio) & (ratio > 0.0)
    return np.select([np.isnan(ratio), ~usable], [MISSING_INPUT, OUT_OF_RANGE], OK)


def _log(ratio):
    """Logarithm; infinite (out of range, not missing) for a ratio that has none."""
    return np.where(ratio <= 0.0, -np.inf, np.log(ratio))


def _finish(status, ratio, se, assumption):
    yi, vi, status = effect_or_none(status, np.log(ratio), se**2)
    return yi, vi, status, np.where(status == OK, assumption, NOT_GIVEN)
