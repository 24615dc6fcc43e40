"""gwet_ac1: agreement of two raters beyond chance, steady when one category prevails."""

import numpy as np

from python_udfs.kernels.agreement.ratings import complete_ratings, local_codes
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NO_VARIATION, OK, OUT_OF_RANGE, TOO_FEW_ITEMS
from python_udfs.kernels.lists import Labels
from python_udfs.kernels.results import only_ok
from python_udfs.kernels.tails import t_quantile


def gwet_ac1(first: Labels, second: Labels, categories, ci_level):
    """AC1 = (Po - Pe) / (1 - Pe), Pe = sum pi_k (1 - pi_k) / (q - 1) (Gwet 2008).

    pi_k is the share of category k over both raters, q the number of categories: those used, or
    ``categories`` where a scale has more. Each item i gives

        g_i = (a_i - Pe) / (1 - Pe) - 2 (1 - AC1) (e_i - Pe) / (1 - Pe),

    a_i 1 where the raters agree, e_i the mean over both of (1 - pi_k) / (q - 1) at their category
    k. se^2 = sum (g_i - AC1)^2 / (n (n - 1)); limits by t with n - 1 degrees of freedom, cut at -1
    and 1. Where se is 0 there are no limits. no_variation: one category, and no other possible;
    out_of_range: more categories used than ``categories``; too_few_items: one item.
    Returns n, categories, status, observed, expected, estimate, se, ci_low, ci_high.
    """
    ratings = complete_ratings(first, second)
    n = np.diff(ratings.offsets)
    used, q, observed, expected, ac1, variance = _ac1(*ratings, categories)
    status = np.select(
        [n == 0, used > q, q == 1, n == 1], [NO_DATA, OUT_OF_RANGE, NO_VARIATION, TOO_FEW_ITEMS], OK
    )
    se = np.sqrt(variance)
    half_width = np.where(se > 0.0, t_quantile(ci_level, n - 1.0) * se, np.nan)
    return (
        n.astype(np.int32),
        q.astype(np.int32),
        status,
        observed,
        *only_ok(
            status,
            expected,
            ac1,
            se,
            np.maximum(ac1 - half_width, -1.0),
            np.minimum(ac1 + half_width, 1.0),
        ),
    )


@jit
def _ac1(first, second, offsets, categories):
    rows = offsets.size - 1
    used, q = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    observed, expected = np.full(rows, np.nan), np.full(rows, np.nan)
    ac1, variance = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        n = stop - start
        if n > 0:
            one, other, used[row] = local_codes(first[start:stop], second[start:stop])
            q[row] = used[row] if np.isnan(categories[row]) else int(categories[row])
            observed[row] = np.mean(one == other)
            if q[row] > 1 and q[row] >= used[row]:
                found = _one_row(one, other, used[row], q[row], observed[row])
                expected[row], ac1[row], variance[row] = found
    return used, q, observed, expected, ac1, variance


@jit
def _one_row(one, other, used, q, observed):
    """Expected agreement, AC1 and its variance."""
    n = one.size
    share = np.zeros(used)
    for i in range(n):
        share[one[i]] += 0.5 / n
        share[other[i]] += 0.5 / n
    chance = (1.0 - share) / (q - 1)
    expected = (share * chance).sum()
    ac1 = (observed - expected) / (1.0 - expected)
    squares = 0.0
    for i in range(n):
        agrees = 1.0 if one[i] == other[i] else 0.0
        by_chance = 0.5 * (chance[one[i]] + chance[other[i]])
        g = (agrees - expected) - 2.0 * (1.0 - ac1) * (by_chance - expected)
        squares += (g / (1.0 - expected) - ac1) ** 2
    return expected, ac1, squares / (n * (n - 1)) if n > 1 else np.nan
