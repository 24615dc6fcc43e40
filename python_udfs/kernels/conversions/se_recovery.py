"""Standard errors from what papers print: an interval, or an effect with its p value.

Cochrane Handbook v6.5, 6.3.1 and 6.3.2 (normal distribution). Effects and limits are on the
analysis scale: take logarithms of ratios first.
"""

import numpy as np

from python_udfs.kernels.labels import (
    EFFECT_IS_ZERO,
    INTERVAL_REVERSED,
    INTERVAL_ZERO_WIDTH,
    MISSING_INPUT,
    OK,
    OUT_OF_RANGE,
)
from python_udfs.kernels.results import all_or_none
from python_udfs.kernels.tails import z_from_p, z_quantile


def se_from_ci(ci_low, ci_high, ci_level):
    """se = (ci_high - ci_low) / (2 z). Returns se, status."""
    status = np.select(
        [
            np.isnan(ci_low) | np.isnan(ci_high) | np.isnan(ci_level),
            ~(np.isfinite(ci_low) & np.isfinite(ci_high) & (ci_level > 0.0) & (ci_level < 1.0)),
            ci_high < ci_low,
            ci_high == ci_low,
        ],
        [MISSING_INPUT, OUT_OF_RANGE, INTERVAL_REVERSED, INTERVAL_ZERO_WIDTH],
        OK,
    )
    return all_or_none(status, (ci_high - ci_low) / (2.0 * z_quantile(ci_level)))


def se_from_p(yi, p_value):
    """se = |yi| / z, z from the two-sided p. Returns se, status.

    A bound such as "p < 0.001" taken as p = 0.001 gives the largest se compatible with it.
    """
    status = np.select(
        [
            np.isnan(yi) | np.isnan(p_value),
            ~(np.isfinite(yi) & (p_value > 0.0) & (p_value < 1.0)),
            yi == 0.0,
        ],
        [MISSING_INPUT, OUT_OF_RANGE, EFFECT_IS_ZERO],
        OK,
    )
    return all_or_none(status, np.abs(yi) / z_from_p(p_value))
