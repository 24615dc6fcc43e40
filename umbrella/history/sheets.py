"""The sheets of an earlier publish: as a build takes them, and as files."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from umbrella.errors import UmbrellaError
from umbrella.history.entries import Entry, Part
from umbrella.history.store import History
from umbrella.scratch import scratch_folder
from umbrella.sheets.contract import Sheet
from umbrella.sheets.problems import Problem
from umbrella.sheets.reading import FIRST_ROW, Table
from umbrella.sheets.readings import READINGS, USUAL_NOTE
from umbrella.sheets.rows import ROW_NUMBER, Rows
from umbrella.sheets.table_checks import check_table, stand_in

Tables = Mapping[str, Table]


def sheets_of(history: History, entry: Entry) -> dict[str, Table]:
    """The cells of each sheet of a publish by its name, and how they were read.

    Raises UmbrellaError when a table is gone or damaged.
    """
    with duckdb.connect() as connection:
        return {
            name: _table(connection, history.checked_path(part), part)
            for name, part in entry.sheets.items()
        }


def _table(connection: duckdb.DuckDBPyConnection, file: Path, part: Part) -> Table:
    try:
        found = connection.read_parquet(str(file))
        header, records = found.columns, found.fetchall()
    except duckdb.Error as error:
        raise UmbrellaError(f"Cannot read {file}: {error}") from error
    rows = Rows([["" if cell is None else str(cell) for cell in record] for record in records])
    if not part.key and ROW_NUMBER in header[1:]:
        return Table(header, rows)  # the readings, whose numbers are cells of their own
    numbers = tuple(record[0] for record in records)
    is_plain = numbers == tuple(range(FIRST_ROW, FIRST_ROW + len(numbers)))
    cells = Rows(row[1:] for row in rows)
    return Table(header[1:], cells, numbered=() if is_plain else numbers)


def as_this_version_takes_them(
    kept: Tables, contract: Sequence[Sheet], number: int
) -> dict[str, Table]:
    """The sheets of a publish of another version, with what this one has beside.

    Sheets and columns that may be missing are what they are where a review lacks them. Raises
    UmbrellaError for what this version cannot take.
    """
    problems: list[Problem] = []
    found = {READINGS: kept[READINGS]} if READINGS in kept else {}
    for sheet in contract:
        if sheet.name in kept:
            faults, found[sheet.name] = check_table(
                kept[sheet.name], replace(sheet, takes_own_columns=True)
            )
            problems += faults
        elif sheet.is_optional:
            found[sheet.name] = stand_in(sheet)
        else:
            problems.append(Problem(sheet.file, "this sheet is missing", "a sheet of this name"))
    if problems:
        first = problems[0]
        raise UmbrellaError(
            f"This version of the program cannot take the sheets of publish {number}: "
            f"{first.sheet}: {first.problem} (right: {first.right}). Write them as files with "
            "--sheets-to, amend those and build them, or use the version that published them."
        )
    return found


def write_sheets(kept: Tables, contract: Iterable[Sheet], folder: Path) -> list[str]:
    """Write sheets as a folder of CSV files; returns columns of the team's own, left out of it.

    Empty cells that a workbook had taken as what is usual have that. The folder must not be there,
    or be empty. Raises UmbrellaError and OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UmbrellaError(f"{folder} is not an empty folder: --sheets-to overwrites nothing.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    usual = _usual_cells(kept)
    left_out = []
    with scratch_folder(f".{folder.name}.writing-", folder.parent) as new:
        for sheet in contract:
            if sheet.name not in kept:
                continue
            table = kept[sheet.name]
            own = [name for name in table.header if name not in sheet.kinds]
            left_out += [f"{sheet.name}.{name}" for name in own]
            file = new / "sheets" / sheet.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_csv(sheet, table, usual), encoding="utf-8", newline="")
        if folder.exists():
            folder.rmdir()
        (new / "sheets").rename(folder)
    return left_out


def _csv(sheet: Sheet, table: Table, usual: Mapping[tuple[str, int, str], str]) -> str:
    places = [place for place, name in enumerate(table.header) if name in sheet.kinds]
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.header[place] for place in places)
        for number, row in zip(table.numbers(), table.rows, strict=True):
            writer.writerow(
                row[place] or usual.get((sheet.name, number, table.header[place]), "")
                for place in places
            )
        return text.getvalue()


def _usual_cells(kept: Tables) -> dict[tuple[str, int, str], str]:
    if READINGS not in kept:
        return {}
    readings = kept[READINGS]
    found = (dict(zip(readings.header, row, strict=True)) for row in readings.rows)
    return {
        (row["sheet"], int(row["row_number"]), row["column_name"]): row["read_as"]
        for row in found
        if row["how"] == USUAL_NOTE
    }
