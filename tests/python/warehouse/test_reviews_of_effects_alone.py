"""The shipped review without all but its effects and rates: nothing is missed, nothing made up."""

from __future__ import annotations

import csv
import shutil

import duckdb
import pytest

from tests.python.conftest import build_warehouse

pytestmark = pytest.mark.build

NEWER_SHEETS = (
    "extraction/ma_relations", "protocol/relation_kinds", "extraction/reported_certainty",
    "extraction/corrections", "extraction/unread_meta_analyses",
)  # fmt: skip
"""Sheets that folders of earlier versions lack."""
EMPTIED = (
    "second_extraction", "second_extraction_rates", "adjudications", "quality_ratings",
    "primary_studies",
)  # fmt: skip


@pytest.fixture(scope="module")
def alone(tmp_path_factory, shipped_sheets):
    """No second reading, no rating, no trial, and no published review to compare with."""
    folder = tmp_path_factory.mktemp("alone")
    sheets = folder / "sheets"
    shutil.copytree(shipped_sheets, sheets)
    emptied = [sheets / "extraction" / f"{name}.csv" for name in EMPTIED]
    for path in [*emptied, *sheets.glob("published/*.csv")]:
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    for name in NEWER_SHEETS:
        (sheets / f"{name}.csv").unlink()
    analyses = sheets / "protocol/analyses.csv"
    with analyses.open(encoding="utf-8", newline="") as file:
        rows = [row | {"claim_id": "", "count_id": ""} for row in csv.DictReader(file)]
    with analyses.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    database = build_warehouse(folder, sheets, runs_data_tests=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_nothing_was_read_twice_or_rated(alone):
    assert alone.execute("select distinct status from fct_extraction_agreement").fetchall() == [
        ("no row was read twice",)
    ]
    assert alone.execute("select distinct item, status from fct_rater_agreement").fetchall() == [
        (None, "nothing was rated with this tool")
    ]
    assert alone.execute(
        "select max(n_unresolved_members), max(n_members_read_twice) from fct_pooled_effects"
    ).fetchone() == (0, 0)


def test_no_trial_is_pooled(alone):
    assert alone.execute("select count(*) from fct_trial_pools").fetchone() == (0,)


def test_nothing_is_said_of_a_published_review(alone):
    assert alone.execute(
        "select distinct source from reports.rpt_headline order by all"
    ).fetchall() == [("recommended",), ("seed_paper",)]
    assert alone.execute(
        "select distinct published_text from reports.rpt_conclusions"
    ).fetchall() == [(None,)]
    about_published = """
        select figure_id from reports.rpt_figures
        where
            figure_kind = 'audit'
            or (figure_kind in ('headline', 'flow') and contains(caption, 'ublished'))
    """
    assert alone.execute(about_published).fetchall() == []


def test_a_review_without_numbers_of_a_flow_has_none(alone):
    sources = alone.execute("select distinct source from reports.rpt_study_flow").fetchall()
    assert sources == [("this_extraction",)]


def test_without_the_newer_sheets_nothing_is_related_or_rejected(alone):
    [members] = alone.execute(
        "select list(meta_analysis_id) from fct_analysis_members "
        "where analysis_id = 'depression' and policy_id = 'recommended' and is_member"
    ).fetchone()
    assert {"Twomey2017", "Twomey2020"} <= set(members)
    assert alone.execute("select count(*) from dim_sheets where n_rows = 0").fetchone()
    rejected = "select distinct sheet, value from fct_rejected_rows where severity = 'reject'"
    assert alone.execute(rejected).fetchall() == [("contrasts", "N034")], "a published count"
