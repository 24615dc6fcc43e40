"""The figures whose phone form stacks texts and tiles: everything is there, fits and is apart."""

import math
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from reports import picture, render, theme
from reports.charts import text_table
from reports.charts.text_table import Entry, Field, Layout
from reports.figure import Figure, Panel, Tables
from reports.figures import KINDS, audit, grade_criteria
from reports.figures.audit import NARROW
from reports.figures.audit import entry as claim_entry
from tests.python.reports import fixture_warehouse
from tests.python.reports.conftest import TEXT, validate
from tests.python.reports.drawn import NUMBER, Drawn, drawn_texts

STACKED = ("agreement", "audit", "evidence_map", "grade_criteria", "grades", "quality")
GROUP = TEXT.replace("text", "g")
FIGURES = [
    row["figure_id"]
    for row in fixture_warehouse.complete_tables()["rpt_figures"]
    if row["figure_kind"] in STACKED
]
TABLES_OF_TEXT = {"audit": audit, "grade_criteria": grade_criteria}
# Headers of columns that a phone does not have.
HEADERS = {
    "agreement": "Rows Kappa (95% CI) AC1 (95% CI) ICC (95% CI)",
    "audit": "Id Claim Printed k Recomputed k Failed Arithmetic",
    "grade_criteria": "Criterion Value Unit Needs Status Effect on the grade",
}
LONG = "A name that goes on and on, far beyond the width of any phone that was ever sold"


@pytest.fixture(params=FIGURES)
def figure(request: pytest.FixtureRequest, figures: dict[str, Figure]) -> Figure:
    """Each figure that is stacked on a phone."""
    return figures[request.param]


def specification(panel: Panel) -> dict[str, Any]:
    return render.framed(panel.layers, panel)


def boxes(panel: Panel) -> list[Drawn]:
    """Every text of a page as it is drawn, in px from the left edge and the top of the page."""
    svg = picture.to_svg(specification(panel), "x", "t", "d")
    [view] = ElementTree.fromstring(svg).findall(GROUP)
    left, top = map(float, NUMBER.findall(view.attrib["transform"])[:2])
    return [drawn.moved(panel.left - left, -top) for drawn in drawn_texts(svg)]


def whole(figure: Figure, tables: Tables) -> tuple[Panel, ...]:
    """The wide form; a table of text on one page, so that no heading is repeated."""
    if figure.kind in TABLES_OF_TEXT:
        module = TABLES_OF_TEXT[figure.kind]
        return module.draw(figure, tables, layout=replace(module.WIDE, limit=math.inf))
    return KINDS[figure.kind].draw(figure, tables)


def words_of(panels: tuple[Panel, ...]) -> Counter[str]:
    """How often each word is drawn; punctuation and the space before a % do not matter."""
    found: Counter[str] = Counter()
    for panel in panels:
        for drawn, count in picture.expected_texts(specification(panel)).items():
            for word in drawn.split(" "):
                found[word.strip(",;:%")] += count
    return found


def columns_of(panels: tuple[Panel, ...]) -> dict[str, str]:
    """What each named layer of text says from top to bottom."""
    [panel] = panels
    spec = specification(panel)
    said = {}
    for layer in spec["layer"]:
        if layer["mark"]["type"] == "text" and "name" in layer:
            rows = sorted(spec["datasets"][layer["data"]["name"]], key=lambda row: row["y"])
            said[layer["name"]] = " ".join(row["text"] for row in rows)
    return said


def long_names(tables: Tables) -> dict[str, Any]:
    """The tables with names that need several lines."""
    names = ("condition_label", "scheme_label", "criterion_label", "section", "statement")
    names += ("group_label", "item_label")
    return {
        table: [
            row | {key: f"{LONG} {row[key]}" for key in names if row.get(key) is not None}
            for row in rows
        ]
        for table, rows in tables.items()
    }


def check_place(panels: tuple[Panel, ...]) -> None:
    """Fail unless every text of every page is inside and apart from the others."""
    for panel in panels:
        placed = boxes(panel)
        assert placed
        outside = [b for b in placed if b.left < 0 or b.right > theme.PHONE + 0.5]
        outside += [b for b in placed if b.top < 0 or b.bottom > panel.bottom]
        assert outside == []
        assert [(a, b) for a, b in combinations(placed, 2) if a.overlaps(b)] == []


def test_each_stacked_kind_has_a_phone_form() -> None:
    assert all(KINDS[kind].phone for kind in STACKED)


def test_phone_form_is_valid_and_as_wide_as_a_phone(figure: Figure, tables: Tables) -> None:
    for panel in KINDS[figure.kind].phone(figure, tables):
        validate(specification(panel))
        assert panel.width == 316
        assert panel.left >= 0
        assert panel.left + panel.view_width <= panel.width


def test_texts_fit_and_do_not_overlap(figure: Figure, tables: Tables) -> None:
    check_place(KINDS[figure.kind].phone(figure, tables))


def test_long_names_wrap(figure: Figure, tables: Tables) -> None:
    check_place(KINDS[figure.kind].phone(figure, long_names(tables)))


def test_nothing_is_lost_on_a_phone(figure: Figure, tables: Tables) -> None:
    wanted = words_of(whole(figure, tables))
    wanted -= Counter(word.strip(",;:%") for word in HEADERS.get(figure.kind, "").split(" "))
    if figure.kind == "grades":
        wanted = Counter(set(wanted))  # of schemes of a condition that say the same it is said once
    lost = wanted - words_of(KINDS[figure.kind].phone(figure, tables))
    # A dash stands in an empty column only; dots stand for what is cut off, a phone has it whole.
    lost = {word for word in lost if word not in (theme.NOT_APPLICABLE, "") and "…" not in word}
    assert lost == set()


@pytest.mark.parametrize("figure_id", [f for f in FIGURES if f == "claim_audit" or "grades_" in f])
def test_columns_say_the_same_in_the_same_order(
    figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures[figure_id]
    wide = columns_of(whole(figure, tables))
    phone = columns_of(KINDS[figure.kind].phone(figure, tables))
    shared = set(wide) & set(phone)
    assert len(shared) >= 4
    assert {key: phone[key] for key in shared} == {key: wide[key] for key in shared}


@pytest.mark.parametrize("kind", STACKED)
def test_a_figure_without_rows_is_as_wide_as_a_phone(
    kind: str, figures: dict[str, Figure], empty_tables: Tables
) -> None:
    figure = next(figure for figure in figures.values() if figure.kind == kind)
    panels = KINDS[kind].phone(figure, empty_tables)
    assert [panel.width for panel in panels] == [316]
    assert all(b.right <= 316 for panel in panels for b in boxes(panel))


def test_a_criterion_says_value_and_need_together(
    figures: dict[str, Figure], tables: Tables
) -> None:
    said = columns_of(KINDS["grade_criteria"].phone(figures["grades_depression"], tables))
    assert "2.4e−14 P, computed, needs < 0.05 84.1%, reported, needs < 50" in said["facts"]


def test_a_claim_names_its_numbers(figures: dict[str, Figure], tables: Tables) -> None:
    said = columns_of(KINDS["audit"].phone(figures["claim_audit"], tables))
    assert said["printed_k_named"].startswith("k NR k 3")
    assert said["checks_named"].startswith("1 of 3 checks failed 0 of 3 checks failed")


def stacked(**texts: str) -> Entry:
    rows = (
        (Field("name", "", 0, 100), Field("side", "", 140, 40, "right")),
        (Field("below", "", 0, 60),),
        (Field("beside", "", 140, 60),),
    )
    return text_table.arrange(texts, Layout(rows, "below", 0), "met")


def test_a_text_stands_below_those_that_it_would_overlap() -> None:
    made = stacked(name="a " * 40, side="b", below="c", beside="d")
    lines = len(made.texts["name"])
    assert lines > 1
    assert made.texts["side"] == ["b"], "aligned right it begins where the name ends"
    assert made.texts["below"] == [""] * lines + ["c"]
    assert made.texts["beside"] == ["d"]


def test_texts_of_one_row_begin_on_one_line(tables: Tables) -> None:
    row = tables["rpt_claim_audit"][0] | {"published_estimate": 1e20, "published_low": -1e20}
    made = claim_entry(row, NARROW).texts
    assert len([words for words in made["printed"] if words]) > 1
    starts = [made[key].count("") for key in ("recomputed_name", "recomputed")]
    assert starts == [len(made["printed"])] * 2


def test_a_text_that_is_not_there_takes_no_room() -> None:
    assert stacked(name="a", below="", beside="d").texts == {"name": ["a"], "beside": ["d"]}
    assert stacked(name="a", below="c").height > stacked(name="a", below="").height


def test_a_symbol_stands_on_the_line_of_its_text() -> None:
    made = stacked(name="a", below="c")
    assert text_table.lines_above(made, "below") == 1
    assert text_table.lines_above(made, "name") == 0


def test_a_long_heading_goes_on_whole() -> None:
    heading = text_table.section(LONG, theme.PHONE)
    assert heading.height > text_table.section("Short", theme.PHONE).height
    assert " ".join(heading.texts[text_table.HEADING]) == LONG
