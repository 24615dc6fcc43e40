"""File-level checks of a folder of sheets, before a build reads them.

What a cell means (codes, numbers, references) is checked by the models and ends in
`main.fct_rejected_rows`; here it is only made sure that each file can be read as the sheet it is.
"""

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from umbrella.sheets.contract import SameAs, Sheet
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.sheets.reading import Table, read_table
from umbrella.sheets.readings import READINGS, Reading, as_read, as_table, readings_of

LONGEST_CELL = 20_000
"""Characters; a longer cell is a pasted document or an unclosed quote, not an extracted value."""

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
    if not folder.is_dir():
        problem = Problem(
            str(folder), "this folder of sheets does not exist", _folder_advice(contract)
        )
        return CheckResult([problem], {})
    problems = _missing_folders(folder, contract)
    files = {sheet.file for sheet in contract}
    tables: dict[Sheet, Table] = {}
    for sheet in contract:
        if (folder / sheet.folder).is_dir():
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
    path = folder / sheet.folder / f"{sheet.name}.csv"
    if not path.exists() and not path.is_symlink():
        missing = _missing_file(path, sheet, files)
        if sheet.is_optional and not missing.right.endswith((RENAME, SAVE_AS_CSV)):
            return [], _stand_in(sheet)
        return [missing], None
    try:
        table = read_table(path, sheet.file)
    except SheetProblem as found:
        return [found.problem], None
    problems = _header_problems(table.header, sheet)
    problems += _row_problems(table, sheet)
    if not problems:
        table = _with_optional_columns(table, sheet)
    return problems, table


def _stand_in(sheet: Sheet) -> Table:
    """The rows that an optional sheet has when a folder lacks it."""
    if sheet.shipped is None:
        return Table(list(sheet.columns), [])
    return read_table(sheet.shipped, sheet.file)


def _with_optional_columns(table: Table, sheet: Sheet) -> Table:
    """The table with each optional column that it lacks: empty, or the same as another."""
    missing = [name for name in sheet.columns if name not in table.header]
    if not missing:
        return table
    rows = []
    for row in table.rows:
        cells = dict(zip(table.header, row, strict=True))
        rows.append(row + [_stand_in_cell(cells, sheet.same_as.get(name)) for name in missing])
    return replace(table, header=table.header + missing, rows=rows)


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
        if not (folder / name).is_dir():
            files = ", ".join(f"{sheet.name}.csv" for sheet in contract if sheet.folder == name)
            problems.append(Problem(f"{name}/", "this folder is missing", f"a folder with {files}"))
    return problems


def _missing_file(path: Path, sheet: Sheet, files: Collection[str]) -> Problem:
    right = f"a file {sheet.name}.csv with the columns {', '.join(sheet.columns)}"
    workbook = next((p for p in map(path.with_suffix, WORKBOOKS) if p.exists()), None)
    if workbook:
        hint = f"; {workbook.name!r} there is a workbook{SAVE_AS_CSV}"
        return Problem(sheet.file, "this sheet is missing", right + hint)
    others = {
        other.name.lower(): other.name
        for other in path.parent.iterdir()
        if f"{sheet.folder}/{other.name}" not in files
    }
    near = difflib.get_close_matches(path.name.lower(), others, n=1, cutoff=0.75)
    hint = f"; there is a file {others[near[0]]!r}{RENAME}" if near else ""
    return Problem(sheet.file, "this sheet is missing", right + hint)


def _unknown_files(folder: Path, contract: Sequence[Sheet]) -> list[Problem]:
    """Find CSV files outside the contract: nothing would read them."""
    known = {sheet.file for sheet in contract}
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.csv"))
    valid = ", ".join(sorted(known))
    return [
        Problem(
            name,
            "no sheet has this name",
            f"{_nearest(name, known)}move other CSV files out of this folder; sheets are {valid}",
        )
        for name in files
        if name not in known
    ]


def _nearest(name: str, valid: Iterable[str]) -> str:
    """A question that names the valid name most like `name`, whatever its case and spaces."""
    plain = {_plain(candidate): candidate for candidate in sorted(valid)}
    near = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.6)
    return f"did you mean {plain[near[0]]}? " if near else ""


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def _header_problems(header: list[str], sheet: Sheet) -> list[Problem]:
    problems = []
    counts = Counter(header)
    seen: set[str] = set()
    missing = [
        column
        for column in sheet.columns
        if column not in counts and column not in sheet.optional_columns
    ]
    for position, name in enumerate(header, start=1):
        if not name.strip():
            problem = Problem(
                sheet.file,
                f"column {position} of {len(header)} has no name",
                "a name in every cell of row 1: delete the empty column",
                row=1,
                column=f"number {position}",
                value=name,
            )
            problems.append(problem)
        elif name not in sheet.columns:
            right = _nearest(name, missing or sheet.columns)
            right += f"columns are {', '.join(sheet.columns)}"
            problems.append(
                Problem(sheet.file, "no such column in this sheet", right, 1, name, name)
            )
        elif name in seen:
            problems.append(
                Problem(
                    sheet.file,
                    f"this column stands {counts[name]} times in the header",
                    "each column once",
                    row=1,
                    column=name,
                    value=name,
                )
            )
        seen.add(name)
    problems += [
        Problem(sheet.file, "this column is missing", f"a column {name} in row 1", 1, name)
        for name in missing
    ]
    return problems


def _row_problems(table: Table, sheet: Sheet) -> list[Problem]:
    problems = []
    for row, cells in enumerate(table.rows, start=2):
        if not any(cell.strip() for cell in cells):
            problems.append(
                Problem(
                    sheet.file,
                    "an empty row between data rows",
                    "delete the row",
                    row,
                    table.header[0],
                    "",
                )
            )
        elif len(cells) != len(table.header):
            problems.append(_wrong_length(table, cells, row, sheet))
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
