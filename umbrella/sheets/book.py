"""The sheets of a review in one workbook: a worksheet for each sheet that the review needs.

A worksheet is called like its sheet and has its columns in any order. It may leave out what a
folder of CSV files may not: every column but the required ones, and cells that have a usual value
(the contract says which). Sheets of the protocol and of the vocabulary that are not there hold what
ships. Columns of the team's own are kept as they are (`fct_sheet_cells`). Rows without a cell are
passed over, and so is the worked example of a new workbook as long as nobody has changed it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from umbrella.sheets.contract import Sheet
from umbrella.sheets.examples import changed_example, named_example
from umbrella.sheets.files import read_whole
from umbrella.sheets.presets import REVIEW, Preset, preset_for
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.sheets.reading import FIRST_ROW, Table
from umbrella.sheets.readings import USUAL_NOTE, Reading, numbered_rows
from umbrella.sheets.result import CheckResult, checked
from umbrella.sheets.rows import Rows
from umbrella.sheets.table_checks import check_table, nearest
from umbrella.sheets.wide import as_long, is_wide
from umbrella.sheets.workbook import Worksheet, read_worksheets
from umbrella.text import plural

START, FINDINGS, DECISIONS = "start here", "findings", "decisions"
GUIDES = (START, FINDINGS, DECISIONS)
"""Worksheets that `umbrella` writes for people to read."""

IMPLIED = ("analyses", REVIEW)
"""Sheets that a review needs rows in, and that a workbook may leave to the program."""

Codes = Mapping[tuple[str, str], str]
"""Codes of the vocabularies by vocabulary and role."""


def check_book(path: Path, contract: Sequence[Sheet], project: Path) -> CheckResult:
    """Check every worksheet of a workbook as the sheet that it is named after."""
    try:
        worksheets = read_worksheets(read_whole(path, path.name), path.name)
    except SheetProblem as found:
        return CheckResult([found.problem], {})
    named = {_plain(worksheet.name): worksheet for worksheet in worksheets}
    sheets = {sheet.name: _in_workbook(sheet) for sheet in contract}
    problems: list[Problem] = []
    tables: dict[Sheet, Table] = {}
    for name, sheet in sheets.items():
        if name in named:
            found, tables[sheet] = _table_of(named[name], sheet)
            problems += found
    preset = preset_for(project, tables)
    for sheet in sheets.values():
        is_left = sheet.name == REVIEW and sheet in tables and not tables[sheet].rows
        if sheet not in tables or is_left:
            tables[sheet] = _stand_in(sheet, preset)
    codes = _codes_by_role(tables)
    tables = {sheet: tables[sheet] for sheet in sheets.values()}
    names = [worksheet.name for worksheet in worksheets]
    result = checked(problems, tables, [*_twice(names), *_misspelt(names, sheets)])
    readings = {
        sheet: [*found, *_usual_readings(sheet, tables[sheet], codes)]
        for sheet, found in result.readings.items()
    }
    not_read = [name for name in names if _plain(name) not in {*sheets, *GUIDES}]
    return replace(result, readings=readings, not_read=tuple(not_read))


def _plain(name: str) -> str:
    return name.strip().lower()


def _in_workbook(sheet: Sheet) -> Sheet:
    """The sheet as a workbook has it: more of it may be missing, and messages name a worksheet."""
    needed = {
        name
        for name, column in sheet.kinds.items()
        if column.is_required and column.usual is None and name not in sheet.same_as
    }
    return replace(
        sheet,
        worksheet=f"worksheet {sheet.name}",
        optional_columns=frozenset(sheet.columns) - needed,
        needs_rows=sheet.needs_rows and sheet.name not in IMPLIED,
        takes_own_columns=True,
    )


def _table_of(worksheet: Worksheet, sheet: Sheet) -> tuple[list[Problem], Table]:
    """The problems of a worksheet, and its rows under the columns of the sheet."""
    nothing = Table(list(sheet.columns), Rows([]))
    if worksheet.problem is not None:
        return [replace(worksheet.problem, sheet=sheet.file)], nothing
    header, *rows = _with_names(worksheet.records)
    numbers, kept, problems = [], [], []
    for number, row in enumerate(rows, start=FIRST_ROW):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(header, row, strict=True))
        if not named_example(sheet, cells):
            numbers.append(number)
            kept.append(row)
        elif problem := changed_example(sheet, cells, number):
            problems.append(problem)
    table = Table(header, Rows(kept), _dialect(worksheet), numbered=tuple(numbers))
    if is_wide(sheet, table):
        table = as_long(sheet, table)
    found, table = check_table(table, sheet)
    return problems + found, table


def _with_names(records: Sequence[list[str]]) -> list[list[str]]:
    """The records without the columns in which there is no cell at all."""
    header = [name.strip() for name in records[0]]
    kept = [
        place
        for place, name in enumerate(header)
        if name or any(record[place].strip() for record in records)
    ]
    return [[record[place] for place in kept] for record in [header, *records[1:]]]


def _dialect(worksheet: Worksheet) -> str:
    return f"{plural(worksheet.n_hidden, 'hidden row')}, read too" if worksheet.n_hidden else ""


def _stand_in(sheet: Sheet, preset: Preset) -> Table:
    """The rows of a sheet that is not there; a review has a row, of usual values."""
    table = preset.table(sheet)
    is_review = sheet.name == REVIEW and not table.rows
    return replace(table, rows=Rows([[""] * len(sheet.columns)])) if is_review else table


def _codes_by_role(tables: Mapping[Sheet, Table]) -> Codes:
    return {
        (sheet.name, cells["role"].strip()): cells["code"].strip()
        for sheet, table in tables.items()
        if {"code", "role"} <= set(table.header)
        for cells in (dict(zip(table.header, row, strict=True)) for row in table.rows)
        if cells["role"].strip()
    }


def _usual_readings(sheet: Sheet, table: Table, codes: Codes) -> Iterator[Reading]:
    """The usual values of the cells that are empty."""
    for name, said in ((name, column.usual) for name, column in sheet.kinds.items()):
        if said is None:
            continue
        place = table.header.index(name)
        empty = [(number, row) for number, row in numbered_rows(table) if not row[place].strip()]
        if not sheet.kinds[name].is_required and len(empty) < len(table.rows):
            continue  # a team that fills some of them means something by the others
        value = said.value or codes.get((sheet.vocabularies.get(name, ""), said.role), "")
        names = _numbered(table, empty, name, said.numbered_by) if said.numbered_by else {}
        for number, row in empty:
            read_as = names.get(number, value)
            yield Reading(sheet.name, number, name, row[place], read_as, USUAL_NOTE)


def _numbered(
    table: Table, empty: Sequence[tuple[int, list[str]]], name: str, by: str
) -> dict[int, str]:
    """For each row the cell of another column and a number, such as no other row is called."""
    taken = {row[table.header.index(name)].strip() for row in table.rows}
    counts: Counter[str] = Counter()
    names = {}
    for number, row in empty:
        base = row[table.header.index(by)].strip()
        while True:
            counts[base] += 1
            names[number] = f"{base}_{counts[base]:02d}"
            if names[number] not in taken:
                break
    return names


def _twice(names: Sequence[str]) -> list[Problem]:
    """Worksheets whose names differ by blanks or the case of their letters only."""
    counts = Counter(map(_plain, names))
    return [
        Problem(f"worksheet {name}", "another worksheet has this name, but for blanks", "one")
        for name in names
        if counts[_plain(name)] > 1
    ]


def _misspelt(names: Sequence[str], sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Worksheets that are called nearly like a sheet that is not there."""
    absent = sorted(sheets.keys() - set(map(_plain, names)))
    return [
        Problem(f"worksheet {name}", "no sheet has this name", nearest(name, absent) + "or another")
        for name in names
        if _plain(name) not in {*sheets, *GUIDES} and nearest(name, absent)
    ]
