"""How the time and the memory of `umbrella build` grow with the size of the review.

usage: python -m benchmarks.growth --sizes 1 10 [--spread]

Builds reviews of these sizes (large_review.py), one after the other, each in a process and a folder
of its own, and prints what each took: as seconds of all processors, as times the first, and its
largest memory; then the steps that took longest. A build that is not counted comes first, because
it compiles the models and the functions.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks.large_review import make_review

SLOWEST = 5
LAST_LINES = 15
BYTES_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024


class Build(NamedTuple):
    """One build: seconds by the clock and of all processors, bytes of memory, how it ended."""

    wall: float
    cpu: float
    memory: int
    exit_code: int
    output: str


def build(sheets: Path, database: Path) -> Build:
    """Build a warehouse of ``sheets`` in a process of its own."""
    # Copies under other names are what the rules look for: a draft.
    command = [sys.executable, "-m", "umbrella", "build", "--full", "--draft"]
    command += ["--sheets", str(sheets), "--database", str(database)]
    with tempfile.TemporaryFile("w+") as output:
        began = os.times().elapsed
        process = subprocess.Popen(command, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = os.times().elapsed - began
        output.seek(0)
        return Build(
            wall,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * BYTES_OF_MAXRSS,
            process.returncode,
            output.read(),
        )


def slowest_steps(database: Path) -> list[tuple[str, float]]:
    """The steps that took longest, with their seconds."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            "select split_part(step, '.', -1), seconds from build.steps "
            "order by seconds desc limit ?",
            [SLOWEST],
        ).fetchall()


def report(size: int, one: Build, first: Build, database: Path) -> None:
    """One line, and the slowest steps or what a failed build says of its first failure."""
    print(
        f"size {size:<5} {one.wall:8.1f} s {one.cpu:8.1f} s cpu {one.cpu / first.cpu:7.1f}x cpu "
        f"{one.memory / 1e9:6.2f} GB",
        flush=True,
    )
    if one.exit_code:
        lines = one.output.splitlines()
        failed = next((n for n, line in enumerate(lines) if line.endswith(" failed")), -LAST_LINES)
        print("\n".join(lines[failed:][:LAST_LINES]), flush=True)
        return
    for name, seconds in slowest_steps(database):
        print(f"    {name:<40} {seconds:8.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--spread", action="store_true", help="new conditions for every copy")
    arguments = parser.parse_args()
    first = None
    with tempfile.TemporaryDirectory(prefix="umbrella-growth-") as work:
        build(make_sheets(Path(work, "warm"), 1, is_spread=False), Path(work, "warm.duckdb"))
        for size in arguments.sizes:
            sheets = make_sheets(Path(work, f"size{size}"), size, is_spread=arguments.spread)
            database = Path(work, f"size{size}.duckdb")
            one = build(sheets, database)
            first = first or one
            report(size, one, first, database)
            database.unlink(missing_ok=True)


def make_sheets(folder: Path, size: int, *, is_spread: bool) -> Path:
    make_review(folder, size, is_spread=is_spread)
    return folder


if __name__ == "__main__":
    main()
