"""Residual tau2 of the straight line y = a + b x in a mixed-effects model, one per group.

By the regression estimator of the same name as pooling's; regression has no DL2.
With tau2 known, the line itself is that of line.py with variances v + tau2 and dispersion 1.
"""

import numpy as np

from python_udfs.kernels.bias.line import SMALLEST_K, varies
from python_udfs.kernels.copying import copy_into
from python_udfs.kernels.jit import jit
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.pooling import options as pooling
from python_udfs.kernels.regression import options as regression
from python_udfs.kernels.regression.fit import fit_mixed
from python_udfs.kernels.tails import chi2_quantile

COEFFICIENTS = 2
NAMES = regression.TAU2_METHOD.names
REGRESSION_CODE = np.array(
    [NAMES.index(name) if name in NAMES else NOT_GIVEN for name in pooling.TAU2_METHOD.names]
)


def line_tau2(y, x, v, offsets, method):
    """tau2 by the estimator with the code of pooling's TAU2_METHOD; NaN where there is no line.

    ValueError for an estimator that regression does not have.
    """
    code = REGRESSION_CODE[method]
    if (code == NOT_GIVEN).any():
        name = pooling.TAU2_METHOD.names[method[code == NOT_GIVEN][0]]
        raise ValueError(f"a regression has no tau2_method {name}; valid: {', '.join(NAMES)}")
    df = np.diff(offsets) - COEFFICIENTS
    median = chi2_quantile(np.full(df.size, 0.5), df)
    target = np.where(code == regression.PMM, median, df.astype(np.float64))
    return _line_tau2(y, x, v, offsets, code, target)


@jit
def _line_tau2(y, x, v, offsets, code, target):
    out = np.full(code.size, np.nan)
    for row in range(code.size):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= SMALLEST_K and varies(x[start:stop]):
            design = np.ones((stop - start, COEFFICIENTS))
            copy_into(design[:, 1], x[start:stop])
            fit = fit_mixed(y[start:stop], v[start:stop], design, code[row], target[row])
            if fit.converged:
                out[row] = fit.tau2
    return out
