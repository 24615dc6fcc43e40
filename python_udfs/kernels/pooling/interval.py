"""Confidence interval and test of a pooled effect from its standard error."""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.options import CI_HK, CI_HK_ADHOC, CI_Z
from python_udfs.kernels.tails import central_quantile, p_from_t, p_from_z


@jit
def standard_error(method, se_classic, hk_q):
    """Standard error that goes with each interval method.

    HK: se sqrt(q), q = sum w (y - mean)^2 / (k - 1) (Hartung & Knapp 2001; Sidik & Jonkman 2002).
    HK_adhoc: q is not allowed below 1, so the interval is never narrower than the t interval
    (Knapp & Hartung 2003; Roever, Knapp & Friede 2015). z and t: the classic 1 / sqrt(W).
    """
    se = se_classic.copy()
    for row in range(se.size):
        if method[row] == CI_HK:
            se[row] *= math.sqrt(hk_q[row])
        elif method[row] == CI_HK_ADHOC:
            se[row] *= math.sqrt(np.maximum(1.0, hk_q[row]))
    return se


def degrees_of_freedom(method, k):
    """k - 1 for t, HK and HK_adhoc; NaN (normal distribution) for z."""
    return np.where(method == CI_Z, np.nan, k - 1.0)


def half_width(level, df, se):
    """Half the width of the interval: normal where df is NaN, else t."""
    return central_quantile(level, df) * se


def two_sided_p(statistic, df):
    """p of the test that the pooled effect is 0; NaN where se = 0 leaves no statistic."""
    p, is_normal = p_from_t(statistic, df), np.isnan(df)
    return np.where(is_normal, p_from_z(statistic), p) if is_normal.any() else p


def limits_and_test(estimate, se, df, level):
    """(ci_low, ci_high, statistic, p_value): normal where ``df`` is NaN, else t.

    Statistic and p are NaN where se = 0; all but the statistic where df <= 0.
    """
    half = half_width(level, df, se)
    statistic = np.where(se > 0.0, estimate / se, np.nan)
    return estimate - half, estimate + half, statistic, two_sided_p(statistic, df)
