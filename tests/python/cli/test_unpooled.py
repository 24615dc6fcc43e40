"""Rows that are kept and cannot be pooled: the first few of each cause, or every one."""

import duckdb
import pytest

from umbrella.unpooled import show_unpooled


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "checked.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_unpooled_rows as "
            "select 'reported_effects' as sheet, 'no point estimate' as reason, "
            "'estimate' as column_names, n + 1 as row_number, 'E' || n as row_id "
            "from range(1, 8) as numbers (n) union all "
            "select 'reported_rates', 'flag: doubtful', 'flags', 2, 'R1'"
        )
    return path


def test_some_rows_of_a_cause_are_named_and_the_others_counted(database, capsys):
    show_unpooled(database, every=False)
    said = " ".join(capsys.readouterr().err.split())
    assert "8 rows kept that cannot be pooled" in said
    assert "row 6 (E5), and 2 more" in said
    assert "E6" not in said
    assert "row 2 (R1) `umbrella check --all` names every row" in said


def test_every_row_is_named_when_asked_for(database, capsys):
    show_unpooled(database, every=True)
    said = " ".join(capsys.readouterr().err.split())
    assert "row 8 (E7)" in said
    assert "more" not in said
    assert "--all" not in said
