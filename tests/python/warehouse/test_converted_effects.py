"""Pools with and without effects that a conversion brings to their scale, as metafor pools them."""

from __future__ import annotations

import json
import math
from functools import partial
from statistics import NormalDist

import duckdb
import pytest

from tests.python.conftest import ROOT, append, build_warehouse
from tests.python.made_reviews import make_review

pytestmark = pytest.mark.build

GOLDEN = json.loads((ROOT / "tests/data/converted_effects/pools.json").read_text(encoding="utf-8"))
RISK = {"conversions": "declared"}
STATED = {"source": "A registry", "sort_order": "1"}
RISKS = (
    STATED | {"risk_id": "r", "outcome": "response", "risk": f"{GOLDEN['baseline_risk']:g}"},
    STATED | {"risk_id": "s", "outcome": "symptom", "risk": "0.25", "label": "waiting list"},
)
INSTRUMENT = STATED | {
    "instrument_id": "i", "condition": "stress", "outcome": "symptom", "label": "PSS-10 (0 to 40)",
    "sd": "6.5", "higher_is": "worse",
}  # fmt: skip
ANALYSIS = {
    "analysis_group": "secondary", "condition": "stress", "unit": "meta_analysis",
    "is_headline": "y", "required_scope": "overall", "selection_rule": "all",
}  # fmt: skip
ANALYSES = {
    "scores": {"outcome": "symptom", "scale": "smd"},
    "risks": {"outcome": "response", "scale": "log_risk_ratio"} | RISK,
    "odds": {"outcome": "response", "scale": "log_odds_ratio"} | RISK,
    "scores_alone": {"outcome": "symptom", "scale": "smd", "conversions": "none",
                     "is_headline": "n"},
    "scores_again": {"outcome": "symptom", "scale": "smd", "is_headline": "n"},
    "largest": {"outcome": "response", "scale": "log_risk_ratio", "condition": "anxiety",
                "is_headline": "n", "selection_rule": "largest_k"} | RISK,
    "tied": {"outcome": "response", "scale": "log_risk_ratio", "condition": "anxiety",
             "is_headline": "n"} | RISK,
}  # fmt: skip
RATIO = {"condition": "anxiety", "outcome": "response", "favourable_direction": "above_one",
         "estimate": "1.50", "ci_low": "1.20", "ci_high": "1.88"}  # fmt: skip
TIED = [
    RATIO | {"meta_analysis_id": name, "measure": measure, "n_comparisons": n}
    | {"effect_id": f"{name}_{measure}"}
    for name, measure, n in (
        ("alpha", "odds_ratio", "9"), ("beta", "risk_ratio", "9"),
        ("gamma", "odds_ratio", "5"), ("gamma", "risk_ratio", "5"),
    )
]  # fmt: skip
"""As large as one another: by its identifier each converted one would go first."""
CONVERTING = ["largest", "odds", "risks", "scores", "scores_again", "tied"]
DIRECTIONS = {"hedges_g": "positive", "odds_ratio": "above_one", "risk_ratio": "above_one"}
POLICIES = {"pooled": "recommended", "left_out": "as_reported", "cox": "cox_conversion"}


def effects() -> list[dict[str, str]]:
    """The effects that the script of the golden pools has."""
    return [
        {
            "condition": "stress",
            "effect_id": f"{row['meta_analysis']}_{row['measure']}_{row['outcome']}",
            "meta_analysis_id": row["meta_analysis"],
            "favourable_direction": DIRECTIONS[row["measure"]],
            "n_comparisons": str(row["n_comparisons"]),
        }
        | {key: row[key] for key in ("outcome", "measure", "estimate", "ci_low", "ci_high")}
        for row in GOLDEN["printed"]
    ]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("converted")
    conditions = {"stress": "Stress", "anxiety": "Anxiety"}
    sheets = make_review(folder / "sheets", conditions, [*effects(), *TIED])
    append(
        sheets / "protocol/contrasts.csv",
        *(
            {"contrast_id": "scores", "contrast_label": "Scores", "analysis_id": name}
            | {"group_label": name, "sort_order": str(order)}
            for order, name in enumerate(("scores", "scores_again"), start=1)
        ),
    )
    append(
        sheets / "protocol/analyses.csv",
        *(
            ANALYSIS | row | {"analysis_id": name, "label": name, "sort_order": str(order)}
            for order, (name, row) in enumerate(ANALYSES.items(), start=1)
        ),
    )
    append(sheets / "protocol/baseline_risks.csv", *RISKS)
    append(sheets / "protocol/instruments.csv", INSTRUMENT)
    database = build_warehouse(folder, sheets, runs_data_tests=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_the_summary_of_findings_says_smds_in_people_and_points(built):
    """Responders by Furukawa, points by the instrument, and the number that needs no risk."""
    low, d, high = built.execute(
        "select ci_low, estimate, ci_high from fct_pooled_effects "
        "where analysis_id = 'scores' and policy_id = 'recommended'"
    ).fetchone()
    cut = NormalDist().inv_cdf(0.25)
    shares = [1000 * NormalDist().cdf(value + cut) for value in (d, low, high)]
    rows = built.execute(
        "select way, label, assumed, corresponding, corresponding_low, corresponding_high, "
        "difference, difference_low, difference_high, nnt, nnt_low, nnt_high "
        "from reports.rpt_absolute_effects where analysis_id = 'scores' order by row_order"
    ).fetchall()
    near = partial(pytest.approx, rel=1e-9)
    assert rows[0][:2] == ("response", "waiting list")
    gains = [share - 250 for share in shares]
    needed = [1000 / gains[at] for at in (0, 2, 1)]
    assert rows[0][2:] == near((250, *shares, *gains, *needed))
    assert rows[1][:2] == ("points", INSTRUMENT["label"])
    assert rows[1][6:9] == near((-6.5 * d, -6.5 * high, -6.5 * low))
    assert rows[2][0] == "pairs"
    assert rows[2][9:] == near([1 / math.erf(value / 2) for value in (d, high, low)])
    assert len(rows) == 3
    notes = built.execute(
        "select cell, note from reports.rpt_findings_notes where analysis_id = 'scores' "
        "order by row_order"
    ).fetchall()
    start = "Assumed share of people who respond without the intervention, waiting list"
    assert notes[0] == ("assumed", f"{start}: A registry.")
    assert any("standard deviation of 6.5 (A registry)" in note for _, note in notes)


@pytest.mark.parametrize(
    ("analysis", "way"),
    [(analysis, way) for analysis, ways in GOLDEN["pools"].items() for way in ways],
)
def test_pools_with_and_without_converted_effects_are_those_of_metafor(built, analysis, way):
    cursor = built.execute(
        "select k, estimate, ci_low, ci_high, tau2 from fct_pooled_effects "
        "where analysis_id = ? and policy_id = ?",
        [analysis, POLICIES[way]],
    )
    found = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    golden = GOLDEN["pools"][analysis][way]
    assert found["k"] == golden["k"]
    assert found == pytest.approx(golden, rel=1e-7, abs=1e-9)


def test_members_say_by_which_conversion_they_are_there_and_through_which_risk(built):
    found = built.execute(
        "select analysis_id, effect_id, conversion, baseline_risk from fct_analysis_members "
        "where policy_id = 'recommended' and is_member and conversion is not null "
        "and analysis_id in ('odds', 'risks', 'scores') order by all"
    ).fetchall()
    assert found == [
        ("odds", "first_risk_ratio_response", "log_risk_ratio_to_log_odds_ratio", 0.2),
        ("odds", "second_risk_ratio_response", "log_risk_ratio_to_log_odds_ratio", 0.2),
        ("odds", "third_risk_ratio_response", "log_risk_ratio_to_log_odds_ratio", 0.2),
        ("risks", "both_odds_ratio_response", "log_odds_ratio_to_log_risk_ratio", 0.2),
        ("risks", "fourth_odds_ratio_response", "log_odds_ratio_to_log_risk_ratio", 0.2),
        ("scores", "fifth_odds_ratio_symptom", "log_odds_ratio_to_smd", None),
        ("scores", "fourth_odds_ratio_symptom", "log_odds_ratio_to_smd", None),
    ]


def test_without_its_converted_effect_a_meta_analysis_enters_by_another(built):
    found = built.execute(
        "select policy_id, effect_id, is_member, exclusion_reason from fct_analysis_members "
        "where analysis_id = 'risks' and meta_analysis_id = 'both' "
        "and policy_id in ('recommended', 'as_reported') order by all"
    ).fetchall()
    goes_first = "one effect per meta-analysis: both_odds_ratio_response goes first"
    assert found == [
        ("as_reported", "both_odds_ratio_response", False, "converted from another scale"),
        ("as_reported", "both_risk_ratio_response", True, None),
        ("recommended", "both_odds_ratio_response", True, None),
        ("recommended", "both_risk_ratio_response", False, goes_first),
    ]


def test_of_equally_large_ones_the_one_reported_on_the_scale_goes_first(built):
    assert built.execute(
        "select effect_id, is_tied, runner_up_id from fct_largest_meta_analyses "
        "where analysis_id = 'largest'"
    ).fetchall() == [("beta_risk_ratio", True, "alpha")]
    assert built.execute(
        "select tie_broken_by from intermediate.int_selected_members where analysis_id = 'largest' "
        "and converted_effects = 'pooled' and selection_rule = 'largest_k' and is_selected"
    ).fetchall() == [("reported on the scale",)]
    assert built.execute(
        "select effect_id from fct_analysis_members where analysis_id = 'tied' "
        "and policy_id = 'recommended' and is_member order by effect_id"
    ).fetchall() == [("alpha_odds_ratio",), ("beta_risk_ratio",), ("gamma_risk_ratio",)]
    largest = built.execute(
        "select distinct effect_ids from fct_multiverse inner join fct_multiverse_sets "
        "using (analysis_id, member_set) where analysis_id = 'tied' "
        "and selection_rule = 'largest_k'"
    ).fetchall()
    assert largest == [(["beta_risk_ratio"],)]


def test_groups_share_the_meta_analyses_that_a_policy_pools(built):
    found = built.execute(
        "select distinct policy_id = 'as_reported', n_shared_meta_analyses "
        "from fct_subgroup_contrasts where contrast_id = 'scores' order by all"
    ).fetchall()
    assert found == [(False, 5), (True, 3)]


def test_an_analysis_without_converted_effects_is_the_same_either_way(built):
    found = built.execute(
        "select estimate, ci_low, ci_high, k, n_converted_members from fct_pooled_effects "
        "where analysis_id = 'scores_alone' and policy_id in ('recommended', 'as_reported')"
    ).fetchall()
    assert len(found) == 2
    assert found[0] == found[1]
    assert found[0][-2:] == (3, 0)


def test_the_multiverse_has_the_choice_where_it_is_one(built):
    counts = dict(
        built.execute(
            "select analysis_id, map([coalesce(converted_effects, '')], [n]) from ("
            "select analysis_id, converted_effects, count(*) as n from fct_multiverse group by all"
            ") where converted_effects is distinct from 'pooled' order by all"
        ).fetchall()
    )
    alone = counts.pop("scores_alone")
    assert list(alone) == [""]
    assert counts == {key: {"left_out": alone[""]} for key in CONVERTING}
    assert built.execute(
        "select count(*) from fct_multiverse where converted_effects = 'pooled'"
    ).fetchone() == (len(CONVERTING) * alone[""],)
    assert built.execute(
        "select distinct analysis_id from fct_multiverse_choices "
        "where choice = 'converted_effects' order by all"
    ).fetchall() == [(key,) for key in CONVERTING]


def test_the_specification_without_converted_effects_is_the_policy_without(built):
    found = built.execute(
        "select others.analysis_id, others.estimate, others.ci_low, others.ci_high, others.k "
        "from fct_multiverse as own inner join fct_multiverse as others "
        "using (analysis_id, selection_rule, one_effect_rule, exclusion, or_to_smd_rule, "
        "overlap_handling, tau2_method, ci_method) "
        "where own.is_prespecified and others.converted_effects = 'left_out' order by all"
    ).fetchall()
    assert [row[0] for row in found] == CONVERTING
    for analysis, *result in found:
        [policy] = built.execute(
            "select estimate, ci_low, ci_high, k from fct_pooled_effects "
            "where analysis_id = ? and policy_id = 'as_reported'",
            [analysis],
        ).fetchall()
        assert result == pytest.approx(policy, rel=1e-10)


def test_leave_one_out_leaves_out_of_what_the_policy_pools(built):
    found = built.execute(
        "select omitted_effect_id, k, status, ci_low is not null from fct_leave_one_out "
        "where analysis_id = 'odds' and policy_id = 'as_reported' order by all"
    ).fetchall()
    assert found == [
        ("both_odds_ratio_response", 1, "single_study", True),
        ("fourth_odds_ratio_response", 1, "single_study", True),
    ]


@pytest.mark.parametrize(
    ("analysis", "text"),
    [
        ("scores", "2 of 5 effects reached this scale by a conversion: 2 from the odds ratio, "
         "assuming that the score behind the event is logistic (Cox: nearly normal), with one "
         "spread in both groups. Without them: SMD 0.39 (−0.03 to 0.82), k=3."),
        ("risks", "2 of 5 effects reached this scale by a conversion: 2 from the odds ratio, "
         "assuming that the baseline risk of the analysis is that of the people compared in every "
         "member (a risk of 0.2). Without them: RR 1.41 (1.08 to 1.86), k=4."),
    ],
)  # fmt: skip
def test_the_page_says_how_many_are_converted_and_the_result_without(built, analysis, text):
    assert built.execute(
        "select converted_text from reports.rpt_conclusions where analysis_id = ?", [analysis]
    ).fetchone() == (text,)


def test_the_policies_of_the_pages_pool_what_the_protocol_converts(tmp_path):
    sheets = make_review(tmp_path / "sheets", {"stress": "Stress"}, effects())
    append(
        sheets / "protocol/analyses.csv",
        ANALYSIS | ANALYSES["scores"] | {"analysis_id": "a", "label": "A", "sort_order": "1"},
    )
    path = sheets / "protocol/policies.csv"
    text = path.read_text(encoding="utf-8")
    head, own, tail = text.partition("REML,HK_adhoc,V,QP,0.95,hasselblad_hedges,shared_trials,,,2")
    assert own
    path.write_text(head + own.replace(",,,2", ",,left_out,2") + tail, encoding="utf-8")
    database = build_warehouse(tmp_path, sheets, selection="stg_sheet_faults")
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute(
            "select column_name, value from staging.stg_sheet_faults where sheet = 'policies'"
        ).fetchall() == [("converted_effects", "left_out")]
