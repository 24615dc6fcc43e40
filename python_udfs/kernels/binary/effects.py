"""effect_from_counts: one effect, with its variance, from events and totals of two arms.

Formulas: Fleiss & Berlin 2009; Ruecker and others 2009 (arcsine); Yusuf and others 1985 (Peto).
Checked against metafor's escalc (OR, RR, RD, AS, PETO; add 1/2 to only0, none and all), 1e-9.
"""

import numpy as np

from python_udfs.kernels.binary.options import AS, NONE, ONLY0, OR, PETO, RD, RR, TACC
from python_udfs.kernels.binary.tables import (
    Table,
    corrected,
    count_status,
    drop_double_zero,
    is_double_zero,
    table_assumption,
)
from python_udfs.kernels.labels import MISSING_INPUT, OK, ZERO_CELLS
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def effect_from_counts(ai, n1, ci, n2, measure, zero_cells, double_zero):
    """Effect of arm 1 against arm 2 per row. Returns yi, vi, status, assumption.

    ``ai`` of ``n1`` people have the event in arm 1, ``ci`` of ``n2`` in arm 2; codes of MEASURE,
    ZERO_CELLS and DOUBLE_ZERO. OR and RR are logarithms. The arcsine difference needs no correction
    where a cell is empty and takes none under only0. A table whose zeros leave no finite effect or
    no positive variance has the status zero_cells; one with no or only events in both arms has the
    status double_zero where it is to be dropped, and otherwise says so in the assumption.
    """
    table = Table(ai, n1 - ai, ci, n2 - ci)
    none = is_double_zero(table)
    rule = np.where((measure == AS) & (zero_cells == ONLY0), NONE, zero_cells)
    cells, code, applied = corrected(table, rule)
    yi, vi = _select(measure, cells)
    # equal risks by construction: exactly no effect, whatever rounding makes of it
    yi = np.where(none & (rule == TACC), 0.0, yi)
    status = np.where(measure == NOT_GIVEN, MISSING_INPUT, count_status(ai, n1, ci, n2))
    status = drop_double_zero(status, none, double_zero)
    exists = np.isfinite(yi) & np.isfinite(vi) & (vi > 0.0)
    status = np.where((status == OK) & ~exists, ZERO_CELLS, status)
    yi, vi, status = all_or_none(status, yi, vi)
    return yi, vi, status, table_assumption(status, code, applied, none)


def _select(measure, table):
    formulas = {
        OR: log_odds_ratio,
        RR: log_risk_ratio,
        RD: risk_difference,
        AS: arcsine_difference,
        PETO: peto_log_odds_ratio,
    }
    effects = [formula(table) for formula in formulas.values()]
    wanted = [measure == code for code in formulas]
    yi = np.select(wanted, [effect for effect, _ in effects], np.nan)
    return yi, np.select(wanted, [variance for _, variance in effects], np.nan)


def log_odds_ratio(table):
    """ln(a d / (b c)); 1/a + 1/b + 1/c + 1/d (Woolf 1955)."""
    a, b, c, d = table
    return np.log(a / b) - np.log(c / d), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d


def log_risk_ratio(table):
    """ln((a / n1) / (c / n2)); 1/a - 1/n1 + 1/c - 1/n2, written without differences."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    return np.log(a / n1) - np.log(c / n2), b / (a * n1) + d / (c * n2)


def risk_difference(table):
    """a / n1 - c / n2; a b / n1^3 + c d / n2^3."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    return a / n1 - c / n2, a * b / n1**3 + c * d / n2**3


def arcsine_difference(table):
    """asin sqrt(a / n1) - asin sqrt(c / n2); 1 / (4 n1) + 1 / (4 n2) (Ruecker and others 2009)."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    return np.arcsin(np.sqrt(a / n1)) - np.arcsin(np.sqrt(c / n2)), 0.25 / n1 + 0.25 / n2


def peto_log_odds_ratio(table):
    """(O - E) / V; 1 / V, the observed minus expected events of arm 1 (Yusuf and others 1985)."""
    excess, variance = hypergeometric(*table)
    return excess / variance, 1.0 / variance


def hypergeometric(a, b, c, d):
    """O - E = (a d - b c) / N and V = n1 n2 (a + c)(b + d) / (N^2 (N - 1)), margins given."""
    n1, n2 = a + b, c + d
    total = n1 + n2
    excess = (a * d - b * c) / total
    return excess, n1 / total * (n2 / total) * (a + c) * (b + d) / (total - 1.0)
