"""The published file: may it be replaced, where is it prepared, how is it put in place."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from umbrella.building.stamp import write_ahead_log
from umbrella.errors import UmbrellaError

WAREHOUSE_TABLES = {
    ("raw", "meta_analyses"),
    ("main", "udf_catalogue"),
    ("reports", "rpt_headline"),
}
"""A database that has one of these was built by this project."""

RESERVED_NAMES = frozenset({"main", "temp", "system", "raw", "staging", "intermediate", "reports"})
"""A file's name without its ending is the name of its catalog in DuckDB; these are taken there."""

REMOVAL_ATTEMPTS = 20
REMOVAL_PAUSE_SECONDS = 0.1


def ensure_replaceable(database: Path) -> None:
    """Make sure that `database` may be written: absent, or a warehouse that nobody has open.

    Raises UmbrellaError for a reserved name, a folder, another kind of file, a database with other
    contents, a missing parent folder or a file that another program has open for writing.
    """
    if database.stem.lower() in RESERVED_NAMES:
        raise UmbrellaError(
            f"{database.name} cannot be the name of a warehouse: {database.stem} has a meaning in "
            "its SQL. Name another file with --database, for example my-review.duckdb."
        )
    if database.is_dir():
        raise UmbrellaError(f"{database} is a folder; --database names a file.")
    if not database.parent.is_dir():
        raise UmbrellaError(f"The folder {database.parent} does not exist; make it first.")
    if not database.exists() or database.stat().st_size == 0:
        return
    tables = _tables(database)
    if tables and WAREHOUSE_TABLES.isdisjoint(tables):
        raise UmbrellaError(
            f"{database} is a DuckDB database with other contents, not a warehouse of this "
            "project: it is left alone. Name another file with --database."
        )


def _tables(database: Path) -> set[tuple[str, str]]:
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            rows = connection.execute("select schema_name, table_name from duckdb_tables()")
            return set(rows.fetchall())
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise UmbrellaError(
                f"{database} is open for writing in another program; close it first."
            ) from error
        raise UmbrellaError(
            f"{database} is not a DuckDB database: it is left alone. Name another file with "
            "--database."
        ) from error
    except duckdb.Error as error:
        raise UmbrellaError(f"Cannot open {database}: {error}") from error


@contextmanager
def scratch_folder(database: Path) -> Iterator[Path]:
    """A hidden folder beside `database` (so that replacing is atomic), removed in any case.

    Folders left by a build that was killed outright are removed first; the caller holds the lock.
    """
    prefix = f".{database.name}.building-"
    for stale in database.parent.glob(f"{_glob_escape(prefix)}*"):
        _remove(stale)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=database.parent))
    try:
        yield folder
    finally:
        _remove(folder)


def _glob_escape(text: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in text)


def _remove(folder: Path) -> None:
    """Remove a folder; a database that is just being closed may still add a file to it."""
    for _ in range(REMOVAL_ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(REMOVAL_PAUSE_SECONDS)
    raise UmbrellaError(f"Cannot remove the temporary folder {folder}; remove it by hand.")


def publish(new: Path, published: Path) -> None:
    """Complete the new file and put it in the place of the published one in one step.

    Raises UmbrellaError when the new file is not complete in itself.
    """
    with duckdb.connect(str(new)) as connection:
        connection.execute("checkpoint")
    log = write_ahead_log(new)
    if log.exists():
        raise UmbrellaError(f"{new.name} was not written completely: {log.name} is left over.")
    # A log of the old file must never be replayed into the new one.
    write_ahead_log(published).unlink(missing_ok=True)
    os.replace(new, published)
