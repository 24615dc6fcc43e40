"""Mean differences and ratios of means of two independent groups.

metafor's measures MD and ROM: ``unequal`` is its vtype LS, ``equal`` its HO. Checked, 1e-9.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.conversions.options import EQUAL
from python_udfs.kernels.conversions.smd import pooled_sd
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN


def md_from_means(m1, sd1, n1, m2, sd2, n2, variances):
    """m1 - m2; vi = sd1^2 / n1 + sd2^2 / n2, or with the pooled SD. yi, vi, status, assumption.

    Cochrane Handbook 6.5.1.1. Changes from baseline with their SDs go in as they are.
    """
    s1, s2 = _spread(sd1, n1, sd2, n2, variances)
    status = _status((m1, sd1, n1, m2, sd2, n2), variances, np.True_)
    yi, vi, status = effect_or_none(status, m1 - m2, s1**2 / n1 + s2**2 / n2)
    return yi, vi, status, np.where(status == OK, variances, NOT_GIVEN)


def rom_from_means(m1, sd1, n1, m2, sd2, n2, variances):
    """ln(m1 / m2); vi = (sd1 / m1)^2 / n1 + (sd2 / m2)^2 / n2. Returns yi, vi, status, assumption.

    Hedges, Gurevitch & Curtis 1999. Both means must have the same sign.
    """
    s1, s2 = _spread(sd1, n1, sd2, n2, variances)
    status = _status((m1, sd1, n1, m2, sd2, n2), variances, m1 / m2 > 0.0)
    vi = (s1 / m1) ** 2 / n1 + (s2 / m2) ** 2 / n2
    yi, vi, status = effect_or_none(status, np.log(m1 / m2), vi)
    return yi, vi, status, np.where(status == OK, variances, NOT_GIVEN)


def _spread(sd1, n1, sd2, n2, variances):
    pooled = pooled_sd(sd1, n1, sd2, n2)
    return np.where(variances == EQUAL, pooled, sd1), np.where(variances == EQUAL, pooled, sd2)


def _status(inputs, variances, possible):
    _, sd1, n1, _, sd2, n2 = inputs
    sizes = (n1 >= 1.0) & (n2 >= 1.0) & ((variances != EQUAL) | (n1 + n2 > 2.0))
    status = status_of(inputs, possible & (sd1 > 0.0) & (sd2 > 0.0) & sizes)
    return np.where(variances == NOT_GIVEN, MISSING_INPUT, status)
