"""The figures of grades and quality draw and say what their rows hold."""

import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from reports import theme
from reports.figure import Figure, Row, Tables
from reports.figures import KINDS, grades
from reports.figures.grade_criteria import criterion_words, gathered, plain
from reports.figures.grades import NARROW, UNGRADED, WIDE, Cell, Words, joined
from reports.figures.quality import ANSWERS, BAR_STEP, HEAD, LABEL_WIDTH, RATED_WIDTH
from reports.tables import data_table, own_csv
from reports.theme import RAMP, Colour
from tests.python.reports.conftest import Drawing, alt_text, redraw, text_lines, texts, title

Draw = Callable[[str], list[Drawing]]
PATH = "{http://www.w3.org/2000/svg}path"


def fills(svg: str) -> Counter[str]:
    """How often each colour fills a shape."""
    nodes = ElementTree.fromstring(svg).iter(PATH)
    return Counter(node.attrib["fill"] for node in nodes if node.attrib.get("fill"))


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two hex colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


LOOKS = [*RAMP, UNGRADED, *((fill, ink) for _, fill, ink, _ in ANSWERS.values())]


@pytest.mark.parametrize(("fill", "ink"), LOOKS)
def test_words_stand_out_from_their_tile(fill: Colour, ink: Colour) -> None:
    assert contrast(fill.light, ink.light) >= 4.5
    assert contrast(fill.dark, ink.dark) >= 4.5


def test_ramp_is_one_of_lightness() -> None:
    light = [luminance(fill.light) for fill, _ in RAMP]
    dark = [luminance(fill.dark) for fill, _ in RAMP]
    assert all(one < other for one, other in pairwise(light))
    assert all(one > other for one, other in pairwise(dark))


def recommended(tables: Tables) -> list[Row]:
    """Rows of the recommended method."""
    return [row for row in tables["rpt_grades"] if row["policy_id"] == "recommended"]


def test_each_grade_is_a_tile_with_its_words(tables: Tables, drawings: Draw) -> None:
    [(_, svg)] = drawings("grades")
    drawn, filled = Counter(texts(svg)), fills(svg)
    # Of the seed paper's rows only the one that differs is drawn.
    shown = recommended(tables) + [
        row for row in tables["rpt_grades"] if row["is_different_from_recommended"]
    ]
    labels = Counter(row["grade_label"] for row in shown if row["grade_label"])
    assert labels <= drawn
    symbols = Counter(row["symbols"] for row in shown if row["symbols"])
    assert len(symbols) == 4
    assert symbols <= drawn
    for place, (fill, _) in enumerate(RAMP, start=1):
        assert filled[fill.light] == sum(row["grade_place"] == place for row in shown)


def test_what_is_not_graded_says_why_on_white(tables: Tables, drawings: Draw) -> None:
    [(_, svg)] = drawings("grades")
    rows = [row for row in recommended(tables) if row["grade_label"] is None]
    words = " ".join(texts(svg))
    assert words.count("Not assessable: 5") == 7
    assert words.count("No estimate to") == 3
    assert fills(svg)[theme.PAPER.light] >= len(rows) == 10


def test_the_other_method_has_a_row_only_where_it_differs(
    figures: dict[str, Figure], tables: Tables, drawings: Draw
) -> None:
    drawn = Counter(texts(drawings("grades")[0][1]))
    assert drawn["By the conventional method"] == 1
    assert drawn["the same"] == 2
    rows = [row | {"is_different_from_recommended": False} for row in tables["rpt_grades"]]
    [svg] = redraw(figures["grades"], {**tables, "rpt_grades": rows})
    assert not {"By the conventional method", "the same"} & set(texts(svg))


def test_many_schemes_and_many_results_stand_on_pages_that_can_be_printed(
    figures: dict[str, Figure], tables: Tables
) -> None:
    first = tables["rpt_grades"]
    schemes = {row["scheme"] for row in first}
    assert len(schemes) <= 5
    rows = [
        row
        | {
            "scheme": f"{row['scheme']}{n}",
            "scheme_label": f"{row['scheme_label']} {n}",
            "scheme_order": 10 * n + row["scheme_order"],
            "analysis_id": f"{row['analysis_id']}{copy}",
            "headline_label": f"{row['headline_label']} {copy}",
            "sort_order": 100 * copy + row["sort_order"],
        }
        for n in range(2)
        for copy in range(3)
        for row in first
    ]
    names = {row["scheme_label"] for row in rows}
    results = {row["headline_label"] for row in rows}
    many = {**tables, "rpt_grades": rows}
    panels = grades.draw(figures["grades"], many)
    assert [panel.page for panel in panels] == list(range(1, len(panels) + 1))
    assert {panel.pages for panel in panels} == {len(panels)}
    assert len(panels) > 2
    assert all(panel.view_height <= grades.MAX_HEIGHT + 100 for panel in panels)
    drawn = [" ".join(texts(svg)) for svg in redraw(figures["grades"], many)]
    for said in (*names, *results):
        assert any(said in page for page in drawn), said
    assert len(grades.KIND.phone(figures["grades"], many)) == 1


def test_a_page_never_parts_the_two_methods_of_a_result(tables: Tables) -> None:
    rows = tables["rpt_grades"]
    pages = [
        page
        for limit in range(100, 400, 10)
        for page in grades.pages(
            rows, grades.scheme_labels(rows), tables, replace(grades.WIDE, limit=limit)
        )
    ]
    assert any(not line.begins for page in pages for line in page.lines)
    assert all(page.lines[0].begins for page in pages)


def test_what_is_possible_stands_in_the_tile(tables: Tables, drawings: Draw) -> None:
    words = " ".join(texts(drawings("grades")[0][1]))
    open_rows = [row for row in recommended(tables) if row["status"].endswith("incomplete_data")]
    assert len(open_rows) > 2
    assert words.count("possible") >= len(open_rows)


def test_each_criterion_has_a_line(drawings: Draw) -> None:
    [(_, svg)] = drawings("grades_depression")
    lines = [line for line in text_lines(svg).values() if len(line) > 3]
    known = "decides Class IV (p below 0.05"
    expected = [
        ["The pooled effect is significant", "2.4e−14", "P", "< 0.05", "met, computed", known],
        ["I² is below 50%", "84.1", "%", "< 50", "not met, reported", "withholds Class I"],
        [
            "More than 20000 participants",
            "≥10\u2009134",
            "people",
            "> 20\u2009000",
            "not assessable",
            "withholds Class I, Class II",
        ],
        [
            "2 criteria on risk of bias",
            "–",
            "–",
            "not assessable",
            "withholds risk of bias −1, risk of",
        ],
    ]
    for line in expected:
        assert lines.count(line) == 3, line


def test_statuses_differ_in_shape_and_what_decides_is_marked(drawings: Draw) -> None:
    [(panel, svg)] = drawings("grades_depression")
    layers = [layer.to_dict() for layer in panel.layers]
    points = {
        (mark["shape"], mark["fill"]): len(next(iter(layer["datasets"].values())))
        for layer in layers
        if (mark := layer["mark"])["type"] == "point"
    }
    assert points == {
        ("circle", theme.RECOMMENDED.light): 3,
        ("circle", theme.PAPER.light): 3,
        ("cross", theme.UNCHECKED.light): 6,
        ("triangle-right", theme.INK.light): 3,
    }
    assert texts(svg).count("Known only as a bound: at least 10134") == 3


def test_below_the_criteria_stands_what_would_change_the_grade(
    tables: Tables, drawings: Draw
) -> None:
    words = texts(drawings("grades_depression")[0][1])
    [row] = [r for r in recommended(tables) if r["grade_id"] == "depression:recommended:classes"]
    assert "Evidence class, made up: Class I" in words
    assert f"Sensitivity: {row['sensitivity_text']}" in words
    assert "GRADE, judged by <nobody> & Sons: no grade" in words
    assert "Not assessable: 5 of 6 domains lack a judgement or a value" in words
    [level] = [r for r in recommended(tables) if r["grade_id"] == "anxiety:recommended:levels"]
    said = [line for _, svg in drawings("grades_anxiety") for line in texts(svg)]
    assert level["next_grade_text"] in said


def test_long_tables_lose_no_criterion(tables: Tables, drawings: Draw) -> None:
    pages = drawings("grades_anxiety")
    assert len(pages) > 2
    assert [panel.page for panel, _ in pages] == list(range(1, len(pages) + 1))
    words = Counter(line for _, svg in pages for line in texts(svg))
    rows = [row for row in tables["rpt_grade_criteria"] if row["analysis_id"] == "anxiety"]
    statuses = Counter(row["status"] for row in rows)
    # Two neighbours without the same input share a line.
    assert words["met, computed"] == statuses["met"] == 45
    assert words["not met, reported"] == statuses["not met"]
    assert words["not assessable"] == statuses["not assessable"] - 45


def test_a_verdict_of_the_source_stands_in_its_words(tables: Tables) -> None:
    row = tables["rpt_grade_criteria"][1] | {
        "bound": "verdict", "value": 1.0, "value_text": "no sign", "unit": "probability",
    }  # fmt: skip
    said = criterion_words([row])
    assert (said["value"], said["unit"], said["found"]) == ("no sign", "", "not met, reported")
    assert said["facts"] == "no sign, reported, needs < 50"


def test_only_neighbours_that_lack_the_same_input_share_a_line(tables: Tables) -> None:
    rows = [row for row in tables["rpt_grade_criteria"] if row["scheme"] == "classes"][:5]
    assert [len(group) for group in gathered(rows)] == [1, 1, 1, 2]
    for change in ({"domain": "other"}, {"reason_not_assessable": "other"}, {"value": 1.0}):
        changed = [*rows[:4], rows[4] | change]
        assert [len(group) for group in gathered(changed)] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (2.37e-14, "2.4e−14"),
        (1e-6, "1e−6"),
        (0.0034231, "0.00342"),
        (-0.13, "−0.13"),
        (84.103, "84.1"),
        (1000.0, "1000"),
        (20000.0, "20\u2009000"),
    ],
)
def test_numbers_keep_the_digits_they_need(value: float, words: str) -> None:
    assert plain(value) == words


def test_unknown_codes_and_two_analyses_are_refused(
    figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures["grades_depression"]
    for change, match in (
        ({"status_code": "perhaps"}, r"rpt_grade_criteria\.status_code: unknown value 'perhaps'"),
        ({"figure_id": "grades_depression"}, "figure_blocks has anxiety, depression"),
    ):
        rows = [row | change for row in tables["rpt_grade_criteria"]]
        with pytest.raises(ValueError, match=match):
            KINDS[figure.kind].draw(figure, {**tables, "rpt_grade_criteria": rows})
    for name, change, match in (
        ("rpt_quality_items", {"answer": "maybe"}, "answer: unknown value 'maybe'"),
        ("rpt_quality_items", {"tool": "robis"}, "rpt_quality_items.tool: unknown value 'robis'"),
        ("rpt_quality_shares", {"tool": "robis"}, "rpt_quality_shares.tool: unknown value"),
    ):
        rows = [row | change for row in tables[name]]
        with pytest.raises(ValueError, match=match):
            KINDS["quality"].draw(figures["quality"], {**tables, name: rows})


def bar_widths(panel_layers: list[dict], top: float) -> list[float]:
    """Widths of the tiles of the bar that begins at `top` px."""
    [tiles] = [layer for layer in panel_layers if layer["mark"]["type"] == "rect"]
    rows = next(iter(tiles["datasets"].values()))
    return [row["x2"] - row["x"] for row in rows if abs(row["y"] - top) < 0.01]


def test_bars_are_as_long_as_their_counts(drawings: Draw) -> None:
    (panel, svg), _ = drawings("quality")
    layers = [layer.to_dict() for layer in panel.layers]
    whole = theme.CONTENT - RATED_WIDTH - LABEL_WIDTH
    first = HEAD
    assert bar_widths(layers, first) == pytest.approx([whole])
    # Five of the published 87 are not printed: their part of the bar stays white.
    assert bar_widths(layers, first + BAR_STEP) == pytest.approx(
        [whole * 51 / 87, whole * 31 / 87, whole * 5 / 87]
    )
    words = texts(svg)
    assert {"2 of 136 rated", "n=87", "51", "31", "0 of 2 rated", "none rated"} <= set(words)


def test_each_answer_is_a_tile_with_its_letter(tables: Tables, drawings: Draw) -> None:
    (_, first), (_, second) = drawings("quality")
    for tool, svg in (("amstar", first), ("amstar2", second)):
        rows = [row for row in tables["rpt_quality_items"] if row["tool"] == tool]
        drawn = Counter(texts(svg))
        for answer, (letter, *_) in ANSWERS.items():
            assert drawn[letter] == sum(row["answer"] == answer for row in rows), (tool, answer)
    assert {"6, medium", "unresolved", "incomplete"} <= set(texts(first))
    assert {"critically low", "2*", "4*"} <= set(texts(second))
    answered = [row for row in tables["rpt_quality_items"] if row["item"] == 2]
    given = [row["answer"] for row in answered if row["tool"] == "amstar" and row["answer"]]
    assert f"{given.count('yes')}/{len(given)}" in texts(first)


def test_nobody_rated_says_so(figures: dict[str, Figure], tables: Tables) -> None:
    shares = [
        row | {"n": 0, "n_rated": 0}
        for row in tables["rpt_quality_shares"]
        if row["group_kind"] != "published"
    ]
    none = {**tables, "rpt_quality_items": [], "rpt_quality_shares": shares}
    figure = figures["quality"]
    expected = "Nobody has rated the 136 meta-analyses by AMSTAR or AMSTAR 2."
    [svg] = redraw(figure, none)
    assert expected in texts(svg)
    assert title(figure, none) == expected.rstrip(".")
    assert expected in alt_text(figure, none)
    assert data_table(figure, none).rows == ()


def test_published_ratings_stand_alone_where_nobody_rated(
    figures: dict[str, Figure], tables: Tables
) -> None:
    rows = tables["rpt_quality_shares"]
    shares = [
        row if row["group_kind"] == "published" else row | {"n": 0, "n_rated": 0} for row in rows
    ]
    own = {**tables, "rpt_quality_items": [], "rpt_quality_shares": shares}
    [svg] = redraw(figures["quality"], own)
    words = texts(svg)
    assert "Published review, as printed" in words
    assert words.count("none rated") == 3
    assert "Nobody has rated by AMSTAR 2." in words
    assert title(figures["quality"], own) == ("published review: 51 high, 31 medium (n=87)")


@pytest.mark.parametrize("count", [23, 24, 25, 40, 41, 136])
def test_many_meta_analyses_have_pages_of_their_own(
    count: int, figures: dict[str, Figure], tables: Tables
) -> None:
    base = [row for row in tables["rpt_quality_items"] if row["meta_analysis_order"] == 1]
    amstar = [row for row in base if row["tool"] == "amstar"]
    rows = [
        row | {"meta_analysis_order": i, "label": f"Review {i}"}
        for i in range(1, count + 1)
        for row in amstar
    ]
    shares = [row for row in tables["rpt_quality_shares"] if row["tool"] == "amstar"]
    own = {**tables, "rpt_quality_items": rows, "rpt_quality_shares": shares}
    panels = KINDS["quality"].draw(figures["quality"], own)
    assert all(panel.bottom < 1000 for panel in panels)
    assert len(panels) == (1 if count <= 24 else 1 + -(-count // 40))
    drawn = [line for svg in redraw(figures["quality"], own) for line in texts(svg)]
    assert [line for line in drawn if line.startswith("Review ")] == [
        f"Review {i}" for i in range(1, count + 1)
    ]


def test_long_labels_end_in_dots(drawings: Draw) -> None:
    _, (_, second) = drawings("quality")
    cut = [words for words in texts(second) if "A question that is far too long" in words]
    assert len(cut) == 16
    assert all(words.endswith("…") for words in cut)


def test_titles_say_what_the_data_show(figures: dict[str, Figure], tables: Tables) -> None:
    assert title(figures["grades"], tables) == (
        "Evidence class, made up: 1 Class I, 1 Class II, 1 Class III, 1 Class IV, "
        "3 Not significant, of 7 conditions with a result; 3 could be better if more were known"
    )
    assert title(figures["grades_depression"], tables) == (
        "Depression: Class I; of 5 criteria 1 met, 1 not met, 3 not assessable "
        "(Evidence class, made up)"
    )
    assert title(figures["quality"], tables) == (
        "AMSTAR: 2 of 136 rated, 0 high, 2 medium, 0 low; published review: 51 high, 31 medium "
        "(n=87); AMSTAR 2: 1 of 136 rated, 0 high, 0 moderate, 0 low, 1 critically low"
    )


def test_no_grade_keeps_the_title(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [row | {"grade_label": None} for row in tables["rpt_grades"]]
    figure = figures["grades"]
    assert title(figure, {**tables, "rpt_grades": rows}) == figure.title


def test_alternative_texts_name_grades_and_what_decides(
    figures: dict[str, Figure], tables: Tables
) -> None:
    said = alt_text(figures["grades"], tables)
    assert said.startswith("Table of 8 conditions by 3 schemes of grading.")
    assert "Personality disorder: Evidence class, made up: No estimate to grade" in said
    assert said.count("By the conventional method") == 1
    said = alt_text(figures["grades_depression"], tables)
    assert "decided by: The pooled effect is significant" in said
    said = alt_text(figures["quality"], tables)
    assert "Obsessive-compulsive disorder: no rating, 0 of 2 rated." in said
    assert "AMSTAR of 4 meta-analyses: Author 1 2001 6, medium;" in said


def test_tables_hold_every_row(figures: dict[str, Figure], tables: Tables) -> None:
    shares = {
        (row["tool"], row["group_id"]) for row in tables["rpt_quality_shares"] if row["n_rated"]
    }
    expected = {
        "grades": len(tables["rpt_grades"]),
        "grades_depression": 15,
        "grades_anxiety": 225,
        "quality": len(tables["rpt_quality_items"]) + len(shares) + 1,
    }
    for figure_id, count in expected.items():
        made = data_table(figures[figure_id], tables)
        assert len(made.rows) == count
        assert all(len(row) == len(made.columns) for row in made.rows)
    assert len(own_csv(figures["grades_anxiety"], tables)[1]) == 225
    none = {**tables, "rpt_quality_items": []}
    assert len(own_csv(figures["quality"], none)[1]) == len(tables["rpt_quality_shares"])


def test_on_a_phone_schemes_that_count_the_same_share_a_row():
    same, other = (Cell((Words(said),), theme.PAPER) for said in ("I: 2", "I: 3"))
    tiles = [("First", same), ("Second", other), ("Third", same)]
    assert joined(tiles) == [("First; Third", same), ("Second", other)]
    assert (NARROW.joins_counts, WIDE.joins_counts) == (True, False)
