"""Faults in the rows of user sheets: each is named, and nothing else is lost."""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import append, build_warehouse
from tests.python.made_reviews import switch_conversions

pytestmark = pytest.mark.build

GOOD_EFFECT = {
    "meta_analysis_id": "Heber2017", "condition": "stress", "outcome": "symptom",
    "timepoint": "post", "measure": "hedges_g", "estimate": "0.4", "ci_low": "0.2",
    "ci_high": "0.6", "ci_level": "0.95", "comparator": "waitlist", "guidance": "guided",
    "therapy": "cbt", "analysis_set": "itt", "favourable_direction": "positive",
    "synthesis_model": "random", "scope": "subgroup", "source_locator": "Table 1",
}  # fmt: skip

# (effect_id, changed cells, column at fault, severity, words of the reason, words of the remedy)
FAULTY_EFFECTS = [
    ("T_text", {"estimate": "about 0.4"}, "estimate", "reject", "not a number", "decimal mark"),
    ("T_inf", {"ci_low": "inf"}, "ci_low", "reject", "not a number", "empty cell"),
    ("T_code", {"guidance": "guidde"}, "guidance", "reject", "unknown code", "guided, mixed"),
    ("T_list", {"scope": "whole"}, "scope", "reject", "unknown code",
     "overall, parallel, subgroup"),
    ("T_required", {"comparator": "  "}, "comparator", "reject", "missing", "value"),
    ("T_negative", {"n_total": "-12"}, "n_total", "reject", "range", "at least 1"),
    ("T_fraction", {"n_comparisons": "4.5"}, "n_comparisons", "reject", "whole", "whole"),
    ("T_p", {"p_operator": "=", "p_value": "1.2"}, "p_value", "reject", "range", "0 to 1"),
    ("T_huge", {"n_total": "1e30"}, "n_total", "reject", "range", "2147483647"),
    ("T_vast", {"ci_high": "1e300"}, "ci_high", "reject", "range", "1e+09"),
    ("T_underscore", {"n_comparisons": "1_0"}, "n_comparisons", "reject", "number", "empty cell"),
    ("T_tiny", {"ci_low": "", "ci_high": "", "ci_level": "", "se": "1e-200"}, None, "", "", ""),
    ("T_percent", {"i2": "104"}, "i2", "reject", "range", "0 to 100"),
    ("T_flag", {"flags": "composite_outcome; odd"}, "flags", "reject", "flag", "check_source"),
    ("T_parent", {"meta_analysis_id": "Nobody1999"}, "meta_analysis_id", "reject", "reference",
     "meta_analyses.meta_analysis_id"),
    ("T_swapped", {"ci_low": "0.6", "ci_high": "0.2"}, "ci_low", "impossible", "above the upper",
     "swapped"),
    ("T_outside", {"estimate": "0.9"}, "estimate", "impossible", "outside", None),
    ("T_point", {"ci_low": "0.4", "ci_high": "0.4"}, "ci_high", "not_poolable", "width", "above"),
    ("T_half", {"ci_high": ""}, "ci_high", "not_poolable", "one limit", "both"),
    ("T_level", {"ci_level": ""}, "ci_level", "not_poolable", "level", "0.95"),
    ("T_side", {"measure": "odds_ratio"}, "favourable_direction", "not_poolable", "direction",
     "above_one"),
    ("T_zero", {"measure": "odds_ratio", "favourable_direction": "above_one", "ci_low": "0"},
     "ci_low", "not_poolable", "above zero", "rounded to zero"),
    ("T_arms", {"n_intervention": "50", "n_control": "60", "n_total": "100"}, "n_total",
     "impossible", "fewer", None),
]  # fmt: skip


ANALYSIS = {
    "label": "Test", "analysis_group": "dropout", "condition": "stress", "outcome": "symptom",
    "unit": "meta_analysis", "scale": "smd", "required_scope": "any", "selection_rule": "all",
    "sort_order": "9000",
}  # fmt: skip

# (analysis_id, changed cells, column at fault)
POLICY = {
    "label": "T", "description": "T", "tau2_method": "DL", "ci_method": "z", "pi_method": "V",
    "tau2_ci_method": "QP", "ci_level": "0.9", "or_to_smd_rule": "cox",
    "overlap_handling": "none", "sort_order": "9",
}  # fmt: skip
BORROWED = "an interval whose theory belongs to another estimator than DL"
FAULTY_POLICIES = [
    ("t_certain", {"ci_level": "1"}, "ci_level", "not a confidence level"),
    ("t_mean", {"ci_method": "KR"}, "ci_method", BORROWED),
    ("t_likelihood", {"ci_method": "PL"}, "ci_method", BORROWED),
    ("t_prediction", {"pi_method": "KR"}, "pi_method", BORROWED),
    ("t_variance", {"tau2_ci_method": "PL"}, "tau2_ci_method", BORROWED),
    (
        "t_correlated",
        {"ci_method": "HK_ci", "overlap_handling": "shared_trials"},
        "ci_method",
        "not available for correlated meta-analyses",
    ),
    (
        "t_no_default",
        {"overlap_handling": "shared_trials_or_default"},
        "default_correlation",
        "a default correlation goes with shared_trials_or_default, and only with it",
    ),
    (
        "t_needless",
        {"default_correlation": "0.2"},
        "default_correlation",
        "a default correlation goes with shared_trials_or_default, and only with it",
    ),
]
FAULTY_CHOICES = [
    ("exclusion", "t_moon"),
    ("ci_method", "KR"),
    ("selection_rule", "non_overlapping"),
]
FAULTY_RISKS = [
    ("T_none", {}, "risk", "neither a risk nor a rate"),
    ("T_both", {"risk": "0.2", "rate": "3", "rate_unit": "per 100 person-years"}, "risk",
     "a risk and a rate in one row"),
    ("T_certain", {"risk": "1"}, "risk", "a risk at which nothing can change"),
    ("T_still", {"rate": "0", "rate_unit": "per 100 person-years"}, "rate",
     "a rate at which nothing can change"),
    ("T_timeless", {"rate": "3"}, "rate_unit", "a rate without its person-time"),
    ("T_rateless", {"risk": "0.2", "rate_unit": "per 100 person-years"}, "rate_unit",
     "a person-time without its rate"),
]  # fmt: skip
FAULTY_ANALYSES = [
    ("T_therapy", {"scale": "logit", "outcome": "dropout", "therapy": "cbt"}, "therapy"),
    ("T_scope", {"scale": "logit", "outcome": "dropout", "required_scope": "overall"},
     "required_scope"),
    ("T_months", {"months_band": "under_3"}, "months_band"),
    ("T_unit", {"unit": "patient"}, "unit"),
    ("T_claim", {"claim_id": "C003"}, "claim_id"),
    ("T_no_condition", {"analysis_group": "condition", "condition": ""}, "condition"),
    ("T_second", {"analysis_group": "condition", "condition": "ptsd"}, "condition"),
    ("T_marked", {"is_headline": "y", "condition": ""}, "condition"),
    ("T_maybe", {"is_headline": "maybe"}, "is_headline"),
    ("T_word", {"condition": "t_unnamed"}, "condition"),
]  # fmt: skip


@pytest.fixture(scope="module")
def faulty(tmp_path_factory, shipped_sheets):
    """Warehouse of the shipped sheets with faulty rows appended, and the number of raw rows."""
    import shutil

    folder = tmp_path_factory.mktemp("faulty")
    sheets = Path(shutil.copytree(shipped_sheets, folder / "sheets"))
    extraction = sheets / "extraction"
    # A limit that was rounded to zero is a fault where the upper one may not stand for both.
    switch_conversions(sheets, upper_limit_to_se="never")
    equal = GOOD_EFFECT | {"subtype": "T_equal"}
    good = GOOD_EFFECT | {"effect_id": "T_good", "meta_analysis_id": "T2020"}
    append(
        extraction / "reported_effects.csv",
        *(GOOD_EFFECT | {"effect_id": name} | cells for name, cells, *_ in FAULTY_EFFECTS),
        good | {"estimate": " 0.4\u00a0"},
        good,
        GOOD_EFFECT
        | {"effect_id": "T_odds", "meta_analysis_id": "T2021", "measure": "odds_ratio",
           "estimate": "0.5", "ci_low": "0.4", "ci_high": "0.625",
           "favourable_direction": "below_one", "subtype": "T_subtype",
           "notes": '#hash, "quote" and\nline'},
        GOOD_EFFECT | {"effect_id": "T_orphan", "meta_analysis_id": "T_bad"},
        equal | {"effect_id": "T_equal_1", "meta_analysis_id": "T2020"},
        equal | {"effect_id": "T_equal_2", "meta_analysis_id": "T2021", "ci_low": "0.3",
                 "ci_high": "0.5"},
    )  # fmt: skip
    paper = {"delivery": "website", "source_kind": "abstract"}
    append(
        extraction / "meta_analyses.csv",
        paper | {"meta_analysis_id": "T2020", "eligibility": "included"},
        paper | {"meta_analysis_id": "T2021", "eligibility": "included"},
        paper | {"meta_analysis_id": "T_bad", "eligibility": "excluded"},
    )
    append(
        extraction / "reported_rates.csv",
        {"rate_id": "T_events", "meta_analysis_id": "T2020", "condition": "stress",
         "outcome": "dropout", "definition": "left", "arm": "intervention", "guidance": "guided",
         "events": "30", "total": "20", "comparator": "waitlist", "source_locator": "Table 2"},
        {"rate_id": "T_flagged", "meta_analysis_id": "T2020", "condition": "stress",
         "outcome": "dropout", "definition": "left", "arm": "intervention", "guidance": "guided",
         "events": "18", "total": "20", "comparator": "waitlist", "source_locator": "Table 2",
         "flags": "value_implausible"},
    )  # fmt: skip
    append(
        extraction / "adjudications.csv",
        {"effect_id": "T_good", "field": "guidance", "adjudicated_value": "perhaps", "basis": "x"},
        {"effect_id": "T_good", "field": "n_total", "adjudicated_value": "1e30", "basis": "x"},
        {"effect_id": "T_good", "field": "estimate", "adjudicated_value": "1e30", "basis": "x"},
        {"effect_id": "T_orphan", "field": "guidance", "adjudicated_value": "guided", "basis": "x"},
    )
    append(
        sheets / "vocabulary/measures.csv",
        {"code": "t_peto_ratio", "label": "Peto ratio", "family": "ratio", "log_scale": "n",
         "converts_to_smd": "y"},
    )  # fmt: skip
    append(sheets / "vocabulary/conditions.csv", {"code": "t_unnamed"})
    append(
        sheets / "vocabulary/guidances.csv",
        {"code": "t_supported", "label": "Supported", "role": "guided"},
        {"code": "t_odd", "label": "Odd", "role": "assisted"},
    )
    append(
        sheets / "protocol/policies.csv",
        *(POLICY | {"policy_id": name} | cells for name, cells, *_ in FAULTY_POLICIES),
        POLICY | {"policy_id": "t_kenward", "tau2_method": "REML", "ci_method": "KR",
                  "pi_method": "KR_PR", "tau2_ci_method": "PL"},
    )  # fmt: skip
    choice = {"label": "T", "description": "T", "sort_order": "9"}
    append(
        sheets / "protocol/multiverse_choices.csv",
        *(choice | {"choice": name, "option": option} for name, option in FAULTY_CHOICES),
    )
    figure = {"figure_kind": "forest", "title": "T", "subtitle": "T", "measure": "SMD"}
    append(
        sheets / "protocol/figures.csv",
        figure | {"figure_id": "t_empty", "sort_order": "901"},
        figure | {"figure_id": "t_curve", "figure_kind": "multiverse", "sort_order": "902"},
        figure | {"figure_id": "t_bare", "figure_kind": "grade_criteria", "sort_order": "903"},
        figure | {"figure_id": "t_grades", "figure_kind": "grade_criteria", "sort_order": "904"},
        figure | {"figure_id": "t_funnel", "figure_kind": "funnel", "sort_order": "905"},
        figure | {"figure_id": "t_rows", "sort_order": "906", "rows_by": "size"},
        figure
        | {
            "figure_id": "t_map",
            "figure_kind": "evidence_map",
            "sort_order": "907",
            "rows_by": "effect",
        },
    )
    append(
        sheets / "protocol/figure_blocks.csv",
        {"figure_id": "forest_ptsd", "analysis_id": "dropout_ptsd", "block_label": "T",
         "sort_order": "9"},
        {"figure_id": "dropout_stress", "analysis_id": "dropout_ocd", "block_label": "T",
         "sort_order": "9"},
        {"figure_id": "dropout_stress", "analysis_id": "dropout_overall", "block_label": "T",
         "sort_order": "9"},
        {"figure_id": "t_grades", "analysis_id": "ptsd_active", "block_label": "T",
         "sort_order": "9"},
        {"figure_id": "t_rows", "analysis_id": "ptsd_active", "block_label": "T",
         "sort_order": "9"},
    )  # fmt: skip
    append(
        sheets / "protocol/contrasts.csv",
        {"contrast_id": "guidance_ptsd", "contrast_label": "T", "analysis_id": "response_ocd",
         "group_label": "T", "sort_order": "9"},
        {"contrast_id": "T_pair", "contrast_label": "T", "analysis_id": "T_equal",
         "group_label": "Equal", "sort_order": "1"},
        {"contrast_id": "T_pair", "contrast_label": "T", "analysis_id": "T_one_odds_ratio",
         "group_label": "One", "sort_order": "2"},
    )  # fmt: skip
    append(
        sheets / "protocol/analyses.csv",
        *(ANALYSIS | {"analysis_id": name} | cells for name, cells, _ in FAULTY_ANALYSES),
        ANALYSIS | {"analysis_id": "T_one_odds_ratio", "subtype": "T_subtype"},
        ANALYSIS | {"analysis_id": "T_equal", "subtype": "T_equal"},
    )
    item = {"section": "T", "topic": "T", "asks_for": "T", "sort_order": "9000"}
    append(
        sheets / "protocol/prior_items.csv",
        item | {"item": "T_script", "shown_at": "index.html; javascript:alert(1)"},
        item | {"item": "T_1", "shown_at": "index.html; methods.html#section-policies"},
        item | {"item": "T_2", "shown_at": "data/dim_meta_analyses.csv"},
    )
    append(
        sheets / "extraction/prior_answers.csv",
        {"item": "T_99", "answered_in": "not_done"},
        {"item": "T_1", "answered_in": "published_review"},
        {"item": "T_2", "answered_in": "not_done", "place": "Methods"},
    )
    risk = {"outcome": "dropout", "source": "T", "sort_order": "9000"}
    append(
        sheets / "protocol/baseline_risks.csv",
        *(risk | {"risk_id": name} | cells for name, cells, *_ in FAULTY_RISKS),
        risk | {"risk_id": "T_fine", "rate": "12", "rate_unit": "per 1000 person-years"},
    )
    append(
        sheets / "protocol/instruments.csv",
        {"instrument_id": "T_flat", "outcome": "symptom", "label": "T", "sd": "0",
         "higher_is": "worse", "source": "T", "sort_order": "9000"},
    )  # fmt: skip
    rule = {"quantity": "share", "rule_order": "9000", "verdict": "not_tested", "sentence": "T."}
    append(
        sheets / "protocol/replication_rules.csv",
        rule | {"rule_id": "t_moon", "facts": "has_result;not t_moon"},
        rule | {"rule_id": "t_of_effects", "facts": "intervals_meet"},
        rule | {"rule_id": "t_of_all", "quantity": "any", "facts": "ours_is_wide"},
        rule | {"rule_id": "t_fine", "facts": "has_result; not ours_is_wide"},
    )
    conclusion = {"conclusion_id": "L01", "test": "above", "operand_a": "anxiety"}
    append(
        sheets / "published/published_conclusion_tests.csv",
        conclusion | {"test_order": "91", "operand_b": "ptsd"},
        conclusion | {"test_order": "92", "operand_b": "t_moon"},
        conclusion | {"test_order": "93"},
        conclusion | {"test_order": "94", "operand_b": "ptsd", "value": "small"},
        conclusion | {"test_order": "95", "test": "t_kind", "operand_b": "ptsd"},
    )
    decided = {"sheet": "meta_analyses", "reason": "T", "source_locator": "T"}
    append(
        sheets / "extraction/corrections.csv",
        decided | {"row_id": "Twomey2020", "column_name": "year", "new_value": "2019"},
        decided | {"row_id": "T_nobody", "column_name": "year", "new_value": "2019"},
        decided | {"row_id": "Twomey2020", "column_name": "t_no_column", "new_value": "2019"},
    )
    relation = {"relation": "updates", "basis": "stated", "reason": "T", "source_locator": "T"}
    append(
        sheets / "extraction/ma_relations.csv",
        relation | {"meta_analysis_id": "Twomey2017", "related_id": "Twomey2020"},
        relation | {"meta_analysis_id": "Pang2021", "related_id": "Pang2021"},
        relation | {"meta_analysis_id": "T_nobody", "related_id": "Pang2021"},
        relation | {"meta_analysis_id": "Zhou2016", "related_id": "Pang2021", "relation": "t_odd"},
    )
    database = build_warehouse(folder, sheets, runs_data_tests=True, is_draft=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_assumed_risks_and_instruments_are_checked(faulty):
    found = faulty.execute(
        "select row_id, column_name, reason from fct_rejected_rows "
        "where sheet in ('baseline_risks', 'instruments') and severity = 'reject' order by 1"
    ).fetchall()
    expected = [(name, *rest) for name, _, *rest in FAULTY_RISKS]
    assert found == sorted([*expected, ("T_flat", "sd", "a standard deviation of nothing")])


def test_some_figures_need_exactly_one_analysis(faulty):
    found = faulty.execute(
        "select row_id, column_name, severity from fct_rejected_rows "
        "where reason = 'a figure of this kind shows one analysis' order by row_id"
    ).fetchall()
    assert found == [
        ("t_bare", "figure_id", "reject"),
        ("t_curve", "figure_id", "reject"),
        ("t_funnel", "figure_id", "reject"),
    ]


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTY_EFFECTS if fault[3] == "impossible"], ids=lambda f: f[0]
)
def test_what_is_impossible_is_a_finding_and_in_no_pool(faulty, fault):
    effect_id, _, column, severity, why, candidate = fault
    (found,) = faulty.execute(
        "select column_names, why, candidate, is_poolable from fct_findings as findings "
        "inner join fct_effects as effects on findings.row_id = effects.effect_id "
        "where findings.sheet = 'reported_effects' and row_id = ? and findings.severity = ?",
        [effect_id, severity],
    ).fetchall()
    assert column in found[0].split(", ")
    assert why in found[1]
    assert candidate is None or candidate in found[2]
    assert found[3] is False


@pytest.mark.parametrize(
    "fault",
    [fault for fault in FAULTY_EFFECTS if fault[2] and fault[3] != "impossible"],
    ids=lambda fault: fault[0],
)
def test_each_fault_names_row_column_value_and_remedy(faulty, fault):
    effect_id, cells, column, severity, reason, remedy = fault
    found = faulty.execute(
        "select column_name, severity, reason, expected, value, row_number "
        "from fct_rejected_rows where sheet = 'reported_effects' and row_id = ? "
        "order by severity desc",
        [effect_id],
    ).fetchall()
    assert (found[0][0], found[0][1]) == (column, severity)
    # A limit that cannot be read also leaves the other one alone.
    assert len(found) == (2 if effect_id == "T_inf" else 1)
    _, _, found_reason, found_remedy, value, row_number = found[0]
    assert reason in found_reason
    assert remedy in found_remedy
    if cells.get(column, "").strip():
        assert cells[column] in value or float(cells[column]) == float(value.split()[0])
    typed = faulty.execute(
        "select value from fct_sheet_cells where sheet = 'reported_effects' "
        "and row_number = ? and column_name = 'effect_id'",
        [row_number],
    ).fetchone()
    assert typed == (effect_id,)


def test_rejected_rows_are_gone_and_doubtful_ones_kept(faulty):
    kept = {
        row[0]: row[1]
        for row in faulty.execute(
            "select effect_id, is_poolable from fct_effects where starts_with(effect_id, 'T_')"
        ).fetchall()
    }
    doubtful = {name for name, _, _, severity, *_ in FAULTY_EFFECTS if severity != "reject"}
    usable = ("T_good", "T_odds", "T_equal_1", "T_equal_2")
    assert kept == dict.fromkeys(doubtful, False) | dict.fromkeys(usable, True)


def test_a_repeated_key_rejects_the_later_row_only(faulty):
    found = faulty.execute(
        "select reason from fct_rejected_rows "
        "where sheet = 'reported_effects' and row_id = 'T_good'"
    ).fetchall()
    assert len(found) == 1
    assert found[0][0].startswith("repeats the key of row ")


def test_rows_that_refer_to_a_rejected_row_go_with_it(faulty):
    found = faulty.execute(
        "select sheet, row_id, reason from fct_rejected_rows where reason like 'refers to%' "
        "order by sheet"
    ).fetchall()
    assert [(sheet, row_id) for sheet, row_id, _ in found] == [
        ("adjudications", "T_orphan / guidance"),
        ("analyses", "T_word"),
        ("figure_blocks", "t_rows / ptsd_active"),
        ("reported_effects", "T_orphan"),
    ]


@pytest.mark.parametrize(
    ("sheet", "row_id", "column", "reason"),
    [
        ("meta_analyses", "T_bad", "exclusion_reason", "excluded without a reason"),
        ("reported_rates", "T_events", "events", "more events than participants"),
        ("adjudications", "T_good / guidance", "adjudicated_value", "not a value that guidance"),
        ("adjudications", "T_good / n_total", "adjudicated_value", "not a value that n_total"),
        ("adjudications", "T_good / estimate", "adjudicated_value", "not a value that estimate"),
        ("measures", "t_peto_ratio", "converts_to_smd", "a ratio without a known conversion"),
        *[("analyses", name, column, "") for name, _, column in FAULTY_ANALYSES],
        ("replication_rules", "t_moon", "facts", "names a fact that is not known"),
        ("replication_rules", "t_of_effects", "facts", "names a fact that is not known"),
        ("replication_rules", "t_of_all", "facts", "names a fact that is not known"),
        ("published_conclusion_tests", "L01 / 92", "operand_b", "nothing has this name"),
        ("published_conclusion_tests", "L01 / 93", "operand_b", "a test of this kind needs it"),
        ("published_conclusion_tests", "L01 / 94", "value", "a test of this kind does not need it"),
        ("published_conclusion_tests", "L01 / 95", "test", "unknown reference"),
        ("conditions", "t_unnamed", "label", "required value is missing"),
        ("guidances", "t_supported", "role", "another row has this role"),
        ("guidances", "t_odd", "role", "unknown code"),
        *[("policies", name, column, reason) for name, _, column, reason in FAULTY_POLICIES],
        ("multiverse_choices", "exclusion / t_moon", "option", "not an option of exclusion"),
        ("multiverse_choices", "ci_method / KR", "option", "not an option of ci_method"),
        ("multiverse_choices", "selection_rule / non_overlapping", "option", "not a selection"),
        ("figures", "t_empty", "figure_id", "a forest figure without blocks"),
        ("figures", "t_bare", "figure_id", "a figure of this kind shows one analysis"),
        ("figure_blocks", "forest_ptsd / dropout_ptsd", "analysis_id", "the scale of the analysis"),
        ("figure_blocks", "dropout_stress / dropout_ocd", "analysis_id", "a dropout figure with"),
        ("figure_blocks", "dropout_stress / dropout_overall", "analysis_id", "a dropout figure"),
        ("figures", "t_funnel", "figure_id", "a figure of this kind shows one analysis"),
        ("figures", "t_rows", "rows_by", "unknown code"),
        ("figures", "t_map", "rows_by", "only rows of a forest have an order"),
        ("figure_blocks", "t_grades / ptsd_active", "analysis_id", "the grades of this analysis"),
        ("contrasts", "guidance_ptsd / response_ocd", "analysis_id", "groups of one contrast"),
        ("corrections", "meta_analyses / Twomey2020 / year", "new_value", "the cell holds"),
        ("corrections", "meta_analyses / T_nobody / year", "row_id", "not one cell"),
        ("corrections", "meta_analyses / Twomey2020 / t_no_column", "row_id", "not one cell"),
        ("ma_relations", "Twomey2017 / Twomey2020", "related_id", "row 16 has the same pair"),
        ("ma_relations", "Pang2021 / Pang2021", "related_id", "a meta-analysis related to itself"),
        ("ma_relations", "T_nobody / Pang2021", "meta_analysis_id", "unknown reference"),
        ("ma_relations", "Zhou2016 / Pang2021", "relation", "unknown reference"),
        ("prior_items", "T_script", "shown_at", "not a list of addresses on the site"),
        ("prior_answers", "T_99", "item", "unknown reference"),
        ("prior_answers", "T_1", "place", "an answer without its place"),
        ("prior_answers", "T_2", "place", "a place without an answer"),
    ],
)
def test_faults_of_other_sheets(faulty, sheet, row_id, column, reason):
    found = faulty.execute(
        "select column_name, reason from fct_rejected_rows where sheet = ? and row_id = ?",
        [sheet, row_id],
    ).fetchall()
    assert [row[0] for row in found] == [column]
    assert found[0][1].startswith(reason)


def test_no_row_is_lost(faulty):
    n_cells, n_states = faulty.execute(
        "select (select count(*) from raw.reported_effects), "
        "(select count(*) from fct_row_dispositions where sheet = 'reported_effects')"
    ).fetchone()
    assert n_cells == n_states == 618 + len(FAULTY_EFFECTS) + 6


def test_an_odds_ratio_below_one_becomes_a_favourable_smd(faulty):
    row = faulty.execute(
        "select yi_smd, vi_smd, yi_smd_cox, vi_smd_cox, notes from fct_effects "
        "where effect_id = 'T_odds'"
    ).fetchone()
    log_odds = math.log(2)
    variance = (math.log(0.625 / 0.4) / (2 * 1.959963984540054)) ** 2
    factor = math.sqrt(3) / math.pi
    assert row[:4] == pytest.approx(
        (log_odds * factor, variance * factor**2, log_odds / 1.65, variance / 1.65**2), rel=1e-12
    )
    assert row[4] == '#hash, "quote" and\nline'


def test_a_single_converted_odds_ratio_has_limits_of_its_own_under_the_cox_policy(faulty):
    limits = {
        policy: (estimate, low, high)
        for policy, estimate, low, high in faulty.execute(
            "select policy_id, estimate, ci_low, ci_high from fct_pooled_effects "
            "where analysis_id = 'T_one_odds_ratio'"
        ).fetchall()
    }
    reported = [math.log(2), math.log(1 / 0.625), math.log(1 / 0.4)]
    assert limits["cox_conversion"] == pytest.approx([x / 1.65 for x in reported], rel=1e-12)
    assert limits["recommended"] == pytest.approx(
        [x * math.sqrt(3) / math.pi for x in reported], rel=1e-12
    )


def test_equal_estimates_have_no_plain_hartung_knapp_error_and_break_nothing(faulty):
    found = {
        policy: row
        for policy, *row in faulty.execute(
            "select policy_id, status, estimate, se, p_value from fct_pooled_effects "
            "where analysis_id = 'T_equal'"
        ).fetchall()
    }
    assert found["hartung_knapp"] == ["no_variation", pytest.approx(0.4), 0, None]
    assert found["recommended"][2] > 0
    without = faulty.execute(
        "select status, groups_without_data from fct_subgroup_contrasts "
        "where contrast_fit_id = 'T_pair:hartung_knapp'"
    ).fetchone()
    assert without == ("single_study", "Equal")


def test_a_policy_may_ask_for_any_method_of_pool(faulty):
    rows = faulty.execute(
        """
        select
            count(*) as n,
            count_if(pooled.estimate = other.estimate) as n_same_estimate,
            count_if(pooled.df != other.df) as n_other_df,
            count_if(pooled.tau2_ci_high != other.tau2_ci_high) as n_other_tau2_limit
        from fct_pooled_effects as pooled
        inner join fct_pooled_effects as other
            on pooled.analysis_id = other.analysis_id and other.policy_id = 'independent'
        where pooled.policy_id = 't_kenward' and pooled.k > 2 and other.tau2 > 0
        """
    ).fetchall()
    assert len(set(rows[0])) == 1, rows
    assert rows[0][0] > 10


def test_a_flag_bars_a_rate_from_pooling(faulty):
    row = faulty.execute(
        "select is_poolable, not_poolable_reason from fct_rates where rate_id = 'T_flagged'"
    ).fetchone()
    assert row == (False, "flag: value_implausible")


def test_a_cell_with_stray_spaces_is_read(faulty):
    assert faulty.execute(
        "select yi_smd from fct_effects where effect_id = 'T_good'"
    ).fetchone() == (0.4,)
