"""One tau2 for all groups of a row: the residual tau2 of a regression on group membership."""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.options import CE, DL2, PMM, TAU2_METHOD
from python_udfs.kernels.pooling.strata import Strata
from python_udfs.kernels.regression.design import prepare
from python_udfs.kernels.regression.options import TAU2_METHOD as REGRESSION_METHOD
from python_udfs.kernels.regression.tau2 import estimate_tau2
from python_udfs.kernels.tails import chi2_quantile

# code of each estimator of pool in the regression; that has no two-step method of moments
CODES = tuple(
    REGRESSION_METHOD.names.index(name) if name in REGRESSION_METHOD.names else -1
    for name in TAU2_METHOD.names
)


def common_tau2(strata: Strata, method, wanted):
    """tau2 of each row with a mean of its own in each group; NaN unless ``wanted``.

    Also NaN when no group has two studies, but for CE. Every estimator of ``pool`` but DL2, as it
    is in mixed-effects regression. DL gives max(0, (sum Q_g - sum df_g) / sum C_g), the pooled tau2
    of Borenstein and others 2009, ch. 19.
    """
    pairs = strata.pairs
    groups = np.diff(strata.starts)
    df = np.diff(pairs.offsets[strata.starts]) - groups
    usable = wanted & (df > 0) & (method != DL2)
    half = np.full(df.size, 0.5)
    median = chi2_quantile(half, np.where(usable & (method == PMM), df, 0))
    target = np.where(method == PMM, median, df)
    code = np.array(CODES)[method]
    tau2 = _estimate(pairs.y, pairs.v, pairs.offsets, strata.starts, code, target, usable)
    return np.where(wanted & (method == CE), 0.0, tau2)


@jit
def _estimate(y, v, offsets, starts, method, target, usable):
    tau2 = np.full(usable.size, np.nan)
    for row in range(usable.size):
        if usable[row]:
            ends = offsets[starts[row] : starts[row + 1] + 1]
            studies = slice(ends[0], ends[-1])
            model = prepare(y[studies], v[studies], membership(ends))
            tau2[row], _ = estimate_tau2(method[row], model, y[studies], target[row])
    return tau2


@jit
def membership(ends):
    """Design matrix with a column per group: 1 for its studies, which stand together."""
    x = np.zeros((ends[-1] - ends[0], ends.size - 1))
    for group in range(ends.size - 1):
        x[ends[group] - ends[0] : ends[group + 1] - ends[0], group] = 1.0
    return x
