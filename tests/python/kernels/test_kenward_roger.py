"""Kenward and Roger's interval against pbkrtest's computation, and what sets low_df."""

import json
from pathlib import Path

import pytest

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "data" / "kenward_roger" / "fits.json").read_text()
)["fits"]
ISSUE = [0.31, 0.42, 0.18, 0.55, 0.05], [0.02, 0.05, 0.1, 0.15, 0.2]


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_pbkrtest(pool, name):
    """validation/make_golden_kenward_roger.R; relative 1e-8."""
    golden = GOLDEN[name]
    result = pool(golden["yi"], golden["vi"], ci_method="KR", pi_method="KR")
    got = [result[field] for field in ("estimate", "tau2", "se", "df", "p_value")]
    assert got == pytest.approx([golden[key] for key in ("b", "tau2", "se", "df", "p")], rel=1e-8)
    assert [result["ci_low"], result["ci_high"]] == pytest.approx(golden["ci"], rel=1e-8)
    assert [result["pi_low"], result["pi_high"]] == pytest.approx(golden["pi_KR"], rel=1e-8)
    less = pool(golden["yi"], golden["vi"], pi_method="KR_PR")
    if golden["pi_KR_PR"] == [None, None]:
        assert (less["pi_low"], less["pi_high"]) == (None, None)
    else:
        limits = [less["pi_low"], less["pi_high"]]
        assert limits == pytest.approx(golden["pi_KR_PR"], rel=1e-8)


def test_every_data_set_is_there(data_sets):
    assert set(data_sets) < set(GOLDEN)


def test_few_homogeneous_studies(pool):
    """With the adjusted variance in the degrees of freedom the interval was -5290 to 5290."""
    published, meta = (pool(*ISSUE, ci_method=name) for name in ("KR", "KR_meta"))
    assert published["df"] == pytest.approx(1.1218, abs=5e-5)
    half = (published["ci_high"] - published["ci_low"]) / 2
    assert (published["estimate"], half) == pytest.approx((0.323, 1.49), abs=5e-3)
    assert meta["df"] == pytest.approx(0.2549, abs=5e-5)
    assert published["se"] == meta["se"]


def test_equal_variances_leave_all_degrees_of_freedom(pool):
    """Kenward and Roger's df is k - 1 when every study has the same variance."""
    for k in (2, 5, 9):
        result = pool([0.1 * i * i for i in range(k)], [0.05] * k, ci_method="KR")
        assert result["df"] == pytest.approx(k - 1, rel=1e-9)


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, "ok"),
        ({"ci_method": "KR"}, "low_df"),
        ({"pi_method": "KR"}, "low_df"),
        ({"pi_method": "KR_PR_meta"}, "low_df"),
    ],
)
def test_low_df_is_an_estimated_df_below_four(pool, options, status):
    """Only of the interval that was asked for; k - 1 degrees of freedom are not estimated."""
    assert pool(*ISSUE, **options)["status"] == status
    five = [0.1, 0.9, 0.4, 0.3, 0.7]
    assert pool(five[:4], [0.05] * 4, **options)["status"] == status
    equal = pool(five, [0.05] * 5, **options)  # four are left, three for the method that takes one
    assert equal["status"] == ("low_df" if "PR" in options.get("pi_method", "") else "ok")


def test_low_df_keeps_what_there_is(pool):
    result = pool(*ISSUE, ci_method="KR", pi_method="KR")
    assert result["status"] == "low_df"
    assert all(result[name] is not None for name in ("ci_low", "ci_high", "p_value", "pi_low"))


def test_low_df_of_pool_correlated_is_the_same(call):
    """One number says what is low in both functions."""
    yi, vi = [[0.3, 0.4, 0.6, 0.1, 0.5, 0.2]], [[0.1, 0.05, 0.2, 0.1, 0.3, 0.1]]
    for clusters in (list("aabbcc"), list("abcdef"), list("aabcde")):
        result = call("pool_correlated", yi, vi, [clusters], [{"model": "CE"}])[0]
        assert (result["status"] == "low_df") == (result["df"] < 4)


def test_two_studies_have_a_prediction_interval(pool):
    """R package meta 8.3: V, z and KR for two studies, the others from three on."""
    for name in ("V", "z", "KR", "KR_meta"):
        two = pool([0.31, 0.82], [0.02, 0.05], pi_method=name)
        assert two["pi_low"] < two["ci_low"] < two["ci_high"] < two["pi_high"] or name == "z"
        assert two["pi_low"] < two["estimate"] < two["pi_high"]
    for name in ("HTS", "HK", "HK_PR", "KR_PR", "none"):
        assert pool([0.31, 0.82], [0.02, 0.05], pi_method=name)["pi_low"] is None
