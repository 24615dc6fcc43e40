"""Sheets as a German spreadsheet program saves them give the warehouse of the plain ones."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import ROOT, append, build_warehouse
from umbrella.sheets.contract import read_contract
from umbrella.sheets.reading import Table
from umbrella.sheets.readings import NUMERIC, WHOLE, readings_of

pytestmark = pytest.mark.build

SHEETS = ("meta_analyses", "reported_effects", "reported_rates", "primary_studies")
TABLES = (
    *(f"staging.stg_extraction__{name}" for name in SHEETS),
    "main.fct_rejected_rows",
    "main.fct_findings",
)
EXTRA = {
    "meta_analysis_id": "Heber2017", "condition": "stress", "outcome": "symptom",
    "timepoint": "post", "measure": "hedges_g", "ci_level": "0.95", "comparator": "waitlist",
    "guidance": "guided", "therapy": "cbt", "analysis_set": "itt", "scope": "subgroup",
    "favourable_direction": "positive", "synthesis_model": "random", "source_locator": "Table 1",
}  # fmt: skip


def as_german(text: str, kind: str) -> str:
    """A plain number with a decimal comma and an en dash; a count with points between thousands."""
    if kind == WHOLE:
        return f"{int(text):,}".replace(",", ".")
    return text.replace(".", ",").replace("-", "\u2013")


def rewrite(folder: Path, name: str) -> int:
    """Save a sheet again with semicolons, a line sep=, a byte order mark and German numbers."""
    sheet = next(sheet for sheet in read_contract(ROOT) if sheet.name == name)
    path = folder / sheet.file
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    n_changed = 0
    for row in rows:
        for column, rule in sheet.kinds.items():
            if rule.kind in NUMERIC and column != "year" and row.get(column):
                typed = row[column]
                row[column] = as_german(typed, rule.kind)
                n_changed += row[column] != typed
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text("sep=;\r\n" + text.getvalue(), encoding="utf-8-sig", newline="")
    return n_changed


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """The warehouse of the shipped sheets saved by a German program, and the cells changed."""
    folder = tmp_path_factory.mktemp("german")
    sheets = Path(shutil.copytree(ROOT / "seeds", folder / "sheets"))
    n_changed = sum(rewrite(sheets, name) for name in SHEETS)
    models = " ".join(table.split(".")[1] for table in TABLES)
    database = build_warehouse(folder, sheets, selection=f"{models} fct_sheet_readings")
    return database, n_changed


def test_the_warehouse_is_that_of_the_plain_sheets(german, shipped_database):
    database, _ = german
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute(f"attach '{shipped_database}' as plain (read_only)")
        for table in TABLES:
            (n_rows,) = con.execute(f"select count(*) from plain.{table}").fetchone()
            assert n_rows > 0 or table == "main.fct_rejected_rows"
            for one, other in ((f"plain.{table}", table), (table, f"plain.{table}")):
                difference = con.execute(f"select * from {one} except all select * from {other}")
                assert difference.fetchall() == [], table


def test_every_cell_that_was_changed_is_told(german):
    database, n_changed = german
    with duckdb.connect(str(database), read_only=True) as con:
        told = con.execute(
            "select count(*) filter (row_number is not null), count(*) filter (row_number is null) "
            "from fct_sheet_readings"
        ).fetchone()
    assert told == (n_changed, len(SHEETS))


def test_cells_typed_and_read_stand_side_by_side_and_refused_ones_are_rejected(
    tmp_path, shipped_database
):
    sheets = Path(shutil.copytree(ROOT / "seeds", tmp_path / "sheets"))
    append(
        sheets / "extraction" / "reported_effects.csv",
        EXTRA | {"effect_id": "R_read", "estimate": "\u22120\u00b740", "ci_low": "\u22120,60",
                 "ci_high": "-0.20*", "p_value": "<.001", "n_total": "1 234"},
        EXTRA | {"effect_id": "R_missing", "estimate": "0.4", "ci_low": "n/a", "ci_high": "NR"},
        EXTRA | {"effect_id": "R_several", "estimate": "0.40 (0.20 to 0.60)"},
        EXTRA | {"effect_id": "R_case", "estimate": "0.4", "guidance": "Guided", "se": "0.1"},
    )  # fmt: skip
    database = build_warehouse(
        tmp_path,
        sheets,
        selection="fct_sheet_readings fct_rejected_rows stg_extraction__reported_effects",
        published=shipped_database,
    )
    with duckdb.connect(str(database), read_only=True) as con:
        read = con.execute(
            "select column_name, typed, read_as from fct_sheet_readings "
            "order by row_number, column_name"
        ).fetchall()
        cells = con.execute(
            "select estimate, ci_low, ci_high, p_operator, p_value, n_total "
            "from staging.stg_extraction__reported_effects where effect_id = 'R_read'"
        ).fetchall()
        rejected = con.execute(
            "select row_id, column_name, value, reason, expected from fct_rejected_rows "
            "where starts_with(row_id, 'R_') and severity = 'reject' order by row_id"
        ).fetchall()
    assert read == [
        ("ci_high", "-0.20*", "-0.20"),
        ("ci_low", "\u22120,60", "-0.60"),
        ("estimate", "\u22120\u00b740", "-0.40"),
        ("n_total", "1 234", "1234"),
        ("p_operator", None, "<"),
        ("p_value", "<.001", ".001"),
        ("ci_high", "NR", None),
        ("ci_low", "n/a", None),
    ]
    assert cells == [(-0.4, -0.6, -0.2, "<", 0.001, 1234)]
    case, several = rejected
    assert case[:4] == ("R_case", "guidance", "Guided", "unknown code")
    assert case[4].startswith("did you mean guided? one of: guided, ")
    assert several == (
        "R_several", "estimate", "0.40 (0.20 to 0.60)",
        "several numbers in one cell: 0.40, 0.20, 0.60",
        "0.40 in estimate, 0.20 in ci_low, 0.60 in ci_high",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "read_as"),
    [
        ("estimate", "\u22120,15", "-0.15"),
        ("ci_low", "\u20130\u00b726", "-0.26"),
        ("n_total", "1 234", "1234"),
        ("i2", "85 %", "85"),
        ("p_value", "NR", ""),
        ("guidance", "1,5", None),
        ("estimate", "0.15", None),
    ],
)
@pytest.mark.parametrize("column", ["first_value", "second_value", "adjudicated_value"])
def test_a_decision_is_read_as_the_column_that_it_is_about(column, field, typed, read_as):
    contract = read_contract(ROOT)
    sheet = next(sheet for sheet in contract if sheet.name == "adjudications")
    cells = {"effect_id": "A_01", "field": field, column: typed}
    table = Table(list(sheet.columns), [[cells.get(name, "") for name in sheet.columns]])
    found = readings_of(sheet, table, {other.name: other.kinds for other in contract})
    expected = [] if read_as is None else [(2, column, typed, read_as, "")]
    assert [(r.row_number, r.column_name, r.typed, r.read_as, r.problem) for r in found] == expected


@pytest.mark.parametrize(
    ("sheet_name", "column", "typed", "read_as"),
    [
        ("reported_effects", "estimate", "0,45", "0.45"),
        ("reported_rates", "percent", "85 %", "85"),
        ("meta_analyses", "n_participants", "1 234", "1234"),
        ("meta_analyses", "title", "1,5", None),
        ("no_sheet", "estimate", "0,45", None),
    ],
)
def test_a_corrected_value_is_read_as_its_cell(sheet_name, column, typed, read_as):
    contract = read_contract(ROOT)
    sheet = next(sheet for sheet in contract if sheet.name == "corrections")
    cells = {"sheet": sheet_name, "row_id": "A", "column_name": column, "new_value": typed}
    cells |= {"old_value": "0,54"}
    table = Table(list(sheet.columns), [[cells.get(name, "") for name in sheet.columns]])
    found = readings_of(sheet, table, {other.name: other.kinds for other in contract})
    assert [(r.column_name, r.read_as) for r in found] == [("new_value", read_as)] * bool(read_as)


def test_a_decision_that_has_two_readings_is_refused_with_both():
    contract = read_contract(ROOT)
    sheet = next(sheet for sheet in contract if sheet.name == "adjudications")
    cells = {"effect_id": "A_01", "field": "n_total", "adjudicated_value": "1,234 to 1,432"}
    table = Table(list(sheet.columns), [[cells.get(name, "") for name in sheet.columns]])
    (found,) = readings_of(sheet, table, {other.name: other.kinds for other in contract})
    assert found.problem
    assert found.expected
