"""Rename every code of every vocabulary in a folder of sheets, wherever the sheets use it."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.python.conftest import ROOT
from umbrella.sheets.contract import read_contract

MARK = "7Q7"
"""Ends a renamed code: no sheet holds it, and codes keep their order."""

FIXED = {"review_kinds"}
"""Vocabularies whose codes the sheets describe as fixed."""


def rename_codes(folder: Path) -> int:
    """Rename the codes of all vocabularies in the sheets of `folder`; how many codes there are."""
    contract = {sheet.name: sheet for sheet in read_contract(ROOT)}
    codes = {
        name: {row["code"] for row in _rows(folder / sheet.file)}
        for name, sheet in contract.items()
        if sheet.folder == "vocabulary" and name not in FIXED
    }
    for name, sheet in contract.items():
        rows = _rows(folder / sheet.file)
        for row in rows:
            columns = dict(sheet.vocabularies)
            if name in codes:
                columns["code"] = name
            if name == "adjudications":
                of_field = contract["reported_effects"].vocabularies.get(row["field"])
                if of_field:
                    values = ("first_value", "second_value", "adjudicated_value")
                    columns |= dict.fromkeys(values, of_field)
            if name == "corrections":
                of_cell = contract[row["sheet"]].vocabularies.get(row["column_name"])
                if of_cell:
                    columns |= dict.fromkeys(("old_value", "new_value"), of_cell)
            for column, vocabulary in columns.items():
                if row[column] in codes.get(vocabulary, ()):
                    row[column] += MARK
        if rows:
            _write(folder / sheet.file, rows)
    return sum(map(len, codes.values()))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
