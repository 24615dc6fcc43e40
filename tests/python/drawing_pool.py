"""One set of drawing processes for all sites that a test process builds.

To begin them takes some three seconds of a processor, more than most sites of tests take.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from loky import ProcessPoolExecutor

POOL = "reports.workshop.ProcessPoolExecutor"


class DrawingPool:
    """Stands for the pools of sites: `DrawingPool()(...)` gives one that outlives its site."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, *arguments: Any, **options: Any) -> DrawingPool:
        """The pool for the next site."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(*arguments, **options)
        return self

    def submit(self, *call: Any) -> Future:
        """Ask the processes for a call."""
        return self._pool.submit(*call)

    def shutdown(self, *, wait: bool, kill_workers: bool) -> None:
        """Keep the processes for the next site, unless this one failed."""
        if kill_workers:
            self.close(wait=wait)

    def close(self, *, wait: bool = True) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait, kill_workers=True)
            self._pool = None
