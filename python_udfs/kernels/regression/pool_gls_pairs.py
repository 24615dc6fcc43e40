"""pool_gls_pairs: pool_gls of effects of which only some pairs are correlated."""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.lists import Lists, Tables
from python_udfs.kernels.pooling.pool import Pooled
from python_udfs.kernels.regression.pairs import (
    CorrelatedEffects,
    complete_correlated,
    decompose_row,
    is_same_matrix,
)
from python_udfs.kernels.regression.pool_gls import Options, fit_row, no_fits, pooled


def pool_gls_pairs(
    yi: Lists, vi: Lists, correlations: Tables, default_correlation, *options
) -> Pooled:
    """The pool that ``pool_gls`` makes under the covariances r sqrt(v_i v_j).

    ``correlations`` lists [i, j, r] for pairs of effects, by their positions from 1; r is
    ``default_correlation`` for every other pair. ``options`` are those of ``pool_gls``. The matrix
    is never written out, and falls into blocks where the default is 0: thousands of effects are
    no burden then. The status is too_many_effects where one block has more than
    ``blocks.MOST_CONNECTED`` of them.
    """
    effects = complete_correlated(yi, vi, correlations)
    k = np.diff(effects.offsets)
    options = Options(*options)
    fits = _fit_groups(effects, default_correlation, *options.of_fits(k))
    return pooled(yi, effects.position, k, fits, options)


@jit
def _fit_groups(effects: CorrelatedEffects, default, method, has_limits, targets):
    fits = no_fits(method.size, effects.y.size)
    whole, last = decompose_row(effects, 0, 0.0), -1
    for row in range(method.size):
        first, stop = effects.offsets[row], effects.offsets[row + 1]
        if first == stop:
            continue
        if last < 0 or not is_same_matrix(effects, row, last, default):
            whole, last = decompose_row(effects, row, default[row]), row
        y, v = effects.y[first:stop], effects.v[first:stop]
        fit_row(fits, row, first, y, v, whole, method, has_limits, targets)
    return fits
