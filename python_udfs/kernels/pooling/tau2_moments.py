"""Estimators of tau2 in closed form: each equates a sum of squares with its expectation.

Arguments and result as in ``tau2.py``. Checked against metafor, 1e-9 relative.
"""

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import (
    generalised_q,
    not_below_zero,
    squared_deviations,
    weight_spread,
    weighted_mean,
)


@jit
def der_simonian_laird(y, v):
    """DL: max(0, (Q - (k - 1)) / C)   (DerSimonian & Laird 1986)."""
    excess = generalised_q(y, v, 0.0) - (y.size - 1.0)
    return not_below_zero(excess / weight_spread(v, 0.0))


@jit
def two_step(y, v):
    """DL2: the method of moments with weights 1/(v + tau2_DL), truncated at 0.

    max(0, (Q_a - (sum a v - sum a^2 v / A)) / (A - sum a^2 / A)), a = 1/(v + tau2_DL), A = sum a
    (DerSimonian & Kacker 2007, eq. 6 and sec. 2.3)
    """
    first = der_simonian_laird(y, v)
    _, total, unit = weighted_mean(y, v, first)
    expected = 0.0
    for i in range(v.size):
        w = 1.0 / (v[i] + first)
        expected += w * v[i] * (1.0 - w * unit / total)
    excess = generalised_q(y, v, first) - expected
    return not_below_zero(excess / weight_spread(v, first))


@jit
def hedges(y, v):
    """HE: max(0, SS / (k - 1) - mean of v), also called Cochran's or the variance component.

    SS = sum (y - plain mean)^2   (Hedges 1983; Cochran 1954)
    """
    return not_below_zero(squared_deviations(y) / (y.size - 1.0) - v.sum() / v.size)


@jit
def hunter_schmidt(y, v):
    """HS: max(0, (Q - k) / W)   (Hunter & Schmidt; Viechtbauer 2005, eq. 7). Biased downwards."""
    _, total, unit = weighted_mean(y, v, 0.0)
    return not_below_zero((generalised_q(y, v, 0.0) - y.size) * unit / total)


@jit
def hunter_schmidt_small_sample(y, v):
    """HSk: max(0, (Q k / (k - 1) - k) / W)   (Brannick, Potter, Benitez & Morris 2019)."""
    k = y.size
    _, total, unit = weighted_mean(y, v, 0.0)
    return not_below_zero((generalised_q(y, v, 0.0) * k / (k - 1.0) - k) * unit / total)


@jit
def sidik_jonkman(y, v):
    """SJ: t Q(t) / (k - 1) with t = sum (y - plain mean)^2 / k   (Sidik & Jonkman 2005).

    Positive unless all effects are equal.
    """
    first = squared_deviations(y) / y.size
    return first * generalised_q(y, v, first) / (y.size - 1.0)
