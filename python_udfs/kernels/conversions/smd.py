"""Standardised mean differences of two independent groups from means, or from a trial's d.

Formulas: Hedges 1981, 1982; Hedges & Olkin 1985; Borenstein and others 2009, ch. 4; the variances
stand in ``hedges.py``. Checked against metafor's escalc, 1e-9.
"""

import numpy as np

from python_udfs.kernels.conversions.assumptions import (
    GIVEN_VARIANCE,
    smd_assumption,
    smdh_assumption,
)
from python_udfs.kernels.conversions.hedges import (
    check_form,
    g_and_variance,
    hedges_g,
    possible_sizes,
)
from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.conversions.options import AV, LS2, SMDH_LS_J2
from python_udfs.kernels.conversions.small_sample import correction_factor
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN


def pooled_sd(sd1, n1, sd2, n2):
    """sqrt(((n1 - 1) sd1^2 + (n2 - 1) sd2^2) / (n1 + n2 - 2)), whatever the unit of the SDs."""
    unit = np.maximum(sd1, sd2)
    squares = (n1 - 1.0) * (sd1 / unit) ** 2 + (n2 - 1.0) * (sd2 / unit) ** 2
    return unit * np.sqrt(squares / (n1 + n2 - 2.0))


def smd_from_means(m1, sd1, n1, m2, sd2, n2, variance_form, correction, mean_g):
    """g = J (m1 - m2) / pooled sd and its variance. Returns yi, vi, status, assumption."""
    d = (m1 - m2) / pooled_sd(sd1, n1, sd2, n2)
    inputs, possible = (m1, sd1, m2, sd2), (sd1 > 0.0) & (sd2 > 0.0)
    return hedges_g(d, inputs, possible, n1, n2, variance_form, correction, mean_g)


def g_from_d(d, vi, n1, n2, variance_form, correction, mean_g):
    """g = J d from a trial's Cohen's d. Returns yi, vi, status, assumption.

    Where the variance of d is given, the variance of g is J^2 times it and ``variance_form`` is not
    needed; where ``vi`` is NULL the form computes the variance from the group sizes.
    """
    given = ~np.isnan(vi)
    check_form(np.where(given, NOT_GIVEN, variance_form), correction, mean_g)
    form = np.where(given, LS2, variance_form)
    possible = possible_sizes(n1, n2, form) & (~given | (np.isfinite(vi) & (vi > 0.0)))
    status = status_of((d, n1, n2), possible)
    lacking = (form == NOT_GIVEN) | ((form == AV) & np.isnan(mean_g))
    status = np.where(lacking, MISSING_INPUT, status)
    g, computed = g_and_variance(d, n1, n2, form, correction, mean_g)
    of_given = correction_factor(n1 + n2 - 2.0, correction) ** 2 * vi
    g, vi, status = effect_or_none(status, g, np.where(given, of_given, computed))
    assumption = smd_assumption(np.where(given, GIVEN_VARIANCE, variance_form), correction)
    return g, vi, status, np.where(status == OK, assumption, NOT_GIVEN)


def smdh_from_means(m1, sd1, n1, m2, sd2, n2, variance_form, correction):
    """Difference of means over the root mean square of the two SDs. yi, vi, status, assumption.

    s^2 = (sd1^2 + sd2^2) / 2, yi = J(n1 + n2 - 2) (m1 - m2) / s, and with u_i = n_i - 1

        vi = yi^2 (sd1^4 / u1 + sd2^4 / u2) / (8 s^4) + (sd1^2 / u1 + sd2^2 / u2) / s^2

    Bonett 2008, with the corrected yi in the variance (LS; metafor's SMDH since 4.0). LS_J2: J^2
    times that, as metafor computed it until 3.8; checked against 3.8, 1e-9.
    """
    inputs = (m1, sd1, n1, m2, sd2, n2)
    status = status_of(inputs, (sd1 > 0.0) & (sd2 > 0.0) & (n1 >= 2.0) & (n2 >= 2.0))
    status = np.where(variance_form == NOT_GIVEN, MISSING_INPUT, status)
    j = correction_factor(n1 + n2 - 2.0, correction)
    u1, u2 = n1 - 1.0, n2 - 1.0
    s = np.hypot(sd1, sd2) / np.sqrt(2.0)
    share1, share2 = (sd1 / s) ** 2, (sd2 / s) ** 2
    yi = j * (m1 - m2) / s
    of_sd = yi**2 * (share1**2 / u1 + share2**2 / u2) / 8.0
    factor = np.where(variance_form == SMDH_LS_J2, j**2, 1.0)
    yi, vi, status = effect_or_none(status, yi, factor * (of_sd + share1 / u1 + share2 / u2))
    code = smdh_assumption(variance_form, correction)
    return yi, vi, status, np.where(status == OK, code, NOT_GIVEN)
