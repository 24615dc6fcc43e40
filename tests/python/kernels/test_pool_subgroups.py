"""pool_subgroups against metafor, against pool, and at its edges."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.cases import each

FOLDER = Path(__file__).parents[2] / "data" / "pooling"
CLOSED_FORMS = {"CE", "DL", "DL2", "HE", "HS", "HSk", "SJ"}
METHODS = CLOSED_FORMS | {"REML", "PM", "ML", "EB", "PMM"}
TOO_SMALL = {"dat.bcg_RR_first2", "dat.bcg_RR_first3"}
LISTS = ("label", "k", "estimate", "se", "ci_low", "ci_high", "tau2")


@pytest.fixture(scope="module")
def subgroups(call):
    """``subgroups(yi, vi, groups, **options)``: one row of pool_subgroups as a dictionary."""

    def one(yi, vi, groups, **options):
        columns = [[list(yi)], [list(vi)], [groups]]
        return call("pool_subgroups", *columns, *([[options]] if options else []))[0]

    return one


@each("across", ["common", "separate"])
def test_agrees_with_metafor(golden, subgroups, dataset, across):
    data = golden(dataset)
    reference = json.loads((FOLDER / f"{dataset}.json").read_text())["subgroups"]
    if dataset in TOO_SMALL:
        assert reference is None
        return
    cells = reference[across]
    assert set(cells) == METHODS - ({"DL2"} if across == "common" else set())
    for method, expected in cells.items():
        result = subgroups(data["yi"], data["vi"], reference["groups"], tau2_method=method,
                           tau2_across=across, ci_method="z")  # fmt: skip
        relative = 1e-9 if method in CLOSED_FORMS else 1e-8
        assert (result["status"], result["label"]) == ("ok", ["a", "b", "c"])
        assert sum(result["k"]) == data["k"]
        assert result["estimate"] == pytest.approx(expected["estimates"], rel=relative), method
        assert result["se"] == pytest.approx(expected["ses"], rel=relative)
        assert result["q_between"] == pytest.approx(expected["QM"], rel=10 * relative)
        assert result["p_value"] == pytest.approx(expected["QMp"], rel=100 * relative)
        if across == "common":
            assert result["tau2"] == pytest.approx([expected["tau2"]] * 3, rel=relative)
            assert result["q_within"] == pytest.approx(expected["QE"], rel=1e-9)
            assert result["q_within_p"] == pytest.approx(expected["QEp"], rel=1e-8)
        else:
            found = [0.0 if tau2 is None else tau2 for tau2 in result["tau2"]]
            assert found == pytest.approx(expected["tau2"], rel=relative)


BCG_ALLOCATION = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 3 + ["systematic"] * 4


def test_bcg_by_allocation_as_quoted(golden, subgroups):
    """Borenstein and others 2009, ch. 19; metafor on the same data."""
    data = golden("dat.bcg_RR")
    given = (data["yi"], data["vi"], BCG_ALLOCATION)
    separate = subgroups(*given, tau2_method="DL", ci_method="z")
    assert separate["label"] == ["random", "alternate", "systematic"]
    assert separate["k"] == [7, 2, 4]
    assert separate["estimate"] == pytest.approx([-1.004161, -0.540793, -0.439347], abs=1e-6)
    assert separate["se"] == pytest.approx([0.362107, 0.281602, 0.313338], abs=1e-6)
    assert separate["tau2"] == pytest.approx([0.763063, 0.132577, 0.284971], abs=1e-6)
    assert (separate["q_between"], separate["p_value"]) == (
        pytest.approx(1.536769, abs=1e-6), pytest.approx(0.463762, abs=1e-6)
    )  # fmt: skip
    pooled = subgroups(*given, tau2_method="DL", tau2_across="pooled", ci_method="z")
    assert pooled["tau2"] == pytest.approx([0.559569] * 3, abs=1e-6)
    assert (pooled["q_between"], pooled["p_value"]) == (
        pytest.approx(1.434912, abs=1e-6), pytest.approx(0.487992, abs=1e-6)
    )  # fmt: skip


def test_pooled_is_the_formula_of_the_book(golden, subgroups):
    """max(0, (sum Q - sum df) / sum C), computed here from its parts; the same as common by DL."""
    data = golden("dat.bcg_RR")
    y, v, groups = np.array(data["yi"]), np.array(data["vi"]), np.array(BCG_ALLOCATION)
    excess = spread = 0.0
    for group in set(BCG_ALLOCATION):
        w, e = 1 / v[groups == group], y[groups == group]
        excess += (w * (e - (w * e).sum() / w.sum()) ** 2).sum() - (e.size - 1)
        spread += w.sum() - (w**2).sum() / w.sum()
    pooled, common = (
        subgroups(y, v, BCG_ALLOCATION, tau2_method="DL", tau2_across=across)
        for across in ("pooled", "common")
    )
    assert pooled["tau2"] == pytest.approx([excess / spread] * 3, rel=1e-12)
    assert pooled == common


@st.composite
def grouped(draw):
    k = draw(st.integers(3, 14))
    yi = draw(st.lists(st.floats(-3, 3).map(lambda x: round(x, 6)), min_size=k, max_size=k))
    vi = draw(st.lists(st.floats(1e-3, 2).map(lambda x: round(x, 6)), min_size=k, max_size=k))
    groups = draw(st.lists(st.sampled_from(["x", "y", "z"]), min_size=k, max_size=k))
    return yi, vi, groups


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=grouped(), method=st.sampled_from(sorted(METHODS)),
       ci_method=st.sampled_from(["z", "t", "HK", "HK_adhoc"]))  # fmt: skip
def test_separate_groups_are_those_of_pool(subgroups, pool, data, method, ci_method):
    yi, vi, groups = data
    result = subgroups(yi, vi, groups, tau2_method=method, ci_method=ci_method)
    assert result["label"] == list(dict.fromkeys(groups))
    for at, label in enumerate(result["label"]):
        members = [i for i, group in enumerate(groups) if group == label]
        one = pool([yi[i] for i in members], [vi[i] for i in members], tau2_method=method,
                   ci_method=ci_method)  # fmt: skip
        for field in LISTS[1:]:
            assert result[field][at] == one[field], (field, label)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=grouped(), method=st.sampled_from(sorted(METHODS - {"DL2"})), random=st.randoms())
def test_order_and_sign(subgroups, data, method, random):
    yi, vi, groups = data
    one = subgroups(yi, vi, groups, tau2_method=method, tau2_across="common")
    order = list(range(len(yi)))
    random.shuffle(order)
    other = subgroups(*([part[i] for i in order] for part in data), tau2_method=method,
                      tau2_across="common")  # fmt: skip
    assert one["status"] == other["status"]
    if one["status"] == "too_few_studies":
        return
    by_label = dict(zip(other["label"], other["estimate"], strict=True))
    for label, estimate in zip(one["label"], one["estimate"], strict=True):
        assert by_label[label] == pytest.approx(estimate, abs=1e-7)
    mirrored = subgroups([-y for y in yi], vi, groups, tau2_method=method, tau2_across="common")
    assert mirrored["estimate"] == pytest.approx([-x for x in one["estimate"]], abs=1e-9)


def test_edges(subgroups):
    three = ([1.0, 2.0, 3.0], [0.1, 0.1, 0.1])
    nothing = subgroups([], [], [])
    assert (nothing["status"], nothing["groups"], nothing["label"]) == ("no_data", 0, None)
    assert subgroups(*three, None)["status"] == "no_data"
    assert subgroups(*three, [None] * 3)["status"] == "no_data"
    alone = subgroups(*three, ["a"] * 3)
    assert (alone["status"], alone["label"], alone["q_between"]) == ("single_group", ["a"], None)
    singles = subgroups(*three, ["a", "b", "c"])
    assert (singles["status"], singles["tau2"]) == ("ok", [None] * 3)
    assert singles["q_between"] == pytest.approx(20.0)
    assert (singles["q_within"], singles["q_within_df"]) == (None, None)
    common = subgroups(*three, ["a", "b", "c"], tau2_across="common")
    assert (common["status"], common["estimate"]) == ("too_few_studies", None)
    known = subgroups(*three, ["a", "b", "c"], tau2_across="common", tau2_method="CE")
    assert (known["status"], known["tau2"]) == ("ok", [0.0] * 3)


def test_incomplete_studies_are_dropped(subgroups):
    result = subgroups([None, 1.0, 2.0, 3.0, 4.0], [1, 1, None, 1, 1], ["a", "b", "a", None, "c"])
    assert (result["label"], result["k"]) == (["b", "c"], [1, 1])


def test_identical_effects(subgroups):
    for across in ("separate", "common"):
        result = subgroups([0.5] * 4, [0.1] * 4, ["a", "a", "b", "b"], tau2_across=across)
        assert (result["tau2"], result["q_between"], result["p_value"]) == ([0, 0], 0, 1)


def test_identical_effects_leave_hartung_and_knapp_no_standard_error(subgroups, pool):
    yi, vi, groups = [0.5, 0.5, 0.1, 0.4, 0.9], [0.1] * 5, ["a", "a", "b", "b", "b"]
    result = subgroups(yi, vi, groups, ci_method="HK")
    assert result["status"] == pool(yi[:2], vi[:2], ci_method="HK")["status"] == "no_variation"
    assert (result["se"][0], result["ci_low"][0], result["ci_high"][0]) == (0, 0.5, 0.5)
    classic = subgroups(yi, vi, groups, ci_method="z")
    assert classic["status"] == "ok"
    for field in ("q_between", "p_value", "q_within", "q_within_p"):
        assert result[field] == classic[field] is not None, field
    one_group = subgroups(yi[:2], vi[:2], groups[:2], ci_method="HK")
    assert (one_group["status"], one_group["se"]) == ("single_group", [0])


def test_overflow_has_a_status(subgroups):
    result = subgroups([1e200, -1e200, 0.0, 1.0], [1.0] * 4, ["a", "a", "b", "b"])
    assert (result["status"], result["estimate"]) == ("not_converged", None)


def test_labels_may_be_numbers_and_rows_do_not_mix(call):
    rows = call(
        "pool_subgroups",
        [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
        [[0.1, 0.1]] * 3,
        [["x", "y"], ["y", "z"], ["w", "w"]],
    )
    assert [row["label"] for row in rows] == [["x", "y"], ["y", "z"], ["w"]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tau2_across": "pooled"}, "tau2_across pooled needs tau2_method DL; got REML"),
        (
            {"tau2_across": "common", "tau2_method": "DL2"},
            "tau2_method DL2 needs tau2_across separate; got common",
        ),
        ({"tau2_across": "both"}, "unknown tau2_across 'both'; valid: separate, pooled, common"),
        ({"ci_method": "KR"}, "unknown ci_method 'KR'; valid: z, t, HK, HK_adhoc"),
    ],
)
def test_choices_that_do_not_exist(subgroups, options, message):
    with pytest.raises(ValueError, match=f"^pool_subgroups: {message}$"):
        subgroups([1.0, 2.0], [0.1, 0.1], ["a", "b"], **options)


def test_lists_of_different_length_have_a_status(subgroups):
    result = subgroups([1.0, 2.0], [0.1, 0.1], ["a"])
    assert (result["status"], result["fault_at"]) == ("lengths_differ", 2)
