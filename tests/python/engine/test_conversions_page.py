"""Every number in the page of the conversions is what the function gives."""

import re
from pathlib import Path

import pytest

import python_udfs
from python_udfs.catalogue.correlations import CORRELATIONS
from python_udfs.catalogue.designs import DESIGNS
from python_udfs.catalogue.means import MEANS
from python_udfs.catalogue.recovery import RECOVERY
from python_udfs.catalogue.smd import SMD
from python_udfs.catalogue.spread import SPREAD
from tests.python.cases import each

PAGE = (Path(__file__).parents[3] / "docs" / "engine" / "conversions.md").read_text()
ROW = re.compile(r"^\| `(?P<call>\w+\(.*\))` \| .* \| (?P<gives>[^|]+) \| [^|]+ \|$", re.MULTILINE)
ELSEWHERE = {"smd_from_log_odds"}


@pytest.fixture(scope="module")
def shared_con():
    with python_udfs.connect(":memory:") as connection:
        yield connection


def test_every_function_has_an_example():
    functions = {udf.name for udf in (*SPREAD, *SMD, *MEANS, *CORRELATIONS, *DESIGNS, *RECOVERY)}
    shown = {call.split("(")[0] for call, _ in ROW.findall(PAGE)}
    assert shown == functions - ELSEWHERE


@each(("call", "gives"), ROW.findall(PAGE))
def test_example(shared_con, call, gives):
    row = shared_con.execute(f"select {call}").fetchall()[0][0]
    assert row["status"] == "ok"
    for part in gives.split(", "):
        field, printed = part.split(" ")
        value = row[field]
        if isinstance(value, float):
            assert f"{value:.6g}" == printed
        else:
            assert str(value).lower() == printed


def test_first_example(shared_con):
    sql, result = re.search(
        r"```sql\n(select .*?\n\)\.yi) +-- (\S+)\n```", PAGE, re.DOTALL
    ).groups()
    assert f"{shared_con.execute(sql).fetchall()[0][0]:.6f}" == result
