"""Numbers that floating point cannot hold, and standard errors of 0: never without a status."""

import math
from fractions import Fraction

import numpy as np
import pytest

from python_udfs.kernels.tails import t_quantile
from tests.python.cases import each

BEYOND = [1e300, 2e300, 1.5e300]
MAY_BE_NULL = {"df", "pi_low", "pi_high", "fault_at"}


def lacks(result):
    """Names of numbers that are NULL although they must be there in an ok row of three studies."""
    return {name for name, value in result.items() if value is None} - MAY_BE_NULL


def gls(call, yi, vi, **options):
    covariance = [[v if i == j else 0.0 for j in range(len(vi))] for i, v in enumerate(vi)]
    return call("pool_gls", [yi], [covariance], [options])[0]


@each("ci_method", ["z", "t", "HK", "HK_adhoc", "HK_ci", "HK_iqwig6"])
@each("method", ["CE", "DL", "DL2", "HE", "HS", "HSk", "SJ", "PM", "REML", "ML"])
@each("vi", [[1.0] * 3, [1e300, 1e300, 2e300], [1e-300] * 3])
def test_effects_whose_squares_overflow(pool, vi, method, ci_method):
    """HK had a standard error of 0 and the status ok: max(0, NaN) is 0."""
    result = pool(BEYOND, vi, tau2_method=method, ci_method=ci_method)
    assert result["status"] == "not_converged"
    assert {name for name, value in result.items() if value is not None} == {"k", "status"}


def test_squares_whose_sum_overflows_but_not_q(pool):
    result = pool([-4e153, 4e153] * 12, [2e307] * 24, tau2_method="CE", tau2_ci_method="none")
    assert result["status"] == "ok"
    assert result["q"] == pytest.approx(19.2, rel=1e-12)


@pytest.mark.parametrize("ci_method", ["z", "HK", "HK_adhoc"])
@pytest.mark.parametrize("method", ["CE", "DL", "PM", "REML", "ML"])
def test_overflow_with_a_known_covariance(call, method, ci_method):
    """pool_gls returned se NULL and p 1 with the status ok."""
    result = gls(call, BEYOND, [1.0, 1.0, 2.0], tau2_method=method, ci_method=ci_method)
    assert result["status"] == "not_converged"
    assert {name for name, value in result.items() if value is not None} == {"k", "status"}


@pytest.mark.parametrize("method", ["CE", "DL", "REML"])
def test_a_statistic_that_overflows(pool, call, method):
    """1e300 standard errors of 1e-150 from 0: the statistic was NULL and the status ok."""
    effects, vi = [1e300] * 3, [1e-300] * 3
    assert pool(effects, vi, tau2_method=method, ci_method="z")["status"] == "not_converged"
    assert gls(call, effects, vi, tau2_method=method, ci_method="z")["status"] == "not_converged"


def test_random_sizes_are_complete_or_have_a_status(pool):
    rng = np.random.default_rng(3)
    statuses = set()
    for _ in range(300):
        size = 10.0 ** rng.uniform(-310, 308)
        yi = rng.normal(rng.choice([0.0, 1.0]), 1.0, 3) * size
        vi = 10.0 ** rng.uniform(-300, 300) * rng.uniform(0.5, 2.0, 3)
        result = pool(yi, vi, tau2_method=str(rng.choice(["DL", "REML", "PM", "CE"])))
        statuses.add(result["status"])
        if result["status"] != "not_converged":
            assert lacks(result) == set(), (yi, vi)
            assert result["se"] > 0
    assert statuses == {"ok", "not_converged"}


def test_regression_out_of_range(call):
    x = [[0.0, 1.0, 2.0, 4.0, 5.0]]
    row = call("meta_regression", [[1e300, 2e300, -1e300, 0.0, 1.0]], [[1.0] * 5], [x])[0]
    assert row["status"] == "not_converged"
    assert row["tau2"] is None
    assert row["estimate"] is None


@pytest.mark.parametrize("method", ["CE", "DL", "PM", "REML", "ML"])
def test_identical_effects_have_no_hartung_knapp_test(pool, call, method):
    options = {"tau2_method": method, "ci_method": "HK"}
    for result in (
        pool([0.5] * 3, [0.1, 0.2, 0.3], **options),
        gls(call, [0.5] * 3, [0.1, 0.2, 0.3], **options),
    ):
        assert result["status"] == "no_variation"
        assert (result["estimate"], result["se"], result["p_value"]) == (0.5, 0.0, None)


def test_a_refit_without_variation_is_told(call):
    yi, vi, options = [0.5, 0.5, 0.9], [0.1, 0.2, 0.3], {"ci_method": "HK"}
    row = call("leave_one_out", [yi], [vi], [options])[0]
    assert row["status"] == "no_variation"
    assert [p is None for p in row["p_value"]] == [False, False, True]
    ceilings = call("credibility_ceiling", [[0.5] * 3], [vi], [[0.0]], [options])[0]
    assert ceilings["status"] == "no_variation"


@pytest.mark.parametrize(
    ("df", "expected"),
    [
        (0.99, 13.013548011560687),
        (0.9, 16.580058171327337),
        (0.5, 164.55767348049446),
        (0.1, 1682362288745.0776),
        (0.02, 8.0261139063965819e63),
        (0.005, 5.6930352325667754e258),
        (0.0043, 1.2066604060334959e301),
        (0.004, math.inf),
        (1e-43, math.inf),
    ],
)
def test_t_quantile_below_one_df(df, expected):
    """R 4.2.2: qt(.025, df, lower.tail = FALSE). SciPy's stops near 1e152 (wrong below 0.008)."""
    got = t_quantile(np.array([0.95]), np.array([df]))[0]
    assert got == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("large", [1e3, 1e10, 1e60, 1e92, 1e150])
def test_kenward_roger_without_degrees_of_freedom(pool, large):
    """One study is all there is: df fell to 0, limits were NULL, or 1e137, and the status ok."""
    result = pool([0.1, 0.9, 0.4], [0.1, large, large], ci_method="KR", pi_method="KR")
    assert result["status"] == "low_df"
    assert result["df"] < 0.004
    assert result["se"] > 0
    for name in ("ci_low", "ci_high", "p_value", "pi_low", "pi_high"):
        assert result[name] is None


def test_kenward_roger_just_within_range(pool):
    """df 0.0076: SciPy's quantile stops at 1e152, well below the right one."""
    result = pool([0.1, 0.9, 0.4], [0.1, 0.72, 0.72], ci_method="KR_meta")
    assert result["status"] == "low_df"
    assert 0.007 < result["df"] < 0.008
    half = 0.5 * (result["ci_high"] - result["ci_low"])
    quantile = t_quantile(np.array([0.95]), np.array([result["df"]]))[0]
    assert half == pytest.approx(quantile * result["se"], rel=1e-12)


@pytest.mark.parametrize("ratio", [1e10, 1e20, 1e40, 1e70, 1e150])
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
def test_q_keeps_its_digits_when_variances_differ(pool, ratio, order):
    """Against exact rational arithmetic; the precise study's rounding error was all there was."""
    yi = [[0.3, 0.5, 0.1][i] for i in order]
    vi = [[ratio, 0.7, 2.0 * ratio][i] for i in order]
    w = [1 / Fraction(v) for v in vi]
    mean = sum(a * Fraction(y) for a, y in zip(w, yi, strict=True)) / sum(w)
    q = sum(a * (Fraction(y) - mean) ** 2 for a, y in zip(w, yi, strict=True))
    assert pool(yi, vi, tau2_method="CE")["q"] == pytest.approx(float(q), rel=1e-12)


def test_bayes_with_a_prior_of_the_effects_own_scale(call):
    """Effects of 1e-150 are pooled with a prior as small; the default one is out of range."""
    yi, vi, unit = [0.1, 0.5, 0.3], [0.1, 0.2, 0.1], 1e-150
    small = [y * unit for y in yi], [v * unit**2 for v in vi]
    ordinary = call("pool_bayes", [yi], [vi], [{"scale": 0.5}])[0]
    scaled = call("pool_bayes", *[[values] for values in small], [{"scale": 0.5 * unit}])[0]
    assert scaled["status"] == "ok"
    for name in ("estimate", "sd", "ci_low", "ci_high"):
        assert scaled[name] / unit == pytest.approx(ordinary[name], rel=1e-9)
    assert call("pool_bayes", *[[values] for values in small])[0]["status"] == "not_converged"
