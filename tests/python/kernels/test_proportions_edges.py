"""Pooled proportions at the edges, and properties that hold for all of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True)
METHODS = ("logit", "arcsine", "freeman_tukey", "glmm")
EVENTS, TOTALS = [3, 8, 1, 12, 5], [20, 31, 15, 40, 22]
PROPORTIONS = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")


def pool(call, events, totals, **options):
    return call("pool_proportions", [events], [totals], [options or None])[0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("events", "totals"), [([], []), (None, None), ([None], [9]), ([3], None), ([math.nan], [3])]
)
def test_no_studies(call, method, events, totals):
    row = pool(call, events, totals, method=method)
    assert (row.pop("k"), row.pop("status")) == (0, "no_data")
    assert set(row.values()) == {None}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("x", "n"), [(3, 20), (0, 20), (20, 20)])
def test_one_study(call, method, x, n):
    row = pool(call, [x], [n], method=method)
    corrected = method in ("logit", "glmm") and x in (0, n)
    assert (row["k"], row["status"], row["tau2"], row["pi_low"]) == (1, "single_study", None, None)
    assert (row["assumption"] is not None) == corrected
    expected = (x + 0.5) / (n + 1) if corrected else x / n
    # the double arcsine is turned back exactly for one study
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)
    assert 0 <= row["ci_low"] <= row["estimate"] <= row["ci_high"] <= 1


@pytest.mark.parametrize("method", METHODS)
def test_two_studies(call, method):
    row = pool(call, EVENTS[:2], TOTALS[:2], method=method)
    assert (row["k"], row["status"]) == (2, "ok")
    assert row["pi_low"] <= row["estimate"] <= row["pi_high"]
    assert row["q_df"] == 1


@pytest.mark.parametrize("method", METHODS)
def test_identical_studies(call, method):
    row = pool(call, [5] * 4, [20] * 4, method=method)
    assert row["status"] == "ok"
    assert row["tau2"] == 0
    assert row["q"] == pytest.approx(0, abs=1e-12)
    assert row["estimate"] == pytest.approx(0.25, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("share", [0, 1])
def test_no_or_only_events(call, method, share):
    totals = [20, 30, 40]
    row = pool(call, [share * n for n in totals], totals, method=method)
    if method == "glmm":
        assert row.pop("status") == "zero_cells"
        assert row.pop("k") == 3
        assert set(row.values()) == {None}
    else:
        assert row["status"] == "ok"
        assert abs(row["estimate"] - share) < 0.05
        assert 0 <= row["ci_low"] <= row["estimate"] <= row["ci_high"] <= 1


def test_glmm_of_studies_with_either_no_or_only_events_does_not_converge(call):
    """The likelihood rises with tau without end."""
    row = pool(call, [0, 20, 0, 30], [20, 20, 40, 30], method="glmm")
    assert (row["status"], row["estimate"], row["q"]) == ("not_converged", None, None)


def test_assumptions(call):
    assert pool(call, EVENTS, TOTALS)["assumption"] is None
    assert "0.5 added" in pool(call, [0, *EVENTS], [9, *TOTALS])["assumption"]
    assert "0.5 added" in pool(call, [9, *EVENTS], [9, *TOTALS])["assumption"]
    for method in ("arcsine", "glmm"):
        assert pool(call, [0, *EVENTS], [9, *TOTALS], method=method)["assumption"] is None
    warning = pool(call, EVENTS, TOTALS, method="freeman_tukey")["assumption"]
    assert "harmonic mean" in warning
    assert "Schwarzer" in warning


@pytest.mark.parametrize(
    ("events", "totals", "status", "at"),
    [
        ([3, 21], [20, 20], "out_of_range", 2),
        ([-1, 3], [20, 20], "out_of_range", 1),
        ([3, 0], [20, 0], "out_of_range", 2),
        ([3], [20, 20], "lengths_differ", 2),
    ],
)
def test_impossible_counts(call, events, totals, status, at):
    row = pool(call, events, totals)
    assert (row["status"], row["fault_at"], row["estimate"]) == (status, at, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "PFT"}, "unknown method 'PFT'; valid: logit, arcsine, freeman_tukey, glmm"),
        ({"tau2_method": "X"}, "unknown tau2_method 'X'; valid: REML, DL"),
        ({"level": 0.9}, "unknown option 'level'; valid: method, tau2_method, ci_method"),
        ({"method": "glmm", "tau2_method": "DL"}, "tau2_method 'DL' cannot be chosen with method"),
        ({"method": "glmm", "tau2_method": "REML"}, "tau2_method 'REML' cannot be chosen with"),
        ({"method": "glmm", "ci_method": "HK"}, "ci_method 'HK' cannot be .* valid: z, t"),
    ],
)
def test_options_that_do_not_exist(call, options, message):
    with pytest.raises(ValueError, match=f"^pool_proportions: {message}"):
        pool(call, EVENTS, TOTALS, **options)


def test_options_differ_per_row(call):
    options = [{"method": method, "ci_level": level} for method in METHODS for level in (0.9, 0.95)]
    rows = call("pool_proportions", [EVENTS] * 8, [TOTALS] * 8, options)
    for row, given_options in zip(rows, options, strict=True):
        assert row == pool(call, EVENTS, TOTALS, **given_options)
    assert len({row["estimate"] for row in rows}) == 4
    assert len({row["ci_low"] for row in rows}) == 8


def test_glmm_intervals(call):
    z = pool(call, EVENTS, TOTALS, method="glmm")
    t = pool(call, EVENTS, TOTALS, method="glmm", ci_method="t")
    assert (z["df"], t["df"]) == (None, 4)
    assert t["ci_low"] < z["ci_low"] < z["ci_high"] < t["ci_high"]
    wide = pool(call, EVENTS, TOTALS, method="glmm", pi_method="HTS")
    assert wide["pi_low"] < z["pi_low"] < z["ci_low"]
    assert pool(call, EVENTS, TOTALS, method="glmm", pi_method="none")["pi_low"] is None


@pytest.mark.parametrize("method", METHODS)
def test_a_dropped_study_changes_nothing_else(call, method):
    gaps = [EVENTS[0], None, *EVENTS[1:], math.inf], [TOTALS[0], 10, *TOTALS[1:], 10]
    one, other = pool(call, EVENTS, TOTALS, method=method), pool(call, *gaps, method=method)
    weights = one.pop("weights")
    found = other.pop("weights")
    assert found == (weights and [weights[0], None, *weights[1:], None])
    assert other == one


@st.composite
def studies(draw):
    totals = draw(st.lists(st.integers(1, 400), min_size=2, max_size=9))
    return [draw(st.integers(0, n)) for n in totals], totals


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS), random=st.randoms())
def test_order_does_not_matter(call, data, method, random):
    order = list(range(len(data[0])))
    random.shuffle(order)
    shuffled = [[column[i] for i in order] for column in data]
    one, other = pool(call, *data, method=method), pool(call, *shuffled, method=method)
    assert one["status"] == other["status"]
    for field in (*PROPORTIONS, "tau2"):
        assert (one[field] is None) == (other[field] is None)
        if one[field] is not None:
            assert other[field] == pytest.approx(one[field], rel=1e-6, abs=1e-8), field


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS))
def test_non_events_mirror_the_result(call, data, method):
    events, totals = data
    one = pool(call, events, totals, method=method)
    rest = [n - x for x, n in zip(events, totals, strict=True)]
    other = pool(call, rest, totals, method=method)
    assert one["status"] == other["status"]
    pairs = (("estimate", "estimate"), ("ci_low", "ci_high"), ("pi_low", "pi_high"))
    for field, mirrored in pairs:
        if one[field] is not None:
            assert other[mirrored] == pytest.approx(1 - one[field], abs=1e-7), field


@EXAMPLES
@given(data=studies(), method=st.sampled_from(METHODS))
def test_limits_are_in_order(call, data, method):
    row = pool(call, *data, method=method)
    if row["status"] != "ok":
        assert method == "glmm"
        return
    assert 0 <= row["ci_low"] <= row["estimate"] <= row["ci_high"] <= 1
    if row["pi_low"] is not None:
        assert 0 <= row["pi_low"] <= row["estimate"] <= row["pi_high"] <= 1
    assert row["tau2"] >= 0


def log_likelihood(events, totals, mu, tau):
    u = np.linspace(-9, 9, 4001)
    density = np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)
    total = 0.0
    for x, n in zip(events, totals, strict=True):
        eta = mu + tau * u
        logs = -x * np.logaddexp(0, -eta) - (n - x) * np.logaddexp(0, eta)
        top = logs.max()
        total += top + math.log(math.comb(n, x))
        total += math.log(np.sum(np.exp(logs - top) * density) * (u[1] - u[0]))
    return total


@EXAMPLES
@given(data=studies())
def test_glmm_is_the_highest_likelihood_of_a_grid(call, data):
    """No point of a coarse grid in (mu, tau), nor the near neighbours, lies higher."""
    row = pool(call, *data, method="glmm")
    if row["status"] != "ok" or row["tau2"] > 25:
        return
    mu, tau = row["scale_estimate"], math.sqrt(row["tau2"])
    best = log_likelihood(*data, mu, tau)
    assert row["log_likelihood"] == pytest.approx(best, rel=1e-7, abs=1e-7)
    grid = [(mu + shift, other) for shift in (-1, 0, 1) for other in (0, 0.1, 0.4, 1, 2, 4)]
    near = [(mu + 1e-3, tau), (mu - 1e-3, tau), (mu, tau + 1e-3), (mu, max(0.0, tau - 1e-3))]
    assert max(log_likelihood(*data, *point) for point in grid + near) <= best + 1e-7


@pytest.mark.parametrize(
    ("events", "totals", "at_zero"),
    [
        ([7, 8, 0, 276], [11, 8, 5, 3040], False),
        ([176, 87, 22], [692, 365, 50], True),
        ([1, 5, 1, 10], [7, 9, 12, 42], True),
    ],
)
def test_glmm_takes_the_higher_of_two_maxima(call, events, totals, at_zero):
    """The likelihood has a maximum at tau = 0 and another above it."""
    row = pool(call, events, totals, method="glmm")
    assert (row["tau2"] == 0) == at_zero
    best = log_likelihood(events, totals, row["scale_estimate"], math.sqrt(row["tau2"]))
    for tau in np.linspace(0, 6, 31):
        around = row["scale_estimate"] + np.linspace(-2, 2, 21)
        assert max(log_likelihood(events, totals, mu, tau) for mu in around) <= best + 1e-9


@pytest.mark.parametrize(
    ("events", "totals"),
    [
        ([42, 6, 5, 18, 0, 14, 0, 0, 1, 46], [42, 59, 279, 298, 82, 283, 156, 41, 127, 118]),
        ([9, 7, 0, 0, 0], [9, 9, 5, 4, 4]),
        ([0, 3, 0, 0, 9], [27, 23, 26, 5, 9]),
        ([9, 0, 12, 500], [100000, 20, 90000, 2000]),
    ],
)
def test_glmm_of_very_uneven_studies(call, events, totals):
    """Far studies have a likelihood that is all but a step: Newton's method alone would cycle."""
    row = pool(call, events, totals, method="glmm")
    assert row["status"] == "ok"
    mu, tau = row["scale_estimate"], math.sqrt(row["tau2"])
    value = log_likelihood(events, totals, mu, tau)
    assert row["log_likelihood"] == pytest.approx(value, rel=1e-6)


def test_glmm_tau_is_found_to_many_digits(call):
    """The slope of an independent likelihood vanishes at the maximum."""
    row = pool(call, EVENTS, TOTALS, method="glmm")
    even = pool(call, [3, 11, 1, 19, 2], TOTALS, method="glmm")
    for result, events in ((row, EVENTS), (even, [3, 11, 1, 19, 2])):
        mu, tau, h = result["scale_estimate"], math.sqrt(result["tau2"]), 1e-4
        at = {i: log_likelihood(events, TOTALS, mu + i * h, tau) for i in (-1, 1)}
        assert abs(at[1] - at[-1]) / (2 * h) < 1e-6
        if tau > 0:
            at = {i: log_likelihood(events, TOTALS, mu, tau + i * h) for i in (-1, 1)}
            assert abs(at[1] - at[-1]) / (2 * h) < 1e-6
    assert even["tau2"] > 0


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, None])
def test_wilson_needs_a_level(call, level):
    row = call("proportion_ci_wilson", [3], [10], [level])[0]
    assert row["status"] == ("missing_input" if level is None else "out_of_range")
    assert row["estimate"] is None


@pytest.mark.parametrize(
    ("events", "total", "status"),
    [(3, 10, "ok"), (0, 10, "ok"), (10, 10, "ok"), (None, 10, "missing_input"),
     (11, 10, "out_of_range"), (-1, 10, "out_of_range"), (0, 0, "out_of_range")],
)  # fmt: skip
def test_wilson(call, events, total, status):
    row = call("proportion_ci_wilson", [events], [total], [0.95])[0]
    assert row["status"] == status
    assert {row[field] is None for field in ("estimate", "ci_low", "ci_high")} == {status != "ok"}
    if status == "ok":
        assert 0 <= row["ci_low"] <= row["estimate"] <= row["ci_high"] <= 1
        for limit in (row["ci_low"], row["ci_high"]):
            if 0 < limit < 1:
                distance = abs(limit - events / total) / math.sqrt(limit * (1 - limit) / total)
                assert distance == pytest.approx(1.959963984540054, rel=1e-9)
