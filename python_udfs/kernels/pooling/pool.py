"""pool: one random-effects (or common-effect) meta-analysis per row."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NOT_CONVERGED, OK, SINGLE_STUDY
from python_udfs.kernels.lists import Lists, Pairs, complete_pairs
from python_udfs.kernels.pooling import heterogeneity, interval, prediction
from python_udfs.kernels.pooling.moments import (
    centre_groups,
    generalised_q,
    typical_variance,
    weighted_mean,
)
from python_udfs.kernels.pooling.options import CE, CI_Z, PI_NONE
from python_udfs.kernels.pooling.tau2 import estimate_tau2
from python_udfs.kernels.tails import p_from_chi2


class Fit(NamedTuple):
    """Point estimates of each row; NaN where there are none."""

    estimate: np.ndarray
    se_classic: np.ndarray
    tau2: np.ndarray
    q: np.ndarray
    q_at_tau2: np.ndarray
    typical_variance: np.ndarray


class Pooled(NamedTuple):
    """What ``pool`` returns, one array per field of its catalogue entry and in that order."""

    k: np.ndarray
    status: np.ndarray
    estimate: np.ndarray
    se: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    statistic: np.ndarray
    df: np.ndarray
    p_value: np.ndarray
    tau2: np.ndarray
    tau2_ci_low: np.ndarray
    tau2_ci_high: np.ndarray
    q: np.ndarray
    q_df: np.ndarray
    q_p: np.ndarray
    i2_q: np.ndarray
    i2_tau2: np.ndarray
    h2_q: np.ndarray
    h2_tau2: np.ndarray
    pi_low: np.ndarray
    pi_high: np.ndarray
    weights: Lists


def pool(yi: Lists, vi: Lists, tau2_method, ci_method, pi_method, ci_level):
    """Inverse-variance meta-analysis of each row; one array per field of the catalogue entry.

    ``yi`` effects, ``vi`` sampling variances (their unit squared), one list of each per row; the
    codes of ``options.POOL_OPTIONS`` and ``ci_level``, one per row. Pairs that are not complete are
    dropped; without any the status is no_data, with one it is single_study, and not_converged when
    an iteration or a number fails. ValueError for lists of different length and for a variance that
    is not positive. Formulas and sources stand with each part: tau2, interval, heterogeneity,
    prediction. Checked against metafor: closed forms 1e-9, iterative estimators 1e-8, relative.
    """
    pairs = complete_pairs(yi, vi, "yi", "vi")
    k = np.diff(pairs.offsets)
    centred, centres = centre_groups(pairs.y, pairs.v, pairs.offsets)
    pairs = pairs._replace(y=centred)
    fit, status = fit_pairs(pairs, tau2_method)
    fit = fit._replace(estimate=fit.estimate + centres)
    inference = _inference(k, fit, ci_method, ci_level)
    spread = _heterogeneity(pairs, k, fit, ci_level)
    predicted = _prediction(k, fit, tau2_method, pi_method, ci_level)
    weights = _weights(pairs, yi, fit, status)
    numbers = (fit.estimate, *inference, *spread, *predicted)
    return Pooled(k.astype(np.int32), status, *numbers, weights)


def fit_pairs(pairs: Pairs, tau2_method) -> tuple[Fit, np.ndarray]:
    """(fit, status) of centred pairs; the numbers are NaN where the status is not_converged."""
    fit = Fit(*_fit_groups(pairs.y, pairs.v, pairs.offsets, tau2_method))
    status = _status(np.diff(pairs.offsets), fit)
    return Fit(*(np.where(status == NOT_CONVERGED, np.nan, field) for field in fit)), status


@jit
def _fit_groups(y, v, offsets, method):
    rows = offsets.size - 1
    estimate, se_classic = np.full(rows, np.nan), np.full(rows, np.nan)
    tau2, typical = np.full(rows, np.nan), np.full(rows, np.nan)
    q, q_at_tau2 = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        group_y, group_v = y[start:stop], v[start:stop]
        between = 0.0
        if stop - start >= 2:
            between, _ = estimate_tau2(method[row], group_y, group_v)
            tau2[row] = between
            typical[row] = typical_variance(group_v)
            q[row] = generalised_q(group_y, group_v, 0.0)
            q_at_tau2[row] = generalised_q(group_y, group_v, between)
        if stop > start:
            estimate[row], total, unit = weighted_mean(group_y, group_v, between)
            se_classic[row] = np.sqrt(unit / total)
    return estimate, se_classic, tau2, q, q_at_tau2, typical


def _status(k, fit):
    finite = np.isfinite(fit.estimate) & np.isfinite(fit.se_classic) & (fit.se_classic > 0.0)
    finite &= (k < 2) | (np.isfinite(fit.tau2) & np.isfinite(fit.q))
    status = np.where(finite, OK, NOT_CONVERGED)
    status = np.where(finite & (k == 1), SINGLE_STUDY, status)
    return np.where(k == 0, NO_DATA, status)


def _inference(k, fit, method, level):
    """se, ci_low, ci_high, statistic, df, p_value; a single study keeps its own z interval."""
    method = np.where(k < 2, CI_Z, method)
    hk_q = fit.q_at_tau2 / np.maximum(k - 1, 1)
    se = interval.standard_error(method, fit.se_classic, hk_q)
    df = np.where(np.isnan(se), np.nan, interval.degrees_of_freedom(method, k))
    half = interval.half_width(level, df, se)
    statistic = np.where(se > 0.0, fit.estimate / se, np.nan)
    p_value = interval.two_sided_p(statistic, df)
    return se, fit.estimate - half, fit.estimate + half, statistic, df, p_value


def _heterogeneity(pairs, k, fit, level):
    """tau2 with its interval, q, q_df, q_p, and I2 and H2 in both definitions."""
    q_df = np.where(np.isnan(fit.q), np.nan, k - 1.0)
    low, high = heterogeneity.q_profile(pairs, level)
    unknown = np.isnan(fit.tau2)
    return (
        fit.tau2,
        np.where(unknown, np.nan, low),
        np.where(unknown, np.nan, high),
        fit.q,
        q_df,
        p_from_chi2(fit.q, q_df),
        heterogeneity.i2_from_q(fit.q, q_df),
        heterogeneity.i2_from_tau2(fit.tau2, fit.typical_variance),
        heterogeneity.h2_from_q(fit.q, q_df),
        heterogeneity.h2_from_tau2(fit.tau2, fit.typical_variance),
    )


def _prediction(k, fit, tau2_method, pi_method, level):
    """pi_low, pi_high; none under the common-effect model, which has no distribution of effects."""
    method = np.where(tau2_method == CE, PI_NONE, pi_method)
    half = prediction.half_width(method, level, k, fit.tau2, fit.se_classic)
    return fit.estimate - half, fit.estimate + half


def _weights(pairs: Pairs, yi: Lists, fit: Fit, status) -> Lists:
    """Fractions that sum to 1 in each row, at the positions of the input list."""
    tau2 = np.where(np.diff(pairs.offsets) == 1, 0.0, fit.tau2)
    values = _fractions(pairs.v, pairs.offsets, pairs.position, tau2, yi.values.size)
    return Lists(values, yi.offsets, (status == NO_DATA) | (status == NOT_CONVERGED))


@jit
def _fractions(v, offsets, position, tau2, size):
    out = np.full(size, np.nan)
    for row in range(offsets.size - 1):
        start, stop = offsets[row], offsets[row + 1]
        if stop == start:
            continue
        group = v[start:stop]
        unit = group.min() + tau2[row]
        total = (unit / (group + tau2[row])).sum()
        for i in range(start, stop):
            out[position[i]] = unit / (v[i] + tau2[row]) / total
    return out
