"""The options that sheets may name in the multiverse are those that the kernels take."""

from __future__ import annotations

import ast
import re

import pytest

from python_udfs import CATALOGUE
from python_udfs.kernels.options import Choice
from tests.python.conftest import ROOT
from umbrella.project import read_properties

MACRO = (ROOT / "macros/checks/faults/multiverse_fault_ctes.sql").read_text(encoding="utf-8")
OPTIONS = ast.literal_eval(re.search(r"set options = (\{.*?\n\})", MACRO, re.DOTALL)[1])
SHEETS = read_properties(ROOT / "models/sheets/_protocol__sheets.yml")
ROWS = (ROOT / "models/intermediate/robustness/int_multiverse_rows.sql").read_text(encoding="utf-8")
# Which function pools depends on how overlap is handled, so both must know an option.
POOLS = [udf for udf in CATALOGUE if udf.name in ("pool", "pool_gls")]


def names(udf, key):
    """Names of one choice among the options of a function."""
    [found] = [
        option.names
        for argument in udf.arguments
        for option in argument.options
        if isinstance(option, Choice) and option.key == key
    ]
    return found


@pytest.mark.parametrize("key", ["tau2_method", "ci_method"])
def test_multiverse_takes_every_option_that_both_pools_know(key):
    assert len(POOLS) == 2
    first, second = (names(udf, key) for udf in POOLS)
    assert sorted(OPTIONS[key]) == sorted(set(first) & set(second))


@pytest.mark.parametrize("key", ["or_to_smd_rule", "overlap_handling"])
def test_multiverse_takes_every_option_of_a_policy(key):
    [policies] = [sheet for sheet in SHEETS["seeds"] if sheet["name"] == "policies"]
    [column] = [column for column in policies["columns"] if column["name"] == key]
    assert sorted(OPTIONS[key]) == sorted(column["config"]["meta"]["allowed"])


@pytest.mark.parametrize("key", ["exclusion", "one_effect_rule"])
def test_multiverse_takes_every_code_that_its_rows_explain(key):
    explained = re.search(rf"case \w+\.{key}\n(.*?)\n +end", ROWS, re.DOTALL)[1]
    assert sorted(OPTIONS[key]) == sorted(re.findall(r"when '(\w+)'", explained))
