"""Run statements one after the other and write each result."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import duckdb

from python_udfs.file_statements import UNKNOWN, kind
from python_udfs.refusals import SHELL, TOO_LONG, in_plain_words
from umbrella.errors import UmbrellaError
from umbrella.query.writers import Writer


@dataclass(frozen=True)
class Runner:
    """Runs statements on a connection and writes each result.

    A statement that takes longer than `timeout` seconds, its writing included, is stopped; 0 for
    no limit.
    """

    connection: duckdb.DuckDBPyConnection
    write: Writer
    timeout: float = 0

    def run(self, text: str) -> None:
        """Run every statement of `text`; raises UmbrellaError at the first that fails.

        A statement without a result (such as `set`) writes nothing.
        """
        try:
            for statement in self.connection.extract_statements(text):
                self._run_stoppable(statement)
        except duckdb.Error as error:
            raise UmbrellaError(in_plain_words(error, SHELL)) from error

    def _run_stoppable(self, statement: duckdb.Statement) -> None:
        """In a thread of its own: a query in the main thread would keep Ctrl-C and time waiting."""
        with ThreadPoolExecutor(1) as worker:
            future = worker.submit(self._run, statement)
            try:
                wait([future], timeout=self.timeout or None)
            except KeyboardInterrupt:
                self._stop(future)
                raise
            if not future.done():
                self._stop(future)
                if future.exception():
                    raise UmbrellaError(TOO_LONG.format(ways=SHELL))
            future.result()

    def _stop(self, future: Future[None]) -> None:
        # More than once: the first request may come just before the query begins.
        while not future.done():
            self.connection.interrupt()
            wait([future], timeout=0.1)

    def _run(self, statement: duckdb.Statement) -> None:
        if _has_result(statement):
            self.write(self.connection.sql(statement.query))
        else:
            self.connection.execute(statement.query)


def _has_result(statement: duckdb.Statement) -> bool:
    """True for what is asked, false for what is set or made; `pivot` counts as several in one."""
    if kind(statement) in ("MULTI", UNKNOWN):
        return kind(statement) == "MULTI"
    return statement.expected_result_type == [duckdb.ExpectedResultType.QUERY_RESULT]
