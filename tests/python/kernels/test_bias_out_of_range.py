"""Numbers beyond floating point end in a status, never in an exception or an unexplained NULL."""

import pytest

HUGE_RANGE = [1.7e229, 3.7e170, 7.5e-96, 1.1e-295, 1.1e189]
YI = [-0.3, 2.0, 0.9, -0.8, 1.1]


@pytest.mark.parametrize("name", ["selection_model", "p_uniform_star"])
@pytest.mark.parametrize(
    ("yi", "vi"), [(YI, HUGE_RANGE), ([1e160, -1e160, 0.1, 3.0, -2.0], [0.1] * 5)]
)
def test_search_without_room(call, name, yi, vi):
    """The grid of tau2 had no finite size: an error of the compiled code."""
    row = call(name, [yi], [vi])[0]
    assert row["status"] in ("not_converged", "empty_interval")
    assert row["estimate"] is None


def test_begg_with_weights_beyond_range(call):
    """A rank correlation of NaN became an exact test with a nonsensical table."""
    row = call("begg_test", [YI], [HUGE_RANGE])[0]
    assert row["status"] in ("ok", "not_converged")
    assert (row["p_value"] is None) == (row["status"] == "not_converged")
    row = call("begg_test", [YI], [[1e-300, 1e300, 1.0, 2.0, 3.0]])[0]
    assert row["status"] == "not_converged"


def test_limit_meta_analysis_beyond_range(call):
    """The line failed while tau2 was still a number: ok, with NULL for the estimate."""
    row = call("limit_meta_analysis", [[0.0, -4e14, 1e140, 3e-32, 2e115]],
               [[0.04, 0.27, 0.02, 0.01, 0.03]])[0]  # fmt: skip
    assert row["status"] == "not_converged"
    assert row["tau2"] is None


def test_probability_is_at_most_one(call):
    row = call("pool_bayes", [[1e8, 1e8 + 1.0, 1e8 + 0.5]], [[0.1, 0.2, 0.3]])[0]
    assert row["p_positive"] == 1.0
