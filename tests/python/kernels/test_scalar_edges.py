"""Scalar functions at the edges: each result is either complete or has a reason."""

import math

import pytest

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("low", "high", "level", "status"),
    [
        (0.1, 0.5, 0.95, "ok"),
        (None, 0.5, 0.95, "missing_input"),
        (0.1, None, 0.95, "missing_input"),
        (0.1, 0.5, None, "missing_input"),
        (NAN, 0.5, 0.95, "missing_input"),
        (0.1, INF, 0.95, "out_of_range"),
        (0.1, 0.5, 95, "out_of_range"),
        (0.1, 0.5, 0.0, "out_of_range"),
        (0.5, 0.1, 0.95, "interval_reversed"),
        (0.5, 0.5, 0.95, "interval_zero_width"),
    ],
)
def test_se_from_ci(call, low, high, level, status):
    row = call("se_from_ci", [low], [high], [level])[0]
    assert row["status"] == status
    assert (row["se"] is None) == (status != "ok")


@pytest.mark.parametrize(
    ("yi", "p", "status"),
    [
        (0.4, 0.01, "ok"),
        (-0.4, 0.01, "ok"),
        (0.4, 1e-300, "ok"),
        (0.4, None, "missing_input"),
        (None, 0.01, "missing_input"),
        (0.4, 0.0, "out_of_range"),
        (0.4, 1.0, "out_of_range"),
        (0.4, -0.1, "out_of_range"),
        (0.4, 1.5, "out_of_range"),
        (INF, 0.5, "out_of_range"),
        (0.0, 0.5, "effect_is_zero"),
    ],
)
def test_se_from_p(call, yi, p, status):
    row = call("se_from_p", [yi], [p])[0]
    assert row["status"] == status
    assert (row["se"] is None) == (status != "ok")
    if status == "ok":
        assert row["se"] > 0
        assert call("p_from_z", [yi / row["se"]])[0] == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(
    ("yi", "vi", "rule", "status"),
    [
        (0.4, 0.1, "cox", "ok"),
        (None, 0.1, "cox", "missing_input"),
        (0.4, None, "cox", "missing_input"),
        (0.4, 0.1, None, "missing_input"),
        (0.4, 0.0, "cox", "out_of_range"),
        (0.4, -0.1, "cox", "out_of_range"),
        (INF, 0.1, "cox", "out_of_range"),
    ],
)
def test_smd_from_log_odds(call, yi, vi, rule, status):
    row = call("smd_from_log_odds", [yi], [vi], [rule])[0]
    assert row["status"] == status
    assert {row["yi"] is None, row["vi"] is None, row["assumption"] is None} == {status != "ok"}


MEANS = {"m1": 10, "sd1": 2, "n1": 30, "m2": 8, "sd2": 2.5, "n2": 32, "variance_form": "LS"}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "ok"),
        *[({key: None}, "missing_input") for key in MEANS],
        ({"sd1": 0}, "out_of_range"),
        ({"sd2": -1}, "out_of_range"),
        ({"n1": 0}, "out_of_range"),
        ({"n1": 1, "n2": 2}, "out_of_range"),
        ({"n1": 2, "n2": 2}, "ok"),
        ({"n1": 2, "n2": 2, "variance_form": "H0"}, "out_of_range"),
        ({"m1": INF}, "out_of_range"),
    ],
)
def test_smd_from_means(call, change, status):
    row = call("smd_from_means", *[[value] for value in (MEANS | change).values()])[0]
    assert row["status"] == status
    assert {row["yi"] is None, row["vi"] is None, row["assumption"] is None} == {status != "ok"}


@pytest.mark.parametrize(
    ("d", "vi", "n1", "n2", "form", "status"),
    [
        (0.5, None, 10, 12, "LS2", "ok"),
        (0.5, 0.2, 10, 12, None, "ok"),
        (0.5, None, 10, 12, None, "missing_input"),
        (None, 0.2, 10, 12, "LS", "missing_input"),
        (0.5, 0.2, None, 12, "LS", "missing_input"),
        (0.5, -0.2, 10, 12, "LS", "out_of_range"),
        (0.5, 0.0, 10, 12, "LS", "out_of_range"),
        (0.5, 0.2, 1, 1, "LS", "out_of_range"),
    ],
)
def test_g_from_d(call, d, vi, n1, n2, form, status):
    row = call("g_from_d", [d], [vi], [n1], [n2], [form])[0]
    assert row["status"] == status
    assert {row["yi"] is None, row["vi"] is None, row["assumption"] is None} == {status != "ok"}


@pytest.mark.parametrize("m", [199.0, 200.0, 201.0, 1e4, 1e6, 1e9])
def test_small_sample_correction_in_large_samples(call, m):
    """Against the first terms of 1 - 3/(4m) - 7/(32 m^2) - 9/(128 m^3) + ..."""
    size = m / 2 + 1
    j = call("g_from_d", [1.0], [0.1], [size], [size], [None])[0]["yi"]
    series = 1 - 3 / (4 * m) - 7 / (32 * m**2) - 9 / (128 * m**3)
    assert j == pytest.approx(series, rel=1e-9)


@pytest.mark.parametrize(
    ("events", "total", "status"),
    [
        (3, 10, "ok"),
        (0, 10, "ok"),
        (10, 10, "ok"),
        (None, 10, "missing_input"),
        (3, None, "missing_input"),
        (11, 10, "out_of_range"),
        (-1, 10, "out_of_range"),
        (0, 0, "out_of_range"),
        (3, INF, "out_of_range"),
    ],
)
def test_counts(call, events, total, status):
    logit = call("logit_from_events", [events], [total])[0]
    exact = call("proportion_ci_exact", [events], [total], [0.95])[0]
    assert logit["status"] == exact["status"] == status
    assert {logit["yi"] is None, logit["vi"] is None} == {status != "ok"}
    assert {exact[key] is None for key in ("estimate", "ci_low", "ci_high")} == {status != "ok"}
    if status == "ok":
        assert 0 <= exact["ci_low"] <= exact["estimate"] <= exact["ci_high"] <= 1


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, None])
def test_exact_interval_needs_a_level(call, level):
    row = call("proportion_ci_exact", [3], [10], [level])[0]
    assert row["status"] == ("missing_input" if level is None else "out_of_range")
    assert row["estimate"] is None


@pytest.mark.parametrize(
    ("percent", "low", "high", "status"),
    [
        (20, 10, 35, "ok"),
        (None, 10, 35, "missing_input"),
        (20, None, 35, "missing_input"),
        (20, 0, 35, "out_of_range"),
        (20, 10, 100, "out_of_range"),
        (0, 0, 35, "out_of_range"),
        (20, 35, 10, "interval_reversed"),
        (20, 20, 20, "interval_zero_width"),
        (50, 10, 35, "estimate_outside_interval"),
    ],
)
def test_logit_from_percent_ci(call, percent, low, high, status):
    row = call("logit_from_percent_ci", [percent], [low], [high], [0.95])[0]
    assert row["status"] == status
    assert {row["yi"] is None, row["vi"] is None, row["assumption"] is None} == {status != "ok"}


def test_logit_from_percent_ci_returns_the_printed_interval(call):
    low, high = (1 / (1 + math.exp(-(-1.2 + sign * 1.959963984540054 * 0.3))) for sign in (-1, 1))
    middle = 1 / (1 + math.exp(1.2))
    row = call("logit_from_percent_ci", [100 * middle], [100 * low], [100 * high], [0.95])[0]
    assert row["yi"] == pytest.approx(-1.2, rel=1e-9)
    assert row["vi"] == pytest.approx(0.09, rel=1e-9)


@pytest.mark.parametrize(
    ("estimates", "ses", "groups", "status"),
    [
        ([0.1, 0.5], [0.1, 0.2], 2, "ok"),
        ([0.1, None, 0.5], [0.1, 0.1, 0.2], 2, "ok"),
        ([0.1, 0.3], [0.1, None], 1, "single_study"),
        ([], [], 0, "no_data"),
        (None, None, 0, "no_data"),
    ],
)
def test_subgroup_difference(call, estimates, ses, groups, status):
    row = call("subgroup_difference", [estimates], [ses])[0]
    assert (row["groups"], row["status"]) == (groups, status)
    assert {row[key] is None for key in ("q_between", "df", "p_value")} == {status != "ok"}
    if status == "ok":
        assert row["q_between"] == pytest.approx((0.5 - 0.1) ** 2 / (0.1**2 + 0.2**2))


def test_subgroup_difference_refuses_a_zero_standard_error(call):
    row = call("subgroup_difference", [[0.1, 0.2]], [[0.1, 0.0]])[0]
    assert (row["status"], row["fault_at"]) == ("out_of_range", 2)


def test_tails(call):
    assert call("p_from_z", [1.959963984540054, -1.959963984540054]) == pytest.approx([0.05] * 2)
    assert call("z_from_p", [0.05, 1.0]) == pytest.approx([1.959963984540054, 0.0])
    assert call("p_from_z", [40.0])[0] < 1e-300
    assert call("z_from_p", [0.0, -0.1, 1.1, None]) == [None] * 4
    # t of 4.302653 with 2 df and of 2.228139 with 10 (tables of the t distribution)
    assert call("p_from_t", [4.302652729911275, -2.2281388519649385], [2, 10]) == pytest.approx(
        [0.05] * 2
    )
    assert call("t_from_p", [0.05, 0.05], [2, 10]) == pytest.approx(
        [4.302652729911275, 2.2281388519649385]
    )
    assert call("p_from_t", [1.0, None, 1.0], [0, 3, None]) == [None] * 3
    assert call("t_from_p", [0.0, 1.1, 0.5], [3, 3, 0]) == [None] * 3
    assert call("p_from_chi2", [3.841458820694124, 0.0], [1, 5]) == pytest.approx([0.05, 1.0])
    assert call("p_from_chi2", [-1, 1, None, 1], [1, 0, 1, None]) == [None] * 4
