"""Open the published warehouse for reading, with every UDF."""

from pathlib import Path

import duckdb

from umbrella.errors import UmbrellaError


def require_database(database: Path) -> None:
    """Raise UmbrellaError when there is no file to read."""
    if not database.is_file():
        raise UmbrellaError(
            f"There is no warehouse at {database}. Make it with `umbrella build`, or name another "
            "file with --database."
        )


def open_warehouse(database: Path) -> duckdb.DuckDBPyConnection:
    """Open `database` read-only with all UDFs registered.

    Raises UmbrellaError when the file is missing, is no database or is open for writing elsewhere.
    """
    require_database(database)
    # Imported here: compiled kernels take a moment to load, and `umbrella check` needs none.
    import python_udfs

    try:
        return python_udfs.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise UmbrellaError(f"Cannot open {database}: {error}") from error


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """True when the warehouse has this table."""
    found = connection.execute(
        "select table_name from duckdb_tables() where schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    return bool(found)
