"""`umbrella report`: draw the static chart site from the published warehouse."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.options import Database
from umbrella.project import cache_dir, database_path, full_path, results_dir
from umbrella.stopping import stoppable
from umbrella.warehouse import require_warehouse

if TYPE_CHECKING:
    from reports.site import SiteResult

CACHE = ".site-cache"


class PictureFormat(StrEnum):
    """Files that can be written for each figure."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    TIFF = "tiff"
    VEGA_LITE = "vl.json"


def command(
    database: Database = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder to write the site into. Default: site in the project folder.",
        ),
    ] = None,
    formats: Annotated[
        list[PictureFormat] | None,
        typer.Option(
            "--format", help="Picture file to offer beside each figure; may be given several times."
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="FIGURE_ID", help="Draw only this figure; may be given several times."
        ),
    ] = None,
) -> None:
    """Draw the static chart site; its index.html opens in any browser and needs no server.

    The new site takes the place of the one before in one step, when all of it is there. A run that
    fails or is stopped leaves the site as it was. What others keep in the folder stays.
    """
    source = database_path(database)
    require_warehouse(source)
    folder = full_path(out) if out else results_dir() / "site"
    if folder.exists() and not folder.is_dir():
        raise UmbrellaError(f"{folder} is a file; --out names a folder.")
    result = _build(source, folder, formats, only)
    console.line(f"The site is ready: {result.index}", style="bold green")
    console.line(result.weight.words)


def _build(
    source: Path, folder: Path, formats: list[PictureFormat] | None, only: list[str] | None
) -> "SiteResult":
    # Imported here: the chart library takes a moment to load.
    from reports.errors import ReportError
    from reports.publishing import what_is_left
    from reports.site import build_site

    choices = {"formats": tuple(formats)} if formats else {}
    say_what_is_left = what_is_left(folder)
    try:
        with console.warnings_as_notices(), stoppable():
            result = build_site(
                source,
                folder,
                only=only or None,
                progress=console.notice,
                cache=cache_dir() / CACHE,
                **choices,
            )
    except ReportError as error:
        raise UmbrellaError(f"{error}\n{say_what_is_left()}") from error
    except BaseException:
        console.notice(say_what_is_left())
        raise
    return result
