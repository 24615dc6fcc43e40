"""Warehouses to keep in a history: tables of the shipped one, changed as a build would change them.

A build takes many seconds; what a history sees of it is a file with other rows and another stamp.
"""

import os
import shutil
from collections.abc import Collection
from pathlib import Path

import duckdb

from umbrella.building.compilation import plan_of
from umbrella.building.plan import Plan
from umbrella.history.keeping import Keeping, Publish
from umbrella.history.kept import RESULTS
from umbrella.sheets.contract import read_contract
from umbrella.sheets.sources import Sources

ROOT = Path(__file__).parents[1]
OF_ANALYSES = ("fct_pooled_effects", "fct_pooled_rates", "fct_analysis_members", "dim_analyses")
SHEETS_OF = Sources("/home/team/review.xlsx", "checksum")


def plan_of_sheets(names: Collection[str] = ()) -> Plan:
    """The plan of these sheets, or of all, without what is made of them."""
    plan = plan_of(ROOT)
    return plan.restricted_to(names or [s.name for s in plan.steps if s.kind == "sheet"])


def extract(
    warehouse: Path,
    target: Path,
    plan: Plan,
    analyses: Collection[str] | None = None,
    *,
    has_results: bool = True,
) -> Path:
    """A warehouse of what a history keeps of another one: the plan's sheets, and the results.

    Of these analyses, or of all.
    """
    named = ", ".join(f"'{name}'" for name in analyses or ())
    sheets = {("raw", step.name) for step in plan.steps}
    results = set().union(*(made.needs for made in RESULTS.values() if has_results))
    with duckdb.connect(str(target)) as con:
        con.execute(f"attach '{warehouse}' as whole (read_only)")
        for schema in ("raw", "main", "staging", "reports", "build"):
            con.execute(f"create schema if not exists {schema}")
        for schema, name in sorted({*sheets, *results, ("build", "state")}):
            only = f"where analysis_id in ({named})" * (name in OF_ANALYSES and bool(named))
            con.execute(f"create table {schema}.{name} as from whole.{schema}.{name} {only}")
        if named:
            con.execute(
                "delete from fct_evidence_grades "
                f"where analysis_id is null or analysis_id not in ({named})"
            )
        con.execute(
            "create table build.steps as from whole.build.steps where step in (select unnest(?))",
            [[step.id for step in plan.steps]],
        )
    return sealed(target)


def changed(database: Path, new: Path, *statements: str) -> Path:
    """A copy of a warehouse after statements; a sheet that they change has another version."""
    shutil.copyfile(database, new)
    with duckdb.connect(str(new)) as con:
        sheets = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
        touched = [name for (name,) in sheets if any(f"raw.{name}" in s for s in statements)]
        for statement in statements:
            con.execute(statement)
        for sheet in touched:
            con.execute(
                "update build.steps set version = ("
                f"select format('{{:016x}}', bit_xor(hash(cells))) from raw.{sheet} as cells) "
                "where step like '%.' || ?",
                [sheet],
            )
    return sealed(new)


def sealed(database: Path) -> Path:
    """The file, stamped a second later than before, and with that as its time of change."""
    with duckdb.connect(str(database)) as con:
        con.execute("update build.state set written_at = written_at + 1")
        (written_at,) = con.execute("select written_at from build.state").fetchone()
    os.utime(database, (written_at, written_at))
    return database


def publish_of(plan: Plan) -> Publish:
    """What a build says of a publish."""
    return Publish(plan, read_contract(ROOT), SHEETS_OF, is_draft=False)


def keep(database: Path, new: Path, publish: Publish, limit: int = 100) -> None:
    """What a build does at its end: keep, put in place, complete."""
    keeping = Keeping(database, publish, limit)
    keeping.begin(new)
    os.replace(new, database)
    keeping.complete()
