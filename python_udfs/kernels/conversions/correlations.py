"""Correlations as effects: r, its bias-corrected form, Fisher's z, point-biserial r.

metafor's measures COR, UCOR, ZCOR and RPB; checked against escalc, 1e-9.
"""

import numpy as np
from scipy import special

from python_udfs.kernels.conversions.inputs import effect_or_none, noted_effect, status_of
from python_udfs.kernels.conversions.options import COR_PLAIN, COR_UB, OLKIN_PRATT, RPB_CS
from python_udfs.kernels.conversions.smd import pooled_sd
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN

SERIES_FROM = 50.0


def cor_from_r(r, n, correction, variance_form):
    """r, or r corrected for bias, and its variance. Returns yi, vi, status, assumption.

    Corrected (Olkin & Pratt 1958), n > 4: yi = r F(1/2, 1/2; (n - 2)/2; 1 - r^2), F the
    hypergeometric function. vi = (1 - yi^2)^2 / (n - 1) (LS), or, for the corrected r,
    vi = yi^2 - 1 + (n - 3)/(n - 2) (1 - r^2) F(1, 1; n/2; 1 - r^2) (UB). ValueError for UB without
    the correction. A UB variance that is not positive, which happens in small samples with a strong
    correlation, is out_of_range.
    """
    if np.any((variance_form == COR_UB) & (correction == COR_PLAIN)):
        raise ValueError("variance_form UB goes with correction olkin_pratt only")
    corrected = correction == OLKIN_PRATT
    status = status_of((r, n), (np.abs(r) < 1.0) & (n > np.where(corrected, 4.0, 1.0)))
    rest = (1.0 - r) * (1.0 + r)
    yi = np.where(corrected, r * hypergeometric(0.5, (n - 2.0) / 2.0, rest), r)
    least_squares = ((1.0 - yi) * (1.0 + yi)) ** 2 / (n - 1.0)
    series = hypergeometric(1.0, n / 2.0, rest)
    unbiased = yi**2 - (1.0 - (n - 3.0) / (n - 2.0) * rest * series)
    vi = np.where(variance_form == COR_UB, unbiased, least_squares)
    yi, vi, status = effect_or_none(status, yi, vi)
    return yi, vi, status, np.where(status == OK, correction + variance_form, NOT_GIVEN)


def hypergeometric(a, c, x):
    """F(a, a; c; x), 0 <= x <= 1. Above c = 50, where SciPy's fails near x = 1, by its series.

    The terms fall at least like those of c = 50, x = 1: 40 of them leave less than 1e-16.
    """
    term = total = np.ones_like(x)
    for k in range(40):
        term = term * (a + k) ** 2 / ((c + k) * (k + 1.0)) * x
        total = total + term
    return np.where(c > SERIES_FROM, total, special.hyp2f1(a, a, np.minimum(c, SERIES_FROM), x))


def fisher_z_from_r(r, n):
    """z = artanh(r) = ln((1 + r) / (1 - r)) / 2, vi = 1 / (n - 3). n > 3 (Fisher 1921).

    Returns yi, vi, status, assumption.
    """
    status = status_of((r, n), (np.abs(r) < 1.0) & (n > 3.0))
    return noted_effect(status, np.arctanh(r), 1.0 / (n - 3.0))


def r_from_fisher_z(z, vi):
    """r = tanh(z), its variance by the delta method: (1 - r^2)^2 vi. yi, vi, status, assumption.

    Take limits of an interval back by tanh themselves, not through this variance.
    """
    status = status_of((z, vi), vi > 0.0)
    return noted_effect(status, np.tanh(z), vi / np.cosh(z) ** 4)


def point_biserial_from_means(m1, sd1, n1, m2, sd2, n2, variance_form):
    """r of group and outcome: r = d / sqrt(d^2 + h), h = m/n1 + m/n2. yi, vi, status, assumption.

    d from the pooled SD, not corrected. LS: vi = h^2 / (h + d^2)^3 (1/n1 + 1/n2 + d^2 / (2 N)), for
    groups of fixed sizes; CS: vi = (1 - r^2)^2 (N r^2 / (4 n1 n2) + (2 - 3 r^2) / (2 N)), for a
    sample drawn as a whole (Tate 1954; Jacobs & Viechtbauer 2017). metafor's ST is LS.
    """
    inputs = (m1, sd1, n1, m2, sd2, n2)
    sizes = (n1 >= 1.0) & (n2 >= 1.0) & (n1 + n2 > 2.0)
    status = status_of(inputs, (sd1 > 0.0) & (sd2 > 0.0) & sizes)
    status = np.where(variance_form == NOT_GIVEN, MISSING_INPUT, status)
    m, total = n1 + n2 - 2.0, n1 + n2
    h = m / n1 + m / n2
    d = (m1 - m2) / pooled_sd(sd1, n1, sd2, n2)
    r = d / np.sqrt(d**2 + h)
    r2 = r**2
    fixed = h**2 / (h + d**2) ** 3 * (1.0 / n1 + 1.0 / n2 + d**2 / (2.0 * total))
    drawn = (1.0 - r2) ** 2 * (total * r2 / (4.0 * n1 * n2) + (2.0 - 3.0 * r2) / (2.0 * total))
    vi = np.where(variance_form == RPB_CS, drawn, fixed)
    r, vi, status = effect_or_none(status, r, vi)
    return r, vi, status, np.where(status == OK, variance_form, NOT_GIVEN)
