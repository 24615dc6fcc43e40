"""Read one file as text: bytes, then characters, then records of cells.

A file is CSV, with any of the usual separators, or an Excel workbook with one worksheet. Each step
either returns its result or raises SheetProblem with the place. Nothing is converted: every cell
stays the text that was typed.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from umbrella.sheets.encodings import BOM, single_byte_readings, wide_encoding_of
from umbrella.sheets.files import read_whole
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.sheets.rows import Rows
from umbrella.sheets.separators import COMMA, NAMES, separator_of, told_separator
from umbrella.sheets.workbook import WORKBOOK_MARKS, Choice, read_workbook
from umbrella.text import shorten

LONGEST_LINE = 5_000_000
"""Characters of a line, and of a cell of several lines; a longer one is read no further."""

MOST_LINES = 5_000_000

MOST_COLUMNS = 16_384
"""Those of a worksheet of Excel."""

DECODED_AT_ONCE = 1_000_000
"""Bytes."""

FIRST_ROW = 2
"""The row below the header."""

SAVE_AS_UTF8 = "UTF-8 text; in a spreadsheet program save as 'CSV UTF-8 (comma delimited)'"


@dataclass(frozen=True)
class Table:
    """The cells of a sheet: `header` is row 1, `rows[0]` is row 2 of the spreadsheet.

    `dialect` names the way of writing that was read, where it is not commas; `lacking` names the
    columns that the file does not have and that were added. `numbered` gives the number of each
    row where rows were passed over; `places` gives row and column of a matrix by the number of each
    row that was one of its cells.
    """

    header: list[str]
    rows: Sequence[list[str]]
    dialect: str = ""
    lacking: tuple[str, ...] = ()
    numbered: Sequence[int] = ()
    places: Mapping[int, tuple[int, str]] = field(default_factory=dict)

    def numbers(self) -> Sequence[int]:
        """The number of each row, as a spreadsheet shows it."""
        return self.numbered or range(FIRST_ROW, FIRST_ROW + len(self.rows))


def read_table(path: Path, sheet: str, choice: Choice | None = None) -> Table:
    """Read a sheet; raises SheetProblem when it is unreadable, empty, no text or badly quoted.

    A workbook has one worksheet, or that of the choice; merged cells are refused, or with a choice
    stand for each of the cells that they cover.
    """
    raw = read_whole(path, sheet)
    if raw.startswith(WORKBOOK_MARKS):
        worksheet = read_workbook(raw, sheet, choice)
        records = iter(worksheet.records)
        dialect = f"worksheet {worksheet.name!r} of a workbook"
        if worksheet.others:
            dialect += f", without its others: {', '.join(worksheet.others)}"
    elif choice and choice.name:
        right = "a workbook, or no worksheet"
        raise SheetProblem(Problem(sheet, "no workbook, of which a worksheet is meant", right,
                                   value=choice.name))  # fmt: skip
    else:
        records, dialect = _read_csv(raw, sheet)
    with _longest_cell():
        header = next(records)
        return Table(header, Rows(records).without_blank_end(), dialect)


def _read_csv(raw: bytes, sheet: str) -> tuple[Iterator[list[str]], str]:
    text, encoding = _decoded(raw, sheet)
    with _longest_cell():
        first = next(text.lines(), "")
        told = told_separator(first, sheet)
        if told:
            text = replace(text, skipped=1)
        if not any(line.strip() for line in text.lines()):
            raise SheetProblem(
                Problem(sheet, "the file is empty", "a header row with the sheet's column names")
            )
        separator = told or separator_of(text.lines, sheet)
    ways = [f"{encoding} text"] if encoding else []
    if separator != COMMA:
        ways.append(f"cells separated by {NAMES.get(separator, separator)}")
    return _records(text, separator), ", ".join(ways)


@dataclass(frozen=True)
class _Text:
    """A file as lines of characters, decoded as they are read: all at once take four times as much.

    `skipped` are lines at the top that are no rows.
    """

    raw: bytes
    encoding: str
    sheet: str
    skipped: int = 0

    def lines(self) -> Iterator[str]:
        """The lines with their ends; raises SheetProblem for one too long, or too many."""
        with io.TextIOWrapper(io.BytesIO(self.raw), self.encoding, newline="") as text:
            for number in range(1, MOST_LINES + 2):
                line = text.readline(LONGEST_LINE + 1)
                if not line:
                    return
                if number > MOST_LINES:
                    problem = f"the file has more than {MOST_LINES:,} lines"
                    right = "a sheet without the empty rows below its data"
                    raise SheetProblem(Problem(self.sheet, problem, right))
                if len(line) > LONGEST_LINE:
                    problem = f"line {number} has more than {LONGEST_LINE:,} characters"
                    right = "a sheet with a line for each row"
                    raise SheetProblem(Problem(self.sheet, problem, right))
                if number > self.skipped:
                    yield line


def _decoded(raw: bytes, sheet: str) -> tuple[_Text, str]:
    """The characters of a file, and its encoding in words; empty where it is UTF-8."""
    encoding = wide_encoding_of(raw) or "utf-8-sig"
    name = "" if encoding == "utf-8-sig" else encoding[:6].upper()
    fault = _first_fault(raw, encoding)
    if fault is None:
        return _Text(raw, encoding, sheet), name
    if name:
        problem = f"not {name}, as which the file begins, at byte offset {fault:,}"
        raise SheetProblem(Problem(sheet, problem, SAVE_AS_UTF8))
    skipped = len(BOM) if raw.startswith(BOM) else 0
    readings = {} if skipped else single_byte_readings(raw)
    if len(readings) == 1:
        ((name, text),) = readings.items()
        return _Text(text.encode(), "utf-8", sheet), name
    raise SheetProblem(_with_readings(_not_utf8(raw, skipped, fault, sheet), readings))


def _first_fault(raw: bytes, encoding: str) -> int | None:
    """Offset of the first byte that is not of the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(raw)
    end = 0
    while True:
        part = view[end : end + DECODED_AT_ONCE]
        end += len(part)
        try:
            decoder.decode(part, final=end == len(raw))
        except UnicodeDecodeError as error:
            return end - len(error.object) + error.start
        if end == len(raw):
            return None


def _with_readings(problem: Problem, readings: dict[str, str]) -> Problem:
    """The problem with the first words in which the readings of the file differ."""
    if not readings:
        return problem
    texts = tuple(readings.values())
    words = zip(*(re.split(r"[\s,;|]+", text) for text in texts), strict=False)
    different = next((found for found in words if len(set(found)) > 1), texts)
    told = " or ".join(
        f"{shorten(word)} ({name})" for name, word in zip(readings, different, strict=True)
    )
    return replace(problem, problem=f"{problem.problem}; it could be {told}")


def _not_utf8(raw: bytes, skipped: int, offset: int, sheet: str) -> Problem:
    """Say where the first byte is that is not UTF-8, and show its cell read as Windows-1252."""
    prefix = raw[skipped:offset].decode("utf-8")
    header, cells, n_records = _first_and_last(prefix)
    cell = cells or [""]
    rest = io.StringIO(raw[offset : offset + 200].decode("cp1252", errors="replace"), newline="")
    tail = rest.readline().split(",")[0].strip('"\r\n')
    return Problem(
        sheet,
        f"not UTF-8: byte {raw[offset]:#04x} at byte offset {offset:,}",
        SAVE_AS_UTF8,
        row=n_records,
        column=_name_at(header, len(cell) - 1) if n_records > 1 else None,
        value=cell[-1] + tail,
    )


def _first_and_last(text: str) -> tuple[list[str], list[str], int]:
    """First record of a text, the one in which it ends, and their number."""
    header: list[str] = []
    record: list[str] = []
    n_records = 0
    with _longest_cell(), suppress(csv.Error):  # the record in which a cell is too long is the last
        for record in csv.reader(io.StringIO(text, newline="")):
            n_records += 1
            header = record if n_records == 1 else header
    if not n_records or text.endswith(("\n", "\r")):
        return header, [], n_records + 1
    return header, record, n_records


def _name_at(header: list[str], index: int) -> str | None:
    return header[index] if index < len(header) else None


def _records(text: _Text, separator: str) -> Iterator[list[str]]:
    """Split the text into records of cells; a blank line is a record without cells."""
    reader = csv.reader(text.lines(), delimiter=separator, strict=True)
    names: list[str] = []
    n_records, n_lines = 0, 0
    try:
        for record in reader:
            n_records, n_lines = n_records + 1, reader.line_num
            names = record if n_records == 1 else names
            if len(record) > MOST_COLUMNS:
                problem = f"this row has {len(record):,} cells"
                right = f"at most {MOST_COLUMNS:,} cells in a row"
                raise SheetProblem(Problem(text.sheet, problem, right, n_records))
            yield record
    except csv.Error as error:
        rest = _beginning(islice(text.lines(), n_lines, None))
        problem = _bad_quote(names, n_records + 1, rest, text.sheet, separator)
        raise SheetProblem(problem) from error


def _beginning(lines: Iterator[str]) -> str:
    """The text of the lines up to more characters than a cell may have."""
    found, length = [], 0
    for line in lines:
        found.append(line)
        length += len(line)
        if length > LONGEST_LINE:
            break
    return "".join(found)


def _bad_quote(names: list[str], row: int, rest: str, sheet: str, separator: str) -> Problem:
    index, start, is_closed = _first_bad_cell(rest, separator)
    if is_closed:
        problem = "text follows the closing quote of this cell, or an earlier quote is not closed"
    elif len(rest) > LONGEST_LINE:
        problem = f"a quote is opened here and not closed within {LONGEST_LINE:,} characters"
    else:
        problem = "a quote is opened here and never closed"
    return Problem(
        sheet,
        problem,
        "a cell with a separator, a line break or a quote stands in quotes: "
        '"…", inner quotes doubled',
        row=row,
        column=_name_at(names, index) or f"number {index + 1}",
        value=rest[start:],
    )


def _first_bad_cell(text: str, separator: str) -> tuple[int, int, bool]:
    """Find the quoted cell that breaks the first record of the text.

    Returns the cell's index, the position of its first character and whether a closing quote was
    found (then other text follows that quote).
    """
    delimiter = re.compile(f"[{re.escape(separator)}\r\n]")
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
            found = delimiter.search(text, position)
            position = found.start() if found else len(text)
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


@contextmanager
def _longest_cell() -> Iterator[None]:
    """Let cells be longer than the csv module's 131,072 characters: such cells get a message."""
    before = csv.field_size_limit(LONGEST_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(before)
