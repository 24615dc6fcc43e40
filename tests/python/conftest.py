"""Warehouses for tests: one of the shipped sheets for all, and builds of changed sheets."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

ROOT = Path(__file__).parents[2]


def build_warehouse(
    folder: Path, sheets: Path, *, runs_data_tests: bool = False, selection: str | None = None
) -> Path:
    """Run `dbt build` on a copy of `sheets`; returns the database file.

    dbt reads a copy: it writes the SQL it ran over seed files that are named by an absolute path.

    Args:
        folder: where database, target, logs and the copy go.
        sheets: folder of the sheets.
        runs_data_tests: whether dbt's data tests must pass, too.
        selection: what to build, in dbt's syntax; everything by default.

    Raises:
        AssertionError: dbt failed; the message is its output.
    """
    copy = shutil.copytree(sheets, folder / "sheets_for_dbt")
    database = folder / "umbrella.duckdb"
    environment = os.environ | {
        "UMBRELLA_DATABASE": str(database),
        "UMBRELLA_SHEETS": str(copy),
        "UMBRELLA_SHEETS_ARE_A_COPY": str(copy),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    command = [sys.executable, "-m", "dbt.cli.main", "build", "--profiles-dir", ".", "--quiet"]
    command += ["--exclude-resource-type", "unit_test", *([] if runs_data_tests else ["test"])]
    command += ["--select", selection] if selection else []
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that both test processes end together."""
    slow = {
        item.path for item in items if {"build", "browser"} & {m.name for m in item.iter_markers()}
    }
    items.sort(key=lambda item: item.path not in slow)


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
def shipped_database(made_once, shipped_sheets) -> Path:
    """Database file of the shipped sheets."""
    return made_once("shipped", lambda folder: build_warehouse(folder, shipped_sheets))


@pytest.fixture
def shipped(shipped_database):
    """Read-only connection to the warehouse of the shipped sheets, without the UDFs.

    Each test has its own: a result that one test did not read to its end would bar the next.
    """
    with duckdb.connect(str(shipped_database), read_only=True) as connection:
        yield connection


@pytest.fixture
def copied_sheets(tmp_path, shipped_sheets) -> Path:
    """A copy of the shipped sheets that a test may change."""
    return Path(shutil.copytree(shipped_sheets, tmp_path / "sheets"))
