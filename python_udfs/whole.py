"""Open a warehouse that is whole, or say why there is none to open.

A build marks its database as whole in its last step. The mark is the one row of `build.state`: made
with `is_complete` false before the first table is touched, set to true after the last and its tests
(umbrella/building/stamp.py; with dbt, macros/engine/stamp.sql).
"""

from pathlib import Path

import duckdb

DAMAGED = "is damaged and cannot be read"

SIGNS_OF_DAMAGE = ("Corrupt database file", "Could not read enough bytes", DAMAGED)
"""What DuckDB says of a file that was cut off, or whose pages are not what was written; and what a
connection of ours has made of that."""

NO_DATABASE = "not a valid DuckDB database file"
"""What it says of a file without its first page, and of a file of any other kind."""

ENDING = ".duckdb"

BUILD_LOG = Path("logs") / "build.log"
"""Where the last build of a warehouse says what it did, from the folder of the warehouse."""

DISGUISED = """
    select view_name from system.main.duckdb_views() where not internal
    union all
    select lower(function_name)
    from system.main.duckdb_functions()
    group by all
    having bool_or(internal) and not bool_and(internal)
    limit 1
"""
"""What a file can hold that stands for something else. Functions are asked for by their full names:
those of the file come first otherwise."""


class WarehouseError(Exception):
    """A file that cannot be read as a warehouse; the message says what to do."""


class NotWholeError(WarehouseError):
    """A database that no build has completed: its tables need not go together."""


def open_whole(path, read_only=True, unfinished=False):
    """Open a database that a build completed, or any with ``unfinished``; raises WarehouseError."""
    try:
        con = duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as error:
        raise WarehouseError(in_words(path, error)) from error
    try:
        require_plain(con, path)
        if not unfinished:
            require_whole(con, path)
    except BaseException:
        con.close()
        raise
    return con


def require_plain(con, path):
    """Raise WarehouseError for a file that would run SQL of its own where one only asks.

    A build makes tables, and functions under names of its own.
    """
    try:
        found = con.execute(DISGUISED).fetchall()
    except duckdb.Error as error:
        raise WarehouseError(in_words(path, error)) from error
    if found:
        raise WarehouseError(
            f"{path} holds views, or functions under names that DuckDB or this project has, which "
            "no build makes: it is no warehouse of this project. Name another file."
        )


def require_whole(con, path):
    """Raise NotWholeError unless a build completed this open database."""
    try:
        marks = con.execute("select is_complete from build.state").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        raise NotWholeError(
            f"{path} has no mark of a whole warehouse: another version of the program built it, or "
            "it is something else. Build it anew with `umbrella build`."
        ) from None
    except duckdb.Error as error:
        raise WarehouseError(in_words(path, error)) from error
    if marks != [(True,)]:
        raise NotWholeError(
            f"{path} is not whole: a build in this file (`dbt build`) still runs, was stopped, "
            "failed, or made a part only, so that its tables need not go together. Build all of it "
            "with `umbrella build` or `dbt build`."
        )


def is_damage(path, error):
    """True for an error of a database that is no longer what was written.

    A file without DuckDB's first page may be of any other kind, unless its name says what it was.
    """
    text = str(error)
    is_ours = Path(path).suffix.lower() == ENDING
    return any(sign in text for sign in SIGNS_OF_DAMAGE) or (NO_DATABASE in text and is_ours)


def is_open_elsewhere(error):
    """True for an error of a file that another program is writing."""
    return "Could not set lock" in str(error)


def damage_in_words(path):
    """That a warehouse is damaged, and what to do."""
    return f"{path} {DAMAGED}. Build it again with `umbrella build`."


def in_words(path, error):
    """What an error of DuckDB at opening or reading a warehouse means, and what to do."""
    if is_damage(path, error):
        return damage_in_words(path)
    if is_open_elsewhere(error):
        return (
            f"{path} is open for writing in another program: wait until that has ended, or close "
            "it. Nothing was changed."
        )
    if NO_DATABASE in str(error):
        return f"{path} is not a DuckDB database. Name the file of a warehouse."
    return f"{path} cannot be read: {error}"
