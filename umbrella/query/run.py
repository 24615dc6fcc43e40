"""Run statements one after the other and write each result."""

import duckdb

from umbrella.errors import UmbrellaError
from umbrella.query.writers import Writer


def run_script(connection: duckdb.DuckDBPyConnection, text: str, write: Writer) -> None:
    """Run every statement of `text`; raises UmbrellaError with DuckDB's message at the first error.

    A statement without a result (such as `set`) writes nothing.
    """
    try:
        for statement in connection.extract_statements(text):
            if _has_result(statement):
                write(connection.sql(statement.query))
            else:
                connection.execute(statement.query)
    except duckdb.Error as error:
        raise UmbrellaError(str(error)) from error


def _has_result(statement: duckdb.Statement) -> bool:
    """True for what is asked, false for what is set or made; `pivot` counts as several in one."""
    is_query = statement.expected_result_type == [duckdb.ExpectedResultType.QUERY_RESULT]
    return is_query or statement.type == duckdb.StatementType.MULTI
