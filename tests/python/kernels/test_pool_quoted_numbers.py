"""Further estimators and intervals as quoted from metafor 5.1 and meta 8.4, and peers' mistakes.

B09 is the data of Borenstein, Hedges, Higgins & Rothstein 2009, ch. 14. Iterative estimators were
quoted at metafor's default threshold, so to about 1e-5.
"""

import pytest

B09_YI = [0.09452, 0.27736, 0.36654, 0.66438, 0.46181, 0.18516]
B09_VI = [0.03295, 0.03070, 0.04988, 0.01051, 0.04266, 0.02342]


def printed(value, digits=6):
    """Equal to the printed digits."""
    return pytest.approx(value, abs=0.501 * 10.0**-digits)


@pytest.mark.parametrize(
    ("method", "tau2", "within"),
    [
        ("HE", 0.010095, 1e-6),
        ("HS", 0.024586, 1e-6),
        ("HSk", 0.034416, 1e-6),
        ("SJ", 0.026791, 1e-6),
        ("ML", 0.024725, 1e-5),
        ("EB", 0.022715, 1e-5),
        ("PMM", 0.028715, 1e-5),
    ],
)
def test_b09_tau2(pool, method, tau2, within):
    assert pool(B09_YI, B09_VI, tau2_method=method)["tau2"] == pytest.approx(tau2, abs=within)


@pytest.mark.parametrize(
    ("method", "tau2"),
    [("HE", 0.328564), ("HS", 0.228363), ("HSk", 0.249170), ("SJ", 0.345516), ("ML", 0.280028)],
)
def test_bcg_tau2(golden, pool, method, tau2):
    data = golden("dat.bcg_RR")
    result = pool(data["yi"], data["vi"], tau2_method=method)
    assert result["tau2"] == pytest.approx(tau2, abs=1e-5)


def test_intervals_of_i2(golden, pool):
    """MetaWin took the standard error of ln H for that of ln H2: 34.6 to 73.5 instead."""
    b09 = pool(B09_YI, B09_VI)
    assert (b09["i2_q_ci_low"], b09["i2_q_ci_high"]) == (0, printed(83.13, 2))
    assert (b09["h2_q_ci_low"], b09["h2_q_ci_high"] ** 0.5) == (1, printed(2.4344, 4))
    data = golden("dat.bcg_RR")
    bcg = pool(data["yi"], data["vi"])
    assert (bcg["i2_q_ci_low"], bcg["i2_q_ci_high"]) == (printed(88.32, 2), printed(94.68, 2))


def test_b09_kenward_roger_of_meta(pool):
    result = pool(B09_YI, B09_VI, ci_method="KR_meta")
    assert result["se"] == printed(0.103088, 5)
    assert (result["ci_low"], result["ci_high"]) == (printed(0.080011, 5), printed(0.640770, 5))
    assert result["df"] == pytest.approx(4.2218, abs=1e-4)


@pytest.mark.parametrize(
    ("pi_method", "low", "high"),
    [
        ("z", -1.867, 0.438),
        ("HK", -1.996, 0.567),
        ("HK_PR", -2.009, 0.580),
        ("KR_meta", -2.017, 0.588),
        ("KR_PR_meta", -2.035, 0.606),
    ],
)
def test_bcg_prediction_intervals(golden, pool, pi_method, low, high):
    data = golden("dat.bcg_RR")
    result = pool(data["yi"], data["vi"], pi_method=pi_method)
    assert (result["pi_low"], result["pi_high"]) == (printed(low, 3), printed(high, 3))


def test_bcg_profile_likelihood_of_tau2(golden, pool):
    data = golden("dat.bcg_RR")
    result = pool(data["yi"], data["vi"], tau2_ci_method="PL")
    limits = (result["tau2_ci_low"], result["tau2_ci_high"])
    assert limits == pytest.approx((0.115239, 0.964666), abs=1e-4)


def test_hybrids_never_narrow_the_interval(pool):
    """metaumbrella: plain Hartung-Knapp was narrower than z for three near-equal effects."""
    yi, vi = [0.50, 0.51, 0.505], [0.01, 0.01, 0.01]
    width = {}
    for method in ("z", "HK", "HK_ci", "HK_iqwig6", "HK_adhoc"):
        result = pool(yi, vi, tau2_method="DL", ci_method=method)
        width[method] = result["ci_high"] - result["ci_low"]
    assert width["HK"] < width["z"] == width["HK_ci"]
    assert width["HK_iqwig6"] == width["HK_adhoc"] > width["z"]


@pytest.mark.parametrize("ci_method", ["KR", "PL", "HK_ci", "HK_iqwig6"])
def test_p_and_interval_agree(pool, ci_method):
    """The p value is that of the interval reported, at the level that was asked for."""
    method = "ML" if ci_method == "PL" else "REML"
    for shift in (0.0, 0.1, 0.2, 0.3, 0.4):
        yi = [y - shift for y in B09_YI]
        result = pool(yi, B09_VI, tau2_method=method, ci_method=ci_method)
        excludes_zero = result["ci_low"] > 0 or result["ci_high"] < 0
        assert excludes_zero == (result["p_value"] < 0.05)


@pytest.mark.parametrize("ci_method", ["KR", "HK_ci", "HK_iqwig6", "PL"])
@pytest.mark.parametrize("k", [2, 3, 6])
def test_identical_effects(pool, ci_method, k):
    method = "ML" if ci_method == "PL" else "REML"
    vi = [0.1 + 0.01 * i for i in range(k)]
    result = pool([0.3] * k, vi, tau2_method=method, ci_method=ci_method, tau2_ci_method="PL")
    assert (result["tau2"], result["tau2_ci_low"]) == (0, 0)
    assert result["status"] == ("low_df" if ci_method == "KR" and k < 5 else "ok")
    assert result["ci_low"] < 0.3 < result["ci_high"]
    assert (result["i2_q_ci_high"] is None) == (k < 3)


@pytest.mark.parametrize("ci_method", ["KR", "PL", "HK_ci", "HK_iqwig6"])
def test_few_studies(pool, ci_method):
    method = "ML" if ci_method == "PL" else "REML"
    options = {"tau2_method": method, "ci_method": ci_method, "tau2_ci_method": "PL"}
    assert pool([], [], **options)["status"] == "no_data"
    one = pool([0.5], [0.04], **options)
    assert (one["status"], one["se"], one["df"]) == ("single_study", pytest.approx(0.2), None)
    assert one["tau2_ci_high"] is None
    two = pool([0.1, 0.9], [0.05, 0.02], **options)
    assert two["status"] == ("low_df" if ci_method == "KR" else "ok")
    assert two["ci_low"] < two["estimate"] < two["ci_high"]
    assert 0 <= two["tau2_ci_low"] <= two["tau2"] < two["tau2_ci_high"]


@pytest.mark.parametrize("power", [-100, -12, 12, 100])
def test_one_nearly_exact_study_keeps_kenward_roger_exact(pool, power):
    """The textbook form cancels; in units of any size se and df stay those of 50 digits."""
    from decimal import Decimal, localcontext

    scale = 10.0**power
    yi, vi = [0.5, 0.5000001, 0.9, 0.3], [1e-14, 0.04, 0.05, 0.06]
    result = pool([y * scale for y in yi], [v * scale**2 for v in vi], ci_method="KR")
    with localcontext(prec=60):
        tau2 = Decimal(result["tau2"])
        w = [1 / (Decimal(v * scale**2) + tau2) for v in vi]
        w1, w2, w3 = (sum(x**n for x in w) for n in (1, 2, 3))
        information = w2 / 2 - w3 / w1 + (w2 / w1) ** 2 / 2
        variance = (1 + 2 * (w3 / w1 - (w2 / w1) ** 2) / information) / w1
        assert result["se"] == pytest.approx(float(variance.sqrt()), rel=1e-9)
        assert result["df"] == pytest.approx(float(2 * information * (w1 / w2) ** 2), rel=1e-9)
