"""Builds of the claim audit in a database of their own, from the shipped sheets or from others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[3]


def build_audit(folder: Path, sheets: Path) -> duckdb.DuckDBPyConnection:
    """Seed and build what fct_claim_checks needs; returns a read-only connection.

    dbt reads a copy: it writes the SQL it ran over seed files that are named by an absolute path.

    Args:
        folder: where database, target, logs and the copy go.
        sheets: folder of the sheets.

    Raises:
        AssertionError: dbt failed; the message is its output.
    """
    copy = shutil.copytree(sheets, folder / "sheets_for_dbt")
    environment = os.environ | {
        "UMBRELLA_DATABASE": str(folder / "audit.duckdb"),
        "UMBRELLA_SHEETS": str(copy),
        "UMBRELLA_SHEETS_ARE_A_COPY": str(copy),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    command = [sys.executable, "-m", "dbt.cli.main", "build", "--profiles-dir", ".", "--quiet"]
    command += ["--select", "+fct_claim_checks", "--exclude-resource-type", "test", "unit_test"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return duckdb.connect(str(folder / "audit.duckdb"), read_only=True)


@pytest.fixture(scope="session")
def shipped_sheets() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def audit(tmp_path_factory, shipped_sheets):
    """The audit of the shipped sheets."""
    connection = build_audit(tmp_path_factory.mktemp("audit"), shipped_sheets)
    yield connection
    connection.close()


@pytest.fixture
def copied_sheets(tmp_path, shipped_sheets) -> Path:
    """A copy of the shipped sheets that a test may change."""
    return Path(shutil.copytree(shipped_sheets, tmp_path / "sheets"))
