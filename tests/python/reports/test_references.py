"""The references of a site are read back by our own reader, and by JSON."""

import json
from pathlib import Path

import pytest

from reports.exports import open_tables
from reports.manuscript import tables as manuscript
from reports.manuscript.references import bibtex, csl_json, ris
from umbrella.importing.references import read_references


@pytest.fixture(scope="module")
def rows(shipped_database: Path) -> list[dict]:
    with open_tables(shipped_database) as tables:
        found = [*manuscript.included(tables), *manuscript.left_out(tables)]
    return [row for row in found if row["title"] or row["doi"]]


@pytest.mark.parametrize(("name", "write"), [("all.ris", ris), ("all.bib", bibtex)])
def test_what_is_written_is_read_back(rows, tmp_path, name, write) -> None:
    odd = {**rows[0], "meta_analysis_id": "a b", "title": "50% {of} A & B_2 # $5"}
    path = tmp_path / name
    path.write_text(write([*rows, odd]), encoding="utf-8", newline="")
    read = read_references([path])
    assert read.problems == []
    for row, found in zip([*rows, odd], read.references, strict=True):
        title = (row["title"] or "").replace("{", "").replace("}", "")
        got = found.title.replace("{", "").replace("}", "")
        assert (got, found.doi, found.year) == (
            title, (row["doi"] or "").lower(), str(row["year"] or "")
        ), row["meta_analysis_id"]  # fmt: skip
        assert found.journal == (row["journal"] or "")


def test_csl_json_has_what_the_sheet_has(rows) -> None:
    for row, found in zip(rows, json.loads(csl_json(rows)), strict=True):
        assert found["id"] == row["meta_analysis_id"]
        assert found.get("DOI") == (row["doi"] or None)
        if row["year"]:
            assert found["issued"] == {"date-parts": [[row["year"]]]}
        if row["first_author"]:
            name = found["author"][0]
            assert row["first_author"].startswith(name.get("family") or name["literal"])
