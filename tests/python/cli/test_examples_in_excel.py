"""The reviews in examples/ typed again in a spreadsheet program: the same tables come of them."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.python.conftest import ROOT
from umbrella.project import project_dir
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract

EXAMPLES = ROOT / "examples"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
IMPORTS = {
    "metaumbrella": (),
    "metapsy": ("--condition", "dancing", "--meta-analysis", "Dancing"),
}


def records(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_workbook(path: Path) -> bytes:
    """Numbers as numbers, with the decimals that were typed as their format."""
    book = openpyxl.Workbook()
    for record in records(path):
        book.active.append([float(cell) if NUMBER.fullmatch(cell) else cell for cell in record])
        for cell, text in zip(book.active[book.active.max_row], record, strict=True):
            if NUMBER.fullmatch(text):
                decimals = len(text.partition(".")[2])
                cell.number_format = f"0.{'0' * decimals}" if decimals else "0"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_german_csv(path: Path) -> bytes:
    """Semicolons, decimal commas, a byte order mark and line ends of Windows."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows(
        [cell.replace(".", ",") if NUMBER.fullmatch(cell) else cell for cell in record]
        for record in records(path)
    )
    return file.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("example", ["risk-factors", "prevalence"])
@pytest.mark.parametrize("saved", [as_workbook, as_german_csv])
def test_sheets_saved_by_a_spreadsheet_program_hold_the_same(
    tmp_path, invoke, example: str, saved: Callable[[Path], bytes]
):
    typed, again = tmp_path / "typed", tmp_path / "again"
    assert invoke("new", typed, "--preset", example).exit_code == 0
    shutil.copytree(EXAMPLES / example, typed, dirs_exist_ok=True)
    shutil.copytree(typed, again)
    own = [path.relative_to(EXAMPLES / example) for path in (EXAMPLES / example).rglob("*.csv")]
    assert own
    for path in own:
        (again / path).write_bytes(saved(typed / path))
    contract = read_contract(project_dir())
    before, after = (check_sheets(folder, contract) for folder in (typed, again))
    assert after.problems == before.problems
    for sheet, table in before.as_read().items():
        found = after.as_read()[sheet]
        assert (found.header, found.rows) == (table.header, table.rows), sheet.name
    changed = {sheet.file for sheet, told in after.readings.items() if told}
    assert {str(path) for path in own} <= changed


@pytest.mark.parametrize("name", IMPORTS)
@pytest.mark.parametrize("saved", [as_workbook, as_german_csv])
def test_sheets_of_trials_saved_by_a_spreadsheet_program_hold_the_same(
    tmp_path, invoke, name: str, saved: Callable[[Path], bytes]
):
    table = EXAMPLES / "trials" / f"{name}.csv"
    again = tmp_path / "again" / table.name
    again.parent.mkdir()
    again.write_bytes(saved(table))
    for file, folder in ((table, "typed"), (again, "read")):
        done = invoke("import", name, file, tmp_path / folder, *IMPORTS[name])
        assert done.exit_code == 0, done.stdout + done.stderr
    for path in (tmp_path / "typed").rglob("*.csv"):
        other = tmp_path / "read" / path.relative_to(tmp_path / "typed")
        assert records(other) == records(path), path.name
