"""Read one file as text: bytes, then characters, then records of cells.

A file is CSV, with any of the usual separators, or an Excel workbook with one worksheet. Each step
either returns its result or raises SheetProblem with the place. Nothing is converted: every cell
stays the text that was typed.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from umbrella.sheets.encodings import BOM, single_byte_readings, utf16_of
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.sheets.separators import COMMA, NAMES, separator_of, told_separator
from umbrella.sheets.workbook import WORKBOOK_MARK, Choice, read_workbook
from umbrella.text import shorten

SAVE_AS_UTF8 = "UTF-8 text; in a spreadsheet program save as 'CSV UTF-8 (comma delimited)'"


@dataclass(frozen=True)
class Table:
    """The cells of a sheet: `header` is row 1, `rows[0]` is row 2 of the spreadsheet.

    `dialect` names the way of writing that was read, where it is not commas.
    """

    header: list[str]
    rows: list[list[str]]
    dialect: str = ""


def read_table(path: Path, sheet: str, choice: Choice | None = None) -> Table:
    """Read a sheet; raises SheetProblem when it is unreadable, empty, no text or badly quoted.

    A workbook has one worksheet, or that of the choice; merged cells are refused, or with a choice
    stand for each of the cells that they cover.
    """
    raw = _read_bytes(path, sheet)
    if raw.startswith(WORKBOOK_MARK):
        worksheet = read_workbook(raw, sheet, choice)
        records, dialect = worksheet.records, f"worksheet {worksheet.name!r} of an Excel workbook"
        if worksheet.others:
            dialect += f", without its others: {', '.join(worksheet.others)}"
    else:
        records, dialect = _read_csv(raw, sheet)
    while len(records) > 1 and not any(records[-1]):
        records.pop()
    return Table(header=records[0], rows=records[1:], dialect=dialect)


def _read_csv(raw: bytes, sheet: str) -> tuple[list[list[str]], str]:
    decoded, encoding = _decode(raw, sheet)
    told, text = told_separator(decoded)
    if not text.strip():
        raise SheetProblem(
            Problem(sheet, "the file is empty", "a header row with the sheet's column names")
        )
    with _any_cell_length():
        separator = told or separator_of(text, sheet)
    if isinstance(separator, Problem):
        raise SheetProblem(separator)
    ways = [f"{encoding} text"] if encoding else []
    if separator != COMMA:
        ways.append(f"cells separated by {NAMES.get(separator, separator)}")
    return _records(text, sheet, separator), ", ".join(ways)


def _read_bytes(path: Path, sheet: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SheetProblem(
            Problem(sheet, f"the file cannot be read: {reason}", "a CSV file that you may read")
        ) from error


def _decode(raw: bytes, sheet: str) -> tuple[str, str]:
    """The characters of a file, and its encoding in words; empty where it is UTF-8."""
    if utf16 := utf16_of(raw):
        return _decode_utf16(raw, utf16, sheet), "UTF-16"
    skipped = len(BOM) if raw.startswith(BOM) else 0
    try:
        return raw[skipped:].decode("utf-8"), ""
    except UnicodeDecodeError as error:
        readings = {} if skipped else single_byte_readings(raw)
        if len(readings) == 1:
            ((name, text),) = readings.items()
            return text, name
        problem = _not_utf8(raw, skipped, skipped + error.start, sheet)
        raise SheetProblem(_with_readings(problem, readings)) from error


def _decode_utf16(raw: bytes, encoding: str, sheet: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"not UTF-16, as which the file begins, at byte offset {error.start:,}"
        raise SheetProblem(Problem(sheet, problem, SAVE_AS_UTF8)) from error


def _with_readings(problem: Problem, readings: dict[str, str]) -> Problem:
    """The problem with the first words in which the readings of the file differ."""
    if not readings:
        return problem
    words = zip(*(re.split(r"[\s,;|]+", text) for text in readings.values()), strict=False)
    different = next(found for found in words if len(set(found)) > 1)
    told = " or ".join(
        f"{shorten(word)} ({name})" for name, word in zip(readings, different, strict=True)
    )
    return replace(problem, problem=f"{problem.problem}; it could be {told}")


def _not_utf8(raw: bytes, skipped: int, offset: int, sheet: str) -> Problem:
    """Say where the first byte is that is not UTF-8, and show its cell read as Windows-1252."""
    with _any_cell_length():
        prefix = raw[skipped:offset].decode("utf-8")
        records = list(csv.reader(io.StringIO(prefix, newline="")))
    if not records or prefix.endswith(("\n", "\r")):
        records.append([""])
    cell = records[-1] or [""]
    rest = io.StringIO(raw[offset : offset + 200].decode("cp1252", errors="replace"), newline="")
    tail = rest.readline().split(",")[0].strip('"\r\n')
    return Problem(
        sheet,
        f"not UTF-8: byte {raw[offset]:#04x} at byte offset {offset:,}",
        SAVE_AS_UTF8,
        row=len(records),
        column=_name_at(records[0], len(cell) - 1) if len(records) > 1 else None,
        value=cell[-1] + tail,
    )


def _name_at(header: list[str], index: int) -> str | None:
    return header[index] if index < len(header) else None


def _records(text: str, sheet: str, separator: str) -> list[list[str]]:
    """Split the text into records of cells; a blank line is a record without cells."""
    lines = list(io.StringIO(text, newline=""))
    records: list[list[str]] = []
    start = 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    with _any_cell_length():
        try:
            for record in reader:
                records.append(record)
                start = reader.line_num
        except csv.Error as error:
            rest = "".join(lines[start:])
            raise SheetProblem(_bad_quote(records, rest, sheet, separator)) from error
    return records


def _bad_quote(records: list[list[str]], rest: str, sheet: str, separator: str) -> Problem:
    index, start, is_closed = _first_bad_cell(rest, separator)
    names = records[0] if records else []
    if is_closed:
        problem = "text follows the closing quote of this cell, or an earlier quote is not closed"
    else:
        problem = "a quote is opened here and never closed"
    return Problem(
        sheet,
        problem,
        "a cell with a separator, a line break or a quote stands in quotes: "
        '"…", inner quotes doubled',
        row=len(records) + 1,
        column=_name_at(names, index) or f"number {index + 1}",
        value=rest[start:],
    )


def _first_bad_cell(text: str, separator: str) -> tuple[int, int, bool]:
    """Find the quoted cell that breaks the first record of the text.

    Returns the cell's index, the position of its first character and whether a closing quote was
    found (then other text follows that quote).
    """
    index, position = 0, 0
    while position < len(text):
        start = position
        if text[position] == '"':
            position = _after_closing_quote(text, position)
            if position < 0:
                return index, start, False
            if position < len(text) and text[position] not in f"{separator}\r\n":
                return index, start, True
        else:
            position = _next_delimiter(text, position, separator)
        index += 1
        position += 1
    return index, max(len(text) - 1, 0), False


def _after_closing_quote(text: str, start: int) -> int:
    """Position after the quote that closes the one at `start`, or -1 when none does."""
    position = start + 1
    while True:
        position = text.find('"', position)
        if position < 0:
            return -1
        if text[position + 1 : position + 2] != '"':
            return position + 1
        position += 2


def _next_delimiter(text: str, start: int, separator: str) -> int:
    position = start
    while position < len(text) and text[position] not in f"{separator}\r\n":
        position += 1
    return position


@contextmanager
def _any_cell_length() -> Iterator[None]:
    """Lift the csv module's limit of 131,072 characters a cell: long cells get a message."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)
