"""Results of queries as worksheets of a workbook, with what each column holds on the last one."""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import xlsxwriter

from reports.spreadsheets import INTEGERS, NUMBERS
from umbrella.errors import UmbrellaError
from umbrella.query.values import plain
from umbrella.text import plural
from umbrella.warehouse import has_table

MOST_ROWS = 2**20 - 1
"""Rows of a worksheet below its header."""

MOST_COLUMNS = 2**14
LONGEST_TEXT = 32_767
"""Characters of a cell."""

MOST_DIGITS = 15
"""Digits of a number that a spreadsheet program keeps."""

FIRST_DAY = datetime.date(1900, 3, 1)
"""Before it, programs disagree on the number of a day."""

SAMPLE = 2000
"""Rows that say how wide a column is and how many decimals it shows."""

NARROWEST, WIDEST = 8, 60
HEADER_ROOM = 3
"""Characters that the button of a filter takes."""

SIGNIFICANT = 3
LEAST_SIZE = 0.001
"""Sizes below it do not say how many decimals a column shows: they are shown as powers of ten."""

LINE_HEIGHT, HIGHEST = 15, 409
"""Points of a line, and of the highest row that spreadsheet programs take."""

RESULT, COLUMNS = "Result", "Columns"
ABOUT = ("Worksheet", "Column", "Type", "Of", "What it holds")
ABOUT_WIDTHS = (12, 28, 14, 30, 100)

KINDS = {"boolean": "yes or no", "varchar": "text", "date": "day"}
KINDS |= dict.fromkeys(NUMBERS, "number") | dict.fromkeys(INTEGERS, "whole number")
KINDS["integer"] = KINDS["uinteger"] = "whole number"
COMPUTED = "Computed by the query."

WORD = re.compile(r"\w+")

Tables = Mapping[str, Mapping[str, str]]
"""What each column of each table holds."""


@dataclass(frozen=True)
class _Described:
    """A column of a result, as the last worksheet has it."""

    worksheet: str
    name: str
    kind: str
    tables: str
    text: str


class ResultBook:
    """A workbook that gets a worksheet for each result it is called with, written when it is left.

    Numbers stay numbers and days stay days; no text is ever run as a formula, and what a
    spreadsheet would round or lose (more than 15 digits, years before 1900) is text.
    """

    def __init__(self, path: Path, tables: Tables) -> None:
        options = {
            "constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False,
            "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self._book = xlsxwriter.Workbook(str(path), options)
        self._tables = tables
        self._described: list[_Described] = []
        self._queries: list[tuple[str, str, int]] = []
        self._header = self._book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#F3F3F3", "valign": "top"}
        )
        self._number_header = self._book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#F3F3F3", "valign": "top", "align": "right"}
        )
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._formats: dict[str, Any] = {}

    def __enter__(self) -> "ResultBook":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Add what the columns hold, and write the file.

        Raises UmbrellaError where there was no result.
        """
        try:
            if kind is None:
                self._write_about(self._book.add_worksheet(COLUMNS))
        finally:
            self._book.close()  # the files that it keeps rows in would else stay open

    def __call__(self, relation: duckdb.DuckDBPyRelation) -> None:
        """Write a result on a worksheet of its own.

        Raises UmbrellaError for more rows or columns than a worksheet has, and for a text that is
        longer than a cell.
        """
        query = relation.sql_query()
        if len(relation.columns) > MOST_COLUMNS:
            raise UmbrellaError(
                f"A worksheet has at most {MOST_COLUMNS:,} columns, and this result has "
                f"{len(relation.columns):,}: name the columns that you need, or take --format csv."
            )
        rows = relation.limit(MOST_ROWS + 1).materialize()
        if len(rows) > MOST_ROWS:
            raise UmbrellaError(
                f"A worksheet has at most {MOST_ROWS:,} rows below its header, and this result has "
                "more: --format csv writes all of them, or add a limit."
            )
        name = f"{RESULT} {len(self._queries) + 1}" if self._queries else RESULT
        page = self._book.add_worksheet(name)
        self._queries.append((name, query, len(rows)))
        self._describe(name, relation, query)
        self._write(page, name, rows)

    def _write(self, page: Any, name: str, rows: duckdb.DuckDBPyRelation) -> None:
        columns = rows.columns
        left = rows.iter_rows()
        sample = list(islice(left, SAMPLE))
        writers = [
            self._writer(page, [row[place] for row in sample]) for place in range(len(columns))
        ]
        for place, (column, kind) in enumerate(zip(columns, rows.types, strict=True)):
            style = self._number_header if kind.id in NUMBERS else self._header
            page.write_string(0, place, column, style)
            shown = [_width(row[place]) for row in sample]
            width = max(NARROWEST, len(column) + HEADER_ROOM, *shown, 0)
            page.set_column(place, place, min(width, WIDEST))
        for number, row in enumerate(chain(sample, left), start=1):
            for place, value in enumerate(row):
                if value is not None and writers[place](number, place, value):
                    raise UmbrellaError(
                        f"{name}, row {number}, column {columns[place]}: a cell holds at most "
                        f"{LONGEST_TEXT:,} characters, and this text has {len(str(value)):,}. "
                        "--format csv writes all of them."
                    )
        page.set_landscape()
        page.repeat_rows(0)
        page.freeze_panes(1, 0)
        if columns:
            page.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)

    def _writer(self, page: Any, values: Sequence[Any]) -> Callable[..., int]:
        """A function that writes a value of a column into a cell; it returns 0 when it could."""
        decimals = _decimals(values)
        number = self._format("0." + "0" * decimals if decimals else "0")
        tiny = self._format("0.0E+00")
        day, time = self._format("yyyy-mm-dd"), self._format("hh:mm:ss")
        moment = self._format("yyyy-mm-dd hh:mm:ss")
        least = 0.5 * 10**-decimals

        def write(row: int, column: int, value: Any) -> int:
            if isinstance(value, bool):
                return page.write_boolean(row, column, value)
            if _is_kept(value):
                shown = tiny if 0 < abs(value) < least else number
                return page.write_number(row, column, value, shown)
            if isinstance(value, datetime.datetime) and _has_number(value):
                return page.write_datetime(row, column, value, moment)
            if isinstance(value, datetime.date) and _has_number(value):
                return page.write_datetime(row, column, value, day)
            if isinstance(value, datetime.time) and value.tzinfo is None:
                return page.write_datetime(row, column, value, time)
            return page.write_string(row, column, str(plain(value)))

        return write

    def _format(self, shown: str) -> Any:
        if shown not in self._formats:
            self._formats[shown] = self._book.add_format({"num_format": shown})
        return self._formats[shown]

    def _describe(self, name: str, relation: duckdb.DuckDBPyRelation, query: str) -> None:
        """What is known of the columns of a result: that of the tables that its query names."""
        words = set(WORD.findall(query))
        tables = {table: texts for table, texts in self._tables.items() if table in words}
        for column, kind in zip(relation.columns, relation.types, strict=True):
            said: dict[str, list[str]] = {}
            for table, texts in tables.items():
                if column in texts:
                    said.setdefault(texts[column], []).append(table)
            for text, names in said.items() or [(COMPUTED, [])]:
                shown = KINDS.get(kind.id, str(kind).lower())
                self._described.append(_Described(name, column, shown, ", ".join(names), text))

    def _write_about(self, page: Any) -> None:
        if not self._queries:
            raise UmbrellaError("No statement gave a result, so there is nothing to write.")
        for place, (title, width) in enumerate(zip(ABOUT, ABOUT_WIDTHS, strict=True)):
            page.write_string(0, place, title, self._header)
            page.set_column(place, place, width)
        for row, column in enumerate(self._described, start=1):
            cells = (column.worksheet, column.name, column.kind, column.tables, column.text)
            _write_texts(page, row, cells, self._wrapped)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(self._described), 1), len(ABOUT) - 1)
        first = len(self._described) + 2
        for row, (name, query, n_rows) in enumerate(self._queries, start=first):
            cells = (name, "query", plural(n_rows, "row"), "", query[:LONGEST_TEXT])
            _write_texts(page, row, cells, self._wrapped)


def read_tables(connection: duckdb.DuckDBPyConnection) -> Tables:
    """What each column of the marts and the reports holds, by table and column."""
    tables: dict[str, dict[str, str]] = {}
    if has_table(connection, "main", "dim_columns"):
        for table, column, text in connection.execute(
            "select table_name, column_name, description from dim_columns order by all"
        ).fetchall():
            tables.setdefault(table, {})[column] = " ".join(text.split())
    return tables


def _write_texts(page: Any, row: int, cells: Sequence[str], style: Any) -> None:
    """Write a row of texts, as high as the one that takes most lines."""
    lines = max(
        sum(math.ceil(len(line) / width) or 1 for line in text.splitlines())
        for text, width in zip(cells, ABOUT_WIDTHS, strict=True)
    )
    page.set_row(row, min(LINE_HEIGHT * max(lines, 1), HIGHEST))
    for place, text in enumerate(cells):
        page.write_string(row, place, text, style)


def _is_kept(value: Any) -> bool:
    """True for a number of which a spreadsheet program loses no digit and no meaning."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= MOST_DIGITS
    return isinstance(value, int) and abs(value) < 10**MOST_DIGITS


def _has_number(value: datetime.date) -> bool:
    """True for a day, or a moment without a time zone, that spreadsheet programs agree on."""
    if isinstance(value, datetime.datetime):
        return value.tzinfo is None and value.date() >= FIRST_DAY
    return value >= FIRST_DAY


def _decimals(values: Iterable[Any]) -> int:
    """Decimals with which a number of usual size among these shows three digits that count."""
    sizes = [
        abs(float(value))
        for value in values
        if isinstance(value, float | Decimal) and math.isfinite(value) and value
    ]
    if all(size.is_integer() for size in sizes):
        return 0
    usual = median([size for size in sizes if size >= LEAST_SIZE] or [LEAST_SIZE])
    return max(SIGNIFICANT - 1 - math.floor(math.log10(usual)), 0)


def _width(value: Any) -> int:
    """Characters that a value takes in its cell, about."""
    if value is None or isinstance(value, float | Decimal):
        return NARROWEST
    return max(map(len, str(plain(value)).splitlines()), default=0) + 1
