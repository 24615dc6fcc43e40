"""The Windows half of `umbrella.system`, on Linux: docs/safety.md says what that can tell."""

from __future__ import annotations

import errno
import inspect
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from reports import file_list, publishing
from reports.workshop import Cache
from tests.python.cases import each
from tests.python.system import windows_here
from umbrella import system
from umbrella.building.lock import HeldError, lock
from umbrella.building.publish import publish
from umbrella.failures import in_words
from umbrella.scratch import scratch_folder
from umbrella.system import posix, windows

ROOT = Path(__file__).parents[3]


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program on Windows, which waits for no file that is in use."""
    monkeypatch.setitem(sys.modules, "msvcrt", windows_here.msvcrt())
    monkeypatch.setattr(windows, "PATIENCE_SECONDS", 0)
    windows_here.use(monkeypatch.setattr)


def signature(value: object) -> object:
    """What a caller must know of it: the kinds of its parameters, by place."""
    if not callable(value):
        return type(value).__name__ in ("NoneType", "str", "bool")
    if inspect.isclass(value):
        return {name: signature(one) for name, one in vars(value).items() if name[0] != "_"}
    parameters = inspect.signature(value).parameters.values()
    return [(one.kind, one.default, one.annotation) for one in parameters]


def test_both_halves_offer_the_same() -> None:
    offered = {name for name in vars(system) if name[0] != "_"} - {
        "here", "posix", "sys", "windows",
    }  # fmt: skip
    assert windows_here.public(posix) == windows_here.public(windows) == sorted(offered)
    for name in offered:
        assert signature(getattr(posix, name)) == signature(getattr(windows, name)), name


@pytest.mark.usefixtures("on_windows")
def test_a_lock_tells_who_holds_it_and_leaves_nothing(tmp_path: Path) -> None:
    place = tmp_path / "held.lock"

    def second() -> None:
        with lock(place):
            pytest.fail("two hold one lock")

    with lock(place), pytest.raises(HeldError, match=rf"process {os.getpid()}\)"):
        second()
    assert list(tmp_path.iterdir()) == []
    place.write_text("4711\n", encoding="utf-8")  # left by a process that was killed
    with lock(place):
        assert place.read_text(encoding="utf-8") == f"{os.getpid()}\n"


@pytest.mark.usefixtures("on_windows")
def test_a_folder_is_removed_when_nobody_holds_it(tmp_path: Path) -> None:
    dead, new = tmp_path / "made-dead", tmp_path / "made-new"
    for folder in (dead, new):
        folder.mkdir()
    (dead / windows.HELD).touch()
    with scratch_folder("made-", tmp_path) as one, scratch_folder("made-", tmp_path) as other:
        assert sorted(tmp_path.iterdir()) == sorted([new, one, other])
        past = time.time() - 2 * windows.JUST_MADE_SECONDS
        os.utime(new, (past, past))
    with scratch_folder("made-", tmp_path) as last:
        assert list(tmp_path.iterdir()) == [last]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("on_windows")
def test_pictures_that_another_run_uses_are_not_forgotten(tmp_path: Path) -> None:
    one, other = Cache(tmp_path), Cache(tmp_path)
    with one.in_use():
        one.keep("svg", "drawn", b"<svg/>")
        (tmp_path / f"{windows.USER}dead").touch()
        with other.in_use():
            other.prune()
            assert one.find("svg", "drawn") == b"<svg/>"
    with other.in_use():
        other.prune()
    assert list(tmp_path.iterdir()) == []


def made(path: Path, number: int) -> Path:
    """A database with one number."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table answer as select {number} as n")
    return path


@pytest.mark.usefixtures("on_windows")
def test_a_warehouse_in_use_stays_and_one_that_can_only_be_read_is_replaced(
    tmp_path: Path,
) -> None:
    published, new = made(tmp_path / "umbrella.duckdb", 1), made(tmp_path / "new.duckdb", 2)
    with duckdb.connect(str(published), read_only=True) as reader:
        with pytest.raises(OSError, match=os.strerror(errno.EBUSY)) as refused:
            publish(new, published, is_intact=True)
        assert reader.execute("from answer").fetchall() == [(1,)]
    assert "Close the program that uses it" in in_words(refused.value)
    published.chmod(stat.S_IREAD)
    publish(new, published, is_intact=True)
    assert not published.stat().st_mode & stat.S_IWRITE
    with duckdb.connect(str(published), read_only=True) as reader:
        assert reader.execute("from answer").fetchall() == [(2,)]


@pytest.mark.usefixtures("on_windows")
def test_a_site_is_published_file_by_file_beside_what_others_keep(tmp_path: Path) -> None:
    out = tmp_path / "site"
    for build in ("a", "b"):
        with publishing.publishing(out) as new:
            (new / "index.html").write_text(build, encoding="utf-8")
            (new / f"{build}.html").write_text(build, encoding="utf-8")
            names = ["index.html", f"{build}.html"]
            found = file_list.digests(new, names)
            (new / file_list.NAME).write_text(file_list.text(build, found), encoding="utf-8")
        (out / "notes.txt").touch()
    names = sorted(path.name for path in out.iterdir())
    assert names == sorted([file_list.NAME, "b.html", "index.html", "notes.txt"])
    assert (out / "index.html").read_text(encoding="utf-8") == "b"
    assert list(tmp_path.iterdir()) == [out]


PATHS = {
    r"C:\reviews\my review.xlsx": "",
    r"C:\reviews\..\console.xlsx": "",
    r"\\server\share\a.xlsx": "",
    r"C:\reviews\con": "con is the name of a device",
    r"C:\reviews\NUL.xlsx": "NUL.xlsx is the name of a device",
    r"C:\com1 .d\a.xlsx": "com1 .d is the name of a device",
    r"C:\reviews\a?.xlsx": "'?'",
    r"C:\reviews\a:b.xlsx": "':'",
    "C:\\reviews\\a\tb.xlsx": r"'\t'",
    r"C:\reviews.\a.xlsx": "ends with '.'",
    "C:\\reviews\\my review ": "ends with ' '",
}
ERRORS = {
    (errno.EACCES, "a.xlsx", 32): errno.EBUSY,
    (errno.EACCES, "a.xlsx", 5): errno.EACCES,
    (errno.ENOENT, "C:\\" + 300 * "a", None): errno.ENAMETOOLONG,
    (errno.ENOENT, "a.xlsx", None): errno.ENOENT,
}


@each("path, expected", PATHS.items())
def test_names_that_windows_cannot_give_are_told(path: str, expected: str) -> None:
    said = windows.what_is_wrong_with(path)
    assert expected in said
    assert bool(expected) == bool(said)


@each("raised, expected", ERRORS.items())
def test_errors_of_windows_have_their_words(raised: tuple, expected: int) -> None:
    number, name, of_windows = raised
    error = OSError(number, "refused", name)
    error.winerror = of_windows
    assert windows.number_of(error) == expected


def test_words_are_quoted_as_its_terminal_reads_them() -> None:
    assert windows.quoted("my-review.xlsx") == "my-review.xlsx"
    assert windows.quoted("my review.xlsx") == '"my review.xlsx"'


EVERYTHING = """
import importlib, pkgutil, sys, warnings
from pathlib import Path

import altair, pandas, docx, openpyxl, xlsxwriter, duckdb, loky, numba
import platformdirs, scipy.stats
from tests.python.system import windows_here

warnings.filterwarnings("error", category=EncodingWarning, module="umbrella|reports|python_udfs")
windows_here.take_away(Path(sys.argv[1]))
n = 0
for package in windows_here.OURS:
    module = importlib.import_module(package)
    for found in pkgutil.walk_packages(module.__path__, f"{package}."):
        if found.name not in ("umbrella.system.posix", "umbrella.__main__"):
            importlib.import_module(found.name)
            n += 1
print(n, "modules")

from typer.testing import CliRunner
from umbrella.app import app

for line in sys.stdin:
    result = CliRunner().invoke(app, line.split())
    print(result.exit_code, line.strip(), flush=True)
    if result.exit_code not in (0, 1) or result.exception and result.exit_code != 1:
        raise result.exception
    if "Unexpected" in result.output:
        sys.exit(result.output)
"""
COMMANDS = """\
--help
new review.xlsx
new review
check review.xlsx
check --sheets review
"""


def test_every_module_and_the_first_commands_do_without_what_windows_lacks(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "warn_default_encoding", "-c", EVERYTHING, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, input=COMMANDS, capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = done.stdout.splitlines()
    assert int(said[0].split()[0]) > 200
    assert [line.split(maxsplit=1) for line in said[1:]] == [
        ["0", "--help"],
        ["0", "new review.xlsx"],
        ["0", "new review"],
        ["1", "check review.xlsx"],
        ["1", "check --sheets review"],
    ]
