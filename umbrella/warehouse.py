"""Open the published warehouse for reading, with every UDF."""

from pathlib import Path

import duckdb

from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.sheets.sources import Sources


def require_warehouse(database: Path) -> None:
    """Do what `open_warehouse` does and says, and close it again."""
    open_warehouse(database).close()


def open_warehouse(
    database: Path, *, unfinished: bool = False, allow_files: bool = False, memory: str = "0"
) -> duckdb.DuckDBPyConnection:
    """Open `database` as `python_udfs.connect` does; says when its sheets changed since.

    Without a time limit of DuckDB, which looks at the clock more seldom than a `Runner`.
    Raises UmbrellaError when the file is missing, is no database, is damaged, is open for writing
    elsewhere or is not whole, or when `memory` is no size. With `unfinished` the file that is not
    whole is only named.
    """
    if not database.is_file():
        raise UmbrellaError(
            f"There is no warehouse at {database}. Make it with `umbrella build`, or name another "
            "file with --database."
        )
    # Imported here: compiled kernels take a moment to load, and `umbrella check` needs none.
    import python_udfs
    from python_udfs.refusals import SHELL
    from python_udfs.whole import require_whole

    try:
        connection = python_udfs.connect(
            database,
            allow_files=allow_files,
            timeout=0,
            memory=memory,
            unfinished=unfinished,
            ways=SHELL,
        )
    except ValueError as error:
        raise UmbrellaError(f"--{error}") from error
    except python_udfs.NotWholeError as error:
        raise UmbrellaError(f"{error} `umbrella sql --unfinished` looks into it.") from error
    except python_udfs.WarehouseError as error:
        raise UmbrellaError(str(error)) from error
    try:
        if unfinished:  # else `connect` has asked
            require_whole(connection, database)
        say_if_stale(connection)
    except python_udfs.NotWholeError as error:
        console.notice(str(error), style="bold red")
    return connection


def say_if_stale(connection: duckdb.DuckDBPyConnection) -> None:
    """Say when a sheet has changed since an open warehouse was built from it."""
    folder, checksum = connection.execute("select folder, sheets from build.state").fetchall()[0]
    if folder and Path(folder).is_dir() and Sources.of(Path(folder)).checksum != checksum:
        console.notice(
            f"The sheets in {folder} have changed since this was built: `umbrella build` brings it "
            "up to date.",
            style="yellow",
        )


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """True when the warehouse has this table."""
    found = connection.execute(
        "select table_name from duckdb_tables() where schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    return bool(found)
