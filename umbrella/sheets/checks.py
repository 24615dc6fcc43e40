"""File-level checks of a folder of sheets, before a build reads them.

What a cell means (codes, numbers, references) is checked by the models and ends in
`main.fct_rejected_rows`; here it is only made sure that each file can be read as the sheet it is.
"""

import difflib
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from umbrella.sheets.contract import Sheet
from umbrella.sheets.files import csv_files, names_in, what_is_wrong_with_folder
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.sheets.reading import Table, read_table
from umbrella.sheets.result import CheckResult, checked
from umbrella.sheets.table_checks import NAMED_FAULTS, check_table, nearest, rest_of, stand_in

RENAME = ": rename it?"
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
SAVE_AS_CSV = ": save its worksheet as CSV UTF-8 under that name"


def check_sheets(folder: Path, contract: Sequence[Sheet]) -> CheckResult:
    """Check every sheet of the contract in `folder`, and that no other CSV file stands there."""
    if fault := what_is_wrong_with_folder(folder):
        return CheckResult([_not_there(folder, fault, contract)], {})
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
    return checked(problems, tables, _unknown_files(folder, contract))


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
            return [], stand_in(sheet)
        return [missing], None
    try:
        table = read_table(path, sheet.file)
    except SheetProblem as found:
        return [found.problem], None
    return check_table(table, sheet)


def _not_there(place: Path, fault: str, contract: Sequence[Sheet]) -> Problem:
    if place.suffix.lower() in WORKBOOKS:
        right = "a workbook that is there; `umbrella new FILE.xlsx` makes one"
        return Problem(str(place), f"this workbook {fault}", right)
    return Problem(str(place), f"this folder of sheets {fault}", _folder_advice(contract))


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
        Problem(name, "no sheet has this name", nearest(name, known) + advice)
        for name in unknown[:NAMED_FAULTS]
    ]
    what = "with names that no sheet has"
    return problems + rest_of(unknown, "more CSV file", what, f"{folder}/", advice)


def _is_sheet(folder: Path, name: str, known: Collection[str]) -> bool:
    """Whether a file is a sheet in other letters, where the system takes them for the same."""
    path = folder / name
    same = [folder / file for file in known if file.lower() == name.lower()]
    return any(os.path.exists(other) and os.path.samefile(path, other) for other in same)
