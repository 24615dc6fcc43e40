"""What an outline writes passes every check and the build, whatever a review is made of."""

from __future__ import annotations

import random

import duckdb
import pytest

from reports.site import build_site
from tests.python.conftest import append, build_warehouse
from tests.python.made_reviews import effects_on, make_review
from umbrella.findings import findings_of, stopping
from umbrella.outlining.implied import extraction_of
from umbrella.outlining.left_out import left_out
from umbrella.outlining.outline import make_outline
from umbrella.project import project_dir
from umbrella.rejects import show_rejects
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract
from umbrella.unpooled import show_unpooled

pytestmark = pytest.mark.build

OUTCOMES = ("symptom", "response", "remission", "quality_of_life", "unclear", "death", "a_b")
MADE = ({"code": "death", "label": "Death"}, {"code": "a_b", "label": "A of B"})
# Identifiers are put together from codes: these would give some of them twice.
CONDITIONS = ("a", "a_b", "symptom_a", "largest_a", "Ratio/rate", "dropout", "b")
RATES = ("dropout", "adherence", "completion", "remission", "death", "unclear")
DIFFERENCES = (
    "hedges_g", "cohens_d", "smd", "mean_difference", "within_group_g", "unclear",
    "correlation", "risk_difference",
)  # fmt: skip
RATIOS = ("odds_ratio", "risk_ratio", "hazard_ratio", "incidence_rate_ratio", "ratio_of_means")


def made_effects(draw: random.Random) -> list[dict[str, str]]:
    """Effects of every kind, at random; some of one meta-analysis."""
    found = []
    for condition in draw.sample(CONDITIONS, draw.randint(1, 4)):
        for outcome in draw.sample(OUTCOMES, draw.randint(1, 4)):
            is_ratio = draw.random() < 0.5
            cells = {
                "outcome": outcome,
                "measure": draw.choice(RATIOS if is_ratio else DIFFERENCES),
                "favourable_direction": draw.choice(
                    ("above_one", "below_one") if is_ratio else ("positive", "negative")
                ),
                "comparator": draw.choice(("waitlist", "face_to_face", "waitlist; face_to_face")),
                "measure_unit": draw.choice(("", "mmHg", "kg")),
                "evidence": draw.choice(("", "", "", "mixed")),
                "guidance": draw.choice(("guided", "unguided", "mixed")),
                "therapy": draw.choice(("cbt", "act", "other")),
                "scope": draw.choice(("overall", "overall", "subgroup")),
                "timepoint": draw.choice(("post", "post", "follow_up")),
            }
            if cells["timepoint"] == "follow_up":
                cells["follow_up_months"] = str(draw.choice((2, 6, 18)))
            if draw.random() < 0.2:
                cells["restriction"] = "sex=women"
            found += effects_on(condition, draw.randint(1, 4), **cells)
    return found


def made_rates(draw: random.Random, metas: list[str]) -> list[dict[str, str]]:
    """Rates of some outcomes, at random."""
    return [
        {
            "rate_id": f"R{i}", "meta_analysis_id": draw.choice(metas),
            "condition": draw.choice(CONDITIONS), "outcome": draw.choice(RATES),
            "definition": "T", "arm": draw.choice(("intervention", "intervention", "control")),
            "guidance": "guided", "events": str(draw.randint(1, 60)), "total": "120",
            "comparator": "waitlist", "source_locator": "T",
        }
        for i in range(draw.randint(0, 12))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_an_outline_passes_check_and_build(seed, invoke, tmp_path):
    draw = random.Random(seed)
    effects = made_effects(draw)
    sheets = make_review(
        tmp_path / "sheets",
        {code: f"Condition {code}" for code in CONDITIONS},
        effects,
        MADE,
        review_kind=draw.choice(("interventions", "exposures")),
    )
    metas = [f"Made{i}" for i in range(1, len(effects) + 1)]
    append(sheets / "extraction/reported_rates.csv", *made_rates(draw, metas))
    result = invoke("outline", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr
    database = build_warehouse(tmp_path, sheets, runs_data_tests=True)
    # With what the build has raised, all that `umbrella check` looks at.
    show_unpooled(database, every=True)
    assert show_rejects(database) == 0
    assert stopping(findings_of(database)) == []
    extraction = extraction_of(check_sheets(sheets, read_contract(project_dir())))
    left = left_out(extraction, make_outline(extraction))
    named = {name for names in left.values() for name in names}
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select effect_id, bool_or(is_member) from fct_analysis_members group by effect_id"
        ).fetchall()
    members = {name for name, is_member in found if is_member}
    everything = {
        row[key]
        for sheet, key in (("reported_effects", "effect_id"), ("reported_rates", "rate_id"))
        for row in extraction.sheets[sheet]
    }
    assert members
    assert members.isdisjoint(named)
    assert everything - named <= {name for name, _ in found}
    assert build_site(database, tmp_path / "site", ()).index.is_file()
