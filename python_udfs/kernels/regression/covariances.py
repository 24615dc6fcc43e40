"""Effects with a known covariance matrix, checked, without the effects that are missing."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.faults import refuse
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import (
    LENGTHS_DIFFER,
    MISSING_INPUT,
    NOT_SYMMETRIC,
    OK,
    OUT_OF_RANGE,
)
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


def complete_covariances(yi: Lists, covariance: Tables) -> Covariances:
    """Effects that are finite and whose variance is; the others are left out of the matrix too.

    A NULL list is a row without data. A row is at fault, at the position of the list in the matrix,
    when the matrix is not k x k (lengths_differ) or not_symmetric, a variance is not positive
    (out_of_range), or a covariance is missing between two effects that are not (missing_input).
    """
    no_data = yi.is_null | covariance.is_null
    _check_shape(yi, covariance, no_data)
    counts = np.where(no_data, 0, np.diff(yi.offsets))
    matrices = covariance.inner.values, covariance.inner.offsets[covariance.offsets[:-1]]
    y, offsets, kept = _complete(yi.values, yi.offsets[:-1], counts, *matrices)
    k = np.diff(offsets)
    starts = np.concatenate([[0], np.cumsum(k * k)])
    values = _submatrices(kept, offsets, starts, counts, *matrices)
    _check_entries(values, offsets, starts, kept)
    position = kept + np.repeat(yi.offsets[:-1], k)
    return Covariances(y, offsets, values, starts, position)


def _check_shape(yi, covariance, no_data):
    k, lines = np.diff(yi.offsets), np.diff(covariance.offsets)
    wrong = np.flatnonzero(~no_data & (k != lines))
    refuse(wrong, np.minimum(k, lines)[wrong] + 1, LENGTHS_DIFFER)
    rows = np.repeat(np.arange(k.size), lines)
    lengths = np.diff(covariance.inner.offsets)
    wrong = np.flatnonzero(~no_data[rows] & (lengths != k[rows]))
    refuse(rows[wrong], wrong - covariance.offsets[rows[wrong]] + 1, LENGTHS_DIFFER)


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


def _check_entries(values, offsets, starts, kept):
    status, at = _faults(values, offsets, starts)
    for fault in (OUT_OF_RANGE, MISSING_INPUT, NOT_SYMMETRIC):
        rows = np.flatnonzero(status == fault)
        refuse(rows, kept[offsets[rows] + at[rows]] + 1, fault)


@jit
def _faults(values, offsets, starts):
    """(status, which effect) of the first entry of each row that is wrong; ok and 0 if none is."""
    status, at = np.full(offsets.size - 1, OK), np.zeros(offsets.size - 1, np.int64)
    for row in range(status.size):
        k = offsets[row + 1] - offsets[row]
        m = values[starts[row] : starts[row + 1]].reshape(k, k)
        for i in range(k):
            if status[row] == OK:
                status[row], at[row] = _fault_of_line(m, i), i
    return status, at


@jit
def _fault_of_line(m, i):
    """What is wrong with the entries of a matrix between effect ``i`` and those before it."""
    if not m[i, i] > 0.0:
        return OUT_OF_RANGE
    for j in range(i):
        if not (np.isfinite(m[i, j]) and np.isfinite(m[j, i])):
            return MISSING_INPUT
        size = np.sqrt(m[i, i]) * np.sqrt(m[j, j])
        if abs(m[i, j] - m[j, i]) > SYMMETRY_TOLERANCE * size:
            return NOT_SYMMETRIC
    return OK
