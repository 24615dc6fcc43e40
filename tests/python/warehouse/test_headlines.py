"""Whichever analyses the protocol marks are headlines: of any scale, several for a condition."""

from __future__ import annotations

import csv
import re
from math import exp, log
from pathlib import Path

import duckdb
import pytest

from reports.site import build_site
from tests.python.conftest import append, build_warehouse
from tests.python.made_reviews import effects_on, make_review

pytestmark = pytest.mark.build

ANALYSIS = {
    "analysis_group": "secondary", "unit": "meta_analysis", "required_scope": "overall",
    "selection_rule": "all",
}  # fmt: skip
OUTCOMES = ({"code": "death", "label": "Mortality", "definition": "Death of any cause"},)
RATIOS = ((1.8, 1.5, 2.16), (1.6, 1.3, 1.97), (2.1, 1.4, 3.15))
HEADLINES = {
    "smoking_death": ("smoking", "death", "log_odds_ratio"),
    "smoking_symptom": ("smoking", "symptom", "smd"),
    "exercise_death": ("exercise", "death", "log_risk_ratio"),
}
NAMES = {
    "smoking_death": "Smoking, mortality",
    "smoking_symptom": "Smoking, symptom severity",
    "exercise_death": "Exercise, mortality",
}
OTHERS = {
    "smoking_guided": {
        "analysis_group": "guidance", "guidance": "guided", "outcome": "death",
        "scale": "log_odds_ratio",
    },
    "smoking_satisfaction": {"outcome": "satisfaction", "scale": "smd"},
}  # fmt: skip
ROWS_BY = {
    "smoking_death": "effect", "exercise_death": "weight", "smoking_symptom": "name",
    "smoking_satisfaction": "precision",
}  # fmt: skip
BY_HEADLINE = ("multiverse", "leave_one_out", "funnel", "grade_criteria")


def ratios(condition: str, measure: str, favourable: str) -> list[dict[str, str]]:
    return [
        {"condition": condition, "outcome": "death", "measure": measure,
         "favourable_direction": favourable,
         "estimate": f"{at:g}", "ci_low": f"{low:g}", "ci_high": f"{high:g}"}
        for at, low, high in RATIOS
    ]  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("headlines")
    effects = [
        *ratios("smoking", "odds_ratio", "above_one"),
        *effects_on("smoking", 3),
        *effects_on("smoking", 2, outcome="satisfaction"),
        *ratios("exercise", "risk_ratio", "above_one"),
    ]
    sheets = make_review(folder / "sheets", {"smoking": "Smoking", "exercise": "Exercise"},
                         effects, OUTCOMES)  # fmt: skip
    for place, (name, (condition, outcome, scale)) in enumerate(HEADLINES.items(), start=1):
        row = {
            "analysis_id": name, "label": name, "condition": condition, "outcome": outcome,
            "scale": scale, "is_headline": "y", "sort_order": f"{place}",
        }  # fmt: skip
        append(sheets / "protocol/analyses.csv", ANALYSIS | row)
        measure = {"smd": "SMD", "log_odds_ratio": "OR", "log_risk_ratio": "RR"}[scale]
        for kind in ("forest", *BY_HEADLINE):
            figure = {"figure_id": f"{kind}_{name}", "figure_kind": kind, "title": kind,
                      "subtitle": "T", "measure": measure, "sort_order": "100",
                      "rows_by": ROWS_BY[name] if kind == "forest" else ""}  # fmt: skip
            append(sheets / "protocol/figures.csv", figure)
            block = {"figure_id": f"{kind}_{name}", "analysis_id": name, "block_label": "All",
                     "sort_order": "1"}  # fmt: skip
            append(sheets / "protocol/figure_blocks.csv", block)
    add_others(sheets)
    for place, kind in enumerate(("headline", "evidence_map", "grades"), start=1):
        append(
            sheets / "protocol/figures.csv",
            {"figure_id": kind, "figure_kind": kind, "title": kind, "subtitle": "T",
             "measure": "SMD", "sort_order": f"{place}"},
        )  # fmt: skip
    return build_warehouse(folder, sheets, runs_data_tests=True)


def add_others(sheets: Path) -> None:
    """A part of a headline, and an outcome that is none, each with its forest."""
    for name, cells in OTHERS.items():
        scale = cells["scale"]
        append(
            sheets / "protocol/analyses.csv",
            ANALYSIS | {"analysis_id": name, "label": name, "condition": "smoking",
                        "sort_order": "9"} | cells,
        )  # fmt: skip
        measure = {"smd": "SMD", "log_odds_ratio": "OR"}[scale]
        figure = {"figure_id": f"forest_{name}", "figure_kind": "forest", "title": name,
                  "subtitle": "T", "measure": measure, "sort_order": "200",
                  "rows_by": ROWS_BY.get(name, "")}  # fmt: skip
        append(sheets / "protocol/figures.csv", figure)
        block = {"figure_id": f"forest_{name}", "analysis_id": name, "block_label": "All",
                 "sort_order": "1"}  # fmt: skip
        append(sheets / "protocol/figure_blocks.csv", block)


@pytest.fixture(scope="module")
def built(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def site(database, common_parts) -> Path:
    built = build_site(database, database.parent / "site", ("svg",), cache=common_parts)
    return built.index.parent


def common_effect(values: tuple[tuple[float, float, float], ...]) -> float:
    """The pooled ratio by inverse variance; the pools of these have no variance between them."""
    weights = [(2 * 1.959964 / log(high / low)) ** 2 for _, low, high in values]
    logs = [log(at) for at, _, _ in values]
    return exp(sum(w * y for w, y in zip(weights, logs, strict=True)) / sum(weights))


def test_each_headline_names_its_condition_and_outcome(built):
    found = dict(
        built.execute(
            "select analysis_id, headline_label from dim_analyses where is_headline"
        ).fetchall()
    )
    assert found == NAMES


@pytest.mark.parametrize(("name", "measure"), [("smoking_death", "OR"), ("exercise_death", "RR")])
def test_a_ratio_is_a_headline_as_a_ratio(built, name, measure):
    for source in ("seed_paper", "recommended"):
        label, is_log, estimate, k = built.execute(
            "select scale_short_label, is_log_scale, estimate, k from reports.rpt_headline "
            "where analysis_id = ? and source = ?",
            [name, source],
        ).fetchone()
        assert (label, is_log, k) == (measure, True, 3)
        assert estimate == pytest.approx(common_effect(RATIOS), abs=0.01)


def test_everything_is_there_for_each_headline(built):
    for table in (
        "reports.rpt_headline", "reports.rpt_conclusions", "reports.rpt_members",
        "reports.rpt_grades", "reports.rpt_fragility_texts", "fct_multiverse_summary",
        "fct_leave_one_out", "fct_selection_sensitivity",
    ):  # fmt: skip
        found = built.execute(f"select distinct analysis_id from {table} order by all").fetchall()
        expected = set(HEADLINES) | (set() if table.startswith("reports") else set(OTHERS))
        assert {name for (name,) in found} <= expected, table
        assert set(HEADLINES) <= {name for (name,) in found}, table
    assert built.execute(
        "select headline_id, n_meta_analyses, k from reports.rpt_evidence_map "
        "where comparator_class = 'any' and guidance = 'any' order by all"
    ).fetchall() == [(name, 3, 3) for name in sorted(HEADLINES)]


def test_a_conclusion_of_a_ratio_says_the_ratio(built):
    [(effect, prediction, is_outside)] = built.execute(
        "select effect_text, prediction_text, is_null_outside_prediction "
        "from reports.rpt_conclusions where analysis_id = 'exercise_death'"
    ).fetchall()
    assert re.search(r"RR 1\.7\d \(1\.\d\d to \d\.\d\d\), k=3", effect)
    assert re.search(r"between [01]\.\d\d and \d\.\d\d", prediction)
    assert is_outside is not None


def test_every_figure_of_every_headline_is_drawn(built):
    drawn = {
        name for (name,) in built.execute("select figure_id from reports.rpt_figures").fetchall()
    }
    expected = {f"{kind}_{name}" for kind in ("forest", *BY_HEADLINE) for name in HEADLINES}
    assert expected | {"headline", "evidence_map", "grades"} <= drawn


def test_rows_of_a_forest_stand_in_the_order_of_the_sheet(built):
    keys = {
        "effect": lambda row: row["estimate"],
        "weight": lambda row: -row["weight_percent"],
        "precision": lambda row: row["ci_high"] - row["ci_low"],
        "name": lambda row: row["label"].lower(),
    }
    for name, order in ROWS_BY.items():
        found = built.execute(
            "select label, estimate, ci_low, ci_high, weight_percent from reports.rpt_forest "
            "where block_id = ? and row_kind = 'study' order by row_order",
            [name],
        )
        columns = [column[0] for column in found.description]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        shown = [keys[order](row) for row in rows]
        assert len(shown) > 1, name
        assert shown == sorted(shown), order
    [(caption,)] = built.execute(
        "select caption from reports.rpt_figures where figure_id = 'forest_smoking_death'"
    ).fetchall()
    assert caption.endswith("Rows: the smallest effect first.")


def test_the_headline_figure_has_an_axis_for_each_scale(site):
    pages = sorted(path.name for path in (site / "figures").glob("headline*.svg"))
    assert pages == [f"headline-page-{i}.svg" for i in (1, 2, 3)]
    texts = [(site / "figures" / name).read_text(encoding="utf-8") for name in pages]
    for words, text in zip(
        ("Odds ratio (log scale", "Standardised mean difference (", "Risk ratio (log scale"),
        texts,
        strict=True,
    ):
        assert words in text
    with (site / "figures/headline.csv").open(encoding="utf-8", newline="") as file:
        assert {row["scale_short_label"] for row in csv.DictReader(file)} == {"OR", "RR", "SMD"}


def test_the_page_of_a_condition_shows_all_its_headlines(site):
    text = (site / "condition-smoking.html").read_text(encoding="utf-8")
    for name in ("Smoking, mortality", "Smoking, symptom severity"):
        assert f"{name}: can it be trusted?" in text
        assert f"{name}: every meta-analysis, with its source" in text
    for kind in ("forest", *BY_HEADLINE):
        for name in ("smoking_death", "smoking_symptom"):
            assert text.count(f'<article id="figure-{kind}_{name}"') == 1
    assert text.count("OR (95% CI)") >= 1
    other = (site / "condition-exercise.html").read_text(encoding="utf-8")
    assert "Can it be trusted?" in other
    assert "SMD (95% CI)" not in other


def test_parts_of_a_headline_and_other_outcomes_stand_apart(site):
    text = (site / "condition-smoking.html").read_text(encoding="utf-8")
    places = [
        text.index(f'id="{anchor}"')
        for anchor in (
            "section-effect", "figure-forest_smoking_death", "section-parts",
            "figure-forest_smoking_guided", "section-secondary",
            "figure-forest_smoking_satisfaction",
        )
    ]  # fmt: skip
    assert places == sorted(places)
