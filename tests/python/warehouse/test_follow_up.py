"""Analyses at follow-up, and changes since treatment, recomputed from the CSV files."""

from __future__ import annotations

import math

import pytest
from scipy.optimize import brentq
from scipy.stats import t

from tests.python.warehouse import independent_pools

pytestmark = pytest.mark.build

TIMES = ("timepoint", "months_band")
FILTERS = (*independent_pools.FILTERS, "comparator_class", "scale", "unit", "selection_rule")


@pytest.fixture(scope="module")
def declared(shipped_sheets) -> dict[str, dict[str, str]]:
    rows = independent_pools.rows(shipped_sheets, "protocol/analyses")
    return {row["analysis_id"]: row for row in rows}


@pytest.fixture(scope="module")
def pairs(declared, shipped_sheets) -> dict[tuple[str, str], tuple]:
    """(analysis at follow-up, meta-analysis): both effects and variances, by the rule in docs."""
    source = {
        row["effect_id"]: row["meta_analysis_id"]
        for row in independent_pools.effects_in_force(shipped_sheets)
    }
    found = {}
    for key, later in declared.items():
        same = [
            row
            for row in declared.values()
            if not any(row[name] for name in TIMES)
            and all(row[name] == later[name] for name in FILTERS)
        ]
        if later["timepoint"] != "follow_up" or not same:
            continue
        earlier = independent_pools.members(same[0], shipped_sheets)
        by_source = {source[effect]: value for effect, value in earlier.items()}
        for effect, value in independent_pools.members(later, shipped_sheets).items():
            if source[effect] in by_source:
                found[key, source[effect]] = (value, by_source[source[effect]])
    return found


def reml_with_floor(values: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Mean and 95% limits: REML by its score equation, Hartung-Knapp with a factor of 1 or more."""

    def mean_at(tau2: float) -> tuple[float, list[float]]:
        weights = [1 / (v + tau2) for _, v in values]
        total = sum(weights)
        return sum(w * y for w, (y, _) in zip(weights, values, strict=True)) / total, weights

    def score(tau2: float) -> float:
        mean, weights = mean_at(tau2)
        squares = sum(w * w * (y - mean) ** 2 for w, (y, _) in zip(weights, values, strict=True))
        return squares - sum(weights) + sum(w * w for w in weights) / sum(weights)

    tau2 = 0.0 if score(0.0) <= 0 else brentq(score, 0.0, 10.0, xtol=1e-14)
    mean, weights = mean_at(tau2)
    df = len(values) - 1
    factor = sum(w * (y - mean) ** 2 for w, (y, _) in zip(weights, values, strict=True)) / df
    half = t.ppf(0.975, df) * math.sqrt(max(factor, 1.0) / sum(weights))
    return mean, mean - half, mean + half


def test_pairs_are_those_of_the_sheets(shipped, pairs):
    found = shipped.execute(
        "select analysis_id, meta_analysis_id, correlation, estimate, post_estimate, change, "
        "change_se from fct_follow_up_pairs"
    ).fetchall()
    assert {row[:2] for row in found} == set(pairs)
    assert {row[2] for row in found} == {0.0, 0.5, 0.8}
    for analysis, source, r, later, earlier, change, se in found:
        (y2, v2), (y1, v1) = pairs[analysis, source]
        assert (later, earlier, change) == pytest.approx((y2, y1, y2 - y1), abs=1e-12)
        assert se**2 == pytest.approx(v2 + v1 - 2 * r * math.sqrt(v1 * v2), rel=1e-12)


def test_changes_are_pooled_as_another_computation_pools_them(shipped, pairs):
    found = shipped.execute(
        "select analysis_id, correlation, k, estimate, ci_low, ci_high "
        "from fct_follow_up_changes where k > 1"
    ).fetchall()
    assert len({row[0] for row in found}) >= 4
    for analysis, r, k, *result in found:
        values = [
            (y2 - y1, v2 + v1 - 2 * r * math.sqrt(v1 * v2))
            for (name, _), ((y2, v2), (y1, v1)) in pairs.items()
            if name == analysis
        ]
        assert k == len(values)
        assert result == pytest.approx(reml_with_floor(values), rel=1e-6, abs=1e-8)


def test_what_an_interval_says_of_a_change(shipped):
    rows = shipped.execute(
        "select ci_low, ci_high, at_follow_up from fct_follow_up_changes"
    ).fetchall()
    for low, high, said in rows:
        assert said == ("larger" if low > 0 else "smaller" if high < 0 else "neither")
    assert {said for *_, said in rows} >= {"smaller", "neither"}


def test_one_assumption_is_the_main_one(shipped):
    rows = shipped.execute(
        "select analysis_id, count_if(is_main) from fct_follow_up_changes group by all"
    ).fetchall()
    assert rows
    assert {n for _, n in rows} == {1}


def test_analyses_without_a_time_hold_effects_after_treatment_only(shipped):
    times = shipped.execute(
        "select analyses.timepoint, effects.timepoint, count(*) from fct_analysis_members "
        "inner join dim_analyses as analyses using (analysis_id) "
        "inner join fct_effects as effects using (effect_id) where is_member group by all"
    ).fetchall()
    assert {row[:2] for row in times} == {("post", "post"), ("follow_up", "follow_up")}
    [(reasons,)] = shipped.execute(
        "select count(*) from fct_analysis_members as members "
        "inner join dim_analyses as analyses using (analysis_id) "
        "inner join fct_effects as effects using (effect_id) "
        "where analyses.timepoint = 'post' and effects.timepoint = 'follow_up' "
        "and not contains(exclusion_reason, 'not a post-treatment effect')"
    ).fetchall()
    assert reasons == 0


def test_bands_begin_at_their_lower_bound(shipped, shipped_sheets):
    lower = {
        float(row["lower_bound"]): row["band"]
        for row in independent_pools.rows(shipped_sheets, "protocol/months_bands")
    }
    found = shipped.execute(
        "select timepoint, follow_up_months, months_band from fct_effects"
    ).fetchall()
    assert {band for *_, band in found} == {None, *lower.values()}
    for timepoint, months, band in found:
        begun = [bound for bound in lower if months is not None and bound <= months]
        assert band == (lower[max(begun)] if begun and timepoint == "follow_up" else None)
