"""Helpers of the engine tests: connections with the functions, and many groups of studies."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest

import python_udfs


@pytest.fixture
def con():
    """An in-memory database with every function registered."""
    connection = python_udfs.register(duckdb.connect())
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def studies():
    """Arrow table of 5,000 groups of 0 to 15 studies: group_id, study_id, yi, vi, method."""
    rng = np.random.default_rng(20240101)
    sizes = rng.integers(0, 16, 5000)
    group = np.repeat(np.arange(5000), sizes)
    yi = rng.normal(0.3, 0.5, group.size)
    yi[rng.random(group.size) < 0.02] = np.nan
    return pa.table(
        {
            "group_id": group,
            "study_id": np.arange(group.size),
            "yi": pa.array(yi, from_pandas=True),
            "vi": rng.uniform(0.005, 0.3, group.size),
        }
    )


@pytest.fixture(scope="session")
def error_of():
    """``error_of(con, sql)``: message of the error that the statement raises."""

    def message(connection, sql):
        with pytest.raises(duckdb.Error) as caught:
            connection.execute(sql).fetchall()
        return str(caught.value)

    return message
