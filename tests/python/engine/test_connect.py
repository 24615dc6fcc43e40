"""connect() finds the warehouse, or says clearly that it does not."""

import subprocess
import sys

import duckdb
import pytest

import python_udfs
from python_udfs.kernels.fingerprint import FOLDER
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
