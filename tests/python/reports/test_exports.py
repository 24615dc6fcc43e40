"""Exports: files beside the pages, and clear words when the warehouse lacks something."""

import csv
import gzip
import hashlib
import json
import re
import zipfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from reports import contract
from reports.downloads import write_downloads
from reports.errors import ReportError
from reports.exports import ARCHIVE, OPENING, WORKBOOK, export_tables, open_tables
from reports.figure import Tables
from reports.pages.downloads import size
from reports.site import SiteResult, build_site


def change(database: Path, statement: str) -> None:
    """Run a statement on a warehouse."""
    con = duckdb.connect(str(database))
    con.execute(statement)
    con.close()


def export(database: Path, folder: Path) -> list[Path]:
    """Export every table."""
    with open_tables(database) as tables:
        return export_tables(tables, folder)


def test_every_table_as_parquet_and_csv(warehouse: Path, tables: Tables, tmp_path: Path) -> None:
    files = export(warehouse, tmp_path)
    assert {path.stem for path in files} == set(tables)
    assert len(files) == 2 * len({path.stem for path in files})
    for name, rows in tables.items():
        assert pq.read_table(tmp_path / f"{name}.parquet").num_rows == len(rows)
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            header, *listed = csv.reader(file)
        assert len(listed) == len(rows)
        assert header == list(contract.declared_tables()[name].columns)


def test_files_of_tables_that_are_the_same_are_taken_over(own: Path, tmp_path: Path) -> None:
    before, after, fresh = (tmp_path / name for name in ("before", "after", "fresh"))
    export(own, before)
    (before / "rpt_grades.csv").unlink()
    (before / "rpt_forest.extra.csv").touch()
    change(own, "update reports.rpt_review set title = 'Another'")
    same = ["rpt_forest", "rpt_grades", "rpt_no_more"]
    with open_tables(own) as tables:
        taken = export_tables(tables, after, before, same)
    made = export(own, fresh)
    assert [path.name for path in taken] == [path.name for path in made]
    assert all((after / path.name).read_bytes() == path.read_bytes() for path in made)
    linked = {path.stem for path in after.iterdir() if path.stat().st_nlink > 1}
    assert linked == {"rpt_forest"}


def test_a_large_csv_is_compressed_and_the_pages_link_to_it(
    own: Path, pictures: Path, tmp_path: Path
) -> None:
    change(own, "create table main.fct_long as select range as n from range(200000)")
    change(own, "create table main.fct_short as select range as n from range(15000)")
    site = build_site(own, tmp_path / "site", ("svg",), cache=pictures).index.parent
    names = {path.name for path in (site / "data").glob("fct_*.csv*")}
    assert {"fct_long.csv.gz", "fct_short.csv"} <= names
    assert not {"fct_long.csv", "fct_short.csv.gz"} & names
    packed = (site / "data/fct_long.csv.gz").read_bytes()
    listed = gzip.decompress(packed).decode("utf-8-sig").splitlines()
    assert listed == ["n", *(str(n) for n in range(200000))]
    assert len(packed) < 1_000_000 < sum(len(line) + 1 for line in listed)
    page = (site / "downloads.html").read_text(encoding="utf-8")
    for name, label in (("fct_long.csv.gz", "CSV, compressed"), ("fct_short.csv", "CSV")):
        link = re.search(rf'<a href="data/{name}"[^>]*>(.*?)</a>', page, re.DOTALL)
        assert link[1].strip().startswith(label)
    change(own, "create table main.fct_longest as select hash(range) as n from range(200000)")
    export(own, tmp_path / "again")
    assert {path.suffix for path in (tmp_path / "again").glob("fct_longest.*")} == {".parquet"}
    assert (tmp_path / "again/fct_long.csv.gz").read_bytes() == packed


def test_tables_are_read_in_their_order(warehouse: Path, tables: Tables) -> None:
    with open_tables(warehouse) as read:
        assert read["rpt_forest"] == sorted(
            tables["rpt_forest"], key=lambda row: (row["figure_id"], row["row_order"])
        )


def test_exports_are_the_same_every_time_in_any_folder(warehouse: Path, tmp_path: Path) -> None:
    one, other = (export(warehouse, tmp_path / name) for name in ("one", "year=1900"))
    for first, second in zip(one, other, strict=True):
        assert first.read_bytes() == second.read_bytes()


@pytest.fixture(scope="module")
def archive(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of everything, unpacked."""
    folder = tmp_path_factory.mktemp("downloads")
    for name in ("data", "again"):
        with open_tables(warehouse) as tables:
            export_tables(tables, folder / name)
            write_downloads(tables, folder / name)
    for name in (ARCHIVE, WORKBOOK):
        first, second = ((folder / place / name).read_bytes() for place in ("data", "again"))
        assert first == second, f"{name} differs between runs"
    with zipfile.ZipFile(folder / "data" / ARCHIVE) as packed:
        packed.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_archive_opens_in_duckdb_with_its_descriptions(
    archive: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(archive)
    typed = dict(OPENING)["Python"]
    names: dict[str, duckdb.DuckDBPyConnection] = {}
    exec(typed, names)  # what the page tells to type
    with names["db"] as con:
        counts = {
            name: con.execute(f"select count(*) from {schema}.{name}").fetchone()[0]
            for schema, name in con.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall()
        }
        comment = con.execute(
            "select comment from duckdb_columns() "
            "where table_name = 'dim_sheets' and column_name = 'sheet'"
        ).fetchone()
    assert counts == {name: len(rows) for name, rows in tables.items()}
    assert comment == ("Key of dim_sheets.",)


def test_the_archive_is_a_data_package(archive: Path, tables: Tables) -> None:
    package = json.loads((archive / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["name"] for resource in package["resources"]} == set(tables)
    for resource in package["resources"]:
        data = (archive / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)
        assert resource["rows"] == len(tables[resource["name"]])
        columns = pq.read_schema(archive / resource["path"]).names
        assert [field["name"] for field in resource["schema"]["fields"]] == columns


def test_downloads_tell_size_and_checksum_of_each_table(site: SiteResult) -> None:
    folder = site.index.parent
    page = (folder / "downloads.html").read_text(encoding="utf-8")
    for path in (folder / "data").glob("*.parquet"):
        assert hashlib.sha256(path.read_bytes()).hexdigest()[:12] in page, path.name
        assert f'href="data/{path.name}"' in page
    for name in (ARCHIVE, WORKBOOK):
        assert size((folder / "data" / name).stat().st_size) in page


def test_tables_beyond_the_contract_are_exported_too(own: Path, tmp_path: Path) -> None:
    change(own, "create table reports.rpt_more as select 1 as x")
    assert tmp_path / "data" / "rpt_more.csv" in export(own, tmp_path / "data")


def test_all_that_another_version_lacks_is_named_at_the_start(own: Path, tmp_path: Path) -> None:
    change(own, "drop table reports.rpt_dropout")
    change(own, "alter table reports.rpt_forest drop pi_low")
    change(own, "alter table main.dim_policies drop label")
    change(own, "alter table reports.rpt_figures alter sort_order type varchar")
    with pytest.raises(ReportError) as caught:
        build_site(own, tmp_path / "site")
    first, *listed, last = str(caught.value).splitlines()
    assert (
        first
        == f"The warehouse {own} was not built by this version of umbrella-warehouse. It lacks:"
    )
    assert sorted(listed) == [
        "- column main.dim_policies.label",
        "- column reports.rpt_figures.sort_order as integer: it is varchar",
        "- column reports.rpt_forest.pi_low",
        "- table reports.rpt_dropout",
    ]
    assert last == "Build it again: umbrella build"
    assert not (tmp_path / "site").exists()


def test_columns_beyond_the_declared_ones_do_no_harm(own: Path, tmp_path: Path) -> None:
    change(own, "alter table reports.rpt_forest add column of_tomorrow integer")
    export(own, tmp_path / "data")


def test_rows_are_ordered_by_declared_columns() -> None:
    for name, order in contract.ROW_ORDER.items():
        assert set(order) <= set(contract.declared_tables()[name].columns), name


def test_a_missing_warehouse_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no warehouse at"):
        export(tmp_path / "none.duckdb", tmp_path / "data")


def test_another_kind_of_file_is_said(tmp_path: Path) -> None:
    target = tmp_path / "text.duckdb"
    target.write_text("not a database, but long enough to be looked at" * 100)
    with pytest.raises(ReportError, match="damaged and cannot be read"):
        export(target, tmp_path / "data")


def test_the_warehouse_is_not_changed(warehouse: Path, tmp_path: Path) -> None:
    before = warehouse.read_bytes()
    export(warehouse, tmp_path)
    assert warehouse.read_bytes() == before
