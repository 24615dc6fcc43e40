"""`umbrella import`: sheets of other programs as a folder of sheets."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from umbrella import console
from umbrella.commands.check import show_problems
from umbrella.errors import UmbrellaError
from umbrella.importing import metapsy, metaumbrella
from umbrella.importing.folder import UNSTATED, write_folder
from umbrella.importing.rows import Codes, Imported, identifier
from umbrella.importing.source import Source, read_source
from umbrella.project import project_dir
from umbrella.text import plural

File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The sheet to import.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")]
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


def metaumbrella_command(
    file: File, folder: Folder, condition: Condition = UNSTATED, outcome: Outcome = "unclear"
) -> None:
    """Import metaumbrella's well-formatted sheet: each factor becomes a meta-analysis.

    Exposed or experimental groups become the intervention arm; effects keep their sign.
    """
    codes = Codes(condition, outcome)
    _import(file, folder, lambda source: metaumbrella.read_rows(source, codes))


def metapsy_command(
    file: File,
    folder: Folder,
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
) -> None:
    """Import a sheet with Metapsy's columns as one meta-analysis."""
    codes = Codes(condition, outcome)
    signs = metapsy.Signs(g_favours.value, lower_is_better)
    name = meta_analysis or identifier(file.stem)
    _import(file, folder, lambda source: metapsy.read_rows(source, codes, signs, name))


def _import(file: Path, folder: Path, read: Callable[[Source], Imported]) -> None:
    source = read_source(file.expanduser())
    imported = read(source)
    if source.problems:
        show_problems(source.problems)
        console.notice("Nothing was written.")
        raise typer.Exit(1)
    if not imported.trials:
        raise UmbrellaError(f"{file} has no rows below its header: nothing was written.")
    target = folder.expanduser().absolute()
    write_folder(imported, target, project_dir(), file.name)
    _show(source, imported, folder)


def _show(source: Source, imported: Imported, folder: Path) -> None:
    console.line(
        f"Imported {plural(len(imported.trials), 'row')} of "
        f"{plural(len(imported.meta_analyses), 'meta-analysis', 'meta-analyses')} into {folder}",
        style="bold green",
    )
    for notice in imported.notices:
        console.line(f"  {notice}")
    left_out = source.left_out()
    if left_out:
        console.line("Not taken over (column, filled cells):")
        for column, count in left_out.items():
            console.line(f"  {column}: {count:,}")
    console.line(f"Then: umbrella check --sheets {str(folder)!r}")
