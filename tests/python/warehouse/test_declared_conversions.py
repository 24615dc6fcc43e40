"""Conversions between scales: what enters by which, what that assumes, and its one switch."""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import append, build_warehouse
from tests.python.made_reviews import make_review, switch_conversions
from tests.python.renaming import MARK

pytestmark = pytest.mark.build

ANALYSIS = {
    "analysis_group": "secondary", "condition": "stress", "unit": "meta_analysis",
    "required_scope": "overall", "selection_rule": "all",
}  # fmt: skip
ANALYSES = (
    {"analysis_id": "scores", "outcome": "symptom", "scale": "smd"},
    {"analysis_id": "scores_alone", "outcome": "symptom", "scale": "smd", "conversions": "none"},
    {"analysis_id": "risks", "outcome": "response", "scale": "log_risk_ratio",
     "conversions": "declared"},
    {"analysis_id": "risks_alone", "outcome": "response", "scale": "log_risk_ratio"},
    {"analysis_id": "odds", "outcome": "response", "scale": "log_odds_ratio",
     "conversions": "declared"},
)  # fmt: skip
RISKS = (
    {"risk_id": "second", "outcome": "response", "risk": "0.3", "source": "A", "sort_order": "2"},
    {"risk_id": "first", "outcome": "response", "risk": "0.2", "source": "A", "sort_order": "1"},
)
RATIO = {"measure": "odds_ratio", "estimate": "2.00", "ci_low": "1.50", "ci_high": "2.67",
         "favourable_direction": "above_one"}  # fmt: skip
RISK_RATIO = RATIO | {"measure": "risk_ratio", "estimate": "1.50", "ci_low": "1.20",
                      "ci_high": "1.875"}  # fmt: skip
EFFECTS = (
    {"condition": "stress", "estimate": "0.40", "ci_low": "0.20", "ci_high": "0.60"},
    {"condition": "stress"} | RATIO,
    {"condition": "stress", "outcome": "response"} | RATIO,
    {"condition": "stress", "outcome": "response"} | RISK_RATIO,
)


def sheets_in(folder) -> Path:
    """The sheets of a review with these analyses and effects."""
    sheets = make_review(folder / "sheets", {"stress": "Stress"}, EFFECTS)
    append(
        sheets / "protocol/analyses.csv",
        *(
            ANALYSIS | row | {"label": row["analysis_id"], "sort_order": str(order)}
            for order, row in enumerate(ANALYSES, start=1)
        ),
    )
    append(sheets / "protocol/baseline_risks.csv", *RISKS)
    return sheets


def members_of(folder, **switches) -> dict[str, dict[str, tuple]]:
    """By analysis and effect: whether it is a member, its estimate, conversion and what is said."""
    sheets = sheets_in(folder)
    switch_conversions(sheets, **switches)
    database = build_warehouse(folder, sheets, selection="fct_analysis_members")
    found: dict[str, dict[str, tuple]] = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for analysis, effect, *said in connection.execute(
            "select analysis_id, effect_id, is_member, yi, conversion, conversion_assumption, "
            "exclusion_reason from fct_analysis_members where policy_id = 'recommended'"
        ).fetchall():
            found.setdefault(analysis, {})[effect] = tuple(said)
    return found


@pytest.fixture(scope="module")
def shipped_switches(tmp_path_factory):
    return members_of(tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="module")
def turned(tmp_path_factory):
    """Members where conversions are switched otherwise, and have codes of the team's own."""
    return members_of(
        tmp_path_factory.mktemp("turned"),
        is_renamed=True,
        log_odds_ratio_to_smd="never",
        log_odds_ratio_to_log_risk_ratio="always",
        log_risk_ratio_to_log_odds_ratio="never",
    )


def test_an_odds_ratio_enters_scores_and_says_what_that_assumes(shipped_switches):
    is_member, yi, conversion, assumption, _ = shipped_switches["scores"]["Made2_1"]
    assert is_member
    assert yi == pytest.approx(math.log(2) * math.sqrt(3) / math.pi, rel=1e-12)
    assert conversion == "log_odds_ratio_to_smd"
    assert "logistic" in assumption
    assert shipped_switches["scores"]["Made1_1"][:4] == (True, 0.4, None, None)


def test_odds_and_risk_ratios_enter_each_other_through_the_baseline_risk(shipped_switches):
    is_member, yi, conversion, assumption, _ = shipped_switches["risks"]["Made3_1"]
    # 2 / (1 - 0.2 + 0.2 * 2)
    assert is_member
    assert math.exp(yi) == pytest.approx(2 / 1.2, rel=1e-9)
    assert conversion == "log_odds_ratio_to_log_risk_ratio"
    assert "baseline risk" in assumption
    is_member, yi, conversion, _, _ = shipped_switches["odds"]["Made4_1"]
    # 1.5 * 0.8 / (1 - 0.2 * 1.5)
    assert is_member
    assert math.exp(yi) == pytest.approx(1.2 / 0.7, rel=1e-9)
    assert conversion == "log_risk_ratio_to_log_odds_ratio"


@pytest.mark.parametrize(
    ("analysis", "effect"), [("risks_alone", "Made3_1"), ("scores_alone", "Made2_1")]
)
def test_an_analysis_says_whether_it_converts(shipped_switches, analysis, effect):
    is_member, _, conversion, _, reason = shipped_switches[analysis][effect]
    assert (is_member, conversion) == (False, None)
    assert "nor converted to it" in reason


@pytest.mark.parametrize(
    ("analysis", "effect", "is_member"),
    [
        ("scores", "Made2_1", False), ("risks_alone", "Made3_1", True), ("odds", "Made4_1", False),
        ("odds", "Made3_1", True),
    ],
)  # fmt: skip
def test_the_sheet_switches_a_conversion_of_every_analysis(turned, analysis, effect, is_member):
    assert turned[analysis][effect][0] is is_member


def test_a_conversion_is_known_by_its_scales_whatever_its_code(shipped_switches, turned):
    named = [turned["risks"]["Made3_1"], shipped_switches["risks"]["Made3_1"]]
    assert [said[1] for said in named] == [pytest.approx(math.log(2 / 1.2), rel=1e-9)] * 2
    assert [said[2] for said in named] == [
        f"log_odds_ratio_to_log_risk_ratio{MARK}", "log_odds_ratio_to_log_risk_ratio"
    ]  # fmt: skip


def test_a_conversion_that_nobody_knows_or_that_is_there_twice_is_refused(tmp_path):
    sheets = sheets_in(tmp_path)
    row = {"used": "always", "formula": "any", "assumption": "any", "sort_order": "1"}
    append(
        sheets / "protocol/conversions.csv",
        row | {"conversion": "a", "role": "between_scales", "from_scale": "smd",
               "to_scale": "log_risk_ratio"},
        row | {"conversion": "b", "role": "between_scales", "from_scale": "smd"},
        row | {"conversion": "c", "role": "upper_limit"},
    )  # fmt: skip
    database = build_warehouse(tmp_path, sheets, selection="stg_sheet_faults")
    with duckdb.connect(str(database), read_only=True) as connection:
        faults = connection.execute(
            "select value, reason from staging.stg_sheet_faults where sheet = 'conversions' "
            "order by row_number"
        ).fetchall()
    assert faults == [
        ("smd to log_risk_ratio", "no conversion between these scales is known"),
        ("smd", "no conversion between these scales is known"),
        ("upper_limit", "another row says the same conversion already"),
    ]
