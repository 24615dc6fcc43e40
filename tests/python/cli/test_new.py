"""`umbrella new` makes sheets that only lack the review's own rows."""

import csv
import re
from pathlib import Path

import pytest

from tests.python.conftest import append
from umbrella.project import project_dir
from umbrella.sheets.contract import read_contract
from umbrella.sheets.presets import ADDED, preset_of

PRESETS = ("interventions", "risk-factors", "prevalence", "mental-health")
OF_THE_SHIPPED_REVIEW = re.compile(
    "internet|online|symptom|psych|mental|depress|2023-01-17|seed review|published review", re.I
)
META_ANALYSIS = {
    "meta_analysis_id": "Ma2020", "first_author": "A", "year": "2020", "title": "T",
    "delivery": "unclear", "eligibility": "included", "source_kind": "abstract",
}  # fmt: skip
EFFECT = {
    "effect_id": "E", "meta_analysis_id": "Ma2020", "condition": "gout", "timepoint": "post",
    "measure": "odds_ratio", "estimate": "0.8", "ci_low": "0.7", "ci_high": "0.9",
    "ci_level": "0.95", "favourable_direction": "below_one", "guidance": "unclear",
    "therapy": "unclear", "analysis_set": "unclear", "synthesis_model": "random",
    "scope": "overall", "source_locator": "T",
}  # fmt: skip
RATE = {
    "rate_id": "R", "meta_analysis_id": "Ma2020", "condition": "gout", "definition": "D",
    "arm": "all", "guidance": "unclear", "comparator": "unclear", "events": "30", "total": "120",
    "source_locator": "T",
}  # fmt: skip
ANALYSIS = {
    "analysis_id": "gout", "label": "Gout", "analysis_group": "secondary", "condition": "gout",
    "unit": "meta_analysis", "required_scope": "any", "selection_rule": "all", "sort_order": "10",
}  # fmt: skip
REVIEW = {
    "review_id": "r", "title": "T", "question": "Q?", "search_date": "2026-01-01",
    "data_note": "None.",
}  # fmt: skip


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def header_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def test_every_sheet_is_made_with_its_columns(invoke, tmp_path):
    result = invoke("new", tmp_path / "mine")
    assert result.exit_code == 0, result.stderr
    contract = read_contract(project_dir())
    assert len(contract) > 20
    for sheet in contract:
        assert tuple(header_of(tmp_path / "mine" / sheet.file)) == sheet.columns


def test_vocabulary_policies_and_thresholds_come_filled_in(invoke, tmp_path):
    invoke("new", tmp_path / "mine", "--preset", "mental-health")
    shipped = project_dir() / "seeds"
    for name in ("vocabulary/conditions.csv", "protocol/policies.csv", "protocol/i2_bands.csv"):
        assert (tmp_path / "mine" / name).read_bytes() == (shipped / name).read_bytes()
    effects = (tmp_path / "mine" / "extraction" / "reported_effects.csv").read_text()
    assert len(effects.splitlines()) == 1


def test_check_then_asks_for_exactly_the_sheets_to_fill_in(invoke, tmp_path):
    made = invoke("new", tmp_path / "mine")
    result = invoke("check", "--sheets", tmp_path / "mine")
    assert result.exit_code == 1
    named = [line.partition(":")[0] for line in result.stderr.splitlines() if ".csv: " in line]
    assert "extraction/meta_analyses.csv" in named
    assert "protocol/analyses.csv" in named
    assert all(name in made.stdout for name in named)
    assert result.stderr.count("no data rows") == len(named)


def test_nothing_is_overwritten(invoke, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("keep me")
    result = invoke("new", mine)
    assert result.exit_code == 1
    assert "not empty" in result.stderr
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_filled(invoke, tmp_path):
    (tmp_path / "mine").mkdir()
    assert invoke("new", tmp_path / "mine").exit_code == 0


def test_a_file_in_the_way_is_named(invoke, tmp_path):
    (tmp_path / "mine").write_text("a file")
    result = invoke("new", tmp_path / "mine")
    assert result.exit_code == 1
    assert "is a file" in result.stderr


def test_a_place_that_cannot_be_written_is_named(invoke, tmp_path):
    (tmp_path / "file").write_text("")
    result = invoke("new", tmp_path / "file" / "mine")
    assert result.exit_code == 1
    assert "Cannot write" in result.stderr


def test_the_first_preset_is_the_usual_one(invoke, tmp_path):
    invoke("new", tmp_path / "mine")
    invoke("new", tmp_path / "named", "--preset", PRESETS[0])
    for path in (tmp_path / "mine").rglob("*.csv"):
        named = tmp_path / "named" / path.relative_to(tmp_path / "mine")
        assert named.read_bytes() == path.read_bytes()


def test_an_unknown_preset_is_named_with_those_there_are(invoke, tmp_path):
    result = invoke("new", tmp_path / "mine", "--preset", "surgery")
    assert result.exit_code == 1
    assert "'surgery'" in result.stderr
    assert all(name in result.stderr for name in PRESETS)
    assert not (tmp_path / "mine").exists()


def test_the_help_names_every_preset(invoke):
    listed = rows_of(project_dir() / "presets" / "presets.csv")
    assert tuple(row["preset"] for row in listed) == PRESETS
    shown = " ".join(invoke("new", "--help").stdout.split())
    assert all(name in shown for name in PRESETS)


def test_every_sheet_of_a_preset_is_one_of_the_contract():
    known = {sheet.file: sheet.columns for sheet in read_contract(project_dir())}
    folders = {folder for name in PRESETS for folder in preset_of(project_dir(), name).folders}
    assert {path.name for path in folders} == {
        path.name for path in (project_dir() / "presets").iterdir() if path.is_dir()
    }
    for folder in folders:
        for path in folder.rglob("*.csv"):
            file = path.relative_to(folder).as_posix().removeprefix(f"{ADDED}/")
            assert set(header_of(path)) <= set(known[file])
            is_added = path.is_relative_to(folder / ADDED)
            assert is_added or tuple(header_of(path)) == known[file]


def test_rows_that_a_preset_adds_stand_below_those_of_the_shipped_sheet(invoke, tmp_path):
    invoke("new", tmp_path / "mine", "--preset", "risk-factors")
    for name in ("schemes", "grades", "criteria", "rules"):
        file = f"protocol/grading_{name}.csv"
        shipped = rows_of(project_dir() / "seeds" / file)
        added = rows_of(project_dir() / "presets/risk-factors" / ADDED / file)
        made = rows_of(tmp_path / "mine" / file)
        assert made[: len(shipped)] == shipped
        assert [row["scheme"] for row in made[len(shipped) :]] == [row["scheme"] for row in added]
        assert added


@pytest.mark.parametrize("preset", PRESETS[:-1])
def test_a_neutral_preset_says_nothing_of_the_shipped_review(invoke, tmp_path, preset):
    invoke("new", tmp_path / "mine", "--preset", preset)
    for path in (tmp_path / "mine").rglob("*.csv"):
        if path.name not in ("prior_items.csv", "quality_items.csv"):
            cells = [
                cell
                for row in rows_of(path)
                for name, cell in row.items()
                if name not in ("role", "source")
            ]
            assert not list(filter(OF_THE_SHIPPED_REVIEW.search, cells)), path.name


@pytest.mark.build
@pytest.mark.parametrize(
    ("preset", "outcome", "comparator", "scale"),
    [
        ("interventions", "response", "usual_care", "log_odds_ratio"),
        ("risk-factors", "incidence", "unexposed", "log_odds_ratio"),
        ("prevalence", "prevalence", "unclear", "logit"),
        ("mental-health", "response", "waitlist", "log_odds_ratio"),
    ],
)
def test_rows_in_the_codes_of_a_preset_pass_the_check(
    invoke, tmp_path, preset, outcome, comparator, scale
):
    mine = tmp_path / "mine"
    invoke("new", mine, "--preset", preset)
    append(mine / "vocabulary/conditions.csv", {"code": "gout", "label": "Gout"})
    append(mine / "extraction/meta_analyses.csv", META_ANALYSIS)
    named = {"outcome": outcome}
    if scale == "logit":
        append(mine / "extraction/reported_rates.csv", RATE | named)
    else:
        append(
            mine / "extraction/reported_effects.csv", EFFECT | named | {"comparator": comparator}
        )
    append(mine / "protocol/analyses.csv", ANALYSIS | named | {"scale": scale})
    review = mine / "protocol/review.csv"
    kind = {row["review_kind"] for row in rows_of(review)}
    review.write_text(",".join(header_of(review)) + "\n", encoding="utf-8")
    append(review, REVIEW | {"review_kind": kind.pop() if kind else ""})
    result = invoke("check", "--sheets", mine)
    assert result.exit_code == 0, result.stderr
