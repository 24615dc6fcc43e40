"""Write changes as a table for people, or as CSV or JSON for other programs."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from rich.table import Table

from reports.spreadsheets import as_text
from umbrella import console
from umbrella.history.compare import Changes
from umbrella.history.lines import Group, groups, texts
from umbrella.history.words import summary
from umbrella.text import plural, without_steering

SHOWN = 20
"""Lines of a kind that a terminal shows, unless all are asked for."""

PARTS = ("cells", "rows", "pools", "members", "grades", "conclusions", "versions", "causes")


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def show_changes(changes: Changes, *, every: bool) -> None:
    """Print the sentence and a table for each kind of changes."""
    console.line(summary(changes, is_listed=True), style="bold")
    for group in groups(changes, every=every):
        _show(group, every=every)


def _show(group: Group, *, every: bool) -> None:
    shown = group.lines if every else group.lines[:SHOWN]
    names = [group.headings[place] for place in group.told]
    table = Table(*names, title=group.title, title_justify="left", title_style="bold")
    for line in shown:
        parts = texts(line)
        table.add_row(*(parts[place] for place in group.told))
    console.line()
    console.out.print(table)
    n_more = len(group.lines) - len(shown) + group.left_out
    if n_more:
        lines = plural(n_more, "more line", "more lines")
        console.line(
            f"{lines}: of other methods, of weights that follow, or further down. --all shows "
            "them.",
            style="dim",
        )


def write_changes(changes: Changes, output: Format) -> None:
    """Write every change: as one JSON object, or as CSV with a row for each.

    The JSON has what `Changes` has, with the sentence and the numbers of the publishes; the CSV has
    the lines that `--all` shows.
    """
    if output is Format.JSON:
        found = {
            "older": changes.older.number,
            "newer": changes.newer.number,
            "sentence": summary(changes, is_listed=True),
            **{name: getattr(changes, name) for name in PARTS},
        }
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    rows = [
        {"part": group.name, **asdict(line)}
        for group in groups(changes, every=True)
        for line in group.lines
    ]
    write_rows(rows, output, ("part", "subject", "detail", "before", "after", "change", "because"))


def write_rows(rows: Sequence[dict[str, Any]], output: Format, names: Sequence[str] = ()) -> None:
    """Write rows as a JSON array of objects, or as CSV with a header."""
    if output is Format.JSON:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return
    with io.StringIO() as text:
        writer = csv.writer(text, lineterminator="\n")
        names = names or list(rows[0])
        writer.writerow(names)
        for row in rows:
            writer.writerow(_csv_cell(row[name]) for name in names)
        # On a terminal no cell may steer it.
        shown = without_steering if console.out.is_terminal else str
        sys.stdout.write(shown(text.getvalue()))


def _csv_cell(value: Any) -> Any:
    """A text that a spreadsheet would run has an apostrophe before it."""
    if isinstance(value, bool):
        return str(value).lower()
    return as_text(value) if isinstance(value, str) else value
