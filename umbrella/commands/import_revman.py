"""`umbrella import revman`: outcomes of a review of RevMan with their trials."""

from typing import Annotated

import typer

from umbrella.commands.import_sheets import (
    PRESETS,
    Favours,
    File,
    Folder,
    Into,
    Kind,
    ReviewKind,
    signs_of,
)
from umbrella.commands.imported import folder_for, target_of, write_rows
from umbrella.importing.folder import Origin
from umbrella.importing.revman import read_review
from umbrella.importing.revman_rows import read_rows
from umbrella.importing.rows import Declared
from umbrella.importing.source import Source
from umbrella.project import full_path
from umbrella.sheets.reading import Table


def command(
    file: File,
    folder: Folder = None,
    into: Into = None,
    condition: Annotated[
        str,
        typer.Option(
            "--condition", help="One condition for all comparisons; without it each is one."
        ),
    ] = "",
    favours: Favours = None,
    kind: Kind = ReviewKind.interventions,
) -> None:
    """Import a review of RevMan: an .rm5 file, or the data package of RevMan Web (.zip).

    Each outcome of each comparison comes with its trials and the result that RevMan prints, which
    is recomputed by its own method.
    """
    target = target_of(folder, into)
    path = full_path(file)
    source = Source(path, Table([], []))
    review = read_review(path)
    imported = read_rows(
        review, source, condition=condition, kind=kind.value, favours=signs_of(favours)
    )
    origin = Origin(file.name, kind.value, PRESETS[kind.value])
    with folder_for(target) as folder_to_write:
        write_rows(source, imported, folder_to_write, origin, Declared(condition, ""))
