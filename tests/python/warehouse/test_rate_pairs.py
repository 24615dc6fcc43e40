"""Two rates of one meta-analysis stand beside each other, and what that says of the claims."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from tests.python.warehouse import independent_pools

pytestmark = pytest.mark.build
FOUND = {
    "dropout_guidance": {
        ("Karyotaki2021_08", "Karyotaki2021_09"),
        ("Torous2020_03", "Torous2020_04"),
        ("Buscher2020_05", "Buscher2020_06"),
    },
    "adherence_guidance": {("Karyotaki2021_10", "Karyotaki2021_11")},
    "completion_arms": {("vanBallegooijen2014_02", "vanBallegooijen2014_02_control")},
    "adherence_arms": {
        ("vanBallegooijen2014_01", "vanBallegooijen2014_01_control"),
        ("vanBallegooijen2014_03", "vanBallegooijen2014_03_control"),
    },
    "dropout_arms": {
        ("Karyotaki2021_08", "Karyotaki2021_08_usual"),
        ("Karyotaki2021_08", "Karyotaki2021_08_waitlist"),
        ("Karyotaki2021_09", "Karyotaki2021_08_usual"),
        ("Karyotaki2021_09", "Karyotaki2021_08_waitlist"),
        ("Davies2014_10_intervention", "Davies2014_10_control"),
        ("Davies2014_11_intervention", "Davies2014_11_control"),
        ("Lewis2018cochrane_D1", "Lewis2018cochrane_D2"),
        ("PMC7657731_D1", "PMC7657731_D2"),
        ("Buscher2020_03", "Buscher2020_04"),
    },
    "gave_data_arms": {(f"PS10{n}", f"PS10{n}_control") for n in (18, 19, 20, 21)},
}


@pytest.mark.parametrize("contrast", FOUND)
def test_pairs_are_those_that_a_reader_finds_in_the_sheets(shipped, contrast):
    pairs = shipped.execute(
        "select rate_id, reference_rate_id from fct_rate_pairs where contrast_id = ?", [contrast]
    ).fetchall()
    assert set(pairs) == FOUND[contrast]
    assert len(pairs) == len(FOUND[contrast])


def test_differences_are_those_of_the_printed_percentages(shipped, shipped_sheets):
    printed = {
        row["rate_id"]: independent_pools.number(row["percent"])
        for row in independent_pools.rows(shipped_sheets, "extraction/reported_rates")
    }
    rows = shipped.execute(
        "select rate_id, reference_rate_id, difference_points, relative_change_percent "
        "from fct_rate_pairs where source_sheet = 'reported_rates'"
    ).fetchall()
    assert rows
    for first, second, difference, relative in rows:
        a, b = printed[first], printed[second]
        if a is None or b is None:
            assert (difference, relative) == (None, None)
        else:
            assert difference == pytest.approx(a - b, abs=1e-9)
            assert relative == pytest.approx(100 * (a - b) / b, abs=1e-9)


def test_the_sign_test_is_that_of_scipy(shipped):
    rows = shipped.execute(
        "select n_higher, n_lower, sign_test_p from fct_rate_pair_tests where n_units > 0"
    ).fetchall()
    assert len(rows) >= 5
    for higher, lower, p_value in rows:
        assert p_value == pytest.approx(binomtest(higher, higher + lower).pvalue, rel=1e-12)


def test_risk_ratios_are_those_of_the_counts(shipped, shipped_sheets):
    trials = {
        row["comparison_id"]: row
        for row in independent_pools.rows(shipped_sheets, "extraction/primary_studies")
    }
    rows = shipped.execute(
        "select rate_id, risk_ratio, risk_ratio_ci_low, risk_ratio_ci_high from fct_rate_pairs "
        "where contrast_id = 'gave_data_arms'"
    ).fetchall()
    for trial, ratio, low, high in rows:
        a, n, c, m = (
            float(trials[trial][f"{part}_{arm}"])
            for arm in ("intervention", "control")
            for part in ("events", "total")
        )
        assert ratio == pytest.approx((a / n) / (c / m), rel=1e-12)
        spread = (high / ratio, ratio / low)
        expected = 2.718281828459045 ** (
            independent_pools.Z * (1 / a - 1 / n + 1 / c - 1 / m) ** 0.5
        )
        assert spread == pytest.approx((expected, expected), rel=1e-9)


def test_a_reduction_by_30_to_40_percent_is_set_against_the_pairs(shipped):
    """14 % in one meta-analysis, 65 % in the other: further than the review says."""
    found = shipped.execute(
        "select quantity, recomputed_ci_low, recomputed_ci_high, recomputed_k, replication, "
        "replication_rule from fct_claim_audit where subject_id = 'N034'"
    ).fetchone()
    assert found == (
        "largest", pytest.approx(100 * 4 / 29), pytest.approx(100 * (1 - 11.74 / 33.96)), 2,
        "same_direction", "largest_exceeded",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("largest", "rule"),
    [(12.0, "largest_not_reached"), (35.0, "largest_same"), (41.0, "largest_exceeded")],
)
def test_the_largest_of_several_decides(shipped, largest, rule):
    """The first rule whose facts hold, for a printed range of 30 to 40."""
    rules = shipped.execute(
        "select rule_id, facts from staging.stg_protocol__replication_rules "
        "where quantity = 'largest' order by rule_order"
    ).fetchall()
    facts = {
        "our_largest_reaches_printed": largest >= 30,
        "our_largest_exceeds_printed": largest > 40,
    }
    applying = [
        name
        for name, needed in rules
        if all(
            facts[fact.strip().removeprefix("not ")] != fact.strip().startswith("not ")
            for fact in needed.split(";")
        )
    ]
    assert applying[0] == rule


def test_conclusions_on_guidance_are_tested_within_meta_analyses(shipped):
    found = shipped.execute(
        "select conclusion_test_id, outcome, found from fct_conclusion_tests "
        "where test = 'above_in_pairs' and source = 'ours' order by conclusion_test_id"
    ).fetchall()
    assert found == [
        ("L07:1:ours", "not_shown", "2 of 2, P = 0.50"),
        ("L07:2:ours", "not_shown", "1 of 1, P = 1.00"),
        ("L12:3:ours", "not_shown", "1 of 1, P = 1.00"),
        ("L38:1:ours", "not_shown", "2 of 2, P = 0.50"),
    ]


def test_no_number_on_satisfaction_is_pooled_and_each_says_why(shipped):
    rows = shipped.execute(
        "select label, fate from reports.rpt_acceptability where outcome_role = 'satisfaction' "
        "order by row_order"
    ).fetchall()
    assert [label for label, _ in rows] == ["Scott AM 2022a", "Scott AM 2022b", "Zuelke AE 2021"]
    assert all(fate and fate != "in a result" for _, fate in rows)
    assert shipped.execute(
        "select count(*) from dim_analyses where outcome = 'satisfaction'"
    ).fetchone() == (0,)


def test_every_rate_stands_among_the_numbers(shipped):
    [(rates, listed)] = shipped.execute(
        "select (select count(*) from fct_rates inner join staging.stg_vocabulary__outcomes "
        "on outcome = code where role in ('dropout', 'adherence', 'completion', 'satisfaction')), "
        "(select count(*) from reports.rpt_acceptability where of_whom != "
        "'difference between groups' and reported not like 'mean%')"
    ).fetchall()
    assert rates == listed > 60
