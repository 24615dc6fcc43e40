"""Where an import goes, and what a command tells of it."""

from dataclasses import dataclass
from pathlib import Path

import typer

from umbrella import console, system
from umbrella.commands.check import show_problems
from umbrella.errors import UmbrellaError
from umbrella.importing.folder import Origin, add_to_folder, write_folder
from umbrella.importing.rows import Declared, Imported
from umbrella.importing.source import Source
from umbrella.project import full_path, project_dir
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.text import plural


@dataclass(frozen=True)
class Target:
    """The folder to write into: a new one, or one that is there."""

    path: Path
    is_there: bool


def target_of(folder: Path | None, into: Path | None) -> Target:
    """The folder that a caller names: one to make, or one to add to."""
    target = folder or into
    if target is None or (folder and into):
        raise typer.BadParameter("name either a folder to make or, with --into, one to add to")
    return Target(target, into is not None)


def write_rows(
    source: Source, imported: Imported, target: Target, origin: Origin, declared: Declared
) -> None:
    """Write what was read of one source, and tell how it was read."""
    refuse_problems(source.problems)
    if not imported.rows:
        raise UmbrellaError(f"{origin.name} has no rows below its header: nothing was written.")
    write = add_to_folder if target.is_there else write_folder
    try:
        write(imported, full_path(target.path), project_dir(), origin, declared)
    except SheetProblem as found:
        refuse_problems([found.problem])
    _show(source, imported, target.path)
    if not target.is_there:
        console.line(
            f"A review of {origin.review_kind}: review_kind in protocol/review.csv says so."
        )
    folder = system.quoted(target.path)
    if not imported.trials:
        console.line(f"Analyses and figures: umbrella outline --sheets {folder}")
    console.line(f"Then: umbrella check --sheets {folder}")


def refuse_problems(problems: list[Problem]) -> None:
    """Show what is wrong, and end the command where there is anything."""
    if problems:
        show_problems(problems)
        console.notice("Nothing was written.")
        raise typer.Exit(1)


def _show(source: Source, imported: Imported, folder: Path) -> None:
    reviews = {row.get("meta_analysis_id") or row.get("source") for row in imported.rows}
    console.line(
        f"Imported {plural(len(imported.rows), 'row')} of "
        f"{plural(len(reviews), 'meta-analysis', 'meta-analyses')} into {folder}",
        style="bold green",
    )
    for way in source.read_as():
        console.line(f"  Read as {way}" if way == source.table.dialect else f"  Read {way}")
    for notice in imported.notices:
        console.line(f"  {notice}")
    show_left_out(source)


def show_left_out(source: Source) -> None:
    """Name the columns that are not taken over, with the number of their filled cells."""
    left_out = source.left_out()
    if left_out:
        console.line("Not taken over (column, filled cells):")
        for column, count in left_out.items():
            console.line(f"  {column}: {count:,}")
