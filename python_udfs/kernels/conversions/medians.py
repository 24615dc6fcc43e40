"""Mean and SD from medians with quartiles or range, and a test whether that is allowed.

Means: Luo, Wan, Liu & Tong 2018. SDs: Wan, Wang, Liu & Tong 2014; for five numbers Shi, Luo, Weng
and others 2020. Both hold for a normal outcome. Skewness test at 5 %: Shi, Luo, Wan and others 2023
(the critical values metafor has used since 4.0). ``wan``: means and SDs of Wan and others 2014
alone. Checked against the numbers metafor's conv.fivenum prints, to their digits.
"""

from itertools import pairwise

import numpy as np

from python_udfs.kernels.conversions.inputs import status_of
from python_udfs.kernels.conversions.options import WAN
from python_udfs.kernels.conversions.spread import quartile_width, range_width, width_status
from python_udfs.kernels.labels import ESTIMATE_OUTSIDE_INTERVAL, INTERVAL_REVERSED, OK
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def mean_sd_from_quartiles(q1, median, q3, n, method):
    """mean = w (q1 + q3)/2 + (1 - w) median, w = 0.7 + 0.39/n; sd = (q3 - q1)/eta(n).

    wan: mean = (q1 + median + q3) / 3. Skewed where |q1 + q3 - 2 median| / (q3 - q1) is at least
    2.65 / sqrt(n) - 6 / n^2. Returns mean, sd, skewness, skewness_critical, is_skewed, status,
    assumption.
    """
    weight = np.where(method == WAN, 2.0 / 3.0, 0.7 + 0.39 / n)
    mean = weight * (q1 + q3) / 2.0 + (1.0 - weight) * median
    sd = (q3 - q1) / quartile_width(n)
    skewness, critical = asymmetry(q1, median, q3), 2.65 / np.sqrt(n) - 6.0 / n**2
    return _result((q1, median, q3), n, mean, sd, skewness, critical, method)


def mean_sd_from_median_range(minimum, median, maximum, n, method):
    """mean = w (min + max)/2 + (1 - w) median, w = 4/(4 + n^0.75); sd = (max - min)/xi(n).

    wan: mean = (min + 2 median + max) / 4. Skewed where |min + max - 2 median| / (max - min) is at
    least 1 / ln(n + 9) + 2.5 / (n + 1). Returns the same fields.
    """
    weight = np.where(method == WAN, 0.5, 4.0 / (4.0 + n**0.75))
    mean = weight * (minimum + maximum) / 2.0 + (1.0 - weight) * median
    sd = (maximum - minimum) / range_width(n)
    skewness = asymmetry(minimum, median, maximum)
    critical = 1.0 / np.log(n + 9.0) + 2.5 / (n + 1.0)
    return _result((minimum, median, maximum), n, mean, sd, skewness, critical, method)


def mean_sd_from_five_numbers(minimum, q1, median, q3, maximum, n, method):
    """mean = w1 (min + max)/2 + w2 (q1 + q3)/2 + (1 - w1 - w2) median; sd from both widths.

    w1 = 2.2/(2.2 + n^0.75), w2 = 0.7 - 0.72/n^0.55; sd = w (max - min)/xi(n) + (1 - w)
    (q3 - q1)/eta(n), w = 1/(1 + 0.07 n^0.6). wan: mean = (min + 2 q1 + 2 median + 2 q3 + max) / 8,
    w = 1/2. Skewed where max(2.65 ln(0.6 n) / sqrt(n) * asymmetry of the range, asymmetry of the
    quartiles) is at least 3 / sqrt(n) - 40 / n^3. Returns the same fields.
    """
    is_wan = method == WAN
    outer = np.where(is_wan, 0.25, 2.2 / (2.2 + n**0.75))
    inner = np.where(is_wan, 0.5, 0.7 - 0.72 / n**0.55)
    mean = outer * (minimum + maximum) / 2.0 + inner * (q1 + q3) / 2.0
    mean = mean + (1.0 - outer - inner) * median
    share = np.where(is_wan, 0.5, 1.0 / (1.0 + 0.07 * n**0.6))
    of_quartiles = (q3 - q1) / quartile_width(n)
    sd = share * (maximum - minimum) / range_width(n) + (1.0 - share) * of_quartiles
    of_range = 2.65 * np.log(0.6 * n) / np.sqrt(n) * asymmetry(minimum, median, maximum)
    skewness = np.maximum(of_range, asymmetry(q1, median, q3))
    critical = 3.0 / np.sqrt(n) - 40.0 / n**3
    numbers = (minimum, q1, median, q3, maximum)
    return _result(numbers, n, mean, sd, skewness, critical, method)


def asymmetry(low, middle, high):
    """|low + high - 2 middle| / (high - low)."""
    return np.abs((high - middle) - (middle - low)) / (high - low)


def _result(numbers, n, mean, sd, skewness, critical, method):
    """Numbers in ascending order; n of at least 5, below which the formulas were not studied."""
    low, middle, high = numbers[0], numbers[1:-1], numbers[-1]
    status = width_status(status_of((*numbers, n), n >= 5.0), low, high)
    outside = np.any([(value < low) | (value > high) for value in middle], axis=0)
    status = np.where((status == OK) & outside, ESTIMATE_OUTSIDE_INTERVAL, status)
    falling = np.any([b < a for a, b in pairwise(middle)], axis=0)
    status = np.where((status == OK) & falling, INTERVAL_REVERSED, status)
    *values, status = all_or_none(status, mean, sd, skewness, critical)
    is_skewed = np.where(status == OK, (skewness >= critical).astype(np.int64), NOT_GIVEN)
    return (*values, is_skewed, status, np.where(status == OK, method, NOT_GIVEN))
