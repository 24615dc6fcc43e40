"""Whether a warehouse is whole, and what it was built from.

`build.state` has one row: the checksum of the program and of the sheets, and `is_complete`, which
is false from before the first table is touched until all are built and every test has passed.
Readers refuse a database where it is not true (python_udfs/whole.py).

`build.steps` has a row per step, so that the next build can tell what is due: `built_from` is a
hash of the versions of its inputs, `version` names the rows it gave. A step that is built again and
gives the same rows keeps its version: what reads it is then as current as before. It is written in
the transaction that completes the database. The published file also bears, as its time of change,
the moment that the stamp names: a file that somebody else has written to since, or whose changes
wait in a log, is not what was built.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from python_udfs.whole import is_damage
from umbrella.building.plan import Plan, Step
from umbrella.console import notice
from umbrella.sheets.reading import FIRST_ROW, Table
from umbrella.sheets.rows import in_blocks
from umbrella.sheets.sources import Sources

STATE = {
    "is_complete": "boolean",
    "program": "varchar",
    "sheets": "varchar",
    "folder": "varchar",
    "plan": "varchar",
    "written_at": "bigint",
}
"""Columns of `build.state` and their types; `dbt build` leaves the last two empty."""

BEGIN = f"""
    create schema if not exists build;
    create or replace table build.state ({", ".join(map(" ".join, STATE.items()))});
"""


@dataclass(frozen=True)
class Built:
    """How one step ended: `seconds` is what it took when it was last built."""

    built_from: str
    version: str
    seconds: float


class Stamp:
    """The state of every step: as the database says, then as this build leaves it."""

    def __init__(
        self,
        plan: Plan,
        sheets: Mapping[str, Table],
        before: Mapping[str, Built],
        sources: Sources,
    ) -> None:
        self._plan = plan
        self._sheets = sheets
        self._before = before
        self._now: dict[str, Built] = {}
        self.sources = sources

    @classmethod
    def of(
        cls, connection: duckdb.DuckDBPyConnection, plan: Plan, sheets: Mapping[str, Table]
    ) -> "Stamp":
        """The stamp of an open database; without one of this plan no step is current."""
        return cls(plan, sheets, _steps(connection, plan), _sources(connection))

    def has(self, step: Step) -> bool:
        """True when the step's table stands from an earlier build."""
        return step.id in self._before

    def is_current(self, step: Step) -> bool:
        """True when nothing that the step reads changed since it was built; its inputs are done."""
        before = self._before.get(step.id)
        if before is None or before.built_from != self._reads(step):
            return False
        self._now[step.id] = before
        return True

    def built(self, step: Step, seconds: float) -> None:
        """Note that the step gave new rows, or passed."""
        reads = self._reads(step)
        self._now[step.id] = Built(reads, reads, seconds)

    def same_rows(self, step: Step, seconds: float) -> None:
        """Note that the step was built again and gave the rows it had."""
        before = self._before[step.id]
        self._now[step.id] = Built(self._reads(step), before.version, seconds)

    def begin(self, connection: duckdb.DuckDBPyConnection, sources: Sources) -> None:
        """Mark the database as not complete, before its first table is touched."""
        begin(connection, sources, program=self._plan.key, plan=self._plan.version)

    def complete(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Mark the database as complete."""
        rows = [(name, b.built_from, b.version, b.seconds) for name, b in self._now.items()]
        connection.execute(
            """
            begin;
            create or replace table build.steps (
                step varchar primary key,
                built_from varchar not null,
                version varchar not null,
                seconds double not null
            );
            """
        )
        # Whole seconds, for every file system can keep them, and past: a change is always later.
        written_at = int(time.time()) - 1
        connection.executemany("insert into build.steps values (?, ?, ?, ?)", sorted(rows))
        connection.execute(
            "update build.state set is_complete = true, written_at = ?", [written_at]
        )
        connection.commit()

    def _reads(self, step: Step) -> str:
        """Hash of all that the step reads: its inputs' versions, or the cells of its sheet."""
        if step.kind == "sheet":
            sheet = self._sheets[step.name]
            numbered = list(sheet.numbered)
            if numbered == list(range(FIRST_ROW, FIRST_ROW + len(numbered))):
                numbered = []  # as of rows that nobody has numbered
            return _hash([sheet.header, numbered], sheet.rows)
        return _hash([self._now[name].version for name in step.inputs])


def begin(
    connection: duckdb.DuckDBPyConnection, sources: Sources, *, program: str, plan: str
) -> None:
    """Mark a database as not complete, and say what a build makes it of."""
    connection.execute(BEGIN)
    connection.execute(
        "insert into build.state values (false, ?, ?, ?, ?, null)",
        [program, sources.checksum, sources.folder, plan],
    )


def stamp_of(
    database: Path, plan: Plan, sheets: Mapping[str, Table], *, is_own: bool = False
) -> Stamp | None:
    """The stamp of a published warehouse.

    None, so that all is built anew, when there is no file, DuckDB cannot read all of it, another
    plan built it, or it was changed since. With `is_own` this process has read or built it before,
    and not all of it is read again.
    """
    if not database.is_file() or write_ahead_log(database).exists():
        return None
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            stamp = Stamp.of(connection, plan, sheets)
            is_sealed = bool(stamp._before) and _written_at(connection) == database.stat().st_mtime
            if not is_sealed:
                return None
            if not is_own:
                read_all(connection)
    except duckdb.Error as error:
        if is_damage(database, error):
            notice(f"{database} is damaged: all of it is built anew", style="yellow")
        return None
    return stamp


def seal(database: Path) -> None:
    """Give a stamped file the time of change that its stamp names."""
    with duckdb.connect(str(database), read_only=True) as connection:
        written_at = _written_at(connection)
    os.utime(database, (written_at, written_at))


def write_ahead_log(database: Path) -> Path:
    """The file in which DuckDB keeps changes before it writes them into the database."""
    return database.with_name(f"{database.name}.wal")


def is_all_current(plan: Plan, stamp: Stamp, sources: Sources) -> bool:
    """True when a build would build nothing, and the stamp names the same files.

    Files that hold the same cells in another form, or stand elsewhere, are to be named.
    """
    return stamp.sources == sources and all(stamp.is_current(step) for step in plan.steps)


def _hash(parts: list, rows: Iterable[list[str]] = ()) -> str:
    """Hash of the parts and of rows that follow, which may be too many for one text."""
    found = hashlib.sha256(json.dumps(parts).encode())
    for block in in_blocks(rows):
        found.update(json.dumps(block).encode())
    return found.hexdigest()[:32]


def _steps(connection: duckdb.DuckDBPyConnection, plan: Plan) -> dict[str, Built]:
    query = """
        select step, built_from, steps.version, seconds
        from build.steps as steps
        inner join build.state as state on state.is_complete and state.plan = ?
    """
    try:
        rows = connection.execute(query, [plan.version]).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}  # no stamp, or one of a version with other columns
    return {name: Built(*rest) for name, *rest in rows}


def _sources(connection: duckdb.DuckDBPyConnection) -> Sources:
    try:
        rows = connection.execute("select folder, sheets from build.state").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return Sources()
    return Sources(*rows[0]) if rows else Sources()


def read_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every page of the tables; DuckDB compares each with its checksum.

    What is up to date is taken over unread: a page that the disk has lost since would stay.
    """
    tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    for schema, table in tables:
        connection.execute(f'select bit_xor(hash(columns(*))) from "{schema}"."{table}"').fetchall()


def _written_at(connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute("select written_at from build.state").fetchone()[0]
