"""Study flows with branches: what is printed stays what it is, and nothing is made up."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import ROOT, append, build_warehouse

pytestmark = pytest.mark.build

COUNTS, SEARCH = "published/published_counts.csv", "extraction/search_flow.csv"
ACKNOWLEDGEMENTS = "extraction/acknowledgements.csv"
MODELS = "rpt_study_flow rpt_study_flow_reasons fct_findings fct_claim_checks fct_exclusions"

TWO_BRANCHES = {
    "records_identified_databases": 4300, "records_identified_registers": 232,
    "duplicates_removed": 1200, "records_removed_by_automation": 300, "records_screened": 3032,
    "records_excluded": 2700, "reports_sought": 332, "reports_not_retrieved": 12,
    "reports_assessed": 320, "reports_excluded_no_control": 100,
    "reports_excluded_no_meta_analysis": 140, "other_records_identified": 40,
    "other_reports_sought": 30, "other_reports_not_retrieved": 2, "other_reports_assessed": 28,
    "other_reports_excluded": 21, "meta_analyses_included": 87, "in_english": 50,
}  # fmt: skip
OWN = [
    ("records_identified", "PubMed", 800), ("records_identified", "Embase", 500),
    ("records_removed", "", 300), ("records_screened", "", 1000), ("records_excluded", "", 960),
    ("reports_assessed", "", 48), ("reports_assessed", "Full texts", 40),
    ("reports_excluded", "No control group", 20),
    ("reports_excluded", "Not randomised", 10), ("meta_analyses_included", "", 17),
    ("reports_included", "", 18),
]  # fmt: skip


def with_published(folder: Path, flow: dict[str, int]) -> None:
    """Give the published review this flow in place of the shipped one."""
    path = folder / COUNTS
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [row for row in rows if row["topic"] != "flow"]
    new = [
        dict.fromkeys(rows[0], "")
        | {"count_id": f"F{i:03}", "section": "Results", "topic": "flow", "item": item, "value": n}
        for i, (item, n) in enumerate(flow.items())
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(new + kept)


def flows(folder: Path, sheets: Path, published: Path) -> duckdb.DuckDBPyConnection:
    """Connection to a warehouse with the flows of the sheets, an update of the shipped one."""
    database = build_warehouse(folder, sheets, selection=MODELS, published=published)
    return duckdb.connect(str(database), read_only=True)


@pytest.fixture(scope="module")
def branched(tmp_path_factory, shipped_database):
    """A published flow of two branches, and an own search that does not add up."""
    folder = tmp_path_factory.mktemp("branched")
    sheets = Path(shutil.copytree(ROOT / "seeds", folder / "sheets"))
    with_published(sheets, TWO_BRANCHES)
    append(sheets / SEARCH, *({"item": i, "detail": d, "n": str(n)} for i, d, n in OWN))
    seen = {"rule": "flow_does_not_add_up", "value_seen": "48 beside 40 of its sources"}
    where = {"sheet": "search_flow", "row_id": "reports_assessed / ?"}
    who = {"accepted_by": "A. Reader", "accepted_on": "2026-01-01", "reason": "Printed so."}
    append(sheets / ACKNOWLEDGEMENTS, where | seen | who)
    with flows(folder, sheets, shipped_database) as con:
        yield con


def boxes(con: duckdb.DuckDBPyConnection, source: str) -> list[tuple]:
    return con.execute(
        "select stage_id, branch, n, n_basis, n_excluded, excluded_basis "
        "from reports.rpt_study_flow where source = ? order by stage_order",
        [source],
    ).fetchall()


def test_every_number_stands_in_its_box(branched):
    assert boxes(branched, "published") == [
        ("records_identified", "main", 4532, "sum", 1500, "sum"),
        ("records_screened", "main", 3032, "reported", 2700, "reported"),
        ("reports_sought", "main", 332, "reported", 12, "reported"),
        ("reports_assessed", "main", 320, "reported", 240, "sum"),
        ("other_records_identified", "other", 40, "reported", None, None),
        ("other_reports_sought", "other", 30, "reported", 2, "reported"),
        ("other_reports_assessed", "other", 28, "reported", 21, "reported"),
        ("meta_analyses_included", "joined", 87, "reported", None, None),
    ]


def test_sources_and_reasons_stand_beside_their_stage_and_are_no_stages(branched):
    found = branched.execute(
        "select stage_id, part_kind, reason_label, n from reports.rpt_study_flow_reasons "
        "where source = 'published' order by stage_id, n desc"
    ).fetchall()
    assert found == [
        ("records_identified", "source", "Databases", 4300),
        ("records_identified", "leaving", "Duplicates", 1200),
        ("records_identified", "leaving", "Marked as ineligible by automation tools", 300),
        ("records_identified", "source", "Registers", 232),
        ("reports_assessed", "leaving", "No meta analysis", 140),
        ("reports_assessed", "leaving", "No control", 100),
        (None, "no_box", "In english", 50),
    ]


def test_a_number_that_is_not_reported_is_not_made_up(branched):
    assert boxes(branched, "own_search") == [
        ("records_identified", "main", 1300, "sum", 300, "reported"),
        ("records_screened", "main", 1000, "reported", 960, "reported"),
        ("reports_sought", "main", None, "not_reported", None, "not_reported"),
        ("reports_assessed", "main", 48, "reported", 30, "sum"),
        ("meta_analyses_included", "joined", 17, "reported", None, None),
    ]


def test_sums_that_do_not_agree_are_findings_with_both_numbers(branched):
    found = branched.execute(
        "select sheet, row_id, rule, printed, implied_low, why from fct_findings "
        "where starts_with(rule, 'flow_') order by all"
    ).fetchall()
    assert found == [
        ("published_counts", "F017", "flow_without_box", "50", None,
         "no box of the flow diagram is called in_english"),
        ("search_flow", "reports_assessed / ?", "flow_does_not_add_up", "48 beside 1000 less 960",
         40.0, "records screened 1000 less records excluded 960 are 40, not the 48 of "
         "reports assessed for eligibility"),
        ("search_flow", "reports_assessed / ?", "flow_does_not_add_up",
         "48 beside 40 of its sources", 40.0,
         "the sources of reports assessed for eligibility add up to 40, not to 48"),
    ]  # fmt: skip
    told = branched.execute(
        "select source from reports.rpt_study_flow_reasons where part_kind = 'does_not_add_up'"
    ).fetchall()
    assert told == [("own_search",)] * 2


def test_each_sum_that_does_not_agree_is_accepted_for_itself(branched):
    found = branched.execute(
        "select printed, accepted_by, stops_publication from fct_findings "
        "where starts_with(rule, 'flow_') order by printed"
    ).fetchall()
    assert found == [
        ("48 beside 1000 less 960", None, True),
        ("48 beside 40 of its sources", "A. Reader", False),
        ("50", None, False),
    ]


def test_a_flow_that_does_not_add_up_breaks_no_rule_of_the_diagram(branched):
    text = (ROOT / "tests/singular/study_flow_adds_up.sql").read_text(encoding="utf-8")
    query = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", text)
    assert branched.execute(query).fetchall() == []
    before = query.replace("excluded_basis = 'difference'", "excluded_basis is not null")
    assert branched.execute(before).fetchall() != []


def test_what_may_have_left_between_two_boxes_is_no_conflict(
    tmp_path, copied_sheets, shipped_database
):
    """Reports sought are not told: two may not have been retrieved."""
    with_published(
        copied_sheets, {"records_screened": 50, "records_excluded": 0, "reports_assessed": 48}
    )
    with flows(tmp_path, copied_sheets, shipped_database) as con:
        found = con.execute("select why from fct_findings where starts_with(rule, 'flow_')")
        assert found.fetchall() == []


def test_no_part_of_a_flow_makes_it_grow(branched):
    verdicts = branched.execute(
        "select distinct verdict from fct_claim_checks where rule = 'flow_does_not_increase'"
    ).fetchall()
    assert verdicts == [("consistent",)]


def test_extra_items_of_the_shipped_flow_become_no_stages(
    tmp_path, copied_sheets, shipped, shipped_database
):
    shipped_flow = {
        "records_identified": 4532,
        "records_after_deduplication_and_title_abstract_screening": 259,
        "meta_analyses_included": 87,
    }
    extra = {"reports_not_retrieved": 3, "reports_assessed": 256, "reports_excluded_no_control": 60}
    with_published(copied_sheets, shipped_flow | extra)
    before = shipped.execute(
        "select stage_id from reports.rpt_study_flow where source = 'published' "
        "order by stage_order"
    ).fetchall()
    with flows(tmp_path, copied_sheets, shipped_database) as con:
        after = boxes(con, "published")
        conflicts = con.execute(
            "select subject_id from fct_claim_checks "
            "where rule = 'flow_does_not_increase' and verdict = 'conflict'"
        ).fetchall()
    assert conflicts == []
    assert [(box[0],) for box in after] == before
    assert after[2:] == [
        ("reports_sought", "main", None, "not_reported", 3, "reported"),
        ("reports_assessed", "main", 256, "reported", 60, "sum"),
        ("meta_analyses_included", "joined", 87, "reported", None, None),
    ]
