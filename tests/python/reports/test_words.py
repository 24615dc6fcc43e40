"""Pages and pictures speak of members and conditions in the words of the review."""

import pytest
from markupsafe import escape

from reports.drawing import alternative, panels_of
from reports.figure import Figure, Tables
from reports.figures import KINDS
from reports.pages import audit, conclusions
from reports.pages.model import Page, Section, TableBlock
from reports.site import page_html
from reports.tables import DataTable
from reports.words import NAME, fill, lower_first, smd_sign, with_capital

from .fixture_warehouse import REVIEW

OWN = REVIEW | {
    "review_kind": "exposures",
    "studied_word": "diet",
    "comparison_word": "no diet",
    "member_word": "cohort",
    "members_word": "cohorts",
    "condition_word": "disease",
    "conditions_word": "diseases & injuries",
    "study_word": "cohort",
    "studies_word": "cohorts",
}


def test_a_capital_begins_a_sentence() -> None:
    said = fill("[[Member]] by [[member]], [[Conditions]].", OWN)
    assert said == "Cohort by cohort, Diseases & injuries."


def test_other_brackets_stay() -> None:
    assert fill("a[[0]] of [[weights]] {member}", OWN) == "a[[0]] of [[weights]] {member}"


def test_words_are_escaped_in_html() -> None:
    assert fill("[[conditions]]", OWN, escape) == "diseases &amp; injuries"


def test_a_page_holds_no_name_of_a_word() -> None:
    section = Section("section-one", "By [[condition]]", ("k is the number of [[members]].",))
    page = Page("one", "One", "One [[member]]", (section,), group="across")
    made = page_html(page, [page], OWN)
    assert not NAME.search(made)
    assert "k is the number of cohorts." in made
    assert "Across diseases &amp; injuries" in made


def test_a_difference_favours_only_where_something_is_done() -> None:
    assert smd_sign(REVIEW) == "above zero favours the intervention"
    assert "favours" not in smd_sign(OWN)


def test_published_numbers_are_read_with_the_sign_of_the_review() -> None:
    for section in (audit.outcome([], OWN), conclusions.details([], [], OWN)):
        assert smd_sign(OWN) in " ".join(section.paragraphs)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_figure_shows_the_name_of_a_word(
    kind: str, figures: dict[str, Figure], tables: Tables
) -> None:
    figure = next(figure for figure in figures.values() if figure.kind == kind)
    own = {**tables, "rpt_review": [OWN]}
    assert not NAME.search(alternative(figure, own))
    for panel in panels_of(KINDS[kind].draw, figure, own):
        assert not any(NAME.search(note) for note in (*panel.notes, *panel.figure_notes))
        assert not any(NAME.search(layer.to_json()) for layer in panel.layers)


@pytest.mark.parametrize(
    ("text", "within"),
    [("Symptom severity", "symptom severity"), ("VTE", "VTE"), ("HbA1c level", "HbA1c level")],
)
def test_an_abbreviation_keeps_its_capitals_within_a_sentence(text: str, within: str) -> None:
    assert lower_first(text) == within


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("small", "Small"), ("not judged: low", "Not judged: low"), ("élevé, oui", "Élevé, oui"),
        ("[[members]] alone", "[[Members]] alone"), ("k", "k"), ("n=87", "n=87"),
        ("tau2_method", "tau2_method"), ("https://a.b", "https://a.b"), ("data.csv", "data.csv"),
        ("van Dam W 2014", "van Dam W 2014"), ("mHealth", "mHealth"), ("", ""),
    ],
)  # fmt: skip
def test_a_cell_begins_with_a_capital(words: str, begun: str) -> None:
    assert with_capital(words) == begun


def test_a_table_of_a_page_for_readers_has_capitals_and_one_of_sheets_its_names() -> None:
    table = DataTable("One", ("A", "B"), (("small", "estimate"),), frozenset())
    section = Section("section-one", "One", (), (TableBlock("table-one", table),))
    for is_of_sheets, cells in ((False, ("Small", "Estimate")), (True, ("small", "estimate"))):
        page = Page("one", "One", "One", (section,), is_of_sheets=is_of_sheets)
        made = page_html(page, [page], OWN)
        assert all(f">{cell}</t" in made for cell in cells)
