"""Change random cells sheet by sheet, update the warehouse, and compare it with a full build.

usage: python validation/random_updates.py [--seed TEXT] [--sheets N] [--every M]

Copies the shipped sheets, changes one random cell of a sheet, updates a warehouse as `umbrella
build` does, goes on with the next sheet, and after every M of them builds once more in full: the
two warehouses must have equal rows in every table. A change that a full build refuses is taken
back. Prints each change, how many steps it built, and the processor time; exit code 1 when a table
differs. All 51 sheets take some five minutes.
"""

import argparse
import csv
import logging
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from umbrella.building.compilation import DATABASE_NAME, plan_of
from umbrella.building.execution import execute
from umbrella.building.outcome import Outcome
from umbrella.building.plan import Plan
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract
from umbrella.sheets.reading import Table

ROOT = Path(__file__).resolve().parents[1]


def plan_without_tests() -> Plan:
    """The plan of the project without its data tests, which change no table."""
    plan = plan_of(ROOT)
    return plan.restricted_to([step.name for step in plan.steps if step.kind != "test"])


def cells(sheets: Path) -> dict[str, Table]:
    """The cells of each sheet in a folder; ValueError when a sheet cannot be read."""
    checked = check_sheets(sheets, read_contract(ROOT))
    if checked.problems:
        raise ValueError(checked.problems)
    return checked.by_name()


def build(sheets: Path, database: Path) -> Outcome:
    """Bring the database to the state of the sheets: in full when it is new."""
    database.parent.mkdir(parents=True, exist_ok=True)
    return execute(plan_without_tests(), cells(sheets), database, logging.getLogger("updates"))


def update(sheets: Path, database: Path) -> Outcome:
    """Bring a copy of the database to the state of the sheets; keep it when that went well."""
    attempt = database.parent / "attempt" / DATABASE_NAME
    attempt.parent.mkdir(exist_ok=True)
    shutil.copyfile(database, attempt)
    outcome = build(sheets, attempt)
    if outcome.is_ok:
        attempt.replace(database)
    return outcome


def random_updates(
    sheets: Path, database: Path, names: Sequence[Path], chance: random.Random
) -> Iterator[tuple[str, Outcome]]:
    """Change a cell of each sheet in turn and update; yields the change and how the update ended.

    A change with which the build fails is taken back.
    """
    for name in names:
        before = (sheets / name).read_bytes()
        change = change_one_cell(sheets / name, chance)
        outcome = update(sheets, database)
        if not outcome.is_ok:
            (sheets / name).write_bytes(before)
        yield f"{name}: {change}", outcome


def change_one_cell(path: Path, chance: random.Random) -> str:
    """Put another row's value, nonsense, a number or nothing into a random cell; returns what.

    The cell holds something else then.
    """
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    if not rows:
        return "no rows"
    row, column = chance.randrange(len(rows)), chance.randrange(len(header))
    old = rows[row][column]
    values = [chance.choice(rows)[column], "x", "1.5", ""]
    rows[row][column] = chance.choice([value for value in values if value != old])
    if not any(cell.strip() for cell in rows[row]):
        rows[row][column] = "x"
    write(path, header, rows)
    return f"row {row + 2}, {header[column]}: {old!r} became {rows[row][column]!r}"


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write a sheet."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def contents(database: Path) -> dict[str, tuple[int, int]]:
    """The number of rows of each table, and the sum of the hashes of its rows."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name != 'build'"
        ).fetchall()
        return {
            f"{schema}.{table}": connection.execute(
                f'select count(*), sum(hash(rows)::hugeint) from "{schema}"."{table}" as rows'
            ).fetchone()
            for schema, table in tables
        }


def different_tables(one: Path, other: Path) -> list[str]:
    """Names of the tables whose rows are not equal in two warehouses."""
    left, right = contents(one), contents(other)
    return sorted(name for name in left | right if left.get(name) != right.get(name))


def main() -> None:
    """Read the command line, change and compare; exit with 1 when a table differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default="updates")
    parser.add_argument("--sheets", type=int, default=None, help="how many sheets; all by default")
    parser.add_argument("--every", type=int, default=17, help="full builds after so many updates")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    found: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="umbrella-updates-") as folder:
        sheets = Path(shutil.copytree(ROOT / "seeds", Path(folder, "sheets")))
        names = sorted(path.relative_to(sheets) for path in sheets.glob("*/*.csv"))
        names = chance.sample(names, arguments.sheets or len(names))
        database = Path(folder, "updated", DATABASE_NAME)
        began = time.process_time()
        build(sheets, database)
        print(f"full build: {time.process_time() - began:.1f} s of processor time")
        for first in range(0, len(names), arguments.every):
            chosen = names[first : first + arguments.every]
            began = time.process_time()
            for change, outcome in random_updates(sheets, database, chosen, chance):
                seconds, began = time.process_time() - began, time.process_time()
                how = outcome.counts if outcome.is_ok else "refused"
                print(f"{seconds:5.1f} s  {change[:100]}: {how}", flush=True)
            full = Path(folder, "full", DATABASE_NAME)
            full.unlink(missing_ok=True)
            build(sheets, full)
            different = different_tables(database, full)
            found.update(different)
            print(f"tables that differ from a full build: {different or 'none'}", flush=True)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
