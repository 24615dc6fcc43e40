"""The claim audit of the shipped sheets, and of others."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import build_warehouse


def build_audit(folder: Path, sheets: Path) -> duckdb.DuckDBPyConnection:
    """Build the audit, and the flow, of `sheets`; returns a read-only connection."""
    database = build_warehouse(folder, sheets, selection="fct_claim_audit fct_study_flow")
    return duckdb.connect(str(database), read_only=True)


@pytest.fixture
def audit(shipped):
    """The audit of the shipped sheets."""
    return shipped
