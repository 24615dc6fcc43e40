"""cohens_kappa: agreement of two raters beyond what their own marginal frequencies make likely."""

import numpy as np

from python_udfs.kernels.agreement.ratings import complete_ratings, local_codes
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NO_VARIATION, OK
from python_udfs.kernels.lists import Labels
from python_udfs.kernels.results import only_ok
from python_udfs.kernels.tails import z_quantile


def cohens_kappa(first: Labels, second: Labels, ci_level):
    """kappa = (Po - Pe) / (1 - Pe), Po observed agreement, Pe = sum p_k. p_.k (Cohen 1960).

    Standard error for large samples (Fleiss, Cohen & Everitt 1969):

        n (1 - Pe)^4 se^2 = sum_k p_kk [(1 - Pe) - (p_k. + p_.k)(1 - Po)]^2
                            + (1 - Po)^2 sum_{k != l} p_kl (p_.k + p_l.)^2
                            - (Po Pe - 2 Pe + Po)^2

    Normal limits, cut at -1 and 1. Where se is 0 (both raters agree everywhere) there are no
    limits. no_variation: both raters use one and the same category throughout, so that Pe is 1.
    Returns n, categories, status, observed, expected, estimate, se, ci_low, ci_high.
    """
    ratings = complete_ratings(first, second)
    n = np.diff(ratings.offsets)
    categories, observed, expected, kappa, variance = _kappa(*ratings)
    status = np.select([n == 0, categories == 1], [NO_DATA, NO_VARIATION], OK)
    se = np.sqrt(np.maximum(variance, 0.0))
    half_width = np.where(se > 0.0, z_quantile(ci_level) * se, np.nan)
    return (
        n.astype(np.int32),
        categories.astype(np.int32),
        status,
        observed,
        *only_ok(
            status,
            expected,
            kappa,
            se,
            np.maximum(kappa - half_width, -1.0),
            np.minimum(kappa + half_width, 1.0),
        ),
    )


@jit
def _kappa(first, second, offsets):
    rows = offsets.size - 1
    categories = np.zeros(rows, np.int64)
    observed, expected = np.full(rows, np.nan), np.full(rows, np.nan)
    kappa, variance = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if stop > start:
            one, other, count = local_codes(first[start:stop], second[start:stop])
            categories[row] = count
            table = _shares(one, other, count)
            observed[row] = np.mean(one == other)
            expected[row] = (table.sum(axis=1) * table.sum(axis=0)).sum()
            if count > 1:
                kappa[row] = (observed[row] - expected[row]) / (1.0 - expected[row])
                variance[row] = _variance(table, observed[row], expected[row]) / (stop - start)
    return categories, observed, expected, kappa, variance


@jit
def _shares(one, other, count):
    """The cross table of both raters as shares of all items."""
    table = np.zeros((count, count))
    for i in range(one.size):
        table[one[i], other[i]] += 1.0
    return table / one.size


@jit
def _variance(table, observed, expected):
    """n times the variance of kappa (Fleiss, Cohen & Everitt 1969)."""
    count = table.shape[0]
    if observed == 1.0:
        return 0.0
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    total = -((observed * expected - 2.0 * expected + observed) ** 2)
    for k in range(count):
        total += table[k, k] * ((1 - expected) - (rows[k] + columns[k]) * (1 - observed)) ** 2
        for other in range(count):
            if other != k:
                total += (1 - observed) ** 2 * table[k, other] * (columns[k] + rows[other]) ** 2
    return total / (1.0 - expected) ** 4
