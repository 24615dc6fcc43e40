"""What the SQL page tells of the warehouse: its tables, their columns, and its functions."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from reports import formats
from reports.exports import quoted

SCHEMAS = {
    "main": "Results and what they rest on",
    "reports": "What the charts draw (schema reports)",
}
"""Schemas of the page with their headings."""
MAX_ROWS = 100_000
"""A table with more rows stays out of the page, which says so."""


@dataclass(frozen=True)
class Column:
    """A column: its type in DuckDB and its description, empty when the warehouse has none."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Table:
    """A table with the number of its rows; `description` is empty when the warehouse has none."""

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    rows: int

    @property
    def reference(self) -> str:
        """The name as a query writes it."""
        return self.name if self.schema == "main" else f"{self.schema}.{self.name}"

    @property
    def paragraphs(self) -> list[str]:
        """The description in paragraphs, without the marks of Markdown."""
        plain = self.description.replace("**", "").replace("`", "")
        return [" ".join(part.split()) for part in plain.split("\n\n") if part.strip()]

    @property
    def size(self) -> str:
        """Number of rows in words."""
        return "1 row" if self.rows == 1 else f"{formats.count(self.rows)} rows"

    @property
    def is_on_page(self) -> bool:
        """False for a table that is too large."""
        return self.rows <= MAX_ROWS


@dataclass(frozen=True)
class Function:
    """A function for one row; `formula` is its SQL when the warehouse stores it, else None."""

    name: str
    arguments: tuple[str, ...]
    formula: str | None
    description: str


def read_tables(con: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Every table of the schemas of the page, by schema and name."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, table, *column in con.execute(
        "select schema_name, table_name, column_name, data_type, coalesce(comment, '') "
        "from duckdb_columns() "
        "where list_contains(?, schema_name) and database_name = current_database() "
        "order by schema_name, table_name, column_index",
        [list(SCHEMAS)],
    ).fetchall():
        columns.setdefault((schema, table), []).append(Column(*column))
    comments = con.execute(
        "select schema_name, table_name, coalesce(comment, '') from duckdb_tables() "
        "where list_contains(?, schema_name) and database_name = current_database() "
        "order by schema_name, table_name",
        [list(SCHEMAS)],
    ).fetchall()
    return tuple(
        Table(schema, name, comment, tuple(columns[schema, name]), count_rows(con, schema, name))
        for schema, name, comment in comments
    )


def count_rows(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    """Number of rows of a table."""
    counted = con.execute(f"select count(*) from {quoted(schema)}.{quoted(table)}").fetchone()
    return counted[0] if counted else 0


def read_functions(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> tuple[Function, ...]:
    """Functions of the warehouse: those it stores as SQL, and those that its catalogue adds."""
    described = {}
    if any(table.reference == "udf_catalogue" for table in tables):
        catalogue = con.execute("select udf_name, description from main.udf_catalogue")
        described = dict(catalogue.fetchall())
    stored = con.execute(
        "select function_name, parameters, macro_definition, function_type "
        "from duckdb_functions() where not internal and database_name = current_database() "
        "and function_type in ('macro', 'table_macro') order by function_name, len(parameters)"
    ).fetchall()
    found = [
        Function(
            name=name,
            arguments=tuple(arguments),
            formula=formula if kind == "macro" else None,
            description=described.get(name, ""),
        )
        for name, arguments, formula, kind in stored
    ]
    known = {function.name for function in found}
    found.extend(
        Function(name, (), None, text) for name, text in described.items() if name not in known
    )
    return tuple(sorted(found, key=lambda function: (function.name, len(function.arguments))))
