"""The published file: may it be replaced, where is it prepared, how is it put in place."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import duckdb

from python_udfs.whole import in_words, is_damage
from umbrella import system
from umbrella.building.stamp import read_all, write_ahead_log
from umbrella.console import notice
from umbrella.errors import UmbrellaError

WAREHOUSE_TABLES = {
    ("build", "state"),
    ("raw", "meta_analyses"),
    ("main", "udf_catalogue"),
    ("reports", "rpt_headline"),
}
"""A database that has one of these was built by this project."""

RESERVED_NAMES = frozenset(
    {"main", "temp", "system", "build", "raw", "staging", "intermediate", "reports"}
)
"""A file's name without its ending is the name of its catalog in DuckDB; these are taken there."""

REMOVAL_ATTEMPTS = 20
REMOVAL_PAUSE_SECONDS = 0.1


def real_file(database: Path) -> Path:
    """The file that a symbolic link leads to, whether it is there or not; any other path as it is.

    Raises UmbrellaError for a link that leads to itself.
    """
    if not database.is_symlink():
        return database
    real = Path(os.path.realpath(database))
    if real.is_symlink():
        raise UmbrellaError(f"{database} is a link that leads back to itself; remove it.")
    return real


def ensure_replaceable(database: Path) -> None:
    """Make sure that `database` may be written: absent, or a warehouse that nobody has open.

    A damaged one may be replaced, too. Raises UmbrellaError for a reserved name, a folder, another
    kind of file, a database with other contents, a missing parent folder or a file that another
    program has open for writing.
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
    if not database.exists():
        return
    if not database.is_file():
        raise UmbrellaError(f"{database} is no file but a device or the like; name a file.")
    if database.stat().st_size == 0:
        return
    tables = _tables(database)
    if tables and WAREHOUSE_TABLES.isdisjoint(tables):
        raise UmbrellaError(
            f"{database} is a DuckDB database with other contents, not a warehouse of this "
            "project: it is left alone. Name another file with --database."
        )


def _tables(database: Path) -> set[tuple[str, str]]:
    """Schema and name of the tables of a database; none of a damaged one.

    Raises UmbrellaError for what is no database that this program can open.
    """
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            rows = connection.execute("select schema_name, table_name from duckdb_tables()")
            return set(rows.fetchall())
    except duckdb.Error as error:
        if is_damage(database, error):
            return set()
        raise UmbrellaError(f"{in_words(database, error)} It is left alone.") from error


def _is_damaged(database: Path) -> bool:
    """True for a file that was a database and cannot be read any more."""
    if not database.exists() or database.stat().st_size == 0:
        return False
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            read_all(connection)
    except duckdb.Error as error:
        return is_damage(database, error)
    return False


@contextmanager
def scratch_folder(database: Path) -> Iterator[Path]:
    """A hidden folder beside `database` (so that replacing is atomic), removed in any case.

    Folders left by a build that was killed outright are removed first; the caller holds the lock.
    """
    remove_left_folders(database)
    folder = Path(tempfile.mkdtemp(prefix=_prefix(database), dir=database.parent))
    try:
        yield folder
    finally:
        _remove(folder)


def remove_left_folders(database: Path) -> None:
    """Remove the folders of builds that were killed outright; the caller holds the lock."""
    for stale in database.parent.glob(f"{_glob_escape(_prefix(database))}*"):
        _remove(stale)


def _prefix(database: Path) -> str:
    return f".{database.name}.building-"


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


def publish(new: Path, published: Path, *, is_intact: bool = False) -> None:
    """Complete the new file and put it in the place of the published one in one step.

    It gets the permissions and the owner of the file before. Both are on the disk, not only with
    the operating system, before and after the step. Who has the old file open keeps it; who writes
    it stops the publishing, and nobody can begin to. A damaged file is kept aside; with `is_intact`
    that is known to be none.

    Raises UmbrellaError when the new file is not complete in itself.
    """
    with duckdb.connect(str(new)) as connection:
        connection.execute("checkpoint")
    log = write_ahead_log(new)
    if log.exists():
        raise UmbrellaError(f"{new.name} was not written completely: {log.name} is left over.")
    if published.exists():
        _take_over_permissions(published, new)
    # Before the lock is taken: it would end with the first connection that is closed.
    is_damaged = not is_intact and _is_damaged(published)
    with _without_writer(published):
        if is_damaged:
            aside = _free_name(published)
            published.rename(aside)
            notice(f"The file before was damaged: it is kept as {aside}", style="yellow")
        # A log of the old file must never be replayed into the new one.
        write_ahead_log(published).unlink(missing_ok=True)
        _replace(new, published)


def _replace(new: Path, published: Path) -> None:
    system.sync(new)
    system.replace(new, published)
    system.sync_names(published.parent)


@contextmanager
def _without_writer(database: Path) -> Iterator[None]:
    """Hold the lock that DuckDB's readers hold: readers come and go, no program can write.

    Raises UmbrellaError when one does.
    """
    if not database.exists():
        yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(system.without_writer(database))
        except BlockingIOError as error:
            raise UmbrellaError(
                f"{database} was opened for writing by another program while it was built: close "
                "that and build again."
            ) from error
        yield


def _take_over_permissions(before: Path, after: Path) -> None:
    """Give a file the permissions and, where the system lets us, the owner of another."""
    if not system.take_over_owner(before, after):
        notice(f"{before.name} now belongs to you: its owner cannot be kept", style="yellow")
    system.take_over_permissions(before, after)


def _free_name(database: Path) -> Path:
    """A name beside a damaged file that no file has."""
    names = (
        database.with_name(f"{database.name}.damaged{'' if n == 1 else f'-{n}'}") for n in count(1)
    )
    return next(name for name in names if not name.exists())
