"""Read the worksheets of a workbook as text, with percentages as such."""

import io
import re
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from umbrella.sheets.other_books import (
    LockedError,
    NotComputedError,
    from_ods,
    from_xls,
    is_ods,
)
from umbrella.sheets.problems import Problem, SheetProblem

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet as Cells

IN_PERCENT = re.compile(r'^(?:[^"%\\]|"[^"]*"|\\.)*%')
"""A format of numbers with a percent sign that is not only text."""
DECIMALS = re.compile(r"0\.(0+)")
"""Decimals that a format shows though they are zeros."""

FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
"""How a formula begins in a worksheet."""

ZIP_MARK = b"PK\x03\x04"
OLD_MARK = b"\xd0\xcf\x11\xe0"
"""How a workbook of Excel before 2007 begins, and a later one with a password."""

WORKBOOK_MARKS = (ZIP_MARK, OLD_MARK)

WORKSHEET = re.compile(r"/?xl/worksheets/[^/]*\.xml")
"""Where a worksheet stands in a workbook."""

CELL_NAME = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]+[0-9]+)"')
"""The name of a cell there."""

LARGEST_UNPACKED = 50_000_000
"""Bytes of all that is packed in a workbook: in memory they take up to fifty times as much."""

MOST_CELLS = 2_000_000
"""Cells between the first one and the last one that a worksheet has, the empty ones included."""

ONE_WORKSHEET = "a workbook with one worksheet that has cells, or that worksheet saved as CSV"


@dataclass(frozen=True)
class Worksheet:
    """The records of a worksheet, row 1 first, as text."""

    name: str
    records: list[list[str]]
    others: tuple[str, ...] = ()
    """Worksheets with cells that were not chosen."""
    problem: Problem | None = None
    """Why its cells cannot be taken."""
    n_hidden: int = 0
    """Rows with cells that a spreadsheet program does not show."""


@dataclass(frozen=True)
class Choice:
    """Which worksheet of several is meant: the one of this name, or the only one that is wanted."""

    name: str
    is_wanted: Callable[[list[list[str]]], bool]


def read_workbook(raw: bytes, sheet: str, choice: Choice | None = None) -> Worksheet:
    """Read the worksheet with cells; raises SheetProblem where there is none, or several.

    With a choice the value of merged cells stands in each of the cells that they cover.
    """
    filled, formulas = _opened(raw, sheet)
    cells = _chosen(filled, sheet, choice)
    if choice:
        _spread_merged(cells)
    else:
        _refuse_merged(cells, sheet)
    _refuse_uncomputed(cells, formulas, sheet)
    others = tuple(one.title for one in filled if one is not cells)
    return Worksheet(cells.title, _cropped(_records(cells)), others)


def read_worksheets(raw: bytes, sheet: str) -> list[Worksheet]:
    """Read every worksheet that has cells; raises SheetProblem where none can be read."""
    filled, formulas = _opened(raw, sheet)
    return [_read_one(cells, formulas, sheet) for cells in filled]


def _read_one(cells: "Cells", formulas: Any, sheet: str) -> Worksheet:
    try:
        _refuse_merged(cells, sheet)
        _refuse_uncomputed(cells, formulas, sheet)
    except SheetProblem as found:
        return Worksheet(cells.title, [], problem=found.problem)
    shapes = cells.row_dimensions
    hidden = [number for number in range(2, cells.max_row + 1) if shapes[number].hidden]
    n_hidden = sum(any(cell.value is not None for cell in cells[number]) for number in hidden)
    return Worksheet(cells.title, _cropped(_records(cells)), n_hidden=n_hidden)


def open_book(raw: bytes, sheet: str, *, keep_vba: bool = False) -> Any:
    """The workbook as openpyxl has it, with its formulas where it is one of Excel since 2007.

    Raises SheetProblem where it cannot be read.
    """
    _refuse_unreadable(raw, sheet)
    return _open(raw, sheet, computed=False, keep_vba=keep_vba)


def _opened(raw: bytes, sheet: str) -> "tuple[list[Cells], Any]":
    """The worksheets with cells, and the workbook with its formulas; none where it has none."""
    _refuse_unreadable(raw, sheet)
    values = _open(raw, sheet, computed=True)
    for cells in values.worksheets:
        _refuse_far_cells(cells, sheet)
    has_formulas = not _is_of_another_kind(raw) and _has_formulas(raw)
    formulas = _open(raw, sheet, computed=False) if has_formulas else None
    return [cells for cells in values.worksheets if _has_cells(cells)], formulas


def _has_formulas(raw: bytes) -> bool:
    """Whether a cell has a formula: a workbook is read twice for that only where one has."""
    with ZipFile(io.BytesIO(raw)) as packed:
        names = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        return any(FORMULA.search(packed.read(name)) for name in names)


def _cropped(records: list[list[str]]) -> list[list[str]]:
    """The records without the empty columns to the right of the last one that has a cell."""
    width = max(_length(record) for record in records)
    return [record[:width] for record in records]


def _records(cells: "Cells") -> list[list[str]]:
    return [[_shown(cell) for cell in row] for row in cells.iter_rows()]


def _shown(cell: Any) -> str:
    """The text of a cell: a percentage with its sign, and a number with all decimals shown."""
    if not isinstance(cell.value, int | float) or isinstance(cell.value, bool):
        return _as_text(cell.value)
    is_percent, decimals = _format(cell.number_format)
    number = f"{cell.value * (100 if is_percent else 1):.15g}"
    if decimals:
        rounded = f"{float(number):.{decimals}f}"
        number = rounded if float(rounded) == float(number) else number
    return f"{number}%" if is_percent else number


@cache
def _format(number_format: str) -> tuple[bool, int]:
    """Whether a format shows a percentage, and how many decimals it shows though they are zeros."""
    decimals = DECIMALS.search(number_format)
    return bool(IN_PERCENT.match(number_format)), len(decimals[1]) if decimals else 0


def _chosen(filled: "list[Cells]", sheet: str, choice: Choice | None) -> "Cells":
    """The worksheet that is meant: by its name, as the only one, or as the only one wanted."""
    named = [cells for cells in filled if choice and cells.title == choice.name]
    fits = named if choice and choice.name else filled
    if len(fits) > 1 and choice:
        fits = [cells for cells in filled if choice.is_wanted(_records(cells))] or filled
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(cells.title for cells in (fits or filled)) or "none"
    right = f"--worksheet NAME, one of: {names}" if choice and filled else ONE_WORKSHEET
    if choice and len(fits) > 1:
        right += "; given again, others with the same columns, or each by an import with --into"
    raise SheetProblem(Problem(sheet, f"worksheets with cells: {names}", right))


def _refuse_unreadable(raw: bytes, sheet: str) -> None:
    """A workbook that is far larger than its file, or holds a cell twice, is opened nowhere."""
    if raw.startswith(OLD_MARK):
        return
    try:
        with ZipFile(io.BytesIO(raw)) as packed:
            size = sum(part.file_size for part in packed.infolist())
            if size <= LARGEST_UNPACKED:
                _refuse_repeated(packed, sheet)
    except SheetProblem:
        raise
    except Exception as error:  # whatever a broken archive brings
        raise SheetProblem(_unreadable(sheet, error)) from error
    if size > LARGEST_UNPACKED:
        problem = f"the workbook has {size:,} bytes when unpacked"
        right = f"at most {LARGEST_UNPACKED:,}, or its worksheet saved as CSV"
        raise SheetProblem(Problem(sheet, problem, right))


def _is_of_another_kind(raw: bytes) -> bool:
    return raw.startswith(OLD_MARK) or is_ods(raw)


def _refuse_repeated(packed: ZipFile, sheet: str) -> None:
    """A cell that a broken workbook holds twice has two values, of which one would be lost."""
    for part in packed.namelist():
        if not WORKSHEET.fullmatch(part):
            continue
        names = CELL_NAME.findall(packed.read(part))
        if len(set(names)) < len(names):
            name = Counter(names).most_common(1)[0][0].decode()
            problem = f"cell {name} stands twice in the workbook"
            right = "a workbook that a spreadsheet program has opened and saved"
            raise SheetProblem(Problem(sheet, problem, right))


def _refuse_far_cells(cells: "Cells", sheet: str) -> None:
    """One cell far below or far right makes a worksheet of billions of cells."""
    if cells.max_row * cells.max_column > MOST_CELLS:
        where = f"row {cells.max_row:,} and column {cells.max_column:,}"
        problem = f"the cells of worksheet {cells.title} reach to {where}"
        right = "no cell far below or right of the others, or the worksheet saved as CSV"
        raise SheetProblem(Problem(sheet, problem, right))


def _open(raw: bytes, sheet: str, *, computed: bool, keep_vba: bool = False) -> Any:
    from openpyxl import load_workbook  # takes long, and few sheets are workbooks

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which are not read
            if raw.startswith(OLD_MARK):
                return from_xls(raw)
            if is_ods(raw):
                return from_ods(raw, MOST_CELLS)
            return load_workbook(io.BytesIO(raw), data_only=computed, keep_vba=keep_vba)
    except NotComputedError as found:
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(found.column)
        raise SheetProblem(_uncomputed(sheet, found.row, letter, found.formula)) from found
    except LockedError as error:
        raise SheetProblem(Problem(sheet, "a workbook with a password", ONE_WORKSHEET)) from error
    except Exception as error:  # whatever the parsers of its parts come upon in a broken file
        raise SheetProblem(_unreadable(sheet, error)) from error


def _unreadable(sheet: str, error: Exception) -> Problem:
    return Problem(sheet, f"the workbook cannot be read: {error}", ONE_WORKSHEET)


def _has_cells(cells: "Cells") -> bool:
    return any(value is not None for row in cells.iter_rows(values_only=True) for value in row)


def _refuse_merged(cells: "Cells", sheet: str) -> None:
    """A merged cell holds one value for several rows: which of them it is meant for is unknown."""
    merged = sorted(str(area) for area in cells.merged_cells.ranges)
    if merged:
        raise SheetProblem(
            Problem(sheet, f"merged cells: {', '.join(merged)}", "one cell for each value")
        )


def _spread_merged(cells: "Cells") -> None:
    for area in list(cells.merged_cells.ranges):
        value = cells.cell(area.min_row, area.min_col).value
        cells.unmerge_cells(str(area))
        for row, column in area.cells:
            cells.cell(row, column).value = value


def _refuse_uncomputed(values: "Cells", formulas: Any, sheet: str) -> None:
    for row in formulas[values.title].iter_rows() if formulas else ():
        for cell in row:
            if cell.data_type == "f" and values[cell.coordinate].value is None:
                formula = str(cell.value)
                raise SheetProblem(_uncomputed(sheet, cell.row, cell.column_letter, formula))


def _uncomputed(sheet: str, row: int, letter: str, formula: str) -> Problem:
    problem = "a formula whose result is not stored in the workbook"
    right = "open and save it in a spreadsheet program, or paste values"
    return Problem(sheet, problem, right, row, letter, formula)


def _as_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()  # as every spreadsheet program shows and saves it
        case float():
            return f"{value:.15g}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value)


def _length(record: list[str]) -> int:
    return max((position for position, cell in enumerate(record, start=1) if cell), default=0)
