"""`umbrella import`: what is taken over, what is listed, and what is refused."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.python.conftest import ROOT

DATA = ROOT / "tests" / "data" / "imports"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "umbrella", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def rows(folder: Path, sheet: str) -> list[dict[str, str]]:
    with (folder / sheet).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def metaumbrella(tmp_path):
    done = run("import", "metaumbrella", DATA / "metaumbrella.csv", tmp_path / "mine")
    assert done.returncode == 0, done.stderr
    return tmp_path / "mine", done.stdout


@pytest.fixture
def metapsy(tmp_path):
    done = run(
        "import", "metapsy", DATA / "metapsy.csv", tmp_path / "psy", "--condition", "depression"
    )
    assert done.returncode == 0, done.stderr
    return tmp_path / "psy", done.stdout


def test_metaumbrella_factors_become_meta_analyses(metaumbrella):
    folder, printed = metaumbrella
    assert "Imported 10 rows of 3 meta-analyses" in printed
    found = rows(folder, "extraction/meta_analyses.csv")
    assert [(row["meta_analysis_id"], row["n_trials"]) for row in found] == [
        ("Ash_Yoga", "4"), ("Birch_Smoking", "3"), ("Cedar_Sleep", "2"),
    ]  # fmt: skip
    assert "amstar=9" in found[0]["notes"]
    assert {row["source"] for row in rows(folder, "extraction/primary_studies.csv")} == {
        row["meta_analysis_id"] for row in found
    }


def test_metaumbrella_numbers_stand_in_their_columns(metaumbrella):
    trials = rows(metaumbrella[0], "extraction/primary_studies.csv")
    reed, lane, hill, moor, _, dale, _, ford, west, _ = trials
    assert (reed["measure"], reed["estimate"], reed["estimate_se"]) == ("cohens_d", "0.5", "0.2")
    assert (reed["n_intervention"], reed["risk_of_bias"], reed["study"]) == (
        "60", "low", "Reed 2001",
    )  # fmt: skip
    assert (lane["ci_low"], lane["n_intervention"], lane["n_control"]) == ("-0.1", "50", "48")
    assert (hill["mean_intervention"], hill["sd_control"]) == ("12.5", "5.5")
    assert moor["multiple_effects"] == "outcomes"
    assert [dale[f"{what}_{arm}"] for what in ("events", "total")
            for arm in ("intervention", "control")] == ["25", "15", "50", "50"]  # fmt: skip
    assert float(ford["estimate"]) == pytest.approx(1.5)
    assert (ford["measure"], ford["estimate_se"]) == ("odds_ratio", "0.2")
    assert (west["measure"], west["n_total"]) == ("correlation", "103")


def test_columns_that_are_not_taken_over_are_listed(metaumbrella, metapsy):
    assert "shared_nexp: 1" in metaumbrella[1]
    assert "n_sessions: 7" in metapsy[1]
    assert "rob: no code for 4" in metapsy[1]


@pytest.mark.parametrize("name", ["metaumbrella", "metapsy"])
def test_the_folder_passes_the_check_of_files(name, request):
    folder, _ = request.getfixturevalue(name)
    done = run("check", "--no-rows", "--sheets", folder)
    assert done.returncode == 0, done.stderr


def test_every_fault_is_named_and_nothing_is_written(tmp_path):
    done = run("import", "metaumbrella", DATA / "metaumbrella_faulty.csv", tmp_path / "mine")
    assert done.returncode == 1
    for expected in (
        "row 2, column measure, value 'SDM': unknown measure",
        "right: one of: OR, RR, HR, IRR",
        "row 3, column value, value '0.5a': not a number: 'a' after it",
        "a number with a point as decimal mark",
        "row 4, column ci_lo, value '0.9': limits in the wrong order",
        "row 5, column n_cases, value '60.5'",
        "row 6, column factor, value '': required value is missing",
        "row 7, column value, value '-0.5': a ratio that is not above zero",
        "row 8, column n_exp, value '40': not the sum of cases and controls",
        "row 9, column rob, value 'lowish': unknown code",
        "row 10, column n_sample, value '': required for a correlation",
        "Nothing was written",
    ):
        assert expected in done.stderr
    assert not (tmp_path / "mine").exists()


def test_a_missing_column_is_asked_for(tmp_path):
    done = run("import", "metapsy", DATA / "metaumbrella.csv", tmp_path / "mine")
    assert done.returncode == 1
    assert "row 1, column study: this column is missing" in done.stderr


def test_an_existing_folder_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    done = run("import", "metaumbrella", DATA / "metaumbrella.csv", tmp_path / "mine")
    assert done.returncode == 1
    assert "exists and is not empty" in done.stderr


def test_metapsy_codes_signs_and_times(metapsy):
    folder, _ = metapsy
    ames, _, byrd, cole, dunn, follow_up, eads = rows(folder, "extraction/primary_studies.csv")
    assert (ames["comparator"], ames["guidance"], ames["reported_g"]) == (
        "waitlist", "guided", "0.58",
    )  # fmt: skip
    assert (byrd["comparator"], byrd["guidance"], byrd["therapy"], byrd["risk_of_bias"]) == (
        "treatment_as_usual", "unguided", "behavioural_activation", "some_concerns",
    )  # fmt: skip
    assert (cole["reported_g"], cole["reported_se"]) == ("0.4", "0.31")
    # Without .g lower means are better; a week that is no number stays in the notes, as rob does.
    assert (dunn["favourable_direction"], dunn["weeks"], dunn["risk_of_bias"]) == (
        "negative",
        "",
        "",
    )
    assert "rob=4" in dunn["notes"]
    assert (follow_up["timepoint"], ames["timepoint"]) == ("follow_up", "post")
    assert (eads["outcome"], eads["measure"], eads["events_control"]) == (
        "response", "risk_ratio", "10",
    )  # fmt: skip
    assert (ames["randomised_intervention"], ames["dropout_intervention"]) == ("32", "2")


BEFORE_AND_AFTER = (
    "meta_review,factor,author,year,measure,value,n_cases,n_controls,mean_pre_cases,sd_pre_cases,"
    "mean_cases,sd_cases,mean_pre_controls,sd_pre_controls,mean_controls,sd_controls,pre_post_cor"
)


def of_before_and_after(tmp_path, invoke, row: str):
    path = tmp_path / "table.csv"
    path.write_text(f"{BEFORE_AND_AFTER}\n{row}\n", encoding="utf-8")
    return invoke("import", "metaumbrella", path, tmp_path / "mine")


def test_means_before_and_after_become_mean_changes(tmp_path, invoke):
    row = "Rowe,Walking,Hart,2010,MC,,40,42,20,3,16.5,4,21,5,20.5,12,0"
    done = of_before_and_after(tmp_path, invoke, row)
    assert done.exit_code == 0, done.stderr
    with (tmp_path / "mine/extraction/primary_studies.csv").open(encoding="utf-8") as file:
        [trial] = csv.DictReader(file)
    changes = [trial[f"{what}_change_{arm}"] for arm in ("intervention", "control")
               for what in ("mean", "sd")]  # fmt: skip
    # Roots of 3^2 + 4^2 and 5^2 + 12^2: without correlation.
    assert changes == ["-3.5", "5", "-0.5", "13"]
    assert (trial["mean_intervention"], trial["pre_post_cor"]) == ("", "0")
    assert "mean_pre_cases" not in done.stdout


def test_the_correlation_of_before_and_after_narrows_the_change(tmp_path, invoke):
    row = "Rowe,Walking,Hart,2010,MC,,40,42,20,5,16.5,5,21,5,20.5,5,0.5"
    assert of_before_and_after(tmp_path, invoke, row).exit_code == 0
    with (tmp_path / "mine/extraction/primary_studies.csv").open(encoding="utf-8") as file:
        [trial] = csv.DictReader(file)
    # 25 + 25 - 2 * 0.5 * 25: the SD at baseline, 5, is that of change over root 2 (1 - r).
    assert trial["sd_change_intervention"] == "5"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "Rowe,Walking,Hart,2010,MC,,40,42,20,3,16.5,4,21,5,20.5,12,",
            "means before and after without their correlation",
        ),
        (
            "Rowe,Walking,Hart,2010,MC,,40,42,20,,16.5,4,21,5,20.5,12,0.5",
            "means before and after are not complete",
        ),
    ],
)
def test_means_before_and_after_that_give_no_change_are_named(tmp_path, invoke, row, words):
    done = of_before_and_after(tmp_path, invoke, row)
    assert done.exit_code == 1
    assert words in done.stderr
