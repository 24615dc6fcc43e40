"""Two arms measured before and after: the difference of their changes.

Sign, everywhere: after minus before in each arm, then arm 1 (treatment) minus arm 2 (control), so
that with equal means before the sign is that of the comparison after.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.conversions.options import EXACT, NO_CORRECTION
from python_udfs.kernels.conversions.pre_post import md_pre_post, smcr_from_means
from python_udfs.kernels.conversions.small_sample import correction_factor
from python_udfs.kernels.conversions.smd import pooled_sd
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN


def dppc2_from_means(m_pre1, sd_pre1, m_post1, n1, m_pre2, sd_pre2, m_post2, n2, r, correction):
    """Difference of changes over the pooled SD before. Returns yi, vi, status, assumption.

    d = J(m) ((m_post1 - m_pre1) - (m_post2 - m_pre2)) / pooled s_pre, m = n1 + n2 - 2, and with
    a = 2 (1 - r) (1/n1 + 1/n2)

        vi = J^2 a m / (m - 2) (1 + d^2 / a) - d^2

    Morris 2008, eq. 25: the variance of J sqrt(a) times a noncentral t, d being the unbiased
    estimate of its parameter. Without correction (J = 1) yi is d / J with the exact J, so vi is
    the one above over J^2, not the formula at J = 1, which takes the biased d for the parameter
    and its expectation alike. Checked against Morris' table, and against the moments of SciPy's
    noncentral t, 1e-9.
    """
    m = n1 + n2 - 2.0
    inputs = (m_pre1, sd_pre1, m_post1, n1, m_pre2, sd_pre2, m_post2, n2, r)
    sizes = (n1 >= 1.0) & (n2 >= 1.0) & (m > 2.0)
    possible = (sd_pre1 > 0.0) & (sd_pre2 > 0.0) & sizes & (np.abs(r) < 1.0)
    status = status_of(inputs, possible)
    j = correction_factor(m, np.where(correction == NO_CORRECTION, EXACT, correction))
    change = (m_post1 - m_pre1) - (m_post2 - m_pre2)
    yi = j * change / pooled_sd(sd_pre1, n1, sd_pre2, n2)
    a = 2.0 * (1.0 - r) * (1.0 / n1 + 1.0 / n2)
    inflation = j**2 * m / (m - 2.0)
    vi = inflation * a + (inflation - 1.0) * yi**2
    kept = np.where(correction == NO_CORRECTION, j, 1.0)
    yi, vi, status = effect_or_none(status, yi / kept, vi / kept**2)
    return yi, vi, status, np.where(status == OK, correction, NOT_GIVEN)


def smcr_difference(
    m_pre1, sd_pre1, m_post1, n1, r1, m_pre2, sd_pre2, m_post2, n2, r2, variance_form, correction
):
    """Standardised mean change (by the SD before) of arm 1 minus that of arm 2.

    The variances add (Becker 1988). Returns yi, vi, status, assumption. Checked against metafor's
    worked example of Morris 2008.
    """
    one = smcr_from_means(m_pre1, sd_pre1, m_post1, n1, r1, variance_form, correction)
    two = smcr_from_means(m_pre2, sd_pre2, m_post2, n2, r2, variance_form, correction)
    yi, vi, status = _difference(one, two)
    return yi, vi, status, np.where(status == OK, one[3], NOT_GIVEN)


def md_change_difference(
    m_pre1, sd_pre1, m_post1, sd_post1, n1, r1, m_pre2, sd_pre2, m_post2, sd_post2, n2, r2
):
    """Mean change of arm 1 minus that of arm 2, in the unit of the outcome.

    Returns yi, vi, status, assumption. vi = s_change1^2 / n1 + s_change2^2 / n2. Where the SDs of
    change are known, md_from_means.
    """
    one = md_pre_post(m_pre1, sd_pre1, m_post1, sd_post1, n1, r1)
    two = md_pre_post(m_pre2, sd_pre2, m_post2, sd_post2, n2, r2)
    yi, vi, status = _difference(one, two)
    return yi, vi, status, np.where(status == OK, one[3], NOT_GIVEN)


def _difference(one, two):
    status = np.where(one[2] == OK, two[2], one[2])
    status = np.where(two[2] == MISSING_INPUT, MISSING_INPUT, status)
    return effect_or_none(status, one[0] - two[0], one[1] + two[1])
