"""Long lists are refitted from running sums: each fit is that of ``pool`` of the studies left."""

import numpy as np
import pytest

from python_udfs.kernels.pooling.options import TAU2_METHOD
from python_udfs.kernels.sensitivity.many_fits import FEWEST
from tests.python.cases import each

K = FEWEST + 30
KINDS = ("plain", "homogeneous", "uneven", "dominant", "shifted", "outlier", "far from zero")
COMPARED = ("estimate", "se", "ci_low", "ci_high", "statistic", "tau2", "q", "i2_q", "i2_tau2",
            "p_value", "q_p", "pi_low", "pi_high")  # fmt: skip
RELATIVE = 1e-10


def studies(kind):
    """Effects and variances, with what makes sums lose digits."""
    rng = np.random.default_rng(4)
    v = 10.0 ** rng.uniform(-6, 1, K) if kind == "uneven" else rng.uniform(0.005, 0.3, K)
    v[K // 2] = 1e-9 if kind == "dominant" else v[K // 2]
    y = rng.normal(0.3, np.sqrt(v + (0.0 if kind == "homogeneous" else 0.1)))
    y[: K // 3] += 5.0 if kind == "shifted" else 0.0
    y[3] = 100.0 if kind == "outlier" else y[3]
    return y + (1e6 if kind == "far from zero" else 0.0), v


def assert_same(found, at, expected, spread):
    """Relative to the number or, for what can be near 0, to the size it has in the data."""
    sizes = {"tau2": spread, "q": 1.0, "i2_q": 100.0, "i2_tau2": 100.0, "p_value": 1.0, "q_p": 1.0}
    for name in COMPARED:
        value = expected[name]
        if value is not None:
            value = pytest.approx(value, rel=RELATIVE, abs=RELATIVE * sizes.get(name, 0.1))
        assert found[name][at] == value, (name, at)


@each("kind", KINDS)
@each("method", TAU2_METHOD.names)
def test_each_fit_is_that_of_pool(call, pool, method, kind):
    y, v = studies(kind)
    options = {"tau2_method": method, "ci_method": "HK"}
    without, upto = (
        call(name, [list(y)], [list(v)], [options])[0] for name in ("leave_one_out", "cumulative")
    )
    cases = call("influence", [list(y)], [list(v)], [{"tau2_method": method}])[0]
    assert without["status"] == upto["status"] == cases["status"] == "ok"
    for at in (0, 3, K // 2, K - 1):
        others = np.arange(K) != at
        alone = pool(y[others], v[others], tau2_ci_method="none", **options)
        assert_same(without, at, alone, v.mean())
        assert cases["tau2_deleted"][at] == without["tau2"][at]
    for at in (0, 2, FEWEST - 2, FEWEST - 1, K - 1):
        first = slice(at + 1)
        assert_same(upto, at, pool(y[first], v[first], tau2_ci_method="none", **options), v.mean())


@pytest.mark.parametrize("ci_method", ["KR", "KR_meta", "HK_iqwig6"])
def test_intervals_that_need_the_studies(call, pool, ci_method):
    y, v = studies("plain")
    found = call("leave_one_out", [list(y)], [list(v)], [{"ci_method": ci_method}])[0]
    others = np.arange(K) != 7
    assert_same(found, 7, pool(y[others], v[others], ci_method=ci_method), v.mean())


def test_long_and_short_lists_in_one_batch(call):
    y, v = studies("plain")
    rows = [(y[:5], v[:5]), (y, v), ([], []), (y[5:9], v[5:9]), (y[::-1], v[::-1])]
    columns = [[list(row[i]) for row in rows] for i in (0, 1)]
    for name in ("leave_one_out", "cumulative", "influence", "baujat"):
        alone = [call(name, [one], [other])[0] for one, other in zip(*columns, strict=True)]
        assert call(name, *columns) == alone


def test_equal_effects(call):
    """Every sum of squares is 0 and none of its digits are left."""
    rows = call("leave_one_out", [[0.3] * K], [[0.1] * K])[0]
    assert rows["status"] == "ok"
    assert rows["estimate"] == pytest.approx([0.3] * K)
    assert set(rows["tau2"]) == {0.0}
