"""`umbrella sql`: ask the published warehouse, with every UDF at hand."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from umbrella.options import Database
from umbrella.project import database_path
from umbrella.query import prompt
from umbrella.query.run import run_script
from umbrella.query.session import run_lines
from umbrella.query.writers import WRITERS
from umbrella.warehouse import open_warehouse

Format = StrEnum("Format", {name.upper(): name for name in WRITERS})


def command(
    query: Annotated[
        str | None,
        typer.Argument(help="SQL to run. Without it, a prompt, or what standard input holds."),
    ] = None,
    database: Database = None,
    output: Annotated[
        Format, typer.Option("--format", help="How results are written.")
    ] = Format.TABLE,
    unfinished: Annotated[
        bool,
        typer.Option(
            "--unfinished", help="Open a warehouse that no build has completed, to look into it."
        ),
    ] = False,
) -> None:
    """Ask the published warehouse in SQL; it is opened read-only, with every function.

    Examples: `umbrella sql "from reports.rpt_headline"`, `umbrella sql "select * from
    fct_pooled_effects" --format csv > pooled.csv`. At the prompt a query ends with a semicolon;
    `.tables`, `.schema NAME`, `.help` and `.quit` also work.
    """
    with open_warehouse(database_path(database), unfinished=unfinished) as connection:
        write = WRITERS[output]
        if query is not None:
            run_script(connection, query, write)
        elif sys.stdin.isatty():
            prompt.run(connection, write)
        else:
            run_lines(connection, sys.stdin, write)
