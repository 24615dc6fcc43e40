"""Numbers printed in books, papers and the formula reference, to the digits printed there.

B09 is Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, ch. 14 and 18.
Iterative estimators were quoted at metafor's default threshold, so about 1e-5.
"""

import math

import pytest

B09_YI = [0.09452, 0.27736, 0.36654, 0.66438, 0.46181, 0.18516]
B09_VI = [0.03295, 0.03070, 0.04988, 0.01051, 0.04266, 0.02342]


def printed(value, digits=6):
    """Equal to the printed digits."""
    return pytest.approx(value, abs=0.501 * 10.0**-digits)


@pytest.mark.parametrize(
    ("method", "estimate", "se", "tau2", "within"),
    [
        ("CE", 0.414305, 0.063985, 0.0, 1e-6),
        ("DL", 0.358232, 0.105247, 0.037318, 1e-6),
        ("REML", 0.360390, 0.100843, 0.032109, 1e-5),
        ("PM", 0.365977, 0.092241, 0.022715, 1e-5),
    ],
)
def test_b09_estimators(pool, method, estimate, se, tau2, within):
    result = pool(B09_YI, B09_VI, tau2_method=method, ci_method="z")
    assert result["estimate"] == pytest.approx(estimate, abs=within)
    assert result["se"] == pytest.approx(se, abs=within)
    assert result["tau2"] == pytest.approx(tau2, abs=within)


def test_b09_heterogeneity_and_intervals(pool):
    result = pool(B09_YI, B09_VI, tau2_method="DL", ci_method="z", pi_method="HTS")
    assert result["q"] == printed(12.0054, 4)
    assert result["q_p"] == printed(0.0347, 4)
    assert result["i2_q"] == printed(58.35, 2)
    assert math.sqrt(result["h2_q"]) == printed(1.5495, 4)
    assert (result["ci_low"], result["ci_high"]) == (printed(0.151951), printed(0.564513))
    assert (result["pi_low"], result["pi_high"]) == (printed(-0.252555), printed(0.969019))
    assert (result["tau2_ci_low"], result["tau2_ci_high"]) == (0.0, printed(0.230474, 5))


def test_b09_hartung_knapp(pool):
    plain = pool(B09_YI, B09_VI, tau2_method="DL", ci_method="HK")
    assert plain["se"] == printed(0.090214)
    assert (plain["ci_low"], plain["ci_high"]) == (printed(0.126330), printed(0.590133))
    floor = pool(B09_YI, B09_VI, tau2_method="DL", ci_method="HK_adhoc")
    assert (floor["ci_low"], floor["ci_high"]) == (printed(0.087685), printed(0.628779))


def test_b09_both_definitions_of_i2(pool):
    assert pool(B09_YI, B09_VI, tau2_method="REML")["i2_tau2"] == printed(54.7, 1)
    assert pool(B09_YI, B09_VI, tau2_method="PM")["i2_tau2"] == printed(46.0, 1)


@pytest.mark.parametrize(
    ("method", "estimate", "se", "tau2"),
    [
        ("CE", -0.430285, 0.040499, 0.0),
        ("DL", -0.714117, 0.178742, 0.308760),
        ("REML", -0.714532, 0.179782, 0.313243),
        ("PM", -0.714968, 0.180892, 0.318068),
    ],
)
def test_bcg_estimators(golden, pool, method, estimate, se, tau2):
    data = golden("dat.bcg_RR")
    result = pool(data["yi"], data["vi"], tau2_method=method, ci_method="z")
    assert result["estimate"] == pytest.approx(estimate, abs=1e-5)
    assert result["se"] == pytest.approx(se, abs=1e-5)
    assert result["tau2"] == pytest.approx(tau2, abs=1e-5)
    assert result["q"] == printed(152.2330, 4)
    assert result["i2_q"] == printed(92.12, 2)


@pytest.mark.parametrize(
    ("pi_method", "low", "high"), [("V", -1.995, 0.566), ("HTS", -2.008, 0.579)]
)
def test_bcg_prediction_intervals(golden, pool, pi_method, low, high):
    data = golden("dat.bcg_RR")
    result = pool(data["yi"], data["vi"], pi_method=pi_method)
    assert (result["pi_low"], result["pi_high"]) == (printed(low, 3), printed(high, 3))


def test_bcg_q_profile_and_hartung_knapp(golden, pool):
    data = golden("dat.bcg_RR")
    result = pool(data["yi"], data["vi"], ci_method="HK")
    assert (result["ci_low"], result["ci_high"]) == (printed(-1.10844, 4), printed(-0.32062, 4))
    limits = (result["tau2_ci_low"], result["tau2_ci_high"])
    # quoted from a root search that stopped at 1e-4
    assert limits == pytest.approx((0.119695, 1.111486), abs=1e-4)
    assert result["i2_tau2"] == printed(92.22, 2)


def test_umbrella_of_four_meta_analyses(call, pool):
    estimates = [0.50, 0.35, 0.67, 0.28]
    limits = [(0.36, 0.64), (0.21, 0.49), (0.51, 0.83), (0.10, 0.46)]
    lows, highs = zip(*limits, strict=True)
    recovered = call("se_from_ci", lows, highs, [0.95] * 4)
    result = pool(estimates, [row["se"] ** 2 for row in recovered], tau2_method="DL", ci_method="z")
    assert result["estimate"] == printed(0.451798)
    assert result["se"] == printed(0.082106)
    assert result["tau2"] == printed(0.020708)
    assert result["q"] == printed(13.125, 3)
    assert result["i2_q"] == printed(77.14, 2)
    assert (result["ci_low"], result["ci_high"]) == (printed(0.290873), printed(0.612723))


def test_statsmodels_kacker2004(pool):
    yi = [61.0, 61.4, 62.21, 62.3, 62.34, 62.6, 62.7, 62.84, 65.9]
    vi = [0.2025, 1.21, 0.09, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225]
    result = pool(yi, vi, tau2_method="PM", ci_method="z")
    assert result["estimate"] == pytest.approx(62.4076199, abs=1e-6)
    assert result["se"] == pytest.approx(0.3380306, abs=1e-6)


def test_normand1999_lidocaine(golden, pool):
    data = golden("dat.hine1989_RD")
    result = pool(data["yi"], data["vi"], tau2_method="CE", ci_method="z")
    assert 100 * result["estimate"] == printed(2.9444, 4)
    limits = [100 * result["ci_low"], 100 * result["ci_high"]]
    assert limits == [printed(0.3831, 4), printed(5.5058, 4)]


def test_pritz1997_proportions(call, golden, pool):
    data = golden("dat.pritz1997_PLO")
    result = pool(data["yi"], data["vi"], tau2_method="DL", ci_method="z")
    assert result["estimate"] == printed(1.137969)
    assert result["se"] == printed(0.240896)
    assert result["tau2"] == printed(0.361558)
    inverse = [1 / (1 + math.exp(-result[key])) for key in ("estimate", "ci_low", "ci_high")]
    assert inverse == [printed(0.7573, 4), printed(0.6606, 4), printed(0.8334, 4)]


def test_bcg_subgroups_by_allocation(call, golden):
    data = golden("subgroups")
    rows = call("subgroup_difference", [data["estimates"]], [data["ses"]])
    assert data["estimates"] == [printed(-0.540793), printed(-1.004161), printed(-0.439347)]
    assert data["ses"] == [printed(0.281602), printed(0.362107), printed(0.313338)]
    assert rows[0]["q_between"] == printed(1.536769)
    assert rows[0]["p_value"] == printed(0.463762)
    assert (rows[0]["groups"], rows[0]["df"]) == (3, 2)


def test_hedges_g_from_means(call):
    def one(form):
        return call("smd_from_means", [10], [2], [30], [8], [2.5], [32], [form])[0]

    assert one("LS")["yi"] == printed(0.869181)
    assert one("LS")["vi"] == printed(0.070676)
    assert one("LS2")["vi"] == printed(0.069064)
    assert one("UB")["vi"] == printed(0.071068)
    assert one("H0")["vi"] == printed(0.065142)


@pytest.mark.parametrize(("m", "j"), [(4, 0.797885), (8, 0.902703), (18, 0.957646), (60, 0.987439)])
def test_exact_small_sample_correction(call, m, j):
    size = m / 2 + 1
    assert call("g_from_d", [1.0], [0.1], [size], [size], [None])[0]["yi"] == printed(j)


def test_standard_errors_from_papers(call):
    rows = call(
        "se_from_ci",
        [math.log(2.17), math.log(1.59)],
        [math.log(2.85), math.log(8.27)],
        [0.95, 0.95],
    )
    assert [row["se"] for row in rows] == [printed(0.069540), printed(0.420646)]
    assert call("se_from_p", [0.4], [0.01])[0]["se"] ** 2 == printed(0.024115)


def test_odds_ratio_to_smd(call):
    log_or, se = math.log(2.49), 0.069540
    rows = call("smd_from_log_odds", [log_or] * 2, [se**2] * 2, ["hasselblad_hedges", "cox"])
    assert [row["yi"] for row in rows] == [printed(0.502968), printed(0.552899)]
    assert [math.sqrt(row["vi"]) for row in rows] == [printed(0.038339, 5), printed(0.042145)]
