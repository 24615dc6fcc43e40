"""selection_model: the three-parameter selection model, by maximum likelihood."""

import math

import numpy as np
from scipy import special

from python_udfs.kernels.bias.line import coefficient
from python_udfs.kernels.bias.options import LESS, TWO_SIDED
from python_udfs.kernels.bias.selected_studies import selected_studies
from python_udfs.kernels.bias.selection_likelihood import PLAIN, STEP_ABOVE, STEP_BOTH
from python_udfs.kernels.bias.selection_search import height_at, newton_step, search
from python_udfs.kernels.copying import copy_into
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import EMPTY_INTERVAL, NO_DATA, NOT_CONVERGED, OK, TOO_FEW_STUDIES
from python_udfs.kernels.lists import Lists
from python_udfs.kernels.pooling.options import ML
from python_udfs.kernels.pooling.tau2 import estimate_tau2
from python_udfs.kernels.results import only_ok
from python_udfs.kernels.tails import p_from_chi2, z_quantile

SMALLEST_K = 3


def selection_model(yi: Lists, vi: Lists, alternative, step, ci_level):
    """Effect allowing for selection by significance (Vevea & Hedges 1995, one step).

    Studies whose p lies above ``step`` are delta times as likely to be seen as those at or below
    it. p is one-sided for alternative greater (or less), two-sided for two_sided. mu, tau2 and
    delta have the highest likelihood (selection_likelihood.py, selection_search.py); their standard
    errors come from the inverse of the negative Hessian, with tau2 left out of it when it is 0.
    Limits of delta are normal, not below 0. The likelihood ratio test compares with delta = 1,
    the ordinary random-effects model by ML, on 1 df.

    Returns k, k_significant (p at or below the step), status, estimate, se, limits, statistic, p,
    tau2, tau2_se (NaN when tau2 is 0), delta with se and limits, lr_statistic, lr_df, lr_p,
    log_likelihood, log_likelihood_unselected. Fewer than three studies: too_few_studies; none on
    one side of the step: empty_interval; no maximum: not_converged. Faults as in ``pool``.
    Checked against metafor's ``selmodel`` (type stepfun): 1e-4 and at least as high a likelihood;
    seen 1e-6.
    """
    both = alternative == TWO_SIDED
    z_critical = -special.ndtri(np.where(both, step / 2.0, step))
    studies = selected_studies(yi, vi, z_critical, both, alternative == LESS)
    k = np.diff(studies.offsets)
    model = np.where(both, STEP_BOTH, STEP_ABOVE)
    fit = _fit(model, *studies[:5])
    significant, found, theta, height, plain, covariance = fit
    status = np.select(
        [k == 0, k < SMALLEST_K, (significant == 0) | (significant == k), ~found],
        [NO_DATA, TOO_FEW_STUDIES, EMPTY_INTERVAL, NOT_CONVERGED],
        OK,
    )
    unit = studies.unit
    normal = np.full(k.size, np.nan)
    estimate = coefficient(
        studies.sign * theta[0] * unit, covariance[0] * unit**2, normal, ci_level
    )
    status = np.where((status == OK) & ~np.isfinite(estimate.se), NOT_CONVERGED, status)
    delta = np.exp(theta[2])
    delta_se = delta * np.sqrt(covariance[2])
    half = z_quantile(ci_level) * delta_se
    ratio = np.maximum(0.0, 2.0 * (height - plain))
    one = np.ones(k.size)
    numbers = only_ok(
        status,
        *estimate,
        theta[1] * unit**2,
        np.sqrt(covariance[1]) * unit**2,
        delta,
        delta_se,
        np.maximum(0.0, delta - half),
        delta + half,
        ratio,
        one,
        p_from_chi2(ratio, one),
        height - k * np.log(unit),
        plain - k * np.log(unit),
    )
    return k.astype(np.int32), significant.astype(np.int32), status, *numbers


@jit
def _fit(model, y, v, critical, significant, offsets):
    """(significant studies, found, theta, heights with and without selection, variances)."""
    rows = model.size
    counts, found = np.zeros(rows, np.int64), np.zeros(rows, np.bool_)
    thetas, covariances = np.full((3, rows), np.nan), np.full((3, rows), np.nan)
    heights, plain = np.full(rows, np.nan), np.full(rows, np.nan)
    free = np.zeros(3, np.bool_)
    for row in range(rows):
        group = slice(offsets[row], offsets[row + 1])
        k = offsets[row + 1] - offsets[row]
        counts[row] = significant[group].sum()
        if k < SMALLEST_K or counts[row] in (0, k):
            continue
        studies = (y[group], v[group], critical[group], significant[group])
        theta, height, hessian, summit = search(model[row], studies, np.zeros(3), free)
        tau2, is_ml = estimate_tau2(ML, y[group] - y[group][0], v[group])
        plain[row] = height_at(PLAIN, studies, tau2)
        found[row] = summit and is_ml
        copy_into(thetas[:, row], theta)
        heights[row] = height
        copy_into(covariances[:, row], variances(hessian, theta[1] > 0.0, True))
    return counts, found, thetas, heights, plain, covariances


@jit
def variances(hessian, has_tau2, has_eta):
    """Diagonal of the inverse of the negative Hessian of the free parameters; NaN for the others.

    Column j of the inverse is the Newton step for the gradient e_j. All are NaN where the negative
    Hessian is not positive definite.
    """
    out = np.full(3, np.nan)
    free = np.array([True, has_tau2, has_eta])
    for j in range(3):
        if free[j]:
            gradient = np.zeros(3)
            gradient[j] = 1.0
            step, _, damping = newton_step(gradient, hessian, free)
            out[j] = step[j] if damping == 0.0 else math.nan
    return out
