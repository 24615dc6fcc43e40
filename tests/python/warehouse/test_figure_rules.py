"""What figures say of their numbers is decided in SQL: each verdict against the rule, by hand."""

from __future__ import annotations

from statistics import NormalDist

import pytest
from scipy.stats import t as student

pytestmark = pytest.mark.build
LEVEL = 0.05
FEWEST = 10


def rows(con, query: str) -> list[tuple]:
    found = con.execute(query).fetchall()
    assert found
    return found


def side_of(low: float | None, high: float | None, null: float) -> str | None:
    if low is None:
        return None
    return "above" if low > null else "below" if high < null else "neither"


@pytest.mark.parametrize(
    ("lines", "null"),
    [
        (
            "rpt_forest inner join reports.rpt_figures using (figure_id)",
            "if(is_log_scale, 1.0, 0.0)",
        ),
        ("rpt_headline", "0.0"),
    ],
)
def test_an_interval_favours_a_side_where_it_excludes_no_effect(shipped, lines, null):
    found = rows(shipped, f"select ci_low, ci_high, {null}, side from reports.{lines}")
    assert {side for *_, side in found} >= {"above", "neither"}
    for low, high, no_effect, side in found:
        assert side == side_of(low, high, no_effect)


def test_blocks_differ_below_the_level_of_the_policy(shipped):
    found = rows(shipped, "select row_kind, q_p, is_significant from reports.rpt_forest")
    for kind, p, is_significant in found:
        assert is_significant == (p < LEVEL if kind == "difference" else None)
    assert {is_significant for *_, is_significant in found} == {True, False, None}


def test_the_test_of_the_overall_effect_is_that_of_its_interval(shipped):
    found = rows(
        shipped,
        "select tests.statistic, tests.statistic_df, tests.p_value, pooled.side, "
        "tests.k_with_n_trials <= tests.k and tests.k_with_size <= tests.k "
        "from reports.rpt_forest as tests inner join reports.rpt_forest as pooled "
        "using (figure_id, block_id) "
        "where tests.row_kind = 'heterogeneity' and pooled.row_kind = 'pooled' "
        "and tests.statistic is not null",
    )
    for statistic, df, p, side, is_within in found:
        assert p == pytest.approx(2 * student.sf(abs(statistic), df), rel=1e-9)
        assert (p < LEVEL) == (side != "neither")
        assert is_within
    assert {side for *_, side, _ in found} >= {"above", "neither"}


def test_a_single_result_is_a_published_one(shipped):
    found = rows(shipped, "select row_kind, k, is_single_result from reports.rpt_forest")
    assert all(is_single == (kind == "published" and k == 1) for kind, k, is_single in found)
    assert any(is_single for *_, is_single in found)


def test_funnels_are_asymmetric_below_the_level_and_tested_from_ten_on(shipped):
    found = rows(
        shipped,
        "select egger_p, is_asymmetric, egger_smd_status, egger_smd_p, is_smd_asymmetric, "
        "egger_smd_k, is_smd_tested, level from reports.rpt_funnel_summary",
    )
    for p, is_asymmetric, status, smd_p, is_smd_asymmetric, k, is_tested, level in found:
        assert level == LEVEL
        assert is_asymmetric == (p < LEVEL)
        assert is_smd_asymmetric == (None if smd_p is None else smd_p < LEVEL)
        assert is_tested == (status == "ok" and k >= FEWEST)
    assert {row[6] for row in found} == {True, False}


def test_contours_and_pseudo_limits_stand_where_their_p_is(shipped):
    found = rows(shipped, "select p_value, z from reports.rpt_funnel_contours order by p_value")
    assert [p for p, _ in found] == [0.01, LEVEL, 0.1]
    for p, z in found:
        assert z == pytest.approx(NormalDist().inv_cdf(1 - p / 2), rel=1e-14)
    limits = rows(shipped, "select distinct pseudo_limit_z from reports.rpt_funnel_summary")
    assert limits == [(found[1][1],)]


def test_points_of_a_funnel_against_no_effect_and_against_the_pool(shipped):
    found = rows(
        shipped,
        "select points.p_value, is_significant, points.estimate, pools.estimate, is_above_pool "
        "from reports.rpt_funnel as points "
        "inner join reports.rpt_funnel_summary as pools on points.figure_id = pools.figure_id",
    )
    for p, is_significant, estimate, pooled, is_above in found:
        assert is_significant == (p < LEVEL)
        assert is_above == (estimate > pooled)


def test_a_figure_across_conditions_shows_its_outcome_or_what_has_none(shipped):
    found = rows(shipped, "select distinct outcome, overview_figure_id from reports.rpt_dropout")
    assert set(found) == {
        ("dropout", "dropout"), ("adherence", "adherence"), ("completion", "adherence"),
    }  # fmt: skip


def test_answers_are_counted_by_item(shipped):
    found = rows(
        shipped,
        "select n_yes, n_answered, list(answer order by answer) from reports.rpt_quality_items "
        "group by tool, item, n_yes, n_answered",
    )
    for n_yes, n_answered, answers in found:
        given = [answer for answer in answers if answer is not None]
        assert (n_yes, n_answered) == (given.count("yes"), len(given))


def test_what_a_criterion_withholds_is_what_it_is_said_to_withhold(shipped):
    found = rows(shipped, "select effect_on_grade, withholds from reports.rpt_grade_criteria")
    for effect, withheld in found:
        assert (f"withholds {withheld}" == effect) == (withheld is not None)
        assert effect.startswith("withholds ") == (withheld is not None)
