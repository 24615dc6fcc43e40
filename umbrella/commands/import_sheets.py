"""`umbrella import`: sheets of other programs as a folder of sheets."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from umbrella import console
from umbrella.commands.check import show_problems
from umbrella.errors import UmbrellaError
from umbrella.importing import metapsy, metaumbrella
from umbrella.importing.folder import UNNAMED, UNSTATED, Origin, add_to_folder, write_folder
from umbrella.importing.rows import Declared, Imported, identifier
from umbrella.importing.source import Source, read_source
from umbrella.project import project_dir
from umbrella.sheets.problems import SheetProblem
from umbrella.text import plural

File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="The sheet: CSV with any separator, or a workbook (XLSX)."),
]
Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="Folder to make.", show_default=False)
]
Into = Annotated[
    Path | None,
    typer.Option(
        "--into", metavar="DIR", help="Add to the sheets of this folder instead of making one."
    ),
]
Condition = Annotated[
    str, typer.Option("--condition", help="Condition of the trials; a new code is added.")
]
Outcome = Annotated[
    str, typer.Option("--outcome", help="Code of the outcome, of the vocabulary outcomes.")
]


class Sign(StrEnum):
    """Which sign favours arm 1."""

    positive = "positive"
    negative = "negative"


class ReviewKind(StrEnum):
    """What the review is of."""

    interventions = "interventions"
    exposures = "exposures"
    mixed = "mixed"


PRESETS = {
    ReviewKind.interventions: "interventions",
    ReviewKind.exposures: "risk-factors",
    ReviewKind.mixed: "interventions",
}
"""Vocabularies of a review that is made of metaumbrella's sheets."""

METAPSY_PRESET = "mental-health"
"""The vocabularies that have codes for Metapsy's words."""

Kind = Annotated[
    ReviewKind,
    typer.Option("--kind", help="What a review that is made is of; review.csv holds it."),
]


def metaumbrella_command(
    file: File,
    folder: Folder = None,
    into: Into = None,
    condition: Annotated[
        str,
        typer.Option(
            "--condition", help="One condition for all factors; without it each factor is one."
        ),
    ] = "",
    outcome: Outcome = UNNAMED,
    kind: Kind = ReviewKind.exposures,
) -> None:
    """Import metaumbrella's well-formatted sheet: each factor of a review is a meta-analysis.

    A factor of several reviews is pooled as one. Exposed or experimental groups become the
    intervention arm; effects keep their sign.
    """
    declared = Declared(condition, outcome)
    read = partial(metaumbrella.read_rows, declared=declared)
    origin = Origin(file.name, kind.value, PRESETS[kind])
    _import(file, folder, into, read, declared, origin)


def metapsy_command(
    file: File,
    folder: Folder = None,
    into: Into = None,
    condition: Condition = UNSTATED,
    outcome: Outcome = "symptom",
    meta_analysis: Annotated[
        str, typer.Option(help="Identifier of the meta-analysis; default: the name of the file.")
    ] = "",
    g_favours: Annotated[
        Sign, typer.Option(help="Sign of .g that favours arm 1; it differs between files.")
    ] = Sign.positive,
    lower_is_better: Annotated[
        bool,
        typer.Option(
            "--lower-is-better/--higher-is-better", help="For means that come without .g."
        ),
    ] = True,
    kind: Kind = ReviewKind.interventions,
) -> None:
    """Import a sheet with Metapsy's columns as one meta-analysis."""
    declared = Declared(condition, outcome)
    signs = metapsy.Signs(g_favours.value, lower_is_better)
    name = meta_analysis or identifier(file.stem)
    read = partial(metapsy.read_rows, declared=declared, signs=signs, name=name)
    origin = Origin(file.name, kind.value, METAPSY_PRESET)
    _import(file, folder, into, read, declared, origin)


def _import(
    file: Path,
    folder: Path | None,
    into: Path | None,
    read: Callable[[Source], Imported],
    declared: Declared,
    origin: Origin,
) -> None:
    target = folder or into
    if target is None or (folder and into):
        raise typer.BadParameter("name either a folder to make or, with --into, one to add to")
    source = read_source(file.expanduser())
    imported = read(source)
    if source.problems:
        show_problems(source.problems)
        console.notice("Nothing was written.")
        raise typer.Exit(1)
    if not imported.trials:
        raise UmbrellaError(f"{file} has no rows below its header: nothing was written.")
    write = add_to_folder if into else write_folder
    try:
        write(imported, target.expanduser().absolute(), project_dir(), origin, declared)
    except SheetProblem as found:
        show_problems([found.problem])
        console.notice("Nothing was written.")
        raise typer.Exit(1) from found
    _show(source, imported, target)
    if not into:
        console.line(
            f"A review of {origin.review_kind}: review_kind in protocol/review.csv says so."
        )
    console.line(f"Then: umbrella check --sheets {str(target)!r}")


def _show(source: Source, imported: Imported, folder: Path) -> None:
    console.line(
        f"Imported {plural(len(imported.trials), 'row')} of "
        f"{plural(len(imported.meta_analyses), 'meta-analysis', 'meta-analyses')} into {folder}",
        style="bold green",
    )
    for way in source.read_as():
        console.line(f"  Read as {way}" if way == source.table.dialect else f"  Read {way}")
    for notice in imported.notices:
        console.line(f"  {notice}")
    left_out = source.left_out()
    if left_out:
        console.line("Not taken over (column, filled cells):")
        for column, count in left_out.items():
            console.line(f"  {column}: {count:,}")
