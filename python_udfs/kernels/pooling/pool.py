"""pool: one random-effects (or common-effect) meta-analysis per row."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NOT_CONVERGED, OK, SINGLE_STUDY
from python_udfs.kernels.lists import Lists, Pairs, complete_pairs
from python_udfs.kernels.pooling import heterogeneity, prediction, tau2_interval
from python_udfs.kernels.pooling.combinations import check_combinations
from python_udfs.kernels.pooling.completeness import complete, with_low_df
from python_udfs.kernels.pooling.inference import infer, standard_errors
from python_udfs.kernels.pooling.moments import (
    centre_groups,
    extremes,
    generalised_q,
    mean_and_q,
    typical_variance,
)
from python_udfs.kernels.pooling.options import (
    CE,
    CI_OF_KR,
    PI_NONE,
    TAU2_CI_NONE,
    TAU2_CI_PL,
    TAU2_CI_QP,
)
from python_udfs.kernels.pooling.tau2 import estimate_tau2, q_median


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
    i2_q_ci_low: np.ndarray
    i2_q_ci_high: np.ndarray
    i2_tau2_ci_low: np.ndarray
    i2_tau2_ci_high: np.ndarray
    h2_q_ci_low: np.ndarray
    h2_q_ci_high: np.ndarray
    h2_tau2_ci_low: np.ndarray
    h2_tau2_ci_high: np.ndarray
    weights: Lists


def pool(yi: Lists, vi: Lists, tau2_method, ci_method, pi_method, ci_level, tau2_ci_method):
    """Inverse-variance meta-analysis of each row; one array per field of the catalogue entry.

    ``yi`` effects, ``vi`` sampling variances (their unit squared), one list of each per row; the
    codes of ``options.POOL_OPTIONS`` and ``ci_level``, one per row. Pairs that are not complete are
    dropped; without any the status is no_data, with one it is single_study, and not_converged when
    an iteration or a number fails (``completeness``, which also has no_variation, low_df and
    tau2_outside_interval: a fit to be read with care). A row is at fault with lists of different
    length or a variance that is not positive. ValueError for an interval that its tau2 estimator
    does not have (``combinations``). Formulas and sources stand with each part: tau2, inference,
    tau2_interval, heterogeneity, prediction. Checked against metafor: closed forms 1e-9, iterative
    estimators 1e-8, relative.
    """
    check_combinations(tau2_method, ci_method, pi_method, tau2_ci_method)
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    centred, centres = centre_groups(pairs.y, pairs.v, pairs.offsets)
    pairs = pairs._replace(y=centred)
    fit, status = fit_pairs(pairs, tau2_method)
    fit = fit._replace(estimate=fit.estimate + centres)
    options = tau2_method, ci_method, pi_method, ci_level, tau2_ci_method
    status, numbers = numbers_of(pairs, k, centres, fit, status, *options)
    weights = _weights(pairs, yi, fit, status)
    return Pooled(k=k.astype(np.int32), status=status, **numbers, weights=weights)


def numbers_of(
    pairs, k, centres, fit, status, tau2_method, ci_method, pi_method, ci_level, tau2_ci_method
):
    """(status, numbers by name) of fits of ``k`` studies each: tests, intervals, heterogeneity.

    Studies, ``pairs`` centred at ``centres``, are asked for only by ``NEED_STUDIES`` and by limits
    of tau2.
    """
    errors = standard_errors(pairs, k, fit, ci_method, pi_method)
    inference = infer(pairs, k, fit, centres, errors, ci_method, ci_level)
    spread = _heterogeneity(pairs, k, fit, tau2_method, tau2_ci_method, ci_level)
    predicted = _prediction(k, fit, errors, tau2_method, pi_method, ci_level)
    numbers = {"estimate": fit.estimate, **inference._asdict(), **spread, **predicted}
    if not np.isnan(errors.kr).all():
        of_interval = np.where(np.isin(ci_method, CI_OF_KR), inference.df, np.nan)
        of_prediction = prediction.kr_df(pi_method, errors)
        status, numbers = with_low_df(status, numbers, of_interval, of_prediction)
    has_limits = tau2_ci_method != TAU2_CI_NONE
    return complete(status, numbers, has_limits, tau2_method != CE)


def fit_pairs(pairs: Pairs, tau2_method) -> tuple[Fit, np.ndarray]:
    """(fit, status) of centred pairs; the numbers are NaN where the status is not_converged."""
    median = q_median(tau2_method, pairs.offsets)
    return fit_at(pairs, _estimate_tau2(pairs.y, pairs.v, pairs.offsets, tau2_method, median))


def fit_at(pairs: Pairs, tau2) -> tuple[Fit, np.ndarray]:
    """The same at a tau2 of each row that is known; NaN for a single study counts as 0."""
    return checked(np.diff(pairs.offsets), Fit(*_fit_groups(pairs.y, pairs.v, pairs.offsets, tau2)))


def checked(k, fit: Fit) -> tuple[Fit, np.ndarray]:
    """(fit, status) of fits of ``k`` studies each."""
    status = _status(k, *fit)
    failed = status == NOT_CONVERGED
    if failed.any():
        fit = Fit(*(np.where(failed, np.nan, field) for field in fit))
    return fit, status


@jit
def _estimate_tau2(y, v, offsets, method, median):
    tau2 = np.full(method.size, np.nan)
    for row in range(method.size):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= 2:
            group = slice(start, stop)
            tau2[row], _ = estimate_tau2(method[row], y[group], v[group], median[row])
    return tau2


@jit
def _fit_groups(y, v, offsets, tau2):
    rows = offsets.size - 1
    estimate, se_classic = np.full(rows, np.nan), np.full(rows, np.nan)
    typical = np.full(rows, np.nan)
    q, q_at_tau2 = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        group_y, group_v = y[start:stop], v[start:stop]
        between = tau2[row]
        if stop - start >= 2:
            typical[row] = typical_variance(group_v)
            q[row] = generalised_q(group_y, group_v, 0.0)
        elif np.isnan(between):
            between = 0.0
        if stop > start:
            estimate[row], total, unit, at_tau2 = mean_and_q(group_y, group_v, between)
            se_classic[row] = np.sqrt(unit / total)
            q_at_tau2[row] = at_tau2 if stop - start >= 2 else np.nan
    return estimate, se_classic, tau2, q, q_at_tau2, typical


@jit
def _status(k, estimate, se_classic, tau2, q, q_at_tau2, typical_variance):
    status = np.full(tau2.size, OK)
    for row in range(status.size):
        found = np.isfinite(estimate[row]) and 0.0 < se_classic[row] < np.inf
        if k[row] == 0:
            status[row] = NO_DATA
        elif not found or (k[row] > 1 and not np.isfinite(tau2[row] + q[row] + q_at_tau2[row])):
            status[row] = NOT_CONVERGED
        elif k[row] == 1:
            status[row] = SINGLE_STUDY
    return status


def _heterogeneity(pairs, k, fit, tau2_method, tau2_ci_method, level) -> dict:
    """tau2 with its interval, Q, and I2 and H2 in both definitions with theirs."""
    q_df = np.where(np.isnan(fit.q), np.nan, k - 1.0)
    low, high = _tau2_limits(pairs, k, fit, tau2_method, tau2_ci_method, level)
    return heterogeneity.summary(fit.tau2, low, high, fit.q, q_df, fit.typical_variance, level)


def _tau2_limits(pairs, k, fit, tau2_method, method, level):
    """(low, high) of tau2 by the method asked for; NaN for none and where tau2 is not known."""
    is_known = ~np.isnan(fit.tau2)
    low, high = np.full(k.size, np.nan), np.full(k.size, np.nan)
    is_q_profile = is_known & (method == TAU2_CI_QP)
    if is_q_profile.any():
        low, high = tau2_interval.q_profile(pairs, k, fit.q, level, is_q_profile)
    is_profile = is_known & (method == TAU2_CI_PL)
    if is_profile.any():
        limits = tau2_interval.likelihood_profile(pairs, fit.tau2, tau2_method, is_profile, level)
        low, high = np.where(is_profile, limits, (low, high))
    return low, high


def _prediction(k, fit, errors, tau2_method, pi_method, level) -> dict:
    """pi_low, pi_high; none under the common-effect model, which has no distribution of effects."""
    method = np.where(tau2_method == CE, PI_NONE, pi_method)
    half = prediction.half_width(method, level, k, fit.tau2, errors)
    return {"pi_low": fit.estimate - half, "pi_high": fit.estimate + half}


def _weights(pairs: Pairs, yi: Lists, fit: Fit, status) -> Lists:
    """Fractions that sum to 1 in each row, at the positions of the input list."""
    tau2 = np.where(status == SINGLE_STUDY, 0.0, fit.tau2)
    values = _fractions(pairs.v, pairs.offsets, pairs.position, tau2, yi.values.size)
    return Lists(values, yi.offsets, (status == NO_DATA) | (status == NOT_CONVERGED))


@jit
def _fractions(v, offsets, position, tau2, size):
    out = np.full(size, np.nan)
    for row in range(offsets.size - 1):
        start, stop = offsets[row], offsets[row + 1]
        if stop == start:
            continue
        unit = extremes(v[start:stop])[0] + tau2[row]
        total = 0.0
        for i in range(start, stop):
            a = unit / (v[i] + tau2[row])
            total += a
            out[position[i]] = a
        for i in range(start, stop):
            out[position[i]] /= total
    return out
