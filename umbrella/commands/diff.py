"""`umbrella diff`: what changed between two publishes, and because of which cells."""

from typing import Annotated

import typer

from umbrella import console
from umbrella.history.output import Format, show_changes, write_changes
from umbrella.options import Database
from umbrella.project import database_path


def command(
    older: Annotated[
        int | None,
        typer.Argument(
            metavar="[OLDER]",
            show_default=False,
            help="Number of a publish (`umbrella history`). Default: the one before the newest.",
        ),
    ] = None,
    newer: Annotated[
        int | None,
        typer.Argument(
            metavar="[NEWER]", show_default=False, help="Another one. Default: the newest."
        ),
    ] = None,
    database: Database = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="Show every line, of every method, also where weights follow."),
    ] = False,
    output: Annotated[
        Format, typer.Option("--format", help="How the changes are written.")
    ] = Format.TABLE,
) -> None:
    """Say what changed between two publishes: cells, members, results, grades, conclusions.

    The first line says it in a sentence. Then come the cells as they were typed, with what each
    moved; the pooled results with what else changed of them; grades, conclusions and members. A
    cause is the change nearest to what moved: a cell of a row of an effect whose number or
    membership changed, of its analysis or of its policy; else of a meta-analysis in the pool; else
    of a sheet that every result may rest on; else another version of the program.
    """
    # Imported here: DuckDB takes a moment to load, and help needs none.
    from umbrella.history.compare import compare
    from umbrella.history.past import history_of, two_of

    history, entries = history_of(database_path(database))
    before, after = two_of(entries, older, newer)
    changes = compare(history, before, after)
    if output is not Format.TABLE:
        write_changes(changes, output)
        return
    console.notice(
        f"Publish {before.number} ({before.when}) and publish {after.number} ({after.when})"
    )
    show_changes(changes, every=every)
