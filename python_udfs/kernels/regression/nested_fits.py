"""Nested models of all rows of a batch, with what both functions built on them report."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import (
    NO_DATA,
    NOT_CONVERGED,
    NOT_IDENTIFIED,
    OK,
    SINGLE_CLUSTER,
    SINGLE_STUDY,
)
from python_udfs.kernels.regression.clusters import Clusters
from python_udfs.kernels.regression.design import prepare
from python_udfs.kernels.regression.eigen import eigen
from python_udfs.kernels.regression.group_fits import typical_variance
from python_udfs.kernels.regression.nested import (
    Nested,
    nested_log_likelihood,
    nested_optimum,
    nested_point,
)
from python_udfs.kernels.regression.robust import cr2
from python_udfs.kernels.regression.tau2 import generalised_q


class NestedFits(NamedTuple):
    """One number per row; NaN where there is no fit."""

    estimate: np.ndarray
    se: np.ndarray
    between: np.ndarray
    within: np.ndarray
    log_likelihood: np.ndarray
    q: np.ndarray
    typical_variance: np.ndarray
    cr2_se: np.ndarray
    cr2_df: np.ndarray


def fit_nested(clusters: Clusters, method, rho, has_within):
    """(NestedFits, k, clusters per row, status).

    ``rho`` is the correlation of the sampling errors within a cluster, ``has_within`` whether the
    effects of a cluster vary beyond their sampling errors. One effect is passed through
    (single_study); one cluster (single_cluster), or clusters of one effect each where ``within`` is
    wanted (not_identified), leave the components undetermined.
    """
    k, m = np.diff(clusters.offsets), np.diff(clusters.first)
    fits = _fit_rows(clusters, method, rho, has_within)
    finite = np.isfinite(fits.estimate) & (fits.se > 0.0)
    finite &= np.isfinite(fits.cr2_se) & np.isfinite(fits.cr2_df)
    status = np.where(finite, OK, NOT_CONVERGED)
    status = np.where(has_within & (m == k), NOT_IDENTIFIED, status)
    status = np.where(m == 1, SINGLE_CLUSTER, status)
    status = np.where(k == 1, SINGLE_STUDY, status)
    status = np.where(k == 0, NO_DATA, status)
    shown = (status == OK) | (status == SINGLE_STUDY)
    return NestedFits(*(np.where(shown, value, np.nan) for value in fits)), k, m, status


@jit
def _fit_rows(clusters, method, rho, has_within):
    fits = _no_fits(method.size)
    for row in range(method.size):
        start, stop = clusters.offsets[row], clusters.offsets[row + 1]
        first, last = clusters.first[row], clusters.first[row + 1]
        if stop - start == 1:
            fits.estimate[row], fits.se[row] = clusters.y[start], np.sqrt(clusters.v[start])
        if last - first < 2 or (has_within[row] and last - first == stop - start):
            continue
        starts = clusters.starts[first : last + 1] - start
        middle = clusters.y[start]
        data = _rotated(clusters.y[start:stop] - middle, clusters.v[start:stop], starts, rho[row])
        if has_within[row]:
            point, value, converged = nested_optimum(method[row], data)
        else:
            point = nested_point(method[row], data, 0.0)
            value, converged = nested_log_likelihood(method[row], data, point), point.found
        if not converged:
            continue
        fixed = prepare(data.y, data.d, data.x.copy().reshape(data.x.size, 1))
        fits.estimate[row], fits.se[row] = middle + point.mean, 1.0 / np.sqrt(point.total)
        fits.between[row], fits.within[row] = point.between, point.within
        fits.log_likelihood[row] = value
        fits.q[row], fits.typical_variance[row] = generalised_q(fixed, 0.0), typical_variance(fixed)
        fits.cr2_se[row], fits.cr2_df[row] = cr2(
            data, point.within, point.between, point.mean, point.total
        )
    return fits


@jit
def _no_fits(rows):
    none = np.full(rows, np.nan)
    return NestedFits(
        none, none.copy(), none.copy(), none.copy(), none.copy(), none.copy(), none.copy(),
        none.copy(), none.copy(),
    )  # fmt: skip


@jit
def _rotated(y, v, starts, rho):
    """Nested data: errors of a cluster correlate by ``rho``, so V_j is rotated to be diagonal."""
    data = Nested(y.copy(), v.copy(), np.ones(y.size), starts)
    if rho == 0.0:
        return data
    for j in range(starts.size - 1):
        start, stop = starts[j], starts[j + 1]
        n = stop - start
        matrix = np.empty((n, n))
        for i in range(n):
            for m in range(n):
                matrix[i, m] = rho * np.sqrt(v[start + i]) * np.sqrt(v[start + m])
            matrix[i, i] = v[start + i]
        values, vectors = eigen(matrix)
        for e in range(n):
            data.d[start + e] = values[e]
            data.y[start + e] = data.x[start + e] = 0.0
            for i in range(n):
                data.y[start + e] += vectors[i, e] * y[start + i]
                data.x[start + e] += vectors[i, e]
    return data


def i2_by_level(fits: NestedFits):
    """(i2_total, i2_between, i2_within): percent of the typical total variance (Cheung 2014)."""
    total = fits.between + fits.within + fits.typical_variance
    between, within = 100.0 * fits.between / total, 100.0 * fits.within / total
    return between + within, between, within
