"""Findings from sheets that say nothing of quantity, polarity and noun, in the right direction."""

from __future__ import annotations

import duckdb
import pytest

from tests.python.conftest import ROOT, append, build_warehouse
from umbrella.commands.new import make_folder

pytestmark = pytest.mark.build

OUTCOMES = {
    "functioning": "Social functioning", "quality_of_life": "Quality of life",
    "relapse": "Relapse", "dropout": "Dropout", "cancer": "Colorectal cancer",
    "first_cancer": "First colorectal cancer",
}  # fmt: skip
SMD = ("hedges_g", "positive")
EFFECTS = {
    ("depression", "functioning", *SMD): [(0.40, 0.20, 0.60), (0.35, 0.10, 0.60), (0.5, 0.2, 0.8)],
    ("depression", "quality_of_life", *SMD): [(0.4, 0.2, 0.6), (0.35, 0.1, 0.6), (0.5, 0.2, 0.8)],
    ("depression", "relapse", "risk_ratio", "below_one"): [(0.60, 0.50, 0.72)] * 3,
    ("depression", "dropout", "odds_ratio", "below_one"): [
        (0.70, 0.60, 0.82), (0.75, 0.60, 0.94), (0.65, 0.50, 0.845),
    ],
    ("fibre", "cancer", "risk_ratio", "below_one"): [(0.90, 0.86, 0.94), (0.83, 0.78, 0.89)],
    ("red_meat", "cancer", "risk_ratio", "below_one"): [(1.12, 1.04, 1.21), (1.22, 1.11, 1.34)],
    ("red_meat", "first_cancer", "hazard_ratio", "below_one"): [
        (1.29, 1.08, 1.54), (1.28, 1.15, 1.42),
    ],
}  # fmt: skip
"""Estimates with their intervals of a condition, an outcome, a measure and what is favourable."""
SCALES = {
    "hedges_g": "smd", "risk_ratio": "log_risk_ratio", "odds_ratio": "log_odds_ratio",
    "hazard_ratio": "log_hazard_ratio",
}  # fmt: skip
META_ANALYSIS = {
    "first_author": "A", "year": "2020", "title": "T", "delivery": "unclear",
    "eligibility": "included", "source_kind": "abstract",
}  # fmt: skip
EFFECT = {
    "timepoint": "post", "ci_level": "0.95", "comparator": "unclear", "guidance": "unclear",
    "therapy": "unclear", "analysis_set": "unclear", "synthesis_model": "random",
    "scope": "overall", "source_locator": "T",
}  # fmt: skip
ANALYSIS = {
    "analysis_group": "secondary", "unit": "meta_analysis", "required_scope": "overall",
    "selection_rule": "all",
}  # fmt: skip
REVIEW = {
    "review_id": "r", "title": "T", "question": "Q?", "search_date": "2024-01-01",
    "data_note": "None.",
}  # fmt: skip
NOT_JUDGED = "; how certain this is was not judged."
FINDINGS = {
    "depression_functioning":
        "The intervention improves social functioning to a small extent" + NOT_JUDGED,
    "depression_quality_of_life":
        "The intervention improves quality of life to a small extent" + NOT_JUDGED,
    "depression_relapse": "The intervention lowers the risk of relapse" + NOT_JUDGED,
    "depression_dropout": "The intervention lowers the risk of dropout" + NOT_JUDGED,
    "fibre_cancer": "2 meta-analyses are too few for a pooled verdict: both point to a lower "
        "risk of colorectal cancer, both significantly.",
    "red_meat_cancer": "2 meta-analyses are too few for a pooled verdict: both point to a "
        "higher risk of colorectal cancer, both significantly.",
    "red_meat_first_cancer": "2 meta-analyses are too few for a pooled verdict: both point to a "
        "higher risk of first colorectal cancer, both significantly.",
}  # fmt: skip
CONVENTIONAL = {
    "depression_relapse": 0.60,
    "depression_dropout": 0.703,
    "fibre_cancer": 0.867,
    "red_meat_cancer": 1.163,
    "red_meat_first_cancer": 1.283,
}
"""Pooled ratios by DerSimonian and Laird, in the direction in which they were printed."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old") / "sheets"
    make_folder(folder, ROOT)
    outcomes = [f"{code},{label},D" for code, label in OUTCOMES.items()]
    (folder / "vocabulary/outcomes.csv").write_text("\n".join(["code,label,definition", *outcomes]))
    append(folder / "protocol/review.csv", REVIEW)
    for number in range(3):
        row = META_ANALYSIS | {"meta_analysis_id": f"Ma{number}"}
        append(folder / "extraction/meta_analyses.csv", row)
    for condition in dict.fromkeys(key[0] for key in EFFECTS):
        append(folder / "vocabulary/conditions.csv", {"code": condition, "label": condition})
    for order, (key, results) in enumerate(EFFECTS.items(), start=1):
        condition, outcome, measure, direction = key
        named = {"condition": condition, "outcome": outcome}
        for number, limits in enumerate(results):
            cells = dict(zip(("estimate", "ci_low", "ci_high"), map(str, limits), strict=True))
            row = EFFECT | named | cells | {"measure": measure, "favourable_direction": direction}
            ids = {
                "effect_id": f"{condition}_{outcome}_{number}",
                "meta_analysis_id": f"Ma{number}",
            }
            append(folder / "extraction/reported_effects.csv", row | ids)
        analysis = ANALYSIS | named | {
            "analysis_id": f"{condition}_{outcome}", "label": f"{condition} {outcome}",
            "scale": SCALES[measure], "sort_order": str(order),
            "review_kind": "" if condition == "depression" else "exposures",
        }  # fmt: skip
        append(folder / "protocol/analyses.csv", analysis)
    database = build_warehouse(folder.parent, folder, selection="rpt_findings")
    with duckdb.connect(str(database), read_only=True) as connection:
        findings = connection.execute("select analysis_id, finding from reports.rpt_findings")
        said = dict(findings.fetchall())
        pooled = connection.execute(
            "select analysis_id, exp(estimate) from fct_pooled_effects "
            "where policy_id = 'seed_paper' and scale != 'smd'"
        )
        return said, dict(pooled.fetchall())


def test_ratios_keep_the_direction_in_which_they_were_printed(found):
    assert found[1] == pytest.approx(CONVENTIONAL, abs=0.0006)


def test_each_finding_says_what_its_outcome_is(found):
    assert found[0] == FINDINGS
