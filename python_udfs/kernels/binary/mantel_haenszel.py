"""mantel_haenszel: common effect of 2x2 tables without a variance for each of them."""

import numpy as np

from python_udfs.kernels.binary.common_effect import (
    fractions,
    has_estimate,
    heterogeneity,
    inference,
    pooled_status,
)
from python_udfs.kernels.binary.complete import Tables, complete_tables
from python_udfs.kernels.binary.effects import effect_from_counts
from python_udfs.kernels.binary.homogeneity import breslow_day, cochran_mantel_haenszel
from python_udfs.kernels.binary.options import DROP, ONLY0, OR, RR
from python_udfs.kernels.jit import jit
from python_udfs.kernels.lists import Lists
from python_udfs.kernels.tails import p_from_chi2


def mantel_haenszel(ai: Lists, n1: Lists, ci: Lists, n2: Lists, measure, correction, ci_level):
    """Mantel-Haenszel meta-analysis of each row; one array per field of the catalogue entry.

    Lists of events and totals of arm 1 (``ai``, ``n1``) and arm 2 (``ci``, ``n2``). No count is
    corrected for the estimate. Q compares it with the effects of single tables, 0.5 added where a
    cell is empty, tables with no or only events left out. Status zero_cells where an arm has no
    events (RR), or no events or only events (OR), in any table. Checked against metafor's rma.mh,
    1e-9; the corrected test of near-equal arms differs (``cochran_mantel_haenszel``).
    """
    tables = complete_tables(ai, n1, ci, n2)
    k = np.diff(tables.offsets)
    estimate, variance = _fit_groups(*tables[:5], measure)
    status = pooled_status(k, estimate, variance)
    estimate = np.where(has_estimate(status), estimate, np.nan)
    effects = _effects(tables, measure)
    cmh = cochran_mantel_haenszel(*tables[:5], correction)
    odds_ratio = np.where(measure == OR, np.exp(estimate), np.nan)
    bd, tarone, bd_df = breslow_day(*tables[:5], odds_ratio)
    return (
        k.astype(np.int32),
        status,
        *inference(estimate, np.sqrt(variance), ci_level),
        *heterogeneity(*effects, tables.offsets, estimate),
        cmh,
        p_from_chi2(cmh, np.ones(cmh.size)),
        bd,
        tarone,
        bd_df,
        p_from_chi2(bd, bd_df),
        p_from_chi2(tarone, bd_df),
        _weights(tables, ai, measure, status),
    )


def _effects(tables: Tables, measure):
    """yi and vi of each table, NaN where it has no effect of its own."""
    size = tables.ai.size
    each = np.repeat(measure, np.diff(tables.offsets))
    rule, drop = np.full(size, ONLY0), np.full(size, DROP)
    return effect_from_counts(*tables[:4], each, rule, drop)[:2]


@jit
def _fit_groups(ai, n1, ci, n2, offsets, measure):
    rows = offsets.size - 1
    estimate, variance = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if stop > start:
            group = (ai[start:stop], n1[start:stop], ci[start:stop], n2[start:stop])
            if measure[row] == OR:
                estimate[row], variance[row] = pooled_odds_ratio(*group)
            elif measure[row] == RR:
                estimate[row], variance[row] = pooled_risk_ratio(*group)
            else:
                estimate[row], variance[row] = pooled_risk_difference(*group)
    return estimate, variance


@jit
def pooled_odds_ratio(ai, n1, ci, n2):
    """ln(R / S), R = sum a d / N, S = sum b c / N (Mantel & Haenszel 1959).

    Variance of Robins, Breslow & Greenland 1986: with P = (a + d) / N and Q = (b + c) / N,
    sum P R_i / (2 R^2) + sum (P S_i + Q R_i) / (2 R S) + sum Q S_i / (2 S^2).
    """
    r = s = pr = mixed = qs = 0.0
    for i in range(ai.size):
        a, b, c, d = ai[i], n1[i] - ai[i], ci[i], n2[i] - ci[i]
        total = n1[i] + n2[i]
        p, q = (a + d) / total, (b + c) / total
        ri, si = a / total * d, b / total * c
        r += ri
        s += si
        pr += p * ri
        mixed += p * si + q * ri
        qs += q * si
    return np.log(r / s), 0.5 * (pr / r / r + mixed / r / s + qs / s / s)


@jit
def pooled_risk_ratio(ai, n1, ci, n2):
    """ln(R / S), R = sum a n2 / N, S = sum c n1 / N, and the variance of Greenland & Robins 1985:
    sum (n1 n2 (a + c) / N^2 - a c / N) / (R S), each term written as (n1 a d + n2 b c) / N^2."""
    r = s = spread = 0.0
    for i in range(ai.size):
        total = n1[i] + n2[i]
        share1, share2 = n1[i] / total, n2[i] / total
        r += ai[i] * share2
        s += ci[i] * share1
        spread += share1 * ai[i] * (n2[i] - ci[i]) / total
        spread += share2 * ci[i] * (n1[i] - ai[i]) / total
    return np.log(r / s), spread / r / s


@jit
def pooled_risk_difference(ai, n1, ci, n2):
    """sum (a n2 - c n1) / N / W, W = sum n1 n2 / N (Greenland & Robins 1985).

    Variance of Sato, Greenland & Robins 1989, good for few large and for many small tables:
    (RD sum (n1^2 c - n2^2 a + n1 n2 (n2 - n1) / 2) / N^2 + sum (a (n2 - c) + c (n1 - a)) / (2 N))
    / W^2.
    """
    excess = weight = skew = spread = 0.0
    for i in range(ai.size):
        total = n1[i] + n2[i]
        share1, share2 = n1[i] / total, n2[i] / total
        excess += ai[i] * share2 - ci[i] * share1
        weight += n1[i] * share2
        balance = 0.5 * share1 * share2 * (n2[i] - n1[i])
        skew += ci[i] * share1**2 - ai[i] * share2**2 + balance
        spread += (ai[i] * (n2[i] - ci[i]) + ci[i] * (n1[i] - ai[i])) / (2.0 * total)
    difference = excess / weight
    return difference, (difference * skew + spread) / weight**2


def _weights(tables: Tables, ai: Lists, measure, status) -> Lists:
    """Fractions that sum to 1: b c / N (OR), n1 c / N (RR), n1 n2 / N (RD)."""
    each = np.repeat(measure, np.diff(tables.offsets))
    first = np.where(each == OR, tables.n1 - tables.ai, tables.n1)
    second = np.where((each == OR) | (each == RR), tables.ci, tables.n2)
    return fractions(first * (second / (tables.n1 + tables.n2)), tables, ai, status)
