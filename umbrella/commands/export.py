"""`umbrella export`: folders of files for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.options import Database
from umbrella.project import database_path, full_path
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
