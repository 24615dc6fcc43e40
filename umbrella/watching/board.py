"""What open pages are told: which site stands, whether a new one is made, what is wrong."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from umbrella.watching.preview import Outcome


@dataclass(frozen=True)
class News:
    """What a page needs to know.

    number   counts the news
    site     counts the sites; 0 as long as there is none
    is_busy  whether a new one is being made
    is_ok    whether the site shows the sheets as they were at the last save
    said     what there is to say of the sheets
    """

    number: int = 0
    site: int = 0
    is_busy: bool = True
    is_ok: bool = True
    said: str = ""


class Board:
    """The latest news, written by one thread and read by those of the pages.

    `shown` is called with the seconds since the save when the first page has the new site.
    """

    def __init__(self, shown: Callable[[float], None]) -> None:
        self._shown = shown
        self._news = News()
        self._changed = threading.Condition(threading.RLock())
        self._n_readers = 0
        self._waits_since: float | None = None
        self.is_closed = False

    @property
    def news(self) -> News:
        """The latest."""
        return self._news

    def begin(self) -> None:
        """Say that a new site is being made."""
        self._tell(is_busy=True)

    def end(self, outcome: Outcome, saved_at: float) -> int:
        """Say what became of it; how many pages are told."""
        with self._changed:
            if outcome.is_ok:
                self._waits_since = saved_at if self._n_readers else None
            site = self._news.site + outcome.is_ok
            self._tell(site=site, is_busy=False, is_ok=outcome.is_ok, said=outcome.said)
            return self._n_readers

    def page_is_read(self) -> None:
        """Note that somebody has asked for a page of the latest site."""
        with self._changed:
            since, self._waits_since = self._waits_since, None
        if since is not None:
            self._shown(time.time() - since)

    def wait(self, number: int, seconds: float) -> News | None:
        """The news after those of a number, as soon as there are any; None where there are none."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_closed or self._news.number != number, seconds)
            return self._news if self._news.number != number else None

    def close(self) -> None:
        """Let those who wait go: there will be no more news."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count a page that waits for news."""
        with self._changed:
            self._n_readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._n_readers -= 1

    def _tell(self, **changes: int | bool | str) -> None:
        with self._changed:
            self._news = replace(self._news, number=self._news.number + 1, **changes)
            self._changed.notify_all()
