"""Robustness of the shipped results against recomputations that share no code with the models."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from itertools import combinations
from statistics import NormalDist, fmean

import pytest

import python_udfs
from tests.python.conftest import ROOT
from tests.python.warehouse import independent_pools

pytestmark = pytest.mark.build

with (ROOT / "seeds/protocol/analyses.csv").open(encoding="utf-8", newline="") as file:
    ANALYSES = {
        row["analysis_id"]: row
        for row in csv.DictReader(file)
        if row["scale"] != "logit" and row["selection_rule"] == "all"
    }
POOLED_TWICE = ["depression", "anxiety", "ptsd", "addiction", "stress", "suicidal_ideation"]
SPECIFICATION = """
    select estimate, ci_low, ci_high, k from fct_multiverse
    where analysis_id = ? and selection_rule = 'all' and one_effect_rule = 'main_pool'
        and exclusion = ? and or_to_smd_rule = 'hasselblad_hedges'
        and overlap_handling = 'none' and tau2_method = 'DL' and ci_method = 'z'
"""


def dersimonian_laird(values):
    pooled = independent_pools.dersimonian_laird(values)
    return pytest.approx([pooled["estimate"], pooled["ci_low"], pooled["ci_high"]], rel=1e-9)


@pytest.mark.parametrize("analysis_id", POOLED_TWICE)
def test_leaving_one_out_is_pooling_the_others(shipped, shipped_sheets, analysis_id):
    members = independent_pools.members(ANALYSES[analysis_id], shipped_sheets)
    rows = shipped.execute(
        "select omitted_effect_id, estimate, ci_low, ci_high from fct_leave_one_out "
        "where analysis_id = ? and policy_id = 'seed_paper'",
        [analysis_id],
    ).fetchall()
    assert {row[0] for row in rows} == set(members)
    for omitted, *numbers in rows:
        others = [value for effect_id, value in members.items() if effect_id != omitted]
        assert numbers == dersimonian_laird(others)


@pytest.mark.parametrize("analysis_id", POOLED_TWICE)
def test_a_ceiling_widens_what_is_surer_than_it(shipped, shipped_sheets, analysis_id):
    members = independent_pools.members(ANALYSES[analysis_id], shipped_sheets)
    rows = shipped.execute(
        "select ceiling, estimate, ci_low, ci_high from fct_credibility_ceilings "
        "where analysis_id = ? and policy_id = 'seed_paper'",
        [analysis_id],
    ).fetchall()
    assert [row[0] for row in rows] == [0, 0.05, 0.1, 0.15, 0.2]
    for ceiling, *numbers in rows:
        z = NormalDist().inv_cdf(1 - ceiling) if ceiling else math.inf
        widened = [(yi, max(vi, (yi / z) ** 2)) for yi, vi in members.values()]
        assert numbers == dersimonian_laird(widened)


@pytest.mark.parametrize("analysis_id", POOLED_TWICE)
def test_exclusions_of_the_multiverse_leave_the_right_rows(shipped, shipped_sheets, analysis_id):
    members = independent_pools.members(ANALYSES[analysis_id], shipped_sheets)
    effects = {row["effect_id"]: row for row in independent_pools.effects_in_force(shipped_sheets)}
    kinds = {
        row["meta_analysis_id"]: row["source_kind"]
        for row in independent_pools.rows(shipped_sheets, "extraction/meta_analyses")
    }
    kept = {
        "none": members,
        "not_full_text": {
            key: value
            for key, value in members.items()
            if kinds[effects[key]["meta_analysis_id"]] == "full_text"
        },
    }
    for exclusion, left in kept.items():
        *numbers, k = shipped.execute(SPECIFICATION, [analysis_id, exclusion]).fetchone()
        assert k == len(left)
        if k > 1:
            assert numbers == dersimonian_laird(list(left.values()))


def test_every_combination_is_computed_once(shipped):
    with (ROOT / "seeds/protocol/multiverse_choices.csv").open(encoding="utf-8") as file:
        choices = [row["choice"] for row in csv.DictReader(file)]
    # No analysis of the shipped review has converted effects: that is no choice then.
    choices = [choice for choice in choices if choice != "converted_effects"]
    n = math.prod(choices.count(choice) for choice in set(choices))
    columns = ", ".join(sorted(set(choices)))
    rows = shipped.execute(
        f"select max(k) > 1, count(*), count(distinct ({columns})), count_if(is_prespecified) "
        "from fct_multiverse group by analysis_id"
    ).fetchall()
    assert {row[1:] for row in rows if row[0]} == {(n, n, 1)}
    alone = {row[1:] for row in rows if not row[0]}
    assert alone == {(size, size, 1) for size, *_ in alone}
    assert max(size for size, *_ in alone) < n / 100
    assert shipped.execute("select count(converted_effects) from fct_multiverse").fetchone() == (0,)


@pytest.fixture(scope="module")
def alone(shipped_connection) -> list[tuple]:
    """Specifications of analyses none of which pools two meta-analyses."""
    return (
        shipped_connection.cursor()
        .execute(
            "select analysis_id, exclusion, one_effect_rule, selection_rule, or_to_smd_rule, "
            "overlap_handling, tau2_method, ci_method, "
            "(status, k, estimate, ci_low, ci_high, effect_ids) "
            "from fct_multiverse inner join fct_multiverse_sets using (analysis_id, member_set) "
            "qualify max(k) over (partition by analysis_id) < 2"
        )
        .fetchall()
    )


def test_a_single_meta_analysis_has_only_choices_that_change_it(alone):
    results = defaultdict(list)
    for analysis, *choices, result in alone:
        results[analysis].append((choices, result))
    assert len(results) > 50
    for rows in results.values():
        for place in range(7):
            others = defaultdict(set)
            for choices, result in rows:
                others[tuple(choices[:place] + choices[place + 1 :])].add(str(result))
            is_choice = rows[0][0][place] is not None
            assert is_choice == any(len(found) > 1 for found in others.values()), rows


def test_a_single_meta_analysis_keeps_every_result_that_choices_can_give(alone, shipped):
    """Which rows may stand for it, by the candidates: none of them is lost with the repeats."""
    found = {(row[0], *(row[-1][-1] or ())) for row in alone}
    kept = shipped.execute(
        "select analysis_id, effect_id from intermediate.int_multiverse_rows "
        "where analysis_id in (select unnest(?)) and exclusion = 'none'",
        [[row[0] for row in alone]],
    ).fetchall()
    assert set(kept) <= found


def test_flagged_rows_are_out_where_they_are_excluded(shipped):
    flagged = shipped.execute(
        "select count(*) from fct_multiverse inner join fct_multiverse_sets "
        "using (analysis_id, member_set), unnest(effect_ids) as t(effect_id) "
        "inner join fct_effects using (effect_id) "
        "where exclusion = 'flagged' and len(flags) > 0"
    ).fetchone()[0]
    kept = shipped.execute(
        "select count(*) from fct_multiverse inner join fct_multiverse_sets "
        "using (analysis_id, member_set), unnest(effect_ids) as t(effect_id) "
        "inner join fct_effects using (effect_id) where exclusion = 'none' and len(flags) > 0"
    ).fetchone()[0]
    assert (flagged, kept > 0) == (0, True)


@pytest.mark.parametrize("analysis_id", POOLED_TWICE)
def test_shares_of_the_summary_are_counted_over_the_specifications(shipped, analysis_id):
    estimates = shipped.execute(
        "select estimate, side, cohen_band, is_prespecified from fct_multiverse "
        "where analysis_id = ? and estimate is not null",
        [analysis_id],
    ).fetchall()
    chosen = next(row for row in estimates if row[3])
    shares = [
        fmean((row[0] > 0) == (chosen[0] > 0) for row in estimates),
        fmean(row[1] == chosen[1] for row in estimates),
        fmean(row[2] == chosen[2] for row in estimates),
    ]
    found = shipped.execute(
        "select share_same_sign, share_same_side, share_same_band "
        "from fct_multiverse_summary where analysis_id = ?",
        [analysis_id],
    ).fetchone()
    assert list(found) == pytest.approx(shares, rel=1e-12)


@pytest.mark.parametrize("analysis_id", POOLED_TWICE)
def test_concordance_counts_meta_analyses_and_pairs(shipped, shipped_sheets, analysis_id):
    members = independent_pools.members(ANALYSES[analysis_id], shipped_sheets)
    pairs = list(combinations(members.values(), 2))
    same = fmean((a[0] > 0) == (b[0] > 0) for a, b in pairs)
    found = shipped.execute(
        "select k, n_estimates_above, n_pairs, share_same_direction from fct_concordance "
        "where analysis_id = ?",
        [analysis_id],
    ).fetchone()
    towards = sum(yi > 0 for yi, _ in members.values())
    assert found == (len(members), towards, len(pairs), pytest.approx(same))


def test_a_single_study_has_one_interval(shipped):
    """The one that is left of two has the limits that it has as the only one: the reported ones."""
    rows = shipped.execute(
        """
        select left_out.ci_low, left_out.ci_high, members.ci_low, members.ci_high
        from fct_leave_one_out as left_out
        inner join intermediate.int_analysis_candidates as members
            on left_out.analysis_id = members.analysis_id and members.is_member
            and left_out.omitted_effect_id != members.effect_id
        where left_out.status = 'single_study' and left_out.policy_id = 'recommended'
        """
    ).fetchall()
    assert rows
    assert all(row[:2] == row[2:] for row in rows)


def test_the_last_year_is_the_result_and_the_first_member_its_own(shipped):
    rows = shipped.execute(
        "select years.step = max(years.step) over (partition by years.analysis_id), years.step, "
        "years.k, [years.estimate, years.ci_low, years.ci_high], "
        "pooled.k, [pooled.estimate, pooled.ci_low, pooled.ci_high], "
        "[members.yi, members.ci_low, members.ci_high] "
        "from fct_cumulative as years inner join fct_pooled_effects as pooled "
        "using (analysis_id, policy_id) left join fct_analysis_members as members "
        "on years.analysis_id = members.analysis_id and years.policy_id = members.policy_id "
        "and years.k = 1 and years.added_effect_ids[1] = members.effect_id"
    ).fetchall()
    assert sum(row[0] for row in rows) == 7, "one for each headline that pools"
    for is_last, step, k, result, k_of_all, of_all, own in rows:
        if is_last:
            assert (k, result) == (k_of_all, of_all)
        if k == 1:
            assert step == 1
            assert result == own


def test_no_year_and_no_cell_of_too_few_members_has_a_verdict(shipped):
    """The sheet pool_size_bands withholds it from two."""
    for query, expected in (
        ("select k = 2, side is null and is_side_settled is null from fct_cumulative", 2),
        ("select k = 2, side is null from reports.rpt_evidence_map where k > 1", 2),
    ):
        found = shipped.execute(query).fetchall()
        assert len(set(found)) == expected, query
        assert all(is_few == is_withheld for is_few, is_withheld in found), query
    [(settled,)] = shipped.execute(
        "select bool_and(is_side_settled) from fct_cumulative where analysis_id = 'depression'"
    ).fetchall()
    assert settled, "a year of two, whose interval is too wide to say anything, is left out"


def test_years_of_independent_members_are_those_of_the_golden_function(shipped_database):
    """`cumulative` is held to metafor's cumul; no two members of these share trials."""
    with python_udfs.connect(shipped_database) as connection:
        found = connection.execute(
            "with members as (select analysis_id, meta_analyses.year, yi, vi "
            "from fct_analysis_members as members inner join dim_meta_analyses as meta_analyses "
            "using (meta_analysis_id) inner join fct_pooled_effects as pooled "
            "using (analysis_id, policy_id) where policy_id = 'recommended' and is_member "
            "and n_pairs_sharing = 0 and analysis_id in (select analysis_id from fct_cumulative)), "
            "fits as (select analysis_id, list(year order by year, yi) as years, "
            "cumulative(list(yi order by year, yi), list(vi order by year, yi), "
            "{'tau2_method': 'REML', 'ci_method': 'HK_adhoc'}) as fit "
            "from members group by analysis_id), "
            "steps as (select analysis_id, unnest(years) as year, "
            "unnest(fit.estimate) as estimate, "
            "unnest(fit.tau2) as tau2, generate_subscripts(years, 1) as k from fits) "
            "select years.estimate, steps.estimate, years.tau2, steps.tau2 "
            "from fct_cumulative as years inner join steps using (analysis_id, year, k) "
            "where years.k > 1"
        ).fetchall()
    assert len(found) > 5
    for estimate, golden, tau2, golden_tau2 in found:
        assert estimate == pytest.approx(golden, rel=1e-8)
        assert tau2 == pytest.approx(golden_tau2, rel=1e-8, abs=1e-12)


def test_influence_follows_from_the_fits_without_each_member(shipped):
    """Viechtbauer and Cheung 2010, eq. 3, 6 and 7, from estimate and tau2 of the others."""
    rows = shipped.execute(
        "select measured.analysis_id, members.yi, members.vi, omitted.estimate, omitted.tau2, "
        "pooled.estimate, pooled.tau2, measured.rstudent, measured.cook_d, measured.hat, "
        "measured.dffits from fct_influence as measured "
        "inner join fct_analysis_members as members using (analysis_id, policy_id, effect_id) "
        "inner join fct_pooled_effects as pooled using (analysis_id, policy_id) "
        "inner join fct_leave_one_out as omitted "
        "on measured.analysis_id = omitted.analysis_id and measured.policy_id = omitted.policy_id "
        "and measured.effect_id = omitted.omitted_effect_id where measured.k > 2"
    ).fetchall()
    assert len(rows) == 39 + 28 + 7 + 9 + 3 + 11
    for analysis, y, v, mu_i, tau2_i, mu, tau2, rstudent, cook, hat, dffits in rows:
        variances = [row[2] for row in rows if row[0] == analysis]
        weight = sum(1 / (other + tau2) for other in variances)
        left = sum(1 / (other + tau2_i) for other in variances) - 1 / (v + tau2_i)
        assert hat == pytest.approx(1 / (v + tau2) / weight, rel=1e-6)
        assert cook == pytest.approx((mu - mu_i) ** 2 * weight, rel=1e-5, abs=1e-9)
        assert rstudent == pytest.approx((y - mu_i) / math.sqrt(v + tau2_i + 1 / left), rel=1e-5)
        assert dffits == pytest.approx((mu - mu_i) / math.sqrt(hat * (v + tau2_i)), rel=1e-4)


def test_meta_regressions_are_weighted_least_squares_at_their_tau2(shipped):
    rows = shipped.execute(
        "select xs, yis, point_weights, slope, line_xs, line_estimates, line_ci_lows, "
        "line_ci_highs, k from fct_meta_regressions"
    ).fetchall()
    assert len(rows) == 7
    for xs, ys, weights, slope, line_xs, line, lows, highs, k in rows:
        assert k == len(xs) == len(ys) >= 10
        total = sum(weights)
        x_mean, y_mean = (
            sum(w * v for w, v in zip(weights, values, strict=True)) / total for values in (xs, ys)
        )
        spread = sum(w * (x - x_mean) ** 2 for w, x in zip(weights, xs, strict=True))
        both = sum(w * (x - x_mean) * (y - y_mean) for w, x, y in zip(weights, xs, ys, strict=True))
        assert slope == pytest.approx(both / spread, rel=1e-7)
        assert (line_xs[0], line_xs[-1]) == pytest.approx((min(xs), max(xs)), rel=1e-12)
        widths = []
        for x, estimate, low, high in zip(line_xs, line, lows, highs, strict=True):
            assert estimate == pytest.approx(y_mean + slope * (x - x_mean), rel=1e-6)
            widths.append((high - low) ** 2 / (1 / total + (x - x_mean) ** 2 / spread))
        assert widths == pytest.approx([widths[0]] * len(widths), rel=1e-6), "one factor for all"
