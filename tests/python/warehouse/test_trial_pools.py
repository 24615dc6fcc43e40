"""Pools of trials from imported sheets, against computations that share nothing with the models."""

from __future__ import annotations

import csv
import math

import duckdb
import pytest
from typer.testing import CliRunner

from tests.python.conftest import ROOT, build_warehouse
from umbrella.app import app

pytestmark = pytest.mark.build

DATA = ROOT / "tests" / "data" / "imports"


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A review made of two imports."""
    folder = tmp_path_factory.mktemp("imported")
    sheets = folder / "sheets"
    for kind, target in (("metaumbrella", [sheets]), ("metapsy", ["--into", sheets])):
        result = CliRunner().invoke(
            app, ["import", kind, str(DATA / f"{kind}.csv"), *map(str, target)]
        )
        assert result.exit_code == 0, result.stderr
    database = build_warehouse(folder, sheets, runs_data_tests=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def j(m):
    return math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2)


def dersimonian_laird(yi, vi):
    w = [1 / v for v in vi]
    mean = sum(a * y for a, y in zip(w, yi, strict=True)) / sum(w)
    q = sum(a * (y - mean) ** 2 for a, y in zip(w, yi, strict=True))
    c = sum(w) - sum(a * a for a in w) / sum(w)
    tau2 = max(0.0, (q - (len(yi) - 1)) / c)
    w = [1 / (v + tau2) for v in vi]
    return sum(a * y for a, y in zip(w, yi, strict=True)) / sum(w), sum(w) ** -0.5, tau2


def pool(connection, meta_analysis, rule, *columns):
    return connection.execute(
        f"select {', '.join(columns)} from fct_trial_pools where meta_analysis_id = ? "
        "and rule_id = ? and policy_id = 'seed_paper'",
        [meta_analysis, rule],
    ).fetchone()


REED = (0.5 * j(108), (0.2 * j(108)) ** 2)
LANE = (0.3 * j(96), (0.8 / (2 * 1.959963984540054) * j(96)) ** 2)
_D = 2.5 / math.sqrt((39 * 25 + 43 * 30.25) / 82)
HILL = (_D * j(82), 1 / 40 + 1 / 44 + (_D * j(82)) ** 2 / (2 * 84))
MOOR = [(d * j(47), (0.3 * j(47)) ** 2) for d in (0.9, 0.7)]


def test_d_means_and_two_outcomes_of_one_trial(imported):
    moor = (sum(y for y, _ in MOOR) / 2, MOOR[0][1] * (2 + 2 * 0.5) / 4)  # rho 0.5
    expected = dersimonian_laird(*zip(REED, LANE, HILL, moor, strict=True))
    found = pool(imported, "Ash_Yoga", "aggregated", "estimate", "se", "tau2", "k", "n_rows_used")
    assert found[:3] == pytest.approx(expected, rel=1e-10, abs=1e-12)
    assert found[3:] == (4, 5)
    first = dersimonian_laird(*zip(REED, LANE, HILL, MOOR[0], strict=True))
    found = pool(imported, "Ash_Yoga", "first", "estimate", "se", "tau2")
    assert found == pytest.approx(first, rel=1e-10, abs=1e-12)
    every = dersimonian_laird(*zip(REED, LANE, HILL, *MOOR, strict=True))
    found = pool(imported, "Ash_Yoga", "every_row", "estimate", "se", "tau2")
    assert found == pytest.approx(every, rel=1e-10, abs=1e-12)


def test_what_grading_needs(imported):
    found = pool(
        imported, "Ash_Yoga", "aggregated",
        "largest_trial", "largest_trial_size", "largest_trial_ci_low", "n_participants", "n_cases",
        "k_with_risk_of_bias", "low_risk_weight_percent", "egger_status", "excess_status",
        "esb_status", "pi_status",
    )  # fmt: skip
    assert found[:2] == ("Reed 2001", 110)
    assert found[2] == pytest.approx(REED[0] - 1.959963984540054 * math.sqrt(REED[1]), rel=1e-10)
    assert found[3:6] == (110 + 98 + 84 + 49, 60 + 50 + 40 + 24, 3)
    assert 0 < found[6] < 100
    assert found[7:] == ("ok", "ok", "ok", "ok")


def test_odds_ratios_by_table_interval_and_logarithm(imported):
    dale = (math.log((25 * 35) / (25 * 15)), 1 / 25 + 1 / 25 + 1 / 15 + 1 / 35)
    field = (math.log(1.5), (math.log(2.25) / (2 * 1.959963984540054)) ** 2)
    ford = (math.log(1.5), 0.04)
    expected = dersimonian_laird(*zip(dale, field, ford, strict=True))
    found = pool(imported, "Birch_Smoking", "first", "estimate", "se", "tau2", "ratio", "scale")
    assert found[:3] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert found[3] == pytest.approx(math.exp(expected[0]), rel=1e-9)
    assert found[4] == "log_odds_ratio"


def test_correlations_as_fishers_z(imported):
    expected = dersimonian_laird([math.atanh(0.3), math.atanh(-0.1)], [1 / 100, 1 / 50])
    found = pool(imported, "Cedar_Sleep", "first", "estimate", "se", "tau2")
    assert found == pytest.approx(expected, rel=1e-10)
    assert pool(imported, "Cedar_Sleep", "first", "pi_status", "largest_trial_size") == (
        "too_few_studies", 103,
    )  # fmt: skip


def test_without_reported_effects_the_comparison_says_so(imported):
    found = imported.execute("select distinct status from fct_trial_pool_comparison").fetchall()
    assert found == [("no reported effect of this condition, outcome, subtype and scale",)]


def test_the_sign_of_the_means_follows_the_printed_g(imported):
    found = dict(
        imported.execute(
            "select comparison_id, (round(yi, 2), conversion_path, "
            "abs(reported_minus_computed) < 0.01) "
            "from fct_trial_pool_members where rule_id = 'first'"
        ).fetchall()
    )
    turned = "means, SDs and numbers of both arms > Hedges' g > sign as that of the printed g"
    assert found["metapsy_2"] == (0.58, turned, True)
    assert found["metapsy_4"] == (0.61, "means, SDs and numbers of both arms > Hedges' g", True)
    assert found["metapsy_5"][:2] == (0.4, "g and SE as reported")
    assert found["metapsy_6"][0] == 0.0


def test_follow_up_and_response_are_sets_of_their_own(imported):
    found = imported.execute(
        "select outcome, timepoint, scale, k from fct_trial_pools "
        "where rule_id = 'first' and policy_id = 'seed_paper' and meta_analysis_id = 'metapsy' "
        "order by all"
    ).fetchall()
    assert found == [
        ("response", "post", "log_risk_ratio", 1),
        ("symptom", "follow_up", "smd", 1),
        ("symptom", "post", "smd", 4),
    ]


def test_the_shipped_review_reproduces_a_published_pool(shipped):
    """Linardon 2019 pools 39 comparisons of 25 trials by DL: 0.30 (0.20 to 0.40)."""
    found = shipped.execute(
        "select round(estimate, 2), round(ci_low, 1), round(ci_high, 1), k, is_same_k, "
        "is_within_reported_ci from fct_trial_pool_comparison where status = 'ok' "
        "and rule_id = 'every_row' and policy_id = 'seed_paper'"
    ).fetchall()
    assert found == [(0.3, 0.2, 0.4, 39, True, True)]


def test_agreement_reproduces_the_printed_percentages(shipped):
    found = shipped.execute(
        "select field, round(percent_equal, 1), n_pairs from fct_extraction_agreement "
        "where source_kind = 'all' and matched_set = 'found' "
        "and field in ('estimate', 'ci_low', 'ci_high', 'n_comparisons')"
    ).fetchall()
    assert sorted(found) == [
        ("ci_high", 99.4, 359), ("ci_low", 99.7, 359), ("estimate", 98.7, 378),
        ("n_comparisons", 99.6, 273),
    ]  # fmt: skip
    kappas = shipped.execute(
        "select field, round(kappa, 2) from fct_extraction_agreement where source_kind = 'all' "
        "and matched_set = 'found_or_resolved' and kind = 'code' and field != 'p_operator'"
    ).fetchall()
    assert dict(kappas) == {
        "measure": 0.92, "favourable_direction": 0.91, "analysis_set": 0.87,
        "synthesis_model": 0.85, "guidance": 0.76, "comparator_class": 0.71,
    }  # fmt: skip


def test_trials_with_one_label_are_told_apart(shipped, shipped_sheets):
    """Linardon 2019 prints three trials as "Ebert et al": 39 comparisons of 27 trials, not 25."""
    with (shipped_sheets / "extraction/primary_studies.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == "Linardon2019"]
    trials = {}
    for row in rows:
        effect = float(row["reported_g"]), float(row["reported_se"]) ** 2
        trials.setdefault(row["study_id"], []).append(effect)
    assert {row["study_id"] for row in rows if row["study"] == "Ebert et al"} == {
        "Ebert2016", "Ebert2016b", "Ebert2018",
    }  # fmt: skip

    def aggregate(effects):
        total = sum(v for _, v in effects) + sum(
            0.5 * math.sqrt(v * w)
            for i, (_, v) in enumerate(effects)
            for j, (_, w) in enumerate(effects)
            if i != j
        )
        return sum(y for y, _ in effects) / len(effects), total / len(effects) ** 2

    chosen = {
        "aggregated": [aggregate(effects) for effects in trials.values()],
        "first": [effects[0] for effects in trials.values()],
    }
    for rule, printed in (("aggregated", 0.354), ("first", 0.312)):  # by REML
        expected = dersimonian_laird(*zip(*chosen[rule], strict=True))
        columns = ("estimate", "se", "tau2", "k", "n_trials_listed")
        found = pool(shipped, "Linardon2019", rule, *columns)
        assert found[:3] == pytest.approx(expected, rel=1e-9)
        assert found[3:] == (27, 27)
        (by_reml,) = shipped.execute(
            "select estimate from fct_trial_pools where meta_analysis_id = 'Linardon2019' "
            "and rule_id = ? and policy_id = 'recommended'",
            [rule],
        ).fetchone()
        assert by_reml == pytest.approx(printed, abs=5e-4)
