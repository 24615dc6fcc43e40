"""Reported ratios, and one ratio from another: formulas in other words, edges, round trips."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = settings(max_examples=80, deadline=None, derandomize=True)
Z = NormalDist().inv_cdf(0.975)
INF = math.inf


def one(call, name, *arguments):
    return call(name, *[[argument] for argument in arguments])[0]


def check(row, status):
    assert row["status"] == status
    assert {row[field] is None for field in ("yi", "vi", "assumption")} == {status != "ok"}


@pytest.mark.parametrize(
    ("arguments", "yi", "se"),
    [
        ((2.49, 2.17, 2.85, 0.95), 0.912283, 0.069540),
        ((3.63, 1.59, 8.27, 0.95), 1.289233, 0.420646),
    ],
)
def test_quoted_intervals(call, arguments, yi, se):
    row = one(call, "log_ratio_from_ci", *arguments)
    assert row["yi"] == pytest.approx(yi, abs=5e-7)
    assert math.sqrt(row["vi"]) == pytest.approx(se, abs=5e-7)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((2.0, 1.5, 2.7, 0.95), "ok"),
        ((2.0, 1.5, 2.7, 0.9), "ok"),
        ((None, 1.5, 2.7, 0.95), "missing_input"),
        ((2.0, None, 2.7, 0.95), "missing_input"),
        ((2.0, 1.5, None, 0.95), "missing_input"),
        ((2.0, 1.5, 2.7, None), "missing_input"),
        ((2.0, 1.5, 2.7, 95), "out_of_range"),
        ((0.0, 0.0, 2.7, 0.95), "out_of_range"),
        ((2.0, 0.0, 2.7, 0.95), "out_of_range"),
        ((2.0, -1.5, 2.7, 0.95), "out_of_range"),
        ((-2.0, 1.5, 2.7, 0.95), "out_of_range"),
        ((2.0, 1.5, INF, 0.95), "out_of_range"),
        ((2.0, 2.7, 1.5, 0.95), "interval_reversed"),
        ((2.0, 2.0, 2.0, 0.95), "interval_zero_width"),
        ((2.8, 1.5, 2.7, 0.95), "estimate_outside_interval"),
    ],
)
def test_log_ratio_from_ci(call, arguments, status):
    check(one(call, "log_ratio_from_ci", *arguments), status)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((2.0, 0.3, "log"), "ok"),
        ((2.0, 0.3, "ratio"), "ok"),
        ((2.0, 0.3, None), "missing_input"),
        ((2.0, None, "log"), "missing_input"),
        ((None, 0.3, "log"), "missing_input"),
        ((2.0, 0.0, "log"), "out_of_range"),
        ((2.0, -0.3, "ratio"), "out_of_range"),
        ((0.0, 0.3, "log"), "out_of_range"),
        ((2.0, INF, "log"), "out_of_range"),
    ],
)
def test_log_ratio_from_se(call, arguments, status):
    row = one(call, "log_ratio_from_se", *arguments)
    check(row, status)
    if status == "ok":
        se = 0.3 if arguments[2] == "log" else 0.15
        assert (row["yi"], row["vi"]) == pytest.approx((math.log(2), se**2), rel=1e-14)


def test_unknown_scale_of_a_standard_error(call):
    with pytest.raises(ValueError, match="unknown se_scale 'delta'; valid: log, ratio"):
        one(call, "log_ratio_from_se", 2.0, 0.3, "delta")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((2.0, 0.01), "ok"),
        ((0.5, 0.01), "ok"),
        ((1.0, 0.5), "effect_is_zero"),
        ((2.0, None), "missing_input"),
        ((None, 0.01), "missing_input"),
        ((2.0, 0.0), "out_of_range"),
        ((2.0, 1.0), "out_of_range"),
        ((0.0, 0.01), "out_of_range"),
        ((-1.0, 0.01), "out_of_range"),
    ],
)
def test_log_ratio_from_p(call, arguments, status):
    row = one(call, "log_ratio_from_p", *arguments)
    check(row, status)
    if status == "ok":
        assert abs(row["yi"]) / math.sqrt(row["vi"]) == pytest.approx(
            -NormalDist().inv_cdf(0.005), rel=1e-9
        )


@EXAMPLES
@given(
    yi=st.floats(-3, 3).filter(lambda x: abs(x) > 0.01),
    se=st.floats(0.05, 1),
    level=st.sampled_from([0.9, 0.95, 0.99]),
)
def test_every_way_recovers_the_same_variance(call, yi, se, level):
    z = -NormalDist().inv_cdf((1 - level) / 2)
    p = 2 * NormalDist().cdf(-abs(yi) / se)
    ratio = math.exp(yi)
    rows = [
        one(call, "log_ratio_from_ci", ratio, math.exp(yi - z * se), math.exp(yi + z * se), level),
        one(call, "log_ratio_from_se", ratio, se, "log"),
        one(call, "log_ratio_from_se", ratio, se * ratio, "ratio"),
    ]
    if p > 1e-12:
        rows.append(one(call, "log_ratio_from_p", ratio, p))
    for row in rows:
        assert row["yi"] == pytest.approx(yi, rel=1e-9)
        assert math.sqrt(row["vi"]) == pytest.approx(se, rel=1e-6)


CHANGES = {
    "rr_from_or": lambda x, p: x / ((1 - p) + p * x),
    "or_from_rr": lambda x, p: (x * p / (1 - x * p)) / (p / (1 - p)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_ratio_through_baseline_risk(call, name):
    """An odds ratio of risks p0 and p1 is the ratio of their odds."""
    change = CHANGES[name]
    row = one(call, name, 1.8, 1.2, 2.7, 0.3, 0.95)
    changed = [change(value, 0.3) for value in (1.8, 1.2, 2.7)]
    assert [row[field] for field in ("estimate", "ci_low", "ci_high")] == pytest.approx(changed)
    assert row["yi"] == pytest.approx(math.log(changed[0]), rel=1e-12)
    se = (math.log(changed[2]) - math.log(changed[1])) / (2 * Z)
    assert math.sqrt(row["vi"]) == pytest.approx(se, rel=1e-12)
    assert row["assumption"].startswith("baseline risk taken as known; limits")


def test_hazard_ratio(call):
    """VanderWeele 2020, with the square roots written out."""
    row = one(call, "rr_from_hr", 2.0, 1.5, 3.0, 0.95)
    changed = [(1 - 0.5**h**0.5) / (1 - 0.5 ** (1 / h) ** 0.5) for h in (2.0, 1.5, 3.0)]
    assert [row[field] for field in ("estimate", "ci_low", "ci_high")] == pytest.approx(changed)
    assert row["estimate"] == pytest.approx(0.62479 / 0.38745, abs=5e-5)


def arguments_of(name, ratio, low, high, risk=0.3, level=0.95):
    middle = () if name == "rr_from_hr" else (risk,)
    return (ratio, low, high, *middle, level)


@pytest.mark.parametrize("name", [*CHANGES, "rr_from_hr"])
@pytest.mark.parametrize(
    ("limits", "status"),
    [
        ((1.8, 1.2, 2.7), "ok"),
        ((1.8, None, None), "point_only"),
        ((None, None, None), "missing_input"),
        ((None, 1.2, 2.7), "missing_input"),
        ((1.8, None, 2.7), "missing_input"),
        ((0.0, None, None), "out_of_range"),
        ((1.8, 0.0, 2.7), "out_of_range"),
        ((INF, None, None), "out_of_range"),
        ((1.8, 2.7, 1.2), "interval_reversed"),
        ((1.8, 1.8, 1.8), "interval_zero_width"),
        ((2.8, 1.2, 2.7), "estimate_outside_interval"),
    ],
)
def test_edges_of_changed_ratios(call, name, limits, status):
    row = one(call, name, *arguments_of(name, *limits))
    assert row["status"] == status
    has_point = status in ("ok", "point_only")
    for field in ("estimate", "yi", "assumption"):
        assert (row[field] is not None) == has_point, field
    for field in ("ci_low", "ci_high", "vi"):
        assert (row[field] is not None) == (status == "ok"), field


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize(
    ("risk", "status"), [(None, "missing_input"), (0, "out_of_range"), (1, "out_of_range"),
                         (30, "out_of_range")],
)  # fmt: skip
def test_baseline_risk(call, name, risk, status):
    for limits in ((1.8, 1.2, 2.7), (1.8, None, None)):
        row = one(call, name, *limits, risk, 0.95)
        assert (row["status"], row["estimate"]) == (status, None)


@pytest.mark.parametrize("limits", [(2.5, 1.5, 3.0), (2.0, 1.5, 2.6), (2.5, None, None)])
def test_a_risk_of_one_or_more_has_no_odds(call, limits):
    row = one(call, "or_from_rr", *limits, 0.4, 0.95)
    assert row["status"] == "risk_not_below_one"
    assert {row[f] for f in ("estimate", "ci_low", "ci_high", "yi", "vi", "assumption")} == {None}


@st.composite
def ratios(draw):
    values = st.floats(-2, 2).map(math.exp)
    low, ratio, high = sorted(draw(st.lists(values, min_size=3, max_size=3)))
    return low * 0.9, ratio, high * 1.1


@EXAMPLES
@given(interval=ratios(), risk=st.floats(0.01, 0.99))
def test_odds_to_risk_ratio_and_back(call, interval, risk):
    low, ratio, high = interval
    there = one(call, "rr_from_or", ratio, low, high, risk, 0.95)
    assert there["ci_low"] < there["estimate"] < there["ci_high"]
    assert abs(there["yi"]) <= abs(math.log(ratio)) + 1e-12  # a risk ratio is closer to 1
    fields = [there[field] for field in ("estimate", "ci_low", "ci_high")]
    back = one(call, "or_from_rr", *fields, risk, 0.95)
    if back["status"] == "ok":  # else rounding has made a risk of 1
        found = [back[field] for field in ("estimate", "ci_low", "ci_high")]
        assert found == pytest.approx([ratio, low, high], rel=1e-9)
    else:
        assert (back["status"], risk > 0.9) == ("risk_not_below_one", True)


@EXAMPLES
@given(interval=ratios())
def test_inverse_hazard_ratio_is_the_inverse_risk_ratio(call, interval):
    low, ratio, high = interval
    one_way = one(call, "rr_from_hr", ratio, low, high, 0.95)
    other = one(call, "rr_from_hr", 1 / ratio, 1 / high, 1 / low, 0.95)
    assert one_way["yi"] == pytest.approx(-other["yi"], rel=1e-9, abs=1e-12)
    assert one_way["vi"] == pytest.approx(other["vi"], rel=1e-9)


@EXAMPLES
@given(n1=st.integers(5, 200), n2=st.integers(5, 200), p=st.floats(0.1, 0.9), q=st.floats(0.1, 0.9))
def test_ratios_of_one_table_agree(call, n1, n2, p, q):
    """The odds ratio of a table, changed at its control risk, is its risk ratio."""
    ai, ci = max(1, min(n1 - 1, round(p * n1))), max(1, min(n2 - 1, round(q * n2)))
    log_or, log_rr = (
        one(call, "effect_from_counts", ai, n1, ci, n2, m)["yi"] for m in ("OR", "RR")
    )
    row = one(call, "rr_from_or", math.exp(log_or), None, None, ci / n2, 0.95)
    assert row["yi"] == pytest.approx(log_rr, rel=1e-9, abs=1e-12)
