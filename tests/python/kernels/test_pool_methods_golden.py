"""pool against R for what test_pool_golden.py leaves out: further estimators and intervals.

Golden values by validation/make_golden_pooling.R. Relative tolerances: 1e-9 for closed forms, 1e-8
where tau2 is found by iteration. The grid is complete: every method x every data set.
"""

import json
from pathlib import Path

import pytest

from tests.python.cases import each
from tests.python.kernels.tau2_status import status_by_tau2

FOLDER = Path(__file__).parents[2] / "data" / "pooling"
CLOSED_FORMS = {"DL2", "HE", "HS", "HSk", "SJ"}
ITERATIVE = {"ML", "EB", "PMM"}
PREDICTION = {"z", "HK", "HK_PR"}
OF_META = {"KR_meta", "KR_PR_meta"}


@pytest.fixture(scope="module")
def reference():
    """``reference(data set)``: values of R."""
    return lambda name: json.loads((FOLDER / f"{name}.json").read_text())


def same(value, expected, relative):
    """Equal within the tolerance; absent on both sides or on none."""
    if value is None or expected is None:
        return value is None and expected is None
    return value == pytest.approx(expected, rel=relative, abs=0)


def differing(result, expected, relative):
    """The fields that are not the same, with both values."""
    return {
        field: (result[field], value)
        for field, value in expected.items()
        if not same(result[field], value, relative)
    }


def limits(low, high, pair):
    """Two fields from a pair of R; a missing pair is two missing values."""
    return dict(zip((low, high), pair or (None, None), strict=True))


def test_the_grid_is_complete(reference, dataset):
    data = reference(dataset)
    assert set(data["estimators"]) == CLOSED_FORMS | ITERATIVE
    for method, cell in data["estimators"].items():
        for test in ("z", "HK", "HK_adhoc"):
            assert all(isinstance(x, float | int) for x in cell[test].values()), (method, test)
        if method in ITERATIVE - {"PMM"}:
            assert cell["threshold"] <= 1e-9
    assert set(data["tau2_profile"]) == {"REML", "ML"}
    assert set(data["hybrids"]) == {"REML", "DL"}
    assert set(data["prediction"]["REML"]) == PREDICTION | OF_META
    assert set(data["prediction"]["DL"]) == PREDICTION


def test_every_data_set_is_there(data_sets):
    assert {path.stem for path in FOLDER.glob("*.json")} == set(data_sets)


@each("method", sorted(CLOSED_FORMS | ITERATIVE))
def test_estimator(golden, reference, pool, dataset, method):
    data, expected = golden(dataset), reference(dataset)["estimators"][method]
    relative = 1e-9 if method in CLOSED_FORMS else 1e-8
    common = {"estimate": "b", "tau2": "tau2", "i2_tau2": "I2", "h2_tau2": "H2"}
    names = {"se": "se", "ci_low": "ci.lb", "ci_high": "ci.ub", "p_value": "p"}
    for test in ("z", "HK", "HK_adhoc"):
        result = pool(data["yi"], data["vi"], tau2_method=method, ci_method=test)
        cell = {field: expected[key] for field, key in common.items()}
        cell |= {f: expected[test][key] for f, key in names.items() if key in expected[test]}
        assert differing(result, cell, relative) == {}
        assert result["status"] == status_by_tau2(result, method)


@each("method", ["REML", "ML"])
def test_profile_likelihood_of_tau2(golden, reference, pool, dataset, method):
    """The search of metafor was given a wide bound, so that every limit is a root."""
    data, expected = golden(dataset), reference(dataset)["tau2_profile"][method]
    result = pool(data["yi"], data["vi"], tau2_method=method, tau2_ci_method="PL")
    cell = limits("tau2_ci_low", "tau2_ci_high", expected["tau2"])
    cell |= limits("i2_tau2_ci_low", "i2_tau2_ci_high", expected["I2"])
    cell |= limits("h2_tau2_ci_low", "h2_tau2_ci_high", expected["H2"])
    assert differing(result, cell, 1e-8) == {}


def test_intervals_of_i2_and_h2(golden, reference, pool, dataset):
    data, expected = golden(dataset), reference(dataset)
    cell = {}
    for name, key in (("i2", "I2"), ("h2", "H2")):
        cell |= limits(f"{name}_tau2_ci_low", f"{name}_tau2_ci_high", expected["q_profile"][key])
        cell |= limits(f"{name}_q_ci_low", f"{name}_q_ci_high", expected["test_based"][key])
    for method in ("REML", "DL", "CE"):
        assert differing(pool(data["yi"], data["vi"], tau2_method=method), cell, 1e-8) == {}


def test_kenward_roger_of_meta(golden, reference, pool, dataset):
    data, expected = golden(dataset), reference(dataset)["KR_meta"]
    result = pool(data["yi"], data["vi"], ci_method="KR_meta")
    names = {"se": "se", "df": "df", "ci_low": "ci.lb", "ci_high": "ci.ub", "p_value": "p"}
    assert differing(result, {f: expected[key] for f, key in names.items()}, 1e-8) == {}


@each("ci_method", ["HK_ci", "HK_iqwig6"])
@each("method", ["REML", "DL"])
def test_hybrids(golden, reference, pool, dataset, method, ci_method):
    data, expected = golden(dataset), reference(dataset)["hybrids"][method][ci_method]
    result = pool(data["yi"], data["vi"], tau2_method=method, ci_method=ci_method)
    names = {"se": "se", "ci_low": "ci.lb", "ci_high": "ci.ub", "p_value": "p"}
    assert differing(result, {f: expected[key] for f, key in names.items()}, 1e-8) == {}


@each("method", ["REML", "DL"])
def test_prediction_interval(golden, reference, pool, dataset, method):
    data, expected = golden(dataset), reference(dataset)["prediction"][method]
    for pi_method in PREDICTION | (OF_META if method == "REML" else set()):
        result = pool(data["yi"], data["vi"], tau2_method=method, pi_method=pi_method)
        pair = limits("pi_low", "pi_high", expected[pi_method])
        assert differing(result, pair, 1e-8) == {}, pi_method
