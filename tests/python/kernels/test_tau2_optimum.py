"""The iterative estimators reach the optimum, checked by other arithmetic than the kernel's.

The reference works with 60 decimal digits, by plain bisection on the textbook formulas, so it
shares neither rounding nor algorithm with the kernel.
"""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.cases import each
from tests.python.kernels.tau2_status import status_by_tau2

DIGITS = 60


def exact_sums(yi, vi, tau2):
    """Mean, weights and residuals at tau2 in exact arithmetic."""
    weights = [1 / (v + tau2) for v in vi]
    total = sum(weights)
    mean = sum(w * y for w, y in zip(weights, yi, strict=True)) / total
    return weights, total, [y - mean for y in yi]


def exact_q(yi, vi, tau2):
    weights, _, residuals = exact_sums(yi, vi, tau2)
    return sum(w * r * r for w, r in zip(weights, residuals, strict=True))


def exact_reml_slope(yi, vi, tau2):
    weights, total, residuals = exact_sums(yi, vi, tau2)
    fit = sum(w * w * r * r for w, r in zip(weights, residuals, strict=True))
    return fit - (total - sum(w * w for w in weights) / total)


def exact_root(function, low, high):
    """Bisection of a falling function to 40 digits."""
    low, high = Decimal(low), Decimal(high)
    for _ in range(200):
        middle = (low + high) / 2
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return float((low + high) / 2)


def decimals(values):
    return [Decimal(float(value)) for value in values]


def exact_ml_slope(yi, vi, tau2):
    weights, total, residuals = exact_sums(yi, vi, tau2)
    return sum(w * w * r * r for w, r in zip(weights, residuals, strict=True)) - total


SLOPES = {"REML": exact_reml_slope, "ML": exact_ml_slope}


def log_likelihood(yi, vi, tau2, method="REML"):
    """Log-likelihood, restricted unless ``method`` is ML, on a grid of tau2, up to its constant."""
    w = 1.0 / (vi[None, :] + tau2[:, None])
    total = w.sum(1)
    mean = (w * yi).sum(1) / total
    q = (w * (yi[None, :] - mean[:, None]) ** 2).sum(1)
    restriction = np.log(total) if method == "REML" else 0.0
    return -0.5 * (-np.log(w).sum(1) + restriction + q)


@each("scale", [1e-12, 1.0, 1e12])
def test_paule_mandel_to_full_precision(golden, pool, dataset, scale):
    data = golden(dataset)
    yi, vi = np.array(data["yi"]) * scale, np.array(data["vi"]) * scale**2
    tau2 = pool(yi, vi, tau2_method="PM")["tau2"]
    with localcontext(prec=DIGITS):
        y, v = decimals(yi), decimals(vi)
        df = len(y) - 1
        if exact_q(y, v, Decimal(0)) <= df:
            assert tau2 == 0.0
            return
        high = float(np.ptp(yi)) ** 2 * len(y)
        expected = exact_root(lambda t: exact_q(y, v, t) - df, 0, high)
    assert tau2 == pytest.approx(expected, rel=1e-12)


@each("method", SLOPES)
def test_likelihood_to_full_precision(golden, pool, dataset, method):
    data, exact_slope = golden(dataset), SLOPES[method]
    tau2 = pool(data["yi"], data["vi"], tau2_method=method)["tau2"]
    if tau2 == 0.0:
        with localcontext(prec=DIGITS):
            slope = exact_slope(decimals(data["yi"]), decimals(data["vi"]), Decimal(0))
        assert slope <= 0
        return
    with localcontext(prec=DIGITS):
        y, v = decimals(data["yi"]), decimals(data["vi"])
        expected = exact_root(lambda t: exact_slope(y, v, t), tau2 * 0.9, tau2 * 1.1)
    assert tau2 == pytest.approx(expected, rel=1e-10)


@st.composite
def uneven_studies(draw):
    """Few studies with variances of different size: likelihoods with several maxima."""
    k = draw(st.integers(2, 8))
    yi = draw(st.lists(st.floats(-3, 3), min_size=k, max_size=k))
    powers = draw(st.lists(st.floats(-5, 2), min_size=k, max_size=k))
    return np.array(yi), 10.0 ** np.array(powers)


@pytest.mark.parametrize("method", SLOPES)
@settings(max_examples=300, deadline=None, derandomize=True)
@given(studies=uneven_studies())
def test_the_global_maximum_is_found(pool, method, studies):
    yi, vi = studies
    result = pool(yi, vi, tau2_method=method)
    grid = np.concatenate([[0.0], np.logspace(-8, 3, 4000)])
    best_on_grid = log_likelihood(yi, vi, grid, method).max()
    found = log_likelihood(yi, vi, np.array([result["tau2"]]), method)[0]
    assert result["status"] == status_by_tau2(result)
    assert found >= best_on_grid - 1e-9 * max(1.0, abs(best_on_grid))


# likelihoods with two maxima; which one is higher is in the name
TWO_MAXIMA = {
    "boundary over inner": (
        [-0.09, 0.74, -0.06, -0.09, 0.8, -0.77],
        [0.0001, 1.0, 10.0, 0.0001, 0.1, 0.1],
        0.0,
    ),
    "inner over boundary": ([0.01, 0.09, -2.61], [0.1, 0.001, 1.0], 1.209),
    "first inner": ([0.89, 0.06, 0.11], [0.1, 0.0001, 0.0001], 0.001302),
    "second inner": ([0.22, 0.18, -0.6, -0.16], [0.0001, 0.01, 0.1, 1.0], 0.08356),
}


@pytest.mark.parametrize("case", TWO_MAXIMA)
def test_reml_with_two_maxima_takes_the_higher(pool, case):
    yi, vi, near = (np.array(part) for part in TWO_MAXIMA[case])
    grid = np.concatenate([[0.0], np.logspace(-8, 3, 20000)])
    values = log_likelihood(yi, vi, grid)
    rising = np.diff(np.concatenate([[-np.inf], values, [-np.inf]])) > 0
    assert (rising[:-1] & ~rising[1:]).sum() == 2
    result = pool(yi, vi)
    assert result["tau2"] == pytest.approx(float(near), rel=0.01)
    assert log_likelihood(yi, vi, np.array([result["tau2"]]))[0] >= values.max() - 1e-12
