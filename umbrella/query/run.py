"""Run statements one after the other and write each result."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

import duckdb

from umbrella.errors import UmbrellaError
from umbrella.query.writers import Writer


def run_script(connection: duckdb.DuckDBPyConnection, text: str, write: Writer) -> None:
    """Run every statement of `text`; raises UmbrellaError with DuckDB's message at the first error.

    A statement without a result (such as `set`) writes nothing.
    """
    try:
        for statement in connection.extract_statements(text):
            _run_stoppable(connection, partial(_run, connection, statement, write))
    except duckdb.Error as error:
        raise UmbrellaError(str(error)) from error


def _run_stoppable(connection: duckdb.DuckDBPyConnection, work: Callable[[], None]) -> None:
    """Run `work` in a thread of its own: a query in the main thread would keep Ctrl-C waiting."""
    with ThreadPoolExecutor(1) as worker:
        future = worker.submit(work)
        try:
            future.result()
        except KeyboardInterrupt:
            # More than once: the first request may come just before the query begins.
            while not future.done():
                connection.interrupt()
                wait([future], timeout=0.1)
            raise


def _run(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement, write: Writer) -> None:
    if _has_result(statement):
        write(connection.sql(statement.query))
    else:
        connection.execute(statement.query)


def _has_result(statement: duckdb.Statement) -> bool:
    """True for what is asked, false for what is set or made; `pivot` counts as several in one."""
    is_query = statement.expected_result_type == [duckdb.ExpectedResultType.QUERY_RESULT]
    return is_query or statement.type == duckdb.StatementType.MULTI
