"""`umbrella import references`: RIS and BibTeX into the sheet of meta-analyses."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from umbrella import console, system
from umbrella.books.copies import beside, copy_of
from umbrella.books.filled import fill
from umbrella.commands.imported import Target, folder_for, refuse_problems, target_of
from umbrella.commands.new import make_folder
from umbrella.errors import UmbrellaError
from umbrella.importing.folder import Folder
from umbrella.importing.reference_rows import Plan, plan
from umbrella.importing.references import Read, read_references
from umbrella.project import full_path, project_dir
from umbrella.sheets.book import check_book
from umbrella.sheets.contract import Sheet, read_contract
from umbrella.sheets.files import is_workbook
from umbrella.sheets.problems import SheetProblem
from umbrella.text import plural

SHEET = "meta_analyses"
SUFFIXES = (".ris", ".bib", ".bibtex", ".nbib", ".txt")
"""Of files with references, which no folder is meant to have."""
WORD = "references"
"""Behind the name of a workbook, of the copy that has the references."""


def command(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE... [DIR|FILE.xlsx]",
            help="RIS or BibTeX files; without --into, last the folder or workbook to make.",
        ),
    ],
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="REVIEW",
            help="The folder to fill in, or a workbook, of which a copy is filled in.",
        ),
    ] = None,
    only_known: Annotated[
        bool,
        typer.Option("--only-known", help="Fill in rows that are there, and add none."),
    ] = False,
) -> None:
    """Fill in authors, title, journal, DOI, volume and pages of meta-analyses from references.

    References are matched by DOI, by title and year, or by first author and year; what is in a
    cell stays, duplicates are named, and a reference of no row becomes a new one.
    """
    folder = None if into else files[-1]
    read_from = files if into else files[:-1]
    if not read_from:
        raise typer.BadParameter("name the files, then a folder to make or --into REVIEW")
    if folder and folder.suffix.lower() in SUFFIXES:
        raise typer.BadParameter(f"last stands the folder or workbook to make, not {folder}")
    target = target_of(folder, into)
    found = read_references(map(full_path, read_from))
    refuse_problems(found.problems)
    path = full_path(target.path)
    if target.is_there and is_workbook(path):
        done = _into_workbook(path, found, only_known)
        written = beside(target.path, WORD)
    else:
        with folder_for(target) as made:
            done = _into_folder(full_path(made.path), made, found, only_known)
        written = target.path
    _tell(found, done, written)


def _into_folder(path: Path, target: Target, found: Read, only_known: bool) -> Plan:
    if not target.is_there:
        make_folder(path, project_dir())
    try:
        folder = Folder(path, project_dir())
    except SheetProblem as problem:
        refuse_problems([problem.problem])
        raise
    rows = folder.rows[SHEET]
    done = plan(rows, found.references, only_known=only_known)
    for place, cells in done.filled.items():
        rows[place] |= cells
        folder.changed.add(SHEET)
    usual = _usual_cells(folder.sheets[SHEET])
    folder.add(SHEET, [usual | cells for cells in done.new])
    folder.write()
    return done


def _usual_cells(sheet: Sheet) -> dict[str, str]:
    """What a row holds that a workbook may leave empty; codes by their roles."""
    said = {name: column.usual for name, column in sheet.kinds.items() if column.usual}
    return {name: usual.value or usual.role for name, usual in said.items()}


def _into_workbook(path: Path, found: Read, only_known: bool) -> Plan:
    """Fill in a copy of the workbook: the one of the team is never written."""
    contract = [replace(sheet, needs_rows=False) for sheet in read_contract(project_dir())]
    result = check_book(path, contract, project_dir())
    refuse_problems([one for one in result.problems if one.sheet.endswith(SHEET)])
    tables = {sheet.name: table for sheet, table in result.tables.items()}
    if SHEET not in tables:
        raise UmbrellaError(f"{path.name} has no worksheet {SHEET}: nothing was written.")
    table = tables[SHEET]
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    done = plan(rows, found.references, only_known=only_known)
    numbers = list(table.numbers())
    filled = {numbers[place]: cells for place, cells in done.filled.items()}
    sheet = next(one for one in contract if one.name == SHEET)
    with copy_of(path, WORD) as book:
        page = next(one for one in book.worksheets if one.title.strip().lower() == SHEET)
        fill(page, sheet, filled, done.new, max(numbers, default=1))
    return done


def _tell(found: Read, done: Plan, written: Path) -> None:
    n_filled = sum(map(bool, done.filled.values()))
    console.line(
        f"Read {plural(len(found.references), 'reference')}: {n_filled} filled in, "
        f"{len(done.matched) - n_filled} complete before, {len(done.new)} new, "
        f"{plural(done.n_duplicates, 'duplicate')}, {done.n_left} left; in {written}",
        style="bold green",
    )
    for line in done.told:
        console.line(f"  {line}")
    if found.not_read:
        names = ", ".join(f"{name} ({n})" for name, n in sorted(found.not_read.items()))
        console.line(f"  Not taken over: {names}")
    option = "" if is_workbook(written) else "--sheets "
    console.line(f"Then: umbrella check {option}{system.quoted(written)}")
