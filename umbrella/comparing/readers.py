"""What one reader typed, as it is read: the rows of the sheets that readers fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

from umbrella.sheets.contract import Sheet
from umbrella.sheets.files import is_workbook
from umbrella.sheets.reading import Table
from umbrella.sheets.readings import USUAL_NOTE, keys_of, numbered_rows
from umbrella.sheets.result import CheckResult
from umbrella.text import as_cell

READ = "extraction"
"""The folder of the sheets that are read from papers."""

OF_THE_TEAM = (
    "second_extraction", "second_extraction_rates", "adjudications", "corrections",
    "acknowledgements",
)  # fmt: skip
"""Sheets of that folder that hold a second reading or decisions, and no reading of their own."""

RATER = "rater"
"""Column that says who answers, of sheets in which several people do."""


@dataclass(frozen=True)
class Row:
    """A row of a sheet: its number there, its cells as read, and the name of the row.

    `is_named` says whether the reader typed that name; else the program numbered the row.
    """

    number: int
    cells: Mapping[str, str]
    name: str
    is_named: bool


@dataclass(frozen=True)
class Reader:
    """The sheets of one reader: a workbook or a folder."""

    path: Path
    result: CheckResult

    @property
    def is_book(self) -> bool:
        """Whether the sheets are worksheets of one workbook."""
        return is_workbook(self.path)

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """The sheets that are compared by name, those that others refer to first."""
        read = {s.name: s for s in self.result.tables if s.folder == READ}
        read = {name: sheet for name, sheet in read.items() if name not in OF_THE_TEAM}
        order = TopologicalSorter(
            {name: sorted(_referred(sheet) & read.keys()) for name, sheet in read.items()}
        )
        return {name: read[name] for name in order.static_order()}

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        """The rows of these sheets."""
        unnamed = {
            (reading.sheet, reading.row_number)
            for sheet, found in self.result.readings.items()
            for reading in found
            if reading.how == USUAL_NOTE and (reading.column_name,) == sheet.key
        }
        return {
            name: [
                Row(
                    number,
                    {column: as_cell(cell) for column, cell in zip(table.header, row, strict=True)},
                    as_cell(" / ".join(key)),
                    (name, number) not in unnamed,
                )
                for (number, row), key in zip(
                    numbered_rows(table), keys_of(sheet, table), strict=True
                )
            ]
            for name, sheet in self.sheets.items()
            for table in [self._tables[name]]
        }

    def cells(self, sheet: str) -> list[dict[str, str]]:
        """The rows of any sheet as they are read."""
        table = self._tables[sheet]
        return [dict(zip(table.header, map(as_cell, row), strict=True)) for row in table.rows]

    def numbers(self, sheet: str) -> Sequence[int]:
        """The number of each of these rows, as a spreadsheet shows it."""
        return self._tables[sheet].numbers()

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {sheet.name: table for sheet, table in self.result.as_read().items()}

    def place(self, sheet: str, number: int, column: str) -> tuple[int, str]:
        """Row and column where a cell was typed, which may be in a matrix."""
        return self._places.get((sheet, number), (number, column))

    @cached_property
    def _places(self) -> Mapping[tuple[str, int], tuple[int, str]]:
        return self.result.places()


def _referred(sheet: Sheet) -> set[str]:
    return {column.references.partition(".")[0] for column in sheet.kinds.values()} - {sheet.name}


def key_without_rater(sheet: Sheet, readers: Sequence[Reader]) -> tuple[str, ...]:
    """The columns that tell which row is which: without the rater, where each reader is one.

    Where a reader's own sheet has answers of several people, the rater is part of it.
    """
    key = tuple(name for name in sheet.key if name != RATER)
    for reader in readers:
        found = [tuple(row.cells[name] for name in key) for row in reader.rows[sheet.name]]
        if len(set(found)) < len(found):
            return sheet.key
    return key
