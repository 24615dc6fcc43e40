"""A warehouse and a site of their own, brought up to date with the sheets.

What is published is only read, once, to begin with: its tables that the sheets do not change need
no second building. Nothing is kept in the history.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import typer
from loky import ProcessPoolExecutor

from umbrella import console
from umbrella.commands.build import Making, checked_sheets, logging_to, make, plan_for
from umbrella.errors import UmbrellaError
from umbrella.failures import in_words
from umbrella.findings import findings_of, located, show_findings, stopping
from umbrella.project import cache_dir
from umbrella.sheets.sources import Sources
from umbrella.stopping import Stop

PICTURES = ".preview-cache"
"""Where pictures are kept: `umbrella report` keeps those of more formats in a folder of its own."""

FORMATS = ("svg",)


@dataclass(frozen=True)
class Outcome:
    """What became of the preview.

    is_ok    whether it shows the sheets as they are; else it shows those before
    said     what there is to say of the sheets, in the words of the console; may be empty
    seconds  how long each part took
    """

    is_ok: bool
    said: str
    seconds: dict[str, float] = field(default_factory=dict)


class Preview:
    """The preview of a place of sheets in a folder for what is thrown away."""

    def __init__(self, place: Path, folder: Path, published: Path, stop: Stop) -> None:
        from umbrella.building.compilation import DATABASE_NAME

        self._place = place
        self._stop = stop
        self._new = folder / "new" / DATABASE_NAME
        self._database = folder / "built" / DATABASE_NAME
        self.site = folder / "site"
        self._drawn: dict[str, str] = {}
        self._processes: ProcessPoolExecutor | None = None
        for database in (self._new, self._database):
            database.parent.mkdir()
        if published.is_file():
            shutil.copy2(published, self._database)  # with its time, which its stamp names

    def refresh(self, sources: Sources) -> Outcome:
        """Check, build and draw; what is wrong is printed, and leaves the preview as it was."""
        seconds: dict[str, float] = {}
        with console.keeping() as kept:
            try:
                self._refresh(sources, seconds)
            except typer.Exit:
                is_ok = False
            except Exception as error:  # a later save may well mend it
                self._stop.raise_if_requested()
                is_ok = False
                console.notice(_words(error), style="bold red")
            else:
                is_ok = True
        return Outcome(is_ok, kept.text().strip(), seconds)

    def _refresh(self, sources: Sources, seconds: dict[str, float]) -> None:
        from umbrella.building.stamp import is_all_current, stamp_of

        with _timed("check", seconds):
            checked = checked_sheets(self._place)
        making = Making(
            sheets=checked.by_name(),
            places=checked.places(),
            contract=tuple(checked.tables),
            sources=sources,
            limit=0,
            is_draft=True,
        )
        with _timed("build", seconds):
            plan = plan_for(making)
            stamp = stamp_of(self._database, plan, making.sheets, is_own=bool(self._drawn))
            is_current = stamp is not None and is_all_current(plan, stamp, sources)
            if not is_current:
                self._new.unlink(missing_ok=True)
                if stamp:
                    shutil.copyfile(self._database, self._new)
                with logging_to(self._new, is_verbose=False) as log:
                    make(making, plan, self._new, log, self._stop)
                self._new.replace(self._database)
            show_findings(located(stopping(findings_of(self._database)), making.places))
        if not (is_current and self._drawn):
            with _timed("draw", seconds):
                self._draw()

    def _draw(self) -> None:
        """Draw the site; what neither table nor figure changed in is taken from the one before."""
        # Imported here: the chart library takes a moment to load.
        from reports.site import build_site
        from reports.workshop import drawers

        versions = versions_of(self._database)
        self._processes = self._processes or drawers()
        try:
            with console.warnings_as_notices():
                build_site(
                    self._database,
                    self.site,
                    FORMATS,
                    cache=cache_dir() / PICTURES,
                    same=[name for name, now in versions.items() if now == self._drawn.get(name)],
                    processes=self._processes,
                )
        except BaseException:
            self.close()  # one of the processes may have ended: the next site has new ones
            raise
        self._drawn = versions

    def close(self) -> None:
        """End the processes that draw."""
        if self._processes is not None:
            self._processes.shutdown(wait=True, kill_workers=True)
            self._processes = None


def _words(error: Exception) -> str:
    from reports.errors import ReportError

    if isinstance(error, UmbrellaError | ReportError):
        return str(error)
    return in_words(error) or f"Unexpected {type(error).__name__}: {error}"


def versions_of(database: Path) -> dict[str, str]:
    """A name for the rows of each table of a whole warehouse: equal ones have equal rows."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select split_part(step, '.', -1), version from build.steps where step like 'model.%'"
        )
        return dict(rows.fetchall())


@contextmanager
def _timed(name: str, seconds: dict[str, float]) -> Iterator[None]:
    """Note the seconds of a block, however it ends."""
    began = time.monotonic()
    try:
        yield
    finally:
        seconds[name] = time.monotonic() - began
