"""counts_from_or: the 2x2 table behind a printed odds ratio, when only one table can be."""

import numpy as np

from python_udfs.kernels.binary.assumptions import PRINTED_CORRECTED, PRINTED_PLAIN
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import (
    MISSING_INPUT,
    NO_TABLE_MATCHES,
    OK,
    OUT_OF_RANGE,
    SEVERAL_TABLES_MATCH,
)
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def counts_from_or(odds_ratio, decimals, n1, n2, events):
    """Events of both arms from a printed odds ratio and the margins. ai, ci, status, assumption.

    ``events`` is their sum over arms of ``n1`` and ``n2`` people, ``decimals`` how many the odds
    ratio was printed with. Every table with these margins is tried; the one whose odds ratio rounds
    to the printed one is returned, if it is the only one. A table with an empty cell is taken to
    have been printed with 0.5 added to every cell.
    """
    whole = [value == np.floor(value) for value in (decimals, n1, n2, events)]
    possible = (odds_ratio > 0.0) & (decimals >= 0.0) & (n1 > 0.0) & (n2 > 0.0)
    possible &= (events >= 0.0) & (events <= n1 + n2) & np.all(whole, axis=0)
    inputs = (odds_ratio, decimals, n1, n2, events)
    possible &= np.all([np.isfinite(value) for value in inputs], axis=0)
    missing = np.any([np.isnan(value) for value in inputs], axis=0)
    status = np.select([missing, ~possible], [MISSING_INPUT, OUT_OF_RANGE], OK)
    margin = 0.5 * 10.0**-decimals * (1.0 + 1e-9) + 1e-14 * odds_ratio
    ai, matches = _search(odds_ratio, margin, n1, n2, events, status == OK)
    status = np.where((status == OK) & (matches == 0), NO_TABLE_MATCHES, status)
    status = np.where((status == OK) & (matches > 1), SEVERAL_TABLES_MATCH, status)
    ai, ci, status = all_or_none(status, ai, events - ai)
    empty = (ai == 0.0) | (ci == 0.0) | (ai == n1) | (ci == n2)
    code = np.where(empty, PRINTED_CORRECTED, PRINTED_PLAIN)
    return ai, ci, status, np.where(status == OK, code, NOT_GIVEN)


@jit
def _search(odds_ratio, margin, n1, n2, events, wanted):
    """The last matching events of arm 1, and how many match, for each wanted row."""
    found, matches = np.full(n1.size, np.nan), np.zeros(n1.size, np.int64)
    for row in range(n1.size):
        if wanted[row]:
            first = int(max(0.0, events[row] - n2[row]))
            last = int(min(n1[row], events[row]))
            for a in range(first, last + 1):
                c = events[row] - a
                ratio = printed_odds_ratio(float(a), n1[row] - a, c, n2[row] - c)
                if abs(ratio - odds_ratio[row]) <= margin[row]:
                    found[row] = a
                    matches[row] += 1
    return found, matches


@jit
def printed_odds_ratio(a, b, c, d):
    """a d / (b c), with 0.5 added to every cell where one is empty."""
    half = 0.5 if a == 0.0 or b == 0.0 or c == 0.0 or d == 0.0 else 0.0
    return (a + half) / (b + half) * ((d + half) / (c + half))
