"""The page of trials: pools beside what is reported, and nothing shown that is not known."""

from dataclasses import replace
from pathlib import Path

from reports.figure import PARTICIPANTS, Tables
from reports.pages import trials
from reports.pages.model import Content

from .fixture_warehouse import REVIEW


def content(tables: Tables) -> Content:
    """What the page is made from."""
    return Content(tables=tables, drawn=(), review=REVIEW, database=Path("none"))


def test_a_pool_stands_beside_what_is_reported(tables: Tables) -> None:
    assert trials.line(tables["rpt_trial_pools"][0], PARTICIPANTS) == (
        "Andersson G 2014",
        "Apps & worry",
        "worry: symptom severity, follow-up",
        "25",
        "12\u2009345 (20 of 25 report it)",
        "SMD 0.34 (0.23 to 0.45)",
        "<0.001",
        "\u22120.10 to 0.78",
        "61%",
        "0.040",
        "0.30",
        "0.30 (0.20 to 0.40), k=39",
    )


def test_what_a_single_trial_cannot_say_is_a_dash(tables: Tables) -> None:
    cells = trials.line(tables["rpt_trial_pools"][1], PARTICIPANTS)
    assert cells[1:6] == ("", "Stress: response", "1", "NR", "OR 2.50 (1.20 to 5.20)")
    assert cells[7:] == ("\u2013",) * 5


def test_the_page_names_the_rule(tables: Tables) -> None:
    [page] = trials.pages(content(tables))
    assert page.sections[0].paragraphs[1] == "Rows of a trial: aggregated within trials."
    assert len(page.sections[0].blocks[0].table.rows) == 2


def test_a_review_without_trials_has_no_page(tables: Tables) -> None:
    assert trials.pages(replace(content(tables), tables={**tables, "rpt_trial_pools": []})) == []
