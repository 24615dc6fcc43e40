"""Opening the warehouse with every function registered, so that SQL cannot harm it."""

import os
import re
from pathlib import Path

import duckdb

from python_udfs.connection import Connection, Rules
from python_udfs.refusals import PYTHON, Ways
from python_udfs.register import register
from python_udfs.whole import WarehouseError, in_words, require_plain, require_whole

FILE = "umbrella.duckdb"
TIMEOUT = 600
"""Seconds that a query may take."""
MEMORY = "50%"
"""Memory that DuckDB may use: a share of the machine's, or a size such as 4GB."""
_MEMORY_FORM = re.compile(r"\d+(\.\d+)?\s*(%|[KMGT]i?B)", re.IGNORECASE)

# Nothing beside the database file: no spilling to disk, no secrets, no extensions by themselves.
_CONFIG = {
    "temp_directory": "",
    "allow_persistent_secrets": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def connect(
    database=None,
    read_only: bool = True,
    allow_files: bool = False,
    timeout: float = TIMEOUT,
    memory: str | int = MEMORY,
    unfinished: bool = False,
    ways: Ways = PYTHON,
) -> Connection:
    """DuckDB connection to the warehouse, with all functions of the catalogue.

    ``database`` is a path (or ``:memory:`` for an empty database). Without it the file is taken
    from the environment variable UMBRELLA_DATABASE, else it is ``umbrella.duckdb`` in the current
    folder or in the nearest parent folder that holds a ``dbt_project.yml``.
    FileNotFoundError when there is no such file: a typing error never creates an empty database.
    NotWholeError when no build completed the file, which ``unfinished=True`` opens all the same;
    WarehouseError when it is damaged, open for writing elsewhere or holds SQL of its own.

    SQL reaches no file, network, extension or setting. ``allow_files`` lets it read files, and
    write them with ``copy ... to 'file'`` and ``export database 'folder'``, never over the
    warehouse. A query ends after ``timeout`` seconds, and when DuckDB needs more than ``memory``
    (``'4GB'``, ``'50%'``); 0 is no limit of ours. ``ways`` words the refusals. Tables of Python are
    seen after ``register("name", table)``.
    """
    path = None if str(database) == ":memory:" else _existing(database)
    limits = [
        f"set max_execution_time = {_milliseconds(timeout)}",
        *([f"set memory_limit = '{_size(memory)}'"] if str(memory) != "0" else []),
    ]
    con = duckdb.connect(config=_CONFIG)
    try:
        name = _attach(con, path, read_only) if path else "memory"
        for statement in (*limits, *_closing(path, read_only, allow_files)):
            con.execute(statement)
        register(con)
        if path:
            require_plain(con, path)
        connection = Connection(con, Rules(name, path, allow_files, ways))
        if path and not unfinished:
            require_whole(connection, path)
        return connection
    except BaseException:
        con.close()
        raise


def _attach(con: duckdb.DuckDBPyConnection, path: Path, read_only: bool) -> str:
    """Attach the warehouse; returns its name, quoted. WarehouseError when it cannot be read.

    Opened by itself, DuckDB would share it, and what may be done with it, with every other
    connection of the program.
    """
    alias = "as memory_file" if path.stem.casefold() == "memory" else ""  # the name of its host
    options = "(read_only)" if read_only else ""
    try:
        con.execute(f"attach {_text(path.absolute())} {alias} {options}")
    except duckdb.Error as error:
        raise WarehouseError(in_words(path, error)) from error
    (name,) = con.execute(
        "select database_name from duckdb_databases() where not internal and path is not null"
    ).fetchone()
    return '"' + name.replace('"', '""') + '"'


def _closing(path: Path | None, read_only: bool, allow_files: bool) -> list[str]:
    """Statements that close what SQL must not reach, for good."""
    closing = ["set enable_external_access = false", "set lock_configuration = true"]
    if allow_files:
        roots = {Path.cwd().anchor, Path.home().anchor, (path or Path()).absolute().anchor}
        listed = ", ".join(_text(root) for root in sorted(roots))
        # All folders, not all access: the network and extensions stay closed.
        return [f"set allowed_directories = [{listed}]", *closing]
    if read_only:
        # DuckDB itself always allows writing to the files of an open database. Without a file
        # system nothing can; what is open already is read on. Only a writer needs one.
        closing.insert(1, "set disabled_filesystems = 'LocalFileSystem'")
    return closing


def _text(path: Path | str) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _milliseconds(timeout: float) -> int:
    if timeout < 0:
        raise ValueError(f"timeout is a number of seconds, 0 for none; got {timeout}")
    return round(timeout * 1000)


def _size(memory: str | int) -> str:
    if not _MEMORY_FORM.fullmatch(str(memory).strip()):
        raise ValueError(f"memory is written 4GB, 500MB or 50%, 0 for no limit; got {memory}")
    return str(memory).strip()


def _existing(database) -> Path:
    path = Path(database) if database else default_database()
    if not path.is_file():
        raise FileNotFoundError(
            f"no warehouse at {path}: build it with `umbrella build`, or name another file "
            "with connect(path) or the environment variable UMBRELLA_DATABASE"
        )
    return path


def default_database() -> Path:
    """The file that ``connect()`` opens; it need not exist."""
    from_environment = os.environ.get("UMBRELLA_DATABASE")
    if from_environment:
        return Path(from_environment)
    here = Path.cwd()
    if (here / FILE).is_file():
        return here / FILE
    folders = (here, *here.parents)
    project = next((path for path in folders if (path / "dbt_project.yml").is_file()), here)
    return project / FILE
