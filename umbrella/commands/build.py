"""`umbrella build`: check the sheets, build a new warehouse, publish it if every test passed."""

import logging
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from python_udfs.whole import BUILD_LOG
from umbrella import console
from umbrella.building.lock import build_lock
from umbrella.building.publish import (
    ensure_replaceable,
    publish,
    real_file,
    remove_left_folders,
    scratch_folder,
)
from umbrella.commands.check import check_folder, show_problems
from umbrella.errors import UmbrellaError
from umbrella.failed_nodes import show_outcome
from umbrella.findings import findings_of, located, show_findings
from umbrella.headline import show_headline
from umbrella.options import Database, HistoryLimit, Sheets, SheetsArgument, given, history_limit
from umbrella.project import database_path, project_dir, sheets_path
from umbrella.readings import show_readings
from umbrella.rejects import REJECTED_ROWS, show_rejects
from umbrella.sheets.contract import Sheet
from umbrella.sheets.reading import Table
from umbrella.sheets.result import CheckResult, Places
from umbrella.sheets.sources import Sources
from umbrella.stopping import Stop, stoppable
from umbrella.text import plural

if TYPE_CHECKING:
    from umbrella.building.plan import Plan

ACCEPTED = "implausible_findings_are_accepted"
"""The test that a draft leaves out."""


def command(
    place: SheetsArgument = None,
    sheets: Sheets = None,
    database: Database = None,
    full: Annotated[
        bool, typer.Option("--full", help="Build every table anew, whatever has changed.")
    ] = False,
    draft: Annotated[
        bool,
        typer.Option(
            "--draft", help="Publish with implausible findings that nobody accepted, marked so."
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show each step with its seconds.")
    ] = False,
    history: HistoryLimit = None,
) -> None:
    """Refresh the warehouse from the sheets: check, build, test, publish.

    The new warehouse is built beside the published file and takes its place only when every
    model was built and every test passed. A build that fails or is stopped leaves the published
    file as it was. Rows that cannot be used are listed with the reason; they do not stop a build
    unless a test says so. Implausible numbers do, until they are corrected or accepted in
    extraction/acknowledgements.csv; --draft publishes them, and every page says that it is a draft.
    Where the published warehouse was built by this version of the program,
    only what depends on a changed sheet is built again. The log goes to logs/build.log beside the
    warehouse. Cells and results of each publish are kept for `umbrella history`, `umbrella diff`
    and `umbrella rollback`.
    """
    target = real_file(database_path(database))
    folder = sheets_path(given(place, sheets))
    limit = history_limit(history)
    ensure_replaceable(target)
    with building(target) as stop:
        console.notice(f"Checking the sheets in {folder}")
        sources = Sources.of(folder)
        checked = checked_sheets(folder)
        making = Making(
            sheets=checked.by_name(),
            places=checked.places(),
            contract=tuple(checked.tables),
            sources=sources,
            limit=limit,
            is_full=full,
            is_draft=draft,
            is_verbose=verbose,
        )
        make_and_publish(making, target, stop)
    show_headline(target)


def checked_sheets(place: Path) -> CheckResult:
    """The sheets of a review, once what was read otherwise is shown; problems end the command."""
    checked = check_folder(place)
    if checked.problems:
        show_problems(checked.problems)
        raise typer.Exit(1)
    show_readings(checked)
    return checked


@contextmanager
def building(target: Path) -> Iterator[Stop]:
    """Hold the lock of a build; what ends otherwise says that nothing was published."""
    with stoppable() as stop, build_lock(target):
        before = _file_number(target)
        try:
            yield stop
        except BaseException:
            if _file_number(target) == before:
                console.notice(_unchanged(target))
            raise


@dataclass(frozen=True)
class Making:
    """What a warehouse is to be made of, and how.

    sheets    the cells of each sheet by its name
    places    where rows are that are cells of a matrix
    contract  the sheets as the contract has them
    sources   where the sheets are from
    limit     publishes that the history keeps
    """

    sheets: Mapping[str, Table]
    places: Places
    contract: Sequence[Sheet]
    sources: Sources
    limit: int
    is_full: bool = False
    is_draft: bool = False
    is_verbose: bool = False
    rolled_back_to: int | None = None


def make_and_publish(making: Making, published: Path, stop: Stop) -> None:
    """Build the warehouse beside the published one, and publish and keep it when all passed."""
    # Imported here: DuckDB takes a moment to load; a sheet with a problem should say so at once.
    from umbrella.building.compilation import DATABASE_NAME
    from umbrella.building.stamp import is_all_current, stamp_of
    from umbrella.history.keeping import Keeping, Publish

    sheets, sources = making.sheets, making.sources
    plan = plan_for(making)
    stop.raise_if_requested()
    keeping = Keeping(
        published,
        Publish(plan, making.contract, sources, making.is_draft, making.rolled_back_to),
        making.limit,
    )
    stamp = None if making.is_full else stamp_of(published, plan, sheets)
    if stamp and is_all_current(plan, stamp, sources):
        show_rejects(published, published, making.places)
        _say_if_draft(published)
        keeping.begin(published)
        keeping.complete()
        remove_left_folders(published)  # of a build that was killed when it had published
        console.notice(f"Nothing has changed since {published} was built", style="bold green")
        return
    with (
        scratch_folder(published) as folder,
        logging_to(published, is_verbose=making.is_verbose) as log,
    ):
        # A fixed name: the file's own may be a word of SQL, and DuckDB would take it for one.
        new = folder / DATABASE_NAME
        if stamp:
            shutil.copyfile(published, new)
        console.notice(f"{'Updating' if stamp else 'Building'} {published.name}")
        make(making, plan, new, log, stop, published=published)
        keeping.begin(new)
        publish(new, published, is_intact=stamp is not None)
        console.notice(f"Published {published}", style="bold green")
        keeping.complete()
        _say_if_draft(published)


def plan_for(making: Making) -> "Plan":
    """The steps of a build; those of a draft lack the test that stops one."""
    from umbrella.building.compilation import plan_of

    plan = plan_of(project_dir())
    return plan.without(ACCEPTED) if making.is_draft else plan


def make(
    making: Making,
    plan: "Plan",
    new: Path,
    log: logging.Logger,
    stop: Stop,
    *,
    published: Path | None = None,
) -> None:
    """Build a new file, which is an update where it is the copy of an older one.

    Raises typer.Exit where a step or a test failed, which is shown; `published` is the file that is
    to be queried when all is well.
    """
    from umbrella.building.execution import execute
    from umbrella.building.stamp import seal

    outcome = execute(plan, making.sheets, new, log, making.sources)
    stop.raise_if_requested()
    show_outcome(outcome, new)
    if REJECTED_ROWS not in outcome.not_built:
        show_rejects(new, published if outcome.is_ok else None, making.places)
    if any(node.name == ACCEPTED for node in outcome.failed):
        show_findings(located(findings_of(new), making.places))
    if not outcome.is_ok:
        console.notice(f"The log of the build: {log.handlers[0].baseFilename}")
        raise typer.Exit(1)
    seal(new)


def _say_if_draft(published: Path) -> None:
    """Say that a warehouse is a draft, where findings that would stop a build are open."""
    n_open = sum(found["stops_publication"] for found in findings_of(published))
    if n_open:
        words = plural(n_open, "implausible finding is open", "implausible findings are open")
        console.notice(f"This is a draft: {words} (`umbrella check` lists them).", style="yellow")


class LogFile(logging.FileHandler):
    """A log that stops nothing when it has no room, and says so once."""

    is_complete = True

    def handleError(self, record: logging.LogRecord) -> None:
        """Say that a line is missing; called where one could not be written."""
        if self.is_complete:
            self.is_complete = False
            console.notice(f"The log {self.baseFilename} is not complete: {sys.exc_info()[1]}")

    def close(self) -> None:
        """Close the file; lines that wait for room are those that were said to be missing."""
        with suppress(OSError):
            super().close()


@contextmanager
def logging_to(published: Path, *, is_verbose: bool) -> Iterator[logging.Logger]:
    """A log of every step, in a file beside the warehouse; with is_verbose also shown."""
    path = published.parent / BUILD_LOG
    try:
        path.parent.mkdir(exist_ok=True)
        file = LogFile(path, mode="w", encoding="utf-8")
    except OSError as error:
        raise UmbrellaError(f"Cannot write the log {path}: {error.strerror}") from error
    log = logging.getLogger("umbrella.build")
    log.setLevel(logging.INFO)
    log.propagate = False
    handlers: list[logging.Handler] = [file]
    if is_verbose:
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        log.addHandler(handler)
    try:
        yield log
    finally:
        for handler in handlers:
            log.removeHandler(handler)
            handler.close()


def _file_number(path: Path) -> int | None:
    return path.stat().st_ino if path.exists() else None


def _unchanged(database: Path) -> str:
    if database.exists():
        return f"Nothing was published: {database} is as it was."
    return "Nothing was published."
