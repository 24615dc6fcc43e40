"""With `allow_files`, SQL reads and writes files, and never the warehouse's by any name."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import python_udfs
from tests.python.conftest import ROOT, mark_as_whole

SPELLINGS = (
    "umbrella.duckdb",
    "./umbrella.duckdb",
    "sub/../umbrella.duckdb",
    "sub/up/umbrella.duckdb",
    "{folder}/umbrella.duckdb",
    "//{folder}/umbrella.duckdb",
    "~/umbrella.duckdb",
    "UMBRELLA.DuckDB",
    "umbrella.duckdb ",
    "umbrella.duckdb.",
    "umbrella.duckdb/",
    "umbrella.duckdb:stream",
    "umbrella.duckdb.wal",
    "umbrella.duckdb.lock",
    "umbrella.duckdb.wal.checkpoint",
    "logs/build.log",
    "logs/Build.LOG",
    "logs/build.log.",
    ".umbrella.duckdb.building-x/umbrella.duckdb",
    "umbrella.duckdb.history/parts/x.parquet",
    "hard.log",
    "link.duckdb",
    "hard.duckdb",
    "sub/absolute.duckdb",
    "hidden.csv",  # DuckDB writes tmp_hidden.csv first, which is a link to the warehouse
    "/proc/self/cwd/umbrella.duckdb",
    "/proc/self/fd/{descriptor}",
    "/dev/fd/{descriptor}",
)
NO_FILES = (
    "pipe",
    "sub",
    ".",
    "/",
    "",
    "/dev/null",
    "~no_such_user/x.csv",
    "x" * 300,
)
WAYS = (
    "copy (select 1 as x) to '{}' (format csv)",
    "copy (select 1 as x) to '{}' (format csv, use_tmp_file false)",
    "copy (select 1 as x) to '{}' with csv header delimiter ';'",
    "copy (select 1 as x, 2 as y) to '{}' (format csv, partition_by (y))",
    "copy (select 1 as x) to '{}' (format parquet, per_thread_output)",
    "COPY (SELECT 1 AS x) TO '{}' WITH (FORMAT PARQUET)",
    "/* a */ copy -- b\n fct to '{}'",
    "export database '{}'",
    "select 1; copy fct to '{}'",
)
KEPT = ("umbrella.duckdb", "umbrella.duckdb.lock", "logs/build.log", "sub/kept.txt")
OF_FOLDERS = ("export", "partition_by", "per_thread")
REFUSED = (
    "explain analyze copy fct to 'new.csv'",
    "prepare p as copy fct to 'new.csv'",
    "with c as (copy fct to 'new.csv') from c",
    "with c as (\u200bcopy\u200b fct to 'new.csv') from c",
    "copy fct to ('new' || '.csv')",
    "copy fct to e'new.csv'",
    "copy fct to $$new.csv$$",
    "copy fct to $1",
    "copy fct to stderr",
    'copy fct to "stdout"',
    "copy fct to 'new' partition by (answer)",
    "copy fct to 'sub' (format csv, partition_by (answer))",
    "copy fct to '.' (format csv, partition_by (answer), overwrite)",
    "copy fct to 'new' (format csv, partition_by (answer), hive_file_pattern false)",
    "copy fct to 'new' (format csv, partition_by (answer), filename_pattern '../../umbrella')",
    "copy fct to 'new' (format csv, partition_by (answer), file_extension '/../../x')",
    "copy fct to '..' (format csv, per_thread_output)",
    "copy fct to 'new' (format csv, overwrite_or_ignore true)",
    "export database 'sub'",
    "copy from database umbrella to memory",
    "attach 'new.duckdb'",
    "attach 'hard.duckdb' as h (read_write)",
    "import database 'sub'",
    "pragma import_database('sub')",
    "install httpfs",
    "update extensions",
    "load httpfs",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a warehouse with every sort of link to it; the current and the home folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with duckdb.connect("umbrella.duckdb") as con:
        con.execute("create table fct as select 42 as answer")
        mark_as_whole(con)
    (tmp_path / "umbrella.duckdb.lock").write_text("lock")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "build.log").write_text("log")
    (tmp_path / "hard.log").hardlink_to("logs/build.log")
    (tmp_path / ".umbrella.duckdb.building-x").mkdir()
    (tmp_path / "umbrella.duckdb.history/parts").mkdir(parents=True)
    (tmp_path / "mine.csv").write_text("answer,name\n42,é\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "kept.txt").write_text("kept")
    (tmp_path / "sub" / "up").symlink_to("..")
    (tmp_path / "sub" / "absolute.duckdb").symlink_to(tmp_path / "umbrella.duckdb")
    (tmp_path / "link.duckdb").symlink_to("umbrella.duckdb")
    for name in ("hard.duckdb", "tmp_hidden.csv"):
        (tmp_path / name).hardlink_to("umbrella.duckdb")
    os.mkfifo("pipe")
    return tmp_path


@pytest.fixture
def con(folder: Path):
    with python_udfs.connect("umbrella.duckdb", allow_files=True) as connection:
        yield connection


def state(folder: Path) -> tuple[object, ...]:
    """What is in the folder, and the very files and bytes of what must stay."""
    kept = [folder / name for name in KEPT]
    return (
        sorted(str(path) for path in folder.rglob("*")),
        [(path.stat().st_ino, path.read_bytes()) for path in kept],
    )


@pytest.mark.parametrize("written", SPELLINGS)
def test_no_spelling_of_the_warehouse_is_written(folder, con, written):
    with open("umbrella.duckdb", "rb") as opened:
        path = written.format(folder=folder, descriptor=opened.fileno())
        before = state(folder)
        for way in WAYS:
            if path == "hidden.csv" and any(word in way for word in OF_FOLDERS):
                continue  # a new folder of this name harms nobody
            with pytest.raises(duckdb.PermissionException, match="is not written over"):
                con.execute(way.format(path))
            assert state(folder) == before


@pytest.mark.parametrize("written", NO_FILES)
def test_only_ordinary_files_are_written(folder, con, written):
    before = state(folder)
    with pytest.raises((duckdb.PermissionException, duckdb.IOException)):
        con.execute(f"copy fct to '{written}' (format csv)")
    assert state(folder) == before


@pytest.mark.parametrize("statement", REFUSED)
def test_what_is_not_plain_is_refused(folder, con, statement):
    before = state(folder)
    with pytest.raises(duckdb.PermissionException):
        con.execute(statement)
    assert state(folder) == before


def test_files_are_read_and_joined(con):
    con.execute("create temp table mine as from 'mine.csv'; copy mine from 'mine.csv'")
    rows = con.sql("select name, count(*) from fct join mine using (answer) group by all")
    assert rows.fetchall() == [("é", 2)]
    other = con.sql("select answer from read_duckdb('hard.duckdb', table_name = 'fct')")
    assert other.fetchall() == [(42,)]


def test_files_are_written(folder, con):
    con.execute("copy fct to 'new.csv'")
    con.execute("copy (select 'to ''x''' as \"copy\") to 'sub/é''s.csv' with (header, sep ';')")
    con.execute("copy (select answer from fct) to '~/new.parquet' (format parquet, codec zstd)")
    con.execute(f"copy fct to '{folder}/new.json.gz' (format json, compression gzip)")
    con.execute("export database 'all' (format parquet)")
    con.execute("select 1 -- copy nothing\n; copy fct to 'second.csv'")
    assert (folder / "new.csv").read_text() == "answer\n42\n"
    assert (folder / "sub" / "é's.csv").read_text() == "copy\nto 'x'\n"
    assert (folder / "second.csv").exists()
    assert sorted(path.name for path in (folder / "all").iterdir()) == [
        "build_state.parquet",
        "fct.parquet",
        "load.sql",
        "schema.sql",
    ]
    assert con.sql("from 'new.parquet' union all from 'new.json.gz'").fetchall() == [(42,), (42,)]


def test_several_files_are_written_below_a_new_folder(folder, con):
    odd = "(select 42 as answer, '../../a' as \"../b\")"
    before = state(folder)[1]
    con.execute(f"copy {odd} to 'sub/new' (format csv, partition_by (\"../b\"))")
    con.execute("copy fct to 'parts' (format parquet, per_thread_output, file_size_bytes '1MB')")
    written = [path for name in ("sub/new", "parts") for path in (folder / name).rglob("*.*")]
    assert [path.suffix for path in written if path.is_file()] == [".csv", ".parquet"]
    assert con.sql("from 'sub/new/*/*.csv'").fetchall()[0][0] == 42
    assert state(folder)[1] == before


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ("csv header delimiter ';'", "answer;name\n42;é\n"),
        ("with csv header quote '|' null 'x'", "answer,name\n42,é\n"),
        ("(format csv, header, return_files)", "answer,name\n42,é\n"),
    ],
)
def test_options_are_read_in_the_old_form_too(folder, con, written, content):
    con.execute(f"copy (from 'mine.csv') to 'new.csv' {written}")
    assert (folder / "new.csv").read_text() == content


def test_a_copy_goes_to_standard_output(folder, con, capfd):
    con.execute("copy fct to stdout (format csv, header)")
    assert capfd.readouterr().out == "answer\n42\n"


@pytest.mark.parametrize("name", ["umbrella.duckdb", "hard.duckdb", "umbrella.duckdb.lock"])
def test_standard_output_may_not_lead_into_the_warehouse(folder, name):
    before = state(folder)
    code = (
        "import python_udfs, duckdb\n"
        "con = python_udfs.connect('umbrella.duckdb', allow_files=True)\n"
        "try: con.execute('copy fct to stdout')\n"
        "except duckdb.PermissionException as error: assert 'not written over' in str(error)\n"
        "else: raise SystemExit(1)\n"
    )
    with open(name, "ab") as output:
        command = [sys.executable, "-c", code]
        subprocess.run(command, stdout=output, check=True, env={**os.environ, "PYTHONPATH": ROOT})
    assert state(folder) == before


def test_a_file_of_ones_own_is_written_over(folder, con):
    con.execute("copy fct to 'mine.csv'")
    assert (folder / "mine.csv").read_text() == "answer\n42\n"


def test_names_that_a_file_system_may_take_for_the_same(folder):
    (folder / "umbrella.duckdb").rename("café.duckdb")
    with python_udfs.connect("café.duckdb", allow_files=True) as con:
        for name in ("cafe\u0301.duckdb.wal", "CAFÉ.DUCKDB", "café.duckdb.lock"):
            with pytest.raises(duckdb.PermissionException, match="is not written over"):
                con.execute(f"copy fct to '{name}'")
        con.execute("copy fct to 'café.csv'")


def test_the_warehouse_behind_a_link_is_safe(folder):
    before = state(folder)
    with python_udfs.connect("link.duckdb", allow_files=True) as con:
        for target in ("link.duckdb", "umbrella.duckdb", "umbrella.duckdb.wal", "hard.duckdb"):
            with pytest.raises(duckdb.PermissionException, match="is not written over"):
                con.execute(f"copy fct to '{target}'")
    assert state(folder) == before


PARTS = st.sampled_from(
    [
        "copy", "COPY", '"copy"', "'copy'", "$$ copy $$", "-- copy\n", "/* copy */", "/*", "*/",
        "to", "from", "with", "c", "as", "(", ")", ",", ";", "select", "1", "fct", "explain",
        "analyze", "prepare", "execute", "'", "''", '"', "$$", "--", "\n", "\r", "\t", "\u200b",
        "\u00a0", "\ufeff", "\u2060", "\0", "\\",
        "e'\\''", "x'ab'", "$1", "::", "'umbrella.duckdb'",
        "'./umbrella.duckdb'", "stdout", "csv", "header", "delimiter", "partition", "by",
        "(format csv, partition_by (x))", "(format csv, use_tmp_file false)", "(format csv)",
        "'new.csv'",
    ]
)  # fmt: skip
SHAPES = st.sampled_from(
    ["{}", "copy fct to {}", "with c as ({}) from c", "copy (select {}) to 'new.csv'", "{}copy {}"]
)


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shape=SHAPES, parts=st.lists(PARTS, max_size=9), glue=st.sampled_from([" ", ""]))
def test_no_text_at_all_changes_the_warehouse(folder, con, shape, parts, glue):
    text = shape.replace("{}", glue.join(parts))
    before = state(folder)[1]
    with con.cursor() as session, contextlib.suppress(duckdb.Error):
        session.execute(text)
    assert state(folder)[1] == before, text
