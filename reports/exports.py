"""Copy the marts and the reports of a warehouse to files; nothing else of this package opens it.

The database is opened read-only with a plain client: the tables need no UDF.
"""

import csv
import gzip
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from python_udfs.whole import WarehouseError, open_whole
from reports.contract import MARTS, ROW_ORDER, SCHEMA, lacking
from reports.errors import ReportError
from reports.figure import Row
from reports.formats import sql_text
from reports.spreadsheets import as_text, as_text_in_sql

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SCRIPT, ARCHIVE, WORKBOOK = "umbrella.sql", "everything.zip", "main-results.xlsx"
"""Files that hold all tables, or the main results."""
REFERENCES = {
    "references.ris": "References of all meta-analyses, for reference managers (RIS)",
    "references.bib": "The same for BibTeX",
    "references.json": "The same as CSL-JSON",
}
"""Files of the references of all meta-analyses, with what they hold."""
CITED = {"cite.ris": "RIS", "cite.bib": "BibTeX"}
"""Files that cite the review and its site, with what they are called."""
OPENING = (
    ("DuckDB, in a terminal", f"duckdb -init {SCRIPT}"),
    (
        "Python",
        "import duckdb, pathlib; db = duckdb.connect(); "
        f"db.execute(pathlib.Path('{SCRIPT}').read_text('utf-8'))",
    ),
    (
        "R",
        "library(duckdb); db <- dbConnect(duckdb()); "
        f"dbExecute(db, paste(readLines('{SCRIPT}', encoding = 'UTF-8'), collapse = '\\n'))",
    ),
)
"""How to open all tables, in the folder of the unpacked archive."""
# Of CSV that people open in a spreadsheet; what is larger is compressed.
MOST_PLAIN_BYTES = 100_000
# Of compressed CSV; a table that is larger than this has its Parquet file alone.
MOST_PACKED_BYTES = 500_000
FILES_OF_A_TABLE = 2
PARQUET = "format parquet, compression zstd, compression_level 15"


@dataclass(frozen=True)
class ColumnDescription:
    """A column: its name, type, and what it holds."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class TableDescription:
    """A table: where it is, how many rows it has, what one row is, and its columns."""

    schema: str
    name: str
    rows: int
    description: str
    columns: tuple[ColumnDescription, ...]

    @property
    def paragraphs(self) -> list[str]:
        """The description in paragraphs, without the marks of Markdown."""
        plain = self.description.replace("**", "").replace("`", "")
        return [" ".join(part.split()) for part in plain.split("\n\n") if part.strip()]

    @property
    def quoted(self) -> str:
        """The name with its schema, as SQL identifiers."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"


class WarehouseTables(Mapping[str, list[Row]]):
    """Tables of an open warehouse by name, each read once, when first asked for."""

    def __init__(self, con: duckdb.DuckDBPyConnection, found: Sequence[TableDescription]) -> None:
        self.con = con
        self.found = {table.name: table for table in found}
        self.read: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        if name not in self.read:
            rows = self.con.execute(ordered_query(self.found[name]))
            columns = [column[0] for column in rows.description]
            self.read[name] = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


@contextmanager
def open_warehouse(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse file read-only.

    Raises ReportError when the file is missing, is being written by another process, is not a
    DuckDB database, or is one that no build has completed.
    """
    if not database.is_file():
        raise ReportError(f"There is no warehouse at {database}. Build it first: umbrella build")
    try:
        con = open_whole(database)
    except WarehouseError as error:
        raise ReportError(str(error)) from error
    try:
        yield con
    finally:
        con.close()


@contextmanager
def open_tables(database: Path) -> Iterator[WarehouseTables]:
    """The tables of a warehouse, read-only.

    Raises ReportError as `open_warehouse` does, and for a warehouse of another version.
    """
    with open_warehouse(database) as con:
        found = describe_tables(con)
        check_contract(found, database)
        yield WarehouseTables(con, found)


def describe_tables(con: duckdb.DuckDBPyConnection) -> tuple[TableDescription, ...]:
    """Every table of the marts and of the reports, with the descriptions stored beside them."""
    columns: dict[tuple[str, str], list[ColumnDescription]] = {}
    for schema, table, name, data_type, comment in con.execute(
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
        "where database_name = current_database() order by table_name, column_index"
    ).fetchall():
        found = columns.setdefault((schema, table), [])
        found.append(ColumnDescription(name, data_type.lower(), comment or ""))
    tables = con.execute(
        "select schema_name, table_name, comment from duckdb_tables() "
        "where database_name = current_database() and schema_name in (?, ?) "
        "order by schema_name, table_name",
        [MARTS, SCHEMA],
    ).fetchall()
    return tuple(
        TableDescription(
            schema=schema,
            name=name,
            rows=count_rows(con, f"{quoted(schema)}.{quoted(name)}"),
            description=(comment or "").strip(),
            columns=tuple(columns[schema, name]),
        )
        for schema, name, comment in tables
    )


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table, named as SQL identifiers."""
    return con.execute(f"select count(*) from {table}").fetchone()[0]


def check_contract(found: Sequence[TableDescription], database: Path) -> None:
    """Raise ReportError naming every declared table and column that is not there as declared."""
    types = {(t.schema, t.name): {c.name: c.data_type for c in t.columns} for t in found}
    listed = [f"- {item}" for item in lacking(types)]
    if listed:
        raise ReportError(
            f"The warehouse {database} was not built by this version of umbrella-warehouse. It "
            "lacks:\n" + "\n".join(listed) + "\nBuild it again: umbrella build"
        )


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def export_tables(
    tables: WarehouseTables, folder: Path, before: Path | None = None, same: Collection[str] = ()
) -> list[Path]:
    """Export every table of the marts and reports to `folder` as Parquet, and as CSV for people.

    before  folder of an earlier export, from which the files of the tables `same` are taken

    Returns the files. Rows are ordered, so that equal tables give equal files. CSV is UTF-8 with
    a byte-order mark, which spreadsheets need to show accents; above MOST_PLAIN_BYTES it is
    compressed with gzip, and left out where it is above MOST_PACKED_BYTES even so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = {name: taken_over(name, before, folder) for name in same} if before else {}
    return [
        path
        for table in tables.found.values()
        for path in taken.get(table.name) or export_table(tables.con, table, folder)
    ]


def taken_over(table: str, before: Path, folder: Path) -> list[Path]:
    """The files of a table from an earlier export, linked or copied; none unless all are there."""
    files = [path for path in before.glob(f"{table}.*") if path.name in names_of(table)]
    if len(files) != FILES_OF_A_TABLE:
        return []
    for path in files:
        try:
            os.link(path, folder / path.name)
        except OSError:  # no links on this file system
            shutil.copy2(path, folder / path.name)
    return [folder / path.name for path in sorted(files)]


def names_of(table: str) -> set[str]:
    """The names that the files of a table may have; one of CSV is there, or none."""
    return {f"{table}.{ending}" for ending in ("parquet", "csv", "csv.gz")}


def ordered_query(table: TableDescription) -> str:
    """All rows of a table, always in the same order."""
    order = ", ".join(quoted(column) for column in ROW_ORDER.get(table.name, ())) or "all"
    return f"select * from {table.quoted} order by {order}"


def export_table(
    con: duckdb.DuckDBPyConnection, table: TableDescription, folder: Path
) -> list[Path]:
    """Write one table as `<name>.csv`, or `<name>.csv.gz`, or neither, and `<name>.parquet`.

    Parquet holds what the table holds; in CSV no spreadsheet runs a text (`reports.spreadsheets`).
    """
    columnar, plain = (folder / f"{table.name}.{ending}" for ending in ("parquet", "csv"))
    con.execute(f"copy ({ordered_query(table)}) to {literal(columnar)} ({PARQUET})")
    con.execute(
        # A folder above the file, such as `year=2026`, is no column of it.
        f"copy (select {columns_as_text(table)} "
        f"from read_parquet({literal(columnar)}, hive_partitioning = false)) "
        f"to {literal(plain)} (format csv, header)"
    )
    plain.write_bytes(BYTE_ORDER_MARK + plain.read_bytes())
    return [*compressed_if_large(plain), columnar]


def columns_as_text(table: TableDescription) -> str:
    """The columns of a table for CSV, as an SQL list."""
    return ", ".join(
        f"{as_text_in_sql(quoted(column.name), column.data_type)} as {quoted(as_text(column.name))}"
        for column in table.columns
    )


def compressed_if_large(plain: Path) -> list[Path]:
    """A file, in its place the compressed one where it is large, or none where that is, too."""
    if plain.stat().st_size <= MOST_PLAIN_BYTES:
        return [plain]
    target = plain.with_name(f"{plain.name}.gz")
    # Without a name and a time, so that equal tables give equal files.
    with target.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as file:
        file.write(plain.read_bytes())
    plain.unlink()
    if target.stat().st_size > MOST_PACKED_BYTES:
        target.unlink()
        return []
    return [target]


def write_script(tables: Iterable[TableDescription], target: Path) -> Path:
    """Write the SQL that makes a DuckDB database of the Parquet files beside it.

    Its tables have the names, schemas and descriptions of the warehouse. Any client of DuckDB 1.2
    or newer runs it, in the folder of the files.
    """
    tables = list(tables)
    schemas = dict.fromkeys(table.schema for table in tables)
    lines = [f"create schema if not exists {quoted(schema)};" for schema in schemas]
    for table in tables:
        file = literal(Path(f"{table.name}.parquet"))
        # A folder above the file, such as `year=2026`, is no column of it.
        lines.append(
            f"create or replace table {table.quoted} as "
            f"from read_parquet({file}, hive_partitioning = false);"
        )
        lines.extend(comments(table))
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return target


def comments(table: TableDescription) -> Iterator[str]:
    """Statements that store the descriptions of a table."""
    yield f"comment on table {table.quoted} is {sql_text(table.description)};"
    for column in table.columns:
        text = sql_text(column.description)
        yield f"comment on column {table.quoted}.{quoted(column.name)} is {text};"


def write_csv(target: Path, header: list[str], rows: list[tuple[object, ...]]) -> Path:
    """Write rows for people: UTF-8 with a byte-order mark, empty cells for NULL, no formulas."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in (header, *rows):
            writer.writerow(as_text(cell) if isinstance(cell, str) else cell for cell in row)
    return target
