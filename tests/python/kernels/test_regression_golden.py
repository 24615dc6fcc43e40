"""meta_regression against metafor's rma.uni: every data set, estimator and test.

The tolerance is 1e-8, relative. metafor does not centre a moderator, which costs it up to 1e-9 with
years; test_regression_exact.py compares with exact arithmetic, more tightly.
"""

import json
from pathlib import Path

import pytest

from tests.python.cases import each
from tests.python.kernels.tau2_status import status_by_tau2

GOLDEN = Path(__file__).parents[2] / "data" / "regression"
DATA = json.loads((GOLDEN / "meta_regression.json").read_text())
DATA_SETS = {
    "bcg_latitude",
    "bcg_latitude_year",
    "bcg_latitude_allocation",
    "bcg_allocation_no_intercept",
    "bcg_five_studies",
    "raudenbush_weeks",
    "hackshaw_year",
    "bangertdrowns_three",
    "mcdaniel_structured",
    "viechtbauer_dose",
}
METHODS = {name: name for name in ("DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")}
METHODS["FE"] = "CE"
TESTS = ("z", "t", "HK", "HK_adhoc")
CELL = {"se", "ci.lb", "p", "QM", "QMp"}
by_method = each("method", METHODS)
by_set = pytest.mark.parametrize("name", sorted(DATA_SETS))


def fit(call, name, method="REML", test="HK_adhoc"):
    """meta_regression on a golden data set."""
    data = DATA[name]
    options = {
        "tau2_method": METHODS[method],
        "ci_method": test,
        "intercept": "yes" if data["intercept"] else "no",
    }
    return call("meta_regression", [data["yi"]], [data["vi"]], [data["x"]], [options])[0]


def close(expected, absolute=0.0):
    """Within the tolerance."""
    return pytest.approx(expected, rel=1e-8, abs=absolute)


def test_every_cell_of_the_grid_is_there():
    assert DATA.keys() == DATA_SETS
    for data in DATA.values():
        assert data["fits"].keys() == METHODS.keys()
        for cell in data["fits"].values():
            assert cell["tests"].keys() == set(TESTS)
            assert all(test.keys() == CELL for test in cell["tests"].values())
            assert all(len(test["se"]) == data["p"] for test in cell["tests"].values())
            assert cell["threshold"] <= 1e-9


@by_method
@by_set
def test_estimates_agree_with_metafor(call, name, method):
    data, expected = DATA[name], DATA[name]["fits"][method]
    result = fit(call, name, method)
    status = status_by_tau2(result, method)
    assert (result["status"], result["k"], result["p"]) == (status, data["k"], data["p"])
    assert result["tau2"] == close(expected["tau2"], absolute=1e-15)
    assert result["estimate"] == close(expected["b"])
    if method == "FE":
        assert (result["i2_tau2"], result["h2_tau2"]) == (0, 1)
        assert result["i2_q"] == close(expected["I2"])
        assert result["h2_q"] == close(expected["H2"])
    else:
        assert result["i2_tau2"] == close(expected["I2"], absolute=1e-9)
        assert result["h2_tau2"] == close(expected["H2"])
    if data["intercept"]:
        assert result["r2"] == close(expected["R2"], absolute=1e-9)
    else:
        assert result["r2"] is None


@each("test", TESTS)
@by_method
@by_set
def test_tests_agree_with_metafor(call, name, method, test):
    data, expected = DATA[name], DATA[name]["fits"][method]["tests"][test]
    result = fit(call, name, method, test)
    df = None if test == "z" else data["k"] - data["p"]
    assert result["df"] == df
    assert result["qm_df2"] == df
    assert result["qm_df"] == len(data["x"])
    assert result["se"] == close(expected["se"])
    assert result["ci_low"] == close(expected["ci.lb"], absolute=1e-11)
    assert result["p_value"] == close(expected["p"])
    assert result["qm"] == close(expected["QM"])
    assert result["qm_p"] == close(expected["QMp"])
    for j, estimate in enumerate(result["estimate"]):
        assert result["statistic"][j] == pytest.approx(estimate / result["se"][j])
        assert result["ci_high"][j] - estimate == pytest.approx(estimate - result["ci_low"][j])


@by_set
def test_residual_heterogeneity_agrees_with_metafor(call, name):
    data = DATA[name]
    result = fit(call, name)
    assert result["qe"] == pytest.approx(data["QE"], rel=1e-9)
    assert result["qe_df"] == data["k"] - data["p"]
    assert result["qe_p"] == pytest.approx(data["QEp"], rel=1e-9)
    low, high = data["tau2_q_profile"]
    assert result["tau2_ci_low"] == pytest.approx(low, rel=1e-8, abs=1e-12)
    assert result["tau2_ci_high"] == pytest.approx(high, rel=1e-8)


def test_quoted_numbers_bcg_latitude(call):
    """Printed by metafor with its defaults, so the iterative tau2 is good to five decimals."""
    result = fit(call, "bcg_latitude", "REML", "z")
    assert result["estimate"] == pytest.approx([0.251464, -0.029102], abs=1e-5)
    assert result["se"] == pytest.approx([0.249104, 0.007196], abs=1e-5)
    assert result["tau2"] == pytest.approx(0.076355, abs=1e-5)
    assert result["r2"] == pytest.approx(75.62, abs=0.01)
    assert result["qm"] == pytest.approx(16.357, abs=2e-3)
    result = fit(call, "bcg_latitude", "REML", "HK")
    assert result["se"] == pytest.approx([0.283930, 0.008202], abs=1e-5)
    assert result["qm"] == pytest.approx(12.590546, abs=1e-3)
    assert result["qm_p"] == pytest.approx(0.004566, abs=2e-6)
    assert result["ci_low"][1] == pytest.approx(-0.047153, abs=1e-6)
    assert result["ci_high"][1] == pytest.approx(-0.011050, abs=1e-6)


def test_quoted_numbers_bcg_allocation(call):
    """Subgroups with a common DL tau2: QM 1.434912, p .487992, tau2 .559569."""
    data = DATA["bcg_allocation_no_intercept"]
    options = {"tau2_method": "DL", "ci_method": "z"}
    result = call("meta_regression", [data["yi"]], [data["vi"]], [data["x"][1:]], [options])[0]
    assert result["qm"] == pytest.approx(1.434912, abs=1e-6)
    assert result["qm_p"] == pytest.approx(0.487992, abs=1e-6)
    assert result["tau2"] == pytest.approx(0.559569, abs=1e-6)
