"""Spoilt sheets are answered, kept and read as meant; in full by benchmarks.fuzz_sheets."""

from dataclasses import replace
from decimal import Decimal

import pytest

from benchmarks.fuzz_sheets import fuzz
from tests.python.fuzzing import mutations
from tests.python.fuzzing.plain_numbers import meanings
from tests.python.fuzzing.properties import (
    assert_cells_are_kept,
    assert_is_answered,
    assert_numbers_are_meant,
    contract,
    spoilt,
)
from umbrella.sheets import checks, result
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.reading import read_table
from umbrella.sheets.readings import readings_of

EFFECTS, RATES, TRIALS, META_ANALYSES = mutations.SHEETS


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return mutations.make_template(tmp_path_factory.mktemp("fuzzed") / "template")


def test_the_review_that_is_spoilt_is_whole(template):
    checked = check_sheets(template, contract())
    assert checked.problems == []
    assert all(checked.by_name()[name[11:-4]].rows for name in mutations.SHEETS)


def test_spoilt_folders_hold_what_is_promised(template):
    fuzz(template, folders=60, built=4, start=20_261_130)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0.5", ["0.5"]),
        ("\u22120,5", ["-0.5"]),
        ("1,234", ["1.234", "1234"]),
        ("1.234,5", ["1234.5"]),
        ("1\u2009234.5*", ["1234.5"]),
        ("p < .001", ["0.001"]),
        ("45 %", ["45", "0.45"]),
        ("1,2\u00d710\u207b\u00b3", ["0.0012"]),
        ("10\u207b\u00b3", ["0.001"]),
        ("1e5", ["100000"]),
        ("\u0661\u0662", ["12"]),
        ("1.2.3", []),
        ("\u00bd", []),
        ("1,2,3", []),
        ("0.5-0.7", []),
        ("x", []),
        ("", []),
    ],
)
def test_meanings_are_those_of_the_grammar(cell, expected):
    assert meanings(cell) == set(map(Decimal, expected))


def set_cell(sheet: str, column: str, text: str) -> mutations.Mutation:
    def mutate(sheets: mutations.Sheets) -> None:
        rows = sheets.grids[sheet].rows
        rows[1][rows[0].index(column)] = text

    return mutate


def rename(sheet: str, column: int, text: str) -> mutations.Mutation:
    def mutate(sheets: mutations.Sheets) -> None:
        sheets.grids[sheet].rows[0][column] = text

    return mutate


@pytest.mark.parametrize("text", ["ef\0fect_id", "\x1b[2J", "\u202etceffe", "x" * 30_000])
def test_a_name_of_a_column_does_not_steer_the_terminal(template, text):
    with spoilt([rename(EFFECTS, 0, text)], template) as (folder, _):
        assert_is_answered(folder)


def test_a_number_that_is_read_wrong_is_found_out(template, monkeypatch):
    def ten_times(sheet, table, kinds):
        return [
            replace(one, read_as=f"{one.read_as}0") if one.read_as else one
            for one in readings_of(sheet, table, kinds)
        ]

    with spoilt([set_cell(TRIALS, "n_control", " 41")], template) as (folder, sheets):
        assert_cells_are_kept(folder, sheets)
        monkeypatch.setattr(result, "readings_of", ten_times)
        with pytest.raises(AssertionError):
            assert_cells_are_kept(folder, sheets)


def test_a_row_that_is_lost_is_found_out(template, monkeypatch):
    def without_last(path, sheet):
        table = read_table(path, sheet)
        return replace(table, rows=table.rows[:-1])

    monkeypatch.setattr(checks, "read_table", without_last)
    with spoilt([], template) as (folder, sheets), pytest.raises(AssertionError):
        assert_cells_are_kept(folder, sheets)


@pytest.mark.parametrize("cell", ["14,5", "14.5", "\u0661\u0664.5", "1e1_0", "1e400", "1,4e1"])
def test_what_reaches_the_warehouse_is_what_the_cell_means(template, cell):
    made = [set_cell(TRIALS, "mean_control", cell), set_cell(EFFECTS, "p_value", "0.05")]
    with spoilt(made, template) as (folder, sheets):
        assert_numbers_are_meant(folder, sheets)
