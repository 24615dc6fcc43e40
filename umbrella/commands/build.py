"""`umbrella build`: check the sheets, build a new warehouse, publish it if every test passed."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from umbrella import console
from umbrella.building.lock import build_lock
from umbrella.building.outcome import Places
from umbrella.building.publish import ensure_replaceable, publish, scratch_folder
from umbrella.building.sheets_copy import copy_sheets
from umbrella.commands.check import check_folder, show_problems
from umbrella.failed_nodes import show_outcome
from umbrella.headline import show_headline
from umbrella.options import Database, Sheets
from umbrella.project import database_path, project_dir, sheets_path
from umbrella.rejects import show_rejects
from umbrella.sheets.checks import CheckResult

LOG_VARIABLE = "DBT_LOG_PATH"


def command(
    sheets: Sheets = None,
    database: Database = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show dbt's own messages as well.")
    ] = False,
) -> None:
    """Refresh the warehouse from the sheets: check, build, test, publish.

    The new warehouse is built beside the published file and takes its place only when every
    model was built and every test passed. A build that fails or is stopped leaves the published
    file as it was. Rows that cannot be used are listed with the reason; they do not stop a build
    unless a test says so. dbt's log goes to logs/dbt.log beside the warehouse.
    """
    target = database_path(database)
    folder = sheets_path(sheets)
    ensure_replaceable(target)
    with _stoppable() as stop, build_lock(target):
        console.notice(f"Checking the sheets in {folder}")
        checked = check_folder(folder)
        if checked.problems:
            show_problems(checked.problems)
            console.notice(_unchanged(target))
            raise typer.Exit(1)
        try:
            _build(checked, target, stop, is_verbose=verbose)
        except KeyboardInterrupt:
            console.notice(_unchanged(target))
            raise


class Stop:
    """Remembers that somebody asked to stop: dbt swallows an interrupt in some of its moments."""

    def __init__(self) -> None:
        self.is_requested = False

    def __call__(self, _signal: int, _frame: object) -> None:
        """Handle a signal as Ctrl-C does."""
        self.is_requested = True
        raise KeyboardInterrupt

    def raise_if_requested(self) -> None:
        """Stop now what went on after a swallowed interrupt."""
        if self.is_requested:
            raise KeyboardInterrupt


@contextmanager
def _stoppable() -> Iterator[Stop]:
    """Let Ctrl-C or a request to terminate unwind the build, so that it cleans up."""
    stop = Stop()
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _build(checked: CheckResult, published: Path, stop: Stop, *, is_verbose: bool) -> None:
    # Imported here: dbt takes seconds to load, and a sheet with a problem should say so at once.
    from umbrella.building.dbt_run import run_build

    logs = Path(os.environ.get(LOG_VARIABLE) or published.parent / "logs").absolute()
    with scratch_folder(published) as folder, _work_folder() as work:
        copy_sheets(checked.tables, work / "sheets")
        # A fixed name: the file's own may be a word of SQL, and DuckDB would take it for one.
        new = folder / "umbrella.duckdb"
        places = Places(project_dir(), work / "sheets", new, work / "target", logs)
        console.notice(f"Building {published.name}")
        outcome = run_build(places, is_verbose=is_verbose)
        stop.raise_if_requested()
        show_outcome(outcome, new)
        if new.is_file():
            show_rejects(new, published if outcome.is_ok else None)
        if not outcome.is_ok:
            console.notice(f"dbt's log: {logs / 'dbt.log'}")
            console.notice(_unchanged(published))
            raise typer.Exit(1)
        publish(new, published)
    console.notice(f"Published {published}", style="bold green")
    show_headline(published)


@contextmanager
def _work_folder() -> Iterator[Path]:
    """A folder for what dbt reads and compiles; its path is free of what SQL must quote."""
    folder = Path(tempfile.mkdtemp(prefix="umbrella-build-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unchanged(database: Path) -> str:
    if database.exists():
        return f"Nothing was published: {database} is as it was."
    return "Nothing was published."
