"""Command-line options that several commands share, so that they mean the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

from umbrella.errors import UmbrellaError
from umbrella.project import DATABASE_VARIABLE, SHEETS_VARIABLE

Sheets = Annotated[
    Path | None,
    typer.Option(
        "--sheets",
        metavar="FILE.xlsx|DIR",
        help="Workbook of your sheets, or a folder with extraction/, vocabulary/, protocol/ and "
        f"published/ in it. Default: {SHEETS_VARIABLE} if set, else the shipped review.",
    ),
]

SheetsArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE.xlsx|DIR]",
        show_default=False,
        help="Workbook or folder of your sheets; the same as --sheets.",
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


def given(argument: Path | None, option: Path | None) -> Path | None:
    """The sheets that a command is given in one of two ways; raises UmbrellaError for both."""
    if argument is not None and option is not None:
        raise UmbrellaError(f"Two places of sheets: {argument} and {option}. Name one of them.")
    return argument if option is None else option
