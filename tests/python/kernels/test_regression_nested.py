"""pool_three_level and pool_correlated: against metafor's rma.mv and clubSandwich."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

GOLDEN = Path(__file__).parents[2] / "data" / "regression"
DATA = json.loads((GOLDEN / "nested.json").read_text())
SETS = ("assink2016", "bornmann2007", "konstantopoulos2011", "shuffled")
RHOS = ("0.3", "0.6", "0.8")
EXAMPLES = settings(max_examples=30, deadline=None, derandomize=True)
by_set = pytest.mark.parametrize("name", SETS)
YI = [0.1, 0.5, 0.3, 0.9, 0.7, -0.2]
VI = [0.05, 0.04, 0.06, 0.03, 0.02, 0.08]
CLUSTER = ["a", "a", "b", "b", "b", "c"]


def three_level(call, yi=YI, vi=VI, cluster=CLUSTER, **options):
    columns = [list(yi)], [list(vi)], [list(cluster)]
    return call("pool_three_level", *columns, [options or None])[0]


def correlated(call, yi=YI, vi=VI, cluster=CLUSTER, **options):
    columns = [list(yi)], [list(vi)], [list(cluster)]
    return call("pool_correlated", *columns, [options or None])[0]


def covariance(vi, cluster, rho, within, between):
    """The whole covariance matrix, written out."""
    same = np.array(cluster)[:, None] == np.array(cluster)[None, :]
    v = rho * np.sqrt(np.outer(vi, vi)) * same
    np.fill_diagonal(v, vi)
    return v + within * np.eye(len(vi)) + between * same


def log_likelihood(yi, v, method):
    """Full log-likelihood of the normal model, from its density."""
    yi, k, m = np.array(yi), len(yi), np.linalg.inv(v)
    e = yi - (m @ yi).sum() / m.sum()
    value = np.linalg.slogdet(m)[1] - e @ m @ e - k * math.log(2 * math.pi)
    if method == "REML":
        value += math.log(2 * math.pi) + math.log(k) - math.log(m.sum())
    return 0.5 * value


def cr2_by_definition(yi, v, cluster):
    """CR2 variance and Satterthwaite df of the mean, from whole matrices.

    A_j is the geometric mean of inv((I - H) V) and V; P = G'V G for the contributions G'(I - H) e.
    """
    yi, labels = np.array(yi), list(dict.fromkeys(cluster))
    m = np.linalg.inv(v)
    hat = np.outer(np.ones(len(yi)), m.sum(0)) / m.sum()
    rest = np.eye(len(yi)) - hat
    left = (rest @ v @ rest.T + (rest @ v @ rest.T).T) / 2
    columns = []
    for label in labels:
        at = np.flatnonzero(np.array(cluster) == label)
        target, reduced = v[np.ix_(at, at)], left[np.ix_(at, at)]
        values, vectors = np.linalg.eigh(reduced)
        root = vectors @ np.diag(np.sqrt(values)) @ vectors.T
        inverse_root = np.linalg.inv(root)
        values, vectors = np.linalg.eigh(root @ target @ root)
        a = inverse_root @ vectors @ np.diag(np.sqrt(values)) @ vectors.T @ inverse_root
        g = np.zeros(len(yi))
        g[at] = a @ np.linalg.inv(target) @ np.ones(len(at)) / m.sum()
        columns.append(rest.T @ g)
    g = np.array(columns).T
    p = g.T @ v @ g
    variance = ((g.T @ (yi - (m @ yi).sum() / m.sum())) ** 2).sum()
    return math.sqrt(variance), np.trace(p) ** 2 / (p * p).sum()


def test_every_cell_of_the_grid_is_there():
    assert DATA.keys() == set(SETS)
    for data in DATA.values():
        assert data["three_level"].keys() == {"REML", "ML"}
        assert data["correlated"].keys() == set(RHOS)
        assert all(cell.keys() == {"CHE", "CE"} for cell in data["correlated"].values())


@pytest.mark.parametrize("method", ["REML", "ML"])
@by_set
def test_three_level_agrees_with_metafor(call, name, method):
    """rma.mv's optimiser stops at about seven digits; the likelihood here is never lower."""
    data, expected = DATA[name], DATA[name]["three_level"][method]
    result = three_level(call, data["yi"], data["vi"], data["cluster"], method=method)
    assert (result["status"], result["k"]) == ("ok", len(data["yi"]))
    assert result["clusters"] == len(set(data["cluster"]))
    between, within = expected["sigma2"]
    assert result["sigma2_between"] == pytest.approx(between, rel=1e-5, abs=1e-8)
    assert result["sigma2_within"] == pytest.approx(within, rel=1e-5, abs=1e-8)
    assert result["log_likelihood"] == pytest.approx(expected["ll"], abs=1e-7)
    assert result["log_likelihood"] >= expected["ll"] - 1e-10
    assert result["q"] == pytest.approx(expected["QE"], rel=1e-9)
    for field, key in {"estimate": "b", "se": "se", "ci_low": "ci.lb", "p_value": "p"}.items():
        assert result[field] == pytest.approx(expected[key], rel=1e-5), field
    for field, key in {"cr2_se": "se", "cr2_df": "df", "cr2_ci_low": "ci.lb", "cr2_p": "p"}.items():
        assert result[field] == pytest.approx(expected["cr2"][key], rel=1e-5), field


@pytest.mark.parametrize("model", ["CHE", "CE"])
@pytest.mark.parametrize("rho", RHOS)
@by_set
def test_correlated_effects_agree_with_clubsandwich(call, name, rho, model):
    data, expected = DATA[name], DATA[name]["correlated"][rho][model]
    result = correlated(call, data["yi"], data["vi"], data["cluster"], rho=float(rho), model=model)
    assert result["status"] == "ok"
    tau2, omega2 = [*expected["sigma2"], 0.0][:2] if model == "CHE" else (expected["sigma2"], 0.0)
    assert result["tau2"] == pytest.approx(tau2, rel=1e-5, abs=1e-8)
    assert result["omega2"] == pytest.approx(omega2, rel=1e-5, abs=1e-8)
    assert result["log_likelihood"] == pytest.approx(expected["ll"], abs=1e-7)
    assert result["log_likelihood"] >= expected["ll"] - 1e-10
    assert result["estimate"] == pytest.approx(expected["b"], rel=1e-5)
    assert result["se_model"] == pytest.approx(expected["se"], rel=1e-5)
    for field, key in {"se": "se", "df": "df", "ci_low": "ci.lb", "p_value": "p"}.items():
        assert result[field] == pytest.approx(expected["cr2"][key], rel=1e-5), field


def golden_cells():
    """(data set, rho, cell) of every golden fit."""
    for name, data in DATA.items():
        for cell in data["three_level"].values():
            yield name, 0.0, cell
        for rho, models in data["correlated"].items():
            for cell in models.values():
                yield name, float(rho), cell


def test_cr2_equals_clubsandwich_at_the_same_components():
    """1e-8, at the variance components that rma.mv found: nothing is left to the optimiser."""
    from python_udfs.kernels.regression.nested import Nested
    from python_udfs.kernels.regression.nested_fits import _rotated
    from python_udfs.kernels.regression.robust import cr2

    compared = 0
    for name, rho, cell in golden_cells():
        data = DATA[name]
        cluster = np.array(data["cluster"])
        order = np.argsort(cluster, kind="stable")
        sizes = np.unique(cluster, return_counts=True)[1]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        yi, vi = np.array(data["yi"])[order], np.array(data["vi"])[order]
        between, within = (*np.atleast_1d(cell["sigma2"]), 0.0)[:2]
        m = np.linalg.inv(covariance(vi, cluster[order], rho, within, between))
        nested = _rotated(yi, vi, starts, rho)
        assert isinstance(nested, Nested)
        mean = (m @ yi).sum() / m.sum()
        se, df = cr2(nested, float(within), float(between), mean, m.sum())
        assert se == pytest.approx(cell["cr2"]["se"], rel=1e-8)
        assert df == pytest.approx(cell["cr2"]["df"], rel=1e-8)
        compared += 1
    assert compared == 32


@by_set
def test_likelihood_and_cr2_by_definition(call, name):
    """The same numbers from whole matrices, without clusters being treated apart."""
    data = DATA[name]
    for rho, result in [
        (0.0, three_level(call, data["yi"], data["vi"], data["cluster"])),
        (0.7, correlated(call, data["yi"], data["vi"], data["cluster"], rho=0.7)),
    ]:
        between = result["sigma2_between" if rho == 0 else "tau2"]
        within = result["sigma2_within" if rho == 0 else "omega2"]
        v = covariance(data["vi"], data["cluster"], rho, within, between)
        assert result["log_likelihood"] == pytest.approx(
            log_likelihood(data["yi"], v, "REML"), abs=1e-9
        )
        m = np.linalg.inv(v)
        assert result["estimate"] == pytest.approx((m @ data["yi"]).sum() / m.sum(), rel=1e-9)
        assert result["se" if rho == 0 else "se_model"] == pytest.approx(m.sum() ** -0.5, rel=1e-9)
        se, df = cr2_by_definition(data["yi"], v, data["cluster"])
        assert result["cr2_se" if rho == 0 else "se"] == pytest.approx(se, rel=1e-8)
        assert result["cr2_df" if rho == 0 else "df"] == pytest.approx(df, rel=1e-8)


def test_i2_by_level(call):
    """konstantopoulos2011: 95.19 percent in all, 63.32 between districts and 31.86 within."""
    data = DATA["konstantopoulos2011"]
    result = three_level(call, data["yi"], data["vi"], data["cluster"])
    assert result["i2_total"] == pytest.approx(95.19, abs=0.005)
    assert result["i2_between"] == pytest.approx(63.32, abs=0.01)
    assert result["i2_within"] == pytest.approx(31.86, abs=0.01)
    assert result["i2_between"] + result["i2_within"] == pytest.approx(result["i2_total"])


@st.composite
def nests(draw):
    """Three to five clusters of one to four effects, at least one of several."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    sizes = [2, *draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))]
    cluster = np.repeat([f"c{i}" for i in range(len(sizes))], sizes)
    vi = 10 ** rng.uniform(-2.5, 0, len(cluster))
    yi = rng.normal(0, 1, len(sizes)).repeat(sizes) * rng.uniform(0, 1) + rng.normal(0, vi**0.5)
    return yi, vi, cluster


@EXAMPLES
@given(data=nests(), method=st.sampled_from(["REML", "ML"]), rho=st.sampled_from([0.0, 0.3, 0.8]))
def test_likelihood_is_the_global_maximum(call, data, method, rho):
    yi, vi, cluster = data
    if rho == 0.0:
        best = three_level(call, *data, method=method)["log_likelihood"]
    else:
        best = correlated(call, *data, method=method, rho=rho)["log_likelihood"]
    for within in (0.0, 0.001, 0.01, 0.05, 0.1, 0.3, 1.0, 3.0):
        for between in (0.0, 0.001, 0.01, 0.05, 0.1, 0.3, 1.0, 3.0):
            v = covariance(vi, cluster, rho, within, between)
            assert best >= log_likelihood(yi, v, method) - 1e-9


@EXAMPLES
@given(data=nests(), random=st.randoms())
def test_order_shift_sign_scale_and_names(call, data, random):
    yi, vi, cluster = data
    order = list(range(len(yi)))
    random.shuffle(order)
    names = [f"new {label}" for label in cluster]
    for pool in (three_level, correlated):
        one = pool(call, yi, vi, cluster)
        assert pool(call, yi, vi, names) == one
        assert pool(call, -yi, vi, cluster)["estimate"] == -one["estimate"]
        scaled = pool(call, yi * 4.0, vi * 16.0, cluster)
        assert scaled["estimate"] == pytest.approx(one["estimate"] * 4.0, rel=1e-9)
        assert scaled["se"] == pytest.approx(one["se"] * 4.0, rel=1e-9)
        shifted = pool(call, yi + 50.0, vi, cluster)
        assert shifted["estimate"] == pytest.approx(one["estimate"] + 50.0, rel=1e-7)
        shuffled = pool(call, yi[order], vi[order], cluster[order])
        for field in ("estimate", "se", "ci_low", "ci_high", "log_likelihood"):
            assert shuffled[field] == pytest.approx(one[field], rel=1e-5, abs=1e-6), field
        assert one["ci_low"] <= one["estimate"] <= one["ci_high"]


@pytest.mark.parametrize("pool", [three_level, correlated])
def test_too_little_to_tell(call, pool):
    assert pool(call, [], [], [])["status"] == "no_data"
    assert pool(call, [None, 1.0], [1, 1], ["a", None])["status"] == "no_data"
    result = pool(call, [0.5], [0.04], ["a"])
    assert (result["k"], result["clusters"], result["status"]) == (1, 1, "single_study")
    assert (result["estimate"], result["se"]) == (0.5, pytest.approx(0.2))
    assert result["ci_low"] == pytest.approx(0.5 - 1.959963984540054 * 0.2)
    for cluster, status in ((["a"] * 6, "single_cluster"), (list("abcdef"), "not_identified")):
        result = pool(call, cluster=cluster)
        assert result["status"] == status
        assert {key for key, value in result.items() if value is not None} == {
            "k", "clusters", "status"
        }  # fmt: skip
    two = pool(call, cluster=["a", "a", "a", "b", "b", "b"])
    assert two["status"] == ("ok" if pool is three_level else "low_df")
    assert two["estimate"] is not None


def test_one_effect_per_study_needs_no_variance_within(call, pool):
    result = correlated(call, cluster=list("abcdef"), model="CE")
    other = pool(YI, VI, ci_method="z")
    assert result["tau2"] == pytest.approx(other["tau2"], rel=1e-10)
    assert result["estimate"] == pytest.approx(other["estimate"], rel=1e-10)
    assert result["se_model"] == pytest.approx(other["se"], rel=1e-10)
    assert result["omega2"] == 0


def test_few_degrees_of_freedom_are_flagged(call):
    result = correlated(call)
    assert result["df"] < 4
    assert result["status"] == "low_df"
    assert result["p_value"] is not None


@pytest.mark.parametrize("pool", [three_level, correlated])
def test_identical_effects(call, pool):
    result = pool(call, [0.3] * 6)
    assert result["estimate"] == 0.3
    assert (result["q"], result["i2_total"]) == (0, 0)
    assert result["status"] in ("ok", "low_df")


@pytest.mark.parametrize("pool", [three_level, correlated])
@pytest.mark.parametrize("bad", [None, math.nan, math.inf])
def test_an_incomplete_effect_is_dropped(call, pool, bad):
    expected = pool(call)
    assert pool(call, [bad, *YI], [0.1, *VI], ["b", *CLUSTER]) == expected
    assert pool(call, [0.4, *YI], [bad, *VI], ["b", *CLUSTER]) == expected
    assert pool(call, [0.4, *YI], [0.1, *VI], [None, *CLUSTER]) == expected


@pytest.mark.parametrize("pool", [three_level, correlated])
@pytest.mark.parametrize("power", [-70, -6, 6, 70])
def test_tiny_and_huge_variances(call, pool, power):
    one, scale = pool(call), 10.0**power
    scaled = pool(call, [y * scale for y in YI], [v * scale**2 for v in VI])
    assert scaled["status"] == one["status"]
    assert scaled["estimate"] == pytest.approx(one["estimate"] * scale, rel=1e-8)
    assert scaled["se"] == pytest.approx(one["se"] * scale, rel=1e-7)
    assert scaled["i2_total"] == pytest.approx(one["i2_total"], rel=1e-6)


@pytest.mark.parametrize("name", ["pool_three_level", "pool_correlated"])
def test_errors(call, name):
    def pool(yi, vi, cluster, **options):
        return call(name, [yi], [vi], [cluster], [options or None])

    for arguments, status, at in (
        (([1.0, 2.0], [1.0, 1.0], ["a"]), "lengths_differ", 2),
        (([1.0, 2.0], [1.0], ["a", "b"]), "lengths_differ", 2),
        (([1.0, 2.0], [1.0, 0.0], ["a", "b"]), "out_of_range", 2),
    ):
        row = pool(*arguments)[0]
        assert (row["status"], row["fault_at"]) == (status, at)
    with pytest.raises(ValueError, match="unknown method 'DL'; valid: REML, ML"):
        pool([1.0], [1.0], ["a"], method="DL")
    with pytest.raises(ValueError, match="unknown option 'tau2_method'; valid: "):
        pool([1.0], [1.0], ["a"], tau2_method="REML")


@pytest.mark.parametrize("rho", [0.0, 1.0, -0.2, 1.5])
def test_rho_must_be_a_correlation(call, rho):
    with pytest.raises(ValueError, match="rho must lie between 0 and 1"):
        correlated(call, rho=rho)


def test_every_option_does_something(call):
    base = three_level(call)
    assert base == three_level(call, method="REML", ci_method="t", ci_level=0.95)
    assert three_level(call, method="ML")["se"] != base["se"]
    assert three_level(call, ci_method="z")["ci_low"] > base["ci_low"]
    assert three_level(call, ci_level=0.5)["cr2_ci_low"] > base["cr2_ci_low"]
    base = correlated(call)
    assert base == correlated(call, model="CHE", method="REML", rho=0.6, ci_level=0.95)
    for change in ({"model": "CE"}, {"method": "ML"}, {"rho": 0.1}, {"ci_level": 0.5}):
        assert correlated(call, **change)["ci_low"] != base["ci_low"]


def test_rows_do_not_influence_each_other(call):
    rows = [(YI, VI, CLUSTER), ([], [], []), ([0.1], [0.2], ["z"]), (YI[::-1], VI, CLUSTER[::-1])]
    columns = [list(column) for column in zip(*rows, strict=True)]
    for name in ("pool_three_level", "pool_correlated"):
        alone = [call(name, *[[value] for value in row])[0] for row in rows]
        assert call(name, *columns) == alone
