"""`umbrella watch`: a preview in the browser that follows each save of the sheets."""

import webbrowser
from contextlib import closing
from typing import Annotated

import typer

from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.options import Database, Sheets, SheetsArgument, given
from umbrella.project import database_path, sheets_path
from umbrella.scratch import scratch_folder
from umbrella.stopping import stoppable

PORT = 8410


def command(
    place: SheetsArgument = None,
    sheets: Sheets = None,
    database: Database = None,
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="NUMBER",
            min=0,
            max=65535,
            help="Port of the preview on this computer; 0 for any that is free.",
        ),
    ] = PORT,
    opens: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the preview in your browser.")
    ] = True,
) -> None:
    """Follow each save of your sheets: check, build what depends on it, refresh a preview.

    The preview is a site of its own, which only browsers of this computer can see. Nothing is
    published by it: `umbrella build` and `umbrella report` do so. Findings that would stop a build
    are told, and the pages say that they are a draft. A fault is told here and on the page, which
    shows the sheets before it until it is mended. Ctrl-C ends it.
    """
    # Imported here: DuckDB takes a moment to load.
    from umbrella.watching.board import Board
    from umbrella.watching.preview import Preview
    from umbrella.watching.rounds import follow
    from umbrella.watching.saves import Saves
    from umbrella.watching.server import serving

    watched = sheets_path(given(place, sheets))
    if not watched.exists():
        raise UmbrellaError(
            f"{watched} does not exist. `umbrella new` makes a workbook or a folder of sheets."
        )
    with stoppable() as stop, scratch_folder("umbrella-watch-") as folder:
        preview = Preview(watched, folder, database_path(database), stop)
        board = Board(_shown)
        with closing(preview), serving(preview.site, board, port) as address:
            console.line(f"The preview of {watched}: {address} (Ctrl-C ends it)", style="bold")
            if opens:
                _open(address)
            follow(Saves(watched), preview.refresh, board)


def _shown(seconds: float) -> None:
    console.notice(f"The page shows it {seconds:.1f} s after the save", style="green")


def _open(address: str) -> None:
    """Open a page in a browser of its own window; one that runs in the terminal would fill it."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is not webbrowser.GenericBrowser:
        browser.open(address)
