"""Numbers known from elsewhere: metafor's own tests, textbooks, analyses of the BCG trials."""

import math

import pytest

from tests.python.kernels.bias_data import effects

# dat.dorn2007 as log risk ratios: events and people, active and placebo
DORN = [
    (29, 38, 11, 32), (20, 31, 21, 30), (14, 23, 30, 46), (17, 30, 5, 13), (11, 27, 6, 23),
    (24, 29, 5, 29), (26, 32, 9, 22), (17, 18, 13, 18), (4, 12, 5, 13), (21, 60, 26, 59),
    (15, 17, 8, 17), (37, 51, 20, 52), (13, 33, 17, 33), (19, 20, 3, 20), (29, 50, 30, 46),
    (13, 16, 5, 16), (25, 33, 8, 26), (37, 57, 17, 50), (55, 90, 37, 90),
]  # fmt: skip
RISK_RATIOS = [math.log((a / n) / (c / m)) for a, n, c, m in DORN]
THEIR_VARIANCES = [1 / a - 1 / n + 1 / c - 1 / m for a, n, c, m in DORN]

# data set ThirdWave of Harrer, Cuijpers, Furukawa & Ebert 2021, Doing Meta-Analysis with R
THIRD_WAVE = [
    (0.7091362, 0.2608202), (0.3548641, 0.1963624), (1.7911700, 0.3455692),
    (0.1824552, 0.1177874), (0.4218509, 0.1448128), (0.6300000, 0.1960000),
    (0.7248838, 0.2246641), (0.5286638, 0.2104609), (0.2840000, 0.1680000),
    (1.2750682, 0.3371997), (0.1036082, 0.1947275), (0.3883906, 0.2307689),
    (0.5407398, 0.2443133), (0.4261593, 0.2579379), (0.5153969, 0.3512737),
    (1.4797260, 0.3152817), (0.6125782, 0.2266834), (0.6000000, 0.2490000),
]  # fmt: skip


def one(call, function, name, **options):
    yi, vi = effects(name)
    return call(function, [yi], [vi], [options])[0]


def test_excess_significance_of_dorn2007(call):
    row = call("excess_significance", [RISK_RATIOS], [THEIR_VARIANCES], [{"tau2_method": "CE"}])[0]
    assert row["observed"] == 10
    assert row["expected"] == pytest.approx(4.923333, abs=1e-6)
    assert row["chi2"] == pytest.approx(7.065648, abs=1e-6)
    assert row["p_chi2"] == pytest.approx(0.003928794, abs=1e-9)
    assert row["p_binomial"] == pytest.approx(0.01159554, abs=1e-8)
    assert row["p_exact"] == pytest.approx(0.007778529, abs=1e-9)


def test_excess_significance_of_borenstein2009(call):
    row = one(call, "excess_significance", "dat.borenstein2009", tau2_method="DL")
    assert row["observed"] == 2
    assert row["expected"] == pytest.approx(3.235463, abs=5e-6)  # integrated by R to 1e-4
    assert row["p_exact"] == pytest.approx(0.930977, abs=1e-6)
    assert row["chi2"] == pytest.approx(1.023886, abs=1e-5)
    assert row["p_chi2"] == pytest.approx(0.844201, abs=1e-6)
    row = one(call, "excess_significance", "dat.borenstein2009", tau2_method="CE")
    assert row["expected"] == pytest.approx(4.014069, abs=1e-6)
    assert row["p_binomial"] == pytest.approx(0.982739, abs=1e-6)


def test_borenstein2009(call):
    egger = one(call, "egger_test", "dat.borenstein2009")
    assert egger["statistic"] == pytest.approx(-1.871187, abs=1e-6)
    assert egger["p_value"] == pytest.approx(0.134646, abs=1e-6)
    begg = call("begg_test", *([part] for part in effects("dat.borenstein2009")))[0]
    assert begg["kendall_tau"] == pytest.approx(-1 / 15)
    assert begg["p_value"] == 1
    filled = one(call, "trim_and_fill", "dat.borenstein2009")
    assert (filled["k0"], filled["filled_yi"]) == (0, [])


def test_bcg_trials(call):
    egger = one(call, "egger_test", "dat.bcg_RR")
    assert egger["statistic"] == pytest.approx(-1.401282, abs=1e-6)
    assert egger["p_value"] == pytest.approx(0.188707, abs=1e-6)
    egger = one(call, "egger_test", "dat.bcg_RR", form="random")
    assert egger["statistic"] == pytest.approx(-0.803329, abs=1e-5)
    assert egger["p_value"] == pytest.approx(0.421785, abs=1e-5)
    begg = call("begg_test", *([part] for part in effects("dat.bcg_RR")))[0]
    assert begg["kendall_tau"] == pytest.approx(0.025641, abs=1e-6)
    assert (begg["p_value"], begg["p_method"]) == (pytest.approx(0.952362, abs=1e-6), "exact")
    filled = one(call, "trim_and_fill", "dat.bcg_RR", ci_method="z")
    assert (filled["k0"], filled["side"]) == (1, "right")
    assert filled["estimate"] == pytest.approx(-0.657083, abs=1e-5)
    assert filled["se"] == pytest.approx(0.178528, abs=1e-5)
    assert filled["tau2"] == pytest.approx(0.331288, abs=1e-5)
    excess = one(call, "excess_significance", "dat.bcg_RR")
    assert excess["observed"] == 8
    assert excess["expected"] == pytest.approx(7.80883, abs=2e-5)
    assert excess["p_exact"] == pytest.approx(0.584059, abs=5e-6)
    assert one(call, "fail_safe_n", "dat.bcg_RR")["rosenthal"] == 598


def test_bcg_pet_peese(call):
    row = one(call, "pet_peese", "dat.bcg_RR")
    assert row["pet_estimate"] == pytest.approx(-0.190929, abs=1e-6)
    assert row["pet_se"] == pytest.approx(0.220085, abs=1e-6)
    assert row["pet_p"] == pytest.approx(0.404, abs=5e-4)
    assert row["peese_estimate"] == pytest.approx(-0.379954, abs=1e-6)
    assert row["peese_se"] == pytest.approx(0.157255, abs=1e-6)
    assert row["peese_p"] == pytest.approx(0.0342, abs=5e-5)
    assert (row["chosen"], row["estimate"]) == ("PET", row["pet_estimate"])


def test_bcg_selection_model(call):
    row = one(call, "selection_model", "dat.bcg_RR", alternative="less")
    assert row["estimate"] == pytest.approx(-0.620562, abs=2e-6)
    assert row["se"] == pytest.approx(0.261325, abs=1e-5)
    assert row["tau2"] == pytest.approx(0.291245, abs=1e-5)
    assert row["delta"] == pytest.approx(0.635530, abs=1e-5)
    assert row["k_significant"] == 8


def test_third_wave(call):
    """Chapter 9 of the book: Egger's test, limit meta-analysis and selection model.

    The book's limits of the limit meta-analysis (-0.3630, 0.2940) come from the common-effect
    standard error that metasens used before its version 1.0-1, which is that of PET without
    dispersion.
    """
    yi = [effect for effect, _ in THIRD_WAVE]
    vi = [se**2 for _, se in THIRD_WAVE]
    egger = call("egger_test", [yi], [vi])[0]
    assert egger["bias"] == pytest.approx(4.111, abs=5e-4)
    assert egger["statistic"] == pytest.approx(4.677, abs=5e-4)
    assert egger["p_value"] == pytest.approx(0.00025, abs=5e-6)
    limit = call("limit_meta_analysis", [yi], [vi])[0]
    assert limit["estimate"] == pytest.approx(-0.0345, abs=5e-5)
    assert limit["tau2"] == pytest.approx(0.0820, abs=5e-5)
    common = egger["limit_se"] / math.sqrt(egger["dispersion"])
    assert limit["estimate"] - 1.959964 * common == pytest.approx(-0.3630, abs=5e-5)
    assert limit["estimate"] + 1.959964 * common == pytest.approx(0.2940, abs=5e-5)
    model = call("selection_model", [yi], [vi])[0]
    assert model["estimate"] == pytest.approx(0.5893, abs=5e-5)
    assert model["se"] == pytest.approx(0.1274, abs=5e-5)
    assert model["delta"] == pytest.approx(1.1500, abs=5e-5)
    assert model["delta_se"] == pytest.approx(0.8755, abs=5e-5)
    assert model["lr_statistic"] == pytest.approx(0.0337, abs=5e-5)
