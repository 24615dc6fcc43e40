"""Titles of the page: true to the rows, and silent where they allow no statement."""

from dataclasses import replace

import pytest

from reports.figure import Figure, Row, Tables
from reports.figures.dropout import own_rows
from tests.python.reports.conftest import title


def said(figure: Figure, tables: Tables, **changed: list[Row]) -> str:
    """The message of a figure when some tables are replaced."""
    return title(figure, {**tables, **changed})


def test_condition_says_its_pool(figures: dict[str, Figure], tables: Tables) -> None:
    pooled = next(
        row
        for row in tables["rpt_forest"]
        if row["block_id"] == "depression" and row["row_kind"] == "pooled"
    )
    low, high = pooled["ci_low"], pooled["ci_high"]
    assert said(figures["forest_depression"], tables) == (
        f"Depression: SMD {pooled['estimate']:.2f} ({low:.2f} to {high:.2f}), k=33, "
        "favours the intervention"
    )


@pytest.mark.parametrize(
    ("side", "words"),
    [
        ("neither", "no clear effect"),
        ("below", "favours the control"),
        ("above", "favours the intervention"),
    ],
)
def test_verdict_is_the_side_of_the_interval(
    side: str, words: str, figures: dict[str, Figure], tables: Tables
) -> None:
    rows = [row | {"side": side} for row in tables["rpt_forest"]]
    assert said(figures["forest_depression"], tables, rpt_forest=rows).endswith(words)


@pytest.mark.parametrize(
    ("figure_id", "words"),
    [
        ("forest_ocd", "Ocd: effects, SMD 0.44 (0.18 to 0.70), favours the intervention"),
        (
            "forest_personality_disorder",
            "Personality disorder: effects, published SMD 0.45 (0.39 to 0.52), k=1, favours "
            "the intervention",
        ),
        ("forest_edge", "Edge: effects, pooled SMD 0.30 (−7.00 to 8.00), k=2, no clear effect"),
        (
            "forest_response_or",
            "Response or: effects, 2 of 2 pooled results favour the intervention",
        ),
    ],
)
def test_results_speak_where_no_condition_is_pooled_as_a_whole(
    figure_id: str, words: str, figures: dict[str, Figure], tables: Tables
) -> None:
    assert said(figures[figure_id], tables) == words


@pytest.mark.parametrize(
    ("above_favours", "sides", "words"),
    [
        (True, ("above", "neither"), "1 of 2 pooled results favour the intervention"),
        (True, ("below", "below"), "2 of 2 pooled results favour the control"),
        (True, ("below", "above"), "1 of 2 pooled results favour the intervention"),
        (True, ("neither", "neither"), "no clear effect in any of 2 pooled results"),
        (False, ("above", "above"), "2 of 2 pooled results favour the control"),
        (False, ("neither", "below"), "1 of 2 pooled results favour the intervention"),
        (False, ("above", "below"), "1 of 2 pooled results favour the intervention"),
    ],
)
def test_results_are_told_by_the_side_of_most(
    above_favours: bool,
    sides: tuple[str, str],
    words: str,
    figures: dict[str, Figure],
    tables: Tables,
) -> None:
    texts = ("the intervention", "the control")
    above, below = texts if above_favours else reversed(texts)
    figure = replace(
        figures["forest_response_or"],
        above_favours=above_favours,
        above_text=above,
        below_text=below,
    )
    own = [row for row in tables["rpt_forest"] if row["figure_id"] == figure.figure_id]
    pooled = [row for row in own if row["row_kind"] == "pooled"]
    rows = [row | {"side": side} for row, side in zip(pooled, sides, strict=True)]
    assert said(figure, tables, rpt_forest=rows).endswith(words)


NOT_POOLED = {"status": "no_data", "pooled_rate": None, "published_percent": None}
NO_RANGE = {"published_range_low": None, "range_low": None}


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"status": "single_study", "pooled_rate": 12.5, "pooled_low": 3, "pooled_high": 20},
         "Depression: dropout 12.5% (3.0 to 20.0), one result"),
        ({"published_percent": 23.6}, "Depression: dropout 23.6% as published"),
        ({"published_range_low": 0.0, "published_range_high": 42.0},
         "Depression: dropout 0.0 to 42.0% as published"),
        ({"range_low": 9.5, "range_high": 74.0},
         "Depression: dropout 9.5 to 74.0% in single reports"),
        ({}, None),
    ],
)  # fmt: skip
def test_a_rate_says_the_best_that_is_known(
    known: dict[str, object], words: str | None, figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures["dropout_depression"]
    rows = [row | NOT_POOLED | NO_RANGE | known for row in own_rows(figure, tables)[:1]]
    assert said(figure, tables, rpt_dropout=rows) == (words or figure.title)


@pytest.mark.parametrize(
    ("p", "is_significant", "words"),
    [(0.2, False, "no clear difference"), (0.01, True, "effects differ")],
)
def test_subgroups_say_whether_they_differ(
    p: float, is_significant: bool, words: str, figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures["forest_depression"]
    rows = [
        row
        | {"q_p": p, "is_significant": is_significant}
        | {"note": "Few." if row["row_kind"] == "difference" else None}
        for row in tables["rpt_forest"]
        if row["row_kind"] in ("study", "difference")
    ]
    expected = f"{figure.title}, {words} (P={p:.3f}" if p < 0.1 else f"{figure.title}, {words} (P"
    found = said(figure, tables, rpt_forest=rows)
    assert found.startswith(expected)
    assert found.endswith("; see the note below)")


def test_headline_counts_conditions(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [
        row | {"side": "neither"}
        if row["condition_id"] == "stress" and row["source"] == "recommended"
        else row
        for row in tables["rpt_headline"]
    ]
    found = said(figures["headline"], tables, rpt_headline=rows)
    assert found.startswith("6 of 7 conditions with data: the result favours the intervention")
    unclear = [row | {"side": "neither"} for row in tables["rpt_headline"]]
    found = said(figures["headline"], tables, rpt_headline=unclear)
    assert found == "No clear effect in any of 7 conditions with data by the recommended method"


def test_other_kinds(figures: dict[str, Figure], tables: Tables) -> None:
    assert said(figures["study_flow"], tables) == (
        "Published: records identified 4532, meta-analyses included 87; this extraction: "
        "meta-analyses extracted 163, with an effect that can be pooled 90"
    )
    own = [row for row in tables["rpt_study_flow"] if row["source"] == "this_extraction"]
    assert said(figures["study_flow"], tables, rpt_study_flow=own) == (
        "This extraction: meta-analyses extracted 163, with an effect that can be pooled 90"
    )
    assert said(figures["dropout"], tables) == "Dropout: 31.5% (22.0 to 43.1), k=3"
    assert said(figures["adherence"], tables) == "Adherence and completion"
    assert said(figures["claim_audit"], tables) == (
        "4 of 49 published numbers and statements conflict with arithmetic"
    )


def test_empty_tables_keep_the_title(figures: dict[str, Figure], empty_tables: Tables) -> None:
    for figure in figures.values():
        assert title(figure, empty_tables) == figure.title
