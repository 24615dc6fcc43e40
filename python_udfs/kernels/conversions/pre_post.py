"""One group measured twice. Effects are after minus before.

SD of change: s^2 = s_pre^2 + s_post^2 - 2 r s_pre s_post (Cochrane Handbook 6.5.2.8), computed as
(s_pre - s_post)^2 + 2 (1 - r) s_pre s_post, which does not cancel. Standardised effects are
corrected by J(n - 1); metafor's measures MC, SMCC and SMCR, checked against escalc, 1e-9.
"""

import numpy as np

from python_udfs.kernels.conversions.assumptions import change_assumption
from python_udfs.kernels.conversions.inputs import effect_or_none, noted_effect, status_of
from python_udfs.kernels.conversions.options import CHANGE_LS
from python_udfs.kernels.conversions.small_sample import correction_factor
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def sd_of_change(sd_pre, sd_post, r):
    """SD of the change from the SDs before and after and their correlation. Returns sd, status."""
    status = status_of((sd_pre, sd_post, r), (sd_pre > 0.0) & (sd_post > 0.0) & (np.abs(r) <= 1.0))
    return all_or_none(status, change_sd(sd_pre, sd_post, r))


def r_pre_post(sd_pre, sd_post, sd_change):
    """r = (s_pre^2 + s_post^2 - s_change^2) / (2 s_pre s_post). Returns r, status.

    Handbook 6.5.2.8. out_of_range where the three SDs cannot belong together (|r| > 1).
    """
    inputs = (sd_pre, sd_post, sd_change)
    possible = (sd_pre > 0.0) & (sd_post > 0.0) & (sd_change >= 0.0)
    r = (sd_pre**2 + sd_post**2 - sd_change**2) / (2.0 * sd_pre * sd_post)
    return all_or_none(status_of(inputs, possible & ~(np.abs(r) > 1.0)), r)


def md_pre_post(m_pre, sd_pre, m_post, sd_post, n, r):
    """Mean change m_post - m_pre, vi = s_change^2 / n (metafor's MC).

    Returns yi, vi, status, assumption.
    """
    possible = (sd_pre > 0.0) & (sd_post > 0.0) & (n >= 1.0) & (np.abs(r) <= 1.0)
    status = status_of((m_pre, sd_pre, m_post, sd_post, n, r), possible)
    vi = change_sd(sd_pre, sd_post, r) ** 2 / n
    return noted_effect(status, m_post - m_pre, vi)


def smcc_from_means(m_pre, sd_pre, m_post, sd_post, n, r, variance_form, correction):
    """Mean change over the SD of change. Returns yi, vi, status, assumption.

    d = (m_post - m_pre) / s_change, g = J d; vi = 1/n + g^2/(2n) (LS), or J^2 of the same with d
    (LS2). Gibbons, Hedeker & Davis 1993.
    """
    d = (m_post - m_pre) / change_sd(sd_pre, sd_post, r)
    possible = (sd_pre > 0.0) & (sd_post > 0.0) & (np.abs(r) <= 1.0)
    inputs = (m_pre, sd_pre, m_post, sd_post, r)
    return standardised(d, inputs, possible, n, 1.0, variance_form, correction)


def smcc_from_change(change, sd_change, n, variance_form, correction):
    """The same from the mean change and its SD. Returns yi, vi, status, assumption."""
    d = change / sd_change
    inputs = (change, sd_change)
    return standardised(d, inputs, sd_change > 0.0, n, 1.0, variance_form, correction)


def smcc_from_paired_t(t, n, variance_form, correction):
    """The same from a paired t: d = t / sqrt(n). Returns yi, vi, status, assumption."""
    return standardised(t / np.sqrt(n), (t,), np.True_, n, 1.0, variance_form, correction)


def smcr_from_means(m_pre, sd_pre, m_post, n, r, variance_form, correction):
    """Mean change over the SD before. Returns yi, vi, status, assumption.

    d = (m_post - m_pre) / s_pre, g = J d; vi = 2 (1 - r)/n + g^2/(2n) (LS), or J^2 of the
    same with d (LS2). Becker 1988.
    """
    d = (m_post - m_pre) / sd_pre
    possible = (sd_pre > 0.0) & (np.abs(r) <= 1.0)
    inputs = (m_pre, sd_pre, m_post, r)
    return standardised(d, inputs, possible, n, 2.0 * (1.0 - r), variance_form, correction)


def standardised(d, inputs, possible, n, unit, variance_form, correction):
    """g = J(n - 1) d, vi = unit / n + g^2 / (2 n) (LS), or J^2 (unit / n + d^2 / (2 n)) (LS2)."""
    status = status_of((*inputs, n), possible & (n > 2.0))
    status = np.where(variance_form == NOT_GIVEN, MISSING_INPUT, status)
    j = correction_factor(n - 1.0, correction)
    factor = np.where(variance_form == CHANGE_LS, 1.0, j**2)
    effect = np.where(variance_form == CHANGE_LS, j * d, d)
    vi = factor * (unit / n + effect**2 / (2.0 * n))
    yi, vi, status = effect_or_none(status, j * d, vi)
    code = change_assumption(variance_form, correction)
    return yi, vi, status, np.where(status == OK, code, NOT_GIVEN)


def change_sd(sd_pre, sd_post, r):
    """SD of the difference of two correlated measurements; arrays."""
    product = np.sqrt(2.0 * (1.0 - r)) * np.sqrt(sd_pre) * np.sqrt(sd_post)
    return np.hypot(sd_pre - sd_post, product)
