"""What Mantel-Haenszel and Peto share: status, normal interval and test, Q, weights."""

import numpy as np

from python_udfs.kernels.binary.complete import Tables
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, OK, SINGLE_STUDY, ZERO_CELLS
from python_udfs.kernels.lists import Lists
from python_udfs.kernels.pooling.heterogeneity import h2_from_q, i2_from_q
from python_udfs.kernels.pooling.interval import limits_and_test
from python_udfs.kernels.tails import p_from_chi2


def pooled_status(k, estimate, variance):
    """no_data, zero_cells without a finite estimate and a positive variance, single_study, ok."""
    exists = np.isfinite(estimate) & np.isfinite(variance) & (variance > 0.0)
    return np.select([k == 0, ~exists, k == 1], [NO_DATA, ZERO_CELLS, SINGLE_STUDY], OK)


def has_estimate(status):
    """Rows with an estimate: ok and single_study."""
    return (status == OK) | (status == SINGLE_STUDY)


def inference(estimate, se, level):
    """estimate, se, ci_low, ci_high, statistic, p_value, by the normal distribution."""
    se = np.where(np.isnan(estimate), np.nan, se)
    normal = np.full(se.size, np.nan)
    return estimate, se, *limits_and_test(estimate, se, normal, level)


def heterogeneity(yi, vi, offsets, estimate):
    """q, q_df, q_p, i2_q, h2_q: sum (y - estimate)^2 / v; NaN with fewer than two effects."""
    q, q_df = _q_about(yi, vi, offsets, estimate)
    return q, q_df, p_from_chi2(q, q_df), i2_from_q(q, q_df), h2_from_q(q, q_df)


@jit
def _q_about(yi, vi, offsets, estimate):
    rows = offsets.size - 1
    q, df = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        total, effects = 0.0, 0
        for i in range(offsets[row], offsets[row + 1]):
            if np.isfinite(yi[i]):
                total += (yi[i] - estimate[row]) ** 2 / vi[i]
                effects += 1
        if effects >= 2 and np.isfinite(estimate[row]):
            q[row], df[row] = total, effects - 1.0
    return q, df


def fractions(weights, tables: Tables, ai: Lists, status) -> Lists:
    """Weights as fractions that sum to 1 in each row, at the positions of the input lists."""
    row = np.repeat(np.arange(status.size), np.diff(tables.offsets))
    total = np.bincount(row, weights, minlength=status.size)
    values = np.full(ai.values.size, np.nan)
    values[tables.position] = weights / total[row]
    return Lists(values, ai.offsets, ~has_estimate(status))
