"""The p of t and of chi-square against exact sums in 350 digits, and where there is none."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import special

from python_udfs.kernels.tails import CHI2_SUM_DF, T_SERIES_DF, p_from_chi2, p_from_t
from tests.python.cases import each

DIGITS = 350
STATISTICS = 10.0 ** np.linspace(-4.0, 6.0, 31)
DF = (*range(1, 13), 30, 49, 99, 100, 149, 199, 200)
CHI2_Q = 10.0 ** np.linspace(-6.0, 3.14, 31)
CHI2_DF = (*range(1, 13), 25, 36, 49, 50, 51, 99)


def arctangent(x: Decimal) -> Decimal:
    """By its series, after the angle is halved until that is short."""
    halvings = 0
    while x > Decimal("0.01"):
        x = x / (1 + (1 + x * x).sqrt())
        halvings += 1
    total, power, n = Decimal(0), x, 1
    while abs(power) > Decimal(10) ** -DIGITS:
        total += power / n
        power *= -x * x
        n += 2
    return total * 2**halvings


def exact_p(t: float, df: int) -> float:
    """1 - A(t | df) of Abramowitz & Stegun 26.7.3 (odd df) and 26.7.4 (even df)."""
    with localcontext() as context:
        context.prec = DIGITS
        square = Decimal(t) ** 2
        x = df / (df + square)
        sine, term, total = (1 - x).sqrt(), x.sqrt() if df % 2 else Decimal(1), Decimal(0)
        for j in range(df // 2):
            total += term
            term *= x * (2 * j + 1 + df % 2) / (2 * j + 2 + df % 2)
        if df % 2 == 0:
            return float(1 - sine * total)
        angle, right_angle = arctangent((square / df).sqrt()), 2 * arctangent(Decimal(1))
        return float(1 - (angle + sine * total) / right_angle)


@each("df", DF)
def test_p_from_t_keeps_its_digits_in_far_tails(df):
    expected = np.array([exact_p(t, df) for t in STATISTICS.tolist()])
    seen = expected > 1e-290
    p = p_from_t(-STATISTICS, np.full(STATISTICS.size, float(df)))
    assert p[seen] == pytest.approx(expected[seen], rel=3e-14, abs=0.0)


@pytest.mark.parametrize("t", [1e-3, 0.5, 3.0, 8.0])
def test_p_from_t_has_no_step_where_the_series_ends(t):
    df = T_SERIES_DF * np.array([1.0 - 1e-12, 1.0, 1.0 + 1e-12])
    p = p_from_t(np.full(3, t), df)
    assert p == pytest.approx(np.full(3, p[1]), rel=1e-11, abs=0.0)


def test_p_from_t_between_whole_df():
    df, t = np.meshgrid(10.0 ** np.linspace(-3.0, 2.3, 40), 10.0 ** np.linspace(-4.0, 4.0, 40))
    expected = special.betainc(df / 2.0, 0.5, df / (df + t**2))
    seen = (expected > 1e-290) & (t > 0.1)  # near t = 0 the argument of SciPy's rounds to 1
    p = p_from_t(t[seen], df[seen])
    assert p == pytest.approx(expected[seen], rel=1e-12, abs=0.0)


def test_p_from_t_at_the_ends():
    t = np.array([0.0, np.inf, -np.inf, np.nan, 1e200, 1.0, 1.0, 1.0])
    df = np.array([9.0, 9.0, 9.0, 9.0, 9.0, 0.0, -1.0, np.nan])
    nan = np.nan
    expected = [1.0, 0.0, 0.0, nan, 0.0, nan, nan, nan]
    assert p_from_t(t, df) == pytest.approx(expected, abs=1e-15, nan_ok=True)


def exact_upper_tail(q: float, df: int) -> float:
    """1 - h^a exp(-h) sum h^n / Gamma(a + n + 1), h = q/2, a = df/2 (A. & S. 6.5.29)."""
    with localcontext() as context:
        context.prec = DIGITS
        half, a = Decimal(q) / 2, Decimal(df) / 2
        gamma = Decimal(1) if df % 2 == 0 else (4 * arctangent(Decimal(1))).sqrt() / 2
        for factor in range(3 if df % 2 else 2, df + 1, 2):
            gamma *= Decimal(factor) / 2
        term = total = (half.ln() * a - half).exp() / gamma
        n = 1
        while term > total * Decimal(10) ** -DIGITS:
            term *= half / (a + n)
            total += term
            n += 1
        return float(1 - total)


@each("df", CHI2_DF)
def test_p_from_chi2_keeps_its_digits_in_far_tails(df):
    expected = np.array([exact_upper_tail(q, df) for q in CHI2_Q.tolist()])
    rel = 3e-14 if df <= CHI2_SUM_DF else 1e-12  # SciPy's
    p = p_from_chi2(CHI2_Q, np.full(CHI2_Q.size, float(df)))
    seen = expected > 1e-290
    assert p[seen] == pytest.approx(expected[seen], rel=rel, abs=0.0)


def test_p_from_chi2_at_the_ends():
    q = np.array([0.0, 0.0, np.inf, 1e4, -1.0, np.nan, 1.0, 1.0, 1.0, 7.0])
    df = np.array([1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 0.0, -1.0, np.nan, 2.5])
    nan = np.nan
    expected = [1.0, 1.0, 0.0, 0.0, nan, nan, nan, nan, nan, special.gammaincc(1.25, 3.5)]
    assert p_from_chi2(q, df) == pytest.approx(expected, rel=1e-13, abs=1e-300, nan_ok=True)
