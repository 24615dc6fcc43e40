"""Sheets of other programs as other programs write them: separators, numbers, workbooks."""

from __future__ import annotations

import csv

import pytest
from openpyxl import Workbook

from tests.python.cli.test_import import DATA, rows, run
from umbrella.sheets.numerals import Numerals
from umbrella.sheets.problems import SheetProblem
from umbrella.sheets.reading import read_table

TRIALS = "extraction/primary_studies.csv"


def read(cells: list[str], cell: str, *, is_whole: bool = False):
    """A cell of the column x, which holds the other cells, too."""
    return Numerals.of(["x"], [[one] for one in cells]).read("x", cell, is_whole=is_whole)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0.45", "0.45"), ("\u22120.45", "-0.45"), ("\u20130.45", "-0.45"), (" 0.45\u00a0", "0.45"),
        ("+0.45", "+0.45"), (".45", ".45"), ("4.5e-1", "4.5e-1"), ("0,45", "0.45"),
        ("\u2212 0,45", "-0.45"), ("0,450", "0.450"), ("1.234.567,8", "1234567.8"),
        ("1,234,567", "1234567"), ("1 234,5", "1234.5"), ("1.234", "1.234"), ("40", "40"),
        ("0.45*", "0.45"), ("0\u00b745", "0.45"),
    ],
)  # fmt: skip
def test_a_number_that_can_be_read_in_one_way_is_read(cell, number):
    found = read([cell], cell)
    assert (found.text, found.problem) == (number, "")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("0.45a", "not a number: 'a' after it"), ("0.45 (0.2)", "not a number: ' (0.2)' after it"),
        ("\u221e", "not a number"), ("0\u00b7x", "not a number: '\u00b7x' after it"),
        ("1,234", "a number that can be read in two ways: 1234 or 1.234"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_named(cell, problem):
    found = read([cell], cell)
    assert (found.text, found.problem) == ("", problem)


def test_other_numbers_decide_between_two_readings():
    assert read(["0,5", "1,234"], "1,234").text == "1.234"
    assert read(["1,234.5", "1,234"], "1,234").text == "1234"
    assert read(["0,5", "1.234"], "1.234").text == "1234"
    assert read(["0,5", "0.5", "1,234"], "1,234").problem.startswith("a number that can be read in")
    # People are counted in whole numbers.
    assert read(["1,234"], "1,234", is_whole=True).text == "1234"


def test_semicolons_decimal_commas_and_older_names_are_read_and_told(tmp_path):
    done = run("import", "metapsy", DATA / "metapsy_semicolons.csv", tmp_path / "mine")
    assert done.returncode == 0, done.stderr
    assert "Read as cells separated by semicolons" in done.stdout
    assert "Read decimal commas in mean_arm1 (2), sd_arm1 (3), mean_arm2 (3), sd_arm2 (3)" in (
        " ".join(done.stdout.split())
    )
    assert "Read thousands grouped by points in rand_arm2 (1)" in done.stdout
    ilves, juul, kask = rows(tmp_path / "mine", TRIALS)
    assert (ilves["mean_intervention"], ilves["sd_control"]) == ("12.94", "4.18")
    assert [row["guidance"] for row in (ilves, juul, kask)] == ["guided", "unguided", "guided"]
    assert [row["risk_of_bias"] for row in (ilves, juul, kask)] == ["some_concerns", "high", "low"]
    assert (kask["randomised_control"], kask["dropout_control"]) == ("1090", "27")


def test_a_line_that_names_the_separator_is_no_row(tmp_path):
    text = (DATA / "metaumbrella.csv").read_text(encoding="utf-8")
    sheet = tmp_path / "told.csv"
    sheet.write_text("sep=|\r\n" + text.replace(",", "|"), encoding="utf-8")
    done = run("import", "metaumbrella", sheet, tmp_path / "mine")
    assert done.returncode == 0, done.stderr
    assert "Imported 10 rows of 3 meta-analyses" in done.stdout
    assert "cells separated by vertical bars" in done.stdout


def test_two_readings_of_the_cells_are_refused(tmp_path):
    sheet = tmp_path / "odd.csv"
    sheet.write_text("meta_review,factor;author,year\nA,B;C,2001\n", encoding="utf-8")
    with pytest.raises(SheetProblem) as found:
        read_table(sheet, sheet.name)
    assert "by commas: 3 columns" in found.value.problem.problem
    assert "by semicolons: 2 columns" in found.value.problem.problem
    # Where only one reading gives every row as many cells as the header, it is that.
    sheet.write_text("meta_review,factor;author,year\nA,B,2001\n", encoding="utf-8")
    assert read_table(sheet, sheet.name).header == ["meta_review", "factor;author", "year"]


@pytest.fixture
def workbook(tmp_path):
    """The made-up rates as a workbook, with numbers and texts as cells."""
    book = Workbook()
    with (DATA / "rates.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter=";")):
            cells = [cell.replace(",", ".") for cell in row]
            book.active.append([*cells[:5], *map(float, cells[5:])] if number else cells)
    book.create_sheet("Empty")
    path = tmp_path / "rates.xlsx"
    book.save(path)
    return path, book


def test_a_workbook_is_read_as_the_same_sheet(workbook, tmp_path):
    path, _ = workbook
    done = run("import", "metaumbrella", path, tmp_path / "book")
    assert done.returncode == 0, done.stderr
    assert "Read as worksheet 'Sheet' of a workbook" in done.stdout
    assert run("import", "metaumbrella", DATA / "rates.csv", tmp_path / "csv").returncode == 0
    told = {"locator": "", "notes": ""}
    same = [[row | told for row in rows(tmp_path / name, TRIALS)] for name in ("book", "csv")]
    assert same[0] == same[1]
    assert (same[0][0]["n_cases"], same[0][0]["time_total"]) == ("249", "12.6")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda book: book["Empty"].append([1]), "worksheets with cells: Sheet, Empty"),
        (lambda book: book.active.merge_cells("A2:A4"), "merged cells: A2:A4"),
        (
            lambda book: book.active.__setitem__("F2", "=F3+1"),
            "a formula whose result is not stored in the workbook",
        ),
    ],
)
def test_what_a_workbook_leaves_open_is_refused(workbook, change, problem):
    path, book = workbook
    change(book)
    book.save(path)
    with pytest.raises(SheetProblem) as found:
        read_table(path, path.name)
    assert found.value.problem.problem == problem


def test_several_imports_go_into_one_review(tmp_path):
    folder = tmp_path / "mine"
    assert run("import", "metaumbrella", DATA / "metaumbrella.csv", folder).returncode == 0
    before = rows(folder, TRIALS)
    done = run("import", "metapsy", DATA / "metapsy.csv", "--into", folder)
    assert done.returncode == 0, done.stderr
    assert rows(folder, TRIALS)[: len(before)] == before
    assert len(rows(folder, TRIALS)) == len(before) + 7
    assert len(rows(folder, "protocol/review.csv")) == 1
    analyses = rows(folder, "protocol/analyses.csv")
    assert [(row["analysis_id"], row["scale"]) for row in analyses] == [
        ("yoga", "smd"), ("smoking", "log_odds_ratio"), ("sleep", "fisher_z"), ("unstated", "smd"),
        ("unstated_follow_up", "smd"), ("unstated_response", "log_risk_ratio"),
    ]  # fmt: skip
    again = run("import", "metapsy", DATA / "metapsy.csv", "--into", folder)
    assert again.returncode == 1
    assert "extraction/meta_analyses.csv holds metapsy already" in again.stderr
    assert len(rows(folder, TRIALS)) == len(before) + 7
    assert run("check", "--no-rows", "--sheets", folder).returncode == 0


def test_a_factor_of_several_reviews_is_one_condition(tmp_path):
    sheet = tmp_path / "two.csv"
    sheet.write_text(
        "meta_review,factor,author,year,measure,value,ci_lo,ci_up,reverse_es\n"
        "One,Tea,Ash,2001,OR,1.5,1.2,1.875,\n"
        "Two,tea ,Ash,2001,OR,1.5,1.2,1.875,\n"
        "Two,T\u00e9a,Elm,2003,OR,2,1.6,2.5,reverse\n",
        encoding="utf-8",
    )
    done = run("import", "metaumbrella", sheet, tmp_path / "mine")
    assert done.returncode == 0, done.stderr
    trials = rows(tmp_path / "mine", TRIALS)
    assert [row["condition"] for row in trials] == ["tea", "tea", "tea_2"]
    assert [row["source"] for row in trials] == ["One_Tea", "Two_tea", "Two_Tea_2"]
    assert [row["study_id"] for row in trials[:2]] == ["Ash 2001", "Ash 2001"]
    assert (trials[2]["estimate"], trials[2]["ci_low"], trials[2]["ci_high"]) == (
        "0.5", "0.4", "0.625",
    )  # fmt: skip
    assert [row["analysis_id"] for row in rows(tmp_path / "mine", "protocol/analyses.csv")] == [
        "tea", "tea_2",
    ]  # fmt: skip
