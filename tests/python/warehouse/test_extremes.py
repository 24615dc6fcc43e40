"""The smallest and largest of values that may be NULL: DuckDB's own functions leave NULLs out."""

from __future__ import annotations

import re

import duckdb
import jinja2
import pytest

from tests.python.conftest import ROOT

MACROS = ROOT / "macros/engine/extremes.sql"
BARE = re.compile(r"(?<![\w.])(?:least|greatest)\(")
SQL = [
    path
    for folder in ("models", "macros", "tests/singular")
    for path in sorted((ROOT / folder).rglob("*.sql"))
    if path != MACROS
]


def value(call):
    macros = jinja2.Environment().from_string(MACROS.read_text(encoding="utf-8"))
    module = macros.make_module()
    name, *values = call
    return duckdb.execute(f"select {getattr(module, name)(values)}").fetchone()[0]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (("least_of", "30", "46"), 30),
        (("least_of", "30", "null"), None),
        (("least_of", "null", "1.0"), None),
        (("greatest_of", "30", "46", "2"), 46),
        (("greatest_of", "30", "46", "null"), None),
        (("least_known", "30", "null", "-1"), -1),
    ],
)
def test_null_in_null_out_unless_the_name_says_otherwise(call, expected):
    assert value(call) == expected


def test_models_call_no_extreme_that_drops_nulls():
    assert len(SQL) > 200
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in SQL
        for match in BARE.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.build
def test_no_choice_explains_the_variance_of_equal_estimates(shipped):
    flat = shipped.execute(
        "select analysis_id from fct_multiverse group by analysis_id "
        "having max(estimate) - min(estimate) < 1e-12 or max(estimate) is null"
    ).fetchall()
    assert flat
    shares = shipped.execute(
        "select share_of_variance from fct_multiverse_choices where analysis_id in "
        "(select unnest(?))",
        [[analysis for (analysis,) in flat]],
    ).fetchall()
    assert set(shares) == {(None,)}
