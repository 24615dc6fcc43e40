"""Run statements one after the other and write each result."""

import os
import re
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass

import duckdb

from python_udfs.file_statements import UNKNOWN, kind
from python_udfs.refusals import SHELL, TOO_LARGE, TOO_LONG, in_plain_words
from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.failures import FAILED
from umbrella.query.writers import Writer

GRACE = 5
"""Seconds in which a statement that is stopped must end; it ends with the program else."""

NO_TEXT = re.compile("[\ud800-\udfff]")
"""What Python makes of bytes that are no text in the encoding of the terminal."""

NOT_ENCODED = (
    "The query is no text in the encoding of this terminal: set it to UTF-8, for example with "
    "LC_ALL=C.UTF-8."
)

NOT_STOPPED = "The query did not stop when it was asked to, so the program ended."


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
        if not text.isascii() and NO_TEXT.search(text):
            raise UmbrellaError(NOT_ENCODED)
        try:
            for statement in self.connection.extract_statements(text):
                self._run_stoppable(statement)
        except duckdb.Error as error:
            raise UmbrellaError(in_plain_words(error, SHELL)) from error
        except MemoryError as error:
            raise UmbrellaError(TOO_LARGE.format(ways=SHELL)) from error

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
        last = time.monotonic() + GRACE
        # More than once: the first request may come just before the query begins.
        while not future.done():
            self.connection.interrupt()
            wait([future], timeout=0.1)
            if time.monotonic() > last:
                _end()

    def _run(self, statement: duckdb.Statement) -> None:
        if _has_result(statement):
            self.write(self.connection.sql(statement.query))
        else:
            sys.stdout.flush()  # a copy to standard output comes after what stands there
            self.connection.execute(statement.query)


def _end() -> None:
    """End the program in the middle of a query: a single huge value asks nobody while it is made.

    Nothing is lost, since the warehouse is only read.
    """
    with suppress(OSError):
        sys.stdout.flush()
    console.notice(NOT_STOPPED, style="bold red")
    os._exit(FAILED)


def _has_result(statement: duckdb.Statement) -> bool:
    """True for what is asked, false for what is set or made; `pivot` counts as several in one."""
    if kind(statement) in ("MULTI", UNKNOWN):
        return kind(statement) == "MULTI"
    return statement.expected_result_type == [duckdb.ExpectedResultType.QUERY_RESULT]
