"""Warehouses for tests: one of the shipped sheets for all, and builds of changed sheets."""

from __future__ import annotations

import csv
import fcntl
import logging
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.python.drawing_pool import POOL, DrawingPool
from umbrella.building.compilation import DATABASE_NAME, plan_of
from umbrella.building.execution import execute
from umbrella.building.plan import Plan
from umbrella.building.stamp import begin, seal
from umbrella.commands.build import ACCEPTED
from umbrella.memory import collect_seldom
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract
from umbrella.sheets.sources import Sources

ROOT = Path(__file__).parents[2]
COMPILES_ALL = "test_every_function.py"

# Thousands of tests and their arguments are kept to the end.
collect_seldom()


def build_warehouse(
    folder: Path,
    sheets: Path,
    *,
    runs_data_tests: bool = False,
    is_draft: bool = False,
    selection: str | None = None,
    published: Path | None = None,
) -> Path:
    """Build a warehouse of `sheets` as `umbrella build` does; returns the database file.

    Columns and tables of one from nothing have no descriptions: those of the shipped one do.

    Args:
        folder: where the database goes.
        sheets: folder of the sheets.
        runs_data_tests: whether the data tests must pass, too.
        is_draft: whether implausible findings may be open, as in `umbrella build --draft`.
        selection: models to build with what they need, separated by spaces; all by default.
        published: a whole warehouse of much the same sheets, of which this one is to be the
            update: what the sheets have in common is not built again.

    Raises:
        AssertionError: a sheet cannot be read, or a step failed; with its message.
    """
    checked = check_sheets(sheets, read_contract(ROOT))
    assert not checked.problems, checked.problems
    plan = plan_of(ROOT)
    if is_draft:
        plan = plan.without(ACCEPTED)
    if selection or not runs_data_tests:
        models = [step.name for step in plan.steps if step.kind != "test"]
        plan = plan.restricted_to(selection.split() if selection else models)
    database = folder / DATABASE_NAME
    if published:
        shutil.copyfile(published, database)
        drop_all_but(plan, database)
    else:  # descriptions take an eighth of the time, and a changed step is no update
        plan = replace(plan, steps=tuple(replace(step, comments=()) for step in plan.steps))
    outcome = execute(plan, checked.by_name(), database, logging.getLogger("tests"))
    assert outcome.is_ok, "\n".join(f"{node.name}: {node.message}" for node in outcome.failed)
    seal(database)
    return database


def drop_all_but(plan: Plan, database: Path) -> None:
    """Drop the tables that a plan does not make: a test that reads one should fail."""
    kept = {step.table for step in plan.steps if step.kind != "test"}
    with duckdb.connect(str(database)) as connection:
        tables = connection.execute(
            'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables() '
            "where schema_name != 'build'"
        ).fetchall()
        for table in {table for (table,) in tables} - kept:
            connection.execute(f"drop table {table}")


def mark_as_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark a made-up database as one that a build completed."""
    begin(connection, Sources(), program="made up", plan="made up")
    connection.execute("update build.state set is_complete = true")


def append(path: Path, *rows: dict[str, str]) -> None:
    """Add rows below those of a sheet; a column that a row does not name is empty."""
    ending = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, restval="", lineterminator=ending).writerows(rows)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that both test processes end together.

    Before them the one that calls every function: it compiles what no build has compiled, once.
    Later both processes would come upon a function at the same time, and both compile it.
    """
    slow = {
        item.path for item in items if {"build", "browser"} & {m.name for m in item.iter_markers()}
    }
    reports = Path(__file__).parent / "reports"
    items.sort(
        key=lambda item: (
            item.path.name != COMPILES_ALL,
            item.path not in slow,
            reports not in item.path.parents,
        )
    )


@pytest.fixture(scope="session", autouse=True)
def _drawing_pool() -> Iterator[None]:
    """Sites of this process are drawn by the same processes; test_workshop.py has its own."""
    pool = DrawingPool()
    with pytest.MonkeyPatch.context() as patch:
        if POOL.rpartition(".")[0] in sys.modules:  # tests of kernels need not load it
            patch.setattr(POOL, pool)
        yield
    pool.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless browser, one for each process: its driver bears no second."""
    from tests.python.reports.browsing import launched  # few tests need it

    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def shipped_sheets() -> Path:
    """Folder of the sheets that the project ships."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, worker_id) -> Callable[[str, Callable[[Path], Any]], Any]:
    """Function that returns what `make(folder)` returns, made once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def make_once(name: str, make: Callable[[Path], Any]) -> Any:
        folder = shared / name
        folder.mkdir(exist_ok=True)
        kept = folder / "made.pickle"
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(kept.read_bytes())

    return make_once


@pytest.fixture(scope="session")
def common_parts(tmp_path_factory, worker_id) -> Path:
    """Where sites of all test processes keep what each of them has, such as the live chart."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "site-parts"


@pytest.fixture(scope="session")
def shipped_build(made_once) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Database file of the shipped sheets, and how the command that built it ended.

    Built by the command, unless the caller has done so: SHIPPED_BUILD is then the file, and
    SHIPPED_BUILD_OUTPUT what the command said, without the endings .out and .err.
    """

    def build(folder: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
        if built := os.environ.get("SHIPPED_BUILD"):
            said = Path(os.environ["SHIPPED_BUILD_OUTPUT"])
            output = [said.with_suffix(end).read_text(encoding="utf-8") for end in (".out", ".err")]
            return Path(built), subprocess.CompletedProcess([], 0, *output)
        database = folder / "published" / DATABASE_NAME
        database.parent.mkdir()
        command = [sys.executable, "-m", "umbrella", "build", "--database", str(database)]
        kept = {n: value for n, value in os.environ.items() if not n.startswith("UMBRELLA_")}
        done = subprocess.run(
            command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return database, done

    return made_once("shipped", build)


@pytest.fixture(scope="session")
def shipped_database(shipped_build) -> Path:
    """Database file of the shipped sheets."""
    return shipped_build[0]


@pytest.fixture(scope="session")
def shipped_connection(shipped_database):
    """The one read-only connection of this process: opening the file costs 50 ms."""
    with duckdb.connect(str(shipped_database), read_only=True) as connection:
        yield connection


@pytest.fixture
def shipped(shipped_connection):
    """Read-only connection to the warehouse of the shipped sheets, without the UDFs.

    Each test has its own: a result that one test did not read to its end would bar the next.
    """
    with shipped_connection.cursor() as connection:
        yield connection


@pytest.fixture
def copied_sheets(tmp_path, shipped_sheets) -> Path:
    """A copy of the shipped sheets that a test may change."""
    return Path(shutil.copytree(shipped_sheets, tmp_path / "sheets"))
