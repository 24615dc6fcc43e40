"""Standard deviations from what else papers print. Cochrane Handbook v6.5, 6.5.2."""

import numpy as np
from scipy import special

from python_udfs.kernels.conversions.inputs import spread_or_none, status_of
from python_udfs.kernels.labels import INTERVAL_REVERSED, INTERVAL_ZERO_WIDTH, OK, OUT_OF_RANGE
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.tails import t_quantile


def sd_from_se(se, n):
    """sd = se sqrt(n), of one mean (Handbook 6.5.2.2). Returns sd, status."""
    return spread_or_none(status_of((se, n), (se > 0.0) & (n >= 1.0)), se * np.sqrt(n))


def se_from_sd(sd, n):
    """se = sd / sqrt(n), of one mean. Returns se, status."""
    return spread_or_none(status_of((sd, n), (sd > 0.0) & (n >= 1.0)), sd / np.sqrt(n))


def sd_from_mean_ci(ci_low, ci_high, n, ci_level):
    """sd = sqrt(n) (U - L) / (2 t), t with n - 1 degrees of freedom. Returns sd, status.

    Handbook 6.5.2.2: the interval of one group's mean, which uses t.
    """
    level_ok = (ci_level > 0.0) & (ci_level < 1.0)
    status = status_of((ci_low, ci_high, n, ci_level), (n >= 2.0) & level_ok)
    status = width_status(status, ci_low, ci_high)
    half = (ci_high - ci_low) / 2.0
    return spread_or_none(status, np.sqrt(n) * half / t_quantile(ci_level, n - 1.0))


def sd_from_md_se(se, n1, n2):
    """Pooled sd = se / sqrt(1/n1 + 1/n2), of a difference of two means. Returns sd, status.

    Handbook 6.5.2.3. From an interval or a p value, find the se first (se_from_ci_t, se_from_p_t).
    """
    status = status_of((se, n1, n2), (se > 0.0) & (n1 >= 1.0) & (n2 >= 1.0))
    return spread_or_none(status, se / np.sqrt(1.0 / n1 + 1.0 / n2))


def sd_from_iqr(q1, q3, n):
    """sd = (q3 - q1) / eta(n) (Wan and others 2014, eq. 16). Returns sd, status, assumption."""
    return _sd_from_width(q1, q3, n, quartile_width(n))


def sd_from_range(minimum, maximum, n):
    """sd = (max - min) / xi(n) (Wan and others 2014, eq. 9). Returns sd, status, assumption."""
    return _sd_from_width(minimum, maximum, n, range_width(n))


def quartile_width(n):
    """eta(n) = 2 Phi^-1((0.75 n - 0.125) / (n + 0.25)): expected width q3 - q1, in SDs."""
    return 2.0 * special.ndtri((0.75 * n - 0.125) / (n + 0.25))


def range_width(n):
    """xi(n) = 2 Phi^-1((n - 0.375) / (n + 0.25)): expected width of the range, in SDs.

    Taken from the lower tail, which does not round to 1 in large samples.
    """
    return -2.0 * special.ndtri(0.625 / (n + 0.25))


def width_status(status, low, high):
    """Refines ok to interval_reversed or interval_zero_width."""
    status = np.where((status == OK) & (high < low), INTERVAL_REVERSED, status)
    return np.where((status == OK) & (high == low), INTERVAL_ZERO_WIDTH, status)


def _sd_from_width(low, high, n, expected):
    status = width_status(status_of((low, high, n), n >= 2.0), low, high)
    status = np.where((status == OK) & ~(expected > 0.0), OUT_OF_RANGE, status)
    sd, status = spread_or_none(status, (high - low) / expected)
    return sd, status, np.where(status == OK, 0, NOT_GIVEN)
