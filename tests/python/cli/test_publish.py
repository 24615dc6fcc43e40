"""The published file: never replaced by mistake, never replaced by half."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import mark_as_whole
from umbrella.building.lock import build_lock
from umbrella.building.publish import ensure_replaceable, publish, real_file, scratch_folder
from umbrella.errors import UmbrellaError
from umbrella.stopping import stoppable


def test_a_new_file_and_an_older_warehouse_may_be_replaced(tmp_path, warehouse):
    ensure_replaceable(tmp_path / "new.duckdb")
    ensure_replaceable(warehouse)
    (tmp_path / "empty.duckdb").touch()
    ensure_replaceable(tmp_path / "empty.duckdb")


def test_another_kind_of_file_is_left_alone(tmp_path):
    path = tmp_path / "thesis.docx"
    path.write_bytes(b"years of work" * 1000)
    with pytest.raises(UmbrellaError, match="not a DuckDB database"):
        ensure_replaceable(path)


def test_a_database_of_something_else_is_left_alone(tmp_path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table patients as select 1 as id")
    with pytest.raises(UmbrellaError, match="other contents"):
        ensure_replaceable(path)


@pytest.mark.parametrize("name", ["main.duckdb", "Temp.db", "reports.duckdb", "build.duckdb"])
def test_a_name_that_sql_would_misread_is_refused(tmp_path, name):
    with pytest.raises(UmbrellaError, match="cannot be the name"):
        ensure_replaceable(tmp_path / name)


def test_folders_are_refused(tmp_path):
    with pytest.raises(UmbrellaError, match="is a folder"):
        ensure_replaceable(tmp_path)
    with pytest.raises(UmbrellaError, match="does not exist"):
        ensure_replaceable(tmp_path / "nowhere" / "umbrella.duckdb")


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "umbrella.duckdb")
    with pytest.raises(UmbrellaError, match="no file but a device"):
        ensure_replaceable(tmp_path / "umbrella.duckdb")


def test_a_log_whose_file_is_gone_is_not_replayed_into_the_new_one(tmp_path, new):
    published = made(tmp_path / "umbrella.duckdb", 1)
    log = tmp_path / "umbrella.duckdb.wal"
    log.write_bytes(b"left by a crash")
    published.unlink()
    publish(new, published)
    assert not log.exists()
    assert answer(published) == 2


def test_publishing_replaces_the_file_and_drops_its_old_log(tmp_path, warehouse):
    new = tmp_path / "scratch" / warehouse.name
    new.parent.mkdir()
    with duckdb.connect(str(new)) as connection:
        connection.execute("create table fresh as select 1 as x")
    old_log = warehouse.with_name(f"{warehouse.name}.wal")
    old_log.write_bytes(b"left by a crash")
    publish(new, warehouse)
    assert not new.exists()
    assert not old_log.exists()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute("from fresh").fetchall() == [(1,)]


def test_the_scratch_folder_is_removed_in_any_case(tmp_path):
    database = tmp_path / "umbrella.duckdb"

    def stopped_build() -> None:
        with scratch_folder(database) as folder:
            (folder / "umbrella.duckdb").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped_build()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_is_removed_by_the_next(tmp_path):
    left = tmp_path / ".umbrella.duckdb.building-killed"
    left.mkdir()
    (left / "umbrella.duckdb").touch()
    other = tmp_path / ".other.duckdb.building-running"
    other.mkdir()
    with scratch_folder(tmp_path / "umbrella.duckdb"):
        assert not left.exists()
    assert list(tmp_path.iterdir()) == [other]


def test_one_build_at_a_time(tmp_path):
    database = tmp_path / "umbrella.duckdb"
    with build_lock(database):
        message = r"Another build of umbrella\.duckdb is running"
        with pytest.raises(UmbrellaError, match=message), build_lock(database):
            pass
        with build_lock(tmp_path / "other.duckdb"):
            pass
    with build_lock(database):
        pass
    assert list(tmp_path.iterdir()) == []


def made(path, number, n_rows=1):
    """A whole warehouse of one number."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table answer as select {number} as n from range({n_rows})")
        mark_as_whole(connection)
    return path


def answer(path):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select n from answer").fetchall()[0][0]


@pytest.fixture
def new(tmp_path):
    (tmp_path / "scratch").mkdir()
    return made(tmp_path / "scratch" / "umbrella.duckdb", 2)


def test_a_link_is_followed_and_stays(tmp_path, new):
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "real.duckdb"
    link = tmp_path / "umbrella.duckdb"
    link.symlink_to("data/real.duckdb")
    assert real_file(link) == file, "before there is one"
    made(file, 1)
    publish(new, real_file(link))
    assert link.is_symlink()
    assert answer(link) == answer(file) == 2
    with build_lock(file), pytest.raises(UmbrellaError, match="is running"):
        build_lock(real_file(link)).__enter__()


def test_a_link_to_itself_is_named(tmp_path):
    link = tmp_path / "umbrella.duckdb"
    link.symlink_to(link)
    with pytest.raises(UmbrellaError, match="leads back to itself"):
        real_file(link)


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o444])
def test_permissions_are_kept(tmp_path, new, mode):
    published = made(tmp_path / "umbrella.duckdb", 1)
    published.chmod(mode)
    publish(new, published)
    assert stat.S_IMODE(published.stat().st_mode) == mode
    assert answer(published) == 2


def test_a_first_file_gets_what_umask_says(tmp_path):
    before = os.umask(0o027)
    try:
        (tmp_path / "scratch").mkdir()
        new = made(tmp_path / "scratch" / "umbrella.duckdb", 2)
    finally:
        os.umask(before)
    published = tmp_path / "umbrella.duckdb"
    publish(new, published)
    assert stat.S_IMODE(published.stat().st_mode) == 0o640


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept(tmp_path, new):
    published = made(tmp_path / "umbrella.duckdb", 1)
    os.chown(published, 4321, 1234)
    publish(new, published)
    assert (published.stat().st_uid, published.stat().st_gid) == (4321, 1234)


def test_an_owner_that_cannot_be_kept_is_said(tmp_path, new, monkeypatch, capsys):
    def refuse(*_arguments):
        raise PermissionError

    published = made(tmp_path / "umbrella.duckdb", 1)
    before = published.stat()
    monkeypatch.setattr(os, "chown", refuse)
    real_stat = type(published).stat

    def foreign(path, **options):
        found = real_stat(path, **options)
        if path != published:
            return found
        return os.stat_result([*found[:4], before.st_uid + 1, *found[5:10]])

    monkeypatch.setattr(type(published), "stat", foreign)
    publish(new, published)
    assert "its owner cannot be kept" in capsys.readouterr().err


def spoil(path, how):
    size = path.stat().st_size
    with path.open("r+b") as file:
        if how == "cut off":
            file.truncate(size // 2)
        elif how == "four bytes":
            file.truncate(0)
            file.write(b"x\n1\n")
        elif how == "random after the first page":
            file.seek(4096)
            file.write(os.urandom(size - 4096))
        elif how == "zeroes":
            file.write(bytes(size))


DAMAGES = ("cut off", "four bytes", "random after the first page", "zeroes")


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_warehouse_is_replaced_and_kept_aside(tmp_path, new, capsys, how):
    published = made(tmp_path / "umbrella.duckdb", 1)
    spoil(published, how)
    damaged = published.read_bytes()
    ensure_replaceable(published)
    publish(new, published)
    aside = tmp_path / "umbrella.duckdb.damaged"
    assert answer(published) == 2
    assert aside.read_bytes() == damaged
    assert f"damaged: it is kept as {aside}" in capsys.readouterr().err
    spoil(published, how)
    publish(made(new, 3), published)
    assert answer(published) == 3
    assert aside.read_bytes() == damaged
    assert (tmp_path / "umbrella.duckdb.damaged-2").is_file()


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("command", ["headline", "sql", "report", "figure"])
def test_a_damaged_warehouse_is_said_to_be_built_again(tmp_path, invoke, how, command):
    published = made(tmp_path / "umbrella.duckdb", 1)
    spoil(published, how)
    query = ("select 1",) if command == "sql" else ()
    result = invoke(command, *query, "--database", published)
    assert result.exit_code == 1
    words = f"{published} is damaged and cannot be read. Build it again with `umbrella build`."
    assert result.stderr.strip() == words


PUBLISH = """
import pathlib, sys
from umbrella.building.publish import publish
publish(*map(pathlib.Path, sys.argv[1:]))
"""


def test_what_another_program_writes_is_not_replaced(tmp_path, new):
    published = made(tmp_path / "umbrella.duckdb", 1)
    with duckdb.connect(str(published)) as connection:
        # In another process, for that is what a lock is for.
        command = [sys.executable, "-c", PUBLISH, new, published]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "was opened for writing by another program" in done.stderr
        connection.execute("update answer set n = 5")
    assert answer(published) == 5


def test_nobody_can_begin_to_write_in_the_step_itself(tmp_path, new, monkeypatch):
    published = made(tmp_path / "umbrella.duckdb", 1)
    code = "import duckdb, sys; duckdb.connect(sys.argv[1])"
    tried = []

    def replace(_new, path):
        command = [sys.executable, "-c", code, path]
        tried.append(subprocess.run(command, capture_output=True, text=True, check=False).stderr)

    monkeypatch.setattr("umbrella.building.publish._replace", replace)
    publish(new, published)
    assert "Could not set lock" in tried[0]


HOLDS = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=True)
print("ready", flush=True)
for line in sys.stdin:
    pass
assert con.execute("select sum(n), count(*) from answer").fetchall() == [(0, 1000)]
"""
COMES_AND_GOES = """
import duckdb, pathlib, sys, time
seen = set()
print("ready", flush=True)
while len(seen) < 2 or not pathlib.Path(sys.argv[2]).exists():
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        seen.add(con.execute("select min(n), max(n), count(*) from answer").fetchall()[0])
    time.sleep(0.01)
assert seen <= {(0, 0, 1000), (1, 1, 1000), (2, 2, 1000)}, seen
"""


def test_readers_have_whole_answers_over_a_hundred_publishes(tmp_path):
    """One that stays has those it began with, one that comes and goes those of one build."""
    folder = tmp_path / "published"
    folder.mkdir()
    builds = [made(tmp_path / f"{number}.duckdb", number, n_rows=1000) for number in range(3)]
    published = Path(shutil.copy(builds[0], folder / "umbrella.duckdb"))
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", code, published, tmp_path / "over"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for code in (HOLDS, COMES_AND_GOES)
    ]
    for reader in readers:
        assert reader.stdout.readline() == "ready\n"
    for number in range(100):
        with build_lock(published), scratch_folder(published) as scratch:
            publish(Path(shutil.copy(builds[1 + number % 2], scratch / "new.duckdb")), published)
    (tmp_path / "over").touch()
    for reader in readers:
        _, errors = reader.communicate(timeout=60)
        assert reader.returncode == 0, errors
    assert list(folder.iterdir()) == [published]


def stopped_thrice(stop):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGHUP)
        stop.cleaned_up = True


def test_only_the_first_request_to_stop_interrupts():
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.getsignal(name) for name in names}
    try:
        with pytest.raises(KeyboardInterrupt), stoppable() as stop:
            stopped_thrice(stop)
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.is_requested
        assert stop.cleaned_up
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
