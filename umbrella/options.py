"""Command-line options that several commands share, so that they mean the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

from umbrella.project import DATABASE_VARIABLE, SHEETS_VARIABLE

Sheets = Annotated[
    Path | None,
    typer.Option(
        "--sheets",
        metavar="DIR",
        help="Folder of your sheets, with extraction/, vocabulary/, protocol/ and published/ in "
        f"it. Default: {SHEETS_VARIABLE} if set, else the shipped review.",
    ),
]

Database = Annotated[
    Path | None,
    typer.Option(
        "--database",
        metavar="FILE",
        help=f"The warehouse file. Default: {DATABASE_VARIABLE} if set, else umbrella.duckdb in "
        "the project folder.",
    ),
]
