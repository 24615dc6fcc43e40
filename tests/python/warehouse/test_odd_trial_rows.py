"""Trials with a t, an F, a bound of P, or a standard deviation of zero: one effect, or a reason."""

from __future__ import annotations

import math
from statistics import NormalDist

import duckdb
import pytest

from tests.python.conftest import ROOT, append, build_warehouse
from tests.python.made_reviews import switch_conversions
from umbrella.commands.new import make_folder

pytestmark = pytest.mark.build

META_ANALYSIS = {
    "meta_analysis_id": "Made2020", "delivery": "unclear", "eligibility": "included",
    "source_kind": "full_text",
}  # fmt: skip
TRIAL = {
    "source": "Made2020", "dataset": "made", "condition": "pain", "outcome": "severity",
    "locator": "Table 2", "comparator": "unclear", "guidance": "unclear", "therapy": "unclear",
    "delivery": "unclear", "favourable_direction": "positive", "n_intervention": "30",
    "n_control": "31",
}  # fmt: skip
ANALYSIS = {
    "analysis_id": "pain", "label": "Pain", "analysis_group": "condition", "condition": "pain",
    "outcome": "severity", "unit": "trial", "scale": "smd", "required_scope": "overall",
    "selection_rule": "all", "sort_order": "1",
}  # fmt: skip
REVIEW = {
    "review_id": "r", "title": "T", "question": "Q?", "search_date": "2024-01-01",
    "data_note": "None.",
}  # fmt: skip
MEANS = {"mean_intervention": "10", "mean_control": "8", "sd_control": "2"}
CASES = {
    "by_t": {"t_value": "2.5"},
    "by_f": {"f_value": "6.25", "effect_sign": "1"},
    "f_without_sign": {"f_value": "6.25"},
    "sd_of_zero": MEANS | {"sd_intervention": "0"},
    "without_sd": MEANS,
    "exact_p": {"measure": "hedges_g", "estimate": "0.75", "p_value": "0.004"},
}
# what is printed as P: the largest P that would be printed so
P_BOUNDS = {"2.2e-16": 2.3e-16, "0.000": 0.0005}
CASES |= {
    f"p_{printed}": {"measure": "hedges_g", "estimate": "1.25", "p_value": printed}
    for printed in P_BOUNDS
}
# Events over time alone are a rate ratio; what they are counted in does not matter for one.
CASES["over_time"] = {
    "outcome": "mortality",
    "events_intervention": "10",
    "time_intervention": "500",
    "events_control": "20",
    "time_control": "480",
    "favourable_direction": "below_one",
}
CASES["over_months"] = CASES["over_time"] | {
    "time_intervention": "6000", "time_control": "5760", "time_unit": "person-months",
}  # fmt: skip
INVERSE = 1 / 30 + 1 / 31
G = 2.5 * math.sqrt(INVERSE) * (1 - 3 / (4 * 59 - 1))
"""Hedges' g by hand: 0.632, with variance 0.0689."""


def build(folder, cases=CASES, **conversions):
    sheets = folder / "sheets"
    make_folder(sheets, ROOT)
    append(sheets / "protocol/review.csv", REVIEW)
    append(sheets / "vocabulary/conditions.csv", {"code": "pain", "label": "Pain"})
    append(sheets / "extraction/meta_analyses.csv", META_ANALYSIS)
    append(sheets / "protocol/analyses.csv", ANALYSIS)
    switch_conversions(sheets, **conversions)
    names = ("comparison_id", "study", "study_id")
    append(
        sheets / "extraction/primary_studies.csv",
        *(TRIAL | dict.fromkeys(names, name) | cells for name, cells in cases.items()),
    )
    database = build_warehouse(folder, sheets, selection="fct_trial_effects fct_trial_pool_members")
    with duckdb.connect(str(database), read_only=True) as connection:
        effects = connection.execute(
            "select comparison_id, yi_smd, vi_smd, status from fct_trial_effects"
        ).fetchall()
        members = connection.execute(
            "select comparison_id, yi, vi from fct_trial_pool_members "
            "where rule_id = 'every_row' and is_member"
        ).fetchall()
        sizes = connection.execute(
            "select comparison_id, person_time from intermediate.int_trial_candidates "
            "where rule_id = 'every_row'"
        ).fetchall()
    return *({name: rest for name, *rest in rows} for rows in (effects, members)), dict(sizes)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return build(tmp_path_factory.mktemp("odd"))


@pytest.mark.parametrize("name", ["by_t", "by_f"])
def test_t_and_f_of_one_test_are_one_effect_in_every_table(found, name):
    effects, members, _ = found
    exact = pytest.approx([G, INVERSE + G**2 / (2 * 61)], rel=1e-4)
    assert (round(G, 3), round(INVERSE + G**2 / 122, 4)) == (0.632, 0.0689)
    assert effects[name][:2] == exact
    assert members[name] == effects[name][:2]


def test_what_is_missing_or_impossible_is_named(found):
    effects, members, sizes = found
    assert effects["sd_of_zero"][2].startswith(
        "impossible: A standard deviation of 0 (10 (0, n 30)"
    )
    for name in ("f_without_sign", "without_sd"):
        assert effects[name][2].startswith("no complete set of: means, standard deviations")
    for printed in P_BOUNDS:
        assert effects[f"p_{printed}"] == [
            None, None, "the P value is printed as 0, or as the smallest there is: only a bound"
        ]  # fmt: skip
    assert members.keys() == {"by_t", "by_f", "exact_p", "over_time", "over_months"}
    for name in ("over_time", "over_months"):
        assert members[name] == pytest.approx([math.log(480 / 500 / 2), 1 / 10 + 1 / 20])
    assert sizes["over_months"] == pytest.approx(980), "years, where the unit is named"
    assert sizes["over_time"] is None, "it may be in months: the other row names its unit"


def test_a_bound_of_p_is_its_bound_where_the_protocol_says_so(tmp_path):
    unnamed = {name: {**cells, "time_unit": ""} for name, cells in CASES.items()}
    effects, members, sizes = build(tmp_path, unnamed, p_bound_to_se="always")
    assert [sizes[name] for name in ("over_time", "over_months")] == [980, 11760], "as typed"
    for name, estimate, p in [
        ("exact_p", 0.75, 0.004), *((f"p_{text}", 1.25, p) for text, p in P_BOUNDS.items()),
    ]:  # fmt: skip
        se = estimate / -NormalDist().inv_cdf(p / 2)
        assert effects[name][:2] == pytest.approx([estimate, se**2], rel=1e-6)
        assert members[name] == effects[name][:2]
