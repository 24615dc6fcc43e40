"""p_uniform_star: the effect from the distribution of effects given their significance, by ML."""

import math

import numpy as np
from scipy import special

from python_udfs.kernels.bias.options import TAIL_LESS
from python_udfs.kernels.bias.selected_studies import selected_studies
from python_udfs.kernels.bias.selection_likelihood import CONDITIONAL
from python_udfs.kernels.bias.selection_model import variances
from python_udfs.kernels.bias.selection_search import height_at, search
from python_udfs.kernels.copying import copy_into
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NOT_CONVERGED, NOT_IDENTIFIED, OK, TOO_FEW_STUDIES
from python_udfs.kernels.lists import Lists
from python_udfs.kernels.pooling.options import PM
from python_udfs.kernels.pooling.tau2 import estimate_tau2
from python_udfs.kernels.results import only_ok
from python_udfs.kernels.tails import chi2_quantile, p_from_chi2

SMALLEST_K = 3
MU, TAU2 = range(2)
MOST_DOUBLINGS = 40


def p_uniform_star(yi: Lists, vi: Lists, alternative, alpha, ci_level):
    """p-uniform* by maximum likelihood (van Aert & van Assen 2018).

    Studies were tested two-sided at ``alpha``; those beyond the upper critical value (lower, for
    alternative less) count as significant. mu and tau2 maximise the likelihood of each effect given
    whether it is significant (CONDITIONAL in selection_likelihood.py). Limits of both are those of
    the profile likelihood; mu = 0 is tested by the likelihood ratio on 1 df. ``bias`` tests the
    ordinary random-effects estimates (Paule-Mandel) in the same likelihood, on 2 df.

    Returns k, k_significant, status, estimate, se (from the Hessian), ci_low, ci_high, statistic,
    p_value, tau2, tau2_ci_low, tau2_ci_high, bias_statistic, bias_p, log_likelihood. A limit is NaN
    where the profile never falls far enough. Fewer than three studies: too_few_studies; no maximum
    (the likelihood rises without end, ``height_at_infinity``): not_identified. Faults as in
    ``pool``. Checked against an
    independent search, 1e-8.
    """
    is_less = alternative == TAIL_LESS
    z_critical = -special.ndtri(alpha / 2.0)
    studies = selected_studies(yi, vi, z_critical, np.zeros(is_less.size, bool), is_less)
    k = np.diff(studies.offsets)
    drop = 0.5 * chi2_quantile(ci_level, np.ones(k.size, np.int64))
    significant, found, theta, variance, heights, limits = _fit(*studies[:5], drop)
    status = np.select(
        [k == 0, k < SMALLEST_K, ~found], [NO_DATA, TOO_FEW_STUDIES, NOT_CONVERGED], OK
    )
    status = np.where((status == OK) & ~(variance > 0.0), NOT_CONVERGED, status)
    infinity = height_at_infinity(studies, k, significant)
    endless = np.isfinite(infinity) & (infinity >= heights[0])
    failed = (status == NOT_CONVERGED) | (status == OK)
    status = np.where(failed & endless, NOT_IDENTIFIED, status)
    unit, mirrored = studies.unit, studies.sign < 0.0
    low = np.where(mirrored, -limits[1], limits[0])
    high = np.where(mirrored, -limits[0], limits[1])
    effect = np.maximum(0.0, 2.0 * (heights[0] - heights[1]))
    bias = np.maximum(0.0, 2.0 * (heights[0] - heights[2]))
    one = np.ones(k.size)
    numbers = only_ok(
        status,
        studies.sign * theta[MU] * unit,
        np.sqrt(variance) * unit,
        low * unit,
        high * unit,
        effect,
        p_from_chi2(effect, one),
        theta[TAU2] * unit**2,
        limits[2] * unit**2,
        limits[3] * unit**2,
        bias,
        p_from_chi2(bias, 2.0 * one),
        heights[0] - k * np.log(unit),
    )
    return k.astype(np.int32), significant.astype(np.int32), status, *numbers


def height_at_infinity(studies, k, significant):
    """What the likelihood rises to as tau2 and |mu| grow together; -infinity where it falls.

    When all studies are significant, or none is, effects given that are truncated normal; as mu
    runs away from them with mu / tau2 = -r they become exponential distances d = |y - critical|,
    of log-likelihood k log r - r sum d, which is highest at r = k / sum d. A sample more spread
    than the exponential has no maximum nearer.
    """
    row = np.repeat(np.arange(k.size), k)
    total = np.bincount(row, np.abs(studies.y - studies.critical), minlength=k.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        height = k * (np.log(k / total) - 1.0)
    return np.where((k > 0) & ((significant == 0) | (significant == k)), height, -np.inf)


@jit
def _fit(y, v, critical, significant, offsets, drop):
    """(significant, found, theta, variance of mu, heights, limits) of each group.

    Heights: at the maximum, at mu = 0, at the random-effects estimates. Limits: of mu and tau2.
    """
    rows = drop.size
    counts, found = np.zeros(rows, np.int64), np.zeros(rows, np.bool_)
    thetas, variance = np.full((3, rows), np.nan), np.full(rows, np.nan)
    heights, limits = np.full((3, rows), np.nan), np.full((4, rows), np.nan)
    free = np.array([False, False, True])
    for row in range(rows):
        group = slice(offsets[row], offsets[row + 1])
        counts[row] = significant[group].sum()
        if offsets[row + 1] - offsets[row] < SMALLEST_K:
            continue
        studies = (y[group], v[group], critical[group], significant[group])
        theta, height, hessian, found[row] = search(CONDITIONAL, studies, np.zeros(3), free)
        heights[0, row] = height
        if not found[row]:
            continue
        copy_into(thetas[:, row], theta)
        variance[row] = variances(hessian, theta[TAU2] > 0.0, False)[MU]
        heights[1, row] = profile(studies, MU, 0.0)
        tau2, _ = estimate_tau2(PM, y[group] - y[group][0], v[group])
        heights[2, row] = height_at(CONDITIONAL, studies, tau2)
        floor = height - drop[row]
        step = math.sqrt(variance[row])
        if not step > 0.0:
            continue
        limits[0, row] = limit(studies, MU, theta[MU], -step, floor)
        limits[1, row] = limit(studies, MU, theta[MU], step, floor)
        step = 0.25 * (theta[TAU2] + v[group].min())
        limits[2, row] = lower_tau2(studies, theta[TAU2], floor)
        limits[3, row] = limit(studies, TAU2, theta[TAU2], step, floor)
    return counts, found, thetas, variance, heights, limits


@jit
def profile(studies, which, value):
    """Highest likelihood with parameter ``which`` held at ``value``; NaN when there is none."""
    fixed = np.array([which == MU, which == TAU2, True])
    theta = np.zeros(3)
    theta[which] = value
    _, height, _, found = search(CONDITIONAL, studies, theta, fixed)
    return height if found else math.nan


@jit
def lower_tau2(studies, tau2, floor):
    """Where the profile of tau2 falls to ``floor`` below the estimate; 0 when it does not."""
    if not profile(studies, TAU2, 0.0) < floor:
        return 0.0
    return crossing(studies, TAU2, tau2, 0.0, floor)


@jit
def limit(studies, which, start, step, floor):
    """Where the profile falls to ``floor`` beyond ``start`` in the direction of ``step``.

    The step doubles until the profile is below the floor. NaN when it stays above.
    """
    inside = start
    for _ in range(MOST_DOUBLINGS):
        outside = inside + step
        height = profile(studies, which, outside)
        if math.isnan(height):
            return math.nan
        if height < floor:
            return crossing(studies, which, inside, outside, floor)
        inside = outside
        step *= 2.0
    return math.nan


@jit
def crossing(studies, which, inside, outside, floor):
    """Root of profile - floor between a point above and a point below it.

    Regula falsi with halving of the end that stays (the Illinois rule; Dowell & Jarratt 1971).
    """
    above = profile(studies, which, inside) - floor
    below = profile(studies, which, outside) - floor
    kept = 0
    for _ in range(100):
        middle = (inside * below - outside * above) / (below - above)
        value = profile(studies, which, middle) - floor
        if abs(value) < 1e-11 or abs(outside - inside) < 1e-14 * (abs(inside) + abs(outside)):
            return middle
        if value > 0.0:
            inside, above = middle, value
            if kept == 1:
                below *= 0.5
            kept = 1
        else:
            outside, below = middle, value
            if kept == -1:
                above *= 0.5
            kept = -1
    return 0.5 * (inside + outside)
