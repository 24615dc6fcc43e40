"""`umbrella new`: an empty set of sheets for a team's own review."""

import csv
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from umbrella import console, system
from umbrella.errors import UmbrellaError
from umbrella.project import full_path, project_dir
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import Sheet, read_contract
from umbrella.sheets.presets import REVIEW, VOCABULARY, Preset, begins_filled, preset_for, preset_of
from umbrella.sheets.reading import Table
from umbrella.sheets.result import CheckResult
from umbrella.text import plural

WORKBOOK = ".xlsx"


def command(
    target: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx|DIR", help="Workbook or folder to make.")
    ],
    preset: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Vocabularies to begin with; the first is usual."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="DIR", help="Folder of sheets whose rows the workbook is to have."
        ),
    ] = None,
) -> None:
    """Make a workbook, or a folder of CSV sheets, for your own review: headers to fill in below.

    A workbook (FILE.xlsx) has a worksheet for each sheet that a team fills in, with notes, lists to
    choose from and examples, and the vocabulary; what ships of the protocol stays out of it. A
    folder has a CSV file for every sheet. The vocabulary, the pooling policies and the thresholds
    come filled in; change them as your protocol asks. Presets of the vocabulary: interventions,
    risk-factors, prevalence, and mental-health, which is that of the shipped review. An existing
    file is never replaced, and an existing folder never written into, unless it is empty.
    """
    path = full_path(target)
    if path.suffix.lower() == WORKBOOK:
        if source is None:
            make_book(path, project_dir(), preset_of(project_dir(), preset))
        else:
            make_book_from(path, project_dir(), full_path(source))
        console.line(f"Made {path}: its first worksheet says what to do", style="bold green")
        console.line(f"Then: umbrella check {system.quoted(target)}")
        return
    if source is not None:
        raise UmbrellaError("--from fills a workbook: name a file that ends in .xlsx.")
    contract = make_folder(path, project_dir(), preset)
    to_fill = [sheet.file for sheet in contract if sheet.needs_rows and not begins_filled(sheet)]
    console.line(f"Made {plural(len(contract), 'sheet')} in {path}", style="bold green")
    console.line(f"Fill in at least {', '.join(to_fill)}; the other sheets may stay empty.")
    console.line(
        f"Analyses and figures for your effects: umbrella outline --sheets {system.quoted(target)}"
    )
    console.line(f"Then: umbrella check --sheets {system.quoted(target)}")


def make_book(path: Path, project: Path, preset: Preset) -> None:
    """Write an empty workbook with the vocabulary of a preset; the path must be free."""
    contract = read_contract(project)
    tables = {sheet.name: preset.table(sheet) for sheet in contract}
    filled = {
        sheet.name: tables[sheet.name]
        for sheet in contract
        if sheet.folder == VOCABULARY or (sheet.name == REVIEW and tables[sheet.name].rows)
    }
    write_book(path, contract, filled, project)


def make_book_from(path: Path, project: Path, folder: Path) -> None:
    """Write a workbook with the rows of a folder of sheets, but for those that ship as they are.

    The folder may still lack rows. Raises UmbrellaError where a sheet cannot be read.
    """
    contract = [replace(sheet, needs_rows=False) for sheet in read_contract(project)]
    result = check_sheets(folder, contract)
    if result.problems:
        raise UmbrellaError(
            f"{plural(len(result.problems), 'problem')} in {folder}, and nothing was written: "
            f"umbrella check --sheets {system.quoted(folder)} names them."
        )
    write_book(path, contract, written_tables(result, project), project)


def written_tables(result: CheckResult, project: Path) -> dict[str, Table]:
    """The sheets that a workbook holds: the vocabulary, and those that do not ship as they are."""
    preset = preset_for(project, result.tables)
    return {
        sheet.name: table
        for sheet, table in result.tables.items()
        if sheet.folder == VOCABULARY or table.rows != preset.table(sheet).rows
    }


def write_book(
    path: Path,
    contract: Sequence[Sheet],
    filled: Mapping[str, Table],
    project: Path,
    further: Mapping[str, Table] = MappingProxyType({}),
) -> None:
    """Write a workbook in one step, with further worksheets that are no sheets.

    Raises UmbrellaError where the path is taken or cannot be written.
    """
    # Imported here: few commands write workbooks.
    from xlsxwriter.exceptions import XlsxWriterException

    from umbrella.books.template import write_template

    if os.path.lexists(path):
        raise UmbrellaError(f"{path} exists: nothing was written. Name a file that does not yet.")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        write_template(unfinished, contract, filled, project, further)
        unfinished.rename(path)
    except (OSError, XlsxWriterException) as error:
        unfinished.unlink(missing_ok=True)
        raise UmbrellaError(f"Cannot write {path}: {error}") from error


def make_folder(target: Path, project: Path, preset: str | None = None) -> tuple[Sheet, ...]:
    """Write every sheet of the contract to `target`; raises UmbrellaError unless it is free.

    Without a preset it is the first of the list; an unknown one is an UmbrellaError, too.
    """
    chosen = preset_of(project, preset)
    _require_free(target)
    contract = read_contract(project)
    try:
        for sheet in contract:
            _write(sheet, chosen, target)
    except OSError as error:
        raise UmbrellaError(f"Cannot write {target}: {error.strerror or error}") from error
    return contract


def _require_free(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UmbrellaError(f"{target} is a file; name a folder that does not exist yet.")
    if target.is_dir() and any(target.iterdir()):
        raise UmbrellaError(
            f"{target} exists and is not empty: nothing was written. Name a folder that does not "
            "exist yet."
        )


def _write(sheet: Sheet, preset: Preset, target: Path) -> None:
    path = target / sheet.file
    path.parent.mkdir(parents=True, exist_ok=True)
    table = preset.table(sheet)
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.header)
        writer.writerows(table.rows)
