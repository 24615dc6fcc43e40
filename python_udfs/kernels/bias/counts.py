"""Harbord's and Peters's tests of small-study effects, for two-by-two tables."""

import numpy as np

from python_udfs.kernels.bias.line import coefficient, fit_lines, line_status
from python_udfs.kernels.binary.complete import Tables, complete_tables
from python_udfs.kernels.lists import Lists
from python_udfs.kernels.results import only_ok


def harbord_test(ai: Lists, n1: Lists, ci: Lists, n2: Lists, ci_level):
    """Harbord's score test of small-study effects in odds ratios.

    With N = n1 + n2 people and m = ai + ci events, the efficient score of the log odds ratio at 0
    and its variance are Z = ai - m n1 / N and V = n1 n2 m (N - m) / (N^2 (N - 1)). The line
    Z / V = limit + bias / sqrt(V), weights V, multiplicative dispersion; bias is tested with
    t, k - 2 df (Harbord, Egger & Sterne 2006).

    Lists of events ``ai``, ``ci`` and group sizes ``n1``, ``n2``. Tables without events, or with
    nothing else, have V = 0 and are left out. Returns k, status, and bias and limit with standard
    error, interval and test. Faults as ``complete_tables``. Checked against R's ``lm`` on
    the published formulas, 1e-9.
    """
    return _count_test(complete_tables(ai, n1, ci, n2), _score, ci_level)


def peters_test(ai: Lists, n1: Lists, ci: Lists, n2: Lists, ci_level):
    """Peters's test of small-study effects in odds ratios.

    The line log odds ratio = limit + bias / N, weights m (N - m) / N (m events among N people),
    multiplicative dispersion; bias is tested with t, k - 2 df (Peters and others 2006). 0.5 is
    added to the four cells of a table with an empty one, for the odds ratio only.

    Arguments, tables left out, returned values and errors are those of ``harbord_test``. Checked
    against R's ``lm`` on the published formulas, 1e-9.
    """
    return _count_test(complete_tables(ai, n1, ci, n2), _log_odds_ratio, ci_level)


def _count_test(tables, effects, ci_level):
    tables = _informative(tables)
    y, x, v = effects(*tables[:4])
    k = np.diff(tables.offsets)
    lines = fit_lines(y, x, v, tables.offsets)
    status = line_status(k, lines)
    df = np.where(k > 2, k - 2.0, np.nan)
    dispersion = lines.rss / df
    bias = coefficient(lines.slope, dispersion * lines.slope_variance, df, ci_level)
    limit = coefficient(lines.intercept, dispersion * lines.intercept_variance, df, ci_level)
    return k.astype(np.int32), status, *only_ok(status, *bias[:5], df, bias.p_value, *limit[:4])


def _score(ai, n1, ci, n2):
    """(Z / V, 1 / sqrt V, 1 / V) of each table."""
    total, events = n1 + n2, ai + ci
    z = (ai * n2 - ci * n1) / total
    v = n1 * n2 * events * (total - events) / (total**2 * (total - 1.0))
    return z / v, 1.0 / np.sqrt(v), 1.0 / v


def _log_odds_ratio(ai, n1, ci, n2):
    """(log odds ratio, 1 / N, N / (m (N - m))) of each table."""
    bi, di = n1 - ai, n2 - ci
    added = 0.5 * ((ai == 0) | (bi == 0) | (ci == 0) | (di == 0))
    odds_ratio = (ai + added) * (di + added) / ((bi + added) * (ci + added))
    total, events = n1 + n2, ai + ci
    return np.log(odds_ratio), 1.0 / total, 1.0 / events + 1.0 / (total - events)


def _informative(tables: Tables) -> Tables:
    """The tables in which some people have the event and some have not."""
    events, total = tables.ai + tables.ci, tables.n1 + tables.n2
    kept = (events > 0.0) & (events < total)
    before = np.concatenate([[0], np.cumsum(kept)])
    counts = (count[kept] for count in tables[:4])
    return Tables(*counts, before[tables.offsets], tables.position[kept])
