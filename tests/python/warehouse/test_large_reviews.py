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
