"""`umbrella check`: can every sheet be read as the sheet it is, and every row be used?"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as RichTable

from umbrella import console
from umbrella.books.checked import write_checked
from umbrella.errors import UmbrellaError
from umbrella.failed_nodes import show_outcome
from umbrella.findings import (
    FORMATS,
    Finding,
    everything_named,
    findings_of,
    located,
    show_findings,
    stopping,
    summary,
    unaccepted,
)
from umbrella.options import Sheets, SheetsArgument, given
from umbrella.outlining.implied import with_outline
from umbrella.project import project_dir, sheets_path
from umbrella.readings import show_readings
from umbrella.rejects import show_rejects
from umbrella.sheets.book import check_book
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import DEFAULTS_FOLDERS, read_contract
from umbrella.sheets.files import is_workbook
from umbrella.sheets.problems import Problem
from umbrella.sheets.result import CheckResult
from umbrella.text import plural
from umbrella.unpooled import show_unpooled

SHOWN_PER_SHEET = 20
"""Problems printed for one sheet; the rest is counted."""


def command(
    place: SheetsArgument = None,
    sheets: Sheets = None,
    rows: Annotated[
        bool, typer.Option("--rows/--no-rows", help="Check the cells of every row, too.")
    ] = True,
    every: Annotated[
        bool, typer.Option("--all", help="Name every row and finding, not some of each cause.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="json|html",
            help="Print all that is named in rows on standard output so.",
        ),
    ] = None,
) -> None:
    """Check every sheet: as a file, then row by row, without building the warehouse.

    First the files: is each there, readable, with the right columns and rows? Then the cells:
    codes, numbers, ranges, keys and references, which takes some seconds more. Each problem names
    the sheet, the row as your spreadsheet program shows it (the header is row 1), the column, the
    value and what would be right. Cells that are read as something else than what stands in them,
    such as a decimal comma, are listed by column.

    Then the numbers of each row are compared with each other: what cannot be, what hardly can,
    what is worth a look, the worst first, with what would be right.

    Rows that are kept but cannot be pooled are listed by cell and cause. Of each cause and rule the
    first few are named, or with --all every one. What is impossible is in no pool; what is
    implausible stops `umbrella build` until it is corrected or accepted. Of a workbook a copy is
    written beside it (review.checked.xlsx) in which the cells are coloured, with a note at each and
    a list with links. Exit code 1 when a file has a problem, a row would be rejected or the build
    would stop.
    """
    if output is not None and output not in FORMATS:
        raise UmbrellaError(f"Unknown format {output}. Valid formats: {', '.join(FORMATS)}")
    folder = sheets_path(given(place, sheets))
    result = check_folder(folder)
    if result.problems:
        show_problems(result.problems)
        _mark_cells(folder, result, [])
        raise typer.Exit(1)
    if output is None:
        _show_counts(result)
    show_readings(result)
    findings = _check_rows(folder, result, output, every=every) if rows else []
    if output is not None:
        return
    found = f", {plural(len(findings), 'finding')} to look at: {summary(findings)}" * bool(findings)
    console.line(f"No problem found in {plural(len(result.tables), 'sheet')} of {folder}{found}")


def _check_rows(
    folder: Path, result: CheckResult, output: str | None, *, every: bool
) -> list[Finding]:
    """Compare the cells: the findings that nobody accepted."""
    # Imported here: DuckDB takes a moment to load, and a file with a problem should say so at once.
    from umbrella.building.row_check import checked_rows

    console.notice("Checking the rows")
    with checked_rows(result) as (outcome, database):
        show_outcome(outcome, database)
        places = result.places()
        named = located(everything_named(database), places) if database.is_file() else []
        n_rejected = 0
        if database.is_file():
            n_rejected = show_rejects(database, places=places, every=every)
        findings = located(findings_of(database), places) if database.is_file() else []
        if output is None:
            if database.is_file():
                show_unpooled(database, every=every)
            show_findings(findings, every=every)
        else:
            console.line(FORMATS[output](named))
    _mark_cells(folder, result, named)
    if n_rejected or stopping(findings) or not outcome.is_ok:
        raise typer.Exit(1)
    return unaccepted(findings)


def _mark_cells(place: Path, result: CheckResult, findings: Sequence[Finding]) -> None:
    """Mark what was found in a copy of the workbook, where the sheets are one."""
    if is_workbook(place) and result.tables:
        copy = write_checked(place, result, findings)
        console.notice(f"Marked in the cells of {copy}; {place.name} is as it was.", style="bold")


def check_folder(folder: Path) -> CheckResult:
    """Check the sheets of a folder or a workbook against the project's contract.

    What a workbook does not say of analyses and figures follows from its extraction.
    """
    result = check_typed(folder)
    return with_outline(result) if is_workbook(folder) else result


def check_typed(folder: Path) -> CheckResult:
    """The same of what was typed alone."""
    contract = read_contract(project_dir())
    if is_workbook(folder):
        return check_book(folder, contract, project_dir())
    return check_sheets(folder, contract)


def show_problems(problems: Sequence[Problem]) -> None:
    """Print problems by sheet on standard error, and their number."""
    by_sheet: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_sheet[problem.sheet].append(problem)
    for sheet, found in by_sheet.items():
        console.notice(f"{sheet}: {plural(len(found), 'problem')}", style="bold red")
        for problem in found[:SHOWN_PER_SHEET]:
            where = problem.where()
            console.notice(f"  {where}: {problem.problem}" if where else f"  {problem.problem}")
            console.notice(f"    right: {problem.right}", style="dim")
        if len(found) > SHOWN_PER_SHEET:
            console.notice(f"  … and {plural(len(found) - SHOWN_PER_SHEET, 'more problem')}")
    places = plural(len(by_sheet), "sheet or folder", "sheets or folders")
    console.notice(
        f"{plural(len(problems), 'problem')} in {places}. Correct them and run the command again.",
        style="bold",
    )


def _show_counts(result: CheckResult) -> None:
    """The rows of each sheet of data, and of all those of choices together."""
    rows = {sheet: len(cells.rows) for sheet, cells in result.tables.items()}
    table = RichTable("sheet", title=None)
    table.add_column("rows", justify="right")
    for sheet, n_rows in sorted(rows.items(), key=lambda item: item[0].file):
        if n_rows and sheet.folder not in DEFAULTS_FOLDERS:
            table.add_row(sheet.file, f"{n_rows:,}")
    for folder in DEFAULTS_FOLDERS:
        of_folder = [n_rows for sheet, n_rows in rows.items() if sheet.folder == folder]
        table.add_row(f"{folder}/ ({plural(len(of_folder), 'sheet')})", f"{sum(of_folder):,}")
    console.out.print(table)
