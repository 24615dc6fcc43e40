"""connect() finds the warehouse, or says clearly that it does not."""

import os
import subprocess
import sys

import duckdb
import pyarrow as pa
import pytest

import python_udfs
from python_udfs.kernels.fingerprint import FOLDER
from python_udfs.whole import open_whole
from tests.python.conftest import mark_as_whole


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder without a database, as the current folder."""
    monkeypatch.delenv("UMBRELLA_DATABASE", raising=False)
    (tmp_path / "dbt_project.yml").write_text("name: example\n")
    (tmp_path / "models" / "marts").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_database(path):
    with duckdb.connect(str(path)) as con:
        con.execute("create table fct as select 42 as answer")
        mark_as_whole(con)


def answer(con):
    value = con.execute("select answer + p_from_z(0) from fct").fetchall()[0][0]
    con.close()
    return value


def test_current_folder(project):
    make_database(project / "umbrella.duckdb")
    assert answer(python_udfs.connect()) == 43


def test_project_folder_above(project, monkeypatch):
    make_database(project / "umbrella.duckdb")
    monkeypatch.chdir(project / "models" / "marts")
    assert answer(python_udfs.connect()) == 43


def test_environment_variable_comes_first(project, monkeypatch, tmp_path):
    make_database(tmp_path / "other.duckdb")
    monkeypatch.setenv("UMBRELLA_DATABASE", str(tmp_path / "other.duckdb"))
    assert answer(python_udfs.connect()) == 43


def test_explicit_path_comes_before_everything(project, monkeypatch):
    monkeypatch.setenv("UMBRELLA_DATABASE", "nowhere.duckdb")
    make_database(project / "mine.duckdb")
    assert answer(python_udfs.connect(project / "mine.duckdb")) == 43


@pytest.mark.parametrize("read_only", [True, False])
def test_missing_file_is_named_and_not_created(project, read_only):
    with pytest.raises(FileNotFoundError, match=r"no warehouse at .*umbrella\.duckdb: build it"):
        python_udfs.connect(read_only=read_only)
    with pytest.raises(FileNotFoundError, match=r"typo\.duckdb"):
        python_udfs.connect("typo.duckdb", read_only=read_only)
    assert list(project.glob("*.duckdb")) == []


def test_a_folder_is_not_a_warehouse(project):
    with pytest.raises(FileNotFoundError, match="models"):
        python_udfs.connect(project / "models")


@pytest.mark.parametrize("name", ["memory", "temp", "system", "main", 'with "quotes"', "a.b"])
def test_a_file_of_any_name(project, name):
    make_database(project / f"{name}.duckdb")
    assert answer(python_udfs.connect(project / f"{name}.duckdb")) == 43


@pytest.mark.parametrize(
    "statement",
    [
        "create view v as from read_text('/etc/hostname')",
        "create schema s; create view s.v as select 1",
        "create macro ABS(x) as 1",
        "create macro duckdb_tables() as table select 'x' as schema_name",
        "create macro pool(a, b) as 'of my own'",
        "drop table build.state; create view build.state as with recursive t(n) as "
        "(select 1 union all select n + 1 from t) select max(n) > 0 as is_complete from t",
    ],
)
@pytest.mark.parametrize("unfinished", [False, True])
def test_a_file_with_sql_of_its_own_is_no_warehouse(project, statement, unfinished):
    make_database(project / "umbrella.duckdb")
    with duckdb.connect(str(project / "umbrella.duckdb")) as con:
        con.execute(statement)
    with pytest.raises(python_udfs.WarehouseError, match="views, or functions under names"):
        python_udfs.connect(unfinished=unfinished)
    if "pool" not in statement:  # known only where it is registered
        with pytest.raises(python_udfs.WarehouseError, match="views, or functions under names"):
            open_whole(project / "umbrella.duckdb", unfinished=unfinished)


def test_a_function_under_a_name_of_its_own_is_one_of_the_warehouse(project):
    make_database(project / "umbrella.duckdb")
    with duckdb.connect(str(project / "umbrella.duckdb")) as con:
        con.execute("create macro one_of_ours(x) as x + 1")
    with python_udfs.connect() as con:
        assert con.sql("select one_of_ours(1)").fetchall() == [(2,)]


def test_cursors_see_the_warehouse_under_the_same_rules(project):
    make_database(project / "umbrella.duckdb")
    with python_udfs.connect() as con:
        assert con.cursor().execute("select answer from fct").fetchall() == [(42,)]
        for refused in ("from 'umbrella.duckdb'", "set threads = 1", "drop table fct"):
            with pytest.raises(duckdb.Error, match=r"connect\(allow_files=True\)|fixed|read-only"):
                con.duplicate().execute(refused)


def test_connections_of_one_program_keep_to_their_own_rules(project):
    make_database(project / "umbrella.duckdb")
    (project / "mine.csv").write_text("a\n1\n")
    plain = duckdb.connect(str(project / "umbrella.duckdb"), read_only=True)
    with python_udfs.connect() as closed, python_udfs.connect(allow_files=True) as open_to_files:
        assert open_to_files.sql("from 'mine.csv'").fetchall() == [(1,)]
        assert plain.sql("from 'mine.csv'").fetchall() == [(1,)]
        with pytest.raises(duckdb.PermissionException, match=r"connect\(allow_files=True\) opens"):
            closed.sql("from 'mine.csv'")
        assert closed.sql("from fct").fetchall() == plain.sql("from fct").fetchall()
    plain.close()


def test_a_reader_keeps_its_answers_while_another_file_is_published(project):
    make_database(project / "umbrella.duckdb")
    with duckdb.connect(str(project / "next.duckdb")) as con:
        con.execute("create table fct as select 43 as answer")
        mark_as_whole(con)
    with python_udfs.connect() as reader:
        os.replace(project / "next.duckdb", project / "umbrella.duckdb")
        assert reader.sql("from fct").fetchall() == [(42,)]
        with python_udfs.connect() as newer:
            assert newer.sql("from fct").fetchall() == [(43,)]
        assert reader.sql("from fct").fetchall() == [(42,)]


def test_limits_of_time_and_memory(project):
    make_database(project / "umbrella.duckdb")
    before = sorted(project.iterdir())
    endless = "select count(*) from range(1000000) a(x), range(1000000) b(y) where x * y = 7"
    large = "select x from range(30000000) t(x) order by hash(x) offset 29999990"
    for limit, query, words in (
        ({"timeout": 0.3}, endless, r"connect\(timeout=seconds\)"),
        ({"memory": "50MB"}, large, r"connect\(memory='16GB'\)"),
    ):
        with python_udfs.connect(**limit) as con, pytest.raises(duckdb.Error, match=words):
            con.execute(query)
    with python_udfs.connect(timeout=0, memory=0) as con:
        limits = con.sql("select current_setting('max_execution_time')").fetchall()
        assert limits == [(0,)]
    assert sorted(project.iterdir()) == before


@pytest.mark.parametrize(
    ("limits", "words"),
    [({"timeout": -1}, "timeout is"), ({"memory": "lots"}, "memory is written")],
)
def test_wrong_limits_are_named(project, limits, words):
    make_database(project / "umbrella.duckdb")
    with pytest.raises(ValueError, match=words):
        python_udfs.connect(**limits)


def test_tables_of_python_are_seen_when_they_are_registered(project):
    make_database(project / "umbrella.duckdb")
    frame = pa.table({"answer": [42], "name": ["x"]})
    with python_udfs.connect() as con:
        with pytest.raises(duckdb.CatalogException, match="frame does not exist"):
            con.sql("from frame")
        con.register("mine", frame)
        assert con.sql("select name from fct join mine using (answer)").fetchall() == [("x",)]


def test_read_only_by_default(project):
    make_database(project / "umbrella.duckdb")
    con = python_udfs.connect()
    with pytest.raises(duckdb.Error, match="read-only"):
        con.execute("create table x as select 1")
    con.close()
    con = python_udfs.connect(read_only=False)
    con.execute("create table x as select pool([1, 2], [1, 1]).estimate as e")
    con.close()


def test_nothing_of_the_functions_is_stored_in_the_file(project):
    """Marts are tables: a client without Python must be able to open the file."""
    make_database(project / "umbrella.duckdb")
    python_udfs.connect(read_only=False).close()
    with duckdb.connect(str(project / "umbrella.duckdb"), read_only=True) as plain:
        assert plain.execute("select answer from fct").fetchall() == [(42,)]
        with pytest.raises(duckdb.Error, match="p_from_z"):
            plain.execute("select p_from_z(0)")


def test_registering_twice_is_harmless(project):
    con = python_udfs.register(python_udfs.register(duckdb.connect()))
    assert con.execute("select p_from_z(0)").fetchall() == [(1.0,)]
    con.close()


def test_a_script_ends_quietly():
    """No warnings on exit when a script leaves its connection open."""
    code = "import python_udfs as u; c = u.connect(':memory:'); c.execute('select p_from_z(1)')"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=FOLDER.parents[1],
    )  # fmt: skip
    assert run.stderr == ""
