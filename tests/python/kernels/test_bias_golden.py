"""The small-study functions against R: every function on every data set.

Tolerances are relative: 1e-9 for closed forms, 1e-8 where tau2 is found by iteration, 1e-4 for the
selection model, whose likelihood must be at least as high as R's.
"""

import pytest

from tests.python.kernels.bias_data import DATA_SETS, differing, each_data_set, effects, golden_bias

EGGER = golden_bias("egger")
BEGG = golden_bias("begg")
TRIM = golden_bias("trim_and_fill")
PET = golden_bias("pet_peese")
LIMIT = golden_bias("limit")
SELECTION = golden_bias("selection")
EXCESS = golden_bias("excess")
FAIL_SAFE = golden_bias("fail_safe")
P_UNIFORM = golden_bias("p_uniform")
COUNTS = golden_bias("counts")
SMD = golden_bias("egger_smd")
METHODS = {"FE": "CE", "DL": "DL", "REML": "REML", "PM": "PM"}
ROUNDING = 1e-13


@pytest.fixture
def one(call):
    """``one(function, name, **options)``: a function on a data set, as a dictionary."""

    def result(function, name, **options):
        yi, vi = effects(name)
        columns = ([yi], [vi], [options]) if options else ([yi], [vi])
        return call(function, *columns)[0]

    return result


@pytest.mark.parametrize(
    "golden", [EGGER, BEGG, TRIM, PET, LIMIT, SELECTION, EXCESS, FAIL_SAFE, P_UNIFORM]
)
def test_every_data_set_is_there(golden):
    assert sorted(golden) == DATA_SETS
    assert len(DATA_SETS) == 23


def test_every_cell_is_there():
    for name in DATA_SETS:
        assert {form: set(cells) for form, cells in EGGER[name].items()} == {
            "lm": {"se", "vi"},
            "random": {"se", "vi"},
        }
        cells = [(cell["method"], cell["estimator"], cell["side"]) for cell in TRIM[name]]
        assert len(set(cells)) == len(cells) == 10
        assert set(LIMIT[name]) == {"DL", "REML"}
        assert set(SELECTION[name]) == {"greater", "less", "two_sided"}
        assert [(cell["method"], cell["alternative"]) for cell in EXCESS[name]] == [
            ("FE", "two_sided"),
            ("DL", "two_sided"),
            ("REML", "two_sided"),
            ("DL", "greater"),
            ("DL", "less"),
        ]
        assert set(P_UNIFORM[name]) == {"greater", "less"}
    assert len(COUNTS) == 7
    assert len(SMD) == 2


def test_versions_are_recorded():
    assert golden_bias("versions").keys() == {"R", "metafor", "metadat", "jsonlite"}


@pytest.mark.parametrize("predictor", ["se", "vi"])
@pytest.mark.parametrize(("form", "tolerance"), [("lm", 1e-9), ("random", 1e-8)])
@each_data_set
def test_egger(one, name, form, tolerance, predictor):
    result = one("egger_test", name, form=form, predictor=predictor)
    assert result["status"] == "ok"
    assert differing(result, EGGER[name][form][predictor], tolerance) == {}


@pytest.mark.parametrize("weights", ["vi", "n"])
@pytest.mark.parametrize(("form", "tolerance"), [("lm", 1e-9), ("random", 1e-8)])
@pytest.mark.parametrize("name", sorted(SMD))
def test_egger_smd(call, name, form, tolerance, weights):
    data = SMD[name]
    columns = [[data[key]] for key in ("yi", "vi", "n1", "n2")]
    result = call("egger_test_smd", *columns, [{"form": form, "weights": weights}])[0]
    assert differing(result, data[form][weights], tolerance) == {}


@each_data_set
def test_begg(one, name):
    result = one("begg_test", name)
    assert differing(result, BEGG[name], 1e-9) == {}


@pytest.mark.parametrize("test", ["harbord", "peters"])
@pytest.mark.parametrize("name", sorted(COUNTS))
def test_counts(call, name, test):
    data = COUNTS[name]
    result = call(f"{test}_test", *([data[key]] for key in ("ai", "n1", "ci", "n2")))[0]
    assert result["k"] == data["k"]
    assert differing(result, data[test], 1e-9) == {}


@each_data_set
def test_trim_and_fill(one, name):
    for cell in TRIM[name]:
        options = {
            "tau2_method": METHODS[cell["method"]],
            "estimator": cell["estimator"],
            "side": cell["side"],
            "ci_method": "z",
        }
        result = one("trim_and_fill", name, **options)
        if "k0" not in cell:
            assert result["status"] == "not_converged", options
            continue
        expected = {key: cell[key] for key in ("k0", "k0_se", "k0_p", "estimate", "se")}
        tolerance = 1e-9 if cell["method"] in ("FE", "DL") else 1e-8
        assert differing(result, expected, tolerance, ROUNDING) == {}, options
        if cell["side"] != "auto":
            assert result["side"] == cell["side"]


@each_data_set
def test_pet_peese(one, name):
    result = one("pet_peese", name)
    expected = {
        f"{method}_{field}": value
        for method, fields in PET[name].items()
        for field, value in fields.items()
    }
    assert differing(result, expected, 1e-9) == {}


@pytest.mark.parametrize("adjustment", ["beta0", "betalim", "mulim"])
@pytest.mark.parametrize(("method", "tolerance"), [("DL", 1e-9), ("REML", 1e-8)])
@each_data_set
def test_limit_meta_analysis(one, name, method, tolerance, adjustment):
    result = one("limit_meta_analysis", name, tau2_method=method, adjustment=adjustment)
    data = LIMIT[name][method]
    expected = {
        "estimate": data[adjustment],
        "se": data[f"{adjustment}_se"],
        "bias": data["alpha"],
        "bias_se": data["alpha_se"],
        "beta": data["beta"],
        "beta_se": data["beta_se"],
        "tau2": data["tau2"],
        "q_small": data["q_small"],
        "q_residual": data["q_residual"],
        "g2": data["g2"],
    }
    # q_small is a difference of two sums, g2 a share of a sum about the mean
    assert differing(result, expected, tolerance, 1e-10) == {}


@pytest.mark.parametrize("alternative", ["greater", "less", "two_sided"])
@each_data_set
def test_selection_model(one, name, alternative):
    expected = SELECTION[name][alternative]
    step = 0.05 if alternative == "two_sided" else 0.025
    result = one("selection_model", name, alternative=alternative, step=step)
    if "error" in expected:
        assert "do not contain any observed p-values" in expected["error"]
    if "error" in expected or expected["k_significant"] == 0:  # metafor stops at delta = 100
        assert result["status"] == "empty_interval"
        return
    assert result["status"] == "ok"
    assert result["k_significant"] == expected["k_significant"]
    assert result["log_likelihood"] >= expected["log_likelihood"] - 1e-9
    higher = result["log_likelihood"] - expected["log_likelihood"] > 1e-6
    assert (
        differing(
            result, {"log_likelihood_unselected": expected["log_likelihood_unselected"]}, 1e-8
        )
        == {}
    )
    if higher:  # R stopped before the maximum, or at the lower of two
        return
    fields = ["estimate", "tau2", "delta", "lr_statistic", "lr_p"]
    if result["tau2"] > 0:
        fields += ["se", "tau2_se", "delta_se"]
    assert differing(result, {key: expected[key] for key in fields}, 1e-4, 1e-5) == {}


@each_data_set
def test_excess_significance(one, name):
    for cell in EXCESS[name]:
        options = {"tau2_method": METHODS[cell["method"]], "alternative": cell["alternative"]}
        result = one("excess_significance", name, **options)
        fields = (
            "observed", "expected", "p_binomial", "p_exact", "observed_directed",
            "expected_directed", "tess_z", "psst_z",
        )  # fmt: skip
        expected = {key: cell[key] for key in fields}
        assert differing(result, expected, 1e-8, 1e-12) == {}, options
        tolerance = 1e-9 if result["tau2"] == 0 else 2e-5  # metafor integrates over 5 tau only
        assert differing(result, cell["tes"], tolerance, tolerance) == {}, options


@each_data_set
def test_fail_safe_n(one, name):
    expected = FAIL_SAFE[name]
    default = one("fail_safe_n", name)
    keys = ("rosenthal", "orwin", "rosenberg")
    assert [default[key] for key in keys] == [expected[key] for key in keys]
    assert one("fail_safe_n", name, orwin_mean="weighted")["orwin"] == expected["orwin_weighted"]
    assert one("fail_safe_n", name, orwin_target=0.05)["orwin"] == expected["orwin_target"]
    strict = one("fail_safe_n", name, alpha=0.01)
    assert strict["rosenthal"] == expected["rosenthal_01"]
    assert strict["rosenberg"] == expected["rosenberg_01"]


@pytest.mark.parametrize("alternative", ["greater", "less"])
@each_data_set
def test_p_uniform_star(one, name, alternative):
    expected = dict(P_UNIFORM[name][alternative])
    result = one("p_uniform_star", name, alternative=alternative)
    if "error" in expected:
        assert result["status"] == "not_converged"
        return
    assert result["status"] == "ok"
    if alternative == "less":
        low, high = expected["ci_low"], expected["ci_high"]
        expected["estimate"] = -expected["estimate"]
        expected["ci_low"] = None if high is None else -high
        expected["ci_high"] = None if low is None else -low
    assert result["log_likelihood"] >= expected["log_likelihood"] - 1e-9
    assert differing(result, expected, 1e-6, 1e-7) == {}
