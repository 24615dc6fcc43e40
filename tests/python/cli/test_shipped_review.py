"""The shipped review builds, publishes and answers through the command, as the README says."""

import csv
import io
import os
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import append
from tests.python.made_reviews import META_ANALYSIS, effects_on, make_review
from umbrella.project import project_dir
from umbrella.sheets.contract import read_contract

from .conftest import digest, run_in

pytestmark = pytest.mark.build

ACCEPTED = {
    "sheet": "reported_effects", "row_id": "Made1_1", "rule": "p_against_interval",
    "value_seen": "p = 0.075 beside 0.441 (0.056 to 0.826)", "accepted_by": "maintainers",
    "accepted_on": "2026-11-30", "reason": "As printed",
}  # fmt: skip


@pytest.fixture(scope="module")
def published(shipped_build):
    """The warehouse of the shipped review, built by the command."""
    path, result = shipped_build
    assert f"Published {path}" in result.stderr
    assert "Depression" in result.stdout
    return path


def test_check_finds_no_problem_in_the_shipped_sheets():
    result = run_in(project_dir(), "check")
    assert result.returncode == 0, result.stderr
    assert "impossible: An estimate outside its own interval" in result.stderr
    for effect_id in ("Cheng2020hiv_01", "Khadjesari2011_03"):
        assert f"{effect_id}, columns estimate" in result.stderr, "printed outside its own interval"
    assert "29 findings accepted by name" in result.stderr
    assert "nobody accepted" not in result.stderr
    assert f"No problem found in {len(read_contract(project_dir()))} sheets" in result.stdout


def test_check_names_the_cell_at_fault(sheets, tmp_path):
    effects = sheets / "extraction" / "reported_effects.csv"
    lines = effects.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(place for place, line in enumerate(lines) if ",mixed,unguided," in line)
    lines[place] = lines[place].replace(",mixed,", ",mixxed,", 1)
    effects.write_text("".join(lines), encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    result = run_in(project_dir(), "check", "--sheets", str(sheets))
    assert result.returncode == 1
    assert f"reported_effects, row {place + 1}" in result.stderr
    for words in ("column comparator", "'mixxed'", "unknown code"):
        assert words in result.stderr
    assert "waitlist" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_every_row_of_the_marts_is_there(published):
    with duckdb.connect(str(published), read_only=True) as connection:
        pooled = connection.execute("select count(*) from main.fct_pooled_effects").fetchone()[0]
        columns = connection.execute("select * from main.fct_rejected_rows limit 0").description
    assert pooled > 0
    expected = {"sheet", "row_number", "row_id", "column_name", "value", "reason", "expected"}
    assert {column[0] for column in columns} >= expected | {"severity"}


def test_the_published_file_answers_sql_with_functions(published):
    query = (
        "select analysis_id, policy_id, k, estimate from fct_pooled_effects "
        "where status = 'ok' order by all limit 3"
    )
    result = run_in(project_dir(), "sql", query, "--format", "csv", "--database", str(published))
    assert result.returncode == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 3
    assert all(int(row["k"]) > 1 and float(row["estimate"]) for row in rows)


def test_a_report_of_one_figure_is_drawn(published, tmp_path):
    result = run_in(
        project_dir(), "report", "--database", str(published), "--out", str(tmp_path / "site"),
        "--format", "svg", "--only", "headline",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert f"The site is ready: {tmp_path / 'site' / 'index.html'}" in result.stdout
    assert (tmp_path / "site" / "index.html").stat().st_size > 10_000


def test_a_figure_that_does_not_exist_is_named(published, tmp_path):
    result = run_in(
        project_dir(), "report", "--database", str(published), "--out", str(tmp_path / "site"),
        "--only", "forest_nothing",
    )  # fmt: skip
    assert result.returncode == 1
    assert "forest_nothing" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_bad_sheet_publishes_nothing(published, sheets):
    before = digest(published)
    effects = sheets / "extraction" / "reported_effects.csv"
    text = effects.read_text(encoding="utf-8")
    effects.write_text(text.replace(",", ";"), encoding="utf-8")
    folder = os.path.relpath(sheets, project_dir())
    result = run_in(project_dir(), "build", "--sheets", folder, "--database", str(published))
    assert result.returncode == 1
    assert "extraction/reported_effects.csv" in result.stderr
    assert "semicolons" in result.stderr
    assert digest(published) == before
    assert sorted(path.name for path in published.parent.iterdir()) == [
        "logs", published.name, f"{published.name}.history"
    ]  # fmt: skip


def test_a_build_names_what_it_cannot_use_and_stops_at_what_is_implausible(
    warehouse, invoke, tmp_path
):
    """A relative folder of sheets in a folder with an apostrophe; one year is no number."""
    effects = effects_on("depression", 3)
    effects[0] |= {"estimate": "0.441", "ci_low": "0.256", "ci_high": "0.826", "p_value": "0.075"}
    sheets = make_review(tmp_path / "team's sheets", {}, effects)
    # It had accepted the p-value beside another interval.
    append(sheets / "extraction/acknowledgements.csv", ACCEPTED)
    spoilt = sheets / "extraction/meta_analyses.csv"
    append(spoilt, META_ANALYSIS | {"meta_analysis_id": "Made4", "title": "T", "year": "20l9"})
    assert invoke("outline", "--sheets", sheets).exit_code == 0
    as_typed, as_published = digest(spoilt), digest(warehouse)
    options = ("--sheets", os.path.relpath(sheets, project_dir()), "--database", str(warehouse))
    stopped = run_in(project_dir(), "build", *options)
    assert stopped.returncode == 1
    for words in ("meta_analyses, row 5", "Made4", "column year", "'20l9'"):
        assert words in stopped.stderr
    assert f"{warehouse} is as it was" in stopped.stderr
    assert digest(warehouse) == as_published
    row = "reported_effects,Made1_1,estimate_far_off_centre,0.441 (0.256 to 0.826),,,"
    assert row in stopped.stderr
    assert "An acknowledgement that accepts nothing, 1 finding" in stopped.stderr
    draft = run_in(project_dir(), "build", "--draft", *options)
    assert draft.returncode == 0, draft.stderr
    assert open_findings(warehouse) > 1
    words = f"This is a draft: {open_findings(warehouse)} implausible findings are open"
    assert words in draft.stderr
    assert digest(spoilt) == as_typed


def open_findings(database: Path) -> int:
    """What the pages of the site say is open."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute("select n_open_findings from reports.rpt_review").fetchone()[0]
