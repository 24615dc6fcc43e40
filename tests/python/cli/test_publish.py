"""The published file: never replaced by mistake, never replaced by half."""

import duckdb
import pytest

from umbrella.building.lock import build_lock
from umbrella.building.publish import ensure_replaceable, publish, scratch_folder
from umbrella.errors import UmbrellaError


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


@pytest.mark.parametrize("name", ["main.duckdb", "Temp.db", "reports.duckdb"])
def test_a_name_that_sql_would_misread_is_refused(tmp_path, name):
    with pytest.raises(UmbrellaError, match="cannot be the name"):
        ensure_replaceable(tmp_path / name)


def test_folders_are_refused(tmp_path):
    with pytest.raises(UmbrellaError, match="is a folder"):
        ensure_replaceable(tmp_path)
    with pytest.raises(UmbrellaError, match="does not exist"):
        ensure_replaceable(tmp_path / "nowhere" / "umbrella.duckdb")


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
