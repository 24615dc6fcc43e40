"""Opening the warehouse with every function registered."""

import os
from pathlib import Path

import duckdb

from python_udfs.register import register
from python_udfs.whole import open_whole

FILE = "umbrella.duckdb"


def connect(database=None, read_only=True, unfinished=False):
    """DuckDB connection to the warehouse, with all functions of the catalogue.

    ``database`` is a path (or ``:memory:`` for an empty database). Without it the file is taken
    from the environment variable UMBRELLA_DATABASE, else it is ``umbrella.duckdb`` in the current
    folder or in the nearest parent folder that holds a ``dbt_project.yml``.
    FileNotFoundError when there is no such file: a typing error never creates an empty database.
    NotWholeError when no build completed the file, which ``unfinished=True`` opens all the same;
    WarehouseError when it is damaged or open for writing elsewhere.
    """
    if str(database) == ":memory:":
        return register(duckdb.connect())
    path = Path(database) if database else default_database()
    if not path.is_file():
        raise FileNotFoundError(
            f"no warehouse at {path}: build it with `umbrella build`, or name another file "
            "with connect(path) or the environment variable UMBRELLA_DATABASE"
        )
    return register(open_whole(path, read_only, unfinished))


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
