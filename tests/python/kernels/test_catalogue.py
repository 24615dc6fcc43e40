"""The catalogue is complete, and everything made from it is current."""

import re
import subprocess
import sys

import numpy as np
import pyarrow as pa

from python_udfs import CATALOGUE, catalogue
from python_udfs.arrow import arrow_function
from python_udfs.kernels.fingerprint import FOLDER
from python_udfs.kernels.labels import STATUSES
from tests.python.cases import each

SQL_TYPES = {"INTEGER", "INTEGER[]", "BOOLEAN", "BOOLEAN[]", "STRUCT"}
SQL_TYPES |= {"DOUBLE", "DOUBLE[]", "DOUBLE[][]", "VARCHAR", "VARCHAR[]"}
by_name = each("udf", CATALOGUE)


def test_names_are_unique():
    names = [udf.name for udf in CATALOGUE]
    assert len(set(names)) == len(names)


@by_name
def test_entry_is_complete(udf):
    assert udf.description
    assert udf.source
    for argument in udf.arguments:
        assert argument.description
        assert argument.type in SQL_TYPES
    for field in udf.returns:
        assert field.unit
        assert field.description
        assert field.type in SQL_TYPES
        assert field.labels or field.type != "VARCHAR"
        assert field.type.startswith("VARCHAR") or not field.labels
    if udf.returns[0].name:
        assert "status" in [field.name for field in udf.returns]


@by_name
def test_kernel_has_a_docstring_and_returns_what_the_entry_says(udf):
    assert udf.load_kernel().__doc__
    result = arrow_function(udf)(*[pa.nulls(3) for _ in udf.arguments])
    assert len(result) == 3
    if udf.returns[0].name:
        assert [field.name for field in result.type] == [field.name for field in udf.returns]
    for row in result.to_pylist():
        if isinstance(row, dict):
            assert row["status"] in ("no_data", "missing_input")
        else:
            assert row is None


@by_name
def test_every_choice_is_named_in_its_argument(udf):
    for argument in udf.arguments:
        choices = [argument.choice] if argument.choice else argument.options
        for choice in choices:
            for name in getattr(choice, "names", ()):
                assert name in argument.description


def test_every_status_is_named_by_a_function():
    fields = [field for udf in CATALOGUE for field in udf.returns if field.name == "status"]
    words = {word for field in fields for word in re.findall(r"\w+", field.description)}
    assert set(STATUSES) <= words


def test_table_of_functions():
    table = catalogue.as_arrow()
    columns = ["udf_name", "topic", "arguments", "returns", "unit", "description", "source"]
    columns += ["same_as"]
    assert table.column_names == columns
    assert table["udf_name"].to_pylist() == [udf.name for udf in CATALOGUE]
    filled = [table[name] for name in columns if name != "same_as"]
    assert all(column.null_count == 0 for column in filled)
    assert "estimate: unit of yi" in table["unit"][0].as_py()


def test_connecting_is_light():
    """Numba and SciPy are imported when a function is first called, not before."""
    code = """
import sys, python_udfs
heavy = lambda: [name for name in ("numba", "scipy") if name in sys.modules]
con = python_udfs.connect(":memory:")
print(heavy())
con.execute("select p_from_z(2)")
print(heavy())
"""
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=FOLDER.parents[1],
    )  # fmt: skip
    assert out.stdout.split("\n")[:2] == ["[]", "['numba', 'scipy']"]


def test_kernels_do_not_change_their_input():
    from python_udfs.kernels.lists import Lists
    from python_udfs.kernels.pooling.pool import pool

    values = np.array([0.1, 0.5, np.nan, 0.9])
    variances = np.array([0.1, 0.2, 0.3, 0.4])
    offsets, is_null = np.array([0, 4]), np.array([False])
    before = values.copy(), variances.copy()
    codes = [np.array([0])] * 3
    pool(
        Lists(values, offsets, is_null),
        Lists(variances, offsets, is_null),
        *codes,
        np.array([0.95]),
        np.array([0]),
    )
    assert np.array_equal(values, before[0], equal_nan=True)
    assert np.array_equal(variances, before[1])


@by_name
def test_every_effect_says_what_it_assumed(udf):
    fields = [field.name for field in udf.returns]
    if "yi" in fields:
        assert {"vi", "status", "assumption"} <= set(fields)
