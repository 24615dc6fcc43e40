"""`umbrella new`: an empty set of sheets for a team's own review."""

import csv
import shutil
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


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
) -> None:
    """Make a folder of sheets for your own review: headers to fill in below.

    The vocabulary, the pooling policies and the thresholds come filled in as shipped; change
    them as your protocol asks. An existing folder is never written into, unless it is empty.
    """
    target = folder.expanduser().absolute()
    contract = make_folder(target, project_dir())
    to_fill = [sheet.file for sheet in contract if sheet.needs_rows and not _is_copied(sheet)]
    console.line(f"Made {plural(len(contract), 'sheet')} in {target}", style="bold green")
    console.line(f"Fill in at least {', '.join(to_fill)}; the other sheets may stay empty.")
    console.line(
        f"Analyses and figures for your effects: umbrella outline --sheets {str(folder)!r}"
    )
    console.line(f"Then: umbrella check --sheets {str(folder)!r}")


def make_folder(target: Path, project: Path) -> tuple[Sheet, ...]:
    """Write every sheet of the contract to `target`; raises UmbrellaError unless it is free."""
    _require_free(target)
    contract = read_contract(project)
    try:
        for sheet in contract:
            _write(sheet, project / "seeds", target)
    except OSError as error:
        raise UmbrellaError(f"Cannot write {target}: {error.strerror or error}") from error
    return contract


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


def _write(sheet: Sheet, shipped: Path, target: Path) -> None:
    path = target / sheet.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_copied(sheet):
        shutil.copyfile(shipped / sheet.file, path)
        return
    with path.open("x", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(sheet.columns)
