"""Columns of lists of lists and of labels arrive as the kernels take them."""

import numpy as np
import pyarrow as pa
import pytest

from python_udfs.arrow import (
    arrow_function,
    read_labels,
    read_lists,
    read_options,
    read_tables,
    write,
    write_field,
    write_numbers,
)
from python_udfs.catalogue import CATALOGUE, Field
from python_udfs.kernels.lists import Coded, Lists
from python_udfs.kernels.pooling.options import POOL_OPTIONS

NESTED = [[[1.0, 2.0], None, [3.0]], None, [], [[4.0, None]]]


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.list_(pa.float64())), pa.large_list(pa.large_list(pa.float32()))], ids=str
)
def test_tables(kind):
    tables = read_tables(pa.array([[[9.0]], *NESTED], kind).slice(1), "x")
    assert tables.offsets.tolist() == [0, 3, 3, 3, 4]
    assert tables.is_null.tolist() == [False, True, False, False]
    assert tables.inner.offsets.tolist() == [0, 2, 2, 3, 5]
    assert tables.inner.is_null.tolist() == [False, True, False, False]
    assert np.array_equal(tables.inner.values, [1, 2, 3, 4, np.nan], equal_nan=True)


def test_tables_of_fixed_size_and_of_nulls():
    kind = pa.list_(pa.list_(pa.float64(), 2), 1)
    tables = read_tables(pa.array([[[1.0, 2.0]], [[3.0, 4.0]]], kind), "x")
    assert tables.offsets.tolist() == [0, 1, 2]
    assert tables.inner.values.tolist() == [1, 2, 3, 4]
    nothing = read_tables(pa.nulls(2), "x")
    assert nothing.is_null.tolist() == [True, True]
    assert nothing.inner.values.size == 0


@pytest.mark.parametrize("kind", [pa.list_(pa.float64()), pa.large_list(pa.int32())], ids=str)
@pytest.mark.parametrize("rows", [[[1, 2], [], [3, None]], [[1, 2], None, [3, None]]], ids=str)
def test_lists_of_a_slice(kind, rows):
    lists = read_lists(pa.array([[8, 9], *rows, [7]], kind).slice(1, 3), "x")
    assert lists.offsets.tolist() == [0, 2, 2, 4]
    assert lists.is_null.tolist() == [row is None for row in rows]
    assert np.array_equal(lists.values, [1, 2, 3, np.nan], equal_nan=True)
    nothing = read_lists(pa.array([], kind), "x")
    assert (nothing.offsets.tolist(), nothing.values.size, nothing.is_null.size) == ([0], 0, 0)


def test_constant_options_are_those_of_each_row():
    given = {"tau2_method": "DL", "ci_level": 0.9, "pi_method": None}
    constant = read_options(pa.array([given] * 3), POOL_OPTIONS)
    varying = read_options(pa.array([given, given | {"tau2_method": "PM"}]), POOL_OPTIONS)
    for one, other, option in zip(constant, varying, POOL_OPTIONS, strict=True):
        assert one.tolist() == [other[0]] * 3, option.key
        assert one.dtype == other.dtype, option.key
    missing = read_options(pa.nulls(2, pa.array([given]).type), POOL_OPTIONS)
    assert [column.tolist() for column in missing] == [
        column.tolist() for column in read_options(pa.nulls(2), POOL_OPTIONS)
    ]
    for rows in (1, 3):  # an error is not remembered as a result
        wrong = pa.array([given | {"tau2_method": "XX"}] * rows)
        with pytest.raises(ValueError, match="unknown tau2_method 'XX'"):
            read_options(wrong, POOL_OPTIONS)


def test_labels_of_codes():
    field = Field("f", "VARCHAR", "text", "labels", ("a", "b"))
    for codes, texts in (([1, 1], ["b", "b"]), ([0, -1], ["a", None]), ([-1, -1], [None, None])):
        assert write_field(field, np.array(codes)).to_pylist() == texts
    assert write_field(field, np.array([], np.int64)).type == pa.string()


@pytest.mark.parametrize(
    "values", [["a", "b", "a", None], [7, 9, 7, None], [True, False, True, None]]
)
def test_labels(values):
    labels = read_labels(pa.array([values, None, values[1:2]]), "cluster")
    a, b, again, missing, alone = labels.codes
    assert a == again != b
    assert missing == -1
    assert alone == b
    assert labels.offsets.tolist() == [0, 4, 4, 5]
    assert labels.is_null.tolist() == [False, True, False]


@pytest.mark.parametrize(
    "column", [pa.array([1.0]), pa.array([[1.0]]), pa.array([[["a"]]])], ids=str
)
def test_what_is_no_table_is_refused(column):
    with pytest.raises(TypeError, match="x must be a list of"):
        read_tables(column, "x")


@pytest.mark.parametrize("column", [pa.array(["a"]), pa.array([["a"], [["b"]]][1:])], ids=str)
def test_what_is_no_list_of_labels_is_refused(column):
    with pytest.raises(TypeError, match="x must be a list of labels"):
        read_labels(column, "x")


def test_numbers_are_written_with_nulls_for_what_is_not_finite():
    values = np.array([1.0, np.nan, 2.0, np.inf, -np.inf, 3.0] * 3)
    expected = [1.0, None, 2.0, None, None, 3.0] * 3
    assert write_numbers(values).to_pylist() == expected
    assert write_numbers(values[::3]).to_pylist() == expected[::3]
    assert write_numbers(np.arange(3)).to_pylist() == [0.0, 1.0, 2.0]
    assert write_numbers(np.array([])).to_pylist() == []


@pytest.mark.parametrize("rows", [0, 1, 5, 13])
def test_doubles_of_a_struct_keep_their_own_nulls(rows):
    names = {"x": "DOUBLE", "n": "INTEGER", "y": "DOUBLE", "z": "DOUBLE"}
    fields = tuple(Field(name, kind, "1", name) for name, kind in names.items())
    x, n, y = np.arange(rows) + 0.5, np.arange(rows), np.full(rows, np.nan)
    z = np.where(n % 2 == 0, np.inf, x)
    written = write(fields, (x, n, y, z))
    assert written.to_pylist() == [
        {"x": i + 0.5, "n": i, "y": None, "z": None if i % 2 == 0 else i + 0.5} for i in range(rows)
    ]
    written.validate(full=True)


def test_labels_come_back_as_they_were():
    labels = read_labels(pa.array([["b", None], ["a", "b"]]), "group")
    field = Field("label", "VARCHAR[]", "text", "labels")
    lists = Lists(Coded(labels.codes, labels.texts), labels.offsets, np.array([False, False]))
    assert write_field(field, lists).to_pylist() == [["b", None], ["a", "b"]]
    hidden = lists._replace(is_null=np.array([True, False]))
    assert write_field(field, hidden).to_pylist() == [None, ["a", "b"]]


def test_counts_in_lists():
    lists = Lists(np.array([3, 1, 2]), np.array([0, 1, 3]), np.array([False, False]))
    field = Field("k", "INTEGER[]", "count", "studies")
    written = write_field(field, lists)
    assert (written.type, written.to_pylist()) == (pa.list_(pa.int32()), [[3], [1, 2]])


@pytest.mark.parametrize("chunked", [False, True])
def test_columns_encoded_as_dictionaries(chunked):
    """DuckDB's ENUM, also as an option, and numbers as Parquet readers can hand them over."""

    def column(values):
        array = pa.array([values[0], *values]).dictionary_encode().slice(1)
        return pa.chunked_array([array.slice(0, 1), array.slice(1)]) if chunked else array

    udf = next(entry for entry in CATALOGUE if entry.name == "effect_from_counts")
    plain = [pa.array(x) for x in ([1, 0, 3], [9, 9, 9], [2, 4, 0], [8, 8, 8])]
    names = ["OR", "RR", None]
    rules = ["all", None, "none"]
    options = pa.StructArray.from_arrays([pa.array(rules)], ["zero_cells"])
    encoded = pa.StructArray.from_arrays([pa.array(rules).dictionary_encode()], ["zero_cells"])
    expected = arrow_function(udf)(*plain, pa.array(names), options)
    columns = [column(values.to_pylist()) for values in plain]
    assert arrow_function(udf)(*columns, column(names), encoded).equals(expected)


def test_enum_through_sql(con):
    con.execute("create type form as enum ('LS', 'UB'); create type method as enum ('DL', 'REML')")
    row = con.execute("""
        select
            smd_from_means(10, 2, 30, 8, 2.5, 32, 'UB'::form).vi,
            pool([0.1, 0.8], [0.02, 0.05], {'tau2_method': 'DL'::method}).tau2
    """).fetchall()[0]
    assert (
        row
        == con.execute("""
        select
            smd_from_means(10, 2, 30, 8, 2.5, 32, 'UB').vi,
            pool([0.1, 0.8], [0.02, 0.05], {'tau2_method': 'DL'}).tau2
    """).fetchall()[0]
    )
