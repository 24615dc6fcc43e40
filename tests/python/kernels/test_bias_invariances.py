"""Properties of the small-study functions that hold for every list of studies."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, norm

EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True)
FEWER = settings(max_examples=15, deadline=None, derandomize=True)
FORMS = st.sampled_from(["lm", "random"])
TESTS = ("egger_test", "begg_test", "pet_peese", "limit_meta_analysis", "trim_and_fill")


@st.composite
def studies(draw, smallest=4):
    """Four to twelve studies of ordinary size, without ties."""
    k = draw(st.integers(smallest, 12))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    vi = rng.uniform(0.01, 0.5, k)
    return rng.normal(draw(st.sampled_from([-0.5, 0.0, 0.4])), np.sqrt(vi + 0.05)), vi


def one(call, function, yi, vi, **options):
    columns = ([list(yi)], [list(vi)], [options]) if options else ([list(yi)], [list(vi)])
    return call(function, *columns)[0]


def same(a, b, relative=1e-7, absolute=1e-9):
    """Rows equal up to rounding, field by field; lists in any order."""
    for field, value in a.items():
        if isinstance(value, float):
            assert b[field] == pytest.approx(value, rel=relative, abs=absolute), field
        elif isinstance(value, list):
            assert sorted(b[field]) == pytest.approx(sorted(value), rel=relative, abs=absolute)
        else:
            assert b[field] == value, field


@EXAMPLES
@given(data=studies(), function=st.sampled_from(TESTS), random=st.randoms())
def test_order_does_not_matter(call, data, function, random):
    yi, vi = data
    order = list(range(len(yi)))
    random.shuffle(order)
    same(one(call, function, yi, vi), one(call, function, yi[order], vi[order]))


@FEWER
@given(
    data=studies(),
    function=st.sampled_from(["selection_model", "p_uniform_star", "excess_significance"]),
    random=st.randoms(),
)
def test_order_does_not_matter_to_the_likelihood(call, data, function, random):
    yi, vi = data
    order = list(range(len(yi)))
    random.shuffle(order)
    a, b = one(call, function, yi, vi), one(call, function, yi[order], vi[order])
    same(a, b, relative=1e-8, absolute=1e-9)


@EXAMPLES
@given(
    data=studies(), shift=st.sampled_from([-8.0, 0.5, 64.0]), form=st.sampled_from(["lm", "random"])
)
def test_shift_moves_the_limit_only(call, data, shift, form):
    yi, vi = data
    a = one(call, "egger_test", yi, vi, form=form)
    b = one(call, "egger_test", yi + shift, vi, form=form)
    assert b["limit_estimate"] == pytest.approx(a["limit_estimate"] + shift, abs=1e-7)
    for field in ("bias", "bias_se", "p_value"):
        assert b[field] == pytest.approx(a[field], rel=1e-5, abs=1e-8), field
    a, b = one(call, "trim_and_fill", yi, vi), one(call, "trim_and_fill", yi + shift, vi)
    assert (b["k0"], b["side"]) == (a["k0"], a["side"])
    assert b["estimate"] == pytest.approx(a["estimate"] + shift, abs=1e-7)
    a, b = one(call, "begg_test", yi, vi), one(call, "begg_test", yi + shift, vi)
    assert b == a
    a, b = (one(call, "limit_meta_analysis", y, vi) for y in (yi, yi + shift))
    assert b["estimate"] == pytest.approx(a["estimate"] + shift, abs=1e-7)
    assert b["q_small"] == pytest.approx(a["q_small"], rel=1e-6, abs=1e-7)


@EXAMPLES
@given(data=studies(), function=st.sampled_from(TESTS[:1] + TESTS[2:]))
def test_sign_mirrors_the_result(call, data, function):
    yi, vi = data
    a, b = one(call, function, yi, vi), one(call, function, -yi, vi)
    for field in ("estimate", "bias", "limit_estimate", "pet_estimate"):
        if field in a:
            assert b[field] == pytest.approx(-a[field], rel=1e-9, abs=1e-12)
    for low, high in (("ci_low", "ci_high"), ("bias_ci_low", "bias_ci_high")):
        if low in a:
            assert b[low] == pytest.approx(-a[high], rel=1e-9, abs=1e-12)
    assert b["p_value"] == pytest.approx(a["p_value"], rel=1e-9)


@EXAMPLES
@given(data=studies(), form=st.sampled_from(["lm", "random"]))
def test_egger_is_the_regression_of_z_on_precision(call, data, form):
    """With numpy, in the original form: yi / SE on 1 / SE, whose intercept is the bias."""
    yi, vi = data
    row = one(call, "egger_test", yi, vi, form=form)
    sd = np.sqrt(vi + (row["tau2"] or 0.0))
    design = np.column_stack([np.sqrt(vi) / sd, 1 / sd])
    coefficients, squares, _, _ = np.linalg.lstsq(design, yi / sd, rcond=None)
    dispersion = squares[0] / (len(yi) - 2) if form == "lm" else 1.0
    se = np.sqrt(dispersion * np.diag(np.linalg.inv(design.T @ design)))
    found = [row[key] for key in ("bias", "limit_estimate", "bias_se", "limit_se")]
    assert found == pytest.approx([*coefficients, *se], rel=1e-9, abs=1e-12)


@EXAMPLES
@given(data=studies())
def test_begg_is_kendall_by_scipy(call, data):
    yi, vi = data
    row = one(call, "begg_test", yi, vi)
    w = 1 / vi
    standardised = (yi - np.average(yi, weights=w)) / np.sqrt(vi - 1 / w.sum())
    expected = kendalltau(standardised, vi, method="exact")
    assert row["kendall_tau"] == pytest.approx(expected.statistic, abs=1e-12)
    assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-9)


@EXAMPLES
@given(data=studies())
def test_begg_with_ties_is_kendall_by_scipy(call, data):
    yi, vi = data
    yi, vi = np.append(yi, yi[0]), np.append(vi, vi[0])
    row = one(call, "begg_test", yi, vi)
    w = 1 / vi
    standardised = (yi - np.average(yi, weights=w)) / np.sqrt(vi - 1 / w.sum())
    standardised[-1] = standardised[0]
    expected = kendalltau(standardised, vi, method="asymptotic")
    assert row["p_method"] == "normal"
    assert row["kendall_tau"] == pytest.approx(expected.statistic, abs=1e-12)
    assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-9)


@EXAMPLES
@given(data=studies(), low=st.floats(0.5, 0.9), high=st.floats(0.9, 0.999))
def test_higher_level_is_wider(call, data, low, high):
    yi, vi = data
    for function, field in (
        ("egger_test", "bias_ci"),
        ("pet_peese", "ci"),
        ("trim_and_fill", "ci"),
    ):
        narrow, wide = (one(call, function, yi, vi, ci_level=level) for level in (low, high))
        assert wide[f"{field}_low"] <= narrow[f"{field}_low"] <= narrow[f"{field}_high"]
        assert narrow[f"{field}_high"] <= wide[f"{field}_high"]


@EXAMPLES
@given(data=studies(), estimator=st.sampled_from(["L0", "R0", "Q0"]))
def test_trim_and_fill_mirrors_about_the_trimmed_mean(call, pool, data, estimator):
    yi, vi = data
    row = one(call, "trim_and_fill", yi, vi, estimator=estimator)
    if row["status"] != "ok":
        return
    k0 = int(row["k0"])
    assert len(row["filled_yi"]) == len(row["filled_vi"]) == k0 < len(yi)
    order = np.argsort(yi if row["side"] == "left" else -yi)
    trimmed, kept = order[len(yi) - k0 :], order[: len(yi) - k0]
    mean = pool(yi[kept], vi[kept])["estimate"]
    assert row["filled_yi"] == pytest.approx(2 * mean - yi[trimmed], abs=1e-8)
    assert row["filled_vi"] == list(vi[trimmed])
    whole = pool([*yi, *row["filled_yi"]], [*vi, *row["filled_vi"]])
    for field in ("estimate", "se", "p_value", "tau2"):
        assert row[field] == whole[field]


@EXAMPLES
@given(data=studies())
def test_parts_of_q_and_of_the_limit(call, pool, data):
    yi, vi = data
    row = one(call, "limit_meta_analysis", yi, vi)
    assert row["q_small"] + row["q_residual"] == pytest.approx(pool(yi, vi)["q"], rel=1e-9)
    assert row["estimate"] == pytest.approx(
        row["beta"] + math.sqrt(row["tau2"]) * row["bias"], abs=1e-10
    )
    assert 0 <= row["g2"] <= 100 + 1e-9


@EXAMPLES
@given(data=studies(), alternative=st.sampled_from(["two_sided", "greater", "less"]))
def test_exact_excess_by_counting_every_outcome(call, data, alternative):
    """Every subset of significant studies, for the tail that the function sums."""
    yi, vi = data[0][:8], data[1][:8]
    row = one(call, "excess_significance", yi, vi, alternative=alternative)
    critical = norm.isf(0.025 if alternative == "two_sided" else 0.05)
    se, sd = np.sqrt(vi), np.sqrt(vi + row["tau2"])
    above = norm.sf((critical * se - row["theta"]) / sd)
    below = norm.cdf((-critical * se - row["theta"]) / sd)
    power = {"two_sided": above + below, "greater": above, "less": below}[alternative]
    assert row["expected"] == pytest.approx(power.sum(), rel=1e-9)
    total = 0.0
    for outcome in range(2 ** len(yi)):
        hit = np.array([outcome >> i & 1 for i in range(len(yi))], bool)
        if hit.sum() >= row["observed"]:
            total += np.prod(np.where(hit, power, 1 - power))
    assert row["p_exact"] == pytest.approx(total, rel=1e-9)


@EXAMPLES
@given(data=studies())
def test_more_alpha_means_more_power(call, data):
    yi, vi = data
    strict, loose = (one(call, "excess_significance", yi, vi, alpha=a) for a in (0.01, 0.1))
    assert loose["expected"] > strict["expected"]
    assert loose["observed"] >= strict["observed"]
    strict, loose = (one(call, "fail_safe_n", yi, vi, alpha=a) for a in (0.01, 0.1))
    assert loose["rosenthal"] >= strict["rosenthal"]
    assert loose["rosenberg"] >= strict["rosenberg"]


@FEWER
@given(data=studies())
def test_limits_are_in_order(call, data):
    yi, vi = data
    for function in ("selection_model", "p_uniform_star"):
        row = one(call, function, yi, vi)
        if row["status"] != "ok":
            continue
        assert row["tau2"] >= 0
        if None not in (row["ci_low"], row["ci_high"]):
            assert row["ci_low"] <= row["estimate"] <= row["ci_high"]
        if function == "selection_model":
            assert row["log_likelihood"] >= row["log_likelihood_unselected"] - 1e-9
            assert 0 <= row["delta_ci_low"] <= row["delta"] <= row["delta_ci_high"]
        elif row["tau2_ci_high"] is not None:
            assert row["tau2_ci_low"] <= row["tau2"] <= row["tau2_ci_high"]
