"""Processor time of the commands, beside that of an earlier checkout.

usage: python -m benchmarks.builds [--before CHECKOUT] [--runs 3]

CHECKOUT is a clone of the project at an earlier commit with its own `.venv` (`make environment`).
Each command runs in both in turn, in processes of their own, with caches warm; the shortest
processor time of the runs counts, children included. Ratios are to the earlier checkout's, or,
where it is said, to this one's full build.
"""

import argparse
import csv
import os
import resource
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds elapsed, seconds of the processors, largest memory in GiB."""

    wall: float
    cpu: float
    memory: float


def cost(checkout: Path, *arguments: str | Path) -> Cost:
    """Run `umbrella` of a checkout; CalledProcessError when it fails."""
    command = [checkout / ".venv/bin/python", "-m", "umbrella", *map(str, arguments)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = os.times().elapsed
    with subprocess.Popen(
        command, cwd=checkout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(os.times().elapsed - began, cpu, usage.ru_maxrss / 2**20)


def with_another_estimate(sheets: Path, folder: Path) -> Path:
    """A copy of the sheets in which one estimate of `reported_effects` is 0.01 larger."""
    copy = Path(shutil.copytree(sheets, folder / "changed"))
    path = copy / "extraction/reported_effects.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    estimate = header.index("estimate")
    row = next(row for row in rows if row[estimate] and row[header.index("ci_low")])
    row[estimate] = f"{float(row[estimate]) + 0.01:.2f}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return copy


def shortest(costs: list[Cost]) -> Cost:
    """The least of each figure, but the largest memory."""
    return Cost(min(c.wall for c in costs), min(c.cpu for c in costs), max(c.memory for c in costs))


def measure(checkout: Path, folder: Path, name: str, changed: Path) -> Cost:
    """Cost of one of the commands in a checkout."""
    sheets, published = checkout / "seeds", folder / "published.duckdb"
    if name == "check":
        return cost(checkout, "check", "--sheets", sheets)
    if name == "build":
        (folder / "built.duckdb").unlink(missing_ok=True)
        return cost(checkout, "build", "--sheets", sheets, "--database", folder / "built.duckdb")
    if not published.exists():
        cost(checkout, "build", "--sheets", sheets, "--database", published)
    if name == "build, nothing changed":
        return cost(checkout, "build", "--sheets", sheets, "--database", published)
    # With its time of change: a file that was copied without it counts as edited.
    shutil.copy2(published, folder / "updated.duckdb")
    return cost(checkout, "build", "--sheets", changed, "--database", folder / "updated.duckdb")


COMMANDS = ("check", "build", "build, nothing changed", "build, one cell changed")


def main() -> None:
    """Read the command line, run the commands in turn, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path, help="an earlier checkout with its own .venv")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    checkouts = {"now": HERE} | ({"before": arguments.before.resolve()} if arguments.before else {})
    with tempfile.TemporaryDirectory(prefix="umbrella-builds-") as scratch:
        folders = {name: Path(scratch, name) for name in checkouts}
        changed = {}
        for name, checkout in checkouts.items():
            folders[name].mkdir()
            changed[name] = with_another_estimate(checkout / "seeds", folders[name])
            cost(checkout, "build", "--database", folders[name] / "built.duckdb")
        full = None
        for command in COMMANDS:
            costs: dict[str, list[Cost]] = {name: [] for name in checkouts}
            for _ in range(arguments.runs):
                for name, checkout in checkouts.items():
                    costs[name].append(measure(checkout, folders[name], command, changed[name]))
            now = shortest(costs["now"])
            full = now if command == "build" else full
            print(f"{command:<26}", _words(now), end="")
            if full and command != "build":
                print(f", {now.cpu / full.cpu:.2f} of a full build", end="")
            if "before" in costs:
                before = shortest(costs["before"])
                print(f"; before {_words(before)}: {now.cpu / before.cpu:.2f}", end="")
            print(flush=True)


def _words(cost: Cost) -> str:
    return f"{cost.cpu:5.1f} s of the processors ({cost.wall:.1f} s, {cost.memory:.2f} GiB)"


if __name__ == "__main__":
    main()
