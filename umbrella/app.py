"""The command `umbrella` and its sub-commands."""

import os
import sys
from typing import Annotated

import typer

from umbrella import __version__, console
from umbrella.commands import (
    build,
    check,
    compare,
    diff,
    export,
    figure,
    headline,
    history,
    import_references,
    import_revman,
    import_sheets,
    map_table,
    new,
    outline,
    report,
    rollback,
    sql,
    udfs,
    watch,
)
from umbrella.failures import DEBUG_VARIABLE, guarded, shows_traceback
from umbrella.stopping import INTERRUPTED

app = typer.Typer(
    name="umbrella",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        console.line(f"umbrella-warehouse {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", envvar=DEBUG_VARIABLE, help="Show the traceback of a failure."),
    ] = False,
) -> None:
    """Turn the extraction sheets of an umbrella review into pooled, audited results and charts.

    Your own review: `umbrella new my-review`, fill in the sheets, `umbrella outline --sheets
    my-review`, `umbrella check --sheets my-review`, `umbrella build --sheets my-review`,
    `umbrella headline`, `umbrella report`. Two readers: `umbrella compare ann.xlsx ben.xlsx`.
    """
    shows_traceback.set(debug)


for name, module in {
    "check": check,
    "build": build,
    "headline": headline,
    "sql": sql,
    "report": report,
    "watch": watch,
    "figure": figure,
    "udfs": udfs,
    "new": new,
    "map": map_table,
    "outline": outline,
    "compare": compare,
    "history": history,
    "diff": diff,
    "rollback": rollback,
}.items():
    app.command(name)(guarded(module.command))

import_app = typer.Typer(
    no_args_is_help=True,
    help="Turn a sheet of another program, or a table of results, into a folder of sheets.",
)
import_app.command("metaumbrella")(guarded(import_sheets.metaumbrella_command))
import_app.command("metapsy")(guarded(import_sheets.metapsy_command))
import_app.command("results")(guarded(import_sheets.results_command))
import_app.command("trials")(guarded(import_sheets.trials_command))
import_app.command("table")(guarded(import_sheets.table_command))
import_app.command("references")(guarded(import_references.command))
import_app.command("revman")(guarded(import_revman.command))
app.add_typer(import_app, name="import")

export_app = typer.Typer(
    no_args_is_help=True,
    help="Write the review as files for other programs: a pack for a manuscript, the summary of "
    "findings, a data package, FHIR resources.",
)
export_app.command("manuscript")(guarded(export.manuscript_command))
export_app.command("findings")(guarded(export.findings_command))
export_app.command("package")(guarded(export.package_command))
export_app.command("fhir")(guarded(export.fhir_command))
app.add_typer(export_app, name="export")


def run() -> None:
    """Run the command that the arguments name."""
    console.make_streams_tolerant()
    try:
        app(prog_name="umbrella")
    except SystemExit as ending:
        if ending.code == INTERRUPTED:
            # Threads of a stopped build may still run a query; an orderly end would wait for them
            # or abort under them. Everything has been cleaned up by now.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise
