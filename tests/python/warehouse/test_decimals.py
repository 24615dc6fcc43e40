"""Results have the decimal places that their scale says, wherever they are shown."""

from __future__ import annotations

import re
import subprocess
import sys

import duckdb
import pytest

from reports.exports import open_tables
from reports.pages import classes, topics, trials
from reports.site import draw_figure
from tests.python.conftest import ROOT, append, build_warehouse
from tests.python.made_reviews import make_review

pytestmark = pytest.mark.build

DIFFERENCE = {
    "condition": "stress", "outcome": "response", "measure": "risk_difference",
    "favourable_direction": "positive",
}  # fmt: skip
EFFECTS = (
    DIFFERENCE | {"estimate": "0.004", "ci_low": "0.001", "ci_high": "0.007"},
    DIFFERENCE | {"estimate": "0.006", "ci_low": "0.002", "ci_high": "0.010"},
    DIFFERENCE | {"estimate": "0.005", "ci_low": "0.001", "ci_high": "0.009"},
)
ANALYSIS = {
    "analysis_id": "risk", "label": "Response", "analysis_group": "condition",
    "condition": "stress", "outcome": "response", "unit": "meta_analysis",
    "scale": "risk_difference", "required_scope": "overall", "selection_rule": "all",
    "sort_order": "1",
}  # fmt: skip
FIGURE = {
    "figure_id": "forest", "figure_kind": "forest", "title": "Response",
    "subtitle": "Risk difference", "measure": "RD", "sort_order": "1",
}  # fmt: skip
BLOCK = {"figure_id": "forest", "analysis_id": "risk", "block_label": "All", "sort_order": "1"}
RESULT = "0.005 (0.003 to 0.007)"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("decimals")
    sheets = make_review(folder / "sheets", {}, EFFECTS)
    append(sheets / "protocol/analyses.csv", ANALYSIS)
    append(sheets / "protocol/figures.csv", FIGURE)
    append(sheets / "protocol/figure_blocks.csv", BLOCK)
    return build_warehouse(folder, sheets)


def test_a_risk_difference_is_told_to_one_in_a_thousand(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        [(effect, policies)] = connection.execute(
            "select effect_text, robustness_text from reports.rpt_conclusions"
        ).fetchall()
        [(low, high)] = connection.execute(
            "select ci_low, ci_high from fct_pooled_effects where policy_id = 'seed_paper'"
        ).fetchall()
    assert "RD 0.005 (" in effect
    assert "(by 0.001)" in policies
    assert f"0.005 ({low:.3f} to {high:.3f})" == RESULT


def test_a_forest_and_its_table_show_as_many(database, tmp_path):
    [path] = draw_figure(database, "forest", tmp_path, ("svg",))
    drawn = path.read_text(encoding="utf-8")
    assert all(number in drawn for number in (">0.004<", ">0.006<", ">0.005<"))


def test_the_choices_of_members_show_as_many(database):
    with open_tables(database) as tables:
        rows = tables["rpt_selection"]
        assert topics.selection(rows).is_empty  # every choice gives the same
        other = next(place for place, row in enumerate(rows) if not row["is_own_rule"])
        rows[other] = rows[other] | {"estimate": rows[other]["estimate"] + 0.001}
        section = topics.selection(rows)
    table = section.blocks[0].table
    assert table.columns == ("[[Condition]]", "Measure", "As declared", rows[other]["rule_label"])
    [cells] = table.rows
    assert cells[:2] == ("Response", "RD")
    for cell, number in zip(cells[2:], ("0.005", "0.006"), strict=True):
        assert re.fullmatch(rf"{re.escape(number)} \(0\.00\d to 0\.0[01]\d\), k 3", cell)


def test_the_command_prints_as_many(database):
    command = [sys.executable, "-m", "umbrella", "headline", "--database", str(database)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert RESULT in " ".join(done.stdout.split())


def test_percentages_have_one_and_other_scales_two(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        found = dict(
            connection.execute(
                "select scale, decimals from staging.stg_protocol__scales"
            ).fetchall()
        )
    assert (found.pop("logit"), found.pop("risk_difference")) == (1, 3)
    assert set(found.values()) == {2}


def test_single_effects_and_pools_of_trials_show_as_many():
    row = {"reported_estimate": 0.004, "reported_low": 0.001, "reported_high": 0.007}
    named = {"citation_label": "A 2020", "doi": None, "condition_label": "Stress"}
    row |= named | {"outcome_label": "Response", "measure_label": "RD", "decimals": 3}
    assert classes.of_effect(row)[-1] == "RD 0.004 (0.001 to 0.007)"
    pool = {"reported_ci_low": 0.001, "reported_ci_high": 0.007, "reported_k": 4}
    assert trials.reported(row | pool) == "0.004 (0.001 to 0.007), k=4"
