"""pool against metafor: every data set, estimator and interval.

Tolerances are relative: 1e-9 for closed forms, 1e-8 where tau2 is found by iteration.
"""

import pytest

from tests.python.cases import each
from tests.python.kernels.tau2_status import status_by_tau2

TAU2_METHODS = {"FE": "CE", "DL": "DL", "REML": "REML", "PM": "PM"}
CI_METHODS = {"z": "z", "t": "t", "knha": "HK", "adhoc": "HK_adhoc"}
FIELDS = {
    "estimate": "b",
    "se": "se",
    "statistic": "stat",
    "df": "df",
    "p_value": "p",
    "ci_low": "ci.lb",
    "ci_high": "ci.ub",
    "tau2": "tau2",
    "q": "QE",
    "q_p": "QEp",
}
HETEROGENEITY = {"FE": {"i2_q": "I2", "h2_q": "H2"}}
HETEROGENEITY |= {key: {"i2_tau2": "I2", "h2_tau2": "H2"} for key in ("DL", "REML", "PM")}
PREDICTION = {"HTS": "pi.HTS", "V": "pi.V"}


def tolerance(method):
    """Relative tolerance of an estimator."""
    return 1e-9 if method in ("FE", "DL") else 1e-8


def same(value, expected, relative):
    """Equal within the tolerance; a value that is not there must not be there on either side."""
    if value is None or expected is None:
        return value is None and expected is None
    return value == pytest.approx(expected, rel=relative, abs=0)


@each("test", CI_METHODS)
@each("method", TAU2_METHODS)
def test_pool_agrees_with_metafor(golden, pool, dataset, method, test):
    data = golden(dataset)
    expected = data["fits"][test][method]
    result = pool(
        data["yi"], data["vi"], tau2_method=TAU2_METHODS[method], ci_method=CI_METHODS[test]
    )
    fields = FIELDS | HETEROGENEITY[method]
    differing = {
        field: (result[field], expected[key])
        for field, key in fields.items()
        if not same(result[field], expected[key], tolerance(method))
    }
    assert differing == {}
    assert result["status"] == status_by_tau2(result, method)
    assert result["k"] == data["k"]
    assert result["q_df"] == data["k"] - 1


@each("method", TAU2_METHODS)
def test_weights_agree_with_metafor(golden, pool, dataset, method):
    data = golden(dataset)
    result = pool(data["yi"], data["vi"], tau2_method=TAU2_METHODS[method])
    expected = data["fits"]["z"][method]["weights"]
    assert result["weights"] == pytest.approx(expected, rel=tolerance(method))


@each("pi_method", PREDICTION)
@each("method", TAU2_METHODS)
def test_prediction_interval_agrees_with_r(golden, pool, dataset, method, pi_method):
    data = golden(dataset)
    expected = data["fits"]["z"][method][PREDICTION[pi_method]]
    result = pool(data["yi"], data["vi"], tau2_method=TAU2_METHODS[method], pi_method=pi_method)
    assert same(result["pi_low"], expected[0], tolerance(method))
    assert same(result["pi_high"], expected[1], tolerance(method))


def test_q_profile_interval_agrees_with_metafor(golden, pool, dataset):
    data = golden(dataset)
    result = pool(data["yi"], data["vi"])
    low, high = data["tau2_q_profile"]
    assert same(result["tau2_ci_low"], low, 1e-8)
    assert same(result["tau2_ci_high"], high, 1e-8)


def test_i2_from_q_agrees_with_the_common_effect_fit(golden, pool, dataset):
    data = golden(dataset)
    expected = data["fits"]["z"]["FE"]
    for method in TAU2_METHODS.values():
        result = pool(data["yi"], data["vi"], tau2_method=method)
        assert same(result["i2_q"], expected["I2"], 1e-9)
        assert same(result["h2_q"], expected["H2"], 1e-9)
