"""What the SQL page tells of the warehouse: its tables, their columns, and its functions."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from reports import formats
from reports.exports import TableDescription, describe_tables

SCHEMAS = {
    "main": "Results and what they rest on",
    "reports": "What the charts draw (schema reports)",
}
"""Schemas of the page with their headings."""
MAX_ROWS = 100_000
"""A table with more rows stays out of the page, which says so."""


@dataclass(frozen=True)
class Table(TableDescription):
    """A table as the page shows it."""

    @property
    def reference(self) -> str:
        """The name as a query writes it."""
        return self.name if self.schema == "main" else f"{self.schema}.{self.name}"

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
    return tuple(Table(**vars(table)) for table in describe_tables(con))


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
