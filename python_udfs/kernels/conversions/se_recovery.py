"""Standard errors from what papers print: an interval, or an effect with its p value.

Cochrane Handbook v6.5, 6.3.1 and 6.3.2 (normal distribution), 6.5.2.3 (t distribution). Effects and
limits are on the analysis scale: take logarithms of ratios first.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import spread_or_none, status_of
from python_udfs.kernels.conversions.options import P_EQUAL, P_GREATER
from python_udfs.kernels.conversions.spread import width_status
from python_udfs.kernels.labels import EFFECT_IS_ZERO, MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.tails import t_from_p, t_quantile, z_from_p, z_quantile

BOUND_EXACT, BOUND_UPPER, BOUND_LOWER = range(3)


def se_from_ci(ci_low, ci_high, ci_level):
    """se = (ci_high - ci_low) / (2 z). Returns se, status."""
    status = _interval_status((ci_low, ci_high, ci_level), np.True_)
    return spread_or_none(status, (ci_high - ci_low) / (2.0 * z_quantile(ci_level)))


def se_from_ci_t(ci_low, ci_high, ci_level, df):
    """se = (ci_high - ci_low) / (2 t), t with df degrees of freedom. Returns se, status.

    For intervals of small trials: df = n1 + n2 - 2 of a difference of two means.
    """
    status = _interval_status((ci_low, ci_high, ci_level, df), df >= 1.0)
    return spread_or_none(status, (ci_high - ci_low) / (2.0 * t_quantile(ci_level, df)))


def se_from_p(yi, p_value):
    """se = |yi| / z, z from the two-sided p. Returns se, status.

    A bound such as "p < 0.001" taken as p = 0.001 gives the largest se compatible with it.
    """
    return spread_or_none(_p_status((yi, p_value), np.True_), np.abs(yi) / z_from_p(p_value))


def se_from_p_t(yi, p_value, df):
    """se = |yi| / t, t from the two-sided p of a t test with df. Returns se, status."""
    status = _p_status((yi, p_value, df), df >= 1.0)
    return spread_or_none(status, np.abs(yi) / t_from_p(p_value, df))


def se_bound_from_p(yi, p_value, p_operator):
    """What "p < 0.001" and "p > 0.05" say of the standard error. Normal distribution.

    |yi| / z(p_value) is the standard error itself for "=", an upper bound for "<" (the true p is
    smaller, so is the true se), a lower bound for ">". Returns se_bound, bound, status, assumption.
    """
    status = _p_status((yi, p_value), np.True_)
    status = np.where(p_operator == NOT_GIVEN, MISSING_INPUT, status)
    se_bound, status = spread_or_none(status, np.abs(yi) / z_from_p(p_value))
    is_lower = p_operator >= P_GREATER
    bound = np.select(
        [status != OK, p_operator == P_EQUAL, is_lower],
        [NOT_GIVEN, BOUND_EXACT, BOUND_LOWER],
        BOUND_UPPER,
    )
    assumption = np.where(bound == BOUND_EXACT, NOT_GIVEN, is_lower.astype(np.int64))
    return se_bound, bound, status, np.where(status == OK, assumption, NOT_GIVEN)


def _interval_status(inputs, possible):
    ci_low, ci_high, ci_level = inputs[:3]
    status = status_of(inputs, possible & (ci_level > 0.0) & (ci_level < 1.0))
    return width_status(status, ci_low, ci_high)


def _p_status(inputs, possible):
    yi, p_value = inputs[:2]
    status = status_of(inputs, possible & (p_value > 0.0) & (p_value < 1.0))
    return np.where((status == OK) & (yi == 0.0), EFFECT_IS_ZERO, status)
