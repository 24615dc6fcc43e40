"""Results have the decimal places that their scale says, wherever they are shown."""

from __future__ import annotations

import re
import subprocess
import sys

import duckdb
import pytest

from reports.exports import open_tables
from reports.figures import audit
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
PRESSURE = {
    "condition": "anxiety", "measure": "mean_difference", "favourable_direction": "negative",
    "estimate": "-3.20", "ci_low": "-5.10", "ci_high": "-1.30",
}  # fmt: skip
UNITS = ("mmHg", "mmHg", "kg", "")
"""Of each mean difference in turn; the last one says none."""
FIGURE = {
    "figure_id": "forest", "figure_kind": "forest", "title": "Response",
    "subtitle": "Risk difference", "measure": "RD", "sort_order": "1",
}  # fmt: skip
BLOCK = {"figure_id": "forest", "analysis_id": "risk", "block_label": "All", "sort_order": "1"}
RESULT = "0.005 (0.003 to 0.007)"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("decimals")
    pressures = [
        PRESSURE | {"effect_id": f"Pressure{n}", "meta_analysis_id": f"P{n}", "measure_unit": unit}
        for n, unit in enumerate(UNITS)
    ]
    sheets = make_review(folder / "sheets", {}, [*EFFECTS, *pressures])
    in_mmhg = {"analysis_id": "pressure", "label": "Pressure", "condition": "anxiety"}
    in_mmhg |= {
        "analysis_group": "secondary",
        "outcome": "symptom",
        "scale": "mean_difference",
        "measure_unit": "mmHg",
    }
    append(sheets / "protocol/analyses.csv", ANALYSIS, ANALYSIS | in_mmhg)
    append(sheets / "protocol/figures.csv", FIGURE)
    append(sheets / "protocol/figure_blocks.csv", BLOCK)
    return build_warehouse(folder, sheets)


def test_a_risk_difference_is_told_to_one_in_a_thousand(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        [(effect, policies)] = connection.execute(
            "select effect_text, robustness_text from reports.rpt_conclusions"
        ).fetchall()
        [(low, high)] = connection.execute(
            "select ci_low, ci_high from fct_pooled_effects "
            "where policy_id = 'seed_paper' and analysis_id = 'risk'"
        ).fetchall()
    assert "RD 0.005 (" in effect
    assert "(by 0.001)" in policies
    assert f"0.005 ({low:.3f} to {high:.3f})" == RESULT


def test_mean_differences_are_pooled_in_one_unit_and_the_others_say_why(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select effect_id, is_member, exclusion_reason from fct_analysis_members "
            "where analysis_id = 'pressure' and policy_id = 'recommended' order by all"
        ).fetchall()
        [(label, k, estimate)] = connection.execute(
            "select scale_label, k, estimate from fct_pooled_effects "
            "inner join dim_analyses using (analysis_id) "
            "where analysis_id = 'pressure' and policy_id = 'recommended'"
        ).fetchall()
    assert [row[:2] for row in found] == [
        ("Pressure0", True), ("Pressure1", True), ("Pressure2", False), ("Pressure3", False),
    ]  # fmt: skip
    assert found[2][2] == "in another unit: kg"
    assert found[3][2].startswith("a mean difference without")
    assert (label, k) == ("Mean difference in mmHg", 2)
    assert estimate == pytest.approx(-3.2)


def test_a_forest_and_its_table_show_as_many(database, tmp_path):
    [path] = draw_figure(database, "forest", tmp_path, ("svg",))
    drawn = path.read_text(encoding="utf-8")
    assert all(number in drawn for number in (">0.004<", ">0.006<", ">0.005<"))


def test_the_choices_of_members_show_as_many(database):
    with open_tables(database) as tables:
        rows = [row for row in tables["rpt_selection"] if row["analysis_id"] == "risk"]
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


def test_the_audit_shows_as_many():
    row = {"measure": "SMD", "decimals": 3, "recomputed_estimate": 0.4}
    row |= {"recomputed_low": 0.3, "recomputed_high": 0.5}
    assert audit.printed(row, "recomputed") == "0.400 (0.300 to 0.500)"
    published = {key.replace("recomputed", "published"): cell for key, cell in row.items()}
    assert audit.printed(published, "published") == "0.400 (0.300 to 0.500)"
    share = published | {"measure": "percent", "decimals": 1, "published_estimate": 12.25}
    assert audit.printed(share, "published") == "12.25% (0.3 to 0.5)"


def test_single_effects_and_pools_of_trials_show_as_many():
    row = {"reported_estimate": 0.004, "reported_low": 0.001, "reported_high": 0.007}
    named = {"citation_label": "A 2020", "doi": None, "condition_label": "Stress"}
    row |= named | {"outcome_label": "Response", "measure_label": "RD", "decimals": 3}
    assert classes.of_effect(row)[-1] == "RD 0.004 (0.001 to 0.007)"
    pool = {"reported_ci_low": 0.001, "reported_ci_high": 0.007, "reported_k": 4}
    assert trials.reported(row | pool) == "0.004 (0.001 to 0.007), k=4"
