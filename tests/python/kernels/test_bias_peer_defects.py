"""Mistakes found in other packages' tests of small-study effects, each guarded against here."""

import pytest
from scipy.stats import t

YI, VI = [0.1, 0.9, 0.4, 0.7, -0.2, 0.3], [0.02, 0.1, 0.03, 0.05, 0.01, 0.08]


@pytest.mark.parametrize("k", [1, 2])
def test_egger_of_two_studies_says_why_there_is_none(call, k):
    """metaumbrella: NaN for two studies, although three were said to be needed."""
    row = call("egger_test", [YI[:k]], [VI[:k]])[0]
    assert row["status"] == "too_few_studies"
    assert row["p_value"] is None


@pytest.mark.parametrize(
    ("function", "options"),
    [
        ("egger_test", {"form": "lm"}),
        ("egger_test", {"form": "random"}),
        ("egger_test", {"predictor": "vi"}),
        ("peters_test", {}),
        ("harbord_test", {}),
    ],
)
def test_egger_interval_and_test_use_the_same_distribution(call, function, options):
    """dmetar: interval from z, test from t. At the level 1 - p the interval ends at 0."""
    tables = [[[3, 9, 7, 2]], [[20, 55, 40, 10]], [[5, 2, 9, 1]], [[21, 50, 44, 12]]]
    columns = [[YI], [VI]] if function == "egger_test" else tables
    p = call(function, *columns, [options])[0]["p_value"]
    row = call(function, *columns, [options | {"ci_level": 1 - p}])[0]
    nearest = min(abs(row["bias_ci_low"]), abs(row["bias_ci_high"]))
    assert nearest == pytest.approx(0, abs=1e-9 * row["bias_se"])


def test_egger_interval_is_wider_than_the_normal_one(call):
    row = call("egger_test", [YI], [VI])[0]
    assert row["df"] == 4
    half = t.isf(0.025, 4) * row["bias_se"]
    assert row["bias_ci_high"] - row["bias"] == pytest.approx(half, rel=1e-12)


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_missing_studies_are_not_significant(call, missing):
    """metaumbrella: studies without a p value were counted as significant."""
    complete = call("excess_significance", [YI], [VI])[0]
    gaps = call("excess_significance", [[*YI, missing, 0.5]], [[*VI, 0.1, missing]])[0]
    assert gaps == complete
    assert call("excess_significance", [[missing]], [[0.1]])[0]["p_exact"] is None


def test_tess_and_psst_are_combined_with_a_correction(call):
    """metaumbrella: the smaller of two p values was reported as if it were the only one."""
    yi, vi = [0.5, 0.6, 0.4, 0.9, 0.3], [0.05, 0.06, 0.03, 0.1, 0.02]
    row = call("excess_significance", [yi], [vi], [{"tau2_method": "CE"}])[0]
    smaller = min(row["tess_p"], row["psst_p"])
    assert row["tess_psst_p_bonferroni"] == pytest.approx(min(1.0, 2 * smaller), rel=1e-12)
    assert row["tess_psst_p_bonferroni"] > smaller
    assert (row["tess_p"], row["psst_p"]) != (None, None)
