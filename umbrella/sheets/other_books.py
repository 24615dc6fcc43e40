"""Workbooks of other programs, OpenDocument (.ods) and Excel before 2007 (.xls), as openpyxl's.

What a spreadsheet shows is kept: values, percentages and decimals by the format of their cell,
merged cells and hidden rows, so that a worksheet is checked and read alike whatever the file is.
"""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from openpyxl import Workbook

ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The part in which a later workbook with a password is kept, in a file that begins as an old one.
"""

GROUPS = {
    f"{TABLE}{name}" for name in ("table-header-rows", "table-row-group", "table-rows")
}  # fmt: skip
"""Elements that hold rows and are none themselves."""

LAST_NUMBER = re.compile(r"[.,](\d+)\D*$")
"""What follows the last point or comma of a printed number."""


NOT_IN_NAMES = re.compile(r"[\\*?:/\[\]]")
"""Signs that no worksheet of Excel has in its name."""


class NotComputedError(Exception):
    """A formula has no result in the file."""

    def __init__(self, formula: str, row: int, column: int) -> None:
        self.formula, self.row, self.column = formula, row, column


class LockedError(Exception):
    """A workbook that opens with a password alone."""


def is_ods(raw: bytes) -> bool:
    """Whether a ZIP archive is a spreadsheet of OpenDocument."""
    with ZipFile(io.BytesIO(raw)) as packed:
        return "mimetype" in packed.namelist() and packed.read("mimetype").startswith(ODS_TYPE)


def from_ods(raw: bytes, most_cells: int) -> "Workbook":
    """The workbook of an OpenDocument file.

    Of empty cells and rows as many are made as stand before one with a value, and no more than
    `most_cells`. Raises NotComputedError, LockedError, and what a broken file makes its readers
    raise.
    """
    from defusedxml import ElementTree

    with ZipFile(io.BytesIO(raw)) as packed:
        if b"encryption-data" in packed.read("META-INF/manifest.xml"):
            raise LockedError
        content = ElementTree.fromstring(packed.read("content.xml"))
    book = _empty_book()
    for table in content.findall(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table"):
        _fill_from_ods(_page(book, table.get(f"{TABLE}name", "")), table, most_cells)
    return book


def _fill_from_ods(page: Any, table: "Element", most_cells: int) -> None:
    row_number, n_made = 1, 0
    for row in _rows(table):
        cells = list(_cells_of_row(row))
        again = int(row.get(f"{TABLE}number-rows-repeated", 1))
        is_hidden = row.get(f"{TABLE}visibility", "visible") != "visible"
        for number in range(row_number, row_number + (again if cells else 0)):
            n_made += len(cells)
            if n_made > most_cells:
                raise ValueError(f"worksheet {page.title} has more than {most_cells:,} cells")
            if is_hidden:
                page.row_dimensions[number].hidden = True
            for column, cell in cells:
                _put_ods_cell(page, number, column, cell)
        row_number += again


def _rows(parent: "Element") -> Iterator["Element"]:
    for child in parent:
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag in GROUPS:
            yield from _rows(child)


def _cells_of_row(row: "Element") -> Iterator[tuple[int, "Element"]]:
    """The cells with something in them, each with its column."""
    column = 1
    for cell in row:
        again = int(cell.get(f"{TABLE}number-columns-repeated", 1))
        is_full = cell.get(f"{OFFICE}value-type") or cell.get(f"{TABLE}formula") or _spans(cell)
        if cell.tag == f"{TABLE}table-cell" and is_full:
            for place in range(column, column + again):
                yield place, cell
        column += again


def _spans(cell: "Element") -> tuple[int, int] | None:
    """Columns and rows that a merged cell covers; None of one that is not merged."""
    covered = (
        int(cell.get(f"{TABLE}number-columns-spanned", 1)),
        int(cell.get(f"{TABLE}number-rows-spanned", 1)),
    )
    return covered if covered != (1, 1) else None


def _put_ods_cell(page: Any, row: int, column: int, cell: "Element") -> None:
    formula = cell.get(f"{TABLE}formula")
    if formula and not cell.get(f"{OFFICE}value-type"):
        raise NotComputedError(formula, row, column)
    shown = _ods_text(cell)
    value = _ods_value(cell, shown)
    made = page.cell(row, column)
    _put(made, value)
    if isinstance(value, float):
        is_percent = cell.get(f"{OFFICE}value-type") == "percentage"
        made.number_format = _format_of(shown, value * 100 if is_percent else value, is_percent)
    if covered := _spans(cell):
        page.merge_cells(
            start_row=row, start_column=column,
            end_row=row + covered[1] - 1, end_column=column + covered[0] - 1,
        )  # fmt: skip


def _put(cell: Any, value: Any) -> None:
    """Let a cell hold a value; a text is never taken for a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _ods_value(cell: "Element", shown: str) -> Any:
    match cell.get(f"{OFFICE}value-type"):
        case "float" | "percentage" | "currency":
            number = float(cell.get(f"{OFFICE}value", "nan"))
            is_word = shown.isalpha() and number in (0, 1)  # TRUE, in the language of the program
            return bool(number) if is_word else number
        case "boolean":
            return cell.get(f"{OFFICE}boolean-value") == "true"
        case "date":
            return datetime.fromisoformat(cell.get(f"{OFFICE}date-value", ""))
    return shown or None


def _ods_text(cell: "Element") -> str:
    """What is printed in a cell, without the notes at it."""
    return "\n".join(_printed(part) for part in cell if part.tag == f"{TEXT}p")


def _printed(part: "Element") -> str:
    words = part.text or ""
    for child in part:
        match child.tag.removeprefix(TEXT):
            case "s":
                words += " " * int(child.get(f"{TEXT}c", 1))
            case "tab":
                words += "\t"
            case "line-break":
                words += "\n"
            case _ if child.tag != f"{OFFICE}annotation":
                words += _printed(child)
        words += child.tail or ""
    return words


def _format_of(shown: str, number: float, is_percent: bool) -> str:
    """A format that shows a number with the decimals with which it is printed."""
    found = LAST_NUMBER.search(shown)
    decimals = len(found[1]) if found else 0
    if re.sub(r"\D", "", shown) != re.sub(r"\D", "", f"{number:.{decimals}f}"):
        decimals = 0  # the comma is one of thousands, or there is more to read than a number
    return "0" + (f".{'0' * decimals}" if decimals else "") + ("%" if is_percent else "")


def from_xls(raw: bytes) -> "Workbook":
    """The workbook of a file of Excel before 2007, with the results that it keeps of formulas.

    Raises LockedError, and what a broken file makes xlrd raise.
    """
    import xlrd

    if ENCRYPTED in raw:
        raise LockedError
    try:
        old = xlrd.open_workbook(
            file_contents=raw, formatting_info=True, logfile=io.StringIO(), on_demand=False
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise LockedError from error
        raise
    book = _empty_book()
    for sheet in old.sheets():
        page = _page(book, sheet.name)
        for row, column in ((r, c) for r in range(sheet.nrows) for c in range(sheet.ncols)):
            cell = sheet.cell(row, column)
            value = _xls_value(cell, old)
            if value is None:
                continue
            made = page.cell(row + 1, column + 1)
            _put(made, value)
            if isinstance(value, float):
                made.number_format = old.format_map[
                    old.xf_list[cell.xf_index].format_key
                ].format_str
        for row, shape in sheet.rowinfo_map.items():
            page.row_dimensions[row + 1].hidden = bool(shape.hidden)
        for first_row, end_row, first_column, end_column in sheet.merged_cells:
            page.merge_cells(
                start_row=first_row + 1, end_row=end_row,
                start_column=first_column + 1, end_column=end_column,
            )  # fmt: skip
    return book


def _xls_value(cell: Any, book: Any) -> Any:
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return cell.value or None
        case xlrd.XL_CELL_NUMBER:
            return float(cell.value)
        case xlrd.XL_CELL_DATE:
            return _xls_date(cell.value, book.datemode)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#N/A")
    return None


def _xls_date(value: float, datemode: int) -> date | datetime | time | float:
    import xlrd

    with suppress(xlrd.XLDateError):
        if value < 1:
            return time(*xlrd.xldate_as_tuple(value, datemode)[3:])
        return xlrd.xldate_as_datetime(value, datemode)
    return value


def _empty_book() -> "Workbook":
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    return book


def _page(book: "Workbook", name: str) -> Any:
    page = book.create_sheet()
    if name:
        page.title = NOT_IN_NAMES.sub("_", name)
    return page
