"""`umbrella outline` declares what an extraction asks for and leaves existing rows alone."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.python.made_reviews import make_review
from umbrella.project import project_dir
from umbrella.text import within_sentence

WRITTEN = ("analyses", "contrasts", "figures", "figure_blocks")
BESIDES = {"label", "claim_id", "count_id", "sort_order"}
# What the shipped protocol has beyond the pattern: parts of a condition, trials, published claims
# without a counterpart in this extraction, subgroups and times of at most one meta-analysis,
# response at follow-up, ratios of dropout by comparator or over all conditions, and rates by
# definition, delivery, or arm of one condition.
SHIPPED_ONLY = {
    "depression_severe", "cannabis_guided", "cannabis_unguided", "therapy_psychodynamic",
    "therapy_behavioural_activation", "dropout_anxiety", "dropout_stress", "dropout_ocd",
    "dropout_personality_disorder_trials",
    "adherence_depression_trials", "addiction_alcohol", "addiction_cannabis", "addiction_gambling",
    "dropout_relative_depression_inactive", "dropout_relative_depression_active",
    "dropout_relative_odds", "dropout_relative_risk",
    "dropout_left_study", "dropout_definition_not_stated", "dropout_app", "dropout_website",
    "dropout_arm_not_stated", "dropout_depression_control", "dropout_ptsd_control",
    "dropout_suicidal_ideation_control", "adherence_average_share", "adherence_at_least_80_percent",
    "adherence_gave_data_trials", "adherence_gave_data_trials_control",
    "delivery_social_media", "suicidal_ideation_follow_up", "addiction_follow_up_6_to_11",
    "anxiety_follow_up_under_3", "depression_follow_up_under_3", "stress_follow_up_3_to_5",
    "response_suicidal_ideation_follow_up",
}  # fmt: skip
# What excluded meta-analyses alone report, or arms of unknown kind.
NOT_POOLED = {
    "remission_addiction", "completers", "itt", "therapy_act", "therapy_psychoeducation",
    "stress_active", "stress_inactive", "dropout_addiction",
}  # fmt: skip
# A second meta-analysis gives guided interventions for PTSD and the combined therapy at follow-up
# only; unguided interventions alone make no contrast.
ONE_AFTER_TREATMENT = {"ptsd_guided", "ptsd_unguided", "therapy_cbt_combined"}
# The published review has a risk ratio of remission, this extraction odds ratios.
OTHERWISE = {"remission_anxiety": {"scale"}}
# The largest of one meta-analysis is that one.
OF_ONE = {"largest_personality_disorder"}
# Attentional bias modification is not in the published review, nor are these outcomes and scales.
OUTLINED_ONLY = {
    "anxiety_attentional_bias_modification", "therapy_attentional_bias_modification",
    "deterioration_depression", "deterioration_depression_rr", "satisfaction_depression",
    "remission_anxiety_rr", "remission_percent_anxiety", "deterioration_percent_depression",
    "dropout_relative_depression_rr",
}  # fmt: skip


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "protocol" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keep_header(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


@pytest.fixture
def undeclared(sheets: Path) -> Path:
    """The shipped sheets without analyses, contrasts and figures."""
    for name in WRITTEN:
        keep_header(sheets / "protocol" / f"{name}.csv")
    return sheets


def test_the_shipped_extraction_asks_for_the_shipped_analyses(invoke, undeclared):
    result = invoke("outline", "--sheets", undeclared)
    assert result.exit_code == 0, result.stderr
    made = {row["analysis_id"]: row for row in rows(undeclared, "analyses")}
    shipped = {row["analysis_id"]: row for row in rows(project_dir() / "seeds", "analyses")}
    assert set(shipped) - set(made) == SHIPPED_ONLY | ONE_AFTER_TREATMENT | NOT_POOLED | OF_ONE
    assert set(made) - set(shipped) == OUTLINED_ONLY
    for name in set(made) & set(shipped):
        for column in set(shipped[name]) - BESIDES - OTHERWISE.get(name, set()):
            assert made[name][column] == shipped[name][column], (name, column)


def test_every_block_and_contrast_names_an_analysis(invoke, undeclared):
    invoke("outline", "--sheets", undeclared)
    known = {row["analysis_id"] for row in rows(undeclared, "analyses")}
    figures = {row["figure_id"]: row for row in rows(undeclared, "figures")}
    blocks, contrasts = rows(undeclared, "figure_blocks"), rows(undeclared, "contrasts")
    assert len(figures) == len(rows(undeclared, "figures"))
    assert {row["analysis_id"] for row in [*blocks, *contrasts]} <= known
    assert {row["figure_id"] for row in blocks} <= set(figures)
    named = {row["contrast_id"] for row in contrasts}
    assert {row["contrast_id"] for row in figures.values()} - {""} == named
    kinds = {row["figure_kind"] for row in figures.values()}
    shipped = {row["figure_kind"] for row in rows(project_dir() / "seeds", "figures")}
    assert kinds == shipped


@pytest.mark.build
def test_what_is_outlined_passes_the_check_of_every_row(invoke, undeclared):
    # A conclusion is tested by analyses that its own review declares.
    keep_header(undeclared / "published" / "published_conclusion_tests.csv")
    invoke("outline", "--sheets", undeclared)
    result = invoke("check", "--sheets", undeclared)
    assert result.exit_code == 0, result.stderr


def test_what_the_sheets_do_not_hold_has_no_figure(invoke, undeclared):
    for name in ("second_extraction", "quality_ratings", "study_inclusion", "reported_rates"):
        keep_header(undeclared / "extraction" / f"{name}.csv")
    keep_header(undeclared / "published" / "published_claims.csv")
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    kinds = {row["figure_kind"] for row in rows(undeclared, "figures")}
    assert kinds.isdisjoint({"agreement", "quality", "overlap", "dropout", "audit"})


def change_effects(sheets: Path, change: Callable[[dict[str, str]], dict[str, str] | None]) -> None:
    """Write each effect as `change` returns it; those that are None are left out."""
    path = sheets / "extraction" / "reported_effects.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        changed = [change(row) for row in reader]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in changed if row)


def groups(sheets: Path) -> set[str]:
    return {row["analysis_group"] for row in rows(sheets, "analyses")}


def months_figures(sheets: Path) -> dict[str, list[tuple[str, str]]]:
    """Blocks of the figures of effects over months."""
    kinds = {row["figure_id"]: row["figure_kind"] for row in rows(sheets, "figures")}
    blocks: dict[str, list[tuple[str, str]]] = {}
    for row in rows(sheets, "figure_blocks"):
        if kinds[row["figure_id"]] == "months":
            block = (row["analysis_id"], row["block_label"])
            blocks.setdefault(row["figure_id"], []).append(block)
    return blocks


def test_effects_over_months_begin_after_treatment(invoke, undeclared):
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    made = months_figures(undeclared)
    assert made["months_stress"] == [
        ("stress", "After treatment"),
        ("stress_follow_up", "At follow-up"),
        ("stress_follow_up_under_3", "At follow-up"),
    ]
    assert [analysis for analysis, _ in made["months"]] == [
        "follow_up", "follow_up_under_3", "follow_up_3_to_5", "follow_up_6_to_11",
        "follow_up_12_or_more",
    ]  # fmt: skip


def test_a_band_begins_at_its_lower_bound(invoke, undeclared):
    change_effects(undeclared, lambda row: row | {"follow_up_months": "6"})
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    bands = {row["months_band"] for row in rows(undeclared, "analyses")}
    assert bands == {"", "6_to_11"}


@pytest.mark.parametrize("months", ["", "half a year"])
def test_months_that_are_no_number_are_in_no_band(months, invoke, undeclared):
    change_effects(undeclared, lambda row: row | {"follow_up_months": months})
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    made = rows(undeclared, "analyses")
    assert "follow_up" in {row["analysis_id"] for row in made}
    assert {row["months_band"] for row in made} == {""}


def test_without_follow_up_nothing_is_over_months(invoke, undeclared):
    change_effects(undeclared, lambda row: row if row["timepoint"] == "post" else None)
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    assert {"condition", "guidance", "delivery"} <= groups(undeclared)
    assert "follow_up" not in groups(undeclared)
    assert months_figures(undeclared) == {}


def test_what_is_said_at_follow_up_only_makes_no_subgroup(invoke, undeclared):
    def guided_later(row: dict[str, str]) -> dict[str, str]:
        return row | {"timepoint": "follow_up"} if row["guidance"] == "guided" else row

    change_effects(undeclared, guided_later)
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    assert "guidance" not in groups(undeclared)
    assert "therapy" in groups(undeclared)


def test_a_delivery_parts_the_pools_of_whole_meta_analyses(invoke, undeclared):
    change_effects(undeclared, lambda row: row | {"scope": "subgroup"})
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    assert "delivery" not in groups(undeclared)
    assert "guidance" in groups(undeclared)


def test_one_condition_is_not_compared_across(invoke, undeclared):
    change_effects(undeclared, lambda row: row if row["condition"] == "stress" else None)
    keep_header(undeclared / "extraction" / "reported_rates.csv")
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    assert {row["condition"] for row in rows(undeclared, "analyses")} == {"stress"}


@pytest.mark.parametrize("name", WRITTEN)
def test_rows_that_are_there_stay(name, invoke, undeclared):
    path = undeclared / "protocol" / f"{name}.csv"
    path.write_bytes((project_dir() / "seeds" / "protocol" / f"{name}.csv").read_bytes())
    before = {p: p.read_bytes() for p in (undeclared / "protocol").iterdir()}
    result = invoke("outline", "--sheets", undeclared)
    assert result.exit_code == 1
    assert f"protocol/{name}.csv: there are rows already" in result.stderr
    assert {p: p.read_bytes() for p in (undeclared / "protocol").iterdir()} == before


def test_an_extraction_without_effects_is_named(invoke, undeclared):
    keep_header(undeclared / "extraction" / "reported_effects.csv")
    keep_header(undeclared / "extraction" / "reported_rates.csv")
    result = invoke("outline", "--sheets", undeclared)
    assert result.exit_code == 1
    assert "reported_effects.csv" in result.stderr


def test_a_sheet_that_cannot_be_read_is_named(invoke, undeclared):
    effects = undeclared / "extraction" / "reported_effects.csv"
    text = effects.read_text(encoding="utf-8")
    effects.write_text(text.replace("condition,", "conditoin,", 1), encoding="utf-8")
    result = invoke("outline", "--sheets", undeclared)
    assert result.exit_code == 1
    assert "conditoin" in result.stderr
    assert rows(undeclared, "analyses") == []


def test_a_folder_that_cannot_be_written_keeps_its_empty_sheets(invoke, undeclared):
    (undeclared / "protocol" / "figures.csv.unfinished").mkdir()
    result = invoke("outline", "--sheets", undeclared)
    assert result.exit_code == 1
    assert "Cannot write" in result.stderr
    assert rows(undeclared, "analyses") == rows(undeclared, "contrasts") == []
    assert not list((undeclared / "protocol").glob("analyses.csv.unfinished"))


LEFT_OUT = re.compile(
    r"(\d+) (effect|rate)s? left out, ([^:]+): (.+?)(?= \d+ (?:effect|rate)s? left| Change them)"
)


def test_every_row_that_no_analysis_takes_is_named_with_the_reason(invoke, undeclared):
    path = undeclared / "extraction/reported_effects.csv"
    text = path.read_text(encoding="utf-8")
    row = "Giovanetti2022,depression,attrition,"
    before, after = f"{row}dropout,", f"{row}unclear,"
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    result = invoke("outline", "--sheets", undeclared)
    named = {
        name: (kind, reason)
        for n, kind, reason, names in LEFT_OUT.findall(" ".join(result.stdout.split()))
        if int(n) == len(names.split(", "))
        for name in names.split(", ")
    }
    assert named["Amanvermez2022_01"] == ("effect", "of an excluded meta-analysis")
    assert named["Andersson2014_01"] == ("effect", "restricted to a part of the meta-analysis")
    assert named["Giovanetti2022_02"] == ("effect", "on an outcome that says not what it is")
    assert named["Andersson2019_01"] == ("effect", "Percentage of one group, which is never pooled")
    assert named["Lewis2018cochrane_D2"] == (
        "rate", "of another arm than the intervention (control)"
    )  # fmt: skip
    assert "Andersson2014_02" not in named


def test_an_excluded_meta_analysis_makes_no_subgroup(invoke, undeclared):
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    before = {row["analysis_id"] for row in rows(undeclared, "analyses")}
    assert "ptsd_inactive" in before
    for name in WRITTEN:
        keep_header(undeclared / "protocol" / f"{name}.csv")
    path = undeclared / "extraction/meta_analyses.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        metas = [
            row | {"eligibility": "excluded", "exclusion_reason": "not_only_randomised"}
            for row in reader
        ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows(metas)
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    assert rows(undeclared, "analyses") == []
    assert {row["figure_kind"] for row in rows(undeclared, "figures")}.isdisjoint(
        {"headline", "forest", "multiverse", "dropout"}
    )


RATIOS = (
    ("smoking", "odds_ratio", (1.8, 1.5, 2.16)), ("smoking", "odds_ratio", (1.6, 1.3, 1.97)),
    ("smoking", "odds_ratio", (2.1, 1.4, 3.15)), ("exercise", "risk_ratio", (0.7, 0.6, 0.82)),
    ("exercise", "risk_ratio", (0.8, 0.65, 0.98)), ("exercise", "risk_ratio", (0.75, 0.6, 0.94)),
)  # fmt: skip


@pytest.mark.build
def test_ratios_of_an_outcome_of_ones_own_are_headlines(invoke, tmp_path):
    effects = [
        {"condition": condition, "measure": measure, "outcome": "death",
         "favourable_direction": "below_one", "estimate": f"{at}", "ci_low": f"{low}",
         "ci_high": f"{high}"}
        for condition, measure, (at, low, high) in RATIOS
    ]  # fmt: skip
    outcome = {"code": "death", "label": "Death of any cause", "definition": "Death"}
    sheets = make_review(
        tmp_path / "own", {"smoking": "Smoking", "exercise": "Exercise"}, effects, [outcome]
    )
    result = invoke("outline", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr
    assert "left out" not in result.stdout
    headlines = {
        row["analysis_id"]: (row["scale"], row["is_headline"])
        for row in rows(sheets, "analyses")
        if row["analysis_group"] == "condition"
    }
    assert headlines == {
        "death_smoking": ("log_odds_ratio", "y"),
        "death_exercise": ("log_risk_ratio", "y"),
    }
    figures = {row["figure_id"]: row["measure"] for row in rows(sheets, "figures")}
    for kind in ("forest", "multiverse", "funnel", "leave_one_out"):
        assert figures[f"{kind}_death_smoking"] == "OR"
        assert figures[f"{kind}_death_exercise"] == "RR"
    assert invoke("check", "--sheets", sheets).exit_code == 0


def test_ratios_per_amount_of_an_exposure_are_analyses_of_their_own(invoke, tmp_path):
    kinds = [("risk_ratio", "")] * 4 + [
        ("risk_ratio", "per 10 g/day"), ("risk_ratio", "10g/d"), ("risk_ratio", "10 grams per day"),
        ("hazard_ratio", "per 10 g/day"),
    ]  # fmt: skip
    effects = [
        {"condition": "fibre", "measure": measure, "outcome": "death", "measure_unit": unit,
         "estimate": "0.9", "ci_low": "0.82", "ci_high": "0.99", "comparator": "unclear"}
        for measure, unit in kinds
    ]  # fmt: skip
    outcome = {"code": "death", "label": "Death", "definition": "Death"}
    words = {"review_kind": "exposures"}
    sheets = make_review(tmp_path / "own", {"fibre": "Fibre"}, effects, [outcome], **words)
    result = invoke("outline", "--sheets", sheets)
    assert (result.exit_code, "left out" in result.stdout) == (0, False), result.stderr
    said = " ".join(result.stdout.split())
    assert (
        "Ratios for several amounts, fibre, death, log_risk_ratio: no amount, per 10 g/day. E"
        in said
    )
    assert "log_hazard_ratio" not in said, "all of them are for one amount"
    made = [
        (row["label"], row["scale"], row["measure_unit"])
        for row in rows(sheets, "analyses")
        if row["is_headline"] == "y"
    ]
    assert made == [
        ("Fibre: death", "log_risk_ratio", ""),
        ("Fibre: death per 10 g/day (RR)", "log_risk_ratio", "per 10 g/day"),
        ("Fibre: death per 10 g/day (HR)", "log_hazard_ratio", "per 10 g/day"),
    ]
    axes = {row["subtitle"] for row in rows(sheets, "figures") if row["figure_kind"] == "forest"}
    assert "Risk ratio on a log axis per 10 g/day" in axes
    assert invoke("check", "--sheets", sheets).exit_code == 0


ALONE = [
    ("tea", "death", "risk_ratio", (0.9, 0.82, 0.99)),
    ("tea", "stroke", "risk_ratio", (0.8, 0.7, 0.91)),
    ("tea", "hba1c", "smd", (0.2, 0.1, 0.3)),
    ("rye", "death", "risk_ratio", (0.7, 0.6, 0.82)),
    ("rye", "stroke", "risk_ratio", (0.8, 0.7, 0.91)),
    ("rye", "stroke", "risk_ratio", (0.9, 0.8, 1.01)),
]
"""Condition, outcome, measure and result: one outcome of one condition has two meta-analyses."""


def test_outcomes_of_one_meta_analysis_each_share_figures(invoke, tmp_path):
    effects = [
        {"condition": condition, "measure": measure, "outcome": outcome,
         "favourable_direction": "positive" if measure == "smd" else "below_one",
         "estimate": f"{at}", "ci_low": f"{low}", "ci_high": f"{high}"}
        for condition, outcome, measure, (at, low, high) in ALONE
    ]  # fmt: skip
    labels = {"death": "Death", "stroke": "Stroke", "hba1c": "HbA1c"}
    outcomes = [{"code": code, "label": labels[code], "definition": code} for code in labels]
    sheets = make_review(tmp_path / "own", {"tea": "Tea", "rye": "Rye"}, effects, outcomes)
    assert invoke("outline", "--sheets", sheets).exit_code == 0
    assert len(rows(sheets, "analyses")) == 6
    figures = {row["figure_id"]: row["title"] for row in rows(sheets, "figures")}
    blocks: dict[str, list[str]] = {}
    for row in rows(sheets, "figure_blocks"):
        blocks.setdefault(row["figure_id"], []).append(row["analysis_id"])
    assert blocks["forest_tea_rr"] == ["death_tea", "stroke_tea"]
    assert figures["forest_tea_rr"] == "Tea: death and stroke"
    assert blocks["forest_tea_smd"] == ["hba1c_tea"]
    assert figures["forest_tea_smd"] == "Tea: HbA1c"
    # Rye has one outcome of a single meta-analysis and one of two.
    assert {name for name in blocks if name.endswith("_stroke_rye")} == {
        "forest_stroke_rye", "multiverse_stroke_rye", "leave_one_out_stroke_rye",
        "grades_stroke_rye",
    }  # fmt: skip
    assert {name for name in blocks if name.endswith("_death_rye")} == {
        "forest_death_rye", "grades_death_rye",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("label", "words"),
    [("Stroke", "stroke"), ("HbA1c", "HbA1c"), ("COVID-19 death", "COVID-19 death"),
     ("Death of any cause", "death of any cause"), ("", "")],
)  # fmt: skip
def test_a_label_within_a_sentence(label, words):
    assert within_sentence(label) == words
