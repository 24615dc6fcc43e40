"""Cells of own sheets as papers and spreadsheets write them: read, or refused by name."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbrella.project import project_dir
from umbrella.sheets.contract import Sheet, read_contract
from umbrella.sheets.reading import Table, read_table
from umbrella.sheets.readings import as_read, readings_of

DATA = Path(__file__).parents[2] / "data"
SHEETS = {sheet.name: sheet for sheet in read_contract(project_dir())}
KINDS = {name: sheet.kinds for name, sheet in SHEETS.items()}
EFFECTS, TRIALS = SHEETS["reported_effects"], SHEETS["primary_studies"]


def table_of(sheet: Sheet, *rows: dict[str, str], dialect: str = "") -> Table:
    """A table of the sheet with these cells; the others are empty."""
    cells = [[row.get(name, "") for name in sheet.columns] for row in rows]
    return Table(list(sheet.columns), cells, dialect)


def reading(column: str, cell: str, *others: str, sheet: Sheet = EFFECTS, **row: str):
    """The reading of a cell in a column that has the others, too; None when it is as typed."""
    rows = [{column: cell, **row}, *({column: other} for other in others)]
    found = readings_of(sheet, table_of(sheet, *rows), KINDS)
    return next((r for r in found if (r.row_number, r.column_name) == (2, column)), None)


@pytest.mark.parametrize(
    ("column", "cell", "read_as", "how"),
    [
        ("estimate", "\u22120.45", "-0.45", "minus signs that are no hyphens"),
        ("estimate", "\u20130.45", "-0.45", "minus signs that are no hyphens"),
        ("estimate", "0,45", "0.45", "decimal commas"),
        ("estimate", "\u22120,450", "-0.450", "decimal commas and minus signs that are no hyphens"),
        ("estimate", "0\u00b745", "0.45", "middle dots for decimal points"),
        ("estimate", "1\u00b7234", "1.234", "middle dots for decimal points"),
        ("estimate", "0.45*", "0.45", "footnote marks"),
        ("estimate", "0.45 \u2020\u2021", "0.45", "footnote marks"),
        ("estimate", "0.45\u00a0", "0.45", "blanks around the number"),
        ("estimate", "\uff10\uff0e\uff14\uff15", "0.45", "digits of another script"),
        ("estimate", "\u0660.\u0664\u0665", "0.45", "digits of another script"),
        ("p_value", "4.2 \u00d7 10^-6", "4.2E-6", "powers of ten"),
        ("p_value", "4,2 x 10\u207b\u2076", "4.2E-6", "decimal commas and powers of ten"),
        ("p_value", "1,2E-05", "1.2E-05", "decimal commas"),
        ("p_value", "= .03", ".03", "equal signs before the number"),
        ("n_total", "1,234", "1234", "thousands grouped by commas"),
        ("n_total", "1.234", "1234", "thousands grouped by points"),
        ("n_total", "1\u2009234", "1234", "thousands grouped by blanks"),
        ("n_total", "1\u202f234\u202f567", "1234567", "thousands grouped by blanks"),
        ("n_total", "1'234", "1234", "thousands grouped by apostrophes"),
        ("i2", "68%", "68", "percent signs"),
        ("i2", "68,4 %", "68.4", "decimal commas and percent signs"),
        ("ci_level", "95%", "0.95", "percentages as fractions"),
        ("ci_level", "97.5 %", "0.975", "percentages as fractions"),
    ],
)  # fmt: skip
def test_a_number_with_one_reading_is_read_and_told(column, cell, read_as, how):
    found = reading(column, cell)
    assert (found.typed, found.read_as, found.how, found.problem) == (cell, read_as, how, "")


@pytest.mark.parametrize(
    "cell", ["NA", "n/a", "N.A.", "NR", "nr", "-", "\u2013", "\u2014", "\u2212", ".", "?", " "]
)
def test_words_for_a_missing_value_leave_the_cell_empty(cell):
    found = reading("estimate", cell)
    assert (found.read_as, found.how, found.problem) == ("", "words for a missing value", "")


@pytest.mark.parametrize("cell", ["0.45", "-0.45", "+.45", "4.5e-1", "12.0", "1.234", ""])
def test_plain_numbers_are_read_as_typed(cell):
    assert reading("estimate", cell) is None


def test_whole_numbers_may_have_decimals_of_zero():
    assert reading("n_total", "12.0") is None


@pytest.mark.parametrize(
    ("column", "cell", "problem", "right"),
    [
        ("estimate", "1,234", "two ways: 1234 or 1.234", "without marks between thousands"),
        ("n_total", "1.000", "two ways: 1.000 or 1000", "without marks between thousands"),
        ("estimate", "0.31 (0.1 to 0.5)", "several numbers in one cell: 0.31, 0.1, 0.5",
         "0.31 in estimate, 0.1 in ci_low, 0.5 in ci_high"),
        ("estimate", "0.31 [95% CI \u22120.1; 0.5]", "several numbers in one cell: 0.31, -0.1, 0.5",
         "0.31 in estimate, -0.1 in ci_low, 0.5 in ci_high"),
        ("ci_low", "0.1 to 0.5", "several numbers in one cell: 0.1, 0.5",
         "0.1 in ci_low, 0.5 in ci_high"),
        ("ci_low", "0.1\u20130.5", "several numbers in one cell: 0.1, 0.5",
         "0.1 in ci_low, 0.5 in ci_high"),
        ("estimate", "0.45 (0.2)", "several numbers in one cell: 0.45, 0.2", "what it is"),
        ("estimate", "3-Mai", "a date", "perhaps 3.5 or 5/3"),
        ("estimate", "01.Feb", "a date", "perhaps 1.2 or 2/1"),
        ("estimate", "2-Mar", "a date", "perhaps 2.3 or 3/2"),
        ("estimate", "Jan 45", "a date", "perhaps 1.45)"),
        ("estimate", "2026-05-03", "a date", "perhaps 3.5 or 5/3"),
        ("n_total", "1/2", "a fraction, or 1 of 2", "0.5"),
        ("events_intervention", "12/50", "a fraction, or 12 of 50",
         "12 in events_intervention and 50 in total_intervention"),
        ("estimate", "#N/A", "an error of a spreadsheet formula", "should give"),
        ("estimate", "#WERT!", "an error of a spreadsheet formula", "should give"),
        ("estimate", "=A1", "a formula, not its value", "paste values"),
        ("estimate", "0.45a", "a number with a letter after it", "0.45, if the letter"),
        ("estimate", "45%", "a percentage in a column of numbers", "45 or 0.45"),
        ("estimate", "4.2 \u00d7 106", "not a number", "decimal mark"),
        ("estimate", "\u221e", "not a number", "empty cell"),
        ("p_value", "ns", "not a number", "empty cell"),
        ("se", "<0.001", "a bound (< 0.001), not a number", "no column for a bound"),
    ],
)  # fmt: skip
def test_a_cell_without_one_reading_is_refused_with_what_would_be_right(
    column, cell, problem, right
):
    found = reading(column, cell)
    assert found.read_as == found.how == ""
    assert problem in found.problem
    assert right in found.expected


def test_the_other_numbers_of_the_column_decide():
    assert reading("estimate", "1,234", "0,5").read_as == "1.234"
    assert reading("estimate", "1,234", "1,234.5").read_as == "1234"
    assert reading("estimate", "1.234", "0,5").read_as == "1234"
    assert "two ways" in reading("estimate", "1.234", "0,5", "0.5").problem
    # Where the column does not say, another column of the sheet does.
    assert reading("estimate", "1,234", ci_low="0,5").read_as == "1.234"
    # The bounds and percentages of a column say it, too.
    assert reading("p_value", "<0,001").read_as == "0.001"


def test_a_point_in_a_file_of_semicolons_is_doubted():
    """Spreadsheets that separate by semicolons write decimal commas, and group by points."""
    table = table_of(EFFECTS, {"estimate": "1.234"}, dialect="cells separated by semicolons")
    whole, cell = readings_of(EFFECTS, table, KINDS)
    assert (whole.row_number, whole.how) == (None, "cells separated by semicolons")
    assert "two ways: 1.234 or 1234" in cell.problem


def test_a_bound_is_split_over_two_columns():
    table = table_of(
        EFFECTS,
        {"p_value": "p < .001"},
        {"p_value": "\u2264 0.05"},
        {"p_value": "<0.01", "p_operator": "<"},
        {"egger_p": ">= 0.10"},
        {"p_value": "<0.01", "p_operator": "="},
    )
    found = readings_of(EFFECTS, table, KINDS)
    rows = [dict(zip(table.header, row, strict=True)) for row in as_read(table, found).rows]
    columns = ("p_operator", "p_value", "egger_p_operator", "egger_p")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("<", ".001", "", ""), ("<", "0.05", "", ""), ("<", "0.01", "", ""), ("", "", ">=", "0.10"),
        ("=", "<0.01", "", ""),
    ]  # fmt: skip
    assert [r.problem for r in found if r.problem] == ["the cell says <, and p_operator says ="]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("Yes", "yes"), ("TRUE", "yes"), ("j", "yes"), ("Oui", "yes"), ("WAHR", "yes"), ("N", "no"),
     ("falsch", "no"), ("yes", None), ("perhaps", None), ("1", None)],
)  # fmt: skip
def test_words_for_yes_and_no_are_the_codes_of_the_column(cell, code):
    found = reading("small_study_effects", cell)
    assert (found and found.read_as) == code


def test_no_word_is_taken_for_a_code_of_another_meaning():
    """A column with the code n that asks no question keeps what was typed."""
    sheet = SHEETS["trial_rules"]
    column = next(name for name, rule in sheet.kinds.items() if "weeks" in rule.allowed)
    assert reading(column, "No", sheet=sheet) is None


@pytest.mark.parametrize(
    ("cell", "date"),
    [("2019.0", "2019"), ("2019-06-01 00:00:00", "2019-06-01"), ("NR", ""), ("2019-06", None)],
)
def test_dates_as_spreadsheets_export_them(cell, date):
    found = reading("search_end", cell, sheet=SHEETS["meta_analyses"])
    assert (found and found.read_as) == date


def test_a_sheet_as_a_german_spreadsheet_saves_it_is_read():
    path = DATA / "german_reported_effects.csv"
    table = read_table(path, path.name)
    found = readings_of(EFFECTS, table, KINDS)
    assert found[0].how == "cells separated by semicolons"
    rows = [dict(zip(table.header, row, strict=True)) for row in as_read(table, found).rows]
    assert [(row["estimate"], row["ci_low"], row["n_total"], row["i2"]) for row in rows] == [
        ("0.90", "0.86", "1234", "67.5"), ("-0.45", "-1.234", "12500", "0"), ("", "", "48", ""),
    ]  # fmt: skip


def german(number: Decimal, grouped: bool) -> str:
    return english(number, grouped).translate(str.maketrans(",.", ".,"))


def english(number: Decimal, grouped: bool) -> str:
    return f"{number:,f}" if grouped else f"{number:f}"


def swiss(number: Decimal, grouped: bool) -> str:
    return english(number, grouped).replace(",", "\u2019")


def french(number: Decimal, grouped: bool) -> str:
    return english(number, grouped).replace(",", "\u202f").replace(".", ",")


def lancet(number: Decimal, grouped: bool) -> str:
    return english(number, grouped).replace(",", " ").replace(".", "\u00b7").replace("-", "\u2212")


def scientific(number: Decimal, grouped: bool) -> str:
    mantissa, exponent = f"{number:E}".split("E")
    return f"{mantissa} \u00d7 10^{int(exponent)}" if grouped else f"{number:E}"


DIALECTS = [german, english, swiss, french, lancet, scientific]
NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**7), max_value=10**7, places=3
) | (st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**4), max_value=10**4))


@settings(max_examples=300, deadline=None)
@given(
    numbers=st.lists(st.tuples(NUMBERS, st.booleans()), min_size=1, max_size=6),
    write=st.sampled_from(DIALECTS),
    has_example=st.booleans(),
)
def test_what_is_written_is_read_as_that_number_or_refused(numbers, write, has_example):
    """In a sheet that shows its decimal mark once, or was saved with semicolons; never another."""
    example = [{"ci_low": write(Decimal("0.5"), False)}] if has_example else []
    written = [{"estimate": write(number, grouped)} for number, grouped in numbers]
    dialect = "cells separated by semicolons"
    table = table_of(EFFECTS, *written, *example, dialect=dialect)
    found = readings_of(EFFECTS, table, KINDS)
    refused = {r.row_number for r in found if r.problem}
    rows = as_read(table, found).rows
    place = table.header.index("estimate")
    for position, (number, _) in enumerate(numbers):
        if position + 2 not in refused:
            assert Decimal(rows[position][place]) == number
        else:
            assert not has_example or write in (german, english)
