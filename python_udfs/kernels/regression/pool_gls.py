"""pool_gls: pooling of effects whose sampling covariance matrix is known, one pool per row."""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import (
    NO_DATA,
    NOT_CONVERGED,
    NOT_POSITIVE_DEFINITE,
    OK,
    SINGLE_STUDY,
)
from python_udfs.kernels.lists import Lists, Tables
from python_udfs.kernels.pooling import interval
from python_udfs.kernels.pooling.completeness import complete
from python_udfs.kernels.pooling.options import CI_Z
from python_udfs.kernels.regression.cholesky import cholesky
from python_udfs.kernels.regression.covariances import complete_covariances
from python_udfs.kernels.regression.design import prepare
from python_udfs.kernels.regression.eigen import eigen
from python_udfs.kernels.regression.fit import fit_at
from python_udfs.kernels.regression.tau2 import estimate_tau2, generalised_q
from python_udfs.kernels.tails import p_from_chi2

FIELDS = (
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "statistic",
    "df",
    "p_value",
    "tau2",
    "q",
    "q_df",
    "q_p",
)


def pool_gls(yi: Lists, covariance: Tables, tau2_method, ci_method, ci_level) -> tuple:
    """Generalised least squares mean of each row; one array per field of the catalogue entry.

    ``yi`` effects and ``covariance`` their sampling covariance matrix V, a list of lists; codes of
    ``options.POOL_GLS_OPTIONS`` and ``ci_level``, one per row.

        mean = 1'M y / 1'M1,  se = 1 / sqrt(1'M1),  M = (V + tau2 I)^-1

    With V = U D U', U'y has the diagonal covariance D + tau2 I and the mean U'1 times the estimate:
    a mixed-effects regression without intercept, so its tau2 estimators hold here. Missing effects
    are dropped with their row and column; the status is single_study, no_data,
    not_positive_definite (also for effects that are copies of one another), not_converged or
    no_variation (``pooling/completeness.py``).
    ValueError for a matrix that is not square or symmetric or has a variance that is not positive.
    Checked against metafor's rma.mv: CE 1e-9; REML and ML as close as its optimiser comes, and at
    least as high a likelihood.
    """
    data = complete_covariances(yi, covariance)
    k = np.diff(data.offsets)
    estimate, se_classic, tau2, q, q_at_tau2, is_definite = _fit_groups(*data, tau2_method)
    status = _status(k, estimate, se_classic, tau2, is_definite)
    failed = (status != OK) & (status != SINGLE_STUDY)
    estimate, se_classic = np.where(failed, np.nan, estimate), np.where(failed, np.nan, se_classic)
    alone = failed | (k < 2)
    tau2, q, q_at_tau2 = (np.where(alone, np.nan, value) for value in (tau2, q, q_at_tau2))
    method = np.where(k < 2, CI_Z, ci_method)
    se = interval.standard_error(method, se_classic, q_at_tau2 / np.maximum(k - 1, 1))
    df = np.where(failed, np.nan, interval.degrees_of_freedom(method, k))
    low, high, statistic, p_value = interval.limits_and_test(estimate, se, df, ci_level)
    q_df = np.where(alone, np.nan, k - 1.0)
    q_p = p_from_chi2(q, q_df)
    numbers = (estimate, se, low, high, statistic, df, p_value, tau2, q, q_df, q_p)
    status, numbers = complete(status, dict(zip(FIELDS, numbers, strict=True)))
    return (k.astype(np.int32), status, *numbers.values())


@jit
def _fit_groups(y, offsets, values, starts, method):
    rows = method.size
    estimate, se, tau2 = np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, np.nan)
    q, q_at_tau2 = np.full(rows, np.nan), np.full(rows, np.nan)
    is_definite = np.ones(rows, np.bool_)
    for row in range(rows):
        k = offsets[row + 1] - offsets[row]
        if k == 0:
            continue
        matrix = values[starts[row] : starts[row + 1]].reshape(k, k)
        is_definite[row] = cholesky(matrix)[1]
        if not is_definite[row]:
            continue
        variances, vectors = eigen(matrix)
        group = y[offsets[row] : offsets[row + 1]]
        rotated_y, rotated_one, middle = rotate(group, vectors)
        model = prepare(rotated_y, variances, rotated_one)
        between, converged = 0.0, True
        if k > 1:
            between, converged = estimate_tau2(method[row], model, group, k - 1.0)
        fit = fit_at(model, between, converged)
        tau2[row], q_at_tau2[row] = between, fit.q
        q[row] = generalised_q(model, 0.0)
        estimate[row], se[row] = middle + fit.estimate[0], fit.se_classic[0]
    return estimate, se, tau2, q, q_at_tau2, is_definite


@jit
def rotate(y, vectors):
    """(U'(y - m), U'1 as a column, m): independent contrasts of effects, less their middle m."""
    k = y.size
    middle = y[0]
    rotated, one = np.zeros(k), np.zeros((k, 1))
    for i in range(k):
        for j in range(k):
            rotated[i] += vectors[j, i] * (y[j] - middle)
            one[i, 0] += vectors[j, i]
    return rotated, one, middle


def _status(k, estimate, se, tau2, is_definite):
    finite = np.isfinite(estimate) & np.isfinite(se) & (se > 0.0) & np.isfinite(tau2)
    status = np.where(finite, OK, NOT_CONVERGED)
    status = np.where(finite & (k == 1), SINGLE_STUDY, status)
    status = np.where(is_definite, status, NOT_POSITIVE_DEFINITE)
    return np.where(k == 0, NO_DATA, status)
