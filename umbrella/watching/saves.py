"""Waits until a workbook or a folder of sheets was saved, and the save is over.

Programs write in steps: they make a file beside, delete the old one and rename, or they write over
it. So a place is looked at again and again, by the times and sizes of its files, and what it holds
counts when it has stood still for a look and its files are whole.
"""

import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from umbrella.sheets.files import sheet_files
from umbrella.sheets.sources import Sources

PAUSE_SECONDS = 0.25
"""Between two looks; a save is known after one or two."""

PATIENCE_SECONDS = 5.0
"""How long a file that is missing or half-written is waited for; then the check names it."""

RECENT_SECONDS = 60.0
"""A file that is older was renamed or copied here: its own time is not that of the save."""

WORKBOOKS = (".xlsx", ".xlsm", ".ods")
"""Endings of workbooks that are archives, of which it can be told whether they are whole."""

Glance = dict[str, tuple[int, int] | None]
"""Time of change in nanoseconds and bytes of each file by its name; None of one that is gone."""


@dataclass(frozen=True)
class Save:
    """What a place holds, and when it was saved, in seconds since 1970."""

    sources: Sources
    at: float


class Saves:
    """The saves of a place, one after the other; `sleep` and `clock` are those of the system."""

    def __init__(
        self,
        place: Path,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._place = place
        self._sleep = sleep
        self._clock = clock
        self._seen: Glance | None = None

    def next(self, known: Sources | None) -> Save:
        """Wait until the place holds something else than what is known; what it holds then.

        What was saved meanwhile is there at once, however often; a save of the same content is
        none.
        """
        while True:
            before = self._seen
            while (now := glance(self._place)) == before:
                self._sleep(PAUSE_SECONDS)
            at = self._saved_at(now, before)
            self._seen = self._settled(now)
            sources = Sources.of(self._place)
            if sources != known:
                return Save(sources, at)

    def _settled(self, now: Glance) -> Glance:
        """The files once none changes any more and all are whole, or patience has ended."""
        until = self._clock() + PATIENCE_SECONDS
        while True:
            self._sleep(PAUSE_SECONDS)
            before, now = now, glance(self._place)
            if now == before and (is_whole(self._place, now) or self._clock() > until):
                return now

    def _saved_at(self, now: Glance, before: Glance | None) -> float:
        """The latest time of a file that changed, where that is of the last minute."""
        noticed = self._clock()
        changed = [
            file[0] / 1e9 for name, file in now.items() if file and file != (before or {}).get(name)
        ]
        recent = [at for at in changed if noticed - RECENT_SECONDS < at <= noticed]
        return max(recent, default=noticed)


def glance(place: Path) -> Glance:
    """The files of a workbook or a folder of sheets as they are now, without reading them."""
    names = sheet_files(place) if place.is_dir() else [""]
    return {name: _file(place / name) for name in names}


def _file(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def is_whole(place: Path, found: Glance) -> bool:
    """Whether no file is gone, empty, or a workbook of which the end is missing."""
    if not all(file and file[1] for file in found.values()):
        return False
    if place.suffix.lower() not in WORKBOOKS or place.is_dir():
        return True
    try:
        return zipfile.is_zipfile(place)
    except OSError:
        return False
