"""Which rates are those of an intervention, and what a sentence about one must say."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.build


def test_an_adjusted_rate_is_no_rate_of_its_meta_analysis(shipped):
    """Torous 2020 prints 26.2 %, and 47.8 % after an adjustment for publication bias."""
    (restricted,) = shipped.execute(
        "select count(*) from fct_rates where restriction is not null"
    ).fetchone()
    assert restricted > 0
    assert shipped.execute(
        "select distinct exclusion_reason from fct_analysis_members inner join fct_rates "
        "on effect_id = rate_id where restriction is not null"
    ).fetchall() == [("restricted row: adjusted for publication bias",)]
    ranges = shipped.execute(
        """
        select pooled.range_high_rate,
            max(
                coalesce(
                    if(rates.interval_kind = 'range', rates.percent_high, null), rates.percent
                )
            )
        from fct_pooled_rates as pooled
        inner join fct_analysis_members as members using (analysis_id, policy_id)
        inner join fct_rates as rates on members.effect_id = rates.rate_id
        where policy_id = 'recommended' and rates.restriction is null
        group by pooled.analysis_id, pooled.range_high_rate
        """
    ).fetchall()
    assert all(high is None or high <= largest for high, largest in ranges)


def test_counts_of_whole_samples_are_not_those_of_an_intervention(shipped):
    """Ilagan 2020 prints one number for both arms of four controlled trials."""
    rows = shipped.execute(
        "select rate_id, arm from fct_rates where source_sheet = 'primary_studies' "
        "and meta_analysis_id = 'Ilagan2020'"
    ).fetchall()
    both = {rate for rate, arm in rows if arm == "both"}
    assert both == {"PS1012", "PS1013", "PS1014", "PS1016"}
    members = shipped.execute(
        "select effect_id, is_member, exclusion_reason from fct_analysis_members "
        "where policy_id = 'recommended' and source_sheet = 'primary_studies' "
        "and analysis_id = 'dropout_personality_disorder_trials'"
    ).fetchall()
    assert {effect for effect, is_member, _ in members if is_member} == {"PS1015", "PS1017"}
    assert {reason for effect, _, reason in members if effect in both} == {"arm: both"}


def test_a_rate_in_words_has_its_interval(shipped):
    rows = shipped.execute(
        "select finding, estimate, ci_low, ci_high from reports.rpt_findings "
        "where measure = 'percent' and estimate is not null"
    ).fetchall()
    assert rows
    for finding, *numbers in rows:
        found = re.search(r"about (\d+) in 100 \(95% interval (\d+) to (\d+)\)\.", finding)
        assert [float(text) for text in found.groups()] == pytest.approx(numbers, abs=0.5)
