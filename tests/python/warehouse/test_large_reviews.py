"""What is too large to be built says so before it starts; the rest grows with the rows."""

from __future__ import annotations

import json
import re

import duckdb
import pytest

from tests.python.conftest import ROOT
from umbrella.building.compilation import plan_of
from umbrella.project import read_properties

pytestmark = pytest.mark.build

MOST = read_properties(ROOT / "dbt_project.yml")["vars"]["most_specifications"]
GUARD = "multiverse_can_be_built"


def steps():
    return {step.name: step for step in plan_of(ROOT).steps}


CHOICES = (
    "exclusion", "one_effect_rule", "selection_rule", "or_to_smd_rule", "overlap_handling",
    "tau2_method", "ci_method",
)  # fmt: skip


@pytest.mark.parametrize("beyond", [0, 1])
def test_too_many_specifications_are_counted(beyond):
    """Two estimators, three intervals, two ways with conversions; of a single result one."""
    query = re.sub(r'"\w+"\."\w+"\."(\w+)"', r"\1", steps()[GUARD].query)
    options = ["tau2_method"] * 2 + ["ci_method"] * 3 + [*CHOICES[:5]]
    n, singles = MOST // 12 + beyond, 4
    pooled = ", ".join(f"i < {n} as has_{choice}" for choice in CHOICES)
    with duckdb.connect() as connection:
        connection.execute(
            f"create table stg_protocol__multiverse_choices as select unnest({options}) as choice"
        )
        connection.execute(
            "create table int_multiverse_choices as "
            f"select i as analysis_id, {pooled} from range({n + singles}) as t (i)"
        )
        connection.execute(
            "create table int_multiverse_conversions as "
            f"select i as analysis_id from range({n + singles}) as t (i) "
            f"union all select i from range({n}) as t (i)"
        )
        rows = connection.execute(query).fetchall()
    total = 12 * n + singles
    counted = [("fct_multiverse", n + singles, 12, total, MOST)]
    assert [row[:5] for row in rows] == (counted if beyond else [])


def test_no_fit_of_the_multiverse_starts_before_they_are_counted():
    by_name = steps()
    for name in ("int_multiverse_fits", "fct_multiverse"):
        assert by_name[GUARD].id in by_name[name].after, name


MANY_ROWS = 1000
LONGEST_ROW = 1000
"""Bytes. With lists of keys it was four times as long, and longer in larger reviews."""


def operators(query: str, connection: duckdb.DuckDBPyConnection) -> list[dict]:
    """What each operator of a query handed on, which is alike at every run, unlike its seconds."""
    connection.execute("set enable_profiling = 'no_output'")
    connection.execute(f"create temp table result as {query}")
    open_ones = json.loads(connection.get_profiling_information("json"))["operator"]
    found = []
    while open_ones:
        found.append(open_ones.pop())
        open_ones += found[-1].get("children", [])
    return found


def test_no_cell_is_given_the_list_of_what_it_may_refer_to(shipped_database):
    """Each reference was once joined with all keys, to look in them for what was meant: the work
    grew with the square of the rows."""
    with duckdb.connect(str(shipped_database), read_only=True) as connection:
        handed_on = [
            (one["intermediate_rows"], one["intermediate_size_bytes"], one["type"])
            for one in operators(steps()["stg_sheet_faults"].query, connection)
        ]
    many = [(size / rows, kind) for rows, size, kind in handed_on if rows > MANY_ROWS]
    assert len(many) > 40
    assert max(many)[0] < LONGEST_ROW, max(many)
