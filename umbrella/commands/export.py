"""`umbrella export`: folders of files for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.options import Database
from umbrella.project import database_path, full_path
from umbrella.scratch import scratch_folder
from umbrella.stopping import stoppable
from umbrella.warehouse import require_warehouse

To = Annotated[
    Path,
    typer.Option(
        "--to",
        metavar="FOLDER",
        help="Folder to write. One that an export wrote before is replaced, unless a file in it "
        "was edited since; any other must be new or empty.",
    ),
]


class ReferenceStyle(StrEnum):
    """How references are written."""

    VANCOUVER = "vancouver"
    APA = "apa"


ToFolderOrZip = Annotated[
    Path,
    typer.Option(
        "--to",
        metavar="FOLDER|FILE.zip",
        help="Folder or ZIP file to write. One that such an export wrote before is replaced, "
        "unless a file in the folder was edited since; any other folder must be new or empty.",
    ),
]


class FindingsFormat(StrEnum):
    """Files that the summary of findings is written as."""

    DOCX = "docx"
    XLSX = "xlsx"


class TableFormat(StrEnum):
    """Files that tables are exported as."""

    CSV = "csv"
    PARQUET = "parquet"


def manuscript_command(
    to: To,
    database: Database = None,
    style: Annotated[
        ReferenceStyle, typer.Option("--style", help="How references are written.")
    ] = ReferenceStyle.VANCOUVER,
    figure: Annotated[
        list[str] | None,
        typer.Option(
            "--figure",
            metavar="NAME",
            help="Figure to draw; may be given several times. Default: those of the whole review "
            "and the forests of its main results.",
        ),
    ] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figure.")] = False,
) -> None:
    """Write a pack for a manuscript: Word tables and methods, references, figures, a check in R.

    The methods are put in words from the protocol. `recompute.R` pools every result again with the
    R package metafor and compares.
    """
    if figure and no_figures:
        raise UmbrellaError("--figure and --no-figures exclude each other.")
    source = database_path(database)
    require_warehouse(source)
    # Imported here: the chart library takes a moment to load.
    from reports.errors import ReportError
    from reports.manuscript.pack import write_pack
    from umbrella.exporting.folder import exported_folder

    target = full_path(to)
    wanted = [] if no_figures else (figure or None)
    try:
        with (
            console.warnings_as_notices(),
            stoppable(),
            exported_folder(target, "manuscript") as new,
        ):
            write_pack(source, new, style, wanted, console.notice)
    except ReportError as error:
        raise UmbrellaError(str(error)) from error
    console.line(f"The manuscript pack is ready: {target}", style="bold green")


def package_command(
    to: ToFolderOrZip,
    database: Database = None,
    form: Annotated[
        TableFormat, typer.Option("--format", help="Files that the tables are written as.")
    ] = TableFormat.CSV,
    licence: Annotated[
        str | None,
        typer.Option(
            "--licence",
            metavar="NAME|URL",
            help="Licence of the data: an SPDX name such as CC-BY-4.0, or its address. Default: "
            "that of the sheet review.",
        ),
    ] = None,
    contributor: Annotated[
        list[str] | None,
        typer.Option(
            "--contributor",
            metavar="NAME",
            help="Who made the data; may be given several times, in order.",
        ),
    ] = None,
) -> None:
    """Write all tables as a data package, ready to deposit: files, types, units, keys, checksums.

    `datapackage.json` describes it as Frictionless Data asks.
    """
    source = database_path(database)
    require_warehouse(source)
    # Imported here: what they import takes a moment to load.
    from reports.data_package import Deposit, write_package
    from reports.errors import ReportError
    from umbrella.exporting.archive import exported_archive
    from umbrella.exporting.folder import exported_folder

    target = full_path(to)
    exported = exported_archive if target.suffix.lower() == ".zip" else exported_folder
    try:
        with stoppable(), exported(target, "package") as new:
            written = write_package(source, new, form, Deposit(licence, contributor or ()))
    except ReportError as error:
        raise UmbrellaError(str(error)) from error
    if not written.licence:
        console.notice(
            "The package states no licence, without which others may not use it: name one in the "
            "sheet review, or with --licence, for example CC-BY-4.0.",
            style="yellow",
        )
    console.line(
        f"The data package of {written.tables} tables is ready: {target}", style="bold green"
    )


def fhir_command(to: To, database: Database = None) -> None:
    """Write the main results as FHIR Evidence resources (release 5), in one bundle."""
    source = database_path(database)
    require_warehouse(source)
    # Imported here: what they import takes a moment to load.
    from reports.errors import ReportError
    from reports.fhir import write_evidence
    from umbrella.exporting.folder import exported_folder

    target = full_path(to)
    try:
        with stoppable(), exported_folder(target, "fhir") as new:
            count = write_evidence(source, new)
    except ReportError as error:
        raise UmbrellaError(str(error)) from error
    console.line(f"{count} results are in {target / 'evidence.json'}", style="bold green")


def findings_command(
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FILE",
            help="File to write; one of the name is replaced. Default: summary-of-findings with "
            "the ending of its format.",
        ),
    ] = None,
    database: Database = None,
    form: Annotated[
        FindingsFormat | None,
        typer.Option("--format", help="Word file or workbook. Default: by the ending of --to."),
    ] = None,
) -> None:
    """Write the summary of findings as a Word file or a workbook, a table for each comparison."""
    target = full_path(to) if to else None
    wanted = _findings_format(target, form)
    target = target or full_path(Path(f"summary-of-findings.{wanted}"))
    source = database_path(database)
    require_warehouse(source)
    # Imported here: what they import takes a moment to load.
    from reports.errors import ReportError
    from reports.manuscript.findings_file import write_findings
    from reports.publishing import publish_file

    if not target.parent.is_dir():
        raise UmbrellaError(f"The folder {target.parent} does not exist; make it first.")
    try:
        with stoppable(), scratch_folder("umbrella-findings-") as scratch:
            new = scratch / target.name
            count = write_findings(source, new, wanted)
            publish_file(new, target)
    except ReportError as error:
        raise UmbrellaError(str(error)) from error
    except OSError as error:
        raise UmbrellaError(f"Cannot write {target}: {error.strerror or error}.") from error
    console.line(f"The summary of findings, {count} tables, is ready: {target}", style="bold green")


def _findings_format(target: Path | None, form: FindingsFormat | None) -> str:
    """The format that is asked for, or that the name of the file has; Word where neither says."""
    known = [str(one) for one in FindingsFormat]
    ending = target.suffix.lower().removeprefix(".") if target else ""
    if target and ending not in known:
        raise UmbrellaError(f"{target.name} does not end in .docx or .xlsx.")
    if form and ending and ending != form:
        raise UmbrellaError(f"{target and target.name} is no name for a file of --format {form}.")
    return str(form or ending or FindingsFormat.DOCX)
