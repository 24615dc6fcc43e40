"""The profile-likelihood interval of the mean against brute-force maximisation.

The reference profiles the likelihood on a fine grid of tau2, refined by golden-section search, and
finds the limits by bisection over the mean: neither the kernel's algorithm nor its formula.
"""

import math

import numpy as np
import pytest
from scipy import optimize, stats

SOME = (
    "dat.bcg_RR",
    "dat.bcg_RR_first2",
    "dat.bcg_RR_first3",
    "dat.borenstein2009",
    "dat.hine1989_RD",
    "dat.normand1999_MD",
    "dat.pritz1997_PLO",
    "dat.raudenbush1985",
)


def log_likelihood(y, v, mean, tau2):
    """At each tau2, which is a number or has one number to a row."""
    return stats.norm.logpdf(y, mean, np.sqrt(v + tau2)).sum(axis=-1)


def profiled(y, v, mean):
    """Highest log-likelihood over tau2 >= 0 with the mean held."""
    grid = np.concatenate(
        [[0.0], np.geomspace(1e-4 * v.min(), 1e3 * (np.ptp(y) ** 2 + v.max()), 300)]
    )
    values = log_likelihood(y, v, mean, grid[:, None])
    at = int(np.argmax(values))
    low, high = grid[max(0, at - 1)], grid[min(at + 1, grid.size - 1)]
    found = optimize.minimize_scalar(
        lambda t: -log_likelihood(y, v, mean, t), bounds=(low, high), method="bounded",
        options={"xatol": 1e-13 * high},
    )  # fmt: skip
    return max(values[at], -found.fun)


@pytest.mark.parametrize("name", SOME)
def test_limits_and_test(golden, pool, name):
    data = golden(name)
    y, v = np.array(data["yi"]), np.array(data["vi"])
    result = pool(y, v, tau2_method="ML", ci_method="PL")
    top = log_likelihood(y, v, result["estimate"], result["tau2"])
    # the kernel's optimum is the optimum
    assert profiled(y, v, result["estimate"]) <= top + 1e-12
    # at the limits the profile has dropped by half the quantile; beyond them by more
    drop = stats.chi2.ppf(0.95, 1) / 2
    spread = result["ci_high"] - result["ci_low"]
    for limit, outwards in ((result["ci_low"], -1), (result["ci_high"], 1)):
        assert top - profiled(y, v, limit) == pytest.approx(drop, abs=1e-7)
        assert top - profiled(y, v, limit + outwards * 1e-3 * spread) > drop
    # bisection over the mean, from outside
    out, inside = result["estimate"] + 3 * spread, result["estimate"]
    for _ in range(60):
        middle = (out + inside) / 2
        if top - profiled(y, v, middle) > drop:
            out = middle
        else:
            inside = middle
    assert result["ci_high"] == pytest.approx(inside, rel=1e-8, abs=1e-8 * spread)
    ratio = 2 * (top - profiled(y, v, 0.0))
    assert result["statistic"] == pytest.approx(
        math.copysign(math.sqrt(ratio), result["estimate"]), rel=1e-7
    )
    assert result["p_value"] == pytest.approx(stats.chi2.sf(ratio, 1), rel=1e-6)
    assert result["df"] is None


def test_two_peaks_give_the_outermost_limits(pool):
    """One nearly exact study among others: the set of means can be in pieces; its hull counts."""
    y, v = np.array([0.0, 1.0, 1.1, 0.9, 1.05]), np.array([1e-3, 0.01, 0.02, 0.01, 0.01])
    result = pool(y, v, tau2_method="ML", ci_method="PL")
    top = log_likelihood(y, v, result["estimate"], result["tau2"])
    grid = np.linspace(-2, 3, 1501)
    inside = grid[[top - profiled(y, v, m) <= stats.chi2.ppf(0.95, 1) / 2 for m in grid]]
    assert result["ci_low"] == pytest.approx(inside.min(), abs=0.0034)
    assert result["ci_high"] == pytest.approx(inside.max(), abs=0.0034)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_scale(golden, pool, scale):
    data = golden("dat.bcg_RR")
    one = pool(data["yi"], data["vi"], tau2_method="ML", ci_method="PL", tau2_ci_method="PL")
    y, v = (np.array(data[key]) for key in ("yi", "vi"))
    other = pool(y * scale, v * scale**2, tau2_method="ML", ci_method="PL", tau2_ci_method="PL")
    for field, unit in (("ci_low", scale), ("ci_high", scale), ("p_value", 1),
                        ("tau2_ci_low", scale**2), ("tau2_ci_high", scale**2)):  # fmt: skip
        assert other[field] == pytest.approx(one[field] * unit, rel=1e-9)


def test_p_and_interval_agree(pool):
    y, v = np.array([0.1, 0.5, 0.9, 0.2, -0.3]), [0.02, 0.03, 0.05, 0.01, 0.02]
    result = pool(y, v, tau2_method="ML", ci_method="PL")
    at_p = pool(y, v, tau2_method="ML", ci_method="PL", ci_level=1 - result["p_value"])
    assert min(abs(at_p["ci_low"]), abs(at_p["ci_high"])) == pytest.approx(0.0, abs=1e-9)
