"""What is left of a site after a fault: the table of sites in docs/safety.md, and kills.

    python -m benchmarks.site_faults --kills 500

Two made-up warehouses are published into one folder in turn, beside files of others. Each line of
the table names a fault and its moment; here it is brought about, and what is left, the exit code
and what is said are compared. Then runs are killed (SIGKILL), each at a random moment, every one on
top of what the one before left: every file of the site must be of the one build or of the other,
all that others keep must be there, and no process that drew pictures may live on. Exit code 1 when
anything is otherwise.
"""

import argparse
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import duckdb

from reports import file_list
from reports.site import build_site
from tests.python.reports import fixture_warehouse
from umbrella.building.lock import lock
from umbrella.project import project_dir

PAGE = project_dir() / "docs/safety.md"
HEADER = ("Fault", "Moment", "Left", "Exit", "Said")
LOADED = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload([__spec__.name])
FIGURE = "forest_ocd"
OTHERS = {"CNAME": "a.example", ".git/HEAD": "ref: refs/heads/main", "data/own.csv": "1"}
BUILD = re.compile(r'<span id="build">([0-9a-f]+)</span>')
GONE_SECONDS = 20
"""A busy machine may take so long to end what has nothing left to do."""

CHANGED = """
    update reports.rpt_review set title = 'The other review';
    update reports.rpt_forest set estimate = estimate + 0.01
"""

Process = subprocess.Popen[str]


class Line(NamedTuple):
    """One line of the table: a fault of `umbrella report` with what comes of it."""

    fault: str
    moment: str
    left: str
    exit: str
    said: str


@dataclass(frozen=True)
class Ground:
    """Two warehouses, the folder of the site, and the builds that are known."""

    folder: Path
    builds: dict[str, str]

    @property
    def site(self) -> Path:
        """Folder of the site."""
        return self.folder / "site"

    def warehouse(self, name: str) -> Path:
        """One of the two warehouses."""
        return self.folder / f"{name}.duckdb"

    def state(self) -> str:
        """Which of the two sites is there, whole; else what is wrong with it."""
        faults = list(faults_of(self.site))
        return "; ".join(faults[:3]) or self.builds[file_list.build_of(self.site) or ""]

    def leftovers(self) -> list[str]:
        """What a run left beside the site."""
        return sorted(path.name for path in self.folder.glob(".*"))


def faults_of(site: Path) -> Iterator[str]:
    """What shows that a site is not whole, or not of one build."""
    listed, build = file_list.read(site), file_list.build_of(site)
    for name, sha in listed.items():
        path = site / name
        if not path.is_file():
            yield f"lost {name}"
        elif file_list.digest(path) != sha:
            yield f"{name} is of another build"
        elif name.endswith(".html") and BUILD.findall(path.read_text("utf-8")) != [build]:
            yield f"{name} names another build"
    if "index.html" not in listed:
        yield "lost the site"
    for name, text in OTHERS.items():
        if not (site / name).is_file() or (site / name).read_text("utf-8") != text:
            yield f"lost {name} of others"


Fault = Callable[[Ground], tuple[Process, list[int]]]
"""Brings a fault about; gives the command, and the processes that it had begun."""


def prepare(folder: Path, made: Path) -> Ground:
    """A warehouse and a changed copy of it; the first is published."""
    ground = Ground(folder, {})
    for name in ("a", "b"):
        shutil.copy(made, ground.warehouse(name))
    with duckdb.connect(str(ground.warehouse("b"))) as connection:
        connection.execute(CHANGED)
    for name in ("b", "a"):
        publish(ground.warehouse(name), ground.site)
        ground.builds[file_list.build_of(ground.site)] = name
    assert len(ground.builds) == 2
    for name, text in OTHERS.items():
        (ground.site / name).parent.mkdir(exist_ok=True)
        (ground.site / name).write_text(text, encoding="utf-8")
    assert ground.state() == "a"
    return ground


def kill_often(ground: Ground, kills: int, draw: random.Random) -> tuple[Counter[str], list[str]]:
    """Kill so many runs at random moments: how they ended, and what went wrong.

    Each run is a process of its own, begun as a copy of one that has the program loaded.
    """
    found: Counter[str] = Counter()
    wrong: list[str] = []
    longest = timed(lambda: run_for(ground, "a", None))
    for number in range(kills):
        before = ground.state()
        name = "b" if before == "a" else "a"
        drawn = run_for(ground, name, draw.uniform(0, 1.1 * longest))
        state = ground.state()
        if state not in ("a", "b"):
            wrong.append(f"kill {number}: {state}")
            shutil.rmtree(ground.site)
            return found, wrong
        found["the new site" if state == name else "the site before"] += 1
        if left := living(drawn):
            wrong.append(f"kill {number}: {len(left)} processes live on")
    publish(ground.warehouse("a"), ground.site)
    if ground.state() != "a" or ground.leftovers():
        wrong.append(f"after the last: {ground.state()}, {ground.leftovers()}")
    return found, wrong


def timed(run: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.monotonic()
    run()
    return time.monotonic() - started


def run_for(ground: Ground, name: str, seconds: float | None) -> list[int]:
    """Publish in a process of its own that is killed after a while; what it had begun itself."""
    process = LOADED.Process(target=publish, args=(ground.warehouse(name), ground.site))
    process.start()
    drawn: list[int] = []
    if seconds is not None:
        time.sleep(seconds)
        drawn = children(process.pid)
        process.kill()
    process.join()
    return drawn


def publish(warehouse: Path, site: Path) -> None:
    """Publish a site with one figure, which is drawn anew."""
    build_site(warehouse, site, ("svg",), [FIGURE])


def children(process: int) -> list[int]:
    """The processes that a process has begun."""
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(number) for number in found.read_text().split()] if found.exists() else []


def drawers(process: int) -> list[int]:
    """Those of them that draw."""
    return [one for one in children(process) if b"--process-name" in words_of(one)]


def words_of(process: int) -> bytes:
    """The command line of a process; empty for one that has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def living(processes: Sequence[int], seconds: float = GONE_SECONDS) -> list[int]:
    """Those of some processes that do not end in a while."""
    until = time.monotonic() + seconds
    while (left := [one for one in processes if is_alive(one)]) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def is_alive(process: int) -> bool:
    """True for a process that is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def table(page: Path = PAGE) -> list[Line]:
    """The lines of the table of sites."""
    rows = [
        tuple(cell.strip() for cell in text.strip().strip("|").split("|"))
        for text in page.read_text(encoding="utf-8").splitlines()
        if text.startswith("|")
    ]
    below = rows[rows.index(HEADER) + 2 :]
    return [Line(*row) for row in takewhile(lambda row: len(row) == len(HEADER), below)]


def played(ground: Ground, line: Line) -> str:
    """What is not as a line says, after its fault; nothing where all is."""
    process, drawn = FAULTS[line.fault](ground)
    said = process.communicate()[1].replace(str(ground.site), "SITE")
    left = {"a": "the site before", "b": "the new site"}.get(ground.state(), ground.state())
    beside = "".join(f", {name}" for name in ground.leftovers())
    on = ", processes live on" if living(drawn) else ""
    found = line._replace(left=f"{left}{beside}{on}", exit=str(process.returncode))
    if found == line and line.said in said:
        return ""
    return f"{line.fault}: {found.left}; exit {found.exit}; {said}"


def command(ground: Ground, **options: object) -> Process:
    """Begin `umbrella report` of the second warehouse into the site."""
    arguments = ["--database", ground.warehouse("b"), "--out", ground.site, "--only", FIGURE]
    return subprocess.Popen(
        [sys.executable, "-m", "umbrella", "report", *map(str, arguments), "--format", "svg"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


def stopped(*signals: signal.Signals) -> Fault:
    """Signals, one right after the other, once the first figure is drawn."""

    def play(ground: Ground) -> tuple[Process, list[int]]:
        process = command(ground)
        process.stderr.readline()
        drawn = children(process.pid)
        for one in signals:
            process.send_signal(one)
        return process, drawn

    return play


def no_room(ground: Ground) -> tuple[Process, list[int]]:
    """A disk on which no file may be longer than some kilobytes."""
    limit = 40_000
    process = command(
        ground, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    return process, []


def two_at_once(ground: Ground) -> tuple[Process, list[int]]:
    """Another run that holds the site."""
    with lock(ground.folder / ".site.lock"):
        process = command(ground)
        process.wait()
    return process, []


def without_list(ground: Ground) -> tuple[Process, list[int]]:
    """Pages in the folder that no list says to be those of a run."""
    listed = ground.site / file_list.NAME
    before = listed.read_text("utf-8")
    listed.unlink()
    process = command(ground)
    process.wait()
    listed.write_text(before, "utf-8")
    return process, []


def drawers_killed(ground: Ground) -> tuple[Process, list[int]]:
    """The end of the processes that draw, and not of the one that asked them to."""
    process = command(ground)
    while process.poll() is None and not (drawn := drawers(process.pid)):
        time.sleep(0.02)
    for one in drawn:
        os.kill(one, signal.SIGKILL)
    return process, drawn


FAULTS: dict[str, Fault] = {
    "Ctrl-C": stopped(signal.SIGINT),
    "Ctrl-C twice": stopped(signal.SIGINT, signal.SIGINT),
    "SIGTERM": stopped(signal.SIGTERM),
    "SIGHUP and SIGTERM at once": stopped(signal.SIGHUP, signal.SIGTERM),
    "no room for a file": no_room,
    "another run writes the site": two_at_once,
    "pages of somebody else": without_list,
    "those who draw are killed": drawers_killed,
}


def main() -> int:
    """Try every fault, and so many kills; 0 when nothing was lost and nothing mixed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills-only", action="store_true", help="leave out the table")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="umbrella-site-faults-") as folder:
        made = fixture_warehouse.build(Path(folder, "made.duckdb"))
        ground = prepare(Path(folder), made)
        lines = [] if chosen.kills_only else table()
        wrong = list(filter(None, [played(ground, line) for line in lines]))
        found, more = kill_often(ground, chosen.kills, random.Random(chosen.seed))
    left = ", ".join(f"{name} {n} times" for name, n in sorted(found.items()))
    print(f"{len(lines)} faults of the table; {found.total()} kills left {left}")
    print("\n".join([*wrong, *more]) or "nothing lost, nothing mixed, no process that lives on")
    return bool(wrong or more)


if __name__ == "__main__":
    sys.exit(main())
