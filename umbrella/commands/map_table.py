"""`umbrella map`: propose what the columns of a table hold, as a file to look through."""

import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from umbrella import console
from umbrella.commands.import_sheets import File, Worksheets, class_words
from umbrella.errors import UmbrellaError
from umbrella.importing.layout import Layout
from umbrella.importing.map_writing import Shown, as_text, in_map_words
from umbrella.importing.maps import NOT_READ, READERS
from umbrella.importing.tables import propose_map
from umbrella.project import full_path
from umbrella.text import plural, shorten

SUFFIX = ".map.yml"


def command(
    file: File,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="MAP",
            help=f"The map to write. Without it, a file beside the table that ends in {SUFFIX}.",
            show_default=False,
        ),
    ] = None,
    of: Annotated[
        str,
        typer.Option(
            "--table",
            metavar="KIND",
            help="What a row is: of results (of a meta-analysis) or of trials. Without it, "
            "trials where columns are of two arms and none is of a pool.",
        ),
    ] = "",
    worksheet: Worksheets = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a map that is there.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write the map without asking.")] = False,
) -> None:
    """Propose a map of any table: what each of its columns holds, by its name and its cells.

    The map is shown, and written for you to change; umbrella import table reads by it.
    """
    if of and of not in READERS:
        raise typer.BadParameter(f"--table {of}: not understood; right: {' or '.join(READERS)}")
    path = full_path(file)
    target = full_path(to) if to else path.with_name(f"{path.stem}{SUFFIX}")
    if target.exists() and path.exists() and target.samefile(path):
        raise UmbrellaError(f"{target} is the table itself, which no map replaces.")
    if target.exists() and not overwrite:
        raise UmbrellaError(
            f"{target} is there: nothing was written. --overwrite replaces it, --to names another."
        )
    layout = Layout(worksheets=tuple(worksheet or ()), classes=class_words())
    of, layout, shown, (_, imported) = propose_map(path, of, layout)
    text = as_text(of, layout, shown, target.name)
    _show(of, layout, shown)
    for notice in imported.notices[len(layout.roles or ()) :]:
        console.line(f"  {notice}")
    if not yes and is_asked() and not typer.confirm(f"Write {target}?", default=True):
        console.notice("Nothing was written.")
        raise typer.Exit(1)
    _write(target, text)
    console.line(f"Wrote {target}", style="bold green")
    if shown.questions:
        console.line(f"{plural(len(shown.questions), 'question')} to be answered in it, then:")
    name, there = shlex.quote(str(file)), shlex.quote(str(to or file.with_name(target.name)))
    console.line(f"umbrella import table {name} my-review --map {there}")


def _show(of: str, layout: Layout, shown: Shown) -> None:
    """What each column holds, with a cell of it, and what is still to be said."""
    console.line(f"{shown.file}: a table of {of}", style="bold")
    table = Table("column", "holds", "for example", title=None)
    for name, example in shown.examples.items():
        role = (layout.roles or {}).get(name)
        times = f"times {role.times}" if role and role.times else ""
        parts = (" and ".join(role.holds), role.measure, role.unit, times) if role else (NOT_READ,)
        table.add_row(name, ", ".join(filter(None, parts)), shorten(example, 40) if example else "")
    console.out.print(table)
    for question in map(in_map_words, shown.questions):
        console.line(f"To be answered: {question}", style="yellow")


def _write(target: Path, text: str) -> None:
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(target)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise UmbrellaError(f"Cannot write {target}: {error.strerror or error}") from error


def is_asked() -> bool:
    """Whether somebody sits before the terminal."""
    return sys.stdin.isatty()
