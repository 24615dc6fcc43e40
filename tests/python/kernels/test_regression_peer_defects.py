"""Mistakes found in other packages that a regression or a nested model could repeat."""

import pytest

YI = [0.1, 0.8, -0.3, 0.5, 1.2, 0.4, 0.9, 0.2]
VI = [0.02, 0.05, 0.04, 0.01, 0.2, 0.1, 0.03, 0.06]
X = [1.0, 4.0, 2.0, 3.0, 7.0, 5.0, 6.0, 2.5]
STUDY = ["a", "a", "b", "b", "c", "c", "d", "d"]


def regress(call, yi=YI, vi=VI, x=(X,), **options):
    return call("meta_regression", [yi], [vi], [[list(c) for c in x]], [options])[0]


@pytest.mark.parametrize("ci_method", ["z", "t", "HK", "HK_adhoc"])
def test_test_and_interval_of_a_coefficient_agree(call, ci_method):
    """dmetar, jasp: interval from the normal, test from t; or Knapp-Hartung in one of them only."""
    result = regress(call, ci_method=ci_method)
    for j, p in enumerate(result["p_value"]):
        at_p = regress(call, ci_method=ci_method, ci_level=1 - p)
        nearest = min(abs(at_p["ci_low"][j]), abs(at_p["ci_high"][j]))
        assert nearest == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "low", "p"),
    [
        ("pool_three_level", "ci_low", "p_value"),
        ("pool_three_level", "cr2_ci_low", "cr2_p"),
        ("pool_correlated", "ci_low", "p_value"),
    ],
)
def test_test_and_interval_of_a_nested_model_agree(call, name, low, p):
    """The same, with fractional degrees of freedom."""
    level = 1 - call(name, [YI], [VI], [STUDY], [None])[0][p]
    at_p = call(name, [YI], [VI], [STUDY], [{"ci_level": level}])[0]
    assert at_p[low] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("method", ["DL", "HE", "HS", "HSk"])
def test_moment_estimators_are_truncated(call, method):
    """statsmodels: a DerSimonian-Laird tau2 of -0.05 and an I2 of -685 percent."""
    result = regress(call, [0.1, 0.2, 0.3, 0.4, 0.71], [1.0] * 5, [X[:5]], tau2_method=method)
    assert (result["tau2"], result["i2_tau2"], result["i2_q"]) == (0, 0, 0)


def test_knapp_hartung_does_not_shrink_on_a_near_perfect_line(call):
    """metaumbrella: unmodified "hksj" made intervals narrower than those of the normal test."""
    yi = [
        0.5 + 0.1 * x + e for x, e in zip(X, [0.01, -0.01, 0.02, 0, 0, 0.01, -0.02, 0], strict=True)
    ]
    z, plain, floor = (
        regress(call, yi, ci_method=name)["se"][1] for name in ("z", "HK", "HK_adhoc")
    )
    assert plain < z == floor


def test_equal_effects_under_knapp_hartung(call):
    """pimeta: equal effects with Knapp-Hartung ended in a division by zero."""
    result = regress(call, [0.3] * 8, ci_method="HK")
    assert (result["status"], result["se"]) == ("no_variation", [0, 0])
    assert result["qm"] is None


def test_null_model_uses_the_same_estimator(call):
    """R2 of one estimator against the null tau2 of another is no R2."""
    for method in ("REML", "DL", "PM", "ML", "HE", "SJ"):
        result = regress(call, tau2_method=method)
        null = regress(call, x=[], tau2_method=method)["tau2"]
        expected = 100 * max(0.0, (null - result["tau2"]) / null)
        assert result["r2"] == pytest.approx(expected, rel=1e-9)


def test_likelihood_is_not_left_at_the_lower_of_two_maxima(call):
    """Fisher scoring (metafor) from a start near 0 ends at tau2 = 0 here, the lower maximum."""
    result = regress(call, [0.01, 0.09, -2.61], [0.1, 0.001, 1.0], [], ci_method="z")
    assert result["tau2"] == pytest.approx(1.209, rel=0.01)
