"""What holds of every folder of sheets, however it is spoilt."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from unittest import mock

import duckdb
from typer.testing import CliRunner

from tests.python.fuzzing import mutations
from tests.python.fuzzing.mutations import SHEETS, Grid, Mutation, Sheets
from tests.python.fuzzing.plain_numbers import meanings
from umbrella.app import app
from umbrella.building.compilation import DATABASE_NAME, plan_of
from umbrella.building.execution import execute
from umbrella.commands import check
from umbrella.project import project_dir
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import Sheet, read_contract
from umbrella.sheets.readings import NUMERIC
from umbrella.sheets.result import CheckResult

BLANKS = " \t\r\n\xa0\ufeff"
"""What the warehouse takes from both ends of a text."""

contract = lru_cache(lambda: read_contract(project_dir()))
STAGED = (
    "fct_rejected_rows",
    *(f"stg_{name[:-4].replace('/', '__')}" for name in SHEETS),
)


@contextmanager
def spoilt(made: Sequence[Mutation], template: Path):
    """A folder with spoilt sheets, and the sheets."""
    sheets = mutations.sheets_of(template)
    for mutate in made:
        mutate(sheets)
    with tempfile.TemporaryDirectory(prefix="fuzzed-") as scratch:
        folder = Path(scratch, "sheets")
        mutations.write(sheets, template, folder)
        yield folder, sheets


def assert_is_answered(folder: Path) -> None:
    """`umbrella check` ends with a message for people, and where it refuses, with the place."""
    with mock.patch.object(check, "read_contract", return_value=contract()):
        result = CliRunner().invoke(app, ["check", "--no-rows", "--sheets", str(folder)])
    told = result.stderr
    assert result.exit_code in (0, 1), (result.exit_code, result.exception)
    assert "Unexpected" not in told, told
    assert "Traceback" not in result.output + told, told
    if result.exit_code:
        places = [sheet.file for sheet in contract()] + [f"{folder}/"]
        assert any(place in told for place in places) or ".CSV: 1 problem" in told, told
    assert not {"\x1b", "\0", "\u202e"} & set(told), told
    assert max(map(len, told.splitlines()), default=0) < 5_000


def assert_cells_are_kept(folder: Path, sheets: Sheets) -> None:
    """The cells of a sheet that is read are those that were typed into it."""
    checked = check_sheets(folder, contract())
    faulty = {problem.sheet for problem in checked.problems}
    for sheet, table in checked.tables.items():
        grid = sheets.grids.get(sheet.file)
        if grid is None or sheet.file in faulty or not _is_whole(folder, sheet, grid):
            continue
        typed = [dict(zip(grid.rows[0], row, strict=True)) for row in _without_end(grid.rows)[1:]]
        read = [dict(zip(table.header, row, strict=True)) for row in table.rows]
        for place, row in enumerate(read):
            for name, cell in typed[place].items():
                assert row[name] == cell, (sheet.name, place + 2, name, cell, row[name])
        assert len(read) == len(typed)
        _assert_readings_are_meant(checked, sheet, read)


def assert_numbers_are_meant(folder: Path, sheets: Sheets) -> None:
    """Every number of the warehouse is one that its cell means, and is told where it was changed.

    Every row of a sheet is in the warehouse or among the rejected.
    """
    checked = check_sheets(folder, contract())
    if checked.problems:
        return
    for sheet, rows, staged, rejected in _staged(checked):
        grid = sheets.grids[sheet.file]
        if not _is_whole(folder, sheet, grid):
            continue
        numbers = {row["row_number"] for row in staged}
        assert numbers | rejected == set(range(2, len(rows) + 2)), (sheet.name, numbers, rejected)
        told = {(one.row_number, one.column_name) for one in checked.readings[sheet]}
        for row in staged:
            typed = dict(zip(grid.rows[0], grid.rows[row["row_number"] - 1], strict=True))
            for name, cell in typed.items():
                place = (sheet.name, row["row_number"], name)
                is_told = place[1:] in told
                _assert_is_meant(sheet, name, cell, row[name], is_told, place)


def _assert_is_meant(
    sheet: Sheet, name: str, cell: str, value: object, is_told: bool, place: tuple
) -> None:
    where = (place, cell, value)
    if sheet.kinds[name].kind not in NUMERIC:
        assert is_told or (value or "") == cell.strip(BLANKS), where
    elif value is None:
        assert is_told or not cell.strip(BLANKS), where
    else:
        assert float(value) in map(float, meanings(cell)), where
        assert is_told or _is_plain(cell), where


def _is_plain(cell: str) -> bool:
    """Whether a number is written as a program writes it: what is read so need not be told."""
    text = cell.strip(BLANKS).lower()
    return text.isascii() and not set(text) - set("0123456789.+-e")


def _assert_readings_are_meant(
    checked: CheckResult, sheet: Sheet, rows: Sequence[dict[str, str]]
) -> None:
    for one in checked.readings.get(sheet, ()):
        if (
            one.row_number is None
            or one.problem
            or sheet.kinds[one.column_name].kind not in NUMERIC
        ):
            continue
        cell = rows[one.row_number - 2][one.column_name]
        assert one.typed == cell
        if one.read_as:
            meant = {str(float(number)) for number in meanings(cell)}
            assert str(float(one.read_as)) in meant, one


def _staged(checked: CheckResult):
    plan = plan_of(project_dir()).restricted_to(STAGED)
    with tempfile.TemporaryDirectory(prefix="fuzzed-") as scratch:
        database = Path(scratch, DATABASE_NAME)
        outcome = execute(plan, checked.by_name(), database, logging.getLogger("fuzzing"))
        assert outcome.is_ok, [(node.name, node.message) for node in outcome.failed]
        with duckdb.connect(str(database), read_only=True) as connection:
            for sheet, table in checked.tables.items():
                if sheet.file not in SHEETS:
                    continue
                staged = connection.execute(f"from staging.stg_{sheet.folder}__{sheet.name}")
                names = [column[0] for column in staged.description]
                rows = [dict(zip(names, row, strict=True)) for row in staged.fetchall()]
                rejected = connection.execute(
                    "select distinct row_number from fct_rejected_rows"
                    " where sheet = ? and severity = 'reject'",
                    [sheet.name],
                ).fetchall()
                yield sheet, table.rows, rows, {number for (number,) in rejected}


def _is_whole(folder: Path, sheet: Sheet, grid: Grid) -> bool:
    """Whether the file holds the texts of the grid, and nothing else took its place."""
    path = folder / sheet.file
    is_file = path.is_file() and path.read_bytes() == grid.as_bytes()
    return grid.is_faithful and is_file and len(grid.rows) > 0


def _without_end(rows: list[list[str]]) -> list[list[str]]:
    last = max((place for place, row in enumerate(rows) if any(row)), default=0)
    return rows[: last + 1]
