"""Few meta-analyses have no pooled verdict, defensible specifications count once, and single
trials are predicted beside the mean of a new meta-analysis."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as student

import python_udfs

pytestmark = pytest.mark.build

MEMBERS = (
    "select list(yi order by effect_id), list(vi order by effect_id) from fct_analysis_members "
    "where analysis_id = ? and policy_id = 'recommended' and is_member"
)


def test_a_pool_of_two_has_no_verdict_in_words(shipped):
    pairs = shipped.execute(
        "select analysis_id, pool_size, has_verdict from fct_pooled_effects "
        "where k = 2 and policy_id = 'recommended'"
    ).fetchall()
    assert len(pairs) > 1
    assert {row[1:] for row in pairs} == {("two", False)}
    said = shipped.execute(
        "select effect_text || summary_text from reports.rpt_conclusions where k = 2 "
        "union all select finding from reports.rpt_findings as findings "
        "inner join fct_pooled_effects as pooled using (analysis_id) "
        "where pooled.k = 2 and pooled.policy_id = 'recommended'"
    ).fetchall()
    assert len(said) > 1
    for (words,) in said:
        assert "too few for a pooled verdict" in words.lower()
        assert "no clear effect" not in words.lower()


def test_caution_goes_with_three_and_four(shipped):
    found = dict(
        shipped.execute(
            "select k, bool_and(few_members_text is not null) "
            "from reports.rpt_conclusions where k > 0 group by k"
        ).fetchall()
    )
    assert {k: has_caution for k, has_caution in found.items() if k in (2, 3, 4)}
    assert all(has_caution == (k in (2, 3, 4)) for k, has_caution in found.items())


def test_methods_of_few_members_are_those_of_their_members(shipped):
    """The common effect by hand; the Bayesian mean and interval on a grid of mu and tau."""
    rows = shipped.execute(
        "select analysis_id, "
        "max(struct_pack(e := estimate, l := ci_low, h := ci_high)) "
        "filter (method = 'common_effect') as common, "
        "max(struct_pack(e := estimate, l := ci_low, h := ci_high, p := p_positive)) "
        "filter (method = 'bayes') as bayes, max(prior_scale) "
        "from fct_few_members inner join dim_analyses using (analysis_id) "
        "where scale = 'smd' group by analysis_id"
    ).fetchall()
    assert len(rows) > 2
    for analysis_id, common, bayes, scale in rows:
        yis, vis = map(np.array, shipped.execute(MEMBERS, [analysis_id]).fetchone())
        weights = 1 / vis
        mean = (weights * yis).sum() / weights.sum()
        assert common["e"] == pytest.approx(mean, abs=1e-10)
        assert common["h"] == pytest.approx(
            mean + norm.ppf(0.975) / math.sqrt(weights.sum()), abs=1e-8
        )
        assert scale == pytest.approx(0.5 * math.sqrt(3) / math.pi)
        expected = posterior(yis, vis, scale)
        assert (bayes["e"], bayes["l"], bayes["h"], bayes["p"]) == pytest.approx(expected, abs=2e-3)


def posterior(yis, vis, scale):
    """Mean, 95% limits and share above zero of mu, flat, with a half-normal tau."""
    taus = np.linspace(0, 8 * scale, 4001)
    weights = 1 / (vis[:, None] + taus**2)
    total = weights.sum(axis=0)
    means = (weights * yis[:, None]).sum(axis=0) / total
    log_p = (
        0.5 * np.log(weights).sum(axis=0)
        - 0.5 * np.log(total)
        - 0.5 * (weights * (yis[:, None] - means) ** 2).sum(axis=0)
        - 0.5 * (taus / scale) ** 2
    )
    p = np.exp(log_p - log_p.max())
    p /= p.sum()

    def below(mu):
        return (norm.cdf((mu - means) * np.sqrt(total)) * p).sum()

    low, high = (brentq(lambda mu, q=q: below(mu) - q, -50, 50) for q in (0.025, 0.975))
    return (means * p).sum(), low, high, 1 - below(0)


def test_counted_results_are_the_different_ones_of_defensible_specifications(shipped):
    rows = shipped.execute(
        "select analysis_id, one_effect_rule, tau2_method, ci_method, k, estimate, ci_low, "
        "ci_high, side, doubtful_choice, max(tau2) over (partition by analysis_id, "
        "member_set, or_to_smd_rule, overlap_handling) "
        "from fct_multiverse inner join dim_analyses using (analysis_id) "
        "where analysis_group = 'condition'"
    ).fetchall()
    results: dict[str, set] = {}
    for analysis_id, rule, tau2_method, interval, k, *result, doubt, tau2 in rows:
        is_doubtful = (
            rule == "most_precise"
            or (tau2_method == "CE" and tau2 is not None and tau2 > 0)
            or (interval == "z" and k == 2)
        )
        assert (doubt is not None) == is_doubtful
        if k > 1 and not is_doubtful and result[-1] is not None:
            results.setdefault(analysis_id, set()).add(tuple(result))
    counted = shipped.execute(
        "select analysis_id, n_results, n_results_above, "
        "n_results_neither, n_results_below "
        "from fct_multiverse_summary where analysis_group = 'condition'"
    ).fetchall()
    assert sum(n for _, n, *_ in counted) > 100
    for analysis_id, n, *by_side in counted:
        found = results.get(analysis_id, set())
        assert n == len(found)
        sides = [sum(row[-1] == side for row in found) for side in
                 ("above", "neither", "below")]  # fmt: skip
        assert by_side == sides


def test_choices_are_ranked_by_one_measure(shipped):
    rows = shipped.execute(
        "select analysis_id, choice, difference_of_means, choice_rank, strongest_choice "
        "from fct_multiverse_choices inner join fct_multiverse_summary using (analysis_id) "
        "where difference_of_means is not null "
        "group by all order by analysis_id, choice_rank"
    ).fetchall()
    assert rows
    for (one, choice, shift, rank, strongest), other in zip(rows, [*rows[1:], None], strict=True):
        if rank == 1 and shift > 1e-12:
            assert strongest == choice
        if other is not None and other[0] == one:
            assert shift >= other[2]


def test_trials_reach_as_far_as_the_formula_says(shipped):
    rows = shipped.execute(
        "select analysis_id, k, estimate, k_with_i2, trial_pi_low, trial_pi_high, pi_low, pi_high "
        "from fct_trial_predictions "
        "inner join fct_pooled_effects using (analysis_id, policy_id, k, estimate) "
        "where policy_id = 'recommended'"
    ).fetchall()
    assert len(rows) > 5
    for analysis_id, k, estimate, n, low, high, pi_low, pi_high in rows:
        reported = shipped.execute(
            "select i2_reported, n_studies, vi from fct_analysis_members as members "
            "inner join intermediate.int_effects using (effect_id) "
            "where analysis_id = ? and policy_id = 'recommended' and is_member "
            "and n_studies > 1 and i2_reported is not null",
            [analysis_id],
        ).fetchall()
        assert n == len(reported)
        variance = sum(i2 / 100 * trials * vi for i2, trials, vi in reported) / n
        half = math.hypot((pi_high - pi_low) / 2, student.ppf(0.975, k - 1) * math.sqrt(variance))
        assert (low, high) == pytest.approx((estimate - half, estimate + half), abs=1e-8)
        assert low <= pi_low
        assert high >= pi_high


def test_the_formula_is_exact_for_trials_of_one_size():
    """I2 k SE2 is tau2 where sampling variances are equal."""
    fit = python_udfs.connect(":memory:").execute(
        "select unnest(pool([0.1, 0.9, 0.3, 0.6, -0.2], [0.04, 0.04, 0.04, 0.04, 0.04], "
        "{'tau2_method': 'DL', 'ci_method': 'z'}))"
    )
    values = dict(zip([c[0] for c in fit.description], fit.fetchone(), strict=True))
    assert values["tau2"] > 0.01
    assert values["i2_tau2"] / 100 * values["k"] * values["se"] ** 2 == pytest.approx(
        values["tau2"], rel=1e-12
    )
