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
    return shortest_of_each({"": function}, runs)[""]


def shortest_of_each(functions: dict, rounds: int) -> dict[str, Timing]:
    """``shortest`` of several functions, called in turn: a busy minute then slows none alone."""
    times = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            times[name].append(_once(function))
    return {name: Timing(*map(min, zip(*each, strict=True))) for name, each in times.items()}


def _once(function):
    wall, cpu = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - wall, time.process_time() - cpu


def one_after_the_other(function, arguments) -> Timing:
    """Time of a call per tuple of ``arguments``, after one that is not counted."""
    function(*arguments[0])
    return Timing(*_once(lambda: [function(*each) for each in arguments]))


def report(name: str, timing: Timing, base: Timing | None = None) -> None:
    """One line: name, seconds, and how many times ``base`` they are."""
    text = f"{name:<52} {timing.wall:9.3g} s {timing.cpu:9.3g} s cpu"
    if base is not None:
        text += f" {timing.wall / base.wall:8,.1f}x {timing.cpu / base.cpu:8,.1f}x cpu"
    print(text, flush=True)
