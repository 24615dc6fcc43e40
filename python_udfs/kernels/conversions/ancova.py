"""Standardised mean differences adjusted for covariates.

With r the (multiple) correlation of covariates and outcome within groups, q covariates, N = n1 + n2

    d = adjusted difference / S,  S = S_adjusted / sqrt(1 - r^2)
    var(d) = (1 - r^2) (1/n1 + 1/n2) + d^2 / (2 N)
    g = J(N - 2 - q) d,  vi = J^2 var(d)

Borenstein and others 2009, ch. 4 (analysis of covariance; also Cooper, Hedges & Valentine 2009,
ch. 12). The What Works Clearinghouse computes the same g from the SD that is not adjusted. Morris
2008 (pre-test scores in both arms) stands in ``pre_post_control.py``. Not in metafor 3.8; checked
against metaConvert's printed values and an independent computation.
"""

import numpy as np

from python_udfs.kernels.conversions.assumptions import FROM_ANCOVA_TEST, ancova_assumption
from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.conversions.options import ADJUSTED
from python_udfs.kernels.conversions.small_sample import correction_factor
from python_udfs.kernels.conversions.smd import pooled_sd
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN


def smd_from_ancova_means(m1, sd1, n1, m2, sd2, n2, r, covariates, sd_kind, correction):
    """g from covariate-adjusted means. Returns yi, vi, status, assumption.

    ``sd_kind``: adjusted where the SDs are those of the residuals, unadjusted where they are those
    of the outcome itself.
    """
    factor = np.where(sd_kind == ADJUSTED, np.sqrt((1.0 - r) * (1.0 + r)), 1.0)
    d = (m1 - m2) / pooled_sd(sd1, n1, sd2, n2) * factor
    possible = (sd1 > 0.0) & (sd2 > 0.0)
    inputs = (m1, sd1, m2, sd2)
    return _effect(d, inputs, possible, n1, n2, r, covariates, sd_kind, correction)


def smd_from_ancova_t(t, n1, n2, r, covariates, correction):
    """g from the t of the adjusted difference: d = t sqrt((1/n1 + 1/n2) (1 - r^2)).

    Cooper, Hedges & Valentine 2009, ch. 12. Returns yi, vi, status, assumption.
    """
    return _from_t(t, (t,), np.True_, n1, n2, r, covariates, correction)


def smd_from_ancova_f(f, sign, n1, n2, r, covariates, correction):
    """g from F with (1, N - 2 - q) degrees of freedom: |t| = sqrt(F).

    Returns yi, vi, status, assumption.
    """
    t = np.sign(sign) * np.sqrt(f)
    possible = (f >= 0.0) & (sign != 0.0)
    return _from_t(t, (f, sign), possible, n1, n2, r, covariates, correction)


def _from_t(t, inputs, possible, n1, n2, r, covariates, correction):
    d = t * np.sqrt((1.0 / n1 + 1.0 / n2) * (1.0 - r) * (1.0 + r))
    kind = np.full(t.shape, FROM_ANCOVA_TEST)
    return _effect(d, inputs, possible, n1, n2, r, covariates, kind, correction)


def _effect(d, inputs, possible, n1, n2, r, covariates, kind, correction):
    m = n1 + n2 - 2.0 - covariates
    sizes = (n1 >= 1.0) & (n2 >= 1.0) & (covariates >= 0.0) & (m > 1.0)
    possible = possible & sizes & (np.abs(r) < 1.0)
    status = status_of((*inputs, n1, n2, r, covariates), possible)
    status = np.where(kind == NOT_GIVEN, MISSING_INPUT, status)
    j = correction_factor(m, correction)
    sampling = (1.0 - r) * (1.0 + r) * (1.0 / n1 + 1.0 / n2)
    yi, vi, status = effect_or_none(status, j * d, j**2 * (sampling + d**2 / (2.0 * (n1 + n2))))
    return yi, vi, status, np.where(status == OK, ancova_assumption(kind, correction), NOT_GIVEN)
