"""File-level checks of a folder of sheets, before a build reads them.

What a cell means (codes, numbers, references) is checked by the models and ends in
`main.fct_rejected_rows`; here it is only made sure that each file can be read as the sheet it is.
"""

import difflib
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from umbrella.sheets.contract import SameAs, Sheet
from umbrella.sheets.files import csv_files, names_in, what_is_wrong_with_folder
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.sheets.reading import Table, read_table
from umbrella.sheets.readings import (
    READINGS,
    Reading,
    as_read,
    as_table,
    keys_of,
    readings_of,
    shipped_cells,
)
from umbrella.sheets.rows import Rows
from umbrella.text import plural, shorten

LONGEST_CELL = 20_000
"""Characters; a longer cell is a pasted document or an unclosed quote, not an extracted value."""

LONGEST_NAME = 200
"""Characters of a name that may be a misspelt one."""

NAMED_FAULTS = 20
"""Faults of one kind that are named one by one, in a header or among files; the rest is counted."""

RENAME = ": rename it?"
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
SAVE_AS_CSV = ": save its worksheet as CSV UTF-8 under that name"


@dataclass(frozen=True)
class CheckResult:
    """What the checks found, and the cells of each sheet that could be read.

    `readings` says which of the cells are read as something else than stands in them.
    """

    problems: list[Problem]
    tables: dict[Sheet, Table]
    readings: dict[Sheet, list[Reading]] = field(default_factory=dict)

    def by_name(self) -> dict[str, Table]:
        """The cells of each sheet by the sheet's name, as typed, and how they are read."""
        told = [reading for found in self.readings.values() for reading in found]
        typed = {sheet.name: table for sheet, table in self.tables.items()}
        return {**typed, READINGS: as_table(told)}

    def as_read(self) -> dict[Sheet, Table]:
        """The cells of each sheet as they are read."""
        return {s: as_read(table, self.readings.get(s, ())) for s, table in self.tables.items()}


def check_sheets(folder: Path, contract: Sequence[Sheet]) -> CheckResult:
    """Check every sheet of the contract in `folder`, and that no other CSV file stands there."""
    if fault := what_is_wrong_with_folder(folder):
        advice = _folder_advice(contract)
        problem = Problem(str(folder), f"this folder of sheets {fault}", advice)
        return CheckResult([problem], {})
    problems = _missing_folders(folder, contract)
    if len(problems) == len(_folders(contract)):
        return CheckResult(problems, {})  # no folder of sheets: nothing in it is looked at
    without = {problem.sheet for problem in problems}
    files = {sheet.file for sheet in contract}
    tables: dict[Sheet, Table] = {}
    for sheet in contract:
        if f"{sheet.folder}/" not in without:
            found, table = check_sheet(folder, sheet, files)
            problems += found
            if table is not None:
                tables[sheet] = table
    faulty = {problem.sheet for problem in problems}
    problems += _without_rows({s: t for s, t in tables.items() if s.file not in faulty})
    problems += _unknown_files(folder, contract)
    kinds = {sheet.name: sheet.kinds for sheet in contract}
    readings = {
        sheet: readings_of(sheet, table, kinds)
        for sheet, table in tables.items()
        if sheet.file not in faulty
    }
    return CheckResult(problems, tables, readings)


def _without_rows(tables: Mapping[Sheet, Table]) -> list[Problem]:
    filled = {sheet.name for sheet, table in tables.items() if table.rows}
    problems = []
    for sheet, table in tables.items():
        if sheet.needs_rows and not table.rows and filled.isdisjoint(sheet.or_rows_in):
            others = " or ".join(sheet.or_rows_in)
            other = f", or rows in {others}" if others else ""
            right = f"at least one row below the header{other}"
            problems.append(Problem(sheet.file, "the sheet has no data rows", right))
    return problems


def check_sheet(
    folder: Path, sheet: Sheet, files: Collection[str]
) -> tuple[list[Problem], Table | None]:
    """Check one sheet; the table is None when the file could not be read.

    `files` are those of all sheets: none of them is a misnamed other one.
    """
    path = folder / sheet.file
    if not os.path.lexists(path):
        missing = _missing_file(path, sheet, files)
        if sheet.is_optional and not missing.right.endswith((RENAME, SAVE_AS_CSV)):
            return [], _stand_in(sheet)
        return [missing], None
    try:
        table = read_table(path, sheet.file)
    except SheetProblem as found:
        return [found.problem], None
    problems = _header_problems(table.header, sheet)
    problems += _row_problems(table, sheet, has_header=not problems)
    if not problems:
        problems += _rows_not_shipped(table, sheet)
    if not problems:
        table = _with_optional_columns(table, sheet)
    return problems, table


def _stand_in(sheet: Sheet) -> Table:
    """The rows that an optional sheet has when a folder lacks it."""
    if sheet.shipped is None:
        return Table(list(sheet.columns), Rows([]))
    return read_table(sheet.shipped, sheet.file)


def _rows_not_shipped(table: Table, sheet: Sheet) -> list[Problem]:
    """Ask for a column that could be taken from the shipped rows but for these ones."""
    known = shipped_cells(sheet) if sheet.as_shipped - set(table.header) else {}
    return [
        Problem(
            sheet.file,
            "this column is missing, and no row that ships has this code to take it from",
            f"a column {name} in row 1, with a value in each row",
            number,
            name,
            ", ".join(key),
        )
        for name in sheet.columns
        if name in sheet.as_shipped and name not in table.header
        for number, key in enumerate(keys_of(sheet, table), start=2)
        if key not in known
    ]


def _with_optional_columns(table: Table, sheet: Sheet) -> Table:
    """The table with each optional column that it lacks: empty, or the same as another."""
    missing = [name for name in sheet.columns if name not in table.header]
    if not missing:
        return table
    rows = Rows(_with_cells(row, table.header, missing, sheet) for row in table.rows)
    return replace(table, header=table.header + missing, rows=rows, lacking=tuple(missing))


def _with_cells(
    row: list[str], header: Sequence[str], missing: Sequence[str], sheet: Sheet
) -> list[str]:
    cells = dict(zip(header, row, strict=True)) if sheet.same_as else {}
    return row + [_stand_in_cell(cells, sheet.same_as.get(name)) for name in missing]


def _stand_in_cell(cells: Mapping[str, str], same_as: SameAs | None) -> str:
    return same_as.value(cells) if same_as else ""


def _folder_advice(contract: Sequence[Sheet]) -> str:
    folders = ", ".join(f"{name}/" for name in _folders(contract))
    return f"a folder with {folders}; `umbrella new DIR` makes one"


def _folders(contract: Sequence[Sheet]) -> list[str]:
    return list(dict.fromkeys(sheet.folder for sheet in contract))


def _missing_folders(folder: Path, contract: Sequence[Sheet]) -> list[Problem]:
    problems = []
    for name in _folders(contract):
        if fault := what_is_wrong_with_folder(folder / name):
            files = ", ".join(f"{sheet.name}.csv" for sheet in contract if sheet.folder == name)
            problems.append(Problem(f"{name}/", f"this folder {fault}", f"a folder with {files}"))
    return problems


def _missing_file(path: Path, sheet: Sheet, files: Collection[str]) -> Problem:
    right = f"a file {sheet.name}.csv with the columns {', '.join(sheet.columns)}"
    workbook = next((p for p in map(path.with_suffix, WORKBOOKS) if p.exists()), None)
    if workbook:
        hint = f"; {workbook.name!r} there is a workbook{SAVE_AS_CSV}"
        return Problem(sheet.file, "this sheet is missing", right + hint)
    others = {
        name.lower(): name
        for name in names_in(path.parent)
        if f"{sheet.folder}/{name}" not in files
    }
    near = difflib.get_close_matches(path.name.lower(), others, n=1, cutoff=0.75)
    hint = f"; there is a file {others[near[0]]!r}{RENAME}" if near else ""
    return Problem(sheet.file, "this sheet is missing", right + hint)


def _unknown_files(folder: Path, contract: Sequence[Sheet]) -> list[Problem]:
    """Find CSV files outside the contract: nothing would read them."""
    known = {sheet.file for sheet in contract}
    try:
        found = sorted(csv_files(folder, _folders(contract)))
    except SheetProblem as error:
        return [error.problem]
    unknown = [name for name in found if name not in known and not _is_sheet(folder, name, known)]
    advice = f"move other CSV files out of this folder; sheets are {', '.join(sorted(known))}"
    problems = [
        Problem(name, "no sheet has this name", _nearest(name, known) + advice)
        for name in unknown[:NAMED_FAULTS]
    ]
    what = "with names that no sheet has"
    return problems + _rest(unknown, "more CSV file", what, f"{folder}/", advice)


def _is_sheet(folder: Path, name: str, known: Collection[str]) -> bool:
    """Whether a file is a sheet in other letters, where the system takes them for the same."""
    path = folder / name
    same = [folder / file for file in known if file.lower() == name.lower()]
    return any(os.path.exists(other) and os.path.samefile(path, other) for other in same)


def _nearest(name: str, valid: Iterable[str]) -> str:
    """A question that names the valid name most like `name`, whatever its case and spaces."""
    if len(name) > LONGEST_NAME:
        return ""
    plain = {_plain(candidate): candidate for candidate in sorted(valid)}
    near = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.6)
    return f"did you mean {plain[near[0]]}? " if near else ""


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def _header_problems(header: list[str], sheet: Sheet) -> list[Problem]:
    counts = Counter(header)
    missing = [
        column
        for column in sheet.columns
        if column not in counts and column not in sheet.optional_columns | sheet.as_shipped
    ]
    advice = f"columns are {', '.join(sheet.columns)}"
    nameless = [place for place, name in enumerate(header, start=1) if not name.strip()]
    problems = [_nameless(place, header, sheet) for place in nameless[:NAMED_FAULTS]]
    problems += _rest(nameless, "more column", "without a name", sheet.file, advice)
    unknown = [name for name in counts if name.strip() and name not in sheet.kinds]
    for name in unknown[:NAMED_FAULTS]:
        right = _nearest(name, missing or sheet.columns) + advice
        problems.append(Problem(sheet.file, "no such column in this sheet", right, 1, name, name))
    problems += _rest(unknown, "more column", "that this sheet does not have", sheet.file, advice)
    problems += _repeated({name: n for name, n in counts.items() if n > 1 and name.strip()}, sheet)
    problems += [
        Problem(sheet.file, "this column is missing", f"a column {name} in row 1", 1, name)
        for name in missing
    ]
    return problems


def _rest(found: Sequence[object], noun: str, what: str, file: str, right: str) -> list[Problem]:
    """One problem for all that are not named one by one."""
    n_more = len(found) - NAMED_FAULTS
    return [Problem(file, f"{plural(n_more, noun)} {what}", right)] if n_more > 0 else []


def _nameless(place: int, header: list[str], sheet: Sheet) -> Problem:
    return Problem(
        sheet.file,
        f"column {place} of {len(header)} has no name",
        "a name in every cell of row 1: delete the empty column",
        row=1,
        column=f"number {place}",
        value=header[place - 1],
    )


def _repeated(counts: Mapping[str, int], sheet: Sheet) -> list[Problem]:
    """One problem for all columns of which the header has several: a header pasted twice is one."""
    if not counts:
        return []
    several = [f"{shorten(name)} {n} times" for name, n in counts.items()]
    more = f" and {len(several) - NAMED_FAULTS:,} more" if len(several) > NAMED_FAULTS else ""
    first = next(iter(counts))
    return [
        Problem(
            sheet.file,
            f"columns that stand several times in the header: {', '.join(several[:NAMED_FAULTS])}"
            f"{more}",
            "each column once",
            row=1,
            column=first,
            value=first,
        )
    ]


def _row_problems(table: Table, sheet: Sheet, *, has_header: bool) -> list[Problem]:
    """Problems of the rows; their lengths are compared with a header that is right."""
    problems = []
    for row, cells in enumerate(table.rows, start=2):
        text = "".join(cells)
        if not text or text.isspace():
            problems.append(
                Problem(
                    sheet.file,
                    "an empty row between data rows",
                    "delete the row",
                    row,
                    table.header[0] if table.header else None,
                    "",
                )
            )
        elif len(cells) != len(table.header) and has_header:
            problems.append(_wrong_length(table, cells, row, sheet))
        if len(text) > LONGEST_CELL or "\x00" in text:
            for index, cell in enumerate(cells):
                problems += _cell_problems(table.header, index, cell, row, sheet)
    return problems


def _wrong_length(table: Table, cells: list[str], row: int, sheet: Sheet) -> Problem:
    header = table.header
    separator = f"the separator ({table.dialect})" if table.dialect else "a comma"
    right = f"{len(header)} cells, as in the header; a cell that holds {separator} stands in quotes"
    if len(cells) < len(header):
        column, value, word = header[len(cells)], ",".join(cells), "only "
    else:
        column, value, word = f"after {header[-1]}", cells[len(header)], ""
    return Problem(sheet.file, f"this row has {word}{len(cells)} cells", right, row, column, value)


def _cell_problems(
    header: list[str], index: int, cell: str, row: int, sheet: Sheet
) -> list[Problem]:
    problems = []
    column = header[index] if index < len(header) else f"number {index + 1}"
    if len(cell) > LONGEST_CELL:
        problem = f"this cell has {len(cell):,} characters"
        right = f"at most {LONGEST_CELL:,} characters; or a quote above is not closed"
        problems.append(Problem(sheet.file, problem, right, row, column, cell))
    if "\x00" in cell:
        problems.append(
            Problem(
                sheet.file,
                "this cell holds a NUL character",
                "text without NUL characters",
                row,
                column,
                cell,
            )
        )
    return problems
