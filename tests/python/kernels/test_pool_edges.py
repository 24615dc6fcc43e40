"""pool at the edges: no study, one, two, missing and infinite elements, extreme variances."""

import math

import numpy as np
import pytest

from tests.python.cases import each
from tests.python.kernels.tau2_status import status_by_tau2

METHODS = ("REML", "DL", "PM", "CE", "DL2", "HE", "HS", "HSk", "SJ", "ML", "EB", "PMM")
CI_METHODS = ("z", "t", "HK", "HK_adhoc", "HK_ci", "HK_iqwig6")
NAN, INF = math.nan, math.inf


def filled(result):
    """Names of the fields that are not NULL."""
    return {field for field, value in result.items() if value is not None}


@each("method", METHODS)
@each("yi", [[], [None], [NAN, INF]])
def test_no_data(pool, method, yi):
    result = pool(yi, [0.1] * len(yi), tau2_method=method)
    assert filled(result) == {"k", "status"}
    assert (result["k"], result["status"]) == (0, "no_data")


def test_null_lists_are_no_data(call):
    rows = call("pool", [None, [1.0], None], [[0.1], None, None])
    assert [row["status"] for row in rows] == ["no_data"] * 3


@each("method", METHODS)
@each("ci_method", CI_METHODS)
def test_single_study_keeps_its_own_normal_interval(pool, method, ci_method):
    result = pool([0.5], [0.04], tau2_method=method, ci_method=ci_method)
    assert (result["k"], result["status"]) == (1, "single_study")
    assert (result["estimate"], result["se"]) == (0.5, pytest.approx(0.2))
    assert result["ci_low"] == pytest.approx(0.5 - 1.959963984540054 * 0.2)
    assert result["ci_high"] == pytest.approx(0.5 + 1.959963984540054 * 0.2)
    assert result["weights"] == [1.0]
    described = {"k", "status", "estimate", "se", "ci_low", "ci_high", "statistic", "p_value"}
    assert filled(result) == described | {"weights"}


def test_single_study_left_after_dropping(pool):
    result = pool([None, 0.5, 1.0], [0.1, 0.04, NAN])
    assert (result["k"], result["status"]) == (1, "single_study")
    assert result["weights"] == [None, 1.0, None]


@each("method", METHODS)
def test_two_studies(pool, method):
    result = pool([0.1, 0.9], [0.05, 0.05], tau2_method=method)
    assert (result["k"], result["status"]) == (2, status_by_tau2(result, method))
    assert result["estimate"] == pytest.approx(0.5)
    assert result["q"] == pytest.approx(0.32 / 0.05)
    assert result["weights"] == [0.5, 0.5]
    assert (result["pi_low"] is None) == (method == "CE")
    expected = {
        "CE": 0.0,
        "HS": 0.11,
        "ML": 0.11,
        "SJ": 0.16 * 0.32 / 0.21,
        "PMM": 0.6533949882616755,
    }
    assert result["tau2"] == pytest.approx(expected.get(method, 0.27))


@each("method", METHODS)
@each("ci_method", CI_METHODS)
@each("k", [2, 3, 10])
def test_identical_effects(pool, method, ci_method, k):
    result = pool(
        [0.3] * k, [0.1 + 0.01 * i for i in range(k)], tau2_method=method, ci_method=ci_method
    )
    assert result["status"] == ("no_variation" if ci_method == "HK" else "ok")
    assert result["estimate"] == 0.3
    assert (result["q"], result["tau2"], result["i2_q"], result["i2_tau2"]) == (0, 0, 0, 0)
    assert (result["tau2_ci_low"], result["tau2_ci_high"]) == (0, 0)
    assert result["q_p"] == 1
    if ci_method == "HK":
        assert (result["se"], result["ci_low"], result["ci_high"]) == (0, 0.3, 0.3)
        assert (result["statistic"], result["p_value"]) == (None, None)
    else:
        assert result["se"] > 0


@pytest.mark.parametrize("bad", [None, NAN, INF, -INF])
def test_an_effect_without_a_value_is_dropped_with_its_variance(pool, bad):
    complete = pool([0.1, 0.4, 0.2], [0.02, 0.03, 0.05])
    result = pool([0.1, bad, 0.4, 0.2], [0.02, 0.01, 0.03, 0.05])
    assert result["k"] == 3
    assert result["estimate"] == complete["estimate"]
    assert result["weights"][1] is None


@pytest.mark.parametrize("bad", [None, NAN, INF])
def test_a_variance_without_a_value_is_dropped_with_its_effect(pool, bad):
    result = pool([0.1, 9.0, 0.4, 0.2], [0.02, bad, 0.03, 0.05])
    assert result["k"] == 3
    assert result["estimate"] == pool([0.1, 0.4, 0.2], [0.02, 0.03, 0.05])["estimate"]


@pytest.mark.parametrize("bad", [0.0, -0.5, -INF])
def test_a_variance_that_is_not_positive_has_a_status(pool, bad):
    result = pool([0.1, 0.25], [0.02, bad])
    assert (result["status"], result["fault_at"]) == ("out_of_range", 2)
    others = set(result) - {"status", "fault_at", "k"}
    assert {result[name] for name in others} == {None}


def test_the_position_counts_dropped_elements_of_its_own_row(call):
    rows = call("pool", [[1, 2], [None, 0.1, 0.5]], [[1, 1], [1, 1, -3]])
    assert [(row["status"], row["fault_at"]) for row in rows] == [("ok", None), ("out_of_range", 3)]
    assert call("pool", [[1, None]], [[1, -3]])[0]["status"] == "single_study"  # no effect, no pair


def test_lists_of_different_length_have_a_status(pool):
    result = pool([0.1, 0.2, 0.3], [0.1, 0.1])
    assert (result["status"], result["fault_at"]) == ("lengths_differ", 3)


def test_tau2_outside_its_own_interval_is_said(pool):
    result = pool([-2.5, 0, 0.1, 0.12], [0.5, 1e-9, 1e-9, 1e-9])
    assert result["status"] == "tau2_outside_interval"
    assert result["tau2"] < result["tau2_ci_low"]
    common = pool([-2.5, 0, 0.1, 0.12], [0.5, 1e-9, 1e-9, 1e-9], tau2_method="CE")
    assert common["status"] == "ok"
    none = pool([-2.5, 0, 0.1, 0.12], [0.5, 1e-9, 1e-9, 1e-9], tau2_ci_method="none")
    assert none["status"] == "ok"


@each("method", METHODS)
@each("power", [-300, -100, -12, 12, 100, 290])
def test_tiny_and_huge_variances(pool, golden, method, power):
    data = golden("dat.bcg_RR")
    scale = 10.0 ** (power // 2)
    one = pool(data["yi"], data["vi"], tau2_method=method)
    scaled = pool(
        [y * scale for y in data["yi"]], [v * scale**2 for v in data["vi"]], tau2_method=method
    )
    assert scaled["status"] == "ok"
    assert scaled["estimate"] == pytest.approx(one["estimate"] * scale, rel=1e-9)
    assert scaled["tau2"] == pytest.approx(one["tau2"] * scale**2, rel=1e-9)
    assert scaled["p_value"] == pytest.approx(one["p_value"], rel=1e-9)


@each("method", METHODS)
def test_one_nearly_exact_study_among_ordinary_ones(pool, method):
    yi, vi = [0.5, 0.1, 0.9, 0.3], [1e-14, 0.04, 0.05, 0.06]
    result = pool(yi, vi, tau2_method=method)
    assert result["status"] == "ok"
    weights = 1 / (np.array(vi) + result["tau2"])
    assert result["estimate"] == pytest.approx(np.sum(weights * yi) / weights.sum(), rel=1e-12)
    if method == "DL":
        w = 1 / np.array(vi[1:])
        q = np.sum(w * (np.array(yi[1:]) - 0.5) ** 2)
        expected = max(0.0, (q - 3) / (2 * w.sum()))
        assert result["tau2"] == pytest.approx(expected, rel=1e-9)


@each("method", METHODS)
def test_uninformative_studies_do_not_disturb(pool, method):
    yi, vi = [0.1, 0.4, 0.2, 5.0], [0.02, 0.03, 0.05, 1e200]
    result = pool(yi, vi, tau2_method=method)
    assert result["status"] == "ok"
    assert 0.1 < result["estimate"] < 0.4


@each("method", METHODS)
def test_numbers_beyond_floating_point_have_a_status(pool, method):
    result = pool([1e200, -1e200, 0.0], [1.0, 1.0, 1.0], tau2_method=method)
    assert filled(result) == {"k", "status"}
    assert (result["k"], result["status"]) == (3, "not_converged")


def test_large_effects_close_together_keep_their_digits(pool):
    yi, vi = [1e9 + 1, 1e9 + 2, 1e9 + 4], [0.1, 0.2, 0.3]
    near = pool([1.0, 2.0, 4.0], vi)
    far = pool(yi, vi)
    assert far["tau2"] == pytest.approx(near["tau2"], rel=1e-12)
    assert far["estimate"] - 1e9 == pytest.approx(near["estimate"], abs=1e-6)


def test_a_thousand_studies(pool):
    rng = np.random.default_rng(7)
    vi = rng.uniform(0.01, 0.2, 1000)
    yi = rng.normal(0.4, np.sqrt(0.05 + vi))
    for method in METHODS:
        result = pool(yi, vi, tau2_method=method)
        assert result["status"] == status_by_tau2(result, method)
    assert pool(yi, vi)["tau2"] == pytest.approx(0.05, rel=0.2)


def test_rows_do_not_influence_each_other(call):
    rows = [([0.1, 0.4], [0.1, 0.2]), ([], []), ([0.3], [0.1]), ([0.1, 0.4, 0.9], [0.1, 0.2, 0.3])]
    together = call("pool", [yi for yi, _ in rows], [vi for _, vi in rows])
    alone = [call("pool", [yi], [vi])[0] for yi, vi in rows]
    assert together == alone


def test_no_rows(call):
    assert call("pool", [], []) == []
