"""Matrices that teams type: a column for each item of a rating, or for each meta-analysis.

Both sheets are long in the warehouse, a row for each cell of the matrix. A worksheet is a matrix
where it lacks the columns that make it long.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from umbrella.sheets.contract import Sheet
from umbrella.sheets.reading import FIRST_ROW, Table
from umbrella.sheets.readings import numbered_rows
from umbrella.sheets.rows import Rows

ITEM = re.compile(r"(?:(?:item|question|q)[ _.]*)?(\d+)", re.ASCII | re.IGNORECASE)
"""The name of a column of answers to one item."""

MARKS = ("x", "✓", "1", "yes", "y")
"""Cells that say that a meta-analysis includes a trial."""

NO_MARKS = ("", "0", "-", "–", "no", "n")

RATINGS, INCLUSIONS = "quality_ratings", "study_inclusion"
MADE = {
    RATINGS: ("item", "answer"),
    INCLUSIONS: ("meta_analysis_id", "study_id", "list_status"),
}
"""Columns that a matrix gives by its header and its cells."""

Cell = tuple[dict[str, str], str]
"""The cells of a long row, and the column of the matrix that it is from."""


def is_wide(sheet: Sheet, table: Table) -> bool:
    """Whether the rows of a sheet stand as a matrix."""
    names = set(table.header)
    if sheet.name == RATINGS:
        return names.isdisjoint({"item", "answer"}) and any(map(ITEM.fullmatch, names))
    return sheet.name == INCLUSIONS and "meta_analysis_id" not in names and "study_label" in names


def as_long(sheet: Sheet, table: Table) -> Table:
    """A row for each cell of the matrix; `places` tells from where each is."""
    is_ratings = sheet.name == RATINGS
    unpivot = _ratings if is_ratings else _inclusions
    shared = [name for name in table.header if name in sheet.kinds]
    own = [name for name in table.header if name not in sheet.kinds and not ITEM.fullmatch(name)]
    header = list(dict.fromkeys([*shared, *(own if is_ratings else ()), *MADE[sheet.name]]))
    rows: list[list[str]] = []
    places: dict[int, tuple[int, str]] = {}
    for number, row in numbered_rows(table):
        for cells, column in unpivot(sheet, dict(zip(table.header, row, strict=True))):
            places[FIRST_ROW + len(rows)] = number, column
            rows.append([cells.get(name, "") for name in header])
    return replace(table, header=header, rows=Rows(rows), numbered=(), places=places)


def _ratings(_sheet: Sheet, row: dict[str, str]) -> Iterator[Cell]:
    for name, cell in row.items():
        item = ITEM.fullmatch(name)
        if item and cell.strip():
            yield {**row, "item": item[1], "answer": cell}, name


def _inclusions(sheet: Sheet, row: dict[str, str]) -> Iterator[Cell]:
    shared = {name: cell for name, cell in row.items() if name in sheet.kinds}
    shared["study_id"] = shared.get("study_id") or shared["study_label"]
    for name, cell in row.items():
        mark = cell.strip().lower()
        if name not in sheet.kinds and name and mark not in NO_MARKS:
            status = {} if mark in MARKS else {"list_status": cell}
            yield {**shared, **status, "meta_analysis_id": name}, name
