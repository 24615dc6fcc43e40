"""Pooled proportions against metafor, every method and data set."""

import math

import numpy as np
import pytest
from scipy import special

from tests.python.cases import each

SCALES = {"logit": "PLO", "arcsine": "PAS", "freeman_tukey": "PFT"}
FIELDS = {"scale_estimate": "b", "se": "se", "tau2": "tau2", "q": "QE", "q_p": "QEp"}
BACK = {"estimate": "back", "ci_low": "back.lb", "ci_high": "back.ub"}


def pool_one(call, data, **options):
    return call("pool_proportions", [data["events"]], [data["totals"]], [options])[0]


def close(expected, relative=1e-9):
    return pytest.approx(expected, rel=relative, abs=1e-14)


@each("tau2_method", ["DL", "REML"])
@each("method", SCALES)
def test_inverse_variance(call, binary_golden, proportion_set, method, tau2_method):
    data = binary_golden("proportions")[proportion_set]
    expected = data[SCALES[method]][tau2_method]
    row = pool_one(call, data, method=method, tau2_method=tau2_method, ci_method="z")
    relative = 1e-9 if tau2_method == "DL" else 1e-8
    for field, key in (FIELDS | BACK).items():
        assert row[field] == close(expected[key], relative), field
    assert row["i2_tau2" if tau2_method == "REML" else "i2_q"] == close(expected["I2"], relative)
    assert row["status"] == "ok"


@each("method", SCALES)
def test_is_pool_on_the_scale_of_the_method(call, binary_golden, proportion_set, method):
    data = binary_golden("proportions")[proportion_set]
    scale = data[SCALES[method]]
    row = pool_one(call, data, method=method)
    plain = call("pool", [scale["yi"]], [scale["vi"]])[0]
    assert row["scale_estimate"] == close(plain["estimate"], 1e-8)
    for field in ("se", "tau2", "q", "df", "i2_q", "i2_tau2"):
        assert row[field] == close(plain[field], 1e-8), field
    assert row["weights"] == close(plain["weights"], 1e-8)


def exact_log_likelihood(data, mu, tau):
    """Sum of logs of integrals, each a plain sum over 36,001 points of the random effect."""
    u = np.linspace(-9, 9, 36001)
    density = np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)
    total = 0.0
    for x, n in zip(data["events"], data["totals"], strict=True):
        log_p = -np.logaddexp(0, -(mu + tau * u))
        log_q = -np.logaddexp(0, mu + tau * u)
        likelihood = np.exp(x * log_p + (n - x) * log_q + math.log(math.comb(n, x)))
        total += math.log(np.sum(likelihood * density) * (u[1] - u[0]))
    return total


@pytest.mark.parametrize("points", [7, 50])
def test_glmm(call, binary_golden, proportion_set, points):
    """lme4 with 50 points; its 7, the default, approximate the integrals less well."""
    data = binary_golden("proportions")[proportion_set]
    uneven = proportion_set in ("rare", "nearly_all", "spread")  # made up; few studies
    tolerance = 5e-5 if points == 50 else 1e-2 if uneven else 2e-4
    expected = data[f"glmm{points}"]
    row = pool_one(call, data, method="glmm")
    fields = {"scale_estimate": "b", "tau2": "tau2", "se": "se"}
    for field, key in fields.items():
        assert row[field] == pytest.approx(expected[key], rel=tolerance, abs=tolerance), field
    assert row["i2_tau2"] == pytest.approx(expected["I2"], abs=100 * tolerance)
    assert row["ci_low"] == pytest.approx(special.expit(expected["ci.lb"]), abs=tolerance)
    assert row["ci_high"] == pytest.approx(special.expit(expected["ci.ub"]), abs=tolerance)
    assert row["status"] == "ok"


@pytest.mark.parametrize("points", [7, 50])
def test_glmm_likelihood_is_at_least_as_high(call, binary_golden, proportion_set, points):
    data = binary_golden("proportions")[proportion_set]
    row = pool_one(call, data, method="glmm")
    theirs = data[f"glmm{points}"]
    value = exact_log_likelihood(data, row["scale_estimate"], math.sqrt(row["tau2"]))
    assert row["log_likelihood"] == pytest.approx(value, rel=1e-9)
    assert value >= exact_log_likelihood(data, theirs["b"], math.sqrt(theirs["tau2"])) - 1e-9
    if points == 50:  # with 7 points lme4's own value is no likelihood of the model
        assert value == pytest.approx(theirs["ll"], abs=1e-6)


def test_quoted_numbers(call, binary_golden):
    """dat.pritz1997 as printed by metafor: logit and Freeman-Tukey by DL, and the GLMM."""
    data = binary_golden("proportions")["dat.pritz1997"]
    logit = pool_one(call, data, method="logit", tau2_method="DL", ci_method="z")
    assert logit["scale_estimate"] == pytest.approx(1.137969, abs=5e-7)
    assert logit["se"] == pytest.approx(0.240896, abs=5e-7)
    assert logit["tau2"] == pytest.approx(0.361558, abs=5e-7)
    limits = [logit[field] for field in ("estimate", "ci_low", "ci_high")]
    assert limits == pytest.approx([0.7573, 0.6606, 0.8334], abs=5e-5)
    double = pool_one(call, data, method="freeman_tukey", tau2_method="DL", ci_method="z")
    assert double["scale_estimate"] == pytest.approx(1.084041, abs=5e-7)
    limits = [double[field] for field in ("estimate", "ci_low", "ci_high")]
    assert limits == pytest.approx([0.8023, 0.7047, 0.8866], abs=5e-5)
    glmm = pool_one(call, data, method="glmm")
    assert glmm["scale_estimate"] == pytest.approx(1.376604, abs=1e-4)
    assert glmm["se"] == pytest.approx(0.288387, abs=1e-4)
    assert glmm["tau2"] == pytest.approx(0.589331, abs=1e-4)
    limits = [glmm[field] for field in ("estimate", "ci_low", "ci_high")]
    assert limits == pytest.approx([0.7984, 0.6924, 0.8746], abs=1e-4)


def test_wilson_interval(call, binary_golden):
    data = binary_golden("wilson")
    rows = call("proportion_ci_wilson", data["events"], data["total"], data["ci_level"])
    assert [row["ci_low"] for row in rows] == close(data["ci_low"])
    assert [row["ci_high"] for row in rows] == close(data["ci_high"])
