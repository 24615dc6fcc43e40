"""Make what the template of the SQL page needs from a warehouse."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from reports import formats, spreadsheets
from reports.exports import ARCHIVE, OPENING, open_warehouse
from reports.html import embedded
from reports.sql_page import scripts
from reports.sql_page.catalogue import (
    MAX_ROWS,
    SCHEMAS,
    Function,
    Table,
    read_functions,
    read_tables,
)
from reports.sql_page.examples import Example, offered
from reports.sql_page.table_columns import affinity, columns_of
from reports.workshop import Cache

FILE_NAME = "sql.html"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class SqlPage:
    """Contents of the SQL page.

    tables     every table of the schemas main and reports, those too large for the page included
    functions  functions that the warehouse stores as SQL and that run on the page
    examples   questions with their queries
    first      the query that stands in the box at first
    engine     WebAssembly of the engine: gzip, base64
    rows       the rows of each table on the page by column: gzip, base64
    facts      JSON for the script: functions, tables with their columns, and the tables left out
    script     the one script
    style      the style sheet beside the site's
    archive    the file that has everything
    opening    how to open it in DuckDB, for each program
    """

    tables: tuple[Table, ...]
    functions: tuple[Function, ...]
    examples: tuple[Example, ...]
    first: str
    engine: Markup
    rows: dict[str, Markup]
    facts: Markup
    script: Markup
    style: Markup
    archive: str = ARCHIVE
    opening: tuple[tuple[str, str], ...] = OPENING
    max_rows: str = formats.count(MAX_ROWS)

    @property
    def table_groups(self) -> list[tuple[str, list[Table]]]:
        """The tables under a heading for each schema; a schema without tables has none."""
        groups = [
            (heading, [table for table in self.tables if table.schema == schema])
            for schema, heading in SCHEMAS.items()
        ]
        return [group for group in groups if group[1]]

    @property
    def left_out(self) -> tuple[Table, ...]:
        """Tables that are too large for the page."""
        return tuple(table for table in self.tables if not table.is_on_page)

    @property
    def n_tables(self) -> int:
        """Number of tables that can be asked."""
        return len(self.tables) - len(self.left_out)

    @property
    def megabytes(self) -> str:
        """Size of the data and the code inside the page, in megabytes."""
        parts = (self.engine, self.facts, self.script, *self.rows.values())
        size = sum(len(part) for part in parts)
        return formats.number(size / MEGABYTE, 1)


def build(database: Path, kept: Cache) -> SqlPage:
    """Contents of the SQL page of a warehouse, which is opened read-only.

    kept  what earlier runs made

    Raises ReportError for a missing or unreadable warehouse, and for a table that SQLite cannot
    hold.
    """
    with open_warehouse(database) as con:
        tables = read_tables(con)
        functions = read_functions(con, tables)
        examples = offered(con, tables)
        rows = {
            table.reference: Markup(scripts.packed(columns_of(con, table).encode(), kept))
            for table in tables
            if table.is_on_page
        }
    return SqlPage(
        tables=tables,
        functions=tuple(function for function in functions if function.formula),
        examples=examples,
        first=examples[0].query if examples else first_query(tables),
        engine=Markup(scripts.packed_engine(kept)),
        rows=rows,
        facts=embedded(facts(tables, functions)),
        script=Markup(scripts.script()),
        style=Markup(scripts.style()),
    )


def first_query(tables: tuple[Table, ...]) -> str:
    """The query of a page without examples: the beginning of its first table, if it has any."""
    names = [table.reference for table in tables if table.is_on_page]
    return f"select * from {names[0]} limit 20;" if names else "select 1;"


def facts(tables: tuple[Table, ...], functions: tuple[Function, ...]) -> dict[str, object]:
    """What the worker must know beside the rows."""
    return {
        "functions": [
            {"name": item.name, "arguments": item.arguments, "formula": item.formula}
            for item in functions
        ],
        "tables": [
            {
                "key": table.reference,
                "schema": table.schema,
                "name": table.name,
                "rows": table.rows,
                "columns": [
                    {"name": c.name, "type": c.data_type, "kind": affinity(c.data_type)}
                    for c in table.columns
                ],
            }
            for table in tables
            if table.is_on_page
        ],
        "left_out": {table.name: table.rows for table in tables if not table.is_on_page},
        "max_rows": MAX_ROWS,
        "cells": spreadsheets.RULE,
    }


def link(query: str) -> str:
    """Address of the SQL page, seen from another page of the site, that runs this query."""
    return f"{FILE_NAME}#q={quote(query, safe='')}"
