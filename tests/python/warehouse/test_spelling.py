"""Statistics are spelled one way in all texts that readers see: I², τ², P and P value."""

import re

import duckdb
import pytest

MISSPELLED = r"\b(I2|I\^2|tau2|tau\^2|p-value|P-value)\b|\bp ?[=<>≤≥] ?[0-9.]"
AS_THEY_STAND = {
    # As a source or its reader wrote it.
    "notes", "own_text", "quote", "row_id", "source_locator", "source_url", "value", "value_seen",
    # Names of columns and functions.
    "arguments", "column_name", "column_names", "looks_at", "returns", "unit",
}  # fmt: skip
"""Columns whose texts the warehouse does not write."""


def misspelled(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A text of each column of marts and reports that spells a statistic otherwise."""
    columns = connection.sql(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where data_type = 'VARCHAR' and table_schema in ('main', 'reports')"
    ).fetchall()
    assert len(columns) > 500
    found = {}
    for schema, table, column in columns:
        if column in AS_THEY_STAND:
            continue
        text = connection.execute(
            f'select any_value("{column}") from {schema}."{table}" '
            f'where regexp_matches("{column}", ?)',
            [MISSPELLED],
        ).fetchone()[0]
        if text is not None:
            found[f"{table}.{column}"] = text
    return found


@pytest.mark.build
def test_a_statistic_has_one_spelling(shipped_connection: duckdb.DuckDBPyConnection) -> None:
    assert misspelled(shipped_connection) == {}


def test_another_spelling_is_found() -> None:
    other = ("I2 is 5", "tau2 0.1", "p < 0.05", "printed: p=.04", "a p-value")
    right = ("I² is 5", "τ² 0.1", "P < 0.05", "step < 0.05", "a P value", "tau2_method")
    assert all(re.search(MISSPELLED, text) for text in other)
    assert not any(re.search(MISSPELLED, text) for text in right)
