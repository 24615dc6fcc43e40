"""correlation_shrinkage_pairs: correlation_shrinkage of effects some of which are correlated."""

import numpy as np

from python_udfs.kernels.faults import refuse
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import OUT_OF_RANGE, TOO_MANY_EFFECTS
from python_udfs.kernels.lists import Tables
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.regression.blocks import (
    MOST_CONNECTED,
    blocks_of_pairs,
    square,
)
from python_udfs.kernels.regression.correlation_shrinkage import shrinkages
from python_udfs.kernels.regression.eigen import least_eigenvalue
from python_udfs.kernels.regression.pairs import read_pairs


def correlation_shrinkage_pairs(
    k, correlations: Tables, default_correlation, smallest_eigenvalue
) -> tuple:
    """How far the correlations of each row must shrink; the fields of ``correlation_shrinkage``.

    ``correlations`` lists [i, j, r] for pairs of the ``k`` effects, by their positions from 1; r is
    ``default_correlation`` for every other pair. A row whose ``k`` is no number of effects is at
    fault, or as ``pairs.read_pairs`` says.
    """
    is_count = np.isfinite(k) & (k >= 0.0) & (k == np.floor(k))
    wrong = np.flatnonzero(~is_count & ~np.isnan(k) & ~correlations.is_null)
    refuse(wrong, np.full(wrong.size, NOT_GIVEN), OUT_OF_RANGE)
    no_data = ~is_count | correlations.is_null
    k = np.where(no_data, 0.0, k).astype(np.int64)
    listed = read_pairs(correlations, k, no_data)
    smallest, is_too_large = _smallest(k, *listed, default_correlation)
    k, status, *values = shrinkages(k, smallest, smallest_eigenvalue)
    return k, np.where(is_too_large, TOO_MANY_EFFECTS, status), *values


@jit
def _smallest(k, first, second, correlation, starts, default):
    out, is_too_large = np.full(k.size, np.nan), np.zeros(k.size, np.bool_)
    for row in range(k.size):
        if starts[row] == starts[row + 1] and k[row] > 0:
            out[row], is_too_large[row] = _smallest_of_equal(k[row], default[row])
        elif k[row] > 0:
            pairs = slice(starts[row], starts[row + 1])
            blocks = blocks_of_pairs(
                np.ones(k[row]), first[pairs], second[pairs], correlation[pairs], default[row]
            )
            is_too_large[row] = blocks.is_too_large
            for block in range(0 if blocks.is_too_large else blocks.bounds.size - 1):
                least = least_eigenvalue(square(blocks, block))
                out[row] = least if block == 0 else min(out[row], least)
    return out, is_too_large


@jit
def _smallest_of_equal(k, default):
    """(smallest eigenvalue, whether there are too many) of ``k`` effects, all correlated alike."""
    if default != 0.0 and k > MOST_CONNECTED:
        return np.nan, True
    return 1.0 if k == 1 else min(1.0 - default, 1.0 + (k - 1) * default), False
