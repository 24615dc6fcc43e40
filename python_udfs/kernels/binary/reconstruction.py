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

MOST_PEOPLE = 2.0**53  # beyond, not every whole number is a float64


def counts_from_or(odds_ratio, decimals, n1, n2, events):
    """Events of both arms from a printed odds ratio and the margins. ai, ci, status, assumption.

    ``events`` is their sum over arms of ``n1`` and ``n2`` people, ``decimals`` how many the odds
    ratio was printed with. Of all tables with these margins, the one whose odds ratio rounds
    to the printed one is returned, if it is the only one. A table with an empty cell is taken to
    have been printed with 0.5 added to every cell.
    """
    whole = [value == np.floor(value) for value in (decimals, n1, n2, events)]
    possible = (odds_ratio > 0.0) & (decimals >= 0.0) & (n1 > 0.0) & (n2 > 0.0)
    possible &= (events >= 0.0) & (events <= n1 + n2) & (n1 + n2 <= MOST_PEOPLE)
    inputs = (odds_ratio, decimals, n1, n2, events)
    possible &= np.all([np.isfinite(value) for value in inputs], axis=0) & np.all(whole, axis=0)
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
    """A matching number of events of arm 1, and how many match, for each wanted row.

    Between the least and the largest possible number no cell is empty and the odds ratio rises with
    it: those that match are neighbours. The tables of the two ends, in which a cell is empty, are
    looked at by themselves.
    """
    found, matches = np.full(n1.size, np.nan), np.zeros(n1.size, np.int64)
    for row in range(n1.size):
        if wanted[row]:
            margins = n1[row], n2[row], events[row]
            low, high = odds_ratio[row] - margin[row], odds_ratio[row] + margin[row]
            first, last = max(0.0, events[row] - n2[row]), min(n1[row], events[row])
            begin = _first_reaching(low, first, last, margins)
            end = _first_reaching(high, first, last, margins)
            if end > begin:
                found[row] = begin
                matches[row] = int(end - begin)
            if low <= printed_odds_ratio(first, margins) <= high:
                found[row] = first
                matches[row] += 1
            if last > first and low <= printed_odds_ratio(last, margins) <= high:
                found[row] = last
                matches[row] += 1
    return found, matches


@jit
def _first_reaching(bound, first, last, margins):
    """The least number between ``first`` and ``last`` with at least this odds ratio; or ``last``.

    The ends themselves are not looked at.
    """
    below, reaching = first, last
    while reaching - below > 1.0:
        middle = below + np.floor((reaching - below) / 2.0)
        if printed_odds_ratio(middle, margins) < bound:
            below = middle
        else:
            reaching = middle
    return reaching


@jit
def printed_odds_ratio(a, margins):
    """a d / (b c), with 0.5 added to every cell where one is empty."""
    n1, n2, events = margins
    b, c = n1 - a, events - a
    d = n2 - c
    half = 0.5 if a == 0.0 or b == 0.0 or c == 0.0 or d == 0.0 else 0.0
    return (a + half) / (b + half) * ((d + half) / (c + half))
