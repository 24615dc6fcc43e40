"""What failed or warned in a build, with the first rows that a data test found."""

from pathlib import Path

import duckdb

from umbrella import console
from umbrella.building.outcome import Node, Outcome
from umbrella.text import cells_in_words, plural

SHOWN_FAILURES = 30
SHOWN_LINES = 15
"""Lines of one failure's message."""
SHOWN_ROWS = 3
"""Rows that a test found; the unfinished warehouse they stand in is removed afterwards."""


def show_outcome(outcome: Outcome, database: Path) -> None:
    """Print what failed and what warned, and how many steps ended in which way.

    `database` is the file that was being built; it need not exist.
    """
    for node in outcome.failed[:SHOWN_FAILURES]:
        console.notice(f"{node.kind} {node.name} failed", style="bold red")
        _show_message(node.message)
        _show_rows(node, database)
        console.notice(f"  see {node.file}", style="dim")
    if len(outcome.failed) > SHOWN_FAILURES:
        console.notice(f"… and {plural(len(outcome.failed) - SHOWN_FAILURES, 'more failure')}")
    for node in outcome.warned:
        console.notice(f"{node.kind} {node.name} warns: {node.message}", style="yellow")
        _show_rows(node, database)
    _show_counts(outcome)


def _show_message(message: str) -> None:
    lines = message.splitlines()
    for line in lines[:SHOWN_LINES]:
        console.notice(f"  {line}")
    if len(lines) > SHOWN_LINES:
        console.notice(f"  … and {plural(len(lines) - SHOWN_LINES, 'more line')} in the log")


def _show_rows(node: Node, database: Path) -> None:
    if not node.query or not database.is_file():
        return
    query = f"select * from (\n{node.query}\n) limit {SHOWN_ROWS}"
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            rows = connection.execute(query).fetchall()
            names = [column[0] for column in connection.description]
    except duckdb.Error as error:
        console.notice(f"  its rows cannot be shown: {error}", style="dim")
        return
    for row in rows:
        console.notice(f"  found {cells_in_words(names, row)}")


def _show_counts(outcome: Outcome) -> None:
    counts = ", ".join(f"{count:,} {status}" for status, count in sorted(outcome.counts.items()))
    if counts:
        console.notice(f"  {counts}", passes=True)
