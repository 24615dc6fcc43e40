"""What an effect makes of the risk, or rate, of the group compared with, and of an instrument.

Cochrane Handbook 15.4.4 (events) and 15.5.3 (points); hazard ratios: Skoetz and others 2020.
"""

import numpy as np

from python_udfs.kernels.labels import MISSING_INPUT, OK, OUT_OF_RANGE, POINT_ONLY, RISK_CAPPED
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.translations.assumptions import SD_KNOWN
from python_udfs.kernels.translations.limits import (
    effect_status,
    unit_interval_status,
    with_limits,
)
from python_udfs.kernels.translations.options import (
    BETTER,
    HAZARD_RATIO,
    INCIDENCE_RATE_RATIO,
    ODDS_RATIO,
    RISK_DIFFERENCE,
    RISK_RATIO,
)


def absolute_from_effect(estimate, ci_low, ci_high, control_event_rate, measure):
    """Risk with treatment at a control event rate (CER), and its difference from that rate.

    estimate, ci_low, ci_high, difference, difference_low, difference_high, status, assumption.
    odds_ratio OR CER / (1 - CER + OR CER); risk_ratio RR CER; hazard_ratio 1 - (1 - CER)^HR;
    risk_difference CER + RD; incidence_rate_ratio the same as risk_ratio, of a rate without bound.
    A risk, or a limit of it, beyond 0 or 1 becomes that bound: status risk_capped.
    """
    rate = control_event_rate
    status = effect_status(estimate, ci_low, ci_high)
    impossible = np.any([value <= 0.0 for value in (estimate, ci_low, ci_high)], axis=0)
    impossible &= measure != RISK_DIFFERENCE
    status = np.where((status != MISSING_INPUT) & impossible, OUT_OF_RANGE, status)
    status = np.where(
        measure == INCIDENCE_RATE_RATIO,
        _positive_status(status, rate),
        unit_interval_status(status, rate),
    )
    status = np.where(measure == NOT_GIVEN, MISSING_INPUT, status)
    values = [_change(value, rate, measure) for value in (estimate, ci_low, ci_high)]
    status = _without_overflow(status, values)
    complete = status == OK
    has_point = complete | (status == POINT_ONLY)
    shown = (has_point, complete, complete)
    free = [np.where(known, change, np.nan) for change, known in zip(values, shown, strict=True)]
    highest = np.where(measure == INCIDENCE_RATE_RATIO, np.inf, 1.0 - rate)
    changes = [np.clip(change, -rate, highest) for change in free]
    is_capped = np.any([np.abs(old - new) > 0.0 for old, new in zip(free, changes, strict=True)], 0)
    return (
        *(rate + change for change in changes),
        *changes,
        np.where(is_capped, RISK_CAPPED, status),
        np.where(has_point, measure, NOT_GIVEN),
    )


def points_from_smd(yi, ci_low, ci_high, sd, higher_is):
    """SMD times the SD of an instrument: difference in its points (Handbook 15.5.3.2).

    estimate, ci_low, ci_high, status, assumption. Positive SMDs mean benefit: where higher points
    are worse, the sign is reversed, and the limits change places.
    """
    status = _positive_status(effect_status(yi, ci_low, ci_high), sd)
    status = np.where(higher_is == NOT_GIVEN, MISSING_INPUT, status)
    rises = higher_is == BETTER
    factor = np.where(rises, sd, -sd)
    low, high = np.where(rises, ci_low, ci_high), np.where(rises, ci_high, ci_low)
    points = [factor * value for value in (yi, low, high)]
    return with_limits(_without_overflow(status, points), *points, SD_KNOWN)


def _positive_status(status, value):
    """``status``, unless ``value`` is missing, or not a positive number."""
    return np.select(
        [np.isnan(value), ~((value > 0.0) & np.isfinite(value)) & (status != MISSING_INPUT)],
        [MISSING_INPUT, OUT_OF_RANGE],
        status,
    )


def _without_overflow(status, values):
    """``status``, unless one of ``values`` is larger than a number can be."""
    is_beyond = np.any(np.isinf(values), axis=0)
    return np.where(is_beyond & (status != MISSING_INPUT), OUT_OF_RANGE, status)


def _change(effect, rate, measure):
    """Risk with treatment less the control event rate, without the difference of near-equals."""
    of_odds = rate * (1.0 - rate) * (effect - 1.0) / (1.0 - rate + effect * rate)
    of_ratio = rate * (effect - 1.0)
    of_hazards = -(1.0 - rate) * np.expm1((effect - 1.0) * np.log1p(-rate))
    is_ratio = (measure == RISK_RATIO) | (measure == INCIDENCE_RATE_RATIO)
    which = [measure == ODDS_RATIO, is_ratio, measure == HAZARD_RATIO]
    return np.select(which, [of_odds, of_ratio, of_hazards], effect)
