"""Properties of meta_regression that hold for all data, tried on generated ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.kernels.tau2_status import status_by_tau2

METHODS = ("REML", "DL", "PM", "CE", "ML", "HE", "HS", "SJ", "PMM")
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def studies(draw):
    """Five to twelve studies with one or two moderators that are not constant or parallel."""
    k = draw(st.integers(5, 12))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    yi = np.round(rng.normal(0, 1, k), 6)
    vi = np.round(10 ** rng.uniform(-3, 0.5, k), 6)
    x = np.round(rng.normal(0, 1, (draw(st.integers(1, 2)), k)), 6)
    return yi, vi, x


def regress(call, data, **options):
    yi, vi, x = data
    result = call("meta_regression", [list(yi)], [list(vi)], [[list(c) for c in x]], [options])[0]
    assert result["status"] == status_by_tau2(result, options.get("tau2_method"))
    return result


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS), random=st.randoms())
def test_order_does_not_matter(call, data, method, random):
    yi, vi, x = data
    order = list(range(len(yi)))
    random.shuffle(order)
    one = regress(call, data, tau2_method=method)
    other = regress(call, (yi[order], vi[order], x[:, order]), tau2_method=method)
    assert other["tau2"] == pytest.approx(one["tau2"], rel=1e-8, abs=1e-12)
    assert other["estimate"] == pytest.approx(one["estimate"], rel=1e-7, abs=1e-9)


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS), power=st.sampled_from([-30, -3, 2, 25]))
def test_scale_by_a_power_of_two_is_exact(call, data, method, power):
    yi, vi, x = data
    factor = 2.0**power
    one = regress(call, data, tau2_method=method)
    scaled = regress(call, (yi * factor, vi * factor**2, x), tau2_method=method)
    assert scaled["estimate"] == [b * factor for b in one["estimate"]]
    assert scaled["se"] == [s * factor for s in one["se"]]
    assert scaled["tau2"] == one["tau2"] * factor**2
    assert (scaled["qm"], scaled["p_value"]) == (one["qm"], one["p_value"])
    stretched = regress(call, (yi, vi, x * factor), tau2_method=method)
    assert stretched["tau2"] == one["tau2"]
    assert stretched["estimate"] == [
        one["estimate"][0], *(b / factor for b in one["estimate"][1:])
    ]  # fmt: skip


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS), shift=st.sampled_from([-1000.0, 0.5, 64.0]))
def test_shifts_move_the_intercept_only(call, data, method, shift):
    yi, vi, x = data
    one = regress(call, data, tau2_method=method)
    moved = regress(call, (yi + shift, vi, x), tau2_method=method)
    assert moved["estimate"][0] == pytest.approx(one["estimate"][0] + shift, abs=1e-7)
    assert moved["estimate"][1:] == pytest.approx(one["estimate"][1:], rel=1e-6, abs=1e-7)
    assert moved["tau2"] == pytest.approx(one["tau2"], rel=1e-6, abs=1e-8)
    moved = regress(call, (yi, vi, x + shift), tau2_method=method)
    assert moved["estimate"][1:] == pytest.approx(one["estimate"][1:], rel=1e-6, abs=1e-7)
    assert moved["tau2"] == pytest.approx(one["tau2"], rel=1e-6, abs=1e-8)
    assert moved["qm"] == pytest.approx(one["qm"], rel=1e-6, abs=1e-8)


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS), test=st.sampled_from(["z", "HK"]))
def test_sign_mirrors_the_result(call, data, method, test):
    yi, vi, x = data
    one = regress(call, data, tau2_method=method, ci_method=test)
    mirrored = regress(call, (-yi, vi, x), tau2_method=method, ci_method=test)
    assert mirrored["estimate"] == [-b for b in one["estimate"]]
    assert mirrored["ci_low"] == [-b for b in one["ci_high"]]
    for name in ("se", "p_value", "tau2", "qm", "r2"):
        assert mirrored[name] == one[name]
    reversed_x = regress(call, (yi, vi, -x), tau2_method=method, ci_method=test)
    assert reversed_x["estimate"][1:] == [-b for b in one["estimate"][1:]]


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS))
def test_ranges_and_order_of_limits(call, data, method):
    result = regress(call, data, tau2_method=method)
    for low, estimate, high in zip(
        result["ci_low"], result["estimate"], result["ci_high"], strict=True
    ):
        assert low <= estimate <= high
    assert result["tau2"] >= 0
    assert 0 <= result["r2"] <= 100
    assert 0 <= result["i2_tau2"] <= 100
    assert 0 <= result["tau2_ci_low"] <= result["tau2_ci_high"]
    assert 0 <= result["qm_p"] <= 1
    if method == "PM":
        assert result["tau2_ci_low"] <= result["tau2"] <= result["tau2_ci_high"]


@EXAMPLES
@given(data=studies())
def test_one_moderator_its_t_squared_is_f(call, data):
    yi, vi, x = data
    for test in ("z", "t", "HK", "HK_adhoc"):
        result = regress(call, (yi, vi, x[:1]), ci_method=test)
        assert result["qm"] == pytest.approx(result["statistic"][1] ** 2, rel=1e-8)
        assert result["qm_p"] == pytest.approx(result["p_value"][1], rel=1e-7)


@EXAMPLES
@given(data=studies(), method=st.sampled_from(["REML", "ML"]))
def test_likelihood_is_the_global_maximum(call, data, method):
    yi, vi, x = data
    tau2 = regress(call, data, tau2_method=method)["tau2"]
    design = np.column_stack([np.ones(len(yi)), *x])

    def log_likelihood(t):
        w = 1 / (vi + t)
        xwx = design.T @ (w[:, None] * design)
        e = yi - design @ np.linalg.solve(xwx, design.T @ (w * yi))
        extra = np.linalg.slogdet(xwx)[1] if method == "REML" else 0.0
        return 0.5 * (np.log(w).sum() - extra - (w * e * e).sum())

    grid = np.concatenate([[0.0], np.logspace(-6, 2, 200)])
    assert log_likelihood(tau2) >= max(log_likelihood(t) for t in grid) - 1e-9
