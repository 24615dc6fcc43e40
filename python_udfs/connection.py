"""A connection that reads the SQL it is given and refuses in words that help."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from python_udfs.file_statements import checked
from python_udfs.refusals import Ways, in_plain_words


@dataclass(frozen=True)
class Rules:
    """What holds for a connection and its cursors.

    ``database`` is the default database, as SQL writes it; where files are allowed, no statement
    writes over the file ``warehouse``.
    """

    database: str
    warehouse: Path | None
    allow_files: bool
    ways: Ways


class Connection:
    """A DuckDB connection, to be used as one: it has all of ``duckdb.DuckDBPyConnection``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
        self._connection = connection
        self._rules = rules
        connection.execute(f"use {rules.database}")

    def execute(self, query, *arguments, **named) -> "Connection":
        """Run statements; the result is fetched from the connection."""
        self._run(self._connection.execute, query, *arguments, **named)
        return self

    def executemany(self, query, *arguments, **named) -> "Connection":
        """Run a statement once for each set of values."""
        self._run(self._connection.executemany, query, *arguments, **named)
        return self

    def sql(self, query, *arguments, **named) -> duckdb.DuckDBPyRelation | None:
        """The result of a query as a relation, None for a statement without a result."""
        return self._run(self._connection.sql, query, *arguments, **named)

    query = from_query = sql

    def cursor(self) -> "Connection":
        """Another connection to the same warehouse, under the same rules."""
        return Connection(self._connection.cursor(), self._rules)

    duplicate = cursor

    def _run(self, method, query, *arguments, **named):
        try:
            if self._rules.allow_files:
                query = checked(self._connection, query, self._rules.warehouse)
            return method(query, *arguments, **named)
        except duckdb.Error as error:
            message = in_plain_words(error, self._rules.ways)
            if message == str(error):
                raise
            raise type(error)(message) from None

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_) -> None:
        self._connection.close()
