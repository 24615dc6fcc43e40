"""Properties that hold for every list of studies, tried on generated ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

METHODS = ("REML", "DL", "PM", "CE", "DL2", "HE", "HS", "HSk", "SJ", "ML", "EB", "PMM")
CI_METHODS = ("z", "t", "HK", "HK_adhoc", "HK_ci", "HK_iqwig6")
EXAMPLES = settings(max_examples=80, deadline=None, derandomize=True)
ON_EFFECT_SCALE = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")
ON_SQUARED_SCALE = ("tau2", "tau2_ci_low", "tau2_ci_high")
WITHOUT_UNIT = (
    "statistic",
    "df",
    "p_value",
    "q",
    "q_df",
    "q_p",
    "i2_q",
    "i2_tau2",
    "h2_q",
    "h2_tau2",
)


@st.composite
def studies(draw, smallest=2):
    """Two to twelve studies of ordinary size."""
    k = draw(st.integers(smallest, 12))
    effect = st.floats(-3, 3).map(lambda x: round(x, 6))
    variance = st.floats(1e-3, 2).map(lambda x: round(x, 6))
    yi = draw(st.lists(effect, min_size=k, max_size=k))
    vi = draw(st.lists(variance, min_size=k, max_size=k))
    return np.array(yi), np.array(vi)


methods = st.sampled_from(METHODS)
ci_methods = st.sampled_from(CI_METHODS)


def close(value, expected, size=1.0):
    """Equal up to rounding, in units of ``size``; both may be None."""
    if value is None or expected is None:
        return value is None and expected is None
    return value == pytest.approx(expected, rel=1e-7, abs=1e-9 * size)


@EXAMPLES
@given(data=studies(), method=methods, random=st.randoms())
def test_order_does_not_matter(pool, data, method, random):
    yi, vi = data
    order = list(range(len(yi)))
    random.shuffle(order)
    one, other = (pool(yi, vi, tau2_method=method), pool(yi[order], vi[order], tau2_method=method))
    for field in ON_EFFECT_SCALE + ON_SQUARED_SCALE + ("q", "i2_q"):
        assert close(other[field], one[field]), field
    assert other["weights"] == pytest.approx([one["weights"][i] for i in order], abs=1e-9)


@EXAMPLES
@given(data=studies(), method=methods, shift=st.sampled_from([-1000.0, -1.0, 0.5, 64.0, 4096.0]))
def test_shift_moves_the_estimate_only(pool, data, method, shift):
    yi, vi = data
    one, moved = pool(yi, vi, tau2_method=method), pool(yi + shift, vi, tau2_method=method)
    for field in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high"):
        if one[field] is not None:
            assert moved[field] == pytest.approx(one[field] + shift, abs=1e-7), field
    for field in ("se", "tau2", "q"):
        assert moved[field] == pytest.approx(one[field], rel=1e-6, abs=1e-8), field


@EXAMPLES
@given(data=studies(), method=methods, power=st.sampled_from([-40, -3, 1, 20]))
def test_scale_by_a_power_of_two_is_exact(pool, data, method, power):
    yi, vi = data
    factor = 2.0**power
    one = pool(yi, vi, tau2_method=method)
    scaled = pool(yi * factor, vi * factor**2, tau2_method=method)
    for fields, unit in (
        (ON_EFFECT_SCALE, factor),
        (ON_SQUARED_SCALE, factor**2),
        (WITHOUT_UNIT, 1),
    ):
        for field in fields:
            expected = None if one[field] is None else one[field] * unit
            assert scaled[field] == expected, field
    assert scaled["weights"] == one["weights"]


@EXAMPLES
@given(data=studies(), method=methods, ci_method=ci_methods)
def test_sign_mirrors_the_result(pool, data, method, ci_method):
    yi, vi = data
    one = pool(yi, vi, tau2_method=method, ci_method=ci_method)
    mirrored = pool(-yi, vi, tau2_method=method, ci_method=ci_method)
    assert mirrored["estimate"] == -one["estimate"]
    assert (mirrored["ci_low"], mirrored["ci_high"]) == (-one["ci_high"], -one["ci_low"])
    for field in ("se", "tau2", "q", "p_value", "i2_tau2"):
        assert mirrored[field] == one[field], field


@EXAMPLES
@given(data=studies(), method=methods, ci_method=ci_methods)
def test_limits_are_in_order(pool, data, method, ci_method):
    yi, vi = data
    result = pool(yi, vi, tau2_method=method, ci_method=ci_method)
    assert result["ci_low"] <= result["estimate"] <= result["ci_high"]
    assert 0 <= result["tau2_ci_low"] <= result["tau2_ci_high"]
    assert result["tau2"] >= 0
    assert min(yi) - 1e-12 <= result["estimate"] <= max(yi) + 1e-12
    assert 0 <= result["i2_q"] <= 100
    assert 0 <= result["i2_tau2"] <= 100
    assert 0 <= result["q_p"] <= 1
    assert sum(result["weights"]) == pytest.approx(1.0, abs=1e-12)
    if result["pi_low"] is not None:
        assert result["pi_low"] <= result["estimate"] <= result["pi_high"]


@EXAMPLES
@given(data=studies(smallest=3), method=st.sampled_from([m for m in METHODS if m != "CE"]))
def test_prediction_interval_contains_the_t_interval(pool, data, method):
    result = pool(*data, tau2_method=method, ci_method="t", pi_method="V")
    assert result["pi_low"] <= result["ci_low"] + 1e-12
    assert result["pi_high"] >= result["ci_high"] - 1e-12
    wider = pool(*data, tau2_method=method, pi_method="HTS")
    assert wider["pi_high"] >= result["pi_high"]


@EXAMPLES
@given(data=studies(), method=methods)
def test_modified_hartung_knapp_is_never_narrower(pool, data, method):
    plain, floor, classic = (
        pool(*data, tau2_method=method, ci_method=name)["se"] for name in ("HK", "HK_adhoc", "z")
    )
    assert floor == max(plain, classic)


@EXAMPLES
@given(data=studies())
def test_paule_mandel_lies_in_the_q_profile_interval(pool, data):
    result = pool(*data, tau2_method="PM")
    assert result["tau2_ci_low"] <= result["tau2"] <= result["tau2_ci_high"]


@EXAMPLES
@given(data=studies(), low=st.floats(0.5, 0.9), high=st.floats(0.9, 0.999))
def test_higher_level_is_wider(pool, data, low, high):
    narrow, wide = pool(*data, ci_level=low), pool(*data, ci_level=high)
    assert wide["ci_low"] <= narrow["ci_low"]
    assert wide["ci_high"] >= narrow["ci_high"]
    assert wide["tau2_ci_low"] <= narrow["tau2_ci_low"]
    assert wide["tau2_ci_high"] >= narrow["tau2_ci_high"]
    assert wide["p_value"] == narrow["p_value"]


@EXAMPLES
@given(data=studies(), method=methods, at=st.integers(0, 12))
def test_a_dropped_pair_changes_nothing_else(pool, data, method, at):
    yi, vi = (list(part) for part in data)
    position = min(at, len(yi))
    with_gap = (
        [*yi[:position], None, *yi[position:]],
        [*vi[:position], 0.1, *vi[position:]],
    )
    one, other = pool(yi, vi, tau2_method=method), pool(*with_gap, tau2_method=method)
    assert other.pop("weights") == [*one["weights"][:position], None, *one["weights"][position:]]
    one.pop("weights")
    assert other == one
