"""Compare two builds table by table, and optionally two sites picture by picture.

usage: python validation/compare_builds.py OLD.duckdb NEW.duckdb [OLD_SITE NEW_SITE] [--rtol 1e-12]

Rows are compared without regard to their order: exactly first, then, where only numbers differ,
with the relative tolerance. So are keys, constraints, descriptions and stored functions. What only
says how a database was built (the schema build) is left out. Prints a line for each table or
picture that differs and a summary; exit code 1 when anything differs.
"""

import argparse
import math
import re
import sys
from pathlib import Path

import duckdb

SIDES = ("old", "new")
LARGEST_SHIFT = 1e-9
"""Pixels by which a coordinate may differ in a picture that counts as equal."""

NUMBER = re.compile(r"(-?\d+\.\d+(?:e-?\d+)?)")

SHOWN = 3
"""Lines printed of one kind of difference."""


def tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, dict[str, str]]:
    """Table name to its columns with their types, in order."""
    rows = connection.execute(
        """
        select schema_name || '.' || table_name, column_name, data_type
        from duckdb_columns()
        where database_name = ? and schema_name not in ('information_schema', 'build')
            and not internal
        order by schema_name, table_name, column_index
        """,
        [catalog],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        found.setdefault(table, {})[column] = data_type
    return found


def difference(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], rtol: float
) -> str | None:
    """What differs in the rows of a table; None when nothing does."""
    chosen = ", ".join(f'"{column}"' for column in columns)
    # Most tables are equal, and a sum over the rows shows it in a tenth of the time.
    digests = [
        connection.execute(f"select count(*), sum(hash({chosen})) from {side}.{table}").fetchall()
        for side in SIDES
    ]
    if digests[0] == digests[1]:
        return None
    sides = [f"select {chosen} from {side}.{table}" for side in SIDES]
    left, right = (
        connection.execute(f"{a} except all {b} order by all").fetchall()
        for a, b in (sides, sides[::-1])
    )
    if not left and not right:
        return None
    counts = f"{len(left)} rows only in the old, {len(right)} only in the new"
    if len(left) != len(right):
        return f"{counts}; first: {(left or right)[0]}"
    left, right = (sorted(rows, key=_sort_key) for rows in (left, right))
    largest = 0.0
    for a, b in zip(left, right, strict=True):
        for column, x, y in zip(columns, a, b, strict=True):
            distance = _distance(x, y)
            if distance is None or distance > rtol:
                return f"{counts}; {column}: {x!r} became {y!r}"
            largest = max(largest, distance)
    return None if largest <= rtol else counts


def _sort_key(row: tuple[object, ...]) -> list[str]:
    """Texts and whole numbers first; numbers by their leading digits only."""
    exact = [repr(cell) for cell in row if not _has_float(cell)]
    return exact + [_rounded(cell) for cell in row if _has_float(cell)]


def _has_float(cell: object) -> bool:
    if isinstance(cell, list | tuple):
        return any(_has_float(item) for item in cell)
    if isinstance(cell, dict):
        return any(_has_float(item) for item in cell.values())
    return isinstance(cell, float)


def _rounded(cell: object) -> str:
    return re.sub(r"-?\d+\.\d+(e-?\d+)?", lambda match: f"{float(match[0]):.6g}", repr(cell))


def _distance(x: object, y: object) -> float | None:
    """Largest relative difference of numbers; None when the two differ in anything else."""
    if isinstance(x, float) and isinstance(y, float):
        if x == y or (math.isnan(x) and math.isnan(y)):
            return 0.0
        return abs(x - y) / max(abs(x), abs(y), 1e-300)
    if isinstance(x, dict) and isinstance(y, dict) and x.keys() == y.keys():
        return _distance(list(x.values()), list(y.values()))
    if isinstance(x, list | tuple) and isinstance(y, list | tuple) and len(x) == len(y):
        parts = [_distance(a, b) for a, b in zip(x, y, strict=True)]
        return None if None in parts else max(parts, default=0.0)
    return 0.0 if x == y else None


OBJECTS = {
    "description of a column": """
        select schema_name, table_name, column_name, comment, is_nullable
        from duckdb_columns() where database_name = '{}' and not internal
    """,
    "description of a table": """
        select schema_name, table_name, comment from duckdb_tables() where database_name = '{}'
    """,
    "constraint": """
        select schema_name, table_name, constraint_text
        from duckdb_constraints() where database_name = '{}'
    """,
    "stored function": """
        select schema_name, function_name, parameters, macro_definition
        from duckdb_functions() where database_name = '{}' and function_type like '%macro'
    """,
}


def compare_objects(connection: duckdb.DuckDBPyConnection) -> int:
    """Print what differs in the rest of two schemas; returns the number of differences."""
    found = 0
    for kind, query in OBJECTS.items():
        sides = [f"from ({query.format(side)}) where schema_name != 'build'" for side in SIDES]
        for side, a, b in zip(SIDES, sides, sides[::-1], strict=True):
            rows = connection.execute(f"{a} except {b} order by all").fetchall()
            found += len(rows)
            for row in rows[:SHOWN]:
                print(f"{kind}, only in the {side}: {row}"[:600])
    return found


def compare_databases(old: Path, new: Path, rtol: float) -> int:
    """Print what differs between two warehouses; returns the number of differing tables."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{old}' as old (read_only)")
        connection.execute(f"attach '{new}' as new (read_only)")
        before, after = tables(connection, "old"), tables(connection, "new")
        found = 0
        for table in sorted(before.keys() | after.keys()):
            if table not in before or table not in after:
                print(f"{table}: only in the {'old' if table in before else 'new'}")
                found += 1
                continue
            shared = [name for name in before[table] if name in after[table]]
            changes = [
                f"column {name} {'dropped' if name in before[table] else 'added'}"
                for name in before[table].keys() ^ after[table].keys()
            ]
            changes += [
                f"column {name}: {before[table][name]} became {after[table][name]}"
                for name in shared
                if before[table][name] != after[table][name]
            ]
            rows = difference(connection, table, shared, rtol)
            if changes or rows:
                found += 1
                print(f"{table}: {'; '.join([*sorted(changes), *([rows] if rows else [])])[:600]}")
        same = len(before.keys() & after.keys())
        others = compare_objects(connection)
    print(
        f"{same} tables in both; {found} tables differ (numbers beyond {rtol:g}), "
        f"{others} descriptions, constraints and functions"
    )
    return found + others


def compare_sites(old: Path, new: Path) -> int:
    """Print the SVG files that are not equal to the byte; returns their number."""
    before, after = (
        {path.relative_to(site) for path in site.rglob("*.svg")} for site in (old, new)
    )
    found = 0
    for name in sorted(before | after):
        if name not in before or name not in after:
            print(f"{name}: only in the {'old' if name in before else 'new'} site")
            found += 1
        elif (distance := _picture_distance(old / name, new / name)) is None:
            print(f"{name}: differs")
            found += 1
        elif distance:
            print(f"{name}: the same but for coordinates, by at most {distance:.1g} px")
            found += distance > LARGEST_SHIFT
    print(f"{len(before & after)} pictures in both; {found} differ")
    return found


def _picture_distance(old: Path, new: Path) -> float | None:
    """Largest difference of two numbers of two SVG files; None when anything else differs."""
    one, other = (NUMBER.split(path.read_text(encoding="utf-8")) for path in (old, new))
    if len(one) != len(other) or one[::2] != other[::2]:
        return None
    pairs = zip(one[1::2], other[1::2], strict=True)
    return max((abs(float(x) - float(y)) for x, y in pairs if x != y), default=0.0)


def main() -> None:
    """Read the command line, compare, and exit with 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("sites", type=Path, nargs="*", help="folder of the old and the new site")
    parser.add_argument("--rtol", type=float, default=1e-12)
    arguments = parser.parse_args()
    if len(arguments.sites) not in (0, 2):
        parser.error("name two sites or none")
    found = compare_databases(arguments.old, arguments.new, arguments.rtol)
    if arguments.sites:
        found += compare_sites(*arguments.sites)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
