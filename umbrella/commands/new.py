"""`umbrella new`: an empty set of sheets for a team's own review."""

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.project import project_dir
from umbrella.sheets.contract import Sheet, read_contract
from umbrella.text import plural

COPIED_FOLDER = "vocabulary"
COPIED_PROTOCOL = ("policies",)
COPIED_SUFFIX = "_bands"
"""Sheets that do not depend on the review: codes, pooling policies, thresholds."""

PRESETS = "presets"
ADDED = "added"
"""Folder of a preset with rows that go below those of the shipped sheet."""
"""Folder of the presets: a list of them, and for each the sheets that differ from the shipped."""


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    preset: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Vocabularies to begin with; the first is usual."),
    ] = None,
) -> None:
    """Make a folder of sheets for your own review: headers to fill in below.

    The vocabulary, the pooling policies and the thresholds come filled in; change them as your
    protocol asks. Presets of the vocabulary: interventions, risk-factors, prevalence, and
    mental-health, which is that of the shipped review. An existing folder is never written into,
    unless it is empty.
    """
    target = folder.expanduser().absolute()
    contract = make_folder(target, project_dir(), preset)
    to_fill = [sheet.file for sheet in contract if sheet.needs_rows and not _is_copied(sheet)]
    console.line(f"Made {plural(len(contract), 'sheet')} in {target}", style="bold green")
    console.line(f"Fill in at least {', '.join(to_fill)}; the other sheets may stay empty.")
    console.line(
        f"Analyses and figures for your effects: umbrella outline --sheets {str(folder)!r}"
    )
    console.line(f"Then: umbrella check --sheets {str(folder)!r}")


def make_folder(target: Path, project: Path, preset: str | None = None) -> tuple[Sheet, ...]:
    """Write every sheet of the contract to `target`; raises UmbrellaError unless it is free.

    Without a preset it is the first of the list; an unknown one is an UmbrellaError, too.
    """
    folders = preset_folders(project, preset)
    _require_free(target)
    contract = read_contract(project)
    try:
        for sheet in contract:
            _write(sheet, folders, project / "seeds", target)
    except OSError as error:
        raise UmbrellaError(f"Cannot write {target}: {error.strerror or error}") from error
    return contract


def preset_folders(project: Path, preset: str | None = None) -> list[Path]:
    """Where the sheets of a preset stand, the most special folder first."""
    listed = project / PRESETS / "presets.csv"
    with listed.open(encoding="utf-8", newline="") as file:
        known = {row["preset"]: row["folders"] for row in csv.DictReader(file)}
    wanted = next(iter(known)) if preset is None else preset
    if wanted not in known:
        raise UmbrellaError(f"Unknown preset {wanted!r}. Presets: {', '.join(known)}.")
    return [project / PRESETS / name for name in known[wanted].split(";") if name]


def _require_free(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UmbrellaError(f"{target} is a file; name a folder that does not exist yet.")
    if target.is_dir() and any(target.iterdir()):
        raise UmbrellaError(
            f"{target} exists and is not empty: nothing was written. Name a folder that does not "
            "exist yet."
        )


def _is_copied(sheet: Sheet) -> bool:
    is_protocol = sheet.folder == "protocol"
    is_threshold = sheet.name in COPIED_PROTOCOL or sheet.name.endswith(COPIED_SUFFIX)
    is_threshold |= sheet.is_optional
    return sheet.folder == COPIED_FOLDER or (is_protocol and is_threshold)


def _write(sheet: Sheet, presets: Sequence[Path], shipped: Path, target: Path) -> None:
    path = target / sheet.file
    path.parent.mkdir(parents=True, exist_ok=True)
    places = [*presets, shipped] if _is_copied(sheet) else presets
    filled = [place / sheet.file for place in places if (place / sheet.file).is_file()]
    if not filled:
        with path.open("x", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(sheet.columns)
        return
    shutil.copyfile(filled[0], path)
    for added in (place / ADDED / sheet.file for place in presets):
        if added.is_file():
            _append(added, path)


def _append(added: Path, path: Path) -> None:
    """Add the rows of a preset to those of the sheet, column by column."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with (
        added.open(encoding="utf-8", newline="") as rows,
        path.open("a", encoding="utf-8", newline="") as file,
    ):
        csv.DictWriter(file, header, lineterminator="\n").writerows(csv.DictReader(rows))
