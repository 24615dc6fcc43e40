"""A build that updates gives what a full build gives, and builds what depends on the change.

All sheets, not a sample: validation/random_updates.py.
"""

from __future__ import annotations

import csv
import random
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import ROOT
from umbrella.building.compilation import DATABASE_NAME, plan_of
from umbrella.building.stamp import is_all_current, stamp_of
from umbrella.sheets.sources import Sources
from validation import random_updates as updates

pytestmark = pytest.mark.build

N_SHEETS = 5

RELATION = re.compile(r'"umbrella"\."(\w+)"\."(\w+)"')


@pytest.fixture
def database(tmp_path, shipped_database) -> Path:
    """A copy of the warehouse of the shipped sheets."""
    return Path(shutil.copy2(shipped_database, tmp_path / DATABASE_NAME))


def test_every_table_that_a_step_reads_is_one_of_its_inputs():
    plan = plan_of(ROOT)
    tables = {step.id: (step.schema, step.name) for step in plan.steps}
    n_read = 0
    for step in plan.steps:
        read = set(RELATION.findall(step.query))
        n_read += len(read)
        assert read <= {tables[name] for name in step.inputs}, step.name
    assert n_read > len(plan.steps)


def test_updates_equal_a_full_build(tmp_path, copied_sheets, database):
    chance = random.Random("a sample of sheets")
    names = sorted(path.relative_to(copied_sheets) for path in copied_sheets.glob("*/*.csv"))
    changed = list(
        updates.random_updates(copied_sheets, database, chance.sample(names, N_SHEETS), chance)
    )
    assert sum(outcome.is_ok for _, outcome in changed) > N_SHEETS / 2, changed
    full = tmp_path / "full" / DATABASE_NAME
    assert updates.build(copied_sheets, full).is_ok
    assert updates.different_tables(database, full) == []


def test_a_changed_remark_builds_next_to_nothing(copied_sheets, database):
    path = copied_sheets / "extraction" / "reported_effects.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows[0][header.index("notes")] += " (seen again)"
    updates.write(path, header, rows)
    outcome = updates.build(copied_sheets, database)
    assert outcome.is_ok
    assert outcome.counts["built"] < 20
    assert outcome.counts["unchanged"] > 200


def test_nothing_is_due_after_a_build_and_something_after_a_change(
    copied_sheets, shipped_sheets, shipped_database
):
    plan = updates.plan_without_tests()
    shipped = updates.cells(shipped_sheets)
    stamp = stamp_of(shipped_database, plan, shipped)
    assert is_all_current(plan, stamp, stamp.sources)
    assert not is_all_current(plan, stamp, Sources("another folder", stamp.sources.checksum))
    updates.change_one_cell(copied_sheets / "extraction/meta_analyses.csv", random.Random(1))
    changed = updates.cells(copied_sheets)
    assert changed != shipped
    assert not is_all_current(plan, stamp_of(shipped_database, plan, changed), stamp.sources)


def test_a_database_that_no_build_completed_is_not_updated(tmp_path, shipped_sheets, database):
    plan, sheets = updates.plan_without_tests(), updates.cells(shipped_sheets)
    assert stamp_of(database, plan, sheets) is not None
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table build.steps")
    assert stamp_of(database, plan, sheets) is None
    assert stamp_of(tmp_path / "none.duckdb", plan, sheets) is None
