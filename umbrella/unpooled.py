"""The rows that are kept and cannot be pooled, with the cells that are the cause."""

from itertools import groupby
from pathlib import Path

import duckdb

from umbrella import console
from umbrella.text import plural
from umbrella.warehouse import has_table

UNPOOLED_ROWS = "int_unpooled_rows"

SHOWN_PER_CAUSE = 5
"""Rows named for one cause; the rest is counted, unless all are asked for."""

EVERY_ONE = "  `umbrella check --all` names every row, `--format html` or `json` in a file."

LISTED = """
    select sheet, reason, column_names, row_number, row_id
    from intermediate.int_unpooled_rows
    order by sheet, reason, column_names, row_number
"""


def show_unpooled(database: Path, *, every: bool) -> None:
    """Print on standard error, by cause, the rows that are kept and in no pool: some, or every one.

    Silent when the build did not get as far as their table.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        if not has_table(connection, "intermediate", UNPOOLED_ROWS):
            return
        listed = connection.execute(LISTED).fetchall()
    n_rows = len({(sheet, row_number) for sheet, _, _, row_number, _ in listed})
    if n_rows:
        console.notice(f"{plural(n_rows, 'row')} kept that cannot be pooled:", style="bold")
    is_abridged = False
    for (sheet, reason, columns), group in groupby(listed, key=lambda row: row[:3]):
        rows = [f"row {row_number} ({row_id})" for *_, row_number, row_id in group]
        where = f"{sheet}, columns {columns}" if columns else sheet
        shown = rows if every else rows[:SHOWN_PER_CAUSE]
        is_abridged |= len(shown) < len(rows)
        more = f", and {len(rows) - len(shown):,} more" if len(shown) < len(rows) else ""
        console.notice(f"  {where}: {reason}: {', '.join(shown)}{more}")
    if is_abridged:
        console.notice(EVERY_ONE, style="dim")
