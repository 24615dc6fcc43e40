"""Every chart builds, validates, and draws what its rows hold."""

import math
from collections.abc import Callable

import pytest

from reports import formats, picture, render
from reports.charts import forest_lines
from reports.charts.forest_lines import SUMMARIES
from reports.charts.text_table import MAX_HEIGHT, Entry, fill, pages, section
from reports.figure import Figure, Panel, Tables
from reports.figures import KINDS, headline
from reports.figures.audit import failures
from reports.figures.flow import BRANCHES
from reports.figures.forest import domain, square_area
from tests.python.reports import fixture_warehouse
from tests.python.reports.conftest import (
    Drawing,
    alt_text,
    redraw,
    text_lines,
    texts,
    validate,
    whole_svg,
)

KIND_OF = {
    row["figure_id"]: row["figure_kind"]
    for row in fixture_warehouse.complete_tables()["rpt_figures"]
}
FIGURES = list(KIND_OF)
PHONE_FIGURES = [name for name, kind in KIND_OF.items() if KINDS[kind].phone]
# Figures whose phone form has lines of text, each with its part of the plot below.
PLOTTED = ("agreement", "dropout", "forest", "headline", "leave_one_out", "months")
PLOTTED_FIGURES = [name for name in PHONE_FIGURES if KIND_OF[name] in PLOTTED]
FORESTS = [name for name in FIGURES if name.startswith("forest_")]
Draw = Callable[[str], list[Drawing]]


def plain(value: float, places: int = 2) -> str:
    """A number as the figures print it, written without the code under test."""
    return f"{value:.{places}f}".replace("-", "−").replace("−0.00", "0.00")


def thin(value: int | None) -> str:
    """A count as the figures print it, written without the code under test."""
    if value is None:
        return "NR"
    return f"{value:,}".replace(",", "\u2009") if value >= 10_000 else str(value)


@pytest.mark.parametrize("figure_id", FIGURES)
def test_builds_and_validates(
    figure_id: str, figures: dict[str, Figure], tables: Tables, drawings: Draw
) -> None:
    figure = figures[figure_id]
    for panel in KINDS[figure.kind].draw(figure, tables):
        validate(render.compose(panel, figure))
    for panel, svg in drawings(figure_id):
        width, height = picture.svg_size(svg)
        assert width <= 746
        assert 100 < height < 1400
        assert len(panel.layers) > 2


@pytest.fixture
def phone_panels(figure_id: str, figures: dict[str, Figure], tables: Tables) -> tuple[Panel, ...]:
    """The pages of a figure for a narrow screen."""
    figure = figures[figure_id]
    return KINDS[figure.kind].phone(figure, tables)


@pytest.mark.parametrize("figure_id", PHONE_FIGURES)
def test_phone_form_validates_and_fits(phone_panels: tuple[Panel, ...]) -> None:
    for panel in phone_panels:
        validate(render.framed(panel.layers, panel))
        assert panel.width == 316
        assert 0 <= panel.left < panel.left + panel.view_width <= panel.width


@pytest.mark.parametrize("figure_id", PLOTTED_FIGURES)
def test_plots_of_rows_keep_off_the_edges_on_a_phone(phone_panels: tuple[Panel, ...]) -> None:
    for panel in phone_panels:
        assert panel.left > 0
        assert panel.left + panel.view_width < panel.width


@pytest.mark.parametrize("figure_id", PLOTTED_FIGURES)
def test_no_line_crosses_a_text_on_a_phone(phone_panels: tuple[Panel, ...]) -> None:
    for panel in phone_panels:
        spec = render.framed(panel.layers, panel)
        texts, lines = [], []
        for layer in spec["layer"]:
            items = spec["datasets"][layer["data"]["name"]]
            if layer["mark"]["type"] == "text":
                texts += [item["y"] for item in items]
            elif layer["mark"]["type"] == "rule":
                lines += [(item["y"], item["y2"]) for item in items if "y2" in item]
        assert texts
        assert lines
        assert not [
            (y, top, end) for y in texts for top, end in lines if top < y + 4 and y - 4 < end
        ]


@pytest.mark.parametrize("figure_id", FORESTS)
def test_forest_draws_its_rows(figure_id: str, tables: Tables, drawings: Draw) -> None:
    drawn = [line for _, svg in drawings(figure_id) for line in text_lines(svg).values()]
    for row in tables["rpt_forest"]:
        is_plain = row["row_kind"] == "study" and row["ci_low"] is not None
        if row["figure_id"] != figure_id or not is_plain or row["ci_high"] > 1000:
            continue
        if len(row["label"]) > 25 or row["is_flagged"]:
            continue
        expected = [
            row["label"],
            thin(row["n_trials"]),
            thin(row["n_participants"]),
            plain(row["estimate"]),
            f"({plain(row['ci_low'])} to",
            f"{plain(row['ci_high'])})",
            f"{row['weight_percent']:.1f}%",
        ]
        assert expected in drawn


def test_a_network_result_is_hollow_and_has_no_weight(
    figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures["forest_depression"]
    own = [row for row in tables["rpt_forest"] if row["figure_id"] == figure.figure_id]
    study = next(row for row in own if row["row_kind"] == "study")
    network = study | {
        "row_kind": "network", "label": "Made 2020 (network, mixed evidence)",
        "weight_percent": None, "row_order": max(row["row_order"] for row in own) + 1,
    }  # fmt: skip
    panel = KINDS["forest"].draw(figure, {**tables, "rpt_forest": [*own, network]})[-1]
    svg = whole_svg(panel, figure, "x", "t", "d")
    assert network["label"] in " ".join(line[0] for line in text_lines(svg).values())
    assert "hollow squares, network meta-analyses, not pooled" in panel.notes[0]
    hollow = [
        layer
        for layer in (layer.to_dict() for layer in panel.layers)
        if layer["mark"]["type"] == "point" and layer["mark"]["strokeWidth"] == 1
    ]
    assert [len(next(iter(layer["datasets"].values()))) for layer in hollow] == [1]


def test_headline_draws_its_rows(tables: Tables, drawings: Draw) -> None:
    [(_, svg)] = drawings("headline")
    lines = list(text_lines(svg).values())
    rows = headline.shown(tables)
    assert len(rows) == len({row["analysis_id"] for row in tables["rpt_headline"]})
    for row in rows:
        if row["estimate"] is None:
            continue
        numbers = [
            plain(row["estimate"]),
            f"({plain(row['ci_low'])} to",
            f"{plain(row['ci_high'])})",
        ]
        assert any(line[2:5] == numbers and line[1] == thin(row["k"]) for line in lines)
        is_pooled = row["source"] == "recommended"
        assert any(line[0].startswith(row["headline_label"]) for line in lines)
        assert is_pooled == any(
            line[0].startswith(row["headline_label"]) and "Not judged" in line for line in lines
        )
    assert sum("not pooled" in line for line in lines) == sum(r["estimate"] is None for r in rows)


def test_dropout_draws_its_rows(tables: Tables, drawings: Draw) -> None:
    [(_, svg)] = drawings("dropout")
    lines = list(text_lines(svg).values())
    depression = next(line for line in lines if line[0] == "Depression")
    assert depression == [
        "Depression",
        "3",
        "5981/12\u2009567",
        "47.6%",
        "47.6%",
        "31.5",
        "(22.0 to",
        "43.1)",
    ]
    addiction = next(line for line in lines if line[0] == "Addiction")
    assert addiction == ["Addiction", "3", "NR", "–", "–", "–"], "no interval is invented"


def test_dropout_shows_what_is_published(figures: dict[str, Figure], tables: Tables) -> None:
    conflict = "The overall range does not hold all of them."
    changes = {
        "dropout_addiction": {"published_range_low": 0.0, "published_range_high": 42.0},
        "dropout_guided": {"range_low": 65.1, "range_high": 65.1, "published_conflict": conflict},
    }
    rows = [row | changes.get(row["analysis_id"], {}) for row in tables["rpt_dropout"]]
    figure = figures["dropout"]
    [panel] = KINDS["dropout"].draw(figure, {**tables, "rpt_dropout": rows})
    svg = whole_svg(panel, figure, "x", "t", "d")
    lines = {line[0]: line[1:] for line in text_lines(svg).values()}
    assert lines["Addiction"][2] == "0.0 to 42.0%"
    assert "Guided†" in lines
    assert f"† Guided: {conflict}" in panel.notes
    drawn = [layer.to_dict() for layer in panel.layers]
    [pale, outlined] = [
        next(iter(layer["datasets"].values()))
        for layer in drawn
        if layer["mark"]["type"] == "rect" and "field" in layer["encoding"]["x"]
    ]
    assert len(outlined) == 1
    assert all(item["x2"] - item["x"] > 0.3 for item in pale), "one value is still a visible band"


def test_dropout_figures_share_the_outcomes(drawings: Draw) -> None:
    [(_, dropout)] = drawings("dropout")
    [(_, adherence)] = drawings("adherence")
    assert "Adherence, by condition" in texts(adherence)
    assert "Completion, by condition" in texts(adherence)
    assert "Depression" in texts(dropout)
    assert "Depression" not in texts(adherence)
    assert "Participants (%)" in texts(dropout)
    assert "Participants or sessions (%)" in texts(adherence)


def test_flow_draws_both_flows(drawings: Draw) -> None:
    [(_, svg)] = drawings("study_flow")
    words = " ".join(texts(svg))
    for expected in ("Published review", "This extraction", "(n=4532)", "(n=87)", "(n=163)"):
        assert expected in words
    assert "(n=172*)" in words
    assert "(n=NR)" in words


def test_audit_draws_every_claim(tables: Tables, drawings: Draw) -> None:
    lines = [line for _, svg in drawings("claim_audit") for line in text_lines(svg).values()]
    verdicts = [word for line in lines for word in line if word in ("consistent", "not checkable")]
    expected = [
        row for row in tables["rpt_claim_audit"] if row["arithmetic"] != "arithmetic conflict"
    ]
    assert len(verdicts) == len(expected)
    for row in tables["rpt_claim_audit"]:
        values = [row[f"published_{key}"] for key in ("estimate", "low", "high")]
        printed = "{} ({} to {})".format(*(plain(value) for value in values))
        assert any(printed in line for line in lines)


def test_audit_counts_no_failure_where_nothing_can_be_checked(tables: Tables) -> None:
    for row in tables["rpt_claim_audit"]:
        is_open = row["arithmetic"] == "not checkable"
        assert failures(row) == ("–" if is_open else f"{row['n_failed']} of 3")


@pytest.mark.parametrize("count", [1, 60, 75, 130, 200])
def test_audit_pages_are_about_equally_long(count: int) -> None:
    listed = [section("Part")]
    listed += [Entry({"statement": [f"{i}"]}, 18.5, "consistent") for i in range(count)]
    paged = pages(listed)
    heights = [sum(item.height for item in page) for page in paged]
    assert len(paged) == len(fill(listed, MAX_HEIGHT))
    assert max(heights) <= MAX_HEIGHT
    assert max(heights) - min(heights) < 120
    drawn = [item.texts["statement"][0] for page in paged for item in page if item.mark]
    assert drawn == [f"{i}" for i in range(count)]


def test_missing_and_enormous_numbers(drawings: Draw) -> None:
    [(_, svg)] = drawings("forest_edge")
    lines = list(text_lines(svg).values())
    by_label = {line[0]: line[1:] for line in lines}
    assert by_label["No interval"][2:4] == ["0.40", "(NR)"]
    assert by_label["All missing"] == ["NR", "NR", "NR", "–"]
    enormous = by_label["Enormous"]
    assert enormous[3:5] == ["(<−1\u2009000\u2009000 to", ">1\u2009000\u2009000)"]
    assert "Flagged†" in by_label
    assert any(line[0].startswith("† Flagged: The interval excludes") for line in lines)


def test_nothing_is_pooled_from_fewer_than_two(drawings: Draw) -> None:
    for figure_id, words in (
        ("forest_ocd", "One meta-analysis: not pooled"),
        ("forest_personality_disorder", "No meta-analysis of this extraction can be pooled here"),
    ):
        [(panel, svg)] = drawings(figure_id)
        assert words in texts(svg)
        marks = [layer.to_dict()["mark"] for layer in panel.layers]
        assert not [mark for mark in marks if mark["type"] == "area"], "one is no pool: no diamond"
        assert not [mark for mark in marks if mark.get("shape") == "diamond"]
        assert any("hollow square, one meta-analysis" in note.lower() for note in panel.notes)
        assert not any(word.startswith("Pooled") for word in texts(svg))


def test_columns_without_a_cell_are_left_out(drawings: Draw) -> None:
    [(_, nothing)] = drawings("forest_personality_disorder")
    assert not {"Trials", "Participants", "Weight"} & set(texts(nothing))
    [(_, some)] = drawings("forest_stress")
    assert {"Trials", "Participants", "Weight"} <= set(texts(some))


def test_pooled_rows_say_when_no_count_is_reported(drawings: Draw) -> None:
    [(_, svg)] = drawings("forest_addiction")
    assert any(line[:2] == ["NR", "NR"] and line[-1] == "Low" for line in text_lines(svg).values())


def test_statistics_of_a_test_stay_on_one_line(drawings: Draw) -> None:
    words = texts(drawings("forest_depression")[-1][1])
    assert any(line.endswith("Q=29.2, df=1, P<0.001") for line in words)


def test_pages_of_a_figure_share_their_legend(drawings: Draw) -> None:
    panels = [panel for panel, _ in drawings("forest_anxiety")]
    assert len({panel.notes[0] for panel in panels}) == 1
    assert panels[0].figure_notes[0] == panels[0].notes[0]


def test_two_meta_analyses_have_no_prediction_interval(drawings: Draw) -> None:
    [(_, svg)] = drawings("forest_ptsd")
    assert "not estimated" in texts(svg)


def test_long_figures_are_cut_at_blocks(drawings: Draw) -> None:
    pages = drawings("forest_anxiety")
    assert len(pages) == 2
    for number, (panel, svg) in enumerate(pages, start=1):
        assert (panel.page, panel.pages) == (number, 2)
        found = texts(svg)
        assert "Meta-analysis" in found
        assert "Standardised mean difference (95% CI)" in found
        assert any(f"(page {number} of 2)" in words for words in found)
    assert "Active controls" not in texts(pages[0][1])
    assert "Active controls" in texts(pages[1][1])


def test_a_block_longer_than_a_page_repeats_its_heading(drawings: Draw) -> None:
    pages = drawings("forest_long")
    assert len(pages) == 2
    assert "Eighty rows (continued)" in texts(pages[1][1])
    labels = [line for _, svg in pages for line in text_lines(svg).values() if len(line) == 7]
    assert sum(line[-1].endswith("%") for line in labels) == 80


@pytest.mark.parametrize("count", [1, 49, 50, 51, 99, 100, 101, 500])
def test_pages_lose_no_row(count: int) -> None:
    header = {"row_kind": "block_header", "label": "B", "block_label": "B"}
    rows = [header, *({"row_kind": "study", "n": i} for i in range(count))]
    paged = forest_lines.pages(rows)
    assert all(len(page) <= forest_lines.MAX_ROWS for page in paged)
    studies = [row["n"] for page in paged for row in page if row["row_kind"] == "study"]
    assert studies == list(range(count))
    assert all(page[0]["row_kind"] == "block_header" for page in paged)


def test_square_area_is_proportional_to_weight() -> None:
    areas = [
        square_area({"weight_percent": weight, "block_id": "b"}, {"b": 40.0})
        for weight in (40.0, 20.0, 10.0)
    ]
    assert areas[0] == 2 * areas[1] == 4 * areas[2]


def test_ratios_have_a_log_axis(drawings: Draw) -> None:
    [(panel, svg)] = drawings("forest_response_or")
    scales = [
        layer.to_dict()["encoding"]["x"]["scale"]
        for layer in panel.layers
        if "field" in layer.to_dict()["encoding"].get("x", {})
    ]
    assert {scale["type"] for scale in scales} == {"log"}
    assert "OR (95% CI)" in texts(svg)
    assert "Odds ratio (log scale, 95% CI)" in texts(svg)


def test_panels_of_a_measure_share_one_axis(drawings: Draw) -> None:
    domains = set()
    for figure_id in ("forest_ptsd", "forest_addiction", "forest_stress", "forest_edge"):
        for panel, _ in drawings(figure_id):
            for layer in panel.layers:
                encoded = layer.to_dict()["encoding"].get("x", {})
                if "field" in encoded:
                    domains.add(tuple(encoded["scale"]["domain"]))
    assert len(domains) == 1


@pytest.mark.parametrize("figure_id", FIGURES)
def test_alternative_text_holds_numbers(
    figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    words = alt_text(figures[figure_id], tables)
    assert any(letter.isdigit() for letter in words)
    assert "nan" not in words
    assert "None" not in words


@pytest.mark.parametrize(
    ("table", "column", "figure_id"),
    [
        ("rpt_forest", "row_kind", "forest_ptsd"),
        ("rpt_headline", "source", "headline"),
        ("rpt_study_flow", "source", "study_flow"),
        ("rpt_claim_audit", "arithmetic_code", "claim_audit"),
    ],
)
def test_unknown_codes_are_refused(
    table: str, column: str, figure_id: str, figures: dict[str, Figure], tables: Tables
) -> None:
    rows = [row | {column: "surprise"} for row in tables[table]]
    figure = figures[figure_id]
    with pytest.raises(ValueError, match=rf"{table}\.{column}: unknown value 'surprise'"):
        KINDS[figure.kind].draw(figure, {**tables, table: rows})


@pytest.mark.parametrize("kind", sorted(set(KIND_OF.values())))
def test_empty_tables_still_draw(
    kind: str, figures: dict[str, Figure], empty_tables: Tables
) -> None:
    figure = next(figure for figure in figures.values() if figure.kind == kind)
    for panel in KINDS[kind].draw(figure, empty_tables):
        assert whole_svg(panel, figure, "x", "t", "d")
    for panel in KINDS[kind].phone(figure, empty_tables) if KINDS[kind].phone else ():
        assert picture.to_svg(render.framed(panel.layers, panel), "x", "t", "d")
    assert alt_text(figure, empty_tables)


def test_a_pooled_result_stands_on_the_axis(figures: dict[str, Figure], tables: Tables) -> None:
    keys = ("estimate", "ci_low", "ci_high")
    huge = [
        row | {key: 100 * row[key] for key in keys if row[key] is not None}
        if row["figure_id"] == "forest_stress"
        else row
        for row in tables["rpt_forest"]
    ]
    changed = {**tables, "rpt_forest": huge}
    rows = [row for row in huge if row["figure_id"] == "forest_stress"]
    pooled = [row["estimate"] for row in rows if row["row_kind"] in SUMMARIES]
    low, high = domain(figures["forest_stress"], rows, changed)
    assert low <= min(pooled) <= max(pooled) <= high
    others = [row for row in huge if row["figure_id"] == "forest_depression"]
    assert domain(figures["forest_depression"], others, changed)[1] < 10


def test_a_weight_below_zero_is_explained(figures: dict[str, Figure], tables: Tables) -> None:
    figure = figures["forest_stress"]
    rows = [
        row | {"weight_percent": -0.2} if row["row_kind"] == "study" else row
        for row in tables["rpt_forest"]
    ]
    [usual] = KINDS["forest"].draw(figure, tables)
    [panel] = KINDS["forest"].draw(figure, {**tables, "rpt_forest": rows})
    assert "A weight below zero" in " ".join(panel.notes)
    assert "A weight below zero" not in " ".join(usual.notes)


@pytest.mark.parametrize("form", ["draw", "phone"])
def test_a_flow_alone_has_the_whole_width(
    form: str, figures: dict[str, Figure], tables: Tables
) -> None:
    rows = [row for row in tables["rpt_study_flow"] if row["source"] == "this_extraction"]
    [panel] = getattr(KINDS["flow"], form)(
        figures["study_flow"], {**tables, "rpt_study_flow": rows}
    )
    spec = render.framed(panel.layers, panel)
    said = picture.expected_texts(spec)
    assert said["This extraction"] == 1
    assert "Published review" not in said
    [head] = next(
        spec["datasets"][layer["data"]["name"]]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "rect"
    )
    assert (head["x"], head["x2"]) == (0, panel.width)


@pytest.mark.parametrize(("form", "bands"), [("draw", 3), ("phone", 4)])
def test_two_branches_of_a_search_end_in_one_box(
    form: str, bands: int, figures: dict[str, Figure], tables: Tables
) -> None:
    base = {"source": "own_search", "n_basis": "reported", "excluded_label": None}
    base |= {"n_excluded": None, "excluded_basis": None}
    stages = [("found", "main"), ("cited", "other"), ("kept", "joined")]
    own = [
        base | {"stage_id": code, "label": code, "branch": branch, "stage_order": n, "n": 10 * n}
        for n, (code, branch) in enumerate(stages, start=1)
    ]
    own[0] |= {"n_basis": "sum"}
    part = {"source": "own_search", "stage_id": "found", "n": 10}
    parts = [
        part | {"part_kind": "source", "reason_label": "PubMed"},
        part | {"part_kind": "no_box", "reason_label": "In English", "stage_id": None},
        part | {"part_kind": "does_not_add_up", "reason_label": "10 less 2 are 8, not 9"},
    ]
    extraction = [r for r in tables["rpt_study_flow"] if r["source"] == "this_extraction"]
    changed = {**tables, "rpt_study_flow": own + extraction, "rpt_study_flow_reasons": parts}
    [panel] = getattr(KINDS["flow"], form)(figures["study_flow"], changed)
    said = picture.expected_texts(render.framed(panel.layers, panel))
    assert sum(said[f"Own search: {words}"] for words in BRANCHES.values()) == bands - 1
    assert said["found (n=10\u2020):"] == said["\u2022 PubMed (n=10)"] == said["kept (n=30)"] == 1
    written = " ".join(panel.notes)
    for note in ("\u2020 Not reported; the sum", "without a box: In English (n=10)", "8, not 9"):
        assert note in written


def test_headline_without_published_results(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [row for row in tables["rpt_headline"] if row["source"] != "published"]
    [panel] = KINDS["headline"].draw(figures["headline"], {**tables, "rpt_headline": rows})
    assert panel.notes[0].startswith("Dark diamond, pooled by the recommended method")


def test_not_a_number_counts_as_missing(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [
        row | {"ci_low": math.nan, "ci_high": math.nan, "weight_percent": math.nan}
        for row in tables["rpt_forest"]
        if row["figure_id"] == "forest_addiction"
    ]
    [svg] = redraw(figures["forest_addiction"], {**tables, "rpt_forest": rows})
    assert "NaN" not in svg
    assert "(NR)" in texts(svg)


def test_what_stands_beside_heterogeneity() -> None:
    row = {"statistic": 8.234, "statistic_df": 27.0, "p_value": 0.0002, "k": 28}
    sums = ("Trials", "Participants")
    assert formats.overall_effect(row) == "t=8.23, df=27, P<0.001"
    assert formats.overall_effect(row | {"statistic_df": None}) == "z=8.23, P<0.001"
    assert formats.overall_effect(row | {"statistic_df": 5.43}) == "t=8.23, df=5.4, P<0.001"
    assert formats.overall_effect({"statistic": None}) == ""
    for trials, size, said in (
        (17, 10, "Trials: 17 of 28 report them; participants: 10 of 28"),
        (28, 10, "Participants: 10 of 28 report them"),
        (28, 28, ""),
        (0, None, ""),
    ):
        known = row | {"k_with_n_trials": trials, "k_with_size": size}
        assert forest_lines.reported_by(known, sums) == said
    of_trials = row | {"k_with_n_trials": 17, "k_with_size": 28}
    assert forest_lines.reported_by(of_trials, ("", "Participants")) == ""


def test_the_column_of_evidence_is_named_by_what_it_holds() -> None:
    empty = {"quality_tool": None, "certainty_kind": None}
    rated, graded = empty | {"quality_tool": "amstar2"}, empty | {"certainty_kind": "grade"}
    for rows, heading in (
        ([empty], ""),
        ([empty, rated], "AMSTAR 2"),
        ([empty, graded], "Certainty"),
        ([rated, graded], "Evidence"),
        ([empty | {"quality_tool": "risk_of_bias"}], "Risk of bias"),
        ([empty | {"certainty_kind": "class"}], "Evidence"),
    ):
        assert forest_lines.evidence_heading(rows) == heading
