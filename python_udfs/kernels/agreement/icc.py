"""icc: intraclass correlation of two raters' numbers."""

import numpy as np
from scipy import special

from python_udfs.kernels.agreement.options import AGREEMENT, CONSISTENCY
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NO_VARIATION, OK, TOO_FEW_ITEMS
from python_udfs.kernels.lists import Lists, complete_columns
from python_udfs.kernels.results import only_ok

RATERS = 2


def icc(first: Lists, second: Lists, form, ci_level):
    """Intraclass correlation of single ratings by k = 2 raters of n items (McGraw & Wong 1996).

    From the mean squares of items (R), raters (C), residual (E) and within items (W):

    - A1, absolute agreement, ICC(A,1) or ICC(2,1): (R - E) / (R + (k - 1) E + k (C - E) / n);
    - C1, consistency, ICC(C,1) or ICC(3,1): (R - E) / (R + (k - 1) E);
    - one_way, ICC(1,1), raters unknown: (R - W) / (R + (k - 1) W).

    Limits from the F distribution; those of A1 use Satterthwaite's degrees of freedom. Where the
    raters agree throughout, the estimate is 1 and there are no limits. no_variation: all numbers
    are equal; too_few_items: one item. Returns n, status, estimate, ci_low, ci_high.
    """
    pairs = complete_columns((first, second), (False, False))
    n = np.diff(pairs.offsets)
    items, raters, residual, within = _mean_squares(*pairs.values, pairs.offsets)
    is_flat = (items == 0.0) & (within == 0.0)
    status = np.select([n == 0, n == 1, is_flat], [NO_DATA, TOO_FEW_ITEMS, NO_VARIATION], OK)
    alpha = 1.0 - ci_level
    forms = [form == AGREEMENT, form == CONSISTENCY]
    ways = (
        _agreement(items, raters, residual, n, alpha),
        _ratio(items, residual, n - 1.0, n - 1.0, alpha),
        _ratio(items, within, n - 1.0, n * 1.0, alpha),
    )
    estimate, low, high = (
        np.select(forms, [ways[0][part], ways[1][part]], ways[2][part]) for part in range(3)
    )
    has_limits = within > 0.0
    return (
        n.astype(np.int32),
        status,
        *only_ok(
            status, estimate, np.where(has_limits, low, np.nan), np.where(has_limits, high, np.nan)
        ),
    )


def _ratio(items, error, df_items, df_error, alpha):
    """(R - E) / (R + E) with limits from F = R / E."""
    f = items / error
    low = f / _f_quantile(df_items, df_error, alpha)
    high = f * _f_quantile(df_error, df_items, alpha)
    return (items - error) / (items + error), (low - 1) / (low + 1), (high - 1) / (high + 1)


def _agreement(items, raters, residual, n, alpha):
    """ICC(A,1) and the limits of McGraw & Wong (1996, table 7)."""
    k = RATERS
    estimate = (items - residual) / (items + residual * (k - 1) + k * (raters - residual) / n)
    a = k * estimate / (n * (1 - estimate))
    b = 1 + k * estimate * (n - 1) / (n * (1 - estimate))
    df = (a * raters + b * residual) ** 2 / (
        (a * raters) ** 2 / (k - 1) + (b * residual) ** 2 / ((n - 1) * (k - 1))
    )
    spread = k * raters + (k * n - k - n) * residual
    lower, upper = _f_quantile(n - 1.0, df, alpha), _f_quantile(df, n - 1.0, alpha)
    low = n * (items - lower * residual) / (lower * spread + n * items)
    high = n * (upper * items - residual) / (spread + n * upper * items)
    return estimate, low, high


def _f_quantile(df1, df2, alpha):
    return special.fdtri(df1, df2, 1.0 - alpha / 2.0)


@jit
def _mean_squares(first, second, offsets):
    """Mean squares of items, raters, residual and within items; NaN for fewer than two items."""
    rows = offsets.size - 1
    items, raters = np.full(rows, np.nan), np.full(rows, np.nan)
    residual, within = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        a, b = first[offsets[row] : offsets[row + 1]], second[offsets[row] : offsets[row + 1]]
        n = a.size
        if n > 1:
            # Half sums, from the first item on, and differences: equal ratings give exactly 0,
            # where the mean of many equal numbers need not be that number.
            middle, gap = a / 2.0 + b / 2.0, a - b
            middle = middle - middle[0]
            items[row] = 2.0 * ((middle - middle.mean()) ** 2).sum() / (n - 1)
            raters[row] = n * gap.mean() ** 2 / 2.0
            residual[row] = ((gap - gap.mean()) ** 2).sum() / (2.0 * (n - 1))
            within[row] = (gap**2).sum() / (2.0 * n)
    return items, raters, residual, within
