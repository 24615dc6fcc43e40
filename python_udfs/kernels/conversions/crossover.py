"""Crossover trials: every participant under both conditions. Condition 1 minus condition 2.

Cochrane Handbook v6.5, 23.2.7: r is the correlation of the two measurements of a participant.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.conversions.pre_post import md_pre_post
from python_udfs.kernels.conversions.small_sample import correction_factor
from python_udfs.kernels.labels import OK
from python_udfs.kernels.options import NOT_GIVEN


def md_crossover(m1, sd1, m2, sd2, n, r):
    """m1 - m2, vi = (s1^2 + s2^2 - 2 r s1 s2) / n (Handbook 23.2.7.1): a change from 2 to 1.

    Returns yi, vi, status, assumption.
    """
    return md_pre_post(m2, sd2, m1, sd1, n, r)


def smd_crossover(m1, sd1, m2, sd2, n, r, correction):
    """g = J(n - 1) (m1 - m2) / sqrt((s1^2 + s2^2) / 2). Returns yi, vi, status, assumption.

    vi = (1/n + g^2 / (2 n)) 2 (1 - r) (Handbook 23.2.7.2; Elbourne and others 2002; Curtin and
    others 2002). The Handbook's own formula has no J: correction none.
    """
    possible = (sd1 > 0.0) & (sd2 > 0.0) & (n > 2.0) & (np.abs(r) <= 1.0)
    status = status_of((m1, sd1, m2, sd2, n, r), possible)
    d = (m1 - m2) / (np.hypot(sd1, sd2) / np.sqrt(2.0))
    g = correction_factor(n - 1.0, correction) * d
    vi = (1.0 / n + g**2 / (2.0 * n)) * 2.0 * (1.0 - r)
    yi, vi, status = effect_or_none(status, g, vi)
    return yi, vi, status, np.where(status == OK, correction, NOT_GIVEN)
