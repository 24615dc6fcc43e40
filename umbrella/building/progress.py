"""Progress of a build: one line per stage, live on a terminal, as it completes elsewhere."""

import threading
from collections import Counter
from collections.abc import Mapping
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from umbrella.console import err, notice

STAGES = ("sheets", "staging", "intermediate", "marts", "reports", "other", "tests")
"""The stages in the order of the flow; dbt runs the tests of a node right after it."""


class StageProgress:
    """Counts finished nodes per stage and shows them on standard error.

    `totals` maps a stage to its number of nodes. Safe to call from several threads.
    """

    def __init__(self, totals: Mapping[str, int]) -> None:
        self._totals = {stage: totals[stage] for stage in STAGES if totals.get(stage)}
        self._done: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._bars = Progress(
            TextColumn("  {task.description:<14}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
            disable=not err.is_terminal,
        )
        self._tasks = {
            stage: self._bars.add_task(stage, total=total) for stage, total in self._totals.items()
        }

    def __enter__(self) -> "StageProgress":
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def finished(self, stage: str) -> None:
        """Count one finished node of a stage."""
        with self._lock:
            self._done[stage] += 1
            done, total = self._done[stage], self._totals[stage]
            self._bars.advance(self._tasks[stage])
            if done == total and not err.is_terminal:
                notice(f"  {stage:<14} {done} of {total}")
