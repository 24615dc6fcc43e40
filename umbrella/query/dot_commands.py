"""The commands of the prompt that begin with a dot."""

import difflib

import duckdb

from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.query.writers import Writer

HELP = """\
.tables        list the tables of the warehouse
.schema NAME   columns of one table, with their types
.help          this list
.quit          leave (Ctrl-D does the same)
A query may span lines and ends with a semicolon. It reaches no file and no network;
umbrella sql --allow-files opens files, --timeout and --memory set other limits."""

TABLES = """
    select schema_name as "schema", table_name as "table", estimated_size as n_rows
    from duckdb_tables()
    where database_name = current_database()
    order by all
"""

COLUMNS = """
    select schema_name as "schema", table_name as "table", column_name as "column", data_type
    from duckdb_columns()
    where not internal and (table_name = $name or schema_name || '.' || table_name = $name)
    order by schema_name, table_name, column_index
"""


def is_dot_command(line: str) -> bool:
    """True for a line such as `.tables`."""
    return line.lstrip().startswith(".")


def run_dot_command(connection: duckdb.DuckDBPyConnection, line: str, write: Writer) -> bool:
    """Run one dot command; returns False when it asks to leave.

    Raises UmbrellaError for a command or a table that does not exist.
    """
    name, _, argument = line.strip().rstrip(";").partition(" ")
    if name in (".quit", ".exit"):
        return False
    if name == ".help":
        console.line(HELP)
    elif name == ".tables":
        write(connection.sql(TABLES))
    elif name == ".schema":
        _schema(connection, argument.strip(), write)
    else:
        raise UmbrellaError(f"No command {name}; .help lists them.")
    return True


def _schema(connection: duckdb.DuckDBPyConnection, name: str, write: Writer) -> None:
    if not name:
        raise UmbrellaError("Which table? For example: .schema fct_pooled_effects")
    if not connection.execute(COLUMNS, {"name": name}).fetchall():
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        near = difflib.get_close_matches(name, [table for (table,) in tables], n=1)
        hint = f"Did you mean {near[0]}?" if near else ".tables lists them."
        raise UmbrellaError(f"No table {name}. {hint}")
    write(connection.sql(COLUMNS, params={"name": name}))
