"""What is left after a fault: the table of docs/safety.md by line, and kills at random moments.

usage: python -m benchmarks.faults [--kills 500] [--dbt-kills 50] [--site-kills 500] [--seed 1]

Every line of the table names a fault, its moment and a command; here each is brought about on a
small review (small_review.py), and what is left, the exit code and what is said are compared.
Then as many builds are killed (SIGKILL) as asked for, each at a random moment, every one on top of
what the one before left: what stands there must be wholly of yesterday or wholly of today, and the
next build must find nothing in its way. Builds by dbt are made in place: killed, they may also
leave a warehouse that every command refuses. At last come reports (site_faults.py). Exit code 1
when anything is otherwise.
"""

import argparse
import fcntl
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.small_review import (
    DATABASE,
    FAR_AHEAD,
    LONG_AGO,
    ROOT,
    TODAY,
    YESTERDAY,
    build,
    day_of,
    make_project,
    write_day,
)
from umbrella.history.store import History, identity_of, sha256_of

PAGE = ROOT / "docs/safety.md"
HEADER = ("Fault", "Moment", "Command", "Left", "Exit", "Said")
FILE_LIMIT = 400_000
"""Bytes: the sheets and the first tables fit, the warehouse does not."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DEADLINE_SECONDS = 120


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    fault: str
    moment: str
    command: str
    left: str
    exit: str
    said: str

    @property
    def name(self) -> str:
        """The line in a few words."""
        return f"{self.fault}, {self.moment}: {self.command}"


def table(page: Path = PAGE) -> list[Line]:
    """The lines of the table in docs/safety.md."""
    rows = [
        tuple(cell.strip() for cell in text.strip().strip("|").split("|"))
        for text in page.read_text(encoding="utf-8").splitlines()
        if text.startswith("|")
    ]
    first = rows.index(HEADER) + 2
    lines = []
    for row in rows[first:]:
        if len(row) != len(HEADER):
            break
        lines.append(Line(*row))
    return lines


@dataclass
class Scene:
    """A project with the warehouse of yesterday and the sheets of today, and what came of it."""

    project: Path
    command: list[str]
    exit: int = 0
    said: str = ""

    @property
    def database(self) -> Path:
        """The published warehouse."""
        return self.project / DATABASE

    def run(self, **options) -> None:
        """Run the command to its end."""
        done = subprocess.run(
            self.command, cwd=self.project, stderr=subprocess.PIPE, text=True, check=False,
            timeout=DEADLINE_SECONDS, **{"stdout": subprocess.DEVNULL, **options},
        )  # fmt: skip
        self.exit, self.said = done.returncode, done.stderr

    def run_until_built_halfway(self, act: Callable[[subprocess.Popen], None]) -> None:
        """Run the command until it is among its tables, then act on it."""
        write_day(self.project, TODAY, LONG_AGO)
        process = subprocess.Popen(
            self.command,
            cwd=self.project,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            latest = time.monotonic() + DEADLINE_SECONDS
            while not list(self.project.glob(".*building-*/*.wal")):
                assert time.monotonic() < latest, "the build did not come to its tables"
                time.sleep(0.02)
            act(process)
            _, self.said = process.communicate(timeout=DEADLINE_SECONDS)
        finally:
            process.kill()
            process.wait()
        self.exit = process.returncode


def killed(scene: Scene) -> None:
    """SIGKILL among the tables."""
    scene.run_until_built_halfway(subprocess.Popen.kill)


def stopped(scene: Scene) -> None:
    """One request to stop."""
    scene.run_until_built_halfway(lambda process: process.send_signal(signal.SIGINT))


def stopped_thrice(scene: Scene) -> None:
    """Three requests, as fast as they go."""

    def stop(process: subprocess.Popen) -> None:
        for name in SIGNALS:
            process.send_signal(name)

    scene.run_until_built_halfway(stop)


def no_room(scene: Scene) -> None:
    """A limit on the size of files, which the system reports as it does a full disk."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT))

    scene.run(preexec_fn=limit)


def full_output(scene: Scene) -> None:
    """Results go to a full disk."""
    with open("/dev/full", "w") as full:
        scene.run(stdout=full)


def cut_off(scene: Scene) -> None:
    """The second half of the file is gone."""
    os.truncate(scene.database, scene.database.stat().st_size // 2)
    scene.run()


def overwritten(scene: Scene) -> None:
    """Four bytes of another program stand in place of the file."""
    scene.database.write_bytes(b"x\n1\n")
    scene.run()


def random_pages(scene: Scene) -> None:
    """The first page is right, the rest is noise."""
    _write_at(scene.database, 4096, random.Random(1).randbytes)
    scene.run()


def lost_page(scene: Scene) -> None:
    """A page of a table holds zeroes, and nothing else says that anything changed."""
    times = scene.database.stat()
    write_day(scene.project, YESTERDAY)
    for place in range(3 * 4096, times.st_size, 262_144):
        intact = scene.database.read_bytes()
        _write_at(scene.database, place + 8, lambda n: bytes(min(n, 262_136)))
        os.utime(scene.database, ns=(times.st_atime_ns, times.st_mtime_ns))
        if day_of(scene.database) == "damaged" and _opens(scene.database):
            break
        scene.database.write_bytes(intact)
    write_day(scene.project, TODAY)
    scene.run()


def half_built(scene: Scene) -> None:
    """dbt was killed in this file."""
    with duckdb.connect(str(scene.database)) as connection:
        connection.execute("update build.state set is_complete = false")
        connection.execute("drop table main.chain_3")
    scene.run()


def written_elsewhere(scene: Scene) -> None:
    """Another program has it open for writing."""
    with duckdb.connect(str(scene.database)):
        scene.run()


def built_elsewhere(scene: Scene) -> None:
    """Another build of it runs."""
    with (scene.project / f"{DATABASE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        scene.run()
    (scene.project / f"{DATABASE}.lock").unlink()


def no_permission(scene: Scene) -> None:
    """The folder of the warehouse can only be read."""
    scene.project.chmod(0o555)
    try:
        _without_privilege(scene)
    finally:
        scene.project.chmod(0o755)


def unreadable(scene: Scene) -> None:
    """The warehouse itself may not be read."""
    scene.database.chmod(0)
    try:
        _without_privilege(scene)
    finally:
        scene.database.chmod(0o644)


def foreign_file(scene: Scene) -> None:
    """--database names something that is no warehouse."""
    thesis = scene.project / "thesis.docx"
    thesis.write_bytes(b"years of work" * 1000)
    scene.command += ["--database", str(thesis)]
    scene.run()
    assert thesis.read_bytes() == b"years of work" * 1000


def foreign_database(scene: Scene) -> None:
    """--database names the database of another project."""
    other = scene.project / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table patients as select 1 as n")
    scene.command += ["--database", str(other)]
    scene.run()
    with duckdb.connect(str(other), read_only=True) as connection:
        assert connection.execute("from patients").fetchall() == [(1,)]


def link(scene: Scene) -> None:
    """The warehouse is a symbolic link to a file elsewhere."""
    real = scene.project / "elsewhere" / "real.duckdb"
    real.parent.mkdir()
    shutil.copy2(scene.database, real)
    scene.database.unlink()
    scene.database.symlink_to(real)
    scene.run()
    assert scene.database.is_symlink()
    assert {path.name for path in real.parent.iterdir()} == {
        "logs", "real.duckdb", "real.duckdb.history",
    }  # fmt: skip


def failed_test(scene: Scene) -> None:
    """A test of the data fails."""
    write_day(scene.project, TODAY, FAR_AHEAD)
    scene.run()


def bad_sheet(scene: Scene) -> None:
    """A sheet cannot be read."""
    (scene.project / "seeds/extraction/remarks.csv").write_text("no,such,columns\n")
    scene.run()


FAULTS: dict[tuple[str, str], Callable[[Scene], None]] = {
    ("killed (SIGKILL)", "among its tables"): killed,
    ("Ctrl-C", "among its tables"): stopped,
    ("SIGINT, SIGTERM and SIGHUP at once", "among its tables"): stopped_thrice,
    ("no room for a file", "among its tables"): no_room,
    ("no room for the output", "while it prints"): full_output,
    ("a sheet cannot be read", "before"): bad_sheet,
    ("a test fails", "among its tables"): failed_test,
    ("warehouse cut off", "before"): cut_off,
    ("warehouse replaced by four bytes", "before"): overwritten,
    ("noise after the first page", "before"): random_pages,
    ("a page of a table lost", "before"): lost_page,
    ("half-built by dbt", "before"): half_built,
    ("another program writes the warehouse", "before"): written_elsewhere,
    ("another build runs", "before"): built_elsewhere,
    ("folder that can only be read", "before"): no_permission,
    ("warehouse that may not be read", "before"): unreadable,
    ("another kind of file", "before"): foreign_file,
    ("database of another project", "before"): foreign_database,
    ("warehouse behind a link", "before"): link,
}


def _write_at(file: Path, place: int, content: Callable[[int], bytes]) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        opened.write(content(file.stat().st_size - place))


def _opens(database: Path) -> bool:
    with suppress(duckdb.Error), duckdb.connect(str(database), read_only=True):
        return True
    return False


def _without_privilege(scene: Scene) -> None:
    """Run the command as somebody whom permissions bind, which root is not."""
    if os.getuid() == 0:
        bound = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps"]
        scene.command = [*bound, "-dac_override,-dac_read_search", *scene.command]
    scene.run()


def what_is_left(scene: Scene, before: bytes) -> str:
    """What stands in the place of the warehouse, and what else is there that was not."""
    found = day_of(scene.database)
    if found not in (YESTERDAY, TODAY):
        found = "as it was" if scene.database.read_bytes() == before else found
    if list(scene.project.glob("*.damaged")):
        found += ", the damaged file aside"
    names = {path.name for path in scene.project.iterdir()}
    if any("building-" in name or name.endswith((".lock", ".wal")) for name in names):
        found += ", remains for the next build to remove"
    return found


def play(line: Line, template: Path, folder: Path) -> list[str]:
    """Bring one line of the table about; returns what was otherwise."""
    project = Path(shutil.copytree(template, folder, symlinks=True))
    write_day(project, TODAY)
    scene = Scene(project, [sys.executable, "-m", *line.command.replace("`", "").split()])
    FAULTS[line.fault, line.moment](scene)
    found = what_is_left(scene, (template / DATABASE).read_bytes())
    faults = []
    if found != line.left:
        faults.append(f"left: {found}, not {line.left}")
    if str(scene.exit) != line.exit:
        faults.append(f"exit code: {scene.exit}, not {line.exit}")
    if "Traceback" in scene.said or "Unexpected" in scene.said:
        faults.append("said: a traceback or something unexpected")
    wanted = line.said.replace("`", "").replace("WAREHOUSE", str(scene.database))
    if wanted not in scene.said.replace("`", "") or (not wanted and scene.said and scene.exit >= 0):
        faults.append(f"said: {scene.said.strip()[-600:]!r}, not {wanted!r}")
    return faults


def make_template(folder: Path) -> Path:
    """A project with the warehouse of yesterday."""
    project = make_project(folder)
    write_day(project, YESTERDAY)
    done = build(project)
    assert done.returncode == 0, done.stderr
    assert day_of(project / DATABASE) == YESTERDAY
    return project


class Forks:
    """Runs commands in forks of one process that has the program loaded: kills hit work."""

    CODE = """
import os, sys
import umbrella.app, umbrella.commands.build, umbrella.building.execution, umbrella.building.stamp
import umbrella.building.compilation, umbrella.building.publish, python_udfs, pyarrow, duckdb
if sys.argv[1] == "dbt":
    from dbt.cli.main import cli
for text in sys.stdin:
    program, *rest = text.split()
    pid = os.fork()
    if pid == 0:
        out = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1); os.dup2(out, 2); os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.argv = [program, *rest]
        code = 1
        try:
            umbrella.app.run() if program == "umbrella" else cli()
        except SystemExit as ending:
            code = ending.code or 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""

    def __init__(self, folder: Path, program: str) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-c", self.CODE, program], cwd=folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, command: str, kill_after: float | None = None) -> tuple[int, float]:
        """Exit code (negative: the signal) and seconds of a command."""
        self._server.stdin.write(f"{command}\n")
        self._server.stdin.flush()
        pid = int(self._server.stdout.readline())
        began = time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        code = int(self._server.stdout.readline())
        return code, time.monotonic() - began

    def close(self) -> None:
        """End the process."""
        self._server.communicate()


def is_in_history(database: Path) -> bool:
    """Whether the newest entry of the history is of the published file, with all its tables."""
    history = History(database)
    last = history.entries()[-1]
    is_whole = all(sha256_of(history.path(part)) == part.sha256 for part in last.parts.values())
    return is_whole and last.identity == identity_of(database)


def kills(project: Path, command: str, number: int, seed: int, also: frozenset[str]) -> Counter:
    """Kill a command so many times; counts what was left each time.

    `also` is what may be left beside yesterday and today; anything else counts as LOST or MIXTURE.
    Where nothing may, the history must end with what is published.
    """
    chance, forks, found = (
        random.Random(seed),
        Forks(project, command.split(maxsplit=1)[0]),
        Counter(),
    )
    database, published = project / DATABASE, day_of(project / DATABASE)
    seconds = 0.0
    try:
        for kill in range(number):
            if kill % 50 == 0:
                print(f"  {kill:>5} of {number} kills of `{command}`: {dict(found)}", flush=True)
                # How long it takes to the end changes with the machine's load.
                write_day(project, f"whole{kill}")
                code, seconds = forks.run(command)
                published = day_of(database)
                assert (code, published) == (0, f"whole{kill}"), (
                    project / "output.txt"
                ).read_text()
            write_day(project, f"day{kill}")
            # Later moments are likelier: before, the program reads, checks and compiles.
            code, _ = forks.run(command, kill_after=1.05 * seconds * chance.random() ** 0.5)
            left = day_of(database)
            if left in also:
                word = left
            elif left == f"day{kill}":
                word = "today, whole" if code < 0 else "ended before the kill"
            elif left == published:
                word = "yesterday, whole"
            else:
                word = "MIXTURE" if left == "MIXTURE" else "LOST"
            if not also and not is_in_history(database):
                word = "NOT IN THE HISTORY"
            found[word] += 1
            published = left
        code, _ = forks.run(command)
        assert code == 0, (project / "output.txt").read_text(encoding="utf-8")
    finally:
        forks.close()
    litter = [p.name for p in project.iterdir() if "building-" in p.name or p.suffix == ".lock"]
    found["LITTER"] += len(litter)
    return +found


def main() -> None:
    """Read the command line, play every line and kill; exit with 1 when anything is otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--dbt-kills", type=int, default=50)
    parser.add_argument("--site-kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    is_bad = False
    with tempfile.TemporaryDirectory(prefix="umbrella-kills-") as scratch:
        template = make_template(Path(scratch, "template"))
        for number, line in enumerate(table()):
            faults = play(line, template, Path(scratch, f"line{number}"))
            word = "otherwise" if faults else "as said"
            print(f"{word:<10} {line.name}", *faults, sep="\n    ", flush=True)
            is_bad |= bool(faults)
        for command, number, also in (
            ("umbrella build", arguments.kills, frozenset()),
            ("dbt build", arguments.dbt_kills, frozenset({"refused"})),
        ):
            folder = Path(scratch, command.split()[0])
            shutil.copytree(template, folder)
            found = kills(folder, command, number, arguments.seed, also)
            print(f"{number} kills of `{command}`: {dict(found)}")
            is_bad |= any(found[word] for word in ("LOST", "MIXTURE", "LITTER"))
    options = ["--kills", str(arguments.site_kills), "--seed", str(arguments.seed)]
    sites = [sys.executable, "-m", "benchmarks.site_faults", *options]
    is_bad |= subprocess.run(sites, check=False).returncode != 0
    sys.exit(is_bad)


if __name__ == "__main__":
    main()
