"""Leave-one-out, cumulative, influence, Baujat, ceilings and GOSH: metafor, properties, edges."""

import json
import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from tests.python.cases import each

GOLDEN = Path(__file__).parents[2] / "data" / "sensitivity"
NAMES = (
    "dat.bcg_RR",
    "dat.bcg_RR_first3",
    "dat.borenstein2009",
    "dat.hine1989_RD",
    "dat.linde2005_RR",
    "dat.normand1999_SMD",
    "dat.raudenbush1985",
)
METHODS = ("CE", "DL", "REML", "PM")
PARTS = ("leave_one_out", "cumulative", "influence", "baujat", "gosh")
PER_STUDY = ("leave_one_out", "cumulative", "influence", "baujat")
EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True)
YI = [0.09452, 0.27736, 0.36654, 0.66438, 0.46181, 0.18516]
VI = [0.03295, 0.03070, 0.04988, 0.01051, 0.04266, 0.02342]


def read(name):
    return json.loads((GOLDEN / f"{name}.json").read_text())


@pytest.fixture(scope="module")
def one(call):
    """``one(function, yi, vi, *further, **options)``: the result of one row."""

    def result(function, yi, vi, *further, **options):
        columns = [[list(yi)], [list(vi)], *([value] for value in further)]
        return call(function, *columns, *([[options]] if options else []))[0]

    return result


def options_of(part, method):
    wald = {"ci_method": "z"} if part in ("leave_one_out", "cumulative") else {}
    return {"tau2_method": method} | wald


def close(found, expected):
    """Within 1e-8, relative, or absolute below 1; both lists may hold None."""
    assert len(found) == len(expected)
    for value, other in zip(found, expected, strict=True):
        if value is None or other is None:
            assert value is other is None
        else:
            assert value == pytest.approx(other, rel=1e-8, abs=1e-10)


def test_the_grid_is_complete():
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == sorted(NAMES)
    for name in NAMES:
        fits = read(name)["fits"]
        assert tuple(fits) == METHODS
        for fit in fits.values():
            assert set(PARTS) <= set(fit)


@pytest.mark.parametrize("name", NAMES)
@each("method", METHODS)
@each("part", PER_STUDY)
def test_per_study_results_equal_metafor(one, name, method, part):
    data = read(name)
    expected = data["fits"][method][part]
    found = one(part, data["yi"], data["vi"], **options_of(part, method))
    assert found["k"] == len(data["yi"])
    assert found["status"] == "ok"
    for field, values in expected.items():
        if isinstance(values, list):
            first = 0
            if part == "cumulative" and field in ("tau2", "q", "q_p"):
                first = 1  # a single study has no heterogeneity; metafor says 0
                assert found[field][0] is None
            close(found[field][first:], values[first:])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", METHODS)
def test_gosh_equals_metafor(one, name, method):
    data = read(name)
    expected = data["fits"][method]["gosh"]
    k = len(expected["members"][0])
    found = one("gosh", data["yi"][:k], data["vi"][:k], tau2_method=method)
    assert (found["coverage"], found["subsets"]) == ("all", 2**k - 1)
    place = {members: i for i, members in enumerate(expected["members"])}
    order = [place[members] for members in found["members"]]
    assert sorted(order) == list(range(2**k - 1))
    assert found["subset_k"] == [members.count("1") for members in found["members"]]
    close(found["estimate"], [expected["estimate"][i] for i in order])
    for field in ("tau2", "q"):
        values = [
            None if subset_k == 1 else expected[field][i]
            for i, subset_k in zip(order, found["subset_k"], strict=True)
        ]
        close(found[field], values)


def test_golden_leave_one_out(one):
    """Borenstein and others 2009, DL; printed to six digits."""
    found = one("leave_one_out", YI, VI, tau2_method="DL")["estimate"]
    expected = [0.411115, 0.370213, 0.353153, 0.254731, 0.336804, 0.396884]
    assert found == pytest.approx(expected, abs=5e-7)


def test_golden_ceilings(one):
    """Borenstein and others 2009, DL and z: estimate, se, p under ceilings of 5 to 20 percent."""
    ceilings = [0.0, 0.05, 0.10, 0.15, 0.20]
    found = one("credibility_ceiling", YI, VI, ceilings, tau2_method="DL", ci_method="z")
    assert found["estimate"] == pytest.approx(
        [0.358232, 0.256695, 0.230469, 0.213109, 0.195701], abs=6e-7
    )
    assert found["se"] == pytest.approx(
        [0.105247, 0.083193, 0.092041, 0.104765, 0.119170], abs=6e-7
    )
    assert found["p_value"][1:] == pytest.approx([0.00203, 0.01228, 0.04194, 0.10055], abs=6e-6)
    assert found["tau2"][1:] == [0.0] * 4


@st.composite
def studies(draw, smallest=2):
    k = draw(st.integers(smallest, 9))
    effect = st.floats(-2, 2).map(lambda x: round(x, 4))
    variance = st.floats(0.01, 1).map(lambda x: round(x, 4))
    yi = draw(st.lists(effect, min_size=k, max_size=k))
    return yi, draw(st.lists(variance, min_size=k, max_size=k))


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS))
def test_refits_are_those_of_pool(one, pool, data, method):
    yi, vi = data
    options = {"tau2_method": method, "ci_method": "HK", "pi_method": "HTS", "ci_level": 0.9}
    without = one("leave_one_out", yi, vi, **options)
    upto = one("cumulative", yi, vi, **options)
    for i in range(len(yi)):
        rest = pool(yi[:i] + yi[i + 1 :], vi[:i] + vi[i + 1 :], **options)
        start = pool(yi[: i + 1], vi[: i + 1], **options)
        assert without["statuses"][i] == rest["status"]
        for field in ("estimate", "se", "ci_low", "p_value", "tau2", "q", "i2_tau2", "pi_high"):
            assert without[field][i] == rest[field]
            assert upto[field][i] == start[field]


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS))
def test_influence_follows_its_definition(one, pool, data, method):
    yi, vi = np.array(data[0]), np.array(data[1])
    full = pool(yi, vi, tau2_method=method, ci_method="z")
    found = one("influence", yi, vi, tau2_method=method)
    plot = one("baujat", yi, vi, tau2_method=method)
    assert found["hat"] == pytest.approx(full["weights"], rel=1e-9)
    for i in range(len(yi)):
        rest = pool(np.delete(yi, i), np.delete(vi, i), tau2_method=method, ci_method="z")
        tau2 = rest["tau2"] or 0.0
        change = full["estimate"] - rest["estimate"]
        spread = math.sqrt(vi[i] + tau2 + rest["se"] ** 2)
        assert found["rstudent"][i] == pytest.approx((yi[i] - rest["estimate"]) / spread, abs=1e-9)
        assert found["cook_d"][i] == pytest.approx((change / full["se"]) ** 2, abs=1e-9)
        assert found["dfbetas"][i] == pytest.approx(
            change * math.sqrt(sum(1 / (vi + tau2))), abs=1e-9
        )
        assert plot["influence"][i] == pytest.approx((change / rest["se"]) ** 2, abs=1e-9)
    if method == "CE":
        assert sum(plot["heterogeneity"]) == pytest.approx(full["q"], abs=1e-9)


@EXAMPLES
@given(data=studies(), ceiling=st.floats(0.01, 0.45))
def test_no_study_is_surer_than_the_ceiling(one, pool, data, ceiling):
    yi, vi = np.array(data[0]), np.array(data[1])
    inflated = np.maximum(vi, (yi / norm.isf(ceiling)) ** 2)
    assert (norm.sf(np.abs(yi) / np.sqrt(inflated)) >= ceiling - 1e-12).all()
    found = one("credibility_ceiling", yi, vi, [ceiling])
    assert found["estimate"][0] == pytest.approx(
        pool(yi, inflated)["estimate"], rel=1e-9, abs=1e-12
    )


@EXAMPLES
@given(data=studies(1), method=st.sampled_from(METHODS))
def test_gosh_covers_every_subset(one, pool, data, method):
    yi, vi = data[0][:5], data[1][:5]
    found = one("gosh", yi, vi, tau2_method=method)
    sizes = range(1, len(yi) + 1)
    subsets = {s for size in sizes for s in combinations(range(len(yi)), size)}
    fits = dict(zip(found["members"], found["estimate"], strict=True))
    assert len(fits) == len(subsets)
    for subset in subsets:
        members = "".join("1" if i in subset else "0" for i in range(len(yi)))
        fit = pool([yi[i] for i in subset], [vi[i] for i in subset], tau2_method=method)
        assert fits[members] == pytest.approx(fit["estimate"], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("k", [8, 70])
def test_sampled_subsets(one, k):
    yi, vi = np.linspace(0, 1, k), np.full(k, 0.1)
    found = one("gosh", yi, vi, max_subsets=200, seed=7)
    assert (found["coverage"], found["subsets"]) == ("sampled", 200)
    assert len(set(found["members"])) > (150 if k > 60 else 100)
    inclusion = np.array([[c == "1" for c in m] for m in found["members"]]).mean(0)
    assert (np.abs(inclusion - 0.5) < 0.2).all()
    assert min(found["subset_k"]) >= 1
    assert one("gosh", yi, vi, max_subsets=200, seed=7) == found
    assert one("gosh", yi, vi, max_subsets=200, seed=8)["members"] != found["members"]


def test_one_subset_fewer_than_all_is_sampled(one):
    assert one("gosh", YI, VI, max_subsets=63)["coverage"] == "all"
    assert one("gosh", YI, VI, max_subsets=62)["coverage"] == "sampled"


def test_incomplete_pairs_keep_their_places(one):
    yi, vi = [0.1, None, 0.5, 0.9, math.inf], [0.1, 0.1, 0.2, None, 0.1]
    found = one("leave_one_out", yi, vi)
    assert found["k"] == 2
    assert [value is None for value in found["estimate"]] == [False, True, False, True, True]
    assert found["estimate"][0] == 0.5
    assert found["pi_low"] == [None] * 5
    assert one("gosh", yi, vi)["members"] == ["10000", "00100", "10100"]
    assert one("influence", yi, vi)["is_influential"][1] is None


@pytest.mark.parametrize("function", PER_STUDY)
def test_too_few_studies(one, function):
    assert one(function, [], [])["status"] == "no_data"
    alone = one(function, [0.5], [0.1])
    assert alone["k"] == 1
    if function == "cumulative":
        assert (alone["status"], alone["estimate"]) == ("ok", [0.5])
    else:
        assert alone["status"] == "single_study"
        assert all(value is None for key, value in alone.items() if key not in ("k", "status"))
    assert one(function, [0.5, 0.2], [0.1, 0.2])["status"] == "ok"


def test_gosh_and_ceilings_of_few_studies(one, call):
    assert one("gosh", [], [])["status"] == "no_data"
    assert one("gosh", [0.5], [0.1])["estimate"] == [0.5]
    assert one("credibility_ceiling", [], [], [0.1])["status"] == "no_data"
    assert one("credibility_ceiling", [0.5], [0.1], [])["status"] == "no_data"
    assert one("credibility_ceiling", [0.5], [0.01], [0.1])["se"] == pytest.approx(
        [0.5 / norm.isf(0.1)]
    )
    assert call("gosh", [None], [None])[0]["coverage"] is None


@pytest.mark.parametrize("function", PER_STUDY)
def test_equal_effects_and_sizes_of_numbers(one, function):
    for scale in (1e-12, 1.0, 1e12):
        found = one(function, [0.3 * scale] * 4, [0.1 * scale**2] * 4)
        assert found["status"] == "ok"
        if function == "influence":
            assert found["cook_d"] == pytest.approx([0.0] * 4, abs=1e-20)
    assert one(function, [0.1, 0.2, 0.3], [1e-12, 1.0, 1e12])["status"] == "ok"


def test_long_and_many_lists_go_in_blocks(one, call, monkeypatch):
    from python_udfs.kernels.sensitivity import refit

    rows = [YI[:n] for n in (6, 0, 1, 5, 2)], [VI[:n] for n in (6, 0, 1, 5, 2)]
    together = [call(f, *rows) for f in PER_STUDY]
    monkeypatch.setattr(refit, "MOST_ELEMENTS", 3)
    assert [call(f, *rows) for f in PER_STUDY] == together
    for row, (yi, vi) in enumerate(zip(*rows, strict=True)):
        assert one("influence", yi, vi) == together[PER_STUDY.index("influence")][row]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_subsets": 0}, "max_subsets must lie between"),
        ({"max_subsets": 10.5}, "max_subsets must be a whole number; got 10.5"),
        ({"seed": -1}, "seed must lie between"),
        ({"seed": math.inf}, "seed must lie between"),
        ({"seed": math.nan}, "seed must lie between"),
        ({"tau2_method": "XX"}, "unknown tau2_method 'XX'; valid: REML"),
        ({"ci_method": "z"}, "unknown option 'ci_method'; valid: tau2_method, max_subsets, seed"),
    ],
)
def test_gosh_refuses_unknown_options(one, options, message):
    with pytest.raises(ValueError, match=message):
        one("gosh", YI, VI, **options)


@pytest.mark.parametrize("ceiling", [-0.1, 0.5, 20.0, math.nan, None])
def test_ceilings_outside_their_range(one, ceiling):
    row = one("credibility_ceiling", YI, VI, [0.1, ceiling])
    assert (row["status"], row["fault_at"], row["estimate"]) == ("out_of_range", 2, None)


def test_more_subsets_than_memory_should_hold(one, call):
    """One long row has a status; a batch of rows that are each small enough is a wrong call."""
    row = one("gosh", [0.1] * 3000, [0.1] * 3000)
    assert (row["status"], row["fault_at"], row["subsets"]) == ("too_many_effects", None, 0)
    rows = [[0.1] * 1500] * 2
    with pytest.raises(ValueError, match="lower max_subsets"):
        call("gosh", rows, rows)
