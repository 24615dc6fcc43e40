"""The page of classes: what papers print beside what their own numbers give."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reports.pages import classes
from reports.pages.model import Content, DetailsBlock, Section, TableBlock
from reports.site import page_html

from .fixture_warehouse import REVIEW


@pytest.fixture
def content(tables, warehouse) -> Content:
    return Content(tables=tables, drawn=(), review=REVIEW, database=warehouse)


def with_rows(content: Content, rows: list) -> Content:
    return replace(content, tables={**content.tables, "rpt_effect_classes": rows})


def printed(content: Content) -> Section:
    [page] = classes.pages(content)
    return next(part for part in page.sections if part.anchor == "section-printed")


def test_printed_classes_are_crossed_with_those_of_the_numbers(content):
    [crossed, _] = printed(content).blocks
    assert crossed.table.columns == (
        "Printed", "Numbers: Class III", "Numbers: Class IV",
    )  # fmt: skip
    assert crossed.table.rows == (("Class I", "1", "\u2013"), ("Class IV", "\u2013", "1"))


def test_a_row_that_differs_says_what_decides_and_what_would_make_it_agree(content):
    [_, differences] = printed(content).blocks
    assert isinstance(differences, TableBlock)
    [row] = differences.table.rows
    assert row[4:] == (
        "I <b>", "Class III (up to Class II)", "I² is below 50%, here 89",
        "No single change of a criterion.",
    )  # fmt: skip
    [page] = classes.pages(content)
    markup = page_html(page, [page], REVIEW)
    assert "I &lt;b&gt;" in markup
    said = " ".join(re.sub("<[^>]+>", " ", markup).split())
    assert "2 effects with a printed class." in said
    assert "the numbers of 1 of them give the same class" in said


def test_variants_of_the_criteria_are_counted_beside_each_other(content):
    rows = content.tables["rpt_effect_classes"]
    other = [
        row | {"scheme": "other", "scheme_label": "Other", "scheme_order": 2,
               "is_scheme_of_most_agreements": False, "printed_verdict": "differs",
               "printed_verdict_text": "different"}
        if row["printed_class"] else row | {"scheme": "other", "scheme_order": 2}
        for row in rows
    ]  # fmt: skip
    blocks = printed(with_rows(content, [*rows, *other])).blocks
    assert blocks[0].table.columns == ("Criteria", "Same", "Different")
    assert blocks[0].table.rows == (("Evidence class, made up", "1", "1"), ("Other", "0", "2"))
    assert [type(block) for block in blocks[2:]] == [TableBlock, DetailsBlock]


def test_without_printed_classes_there_is_nothing_to_compare(content):
    rows = [
        row | {"printed_class": None, "is_scheme_of_most_agreements": False}
        for row in content.tables["rpt_effect_classes"]
    ]
    [page] = classes.pages(with_rows(content, rows))
    assert "section-printed" not in [part.anchor for part in page.sections]
