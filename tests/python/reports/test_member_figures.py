"""Cumulative, influence and bubble figures draw and say what their rows hold."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from itertools import pairwise

import pytest

from reports import tables as data_tables
from reports import theme
from reports.charts import plot
from reports.charts.scale import Scale
from reports.figure import Figure, Tables
from reports.figures import KINDS
from reports.figures.influence import MEASURES, MOST
from tests.python.reports.conftest import Drawing, alt_text, redraw, text_lines, texts, title

Draw = Callable[[str], list[Drawing]]
PATH = "{http://www.w3.org/2000/svg}path"


def circles(svg: str, fill: theme.Colour) -> int:
    """How many circles have a fill."""
    return sum(
        node.attrib.get("fill") == fill.light and "A" in node.attrib["d"]
        for node in ElementTree.fromstring(svg).iter(PATH)
    )


def test_a_cumulative_figure_has_a_line_for_each_year(drawings: Draw) -> None:
    [(_, svg)] = drawings("cumulative_depression")
    lines = list(text_lines(svg).values())
    assert ["2010", "+2", "4", "0.55", "(−0.95 to", "2.05)", "61%"] in lines
    assert ["Year unknown", "+2", "10", "0.40", "(0.10 to", "0.70)", "61%"] in lines
    hollow = [
        node
        for node in ElementTree.fromstring(svg).iter(PATH)
        if node.attrib.get("stroke") == theme.CONFLICT.light
        and node.attrib.get("fill") == theme.PAPER.light
    ]
    assert len(hollow) == 2, "the answer is open in two years"
    assert [panel.pages for panel, _ in drawings("cumulative_response")] == [2, 2]


def test_a_cumulative_title_says_since_when(figures: dict[str, Figure], tables: Tables) -> None:
    assert title(figures["cumulative_depression"], tables) == (
        "Depression: the result of today's meta-analyses favours the intervention in every year "
        "from 2011 on; each estimate from 2011 on lies within the interval of all (0.10 to 0.70)"
    )
    assert title(figures["cumulative_response"], tables) == (
        "Response: the result of today's meta-analyses favours the intervention in every year; "
        "each estimate lies within the interval of all (1.10 to 1.90)"
    )
    few = [
        row | ({"side": None, "is_side_settled": None} if row["k"] == 2 else {})
        for row in tables["rpt_cumulative"]
    ]
    said = title(figures["cumulative_response"], {**tables, "rpt_cumulative": few})
    assert "favours the intervention in every year with a verdict; each" in said
    assert "in every year with a verdict from 2011 on" in title(
        figures["cumulative_depression"], {**tables, "rpt_cumulative": few}
    )
    drawn = " ".join(
        words
        for svg in redraw(figures["cumulative_depression"], {**tables, "rpt_cumulative": few})
        for words in texts(svg)
    )
    assert "Grey square: too few meta-analyses for a verdict." in drawn
    rows = [
        row | {"is_estimate_settled": row["is_of_all"], "is_side_settled": row["is_of_all"]}
        for row in tables["rpt_cumulative"]
    ]
    said = alt_text(figures["cumulative_depression"], {**tables, "rpt_cumulative": rows})
    assert "First, 2009, 2 meta-analyses: 0.60 (−0.90 to 2.10)." in said
    assert "favours the intervention in every year only with those of unknown" in said


def test_an_influence_figure_draws_each_measure(drawings: Draw) -> None:
    [(_, svg)] = drawings("influence_depression")
    assert circles(svg, theme.CONFLICT) == 2 * (1 + len(MEASURES))
    assert circles(svg, theme.SQUARE) == 25 - 2 + len(MEASURES) * (MOST - 2)
    said = " ".join(texts(svg))
    assert f"Rows: the {MOST} of 25 meta-analyses with the largest Cook's distance" in said
    assert "residual ±1.96, DFFITS ±0.61, Cook's distance 0.46, hat value 0.12" in said
    assert texts(svg).count(f"Păsărelu CR 1993{theme.DAGGER}") == 2


def test_an_influence_title_names_who_is_beyond(figures: dict[str, Figure], tables: Tables) -> None:
    figure = figures["influence_depression"]
    assert title(figure, tables) == (
        "Depression: Păsărelu CR 1990 moves the result more than others, and Păsărelu CR 1993 lies "
        "off the others"
    )
    assert "Cook's distance 0.60, hat value 0.04; without it 0.40 (0.30 to 0.80)." in alt_text(
        figure, tables
    )
    assert title(figures["influence_response"], tables) == (
        "Response: no meta-analysis is beyond the limits of influence"
    )
    table = data_tables.data_table(figure, tables)
    assert len(table.rows) == 25
    assert [row[-1] for row in table.rows[:4]] == ["influential, outlying", "–", "–", "outlying"]
    many = [row | {"is_influential": True} for row in tables["rpt_influence"]]
    said = title(figure, {**tables, "rpt_influence": many})
    assert said == "Depression: 25 meta-analyses move the result more than others"


def test_a_bubble_plot_has_a_circle_for_each_member(drawings: Draw) -> None:
    [(_, svg)] = drawings("bubble_depression")
    assert circles(svg, theme.BAND_2) == 24
    said = texts(svg)
    assert "Slope −0.058 (−0.078 to −0.038)" in said
    assert "P<0.001, R² 54%, k=12" in said
    assert {"Year of publication", "Number of trials, log scale"} <= set(said)
    [(_, svg)] = drawings("bubble_response")
    assert "Factor 1.040 (1.020 to 1.060)" in texts(svg)


def test_a_bubble_title_names_the_trends(figures: dict[str, Figure], tables: Tables) -> None:
    assert title(figures["bubble_depression"], tables) == (
        "Depression: the SMD falls by 0.058 with each later year (P<0.001); no clear trend with "
        "the number of trials"
    )
    assert title(figures["bubble_response"], tables) == (
        "Response: the OR rises to ×1.040 with each later year (P=0.020)"
    )
    on_z = {
        **tables,
        "rpt_regressions": [row | {"slope_of": "Fisher's z"} for row in tables["rpt_regressions"]],
    }
    assert title(figures["bubble_depression"], on_z).startswith(
        "Depression: Fisher's z falls by 0.058 with each later year (P<0.001)"
    )
    [svg] = redraw(figures["bubble_depression"], on_z)
    assert "The slope is the change of Fisher's z with each year" in " ".join(texts(svg))
    rows = data_tables.data_table(figures["bubble_depression"], on_z).rows
    assert rows[0][1] == "Slope of Fisher's z, with each later year"
    assert "slope of Fisher's z 0.012" in alt_text(figures["bubble_depression"], on_z)
    said = alt_text(figures["bubble_depression"], tables)
    assert "12 meta-analyses of 14, slope 0.012 (−0.008 to 0.032), P=0.48." in said
    table = data_tables.data_table(figures["bubble_depression"], tables)
    assert len(table.rows) == 2 + 24
    strange = [row | {"row_kind": "guess"} for row in tables["rpt_bubbles"]]
    with pytest.raises(ValueError, match=r"rpt_bubbles\.row_kind: unknown value 'guess'"):
        KINDS["bubble"].draw(figures["bubble_depression"], {**tables, "rpt_bubbles": strange})


@pytest.mark.parametrize("kind", ["cumulative", "influence"])
def test_two_analyses_are_refused(kind: str, figures: dict[str, Figure], tables: Tables) -> None:
    table = KINDS[kind].reads[0]
    figure = figures[f"{kind}_depression"]
    rows = [row | {"figure_id": figure.figure_id} for row in tables[table]]
    with pytest.raises(ValueError, match="figure_blocks has depression, response"):
        KINDS[kind].draw(figure, {**tables, table: rows})
    [svg] = redraw(figure, {**tables, table: []})
    assert any("meta-analysis" in words for words in texts(svg))


def test_names_lie_on_no_other_name_or_point() -> None:
    made = plot.Plot(40.0, 20.0, Scale((0.0, 10.0), 300.0), Scale((0.0, 10.0), 200.0))
    points = [plot.Name(f"Name {i}", 60.0 + 3 * i, 100.0 + 2 * i) for i in range(6)]
    layers = plot.names(points, made, (400.0, 260.0))
    heights = sorted(item["y"] for layer in layers for item in layer.data["values"])
    gaps = [second - first for first, second in pairwise(heights)]
    assert len(heights) == 6
    assert min(gaps) >= plot.NAME_STEP - 1
