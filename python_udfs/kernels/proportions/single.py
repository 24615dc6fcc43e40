"""Proportions (dropout, adherence): logits for pooling, intervals for crude rates."""

import numpy as np
from scipy import special

from python_udfs.kernels.conversions.inputs import effect_or_none
from python_udfs.kernels.labels import (
    ESTIMATE_OUTSIDE_INTERVAL,
    INTERVAL_REVERSED,
    INTERVAL_ZERO_WIDTH,
    MISSING_INPUT,
    OK,
    OUT_OF_RANGE,
)
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.proportions.assumptions import HALF_ADDED, SYMMETRIC_LOGIT
from python_udfs.kernels.results import all_or_none
from python_udfs.kernels.tails import z_quantile


def logit_from_events(events, total):
    """yi = ln(x / (n - x)), vi = 1 / x + 1 / (n - x). Returns yi, vi, status, assumption.

    0.5 is added to x and to n - x only where one of them is 0 (metafor's PLO, its default).
    """
    added = (events == 0.0) | (events == total)
    x, rest = events + 0.5 * added, total - events + 0.5 * added
    status = _count_status(events, total)
    yi, vi, status = all_or_none(status, np.log(x / rest), 1.0 / x + 1.0 / rest)
    return yi, vi, status, np.where((status == OK) & added, HALF_ADDED, NOT_GIVEN)


def logit_from_percent_ci(percent, percent_low, percent_high, ci_level):
    """Logit of a percentage and its variance from the printed limits. yi, vi, status, assumption.

    vi = ((logit(high) - logit(low)) / (2 z))^2. Limits of 0 or 100 percent have no logit.
    """
    inputs = (percent, percent_low, percent_high)
    inside = np.all([(value > 0.0) & (value < 100.0) for value in inputs], axis=0)
    status = np.select(
        [
            np.any([np.isnan(value) for value in (*inputs, ci_level)], axis=0),
            ~(inside & (ci_level > 0.0) & (ci_level < 1.0)),
            percent_high < percent_low,
            percent_high == percent_low,
            (percent < percent_low) | (percent > percent_high),
        ],
        [
            MISSING_INPUT,
            OUT_OF_RANGE,
            INTERVAL_REVERSED,
            INTERVAL_ZERO_WIDTH,
            ESTIMATE_OUTSIDE_INTERVAL,
        ],
        OK,
    )
    y, low, high = (special.logit(value / 100.0) for value in inputs)
    se = (high - low) / (2.0 * z_quantile(ci_level))
    yi, vi, status = effect_or_none(status, y, se**2)
    return yi, vi, status, np.where(status == OK, SYMMETRIC_LOGIT, NOT_GIVEN)


def proportion_ci_exact(events, total, ci_level):
    """x / n with its Clopper-Pearson interval (1934). Returns estimate, ci_low, ci_high, status."""
    status = _interval_status(events, total, ci_level)
    tail = (1.0 - ci_level) / 2.0
    rest = total - events
    low = np.where(events == 0.0, 0.0, special.betaincinv(events, rest + 1.0, tail))
    high = np.where(rest == 0.0, 1.0, special.betainccinv(events + 1.0, rest, tail))
    return all_or_none(status, events / total, low, high)


def proportion_ci_wilson(events, total, ci_level):
    """x / n with the score interval of Wilson 1927. Returns estimate, ci_low, ci_high, status.

    The limits are the p at which |x / n - p| = z sqrt(p (1 - p) / n), without continuity
    correction. Checked against R's prop.test(correct = FALSE), 1e-9.
    """
    status = _interval_status(events, total, ci_level)
    share = z_quantile(ci_level) ** 2 / total
    p, q = events / total, (total - events) / total
    half = np.sqrt(share) * np.sqrt(p * q + share / 4.0)
    # the limits are p1 and p2 with p1 p2 = p^2 / (1 + share): no difference of near-equal numbers
    low = p / (p + share / 2.0 + half) * p
    high = 1.0 - q / (q + share / 2.0 + half) * q
    high = np.where(p < 0.5, (p + share / 2.0 + half) / (1.0 + share), high)
    return all_or_none(status, p, low, high)


def _interval_status(events, total, ci_level):
    status = _count_status(events, total)
    level_ok = (ci_level > 0.0) & (ci_level < 1.0)
    status = np.where((status == OK) & ~level_ok, OUT_OF_RANGE, status)
    return np.where(np.isnan(ci_level), MISSING_INPUT, status)


def _count_status(events, total):
    return np.select(
        [
            np.isnan(events) | np.isnan(total),
            ~((events >= 0.0) & (total > 0.0) & (events <= total) & np.isfinite(total)),
        ],
        [MISSING_INPUT, OUT_OF_RANGE],
        OK,
    )
