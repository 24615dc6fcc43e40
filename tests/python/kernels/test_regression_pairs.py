"""Functions of effects of which some pairs are correlated: against those of the whole matrix.

``pool_gls`` of a matrix is checked against metafor (test_regression_gls.py). Here
``pool_gls_pairs`` must equal it, and ``leave_one_out_gls``, which takes effects out of one
decomposition, must equal ``pool_gls`` of the matrix without their rows and columns.
"""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from python_udfs.kernels.regression.blocks import MOST_CONNECTED
from python_udfs.kernels.regression.eigen import eigen, least_eigenvalue

EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True)
METHODS = ("REML", "DL", "PM", "CE", "ML", "EB", "HE", "HS", "HSk", "SJ", "PMM")
COMPARED = (
    "estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "tau2", "q", "q_p", "i2_q",
    "i2_tau2", "pi_low", "pi_high",
)  # fmt: skip


@st.composite
def effects(draw, least=2, most=12):
    """(yi, vi, pairs, default): some equal variances, some blocks, some correlated throughout."""
    k = draw(st.integers(least, most))
    vi = draw(st.lists(st.sampled_from([0.01, 0.02, 0.02, 0.05, 0.3, 1.7]), min_size=k, max_size=k))
    yi = draw(st.lists(st.integers(-200, 200), min_size=k, max_size=k, unique=True))
    default = draw(st.sampled_from([0.0, 0.0, 0.1, 0.4]))
    possible = [(i, j) for i in range(1, k + 1) for j in range(i + 1, k + 1)]
    chosen = draw(st.lists(st.sampled_from(possible), unique=True, max_size=k)) if k > 1 else []
    # Few enough and small enough for the matrix to be definite.
    room = (1.0 - default) / k
    pairs = [[i, j, default + draw(st.sampled_from([0.3, 0.9])) * room] for i, j in chosen]
    return [y / 100 for y in yi], vi, pairs, default


def matrix(vi, pairs, default):
    """The covariance matrix in full."""
    r = np.full((len(vi), len(vi)), float(default))
    np.fill_diagonal(r, 1.0)
    for i, j, correlation in pairs:
        r[int(i) - 1, int(j) - 1] = r[int(j) - 1, int(i) - 1] = correlation
    v = r * np.sqrt(np.outer(vi, vi))
    np.fill_diagonal(v, vi)
    return v


def whole(call, yi, v, **options):
    return call("pool_gls", [list(yi)], [[list(line) for line in v]], [options])[0]


def by_pairs(call, name, yi, vi, pairs, default, **options):
    return call(name, [yi], [vi], [pairs], [{"default_correlation": default, **options}])[0]


def assert_equal(found, expected):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, float):
            assert found[name] == pytest.approx(value, rel=1e-12, abs=1e-13), name
        else:
            assert found[name] == value, name


@EXAMPLES
@given(data=effects(), method=st.sampled_from(METHODS))
def test_pairs_give_what_the_matrix_gives(call, data, method):
    yi, vi, pairs, default = data
    expected = whole(call, yi, matrix(vi, pairs, default), tau2_method=method)
    found = by_pairs(call, "pool_gls_pairs", yi, vi, pairs, default, tau2_method=method)
    assert found.pop("weights") == pytest.approx(expected.pop("weights"), rel=1e-12, abs=1e-12)
    assert_equal(found, expected)


@EXAMPLES
@given(data=effects(), method=st.sampled_from(METHODS), ci=st.sampled_from(["z", "HK_adhoc"]))
def test_leaving_out_gives_the_pool_of_the_others(call, data, method, ci):
    yi, vi, pairs, default = data
    v = matrix(vi, pairs, default)
    options = {"tau2_method": method, "ci_method": ci}
    found = by_pairs(call, "leave_one_out_gls", yi, vi, pairs, default, **options)
    assert found["k"] == len(yi)
    for omitted in range(len(yi)):
        kept = np.arange(len(yi)) != omitted
        expected = whole(call, np.array(yi)[kept], v[np.ix_(kept, kept)], **options)
        status = "ok" if expected["status"] == "tau2_outside_interval" else expected["status"]
        assert found["statuses"][omitted] == status  # without limits of tau2 there is none to leave
        # A tau2 near the boundary rests on a Q that cancels: it is compared with the variances.
        size = {"tau2": min(vi), "i2_q": 100.0, "i2_tau2": 100.0, "q_p": 1.0}
        for name in COMPARED:
            value = expected[name]
            if value is not None:
                value = pytest.approx(value, rel=1e-12, abs=1e-12 * size.get(name, 1.0))
            assert found[name][omitted] == value, name


@pytest.mark.parametrize("default", [0.0, 0.1])
def test_leaving_out_one_of_many(call, default):
    """Sixty effects, in blocks or all correlated, by plain matrix algebra."""
    rng = np.random.default_rng(5)
    k = 60
    yi, vi = list(rng.normal(0.4, 0.3, k)), list(rng.uniform(0.01, 0.2, k))
    pairs = [[i, i + 1, 0.5] for i in range(1, k, 3)] + [[2, 40, 0.3]]
    v = matrix(vi, pairs, default)
    found = by_pairs(call, "leave_one_out_gls", yi, vi, pairs, default, ci_method="t")
    assert found["status"] == "ok"
    for omitted in range(k):
        kept = np.arange(k) != omitted
        m = np.linalg.inv(v[np.ix_(kept, kept)] + found["tau2"][omitted] * np.eye(k - 1))
        y = np.array(yi)[kept]
        assert found["estimate"][omitted] == pytest.approx((m @ y).sum() / m.sum(), rel=1e-12)
        assert found["se"][omitted] == pytest.approx(m.sum() ** -0.5, rel=1e-12)
        p = m - np.outer(m.sum(0), m.sum(0)) / m.sum()
        assert y @ p @ p @ y == pytest.approx(np.trace(p), rel=1e-7)  # REML's equation


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_leaving_out_one_of_hundreds(call, method, spread):
    """Sums that only one block changes give what the sums over all that is left give."""
    rng = np.random.default_rng(7)
    k = 240
    vi = rng.choice([0.01, 0.02, 0.05, 0.3, 1.7], k) * rng.uniform(0.9, 1.1, k)
    vi[3] = 1e-5  # outweighs all others
    yi, vi = list(rng.normal(0.4, np.sqrt(vi + spread**2))), list(vi)
    yi[100] = 40.0
    sizes = [1, 2, 3, 90]  # a block of 90 is more than a quarter
    starts, pairs = np.cumsum([0, *sizes, *([4, 1] * 28)]), []
    for start, stop in itertools.pairwise(starts):
        pairs += [[i + 1, j + 1, 0.3] for i in range(start, stop) for j in range(i + 1, stop)]
    options = {"tau2_method": method, "ci_method": "t"}
    found = by_pairs(call, "leave_one_out_gls", yi, vi, pairs, 0.0, **options)
    for omitted in (0, 1, 3, 5, 50, 100, 101, 235, 239):
        kept = [i for i in range(k) if i != omitted]
        moved = [
            [i - (i > omitted), j - (j > omitted), r]
            for i, j, r in pairs
            if omitted + 1 not in (i, j)
        ]
        expected = by_pairs(
            call,
            "pool_gls_pairs",
            [yi[i] for i in kept],
            [vi[i] for i in kept],
            moved,
            0.0,
            tau2_ci_method="none",
            **options,
        )
        assert found["statuses"][omitted] == expected["status"]
        size = {"tau2": min(vi), "i2_q": 100.0, "i2_tau2": 100.0, "q_p": 1.0}
        for name in COMPARED:
            value = expected[name]
            if value is not None:
                value = pytest.approx(value, rel=1e-9, abs=1e-9 * size.get(name, 1.0))
            assert found[name][omitted] == value, (name, omitted)


def test_thousands_of_effects_in_blocks(call):
    """A fraction of a second in blocks; the full matrix would take the better part of an hour."""
    rng = np.random.default_rng(6)
    k = 4000
    yi, vi = list(rng.normal(0.4, 0.3, k)), list(rng.uniform(0.01, 0.2, k))
    pairs = [[i, i + 1, 0.4] for i in range(1, k, 10)]
    by_pairs(call, "leave_one_out_gls", yi[:10], vi[:10], pairs[:1], 0.0)  # compiles
    began = time.process_time()
    found = by_pairs(call, "leave_one_out_gls", yi, vi, pairs, 0.0)
    assert time.process_time() - began < 5.0, "sums over all effects for each of them take 30 s"
    kept = [i for i in range(k) if i != 10]
    moved = [[i - (i > 10), j - (j > 10), r] for i, j, r in pairs if 11 not in (i, j)]
    reduced = by_pairs(
        call, "pool_gls_pairs", [yi[i] for i in kept], [vi[i] for i in kept], moved, 0.0
    )
    assert found["estimate"][10] == pytest.approx(reduced["estimate"], rel=1e-12)
    assert found["tau2"][10] == pytest.approx(reduced["tau2"], rel=1e-10)


def test_the_smallest_eigenvalue_is_the_least_of_all():
    rng = np.random.default_rng(8)
    for k in (1, 2, 7, 40):
        m = rng.normal(size=(k, k))
        m = m @ m.T
        values, vectors = eigen(m)
        assert least_eigenvalue(m) == values.min()
        assert np.sort(values) == pytest.approx(np.linalg.eigvalsh(m), rel=1e-9)
        assert vectors @ np.diag(values) @ vectors.T == pytest.approx(m, abs=1e-12 * k)
        assert vectors.T @ vectors == pytest.approx(np.eye(k), abs=1e-13)


def test_more_connected_effects_than_can_be_done(call):
    """The limit holds for effects that are connected, and is said before anything is computed."""
    k = MOST_CONNECTED + 1
    effects = [0.1] * k, [0.01] * k
    chain = [[i, i + 1, 0.1] for i in range(1, k)]
    for pairs, default in ((chain, 0.0), ([], 0.1), (chain, 0.1)):
        pooled = by_pairs(call, "pool_gls_pairs", *effects, pairs, default)
        assert (pooled["status"], pooled["estimate"]) == ("too_many_effects", None)
        left_out = by_pairs(call, "leave_one_out_gls", *effects, pairs, default)
        assert left_out["status"] == "too_many_effects"
        assert set(left_out["statuses"]) == {"too_many_effects"}
        options = {"default_correlation": default}
        shrunk = call("correlation_shrinkage_pairs", [float(k)], [pairs], [options])[0]
        assert (shrunk["status"], shrunk["shrinkage"]) == ("too_many_effects", None)


def test_copies_of_one_effect_are_left_out_one_by_one(call):
    """Two copies are singular together; without one of them the others are not."""
    yi, vi, pairs = [0.2, 0.2, 0.5], [0.04, 0.04, 0.09], [[1, 2, 1.0]]
    found = by_pairs(call, "leave_one_out_gls", yi, vi, pairs, 0.0, tau2_method="CE", ci_method="z")
    assert found["status"] == "not_positive_definite"
    assert found["statuses"] == ["ok", "ok", "not_positive_definite"]
    assert found["estimate"][0] == pytest.approx((0.2 / 0.04 + 0.5 / 0.09) / (1 / 0.04 + 1 / 0.09))
    assert found["estimate"][2] is None


def test_few_effects(call):
    two = by_pairs(call, "leave_one_out_gls", [0.2, 0.5], [0.04, 0.09], [[1, 2, 0.5]], 0.0)
    assert (two["status"], two["statuses"]) == ("ok", ["single_study"] * 2)
    assert two["estimate"] == [0.5, 0.2]
    one = by_pairs(call, "leave_one_out_gls", [0.2], [0.04], [], 0.0)
    assert (one["status"], one["estimate"]) == ("single_study", None)
    none = by_pairs(call, "leave_one_out_gls", [], [], [], 0.0)
    assert (none["status"], none["statuses"]) == ("no_data", None)


def test_missing_effects_take_their_correlations_along(call):
    yi, vi = [0.2, None, 0.5, 0.9], [0.04, 0.01, 0.09, 0.02]
    found = by_pairs(call, "pool_gls_pairs", yi, vi, [[1, 2, 0.9], [3, 4, 0.2]], 0.1)
    v = matrix([0.04, 0.09, 0.02], [[2, 3, 0.2]], 0.1)
    assert found["estimate"] == pytest.approx(whole(call, [0.2, 0.5, 0.9], v)["estimate"])
    assert found["weights"][1] is None
    without = by_pairs(call, "leave_one_out_gls", yi, vi, [[1, 2, 0.9], [3, 4, 0.2]], 0.1)
    assert without["estimate"][1] is None


@EXAMPLES
@given(data=effects(least=1))
def test_shrinkage_of_pairs_is_that_of_the_matrix(call, data):
    _, vi, pairs, default = data
    r = matrix([1.0] * len(vi), pairs, default)
    expected = call("correlation_shrinkage", [[list(line) for line in r]], [None])[0]
    options = {"default_correlation": default}
    found = call("correlation_shrinkage_pairs", [float(len(vi))], [pairs], [options])[0]
    assert_equal(found, expected)


@pytest.mark.parametrize("default", [-0.4, -0.1, 0.0, 0.1, 0.9])
@pytest.mark.parametrize("k", [1, 2, 7])
def test_shrinkage_without_pairs_is_that_of_equal_correlations(call, k, default):
    r = matrix([1.0] * k, [], default)
    expected = call("correlation_shrinkage", [[list(line) for line in r]], [None])[0]
    options = {"default_correlation": default}
    found = call("correlation_shrinkage_pairs", [float(k)], [[]], [options])[0]
    assert_equal(found, expected)


def test_shrinkage_makes_room(call):
    pairs = [[1, 2, 0.9], [1, 3, -0.9], [2, 3, 0.9]]
    found = call("correlation_shrinkage_pairs", [3.0], [pairs], [None])[0]
    assert found["shrinkage"] == pytest.approx(0.85 / 1.8)


@pytest.mark.parametrize(
    ("pairs", "status", "at"),
    [
        ([[1, 2]], "out_of_range", 1),
        ([[1, 2, 0.1], [1, 4, 0.1]], "out_of_range", 2),
        ([[0, 1, 0.1]], "out_of_range", 1),
        ([[1, 1, 1.0]], "out_of_range", 1),
        ([[1, 1.5, 0.1]], "out_of_range", 1),
        ([[1, 2, 1.5]], "out_of_range", 1),
        ([[1, 2, None]], "out_of_range", 1),
        ([[1, 2, 0.1], [2, 1, 0.1]], "repeated_pair", 2),
    ],
)
@pytest.mark.parametrize("function", ["pool_gls_pairs", "leave_one_out_gls"])
def test_pairs_that_are_none(call, function, pairs, status, at):
    row = by_pairs(call, function, [0.1, 0.2, 0.3], [0.1, 0.1, 0.1], pairs, 0.0)
    assert (row["status"], row["fault_at"], row["estimate"]) == (status, at, None)
