"""`umbrella outline` declares what an extraction asks for and leaves existing rows alone."""

import csv
from pathlib import Path

import pytest

from umbrella.project import project_dir

from .conftest import run_in

WRITTEN = ("analyses", "contrasts", "figures", "figure_blocks")
BESIDES = {"label", "claim_id", "count_id", "sort_order"}
# What the shipped protocol has beyond the pattern: parts of a condition, trials, published claims
# without a counterpart in this extraction, subgroups of a single meta-analysis.
SHIPPED_ONLY = {
    "depression_severe", "cannabis_guided", "cannabis_unguided", "therapy_psychodynamic",
    "therapy_behavioural_activation", "dropout_anxiety", "dropout_stress", "dropout_ocd",
    "dropout_personality_disorder_trials", "dropout_guided", "dropout_unguided",
    "adherence_depression_trials",
}  # fmt: skip
# The published review has a risk ratio of remission, this extraction odds ratios.
OTHERWISE = {"remission_anxiety": {"scale"}}
OUTLINED_ONLY = {
    "depression_psychoeducation",
    "anxiety_attentional_bias_modification",
    "therapy_attentional_bias_modification",
}


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
    assert set(shipped) - set(made) == SHIPPED_ONLY
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
    invoke("outline", "--sheets", undeclared)
    result = run_in(project_dir(), "check", "--sheets", str(undeclared))
    assert result.returncode == 0, result.stderr


def test_what_the_sheets_do_not_hold_has_no_figure(invoke, undeclared):
    for name in ("second_extraction", "quality_ratings", "study_inclusion", "reported_rates"):
        keep_header(undeclared / "extraction" / f"{name}.csv")
    keep_header(undeclared / "published" / "published_claims.csv")
    assert invoke("outline", "--sheets", undeclared).exit_code == 0
    kinds = {row["figure_kind"] for row in rows(undeclared, "figures")}
    assert kinds.isdisjoint({"agreement", "quality", "overlap", "dropout", "audit"})


def test_one_condition_is_not_compared_across(invoke, undeclared):
    path = undeclared / "extraction" / "reported_effects.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        kept = [row for row in reader if row["condition"] == "stress"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows(kept)
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
