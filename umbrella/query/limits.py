"""What a process may take, where DuckDB's own limits do not reach: a single value is made whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

BESIDE = 1_000_000_000
"""Bytes that functions in Python and the printed result may take beside what DuckDB may."""

UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
"""As DuckDB writes its limit."""

MEMORY_OF_PROCESS = Path("/proc/self/status")


@contextmanager
def memory_of_process(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let this process take no more than the limit of a connection and some more, on Linux.

    What goes beyond is an error of the query then: DuckDB counts tables and chunks of rows, but
    neither a single value, such as a list of a billion numbers, nor memory of Python.
    """
    if not MEMORY_OF_PROCESS.is_file():
        yield
        return
    import resource

    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    limits = [_taken() + _limit(connection) + BESIDE, before, most]
    ours = min(limit for limit in limits if limit != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_DATA, (ours, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _taken() -> int:
    """Bytes of data of this process, as the system counts them against its limit."""
    lines = MEMORY_OF_PROCESS.read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) * 2**10 for line in lines if line.startswith("VmData"))


def _limit(connection: duckdb.DuckDBPyConnection) -> int:
    query = "select system.main.current_setting('memory_limit')"
    ((written,),) = connection.execute(query).fetchall()
    number, unit = written.split()
    return round(float(number) * UNITS[unit])
