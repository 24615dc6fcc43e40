"""The figures of overlap, choices, gaps and agreement draw and say what their rows hold."""

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from reports import inline, picture, render, tables, theme
from reports.figure import Figure, Tables
from reports.figures import KINDS
from reports.figures.evidence_map import colours, tile
from tests.python.reports.conftest import Drawing, alt_text, redraw, text_lines, texts, title

Draw = Callable[[str], list[Drawing]]
PATH = "{http://www.w3.org/2000/svg}path"
THIN = "\u2009"


def fills(svg: str) -> Counter[str]:
    """How often each colour fills a shape."""
    return Counter(
        node.attrib["fill"]
        for node in ElementTree.fromstring(svg).iter(PATH)
        if node.attrib.get("fill", "none") != "none"
    )


def test_overlap_draws_each_pair(tables: Tables, drawings: Draw) -> None:
    [(_, svg)] = drawings("overlap")
    drawn = Counter(texts(svg))
    rows = tables["rpt_overlap"]
    for row in rows:
        if row["status"] == "ok" and row["n_shared"]:
            assert drawn[f"{row['cca']:.1f}"] == 1
    known_zero = sum(row["status"] == "ok" and not row["n_shared"] for row in rows)
    unknown = sum(row["status"] == "unknown" for row in rows)
    # One more of each in the legend.
    assert drawn["0"] == known_zero + 1
    assert drawn["?"] == unknown + 1
    assert drawn["≥8"] == 1


def test_unknown_overlap_does_not_look_like_none(
    figures: dict[str, Figure], tables: Tables
) -> None:
    [row] = [row for row in tables["rpt_overlap"] if row["pair_id"] == "2:6"]
    none = row | {"status": "ok", "n_shared": 0, "cca": 0.0}
    before, after = (
        fills(*redraw(figures["overlap"], {**tables, "rpt_overlap": [changed]}))
        for changed in (row, none)
    )
    assert before[theme.RANGE.light] == after[theme.RANGE.light] + 1
    assert after[theme.PAPER.light] == before[theme.PAPER.light] + 1


def test_many_meta_analyses_leave_the_numbers_to_the_table(
    figures: dict[str, Figure], tables: Tables
) -> None:
    [base] = [row for row in tables["rpt_overlap"] if row["pair_id"] == "1:2"]
    rows = [
        base | {"column_order": a, "row_order": b, "column_label": f"A {a}", "row_label": f"A {b}"}
        for b in range(2, 41)
        for a in range(1, b)
    ]
    changed = {**tables, "rpt_overlap": rows}
    [svg] = redraw(figures["overlap"], changed)
    assert "33.3" not in texts(svg)
    assert "The numbers of each pair are in the table below the picture." in texts(svg)
    width, _ = picture.svg_size(svg)
    assert width <= theme.WIDTH + 3


def test_names_of_many_meta_analyses_stand_apart(
    figures: dict[str, Figure], tables: Tables
) -> None:
    [base] = [row for row in tables["rpt_overlap"] if row["pair_id"] == "1:2"]

    def label(place: int) -> str:
        return f"van der Waal-Bartholomeusz and de la Fontaine {1900 + place}"

    rows = [
        base | {"column_order": a, "row_order": b, "column_label": label(a), "row_label": label(b)}
        for b in range(2, 71)
        for a in range(1, b)
    ]
    [svg] = redraw(figures["overlap"], {**tables, "rpt_overlap": rows})
    lines = text_lines(svg)
    named = [y for y, said in lines.items() if re.search(r"… 19[0-9]{2}$", said[0])]
    assert len(named) == 70
    assert min(b - a for a, b in pairwise(sorted(named))) >= theme.TEXT
    assert ["1", "5", "10", *(str(n) for n in range(15, 71, 5))] in lines.values()


@pytest.mark.parametrize("times", [1, 4])
def test_names_of_conditions_stand_apart_in_the_evidence_map(
    times: int, figures: dict[str, Figure], tables: Tables
) -> None:
    """A line of another name begins a line height below at least, however long the names are."""
    name = "Chronic musculoskeletal pain of the back, neck or knee in adults "
    rows = [
        row | {"condition_label": f"{row['condition']}: {times * name}"}
        for row in tables["rpt_evidence_map"]
    ]
    [panel] = KINDS["evidence_map"].draw(
        figures["evidence_map"], {**tables, "rpt_evidence_map": rows}
    )
    spec = render.framed(panel.layers, panel)
    placed = [
        item
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text" and layer["mark"]["align"] == "left"
        for item in spec["datasets"][layer["data"]["name"]]
    ]
    heights = sorted(item["y"] for item in placed)
    assert len(heights) > len({row["condition"] for row in rows})
    assert min(b - a for a, b in pairwise(heights)) >= theme.WRAPPED_LINE
    assert heights[0] - theme.TEXT / 2 >= 0
    assert heights[-1] + theme.TEXT / 2 <= panel.bottom


def test_specification_curve_draws_each_estimate(tables: Tables, drawings: Draw) -> None:
    [(_, svg)] = drawings("multiverse_depression")
    rows = [r for r in tables["rpt_multiverse"] if r["figure_id"] == "multiverse_depression"]
    points = sorted(
        tuple(float(v) for v in re.findall(r"-?[0-9.]+", node.attrib["transform"])[:2])
        for node in ElementTree.fromstring(svg).iter(PATH)
        if "A" in node.attrib["d"] and "transform" in node.attrib
    )
    assert len(points) == len(rows) == 16
    # Heights are linear in the estimates: the picture holds the numbers of the mart.
    slope = (points[-1][1] - points[0][1]) / (rows[-1]["estimate"] - rows[0]["estimate"])
    for (_, y), row in zip(points, rows, strict=True):
        expected = points[0][1] + slope * (row["estimate"] - rows[0]["estimate"])
        assert y == pytest.approx(expected, abs=0.1)
    assert slope < 0
    assert "Prespecified: 0.41 (0.21 to 0.61)" in texts(svg)


def test_dashboard_marks_the_options_taken(figures: dict[str, Figure], tables: Tables) -> None:
    figure = figures["multiverse_ocd"]
    rows = [row for row in tables["rpt_multiverse"] if row["figure_id"] == figure.figure_id]
    same = [row | {"ci_method": "z", "is_prespecified": False} for row in rows]
    [svg] = redraw(figure, {**tables, "rpt_multiverse": same})
    options = {row["label"] for row in tables["rpt_multiverse_options"]}
    assert options <= set(texts(svg))
    assert not any(words.startswith("Prespecified") for words in texts(svg))
    broken = [row | {"choice": "weather"} for row in tables["rpt_multiverse_options"]]
    with pytest.raises(ValueError, match="unknown value 'weather'"):
        KINDS["multiverse"].draw(figure, {**tables, "rpt_multiverse_options": broken})


def test_a_curve_of_two_analyses_is_refused(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [row | {"figure_id": "multiverse_ocd"} for row in tables["rpt_multiverse"]]
    with pytest.raises(ValueError, match="figure_blocks has depression, ocd"):
        KINDS["multiverse"].draw(figures["multiverse_ocd"], {**tables, "rpt_multiverse": rows})


def test_cells_of_the_evidence_map_lead_to_their_results(
    tables_of_fixture: Tables, figures: dict[str, Figure], drawings: Draw
) -> None:
    figure, kind = figures["evidence_map"], KINDS["evidence_map"]
    rows = tables_of_fixture["rpt_evidence_map"]
    [(panel, svg)] = drawings("evidence_map")
    page = inline.for_page(svg, panel)
    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"><rect [^>]*/></a>', page)
    first = kind.data_rows(figure, tables_of_fixture)[0]
    assert links[0][0] == f"condition-{rows[0]['condition']}.html#figure-{rows[0]['figure_slug']}"
    assert links[0][1].startswith(f"{first[0]}, any comparator, any: k=")
    assert links[0][1].endswith(", low")
    assert len(links) == sum(row["n_meta_analyses"] > 0 for row in rows) < len(rows)
    table = tables.data_table(figure, tables_of_fixture)
    cells = [cell for row in table.rows for cell in row if isinstance(cell, tables.Link)]
    assert [(cell.href, cell.name) for cell in cells] == links
    assert 'role="group"' in page
    assert 'role="img"' not in page
    assert "<a " not in svg
    circles = [words for words in texts(svg) if words.startswith("k=") and "●●○○" in words]
    assert len(circles) == sum(row["certainty"] is not None for row in rows)


def test_evidence_map_draws_each_cell(tables: Tables, drawings: Draw) -> None:
    [(_, svg)] = drawings("evidence_map")
    drawn = Counter(texts(svg))
    rows = tables["rpt_evidence_map"]
    assert drawn["gap"] == sum(row["n_meta_analyses"] == 0 for row in rows) > 0
    counts = Counter(
        " ".join([f"k={row['n_meta_analyses']}", row["certainty_symbol"] or ""]).strip()
        for row in rows
        if row["n_meta_analyses"]
    )
    pools = Counter(
        f"SMD {row['estimate']:.2f}".replace("-", "−") + ("*" if row["side"] == "neither" else "")
        for row in rows
        if row["has_verdict"]
    )
    assert counts <= drawn
    assert pools <= drawn
    assert drawn["too few"] == sum(row["has_verdict"] is False for row in rows) > 0
    said = " ".join(texts(svg))
    assert "white tile: not pooled, or too few meta-analyses for a verdict; gap" in said
    people = Counter(
        f"N {row['n_participants']:,}".replace(",", THIN if row["n_participants"] >= 10_000 else "")
        for row in rows
        if row["n_participants"]
    )
    assert people <= drawn


def test_tiles_of_rates_have_no_verdict(tables: Tables) -> None:
    rows = [row | {"side": None} for row in tables["rpt_evidence_map"]]
    assert {tile(row, 0, 0, 60)["fill"] for row in rows} == {theme.PAPER.light, theme.STRIPE.light}
    said = colours(rows)
    assert "excludes no effect" not in said
    assert said.startswith("White tile: not pooled")
    assert "a pooled rate" in said


def test_agreement_draws_each_field(tables: Tables, drawings: Draw) -> None:
    [(_, svg)] = drawings("agreement")
    lines = list(text_lines(svg).values())
    assert ["Measure", "313", "93.0", "0.88 (0.82 to 0.90)", "0.92 (0.86 to 0.94)", "–"] in lines
    assert ["Estimate", "313", "98.7", "–", "–", "0.98 (0.92 to 1.00)"] in lines
    assert ["Percent", "12", "100.0", "–", "–", "1.00"] in lines


@pytest.mark.parametrize(
    ("figure_id", "expected"),
    [
        ("overlap", "Overlap is slight, 1.1%, between the 5 of 136 meta-analyses with a complete"),
        ("multiverse_depression", "Depression: the benefit holds in all 31 alternative results"),
        (
            "multiverse_ocd",
            "Compulsions: no clear effect as prespecified; 12 of 31 alternative results favour",
        ),
        ("evidence_map", "cells of condition, comparator and guidance hold no meta-analysis"),
        ("agreement", "Two extractors agree in 80.8% to 100.0% of rows, depending on the field"),
    ],
)
def test_titles_say_what_the_data_show(
    figure_id: str, expected: str, figures: dict[str, Figure], tables: Tables
) -> None:
    assert expected in title(figures[figure_id], tables)


def test_a_finding_that_does_not_hold_everywhere_is_counted(
    figures: dict[str, Figure], tables: Tables
) -> None:
    rows = [row | {"n_results_above": 30} for row in tables["rpt_multiverse"]]
    said = title(figures["multiverse_depression"], {**tables, "rpt_multiverse": rows})
    assert said == "Depression: the benefit holds in 30 of 31 alternative results"


def test_a_pool_of_too_few_has_no_verdict(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [row | {"has_verdict": False} for row in tables["rpt_multiverse"]]
    said = title(figures["multiverse_depression"], {**tables, "rpt_multiverse": rows})
    assert said == (
        "Depression: too few for a pooled verdict; all 31 alternative results favour the "
        "intervention"
    )
    none = [row | {"n_results_above": 0, "n_results_below": 0} for row in rows]
    said = title(figures["multiverse_depression"], {**tables, "rpt_multiverse": none})
    assert said == (
        "Depression: too few for a pooled verdict; no clear effect in any of 31 alternative results"
    )


def test_a_curve_of_percentages_counts_what_is_in_its_interval(
    figures: dict[str, Figure], tables: Tables
) -> None:
    figure = replace(figures["multiverse_ocd"], measure="percent", decimals=1)
    shown = ("estimate", "ci_low", "ci_high", "estimate_median")
    rows = [
        row
        | {key: None if row[key] is None else 50 + 20 * row[key] for key in shown}
        | {"side": None, "n_results_above": None, "n_results_within_interval": 27}
        for row in tables["rpt_multiverse"]
    ]
    drawn = {**tables, "rpt_multiverse": rows}
    assert title(figure, drawn) == ("Compulsions: 27 of 31 alternative results are in its interval")
    [svg] = redraw(figure, drawn)
    said = " ".join(texts(svg))
    assert "Percentage (95% CI)" in said
    assert "exclude no effect" not in said
    assert "Conversion" not in said
    few = [row | {"has_verdict": False} for row in rows]
    assert "Compulsions: too few for a pooled verdict; 27 of 31" in title(
        figure, {**tables, "rpt_multiverse": few}
    )


def test_alternative_text_and_table_hold_every_row(
    figures: dict[str, Figure], tables_of_fixture: Tables
) -> None:
    for name, expected in (
        ("overlap", 15),
        ("multiverse_ocd", 16),
        ("evidence_map", 72),
        ("agreement", 4),
    ):
        made = tables.data_table(figures[name], tables_of_fixture)
        assert len(made.rows) == expected
        assert all(len(row) == len(made.columns) for row in made.rows)
    said = alt_text(figures["overlap"], tables_of_fixture)
    assert "4 pairs with complete lists share trials, 6 share none; 1 share" in said
    assert "4 are not known" in said


@pytest.fixture
def tables_of_fixture(request: pytest.FixtureRequest) -> Tables:
    """The made-up tables under a name that the module `tables` leaves free."""
    return request.getfixturevalue("tables")
