"""Kenward-Roger variance and degrees of freedom of a mean pooled with REML.

Kenward & Roger 1997, for one coefficient and tau2 as the only unknown variance. With
w = 1/(v + tau2), W1 = sum w, W2 = sum w^2, W3 = sum w^3:

    I   = W2 / 2 - W3 / W1 + (W2 / W1)^2 / 2          (expected information on tau2)
    var = (1 + 2 (W3 / W1 - (W2 / W1)^2) / I) / W1
    df  = 2 I (W1 / W2)^2                             (1 / W1 is the variance before adjustment)

R package meta (8.3, after Partlett & Riley 2017) has the adjusted variance in its place,
df = 2 I / (var W2)^2, which is less. Checked against the computation of pbkrtest on metafor's fits,
and against the formula of meta in R, 1e-8.
"""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import extremes


def kenward_roger(pairs, tau2, wanted):
    """(se, df, meta's df) of each row; NaN where not ``wanted`` and below two studies."""
    return _kenward_roger(pairs.v, pairs.offsets, tau2, wanted)


@jit
def _kenward_roger(v, offsets, tau2, wanted):
    rows = offsets.size - 1
    se, df, df_meta = np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, np.nan)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if wanted[row] and stop - start >= 2:
            se[row], df[row], df_meta[row] = adjusted(v[start:stop], tau2[row])
    return se, df, df_meta


@jit
def adjusted(v, tau2):
    """(se, df, df of meta) of one group, with weights relative to the largest, a = u / (v + tau2).

    The two differences above are sums of squares, computed as such: a precise study would
    otherwise cancel their digits. I is half of tr(P^2), P_ii = w_i (W1 - w_i) / W1 and
    P_ij = -w_i w_j / W1; W3 / W1 - (W2 / W1)^2 is the variance of w under the weights w.
    """
    unit = extremes(v)[0] + tau2
    total, rest = _totals(v, tau2, unit)
    mean = earlier = trace = variance = 0.0
    for i in range(v.size):
        mean += (unit / (v[i] + tau2)) ** 2 / total
    for i in range(v.size):
        a = unit / (v[i] + tau2)
        others = total - a if a < 1.0 else rest
        trace += (a * others / total) ** 2 + 2.0 * (a / total) ** 2 * earlier
        earlier += a * a
        variance += a * (a - mean) ** 2 / total
    information = 0.5 * trace
    relative_var = (1.0 + 2.0 * variance / information) / total
    df = 2.0 * information / mean**2
    return np.sqrt(relative_var * unit), df, df / (relative_var * total) ** 2


@jit
def _totals(v, tau2, unit):
    """Sum of all weights, and of all but one that is 1, the largest."""
    rest, largest = 0.0, 0
    for i in range(v.size):
        a = unit / (v[i] + tau2)
        rest += a
        largest += a == 1.0
    if largest == 1:
        rest = 0.0
        for i in range(v.size):
            a = unit / (v[i] + tau2)
            rest += a if a < 1.0 else 0.0
        return rest + 1.0, rest
    return rest, rest - 1.0
