"""Mean differences and ratios of means of two independent groups.

metafor's measures MD and ROM: ``unequal`` is its vtype LS, ``equal`` its HO. Checked, 1e-9.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.conversions.options import EQUAL, ROM_SECOND_ORDER, SECOND_ORDER
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


def rom_from_means(m1, sd1, n1, m2, sd2, n2, variances, correction, variance_form):
    """Logarithm of a ratio of means, of the same sign. Returns yi, vi, status, assumption.

    With c = (sd / m)^2 / n of each group:

        none, LS        yi = ln(m1 / m2)                  vi = c1 + c2
        second_order    yi = ln(m1 / m2) + (c1 - c2) / 2  vi = c1 + c2 + (c1^2 + c2^2) / 2

    Hedges, Gurevitch & Curtis 1999; Lajeunesse 2015 (the logarithm of a mean lies below that of the
    expected mean by about c / 2). LS without correction is checked against metafor, 1e-9; the terms
    of second order against integrals over the distribution of the mean.
    """
    s1, s2 = _spread(sd1, n1, sd2, n2, variances)
    status = _status((m1, sd1, n1, m2, sd2, n2), variances, m1 / m2 > 0.0)
    c1, c2 = (s1 / m1) ** 2 / n1, (s2 / m2) ** 2 / n2
    shift = np.where(correction == SECOND_ORDER, 0.5 * (c1 - c2), 0.0)
    more = np.where(variance_form == ROM_SECOND_ORDER, 0.5 * (c1**2 + c2**2), 0.0)
    yi, vi, status = effect_or_none(status, np.log(m1 / m2) + shift, c1 + c2 + more)
    label = (variances * 2 + correction) * 2 + variance_form
    return yi, vi, status, np.where(status == OK, label, NOT_GIVEN)


def _spread(sd1, n1, sd2, n2, variances):
    pooled = pooled_sd(sd1, n1, sd2, n2)
    return np.where(variances == EQUAL, pooled, sd1), np.where(variances == EQUAL, pooled, sd2)


def _status(inputs, variances, possible):
    _, sd1, n1, _, sd2, n2 = inputs
    sizes = (n1 >= 1.0) & (n2 >= 1.0) & ((variances != EQUAL) | (n1 + n2 > 2.0))
    status = status_of(inputs, possible & (sd1 > 0.0) & (sd2 > 0.0) & sizes)
    return np.where(variances == NOT_GIVEN, MISSING_INPUT, status)
