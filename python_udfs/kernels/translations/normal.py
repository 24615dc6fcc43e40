"""An SMD of two normal distributions with one variance: how far they are apart, in other words.

Cohen 1988, ch. 2 (U3, overlap); McGraw & Wong 1992 (probability of superiority). Every function
takes the SMD with its confidence limits, or without (both NULL: status point_only), and returns
estimate, ci_low, ci_high, status, assumption. Limits are those of the SMD, carried over.
"""

import math

import numpy as np
from scipy import special

from python_udfs.kernels.translations.assumptions import NORMAL_CUT, NORMAL_OUTCOME
from python_udfs.kernels.translations.limits import (
    effect_status,
    unit_interval_status,
    with_limits,
)


def u3_from_smd(yi, ci_low, ci_high):
    """U3 = Phi(d): share of group 2 that lies below the mean of group 1."""
    limits = (special.ndtr(value) for value in (yi, ci_low, ci_high))
    return with_limits(effect_status(yi, ci_low, ci_high), *limits, NORMAL_OUTCOME)


def superiority_from_smd(yi, ci_low, ci_high):
    """Phi(d / sqrt 2): probability that one of group 1 lies above one of group 2."""
    limits = (special.ndtr(value / math.sqrt(2.0)) for value in (yi, ci_low, ci_high))
    return with_limits(effect_status(yi, ci_low, ci_high), *limits, NORMAL_OUTCOME)


def overlap_from_smd(yi, ci_low, ci_high):
    """2 Phi(-|d| / 2): shared area of the two distributions, 1 for d = 0.

    It falls on both sides of 0. An interval of d that holds 0 therefore gives an upper limit of 1.
    """
    estimate, at_low, at_high = (_overlap(value) for value in (yi, ci_low, ci_high))
    highest = np.where((ci_low <= 0.0) & (ci_high >= 0.0), 1.0, np.maximum(at_low, at_high))
    status = effect_status(yi, ci_low, ci_high)
    return with_limits(status, estimate, np.minimum(at_low, at_high), highest, NORMAL_OUTCOME)


def risk_difference_from_smd(yi, ci_low, ci_high, control_event_rate):
    """Phi(d + Phi^-1(CER)) - CER: difference in the share above the cut point (Furukawa 1999)."""
    status = effect_status(yi, ci_low, ci_high)
    status = unit_interval_status(status, control_event_rate)
    limits = (risk_gain(value, control_event_rate) for value in (yi, ci_low, ci_high))
    return with_limits(status, *limits, NORMAL_CUT)


def risk_gain(d, rate):
    """Phi(d + c) - Phi(c), c = Phi^-1(rate), from the tail in which both are small."""
    cut = special.ndtri(rate)
    upper = special.ndtr(-cut) - special.ndtr(-(d + cut))
    return np.where(cut > 0.0, upper, special.ndtr(d + cut) - special.ndtr(cut))


def _overlap(d):
    return 2.0 * special.ndtr(-np.abs(d) / 2.0)
