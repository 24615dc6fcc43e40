"""The comparison with R on generated data: it notices what differs (R itself is not needed)."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest

from python_udfs.connect import connect

PATH = Path(__file__).parents[3] / "validation" / "compare_generated.py"
SPEC = importlib.util.spec_from_file_location("compare_generated", PATH)
validation = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(validation)


@pytest.mark.parametrize("kind", validation.KINDS)
def test_every_quantity_comes_through_sql(kind):
    data = validation.generate(kind, np.random.default_rng(1))
    found = validation.through_sql(connect(":memory:"), data)
    again = validation.generate(kind, np.random.default_rng(1))
    assert data == again
    optional = {"KR_low", "KR_high", "pi_KR_low", "pi_KR_high", "puniform_height"}
    assert {name for name, value in found.items() if value is None} <= optional
    fits = {name: value for name, value in found.items() if value is not None}
    fits |= {"puniform_away": False}
    sizes = validation.compare([data], [found], [fits])
    assert max(size for pairs in sizes.values() for size, _ in pairs) == 0.0
    moved = fits | {"HK_low": fits["HK_low"] + 1.0}
    assert validation.compare([data], [found], [moved])["HK_low"][0][0] > 0.1


def test_a_number_that_only_r_has_is_a_difference():
    assert validation.difference("HK_low", None, 1.0, 0.1) == math.inf


def test_a_lower_likelihood_is_a_difference():
    theirs = {"puniform_height": 1.0, "puniform_away": False}
    ok = {"puniform_status": "ok", "puniform_height": 1.0}
    assert validation.shortfall(ok, theirs) == 0.0
    assert validation.shortfall(ok | {"puniform_height": 0.5}, theirs) == 0.5
    lost = {"puniform_status": "not_identified", "puniform_height": None}
    assert validation.shortfall(lost, theirs) == math.inf
    assert validation.shortfall(lost, theirs | {"puniform_away": True}) == 0.0
