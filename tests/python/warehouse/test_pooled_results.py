"""Every analysis of the shipped sheets against a recomputation that shares no code with it."""

from __future__ import annotations

import csv
import math

import pytest

from tests.python.conftest import ROOT
from tests.python.warehouse import independent_pools

pytestmark = pytest.mark.build

with (ROOT / "seeds/protocol/analyses.csv").open(encoding="utf-8", newline="") as file:
    DECLARED = {row["analysis_id"]: row for row in csv.DictReader(file)}
ANALYSES = {
    key: row
    for key, row in DECLARED.items()
    if row["scale"] != "logit" and row["selection_rule"] == "all"
}
RATES = {key: row for key, row in DECLARED.items() if row["scale"] == "logit"}


def found(connection, analysis_id: str) -> dict:
    cursor = connection.execute(
        "select * from fct_pooled_effects where analysis_id = ? and policy_id = 'seed_paper'",
        [analysis_id],
    )
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


@pytest.mark.parametrize("analysis_id", ANALYSES)
def test_members_and_seed_paper_result_equal_the_independent_ones(
    shipped, shipped_sheets, analysis_id
):
    expected = independent_pools.members(ANALYSES[analysis_id], shipped_sheets)
    rows = shipped.execute(
        "select effect_id, yi, vi from fct_analysis_members "
        "where analysis_id = ? and policy_id = 'seed_paper' and is_member",
        [analysis_id],
    ).fetchall()
    assert {effect_id for effect_id, _, _ in rows} == set(expected)
    for effect_id, yi, vi in rows:
        assert (yi, vi) == pytest.approx(expected[effect_id], rel=1e-12)
    result = found(shipped, analysis_id)
    assert result["k"] == len(expected)
    if len(expected) > 1:
        pooled = independent_pools.dersimonian_laird(list(expected.values()))
        assert {name: result[name] for name in pooled} == pytest.approx(
            pooled, rel=1e-10, abs=1e-14
        )


@pytest.mark.parametrize("analysis_id", RATES)
def test_pooled_rates_equal_the_independent_ones(shipped, shipped_sheets, analysis_id):
    expected = independent_pools.rate_members(RATES[analysis_id], shipped_sheets)
    k, status, logit, low, high, tau2 = shipped.execute(
        "select k, status, estimate, ci_low_rate, ci_high_rate, tau2 "
        "from fct_pooled_rates where analysis_id = ? and policy_id = 'seed_paper'",
        [analysis_id],
    ).fetchone()
    assert k == len(expected)
    if k > 1:
        pooled = independent_pools.dersimonian_laird(list(expected.values()))
        limits = [100 / (1 + math.exp(-pooled[end])) for end in ("ci_low", "ci_high")]
        assert [logit, tau2, low, high] == pytest.approx(
            [pooled["estimate"], pooled["tau2"], *limits], rel=1e-10, abs=1e-14
        )
    elif k == 1:
        assert (status, logit) == (
            "single_study",
            pytest.approx(*[y for y, _ in expected.values()]),
        )


def test_most_analyses_have_data(shipped):
    """The comparison above would pass on an empty warehouse, too."""
    n = "select count(*) from fct_pooled_effects where policy_id = 'recommended' and k > 1"
    assert shipped.execute(n).fetchone()[0] >= 28


def test_a_single_meta_analysis_keeps_the_limits_it_reports(shipped):
    result = found(shipped, "response_depression")
    limits = [result[name] for name in ("ratio", "ratio_ci_low", "ratio_ci_high")]
    assert result["status"] == "single_study"
    assert limits == pytest.approx([2.49, 2.17, 2.85], rel=1e-12)


def test_an_analysis_without_data_says_so(shipped):
    result = found(shipped, "therapy_psychodynamic")
    assert (result["status"], result["k"], result["estimate"]) == ("no_data", 0, None)


def test_policies_differ_where_they_should(shipped):
    estimate = dict(
        shipped.execute(
            "select policy_id, ci_high - ci_low from fct_pooled_effects "
            "where analysis_id = 'anxiety'"
        ).fetchall()
    )
    assert estimate["common_effect"] < estimate["seed_paper"] < estimate["recommended"]


def test_the_cox_policy_changes_converted_odds_ratios_only(shipped):
    rows = shipped.execute(
        """
        select effects.measure, max(abs(cox.yi / base.yi - 1))
        from fct_analysis_members as base
        inner join fct_analysis_members as cox using (analysis_id, effect_id)
        inner join fct_effects as effects using (effect_id)
        where base.policy_id = 'recommended' and cox.policy_id = 'cox_conversion'
            and base.source_sheet = 'reported_effects'
            and effects.outcome = 'symptom' and base.yi != 0
        group by effects.measure
        """
    ).fetchall()
    changed = {measure for measure, change in rows if change and change > 1e-12}
    assert changed <= {"odds_ratio", "log_odds_ratio"}


def test_crude_dropout_is_the_sum_of_the_trials(shipped):
    row = shipped.execute(
        "select events, total, crude_rate, crude_ci_low_rate, crude_ci_high_rate "
        "from fct_pooled_rates where pooled_id = 'dropout_personality_disorder_trials:recommended'"
    ).fetchone()
    # R: binom.test(15, 57)$conf.int; the numbers of four other trials are those of both arms.
    assert row == pytest.approx(
        (15, 57, 100 * 15 / 57, 15.5384750362965, 39.6627462789263), rel=1e-12
    )
