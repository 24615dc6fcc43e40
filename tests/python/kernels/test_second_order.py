"""second_order and correlation_shrinkage: printed numbers, exact cases, edges."""

import numpy as np
import pytest

Z = 1.959963984540054
YI = [0.50, 0.35, 0.67, 0.28]
VI = [((high - low) / (2 * Z)) ** 2 for low, high in
      [(0.36, 0.64), (0.21, 0.49), (0.51, 0.83), (0.10, 0.46)]]  # fmt: skip


def shrink(call, matrix, **options):
    return call("correlation_shrinkage", [matrix], [options or None])[0]


def test_quoted_decomposition(call):
    """Four reviews, computed in Python and R, printed to six decimals."""
    result = call("second_order", [YI], [VI])[0]
    quoted = {
        "estimate": 0.454628, "variance_observed": 0.019868, "variance_sampling": 0.006055,
        "variance_true": 0.013813, "proportion_sampling": 0.304762,
    }  # fmt: skip
    assert {name: result[name] for name in quoted} == pytest.approx(quoted, abs=5.1e-7)
    assert result["se"] == pytest.approx((result["variance_observed"] / 4) ** 0.5, rel=1e-14)
    half = 1.2815515655446004 * result["variance_true"] ** 0.5
    assert result["cr_high"] - result["estimate"] == pytest.approx(half, rel=1e-12)


def test_quoted_dersimonian_laird_and_reml_of_the_same_reviews(pool):
    result = pool(YI, VI, tau2_method="DL", ci_method="z")
    quoted = {
        "estimate": 0.451798, "se": 0.082106, "tau2": 0.020708, "ci_low": 0.290873,
        "ci_high": 0.612723,
    }  # fmt: skip
    assert {name: result[name] for name in quoted} == pytest.approx(quoted, abs=5.1e-7)
    assert result["q"] == pytest.approx(13.125, abs=5.1e-4)
    assert result["i2_q"] == pytest.approx(77.14, abs=5.1e-3)
    result = pool(YI, VI, tau2_method="REML", ci_method="z")
    found = [result[name] for name in ("estimate", "se", "tau2")]
    assert found == pytest.approx([0.451712, 0.084474, 0.022282], abs=1e-6)


def test_equal_variances_are_the_plain_variance(call):
    yi = [0.1, 0.2, 0.6]
    result = call("second_order", [yi], [[0.01] * 3])[0]
    assert result["variance_observed"] == pytest.approx(np.var(yi), rel=1e-12)
    assert result["variance_sampling"] == pytest.approx(0.01, rel=1e-12)


def test_sampling_error_explains_no_more_than_all(call):
    result = call("second_order", [[0.3, 0.3, 0.31]], [[0.01, 0.02, 0.01]])[0]
    assert (result["variance_true"], result["proportion_sampling"]) == (0, 1)
    assert result["cr_low"] == result["cr_high"] == result["estimate"]


def test_one_or_no_meta_analysis(call):
    one, none, null = call("second_order", [[0.3], [], None], [[0.01], [], None])
    assert (one["status"], one["estimate"], one["se"]) == ("single_study", 0.3, None)
    assert (one["variance_observed"], one["proportion_sampling"]) == (None, None)
    assert none["status"] == null["status"] == "no_data"


def test_shrunk_matrices_have_the_smallest_eigenvalue_asked_for(call):
    rng = np.random.default_rng(3)
    for _ in range(50):
        n = int(rng.integers(2, 9))
        matrix = rng.uniform(-1, 1, (n, n))
        matrix = (matrix + matrix.T) / 2
        np.fill_diagonal(matrix, 1)
        result = shrink(call, matrix.tolist(), smallest_eigenvalue=0.1)
        smallest = np.linalg.eigvalsh(matrix)[0]
        assert result["smallest_eigenvalue"] == pytest.approx(smallest, abs=1e-12)
        s = result["shrinkage"]
        after = np.linalg.eigvalsh((1 - s) * matrix + s * np.eye(n))[0]
        assert after == pytest.approx(max(0.1, smallest), abs=1e-12)


@pytest.mark.parametrize(
    ("matrix", "shrinkage"),
    [([[1, 1], [1, 1]], 0.05), ([[1, 0.95], [0.95, 1]], 0), ([[1]], 0), ([[1, 0.2], [0.2, 1]], 0)],
)
def test_copies_keep_a_correlation_of_095(call, matrix, shrinkage):
    assert shrink(call, matrix)["shrinkage"] == pytest.approx(shrinkage, abs=1e-12)


@pytest.mark.parametrize(
    ("matrix", "status", "at"),
    [
        ([[1, None], [0, 1]], "missing_input", 1),
        ([[2, 0], [0, 1]], "out_of_range", 1),
        ([[1, 1.5], [1.5, 1]], "out_of_range", 1),
        ([[1, 0.1], [0.2, 1]], "not_symmetric", 2),
        ([[1, 0.1]], "lengths_differ", 1),
    ],
)
def test_what_is_no_correlation_matrix_has_a_status(call, matrix, status, at):
    row = shrink(call, matrix)
    assert (row["status"], row["fault_at"], row["shrinkage"]) == (status, at, None)


@pytest.mark.parametrize("k", [2.5, -1.0])
def test_what_is_no_number_of_effects_has_a_status(call, k):
    rows = call("correlation_shrinkage_pairs", [k, 2.0], [[[1, 2, 0.3]]] * 2)
    assert [row["status"] for row in rows] == ["out_of_range", "ok"]
