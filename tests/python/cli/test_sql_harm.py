"""SQL cannot harm: every statement of DuckDB that touches files, network or settings, everywhere.

tests/data/harmful_statements.csv is the table: a statement, what it would do, and words of the
refusal; without words it runs, and must change nothing all the same.
"""

import builtins
import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

import python_udfs
from tests.python.conftest import ROOT
from umbrella.query import prompt
from umbrella.query.run import Runner
from umbrella.query.writers import write_csv
from umbrella.warehouse import open_warehouse

from .conftest import digest

TABLE = ROOT / "tests" / "data" / "harmful_statements.csv"
with TABLE.open(encoding="utf-8", newline="") as rows:
    STATEMENTS = list(csv.DictReader(rows))
ONE_OF_EACH = list({(row["what_it_would_do"], row["refusal"]): row for row in STATEMENTS}.values())
"""For ways of asking that end where the prompt does, which gets them all."""
LIMITS_OF_SESSION = {"schema", "search_path"}
"""Settings that say where names are looked for, and nothing else."""


@pytest.fixture
def folder(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a warehouse, with its lock, links to it, and files to read; the current one."""
    folder = warehouse.parent
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    with duckdb.connect("other.duckdb") as con:
        con.execute("create table t as select 1 as a")
        for ending in ("csv", "parquet", "json"):
            con.execute(f"copy t to 'mine.{ending}'")
    (folder / "data").mkdir()
    (folder / "umbrella.duckdb.lock").touch()
    (folder / "link.duckdb").symlink_to("umbrella.duckdb")
    (folder / "hard.duckdb").hardlink_to("umbrella.duckdb")
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder with its digest, every folder with none."""
    return {
        str(path.relative_to(folder)): digest(path) if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def said_to(con: python_udfs.connection.Connection, statement: str) -> str:
    """What a connection says of a statement in a session of its own; nothing when it runs."""
    with con.cursor() as session:
        try:
            session.execute(statement)
        except duckdb.Error as error:
            return str(error)
    return ""


def by_argument(invoke: Callable, warehouse: Path, statement: str) -> str:
    """What `umbrella sql "..."` says of a statement; nothing when it runs."""
    result = invoke("sql", statement, "--database", warehouse)
    assert result.exit_code == bool(result.stderr)
    return result.stderr


def by_pipe(invoke: Callable, warehouse: Path, statement: str) -> str:
    """What `umbrella sql` says of a piped statement; nothing when it runs."""
    result = invoke("sql", "--database", warehouse, stdin=f"{statement};\n")
    assert result.exit_code == bool(result.stderr)
    return result.stderr


@pytest.mark.parametrize("ask", [by_argument, by_pipe])
def test_no_statement_of_the_command_touches_anything(invoke, folder: Path, ask: Callable):
    before = contents(folder)
    for row in ONE_OF_EACH:
        said = ask(invoke, folder / "umbrella.duckdb", row["statement"])
        assert bool(said) == bool(row["refusal"]), (row, said)
        assert row["refusal"] in said, (row, said)
        assert "Stack Trace" not in said, (row, said)
        assert contents(folder) == before, row


def test_no_statement_of_python_touches_anything(folder: Path):
    before = contents(folder)
    with python_udfs.connect("umbrella.duckdb") as con:
        for row in STATEMENTS:
            said = said_to(con, row["statement"])
            assert bool(said) == bool(row["refusal"]), (row, said)
            assert row["refusal"] in said, (row, said)
            assert contents(folder) == before, row


def test_no_statement_of_the_prompt_touches_anything(folder: Path, monkeypatch, capsys):
    before = contents(folder)
    typed = iter(STATEMENTS)
    lines: list[str] = []
    open_row: dict[str, str] = {}

    def read(_prompt: str) -> str:
        if lines:
            return lines.pop(0)
        said = capsys.readouterr().err
        assert open_row.get("refusal", "") in said
        assert contents(folder) == before, open_row
        open_row.clear()
        open_row.update(next(typed, {}))
        if not open_row:
            raise EOFError
        lines.extend(["rollback;", "use umbrella.main;"])
        return f"{open_row['statement']};"

    monkeypatch.setenv("XDG_STATE_HOME", str(folder.parent / f"{folder.name}_state"))
    monkeypatch.setattr(builtins, "input", read)
    with open_warehouse(folder / "umbrella.duckdb") as connection:
        prompt.run(Runner(connection, write_csv))
    assert next(typed, None) is None


def test_no_setting_can_be_changed(folder: Path):
    before = contents(folder)
    with python_udfs.connect("umbrella.duckdb") as con:
        settings = con.sql("select name, value from duckdb_settings()").fetchall()
        assert len(settings) > 150
        for name, value in settings:
            if name in LIMITS_OF_SESSION:
                continue
            for statement in (f"set {name} = '{value}'", f"reset {name}", f"pragma {name} = 1"):
                with pytest.raises(duckdb.Error, match=f"Settings are fixed .*{name}"):
                    con.execute(statement)
    assert contents(folder) == before


def test_the_warehouse_is_safe_where_files_are_allowed(folder: Path):
    before = contents(folder)
    con = python_udfs.connect("umbrella.duckdb", allow_files=True)
    for row in STATEMENTS:
        said = said_to(con, row["statement"])
        assert "Failed to download" not in said, row  # it asked the network
        now = contents(folder)
        assert {name: now.get(name) for name in before} == before, row
        assert not any(name not in before for name in now if name.startswith("umbrella")), row
        for name in sorted(now.keys() - before.keys(), reverse=True):
            path = folder / name
            path.rmdir() if path.is_dir() else path.unlink()
