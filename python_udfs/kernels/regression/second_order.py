"""second_order: the variance between meta-analyses, and the part that sampling error explains."""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, OK, OUT_OF_RANGE, SINGLE_STUDY
from python_udfs.kernels.lists import Lists, complete_pairs
from python_udfs.kernels.pooling.moments import centre_groups, extremes
from python_udfs.kernels.tails import z_quantile


def second_order(yi: Lists, vi: Lists, ci_level, credibility) -> tuple:
    """Second-order decomposition of each row; one array per field of the catalogue entry.

    ``yi`` mean effects of independent first-order meta-analyses, ``vi`` the sampling variances of
    these means: S2 / k of the primary effects (Schmidt & Oh 2013), or the squared standard error of
    a random-effects mean, which stands for it. With weights w = 1 / v:

        mean = sum w y / sum w             observed = sum w (y - mean)^2 / sum w
        sampling = sum w v / sum w         true = max(0, observed - sampling)
        proportion = min(1, sampling / observed)        se = sqrt(observed / k)

    The credibility interval, mean -+ quantile sqrt(true), is where the true means lie, not how
    sure their mean is. One meta-analysis has no variance: status single_study. Schmidt & Oh 2013,
    J Appl Psychol 98:1060; Schmidt & Hunter 2015, Methods of Meta-Analysis, 3rd ed., ch. 9.
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    centred, mean = centre_groups(pairs.y, pairs.v, pairs.offsets)
    observed, sampling = _variances(centred, pairs.v, pairs.offsets)
    alone = k < 2
    observed = np.where(alone, np.nan, observed)
    sampling = np.where(alone, np.nan, sampling)
    true = np.maximum(0.0, observed - sampling)
    proportion = np.where(observed > sampling, sampling / observed, 1.0 + 0.0 * observed)
    se = np.sqrt(observed / np.maximum(k, 1))
    margin, spread = z_quantile(ci_level) * se, z_quantile(credibility) * np.sqrt(true)
    status = np.select([k == 0, k == 1], [NO_DATA, SINGLE_STUDY], OK)
    overflow = (status == OK) & ~(np.isfinite(mean) & np.isfinite(observed) & np.isfinite(sampling))
    status = np.where(overflow, OUT_OF_RANGE, status)
    values = (
        mean,
        se,
        mean - margin,
        mean + margin,
        observed,
        sampling,
        true,
        proportion,
        mean - spread,
        mean + spread,
    )
    empty = (k == 0) | overflow
    return k.astype(np.int32), status, *(np.where(empty, np.nan, value) for value in values)


@jit
def _variances(centred, v, offsets):
    """(observed, sampling) of each row, with weights that none exceeds 1."""
    rows = offsets.size - 1
    observed, sampling = np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if stop == start:
            continue
        unit = extremes(v[start:stop])[0]
        total = squares = 0.0
        for i in range(start, stop):
            weight = unit / v[i]
            total += weight
            squares += weight * centred[i] * centred[i]
        observed[row] = squares / total
        sampling[row] = (stop - start) * unit / total
    return observed, sampling
