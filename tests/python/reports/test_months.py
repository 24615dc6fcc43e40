"""The figure of effects over months draws and says what its rows hold."""

from collections.abc import Callable

import pytest

from reports import tables as data_tables
from reports import theme
from reports.figure import Figure, Tables
from reports.figures import KINDS
from tests.python.reports.conftest import Drawing, alt_text, fills, redraw, text_lines, texts, title

Draw = Callable[[str], list[Drawing]]


def test_every_line_has_its_months_counts_and_both_effects(drawings: Draw) -> None:
    [(_, svg)] = drawings("months_depression")
    lines = list(text_lines(svg).values())
    for expected in (
        ["After treatment", "12", "0.40", "(0.30 to", "0.50)"],
        ["Andersson G 2014", "2", "26", "0.25", "(0.15 to", "0.35)", "0.44"],
        ["Königbauer J 2017", "4.5", "NR", "0.90", "(0.80 to", "1.00)", "–"],
        ["Riper H 2014", "NR", "NR", "0.22", "(0.12 to", "0.32)", "–"],
        ["Correlation of 0.5", "2", "−0.13", "(−0.23 to", "−0.03)"],
    ):
        assert expected in lines
    headings = ["Pooled", "Under 3 months", "3 to under 6 months", "Time not stated"]
    assert [line[0] for line in lines if line[0] in headings and len(line) == 1] == headings


def test_hollow_circles_are_effects_after_treatment(drawings: Draw) -> None:
    [(_, svg)] = drawings("months_depression")
    assert fills(svg, theme.PAPER.light, theme.INK.light) == 2
    assert fills(svg, theme.RECOMMENDED.light, theme.RECOMMENDED.light) == 3 + 2


def test_the_scale_is_not_stretched_by_an_enormous_interval(drawings: Draw) -> None:
    [(_, svg)] = drawings("months_depression")
    assert "Arrowheads: the interval goes on beyond the axis." in " ".join(texts(svg))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("smaller", "the effect shrinks since treatment"),
        ("larger", "the effect grows since treatment"),
        ("neither", "no clear change since treatment"),
    ],
)
def test_the_title_says_what_the_main_assumption_gives(
    said: str, words: str, figures: dict[str, Figure], tables: Tables
) -> None:
    rows = [row | {"at_follow_up": said} if row["is_main"] else row for row in tables["rpt_months"]]
    assert title(figures["months_depression"], {**tables, "rpt_months": rows}) == (
        f"Depression: 0.31 (0.21 to 0.41) at follow-up, k=3; {words}"
    )


def test_a_single_meta_analysis_is_called_one(figures: dict[str, Figure], tables: Tables) -> None:
    figure = figures["months_response"]
    assert title(figure, tables) == "Response: 1.60 (1.50 to 1.70) at follow-up, one meta-analysis"
    [svg] = redraw(figure, tables)
    assert "k = 1: the only meta-analysis, not pooled." in " ".join(texts(svg))
    assert fills(svg, theme.RECOMMENDED.light, theme.RECOMMENDED.light) == 0, "no diamond"


def test_the_description_tells_every_effect(figures: dict[str, Figure], tables: Tables) -> None:
    said = alt_text(figures["months_depression"], tables)
    for words in (
        "Plot of effects over months with 4 effects at follow-up.",
        "Andersson G 2014, 2 months: 0.25 (0.15 to 0.35); after treatment 0.44.",
        "Riper H 2014, time not stated: 0.22 (0.12 to 0.32); after treatment –.",
        "Correlation of 0.5: −0.13 (−0.23 to −0.03), k=2.",
    ):
        assert words in said


def test_the_table_has_a_row_per_line(figures: dict[str, Figure], tables: Tables) -> None:
    rows = data_tables.data_table(figures["months_depression"], tables).rows
    assert len(rows) == 9
    assert rows[2] == (
        "Under 3 months", "Andersson G 2014", "2", "–", "26", "0.25 (0.15 to 0.35)", "0.44",
    )  # fmt: skip


def test_it_refuses_what_it_does_not_know(figures: dict[str, Figure], tables: Tables) -> None:
    strange = [row | {"row_kind": "guess"} for row in tables["rpt_months"]]
    with pytest.raises(ValueError, match="row_kind: unknown value 'guess'"):
        KINDS["months"].draw(figures["months_depression"], {**tables, "rpt_months": strange})


def test_without_rows_it_says_so(figures: dict[str, Figure], tables: Tables) -> None:
    [svg] = redraw(figures["months_depression"], {**tables, "rpt_months": []})
    assert "No effect at follow-up can be drawn here." in texts(svg)
    assert title(figures["months_depression"], {**tables, "rpt_months": []}) == (
        "Depression: over months"
    )
