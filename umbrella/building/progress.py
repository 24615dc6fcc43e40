"""Progress of a build: how far each stage is, and which steps run for how long.

Live on a terminal; elsewhere a line per completed stage, and one for a step that runs long.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from umbrella.console import err, notice

STAGES = ("sheets", "staging", "intermediate", "marts", "reports", "other", "tests")
"""The stages in the order of the flow; the tests of a table run right after it."""

COMPILING = (
    "Compiling the statistical functions, each at its first use (once per version of the program; "
    "a minute or two in all)"
)

LONG_SECONDS = 5.0
"""A step that runs longer is named; then again each time its seconds have doubled."""


@contextmanager
def telling_of_compilation() -> Iterator[None]:
    """Say, once, when a statistical function is compiled that no run before has compiled."""
    # Imported here: it takes a moment to load, and a project without functions needs none of it.
    from numba.core import event

    class Listener(event.Listener):
        is_told = False

        def on_start(self, _event: event.Event) -> None:
            if not self.is_told:
                self.is_told = True
                notice(COMPILING, passes=True)

        def on_end(self, _event: event.Event) -> None:
            pass

    with event.install_listener("numba:compile", Listener()):
        yield


class StageProgress:
    """Counts finished steps per stage and shows them on standard error.

    `totals` maps a stage to its number of steps. Safe to call from several threads.
    """

    def __init__(self, totals: Mapping[str, int]) -> None:
        self._totals = {stage: totals[stage] for stage in STAGES if totals.get(stage)}
        self._done: Counter[str] = Counter()
        self._since: dict[str, float] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._bars = Progress(
            TextColumn("  {task.description:<14}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[running]}"),
            console=err,
            disable=not err.is_terminal,
        )
        self._tasks = {
            stage: self._bars.add_task(stage, total=total, running="")
            for stage, total in self._totals.items()
        }

    def __enter__(self) -> "StageProgress":
        self._bars.start()
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._watcher.join()
        self._bars.stop()

    def started(self, stage: str, name: str) -> None:
        """Note that a step of a stage runs now."""
        with self._lock:
            self._since[name] = time.monotonic()
            self._bars.update(self._tasks[stage], running=name)

    def finished(self, stage: str, name: str) -> None:
        """Count one finished step of a stage."""
        with self._lock:
            del self._since[name]
            self._done[stage] += 1
            done, total = self._done[stage], self._totals[stage]
            self._bars.update(self._tasks[stage], advance=1, running="")
            if done == total and not err.is_terminal:
                notice(f"  {stage:<14} {done} of {total}", passes=True)

    def postponed(self, stage: str, name: str) -> None:
        """Note that a step will be run again."""
        with self._lock:
            del self._since[name]
            self._bars.update(self._tasks[stage], running="")
        words = f"  {name} had no memory beside others: it will run again alone"
        notice(words, style="dim", passes=True)

    def _watch(self) -> None:
        """Name each step that runs long, with its seconds."""
        due: dict[str, float] = {}
        while not self._is_over.wait(1.0):
            with self._lock:
                running = {n: time.monotonic() - since for n, since in self._since.items()}
            due = {name: due.get(name, LONG_SECONDS) for name in running}
            for name, seconds in running.items():
                if seconds >= due[name]:
                    words = f"  {name} has been running for {seconds:.0f} s"
                    notice(words, style="dim", passes=True)
                    due[name] *= 2
