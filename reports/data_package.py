"""The marts of a warehouse as a data package: files, and a description that programs read.

`datapackage.json` follows the Data Package and Table Schema specifications (version 1) of
Frictionless Data: each file with its size and checksum, each column with type, unit and whether it
is part of the key.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from reports.contract import MARTS, SCHEMA
from reports.errors import ReportError
from reports.exports import (
    SCRIPT,
    TableDescription,
    WarehouseTables,
    literal,
    open_tables,
    ordered_query,
    quoted,
)
from reports.figure import Row
from reports.file_list import digest
from reports.spreadsheets import INTEGERS, NUMBERS, as_text_in_sql
from reports.words import review_of

DESCRIPTION = "datapackage.json"
READ_ME_NAME = "README.md"
DATA = "data"
ANY = "any"
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
TYPES = {"varchar": "string", "boolean": "boolean", "date": "date", "timestamp": "datetime"}
TYPES |= dict.fromkeys(NUMBERS, "number")
TYPES |= dict.fromkeys((*INTEGERS, "integer", "uinteger"), "integer")
MARKED = (
    "In the CSV files a text that a spreadsheet program would run as a formula has an apostrophe "
    "before it, an empty cell is not known or does not apply, and lists are JSON."
)
UNNAMED = "Umbrella review"
ADDRESS = re.compile(r"https?://")
OPENED = (
    f"In this folder, `duckdb -init {SCRIPT}` opens all of them in DuckDB with their descriptions. "
    "R (arrow, nanoparquet) and Python (pandas, polars) read each file as it is.\n"
)
READ_ME = """# {title}

{question}

{note}

The tables of the review{place}; `{description}` describes each file and column.
{marked}

{citation}
{licence}
"""


@dataclass(frozen=True)
class Deposit:
    """What the package says of itself: the licence, if not that of the protocol, and who made it.

    `licence` is an SPDX identifier such as CC-BY-4.0, or the address of the licence.
    """

    licence: str | None = None
    contributors: Sequence[str] = ()


@dataclass(frozen=True)
class Written:
    """How many tables a package has, and the licence that it states."""

    tables: int
    licence: str | None


def write_package(database: Path, folder: Path, form: str, deposit: Deposit) -> Written:
    """Write the package into an empty folder, the tables as CSV or Parquet.

    Raises ReportError as `open_tables` does.
    """
    (folder / DATA).mkdir()
    with open_tables(database) as tables:
        keys = _keys(tables["dim_columns"], [MARTS])
        marts = [table for table in tables.found.values() if table.schema == MARTS]
        resources = []
        for table in marts:
            path = folder / DATA / f"{table.name}.{form}"
            _write_table(tables.con, table, path, form)
            resources.append(
                _resource(table, path, f"{DATA}/{path.name}", keys.get(table.name, {}))
            )
        review = review_of(tables)
    deposit = replace(deposit, licence=deposit.licence or review["licence"])
    built = datetime.fromtimestamp(database.stat().st_mtime, UTC).replace(microsecond=0)
    dated = {"created": built.isoformat().replace("+00:00", "Z")}
    _describe(folder, review, deposit, resources, form, dated)
    words = _read_me(review, deposit, f", in `{DATA}/`", MARKED if form == "csv" else "")
    (folder / READ_ME_NAME).write_text(words, encoding="utf-8")
    return Written(len(marts), deposit.licence)


def describe_files(tables: WarehouseTables, folder: Path) -> list[Path]:
    """Describe the Parquet files of a site where they are; returns the files of the package.

    They are dated by nothing, so that equal tables give equal descriptions. A column whose type a
    Table Schema does not know is of any type there.
    """
    keys = _keys(tables["dim_columns"], [MARTS, SCHEMA])
    paths = {name: folder / f"{name}.parquet" for name in tables.found}
    resources = [
        _resource(table, paths[name], paths[name].name, keys.get(name, {}), ANY)
        for name, table in tables.found.items()
    ]
    review = review_of(tables)
    deposit = Deposit(review["licence"])
    description = _describe(folder, review, deposit, resources, "parquet", {})
    read_me = folder / READ_ME_NAME.lower()  # as all files of a site are named
    read_me.write_text(_read_me(review, deposit, "", OPENED), encoding="utf-8")
    return [read_me, description, *paths.values()]


def _describe(
    folder: Path,
    review: Row,
    deposit: Deposit,
    resources: list[dict],
    form: str,
    dated: Mapping[str, str],
) -> Path:
    """Write the description of a package."""
    package = _package(review, deposit, resources, form, dated)
    text = json.dumps(package, ensure_ascii=False, separators=(",", ":"))
    (folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")
    return folder / DESCRIPTION


def _keys(columns: Iterable[Row], schemas: Sequence[str]) -> dict[str, dict[str, Row]]:
    """The declared columns of each table of some schemas."""
    found: dict[str, dict[str, Row]] = {}
    for row in columns:
        if row["table_schema"] in schemas:
            found.setdefault(row["table_name"], {})[row["column_name"]] = row
    return found


def _write_table(
    con: duckdb.DuckDBPyConnection, table: TableDescription, path: Path, form: str
) -> None:
    rows = ordered_query(table)
    if form == "csv":
        columns = ", ".join(_csv_column(column.name, column.data_type) for column in table.columns)
        rows = f"select {columns} from ({rows})"
    options = "format csv, header" if form == "csv" else "format parquet"
    con.execute(f"copy ({rows}) to {literal(path)} ({options})")


def _csv_column(name: str, data_type: str) -> str:
    if _type(data_type) in ("array", "object"):
        return f"to_json({quoted(name)})::varchar as {quoted(name)}"
    if _type(data_type) != "string":
        return quoted(name)
    return f"{as_text_in_sql(quoted(name), data_type)} as {quoted(name)}"


def _type(data_type: str, otherwise: str | None = None) -> str:
    """The type of a column in a Table Schema.

    Raises ReportError for one that has none where nothing is said of such, since a guess would make
    a package that is not valid.
    """
    if data_type.endswith("]"):
        return "array"
    plain = data_type.partition("(")[0].strip()
    if plain in ("map", "struct"):
        return "object"
    if plain not in TYPES and otherwise:
        return otherwise
    if plain not in TYPES:
        raise ReportError(f"A data package has no type for columns of the type {data_type}.")
    return TYPES[plain]


def _resource(
    table: TableDescription,
    path: Path,
    address: str,
    declared: dict[str, Row],
    otherwise: str | None = None,
) -> dict[str, Any]:
    form = path.suffix[1:]
    described = {
        "name": table.name,
        "path": address,
        "description": "\n\n".join(table.paragraphs),
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest(path)}",
        "rows": table.rows,
    }
    if form == "csv":
        described |= {"profile": "tabular-data-resource", "encoding": "utf-8"}
    key = [name for name, row in declared.items() if row["is_key"]]
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": column.name,
                "type": _type(column.data_type, otherwise),
                "description": " ".join(column.description.split()),
                **_constraints(declared.get(column.name)),
            }
            for column in table.columns
        ],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = key
    return described | {"schema": schema}


def _constraints(declared: Row | None) -> dict[str, Any]:
    """That a column is never empty, where it is so; a text that is no key may be so and known."""
    if declared is None or declared["is_nullable"]:
        return {}
    if declared["data_type"] == "varchar" and not declared["is_key"]:
        return {}
    return {"constraints": {"required": True}}


def _package(
    review: Row, deposit: Deposit, resources: list[dict], form: str, dated: Mapping[str, str]
) -> dict[str, Any]:
    told = MARKED if form == "csv" else None
    package: dict[str, Any] = {
        "profile": "tabular-data-package" if form == "csv" else "data-package",
        "name": _name(review["review_id"] or ""),
        "title": review["title"] or UNNAMED,
        "description": " ".join(filter(None, (review["question"], review["data_note"], told))),
        **dated,
        "keywords": ["umbrella review", "meta-analysis"],
    }
    if deposit.licence:
        is_address = ADDRESS.match(deposit.licence)
        package["licenses"] = [{"path" if is_address else "name": deposit.licence}]
    if deposit.contributors:
        package["contributors"] = [
            {"title": name, "role": "author"} for name in deposit.contributors
        ]
    if review["citation"]:
        source = {"title": review["citation"]}
        if review["doi"]:
            source["path"] = f"https://doi.org/{review['doi']}"
        package["sources"] = [source]
    return package | {"resources": resources}


def _name(code: str) -> str:
    """A name of lower-case letters, digits, points, dashes and underlines, as the format asks."""
    return re.sub(r"[^a-z0-9._-]+", "-", code.lower()).strip("-") or _name(UNNAMED)


def _read_me(review: Row, deposit: Deposit, place: str, marked: str) -> str:
    doi = f" https://doi.org/{review['doi']}" if review["doi"] else ""
    return READ_ME.format(
        title=review["title"] or UNNAMED,
        question=review["question"] or "",
        note=review["data_note"] or "",
        place=place,
        description=DESCRIPTION,
        marked=marked,
        citation=f"The review: {review['citation']}{doi}\n" if review["citation"] else "",
        licence=f"Licence: {deposit.licence}" if deposit.licence else "No licence is stated.",
    )
