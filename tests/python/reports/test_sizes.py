"""Participants and person-time share a column: what stands over it, and what in it."""

from __future__ import annotations

import math

import pytest

from reports import sizes
from tests.python.cases import each

PEOPLE = {"n_participants": 12567, "person_time": None, "person_time_unit": None}
YEARS = {"n_participants": None, "person_time": 14820.4, "person_time_unit": "person-years"}
DAYS = YEARS | {"person_time_unit": "person-days"}
BOTH = PEOPLE | {"person_time": 900.0}
UNKNOWN = YEARS | {"person_time": math.nan}


@each(
    "rows, over, cells",
    [
        ([], "Participants", []),
        ([PEOPLE, BOTH], "Participants", ["12\u2009567", "12\u2009567"]),
        ([YEARS, UNKNOWN], "Person-years", ["14\u2009820", "NR"]),
        ([DAYS], "Person-days", ["14\u2009820"]),
        (
            [YEARS, DAYS, PEOPLE, UNKNOWN],
            "Participants or person-time",
            ["14\u2009820 person-years", "14\u2009820 person-days", "12\u2009567", "NR"],
        ),
    ],
)
def test_sizes_are_named_once_where_they_agree_and_in_the_cell_where_not(rows, over, cells):
    assert sizes.heading(rows) == over
    assert [sizes.cell(row, over) for row in rows] == cells


@each(
    "row, said",
    [
        (PEOPLE, "12\u2009567 participants"),
        (PEOPLE | {"n_participants": 1}, "1 participant"),
        (YEARS, "14\u2009820 person-years"),
        (UNKNOWN, "NR person-years"),
    ],
)
def test_a_size_in_a_sentence_names_what_it_counts(row, said):
    assert sizes.words(row) == said


def test_the_number_that_reports_a_size_is_that_of_its_kind():
    row = {"k_with_n_participants": 2, "k_with_person_time": 3}
    assert [sizes.n_known(row | of) for of in (PEOPLE, YEARS)] == [2, 3]


@pytest.mark.build
def test_a_review_without_person_time_does_not_speak_of_it(shipped):
    [(captions,)] = shipped.execute(
        "select string_agg(caption, ' ') from reports.rpt_figures where figure_kind = 'dropout'"
    ).fetchall()
    assert "Crude: events over participants, exact interval." in captions
    assert "person-time" not in captions
