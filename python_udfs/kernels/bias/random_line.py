"""Residual tau2 of the straight line y = a + b x in a mixed-effects model, one per group.

By the regression estimator of the same name as pooling's; DL2, which regression lacks, is DL here.
With tau2 known, the line itself is that of line.py with variances v + tau2 and dispersion 1.
"""

import numpy as np

from python_udfs.kernels.bias.line import SMALLEST_K, varies
from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling import options as pooling
from python_udfs.kernels.regression import options as regression
from python_udfs.kernels.regression.fit import fit_mixed
from python_udfs.kernels.tails import chi2_quantile

COEFFICIENTS = 2
REGRESSION_CODE = np.array(
    [
        regression.TAU2_METHOD.names.index("DL" if name == "DL2" else name)
        for name in pooling.TAU2_METHOD.names
    ]
)


def line_tau2(y, x, v, offsets, method):
    """tau2 by the estimator with the code of pooling's TAU2_METHOD; NaN where there is no line."""
    code = REGRESSION_CODE[method]
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
            design[:, 1] = x[start:stop]
            fit = fit_mixed(y[start:stop], v[start:stop], design, code[row], target[row])
            if fit.converged:
                out[row] = fit.tau2
    return out
