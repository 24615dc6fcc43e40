"""`umbrella figure`: one figure as files, for a manuscript or a slide."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from umbrella import console
from umbrella.commands.report import PictureFormat
from umbrella.errors import UmbrellaError
from umbrella.options import Database
from umbrella.project import database_path, full_path
from umbrella.stopping import stoppable
from umbrella.warehouse import require_warehouse

WIDTH = re.compile(r"([0-9]{1,4}(?:\.[0-9]+)?) ?(?:mm)?")


def command(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="The figure to draw; without it, all are listed."),
    ] = None,
    database: Database = None,
    formats: Annotated[
        list[PictureFormat] | None,
        typer.Option("--format", help="Kind of file; may be given several times. Default: pdf."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder to write into. Default: this folder."),
    ] = None,
    width: Annotated[
        str | None,
        typer.Option(
            "--width",
            metavar="MM",
            help="Printed width, such as 84mm (one column) or 176mm (two, the default of PDF, "
            "PNG and TIFF); text has 7 points and more.",
        ),
    ] = None,
    caption: Annotated[
        bool,
        typer.Option(
            "--caption/--no-caption",
            help="Title, caption and notes in the picture, or in a text file beside it.",
        ),
    ] = True,
) -> None:
    """Draw one figure of the warehouse as PDF, SVG, PNG, TIFF or Vega-Lite.

    Below 175 mm a figure is drawn in a form of its own for one column. What cannot be read at a
    width is refused.
    """
    width_mm = _mm(width)
    source = database_path(database)
    require_warehouse(source)
    folder = full_path(out) if out else Path.cwd()
    if folder.exists() and not folder.is_dir():
        raise UmbrellaError(f"{folder} is a file; --out names a folder.")
    if name is None:
        if formats or width or not caption:
            raise typer.BadParameter("NAME is missing; without options all figures are listed")
        _list(source)
        return
    with stoppable():
        written = _draw(source, name, folder, formats or [PictureFormat.PDF], width_mm, caption)
    for path in written:
        console.line(str(path))


def _mm(width: str | None) -> float | None:
    """A width in mm as it was typed, with or without the unit; raises UmbrellaError for others."""
    if width is None:
        return None
    found = WIDTH.fullmatch(width.strip().lower())
    if found is None or not float(found[1]):
        raise UmbrellaError(f"--width is {width}, which is no width in mm. Right: 84mm or 176mm.")
    return float(found[1])


def _draw(
    source: Path,
    name: str,
    folder: Path,
    formats: list[PictureFormat],
    width_mm: float | None,
    has_words: bool,
) -> list[Path]:
    # Imported here: the chart library takes a moment to load.
    from reports.errors import ReportError
    from reports.printing import Print
    from reports.site import draw_figure

    try:
        with console.warnings_as_notices():
            return draw_figure(source, name, folder, tuple(formats), Print(width_mm, has_words))
    except ReportError as error:
        raise UmbrellaError(str(error)) from error


def _list(source: Path) -> None:
    from reports.errors import ReportError
    from reports.site import list_figures

    try:
        figures = list_figures(source)
    except ReportError as error:
        raise UmbrellaError(str(error)) from error
    table = Table("figure", "title")
    for figure_id, title in figures:
        table.add_row(figure_id, title)
    console.out.print(table)
