"""correlation_shrinkage: making a matrix of assumed correlations safe to invert."""

import numpy as np

from python_udfs.kernels.faults import refuse
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import MISSING_INPUT, NO_DATA, OK, OUT_OF_RANGE
from python_udfs.kernels.lists import Lists, Tables
from python_udfs.kernels.regression.covariances import SYMMETRY_TOLERANCE, complete_covariances
from python_udfs.kernels.regression.eigen import least_eigenvalue


def correlation_shrinkage(correlation: Tables, smallest_eigenvalue) -> tuple:
    """How far the correlations R of each row must shrink; one array per field of the entry.

    ``correlation`` one list per effect; ``smallest_eigenvalue`` e asked for, one per row. The
    eigenvalues of (1 - s) R + s I are (1 - s) times those of R, plus s, so the least s is

        s = max(0, (e - smallest eigenvalue of R) / (1 - smallest eigenvalue of R))

    Every correlation shrinks by the same share; all stay as they are where R is far enough from
    singular. A row is at fault, at the position of the list in its matrix, with one that is not
    square and symmetric, whose diagonal is not 1, that lacks an entry, or has one above 1 in size.
    Shrinkage to the identity: Ledoit & Wolf 2004,
    J Multivar Anal 88:365; here with the least intensity, not an estimated one.
    """
    matrices = _matrices(correlation)
    k = np.diff(matrices.offsets)
    smallest = _smallest_eigenvalues(matrices.offsets, matrices.values, matrices.starts)
    return shrinkages(k, smallest, smallest_eigenvalue)


def shrinkages(k, smallest, smallest_eigenvalue) -> tuple:
    """What is returned of matrices of ``k`` effects with these smallest eigenvalues."""
    shrinkage = np.maximum(0.0, (smallest_eigenvalue - smallest) / (1.0 - smallest))
    shrinkage = np.where(k == 1, 0.0, shrinkage)
    return k.astype(np.int32), np.where(k == 0, NO_DATA, OK), smallest, shrinkage


def _matrices(correlation: Tables):
    """The matrices, checked: as covariances of that many effects, with ones on the diagonal."""
    counts = np.diff(correlation.offsets)
    effects = Lists(
        np.zeros(correlation.offsets[-1]), correlation.offsets, np.zeros(counts.size, np.bool_)
    )
    _check_complete(correlation)
    matrices = complete_covariances(effects, correlation)
    is_wrong, at = _first_fault(matrices.offsets, matrices.values, matrices.starts)
    rows = np.flatnonzero(is_wrong)
    refuse(rows, at[rows] + 1, OUT_OF_RANGE)
    return matrices


def _check_complete(correlation):
    """A NULL is no correlation of 0, nor an effect to leave out."""
    missing = np.flatnonzero(~np.isfinite(correlation.inner.values))
    lines = np.searchsorted(correlation.inner.offsets, missing, side="right") - 1
    rows = np.searchsorted(correlation.offsets, lines, side="right") - 1
    refuse(rows, lines - correlation.offsets[rows] + 1, MISSING_INPUT)


@jit
def _first_fault(offsets, values, starts):
    """(whether, where) a row has a diagonal that is not 1, or an entry above 1 in size."""
    is_wrong, at = np.zeros(offsets.size - 1, np.bool_), np.zeros(offsets.size - 1, np.int64)
    for row in range(is_wrong.size):
        k = offsets[row + 1] - offsets[row]
        matrix = values[starts[row] : starts[row + 1]].reshape(k, k)
        for i in range(k):
            wrong = abs(matrix[i, i] - 1.0) > SYMMETRY_TOLERANCE
            for j in range(k):
                wrong |= abs(matrix[i, j]) > 1.0 + SYMMETRY_TOLERANCE
            if wrong and not is_wrong[row]:
                is_wrong[row], at[row] = True, i
    return is_wrong, at


@jit
def _smallest_eigenvalues(offsets, values, starts):
    out = np.full(offsets.size - 1, np.nan)
    for row in range(out.size):
        k = offsets[row + 1] - offsets[row]
        if k > 0:
            out[row] = least_eigenvalue(values[starts[row] : starts[row + 1]].reshape(k, k))
    return out
