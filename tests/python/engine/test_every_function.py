"""Every function of the catalogue: the same bits by SQL, in any batches, in any number of threads;
and every value of every option and choice changes something."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import duckdb
import pyarrow as pa
import pytest

import python_udfs
from python_udfs import CATALOGUE
from python_udfs.arrow import arrow_function
from tests.python.engine import samples

# equal by definition
SAME = [{"EB", "PM"}, {"<", "<="}, {">", ">="}]
OPTIONS = [(udf, option) for udf in CATALOGUE for option in samples.options_of(udf)]
CHOICES = [(udf, a.choice) for udf in CATALOGUE for a in udf.arguments if a.choice]


@pytest.fixture(scope="module")
def database():
    """One connection for all functions."""
    with python_udfs.register(duckdb.connect()) as connection:
        yield connection


@pytest.mark.parametrize("udf", CATALOGUE, ids=lambda udf: udf.name)
def test_sql_batches_and_threads_give_the_same_bits(database, udf):
    columns = [*samples.sample(udf).values()]
    if samples.options_of(udf):
        columns.append(samples.varied_options(udf, samples.ROWS))
    function = arrow_function(udf)
    expected = function(*columns)
    assert samples.ROWS > 2048
    table = pa.table({f"x{i}": column for i, column in enumerate(columns)})
    batches = pa.Table.from_batches(table.to_batches(max_chunksize=600))
    database.register("arguments", batches)
    call = f"select {udf.name}({', '.join(table.column_names)}) as result from arguments"
    for threads in (1, 4):
        database.execute(f"set threads = {threads}")
        found = database.sql(call).to_arrow_table()["result"].combine_chunks()
        assert found.cast(expected.type).equals(expected)
    with ThreadPoolExecutor(4) as workers:
        parts = [[c.slice(start, 700) for c in columns] for start in range(0, samples.ROWS, 700)]
        found = pa.concat_arrays(workers.map(lambda part: function(*part), parts))
    assert found.equals(expected)
    for row in (0, 1, 1234, samples.ROWS - 1):
        assert function(*(c.slice(row, 1) for c in columns)).equals(expected.slice(row, 1))
    assert len(function(*(c.slice(0, 0) for c in columns))) == 0


def results(udf, key, values):
    """What the function returns with each value, but for the words of the assumption."""
    columns = samples.sample(udf, 300)
    function = arrow_function(udf)
    for value in values:
        given = {key: value} | samples.companions(udf, key, value)
        rows = function(*samples.with_values(udf, columns, given)).to_pylist()
        yield value, [{k: v for k, v in row.items() if k != "assumption"} for row in rows]


@pytest.mark.parametrize(
    ("udf", "choice"), OPTIONS + CHOICES, ids=[f"{u.name}-{c.key}" for u, c in OPTIONS + CHOICES]
)
def test_no_value_of_an_option_or_choice_is_ignored(udf, choice):
    found = dict(results(udf, choice.key, samples.values_of(choice)))
    for one, other in combinations(found, 2):
        assert ({one, other} in SAME) == (found[one] == found[other]), (one, other)
