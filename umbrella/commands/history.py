"""`umbrella history`: what was published before, one line for each publish."""

from typing import Annotated

import typer
from rich.table import Table

from umbrella import console
from umbrella.history.output import Format, write_rows
from umbrella.options import Database
from umbrella.project import database_path


def command(
    database: Database = None,
    output: Annotated[
        Format, typer.Option("--format", help="How the list is written.")
    ] = Format.TABLE,
) -> None:
    """List what was published: when, of which sheets, and what had changed.

    Each publish of `umbrella build` is kept beside the warehouse, in a folder of its name with
    .history at the end: the cells as typed, and the results. A build that gives the same cells and
    results adds none. `umbrella diff` says more of a change, `umbrella rollback` publishes an
    earlier state again.
    """
    # Imported here: DuckDB takes a moment to load, and help needs none.
    from umbrella.history.past import history_of

    history, entries = history_of(database_path(database))
    rows = [
        {
            "number": entry.number,
            "published_at": entry.published_at,
            "sheets": entry.folder,
            "cells_changed": entry.n_cells,
            "rows_changed": entry.n_rows,
            "pools_moved": entry.n_pools,
            "is_draft": entry.is_draft,
            "rolled_back_to": entry.rolled_back_to,
            "what_changed": entry.told,
        }
        for entry in entries
    ]
    if output is not Format.TABLE:
        write_rows(rows, output)
        return
    table = Table("publish", "when", "sheets", "cells", "rows", "pools", "what changed")
    for row, entry in zip(rows, entries, strict=True):
        numbers = (row["cells_changed"], row["rows_changed"], row["pools_moved"])
        table.add_row(
            str(entry.number), entry.when, entry.sheets_name, *map(str, numbers), entry.told
        )
    console.out.print(table)
    megabytes = history.n_bytes() / 1_000_000
    console.line(
        f"Kept in {history.folder} ({megabytes:.1f} MB). Numbers are of cells that changed, rows "
        "that were added or removed, and analyses whose pooled result moved.",
        style="dim",
    )
