"""peto: common odds ratio of 2x2 tables by the one-step method, for rare events."""

import numpy as np

from python_udfs.kernels.binary.common_effect import (
    fractions,
    heterogeneity,
    inference,
    pooled_status,
)
from python_udfs.kernels.binary.complete import complete_tables
from python_udfs.kernels.binary.effects import hypergeometric
from python_udfs.kernels.lists import Lists


def peto(ai: Lists, n1: Lists, ci: Lists, n2: Lists, ci_level):
    """Peto's meta-analysis of each row; one array per field of the catalogue entry.

    ln OR = sum (O - E) / sum V, se = 1 / sqrt(sum V) (Yusuf and others 1985). No count is
    corrected; a table with no or only events has V = 0 and tells nothing. Q sums
    ((O - E) / V - ln OR)^2 V over the other tables. Status zero_cells where no table tells. Good
    for rare events in arms of similar size; biased for large effects or unequal arms (Greenland &
    Salvan 1990). Checked against metafor's rma.peto, 1e-9.
    """
    tables = complete_tables(ai, n1, ci, n2)
    k = np.diff(tables.offsets)
    excess, v = hypergeometric(tables.ai, tables.n1 - tables.ai, tables.ci, tables.n2 - tables.ci)
    v = np.where(v > 0.0, v, 0.0)
    row = np.repeat(np.arange(k.size), k)
    total = np.bincount(row, v, minlength=k.size)
    estimate = np.bincount(row, excess, minlength=k.size) / total
    status = pooled_status(k, estimate, 1.0 / total)
    return (
        k.astype(np.int32),
        status,
        *inference(estimate, 1.0 / np.sqrt(total), ci_level),
        *heterogeneity(excess / v, 1.0 / v, tables.offsets, estimate),
        fractions(v, tables, ai, status),
    )
