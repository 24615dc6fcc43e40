"""The page of what rules find in the extracted numbers, and the mark of a draft."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.pages import data_quality
from reports.pages.model import Content, Page
from reports.site import page_html

from .fixture_warehouse import REVIEW


@pytest.fixture
def page(tables, warehouse) -> Page:
    content = Content(tables=tables, drawn=(), review=REVIEW, database=warehouse)
    (made,) = data_quality.pages(content)
    return made


def test_every_finding_stands_with_its_rule_and_who_accepted_it(page):
    markup = page_html(page, [page], REVIEW)
    assert "1 rule finds 3 things" in markup
    assert "1 was looked up and accepted, 1 would stop a publication. 1 is in the second" in markup
    assert "P &lt; 0.001 beside 0.10 (-0.31 to 0.54)" in markup
    assert "A. Reader, 2024-05: As &lt;b&gt;printed&lt;/b&gt;." in markup
    assert markup.count("Grist2013_0") == 3
    assert markup.count("p value, ci low (second reading)") == 1


def test_what_bars_a_row_stands_before_hints(tables, warehouse):
    (rule,) = tables["dim_finding_rules"]
    grades = ("worth_a_look", "impossible", "implausible")
    rules = [{**rule, "rule": each, "label": f"Rule {each}", "severity": each} for each in grades]
    content = Content(
        tables={**tables, "dim_finding_rules": rules}, drawn=(), review=REVIEW, database=warehouse
    )
    (made,) = data_quality.pages(content)
    markup = page_html(made, [made], REVIEW)
    places = [markup.index(f"Rule {each}") for each in data_quality.SEVERITIES]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("n", "found", "folded"),
    [(0, "1 rule finds 0 things", None), (1, "1 rule finds 1 thing in", "1 finding"),
     (200, "1 rule finds 200 things", "200 findings")],
)  # fmt: skip
def test_one_finding_is_counted_as_one(tables, warehouse, n, found, folded):
    one = tables["fct_findings"][0]
    content = Content(
        tables={**tables, "fct_findings": [one] * n}, drawn=(), review=REVIEW, database=warehouse
    )
    (made,) = data_quality.pages(content)
    markup = page_html(made, [made], REVIEW)
    assert found in markup
    assert (">1 findings" in markup) is False
    assert folded is None or f"{folded}<" in "".join(markup.split("\n"))


def test_what_was_read_otherwise_than_typed_is_counted_with_an_example(page):
    markup = page_html(page, [page], REVIEW)
    assert "3 cells hold numbers, dates or answers as papers" in markup
    assert "decimal commas" in markup
    assert "0,53" in markup
    assert "cells separated by semicolons" in markup


@pytest.mark.parametrize(
    ("n_open", "words"),
    [(0, None), (1, "1 implausible finding in"), (7, "7 implausible findings in")],
)
def test_a_draft_says_so_on_every_page(page, n_open, words):
    markup = page_html(replace(page), [page], REVIEW | {"n_open_findings": n_open})
    assert ("Draft:" in markup) == (words is not None)
    assert words is None or words in markup
