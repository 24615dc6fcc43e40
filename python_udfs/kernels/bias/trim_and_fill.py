"""trim_and_fill: studies missing on one side of the funnel, and the pool with them filled in."""

import numpy as np

from python_udfs.kernels.bias.line import fit_lines
from python_udfs.kernels.bias.missing_studies import SMALLEST_K, trim_groups
from python_udfs.kernels.bias.options import AUTO, R0, RIGHT
from python_udfs.kernels.bias.random_line import line_tau2
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NO_VARIATION, NOT_CONVERGED, OK, TOO_FEW_STUDIES
from python_udfs.kernels.lists import Lists, Pairs, complete_pairs
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.pooling.arguments import pool_arguments
from python_udfs.kernels.pooling.options import CE, PMM
from python_udfs.kernels.pooling.pool import pool
from python_udfs.kernels.results import only_ok
from python_udfs.kernels.tails import chi2_quantile

POOLED = ("estimate", "se", "ci_low", "ci_high", "statistic", "df", "p_value", "tau2")


def trim_and_fill(yi: Lists, vi: Lists, side, estimator, tau2_method, ci_method, ci_level):
    """Trim and fill (Duval & Tweedie 2000): k0 missing studies, and the pool with them filled in.

    The studies are ordered by effect; the k0 most extreme ones of the side that has too many are
    trimmed, the mean is taken from the others, and k0 estimated anew from the ranks of all
    deviations from that mean, until it stays the same. With S the sum of the ranks of |deviation|
    on that side, and r the largest rank on the other:

    - L0 = (4 S - k (k + 1)) / (2 k - 1);
    - R0 = k - r - 1;
    - Q0 = k - 1/2 - sqrt(2 k^2 - 4 S + 1/4);

    each rounded (halves to even) and at least 0. Then the trimmed studies are mirrored about the
    mean, added with their variances, and everything is pooled as ``pool`` does. ``side`` names the
    side on which studies are missing; auto: right when effects fall with the standard error in a
    mixed-effects line with the same tau2 estimator, else left.

    Returns k, status, k0, k0_se, k0_p (R0 only: that many by chance alone), side, estimate, se,
    limits, statistic, df, p and tau2 of the filled data, and the lists filled_yi, filled_vi. Fewer
    than three studies: too_few_studies; equal variances and side auto, or a standard error of 0
    (as ``pool``): no_variation; rounds that
    do not end, or a Q0 of a negative number: not_converged. Faults as in ``pool``; ValueError for
    DL2 with side auto: a line has no such tau2. Checked
    against metafor's ``trimfill``: k0 equal, numbers 1e-9 (DL, CE), 1e-8 (REML, PM).
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    missing_right = side == RIGHT
    is_auto = side == AUTO
    falls, has_line = _falls(pairs, np.where(is_auto, tau2_method, CE))
    missing_right = np.where(is_auto, falls, missing_right)
    sign = np.where(missing_right, -1.0, 1.0)
    mirrored = pairs.y * np.repeat(sign, k)
    k0, k0_se, mean, order, converged = trim_groups(
        mirrored, pairs.v, pairs.offsets, estimator, tau2_method, _medians(k, tau2_method)
    )
    status = np.select(
        [k == 0, k < SMALLEST_K, is_auto & ~has_line, ~converged],
        [NO_DATA, TOO_FEW_STUDIES, NO_VARIATION, NOT_CONVERGED],
        OK,
    )
    k0 = np.where(status == OK, k0, 0)
    filled_y, filled_v, offsets = _fill(mirrored, pairs.v, pairs.offsets, k0, mean, order)
    filled_y *= np.repeat(sign, k0)
    together = _append(pairs, filled_y, filled_v, offsets)
    options = pool_arguments(tau2_method, ci_method=ci_method, ci_level=ci_level)
    pooled = pool(*together, *options)
    status = np.where(status == OK, pooled.status, status)
    by_chance = np.where(estimator == R0, 0.5 ** (k0 + 1.0), np.nan)
    return (
        k.astype(np.int32),
        status,
        *only_ok(status, k0.astype(np.float64), k0_se, by_chance),
        np.where(status == OK, missing_right.astype(np.int64), NOT_GIVEN),
        *only_ok(status, *(getattr(pooled, name) for name in POOLED)),
        Lists(filled_y, offsets, status != OK),
        Lists(filled_v, offsets, status != OK),
    )


def _falls(pairs, tau2_method):
    """Whether effects fall with their standard error, and whether there is a line to tell."""
    se = np.sqrt(pairs.v)
    tau2 = line_tau2(pairs.y, se, pairs.v, pairs.offsets, tau2_method)
    total = pairs.v + np.repeat(tau2, np.diff(pairs.offsets))
    slope = fit_lines(pairs.y, se, total, pairs.offsets).slope
    return slope < 0.0, np.isfinite(slope)


def _medians(k, tau2_method):
    """Medians of chi-square by df, which PMM needs for any number of studies left."""
    size = k.max(initial=0) if np.any(tau2_method == PMM) else 0
    return chi2_quantile(np.full(size, 0.5), np.arange(size))


@jit
def _fill(y, v, offsets, k0, mean, order):
    """The last k0 studies of each group mirrored about its mean: effects, variances, offsets."""
    rows = k0.size
    starts = np.zeros(rows + 1, np.int64)
    for row in range(rows):
        starts[row + 1] = starts[row] + k0[row]
    filled_y, filled_v = np.empty(starts[rows]), np.empty(starts[rows])
    for row in range(rows):
        for i in range(k0[row]):
            study = offsets[row] + order[offsets[row + 1] - k0[row] + i]
            filled_y[starts[row] + i] = 2.0 * mean[row] - y[study]
            filled_v[starts[row] + i] = v[study]
    return filled_y, filled_v, starts


def _append(pairs: Pairs, filled_y, filled_v, filled_offsets):
    """The studies of each row followed by its filled ones, as lists of effects and variances."""
    rows = np.diff(pairs.offsets).size
    observed = np.repeat(np.arange(rows), np.diff(pairs.offsets))
    filled = np.repeat(np.arange(rows), np.diff(filled_offsets))
    order = np.argsort(np.concatenate([observed, filled]), kind="stable")
    offsets = pairs.offsets + filled_offsets
    nothing = np.zeros(rows, bool)
    y = np.concatenate([pairs.y, filled_y])[order]
    v = np.concatenate([pairs.v, filled_v])[order]
    return Lists(y, offsets, nothing), Lists(v, offsets, nothing)
