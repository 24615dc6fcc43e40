"""Workbooks of OpenDocument and of Excel before 2007 say what the same workbook of Excel says.

`tests/data/books` holds one workbook as LibreOffice 7.4 saved it in each format.
"""

import io
import zipfile

import openpyxl
import pytest

from tests.python.conftest import ROOT
from umbrella.books.copies import beside, copy_of
from umbrella.sheets.problems import SheetProblem
from umbrella.sheets.workbook import read_workbook, read_worksheets

BOOKS = ROOT / "tests" / "data" / "books"
EFFECTS = [
    ["id", "estimate", "i2", "note", "date", "flag", "f"],
    ["A", "0.50", "68%", " two  spaces\nline", "2020-01-31", "TRUE", "2"],
    ["B", "1200", "50.0%", "=x", "2020-01-31T10:30:00", "FALSE", "1"],
    ["Ä", "-0.4", "", "", "10:30:00", "", ""],
    ["thousand", "1234567.50", "100%", "a", "", "", ""],
]
MANIFEST, CONTENT = "META-INF/manifest.xml", "content.xml"


def changed(old: bytes, new: bytes, part: str = CONTENT) -> bytes:
    """The OpenDocument file with a text of one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(BOOKS / "effects.ods") as found, zipfile.ZipFile(file, "w") as made:
        for name in found.namelist():
            text = found.read(name)
            assert name != part or old in text
            made.writestr(name, text.replace(old, new) if name == part else text)
    return file.getvalue()


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_all_kinds_of_workbooks_are_read_alike(ending):
    effects, far = read_worksheets((BOOKS / f"effects.{ending}").read_bytes(), "x")
    assert (effects.name, effects.records, effects.n_hidden) == ("Effects", EFFECTS, 1)
    assert (far.name, len(far.records), far.records[39]) == ("Far", 40, ["", "", "x"])


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_the_copy_of_any_workbook_can_be_written(tmp_path, ending):
    source = tmp_path / f"my.{ending}"
    source.write_bytes((BOOKS / f"effects.{ending}").read_bytes())
    with copy_of(source, "checked") as book:
        book["Effects"]["A2"].value = "marked"
    copy = beside(source, "checked")
    assert copy.name == "my.checked.xlsx"
    rows = [["marked", *row[1:]] if row[0] == "A" else row for row in EFFECTS]
    if ending != "xlsx":  # of Excel's own the copy keeps formulas, whose results are not its own
        assert read_worksheets(copy.read_bytes(), "x")[0].records == rows
    assert openpyxl.load_workbook(copy)["Effects"]["D3"].data_type == "s"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (
            changed(b"<manifest:manifest ", b"<manifest:encryption-data/><manifest:manifest ",
                    MANIFEST),
            "a workbook with a password",
        ),
        (
            changed(b'office:value-type="float" office:value="2" calcext:value-type="float"', b""),
            "formula whose result is not stored",
        ),
        (changed(b"<office:spreadsheet>", b"<office:spreadsheet"), "cannot be read"),
        (
            changed(b"<?xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><?xml"),
            "cannot be read",
        ),
        (
            changed(b'table:style-name="ce1"', b'table:number-columns-repeated="2000001"'),
            "more than 2,000,000 cells",
        ),
    ],
)  # fmt: skip
def test_an_open_document_that_cannot_be_taken_is_named(raw, problem):
    with pytest.raises(SheetProblem, match=problem):
        read_worksheets(raw, "x")


def test_merged_cells_of_an_open_document_are_named():
    raw = changed(b'table:style-name="ce3"', b'table:number-rows-spanned="2"')
    assert "merged cells: B5:B6" in read_worksheets(raw, "x")[0].problem.problem
    with pytest.raises(SheetProblem, match="worksheets with cells: Effects, Far"):
        read_workbook(raw, "x")
