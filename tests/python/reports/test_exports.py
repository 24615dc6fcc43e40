"""Exports: files beside the database, and clear words when the warehouse lacks something."""

import csv
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from reports import ReportError
from reports.exports import export_tables, read_review, read_tables
from reports.figure import Tables
from tests.python.reports import fixture_warehouse


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A warehouse that a test may change."""
    return fixture_warehouse.build(tmp_path / "own.duckdb")


def change(database: Path, statement: str) -> None:
    """Run a statement on a warehouse."""
    con = duckdb.connect(str(database))
    con.execute(statement)
    con.close()


def test_every_table_as_parquet_and_csv(warehouse: Path, tables: Tables, tmp_path: Path) -> None:
    files = export_tables(warehouse, tmp_path)
    assert set(files) == {*tables, "rpt_review"}
    assert read_tables(files)["rpt_forest"] == sorted(
        tables["rpt_forest"], key=lambda row: (row["figure_id"], row["row_order"])
    )
    for name, rows in tables.items():
        assert pq.read_table(files[name]).num_rows == len(rows)
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            listed = list(csv.DictReader(file))
        assert len(listed) == len(rows)
        assert list(listed[0]) == list(rows[0])


def test_exports_are_the_same_every_time(warehouse: Path, tmp_path: Path) -> None:
    one, other = (export_tables(warehouse, tmp_path / name) for name in ("one", "other"))
    for name, path in one.items():
        assert path.read_bytes() == other[name].read_bytes()


def test_tables_beyond_the_contract_are_exported_too(own: Path, tmp_path: Path) -> None:
    change(own, "create table reports.rpt_more as select 1 as x")
    assert "rpt_more" in export_tables(own, tmp_path / "data")


def test_a_missing_table_is_named(own: Path, tmp_path: Path) -> None:
    change(own, "drop table reports.rpt_dropout")
    with pytest.raises(ReportError, match=r"table reports\.rpt_dropout, which the dropout figures"):
        export_tables(own, tmp_path / "data")


def test_every_missing_column_is_named(own: Path, tmp_path: Path) -> None:
    change(own, "alter table reports.rpt_forest drop pi_low")
    change(own, "alter table reports.rpt_figures drop measure")
    with pytest.raises(ReportError) as caught:
        export_tables(own, tmp_path / "data")
    assert "column reports.rpt_forest.pi_low, which the forest figures need" in str(caught.value)
    assert "column reports.rpt_figures.measure" in str(caught.value)


def test_a_missing_warehouse_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no warehouse at"):
        export_tables(tmp_path / "none.duckdb", tmp_path / "data")


def test_another_kind_of_file_is_said(tmp_path: Path) -> None:
    target = tmp_path / "text.duckdb"
    target.write_text("not a database, but long enough to be looked at" * 100)
    with pytest.raises(ReportError, match="cannot be opened"):
        export_tables(target, tmp_path / "data")


def test_the_warehouse_is_not_changed(warehouse: Path, tmp_path: Path) -> None:
    before = warehouse.read_bytes()
    export_tables(warehouse, tmp_path)
    assert warehouse.read_bytes() == before


def test_review_may_be_absent(own: Path) -> None:
    assert read_review(own)["title"] == fixture_warehouse.REVIEW["title"]
    change(own, "drop table reports.rpt_review")
    assert read_review(own) == {}
