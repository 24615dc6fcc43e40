"""A copy of a team's workbook with rows that an import added to its sheets, or filled in there."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from umbrella.books.copies import beside, copy_of, put
from umbrella.books.template import AS_NUMBER
from umbrella.history.sheets import write_sheets
from umbrella.sheets.contract import Sheet
from umbrella.sheets.reading import Table
from umbrella.sheets.readings import NUMERIC
from umbrella.sheets.result import CheckResult

Row = Mapping[str, str]


@dataclass(frozen=True)
class Unpacked:
    """The sheets of a workbook as a folder of CSV files, and the rows that these had at first."""

    source: Path
    folder: Path
    contract: Sequence[Sheet]
    tables: Mapping[str, Table]
    before: Mapping[str, list[Row]]


def unpack(source: Path, result: CheckResult, contract: Sequence[Sheet], folder: Path) -> Unpacked:
    """Write the sheets of a checked workbook to a folder that is not there yet."""
    write_sheets(result.by_name(), contract, folder)
    before = {sheet.name: _rows(folder / sheet.path) for sheet in contract}
    tables = {sheet.name: table for sheet, table in result.tables.items()}
    return Unpacked(source, folder, contract, tables, before)


def write_filled(unpacked: Unpacked, word: str) -> Path:
    """Write the copy that a word tells from the workbook, and return where it is.

    Rows of the folder that are new stand below the others of their worksheet, in a worksheet of
    their own where the workbook has none. Raises UmbrellaError where it cannot be written.
    """
    with copy_of(unpacked.source, word) as book:
        pages = {page.title.strip().lower(): page for page in book.worksheets}
        for sheet in unpacked.contract:
            before, after = unpacked.before[sheet.name], _rows(unpacked.folder / sheet.path)
            if after == before:
                continue
            if sheet.name not in pages:
                fill(book.create_sheet(sheet.name), sheet, {}, after)
                continue
            numbers = unpacked.tables[sheet.name].numbers()
            changed = {
                number: {name: cell for name, cell in new.items() if cell != old[name]}
                for number, old, new in zip(numbers, before, after, strict=False)
            }
            fill(pages[sheet.name], sheet, changed, after[len(before) :], max(numbers, default=1))
    return beside(unpacked.source, word)


def fill(
    page: Any, sheet: Sheet, changed: Mapping[int, Row], new: Sequence[Row], last: int = 1
) -> None:
    """Put cells into rows of a worksheet, by their numbers, and new rows below the last one.

    Columns that it lacks are added on the right; cells without a text are left as they are.
    """
    columns = _columns(page, [*changed.values(), *new])
    for number, cells in changed.items():
        _put_row(page, number, columns, sheet, cells)
    for cells in new:
        last = _next_empty(page, last)
        _put_row(page, last, columns, sheet, cells)


def _columns(page: Any, rows: Iterable[Row]) -> dict[str, int]:
    columns = {str(cell.value or "").strip(): cell.column for cell in page[1]}
    columns.pop("", None)
    place = max(columns.values(), default=0)
    for name in dict.fromkeys(name for row in rows for name, cell in row.items() if cell):
        if name not in columns:
            place += 1
            columns[name] = place
            put(page.cell(1, place), name)
    return columns


def _next_empty(page: Any, number: int) -> int:
    number += 1
    while any(cell.value is not None for cell in page[number]):
        number += 1
    return number


def _put_row(page: Any, number: int, columns: Mapping[str, int], sheet: Sheet, cells: Row) -> None:
    for name, text in cells.items():
        if text:
            _put(page.cell(number, columns[name]), sheet, name, text)


def _put(cell: Any, sheet: Sheet, name: str, text: str) -> None:
    """A number with the decimals that it was read with, anything else as text."""
    kind = sheet.kinds[name].kind if name in sheet.kinds else ""
    if kind in NUMERIC and AS_NUMBER.fullmatch(text):
        decimals = len(text.partition(".")[2])
        cell.value = float(text) if decimals else int(text)
        cell.number_format = "0." + "0" * decimals if decimals else "0"
    else:
        put(cell, text)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
