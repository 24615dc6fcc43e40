"""Effects with a known covariance matrix, checked, without the effects that are missing."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.lists import Lists, Tables

SYMMETRY_TOLERANCE = 1e-8


class Covariances(NamedTuple):
    """Complete effects of each row and the covariance matrix of each row, flat (k x k).

    ``position`` is where each effect stood among the values of all lists.
    """

    y: np.ndarray
    offsets: np.ndarray
    values: np.ndarray
    starts: np.ndarray
    position: np.ndarray


def complete_covariances(yi: Lists, covariance: Tables, name="covariance") -> Covariances:
    """Effects that are finite and whose variance is; the others are left out of the matrix too.

    A NULL list is a row without data. ValueError, naming the entry (row, column, from 1), for a
    matrix, called ``name``, that is not k x k or not symmetric, a variance that is not positive,
    and a covariance that is missing between two effects that are not.
    """
    no_data = yi.is_null | covariance.is_null
    _check_shape(yi, covariance, no_data, name)
    counts = np.where(no_data, 0, np.diff(yi.offsets))
    matrices = covariance.inner.values, covariance.inner.offsets[covariance.offsets[:-1]]
    y, offsets, kept = _complete(yi.values, yi.offsets[:-1], counts, *matrices)
    k = np.diff(offsets)
    starts = np.concatenate([[0], np.cumsum(k * k)])
    values = _submatrices(kept, offsets, starts, counts, *matrices)
    _check_entries(values, offsets, starts, kept, name)
    position = kept + np.repeat(yi.offsets[:-1], k)
    return Covariances(y, offsets, values, starts, position)


def _check_shape(yi, covariance, no_data, name):
    k, lines = np.diff(yi.offsets), np.diff(covariance.offsets)
    wrong = np.flatnonzero(~no_data & (k != lines))
    if wrong.size:
        raise ValueError(
            f"{name} must have one list per effect; got {lines[wrong[0]]} lists "
            f"for {k[wrong[0]]} effects"
        )
    rows = np.repeat(np.arange(k.size), lines)
    lengths = np.diff(covariance.inner.offsets)
    wrong = np.flatnonzero(~no_data[rows] & (lengths != k[rows]))
    if wrong.size:
        line = wrong[0] - covariance.offsets[rows[wrong[0]]] + 1
        raise ValueError(
            f"{name} must be square; list {line} has {lengths[wrong[0]]} elements "
            f"for {k[rows[wrong[0]]]} effects"
        )


@jit
def _complete(values, y_starts, counts, matrix, m_starts):
    """(effects kept, their offsets, their positions in the row)."""
    total = counts.sum()
    y, kept = np.empty(total), np.empty(total, np.int64)
    offsets = np.zeros(counts.size + 1, np.int64)
    n = 0
    for row in range(counts.size):
        for i in range(counts[row]):
            effect = values[y_starts[row] + i]
            variance = matrix[m_starts[row] + i * counts[row] + i]
            if np.isfinite(effect) and (np.isfinite(variance) or variance < 0.0):
                y[n], kept[n] = effect, i
                n += 1
        offsets[row + 1] = n
    return y[:n], offsets, kept[:n]


@jit
def _submatrices(kept, offsets, starts, counts, matrix, m_starts):
    out = np.empty(starts[-1])
    for row in range(counts.size):
        at = starts[row]
        for i in range(offsets[row], offsets[row + 1]):
            for j in range(offsets[row], offsets[row + 1]):
                out[at] = matrix[m_starts[row] + kept[i] * counts[row] + kept[j]]
                at += 1
    return out


def _check_entries(values, offsets, starts, kept, name):
    fault, row, i, j = _first_fault(values, offsets, starts)
    if fault == 0:
        return
    k = offsets[row + 1] - offsets[row]
    matrix = values[starts[row] : starts[row + 1]].reshape(k, k)
    at, other = kept[offsets[row] + i] + 1, kept[offsets[row] + j] + 1
    if fault == 1:
        raise ValueError(
            f"variances in {name} must be positive; got {matrix[i, j]:.17g} at ({at}, {at})"
        )
    if fault == 2:
        raise ValueError(f"{name} lacks the entry ({at}, {other}) between two effects")
    raise ValueError(
        f"{name} must be symmetric; got {matrix[i, j]:.17g} at ({at}, {other}) "
        f"and {matrix[j, i]:.17g} at ({other}, {at})"
    )


@jit
def _first_fault(values, offsets, starts):
    """(1 variance, 2 missing, 3 asymmetry, or 0; row, i, j) of the first entry that is wrong."""
    for row in range(offsets.size - 1):
        k = offsets[row + 1] - offsets[row]
        m = values[starts[row] : starts[row + 1]].reshape(k, k)
        for i in range(k):
            if not m[i, i] > 0.0:
                return 1, row, i, i
            for j in range(i):
                if not (np.isfinite(m[i, j]) and np.isfinite(m[j, i])):
                    return 2, row, i, j
                size = np.sqrt(m[i, i]) * np.sqrt(m[j, j])
                if abs(m[i, j] - m[j, i]) > SYMMETRY_TOLERANCE * size:
                    return 3, row, i, j
    return 0, 0, 0, 0
