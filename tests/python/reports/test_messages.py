"""Titles of the page: true to the rows, and silent where they allow no statement."""

import pytest

from reports import messages
from reports.figure import Figure, Row, Tables


def said(figure: Figure, tables: Tables, **changed: list[Row]) -> str:
    """The message of a figure when some tables are replaced."""
    return messages.message(figure, {**tables, **changed})


def test_condition_says_its_pool(figures: dict[str, Figure], tables: Tables) -> None:
    pooled = next(
        row
        for row in tables["rpt_forest"]
        if row["block_id"] == "depression" and row["row_kind"] == "pooled"
    )
    low, high = pooled["ci_low"], pooled["ci_high"]
    assert said(figures["forest_depression"], tables) == (
        f"Depression: SMD {pooled['estimate']:.2f} ({low:.2f} to {high:.2f}), k=33, "
        "in favour of the intervention"
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.1, 0.9, "no clear effect"),
        (0.0, 0.9, "no clear effect"),
        (-0.9, -0.1, "in favour of the control"),
        (0.1, 0.9, "in favour of the intervention"),
    ],
)
def test_verdict_follows_the_interval(low: float, high: float, words: str) -> None:
    assert messages.verdict({"ci_low": low, "ci_high": high}, 0.0) == words


def test_nothing_pooled_keeps_the_title(figures: dict[str, Figure], tables: Tables) -> None:
    for figure_id in ("forest_ocd", "forest_personality_disorder", "forest_edge"):
        assert said(figures[figure_id], tables) == figures[figure_id].title


@pytest.mark.parametrize(("p", "words"), [(0.2, "no clear difference"), (0.01, "effects differ")])
def test_subgroups_say_whether_they_differ(
    p: float, words: str, figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures["forest_depression"]
    rows = [
        row | {"q_p": p, "note": "Few." if row["row_kind"] == "difference" else None}
        for row in tables["rpt_forest"]
        if row["row_kind"] in ("study", "difference")
    ]
    expected = f"{figure.title}, {words} (P={p:.3f}" if p < 0.1 else f"{figure.title}, {words} (P"
    found = said(figure, tables, rpt_forest=rows)
    assert found.startswith(expected)
    assert found.endswith("; see the note below)")


def test_headline_counts_conditions(figures: dict[str, Figure], tables: Tables) -> None:
    rows = [
        row | {"ci_low": -0.1}
        if row["condition_id"] == "stress" and row["source"] == "recommended"
        else row
        for row in tables["rpt_headline"]
    ]
    found = said(figures["headline"], tables, rpt_headline=rows)
    assert found.startswith("6 of 7 conditions with data show an effect")


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


def test_empty_tables_keep_the_title(figures: dict[str, Figure], tables: Tables) -> None:
    empty: Tables = {name: [] for name in tables} | {"rpt_figures": tables["rpt_figures"]}
    for figure in figures.values():
        assert messages.message(figure, empty) == figure.title
