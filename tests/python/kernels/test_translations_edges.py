"""Translations at the edges: each result is complete, or a point alone, or has a reason."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)
WITH_LIMITS = ("u3_from_smd", "superiority_from_smd", "overlap_from_smd")
FIELDS = ("estimate", "ci_low", "ci_high")
INPUTS = [
    ((0.5, 0.2, 0.8), "ok"),
    ((0.5, 0.5, 0.5), "ok"),
    ((0.5, None, None), "point_only"),
    ((None, 0.2, 0.8), "missing_input"),
    ((0.5, None, 0.8), "missing_input"),
    ((0.5, 0.2, None), "missing_input"),
    ((math.inf, 0.2, 0.8), "out_of_range"),
    ((0.5, -math.inf, 0.8), "out_of_range"),
    ((0.5, 0.8, 0.2), "interval_reversed"),
    ((0.9, 0.2, 0.8), "estimate_outside_interval"),
]


def check(row, status):
    assert row["status"] == status
    has_point = status in ("ok", "point_only", "interval_through_infinity")
    assert (row["estimate"] is not None) == has_point
    assert {row["ci_low"] is not None, row["ci_high"] is not None} == {status == "ok"}
    assert (row["assumption"] is not None) == has_point


@pytest.mark.parametrize(("effect", "status"), INPUTS)
def test_limits_are_complete_or_have_a_reason(call, effect, status):
    columns = [[value] for value in effect]
    for name in WITH_LIMITS:
        check(call(name, *columns)[0], status)
    check(call("risk_difference_from_smd", *columns, [0.3])[0], status)
    check(call("nnt_from_smd", *columns, [0.3], ["furukawa"])[0], status)
    check(call("nnt_from_smd", *columns, [None], ["kraemer_kupfer"])[0], status)


@pytest.mark.parametrize(
    ("rate", "status"),
    [(0.3, "ok"), (None, "missing_input"), (0.0, "out_of_range"), (1.0, "out_of_range"),
     (30, "out_of_range"), (-0.1, "out_of_range")],
)  # fmt: skip
def test_control_event_rate(call, rate, status):
    smd = [[0.5], [0.2], [0.8], [rate]]
    check(call("risk_difference_from_smd", *smd)[0], status)
    check(call("nnt_from_smd", *smd, ["furukawa"])[0], status)
    check(call("nnt_from_or", [0.5], [0.2], [0.8], [rate], ["undesired"])[0], status)


@pytest.mark.parametrize(
    ("effect", "status"),
    [
        ((0.3, -0.1, 0.7), "interval_through_infinity"),
        ((0.3, 0.0, 0.7), "interval_through_infinity"),
        ((-0.3, -0.7, 0.1), "interval_through_infinity"),
        ((0.0, -0.2, 0.2), "effect_is_zero"),
        ((0.0, None, None), "effect_is_zero"),
        ((-0.3, -0.7, -0.1), "ok"),
    ],
)
def test_nnt_does_not_hide_infinity(call, effect, status):
    """An interval of the effect with no effect in it has no interval of the NNT (Altman 1998)."""
    columns = [[value] for value in effect]
    check(call("nnt_from_smd", *columns, [0.3], ["furukawa"])[0], status)
    check(call("nnt_from_smd", *columns, [0.7], ["furukawa"])[0], status)
    check(call("nnt_from_smd", *columns, [None], ["kraemer_kupfer"])[0], status)
    ratios = [[None if value is None else math.exp(value)] for value in effect]
    check(call("nnt_from_or", *ratios, [0.3], ["undesired"])[0], status)


@pytest.mark.parametrize(
    ("ratios", "event", "status"),
    [
        ((0.5, 0.2, 0.8), None, "missing_input"),
        ((0.0, None, None), "desired", "out_of_range"),
        ((-0.5, None, None), "desired", "out_of_range"),
        ((0.5, 0.0, 0.8), "desired", "out_of_range"),
        ((math.inf, None, None), "desired", "out_of_range"),
    ],
)
def test_nnt_from_or_needs_a_ratio_and_a_direction(call, ratios, event, status):
    check(call("nnt_from_or", *[[value] for value in ratios], [0.3], [event])[0], status)


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ((0.5, 0.1, 20, 30), "ok"),
        ((0.5, 0.1, None, None), "ok"),
        ((0.5, 0.1, 20, None), "missing_input"),
        ((0.5, None, 20, 30), "missing_input"),
        ((None, 0.1, 20, 30), "missing_input"),
        ((0.5, 0.0, 20, 30), "out_of_range"),
        ((0.5, 0.1, 0, 30), "out_of_range"),
        ((0.5, 0.1, math.inf, 30), "out_of_range"),
        ((math.inf, 0.1, 20, 30), "out_of_range"),
    ],
)
def test_r_from_smd(call, inputs, status):
    row = call("r_from_smd", *[[value] for value in inputs])[0]
    assert row["status"] == status
    assert {row["yi"] is None, row["vi"] is None, row["assumption"] is None} == {status != "ok"}


@pytest.mark.parametrize(
    ("yi", "vi", "rule", "status"),
    [
        (0.4, 0.1, "cox", "ok"),
        (None, 0.1, "cox", "missing_input"),
        (0.4, 0.1, None, "missing_input"),
        (0.4, 0.0, "cox", "out_of_range"),
        (-math.inf, 0.1, "cox", "out_of_range"),
    ],
)
def test_log_odds_from_smd(call, yi, vi, rule, status):
    row = call("log_odds_from_smd", [yi], [vi], [rule])[0]
    assert row["status"] == status
    assert {row["yi"] is None, row["vi"] is None, row["assumption"] is None} == {status != "ok"}


@pytest.mark.parametrize(
    ("name", "columns", "valid"),
    [
        ("nnt_from_smd", ([0.5], [0.2], [0.8], [0.3], ["x"]), "furukawa, kraemer_kupfer"),
        ("nnt_from_or", ([0.5], [0.2], [0.8], [0.3], ["x"]), "desired, undesired"),
        ("log_odds_from_smd", ([0.5], [0.2], ["x"]), "hasselblad_hedges, cox"),
    ],
)
def test_unknown_choice_lists_the_valid_ones(call, name, columns, valid):
    with pytest.raises(ValueError, match=f"valid: {valid}"):
        call(name, *columns)


@st.composite
def effects(draw):
    low, estimate, high = sorted(draw(st.lists(st.floats(-4, 4), min_size=3, max_size=3)))
    return [[estimate], [low], [high]]


@EXAMPLES
@given(effect=effects(), rate=st.floats(0.01, 0.99))
def test_limits_are_in_order(call, effect, rate):
    rows = [call(name, *effect)[0] for name in WITH_LIMITS]
    rows.append(call("risk_difference_from_smd", *effect, [rate])[0])
    for method in ("furukawa", "kraemer_kupfer"):
        rows.append(call("nnt_from_smd", *effect, [rate], [method])[0])
    for row in rows:
        if row["status"] == "ok":
            assert row["ci_low"] <= row["estimate"] <= row["ci_high"]


@EXAMPLES
@given(effect=effects())
def test_sign_mirrors(call, effect):
    (estimate,), (low,), (high,) = effect
    mirrored = [[-estimate], [-high], [-low]]
    for name in ("u3_from_smd", "superiority_from_smd"):
        one, other = call(name, *effect)[0], call(name, *mirrored)[0]
        assert other["estimate"] == pytest.approx(1 - one["estimate"], abs=1e-12)
        assert other["ci_low"] == pytest.approx(1 - one["ci_high"], abs=1e-12)
    one, other = call("overlap_from_smd", *effect)[0], call("overlap_from_smd", *mirrored)[0]
    assert [one[field] for field in FIELDS] == [other[field] for field in FIELDS]
    one, other = (
        call("nnt_from_smd", *columns, [None], ["kraemer_kupfer"])[0]
        for columns in (effect, mirrored)
    )
    assert one["status"] == other["status"]
    if one["status"] == "ok":
        assert other["estimate"] == -one["estimate"]
        assert (other["ci_low"], other["ci_high"]) == (-one["ci_high"], -one["ci_low"])
