"""begg_test: are effects and variances correlated in rank?"""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NO_VARIATION, NOT_CONVERGED, OK, TOO_FEW_STUDIES
from python_udfs.kernels.lists import Lists, complete_pairs
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.pooling.moments import extremes
from python_udfs.kernels.results import only_ok
from python_udfs.kernels.tails import p_from_z

SMALLEST_K = 3
LARGEST_EXACT_K = 500
EXACT, NORMAL = range(2)


def begg_test(yi: Lists, vi: Lists):
    """Rank correlation test of Begg & Mazumdar (1994).

    Kendall's tau-b between (yi - mean) / sqrt(vi - 1 / W) and vi, with the common-effect mean and
    W = sum 1 / vi. Without ties and up to 500 studies p is exact (all orders equally likely);
    otherwise it is normal, with the variance corrected for ties and without continuity correction
    (R's ``cor.test`` as metafor's ``ranktest`` calls it).

    Returns k, status, kendall_tau, statistic (z; NaN when p is exact), p_value, p_method. Fewer
    than three studies: too_few_studies; all variances, or all effects, tied: no_variation; weights
    beyond floating point: not_converged.
    Faults as in ``pool``. Checked against metafor, 1e-9.
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    tau, z, exact_p, failed = _begg(pairs.y, pairs.v, pairs.offsets)
    is_exact = np.isfinite(exact_p)
    status = np.select(
        [k == 0, k < SMALLEST_K, failed, np.isnan(tau)],
        [NO_DATA, TOO_FEW_STUDIES, NOT_CONVERGED, NO_VARIATION],
        OK,
    )
    p = np.where(is_exact, exact_p, p_from_z(z))
    method = np.where(status == OK, np.where(is_exact, EXACT, NORMAL), NOT_GIVEN)
    statistic = np.where(is_exact, np.nan, z)
    return k.astype(np.int32), status, *only_ok(status, tau, statistic, p), method


@jit
def _begg(y, v, offsets):
    """(tau-b, z, exact p, failed) of each group; NaN for what does not apply."""
    out = np.full((3, offsets.size - 1), np.nan)
    failed = np.zeros(offsets.size - 1, np.bool_)
    for row in range(offsets.size - 1):
        start, stop = offsets[row], offsets[row + 1]
        k = stop - start
        if k < SMALLEST_K:
            continue
        standardised = standardised_effects(y[start:stop], v[start:stop])
        if not np.isfinite(standardised).all():
            failed[row] = True
            continue
        score = concordance(standardised, v[start:stop])
        ties_y, ties_v = tie_sums(standardised), tie_sums(v[start:stop])
        pairs = k * (k - 1.0) / 2.0
        room = (pairs - ties_y[0] / 2.0) * (pairs - ties_v[0] / 2.0)
        if room > 0.0:
            out[0, row] = score / math.sqrt(room)
            out[1, row] = score / math.sqrt(score_variance(k, ties_y, ties_v))
            if ties_y[0] + ties_v[0] == 0.0 and k <= LARGEST_EXACT_K:
                out[2, row] = exact_kendall_p(int(score), k)
    return out[0], out[1], out[2], failed


@jit
def standardised_effects(y, v):
    """(y - mean) / sqrt(v - 1 / W), with v_i - 1 / W = v_i (1 - w_i / W).

    Equal studies must stay tied, so the share depends on v_i only; where one study has most of
    the weight the difference would cancel, and the weights of the others are summed instead.
    """
    weights = extremes(v)[0] / v
    total = weights.sum()
    mean = (weights * (y - y[0])).sum() / total
    out = np.empty_like(y)
    for i in range(y.size):
        share = 1.0 - weights[i] / total
        if share < 0.5:
            share = (weights[:i].sum() + weights[i + 1 :].sum()) / total
        out[i] = (y[i] - y[0] - mean) / math.sqrt(v[i] * share)
    return out


@jit
def concordance(x, y):
    """Kendall's S: concordant minus discordant pairs."""
    score = 0.0
    for i in range(x.size):
        for j in range(i):
            score += np.sign(x[i] - x[j]) * np.sign(y[i] - y[j])
    return score


@jit
def tie_sums(x):
    """sum t (t - 1), sum t (t - 1)(t - 2), sum t (t - 1)(2 t + 5) over groups of t equal values."""
    ordered = np.sort(x)
    first = second = third = 0.0
    t = 1.0
    for i in range(1, x.size + 1):
        if i < x.size and ordered[i] == ordered[i - 1]:
            t += 1.0
        else:
            first += t * (t - 1.0)
            second += t * (t - 1.0) * (t - 2.0)
            third += t * (t - 1.0) * (2.0 * t + 5.0)
            t = 1.0
    return first, second, third


@jit
def score_variance(k, a, b):
    """Variance of S under independence, with ties (Kendall 1970, ch. 4)."""
    n = float(k)
    full = n * (n - 1.0) * (2.0 * n + 5.0)
    return (
        (full - a[2] - b[2]) / 18.0
        + a[0] * b[0] / (2.0 * n * (n - 1.0))
        + a[1] * b[1] / (9.0 * n * (n - 1.0) * (n - 2.0))
    )


@jit
def exact_kendall_p(score, k):
    """Two-sided p of S without ties: twice the probability of a value as far out, at most 1.

    The number of discordant pairs is a sum of independent uniform counts on 0..j, j = 1..k-1.
    """
    pairs = k * (k - 1) // 2
    outer = (pairs - abs(score)) // 2
    probability = np.zeros(outer + 1)
    probability[0] = 1.0
    for j in range(1, k):
        window = 0.0
        shifted = np.zeros(outer + 1)
        for i in range(outer + 1):
            window += probability[i]
            if i > j:
                window -= probability[i - j - 1]
            shifted[i] = window / (j + 1)
        probability = shifted
    return min(1.0, 2.0 * probability.sum())
