"""Tests on lists of 2x2 tables: association (Cochran-Mantel-Haenszel), one odds ratio for all."""

import math

import numpy as np

from python_udfs.kernels.binary.effects import hypergeometric
from python_udfs.kernels.binary.options import CMH_HALF
from python_udfs.kernels.jit import jit

_hypergeometric = jit(hypergeometric)


@jit
def cochran_mantel_haenszel(ai, n1, ci, n2, offsets, correction):
    """(|sum (O - E)| - 1/2)^2 / sum V, chi-square with 1 df (Mantel & Haenszel 1959).

    The continuity correction is never larger than what it corrects: below 1/2 the statistic is 0,
    where metafor's rises again. NaN where no table has both
    people with and without the event.
    """
    out = np.full(offsets.size - 1, np.nan)
    for row in range(out.size):
        excess = variance = 0.0
        for i in range(offsets[row], offsets[row + 1]):
            if n1[i] + n2[i] > 1.0:
                o_e, v = _hypergeometric(ai[i], n1[i] - ai[i], ci[i], n2[i] - ci[i])
                excess += o_e
                variance += v
        if variance > 0.0:
            half = 0.5 if correction[row] == CMH_HALF else 0.0
            out[row] = max(0.0, abs(excess) - half) ** 2 / variance
    return out


@jit
def breslow_day(ai, n1, ci, n2, offsets, odds_ratio):
    """Breslow & Day 1980 test that all tables share ``odds_ratio``, and Tarone's 1985 correction.

    Returns (Breslow-Day, Tarone, df); df is the number of tables that tell about it, less 1. NaN
    where the odds ratio is NaN or fewer than two tables have people with and without the event.
    """
    rows = offsets.size - 1
    bd, tarone = np.full(rows, np.nan), np.full(rows, np.nan)
    df = np.full(rows, np.nan)
    for row in range(rows):
        squares = excess = variance = 0.0
        used = 0
        for i in range(offsets[row], offsets[row + 1]):
            events = ai[i] + ci[i]
            expected = expected_events(n1[i], n2[i], events, odds_ratio[row])
            if expected > 0.0 and 0.0 < events < n1[i] + n2[i]:
                v = 1.0 / (
                    1.0 / expected
                    + 1.0 / (n1[i] - expected)
                    + 1.0 / (events - expected)
                    + 1.0 / (n2[i] - events + expected)
                )
                squares += (ai[i] - expected) ** 2 / v
                excess += ai[i] - expected
                variance += v
                used += 1
        if used >= 2:
            bd[row], df[row] = squares, used - 1.0
            tarone[row] = max(0.0, squares - excess**2 / variance)
    return bd, tarone, df


@jit
def expected_events(n1, n2, events, odds_ratio):
    """Events of arm 1 in a table with these margins and this odds ratio.

    Root of x (n2 - events + x) = OR (n1 - x)(events - x), in the form that does not cancel.
    """
    slope = odds_ratio * (n1 + events) + n2 - events
    product = 4.0 * n1 * events * odds_ratio
    root = math.sqrt(slope * slope - product * (odds_ratio - 1.0))
    if slope > 0.0:
        return 0.5 * product / (slope + root)
    return 0.5 * (slope - root) / (odds_ratio - 1.0)
