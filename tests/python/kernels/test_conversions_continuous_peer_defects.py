"""Mistakes of other packages in conversions of continuous outcomes, each guarded against here.

The packages in which each was seen are named in the docstrings.
"""

import math

import pytest

Z = 1.959963984540054


def one(call, name, *inputs):
    return call(name, *[[value] for value in inputs])[0]


def test_pre_post_has_the_sign_of_post_only(call):
    """metaConvert 1.0.2: +0.985 from pre and post means, -0.992 from the post means alone."""
    after = one(call, "smd_from_means", 20, 8, 40, 28, 8, 40, "LS")["yi"]
    morris = one(call, "dppc2_from_means", 30, 8, 20, 40, 30, 8, 28, 40, 0.5)["yi"]
    becker = one(call, "smcr_difference", 30, 8, 20, 40, 0.5, 30, 8, 28, 40, 0.5, "LS")["yi"]
    changes = one(call, "md_from_means", -10, 8, 40, -2, 8, 40, "unequal")["yi"]
    assert after < 0
    assert morris == pytest.approx(after, rel=1e-12)
    assert becker < 0
    assert changes < 0


def test_effect_lies_in_its_own_interval_when_groups_are_reversed(call):
    """metaConvert 1.0.2: reverse flipped g, not its interval (-0.985, 0.388 to 1.581)."""
    row = one(call, "smd_from_means", 28, 8, 40, 20, 8, 40, "LS")
    back = one(call, "smd_from_means", 20, 8, 40, 28, 8, 40, "LS")
    half = Z * math.sqrt(row["vi"])
    assert (back["yi"], back["vi"]) == (pytest.approx(-row["yi"]), pytest.approx(row["vi"]))
    assert -row["yi"] - half <= back["yi"] <= -row["yi"] + half


def test_interval_of_a_mean_difference_has_the_width_of_its_standard_error(call):
    """metaConvert 1.0.2: the interval was built with the root of the standard error."""
    row = one(call, "md_from_means", 10, 2, 30, 8, 2.5, 32, "equal")
    se, df = math.sqrt(row["vi"]), 60
    t = 1 / one(call, "se_from_p_t", 1.0, 0.05, df)["se"]
    low, high = row["yi"] - t * se, row["yi"] + t * se
    assert one(call, "se_from_ci_t", low, high, 0.95, df)["se"] == pytest.approx(se, rel=1e-12)


def test_standard_error_of_d_from_r_is_of_the_size_of_a_trial(call):
    """metaConvert 1.0.2, cor_to_smd = "cooper": 1.089 where 0.115 was right."""
    n = 320
    vi = one(call, "cor_from_r", 0.2, n)["vi"]
    se = math.sqrt(one(call, "d_from_r", 0.2, vi)["vi"])
    of_two_groups = math.sqrt(one(call, "smd_from_point_biserial", 0.2, 160, 160, "LS2")["vi"])
    assert se == pytest.approx(of_two_groups, rel=0.03)
    assert se == pytest.approx(0.115, abs=0.002)


def test_variances_are_positive_and_of_their_scale(call):
    """PyMARE: variances of -0.062 for 0.329 (raw difference) and 23.3 for 0.071 (d)."""
    md = one(call, "md_from_means", 10, 2, 30, 8, 2.5, 32, "unequal")
    assert md["vi"] == pytest.approx(0.329, abs=1e-3)
    for form in ("LS", "LS2", "UB", "H0", "RM"):
        vi = one(call, "smd_from_means", 10, 2, 30, 8, 2.5, 32, form)["vi"]
        assert vi == pytest.approx(0.0695, abs=0.005)
    change = one(call, "smcc_from_change", 2, 2, 30, "LS")
    assert change["vi"] == pytest.approx(1 / 30 + change["yi"] ** 2 / 60)


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("smd_from_means", (1, -1, 9, 0, 1, 9, "LS")),
        ("smdh_from_means", (1, 1, 9, 0, -1, 9, "LS")),
        ("md_from_means", (1, -1, 9, 0, 1, 9, "unequal")),
        ("rom_from_means", (1, 1, 9, 1, -1, 9, "unequal")),
        ("smcc_from_change", (1, -1, 9, "LS")),
        ("smcr_from_means", (1, -1, 2, 9, 0.5, "LS")),
        ("dppc2_from_means", (1, -1, 2, 9, 1, 1, 2, 9, 0.5)),
        ("d_from_r", (0.3, -0.1)),
        ("r_from_d", (0.3, -0.1, 9, 9)),
        ("r_from_fisher_z", (0.3, -0.1)),
        ("sd_from_se", (-1, 9)),
        ("se_from_sd", (-1, 9)),
        ("combine_two_arms", (9, 1, -1, 9, 1, 1)),
        ("se_from_cluster_trial", (-0.1, 20, 0.02)),
    ],
)
def test_negative_spread_is_refused(call, name, inputs):
    """pimeta accepted negative SDs and variances."""
    row = one(call, name, *inputs)
    assert row["status"] == "out_of_range"


@pytest.mark.parametrize("form", ["LS", "LS2", "UB", "H0", "RM"])
@pytest.mark.parametrize("name", ["smd_from_t", "smd_from_f", "smd_from_p", "smd_from_eta2"])
def test_g_from_a_test_never_keeps_the_variance_of_d(call, name, form):
    """esc, metapsyTools: g was multiplied by J, its variance left that of d (0.07083)."""
    t = 0.8802376962713231 / math.sqrt(1 / 30 + 1 / 32)
    inputs = {
        "smd_from_t": (t,),
        "smd_from_f": (t**2, 1),
        "smd_from_p": (p_of(t, 60), 1),
        "smd_from_eta2": (t**2 / (t**2 + 60), 1),
    }[name]
    row = one(call, name, *inputs, 30, 32, form)
    assert row["yi"] == pytest.approx(0.869181, abs=1e-6)
    assert abs(row["vi"] - 0.070833) > 1e-4


def p_of(t, df):
    """Two-sided p, by the sum for an even number of degrees of freedom."""
    angle = math.atan(t / math.sqrt(df))
    term = total = 1.0
    for k in range(1, df // 2):
        term *= (2 * k - 1) / (2 * k) * math.cos(angle) ** 2
        total += term
    return 1 - math.sin(angle) * total


def test_skewness_is_a_flag_and_hides_no_number(call):
    """metafor: conv.fivenum returns NA, without a word, where its skewness test rejects."""
    row = one(call, "mean_sd_from_quartiles", 1, 2, 20, 50)
    assert row["is_skewed"] is True
    assert row["status"] == "ok"
    assert row["mean"] > 2
    assert row["sd"] > 0
    assert row["skewness"] >= row["skewness_critical"]


def test_a_bound_is_never_taken_for_a_p_value(call):
    """p < 0.001 read as p = 0.001 gives the largest standard error, and says so."""
    row = one(call, "se_bound_from_p", 0.4, 0.001, "<")
    assert row["bound"] == "upper"
    for p in (9e-4, 1e-5, 1e-12):
        assert one(call, "se_from_p", 0.4, p)["se"] < row["se_bound"]
    row = one(call, "se_bound_from_p", 0.4, 0.05, ">")
    assert row["bound"] == "lower"
    for p in (0.051, 0.5, 0.99):
        assert one(call, "se_from_p", 0.4, p)["se"] > row["se_bound"]


def test_shared_control_is_not_counted_twice(call):
    """Both remedies: a share of the group for each comparison, or the covariance."""
    share = one(call, "split_shared_control", 40, 2)["share"]
    assert 2 * share == 40
    md = one(call, "md_from_means", 10, 2, 30, 8, 2.5, 40, "unequal")
    covariance = one(call, "cov_shared_control_md", 2.5, 40)["covariance"]
    assert covariance == pytest.approx(md["vi"] - 4 / 30)


@pytest.mark.parametrize("form", ["LS", "LS2", "UB", "H0"])
def test_a_standard_error_entered_as_deviation_is_not_the_same(call, form):
    """metafor 5.1 warns of it: the effect is inflated by sqrt(n)."""
    right = [one(call, "sd_from_se", se, 36)["sd"] for se in (0.5, 0.4)]
    g = one(call, "smd_from_means", 10, right[0], 36, 9, right[1], 36, form)["yi"]
    wrong = one(call, "smd_from_means", 10, 0.5, 36, 9, 0.4, 36, form)["yi"]
    assert wrong == pytest.approx(6 * g, rel=1e-12)


@pytest.mark.parametrize(("r", "n"), [(-0.45, 30), (0.2, 12), (0.7, 100)])
def test_limits_of_a_correlation_are_transformed_once(call, r, n):
    """metaumbrella: the lower limit of d from r was transformed twice (-1.335 for -1.606)."""
    z = call("fisher_z_from_r", [r], [n])[0]
    effects = [
        z["yi"] + q * math.sqrt(z["vi"]) for q in (-1.959963984540054, 0.0, 1.959963984540054)
    ]
    correlations = [call("r_from_fisher_z", [effect], [z["vi"]])[0]["yi"] for effect in effects]
    assert correlations[1] == pytest.approx(r, rel=1e-12)
    ds = [call("d_from_r", [limit], [0.01])[0]["yi"] for limit in correlations]
    assert ds == pytest.approx([2.0 * math.sinh(effect) for effect in effects], rel=1e-12)
    back = [call("r_from_smd", [d], [0.01], [None], [None])[0]["yi"] for d in ds]
    assert back == pytest.approx(correlations, rel=1e-12)


def test_limits_of_d_and_of_its_odds_ratio_agree(call):
    """The correct limit of the same study, -1.606, is the odds ratio .054 that stood beside it."""
    log_or = call("log_odds_from_smd", [-1.606], [0.1], ["hasselblad_hedges"])[0]["yi"]
    assert math.exp(log_or) == pytest.approx(0.054, abs=5e-4)
