"""Between correlations and standardised mean differences (Cohen's d).

Borenstein and others 2009, ch. 7; Lipsey & Wilson 2001. d from r speaks of two groups of equal
size. For Hedges' g, pass d and its variance on to ``g_from_d``.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import noted_effect, status_of


def d_from_r(r, vi):
    """d = 2 r / sqrt(1 - r^2), variance 4 vi / (1 - r^2)^3. Returns yi, vi, status, assumption.

    Borenstein and others 2009, eq. 7.5 and 7.6.
    """
    status = status_of((r, vi), (np.abs(r) < 1.0) & (vi > 0.0))
    rest = (1.0 - r) * (1.0 + r)
    return noted_effect(status, 2.0 * r / np.sqrt(rest), 4.0 * vi / rest**3)


def r_from_d(d, vi, n1, n2):
    """r = d / sqrt(d^2 + a), variance a^2 vi / (d^2 + a)^3. Returns yi, vi, status, assumption.

    a = (n1 + n2)^2 / (n1 n2), which is 4 for equal groups (Borenstein and others 2009, eq. 7.7 to
    7.9). d is Cohen's d, not corrected.
    """
    status = status_of((d, vi, n1, n2), (vi > 0.0) & (n1 > 0.0) & (n2 > 0.0))
    a = (n1 + n2) ** 2 / (n1 * n2)
    total = d**2 + a
    return noted_effect(status, d / np.sqrt(total), a**2 * vi / total**3)


def d_from_phi(phi, n):
    """d = 2 phi / sqrt(1 - phi^2), variance 4 / (n (1 - phi^2)). yi, vi, status, assumption.

    The variance is d^2 / chi^2 (Lipsey & Wilson 2001), the same as ``d_from_r`` with the variance
    (1 - phi^2)^2 / n.
    """
    return _from_phi(phi, n, (phi, n), np.abs(phi) < 1.0)


def d_from_chi2(chi2, sign, n):
    """d from chi-square with one degree of freedom: phi = sqrt(chi2 / n) with the given sign.

    Without continuity correction. Returns yi, vi, status, assumption.
    """
    phi = np.sign(sign) * np.sqrt(chi2 / n)
    return _from_phi(phi, n, (chi2, sign, n), (chi2 >= 0.0) & (chi2 < n) & (sign != 0.0))


def _from_phi(phi, n, inputs, possible):
    status = status_of(inputs, possible & (n >= 2.0))
    rest = (1.0 - phi) * (1.0 + phi)
    return noted_effect(status, 2.0 * phi / np.sqrt(rest), 4.0 / (n * rest))
