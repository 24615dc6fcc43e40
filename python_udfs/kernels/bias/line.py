"""The weighted straight line that Egger, PET, PEESE, Harbord, Peters and the limit method share.

    y = a + b x,   weights 1 / v,   variance of y: phi v

a and b minimise sum (y - a - b x)^2 / v. Their variances are phi times the unscaled ones below;
phi is 1, or estimated as phi = rss / (k - 2) (multiplicative dispersion, as R's ``lm`` does).
"""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import (
    NO_DATA,
    NO_VARIATION,
    NOT_CONVERGED,
    OK,
    TOO_FEW_STUDIES,
)
from python_udfs.kernels.pooling.interval import limits_and_test

SMALLEST_K = 3
SAME = 1e-9


class Lines(NamedTuple):
    """One line per row; NaN with fewer than three studies or a predictor without variation."""

    intercept: np.ndarray
    slope: np.ndarray
    intercept_variance: np.ndarray
    slope_variance: np.ndarray
    covariance: np.ndarray
    rss: np.ndarray


class Coefficient(NamedTuple):
    """An estimate with its test and interval, both from the same distribution."""

    estimate: np.ndarray
    se: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    statistic: np.ndarray
    p_value: np.ndarray


def fit_lines(y, x, v, offsets) -> Lines:
    """The line of each group; ``y`` effects, ``x`` predictor, ``v`` variances, all flat."""
    return Lines(*_fit_lines(y, x, v, offsets))


def line_status(k, lines: Lines):
    """ok, or no_data, too_few_studies (k < 3), no_variation of the predictor, not_converged."""
    missing = np.isnan(lines.slope)
    finite = np.all([np.isfinite(part) for part in lines], axis=0)
    return np.select(
        [k == 0, k < SMALLEST_K, missing, ~finite],
        [NO_DATA, TOO_FEW_STUDIES, NO_VARIATION, NOT_CONVERGED],
        OK,
    )


def coefficient(estimate, variance, df, level) -> Coefficient:
    """Test of 0 and interval by t with ``df`` degrees of freedom; normal where df is NaN.

    Statistic and p are NaN where the standard error is 0.
    """
    se = np.sqrt(variance)
    return Coefficient(estimate, se, *limits_and_test(estimate, se, df, level))


@jit
def varies(x):
    """Whether the predictor takes different values: its range against its largest size."""
    least = greatest = x[0]
    for i in range(1, x.size):
        least, greatest = min(least, x[i]), max(greatest, x[i])
    return greatest - least > SAME * max(abs(least), abs(greatest))


@jit
def weighted_line(y, x, v):
    """(a, b, unscaled variances of a and b, their covariance, rss), sums about the means.

    With x0, y0 the weighted means and S = sum w (x - x0)^2:
    b = sum w (x - x0)(y - y0) / S, a = y0 - b x0,
    var b = 1 / S, var a = 1 / W + x0^2 / S, cov = -x0 / S.
    Weights are relative to the first one; see moments.py.
    """
    unit = v[0]
    total = sum_x = sum_y = 0.0
    for i in range(y.size):
        a = unit / v[i]
        total += a
        sum_x += a * x[i]
        sum_y += a * (y[i] - y[0])
    mean_x, mean_y = sum_x / total, sum_y / total
    spread = product = 0.0
    for i in range(y.size):
        a = unit / v[i]
        spread += a * (x[i] - mean_x) ** 2
        product += a * (x[i] - mean_x) * (y[i] - y[0] - mean_y)
    slope = product / spread
    rss = 0.0
    for i in range(y.size):
        residual = y[i] - y[0] - mean_y - slope * (x[i] - mean_x)
        rss += residual * residual / v[i]
    variance = unit / spread
    at_zero = unit / total + mean_x * mean_x * variance
    intercept = y[0] + (mean_y - slope * mean_x)
    return intercept, slope, at_zero, variance, -mean_x * variance, rss


@jit
def _fit_lines(y, x, v, offsets):
    out = np.full((6, offsets.size - 1), np.nan)
    for row in range(offsets.size - 1):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= SMALLEST_K and varies(x[start:stop]):
            fit = weighted_line(y[start:stop], x[start:stop], v[start:stop])
            for part in range(6):
                out[part, row] = fit[part]
    return out[0], out[1], out[2], out[3], out[4], out[5]
