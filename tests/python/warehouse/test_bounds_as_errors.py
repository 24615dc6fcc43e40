"""Standard errors from bounds: a lower limit printed 0.00, and P values printed as bounds."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import ROOT, append, build_warehouse
from tests.python.made_reviews import make_review, switch_conversions

pytestmark = pytest.mark.build

GOLDEN = json.loads((ROOT / "tests/data/bounds/standard_errors.json").read_text(encoding="utf-8"))
(OF_LIMIT, OF_LIMIT_90), (OF_BELOW, OF_ZERO, OF_SHORT_ZERO, OF_SMALLEST) = (
    GOLDEN["upper_limit"], GOLDEN["p_bound"],
)  # fmt: skip

ANALYSIS = {
    "analysis_id": "scores", "label": "Scores", "analysis_group": "secondary",
    "condition": "stress", "outcome": "symptom", "unit": "meta_analysis", "scale": "smd",
    "required_scope": "overall", "selection_rule": "all", "sort_order": "1",
}  # fmt: skip
RATIO = {"condition": "stress", "outcome": "response", "measure": "odds_ratio",
         "ci_low": "0.00", "favourable_direction": "below_one"}  # fmt: skip


def ratio(golden: dict) -> dict[str, str]:
    """A ratio with the upper limit alone."""
    return RATIO | {key: f"{golden[key]:.2f}" for key in ("estimate", "ci_high", "ci_level")}


def smd(golden: dict, operator: str) -> dict[str, str]:
    """A standardised mean difference with a P value alone."""
    return {"condition": "stress", "estimate": f"{golden['estimate']:.2f}", "ci_level": "",
            "p_operator": operator, "p_value": golden["p_value"]}  # fmt: skip


EFFECTS = (
    ratio(OF_LIMIT),
    ratio(OF_LIMIT_90),
    ratio(OF_LIMIT) | {"se": "1.10"},
    ratio(OF_LIMIT) | {"ci_high": "0.10"},
    smd(OF_BELOW, "<"),
    smd(OF_ZERO, "="),
    smd(OF_SHORT_ZERO, "="),
    smd(OF_BELOW, ">") | {"p_value": "0.05"},
    smd(OF_BELOW, "<") | {"se": "0.13"},
    smd(OF_SMALLEST, "="),
)
NAMES = tuple(f"Made{i}_1" for i in range(1, len(EFFECTS) + 1))
(
    LIMIT, LIMIT_90, WITH_SE, OUTSIDE, BELOW, ZERO, SHORT_ZERO, ABOVE, BELOW_WITH_SE, SMALLEST,
) = NAMES  # fmt: skip


def build(folder, selection: str, **switches) -> Path:
    """A warehouse with the conversions switched so."""
    sheets = make_review(folder / "sheets", {"stress": "Stress"}, EFFECTS)
    append(sheets / "protocol/analyses.csv", ANALYSIS)
    switch_conversions(sheets, **switches)
    return build_warehouse(folder, sheets, selection=selection)


def effects_of(folder, **switches) -> dict[str, dict]:
    """Effects by id."""
    database = build(folder, "int_effect_rounding int_unpooled_rows", **switches)
    with duckdb.connect(str(database), read_only=True) as connection:
        cursor = connection.execute(
            "select effect_id, se_source, sqrt(vi_own_scale) as se, assumptions, conversion_path, "
            "not_poolable_reasons as reasons, z_min, z_max, "
            "(select list(rows.column_names) from intermediate.int_unpooled_rows as rows "
            "where rows.row_id = effect_id) as cells "
            "from intermediate.int_effects "
            "left join intermediate.int_effect_rounding using (effect_id)"
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["effect_id"]: row for row in rows}


@pytest.fixture(scope="module")
def allowed(tmp_path_factory) -> dict[str, dict]:
    """The effects where both are used; the conversions have codes of the team's own."""
    folder = tmp_path_factory.mktemp("allowed")
    return effects_of(folder, is_renamed=True, upper_limit_to_se="always", p_bound_to_se="always")


@pytest.fixture(scope="module")
def refused(tmp_path_factory) -> dict[str, dict]:
    folder = tmp_path_factory.mktemp("refused")
    return effects_of(folder, upper_limit_to_se="never", p_bound_to_se="never")


@pytest.mark.parametrize(
    ("effect", "source", "se"),
    [
        (LIMIT, "upper_limit", OF_LIMIT["se"]),
        (LIMIT_90, "upper_limit", OF_LIMIT_90["se"]),
        (WITH_SE, "standard_error", 1.10),
        (BELOW, "p_bound", OF_BELOW["se"]),
        (ZERO, "p_bound", OF_ZERO["se"]),
        (SHORT_ZERO, "p_bound", OF_SHORT_ZERO["se"]),
        (BELOW_WITH_SE, "standard_error", 0.13),
        (SMALLEST, "p_bound", OF_SMALLEST["se"]),
    ],
)
def test_a_bound_gives_the_standard_error(allowed, effect, source, se):
    found = allowed[effect]
    assert found["se_source"] == source
    assert found["se"] == pytest.approx(se, rel=1e-9)
    assert found["reasons"] == []


def test_what_a_bound_takes_for_granted_is_among_the_assumptions(allowed):
    assert any("rounded to zero" in said for said in allowed[LIMIT]["assumptions"])
    assert any("the P value is its bound" in said for said in allowed[ZERO]["assumptions"])
    assert "SE from the estimate and its upper limit" in allowed[LIMIT]["conversion_path"]
    assert "SE from P < 0.001, its bound" in allowed[BELOW]["conversion_path"]
    assert "SE from P < 0.0005, its bound" in allowed[ZERO]["conversion_path"]
    assert not any("rounded to zero" in said for said in allowed[WITH_SE]["assumptions"])


def test_a_bound_from_below_tells_nothing(allowed):
    assert allowed[ABOVE]["reasons"] == ["only a bound on the P value"]


def test_an_upper_limit_below_the_estimate_is_at_fault(allowed):
    assert "fault: a ratio that is not above zero" in allowed[OUTSIDE]["reasons"]


def test_a_p_value_below_its_bound_may_be_any(allowed):
    assert allowed[BELOW]["z_max"] == float("inf")
    assert allowed[BELOW]["z_min"] == pytest.approx(0.40 / OF_BELOW["se"], rel=1e-9)


def test_without_the_switch_the_cell_is_at_fault(refused):
    assert refused[LIMIT]["reasons"][0] == "fault: a ratio that is not above zero"
    assert "ci_low" in refused[LIMIT]["cells"]
    assert refused[BELOW]["reasons"] == ["only a bound on the P value"]
    assert refused[ZERO]["reasons"] == ["the P value is printed as 0: only a bound"]
    assert refused[SMALLEST]["reasons"] == [
        "the P value is printed as the smallest there is: only a bound"
    ]
    assert refused[BELOW]["cells"] == ["p_operator"]
    assert refused[SMALLEST]["cells"] == ["p_value"]
    assert refused[ZERO]["cells"] == ["p_value"]
    assert all(refused[effect]["se_source"] is None for effect in (LIMIT, BELOW, ZERO))


def test_a_bound_is_not_declared_by_an_analysis(tmp_path):
    database = build(tmp_path, "stg_sheet_faults", p_bound_to_se="declared")
    with duckdb.connect(str(database), read_only=True) as connection:
        faults = connection.execute(
            "select column_name, reason from staging.stg_sheet_faults where sheet = 'conversions'"
        ).fetchall()
    assert faults == [("used", "a conversion of a bound is not declared by an analysis")]
