"""Properties that hold for every 2x2 table and every list of them, tried on generated ones."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)
MEASURES = ("OR", "RR", "RD", "AS", "PETO")
POOLED = (("mantel_haenszel", {"measure": "OR"}), ("mantel_haenszel", {"measure": "RR"}),
          ("mantel_haenszel", {"measure": "RD"}), ("peto", {}))  # fmt: skip


@st.composite
def tables(draw):
    n1, n2 = draw(st.integers(2, 300)), draw(st.integers(2, 300))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


many = st.lists(tables(), min_size=1, max_size=8)
rules = st.sampled_from(["only0", "none", "all", "tacc"])


def effect(call, table, measure, **options):
    columns = [[value] for value in table]
    return call("effect_from_counts", *columns, [measure], [options])[0]


def pool(call, name, rows, options):
    return call(name, *[[list(column)] for column in zip(*rows, strict=True)], [options])[0]


def close(value, expected, sign=1.0):
    if value is None or expected is None:
        return value is None and expected is None
    return value == pytest.approx(sign * expected, rel=1e-8, abs=1e-9)


@EXAMPLES
@given(table=tables(), rule=rules, measure=st.sampled_from(MEASURES))
def test_swapped_arms_change_the_sign(call, table, rule, measure):
    ai, n1, ci, n2 = table
    one = effect(call, table, measure, zero_cells=rule)
    other = effect(call, (ci, n2, ai, n1), measure, zero_cells=rule)
    assert one["status"] == other["status"]
    assert close(other["yi"], one["yi"], -1)
    assert close(other["vi"], one["vi"])


@EXAMPLES
@given(table=tables(), rule=rules, measure=st.sampled_from(["OR", "RD", "AS", "PETO"]))
def test_events_and_non_events_change_the_sign(call, table, rule, measure):
    """Not so for the risk ratio."""
    ai, n1, ci, n2 = table
    one = effect(call, table, measure, zero_cells=rule)
    other = effect(call, (n1 - ai, n1, n2 - ci, n2), measure, zero_cells=rule)
    assert one["status"] == other["status"]
    assert close(other["yi"], one["yi"], -1)
    assert close(other["vi"], one["vi"])


@EXAMPLES
@given(table=tables(), rule=rules, drop=st.sampled_from(["keep", "drop"]))
def test_complete_or_a_reason(call, table, rule, drop):
    ai, n1, ci, n2 = table
    for measure in MEASURES:
        row = effect(call, table, measure, zero_cells=rule, double_zero=drop)
        assert (row["yi"] is None) == (row["vi"] is None) == (row["status"] != "ok")
        if row["status"] == "ok":
            assert row["vi"] > 0
            if measure == "RD":
                assert -1 <= row["yi"] <= 1
    if 0 < ai < n1 and 0 < ci < n2:
        effects = [effect(call, table, measure)["yi"] for measure in MEASURES]
        sign = math.copysign(1, ai / n1 - ci / n2)
        assert all(sign * value >= -1e-12 for value in effects)


@EXAMPLES
@given(rows=many, which=st.sampled_from(POOLED), random=st.randoms())
def test_order_does_not_matter(call, rows, which, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    one, other = (
        pool(call, which[0], rows, which[1]),
        pool(call, which[0], [rows[i] for i in order], which[1]),
    )
    assert one["status"] == other["status"]
    for field in ("estimate", "se", "q", "q_p"):
        assert close(other[field], one[field]), field
    if one["weights"] is not None:
        assert other["weights"] == pytest.approx([one["weights"][i] for i in order], abs=1e-12)
        assert sum(one["weights"]) == pytest.approx(1, abs=1e-12)


@EXAMPLES
@given(rows=many, which=st.sampled_from(POOLED))
def test_swapped_arms_mirror_the_pooled_effect(call, rows, which):
    one = pool(call, which[0], rows, which[1])
    other = pool(call, which[0], [(c, n2, a, n1) for a, n1, c, n2 in rows], which[1])
    assert one["status"] == other["status"]
    assert close(other["estimate"], one["estimate"], -1)
    assert close(other["ci_low"], one["ci_high"], -1)
    for field in ("se", "q", "cmh", "breslow_day", "tarone"):
        assert close(other.get(field), one.get(field)), field


@EXAMPLES
@given(rows=many, which=st.sampled_from(POOLED))
def test_limits_are_in_order_and_agree_with_p(call, rows, which):
    row = pool(call, which[0], rows, which[1])
    if row["status"] not in ("ok", "single_study"):
        return
    assert row["ci_low"] < row["estimate"] < row["ci_high"]
    excludes = row["ci_low"] > 0 or row["ci_high"] < 0
    if abs(row["p_value"] - 0.05) > 1e-9:
        assert excludes == (row["p_value"] < 0.05)
    if row["q"] is not None:
        assert row["q"] >= 0
        assert 0 <= row["i2_q"] <= 100


@EXAMPLES
@given(table=tables(), k=st.integers(2, 6), which=st.sampled_from(POOLED))
def test_repeated_tables_keep_the_estimate(call, table, k, which):
    one, many_times = (pool(call, which[0], [table] * n, which[1]) for n in (1, k))
    if one["status"] == "single_study":
        assert many_times["estimate"] == pytest.approx(one["estimate"], rel=1e-9, abs=1e-12)
        assert many_times["se"] * math.sqrt(k) == pytest.approx(one["se"], rel=1e-9)
        if (
            many_times["breslow_day" if "breslow_day" in one else "q"] is not None
            and min(table) > 0
        ):
            assert many_times.get("tarone") in (None, pytest.approx(0, abs=1e-9))


@pytest.mark.parametrize("odds_ratio", [0.02, 0.3, 1.0, 2.5, 70.0])
@pytest.mark.parametrize("margins", [(20, 30, 10), (20, 30, 45), (5, 200, 8), (200, 5, 190)])
def test_expected_events_have_the_odds_ratio(odds_ratio, margins):
    from python_udfs.kernels.binary.homogeneity import expected_events

    n1, n2, events = (float(value) for value in margins)
    x = expected_events(n1, n2, events, odds_ratio)
    assert max(0, events - n2) < x < min(n1, events)
    found = x * (n2 - events + x) / ((n1 - x) * (events - x))
    assert found == pytest.approx(odds_ratio, rel=1e-9)
