"""Tail probabilities and quantiles, from SciPy, vectorised over the batch."""

import numpy as np
from scipy import special


def z_quantile(level):
    """Half-width of the central normal interval with probability ``level``, in standard errors."""
    distinct = _distinct(level)
    if distinct.size == 1:
        return np.full(level.size, -special.ndtri((1.0 - distinct[0]) / 2.0))
    return -special.ndtri((1.0 - level) / 2.0)


def t_quantile(level, df):
    """Half-width of the central t interval; df may be fractional; NaN unless df > 0."""
    return _by_distinct(lambda p, m: -special.stdtrit(m, (1.0 - p) / 2.0), level, df)


def chi2_quantile(probability, df):
    """Quantile of chi-square: P(X <= x) = ``probability``; NaN unless df > 0."""
    return _by_distinct(lambda p, m: 2.0 * special.gammaincinv(m / 2.0, p), probability, df)


def _by_distinct(function, first, df):
    """Evaluate once per distinct (first, df): batches repeat few of them, quantiles are slow."""
    result = np.full(df.size, np.nan)
    df = np.asarray(df, np.float64)  # distinct numbers are found faster among floats
    for value in _distinct(first):
        rows = (first == value) & (df > 0.0)
        distinct = _distinct(df[rows])
        if distinct.size == 1:
            result[rows] = function(value, distinct)[0]
        else:
            result[rows] = function(value, distinct)[np.searchsorted(distinct, df[rows])]
    return result


def _distinct(values):
    """Distinct values in ascending order; all equal, as in most batches, is seen at once."""
    if values.size and (values == values[0]).all():
        return values[:1]
    return np.unique(values)


def p_from_z(z):
    """Two-sided p of a standard normal statistic: 2 (1 - Phi(|z|)). NaN gives NaN."""
    return 2.0 * special.ndtr(-np.abs(z))


def p_from_t(t, df):
    """Two-sided p of a t statistic; NaN unless df > 0."""
    valid = np.asarray(df) > 0
    p = 2.0 * special.stdtr(np.where(valid, df, 1), -np.abs(t))
    return np.where(valid, p, np.nan)


def z_from_p(p):
    """The z >= 0 whose two-sided p is ``p``; NaN unless 0 < p <= 1."""
    valid = (p > 0) & (p <= 1)
    return np.where(valid, np.abs(special.ndtri(np.where(valid, p, 1.0) / 2.0)), np.nan)


def p_from_chi2(q, df):
    """Upper tail probability of chi-square; NaN unless q >= 0 and df > 0."""
    valid = (q >= 0) & (df > 0)
    p = special.chdtrc(np.where(valid, df, 1.0), np.where(valid, q, 0.0))
    return np.where(valid, p, np.nan)


def p_from_f(f, df1, df2):
    """Upper tail probability of the F distribution; NaN unless f >= 0 and both df > 0."""
    valid = (f >= 0) & (df1 > 0) & (df2 > 0)
    p = special.fdtrc(np.where(valid, df1, 1.0), np.where(valid, df2, 1.0), np.where(valid, f, 0.0))
    return np.where(valid, p, np.nan)
