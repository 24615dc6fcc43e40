"""What is too large to be built says so before it starts."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("beyond", "found"), [(0, []), (1, [(MOST // 6 + 1, 6, MOST + 6 - MOST % 6)])]
)
def test_too_many_specifications_are_counted_from_the_sheets(beyond, found):
    """Two, three and one option are six specifications of each analysis."""
    query = re.sub(r'"\w+"\."\w+"\."(\w+)"', r"\1", steps()[GUARD].query)
    with duckdb.connect() as connection:
        connection.execute(
            "create table stg_protocol__multiverse_choices as "
            "select unnest(['a', 'a', 'b', 'b', 'b', 'c']) as choice"
        )
        connection.execute(
            "create table stg_protocol__analyses as "
            f"select 'smd' as scale from range({MOST // 6 + beyond - 10}) "
            "union all select 'logit' from range(10)"
        )
        rows = connection.execute(query).fetchall()
    assert [row[1:4] for row in rows] == found
    assert [(row[0], row[4]) for row in rows] == [("fct_multiverse", MOST)] * len(rows)


def test_no_step_of_the_multiverse_starts_before_they_are_counted():
    by_name = steps()
    multiverse = {name for name in by_name if name.startswith("int_multiverse_")}
    assert len(multiverse) == 6
    for name in (*multiverse, "fct_multiverse"):
        assert by_name[GUARD].id in by_name[name].after, name
