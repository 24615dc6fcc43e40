"""Standardised mean differences (Hedges' g) with the exact small-sample correction.

Formulas: Hedges 1981, 1982; Hedges & Olkin 1985; Borenstein and others 2009, ch. 4; the variance
forms carry metafor's names (LS, LS2, UB) and H0. Checked against metafor's escalc, 1e-9.
"""

import numpy as np
from scipy import special

from python_udfs.kernels.conversions.assumptions import GIVEN_VARIANCE
from python_udfs.kernels.conversions.options import H0, LS, LS2, UB
from python_udfs.kernels.labels import MISSING_INPUT, OK, OUT_OF_RANGE
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none

SERIES_FROM = 200.0


def small_sample_correction(m):
    """J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)), exact; m = n1 + n2 - 2 > 1.

    Above m = 200 the asymptotic series of the ratio is used: the difference of two large
    log-gammas would lose digits there.
    """
    x = (m - 1.0) / 2.0
    ratio = np.where(m > SERIES_FROM, _ratio_series(x), _ratio(x))
    return ratio / np.sqrt(m / 2.0)


def _ratio(x):
    return np.exp(special.gammaln(x + 0.5) - special.gammaln(x))


def _ratio_series(x):
    # Gamma(x + 1/2) / Gamma(x) = sqrt(x) (1 - 1/8x + 1/128x^2 + 5/1024x^3 - 21/32768x^4 - ...)
    r = 1.0 / x
    tail = r * (5.0 / 1024.0 + r * (-21.0 / 32768.0 - r * 399.0 / 262144.0))
    return np.sqrt(x) * (1.0 + r * (-1.0 / 8.0 + r * (1.0 / 128.0 + tail)))


def smd_from_means(m1, sd1, n1, m2, sd2, n2, variance_form):
    """g = J (m1 - m2) / pooled sd and its variance. Returns yi, vi, status, assumption."""
    status = _status((m1, sd1, n1, m2, sd2, n2), n1, n2, variance_form)
    status = np.where((status == OK) & ~((sd1 > 0.0) & (sd2 > 0.0)), OUT_OF_RANGE, status)
    pooled = np.sqrt(((n1 - 1.0) * sd1**2 + (n2 - 1.0) * sd2**2) / (n1 + n2 - 2.0))
    d = (m1 - m2) / pooled
    yi, vi, status = all_or_none(status, *_g_and_variance(d, n1, n2, variance_form))
    return yi, vi, status, np.where(status == OK, variance_form, NOT_GIVEN)


def g_from_d(d, vi, n1, n2, variance_form):
    """g = J d from a trial's Cohen's d. Returns yi, vi, status, assumption.

    Where the variance of d is given, the variance of g is J^2 times it and ``variance_form`` is not
    needed; where ``vi`` is NULL the form computes the variance from the group sizes.
    """
    given = ~np.isnan(vi)
    form = np.where(given, LS2, variance_form)
    status = _status((d, n1, n2), n1, n2, form)
    status = np.where((status == OK) & given & ~(vi > 0.0), OUT_OF_RANGE, status)
    g, computed = _g_and_variance(d, n1, n2, form)
    of_given = small_sample_correction(n1 + n2 - 2.0) ** 2 * vi
    g, vi, status = all_or_none(status, g, np.where(given, of_given, computed))
    assumption = np.where(given, GIVEN_VARIANCE, variance_form)
    return g, vi, status, np.where(status == OK, assumption, NOT_GIVEN)


def _g_and_variance(d, n1, n2, form):
    m, total = n1 + n2 - 2.0, n1 + n2
    correction = small_sample_correction(m)
    g = correction * d
    sampling = 1.0 / n1 + 1.0 / n2
    forms = {
        LS: sampling + g**2 / (2.0 * total),
        LS2: correction**2 * (sampling + d**2 / (2.0 * total)),
        UB: sampling + (1.0 - (m - 2.0) / (m * correction**2)) * g**2,
        H0: correction**2 * sampling * m / (m - 2.0),
    }
    return g, np.select([form == code for code in forms], list(forms.values()), np.nan)


def _status(inputs, n1, n2, form):
    missing = np.any([np.isnan(value) for value in inputs], axis=0) | (form == NOT_GIVEN)
    finite = np.all([np.isfinite(value) for value in inputs], axis=0)
    sizes = (n1 >= 1.0) & (n2 >= 1.0) & (n1 + n2 > np.where(form == H0, 4.0, 3.0))
    return np.select([missing, ~(finite & sizes)], [MISSING_INPUT, OUT_OF_RANGE], OK)
