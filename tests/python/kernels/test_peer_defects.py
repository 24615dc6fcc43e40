"""Mistakes found in other packages, each guarded against here.

The packages and versions in which each was seen are named in the docstrings.
"""

import math

import numpy as np
import pytest

Z = 1.959963984540054


def test_single_study_is_not_tested_again(pool):
    """metaumbrella: a factor with one study took its degrees of freedom from another row."""
    result = pool([0.4], [0.04], ci_method="HK_adhoc")
    assert result["df"] is None
    assert result["p_value"] == pytest.approx(math.erfc(2.0 / math.sqrt(2.0)), rel=1e-12)


def test_modified_hartung_knapp_does_not_shrink_on_near_equal_effects(pool):
    """metaumbrella: unmodified "hksj" gave three near-equal studies a far narrower interval."""
    yi, vi = [0.50, 0.51, 0.505], [0.01, 0.01, 0.01]
    z, plain, floor = (pool(yi, vi, tau2_method="DL", ci_method=m) for m in ("z", "HK", "HK_adhoc"))

    def width(result):
        return result["ci_high"] - result["ci_low"]

    assert width(plain) < width(z) < width(floor)


def test_hartung_knapp_updates_statistic_and_p(pool):
    """metaumbrella: interval was replaced, statistic and p were left from the z test."""
    result = pool([0.1, 0.5, 0.9, 0.2], [0.02, 0.03, 0.05, 0.01], ci_method="HK")
    assert result["statistic"] == pytest.approx(result["estimate"] / result["se"])
    excludes_zero = result["ci_low"] > 0 or result["ci_high"] < 0
    assert excludes_zero == (result["p_value"] < 0.05)


@pytest.mark.parametrize("ci_method", ["z", "t", "HK", "HK_adhoc"])
@pytest.mark.parametrize("estimate_is_null", [True, False])
def test_p_and_interval_always_agree(pool, ci_method, estimate_is_null):
    """jasp, dmetar: test and interval came from different distributions."""
    yi = np.array([0.1, 0.5, 0.9, 0.2, -0.3]) - (0.25 if estimate_is_null else 0.0)
    result = pool(yi, [0.02, 0.03, 0.05, 0.01, 0.02], ci_method=ci_method)
    level = 1.0 - result["p_value"]
    at_p = pool(yi, [0.02, 0.03, 0.05, 0.01, 0.02], ci_method=ci_method, ci_level=level)
    assert min(abs(at_p["ci_low"]), abs(at_p["ci_high"])) == pytest.approx(0.0, abs=1e-9)


def test_prediction_method_is_pinned(pool):
    """metaumbrella: prediction limits followed the default of whichever R package was installed."""
    yi, vi = [0.1, 0.5, 0.9, 0.2], [0.02, 0.03, 0.05, 0.01]
    assert pool(yi, vi)["pi_low"] == pool(yi, vi, pi_method="V")["pi_low"]
    assert pool(yi, vi, pi_method="HTS")["pi_low"] < pool(yi, vi, pi_method="V")["pi_low"]


def test_interval_method_leaves_the_prediction_interval_alone(pool):
    """The prediction interval uses the classic standard error whatever ci_method is."""
    yi, vi = [0.1, 0.5, 0.9, 0.2], [0.02, 0.03, 0.05, 0.01]
    limits = {pool(yi, vi, ci_method=m)["pi_high"] for m in ("z", "t", "HK", "HK_adhoc")}
    assert len(limits) == 1


def test_dersimonian_laird_is_truncated(pool):
    """statsmodels: tau2 -0.05 and I2 -685 %."""
    result = pool([0.1, 0.11, 0.12], [0.5, 0.4, 0.6], tau2_method="DL")
    assert (result["tau2"], result["i2_q"], result["i2_tau2"]) == (0, 0, 0)
    assert result["h2_q"] < 1


def test_unsupported_method_is_never_a_label_only(pool):
    """pimeta: unknown methods were accepted, ignored and stored as if applied."""
    for options in ({"pi_method": "NNF"}, {"ci_method": "BM"}, {"tau2_method": "GENQ"}):
        with pytest.raises(ValueError, match="unknown"):
            pool([0.1, 0.2, 0.4], [0.1, 0.1, 0.1], **options)


def test_equal_effects_with_hartung_knapp_do_not_fail(pool):
    """pimeta: a crash."""
    result = pool([0.2] * 4, [0.1] * 4, ci_method="HK")
    assert (result["status"], result["estimate"], result["se"]) == ("no_variation", 0.2, 0.0)


def test_negative_variance_and_impossible_counts(call, pool):
    """pimeta accepted both."""
    assert pool([0.1, 0.2], [0.1, -0.1])["status"] == "out_of_range"
    rows = call("logit_from_events", [11, -1, 3], [10, 10, 0])
    assert [row["status"] for row in rows] == ["out_of_range"] * 3
    rows = call("smd_from_means", [1], [-1], [9], [0], [1], [9], ["LS"])
    assert rows[0]["status"] == "out_of_range"


def test_zero_events_have_a_logit(call):
    """pimeta: a crash on 0 events."""
    row = call("logit_from_events", [0], [20])[0]
    assert row["yi"] == pytest.approx(math.log(0.5 / 20.5))
    assert row["vi"] == pytest.approx(1 / 0.5 + 1 / 20.5)


def test_correction_is_added_only_where_needed(call):
    row = call("logit_from_events", [1], [20])[0]
    assert (row["yi"], row["assumption"]) == (pytest.approx(math.log(1 / 19)), None)


@pytest.mark.parametrize("form", ["LS", "LS2", "UB", "H0"])
def test_g_never_keeps_the_variance_of_d(call, form):
    """esc, metapsyTools: g was multiplied by J, its variance left that of d (0.07083)."""
    row = call("smd_from_means", [10], [2], [30], [8], [2.5], [32], [form])[0]
    d = row["yi"] / call("g_from_d", [1.0], [0.1], [30], [32], [None])[0]["yi"]
    of_d = 1 / 30 + 1 / 32 + d**2 / (2 * 62)
    assert of_d == pytest.approx(0.07083, abs=1e-5)
    assert abs(row["vi"] - of_d) > 1e-4


def test_given_variance_of_d_is_corrected_too(call):
    row = call("g_from_d", [0.8], [0.1], [10], [10], ["LS"])[0]
    j = row["yi"] / 0.8
    assert row["vi"] == pytest.approx(0.1 * j**2, rel=1e-12)
    assert row["assumption"] == "variance of d given: multiplied by J^2"


def test_one_sign_convention(call):
    """metaConvert: pre-post g had the opposite sign of post-only g."""
    means = call("smd_from_means", [8], [2], [30], [10], [2], [30], ["LS"])[0]
    swapped = call("smd_from_means", [10], [2], [30], [8], [2], [30], ["LS"])[0]
    odds = call("smd_from_log_odds", [-0.9], [0.1], ["hasselblad_hedges"])[0]
    assert means["yi"] < 0 < swapped["yi"]
    assert means["yi"] == -swapped["yi"]
    assert odds["yi"] < 0
    assert call("g_from_d", [-0.5], [0.1], [9], [9], ["LS"])[0]["yi"] < 0


@pytest.mark.parametrize("rule", ["hasselblad_hedges", "cox"])
def test_se_scales_like_the_effect(call, rule):
    """meta (fixed in 8.4): the Cox standard error was divided by sqrt(1.65)."""
    row = call("smd_from_log_odds", [0.9], [0.04], [rule])[0]
    assert math.sqrt(row["vi"]) / 0.2 == pytest.approx(row["yi"] / 0.9, rel=1e-12)


def test_interval_width_matches_the_standard_error(pool):
    """metaConvert: an interval was built with sqrt(se)."""
    result = pool([0.1, 0.5, 0.9, 0.2], [0.02, 0.03, 0.05, 0.01], ci_method="z")
    assert result["ci_high"] - result["ci_low"] == pytest.approx(2 * Z * result["se"], rel=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_se_recovered_from_an_interval_of_any_level(call, pool, level):
    """90 % intervals read as 95 %."""
    yi, vi = [0.1, 0.5, 0.9, 0.2], [0.02, 0.03, 0.05, 0.01]
    result = pool(yi, vi, ci_method="z", ci_level=level)
    row = call("se_from_ci", [result["ci_low"]], [result["ci_high"]], [level])[0]
    assert row["se"] == pytest.approx(result["se"], rel=1e-12)


def test_null_p_is_not_significant(call):
    """metaumbrella: missing p values were counted as significant."""
    assert call("p_from_z", [None]) == [None]
    assert call("z_from_p", [None]) == [None]
    assert call("se_from_p", [0.4], [None])[0] == {"se": None, "status": "missing_input"}


def test_percent_and_fraction_are_not_mixed(pool):
    result = pool([0.1, 0.8, -0.3, 0.5], [0.02, 0.05, 0.04, 0.01])
    assert 1 < result["i2_q"] <= 100
    assert 1 < result["i2_tau2"] <= 100
    assert max(result["weights"]) < 1
