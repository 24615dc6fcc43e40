"""Command-line options that several commands share, so that they mean the same everywhere."""

import os
from pathlib import Path
from typing import Annotated

import typer

from umbrella.errors import UmbrellaError
from umbrella.project import DATABASE_VARIABLE, HISTORY_VARIABLE, SHEETS_VARIABLE

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

PUBLISHES_KEPT = 100
"""What a history holds where nobody says otherwise."""

HistoryLimit = Annotated[
    int | None,
    typer.Option(
        "--history",
        metavar="NUMBER",
        min=0,
        show_default=False,
        help="How many publishes the history keeps; 0 to keep none of this one on. Default: "
        f"{HISTORY_VARIABLE} if set, else {PUBLISHES_KEPT}.",
    ),
]


def history_limit(option: int | None) -> int:
    """How many publishes are kept: the option, else UMBRELLA_HISTORY, else 100; 0 for none.

    Raises UmbrellaError for a variable that is no whole number from 0 on.
    """
    said = os.environ.get(HISTORY_VARIABLE)
    if option is not None or not said:
        return PUBLISHES_KEPT if option is None else option
    if not (said.isascii() and said.isdecimal()):
        raise UmbrellaError(
            f"{HISTORY_VARIABLE} is {said}, which is no number of publishes. Right: "
            f"{PUBLISHES_KEPT}, or 0 to keep none."
        )
    return int(said)


def given(argument: Path | None, option: Path | None) -> Path | None:
    """The sheets that a command is given in one of two ways; raises UmbrellaError for both."""
    if argument is not None and option is not None:
        raise UmbrellaError(f"Two places of sheets: {argument} and {option}. Name one of them.")
    return argument if option is None else option
