"""What a process may take, where DuckDB's own limits do not reach: a single value is made whole."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from umbrella import system

BESIDE = 1_000_000_000
"""Bytes that functions in Python and the printed result may take beside what DuckDB may."""

UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
"""As DuckDB writes its limit."""


@contextmanager
def memory_of_process(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let this process take no more than the limit of a connection and some more, on Linux.

    What goes beyond is an error of the query then: DuckDB counts tables and chunks of rows, but
    neither a single value, such as a list of a billion numbers, nor memory of Python.
    """
    with system.memory_limited(_limit(connection) + BESIDE):
        yield


def _limit(connection: duckdb.DuckDBPyConnection) -> int:
    query = "select system.main.current_setting('memory_limit')"
    ((written,),) = connection.execute(query).fetchall()
    number, unit = written.split()
    return round(float(number) * UNITS[unit])
