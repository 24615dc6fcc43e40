"""meta_regression at the edges: few studies, missing values, singular designs, extreme sizes."""

import math

import numpy as np
import pytest

from tests.python.cases import each

METHODS = ("REML", "DL", "PM", "CE", "ML", "EB", "HE", "HS", "HSk", "SJ", "PMM")
CI_METHODS = ("z", "t", "HK", "HK_adhoc")
LISTS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value")
NAN, INF = math.nan, math.inf
YI = [0.1, 0.8, -0.3, 0.5, 1.2, 0.4]
VI = [0.02, 0.05, 0.04, 0.01, 0.2, 0.1]
X = [1.0, 4.0, 2.0, 3.0, 7.0, 5.0]
Z = [0.0, 1.0, 0.0, 0.0, 1.0, 1.0]


def regress(call, yi=YI, vi=VI, x=(X,), **options):
    """One regression as a dictionary."""
    moderators = None if x is None else [list(column) for column in x]
    return call("meta_regression", [list(yi)], [list(vi)], [moderators], [options or None])[0]


def filled(result):
    """Names of the fields that are not NULL."""
    return {field for field, value in result.items() if value is not None}


@pytest.mark.parametrize("method", METHODS)
def test_no_data(call, method):
    for yi, x in ([], []), ([], [[]]), ([None, NAN], [[1, 2]]), ([1, 2], [[INF, NAN]]):
        result = regress(call, yi, [0.1] * len(yi), x, tau2_method=method)
        assert filled(result) == {"k", "p", "status"}
        assert (result["k"], result["status"]) == (0, "no_data")
    rows = call("meta_regression", [None, YI, YI], [VI, None, VI], [[X], [X], None])
    assert [row["status"] for row in rows] == ["no_data"] * 3


@each("method", METHODS)
@each("k", [1, 2])
def test_no_more_studies_than_coefficients(call, method, k):
    result = regress(call, YI[:k], VI[:k], [X[:k]], tau2_method=method)
    assert filled(result) == {"k", "p", "status"}
    assert (result["k"], result["p"], result["status"]) == (k, 2, "too_few_studies")


@each("method", METHODS)
@each("ci_method", CI_METHODS)
def test_one_study_more_than_coefficients(call, method, ci_method):
    result = regress(call, YI[:3], VI[:3], [X[:3]], tau2_method=method, ci_method=ci_method)
    assert (result["status"], result["qe_df"]) == ("ok", 1)
    assert all(len(result[name]) == 2 for name in LISTS)


@pytest.mark.parametrize(
    "x",
    [
        [[3.0] * 6],
        [[0.1] * 6],
        [X, X],
        [X, [2 * x + 1 for x in X]],
        [X, Z, [x / 3 - 7 * z for x, z in zip(X, Z, strict=True)]],
        [[0.0] * 6],
    ],
)
def test_a_moderator_that_adds_nothing_is_singular(call, x):
    result = regress(call, x=x)
    assert filled(result) == {"k", "p", "status"}
    assert result["status"] == "singular"


def test_a_constant_moderator_can_stand_for_the_intercept(call):
    one = regress(call, x=[[1.0] * 6, X], intercept="no")
    other = regress(call)
    assert one["estimate"] == other["estimate"]
    assert one["tau2"] == other["tau2"]
    assert (one["r2"], one["qm_df"]) == (None, 2)


def test_without_moderators_it_is_pool(call, pool):
    for method in ("REML", "DL", "PM", "CE"):
        for ci_method in CI_METHODS:
            one = regress(call, x=[], tau2_method=method, ci_method=ci_method)
            other = pool(YI, VI, tau2_method=method, ci_method=ci_method)
            assert one["status"] == "ok"
            for name in LISTS:
                assert one[name] == pytest.approx([other[name]], rel=1e-12)
            for name in ("tau2", "tau2_ci_low", "tau2_ci_high", "i2_q", "i2_tau2", "h2_q"):
                assert one[name] == pytest.approx(other[name], rel=1e-12)
            assert one["qe"] == pytest.approx(other["q"], rel=1e-12)
            assert (one["qm"], one["qm_df"], one["qm_p"], one["r2"]) == (None,) * 4


def test_nothing_to_estimate_has_a_status(call):
    row = regress(call, x=[], intercept="no")
    assert (row["status"], row["fault_at"]) == ("out_of_range", None)


@pytest.mark.parametrize("bad", [None, NAN, INF])
@pytest.mark.parametrize("where", ["yi", "vi", "x"])
def test_an_incomplete_study_is_dropped(call, bad, where):
    data = {"yi": [9.0, *YI], "vi": [1.0, *VI], "x": [8.0, *X]}
    data[where][0] = bad
    result = regress(call, data["yi"], data["vi"], [data["x"]])
    assert result == regress(call)


def test_a_null_moderator_is_missing_everywhere(call):
    row = call("meta_regression", [YI], [VI], [[X, None]])[0]
    assert (row["k"], row["status"]) == (0, "no_data")


def test_impossible_input(call):
    for wrong, status, at in (
        ({"vi": [0.1, -1, 0.1, 0.1, 0.1, 0.1]}, "out_of_range", 2),
        ({"vi": VI[:2]}, "lengths_differ", 3),
        ({"x": [X, X[:5]]}, "lengths_differ", 2),
    ):
        row = regress(call, **wrong)
        assert (row["status"], row["fault_at"]) == (status, at)
    with pytest.raises(ValueError, match="unknown tau2_method 'XX'; valid: REML, DL, PM"):
        regress(call, tau2_method="XX")
    with pytest.raises(ValueError, match="unknown intercept 'maybe'; valid: yes, no"):
        regress(call, intercept="maybe")
    with pytest.raises(ValueError, match="unknown option 'test'; valid: tau2_method, ci_method"):
        regress(call, test="z")


@each("method", METHODS)
@each("ci_method", CI_METHODS)
def test_effects_on_a_line(call, method, ci_method):
    yi = [0.3 + 0.7 * x for x in X]
    result = regress(call, yi, tau2_method=method, ci_method=ci_method)
    assert result["status"] == ("no_variation" if ci_method == "HK" else "ok")
    assert result["estimate"] == pytest.approx([0.3, 0.7], rel=1e-13)
    assert (result["tau2"], result["qe"], result["i2_q"], result["i2_tau2"]) == (0, 0, 0, 0)
    if ci_method == "HK":
        assert result["se"] == [0, 0]
        assert result["statistic"] == result["p_value"] == [None, None]
        assert result["qm"] is None
    else:
        assert min(result["se"]) > 0


@pytest.mark.parametrize("method", METHODS)
def test_identical_effects(call, method):
    result = regress(call, [0.4] * 6, tau2_method=method, ci_method="z")
    assert result["status"] == "ok"
    assert result["estimate"] == pytest.approx([0.4, 0], abs=1e-15)
    assert (result["tau2"], result["r2"]) == (0, 0)


@each("method", METHODS)
@each("power", [-140, -12, 12, 140])
def test_tiny_and_huge_variances(call, method, power):
    one, scale = regress(call, tau2_method=method), 10.0**power
    scaled = regress(call, [y * scale for y in YI], [v * scale**2 for v in VI], tau2_method=method)
    assert scaled["status"] == "ok"
    assert scaled["estimate"] == pytest.approx([b * scale for b in one["estimate"]], rel=1e-9)
    assert scaled["tau2"] == pytest.approx(one["tau2"] * scale**2, rel=1e-9)
    assert scaled["p_value"] == pytest.approx(one["p_value"], rel=1e-9)


def test_numbers_beyond_floating_point_have_a_status(call):
    result = regress(call, [1e200, -1e200, 1e200, 0, 0, 0], [1.0] * 6)
    assert filled(result) == {"k", "p", "status"}
    assert result["status"] == "not_converged"


def test_a_year_and_its_square(call):
    """The same parabola, whether years are centred or not."""
    years = np.array([1990, 1995, 2001, 2004, 2010, 2020.0])
    raw = regress(call, x=[years, years**2])
    centred = regress(call, x=[years - 2000, (years - 2000) ** 2])
    assert raw["status"] == "ok"
    assert raw["tau2"] == pytest.approx(centred["tau2"], rel=1e-8)
    assert raw["qm"] == pytest.approx(centred["qm"], rel=1e-8)
    assert raw["estimate"][2] == pytest.approx(centred["estimate"][2], rel=1e-8)


def test_rows_do_not_influence_each_other(call):
    rows = [(YI, VI, [X]), ([], [], [[]]), (YI, VI, [X, Z]), (YI[:2], VI[:2], []), (YI, VI, [X, X])]
    columns = [list(column) for column in zip(*rows, strict=True)]
    alone = [call("meta_regression", *[[value] for value in row])[0] for row in rows]
    assert call("meta_regression", *columns) == alone


def test_defaults_are_those_documented(call):
    default = regress(call)
    given = {"tau2_method": "REML", "ci_method": "HK_adhoc", "intercept": "yes", "ci_level": 0.95}
    assert default == regress(call, **given)
    assert default == regress(call, **dict.fromkeys(given))


def test_every_method_gives_its_own_result(call):
    """EB iterates to the root that PM brackets."""
    results = {name: regress(call, tau2_method=name)["tau2"] for name in METHODS}
    assert results.pop("EB") == results["PM"]
    assert len(set(results.values())) == len(METHODS) - 1


def test_without_intercept_residuals_are_those_of_the_line_through_0(call):
    """metafor 3.8-1 centres the effects first: its Q_E and tau2 are then of another line."""
    y, v, x = (np.array(column) for column in (YI, VI, range(1, len(YI) + 1)))
    w = 1 / v
    slope = (w * x * y).sum() / (w * x * x).sum()
    q = (w * (y - slope * x) ** 2).sum()
    trace = w.sum() - (w**2 * x**2).sum() / (w * x**2).sum()
    options = {"intercept": "no", "tau2_method": "DL"}
    row = call("meta_regression", [YI], [VI], [[list(map(float, x))]], [options])[0]
    assert row["qe"] == pytest.approx(q, rel=1e-12)
    assert row["tau2"] == pytest.approx(max(0.0, (q - (y.size - 1)) / trace), rel=1e-12)
