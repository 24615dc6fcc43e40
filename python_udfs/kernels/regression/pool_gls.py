"""pool_gls: pooling of effects whose sampling covariance matrix is known, one pool per row."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.copying import copy_into
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import (
    NO_DATA,
    NOT_CONVERGED,
    NOT_POSITIVE_DEFINITE,
    OK,
    SINGLE_STUDY,
    TOO_MANY_EFFECTS,
)
from python_udfs.kernels.lists import Lists, Tables
from python_udfs.kernels.pooling import heterogeneity, interval, prediction
from python_udfs.kernels.pooling.completeness import complete
from python_udfs.kernels.pooling.inference import StandardErrors
from python_udfs.kernels.pooling.moments import most_precise
from python_udfs.kernels.pooling.options import CI_Z, PI_NONE
from python_udfs.kernels.pooling.pool import Pooled
from python_udfs.kernels.regression.blocks import (
    blocks_of_matrix,
    decompose,
    rotate,
    rotate_back,
)
from python_udfs.kernels.regression.covariances import complete_covariances
from python_udfs.kernels.regression.design import prepare
from python_udfs.kernels.regression.fit import fit_at
from python_udfs.kernels.regression.group_fits import typical_variance
from python_udfs.kernels.regression.options import CE, GLS_TAU2_CI_NONE, PMM
from python_udfs.kernels.regression.tau2 import estimate_tau2, generalised_q, tau2_at_q
from python_udfs.kernels.tails import chi2_quantile


class Fits(NamedTuple):
    """Fits of all rows; NaN where there is no fit. ``weights`` are flat, one per complete effect.

    ``q`` is the generalised Q at tau2 = 0, ``q_at_tau2`` the same at the estimate.
    """

    estimate: np.ndarray
    se_classic: np.ndarray
    tau2: np.ndarray
    tau2_low: np.ndarray
    tau2_high: np.ndarray
    q: np.ndarray
    q_at_tau2: np.ndarray
    typical_variance: np.ndarray
    weights: np.ndarray
    is_definite: np.ndarray
    is_too_large: np.ndarray


class Targets(NamedTuple):
    """Values of Q that a tau2 is sought for: the estimator's, and the ends of the Q-profile."""

    estimator: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Options(NamedTuple):
    """Codes of ``options.POOL_GLS_OPTIONS`` and the level, one of each per row."""

    tau2_method: np.ndarray
    ci_method: np.ndarray
    pi_method: np.ndarray
    ci_level: np.ndarray
    tau2_ci_method: np.ndarray

    def of_fits(self, k):
        """(estimator, whether limits of tau2 are wanted, Targets) of rows of ``k`` effects."""
        df, half = k - 1.0, np.full(k.size, 0.5)
        targets = Targets(
            np.where(self.tau2_method == PMM, chi2_quantile(half, df), df),
            chi2_quantile((1.0 + self.ci_level) / 2.0, df),
            chi2_quantile((1.0 - self.ci_level) / 2.0, df),
        )
        return self.tau2_method, self.tau2_ci_method != GLS_TAU2_CI_NONE, targets


def pool_gls(
    yi: Lists, covariance: Tables, tau2_method, ci_method, pi_method, ci_level, tau2_ci_method
) -> Pooled:
    """Generalised least squares mean of each row; the fields of ``pool``, in its order.

    ``yi`` effects and ``covariance`` their sampling covariance matrix V, a list of lists; codes of
    ``options.POOL_GLS_OPTIONS`` and ``ci_level``, one per row.

        mean = 1'M y / 1'M1,  se = 1 / sqrt(1'M1),  M = (V + tau2 I)^-1,  weights = M1 / 1'M1

    With V = U D U', U'y has the diagonal covariance D + tau2 I and the mean U'1 times the estimate:
    a mixed-effects regression without intercept, so its tau2 estimators, Q-profile and typical
    variance (k - 1) / tr(P) hold here. Weights can be negative. Missing effects are dropped with
    their row and column; the status is single_study, no_data, not_positive_definite (also for
    effects that are copies of one another), not_converged or no_variation
    (``pooling/completeness.py``). Faults as
    ``complete_covariances``. Checked against metafor's rma.mv:
    CE 1e-9; REML and ML as close as its optimiser comes, and at least as high a likelihood; against
    ``pool`` where no effects covary.
    """
    data = complete_covariances(yi, covariance)
    k = np.diff(data.offsets)
    options = Options(tau2_method, ci_method, pi_method, ci_level, tau2_ci_method)
    fits = _fit_groups(data.y, data.offsets, data.values, data.starts, *options.of_fits(k))
    return pooled(yi, data.position, k, fits, options)


def pooled(yi: Lists, position, k, fits: Fits, options: Options) -> Pooled:
    """What ``pool_gls`` returns of fits; ``position`` is where each effect stood in ``yi``."""
    status, numbers = numbers_of(k, fits, options)
    weights = np.full(yi.values.size, np.nan)
    weights[position] = fits.weights
    failed = (status == NO_DATA) | np.isnan(numbers["estimate"])
    weights = Lists(weights, yi.offsets, failed)
    return Pooled(k=k.astype(np.int32), status=status, **numbers, weights=weights)


def numbers_of(k, fits: Fits, options: Options):
    """(status, numbers by name) of fits of ``k`` effects each: tests, limits, heterogeneity."""
    tau2_method, ci_method, pi_method, ci_level, tau2_ci_method = options
    status = _status(k, fits)
    failed = (status != OK) & (status != SINGLE_STUDY)
    estimate, se_classic = _blank(failed, fits.estimate, fits.se_classic)
    spread = _heterogeneity(k, _alone(fits, failed | (k < 2)), tau2_ci_method, ci_level)
    errors = StandardErrors.only_classic(se_classic)._replace(
        hk_q=fits.q_at_tau2 / np.maximum(k - 1, 1)
    )
    method = np.where(k < 2, CI_Z, ci_method)
    se = interval.standard_error(method, se_classic, errors.hk_q)
    df = np.where(failed, np.nan, interval.degrees_of_freedom(method, k))
    low, high, statistic, p_value = interval.limits_and_test(estimate, se, df, ci_level)
    pi_method = np.where(tau2_method == CE, PI_NONE, pi_method)
    half = prediction.half_width(pi_method, ci_level, k, spread["tau2"], errors)
    numbers = {
        "estimate": estimate,
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "statistic": statistic,
        "df": df,
        "p_value": p_value,
        **spread,
        "pi_low": estimate - half,
        "pi_high": estimate + half,
    }
    has_limits = tau2_ci_method != GLS_TAU2_CI_NONE
    return complete(status, numbers, has_limits, tau2_method != CE)


@jit
def _fit_groups(y, offsets, values, starts, method, has_limits, targets):
    fits = no_fits(method.size, y.size)
    whole, last = decompose(blocks_of_matrix(np.ones((1, 1)))), -1
    for row in range(method.size):
        k = offsets[row + 1] - offsets[row]
        if k == 0:
            continue
        # Rows often differ in their options alone: a matrix like the one before is not done again.
        flat = values[starts[row] : starts[row + 1]]
        if last < 0 or not np.array_equal(flat, values[starts[last] : starts[last + 1]]):
            whole, last = decompose(blocks_of_matrix(flat.reshape(k, k))), row
        group = y[offsets[row] : offsets[row + 1]]
        v = np.diag(flat.reshape(k, k))
        fit_row(fits, row, offsets[row], group, v, whole, method, has_limits, targets)
    return fits


@jit
def no_fits(rows, effects):
    none = np.full(rows, np.nan)
    return Fits(
        none, none.copy(), none.copy(), none.copy(), none.copy(), none.copy(), none.copy(),
        none.copy(), np.full(effects, np.nan), np.ones(rows, np.bool_),
        np.zeros(rows, np.bool_),
    )  # fmt: skip


@jit
def fit_row(fits, row, first, y, v, whole, method, has_limits, targets):
    """Write the fit of one row, and its weights from ``first`` on.

    Effects are distances from the most precise of them: contrasts of precise effects would
    otherwise keep the rounding of imprecise ones, which may be far away.
    """
    fits.is_definite[row] = whole.are_definite.all()
    fits.is_too_large[row] = whole.blocks.is_too_large
    if not fits.is_definite[row]:
        return
    middle = y[most_precise(v)]
    ones = rotate(whole.vectors, np.ones(y.size))
    contrasts = rotate(whole.vectors, y - middle)
    fit_contrasts(fits, row, y, middle, contrasts, ones, whole.values, method, has_limits, targets)
    copy_into(fits.weights[first : first + y.size], fractions(whole, ones, fits.tau2[row]))


@jit
def fit_contrasts(fits, row, y, middle, contrasts, ones, v, method, has_limits, targets):
    """Write the fit of independent ``contrasts`` of the effects around ``middle``."""
    k = y.size
    model = prepare(contrasts, v, ones.reshape(k, 1))
    between, converged = 0.0, True
    if k > 1:
        between, converged = estimate_tau2(method[row], model, y, targets.estimator[row])
        fits.typical_variance[row] = typical_variance(model)
    if k > 1 and has_limits[row]:
        fits.tau2_low[row], _ = tau2_at_q(model, targets.low[row])
        fits.tau2_high[row], _ = tau2_at_q(model, targets.high[row])
    fit = fit_at(model, between, converged)
    fits.tau2[row], fits.q_at_tau2[row] = between, fit.q
    fits.q[row] = generalised_q(model, 0.0)
    fits.estimate[row], fits.se_classic[row] = middle + fit.estimate[0], fit.se_classic[0]


@jit
def fractions(whole, ones, tau2):
    """M1 / 1'M1 with M = U diag(1 / (d + tau2)) U': what each effect counts; they sum to 1."""
    unit = whole.values.min() + tau2
    out = rotate_back(whole.vectors, ones * unit / (whole.values + tau2))
    return out / out.sum()


def _status(k, fits: Fits):
    finite = np.isfinite(fits.estimate) & np.isfinite(fits.se_classic) & (fits.se_classic > 0.0)
    finite &= np.isfinite(fits.tau2)
    status = np.where(finite, OK, NOT_CONVERGED)
    status = np.where(finite & (k == 1), SINGLE_STUDY, status)
    status = np.where(fits.is_definite, status, NOT_POSITIVE_DEFINITE)
    status = np.where(fits.is_too_large, TOO_MANY_EFFECTS, status)
    return np.where(k == 0, NO_DATA, status)


def _blank(where, *values):
    return tuple(np.where(where, np.nan, value) for value in values)


def _alone(fits: Fits, where) -> Fits:
    """Fits without heterogeneity where there is none to speak of."""
    names = ("tau2", "tau2_low", "tau2_high", "q", "typical_variance")
    blanked = _blank(where, *(getattr(fits, name) for name in names))
    return fits._replace(**dict(zip(names, blanked, strict=True)))


def _heterogeneity(k, fits: Fits, tau2_ci_method, level) -> dict:
    """tau2 with its Q-profile interval, Q, and I2 and H2 in both definitions with their limits."""
    none = tau2_ci_method == GLS_TAU2_CI_NONE
    low, high = _blank(none | np.isnan(fits.tau2), fits.tau2_low, fits.tau2_high)
    q_df = np.where(np.isnan(fits.q), np.nan, k - 1.0)
    return heterogeneity.summary(fits.tau2, low, high, fits.q, q_df, fits.typical_variance, level)
