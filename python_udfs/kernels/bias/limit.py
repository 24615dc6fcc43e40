"""limit_meta_analysis: the effect expected of a study of infinite precision."""

import numpy as np

from python_udfs.kernels.bias.line import coefficient, fit_lines, line_status
from python_udfs.kernels.bias.options import BETA0, BETALIM
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NOT_CONVERGED, OK
from python_udfs.kernels.lists import Lists, complete_pairs
from python_udfs.kernels.pooling.moments import (
    centre_groups,
    squared_deviations,
    weighted_mean,
)
from python_udfs.kernels.pooling.pool import fit_pairs
from python_udfs.kernels.results import only_ok
from python_udfs.kernels.tails import p_from_chi2


def limit_meta_analysis(yi: Lists, vi: Lists, tau2_method, adjustment, ci_level):
    """Limit meta-analysis (Ruecker, Schwarzer, Carpenter, Binder & Schumacher 2011).

    yi = beta + sqrt(vi + tau2) (alpha + error): alpha is the small-study effect. tau2 is that of
    the ordinary random-effects model. alpha and beta are the line of yi on sqrt(vi + tau2) with
    weights 1 / (vi + tau2) and dispersion 1. What is expected of a study with vi = 0:

    - beta0: beta + tau alpha, its variance from that of alpha and beta;
    - betalim: intercept of the line of the limit effects on their standard errors, weights 1 / vi;
    - mulim: common-effect mean of the limit effects.

    Limit effects: beta + sqrt(tau2 / (vi + tau2)) (yi - beta). Tests and intervals are normal.

    Q (k - 1 df) is split into q_residual, left by the line of yi on its standard error (k - 2 df),
    and q_small = Q - q_residual (1 df), the small-study effect. G2 is the share of the limit
    effects' variation that the line of the limit radial plot does not explain.

    Returns k, status, estimate with se, limits, statistic, p; alpha (bias) and beta with their
    standard errors; tau2, q_small, q_small_p, q_residual, q_residual_p, g2 (percent). Faults
    as in ``pool``. Checked against R's ``lm`` on the formulas, 1e-9 (DL), 1e-8 (REML, PM).
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    y, centre = centre_groups(pairs.y, pairs.v, pairs.offsets)
    fit, fitted = fit_pairs(pairs._replace(y=y), tau2_method)
    tau2, q = fit.tau2, fit.q
    group = np.repeat(np.arange(k.size), k)
    total = pairs.v + tau2[group]
    radial = fit_lines(y, np.sqrt(total), total, pairs.offsets)
    egger = fit_lines(y, np.sqrt(pairs.v), pairs.v, pairs.offsets)
    beta = radial.intercept + centre
    effects = beta[group] + np.sqrt(tau2[group] / total) * (y - radial.intercept[group])
    limits = fit_lines(effects, np.sqrt(pairs.v), pairs.v, pairs.offsets)
    mean, mean_variance, scatter = _limit_plot(effects, pairs.v, pairs.offsets)
    status = line_status(k, egger)
    status = np.where((status == OK) & (fitted != OK), NOT_CONVERGED, status)
    tau = np.sqrt(tau2)
    beta0_variance = (
        radial.intercept_variance + tau2 * radial.slope_variance + 2.0 * tau * radial.covariance
    )
    which = [adjustment == BETA0, adjustment == BETALIM]
    estimate = np.select(which, [beta + tau * radial.slope, limits.intercept], mean)
    variance = np.select(which, [beta0_variance, limits.intercept_variance], mean_variance)
    effect = coefficient(estimate, variance, np.full(k.size, np.nan), ci_level)
    finite = np.isfinite(effect.estimate) & np.isfinite(effect.se) & (line_status(k, radial) == OK)
    status = np.where((status == OK) & ~finite, NOT_CONVERGED, status)
    q_small = np.maximum(0.0, q - egger.rss)
    numbers = only_ok(
        status,
        *effect,
        radial.slope,
        np.sqrt(radial.slope_variance),
        beta,
        np.sqrt(radial.intercept_variance),
        tau2,
        q_small,
        p_from_chi2(q_small, np.ones(k.size)),
        egger.rss,
        p_from_chi2(egger.rss, k - 2.0),
        np.where(scatter > 0.0, 100.0 * limits.rss / scatter, 0.0),
    )
    return k.astype(np.int32), status, *numbers


@jit
def _limit_plot(effects, v, offsets):
    """Of each group: mean with weights 1 / v, its variance, and sum (z - mean z)^2, z = y / SE."""
    rows = offsets.size - 1
    mean, variance, scatter = np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        group = slice(offsets[row], offsets[row + 1])
        if offsets[row + 1] > offsets[row]:
            mean[row], total, unit = weighted_mean(effects[group], v[group], 0.0)
            variance[row] = unit / total
            scatter[row] = squared_deviations(effects[group] / np.sqrt(v[group]))
    return mean, variance, scatter
