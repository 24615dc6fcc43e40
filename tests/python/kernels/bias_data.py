"""Golden values of the small-study functions, and short calls of the functions."""

import json
from pathlib import Path

import pytest

from tests.python.cases import each

DATA = Path(__file__).parents[2] / "data"
DATA_SETS = sorted(
    path.stem for path in (DATA / "metafor").glob("dat.*.json") if path.stem != "dat.bcg_RR_first2"
)
each_data_set = each("name", DATA_SETS)


def golden_bias(part):
    """One file of tests/data/bias."""
    return json.loads((DATA / "bias" / f"{part}.json").read_text())


def effects(name):
    """(yi, vi) of a data set."""
    data = json.loads((DATA / "metafor" / f"{name}.json").read_text())
    return data["yi"], data["vi"]


def differing(result, expected, relative, absolute=0.0):
    """The fields of ``expected`` in which ``result`` is not equal within the tolerances."""
    out = {}
    for field, value in expected.items():
        got = result[field]
        if value is None or got is None:
            equal = value is None and got is None
        elif isinstance(value, str):
            equal = got == value
        else:
            equal = got == pytest.approx(value, rel=relative, abs=absolute)
        if not equal:
            out[field] = (got, value)
    return out
