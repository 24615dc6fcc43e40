"""Of related meta-analyses one enters a result; other choices."""

from __future__ import annotations

import pytest

from tests.python.warehouse import independent_pools

pytestmark = pytest.mark.build

OTHER_CHOICES = {
    "all_of_related": {"related": "both"},
    "other_of_related": {"related": "other"},
    "all_with_parallel_pools": {"main_scopes": ("overall", "parallel")},
}
MEMBERS_OF = (
    "select list(meta_analysis_id order by meta_analysis_id) from fct_analysis_members "
    "where analysis_id = ? and policy_id = 'recommended' and is_member"
)


def test_an_update_is_pooled_without_what_it_updates(shipped):
    [members] = shipped.execute(MEMBERS_OF, ["depression"]).fetchone()
    assert "Twomey2020" in members
    assert "Twomey2017" not in members
    reason = shipped.execute(
        "select reason from fct_row_dispositions where row_id = 'Twomey2017_01'"
    ).fetchone()
    assert reason == ("is updated by Twomey2020, which enters",)


def test_no_result_pools_two_of_which_one_enters(shipped):
    found = shipped.execute(
        "select count(*), sum(n_analyses_with_both), sum(n_analyses_pooling_both) "
        "from fct_related_meta_analyses where entering_id is not null"
    ).fetchone()
    assert found == (12, 16, 0)


@pytest.mark.parametrize("selection_rule", OTHER_CHOICES)
@pytest.mark.parametrize("analysis_id", ["depression", "anxiety", "addiction"])
def test_other_choices_equal_a_second_pooling(shipped, shipped_sheets, analysis_id, selection_rule):
    analysis = next(
        row
        for row in independent_pools.rows(shipped_sheets, "protocol/analyses")
        if row["analysis_id"] == analysis_id
    )
    members = independent_pools.members(analysis, shipped_sheets, **OTHER_CHOICES[selection_rule])
    expected = independent_pools.dersimonian_laird(list(members.values()))
    k, estimate, low, high = shipped.execute(
        "select k, estimate, ci_low, ci_high from fct_selection_sensitivity "
        "where analysis_id = ? and selection_rule = ? and policy_id = 'seed_paper'",
        [analysis_id, selection_rule],
    ).fetchone()
    assert k == len(members)
    assert [estimate, low, high] == pytest.approx(
        [expected[name] for name in ("estimate", "ci_low", "ci_high")], abs=1e-10
    )


def test_related_ones_that_are_both_pooled_share_their_trials(shipped):
    """All eight trials of the smaller one, of twelve: 8 / sqrt(8 * 12)."""
    found = shipped.execute(
        "select n_shared, correlation_source, correlation "
        "from intermediate.int_overlap_correlations "
        "where effect_id = 'Twomey2017_01' and other_effect_id = 'Twomey2020_01'"
    ).fetchone()
    assert found == (8, "relation", pytest.approx(8 / 96**0.5, abs=1e-15))


def test_a_pool_by_control_stands_for_no_condition(shipped):
    found = shipped.execute(
        "select effect_id, exclusion_reason from fct_analysis_members "
        "where analysis_id = 'depression' and policy_id = 'recommended' "
        "and meta_analysis_id = 'Kohnen2021' order by effect_id"
    ).fetchall()
    assert found == [
        ("Kohnen2021_01", "one of several pools by control: Kohnen2021_03 goes first"),
        ("Kohnen2021_02", "one of several pools by control: Kohnen2021_03 goes first"),
        ("Kohnen2021_03", "one of several pools by control, with none over all"),
    ]


def test_reported_certainty_keeps_what_meta_analyses_say(shipped):
    found = shipped.execute(
        "select rating, tool, is_rated_by_source from fct_reported_certainty "
        "where effect_id = 'Lewis2018cochrane_01'"
    ).fetchall()
    assert found == [("very_low", "grade", True)]
