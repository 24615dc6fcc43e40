"""From Cohen's d to Hedges' g and its sampling variance, in the forms in use.

With m = n1 + n2 - 2, N = n1 + n2 and J the small-sample correction, g = J d and

=====  ==========================================================  =============================
form   variance                                                    source
=====  ==========================================================  =============================
LS     1/n1 + 1/n2 + g^2 / (2 N)                                   Hedges 1982; metafor's default
LS2    J^2 (1/n1 + 1/n2 + d^2 / (2 N))                             Borenstein and others 2009
UB     1/n1 + 1/n2 + (1 - (m - 2) / (m J^2)) g^2                   Hedges 1983, unbiased
H0     J^2 (1/n1 + 1/n2) m / (m - 2)                               if there were no effect
AV     1/n1 + 1/n2 + mean_g^2 / (2 N)                              Hedges 1982; metafor's AV
RM     1/n1 + 1/n2 + g^2 / (2 (N - 3.94))                          RevMan (approximate J); meta
=====  ==========================================================  =============================

mean_g is the mean of g over the meta-analysis, weighted by N. Checked against metafor's escalc.
"""

import numpy as np

from python_udfs.kernels.conversions.assumptions import smd_assumption
from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.conversions.options import AV, H0, LS, LS2, NO_CORRECTION, RM, UB
from python_udfs.kernels.conversions.small_sample import correction_factor
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN


def hedges_g(d, inputs, possible, n1, n2, form, correction, mean_g):
    """yi, vi, status, assumption of g from d, which was computed from ``inputs``.

    ``possible`` says which rows can have an effect. ValueError for a mean_g that the form does not
    use, and for UB without a correction.
    """
    check_form(form, correction, mean_g)
    status = status_of((*inputs, n1, n2), possible & possible_sizes(n1, n2, form))
    lacking = (form == NOT_GIVEN) | ((form == AV) & np.isnan(mean_g))
    status = np.where(lacking, MISSING_INPUT, status)
    g, vi = g_and_variance(d, n1, n2, form, correction, mean_g)
    yi, vi, status = effect_or_none(status, g, vi)
    return yi, vi, status, np.where(status == OK, smd_assumption(form, correction), NOT_GIVEN)


def g_and_variance(d, n1, n2, form, correction, mean_g):
    """g = J d and its variance in the given form; NaN where no form is given."""
    m, total = n1 + n2 - 2.0, n1 + n2
    j = correction_factor(m, correction)
    g = j * d
    sampling = 1.0 / n1 + 1.0 / n2
    forms = {
        LS: sampling + g**2 / (2.0 * total),
        LS2: j**2 * (sampling + d**2 / (2.0 * total)),
        UB: sampling + (1.0 - (m - 2.0) / (m * j**2)) * g**2,
        H0: j**2 * sampling * m / (m - 2.0),
        AV: sampling + mean_g**2 / (2.0 * total),
        RM: sampling + g**2 / (2.0 * (total - 3.94)),
    }
    return g, np.select([form == code for code in forms], list(forms.values()), np.nan)


def possible_sizes(n1, n2, form):
    """At least one in each group and more than one degree of freedom; more for H0 and RM."""
    least = np.select([form == H0, form == RM], [4.0, 3.94], 3.0)
    return (n1 >= 1.0) & (n2 >= 1.0) & (n1 + n2 > least)


def check_form(form, correction, mean_g):
    """ValueError for options that the variance form does not go with."""
    if np.any(~np.isnan(mean_g) & (form != AV) & (form != NOT_GIVEN)):
        raise ValueError("mean_g is used by variance_form AV only; leave it out, or choose AV")
    if np.any((form == UB) & (correction == NO_CORRECTION)):
        raise ValueError("variance_form UB is the variance of a corrected g; correction is none")
