"""pool_gls: against metafor's rma.mv, plain matrix algebra, and at the edges."""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, t

from tests.python.cases import each

GOLDEN = Path(__file__).parents[2] / "data" / "regression"
DATA = json.loads((GOLDEN / "pool_gls.json").read_text())
METHODS = ("REML", "DL", "PM", "CE", "ML", "EB", "HE", "HS", "HSk", "SJ", "PMM")
EXAMPLES = settings(max_examples=50, deadline=None, derandomize=True)
by_set = pytest.mark.parametrize("name", ["overlapping_reviews", "berkey1998", "assink_first14"])


def gls(call, yi, v, **options):
    """One pool as a dictionary."""
    matrix = [list(line) for line in v]
    return call("pool_gls", [list(yi)], [matrix], [options or None])[0]


def log_likelihood(yi, v, tau2, method):
    """Full log-likelihood of the normal model, from its density."""
    k, m = len(yi), np.linalg.inv(np.array(v) + tau2 * np.eye(len(yi)))
    e = yi - (m @ yi).sum() / m.sum()
    value = np.linalg.slogdet(m)[1] - e @ m @ e - k * math.log(2 * math.pi)
    if method == "REML":
        value += math.log(2 * math.pi) + math.log(k) - math.log(m.sum())
    return 0.5 * value


def test_every_data_set_is_there():
    assert DATA.keys() == {"overlapping_reviews", "berkey1998", "assink_first14"}
    assert all({"yi", "V", "REML", "ML", "CE"} == data.keys() for data in DATA.values())


@by_set
def test_common_effect_agrees_with_metafor(call, name):
    data, expected = DATA[name], DATA[name]["CE"]
    result = gls(call, data["yi"], data["V"], tau2_method="CE", ci_method="t")
    assert result["status"] == "ok"
    assert result["estimate"] == pytest.approx(expected["b"], rel=1e-9)
    assert result["se"] == pytest.approx(expected["se"], rel=1e-9)
    assert result["ci_low"] == pytest.approx(expected["ci.lb"], rel=1e-9)
    assert result["p_value"] == pytest.approx(expected["p"], rel=1e-8)
    assert result["q"] == pytest.approx(expected["QE"], rel=1e-9)
    assert result["q_p"] == pytest.approx(expected["QEp"], rel=1e-8)
    assert (result["tau2"], result["df"]) == (0, len(data["yi"]) - 1)


@pytest.mark.parametrize("method", ["REML", "ML"])
@by_set
def test_likelihood_estimates_agree_with_metafor(call, name, method):
    """rma.mv stops at about eight digits; the likelihood here is never lower."""
    data, expected = DATA[name], DATA[name][method]
    yi = np.array(data["yi"])
    result = gls(call, yi, data["V"], tau2_method=method, ci_method="z")
    assert result["tau2"] == pytest.approx(expected["tau2"], rel=1e-6, abs=1e-9)
    assert result["estimate"] == pytest.approx(expected["b"], rel=1e-6)
    assert result["se"] == pytest.approx(expected["se"], rel=1e-6)
    value = log_likelihood(yi, data["V"], result["tau2"], method)
    assert value == pytest.approx(expected["ll"], abs=1e-8)
    assert value >= expected["ll"] - 1e-11


@by_set
def test_moment_estimates_agree_with_matrix_algebra(call, name):
    data = DATA[name]
    yi, v = np.array(data["yi"]), np.array(data["V"])
    k, w, one = len(yi), np.linalg.inv(v), np.ones(len(yi))
    p = w - np.outer(w @ one, w @ one) / w.sum()
    dl = max(0.0, (yi @ p @ yi - (k - 1)) / np.trace(p))
    assert gls(call, yi, v, tau2_method="DL")["tau2"] == pytest.approx(dl, rel=1e-9)
    result = gls(call, yi, v, tau2_method="PM", ci_method="HK")
    m = np.linalg.inv(v + result["tau2"] * np.eye(k))
    e = yi - result["estimate"]
    assert result["estimate"] == pytest.approx((m @ yi).sum() / m.sum(), rel=1e-10)
    assert e @ m @ e == pytest.approx(k - 1, rel=1e-9)
    assert result["se"] == pytest.approx(1 / math.sqrt(m.sum()), rel=1e-9)


def test_quoted_numbers_of_overlapping_reviews(call):
    """Second-order example: estimate and SE at tau2 .020708, then joint REML (rma.mv defaults)."""
    data = DATA["overlapping_reviews"]
    result = gls(call, data["yi"], data["V"], ci_method="z")
    assert result["estimate"] == pytest.approx(0.444423, abs=1e-6)
    assert result["se"] == pytest.approx(0.094775, abs=1e-6)
    assert result["tau2"] == pytest.approx(0.024590, abs=1e-6)
    inflated = np.array(data["V"]) + 0.020708 * np.eye(4)
    result = gls(call, data["yi"], inflated, tau2_method="CE", ci_method="z")
    assert result["estimate"] == pytest.approx(0.443514, abs=1e-6)
    assert result["se"] == pytest.approx(0.089481, abs=1e-6)


@each("method", METHODS)
@each("ci_method", ["z", "t", "HK", "HK_adhoc"])
@each("pi_method", ["HTS", "V", "none", "z", "HK", "HK_PR"])
def test_independent_effects_are_pooled_as_pool_does(
    call, pool, golden, method, ci_method, pi_method
):
    data = golden("dat.bcg_RR")
    options = {"tau2_method": method, "ci_method": ci_method, "pi_method": pi_method}
    one = gls(call, data["yi"], np.diag(data["vi"]), **options)
    other = pool(data["yi"], data["vi"], **options)
    assert one.keys() == other.keys()
    assert one.pop("status") == other.pop("status") == "ok"
    for field, value in other.items():
        assert one[field] == (value and pytest.approx(value, rel=1e-9)), field


@by_set
@pytest.mark.parametrize("method", ["HE", "HS", "HSk", "SJ", "PMM"])
def test_other_moment_estimates_agree_with_matrix_algebra(call, name, method):
    yi, v = np.array(DATA[name]["yi"]), np.array(DATA[name]["V"])
    k = len(yi)
    found = gls(call, yi, v, tau2_method=method)["tau2"]

    def residual_maker(tau2):
        m = np.linalg.inv(v + tau2 * np.eye(k))
        return m - np.outer(m.sum(1), m.sum(1)) / m.sum()

    q = yi @ residual_maker(0.0) @ yi
    if method == "PMM":
        if found > 0:
            assert yi @ residual_maker(found) @ yi == pytest.approx(chi2.ppf(0.5, k - 1), rel=1e-9)
        return
    centring = np.eye(k) - 1 / k
    start = ((yi - yi.mean()) ** 2).sum() / k
    expected = {
        "HE": (yi @ centring @ yi - np.trace(centring @ v)) / (k - 1),
        "HS": (q - k) / np.trace(np.linalg.inv(v)),
        "HSk": (q * k / (k - 1) - k) / np.trace(np.linalg.inv(v)),
        "SJ": start * (yi @ residual_maker(start) @ yi) / (k - 1),
    }[method]
    assert found == pytest.approx(max(0.0, expected), rel=1e-9, abs=1e-14)


@by_set
def test_limits_weights_and_heterogeneity_agree_with_matrix_algebra(call, name):
    yi, v = np.array(DATA[name]["yi"]), np.array(DATA[name]["V"])
    k = len(yi)
    result = gls(call, yi, v, ci_level=0.9, pi_method="HTS")
    for field, probability in (("tau2_ci_low", 0.95), ("tau2_ci_high", 0.05)):
        m = np.linalg.inv(v + result[field] * np.eye(k))
        q = yi @ (m - np.outer(m.sum(1), m.sum(1)) / m.sum()) @ yi
        if result[field] > 0:
            assert q == pytest.approx(chi2.ppf(probability, k - 1), rel=1e-8)
    m = np.linalg.inv(v + result["tau2"] * np.eye(k))
    assert result["weights"] == pytest.approx(list(m.sum(1) / m.sum()), rel=1e-8, abs=1e-12)
    w = np.linalg.inv(v)
    typical = (k - 1) / np.trace(w - np.outer(w.sum(1), w.sum(1)) / w.sum())
    i2 = 100 * result["tau2"] / (result["tau2"] + typical)
    assert result["i2_tau2"] == pytest.approx(i2, rel=1e-9)
    half = t.ppf(0.95, k - 2) * math.sqrt(result["tau2"] + 1 / m.sum())
    assert result["pi_high"] - result["estimate"] == pytest.approx(half, rel=1e-9)
    assert gls(call, yi, v, tau2_ci_method="none")["tau2_ci_low"] is None


def exact_fit(yi, v):
    """(mean, Q) of effects with covariance matrix ``v``, in fractions."""
    k = len(yi)
    system = [
        [*map(Fraction, line), Fraction(1), Fraction(y)] for line, y in zip(v, yi, strict=True)
    ]
    for i in range(k):  # Gauss and Jordan; a covariance matrix needs no pivoting
        system[i] = [x / system[i][i] for x in system[i]]
        for j in set(range(k)) - {i}:
            system[j] = [x - system[j][i] * z for x, z in zip(system[j], system[i], strict=True)]
    w, wy = [line[k] for line in system], [line[k + 1] for line in system]
    mean = sum(wy) / sum(w)
    q = sum((y - mean) * (a - mean * b) for y, a, b in zip(map(Fraction, yi), wy, w, strict=True))
    return float(mean), float(q)


@pytest.mark.parametrize("power", [6, 12, 20, 28])
@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_precise_effects_far_from_an_imprecise_one(call, correlation, power):
    """The imprecise one comes first; effects differ as much as their variances let them."""
    se = np.array([1.0, 10.0 ** (-power / 4), 10.0 ** (-power / 2), 2 * 10.0 ** (-power / 2)])
    yi = list(se * [0.7, -1.2, 0.4, 1.6])
    v = np.outer(se, se) * np.where(np.eye(4, dtype=bool), 1.0, correlation)
    result = gls(call, yi, v, tau2_method="CE")
    mean, q = exact_fit(yi, v)
    assert result["estimate"] == pytest.approx(mean, rel=1e-12)
    assert result["q"] == pytest.approx(q, rel=1e-12)


def test_few_effects(call):
    assert gls(call, [], [])["status"] == "no_data"
    assert gls(call, [None], [[1.0]])["status"] == "no_data"
    rows = call("pool_gls", [None, [1.0]], [[[1.0]], None])
    assert [row["status"] for row in rows] == ["no_data"] * 2
    result = gls(call, [0.5], [[0.04]])
    assert (result["k"], result["status"], result["estimate"]) == (1, "single_study", 0.5)
    assert result["ci_low"] == pytest.approx(0.5 - 1.959963984540054 * 0.2)
    assert (result["tau2"], result["q"], result["df"]) == (None, None, None)
    result = gls(call, [0.1, 0.9], [[0.05, 0.01], [0.01, 0.05]])
    assert (result["status"], result["estimate"]) == ("ok", pytest.approx(0.5))


def test_identical_effects(call):
    for method in METHODS:
        result = gls(call, [0.3] * 3, np.eye(3) + 0.2, tau2_method=method)
        assert (result["status"], result["tau2"], result["q"]) == ("ok", 0, 0)
        assert result["estimate"] == 0.3


def test_a_missing_effect_leaves_with_its_row_and_column(call):
    data = DATA["overlapping_reviews"]
    v = np.array(data["V"])
    wide = np.full((5, 5), np.nan)
    keep = [0, 2, 3, 4]
    wide[np.ix_(keep, keep)] = v
    yi = [data["yi"][0], None, *data["yi"][1:]]
    expected = gls(call, data["yi"], v)
    expected["weights"].insert(1, None)
    assert gls(call, yi, wide) == expected
    wide[1, 1] = 0.1
    assert gls(call, yi, wide) == expected


@pytest.mark.parametrize(
    ("v", "status"),
    [
        ([[1, 1], [1, 1]], "not_positive_definite"),
        ([[1, 2], [2, 1]], "not_positive_definite"),
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], "not_positive_definite"),
        ([[1e-14, 0], [0, 1]], "ok"),
        ([[1, 1e6 * 0.5], [1e6 * 0.5, 1e12]], "ok"),
    ],
)
def test_a_matrix_that_is_no_covariance_matrix_has_a_status(call, v, status):
    result = gls(call, [0.1, 0.2, 0.4][: len(v)], v)
    assert result["status"] == status
    assert (result["estimate"] is None) == (status != "ok")


@pytest.mark.parametrize(
    ("yi", "v", "status", "at"),
    [
        ([1, 2], [[1, 0.5], [0.4, 1]], "not_symmetric", 2),
        ([1, 2], [[1, 0], [0, -1]], "out_of_range", 2),
        ([1, 2], [[0, 0], [0, 1]], "out_of_range", 1),
        ([1, 2], [[1, None], [0, 1]], "missing_input", 2),
        ([1, 2], [[1, 0]], "lengths_differ", 2),
        ([1, 2], [[1, 0], [0]], "lengths_differ", 2),
        ([1, None, 2], [[1, 0, 0.3], [0, 1, 0], [0.2, 0, 1]], "not_symmetric", 3),
    ],
)
def test_impossible_input(call, yi, v, status, at):
    row = gls(call, yi, v)
    assert (row["status"], row["fault_at"], row["estimate"]) == (status, at, None)


def test_unknown_options(call):
    with pytest.raises(ValueError, match="unknown tau2_method 'DL2'; valid: REML, DL, PM, CE, ML"):
        gls(call, [1], [[1]], tau2_method="DL2")
    with pytest.raises(ValueError, match="unknown pi_method 'KR'; valid: HTS, V, none, z, HK"):
        gls(call, [1], [[1]], pi_method="KR")
    with pytest.raises(ValueError, match="unknown option 'rho'; valid: tau2_method, ci_method"):
        gls(call, [1], [[1]], rho=0.5)
    assert gls(call, [1, 2], [[1, 0], [0, 1]]) == gls(
        call, [1, 2], [[1, 0], [0, 1]], tau2_method="REML", ci_method="HK_adhoc", ci_level=0.95
    )


@st.composite
def correlated(draw):
    """Two to eight effects with a well-conditioned covariance matrix."""
    k = draw(st.integers(2, 8))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    root = rng.normal(0, 0.3, (k, k))
    return rng.normal(0, 1, k), root @ root.T + np.diag(rng.uniform(0.02, 0.3, k))


def symmetric(v):
    return (v + v.T) / 2


@EXAMPLES
@given(data=correlated(), method=st.sampled_from(METHODS), random=st.randoms())
def test_order_shift_and_sign(call, data, method, random):
    yi, v = data[0], symmetric(data[1])
    order = list(range(len(yi)))
    random.shuffle(order)
    one = gls(call, yi, v, tau2_method=method)
    other = gls(call, yi[order], v[np.ix_(order, order)], tau2_method=method)
    moved = gls(call, yi + 100.0, v, tau2_method=method)
    mirrored = gls(call, -yi, v, tau2_method=method)
    for field in ("se", "tau2", "q"):
        for changed in (other, moved, mirrored):
            assert changed[field] == pytest.approx(one[field], rel=1e-7, abs=1e-10)
    assert other["estimate"] == pytest.approx(one["estimate"], rel=1e-7, abs=1e-10)
    assert moved["estimate"] == pytest.approx(one["estimate"] + 100.0, abs=1e-8)
    assert mirrored["estimate"] == -one["estimate"]
    assert one["ci_low"] <= one["estimate"] <= one["ci_high"]


@EXAMPLES
@given(data=correlated(), method=st.sampled_from(["REML", "ML"]))
def test_likelihood_is_the_global_maximum(call, data, method):
    yi, v = data[0], symmetric(data[1])
    tau2 = gls(call, yi, v, tau2_method=method)["tau2"]
    grid = np.concatenate([[0.0], np.logspace(-6, 2, 150)])
    best = max(log_likelihood(yi, v, value, method) for value in grid)
    assert log_likelihood(yi, v, tau2, method) >= best - 1e-9
