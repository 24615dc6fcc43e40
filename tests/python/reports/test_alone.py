"""Results of one meta-analysis each: told by class, in one table, drawn once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.figures import grades, headline
from reports.pages import alone, condition, overview
from reports.pages.model import Content, DetailsBlock, ListBlock, TableBlock

from .fixture_warehouse import REVIEW

RESULTS = (("Stroke", "Class II", 2), ("HbA1c", "Class II", 2), ("Death of any cause", None, None))


STRESS = {
    "condition_id": "stress", "condition_label": "Stress", "headline_label": "Stress, weight"
}  # fmt: skip


def single(row: dict, place: int) -> dict:
    outcome, label, _ = RESULTS[place % len(RESULTS)]
    return row | {
        "analysis_id": f"one_{place}", "condition_id": "depression", "status": "single_study",
        "class_label": label, "class_scheme": "classes", "headline_label": outcome,
        "class_text": label and f"{label}: as it is", "scale_short_label": "RR", "estimate": 1.2,
        "ci_low": 1.1, "ci_high": 1.3, "sort_order": place,
    }  # fmt: skip


def made(tables, warehouse, n: int) -> Content:
    conclusion = tables["rpt_conclusions"][0]
    member = next(row for row in tables["rpt_members"] if row["is_member"])
    finding, grade = tables["rpt_findings"][0], tables["rpt_grades"][0]
    result = tables["rpt_headline"][0]
    found = [single(conclusion, place) for place in range(n)]
    own = {
        "rpt_conclusions": found,
        "rpt_members": [member | {"analysis_id": row["analysis_id"]} for row in found],
        "rpt_findings": [
            finding | {"analysis_id": row["analysis_id"], "outcome_label": row["headline_label"]}
            for row in found
        ],
        "rpt_grades": [
            grade
            | {"analysis_id": row["analysis_id"], "scheme": "classes", "policy_id": "recommended"}
            | {"grade_label": row["class_label"], "condition_id": "depression"}
            | {"grade_place": RESULTS[place % len(RESULTS)][2]}
            for place, row in enumerate(found)
        ],
        "rpt_headline": [
            result
            | {"analysis_id": row["analysis_id"], "source": source, "status": "single_study"}
            | {"sort_order": row["sort_order"], "condition_id": "depression", "estimate": 1.2}
            for row in found
            for source in ("seed_paper", "recommended")
        ],
        "rpt_fragility": [],
        "rpt_figures": [],
    }
    return Content(tables={**tables, **own}, drawn=(), review=REVIEW, database=warehouse)


@pytest.fixture
def content(tables, warehouse) -> Content:
    return made(tables, warehouse, 3)


def test_results_stand_in_one_table_with_their_classes(content):
    [section] = condition.singles(content, "depression")
    table, sources = section.blocks[:2]
    assert isinstance(table, TableBlock)
    assert isinstance(sources, DetailsBlock)
    assert [(row[0], row[2], row[5]) for row in table.table.rows] == [
        ("Stroke", "RR 1.20 (1.10 to 1.30)", "Class II: as it is"),
        ("HbA1c", "RR 1.20 (1.10 to 1.30)", "Class II: as it is"),
        ("Death of any cause", "RR 1.20 (1.10 to 1.30)", "No class"),
    ]
    assert condition.conclusions(content, "depression") == []


def test_a_topic_tells_its_results_by_class_the_best_first(content):
    assert condition.summary(content, "depression") == (
        "3 results of one [[member]] each. Class II: stroke, HbA1c. No class: death of any cause."
    )


def test_results_of_one_outcome_are_told_apart(content):
    rows = content.tables["rpt_findings"]
    stroke = [{"outcome_label": "Stroke", "subgroup": name} for name in ("RR", "HR", "RR")]
    found = [row | own for row, own in zip(rows, stroke, strict=True)]
    one = replace(content, tables={**content.tables, "rpt_findings": found})
    assert condition.summary(one, "depression").endswith(
        " Class II: stroke, RR; stroke, HR. No class: stroke, RR."
    )
    [section] = condition.singles(one, "depression")
    for block in section.blocks[:2]:
        assert [row[0] for row in block.table.rows] == ["Stroke, RR", "Stroke, HR", "Stroke, RR"]


def test_a_single_result_keeps_its_own_sections(tables, warehouse):
    one = made(tables, warehouse, 1)
    assert alone.alone(one) == []
    assert condition.singles(one, "depression") == []
    assert len(condition.conclusions(one, "depression")) == 1


def test_many_results_are_told_by_class_before_they_are_listed(tables, warehouse):
    many = made(tables, warehouse, overview.MANY)
    [page] = overview.pages(many)
    assert page.sections[0].anchor == "section-conclusions"
    [items] = page.sections[0].blocks
    assert isinstance(items, ListBlock)
    assert [term for term, _ in items.items] == ["Class II (14)", "No class (6)"]
    assert items.items[1][1] == "Depression (death of any cause (6 results))"
    few = made(tables, warehouse, overview.MANY - 1)
    assert len(overview.beliefs(few).blocks[0].items) == overview.MANY - 1


def test_many_results_of_several_conditions_stand_below_their_names(tables, warehouse):
    many = made(tables, warehouse, overview.MANY)
    rows = [
        row | (STRESS if place < 6 else {}) for place, row in enumerate(many.tables["rpt_headline"])
    ]
    for row in rows[-2:]:
        row.update(STRESS, condition_id="ocd", condition_label="Other")
    mixed = replace(many, tables={**many.tables, "rpt_headline": rows})
    groups = overview.grouped(overview.headline_rows(mixed), mixed)
    assert {group.anchor: len(group.rows) for group in groups} == {
        "results-depression": 16, "results-stress": 3, "results-ocd": 1,
    }  # fmt: skip
    assert {row.label for row in groups[0].rows} == {"Weight"}
    page = str(overview.results(mixed).blocks[0].markup)
    for group in groups:
        assert f'<tbody id="{group.anchor}">' in page
        assert f'<a href="#{group.anchor}">{group.label} ({len(group.rows)})</a>' in page
    alike = overview.grouped(overview.headline_rows(many), many)
    assert [group.anchor for group in alike] == [""]
    assert 'href="#results' not in str(overview.results(many).blocks[0].markup)


def test_each_result_is_drawn_once_and_the_published_one_where_nothing_is_pooled(content):
    rows = headline.shown(content.tables)
    assert [row["source"] for row in rows] == ["recommended"] * 3
    first = content.tables["rpt_headline"][0]["analysis_id"]
    without = [
        row | ({"estimate": None} if row["analysis_id"] == first else {})
        for row in content.tables["rpt_headline"]
    ]
    printed = {**without[0], "source": "published", "estimate": 0.3}
    tables = {**content.tables, "rpt_headline": [*without, printed]}
    sources = {row["analysis_id"]: row["source"] for row in headline.shown(tables)}
    assert sources.pop(first) == "published"
    assert set(sources.values()) == {"recommended"}


def test_many_results_are_graded_by_topic(tables, figures, warehouse):
    many = made(tables, warehouse, grades.MOST + 1)
    assert grades.is_counted(many.tables["rpt_grades"])
    [panel] = grades.draw(figures["grades"], many.tables)
    drawn = str([layer.to_dict() for layer in panel.layers])
    assert "41 results" in drawn
    assert "Class II: 28" in drawn
    assert "No grade: 13" in drawn
    told = grades.describe(figures["grades"], many.tables)
    assert "counts 41 results" in told
    assert "28 Class II, 13 without a grade" in told
    few = replace(many, tables={**many.tables, "rpt_grades": many.tables["rpt_grades"][:-1]})
    assert not grades.is_counted(few.tables["rpt_grades"])
