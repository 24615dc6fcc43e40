"""`umbrella sql`: ask the published warehouse, with every UDF at hand."""

import sys
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from umbrella.options import Database
from umbrella.project import database_path
from umbrella.query.output import FORMATS, result_writer
from umbrella.warehouse import open_warehouse

Format = StrEnum("Format", {name.upper(): name for name in FORMATS})


def command(
    query: Annotated[
        str | None,
        typer.Argument(help="SQL to run. Without it, a prompt, or what standard input holds."),
    ] = None,
    database: Database = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="How results are written. Default: what the ending of --output says, else table.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="File to write results into, instead of showing them; xlsx needs one.",
        ),
    ] = None,
    allow_files: Annotated[
        bool,
        typer.Option(
            "--allow-files",
            help="Let SQL read your files, and write them with COPY ... TO 'file' or EXPORT "
            "DATABASE 'folder'; never over the warehouse.",
        ),
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            min=0,
            help="How long a statement may take; 0 for any time. Default: 600.",
        ),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="What DuckDB may use, such as 4GB or 25% of the machine's memory; 0 for DuckDB's "
            "own limit. Default: 50%.",
        ),
    ] = None,
    unfinished: Annotated[
        bool,
        typer.Option(
            "--unfinished", help="Open a warehouse that no build has completed, to look into it."
        ),
    ] = False,
) -> None:
    """Ask the published warehouse in SQL; it is opened read-only, with every function.

    Examples: `umbrella sql "from reports.rpt_headline"`, `umbrella sql "select * from
    fct_pooled_effects" --output pooled.xlsx`. At the prompt a query ends with a semicolon;
    `.tables`, `.schema NAME`, `.help` and `.quit` also work. SQL reaches no file, no network, no
    extension and no setting, unless `--allow-files` lets it use files of yours.
    """
    # Imported here: the functions' catalogue takes a moment to load, and no other command needs it.
    from python_udfs.connect import MEMORY, TIMEOUT
    from umbrella.query import prompt
    from umbrella.query.limits import memory_of_process
    from umbrella.query.run import Runner
    from umbrella.query.session import run_lines

    source = database_path(database)
    with (
        open_warehouse(
            source,
            unfinished=unfinished,
            allow_files=allow_files,
            memory=MEMORY if memory is None else memory,
        ) as connection,
        nullcontext() if memory == "0" else memory_of_process(connection),
        result_writer(connection, form, output, source) as write,
    ):
        runner = Runner(connection, write, TIMEOUT if timeout is None else timeout)
        if query is not None:
            runner.run(query)
        elif sys.stdin.isatty():
            prompt.run(runner)
        else:
            run_lines(runner, sys.stdin)
