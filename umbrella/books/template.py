"""A workbook to type a review into: a worksheet for each sheet, with notes and drop-down lists."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import xlsxwriter

from umbrella.books.guide import STEPS
from umbrella.books.texts import column_texts, sheet_texts
from umbrella.sheets.book import START
from umbrella.sheets.contract import Column, Sheet
from umbrella.sheets.examples import example_of
from umbrella.sheets.reading import FIRST_ROW, Table, read_table
from umbrella.sheets.readings import NUMERIC
from umbrella.sheets.wide import INCLUSIONS, RATINGS

TO_FILL = (
    "meta_analyses", "reported_effects", "reported_rates", "quality_ratings", "study_inclusion",
    "second_extraction", "second_extraction_rates", "adjudications", "acknowledgements",
    "search_flow", "review", "analyses",
)  # fmt: skip
"""Worksheets of a new workbook, in order, before those of the vocabulary."""

AS_NUMBER = re.compile(r"(?!-0(\.0+)?$)-?(?=[\d.]{1,15}$)(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
"""A number that a workbook keeps digit by digit; any other is written as text."""

LIST_ROWS = 2000
"""Rows for which a worksheet has drop-down lists."""

LONGEST_LIST = 255
"""Characters of a list that stands in the validation itself."""

WIDTHS = {"id": 18, "text": 22, "code": 18, "codes": 18}
WIDTH = 12
GUIDE_WIDTH = 96
"""Characters."""

LINE_LENGTH = 106
"""Characters that stand in it side by side, as most are narrower than a digit."""

LINE_HEIGHT = 16
"""Points."""

MATRIX = {
    RATINGS: ("meta_analysis_id", "tool", "rater", "source_locator", "notes"),
    INCLUSIONS: ("study_label", "study_id", "study_title"),
}
"""Columns of the matrices before those of the items, or of the meta-analyses."""

TRIALS_NOTE = (
    "Add a column for each meta-analysis to the right, headed by its identifier, and type x in the "
    "rows of the trials that it includes."
)

UNITS = {
    "number": "A number.",
    "percent": "A percentage: 68 is 68 %.",
    "probability": "A fraction from 0 to 1.",
    "integer": "A whole number.",
    "date": "A day, such as 2024-05-31.",
    "partial_date": "A year, month or day: 2024, 2024-05 or 2024-05-31.",
}


@dataclass(frozen=True)
class Style:
    """The formats of the cells."""

    book: xlsxwriter.Workbook
    title: Any
    plain: Any
    link: Any
    text: Any
    required: Any
    optional: Any
    example: Any
    numbers: dict[int, Any] = field(default_factory=dict)

    def number(self, decimals: int) -> Any:
        """The format that shows so many decimals, be they zeros."""
        if decimals not in self.numbers:
            shown = "0." + "0" * decimals if decimals else "0"
            self.numbers[decimals] = self.book.add_format({"num_format": shown})
        return self.numbers[decimals]


def write_template(
    path: Path,
    contract: Sequence[Sheet],
    filled: Mapping[str, Table],
    project: Path,
    further: Mapping[str, Table] = MappingProxyType({}),
) -> None:
    """Write the workbook; `filled` gives the rows of the sheets that are not to be empty.

    `further` worksheets, for people to read, come last.

    Raises XlsxWriterException where the file cannot be written.
    """
    texts, about = column_texts(project), sheet_texts(project)
    texts |= _item_texts(read_table(project / "seeds/protocol/quality_items.csv", "quality_items"))
    sheets = {sheet.name: sheet for sheet in contract}
    names = [*TO_FILL, *(name for name in filled if name not in TO_FILL)]
    # Texts stay texts: nothing that a team typed becomes a formula or a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        style = _style(book)
        _write_start(book.add_worksheet(START), style, about, names)
        for name in names:
            page = _Page(book.add_worksheet(name), sheets[name], style, filled, texts)
            page.write(filled.get(name))
        for name, table in further.items():
            _write_texts(book.add_worksheet(name), table, style)


def _write_texts(page: Any, table: Table, style: Style) -> None:
    for place, name in enumerate(table.header):
        page.write_string(0, place, name, style.optional)
        page.set_column(place, place, max(WIDTHS["text"], len(name) + 3))
    for row, cells in enumerate(table.rows, start=FIRST_ROW - 1):
        for place, cell in enumerate(cells):
            page.write_string(row, place, cell, style.plain)
    page.freeze_panes(1, 0)


def _item_texts(items: Table) -> dict[tuple[str, str], str]:
    """What each item of the tools of quality asks, as a text of its column."""
    asked: dict[tuple[str, str], list[str]] = {}
    for cells in (dict(zip(items.header, row, strict=True)) for row in items.rows):
        asked.setdefault((RATINGS, cells["item"]), []).append(f"{cells['tool']}: {cells['label']}.")
    return {column: "\n".join(texts) for column, texts in asked.items()}


def _style(book: xlsxwriter.Workbook) -> Style:
    header = {"bold": True, "border": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
    return Style(
        book=book,
        title=book.add_format({"bold": True, "font_size": 14}),
        plain=book.add_format({"text_wrap": True, "valign": "top"}),
        link=book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"}),
        text=book.add_format({"num_format": "@"}),
        required=book.add_format({**header, "bg_color": "#CFE2F3"}),
        optional=book.add_format({**header, "bg_color": "#F3F3F3"}),
        example=book.add_format({"italic": True, "font_color": "#767676", "num_format": "@"}),
    )


def _write_start(page: Any, style: Style, about: Mapping[str, str], names: Sequence[str]) -> None:
    page.set_column(0, 0, 26)
    page.set_column(1, 1, GUIDE_WIDTH)
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, "Your umbrella review", style.title)
    for row, cells in enumerate(STEPS, start=2):
        _write_guide(page, row, cells, style)
    heading = len(STEPS) + 3
    page.write_string(heading, 0, "The worksheets", style.title)
    for row, name in enumerate(names, start=heading + 1):
        _write_guide(page, row, ("", about[name]), style)
        page.write_url(row, 0, f"internal:'{name}'!A1", style.link, name)


def _write_guide(page: Any, row: int, cells: Sequence[str], style: Style) -> None:
    """Write texts into a row as high as the longest of them needs."""
    page.set_row(row, LINE_HEIGHT * max(math.ceil(len(cell) / LINE_LENGTH) for cell in cells))
    for column, cell in enumerate(cells):
        page.write_string(row, column, cell, style.plain)


@dataclass(frozen=True)
class _Page:
    page: Any
    sheet: Sheet
    style: Style
    filled: Mapping[str, Table]
    texts: Mapping[tuple[str, str], str]

    def write(self, table: Table | None) -> None:
        """The header, and below it the rows of the table, or the worked example."""
        columns = self._columns(table)
        for place, name in enumerate(columns):
            self._write_header(place, name)
        self.page.freeze_panes(1, 1)
        self.page.repeat_rows(0)
        self.page.repeat_columns(0)
        self.page.set_landscape()
        self.page.autofilter(0, 0, LIST_ROWS, len(columns) - 1)
        if table is not None and table.rows:
            self._write_rows(columns, table)
        else:
            example = example_of(self.sheet)
            for place, name in enumerate(columns):
                if name in example:
                    self.page.write_string(FIRST_ROW - 1, place, example[name], self.style.example)

    def _columns(self, table: Table | None) -> list[str]:
        if table is not None and table.rows:
            return table.header
        if self.sheet.name in (RATINGS, INCLUSIONS):
            items = [column for sheet, column in self.texts if sheet == self.sheet.name]
            return [*MATRIX[self.sheet.name], *sorted(filter(str.isdigit, items), key=int)]
        # What a review needs comes first, what few need last.
        return sorted(self.sheet.columns, key=lambda name: name in self.sheet.optional_columns)

    def _write_header(self, place: int, name: str) -> None:
        column = self.sheet.kinds.get(name)
        is_needed = column is not None and column.is_required and column.usual is None
        style = self.style.required if is_needed else self.style.optional
        self.page.write_string(0, place, name, style)
        if note := self._note(name, column):
            self.page.write_comment(0, place, note, {"x_scale": 2.5, "y_scale": 2})
        is_text = column is None or column.kind not in NUMERIC
        width = max(WIDTHS.get(column.kind, WIDTH) if column else WIDTH, len(name) + 3)
        is_rare = name in self.sheet.optional_columns
        shape = (
            {"level": 1, "hidden": True} if is_rare and self.sheet.folder == "extraction" else {}
        )
        self.page.set_column(place, place, width, self.style.text if is_text else None, shape)
        self._offer_list(place, name, column)

    def _note(self, name: str, column: Column | None) -> str:
        said = [self.texts.get((self.sheet.name, name), "")]
        if column is not None:
            said.append(UNITS.get(column.kind, ""))
            said.append(_need(column))
        if self.sheet.name == INCLUSIONS and name == "study_label":
            said.append(TRIALS_NOTE)
        return "\n".join(filter(None, said))

    def _offer_list(self, place: int, name: str, column: Column | None) -> None:
        source = self._source(name, column)
        if source:
            rows = (FIRST_ROW - 1, place, LIST_ROWS, place)
            options = {"validate": "list", "source": source, "ignore_blank": True}
            told = {
                "error_type": "warning",
                "error_title": "Not in the list",
                "error_message": "This cell takes one of the values in its list.",
            }
            self.page.data_validation(*rows, options | told)

    def _source(self, name: str, column: Column | None) -> str | list[str]:
        if column is None:
            is_item = self.sheet.name == RATINGS
            return list(self.sheet.kinds["answer"].allowed) if is_item else ""
        vocabulary = self.sheet.vocabularies.get(name)
        # A column of several codes takes more than a list offers.
        if vocabulary in self.filled and column.kind == "code":
            return f"={vocabulary}!$A${FIRST_ROW}:$A${LIST_ROWS}"
        other = column.references.partition(".")[0]
        if other in TO_FILL:
            return f"={other}!$A${FIRST_ROW}:$A${LIST_ROWS}"
        is_short = len(",".join(column.allowed)) <= LONGEST_LIST
        return list(column.allowed) if column.kind == "code" and is_short else ""

    def _write_rows(self, columns: Sequence[str], table: Table) -> None:
        for row, cells in enumerate(table.rows, start=FIRST_ROW - 1):
            for place, cell in enumerate(cells):
                if cell:
                    self._write_cell(row, place, columns[place], cell)

    def _write_cell(self, row: int, place: int, name: str, cell: str) -> None:
        column = self.sheet.kinds.get(name)
        if column and column.kind in NUMERIC and AS_NUMBER.fullmatch(cell):
            decimals = len(cell.partition(".")[2])
            self.page.write_number(row, place, float(cell), self.style.number(decimals))
        else:
            self.page.write_string(row, place, cell, self.style.text)


def _need(column: Column) -> str:
    """Whether a cell must be filled, and what it means when it is not."""
    usual = column.usual
    if usual is None:
        return "Required." if column.is_required else ""
    if usual.numbered_by:
        return f"Left empty, it is {usual.numbered_by} and a number."
    return f"Left empty, it is {usual.value or usual.role}."
