"""What rounding leaves open about a pooled result: against a search over unrounded numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats

pytestmark = pytest.mark.build

Z = stats.norm.ppf(0.975)
RESULTS = ("estimate", "ci_low", "ci_high")
ANALYSES = ("suicidal_ideation", "addiction", "ocd", "ptsd", "stress")


def dersimonian_laird(y: np.ndarray, v: np.ndarray) -> dict[str, float]:
    """DerSimonian and Laird 1986, with a normal interval, as Comprehensive Meta-Analysis has it."""
    w = 1 / v
    q = np.sum(w * (y - np.sum(w * y) / np.sum(w)) ** 2)
    tau2 = max(0.0, (q - (len(y) - 1)) / (np.sum(w) - np.sum(w**2) / np.sum(w)))
    w = 1 / (v + tau2)
    estimate, se = np.sum(w * y) / np.sum(w), 1 / math.sqrt(np.sum(w))
    return {"estimate": estimate, "ci_low": estimate - Z * se, "ci_high": estimate + Z * se}


def printed(connection, analysis_id: str) -> tuple[np.ndarray, np.ndarray]:
    """Estimate and limits of each member as printed, turned, and half of their last digit."""
    rows = connection.execute(
        "select effects.estimate, effects.ci_low, effects.ci_high, members.yi "
        "from fct_analysis_members as members "
        "inner join fct_effects as effects using (effect_id) "
        "where members.analysis_id = ? and policy_id = 'seed_paper' and is_member "
        "order by effect_id",
        [analysis_id],
    ).fetchall()
    numbers, halves = [], []
    for *row, yi in rows:
        assert abs(abs(row[0]) - abs(yi)) < 1e-12, "an SMD as printed"
        sign = math.copysign(1, yi * row[0]) if row[0] else 1
        digits = max(len(str(float(value)).split(".")[1]) for value in row)
        numbers.append([row[0] * sign, *sorted((row[1] * sign, row[2] * sign))])
        halves.append(0.5 * 10**-digits)
    return np.array(numbers), np.array(halves)


def result(point: np.ndarray, name: str) -> float:
    estimate, low, high = point.reshape(3, -1)
    return dersimonian_laird(estimate, ((high - low) / (2 * Z)) ** 2)[name]


def extreme(numbers: np.ndarray, halves: np.ndarray, name: str, sign: int) -> float:
    """The smallest (sign 1) or largest (sign -1) result over numbers that print the same."""
    start = numbers.T.ravel()
    half = np.tile(halves, 3)
    rng = np.random.default_rng(1)
    starts = [start, *(start + half * rng.uniform(-1, 1, (4, len(start))))]
    found = [
        optimize.minimize(
            lambda point: sign * result(point, name) * 1e3,
            at,
            method="L-BFGS-B",
            bounds=list(zip(start - half, start + half, strict=True)),
        ).fun
        for at in starts
    ]
    return sign * min(found) / 1e3


@pytest.mark.parametrize("analysis_id", ANALYSES)
def test_the_bounds_are_those_that_a_search_finds(shipped, analysis_id):
    numbers, halves = printed(shipped, analysis_id)
    columns = ", ".join(f"{name}_{end}" for name in RESULTS for end in ("min", "max"))
    bounds = shipped.execute(
        f"select {columns} from fct_rounding_ranges where analysis_id = ? and "
        "policy_id = 'seed_paper'",
        [analysis_id],
    ).fetchone()
    searched = [extreme(numbers, halves, name, sign) for name in RESULTS for sign in (1, -1)]
    width = max(high - low for low, high in zip(bounds[::2], bounds[1::2], strict=True))
    # A number in the middle of its range may move a limit further than one at an end of it.
    assert bounds == pytest.approx(searched, abs=0.02 * width)


def test_a_limit_printed_as_zero_leaves_the_side_open(shipped):
    found = shipped.execute(
        "select policy_id, is_side_open, ci_low_min < 0, ci_low_max > 0 from fct_rounding_ranges "
        "where analysis_id = 'suicidal_ideation' order by policy_id"
    ).fetchall()
    assert found == [("recommended", False, True, False), ("seed_paper", True, True, True)]


def test_every_pool_lies_within_its_bounds(shipped):
    outside = shipped.execute(
        "select analysis_id, policy_id from fct_rounding_ranges as ranges "
        "inner join fct_pooled_effects as pooled using (analysis_id, policy_id) "
        "where not (pooled.estimate between estimate_min and estimate_max "
        "and pooled.ci_low between ci_low_min and ci_low_max "
        "and pooled.p_value between p_value_min and p_value_max "
        "and coalesce(pooled.i2_q between i2_q_min and i2_q_max, true))"
    ).fetchall()
    assert outside == []


def test_every_pool_of_a_hundred_or_fewer_is_followed(shipped):
    missing = shipped.execute(
        "select pooled.analysis_id from fct_pooled_effects as pooled "
        "anti join fct_rounding_ranges using (analysis_id, policy_id) "
        "where policy_id in ('recommended', 'seed_paper') and k between 2 and 100"
    ).fetchall()
    assert missing == []


def test_a_criterion_that_rounding_decides_says_so(shipped):
    """OCD: an estimate of 0.498 to 0.511, limits on both sides of a margin, and I2 of 0."""
    open_criteria = shipped.execute(
        "select count(*) from fct_grade_criteria as criteria "
        "inner join fct_evidence_grades using (graded_id, scheme) "
        "where criteria.is_open_by_rounding and fct_evidence_grades.k >= 2 "
        "and fct_evidence_grades.policy_id is not null"
    ).fetchone()
    assert open_criteria[0] > 0


def test_the_page_says_what_rounding_leaves_open(shipped):
    texts = dict(
        shipped.execute(
            "select analysis_id, fragility_text from reports.rpt_fragility_texts"
        ).fetchall()
    )
    assert texts["suicidal_ideation"].endswith(
        "Within the rounding of the printed numbers the estimate lies between 0.12 and 0.13. By "
        "the conventional method rounding leaves open whether the interval excludes no effect."
    )
    assert "rounding" not in texts["personality_disorder"]
