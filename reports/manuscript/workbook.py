"""The tables of a manuscript as worksheets: for journals that ask for supplementary files."""

import datetime
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from reports.figure import Tables
from reports.manuscript.model import ManuscriptTable, abbreviations
from reports.words import fill, review_of

WIDTH = 135
"""Characters of a worksheet, which its columns share."""
NARROWEST = 9
HEAD_ROW = 2
UNDATED = datetime.datetime(1980, 1, 1)
"""Of every workbook, as of the files in it: equal tables give equal bytes."""
LINE_HEIGHT, HIGHEST = 15, 409
"""Points of a line, and of the highest row that spreadsheet programs take."""


def write_workbook(path: Path, made: Sequence[ManuscriptTable], tables: Tables) -> None:
    """Write a worksheet for each table: its title, its rows as printed, and its notes.

    Raises XlsxWriterException where the file cannot be written.
    """
    review = review_of(tables)
    # What is printed is text: 0.53 (0.44 to 0.62), NR, a dash.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": UNDATED})
        head = {"bold": True, "top": 1, "bottom": 1, "text_wrap": True}
        styles = {
            "title": book.add_format({"bold": True, "font_size": 12}),
            "text_head": book.add_format(head),
            "number_head": book.add_format({**head, "align": "right"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"text_wrap": True, "valign": "top", "align": "right"}),
            "note": book.add_format({"font_color": "#404040", "text_wrap": True, "valign": "top"}),
        }
        for number, table in enumerate(made, start=1):
            page = book.add_worksheet(f"Table {number}")
            notes = [*table.notes, abbreviations(table, tables)]
            _write(page, number, table, notes, styles, lambda text: fill(text, review))


def _write(
    page: Any,
    number: int,
    table: ManuscriptTable,
    notes: Sequence[str],
    styles: dict[str, Any],
    words: Callable[[str], str],
) -> None:
    data = table.table
    shares = table.shares or (1.0,) * len(data.columns)
    widths = [max(NARROWEST, round(WIDTH * share / sum(shares))) for share in shares]
    page.write_string(0, 0, f"Table {number}. {words(data.caption)}", styles["title"])
    for place, (column, width) in enumerate(zip(data.columns, widths, strict=True)):
        page.set_column(place, place, width)
        kind = "number" if data.is_numeric(place) else "text"
        page.write_string(HEAD_ROW, place, words(column), styles[f"{kind}_head"])
    page.set_row(HEAD_ROW, _height([words(column) for column in data.columns], widths))
    for line, row in enumerate(data.rows, start=HEAD_ROW + 1):
        texts = [words(str(cell)) for cell in row]
        for place, text in enumerate(texts):
            style = styles["number" if data.is_numeric(place) else "text"]
            page.write_string(line, place, text, style)
        page.set_row(line, _height(texts, widths))
    last = HEAD_ROW + len(data.rows)
    page.autofilter(HEAD_ROW, 0, last, len(widths) - 1)
    page.freeze_panes(HEAD_ROW + 1, 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROW)
    for line, note in enumerate(map(words, filter(None, notes)), start=last + 2):
        page.merge_range(line, 0, line, len(widths) - 1, "", styles["note"])
        page.write_string(line, 0, note, styles["note"])
        page.set_row(line, _height([note], [sum(widths)]))


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Points that a row takes, whose texts are wrapped at words."""
    lines = (
        len(textwrap.wrap(text, max(width - 1, 1))) or 1
        for text, width in zip(texts, widths, strict=True)
    )
    return min(LINE_HEIGHT * max(lines), HIGHEST)
