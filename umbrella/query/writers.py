"""Write a result as a table for people, or as CSV, JSON or Markdown for other programs."""

import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from decimal import Decimal
from typing import Any

import duckdb

from reports.spreadsheets import NUMBERS, as_text
from umbrella.console import out
from umbrella.errors import UmbrellaError
from umbrella.query.values import json_value, plain
from umbrella.text import without_steering

Writer = Callable[[duckdb.DuckDBPyRelation], None]

SCREEN_ROWS = 60
"""Rows of a table shown on a terminal; the line below the table says how many there are."""
PAGE_WIDTH = 100_000
PAGE_ROWS = 9_999
"""Rows of a table that goes to a file or a pipe, which is written in full; DuckDB draws no more."""


def write_table(relation: duckdb.DuckDBPyRelation) -> None:
    """DuckDB's own table; a terminal is spared the middle of a wide or long one, with a count.

    Raises UmbrellaError for a table too long to be written in full.
    """
    if out.is_terminal:
        _draw(relation, out.width, SCREEN_ROWS)
        return
    rows = relation.limit(PAGE_ROWS + 1).materialize()
    if len(rows) > PAGE_ROWS:
        raise UmbrellaError(
            f"A table has at most {PAGE_ROWS:,} rows, and this result has more: --format csv "
            "writes all of them."
        )
    _draw(rows, PAGE_WIDTH, PAGE_ROWS)


def _draw(relation: duckdb.DuckDBPyRelation, width: int, n_rows: int) -> None:
    """Write DuckDB's table, which lets some signs through that steer a terminal."""
    with redirect_stdout(io.StringIO()) as drawn:
        relation.show(max_width=width, max_rows=n_rows, null_value="NULL")
    sys.stdout.write(without_steering(drawn.getvalue()))


def write_csv(relation: duckdb.DuckDBPyRelation) -> None:
    """CSV with a header; NULL is an empty cell, an empty text is a pair of quotes.

    A text that a spreadsheet would run has an apostrophe before it, and on a terminal no text
    steers it.
    """
    shown = without_steering if out.is_terminal else str
    sys.stdout.write(shown(_csv_row(relation.columns)))
    for row in relation.iter_rows():
        sys.stdout.write(shown(_csv_row(row)))


def write_json(relation: duckdb.DuckDBPyRelation) -> None:
    """A JSON array with one object a row; NaN and infinities, which JSON lacks, as text."""
    columns = _distinct(relation.columns)
    separator = "[\n  "
    for row in relation.iter_rows():
        record = dict(zip(columns, map(json_value, row), strict=True))
        sys.stdout.write(separator + json.dumps(record, ensure_ascii=False))
        separator = ",\n  "
    sys.stdout.write("[]\n" if separator.startswith("[") else "\n]\n")


def write_markdown(relation: duckdb.DuckDBPyRelation) -> None:
    """A Markdown table; numbers are aligned right, NULL is written NULL, and no text steers."""
    marks = ["---:" if kind.id in NUMBERS else "---" for kind in relation.types]
    sys.stdout.write(_markdown_row(relation.columns) + _markdown_row(marks))
    for row in relation.iter_rows():
        sys.stdout.write(_markdown_row("NULL" if v is None else str(plain(v)) for v in row))


WRITERS: dict[str, Writer] = {
    "table": write_table,
    "csv": write_csv,
    "json": write_json,
    "markdown": write_markdown,
}
"""Formats by the name that `--format` takes."""


def _csv_row(cells: Iterable[Any]) -> str:
    return ",".join("" if cell is None else _csv_cell(cell) for cell in cells) + "\n"


def _csv_cell(cell: Any) -> str:
    text = str(plain(cell))
    if not isinstance(cell, int | float | Decimal):
        text = as_text(text)
    if text == "" or any(character in text for character in ',"\r\n'):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _distinct(columns: list[str]) -> list[str]:
    """The names, if no two are alike: a JSON object has each name once."""
    for name, count in Counter(columns).items():
        if count > 1:
            raise UmbrellaError(f"{count} columns are called {name}; name them with `as` for JSON.")
    return columns


def _markdown_row(cells: Iterable[Any]) -> str:
    texts = (str(cell).replace("|", "\\|").replace("\n", "<br>") for cell in cells)
    return without_steering(f"| {' | '.join(texts)} |\n")
