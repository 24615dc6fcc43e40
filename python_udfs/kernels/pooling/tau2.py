"""Estimators of the between-study variance tau2 for one group of k >= 2 studies.

Arguments everywhere: ``y`` centred effects, ``v`` sampling variances (> 0), float64 of equal
length. Returns (tau2, converged); tau2 has the unit of y squared and is never negative.
Checked against metafor (tests/python/kernels): closed forms 1e-9, iterative 1e-8 relative.
"""

import math

import numpy as np

from python_udfs.kernels.jit import jit_numbers
from python_udfs.kernels.pooling.likelihood_maximum import highest_likelihood
from python_udfs.kernels.pooling.options import CE, DL, DL2, EB, HE, HS, HSK, ML, PM, PMM, SJ
from python_udfs.kernels.pooling.tau2_at_q import tau2_at_q
from python_udfs.kernels.pooling.tau2_moments import (
    der_simonian_laird,
    hedges,
    hunter_schmidt,
    hunter_schmidt_small_sample,
    sidik_jonkman,
    two_step,
)
from python_udfs.kernels.tails import chi2_quantile


def q_median(method, offsets):
    """What ``estimate_tau2`` needs for PMM: the median of chi-square with k - 1 df of each row."""
    wanted = method == PMM
    if not wanted.any():
        return np.full(method.size, np.nan)
    df = np.where(wanted, np.diff(offsets) - 1, 0)
    return chi2_quantile(np.full(df.size, 0.5), df)


@jit_numbers
def estimate_tau2(method, y, v, median=math.nan):
    """tau2 by the estimator with code ``method`` (options.TAU2_METHOD).

    ``median`` (from ``q_median``) is for PMM alone, which without it does not converge.
    """
    if method == CE:
        return 0.0, True
    if method == DL:
        return der_simonian_laird(y, v), True
    if method == DL2:
        return two_step(y, v), True
    if method == HE:
        return hedges(y, v), True
    if method == HS:
        return hunter_schmidt(y, v), True
    if method == HSK:
        return hunter_schmidt_small_sample(y, v), True
    if method == SJ:
        return sidik_jonkman(y, v), True
    if method in (PM, EB):
        return tau2_at_q(y, v, y.size - 1.0)
    if method == PMM:
        return tau2_at_q(y, v, median)
    if method == ML:
        return maximum_likelihood(y, v)
    return restricted_maximum_likelihood(y, v)


@jit_numbers
def restricted_maximum_likelihood(y, v):
    """The tau2 >= 0 with the highest restricted likelihood of all its maxima (Viechtbauer 2005)."""
    return highest_likelihood(True, y, v)


@jit_numbers
def maximum_likelihood(y, v):
    """The tau2 >= 0 with the highest likelihood of all its maxima (Hardy & Thompson 1996)."""
    return highest_likelihood(False, y, v)
