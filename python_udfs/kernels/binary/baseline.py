"""From one ratio to another: odds and risk ratios through a baseline risk, hazard to risk ratios.

Each is a rising function of the ratio, so limits are transformed like the ratio, and the variance
of the logarithm follows from the transformed limits.
"""

import numpy as np

from python_udfs.kernels.binary.assumptions import COMMON_OUTCOME, KNOWN_RISK, KNOWN_RISK_POINT
from python_udfs.kernels.binary.ratios import log_ratio_from_ci, ratio_status
from python_udfs.kernels.labels import (
    MISSING_INPUT,
    OK,
    OUT_OF_RANGE,
    POINT_ONLY,
    RISK_NOT_BELOW_ONE,
)
from python_udfs.kernels.options import NOT_GIVEN


def rr_from_or(odds_ratio, ci_low, ci_high, baseline_risk, ci_level):
    """RR = OR / (1 - p0 + p0 OR) (Zhang & Yu 1998; Handbook 15.4.4.4).

    Returns estimate, ci_low, ci_high, yi, vi, status, assumption. Without limits (both NULL) the
    status is point_only. ``baseline_risk`` p0 is the risk in the group compared with, 0 < p0 < 1.
    """
    p0 = baseline_risk
    ratios = [odds_ratio, ci_low, ci_high]
    changed = [ratio / (1.0 - p0 + p0 * ratio) for ratio in ratios]
    return _finish(ratios, changed, _risk_status(p0), ci_level, KNOWN_RISK, KNOWN_RISK_POINT)


def or_from_rr(risk_ratio, ci_low, ci_high, baseline_risk, ci_level):
    """OR = RR (1 - p0) / (1 - RR p0) (Grant 2014). Returns as ``rr_from_or``.

    Where the ratio or a limit implies a risk of 1 or more the status is risk_not_below_one.
    """
    p0 = baseline_risk
    ratios = [risk_ratio, ci_low, ci_high]
    changed = [ratio * (1.0 - p0) / (1.0 - ratio * p0) for ratio in ratios]
    too_high = np.any([ratio * p0 >= 1.0 for ratio in ratios], axis=0)
    status = _risk_status(p0)
    status = np.where((status == OK) & too_high, RISK_NOT_BELOW_ONE, status)
    return _finish(ratios, changed, status, ci_level, KNOWN_RISK, KNOWN_RISK_POINT)


def rr_from_hr(hazard_ratio, ci_low, ci_high, ci_level):
    """RR = (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1 / HR)), common outcomes (VanderWeele 2020).

    Returns as ``rr_from_or``. For a rare outcome the hazard ratio is itself
    close to the risk ratio.
    """
    ratios = [hazard_ratio, ci_low, ci_high]
    changed = [_half_risk(np.sqrt(ratio)) / _half_risk(np.sqrt(1.0 / ratio)) for ratio in ratios]
    status = np.full(hazard_ratio.shape, OK)
    return _finish(ratios, changed, status, ci_level, COMMON_OUTCOME, COMMON_OUTCOME)


def _half_risk(power):
    """1 - 0.5^power, without losing digits for small powers."""
    return -np.expm1(-np.log(2.0) * power)


def _risk_status(p0):
    return np.select([np.isnan(p0), ~((p0 > 0.0) & (p0 < 1.0))], [MISSING_INPUT, OUT_OF_RANGE], OK)


def _finish(ratios, changed, status, ci_level, assumption, point_assumption):
    """All fields: complete, or the estimate alone (point_only), or nothing and the reason."""
    _, _, of_input, _ = log_ratio_from_ci(*ratios, ci_level)
    _, vi, of_output, _ = log_ratio_from_ci(*changed, ci_level)
    is_point = np.isnan(ratios[1]) & np.isnan(ratios[2])
    of_point = ratio_status(ratios[0])
    status = np.select(
        [is_point & (of_point != OK), ~is_point & (of_input != OK), status != OK, is_point],
        [of_point, of_input, status, POINT_ONLY],
        of_output,
    )
    complete, has_point = status == OK, (status == OK) | (status == POINT_ONLY)
    estimate = np.where(has_point, changed[0], np.nan)
    assumed = np.where(complete, assumption, point_assumption)
    return (
        estimate,
        *(np.where(complete, limit, np.nan) for limit in changed[1:]),
        np.where(has_point, np.log(estimate), np.nan),
        np.where(complete, vi, np.nan),
        status,
        np.where(has_point, assumed, NOT_GIVEN),
    )
