"""What rows that a team adds to the shipped sheets change: a subgroup's rates, and trial rows."""

from __future__ import annotations

import math

import duckdb
import pytest
from scipy.stats import t as student

from tests.python.conftest import append, build_warehouse
from tests.python.warehouse import independent_pools

pytestmark = pytest.mark.build

WAITLIST = {
    "analysis_id": "dropout_depression_waitlist", "label": "Depression",
    "analysis_group": "dropout", "condition": "depression", "comparator_class": "inactive",
    "outcome": "dropout", "unit": "meta_analysis", "scale": "logit", "required_scope": "any",
    "selection_rule": "all", "sort_order": "571",
}  # fmt: skip
RATE = {
    "rate_id": "T_waitlist", "meta_analysis_id": "Twomey2017", "condition": "depression",
    "outcome": "dropout", "definition": "T", "arm": "intervention", "guidance": "unclear",
    "events": "30", "total": "120", "comparator": "waitlist", "source_locator": "T",
}  # fmt: skip

TRIAL = {
    "dataset": "T", "condition": "stress", "outcome": "symptom", "comparator": "waitlist",
    "guidance": "guided", "therapy": "cbt", "delivery": "website", "n_intervention": "30",
    "n_control": "31", "favourable_direction": "positive", "source": "Heber2017", "locator": "T",
}  # fmt: skip
T_VALUE, DF = 2.5, 59
ONE_RESULT = {
    "t": {"t_value": f"{T_VALUE}"},
    "f": {"f_value": f"{T_VALUE**2}", "effect_sign": "1"},
    "r": {"point_biserial_r": f"{T_VALUE / math.sqrt(T_VALUE**2 + DF):.15f}"},
    "p": {"p_value": f"{2 * student.sf(T_VALUE, DF):.15f}", "effect_sign": "1"},
}
"""The same comparison of two groups, told by another statistic of it."""
WITHOUT = {
    "sign": {"f_value": "6.25"},
    "spread": {
        "mean_intervention": "10", "sd_intervention": "0", "mean_control": "8", "sd_control": "2",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def amended_sheets(tmp_path_factory, shipped_sheets):
    import shutil

    sheets = tmp_path_factory.mktemp("amended") / "sheets"
    shutil.copytree(shipped_sheets, sheets)
    append(sheets / "protocol/analyses.csv", WAITLIST)
    append(sheets / "extraction/reported_rates.csv", RATE)
    append(
        sheets / "extraction/primary_studies.csv",
        *(
            TRIAL | cells | {"comparison_id": f"T_{name}", "study": name, "study_id": name}
            for name, cells in (ONE_RESULT | WITHOUT).items()
        ),
    )
    return sheets


@pytest.fixture(scope="module")
def amended(amended_sheets):
    database = build_warehouse(
        amended_sheets.parent,
        amended_sheets,
        selection="rpt_findings rpt_dropout fct_trial_effects fct_trial_pool_members",
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_a_line_of_a_subgroup_names_it(amended):
    found = amended.execute(
        "select analysis_id, condition_label, outcome_label, subgroup from reports.rpt_findings "
        "where condition_id = 'depression' and outcome = 'dropout' and measure = 'percent' "
        "order by row_order"
    ).fetchall()
    assert found == [
        ("dropout_depression", "Depression", "Dropout", None),
        ("dropout_depression_control", "Depression", "Dropout", "control arms"),
        # in the table of its comparator, below
        ("dropout_depression_waitlist", "Depression", "Dropout", "inactive controls"),
    ]
    assert amended.execute(
        "select label from reports.rpt_dropout "
        "where condition = 'depression' and outcome = 'dropout' order by sort_order"
    ).fetchall() == [
        ("Depression",),
        ("Depression (inactive controls)",),
        ("Control arms: depression",),
    ]


def test_no_two_lines_of_the_summary_look_alike(amended):
    lines, distinct = amended.execute(
        "select count(*), count(distinct (condition_label, outcome_label, measure, subgroup)) "
        "from reports.rpt_findings"
    ).fetchone()
    assert lines == distinct > 20


def test_both_lines_pool_their_own_rates(amended, amended_sheets):
    declared = {
        row["analysis_id"]: row
        for row in independent_pools.rows(amended_sheets, "protocol/analyses")
    }
    values = {}
    for analysis_id in ("dropout_depression", "dropout_depression_waitlist"):
        members = independent_pools.rate_members(declared[analysis_id], amended_sheets)
        pooled = independent_pools.dersimonian_laird(list(members.values()))
        values[analysis_id] = pooled["estimate"]
        assert amended.execute(
            "select k, estimate, is_whole_condition from fct_pooled_rates "
            "inner join dim_analyses using (analysis_id) "
            "where analysis_id = ? and policy_id = 'seed_paper'",
            [analysis_id],
        ).fetchall() == [
            (
                len(members),
                pytest.approx(pooled["estimate"], rel=1e-10),
                analysis_id == "dropout_depression",
            )
        ]
    assert "T_waitlist" in members
    assert len(members) == 2
    assert len(set(values.values())) == 2


def test_a_condition_is_whole_without_a_filter_only(amended, amended_sheets):
    whole = {
        row["analysis_id"]
        for row in independent_pools.rows(amended_sheets, "protocol/analyses")
        if row["condition"]
        and not any(
            row[column]
            for column in (
                "subtype", "comparator_class", "severity", "guidance", "therapy", "analysis_set",
                "delivery", "timepoint", "months_band", "arm", "definition_class",
            )
        )
    }  # fmt: skip
    found = amended.execute("select analysis_id from dim_analyses where is_whole_condition")
    assert {row[0] for row in found.fetchall()} == whole


@pytest.mark.parametrize("name", ONE_RESULT)
def test_a_trial_told_by_one_statistic_is_the_same_everywhere(amended, name):
    j = math.exp(math.lgamma(DF / 2) - math.lgamma((DF - 1) / 2)) / math.sqrt(DF / 2)
    g = j * T_VALUE * math.sqrt(1 / 30 + 1 / 31)
    v = 1 / 30 + 1 / 31 + g**2 / (2 * 61)
    assert (g, v) == pytest.approx((0.632, 0.0689), abs=5e-4)
    [beside] = amended.execute(
        "select yi_smd, vi_smd, status, conversion_path from fct_trial_effects "
        "where comparison_id = ?",
        [f"T_{name}"],
    ).fetchall()
    [pooled] = amended.execute(
        "select yi, vi, is_member, conversion_path from fct_trial_pool_members "
        "where comparison_id = ? and rule_id = 'every_row'",
        [f"T_{name}"],
    ).fetchall()
    assert beside[:2] == pytest.approx((g, v), rel=1e-9)
    assert beside[2] == "ok"
    assert pooled == (*beside[:2], True, beside[3])


@pytest.mark.parametrize(
    ("name", "reason"),
    [("sign", "no complete set of: means"), ("spread", "impossible: A standard deviation of 0")],
)
def test_a_trial_without_an_effect_has_the_same_reason_everywhere(amended, name, reason):
    [(status,)] = amended.execute(
        "select status from fct_trial_effects where comparison_id = ?", [f"T_{name}"]
    ).fetchall()
    assert status.startswith(reason)
    assert amended.execute(
        "select distinct is_member, exclusion_reason from fct_trial_pool_members "
        "where comparison_id = ?",
        [f"T_{name}"],
    ).fetchall() == [(False, status)]
