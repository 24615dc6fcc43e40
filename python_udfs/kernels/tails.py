"""Tail probabilities and quantiles, from SciPy, vectorised over the batch.

Ours are only the p of t and of chi-square with few degrees of freedom, which every pooled effect
needs: sums of positive terms, which keep their digits in far tails, in a third of the time.
"""

import math

import numpy as np
from scipy import special

from python_udfs.kernels.jit import jit, jit_numbers

T_SERIES_DF = 200.0  # beyond, terms and rounding become many
CHI2_SUM_DF = 50.0
CHI2_SUM_Q = 1400.0  # beyond, exp(-q/2) loses digits


def z_quantile(level):
    """Half-width of the central normal interval with probability ``level``, in standard errors."""
    if all_equal(level):
        return np.full(level.size, -special.ndtri((1.0 - level[0]) / 2.0))
    return -special.ndtri((1.0 - level) / 2.0)


def t_quantile(level, df):
    """Half-width of the central t interval; df may be fractional; NaN unless df > 0."""
    return _by_distinct(_t_quantile, level, df)


def _t_quantile(level, df):
    """SciPy's quantile from 1 df on; below, where it loses digits, ``_t_below_one_df``."""
    t = -special.stdtrit(df, (1.0 - level) / 2.0)
    low = df < 1.0
    return np.where(low, _t_below_one_df(1.0 - level, df), t) if low.any() else t


def _t_below_one_df(p, df):
    """t with two-sided p: P(|T| > t) = I_x(df/2, 1/2), x = df / (df + t^2).

    Infinite where it overflows, below about 0.004 df. For small x the incomplete beta function is
    x^a / (a B(a, 1/2)), a = df/2 (Abramowitz & Stegun 26.5.4, first term), the relative error of
    which is below x; x is then kept as a logarithm. Checked against R's qt, 1e-12.
    """
    a = 0.5 * np.minimum(df, 1.0)
    log_beta = special.gammaln(a + 1.0) + special.gammaln(0.5) - special.gammaln(a + 0.5)
    log_x = (np.log(p) + log_beta) / a
    far = log_x < -40.0
    near = special.betaincinv(a, 0.5, p)
    log_near = np.log1p(-near) - np.log(np.where(far, 1.0, near))
    log_t = 0.5 * (np.log(df) + np.where(far, -log_x, log_near))
    return np.where(log_t > 709.0, np.inf, np.exp(np.minimum(log_t, 709.0)))


def central_quantile(level, df):
    """``z_quantile`` where df is NaN, else ``t_quantile``."""
    quantile, is_normal = t_quantile(level, df), np.isnan(df)
    return np.where(is_normal, z_quantile(level), quantile) if is_normal.any() else quantile


def chi2_quantile(probability, df):
    """Quantile of chi-square: P(X <= x) = ``probability``; NaN unless df > 0."""
    return _by_distinct(lambda p, m: 2.0 * special.gammaincinv(m / 2.0, p), probability, df)


def _by_distinct(function, first, df):
    """Evaluate once per distinct (first, df): batches repeat few of them, quantiles are slow."""
    df = np.asarray(df, np.float64)  # distinct numbers are found faster among floats
    if all_equal(first) and all_equal(df) and df[0] > 0.0:
        return np.full(df.size, function(first[0], df[:1])[0])
    result = np.full(df.size, np.nan)
    for value in _distinct(first):
        rows = (first == value) & (df > 0.0)
        distinct = _distinct(df[rows])
        result[rows] = function(value, distinct)[np.searchsorted(distinct, df[rows])]
    return result


def _distinct(values):
    """Distinct values in ascending order."""
    return values[:1] if all_equal(values) else np.unique(values)


@jit
def all_equal(values):
    """Whether there are values and they are all the same, as in most batches."""
    for value in values:
        if value != values[0]:
            return False
    return values.size > 0


def p_from_z(z):
    """Two-sided p of a standard normal statistic: 2 (1 - Phi(|z|)). NaN gives NaN."""
    return 2.0 * special.ndtr(-np.abs(z))


def p_from_t(t, df):
    """Two-sided p of a t statistic; NaN unless df > 0.

    By ``t_series`` up to 200 df, the rest by SciPy.
    """
    p = _p_by_series(t, df)
    rest = np.isnan(p)
    if rest.any():
        p[rest] = 2.0 * special.stdtr(df[rest], -np.abs(t[rest]))
    return p


@jit
def _p_by_series(t, df):
    """NaN for other df, and where t^2 overflows."""
    p = np.full(t.size, np.nan)
    factor_df = factor = np.nan
    for row in range(t.size):
        if 0.0 < df[row] <= T_SERIES_DF:
            if df[row] != factor_df:
                factor_df, factor = df[row], t_factor(df[row])
            p[row] = np.minimum(1.0, factor * t_series(t[row], df[row]))
    return p


@jit_numbers
def t_factor(df):
    """1 / (a B(a, 1/2)) = Gamma(a + 1/2) / (Gamma(a + 1) Gamma(1/2)) with a = df/2."""
    return math.gamma(0.5 * df + 0.5) / (math.gamma(0.5 * df + 1.0) * math.sqrt(math.pi))


@jit_numbers
def t_series(t, df):
    """P(|T| > t) / ``t_factor``.

    P = I_x(a, 1/2) with x = df / (df + t^2), a = df/2, and I_x(a, 1/2) is x^a sqrt(1 - x) F(a +
    1/2, 1; a + 1; x) / (a B(a, 1/2)) (Abramowitz & Stegun 26.5.23 and 15.3.3). The quadratic
    transformation 15.3.24 makes x^a F(2 a, 1; a + 1; w) of it, w = (1 - sqrt(1 - x)) / 2, which
    is at most 1/2. Checked against closed forms in exact arithmetic, 1e-13.
    """
    square = t * t / df
    x = 1.0 / (1.0 + square)
    w = 0.5 * x / (1.0 + math.sqrt(square * x))
    term = total = 1.0
    n = 0.0
    while term > 1e-17 * total:
        term *= w * ((df + n) / (0.5 * df + 1.0 + n))
        total += term
        n += 1.0
    return x ** (0.5 * df) * total


def z_from_p(p):
    """The z >= 0 whose two-sided p is ``p``; NaN unless 0 < p <= 1."""
    valid = (p > 0) & (p <= 1)
    return np.where(valid, np.abs(special.ndtri(np.where(valid, p, 1.0) / 2.0)), np.nan)


def t_from_p(p, df):
    """The t >= 0 whose two-sided p is ``p``; NaN unless 0 < p <= 1 and df > 0."""
    valid = (p > 0) & (p <= 1) & (df > 0)
    t = -special.stdtrit(np.where(valid, df, 1.0), np.where(valid, p, 1.0) / 2.0)
    return np.where(valid & (t > -0.5), np.abs(t), np.nan)  # stdtrit fails below p = 1e-250


def p_from_chi2(q, df):
    """Upper tail probability of chi-square; NaN unless q >= 0 and df > 0.

    By ``chi2_sum`` for whole df up to 50, the rest by SciPy.
    """
    p = _p_by_sum(q, df)
    rest = np.isnan(p)
    if rest.any():
        p[rest] = special.chdtrc(np.where(df[rest] > 0, df[rest], np.nan), q[rest])
    return p


@jit
def _p_by_sum(q, df):
    """NaN for other df, and for large q."""
    p = np.full(q.size, np.nan)
    for row in range(q.size):
        if 0.0 < df[row] <= CHI2_SUM_DF and df[row] % 1.0 == 0.0 and 0.0 <= q[row] < CHI2_SUM_Q:
            p[row] = min(1.0, chi2_sum(q[row], df[row]))
    return p


@jit_numbers
def chi2_sum(q, df):
    """P(X > q) for whole df (Abramowitz & Stegun 26.4.4 and 26.4.5). With h = q/2:

        even df    exp(-h) sum h^j / Gamma(j + 1)                    j = 0, 1 .. df/2 - 1
        odd df     erfc(sqrt h) + exp(-h) sum h^j / Gamma(j + 1)     j = 1/2, 3/2 .. df/2 - 1

    Checked against the lower tail in exact arithmetic, 1e-13.
    """
    half = 0.5 * q
    j, total, term = 0.0, 0.0, math.exp(-half)
    if df % 2.0 == 1.0:
        root = math.sqrt(half)
        j, total, term = 0.5, math.erfc(root), term * root / (0.5 * math.sqrt(math.pi))
    while j <= 0.5 * df - 1.0:
        total += term
        j += 1.0
        term *= half / j
    return total


def p_from_f(f, df1, df2):
    """Upper tail probability of the F distribution; NaN unless f >= 0 and both df > 0."""
    valid = (f >= 0) & (df1 > 0) & (df2 > 0)
    p = special.fdtrc(np.where(valid, df1, 1.0), np.where(valid, df2, 1.0), np.where(valid, f, 0.0))
    return np.where(valid, p, np.nan)
