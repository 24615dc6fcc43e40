"""Standard errors from bounds: a lower limit printed 0.00, and p-values printed as bounds.

The expected numbers are those of R 4.2 with ten digits:
    (log(0.90) - log(0.12)) / qnorm(0.975)              # 1.0280306355
    (log(0.90) - log(0.12)) / qnorm(0.95)               # 1.2249740570
    0.40 / qnorm(1 - 0.001 / 2)                         # 0.1215610851
    0.40 / qnorm(1 - 0.0005 / 2)                        # 0.1149175505
    0.40 / qnorm(1 - 0.005 / 2)                         # 0.1424991764
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import append, build_warehouse
from tests.python.made_reviews import make_review

pytestmark = pytest.mark.build

ANALYSIS = {
    "analysis_id": "scores", "label": "Scores", "analysis_group": "secondary",
    "condition": "stress", "outcome": "symptom", "unit": "meta_analysis", "scale": "smd",
    "required_scope": "overall", "selection_rule": "all", "sort_order": "1",
}  # fmt: skip
RATIO = {"condition": "stress", "outcome": "response", "measure": "odds_ratio", "estimate": "0.12",
         "ci_low": "0.00", "ci_high": "0.90", "favourable_direction": "below_one"}  # fmt: skip
SMD = {"condition": "stress", "estimate": "0.40", "ci_level": ""}
EFFECTS = (
    RATIO,
    RATIO | {"ci_level": "0.90"},
    RATIO | {"se": "1.10"},
    RATIO | {"ci_high": "0.10"},
    SMD | {"p_operator": "<", "p_value": "0.001"},
    SMD | {"p_operator": "=", "p_value": "0.000"},
    SMD | {"p_operator": "=", "p_value": "0.00"},
    SMD | {"p_operator": ">", "p_value": "0.05"},
    SMD | {"p_operator": "<", "p_value": "0.001", "se": "0.13"},
)
NAMES = tuple(f"Made{i}_1" for i in range(1, len(EFFECTS) + 1))
LIMIT, LIMIT_90, WITH_SE, OUTSIDE, BELOW, ZERO, SHORT_ZERO, ABOVE, BELOW_WITH_SE = NAMES


def build(folder, selection: str, **used: str) -> Path:
    """A warehouse with the conversions switched so."""
    sheets = make_review(folder / "sheets", {"stress": "Stress"}, EFFECTS)
    append(sheets / "protocol/analyses.csv", ANALYSIS)
    switches = sheets / "protocol/conversions.csv"
    lines = switches.read_text(encoding="utf-8").splitlines(keepends=True)
    for conversion, value in used.items():
        [at] = [i for i, line in enumerate(lines) if line.startswith(f"{conversion},")]
        cells = lines[at].split(",")
        lines[at] = ",".join([*cells[:3], value, *cells[4:]])
    switches.write_text("".join(lines), encoding="utf-8")
    return build_warehouse(folder, sheets, selection=selection)


def effects_of(folder, **used: str) -> dict[str, dict]:
    """Effects by id."""
    database = build(folder, "int_effect_rounding int_unpooled_rows", **used)
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
    folder = tmp_path_factory.mktemp("allowed")
    return effects_of(folder, upper_limit_to_se="always", p_bound_to_se="always")


@pytest.fixture(scope="module")
def refused(tmp_path_factory) -> dict[str, dict]:
    folder = tmp_path_factory.mktemp("refused")
    return effects_of(folder, upper_limit_to_se="never", p_bound_to_se="never")


@pytest.mark.parametrize(
    ("effect", "source", "se"),
    [
        (LIMIT, "upper_limit", 1.0280306355),
        (LIMIT_90, "upper_limit", 1.2249740570),
        (WITH_SE, "standard_error", 1.10),
        (BELOW, "p_bound", 0.1215610851),
        (ZERO, "p_bound", 0.1149175505),
        (SHORT_ZERO, "p_bound", 0.1424991764),
        (BELOW_WITH_SE, "standard_error", 0.13),
    ],
)
def test_a_bound_gives_the_standard_error(allowed, effect, source, se):
    found = allowed[effect]
    assert found["se_source"] == source
    assert found["se"] == pytest.approx(se, rel=1e-9)
    assert found["reasons"] == []


def test_what_a_bound_takes_for_granted_is_among_the_assumptions(allowed):
    assert any("rounded to zero" in said for said in allowed[LIMIT]["assumptions"])
    assert any("the p-value is its bound" in said for said in allowed[ZERO]["assumptions"])
    assert "SE from the estimate and its upper limit" in allowed[LIMIT]["conversion_path"]
    assert "SE from p < 0.001, its bound" in allowed[BELOW]["conversion_path"]
    assert "SE from p < 0.0005, its bound" in allowed[ZERO]["conversion_path"]
    assert not any("rounded to zero" in said for said in allowed[WITH_SE]["assumptions"])


def test_a_bound_from_below_tells_nothing(allowed):
    assert allowed[ABOVE]["reasons"] == ["only a bound on the p-value"]


def test_an_upper_limit_below_the_estimate_is_at_fault(allowed):
    assert "fault: a ratio that is not above zero" in allowed[OUTSIDE]["reasons"]


def test_a_p_value_below_its_bound_may_be_any(allowed):
    assert allowed[BELOW]["z_max"] == float("inf")
    assert allowed[BELOW]["z_min"] == pytest.approx(0.40 / 0.1215610851, rel=1e-9)


def test_without_the_switch_the_cell_is_at_fault(refused):
    assert refused[LIMIT]["reasons"][0] == "fault: a ratio that is not above zero"
    assert "ci_low" in refused[LIMIT]["cells"]
    assert refused[BELOW]["reasons"] == ["only a bound on the p-value"]
    assert refused[ZERO]["reasons"] == ["the p-value is printed as 0: only a bound"]
    assert refused[BELOW]["cells"] == ["p_operator"]
    assert refused[ZERO]["cells"] == ["p_value"]
    assert all(refused[effect]["se_source"] is None for effect in (LIMIT, BELOW, ZERO))


def test_a_bound_is_not_declared_by_an_analysis(tmp_path):
    database = build(tmp_path, "stg_sheet_faults", p_bound_to_se="declared")
    with duckdb.connect(str(database), read_only=True) as connection:
        faults = connection.execute(
            "select column_name, reason from staging.stg_sheet_faults where sheet = 'conversions'"
        ).fetchall()
    assert faults == [("used", "a conversion of a bound is not declared by an analysis")]
