"""Invariances, limits and round trips of the conversions of continuous outcomes."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

quickly = settings(max_examples=40, deadline=None, derandomize=True)

mean = st.floats(-50, 50)
sd = st.floats(0.1, 20)
size = st.integers(4, 400)
group = st.tuples(mean, sd, size)
correlation = st.floats(-0.95, 0.95)
probability = st.floats(1e-6, 0.99)
form = st.sampled_from(["LS", "LS2", "UB", "H0", "RM"])
correction = st.sampled_from(["exact", "approximate"])
PER_GROUP = ["smd_from_means", "smdh_from_means", "md_from_means", "point_biserial_from_means"]
FORMS = {"md_from_means": "unequal"}


def near(value, rel=1e-9):
    return pytest.approx(value, rel=rel, abs=1e-12)


@pytest.fixture(scope="module")
def one(request):
    """``one(name, *inputs)``: the row of one call."""
    call = request.getfixturevalue("call")

    def row(name, *inputs):
        return call(name, *[[value] for value in inputs])[0]

    return row


@pytest.mark.parametrize("name", PER_GROUP)
@quickly
@given(a=group, b=group, shift=mean, scale=st.floats(0.01, 100))
def test_groups_swapped_shifted_and_scaled(one, name, a, b, shift, scale):
    last = FORMS.get(name, "LS")
    row = one(name, *a, *b, last)
    swapped = one(name, *b, *a, last)
    assert (swapped["yi"], swapped["vi"]) == (near(-row["yi"]), near(row["vi"]))
    moved = one(name, a[0] + shift, *a[1:], b[0] + shift, *b[1:], last)
    assert (moved["yi"], moved["vi"]) == (near(row["yi"]), near(row["vi"]))
    a, b = ((m * scale, s * scale, n) for m, s, n in (a, b))
    scaled = one(name, *a, *b, last)
    unit = scale if name == "md_from_means" else 1.0
    assert scaled["yi"] == near(unit * row["yi"])
    assert scaled["vi"] == near(unit**2 * row["vi"])


@quickly
@given(m1=st.floats(0.5, 50), m2=st.floats(0.5, 50), sds=st.tuples(sd, sd), scale=st.floats(0.1, 9))
def test_ratio_of_means_is_swapped_and_scaled(one, m1, m2, sds, scale):
    row = one("rom_from_means", m1, sds[0], 20, m2, sds[1], 30, "unequal")
    swapped = one("rom_from_means", m2, sds[1], 30, m1, sds[0], 20, "unequal")
    assert (swapped["yi"], swapped["vi"]) == (near(-row["yi"]), near(row["vi"]))
    scaled = [scale * x for x in (m1, sds[0], m2, sds[1])]
    row2 = one("rom_from_means", *scaled[:2], 20, *scaled[2:], 30, "unequal")
    assert (row2["yi"], row2["vi"]) == (near(row["yi"]), near(row["vi"]))
    plain = one("rom_from_means", m1, sds[0], 20, m2, sds[1], 30, "unequal", {"correction": "none"})
    assert math.exp(plain["yi"]) == near(m1 / m2)


@quickly
@given(d=st.floats(-3, 3), n1=size, n2=size, form=form, correction=correction)
def test_g_is_smaller_than_d_and_every_variance_positive(one, d, n1, n2, form, correction):
    row = one("g_from_d", d, None, n1, n2, form, {"correction": correction})
    assert abs(row["yi"]) <= abs(d)
    assert row["vi"] > 0
    same = one("smd_from_means", d, 1, n1, 0, 1, n2, form, {"correction": correction})
    assert (row["yi"], row["vi"]) == (near(same["yi"]), near(same["vi"]))


@quickly
@given(d=st.floats(-3, 3), n1=size, n2=size, mean_g=st.floats(-2, 2))
def test_variances_in_other_words(one, d, n1, n2, mean_g):
    m, total, harmonic = n1 + n2 - 2, n1 + n2, n1 * n2 / (n1 + n2)
    exact = math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) * math.sqrt(2 / m)
    for kind, j in (("exact", exact), ("approximate", 1 - 3 / (4 * total - 9)), ("none", 1.0)):
        g = j * d
        expected = {
            "LS": 1 / harmonic + g * g / 2 / total,
            "LS2": (j * j) / harmonic + g * g / 2 / total,
            "UB": 1 / harmonic + g * g - d * d * (m - 2) / m,
            "H0": j * j / harmonic / (1 - 2 / m),
            "AV": 1 / harmonic + mean_g * mean_g / 2 / total,
            "RM": total / (n1 * n2) + g * g / (2 * total - 7.88),
        }
        for name, vi in expected.items():
            if (name, kind) == ("UB", "none"):
                continue
            options = {"correction": kind} | ({"mean_g": mean_g} if name == "AV" else {})
            row = one("g_from_d", d, None, n1, n2, name, options)
            assert (row["yi"], row["vi"]) == (near(g), near(vi))


@quickly
@given(
    five=st.lists(st.integers(0, 1000), min_size=5, max_size=5, unique=True),
    n=st.integers(5, 2000),
)
def test_medians_in_other_words(one, five, n):
    low, q1, median, q3, high = sorted(five)
    quantile = NormalDist().inv_cdf
    of_range = (high - low) / quantile((n - 0.375) / (n + 0.25)) / 2
    of_quartiles = (q3 - q1) / quantile((0.75 * n - 0.125) / (n + 0.25)) / 2
    bowley = abs((low + high - 2 * median) / (high - low)), abs((q1 + q3 - 2 * median) / (q3 - q1))
    row = one("mean_sd_from_quartiles", q1, median, q3, n)
    share = 0.7 + 0.39 / n
    assert row["mean"] == near(share * (q1 + q3) / 2 + (1 - share) * median)
    assert row["sd"] == near(of_quartiles)
    assert row["skewness"] == near(bowley[1])
    assert row["skewness_critical"] == near(2.65 / n**0.5 - 6 / n**2)
    row = one("mean_sd_from_median_range", low, median, high, n)
    power = n**0.75
    assert row["mean"] == near((2 * (low + high) + power * median) / (4 + power))
    assert row["sd"] == near(of_range)
    assert row["skewness"] == near(bowley[0])
    assert row["skewness_critical"] == near(1 / math.log(n + 9) + 2.5 / (n + 1))
    row = one("mean_sd_from_five_numbers", low, q1, median, q3, high, n)
    w1, w2, w = 2.2 / (2.2 + power), 0.7 - 0.72 / n**0.55, 1 / (1 + 0.07 * n**0.6)
    mean = w1 * (low + high) / 2 + w2 * (q1 + q3) / 2 + (1 - w1 - w2) * median
    assert row["mean"] == near(mean)
    assert row["sd"] == near(w * of_range + (1 - w) * of_quartiles)
    assert row["skewness"] == near(max(2.65 * math.log(0.6 * n) / n**0.5 * bowley[0], bowley[1]))
    assert row["skewness_critical"] == near(3 / n**0.5 - 40 / n**3)
    wan = {"method": "wan"}
    assert one("mean_sd_from_quartiles", q1, median, q3, n, wan)["mean"] == near(
        (q1 + median + q3) / 3
    )
    row = one("mean_sd_from_median_range", low, median, high, n, wan)
    assert row["mean"] == near((low + 2 * median + high) / 4)
    row = one("mean_sd_from_five_numbers", low, q1, median, q3, high, n, wan)
    assert row["mean"] == near((low + 2 * q1 + 2 * median + 2 * q3 + high) / 8)
    assert row["sd"] == near((of_range + of_quartiles) / 2)


@quickly
@given(x=st.integers(1, 99), m=st.floats(0.5, 9), s=sd, n=size, g=st.tuples(mean, mean))
def test_covariances_in_other_words(one, x, m, s, n, g):
    def covariance(name, *inputs):
        return one(f"cov_shared_control_{name}", *inputs)["covariance"]

    p = x / 100
    assert covariance("counts", x, 100, "RD") == near(p * (1 - p) / 100)
    assert covariance("counts", x, 100, "RR") == near(1 / x - 1 / 100)
    assert covariance("counts", x, 100, "OR") == near(1 / (100 * p * (1 - p)))
    assert covariance("md", s, n) == near(s * s / n)
    assert covariance("rom", m, s, n) == near(s * s / (n * m * m))
    assert covariance("smd", *g, n, 3 * n) == near(1 / n + g[0] * g[1] / (6 * n))


@quickly
@given(d=st.floats(-3, 3), n1=size, n2=size)
def test_order_of_the_variances(one, d, n1, n2):
    """J < 1 makes LS2 smaller than LS; RevMan's divisor makes RM larger; AV at g is LS."""
    ls, ls2, rm = (one("g_from_d", d, None, n1, n2, f) for f in ("LS", "LS2", "RM"))
    assert ls2["vi"] <= ls["vi"] <= rm["vi"]
    av = one("g_from_d", d, None, n1, n2, "AV", {"mean_g": ls["yi"]})
    assert av["vi"] == near(ls["vi"])


@quickly
@given(t=st.floats(-8, 8), n1=size, n2=size, form=form)
def test_every_test_tells_the_same(one, t, n1, n2, form):
    m = n1 + n2 - 2
    expected = one("smd_from_t", t, n1, n2, form)
    sign = -1 if t < 0 else 1
    p = 2 * stats.t.sf(abs(t), m)
    eta2 = t**2 / (t**2 + m)
    rows = [
        one("smd_from_f", t**2, sign, n1, n2, form),
        one("smd_from_p", p, sign, n1, n2, form),
        one("smd_from_eta2", eta2, 7.5 * sign, n1, n2, form),
        one("smd_from_point_biserial", sign * eta2**0.5, n1, n2, form),
        one("smd_from_ancova_t", t, n1, n2, 0, 0) if form == "LS2" else expected,
        one("smd_from_ancova_f", t**2, sign, n1, n2, 0, 0) if form == "LS2" else expected,
    ]
    for row in rows:
        assert row["yi"] == pytest.approx(expected["yi"], rel=1e-7, abs=1e-7)
        assert row["vi"] == pytest.approx(expected["vi"], rel=1e-7)


@quickly
@given(a=group, b=group, form=form)
def test_correlation_of_group_and_outcome_leads_back_to_g(one, a, b, form):
    r = one("point_biserial_from_means", *a, *b, "CS")["yi"]
    if abs(r) < 0.99:
        row = one("smd_from_point_biserial", r, a[2], b[2], form)
        assert row["yi"] == near(one("smd_from_means", *a, *b, form)["yi"])


@quickly
@given(d=st.floats(-3, 3), vi=st.floats(1e-4, 1), n=size)
def test_d_to_r_and_back(one, d, vi, n):
    r = one("r_from_d", d, vi, n, n)
    back = one("d_from_r", r["yi"], r["vi"])
    assert (back["yi"], back["vi"]) == (near(d), near(vi))


@quickly
@given(r=st.floats(-0.999, 0.999), n=size)
def test_fisher_z_and_back(one, r, n):
    z = one("fisher_z_from_r", r, n)
    back = one("r_from_fisher_z", z["yi"], z["vi"])
    assert back["yi"] == near(r)
    assert back["vi"] == near((1 - r**2) ** 2 / (n - 3), rel=1e-7)


@quickly
@given(r=correlation, vi=st.floats(1e-4, 0.1))
def test_variances_follow_the_derivative(one, r, vi):
    """The delta method: variance after = variance before times the squared slope."""
    step = 1e-6
    slope = (one("d_from_r", r + step, vi)["yi"] - one("d_from_r", r - step, vi)["yi"]) / (2 * step)
    assert one("d_from_r", r, vi)["vi"] == pytest.approx(vi * slope**2, rel=1e-5)
    for n1, n2 in ((30, 30), (10, 50)):
        up, down = (one("r_from_d", r + s, vi, n1, n2)["yi"] for s in (step, -step))
        expected = vi * ((up - down) / (2 * step)) ** 2
        assert one("r_from_d", r, vi, n1, n2)["vi"] == pytest.approx(expected, rel=1e-5)


@quickly
@given(phi=correlation, n=size)
def test_phi_is_a_correlation_and_chi_square(one, phi, n):
    row = one("d_from_phi", phi, n)
    as_r = one("d_from_r", phi, (1 - phi**2) ** 2 / n)
    as_chi2 = one("d_from_chi2", n * phi**2, phi or 1, n)
    for other in (as_r, as_chi2):
        assert (other["yi"], other["vi"]) == (near(row["yi"]), near(row["vi"]))


@quickly
@given(r=correlation, n=st.integers(5, 2000))
def test_bias_correction_moves_away_from_zero_and_vanishes(one, r, n):
    corrected = one("cor_from_r", r, n, {"correction": "olkin_pratt"})["yi"]
    assert abs(r) <= abs(corrected) < 1
    assert corrected == pytest.approx(r, abs=0.5 / (n - 4))


@quickly
@given(pre=sd, post=sd, r=correlation)
def test_sd_of_change_and_back(one, pre, post, r):
    change = one("sd_of_change", pre, post, r)["sd"]
    assert abs(pre - post) <= change * (1 + 1e-12)
    assert one("r_pre_post", pre, post, change)["r"] == pytest.approx(
        r, abs=1e-9 * (pre / post + post / pre)
    )


@quickly
@given(
    base=mean,
    sds=st.tuples(sd, sd),
    posts=st.tuples(mean, mean),
    ns=st.tuples(size, size),
    r=correlation,
)
def test_equal_before_means_the_sign_of_after(one, base, sds, posts, ns, r):
    """One sign everywhere: after minus before, then treatment minus control."""
    (m1, m2), (n1, n2) = posts, ns
    if abs(m1 - m2) < 1e-6:
        return
    after = one("smd_from_means", m1, sds[0], n1, m2, sds[0], n2, "LS")["yi"]
    sign = math.copysign(1, after)
    one_sd = [base, sds[0], m1, n1, base, sds[0], m2, n2]
    dppc2 = one("dppc2_from_means", *one_sd, r)["yi"]
    assert dppc2 == near(after)
    raw = one(
        "md_change_difference", base, sds[0], m1, sds[1], n1, r, base, sds[0], m2, sds[1], n2, r
    )
    assert raw["yi"] == pytest.approx(m1 - m2, abs=1e-9)
    of_changes = one("md_from_means", m1 - base, sds[0], n1, m2 - base, sds[1], n2, "unequal")
    assert math.copysign(1, of_changes["yi"]) == sign
    if n1 == n2:
        difference = one("smcr_difference", *one_sd[:4], r, *one_sd[4:], r, "LS")
        assert math.copysign(1, difference["yi"]) == sign


@quickly
@given(delta=st.floats(-2, 2), n1=size, n2=size, r=correlation)
def test_morris_variance_is_that_of_a_noncentral_t(one, delta, n1, n2, r):
    """d_ppc2 = J sqrt(a) T, T noncentral t with m df and noncentrality delta / sqrt(a)."""
    m, a = n1 + n2 - 2, 2 * (1 - r) * (1 / n1 + 1 / n2)
    j = math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2)
    row = one("dppc2_from_means", 0, 1, delta / j, n1, 0, 1, 0, n2, r)
    assert row["yi"] == near(delta)
    location = delta / math.sqrt(a)
    second = m / (m - 2) * (1 + location**2)  # E(T^2); E(T) = location / J
    assert row["vi"] == near(j**2 * a * second - delta**2, rel=1e-8)
    if abs(location) < 5:
        assert row["vi"] == pytest.approx(j**2 * a * stats.nct.var(m, location), rel=1e-6)


@quickly
@given(delta=st.floats(-2, 2), n1=size, n2=size, r=correlation)
def test_uncorrected_morris_variance_is_that_of_a_noncentral_t(one, delta, n1, n2, r):
    """Without J: sqrt(a) T, the variance of which is 1/J^2 that of the corrected estimate."""
    m, a = n1 + n2 - 2, 2 * (1 - r) * (1 / n1 + 1 / n2)
    j = math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2)
    means = (0, 1, delta / j, n1, 0, 1, 0, n2, r)
    row = one("dppc2_from_means", *means, {"correction": "none"})
    assert row["yi"] == near(delta / j)
    assert row["vi"] == near(one("dppc2_from_means", *means)["vi"] / j**2)
    location = delta / math.sqrt(a)
    if abs(location) < 5:
        assert row["vi"] == pytest.approx(a * stats.nct.var(m, location), rel=1e-6)


@quickly
@given(pre=group, post=st.tuples(mean, sd), r=correlation, form=st.sampled_from(["LS", "LS2"]))
def test_changes_reversed_in_time(one, pre, post, r, form):
    (m1, s1, n), (m2, s2) = pre, post
    for name, forms in (("md_pre_post", ()), ("smcc_from_means", (form,))):
        row = one(name, m1, s1, m2, s2, n, r, *forms)
        back = one(name, m2, s2, m1, s1, n, r, *forms)
        assert (back["yi"], back["vi"]) == (near(-row["yi"]), near(row["vi"]))
    crossover = one("md_crossover", m1, s1, m2, s2, n, r)
    change = one("md_pre_post", m2, s2, m1, s1, n, r)
    assert (crossover["yi"], crossover["vi"]) == (near(change["yi"]), near(change["vi"]))


@quickly
@given(pre=group, post=st.tuples(mean, sd), r=correlation)
def test_crossover_smd_by_the_handbook(one, pre, post, r):
    """SE = sqrt(1/n + SMD^2 / (2 n)) sqrt(2 (1 - r)), SMD = MD / sqrt((s1^2 + s2^2) / 2)."""
    (m1, s1, n), (m2, s2) = pre, post
    row = one("smd_crossover", m1, s1, m2, s2, n, r, {"correction": "none"})
    smd = (m1 - m2) / math.hypot(s1, s2) * math.sqrt(2)
    se = math.sqrt(1 / n + smd**2 / (2 * n)) * math.sqrt(2 * (1 - r))
    assert (row["yi"], math.sqrt(row["vi"])) == (near(smd), near(se))
    g = one("smd_crossover", m1, s1, m2, s2, n, r)
    j = one("smcc_from_change", 1, 1, n, "LS")["yi"]
    assert g["yi"] == near(j * smd)


@quickly
@given(a=group, b=group, r=correlation, q=st.integers(0, 5))
def test_ancova_in_other_words(one, a, b, r, q):
    (m1, s1, n1), (m2, s2, n2) = a, b
    if n1 + n2 - 2 - q <= 1:
        return
    row = one(
        "smd_from_ancova_means", m1, s1, n1, m2, s2, n2, r, q, "adjusted", {"correction": "none"}
    )
    residual = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    d = (m1 - m2) / (residual / math.sqrt(1 - r**2))
    v = (n1 + n2) / (n1 * n2) * (1 - r**2) + d**2 / (2 * (n1 + n2))
    assert (row["yi"], row["vi"]) == (near(d), near(v))
    t = (m1 - m2) / (residual * math.sqrt(1 / n1 + 1 / n2))
    by_t = one("smd_from_ancova_t", t, n1, n2, r, q, {"correction": "none"})
    assert (by_t["yi"], by_t["vi"]) == (near(d), near(v))
    approximate = one("smd_from_ancova_t", t, n1, n2, r, q, {"correction": "approximate"})
    assert approximate["yi"] == near(d * (1 - 3 / (4 * (n1 + n2 - 2 - q) - 1)))


@quickly
@given(se=st.floats(1e-3, 10), df=st.integers(1, 500), level=st.floats(0.5, 0.999), y=mean)
def test_interval_built_with_t_and_back(one, se, df, level, y):
    half = stats.t.ppf((1 + level) / 2, df) * se
    row = one("se_from_ci_t", y - half, y + half, level, df)
    assert row["se"] == pytest.approx(se, rel=1e-7)
    assert row["se"] <= one("se_from_ci", y - half, y + half, level)["se"]


@quickly
@given(p=probability, df=st.integers(1, 500), y=st.floats(0.01, 5))
def test_p_of_a_t_test_and_back(one, p, df, y):
    se = one("se_from_p_t", y, p, df)["se"]
    assert 2 * stats.t.sf(y / se, df) == pytest.approx(p, rel=1e-9)
    assert se == one("se_from_p_t", -y, p, df)["se"]
    assert se <= one("se_from_p", y, p)["se"] * (1 + 1e-12)


@quickly
@given(s=sd, n=st.integers(2, 1000), m=mean)
def test_standard_deviation_and_error(one, s, n, m):
    se = one("se_from_sd", s, n)["se"]
    assert one("sd_from_se", se, n)["sd"] == near(s)
    half = stats.t.ppf(0.975, n - 1) * se
    assert one("sd_from_mean_ci", m - half, m + half, n, 0.95)["sd"] == pytest.approx(s, rel=1e-7)
    pooled = one("sd_from_md_se", s * math.sqrt(1 / n + 1 / 7), n, 7)["sd"]
    assert pooled == near(s)


@quickly
@given(y=mean, low=st.floats(0.01, 10), high=st.floats(0.01, 10))
def test_asymmetry(one, y, low, high):
    row = one("asymmetry_index", y, y - low, y + high, "linear")
    expected = abs(high - low) / (high + low)
    assert row["asymmetry"] == pytest.approx(expected, abs=1e-9)
    assert 0 <= row["asymmetry"] <= 1
    ratio = one("asymmetry_index", *(math.exp(x / 10) for x in (y, y - low, y + high)), "log")
    assert ratio["asymmetry"] == pytest.approx(expected, abs=1e-9)


arms = st.lists(group, min_size=2, max_size=6)


@quickly
@given(arms=arms)
def test_combined_arms_in_any_order_and_one_after_another(one, arms):
    def combined(groups):
        columns = ([float(g[i]) for g in groups] for i in (2, 0, 1))
        row = one("combine_arms", *columns)
        return [row[key] for key in ("n", "mean", "sd")]

    together = combined(arms)
    assert combined(arms[::-1]) == near(together)
    n, m, s = arms[0][2], arms[0][0], arms[0][1]
    for m2, s2, n2 in arms[1:]:
        row = one("combine_two_arms", n, m, s, n2, m2, s2)
        n, m, s = row["n"], row["mean"], row["sd"]
    assert [n, m, s] == near(together)


def test_combined_arms_are_the_people_of_all(one):
    rng = np.random.default_rng(7)
    people = [rng.normal(m, 2.0, n) for m, n in ((3, 5), (4, 17), (-1, 2), (0, 40))]
    columns = [[float(f(x)) for x in people] for f in (len, np.mean, lambda x: x.std(ddof=1))]
    row = one("combine_arms", *columns)
    everyone = np.concatenate(people)
    assert row["n"] == everyone.size
    assert row["mean"] == near(everyone.mean())
    assert row["sd"] == near(everyone.std(ddof=1))


effects = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.001, 2)), min_size=2, max_size=8)


@quickly
@given(
    effects=effects, rho=st.floats(0, 0.99), shift=mean, weighting=st.sampled_from(["equal", "gls"])
)
def test_aggregated_effects(one, effects, rho, shift, weighting):
    y, v = ([e[i] for e in effects] for i in (0, 1))
    options = {"weighting": weighting}
    row = one("aggregate_effects", y, v, rho, options)
    root = np.sqrt(v)
    covariance = rho * np.outer(root, root) + (1 - rho) * np.diag(v)
    weights = (
        np.ones(len(y)) if weighting == "equal" else np.linalg.solve(covariance, np.ones(len(y)))
    )
    weights = weights / weights.sum()
    assert row["yi"] == pytest.approx(weights @ y, rel=1e-8, abs=1e-8)
    assert row["vi"] == pytest.approx(weights @ covariance @ weights, rel=1e-8)
    backwards = one("aggregate_effects", y[::-1], v[::-1], rho, options)
    assert (backwards["yi"], backwards["vi"]) == (near(row["yi"], 1e-8), near(row["vi"]))
    moved = one("aggregate_effects", [x + shift for x in y], v, rho, options)
    assert moved["yi"] == pytest.approx(row["yi"] + shift, rel=1e-9, abs=1e-9)
    assert moved["vi"] == near(row["vi"])
    equal = one("aggregate_effects", y, v, rho)
    assert one("aggregate_effects", y, v, rho, {"weighting": "gls"})["vi"] <= equal["vi"] * (
        1 + 1e-9
    )


@quickly
@given(effects=effects)
def test_a_stronger_correlation_leaves_less_information(one, effects):
    y, v = ([e[i] for e in effects] for i in (0, 1))
    variances = [one("aggregate_effects", y, v, rho)["vi"] for rho in (0, 0.2, 0.5, 0.8, 1.0)]
    assert variances == sorted(variances)
    assert variances[0] == near(sum(v) / len(v) ** 2)
    assert variances[-1] == near((sum(math.sqrt(x) for x in v) / len(v)) ** 2)


@quickly
@given(
    n=st.integers(1, 1000), cluster=st.floats(1, 100), icc=st.floats(0, 1), se=st.floats(0.01, 5)
)
def test_clusters(one, n, cluster, icc, se):
    row = one("n_from_cluster_trial", n, cluster, icc)
    assert n / cluster * (1 - 1e-12) <= row["n_effective"] <= n
    wider = one("se_from_cluster_trial", se, cluster, icc)
    assert (wider["se"] / se) ** 2 == near(n / row["n_effective"])
    assert wider["design_effect"] == row["design_effect"] == near(1 + (cluster - 1) * icc)


@quickly
@given(
    steps=st.lists(st.floats(0.1, 10), min_size=4, max_size=4),
    start=mean,
    scale=st.floats(0.1, 10),
    n=st.integers(5, 1000),
    method=st.sampled_from(["luo_shi", "wan"]),
)
def test_medians_shifted_scaled_and_mirrored(one, steps, start, scale, n, method):
    five = list(np.cumsum([start, *steps]))
    options = {"method": method}
    for name, picked in (
        ("mean_sd_from_five_numbers", five),
        ("mean_sd_from_quartiles", five[1:4]),
        ("mean_sd_from_median_range", five[::2]),
    ):
        row = one(name, *picked, n, options)
        assert row["status"] == "ok"
        moved = one(name, *[scale * x + 3 for x in picked], n, options)
        assert moved["mean"] == pytest.approx(scale * row["mean"] + 3, rel=1e-9, abs=1e-9)
        assert moved["sd"] == near(scale * row["sd"])
        assert moved["skewness"] == pytest.approx(row["skewness"], abs=1e-9)
        mirrored = one(name, *[-x for x in picked[::-1]], n, options)
        assert (mirrored["mean"], mirrored["sd"]) == (near(-row["mean"]), near(row["sd"]))
        assert picked[0] < row["mean"] < picked[-1]
        assert row["is_skewed"] == (row["skewness"] >= row["skewness_critical"])


@pytest.mark.parametrize("n", [5, 20, 400])
def test_a_symmetric_sample_has_its_median_as_mean(one, n):
    for name, picked in (
        ("mean_sd_from_five_numbers", (0, 3, 5, 7, 10)),
        ("mean_sd_from_quartiles", (3, 5, 7)),
        ("mean_sd_from_median_range", (0, 5, 10)),
    ):
        row = one(name, *picked, n)
        assert (row["mean"], row["is_skewed"]) == (pytest.approx(5.0), False)


def test_widths_give_the_same_sd_as_the_medians(one):
    assert one("sd_from_iqr", 7, 15, 50)["sd"] == one("mean_sd_from_quartiles", 7, 10, 15, 50)["sd"]
    of_range = one("mean_sd_from_median_range", 2, 10, 30, 50)["sd"]
    assert one("sd_from_range", 2, 30, 50)["sd"] == of_range
    assert one("sd_from_iqr", 7, 15, 1e9)["sd"] == pytest.approx(8 / 1.349, rel=1e-4)


def test_normal_samples_are_rarely_called_skewed_and_exponential_ones_often(one, call):
    """The test has size 5 %; the estimates are unbiased for a normal outcome."""
    rng = np.random.default_rng(11)
    n, trials = 101, 2000
    for sample, low, high in (
        (rng.normal(10, 3, (trials, n)), 0.02, 0.08),
        (rng.exponential(3, (trials, n)), 0.9, 1.0),
    ):
        sample.sort(axis=1)
        five = [sample[:, i].tolist() for i in (0, 25, 50, 75, 100)]
        rows = call("mean_sd_from_five_numbers", *five, [n] * trials)
        assert low <= np.mean([row["is_skewed"] for row in rows]) <= high
        if high < 0.5:
            assert np.mean([row["mean"] for row in rows]) == pytest.approx(10, abs=0.03)
            assert np.mean([row["sd"] for row in rows]) == pytest.approx(3, abs=0.05)
