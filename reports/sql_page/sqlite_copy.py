"""Copy tables of the warehouse into an SQLite file in memory."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

import duckdb

from reports.errors import ReportError
from reports.exports import ColumnDescription, quoted
from reports.sql_page.catalogue import Table

BATCH = 10_000
WHOLE_NUMBERS = {
    f"{sign}{size}" for sign in ("", "u") for size in ("tinyint", "smallint", "integer", "bigint")
} | {"hugeint", "uhugeint"}
NESTED = ("struct", "map", "union")


def sqlite_copy(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> bytes:
    """The tables of one schema, one at least, as the bytes of an SQLite file.

    Rows keep the order of the warehouse, so that equal tables give equal bytes (with one version
    of SQLite, which writes its number into the file). How each type comes over: `converted`.
    Raises ReportError, naming the table, for a whole number that needs more than 64 bits.
    """
    with closing(sqlite3.connect(":memory:")) as target:
        for table in tables:
            columns = ", ".join(f"{quoted(c.name)} {affinity(c.data_type)}" for c in table.columns)
            target.execute(f"create table {quoted(table.name)} ({columns})")
            places = ", ".join("?" * len(table.columns))
            insert = f"insert into {quoted(table.name)} values ({places})"
            try:
                target.executemany(insert, rows(con, table))
            except duckdb.Error as error:
                raise ReportError(
                    f"Table {table.reference} cannot be copied into the SQL page: {error}"
                ) from error
        target.commit()
        return target.serialize()


def rows(con: duckdb.DuckDBPyConnection, table: Table) -> Iterator[tuple[object, ...]]:
    """Rows of a table in their own order, with the values that SQLite can hold."""
    values = ", ".join(converted(column) for column in table.columns)
    found = con.execute(f"select {values} from {quoted(table.schema)}.{quoted(table.name)}")
    while batch := found.fetchmany(BATCH):
        yield from batch


def affinity(type_name: str) -> str:
    """SQLite's column type for a type of DuckDB in lower case."""
    if type_name == "boolean" or type_name in WHOLE_NUMBERS:
        return "integer"
    if type_name in {"double", "float"} or type_name.startswith("decimal"):
        return "real"
    return "blob" if type_name == "blob" else "text"


def converted(column: ColumnDescription) -> str:
    """SQL for the values of a column as SQLite holds them.

    Booleans become 1 and 0; decimals become doubles, and NaN becomes NULL; lists, structs and
    maps become JSON text; everything else that is no number becomes the text that DuckDB shows.
    """
    name = quoted(column.name)
    kind = affinity(column.data_type)
    if column.data_type.endswith("]") or column.data_type.startswith(NESTED):
        return f"to_json({name})::varchar"
    if kind == "real":
        return f"case when not isnan({name}::double) then {name}::double end"
    return name if kind == "blob" else f"{name}::{'bigint' if kind == 'integer' else 'varchar'}"
