"""The workbook in which the differences of two readers are decided.

It is made anew at each comparison: what people filled in is read before and written again, beside
the difference that it is about or, where that has gone, in a worksheet of its own. Worksheets and
columns that a team added stay.
"""

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from umbrella.books.checked import COLOURS, FONT
from umbrella.books.copies import put, save
from umbrella.books.template import GUIDE_WIDTH, LINE_HEIGHT, LINE_LENGTH
from umbrella.comparing.agreement import CODED, Agreed
from umbrella.comparing.comparison import Comparison, Difference
from umbrella.comparing.decisions import CHOICES, EMPTY, Decision, Decisions, Recorded
from umbrella.comparing.readers import Reader, Row
from umbrella.errors import UmbrellaError
from umbrella.sheets.book import START
from umbrella.sheets.files import read_whole
from umbrella.sheets.problems import SheetProblem
from umbrella.sheets.reading import FIRST_ROW, Table
from umbrella.sheets.readings import NUMERIC
from umbrella.sheets.rows import Rows
from umbrella.sheets.workbook import Worksheet, open_book, read_worksheets
from umbrella.text import one_case

ADJUDICATION, MATCHES, ASIDE = "adjudication", "matches", "set aside"
AGREEMENT, LISTS = "agreement", "lists"
OURS = (START, ADJUDICATION, MATCHES, AGREEMENT, ASIDE, LISTS)

KEY = ("worksheet", "row of reader 1", "row of reader 2", "column")
TOLD = (
    "worksheet", "meta-analysis", "row of reader 1", "row of reader 2", "column", "what it holds",
    "reader 1", "reader 2", "difference", "cell of reader 1", "cell of reader 2", "source",
)  # fmt: skip
FILLED = ("decision", "another value", "reason", "decided by", "name")
HEADER = (*TOLD, *FILLED)
WIDTHS = {
    "worksheet": 18, "meta-analysis": 18, "row of reader 1": 20, "row of reader 2": 20,
    "column": 18, "what it holds": 44, "reader 1": 22, "reader 2": 22, "difference": 24,
    "cell of reader 1": 24, "cell of reader 2": 24, "source": 26, "decision": 14,
    "another value": 18, "reason": 36, "decided by": 16, "name": 16, "why taken for one": 34,
    "one row": 10, "what reader 1 has": 60, "what reader 2 has": 60, "why it is here": 36,
}  # fmt: skip
WIDTH = 14
MOST_LINES = 8
"""Lines of a cell that are shown."""

WHY_ASIDE = "why it is here"

PAIR_HEADER = (
    "worksheet", "meta-analysis", "row of reader 1", "row of reader 2", "why taken for one",
    "one row", "what reader 1 has", "what reader 2 has",
)  # fmt: skip
ANSWERS = ("yes", "no")
AGREEMENT_HEADER = (
    "worksheet", "column", "what it holds", "both have a value", "agree", "percent", "kappa", "ICC",
    "one has a value",
)  # fmt: skip
DECIMALS = "0.00"

TO_FILL, GIVEN = "CFE2F3", "F3F3F3"
"""Fills of headers: of what people fill in, and of what is given."""


@dataclass(frozen=True)
class Adjudicated:
    """What people filled in: decisions, and pairs (sheet and both names) that are two rows."""

    recorded: list[Recorded] = field(default_factory=list)
    apart: list[tuple[str, str, str]] = field(default_factory=list)


def read_adjudication(path: Path) -> Adjudicated:
    """What was filled in; nothing where there is no such file.

    Raises UmbrellaError for a file that cannot be read, or that is no such workbook.
    """
    if not path.exists():
        return Adjudicated()
    try:
        pages = {one.name: one for one in read_worksheets(read_whole(path, path.name), path.name)}
    except SheetProblem as error:
        found = error.problem
        raise UmbrellaError(f"Cannot read {path}: {found.problem}. Right: {found.right}") from error
    if ADJUDICATION not in pages:
        raise UmbrellaError(
            f"{path} has no worksheet {ADJUDICATION}: it is no workbook of decisions, and nothing "
            "was written. Name another file with --adjudication."
        )
    recorded = [
        _recorded(path, name, cells, row)
        for name in (ADJUDICATION, ASIDE)
        if name in pages
        for row, cells in _rows(path, pages[name], HEADER)
    ]
    pairs = _rows(path, pages[MATCHES], PAIR_HEADER) if MATCHES in pages else []
    apart = [_apart(path, cells, row) for row, cells in pairs if cells["one row"]]
    return Adjudicated(recorded, [key for key in apart if key is not None])


def _rows(
    path: Path, page: Worksheet, needed: Sequence[str]
) -> Iterable[tuple[int, dict[str, str]]]:
    if page.problem is not None:
        raise UmbrellaError(
            f"{path}, worksheet {page.name}, {page.problem.where()}: {page.problem.problem}. "
            f"Right: {page.problem.right}"
        )
    header, *records = page.records
    header = [name.strip() for name in header]
    if missing := [name for name in needed if name not in header]:
        raise UmbrellaError(
            f"{path}, worksheet {page.name}, row 1: the columns {', '.join(missing)} are missing. "
            "Right: all columns as `umbrella compare` wrote them, in any order."
        )
    for number, record in enumerate(records, start=FIRST_ROW):
        cells = {name: cell.strip() for name, cell in zip(header, record, strict=True) if name}
        if any(cells.values()):
            yield number, cells


def _recorded(path: Path, page: str, cells: Mapping[str, str], row: int) -> Recorded:
    further = {n: cell for n, cell in cells.items() if n not in (*HEADER, WHY_ASIDE)}
    filled = (cells[name] for name in FILLED)
    decision = Decision(*filled, further=further, page=page, row=row)
    if decision.is_filled and not cells["worksheet"]:
        raise UmbrellaError(
            f"{path}, worksheet {page}, row {row}: a decision beside no difference. "
            "Right: the row as it was written, or an empty one."
        )
    key = tuple(cells[name] for name in KEY)
    return Recorded(key, cells["meta-analysis"], cells["reader 1"], cells["reader 2"], decision)


def _apart(path: Path, cells: Mapping[str, str], row: int) -> tuple[str, str, str] | None:
    answer = one_case(cells["one row"])
    if answer not in ANSWERS:
        raise UmbrellaError(
            f"{path}, worksheet {MATCHES}, row {row}, column one row, value {cells['one row']!r}: "
            f"no answer. Right: one of: {', '.join(ANSWERS)}, or an empty cell for yes."
        )
    key = cells["worksheet"], cells["row of reader 1"], cells["row of reader 2"]
    return key if answer == "no" else None


@dataclass(frozen=True)
class Filling:
    """What goes into the workbook beside the differences themselves."""

    decisions: Decisions
    aside: Sequence[Recorded]
    apart: Sequence[tuple[str, str, str]]
    texts: Mapping[tuple[str, str], str]
    codes: Mapping[str, Sequence[str]]
    people: Sequence[str]


def write_adjudication(path: Path, comparison: Comparison, filling: Filling) -> None:
    """Write the workbook in one step; raises UmbrellaError where it cannot be written."""
    from openpyxl import Workbook, load_workbook

    book = load_workbook(path) if path.exists() else Workbook()
    if not path.exists():
        book.remove(book.active)
    for name in OURS:
        if name in book.sheetnames:
            book.remove(book[name])
    pages = {name: book.create_sheet(name, place) for place, name in enumerate(OURS)}
    _write_start(pages[START], comparison, filling)
    _Differences(pages[ADJUDICATION], pages[LISTS], comparison, filling, path.parent).write()
    _write_matches(pages[MATCHES], comparison, filling)
    _write_agreement(pages[AGREEMENT], comparison, filling)
    _write_aside(pages[ASIDE], filling)
    pages[LISTS].sheet_state = "hidden"
    for name in (MATCHES, ASIDE):
        if pages[name].max_row == 1:
            book.remove(pages[name])
    book.active = book.sheetnames.index(ADJUDICATION)
    for page in book.worksheets:
        page.sheet_view.tabSelected = page.title == ADJUDICATION
    save(book, path)


def _write_start(page: Any, comparison: Comparison, filling: Filling) -> None:
    from openpyxl.styles import Alignment, Font

    first, second = comparison.readers
    n_differences = len(comparison.differences)
    n_open = sum(one.key not in decided(filling.decisions) for one in comparison.differences)
    lines = (
        ("Two readers", ""),
        ("Reader 1", str(first.path)),
        ("Reader 2", str(second.path)),
        ("Differences", f"{n_differences:,}, of which {n_open:,} are open"),
        (
            "1  Look",
            f"In the worksheet {ADJUDICATION} a row for each difference, the weightiest first: "
            "rows that one reader lacks, then what decides a pooled number, then the rest. The "
            "cells of both readers are linked.",
        ),
        (
            "2  Decide",
            f"Choose {CHOICES[0]}, {CHOICES[1]} or {CHOICES[2]}, and type that value beside it; "
            f"{EMPTY} stands for an empty cell. A reason, and who decided, go into the warehouse "
            "with the decision. Of a row that one reader lacks, the choice says whether it stays.",
        ),
        (
            "3  Rows that are two",
            f"Where two rows were wrongly taken for one, say no in the worksheet {MATCHES}, and "
            "compare again.",
        ),
        (
            "4  Go on",
            "Save, and run umbrella compare with the same two readers and --agreed FILE.xlsx: it "
            "writes the workbook that both agree on. Without --agreed it writes this workbook "
            "again; decisions are kept, and those whose difference has gone or changed are moved "
            f"to the worksheet {ASIDE}.",
        ),
    )
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, GUIDE_WIDTH
    for number, (heading, text) in enumerate(lines, start=1):
        for column, cell in enumerate((heading, text), start=1):
            put(page.cell(number, column), cell)
            page.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(number, 1).font = Font(name=FONT, bold=True, size=14 if number == 1 else 11)
        n_lines = max(1, math.ceil(len(text) / LINE_LENGTH))
        page.row_dimensions[number].height = LINE_HEIGHT * n_lines + 4
    _fit_to_width(page)


def decided(decisions: Decisions) -> set[tuple[str, str, str, str]]:
    """The keys of the differences that are decided."""
    return {key for key, decision in decisions.items() if decision.choice}


def _write_header(page: Any, header: Sequence[str], filled: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    line = Side(style="thin")
    for place, name in enumerate(header, start=1):
        cell = page.cell(1, place)
        put(cell, name)
        cell.font = Font(name=FONT, bold=True)
        cell.fill = PatternFill("solid", start_color=TO_FILL if name in filled else GIVEN)
        cell.border = Border(line, line, line, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(place)].width = WIDTHS.get(name, WIDTH)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(header))}{max(page.max_row, 2)}"
    _fit_to_width(page)


def _fit_to_width(page: Any) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_row(page: Any, number: int, cells: Sequence[str], header: Sequence[str]) -> None:
    """Write texts below a header, into a row as high as the longest of them needs."""
    from openpyxl.styles import Alignment

    for place, text in enumerate(cells, start=1):
        cell = page.cell(number, place)
        if text:
            put(cell, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    lines = [
        math.ceil(len(text) / WIDTHS.get(name, WIDTH))
        for name, text in zip(header, cells, strict=False)
    ]
    page.row_dimensions[number].height = LINE_HEIGHT * min(max([1, *lines]), MOST_LINES)


@dataclass(frozen=True)
class _Differences:
    page: Any
    lists: Any
    comparison: Comparison
    filling: Filling
    folder: Path

    def write(self) -> None:
        from openpyxl.styles import PatternFill

        further = list(
            dict.fromkeys(n for one in self.filling.decisions.values() for n in one.further)
        )
        header = (*HEADER, *further)
        places = [Places.of(reader, self.folder) for reader in self.comparison.readers]
        done = decided(self.filling.decisions)
        for number, one in enumerate(self.comparison.differences, start=FIRST_ROW):
            found = self.filling.decisions.get(one.key, Decision())
            filled = (found.choice, found.other, found.reason, found.decided_by, found.name)
            told = self._told(one, places)
            cells = (*told, *filled, *(found.further.get(n, "") for n in further))
            _write_row(self.page, number, cells, header)
            for reader, row in enumerate((one.first_row, one.second_row)):
                if row is not None:
                    name = f"cell of reader {reader + 1}"
                    cell = self.page.cell(number, header.index(name) + 1)
                    places[reader].link(cell, one.sheet, row, one.column)
            if one.key not in done:
                choice = self.page.cell(number, header.index("decision") + 1)
                choice.fill = PatternFill("solid", start_color=COLOURS["worth_a_look"])
        _write_header(self.page, header, (*FILLED, *further))
        self._offer(header)

    def _told(self, one: Difference, places: Sequence["Places"]) -> tuple[str, ...]:
        cells = [
            place.text(one.sheet, row, one.column) if row is not None else ""
            for place, row in zip(places, (one.first_row, one.second_row), strict=True)
        ]
        text = self.filling.texts.get((one.sheet, one.column), "")
        return (
            one.sheet, one.meta_analysis, one.first_name, one.second_name, one.column,
            "The row as a whole." if one.is_row else text, one.first_value, one.second_value,
            one.in_words, *cells, one.source,
        )  # fmt: skip

    def _offer(self, header: Sequence[str]) -> None:
        """Lists to choose from: for decisions, people, and values of columns that have codes."""
        rows = range(FIRST_ROW, FIRST_ROW + len(self.comparison.differences))
        self._list("decision", CHOICES, [(header.index("decision") + 1, row) for row in rows])
        place = header.index("decided by") + 1
        self._list("decided by", self.filling.people, [(place, row) for row in rows])
        place = header.index("another value") + 1
        cells: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for row, one in zip(rows, self.comparison.differences, strict=True):
            cells.setdefault(tuple(self._codes(one)), []).append((place, row))
        for number, (codes, found) in enumerate(cells.items(), start=1):
            if codes:
                self._list(f"values {number}", codes, found)

    def _codes(self, one: Difference) -> Sequence[str]:
        if one.is_row:
            return ()
        sheet = self.comparison.sheets[one.sheet]
        column = sheet.kinds[one.column]
        if column.kind != "code":  # a column of several codes takes more than a list offers
            return ()
        known = column.allowed or self.filling.codes.get(sheet.vocabularies.get(one.column, ""), ())
        return (*known, EMPTY) if known else ()

    def _list(self, name: str, values: Sequence[str], cells: Sequence[tuple[int, int]]) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        if not cells:
            return
        place = self.lists.max_column + (self.lists.cell(1, 1).value is not None)
        for row, value in enumerate((name, *values), start=1):
            put(self.lists.cell(row, place), value)
        letter = get_column_letter(place)
        source = f"{LISTS}!${letter}${FIRST_ROW}:${letter}${len(values) + 1}"
        rule = DataValidation("list", source, allow_blank=True, errorStyle="warning")
        rule.errorTitle = "Not in the list"
        rule.error = "This cell takes one of the values in its list."
        rule.showErrorMessage = True
        for column, row in cells:
            rule.add(f"{get_column_letter(column)}{row}")
        self.page.add_data_validation(rule)


@dataclass(frozen=True)
class Places:
    """Where the cells of a reader stand: letters of columns by worksheet, and how to link there."""

    reader: Reader
    target: str
    letters: Mapping[str, Mapping[str, str]]
    pages: Mapping[str, str]

    @classmethod
    def of(cls, reader: Reader, folder: Path) -> "Places":
        """Of a workbook its own columns; links are relative to a folder."""
        if not reader.is_book:
            return cls(reader, "", {}, {})
        from openpyxl.utils import get_column_letter

        book = open_book(read_whole(reader.path, reader.path.name), reader.path.name)
        letters, pages = {}, {}
        for page in book.worksheets:
            header = next(page.iter_rows(max_row=1, values_only=True), ())
            name = page.title.strip().lower()
            pages[name] = page.title
            letters[name] = {
                str(value).strip(): get_column_letter(place)
                for place, value in enumerate(header, start=1)
                if value is not None
            }
        return cls(reader, quote(os.path.relpath(reader.path, folder)), letters, pages)

    def text(self, sheet: str, row: Row, column: str) -> str:
        """Where a cell stands, in words."""
        number, named = self.reader.place(sheet, row.number, column)
        if not self.reader.is_book:
            return f"{self.reader.sheets[sheet].path}, row {number}"
        return f"{sheet}!{self._letter(sheet, named)}{number}"

    def link(self, cell: Any, sheet: str, row: Row, column: str) -> None:
        """Link a cell to where the reader has it."""
        from openpyxl.styles import Alignment, Font
        from openpyxl.worksheet.hyperlink import Hyperlink

        if not self.reader.is_book:
            return
        number, named = self.reader.place(sheet, row.number, column)
        page = self.pages.get(sheet, sheet).replace("'", "''")
        place = f"'{page}'!{self._letter(sheet, named)}{number}"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, target=self.target, location=place)
        cell.font = Font(name=FONT, color="0563C1", underline="single")
        cell.alignment = Alignment(wrap_text=True, vertical="top")

    def _letter(self, sheet: str, column: str) -> str:
        return self.letters.get(sheet, {}).get(column, "A")


def _write_matches(page: Any, comparison: Comparison, filling: Filling) -> None:
    """The pairs that were found by what their rows say, and those that people said are two rows."""
    number = FIRST_ROW
    for sheet, pair in comparison.guessed:
        meta_analysis = pair.first.cells.get("meta_analysis_id", "")
        rows = [_in_short(comparison, sheet, row) for row in (pair.first, pair.second)]
        cells = (sheet, meta_analysis, pair.first.name, pair.second.name, pair.why, "", *rows)
        _write_row(page, number, cells, PAIR_HEADER)
        number += 1
    for sheet, first, second in filling.apart:
        _write_row(page, number, (sheet, "", first, second, "taken for two", "no"), PAIR_HEADER)
        number += 1
    _write_header(page, PAIR_HEADER, ("one row",))
    if number > FIRST_ROW:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        letter = get_column_letter(PAIR_HEADER.index("one row") + 1)
        rule = DataValidation("list", f'"{",".join(ANSWERS)}"', allow_blank=True)
        rule.add(f"{letter}{FIRST_ROW}:{letter}{number - 1}")
        page.add_data_validation(rule)


def _in_short(comparison: Comparison, sheet: str, row: Row) -> str:
    columns = comparison.sheets[sheet].columns
    return "; ".join(f"{name} {row.cells[name]}" for name in columns[1:] if row.cells[name])


def _write_agreement(page: Any, comparison: Comparison, filling: Filling) -> None:
    for number, one in enumerate(comparison.agreement, start=FIRST_ROW):
        text = filling.texts.get((one.sheet, one.column), "")
        _write_row(page, number, (one.sheet, one.column, text), AGREEMENT_HEADER)
        kappa, icc = coefficients(comparison, one)
        numbers = (one.n_pairs, one.n_agreed, one.percent, kappa, icc, one.n_one_sided)
        for place, value in enumerate(numbers, start=4):
            cell = page.cell(number, place)
            cell.value = value
            if isinstance(value, float):
                cell.number_format = "0.0" if value is one.percent else DECIMALS
    total = FIRST_ROW + len(comparison.agreement)
    all_cells = ("all", "", "All cells in which both have a value.")
    _write_row(page, total, all_cells, AGREEMENT_HEADER)
    share = 100 * comparison.n_agreed / comparison.n_cells if comparison.n_cells else None
    for place, value in enumerate((comparison.n_cells, comparison.n_agreed, share), start=4):
        page.cell(total, place).value = value
    page.cell(total, 6).number_format = "0.0"
    _write_header(page, AGREEMENT_HEADER, ())


def coefficients(comparison: Comparison, one: Agreed) -> tuple[float | None, float | None]:
    """Kappa of a column of codes, and ICC of one of numbers: of texts neither says anything."""
    kind = comparison.sheets[one.sheet].kinds[one.column].kind
    return one.kappa if kind in CODED else None, one.icc if kind in NUMERIC else None


def _write_aside(page: Any, filling: Filling) -> None:
    """Decisions whose difference has gone or changed."""
    further = list(dict.fromkeys(n for one in filling.aside for n in one.decision.further))
    header = (*HEADER, WHY_ASIDE, *further)
    for number, one in enumerate(filling.aside, start=FIRST_ROW):
        found = one.decision
        cells = dict.fromkeys(header, "") | dict(zip(KEY, one.key, strict=True))
        cells |= {"meta-analysis": one.meta_analysis, "reader 1": one.first_value}
        cells |= {"reader 2": one.second_value, WHY_ASIDE: one.why_aside, **found.further}
        filled = (found.choice, found.other, found.reason, found.decided_by, found.name)
        cells |= dict(zip(FILLED, filled, strict=True))
        _write_row(page, number, [cells[name] for name in header], header)
    _write_header(page, header, ())


def record_of(comparison: Comparison, decisions: Decisions) -> Table:
    """The decided differences, for the workbook that goes on from them."""
    told = [name for name in TOLD if not name.startswith(("what", "cell"))]
    rows = []
    for one in comparison.differences:
        found = decisions.get(one.key, Decision())
        if found.choice:
            rows.append(
                [
                    one.sheet, one.meta_analysis, one.first_name, one.second_name, one.column,
                    one.first_value, one.second_value, one.in_words, one.source, found.choice,
                    found.other, found.reason, found.decided_by, found.name,
                ]
            )  # fmt: skip
    return Table([*told, *FILLED], Rows(rows))
