"""meta_regression against exact arithmetic: rational numbers, plain normal equations.

The reference shares neither rounding nor algorithm with the kernel: Gauss elimination on fractions,
projection matrices written out, and signs of slopes beside the optimum instead of an iteration.
"""

import json
from fractions import Fraction
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[2] / "data" / "regression"
DATA = json.loads((GOLDEN / "meta_regression.json").read_text())
SETS = ("bcg_latitude", "bcg_latitude_year", "bcg_allocation_no_intercept", "bcg_five_studies")
TINY = Fraction(1, 10**10)
by_set = pytest.mark.parametrize("name", SETS)


def fit(call, name, method):
    """meta_regression with z tests on a golden data set."""
    data = DATA[name]
    options = {"tau2_method": method, "ci_method": "z"}
    options["intercept"] = "yes" if data["intercept"] else "no"
    return call("meta_regression", [data["yi"]], [data["vi"]], [data["x"]], [options])[0]


def solve(matrix, right):
    """Solution of a linear system, by elimination."""
    n = len(matrix)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for j in range(n):
        pivot = next(i for i in range(j, n) if rows[i][j] != 0)
        rows[j], rows[pivot] = rows[pivot], rows[j]
        for i in range(n):
            if i != j:
                factor = rows[i][j] / rows[j][j]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[j], strict=True)]
    return [rows[i][n] / rows[i][i] for i in range(n)]


class Exact:
    """Weighted regression of a data set with weights 1 / (v + tau2), or equal weights."""

    def __init__(self, data, tau2=0, equal_weights=False):
        data = DATA[data] if isinstance(data, str) else data
        self.y = [Fraction(value) for value in data["yi"]]
        self.v = [Fraction(value) for value in data["vi"]]
        columns = ([[1] * len(self.y)] if data["intercept"] else []) + data["x"]
        self.x = [[Fraction(column[i]) for column in columns] for i in range(len(self.y))]
        self.k, self.p = len(self.y), len(columns)
        self.w = [Fraction(1) if equal_weights else 1 / (v + Fraction(tau2)) for v in self.v]
        self.normal = [
            [self.dot(lambda i, j=j, m=m: self.x[i][j] * self.x[i][m]) for m in range(self.p)]
            for j in range(self.p)
        ]
        right = [self.dot(lambda i, j=j: self.x[i][j] * self.y[i]) for j in range(self.p)]
        self.b = solve(self.normal, right)
        self.e = [
            y - sum(b * x for b, x in zip(self.b, row, strict=True))
            for y, row in zip(self.y, self.x, strict=True)
        ]

    def dot(self, term):
        return sum(w * term(i) for i, w in enumerate(self.w))

    def q(self):
        return self.dot(lambda i: self.e[i] ** 2)

    def trace(self, factor=None):
        """tr(P F), F diagonal."""
        total = 0
        for i, row in enumerate(self.x):
            h = self.w[i] * sum(a * b for a, b in zip(row, solve(self.normal, row), strict=True))
            total += self.w[i] * (1 - h) * (factor[i] if factor else 1)
        return total

    def slope(self, restricted):
        fit = sum((w * e) ** 2 for w, e in zip(self.w, self.e, strict=True))
        return fit - (self.trace() if restricted else sum(self.w))


def moment_estimate(name, method):
    """tau2 by the formula of each closed form, truncated at 0."""
    fixed = Exact(name)
    k, p = fixed.k, fixed.p
    if method == "DL":
        return max(0, (fixed.q() - (k - p)) / fixed.trace())
    if method == "HS":
        return max(0, (fixed.q() - k) / sum(fixed.w))
    if method == "HSk":
        return max(0, (fixed.q() * k / (k - p) - k) / sum(fixed.w))
    if method == "HE":
        plain = Exact(name, equal_weights=True)
        return max(0, (plain.q() - plain.trace(plain.v)) / (k - p))
    mean = sum(fixed.y) / k
    first = sum((y - mean) ** 2 for y in fixed.y) / k
    return first * Exact(name, first).q() / (k - p)


@pytest.mark.parametrize("method", ["DL", "HS", "HSk", "HE", "SJ"])
@by_set
def test_moment_estimators(call, name, method):
    result = fit(call, name, method)
    assert result["tau2"] == pytest.approx(float(moment_estimate(name, method)), rel=1e-11)


@pytest.mark.parametrize("method", ["CE", "REML", "SJ"])
@by_set
def test_coefficients(call, name, method):
    result = fit(call, name, method)
    exact = Exact(name, result["tau2"])
    assert result["estimate"] == pytest.approx([float(b) for b in exact.b], rel=1e-11)
    for j in range(exact.p):
        unit = [Fraction(int(m == j)) for m in range(exact.p)]
        variance = float(solve(exact.normal, unit)[j])
        assert result["se"][j] ** 2 == pytest.approx(variance, rel=1e-11)
    assert result["qe"] == pytest.approx(float(Exact(name).q()), rel=1e-11)


@by_set
def test_likelihood_rests_at_the_optimum(call, name):
    for method in ("REML", "ML"):
        tau2 = fit(call, name, method)["tau2"]
        above = Exact(name, Fraction(tau2) * (1 + TINY) + Fraction(1, 10**18))
        assert above.slope(method == "REML") < 0
        if tau2 > 0:
            assert Exact(name, Fraction(tau2) * (1 - TINY)).slope(method == "REML") > 0


@by_set
def test_q_meets_its_target(call, name):
    for method in ("PM", "EB"):
        tau2 = fit(call, name, method)["tau2"]
        exact = Exact(name, tau2)
        if tau2 > 0:
            assert float(exact.q()) == pytest.approx(exact.k - exact.p, rel=1e-11)
        else:
            assert exact.q() <= exact.k - exact.p


def test_nearly_exact_studies_keep_the_digits_of_the_others(call):
    """Two studies fix the line; what they add to tr(P) is w (1 - h) with h = 1 - 1e-13."""
    data = {
        "yi": [0.1, 0.8, -0.3, 0.5, 1.2, 0.4],
        "vi": [1e-14, 1e-13, 0.04, 0.05, 0.06, 0.07],
        "x": [[1.0, 4.0, 2.0, 3.0, 7.0, 5.0]],
        "intercept": True,
    }
    exact = Exact(data)
    options = {"tau2_method": "DL"}
    result = call("meta_regression", [data["yi"]], [data["vi"]], [data["x"]], [options])[0]
    expected = float((exact.q() - 4) / exact.trace())
    assert expected > 0
    assert result["tau2"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("method", ["DL", "HE", "SJ"])
def test_a_study_alone_in_its_category_fits_itself(call, method):
    """Its leverage is exactly 1: it says nothing about tau2."""
    data = {
        "yi": [0.1, 0.8, -0.3, 0.5, 1.2, 5.0],
        "vi": [0.02, 0.05, 0.04, 0.03, 0.06, 0.01],
        "x": [[0.0, 0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]],
        "intercept": True,
    }
    options = {"tau2_method": method, "ci_method": "z"}
    result = call("meta_regression", [data["yi"]], [data["vi"]], [data["x"]], [options])[0]
    assert result["status"] == "ok"
    assert result["tau2"] == pytest.approx(float(moment_estimate(data, method)), rel=1e-11)
    fitted = result["estimate"][0] + result["estimate"][2]
    assert fitted == pytest.approx(5.0, rel=1e-12)
