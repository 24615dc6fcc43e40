"""TESS and PSST with significance on either side, against a second computation."""

import random

import pytest
from scipy import stats

import python_udfs


@pytest.fixture(scope="module")
def con():
    with python_udfs.connect(":memory:") as connection:
        yield connection


def call(con, yi, vi, df, tau2):
    return con.execute("select tess_psst(?, ?, ?, ?)", [yi, vi, df, tau2]).fetchone()[0]


def again(yi, vi, df, tau2):
    k = len(yi)
    theta = abs(sum(y / v for y, v in zip(yi, vi, strict=True)) / sum(1 / v for v in vi))
    powers = [
        1 - stats.norm.cdf((stats.norm.ppf(0.975) * v**0.5 - theta) / (v + tau2) ** 0.5) for v in vi
    ]
    found = sum(
        2 * stats.t.sf(abs(y) / v**0.5, m) < 0.05 for y, v, m in zip(yi, vi, df, strict=True)
    )
    rate = sum(powers) / k
    psst = (found / k - rate) / (rate * (1 - rate) / k) ** 0.5
    tess = (found / k - rate - 0.05) / (0.05 * 0.95 / k) ** 0.5
    return found, sum(powers), stats.norm.sf(tess), stats.norm.sf(psst)


@pytest.mark.parametrize("tau2", [0.0, 0.2])
@pytest.mark.parametrize("seed", range(4))
def test_equals_a_second_computation(con, seed, tau2):
    rng = random.Random(seed)
    vi = [rng.uniform(0.02, 0.2) for _ in range(12)]
    yi = [rng.gauss(0.1, (v + 0.2) ** 0.5) for v in vi]
    df = [rng.randint(5, 200) for _ in vi]
    found = call(con, yi, vi, df, tau2)
    values = [found[name] for name in ("observed", "expected", "tess_p", "psst_p")]
    assert values == pytest.approx(again(yi, vi, df, tau2), rel=1e-9)
    assert found["p_smaller"] == min(found["tess_p"], found["psst_p"])
    assert found["p_bonferroni"] == pytest.approx(min(1, 2 * found["p_smaller"]))


def test_a_significant_study_counts_on_either_side(con):
    assert call(con, [0.9, -0.9, 0.0], [0.01] * 3, [50] * 3, 0.0)["observed"] == 2
    # 1.99 standard errors: significant for a normal test, not for t with 10 degrees of freedom.
    assert call(con, [0.199, 0.0], [0.01] * 2, [1e12] * 2, 0.0)["observed"] == 1
    assert call(con, [0.199, 0.0], [0.01] * 2, [10] * 2, 0.0)["observed"] == 0


def test_what_cannot_be_computed_says_why(con):
    assert call(con, [], [], [], 0.0)["status"] == "no_data"
    assert call(con, [0.1], [0.1], [9], 0.0)["status"] == "too_few_studies"
    assert call(con, [0.1, 0.2], [0.1] * 2, [9] * 2, None)["status"] == "missing_input"
    assert call(con, [0.1, 0.2], [0.1] * 2, [9] * 2, -1.0)["status"] == "out_of_range"
    # A study without its p is dropped, never counted as significant.
    assert call(con, [0.9, 0.9, None], [0.01] * 3, [9] * 3, 0.0)["k"] == 2
