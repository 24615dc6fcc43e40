"""Figures drawn anew for a phone say what the wide ones say, in 316 px, and nothing is cut."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import pytest

from reports import inline, picture, render, text, theme
from reports.figure import Figure, Panel, Tables
from reports.figures import KINDS
from reports.figures.flow import INSET, NARROW, SIZE, Flow, place_flows, shown_bands
from reports.figures.multiverse import CHOICES
from tests.python.reports import fixture_warehouse
from tests.python.reports.drawn import NUMBER, Drawn, drawn_texts, nodes

KIND_OF = {
    row["figure_id"]: row["figure_kind"]
    for row in fixture_warehouse.complete_tables()["rpt_figures"]
}
PHONE_FIGURES = [name for name, kind in KIND_OF.items() if KINDS[kind].phone]
FUNNELS = [name for name, kind in KIND_OF.items() if kind == "funnel"]
CURVES = [name for name, kind in KIND_OF.items() if kind == "multiverse"]
PLOTS = [*FUNNELS, *CURVES, "study_flow"]
PATH = "{http://www.w3.org/2000/svg}path"
LONG = "An option whose name is much longer than the room that a phone leaves for it"


def circles(svg: str, fill: str) -> list[tuple[float, float]]:
    """Centres of the circles of a fill from left to right."""
    return sorted(
        (x, y)
        for node, x, y in nodes(svg)
        if node.tag == PATH and node.attrib.get("fill") == fill and "A" in node.attrib["d"]
    )


def frames(svg: str, fill: str, least: float = 0.0) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of the rectangles of a fill that are wider than `least` px."""
    found = []
    for node, x, y in nodes(svg):
        is_box = "h" in node.attrib.get("d", "") and node.attrib.get("fill") == fill
        if node.tag == PATH and is_box:
            left, top, width, height = map(float, NUMBER.findall(node.attrib["d"])[:4])
            if width > least:
                found.append((x + left, y + top, x + left + width, y + top + height))
    return found


def specification(panel: Panel) -> dict[str, object]:
    """The specification of a page without title and notes."""
    return render.framed(panel.layers, panel)


def said(form: str, figure: Figure, tables: Tables) -> Counter[str]:
    """The words that the layers of all pages of a figure write."""
    pages = getattr(KINDS[figure.kind], form)(figure, tables)
    lines = [
        line for panel in pages for line in picture.expected_texts(specification(panel)).elements()
    ]
    return Counter(word for line in lines for word in line.split())


def shown(figure: Figure, tables: Tables, form: str = "phone") -> list[tuple[Panel, str]]:
    """The pages of a figure as a page of the site shows them."""
    return [
        (panel, inline.for_page(picture.to_svg(specification(panel), "x", "t", "d"), panel))
        for panel in getattr(KINDS[figure.kind], form)(figure, tables)
    ]


def assert_readable(figure: Figure, tables: Tables, form: str = "phone") -> list[Drawn]:
    """Assert that no text is cut at the picture's edge or lies on another; returns the texts."""
    found = []
    for panel, svg in shown(figure, tables, form):
        left, top, width, height = map(float, re.search(r'viewBox="([^"]*)"', svg)[1].split())
        beyond = width - panel.width - theme.PADDING
        assert beyond < 2, "what goes beyond the edge makes all else smaller"
        texts = drawn_texts(svg)
        assert not [
            one
            for one in texts
            if one.left < left
            or one.right > left + width
            or one.top < top
            or one.bottom > top + height
        ]
        assert not [(a, b) for a, b in combinations(texts, 2) if a.overlaps(b)]
        found += texts
    assert found
    return found


def top_of(words: str, texts: Sequence[Drawn]) -> float:
    """Where the one text that begins with some words stands."""
    [found] = [one.top for one in texts if one.words.startswith(words)]
    return found


@pytest.mark.parametrize("figure_id", PHONE_FIGURES)
def test_every_text_is_whole_and_apart(
    figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    assert_readable(figures[figure_id], tables)


@pytest.mark.parametrize("figure_id", PLOTS)
def test_a_phone_says_what_the_wide_form_says(
    figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures[figure_id]
    assert said("phone", figure, tables) == said("draw", figure, tables)


@pytest.mark.parametrize("figure_id", FUNNELS)
def test_points_of_a_funnel_lie_in_the_plot_at_effect_and_error(
    figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures[figure_id]
    [(panel, svg)] = shown(figure, tables)
    rows = [row for row in tables["rpt_funnel"] if row["figure_id"] == figure_id]
    scale = math.log if figure.is_log_scale else float
    own = sorted(
        (scale(row["estimate"]), row["se"]) for row in rows if row["point_kind"] != "filled"
    )
    drawn = circles(svg, theme.SQUARE.light)
    assert len(circles(svg, theme.PAPER.light)) == len(rows) - len(own)
    for places, values in zip(zip(*drawn, strict=True), zip(*own, strict=True), strict=True):
        low, high = values.index(min(values)), values.index(max(values))
        slope = (places[high] - places[low]) / (values[high] - values[low])
        assert slope > 50, "effects grow to the right, errors downwards, over most of the plot"
        expected = [places[low] + slope * (value - values[low]) for value in values]
        assert places == pytest.approx(expected, abs=0.1)
    [(left, top, right, bottom)] = frames(svg, theme.STRIPE.light, 200)
    assert right - left == pytest.approx(panel.view_width) == pytest.approx(252)
    assert all(left + 3 < x < right - 3 and top < y < bottom for x, y in drawn)


@pytest.mark.parametrize("figure_id", FUNNELS)
def test_notes_of_a_funnel_stand_below_its_axis(
    figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    texts = assert_readable(figures[figure_id], tables)
    axis = "Odds ratio" if figures[figure_id].is_log_scale else "Standardised mean difference"
    legend = top_of("Two-sided P of a point", texts)
    assert top_of(axis, texts) < legend < top_of("P>0.10", texts)
    assert top_of("P>0.10", texts) == top_of("P 0.01 to 0.05", texts)
    heading = "Too few for a test" if figure_id == "funnel_ptsd" else "Egger's test"
    last_shade = top_of("P<0.01", texts)
    assert last_shade < min(one.top for one in texts if one.words == heading)


@pytest.mark.parametrize(("estimate", "filled"), [(0.05, 0.0), (6.0, 6.1), (6.1, 6.0)])
@pytest.mark.parametrize("form", ["draw", "phone"])
def test_names_of_lines_at_the_edge_of_a_funnel_are_whole(
    form: str,
    estimate: float,
    filled: float,
    figures: dict[str, Figure],
    tables: Tables,
) -> None:
    changes = {"estimate": estimate, "filled_estimate": filled}
    rows = [row | changes for row in tables["rpt_funnel_summary"]]
    # Points far apart, for their errors, let the pooled estimate come near an edge.
    spread = [row | {"estimate": row["point_order"] / 2} for row in tables["rpt_funnel"]]
    changed = {**tables, "rpt_funnel_summary": rows, "rpt_funnel": spread}
    assert_readable(figures["funnel_depression"], changed, form)


@pytest.mark.parametrize("figure_id", CURVES)
def test_points_of_a_curve_lie_right_of_its_words(
    figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    [(_, svg)] = shown(figures[figure_id], tables)
    rows = [row for row in tables["rpt_multiverse"] if row["figure_id"] == figure_id]
    drawn = sorted(circles(svg, theme.SQUARE.light) + circles(svg, theme.PREDICTION.light))
    assert len(drawn) == len(rows)
    slope = (drawn[-1][1] - drawn[0][1]) / (rows[-1]["estimate"] - rows[0]["estimate"])
    assert slope < -50
    for (_, y), row in zip(drawn, rows, strict=True):
        expected = drawn[0][1] + slope * (row["estimate"] - rows[0]["estimate"])
        assert y == pytest.approx(expected, abs=0.1)
    bars = [*frames(svg, theme.RECOMMENDED.light), *frames(svg, theme.PREDICTION.light)]
    words = [one for one in drawn_texts(svg) if not one.words.startswith("Prespecified")]
    assert max(one.right for one in words) < min(left for left, *_ in bars)
    assert max(right for _, _, right, _ in bars) <= 320


@pytest.mark.parametrize("figure_id", CURVES)
def test_choices_stand_above_their_options(
    figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    texts = assert_readable(figures[figure_id], tables)
    listed = {row["choice"]: [] for row in tables["rpt_multiverse_options"]}
    for row in tables["rpt_multiverse_options"]:
        listed[row["choice"]].append(row["label"])
    wanted = [word for choice in CHOICES if choice in listed for word in words_of(choice, listed)]
    heights = [top_of(word, texts) for word in wanted]
    assert heights == sorted(heights)
    assert len(set(heights)) == len(wanted), "each on a line of its own"


@pytest.mark.parametrize("position", [1, 16])
def test_long_options_are_wrapped_and_the_prespecified_estimate_is_whole(
    position: int, figures: dict[str, Figure], tables: Tables
) -> None:
    options = [row | {"label": LONG} for row in tables["rpt_multiverse_options"]]
    rows = [
        row | {"is_prespecified": row["position"] == position, "ci_low": -10.81}
        for row in tables["rpt_multiverse"]
    ]
    changed = {**tables, "rpt_multiverse_options": options, "rpt_multiverse": rows}
    texts = assert_readable(figures["multiverse_ocd"], changed)
    assert any(one.words.startswith("Prespecified: ") for one in texts)
    assert Counter(word for one in texts for word in one.words.split())["longer"] == len(options)


def test_one_flow_stands_below_the_other(figures: dict[str, Figure], tables: Tables) -> None:
    published, own = flows(tables)
    assert published.bottom < own.top
    assert (published.left, own.left) == (0, 0)
    texts = assert_readable(figures["study_flow"], tables)
    assert top_of("Published review", texts) < top_of("Records identified", texts) < own.top
    assert own.top < top_of("This extraction", texts) < top_of("Meta-analyses extracted", texts)


def test_texts_of_a_flow_lie_in_their_boxes(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [row | {"label": f"{row['label']} {LONG}"} for row in tables["rpt_study_flow"]]
    reasons = [row | {"reason_label": LONG * 2} for row in tables["rpt_study_flow_reasons"]]
    changed = {**tables, "rpt_study_flow": rows, "rpt_study_flow_reasons": reasons}
    boxes = [box for placed in flows(changed) for box in placed.boxes]
    assert max(box.right for box in boxes) == pytest.approx(316)
    for box in boxes:
        assert text.widest(list(box.lines), SIZE) <= box.right - box.left - 2 * INSET
    for one, other in combinations(boxes, 2):
        is_beside = one.right < other.left or other.right < one.left
        assert is_beside or one.bottom < other.top or other.bottom < one.top
    assert_readable(figures["study_flow"], changed)


def flows(tables: Tables) -> list[Flow]:
    """The flows of a phone with their boxes."""
    rows, reasons = tables["rpt_study_flow"], tables["rpt_study_flow_reasons"]
    return place_flows(shown_bands(rows, has_arrows=False), rows, reasons, NARROW)


def words_of(choice: str, listed: dict[str, list[str]]) -> list[str]:
    """The name of a choice, then those of its options."""
    return [CHOICES[choice], *listed[choice]]
