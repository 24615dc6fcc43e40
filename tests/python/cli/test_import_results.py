"""`umbrella import results`: a table of pooled results becomes sheets; what it lacks is told."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.python.conftest import ROOT

TABLE = ROOT / "tests" / "data" / "imports" / "results.csv"
NAMED = ("--column", "meta_analysis=Review paper", "--column", "measure=Kind of ratio")


def rows(folder: Path, sheet: str) -> list[dict[str, str]]:
    with (folder / sheet).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def imported(tmp_path, invoke):
    """The folder of sheets, and what the command told."""
    done = invoke("import", "results", TABLE, tmp_path / "mine", *NAMED)
    assert done.exit_code == 0, done.stderr
    return tmp_path / "mine", done.stdout


def spoilt(tmp_path: Path, before: str, after: str) -> Path:
    path = tmp_path / "table.csv"
    text = TABLE.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    return path


def test_words_become_measures(imported):
    found = [row["measure"] for row in rows(imported[0], "extraction/reported_effects.csv")]
    assert found == [*["odds_ratio"] * 4, "risk_ratio", "hazard_ratio", "unclear"]
    assert "measure 'Hazard': hazard ratio (1 row)" in imported[1]
    assert "measure 'Change': not known, so never pooled (1 row)" in imported[1]


def test_numbers_stand_in_their_columns(imported):
    first = rows(imported[0], "extraction/reported_effects.csv")[0]
    expected = {
        "effect_id": "Aspen_et_al_2019_2", "meta_analysis_id": "Aspen_et_al_2019",
        "condition": "noise_at_work", "outcome": "hearing_loss", "estimate": "1.62",
        "ci_low": "1.31", "ci_high": "2.00", "ci_level": "0.95", "p_operator": "<",
        "p_value": "0.001", "n_comparisons": "12", "n_total": "18400", "n_cases": "2210",
        "i2": "54", "synthesis_model": "random", "scope": "overall",
        "favourable_direction": "", "source_locator": "results.csv, row 2",
    }  # fmt: skip
    assert {column: first[column] for column in expected} == expected


def test_missing_values_stay_empty_and_are_counted(imported):
    second = rows(imported[0], "extraction/reported_effects.csv")[1]
    assert (second["n_total"], second["n_cases"], second["i2"]) == ("", "", "0")
    assert "n_total: left empty in 2 rows" in imported[1]
    assert "n_cases: left empty in 5 rows" in imported[1]
    assert "Remarks: 2" in imported[1]


def test_texts_become_codes_and_meta_analyses(imported):
    folder, _ = imported
    papers = rows(folder, "extraction/meta_analyses.csv")
    assert [(row["meta_analysis_id"], row["first_author"], row["year"]) for row in papers] == [
        ("Aspen_et_al_2019", "Aspen", "2019"), ("Briar_2021", "Briar", "2021"),
        ("Clover", "Clover", ""), ("Dill_Elm_2023", "Dill & Elm", "2023"),
    ]  # fmt: skip
    labels = {row["code"]: row["label"] for row in rows(folder, "vocabulary/conditions.csv")}
    assert labels["noise_at_work"] == "Noise at work"
    quantities = {row["code"]: row["quantity"] for row in rows(folder, "vocabulary/outcomes.csv")}
    assert quantities["hearing_loss"] == "event"
    assert quantities["time_to_hearing_loss"] == "time_to_event"
    [review] = rows(folder, "protocol/review.csv")
    assert (review["review_kind"], review["member_word"]) == ("exposures", "")
    assert review["search_date"] == "", "the table does not say when anybody searched"


def test_a_second_row_of_one_result_is_a_subgroup(imported):
    scopes = [row["scope"] for row in rows(imported[0], "extraction/reported_effects.csv")]
    assert scopes == ["overall", "overall", "overall", "subgroup", "overall", "overall", "overall"]


def test_percentages_of_one_group_are_rates(imported):
    [rate] = rows(imported[0], "extraction/reported_rates.csv")
    assert (rate["percent"], rate["percent_low"], rate["percent_high"]) == ("27", "22", "33")
    assert (rate["arm"], rate["interval_kind"], rate["n_studies"]) == ("all", "ci95", "15")
    assert "rates: every number is within 0 to 1, so fractions, times 100" in imported[1]


def test_i2_is_a_fraction_only_where_every_number_is(tmp_path, invoke):
    path = spoilt(tmp_path, "18400,0.54", "18400,54")
    done = invoke("import", "results", path, tmp_path / "mine", *NAMED)
    assert "i2: every number" not in done.stdout
    found = [row["i2"] for row in rows(tmp_path / "mine", "extraction/reported_effects.csv")]
    assert found == ["54", "0", "0.38", "", "0.21", "", "0.61"]


def test_a_word_gets_the_measure_that_the_caller_names(tmp_path, invoke):
    words = ("--measure", "change=mean_difference")
    invoke("import", "results", TABLE, tmp_path / "mine", *NAMED, *words)
    last = rows(tmp_path / "mine", "extraction/reported_effects.csv")[-1]
    assert (last["measure"], last["estimate"]) == ("mean_difference", "2.4")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            (*NAMED[:2], "--column", "ignore=Kind of ratio"),
            ("no column for the measure is known", "--column measure=NAME, or --measure"),
        ),
        (NAMED[2:], ("no column for the meta-analysis is known", "columns are Review paper, Exp")),
        ((*NAMED, "--column", "estimate=Size"), ("column Size: this column is missing",)),
        ((*NAMED, "--column", "effect=Effect"), ("effect=Effect: not understood", "meta_analysis")),
        ((*NAMED, "--measure", "Change=ratio of two"), ("has no code ratio of two",)),
    ],
)
def test_what_is_not_understood_is_named(tmp_path, invoke, arguments, words):
    done = invoke("import", "results", TABLE, tmp_path / "mine", *arguments)
    told = " ".join(done.stderr.replace("│", " ").split())
    assert done.exit_code != 0
    for expected in words:
        assert expected in told
    assert not (tmp_path / "mine").exists()


def test_a_faulty_cell_is_named_by_the_column_of_the_table(tmp_path, invoke):
    path = spoilt(tmp_path, "1.62,1.31", "1.62x,1.31")
    done = invoke("import", "results", path, tmp_path / "mine", *NAMED)
    assert done.exit_code == 1
    assert "row 2, column Effect, value '1.62x'" in done.stderr
    assert not (tmp_path / "mine").exists()


def test_rows_are_added_once_to_a_review(imported, invoke):
    folder, _ = imported
    done = invoke("import", "results", TABLE, "--into", folder, *NAMED)
    assert done.exit_code == 1
    assert "holds Aspen_et_al_2019, Briar_2021" in done.stderr


def test_what_an_outline_makes_of_it_passes_the_check(imported, invoke):
    folder, _ = imported
    outlined = invoke("outline", "--sheets", folder)
    assert outlined.exit_code == 0, outlined.stderr
    analyses = {
        (row["condition"], row["outcome"], row["scale"])
        for row in rows(folder, "protocol/analyses.csv")
    }
    assert ("noise_at_work", "hearing_loss", "log_odds_ratio") in analyses
    assert ("earplugs", "time_to_hearing_loss", "log_hazard_ratio") in analyses
    done = invoke("check", "--no-rows", "--sheets", folder)
    assert done.exit_code == 0, done.stderr
