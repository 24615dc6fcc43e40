"""Numbers needed to treat, from an SMD or an odds ratio.

NNT = 1 / difference in risk. Positive: that many are treated for one more to benefit; negative: for
one more to be harmed. As the difference passes through 0 the NNT passes through infinity, not
through 0 (Altman 1998): an interval of the effect that holds no effect has no interval of the NNT,
and the status is interval_through_infinity.
"""

import numpy as np
from scipy import special

from python_udfs.kernels.labels import (
    EFFECT_IS_ZERO,
    INTERVAL_THROUGH_INFINITY,
    MISSING_INPUT,
    OK,
    OUT_OF_RANGE,
    POINT_ONLY,
)
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.translations.assumptions import CONSTANT_ODDS_RATIO
from python_udfs.kernels.translations.limits import effect_status, unit_interval_status
from python_udfs.kernels.translations.normal import risk_gain
from python_udfs.kernels.translations.options import FURUKAWA, UNDESIRED


def nnt_from_smd(yi, ci_low, ci_high, control_event_rate, method):
    """NNT from an SMD whose positive values mean benefit. estimate, ci_low, ci_high, status,
    assumption.

    furukawa: 1 / (Phi(d + Phi^-1(CER)) - CER), CER the share of responders without treatment
    (Furukawa 1999; Furukawa & Leucht 2011). kraemer_kupfer: 1 / (2 Phi(d / sqrt 2) - 1) =
    1 / erf(d / 2), no CER needed (Kraemer & Kupfer 2006).
    """
    by_rate = method == FURUKAWA
    gains = [
        np.where(by_rate, risk_gain(d, control_event_rate), special.erf(d / 2.0))
        for d in (yi, ci_low, ci_high)
    ]
    status = effect_status(yi, ci_low, ci_high)
    status = np.where(by_rate, unit_interval_status(status, control_event_rate), status)
    status = np.where(method == NOT_GIVEN, MISSING_INPUT, status)
    return _reciprocal(status, *gains, method)


def nnt_from_or(odds_ratio, ci_low, ci_high, control_event_rate, event):
    """NNT = 1 / (CER - OR CER / (1 - CER + OR CER)) for an undesired event (Handbook 15.4.4).

    Returns as ``nnt_from_smd``. For a desired event the sign is reversed, so that positive means
    benefit for either. ``control_event_rate`` (CER) is the risk in the group compared with.
    """
    status = effect_status(odds_ratio, ci_low, ci_high)
    impossible = np.any([value <= 0.0 for value in (odds_ratio, ci_low, ci_high)], axis=0)
    status = np.where((status != MISSING_INPUT) & impossible, OUT_OF_RANGE, status)
    status = unit_interval_status(status, control_event_rate)
    status = np.where(event == NOT_GIVEN, MISSING_INPUT, status)
    falls = event == UNDESIRED
    first, last = np.where(falls, ci_high, ci_low), np.where(falls, ci_low, ci_high)
    gains = [
        _risk_change(ratio, control_event_rate) * np.where(falls, -1.0, 1.0)
        for ratio in (odds_ratio, first, last)
    ]
    return _reciprocal(status, *gains, np.full(status.shape, CONSTANT_ODDS_RATIO))


def _risk_change(odds_ratio, rate):
    """OR p / (1 - p + OR p) - p, written without the difference of near-equal risks."""
    return rate * (1.0 - rate) * (odds_ratio - 1.0) / (1.0 - rate + odds_ratio * rate)


def _reciprocal(status, gain, gain_low, gain_high, assumption):
    """1 / gain with its limits, in order, where they lie on one side of no effect."""
    estimate, low, high = 1.0 / gain, 1.0 / gain_high, 1.0 / gain_low
    usable = (status == OK) | (status == POINT_ONLY)
    status = np.where(usable & ~np.isfinite(estimate), EFFECT_IS_ZERO, status)
    same_side = np.isfinite(low) & np.isfinite(high) & ((gain_low > 0.0) == (gain_high > 0.0))
    status = np.where((status == OK) & ~same_side, INTERVAL_THROUGH_INFINITY, status)
    complete = status == OK
    has_point = complete | (status == POINT_ONLY) | (status == INTERVAL_THROUGH_INFINITY)
    return (
        np.where(has_point, estimate, np.nan),
        np.where(complete, low, np.nan),
        np.where(complete, high, np.nan),
        status,
        np.where(has_point, assumption, NOT_GIVEN),
    )
