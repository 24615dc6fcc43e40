"""Power of single studies, and how likely many of them would all be significant."""

import numpy as np
from scipy import special

from python_udfs.kernels.bias.options import GREATER, LESS
from python_udfs.kernels.jit import jit

TIE = 1e-12
"""Relative difference of z, or of p, up to which it equals the critical one."""


def study_power(theta, tau2, v, alternative, alpha):
    """Probability that a study is significant when its true effect comes from N(theta, tau2).

    z = y / sqrt(v) is normal with mean theta / sqrt(v) and variance 1 + tau2 / v, so the power,
    averaged over the true effects, needs no integration:

    greater:   Phi((theta - c sqrt(v)) / sqrt(v + tau2)), c the normal quantile of 1 - alpha;
    less:      Phi((-theta - c sqrt(v)) / sqrt(v + tau2));
    two-sided: the sum of both with c the quantile of 1 - alpha / 2.

    All arguments are flat, one element per study.
    """
    critical = critical_z(alternative, alpha) * np.sqrt(v)
    sd = np.sqrt(v + tau2)
    above = special.ndtr((theta - critical) / sd)
    below = special.ndtr((-theta - critical) / sd)
    return np.where(
        alternative == GREATER, above, np.where(alternative == LESS, below, above + below)
    )


def critical_z(alternative, alpha):
    """The z beyond which a study is significant."""
    is_one_sided = (alternative == GREATER) | (alternative == LESS)
    return -special.ndtri(np.where(is_one_sided, alpha, alpha / 2.0))


def is_significant(y, v, alternative, alpha):
    """Whether z = y / sqrt(v) reaches the critical value, on the side of the alternative.

    As in metafor's ``tes`` a p equal to alpha counts: a limit of exactly zero gives a z that
    misses the critical value by its rounding only.
    """
    z = y / np.sqrt(v)
    towards = np.where(alternative == GREATER, z, np.where(alternative == LESS, -z, np.abs(z)))
    critical = critical_z(alternative, alpha)
    return towards >= critical - TIE * np.maximum(1.0, np.abs(critical))


@jit
def upper_tails(power, observed, offsets):
    """P(as many significant studies as observed, or more) of each group, exactly.

    The number is a sum of independent 0-1 variables with the given powers (Poisson binomial).
    The smaller tail is summed, from the probabilities built up study by study.
    """
    out = np.full(observed.size, np.nan)
    for row in range(observed.size):
        start, stop = offsets[row], offsets[row + 1]
        probability = np.zeros(stop - start + 1)
        probability[0] = 1.0
        for i in range(start, stop):
            for count in range(i - start + 1, 0, -1):
                probability[count] = (
                    probability[count] * (1.0 - power[i]) + probability[count - 1] * power[i]
                )
            probability[0] *= 1.0 - power[i]
        out[row] = min(1.0, probability[observed[row] :].sum())
    return out


@jit
def group_sums(values, offsets):
    """Sum of each group."""
    out = np.zeros(offsets.size - 1)
    for row in range(out.size):
        out[row] = values[offsets[row] : offsets[row + 1]].sum()
    return out
