"""The rows of a table as the SQL page reads them into SQLite: by column, each value once."""

import json
import math
from collections.abc import Iterator, Sequence

import duckdb

from reports.errors import ReportError
from reports.exports import ColumnDescription, quoted
from reports.sql_page.catalogue import Table

BATCH = 10_000
LARGEST_EXACT = 2**53
ENCODER = json.JSONEncoder(ensure_ascii=False)
MOST_DISTINCT = 0.5
"""Share of distinct values up to which a column has each value once."""
WHOLE_NUMBERS = {
    f"{sign}{size}" for sign in ("", "u") for size in ("tinyint", "smallint", "integer", "bigint")
} | {"hugeint", "uhugeint"}
NESTED = ("struct", "map", "union")


def columns_of(con: duckdb.DuckDBPyConnection, table: Table) -> str:
    """The rows of a table by column, as JSON: the values of each, and which of them a row has.

    A column whose values rarely repeat has them in the order of its rows, without `at`. Rows keep
    the order of the warehouse, so that equal tables give equal text. How each type comes over:
    `converted`. Raises ReportError, naming the table, for a whole number of more than 64 bits.
    """
    try:
        found = list(rows(con, table))
    except duckdb.Error as error:
        raise ReportError(
            f"Table {table.reference} cannot be copied into the SQL page: {error}"
        ) from error
    columns = list(zip(*found, strict=True)) or [()] * len(table.columns)
    return f"[{','.join(map(column_of, columns))}]"


def column_of(values: Sequence[object]) -> str:
    """One column as JSON."""
    places: dict[object, int] = {}
    at = [places.setdefault(value, len(places)) for value in values]
    if len(places) > len(values) * MOST_DISTINCT:
        return f'{{"values":[{",".join(map(written, values))}]}}'
    return f'{{"values":[{",".join(map(written, places))}],"at":[{",".join(map(str, at))}]}}'


def written(value: object) -> str:
    """A value as JSON that JavaScript reads as it is: a whole number beyond 2**53 as text."""
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    if isinstance(value, int) and abs(value) > LARGEST_EXACT:
        return f'"{value}"'
    return ENCODER.encode(value)


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
    return "text"


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
    return f"{name}::{'bigint' if kind == 'integer' else 'varchar'}"
