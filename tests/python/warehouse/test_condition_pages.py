"""What the pages of the conditions show, against R and against the rows it comes from."""

from __future__ import annotations

import json

import pytest

from tests.python.conftest import ROOT

pytestmark = pytest.mark.build

GOLDEN = json.loads((ROOT / "tests/data/asymmetry/shipped.json").read_text(encoding="utf-8"))
FROM_R = GOLDEN["analyses"]


@pytest.mark.parametrize("analysis_id", FROM_R)
def test_asymmetry_is_what_metafor_finds(shipped, analysis_id):
    """Of the members that the golden values were made from."""
    members = shipped.execute(
        "select effect_id, yi from fct_analysis_members "
        "where analysis_id = ? and policy_id = 'independent' and is_member",
        [analysis_id],
    ).fetchall()
    assert dict(members) == pytest.approx(FROM_R[analysis_id]["members"])
    expected = FROM_R[analysis_id]["values"]
    found = shipped.execute(
        f"select {', '.join(expected)} from fct_small_study_effects "
        "where analysis_id = ? and policy_id = 'independent'",
        [analysis_id],
    ).fetchone()
    for value, wanted in zip(found, expected.values(), strict=True):
        # metafor's REML stops at 1e-5 of tau2.
        assert value == (wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=2e-6))


def test_grades_and_funnels_rest_on_the_same_test(shipped):
    pairs = shipped.execute(
        "select tests.egger_p, fits.egger.p_value from fct_small_study_effects as tests "
        "inner join intermediate.int_grading_fits as fits "
        "on tests.analysis_id = fits.analysis_id and fits.policy_id = 'recommended' "
        "where tests.policy_id = 'independent'"
    ).fetchall()
    assert len(pairs) > 20
    assert all(one == other for one, other in pairs)


def test_a_funnel_holds_the_members_and_what_is_filled_in(shipped):
    rows = shipped.execute(
        "select summary.k, summary.filled_k, count_if(point_kind = 'meta_analysis'), "
        "count_if(point_kind = 'filled') from reports.rpt_funnel_summary as summary "
        "inner join reports.rpt_funnel as points on summary.figure_id = points.figure_id "
        "group by summary.figure_id, summary.k, summary.filled_k"
    ).fetchall()
    assert len(rows) == 6
    assert all(k == points and filled == drawn for k, filled, points, drawn in rows)


def test_what_is_not_drawn_says_why(shipped):
    found = shipped.execute(
        "select figure_id, condition, reason from reports.rpt_figures_not_drawn"
    ).fetchall()
    assert ("funnel_ocd", "ocd", "Two meta-analyses: a funnel plot needs at least three.") in found
    assert (
        "leave_one_out_personality_disorder",
        "personality_disorder",
        "No meta-analysis of this extraction can be pooled here: leaving one out needs at least "
        "two.",
    ) in found
    declared = shipped.execute("select count(*) from dim_figures").fetchone()[0]
    drawn = shipped.execute("select count(*) from reports.rpt_figures").fetchone()[0]
    assert declared == drawn + len(found)


def test_a_line_without_a_meta_analysis_is_that_of_the_mart(shipped):
    rows = shipped.execute(
        "select lines.estimate, lines.ci_low, lines.change, omitted.estimate, omitted.ci_low, "
        "omitted.change from reports.rpt_leave_one_out as lines "
        "left join fct_leave_one_out as omitted on lines.analysis_id = omitted.analysis_id "
        "and lines.effect_id = omitted.omitted_effect_id "
        "and omitted.policy_id = 'recommended' where lines.row_kind = 'omitted'"
    ).fetchall()
    assert len(rows) == 39 + 28 + 7 + 9 + 3 + 11 + 2
    assert all(row[:3] == row[3:] for row in rows)


def test_every_candidate_is_a_member_or_says_why_not(shipped):
    missing = shipped.execute(
        "select count(*) from fct_analysis_members as members "
        "inner join dim_analyses as analyses on members.analysis_id = analyses.analysis_id "
        "left join reports.rpt_members as shown on members.analysis_id = shown.analysis_id "
        "and members.effect_id = shown.effect_id "
        "where analyses.analysis_group = 'condition' and members.policy_id = 'recommended' "
        "and (shown.effect_id is null or shown.is_member != members.is_member "
        "or shown.is_member != (shown.reason is null) or shown.source_locator is null)"
    ).fetchone()[0]
    assert missing == 0
    weights = shipped.execute(
        "select condition, sum(weight_percent), count(*) from reports.rpt_members "
        "where is_member group by condition"
    ).fetchall()
    assert len(weights) == 7
    assert all(total == pytest.approx(100) for _, total, _ in weights)


def test_words_hold_no_codes(shipped):
    codes = shipped.execute(
        "select distinct reason from reports.rpt_members "
        "where regexp_matches(reason, '[a-z]_[a-z]') "
        "union select distinct conversion from reports.rpt_members where "
        "regexp_matches(conversion, '[a-z]_[a-z]')"
    ).fetchall()
    assert codes == []


def test_figures_know_their_condition(shipped):
    found = dict(shipped.execute("select figure_id, condition from reports.rpt_figures").fetchall())
    assert found["forest_severity"] == "depression"
    assert found["forest_guidance_cannabis"] == "addiction"
    assert found["forest_response_or"] is None
    assert found["dropout"] is None
    assert found["dropout_depression"] == "depression"
