"""`umbrella export package`: each file is as the description says, and holds its table."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile

import duckdb
from typer.testing import CliRunner

from umbrella.app import app


def export(warehouse, target, *more: str):
    options = ("--to", target, "--database", warehouse, *more)
    return CliRunner().invoke(app, ["export", "package", *map(str, options)])


def test_files_are_as_they_are_described(warehouse, tmp_path):
    target = tmp_path / "package"
    done = export(warehouse, target, "--licence", "CC-BY-4.0", "--contributor", "Doe J")
    assert done.exit_code == 0, done.output
    package = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"] == [{"name": "CC-BY-4.0"}]
    assert package["contributors"] == [{"title": "Doe J", "role": "author"}]
    with duckdb.connect(str(warehouse), read_only=True) as con:
        tables = dict(
            con.execute(
                "select table_name, estimated_size from duckdb_tables() where schema_name = 'main'"
            ).fetchall()
        )
        faults = []
        assert {resource["name"] for resource in package["resources"]} == set(tables)
        for resource in package["resources"]:
            content = (target / resource["path"]).read_bytes()
            header, *rows = csv.reader(content.decode().splitlines(keepends=True))
            facts = {
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "rows": len(rows),
            }
            faults += [(resource["name"], key) for key, is_so in facts.items()
                       if resource[key] != is_so]  # fmt: skip
            fields = resource["schema"]["fields"]
            name = resource["name"]
            if header != [field["name"] for field in fields] or len(rows) != tables[name]:
                faults.append((name, "header or rows"))
            for place, field in enumerate(fields):
                values = [row[place] for row in rows if row[place]]
                if not all(fits(field["type"], value) for value in values):
                    faults.append((name, field["name"], field["type"]))
                if field.get("constraints") and len(values) < len(rows):
                    faults.append((name, field["name"], "empty"))
            key = [header.index(column) for column in resource["schema"].get("primaryKey", [])]
            if key and len({tuple(row[i] for i in key) for row in rows}) < len(rows):
                faults.append((name, "key"))
    assert faults == []


def fits(kind: str, value: str) -> bool:
    """Whether a cell is of a type of the Table Schema."""
    if kind == "boolean":
        return value in ("true", "false")
    if kind in ("integer", "number"):
        return float(value) is not None and (kind == "number" or value.lstrip("-").isdigit())
    if kind in ("array", "object"):
        return isinstance(json.loads(value), list if kind == "array" else dict)
    return True


def test_an_archive_is_the_same_each_time_and_spares_others(warehouse, tmp_path):
    target = tmp_path / "package.zip"
    done = export(warehouse, target, "--format", "parquet")
    assert done.exit_code == 0, done.output
    first = target.read_bytes()
    assert export(warehouse, target, "--format", "parquet").exit_code == 0
    assert target.read_bytes() == first
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        package = json.loads(archive.read("datapackage.json"))
        path = package["resources"][0]["path"]
        (tmp_path / "one.parquet").write_bytes(archive.read(path))
    assert package["licenses"] == [{"name": "CC0-1.0"}], "that of the sheet"
    assert len(names) == len(package["resources"]) + 2
    query = f"select count(*) from '{tmp_path / 'one.parquet'}'"
    with duckdb.connect() as connection:  # of its own: that of the module may be in use
        assert connection.execute(query).fetchall() == [(package["resources"][0]["rows"],)]
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mine.txt", "mine")
    done = export(warehouse, target)
    assert (done.exit_code, "It is left alone" in done.stderr) == (1, True)
    assert zipfile.ZipFile(target).namelist() == ["mine.txt"]
