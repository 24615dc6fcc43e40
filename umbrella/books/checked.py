"""A copy of a team's workbook in which the cells are marked that something was found in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from umbrella.books.copies import beside, copy_of, put
from umbrella.findings import Finding
from umbrella.sheets.book import FINDINGS
from umbrella.sheets.problems import Problem
from umbrella.sheets.readings import USUAL_NOTE
from umbrella.sheets.result import CheckResult

CHECKED = "checked"

COLOURS = {
    "problem": "FFC7CE",
    "rejected": "FFC7CE",
    "impossible": "FFC7CE",
    "implausible": "FFD8A8",
    "worth_a_look": "FFF2CC",
    "not_pooled": "E4DFEC",
    "read_otherwise": "DDEBF7",
}
"""Fills by what was found, the worst first; it is also said in words."""

HEADER = ("what", "worksheet", "cell", "column", "row is", "value", "why", "what may be right")
WIDTHS = (16, 22, 10, 22, 22, 22, 80, 50)
LONGEST_NOTE = 2000
AUTHOR = "umbrella check"
FONT = "Calibri"
"""That of a new workbook; without a name, programs take one of their own."""


@dataclass(frozen=True)
class Mark:
    """Something found in cells of a row; without columns, in the row; without a row, in all."""

    kind: str
    sheet: str
    row: int | None
    columns: tuple[str, ...]
    row_id: str
    value: str
    why: str
    right: str

    @property
    def words(self) -> str:
        """What the note at its cells says."""
        said = f"{self.kind.replace('_', ' ')}: {self.why}"
        return f"{said}\nPerhaps: {self.right}" if self.right else said


def write_checked(source: Path, result: CheckResult, findings: Sequence[Finding]) -> Path:
    """Write the copy with all that was found, and return where it is.

    Raises UmbrellaError where it cannot be written.
    """
    marks = [*_of_problems(result.problems), *_of_findings(findings), *_of_readings(result)]
    marks.sort(key=lambda mark: list(COLOURS).index(mark.kind))
    with copy_of(source, CHECKED) as book:
        named = {page.title.strip().lower(): page for page in book.worksheets}
        placed = [(mark, _mark(named.get(mark.sheet), mark)) for mark in marks]
        if FINDINGS in named:
            book.remove(named[FINDINGS])
        _list(book.create_sheet(FINDINGS, 0), placed)
        book.active = 0
    return beside(source, CHECKED)


def _of_problems(problems: Iterable[Problem]) -> list[Mark]:
    return [
        Mark(
            "problem",
            problem.sheet.removeprefix("worksheet "),
            problem.row,
            (problem.column,) if problem.column else (),
            "",
            problem.value or "",
            problem.problem,
            problem.right,
        )
        for problem in problems
    ]


def _of_findings(findings: Iterable[Finding]) -> list[Mark]:
    return [
        Mark(
            found["severity"],
            found["sheet"],
            found["row_number"],
            tuple(re.split(r", *", found["column_names"])) if found["column_names"] else (),
            found["row_id"] or "",
            found["printed"] or "",
            found["why"] or found["rule_label"] or "",
            found["candidate"] or "",
        )
        for found in findings
        if found["accepted_by"] is None
    ]


def _of_readings(result: CheckResult) -> list[Mark]:
    places, marks = result.places(), []
    for reading in (reading for found in result.readings.values() for reading in found):
        is_typed = reading.row_number is not None and reading.how != USUAL_NOTE
        if is_typed and not reading.problem:
            here = reading.row_number, reading.column_name
            row, column = places.get((reading.sheet, reading.row_number), here)
            why = f"{reading.how}: read as {reading.read_as or 'no value'}"
            kind = "read_otherwise"
            marks.append(Mark(kind, reading.sheet, row, (column,), "", reading.typed, why, ""))
    return marks


def _mark(page: Any, mark: Mark) -> list[str]:
    """Colour the cells of a mark and add its note; their addresses."""
    if page is None or mark.row is None:
        return []
    header = {str(cell.value).strip(): cell.column for cell in page[1] if cell.value is not None}
    places = [header[name] for name in mark.columns if name in header] or [1]
    cells = [page.cell(mark.row, place) for place in places]
    for cell in cells:
        _colour(cell, mark)
    return [cell.coordinate for cell in cells]


def _colour(cell: Any, mark: Mark) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if cell.comment is None or cell.comment.author != AUTHOR:
        # The worst comes first, and its colour stays.
        cell.fill = PatternFill("solid", start_color=COLOURS[mark.kind])
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    text = (before + mark.words)[:LONGEST_NOTE]
    cell.comment = Comment(text, AUTHOR, height=40 + 18 * (len(text) // 40 + 1), width=340)


def _list(page: Any, placed: Sequence[tuple[Mark, Sequence[str]]]) -> None:
    """Write what was found, a row each, with a link to its cell."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    page.append(HEADER)
    for number, width in enumerate(WIDTHS, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
        page.cell(1, number).font = Font(name=FONT, bold=True)
    page.freeze_panes = "A2"
    for row, (mark, addresses) in enumerate(placed, start=2):
        where = ", ".join(addresses) or (f"row {mark.row}" if mark.row else "")
        cells = (
            mark.kind.replace("_", " "), mark.sheet, where, ", ".join(mark.columns), mark.row_id,
            mark.value, mark.why, mark.right,
        )  # fmt: skip
        for column, text in enumerate(cells, start=1):
            cell = page.cell(row, column)
            put(cell, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(row, 1).fill = PatternFill("solid", start_color=COLOURS[mark.kind])
        if addresses:
            page.cell(row, 3).hyperlink = f"#'{mark.sheet}'!{addresses[0]}"
            page.cell(row, 3).font = Font(name=FONT, color="0563C1", underline="single")
    if not placed:
        page.append(("nothing was found",))
    page.auto_filter.ref = page.dimensions
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
