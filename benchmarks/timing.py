"""Timing shared by the benchmarks: shortest of several runs, wall clock and processor time.

Ratios of times from one run are what counts: they move less between machines than seconds. The
processor time (all threads together) is printed beside the wall clock, because another program
running at the same time lengthens the second far more than the first.
"""

import time
from typing import NamedTuple


class Timing(NamedTuple):
    """Seconds: elapsed, and spent by the processors on this process."""

    wall: float
    cpu: float

    def __truediv__(self, count):
        """Both times per one of ``count``."""
        return Timing(self.wall / count, self.cpu / count)


def shortest(function, runs: int) -> Timing:
    """The shortest wall time and the shortest processor time of ``runs`` calls."""
    return Timing(*map(min, zip(*(_once(function) for _ in range(runs)), strict=True)))


def _once(function):
    wall, cpu = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - wall, time.process_time() - cpu


def report(name: str, timing: Timing, base: Timing | None = None) -> None:
    """One line: name, seconds, and how many times ``base`` they are."""
    text = f"{name:<52} {timing.wall:9.3f} s {timing.cpu:9.3f} s cpu"
    if base is not None:
        text += f" {timing.wall / base.wall:8.1f}x {timing.cpu / base.cpu:8.1f}x cpu"
    print(text, flush=True)
