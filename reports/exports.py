"""Copy schema `reports` of the warehouse to files; nothing else of this package opens it.

The database is opened read-only with a plain client: the tables need no UDF.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from reports.contract import ORDER, REVIEW_COLUMNS, SCHEMA, TABLES
from reports.errors import ReportError
from reports.figure import Row

REVIEW_TABLE = "rpt_review"


@contextmanager
def open_warehouse(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse file read-only.

    Raises ReportError when the file is missing, is being written by another process, or is not
    a DuckDB database.
    """
    if not database.is_file():
        raise ReportError(f"There is no warehouse at {database}. Build it first: umbrella build")
    try:
        con = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise ReportError(f"The warehouse {database} cannot be opened: {error}") from error
    try:
        yield con
    finally:
        con.close()


def columns_by_table(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Column names of each table of schema `reports`."""
    rows = con.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = ? and database_name = current_database() "
        "order by table_name, column_index",
        [SCHEMA],
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def check_contract(found: dict[str, list[str]], database: Path) -> None:
    """Raise ReportError naming every table and column that a chart needs and that is not there."""
    missing = []
    for table in TABLES:
        if table.name not in found:
            missing.append(f"table {SCHEMA}.{table.name}, which {table.needed_by} needs")
            continue
        absent = [column for column in table.columns if column not in found[table.name]]
        missing.extend(
            f"column {SCHEMA}.{table.name}.{column}, which {table.needed_by} needs"
            for column in absent
        )
    if missing:
        listed = "\n".join(f"- {item}" for item in missing)
        raise ReportError(f"The warehouse {database} lacks:\n{listed}\nBuild it: umbrella build")


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def export_tables(database: Path, folder: Path) -> dict[str, Path]:
    """Export every table of schema `reports` to `folder` as Parquet, and as CSV for people.

    Returns the Parquet file of each table. Rows are ordered, so that equal tables give equal
    files. CSV is UTF-8 with a byte-order mark, which spreadsheets need to show accents.
    Raises ReportError when a table or a column that a chart needs is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open_warehouse(database) as con:
        found = columns_by_table(con)
        check_contract(found, database)
        return {name: export_table(con, name, folder) for name in found}


def export_table(con: duckdb.DuckDBPyConnection, name: str, folder: Path) -> Path:
    """Write one table as `<name>.parquet` and `<name>.csv`; returns the Parquet file."""
    order = ", ".join(quoted(column) for column in ORDER.get(name, ())) or "all"
    query = f"select * from {quoted(SCHEMA)}.{quoted(name)} order by {order}"
    target = folder / f"{name}.parquet"
    path = str(target).replace("'", "''")
    con.execute(f"copy ({query}) to '{path}' (format parquet)")
    rows = con.execute(query)
    header = [column[0] for column in rows.description]
    write_csv(folder / f"{name}.csv", header, rows.fetchall())
    return target


def write_csv(target: Path, header: list[str], rows: list[tuple[object, ...]]) -> Path:
    """Write rows for people: UTF-8 with a byte-order mark, empty cells for NULL."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return target


def read_tables(files: dict[str, Path]) -> dict[str, list[Row]]:
    """Read exported Parquet files as lists of rows by table name."""
    return {name: pq.read_table(path).to_pylist() for name, path in files.items()}


def read_review(database: Path) -> Row:
    """What the review is (title, question, ...), or an empty row when no table says so."""
    with open_warehouse(database) as con:
        row = first_row(con, SCHEMA, REVIEW_TABLE)
    return {column: row.get(column) for column in REVIEW_COLUMNS} if row else {}


def first_row(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> Row:
    """First row of a table, or an empty row when the table does not exist or is empty."""
    exists = con.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    if not exists or not exists[0]:
        return {}
    rows = con.execute(f"select * from {quoted(schema)}.{quoted(table)} order by all limit 1")
    names = [column[0] for column in rows.description]
    row = rows.fetchone()
    return dict(zip(names, row, strict=True)) if row else {}
