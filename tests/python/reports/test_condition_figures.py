"""The figures of one condition draw and say what their rows hold."""

import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from reports import tables as data_tables
from reports import theme
from reports.charts.scale import Scale
from reports.figure import Figure, Row, Tables
from reports.figures import KINDS
from reports.figures.funnel import TOP, WIDE, Plane, make_plane, own_rows, own_summary, triangle
from reports.pages.condition import largest_items
from tests.python.reports.conftest import Drawing, alt_text, redraw, text_lines, texts, title

Draw = Callable[[str], list[Drawing]]
PATH = "{http://www.w3.org/2000/svg}path"
NUMBER = re.compile(r"-?[0-9.]+")


def circles(svg: str, fill: str) -> list[tuple[float, float]]:
    """Centres of the circles of a fill, in the order of drawing."""
    return [
        tuple(float(value) for value in NUMBER.findall(node.attrib["transform"])[:2])
        for node in ElementTree.fromstring(svg).iter(PATH)
        if node.attrib.get("fill") == fill
        and "A" in node.attrib["d"]
        and "transform" in node.attrib
    ]


def changed_summary(tables: Tables, **values: object) -> Tables:
    """The tables with other values in every row of rpt_funnel_summary."""
    rows = [row | values for row in tables["rpt_funnel_summary"]]
    return {**tables, "rpt_funnel_summary": rows}


@pytest.mark.parametrize("figure_id", ["funnel_depression", "funnel_ptsd", "funnel_response"])
def test_each_meta_analysis_is_a_point_at_its_effect_and_error(
    figure_id: str, figures: dict[str, Figure], tables: Tables, drawings: Draw
) -> None:
    [(_, svg)] = drawings(figure_id)
    rows = [
        row for row in own_rows(figures[figure_id], tables) if row["point_kind"] == "meta_analysis"
    ]
    drawn = circles(svg, theme.SQUARE.light)
    assert len(drawn) == len(rows)
    scale = math.log if figures[figure_id].is_log_scale else float
    first, last = drawn[0], drawn[-1]
    across = (last[0] - first[0]) / (scale(rows[-1]["estimate"]) - scale(rows[0]["estimate"]))
    down = (last[1] - first[1]) / (rows[-1]["se"] - rows[0]["se"])
    assert across > 0, "effects grow to the right"
    assert down > 0, "standard errors grow downwards"
    for (x, y), row in zip(drawn, rows, strict=True):
        assert x == pytest.approx(
            first[0] + across * (scale(row["estimate"]) - scale(rows[0]["estimate"])), abs=0.1
        )
        assert y == pytest.approx(first[1] + down * (row["se"] - rows[0]["se"]), abs=0.1)


def test_filled_points_are_hollow(drawings: Draw) -> None:
    [(_, svg)] = drawings("funnel_depression")
    assert len(circles(svg, theme.PAPER.light)) == 2
    assert "With filled 0.36" in texts(svg)
    [(_, without)] = drawings("funnel_ptsd")
    assert not circles(without, theme.PAPER.light)
    assert not any(words.startswith("With filled") for words in texts(without))


@pytest.mark.parametrize("is_log", [False, True])
@pytest.mark.parametrize("z", [1.64, 1.96, 2.58])
def test_contours_open_from_no_effect_by_their_standard_errors(z: float, is_log: bool) -> None:
    domain = (math.exp(-2), math.exp(2)) if is_log else (-2.0, 2.0)
    plane = Plane(Scale(domain, 400, is_log), 0.5)
    left, apex, right = triangle({"p_value": 0.1, "z": z}, theme.PAPER, plane)
    assert apex["x"] == plane.scale.null_value
    assert apex["y"] == TOP
    for corner, sign in ((left, -1), (right, 1)):
        effect = math.log(corner["x"]) if is_log else corner["x"]
        assert corner["y"] == plane.height
        assert effect / 0.5 == pytest.approx(sign * z)


def test_a_contour_is_cut_at_the_edge_where_it_is() -> None:
    plane = Plane(Scale((-0.2, 2.0), 400), 0.5)
    left, _, _ = triangle({"p_value": 0.05, "z": 1.96}, theme.PAPER, plane)
    se = (left["y"] - TOP) / WIDE.plot * plane.largest_se
    assert left["x"] == pytest.approx(-0.2)
    assert -0.2 / se == pytest.approx(-1.96)


def test_pseudo_limits_start_at_the_pooled_estimate(
    figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures["funnel_depression"]
    summary = own_summary(figure, tables)
    plane = make_plane(figure, own_rows(figure, tables), summary)
    x, se = plane.ray(summary["estimate"], 1.96)
    assert (x - summary["estimate"]) / se == pytest.approx(1.96)
    assert se == plane.largest_se, "the whole funnel is in the picture"


def test_tests_are_printed_with_what_they_rest_on(drawings: Draw) -> None:
    [(_, svg)] = drawings("funnel_depression")
    said = " ".join(texts(svg))
    assert "slope 3.17 (1.12 to 5.22), P=0.003, k=12" in said
    assert "slope 0.54 (−5.57 to 6.65), P=0.85, k=10; Egger's test on the same 10: P=0.12" in said
    assert "2 filled in on the left: 0.36 (0.27 to 0.45)" in said


def test_below_ten_a_warning_stands_in_place_of_tests(
    figures: dict[str, Figure], tables: Tables, drawings: Draw
) -> None:
    [(_, svg)] = drawings("funnel_ptsd")
    said = " ".join(texts(svg))
    assert "Tests of asymmetry are not meaningful below ten meta-analyses; here are 4." in said
    assert "slope" not in said
    figure = figures["funnel_ptsd"]
    assert title(figure, tables) == (
        "PTSD: 4 meta-analyses are too few to test for funnel asymmetry"
    )
    rows = data_tables.data_table(figure, tables).rows
    assert next(row for row in rows if row[0] == "Egger's test")[-1].startswith("k=4. Tests of")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {},
            "asymmetric funnel by Egger's test (P=0.003, k=12), not by its variant for SMDs "
            "(P=0.85, k=10)",
        ),
        (
            {"egger_smd_p": 0.01, "is_smd_asymmetric": True},
            "(P=0.003, k=12), and by its variant for SMDs (P=0.010, k=10)",
        ),
        ({"is_smd_tested": False}, "Depression: asymmetric funnel by Egger's test (P=0.003, k=12)"),
        (
            {"egger_p": 0.4, "is_asymmetric": False, "is_smd_tested": False},
            "no clear asymmetry by Egger's test (P=0.40, k=12)",
        ),
    ],
)
def test_funnel_title_says_what_the_tests_say(
    values: dict[str, object], words: str, figures: dict[str, Figure], tables: Tables
) -> None:
    said = title(figures["funnel_depression"], changed_summary(tables, **values))
    assert said.startswith("Depression: ")
    assert said.endswith(words)


def test_few_with_participants_are_not_tested(figures: dict[str, Figure], tables: Tables) -> None:
    [svg] = redraw(
        figures["funnel_depression"], changed_summary(tables, egger_smd_k=9, is_smd_tested=False)
    )
    assert "not tested: 9 of 12 report participants" in " ".join(texts(svg))


def test_a_funnel_without_its_tests_is_refused(figures: dict[str, Figure], tables: Tables) -> None:
    with pytest.raises(ValueError, match="rpt_funnel_summary has no row of this figure"):
        KINDS["funnel"].draw(figures["funnel_ptsd"], {**tables, "rpt_funnel_summary": []})


def test_an_unknown_point_is_refused(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [row | {"point_kind": "guess"} for row in tables["rpt_funnel"]]
    with pytest.raises(ValueError, match=r"rpt_funnel\.point_kind: unknown value 'guess'"):
        KINDS["funnel"].draw(figures["funnel_ptsd"], {**tables, "rpt_funnel": rows})


def test_every_omission_is_drawn_over_all_pages(tables: Tables, drawings: Draw) -> None:
    pages = drawings("leave_one_out_depression")
    assert [(panel.page, panel.pages) for panel, _ in pages] == [(1, 2), (2, 2)]
    lines = [line for _, svg in pages for line in text_lines(svg).values()]
    for row in tables["rpt_leave_one_out"]:
        if row["analysis_id"] != "depression" or row["row_kind"] != "omitted":
            continue
        moved = f"{row['change']:.2f}".replace("-", "−").replace("−0.00", "0.00")
        moved = f"+{moved}" if float(f"{row['change']:.2f}") > 0 else moved
        expected = [row["label"], f"{row['estimate']:.2f}", "(0.28 to", "0.48)", moved, "83%"]
        assert expected in lines


def test_changed_conclusions_stand_out(drawings: Draw) -> None:
    [(_, svg)] = drawings("leave_one_out_ocd")
    lines = list(text_lines(svg).values())
    assert ["Imai H 2022†", "0.47", "(0.38 to", "0.58)", "−0.03", "–"] in lines
    assert any(line[0] == "15%†" for line in lines)
    assert any(line[0] == "10%" for line in lines)
    said = " ".join(texts(svg))
    assert "the interval lies on another side of no effect than with all" in said
    assert "One meta-analysis is left: its own interval, not pooled." in said
    hollow = [
        node
        for node in ElementTree.fromstring(svg).iter(PATH)
        if node.attrib.get("stroke") == theme.CONFLICT.light
        and node.attrib.get("fill") == theme.PAPER.light
    ]
    assert len(hollow) == 4


def test_a_ratio_changes_by_a_factor(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [row | {"change": 0.97} for row in tables["rpt_leave_one_out"]]
    [svg] = redraw(figures["leave_one_out_response"], {**tables, "rpt_leave_one_out": rows})
    assert texts(svg).count("×0.97") == 4


def test_a_percentage_has_no_side(figures: dict[str, Figure], tables: Tables) -> None:
    figure = replace(
        figures["leave_one_out_response"],
        measure="percent",
        decimals=1,
        is_log_scale=False,
        subtitle="",
    )
    own = [row for row in tables["rpt_leave_one_out"] if row["figure_id"] == figure.figure_id]
    rows = [
        row
        | {key: 20 * row[key] for key in ("estimate", "ci_low", "ci_high")}
        | {"change": 0.0 if row["row_kind"] == "all" else -1.25, "side": None, "p_value": None}
        for row in own
    ]
    drawn = {**tables, "rpt_leave_one_out": rows}
    [svg] = redraw(figure, drawn)
    said = texts(svg)
    assert "Percentage (95% CI)" in said
    assert said.count("−1.2") == 4
    assert not any("avours" in words for words in said)
    low, high = (f"{end * 20:.1f}" for end in (min(estimates(own)), max(estimates(own))))
    assert title(figure, drawn) == (
        "Response: no single meta-analysis moves the percentage out of its interval "
        f"({low} to {high}%)"
    )
    outside = [row | {"is_conclusion_changed": row["label"] == "Riper H 2014"} for row in rows]
    drawn = {**tables, "rpt_leave_one_out": outside}
    assert "without Riper H 2014 the percentage leaves its interval" in title(figure, drawn)
    assert "lies outside the interval of all without Riper H 2014." in alt_text(figure, drawn)
    table = data_tables.data_table(figure, drawn)
    assert {row[5:7] for row in table.rows} == {("–", "–")}


def estimates(rows: Sequence[Row]) -> list[float]:
    return [row["estimate"] for row in rows if row["row_kind"] == "omitted"]


def test_leave_one_out_refuses_what_it_does_not_know(
    figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures["leave_one_out_ocd"]
    same = [row | {"figure_id": figure.figure_id} for row in tables["rpt_leave_one_out"]]
    with pytest.raises(ValueError, match="figure_blocks has depression, ocd, response"):
        KINDS["leave_one_out"].draw(figure, {**tables, "rpt_leave_one_out": same})
    strange = [row | {"row_kind": "guess"} for row in tables["rpt_leave_one_out"]]
    with pytest.raises(ValueError, match="row_kind: unknown value 'guess'"):
        KINDS["leave_one_out"].draw(figure, {**tables, "rpt_leave_one_out": strange})


def test_leave_one_out_titles_say_what_changes(figures: dict[str, Figure], tables: Tables) -> None:
    assert title(figures["leave_one_out_depression"], tables) == (
        "Depression: no single meta-analysis changes the conclusion (0.37 to 0.43); a credibility "
        "ceiling of 15% ends it"
    )
    assert title(figures["leave_one_out_ocd"], tables).startswith(
        "Compulsions: 2 of 2 meta-analyses change the conclusion"
    )
    rows = [
        row | {"is_conclusion_changed": row["label"] == "Imai H 2022"}
        for row in tables["rpt_leave_one_out"]
    ]
    said = title(figures["leave_one_out_ocd"], {**tables, "rpt_leave_one_out": rows})
    assert said == (
        "Compulsions: without Imai H 2022 the conclusion changes; it holds under a credibility "
        "ceiling of 20%"
    )


@pytest.mark.parametrize(
    ("figure_id", "expected"),
    [
        ("funnel_depression", "Funnel plot of 12 meta-analyses, standardised mean difference"),
        ("funnel_depression", "Trim and fill: 2 filled in on the left: 0.36 (0.27 to 0.45)."),
        ("funnel_ptsd", "Too few for a test: Tests of asymmetry are not meaningful below ten"),
        ("leave_one_out_depression", "All: 0.40 (0.30 to 0.50). Smallest without Andersson G"),
        ("leave_one_out_depression", "The conclusion stays, whichever meta-analysis is left out."),
        ("leave_one_out_depression", "20% 0.20 (−0.10 to 0.50)."),
    ],
)
def test_alternative_text(
    figure_id: str, expected: str, figures: dict[str, Figure], tables: Tables
) -> None:
    assert expected in alt_text(figures[figure_id], tables)


@pytest.mark.parametrize(
    ("figure_id", "count"),
    [
        ("funnel_depression", 14 + 3),
        ("funnel_ptsd", 4 + 3),
        ("funnel_response", 11 + 1),
        ("leave_one_out_depression", 66),
        ("leave_one_out_response", 5),
    ],
)
def test_data_tables_hold_every_row(
    figure_id: str, count: int, figures: dict[str, Figure], tables: Tables
) -> None:
    made = data_tables.data_table(figures[figure_id], tables)
    assert len(made.rows) == count
    assert all(len(row) == len(made.columns) for row in made.rows)
    header, rows = data_tables.own_csv(figures[figure_id], tables)
    assert {row[header.index("figure_id")] for row in rows} == {figure_id}


def test_a_dropout_figure_of_a_condition_shows_its_rows_only(
    figures: dict[str, Figure], tables: Tables, drawings: Draw
) -> None:
    [(_, svg)] = drawings("dropout_depression")
    drawn = texts(svg)
    assert "Dropout" in drawn
    assert "Depression" in drawn
    assert "Addiction" not in drawn
    assert title(figures["dropout_depression"], tables) == (
        "Depression: dropout 31.5% (22.0 to 43.1), k=3"
    )
    [(_, overall)] = drawings("dropout")
    assert "Addiction" in texts(overall), "the figure of all conditions stays as it was"


def test_the_largest_in_print_is_shown_by_its_own_measure(tables: Tables) -> None:
    printed = {"published_estimate": 1.9, "published_ci_low": 1.2, "published_ci_high": 3.0}
    row = tables["rpt_largest"][0] | printed | {"published_measure": "OR"}
    words = f"{row['published_label']}: OR 1.90 (1.20 to 3.00), as printed."
    assert ("As published", words) in largest_items(row)
