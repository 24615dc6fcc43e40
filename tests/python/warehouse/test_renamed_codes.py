"""Codes are the team's own: with all of them renamed, every result and picture is the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from reports.site import draw_figure
from tests.python.conftest import ROOT, build_warehouse
from tests.python.renaming import MARK, rename_codes
from umbrella.importing.folder import Origin, write_folder
from umbrella.importing.rows import Declared, Imported
from umbrella.outlining.implied import extraction_of
from umbrella.outlining.outline import make_outline
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract
from validation.compare_builds import difference, tables

pytestmark = pytest.mark.build

OWN = {
    "main.dim_sheets": {"content_sha256"},
    "main.dim_condition_pages": {"slug"},
    "reports.rpt_evidence_map": {"page_slug"},
}
"""Columns that say what the sheets are, byte by byte, and what codes are as names of files."""
FIGURES = ("evidence_map", "dropout", "adherence", "dropout_depression")


@pytest.fixture(scope="module")
def renamed_sheets(tmp_path_factory, shipped_sheets) -> Path:
    sheets = tmp_path_factory.mktemp("renamed") / "sheets"
    shutil.copytree(shipped_sheets, sheets)
    assert rename_codes(sheets) > 80
    return sheets


@pytest.fixture(scope="module")
def renamed_database(renamed_sheets) -> Path:
    return build_warehouse(renamed_sheets.parent, renamed_sheets, runs_data_tests=True)


@pytest.fixture(scope="module")
def both(shipped_database, renamed_database):
    """Connection to the shipped warehouse as old, and to the other with its codes mapped back."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{shipped_database}' as old (read_only)")
        connection.execute(f"attach '{renamed_database}' as other (read_only)")
        connection.execute("attach ':memory:' as new")
        for table, columns in tables(connection, "other").items():
            schema, name = table.split(".")
            connection.execute(f"create schema if not exists new.{schema}")
            shown = ", ".join(mapped_back(*column) for column in columns.items())
            connection.execute(
                f"create table new.{schema}.{name} as select {shown} from other.{table}"
            )
        yield connection


def mapped_back(column: str, data_type: str) -> str:
    if "VARCHAR" not in data_type:
        return f'"{column}"'
    return (
        f"cast(replace(cast(\"{column}\" as varchar), '{MARK}', '') as {data_type}) as \"{column}\""
    )


def test_the_renaming_reaches_the_tables(renamed_database):
    with duckdb.connect(str(renamed_database), read_only=True) as connection:
        assert connection.execute(
            f"select count(*) from fct_effects where not ends_with(guidance, '{MARK}') "
            f"or not ends_with(condition, '{MARK}') or not ends_with(measure, '{MARK}')"
        ).fetchall() == [(0,)]


def test_every_result_is_the_same(both):
    before, after = tables(both, "old"), tables(both, "new")
    published = [table for table in before if table.startswith(("main.", "reports."))]
    assert published
    assert {table for table in published if table not in after} == set()
    different = {
        table: found
        for table in published
        if (
            found := difference(
                both, table, [c for c in before[table] if c not in OWN.get(table, ())], 1e-12
            )
        )
    }
    assert different == {}


@pytest.mark.parametrize("figure", FIGURES)
def test_pictures_are_the_same(tmp_path, shipped_database, renamed_database, figure):
    drawn = [
        [path.read_bytes() for path in draw_figure(database, figure, tmp_path / side, ("svg",))]
        for side, database in (("shipped", shipped_database), ("renamed", renamed_database))
    ]
    assert drawn[0]
    assert drawn[0] == drawn[1]


def outlined(sheets: Path) -> dict[str, list[dict[str, str]]]:
    checked = check_sheets(sheets, read_contract(ROOT))
    assert checked.problems == []
    return vars(make_outline(extraction_of(checked)))


def test_an_outline_is_the_same(shipped_sheets, renamed_sheets):
    expected, found = outlined(shipped_sheets), outlined(renamed_sheets)
    assert str(found) != str(expected)
    assert str(found).replace(MARK, "") == str(expected)


def test_an_import_writes_the_codes_of_the_vocabulary(tmp_path, renamed_sheets):
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "models/sheets").symlink_to(ROOT / "models/sheets")
    (project / "presets").symlink_to(ROOT / "presets")
    (project / "seeds").symlink_to(renamed_sheets)
    trial = {
        "comparison_id": "T",
        "study": "A trial",
        "condition": "own",
        "comparator": "waitlist",
        "outcome": "symptom",
    }
    origin = Origin("a sheet", "interventions", "mental-health")
    declared = Declared("own", "symptom")
    write_folder(Imported(trials=[trial]), tmp_path / "made", project, origin, declared)
    written = (tmp_path / "made/extraction/primary_studies.csv").read_text(encoding="utf-8")
    assert f",waitlist{MARK}," in written
    assert f",symptom{MARK}," in written
