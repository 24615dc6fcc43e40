"""Helpers shared by the kernel tests: calling a function by name, and the golden files."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from python_udfs import CATALOGUE
from python_udfs.arrow import arrow_function

GOLDEN = Path(__file__).parents[2] / "data" / "metafor"
NOT_DATA_SETS = {"conversions", "subgroups", "versions"}
ARROW_TYPES = {
    "DOUBLE": pa.float64(),
    "DOUBLE[]": pa.list_(pa.float64()),
    "DOUBLE[][]": pa.list_(pa.list_(pa.float64())),
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
}


def read_golden(name):
    """One golden file as a dictionary."""
    return json.loads((GOLDEN / f"{name}.json").read_text())


def read_binary_golden(name):
    """One golden file of binary outcomes as a dictionary."""
    return json.loads((GOLDEN.parent / "binary" / f"{name}.json").read_text())


def golden_names():
    """Names of the data sets with golden values."""
    return sorted(path.stem for path in GOLDEN.glob("*.json") if path.stem not in NOT_DATA_SETS)


def call_function(name, *columns):
    """Call a function of the catalogue directly, with Python lists; a list of Python results."""
    udf = next(entry for entry in CATALOGUE if entry.name == name)
    arrays = [
        pa.array(column, ARROW_TYPES.get(argument.type))
        for argument, column in zip(udf.arguments, columns, strict=False)
    ]
    return arrow_function(udf)(*arrays).to_pylist()


def pool_one(yi, vi, **options):
    """Pool one list of effects; a dictionary of the returned fields."""
    columns = ([list(yi)], [list(vi)], [options]) if options else ([list(yi)], [list(vi)])
    return call_function("pool", *columns)[0]


@pytest.fixture(scope="session")
def call():
    """``call(name, *columns)``: a function of the catalogue on Python lists, one per argument."""
    return call_function


@pytest.fixture(scope="session")
def pool():
    """``pool(yi, vi, **options)``: one meta-analysis as a dictionary."""
    return pool_one


@pytest.fixture(scope="session")
def golden():
    """``golden(name)``: a golden file of tests/data/metafor."""
    return read_golden


@pytest.fixture(scope="session")
def binary_golden():
    """``binary_golden(name)``: a golden file of tests/data/binary."""
    return read_binary_golden


@pytest.fixture(scope="session")
def data_sets():
    """Names of the data sets with golden values."""
    return golden_names()


def pytest_generate_tests(metafunc):
    """Run a test once per golden data set when it asks for ``dataset``."""
    if "dataset" in metafunc.fixturenames:
        metafunc.parametrize("dataset", golden_names())
    for fixture, file in (("table_set", "effects"), ("proportion_set", "proportions")):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, sorted(read_binary_golden(file)))
