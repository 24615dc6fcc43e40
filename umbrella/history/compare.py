"""What differs between two publishes, asked in SQL of the tables that both keep.

changes.sql finds what is another, causes.sql what of the sheets stands nearest to it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from umbrella.errors import UmbrellaError
from umbrella.history.entries import Entry
from umbrella.history.kept import READINGS_FOLDER, RESULTS
from umbrella.history.store import History
from umbrella.sheets.readings import READINGS
from umbrella.sheets.rows import ROW_NUMBER

CHANGES = Path(__file__).with_name("changes.sql")
CAUSES = Path(__file__).with_name("causes.sql")

SIDES = ("older", "newer")

BEFORE = """
    create macro differs(a, b) as (a is null) != (b is null)
        or coalesce(abs(a - b) > 1e-9 * greatest(1, abs(a), abs(b)), false);
    create macro shows_other(a, b, decimals) as
        round(a, cast(decimals as integer)) is distinct from round(b, cast(decimals as integer));
    create table typed (
        side varchar, sheet varchar, row_number bigint, column_name varchar, column_order bigint,
        value varchar
    );
    create table readings (
        side varchar, sheet varchar, row_number bigint, column_name varchar, read_as varchar
    );
    create table candidates (effect_id varchar, meta_analysis_id varchar);
    create table texts (sheet varchar, column_name varchar);
    create table keys (sheet varchar, column_name varchar, position bigint);
    create table sheets (sheet varchar, folder varchar);
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """What differs between two publishes, as rows.

    cells, rows   changed cells, and rows added or removed, of the sheets as typed
    members       members that entered, left, or have another value or weight (percent)
    pools         pooled results that moved, on the scale on which they are shown
    grades        grades and classes that are others
    conclusions   texts that read otherwise
    versions      parts of the program that are of another version
    causes        for each moved pool and grade, the changed cells and rows nearest to it
    """

    older: Entry
    newer: Entry
    cells: list[Row]
    rows: list[Row]
    members: list[Row]
    pools: list[Row]
    grades: list[Row]
    conclusions: list[Row]
    versions: list[Row]
    causes: list[Row]


ORDERS = {
    "cells": ("cell_changes", "sheet, row_number, nth, column_order, column_name"),
    "rows": ("row_changes", "sheet, change, row_number, nth"),
    "members": ("member_changes", "analysis_id, change, effect_id, policy_id"),
    "pools": (
        "pool_changes", "not is_headline, sort_order, analysis_id, policy_order, policy_id",
    ),
    "grades": ("grade_changes", "analysis_id nulls last, label, grade_id"),
    "conclusions": (
        "conclusion_changes", "analysis_id is null, sort_order, conclusion_id, topic",
    ),
    "versions": ("version_changes", "component"),
    "causes": (
        "causes", "target, target_id, sheet, row_id, nth, column_order, column_name",
    ),
}  # fmt: skip


def compare(history: History, older: Entry, newer: Entry) -> Changes:
    """What differs between two publishes of a history.

    Raises UmbrellaError when a table of theirs is gone or damaged.
    """
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(BEFORE)
        _load_sheets(connection, history, older, newer)
        _load_results(connection, history, older, newer)
        connection.execute(CHANGES.read_text(encoding="utf-8"))
        found = {name: _ordered(connection, name) for name in ORDERS if name != "causes"}
        has_moved = found["pools"] or found["grades"]
        if has_moved:
            connection.execute(CAUSES.read_text(encoding="utf-8"))
        causes = _ordered(connection, "causes") if has_moved else []
    return Changes(older, newer, **found, causes=causes)


def _ordered(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    table, order = ORDERS[name]
    return _rows(connection, f"from {table} order by {order}")


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    found = connection.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _load_results(
    connection: duckdb.DuckDBPyConnection, history: History, older: Entry, newer: Entry
) -> None:
    """Make older_* and newer_*; what both have equal stays away, but for members."""
    for name, results in RESULTS.items():
        parts = [entry.results.get(name) for entry in (older, newer)]
        is_equal = None not in parts and parts[0].file == parts[1].file
        for side, part in zip(SIDES, parts, strict=True):
            connection.execute(f"create table {side}_{name} ({results.columns})")
            if part and (name == "members" or not is_equal):
                _insert(connection, history.checked_path(part), f"{side}_{name}")


def _insert(connection: duckdb.DuckDBPyConnection, file: Path, table: str) -> None:
    """Fill a table with what a file has of its columns.

    Of candidates that are no members only the names, and the reasons of those that were members.
    """
    with _readable(file):
        kept = _columns(connection, f"from {_table(file)}")
        names = ", ".join(name for name in _columns(connection, table) if name in kept)
        query = f"insert into {table} ({names}) select {names} from {_table(file)}"
        if not table.endswith("_members"):
            connection.execute(query)
            return
        connection.execute(f"{query} where is_member")
        if table == "newer_members":
            connection.execute(
                f"{query} as candidates semi join older_members using "
                "(analysis_id, policy_id, effect_id) where not is_member"
            )
        connection.execute(
            "insert into candidates select distinct effect_id, meta_analysis_id "
            f"from {_table(file)}"
        )


def _columns(connection: duckdb.DuckDBPyConnection, what: str) -> list[str]:
    return [row["column_name"] for row in _rows(connection, f"describe {what}")]


def _load_sheets(
    connection: duckdb.DuckDBPyConnection, history: History, older: Entry, newer: Entry
) -> None:
    """Fill the tables of cells with the rows of sheets that differ."""
    for name in sorted(older.sheets.keys() | newer.sheets.keys()):
        parts = [entry.sheets.get(name) for entry in (older, newer)]
        if None not in parts and parts[0].file == parts[1].file:
            continue
        latest = parts[1] or parts[0]
        if latest.folder == READINGS_FOLDER:
            continue
        connection.execute("insert into sheets values (?, ?)", [name, latest.folder])
        for position, column in enumerate(latest.key):
            connection.execute("insert into keys values (?, ?, ?)", [name, column, position])
        for column in latest.texts:
            connection.execute("insert into texts values (?, ?)", [name, column])
        files = [history.checked_path(part) if part else None for part in parts]
        headers = [_columns(connection, f"from {_table(file)}") if file else [] for file in files]
        for side, file, header in zip(SIDES, files, headers, strict=True):
            if file:
                other = next((f for f in files if f != file), None)
                same = other if headers[0] == headers[1] else None
                _insert_cells(connection, file, header, same, (side, name))
    for side, entry in zip(SIDES, (older, newer), strict=True):
        part = entry.sheets.get(READINGS)
        if part and part.rows:
            _insert_readings(connection, history.checked_path(part), side)


def _insert_cells(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    header: list[str],
    other: Path | None,
    place: tuple[str, str],
) -> None:
    """Add the cells of a sheet: of rows that the other file does not have under their number.

    `place` is the side and the sheet.
    """
    rows = f"from {_table(file)}" + (f" except from {_table(other)}" if other else "")
    side, sheet = place
    with _readable(file):
        connection.execute(
            f"""
            insert into typed
            select
                $side, $sheet, {ROW_NUMBER}, column_name,
                list_position($columns, column_name), value
            from (
                unpivot ({rows})
                on * exclude ({ROW_NUMBER}) into name column_name value value
            )
            """,
            {"side": side, "sheet": sheet, "columns": header},
        )


def _insert_readings(connection: duckdb.DuckDBPyConnection, file: Path, side: str) -> None:
    with _readable(file):
        connection.execute(
            f"""
            insert into readings
            select $side, sheet, cast(row_number as bigint), column_name, read_as
            from {_table(file)}
            semi join keys using (sheet, column_name)
            where row_number is not null
            """,
            {"side": side},
        )


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.IOException as error:
        raise UmbrellaError(f"Cannot read {file}: {error}") from error


def _table(file: Path) -> str:
    """A file in SQL; a folder above it such as `year=2026` is no column of it."""
    path = str(file).replace("'", "''")
    return f"read_parquet('{path}', hive_partitioning = false)"


def distinct(rows: Sequence[Row], *names: str) -> list[tuple]:
    """The different values of some columns, in order."""
    return list(dict.fromkeys(tuple(row[name] for name in names) for row in rows))
