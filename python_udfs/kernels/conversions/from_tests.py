"""Standardised mean differences of two independent groups from a test of their difference.

Every test is first brought to Student's t with m = n1 + n2 - 2 degrees of freedom, and

    d = t sqrt(1/n1 + 1/n2)

which is exact for the t test with pooled variance (Borenstein and others 2009, ch. 4; Lipsey &
Wilson 2001). F, p and eta squared have no sign: it must be given, as any number with the sign of
m1 - m2. Variances as in ``hedges.py``. t and d checked against metafor's escalc (argument ti).
"""

import numpy as np

from python_udfs.kernels.conversions.hedges import hedges_g
from python_udfs.kernels.tails import t_from_p


def smd_from_t(t, n1, n2, variance_form, correction, mean_g):
    """g from an independent-groups t. Returns yi, vi, status, assumption."""
    return _g_from_t(t, (t,), np.True_, n1, n2, variance_form, correction, mean_g)


def smd_from_f(f, sign, n1, n2, variance_form, correction, mean_g):
    """g from F with (1, m) degrees of freedom: |t| = sqrt(F). yi, vi, status, assumption."""
    t = np.sign(sign) * np.sqrt(f)
    possible = (f >= 0.0) & (sign != 0.0)
    return _g_from_t(t, (f, sign), possible, n1, n2, variance_form, correction, mean_g)


def smd_from_p(p_value, sign, n1, n2, variance_form, correction, mean_g):
    """g from the two-sided p of a t test: |t| = T_m^-1(1 - p / 2). yi, vi, status, assumption."""
    t = np.sign(sign) * t_from_p(p_value, n1 + n2 - 2.0)
    possible = (p_value > 0.0) & (p_value <= 1.0) & (sign != 0.0)
    return _g_from_t(t, (p_value, sign), possible, n1, n2, variance_form, correction, mean_g)


def smd_from_point_biserial(r, n1, n2, variance_form, correction, mean_g):
    """g from the correlation of group and outcome: t = r sqrt(m / (1 - r^2)), r > 0 if m1 > m2.

    So d = r sqrt(h) / sqrt(1 - r^2) with h = m/n1 + m/n2 (Jacobs & Viechtbauer 2017). Returns yi,
    vi, status, assumption.
    """
    t = r * np.sqrt((n1 + n2 - 2.0) / ((1.0 - r) * (1.0 + r)))
    possible = np.abs(r) < 1.0
    return _g_from_t(t, (r,), possible, n1, n2, variance_form, correction, mean_g)


def smd_from_eta2(eta2, sign, n1, n2, variance_form, correction, mean_g):
    """g from eta squared of two groups: F = m eta2 / (1 - eta2). yi, vi, status, assumption."""
    t = np.sign(sign) * np.sqrt((n1 + n2 - 2.0) * eta2 / (1.0 - eta2))
    possible = (eta2 >= 0.0) & (eta2 < 1.0) & (sign != 0.0)
    return _g_from_t(t, (eta2, sign), possible, n1, n2, variance_form, correction, mean_g)


def _g_from_t(t, inputs, possible, n1, n2, variance_form, correction, mean_g):
    d = t * np.sqrt(1.0 / n1 + 1.0 / n2)
    return hedges_g(d, inputs, possible, n1, n2, variance_form, correction, mean_g)
