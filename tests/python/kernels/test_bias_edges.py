"""The small-study functions at the edges: too few studies, none, missing, equal, tiny, huge."""

import math

import numpy as np
import pytest

from tests.python.cases import each
from tests.python.kernels.bias_data import effects

NAN, INF = math.nan, math.inf
SMALLEST_K = {
    "egger_test": 3,
    "begg_test": 3,
    "trim_and_fill": 3,
    "pet_peese": 3,
    "limit_meta_analysis": 3,
    "selection_model": 3,
    "excess_significance": 2,
    "p_uniform_star": 3,
    "fail_safe_n": 1,
}
ALWAYS = {"k", "status", "k_significant"}
each_function = pytest.mark.parametrize("function", SMALLEST_K)
YI, VI = [0.1, 0.9, 0.4, 0.7, -0.2], [0.02, 0.1, 0.03, 0.05, 0.01]


def filled(row):
    """Names of the fields that are not NULL."""
    return {field for field, value in row.items() if value is not None}


@each_function
@each("yi", [[], [None], [NAN, INF]])
def test_no_data(call, function, yi):
    row = call(function, [yi], [[0.1] * len(yi)])[0]
    assert (row["k"], row["status"]) == (0, "no_data")
    assert filled(row) <= ALWAYS


@each_function
def test_null_lists_are_no_data(call, function):
    rows = call(function, [None, [1.0], None], [[0.1], None, None])
    assert [row["status"] for row in rows] == ["no_data"] * 3


@each_function
@each("k", [1, 2])
def test_too_few_studies(call, function, k):
    row = call(function, [YI[:k]], [VI[:k]])[0]
    if k < SMALLEST_K[function]:
        assert (row["k"], row["status"]) == (k, "too_few_studies")
        assert filled(row) <= ALWAYS
    else:
        assert (row["k"], row["status"]) == (k, "ok")


@each_function
def test_incomplete_pairs_are_dropped(call, function):
    gaps = call(function, [[None, *YI, 3.0, NAN]], [[0.1, *VI, None, INF]])[0]
    assert gaps == call(function, [YI], [VI])[0]


@each_function
def test_impossible_variances(call, function):
    wrong = call(function, [[0.1, 0.25, 1]], [[0.02, -3, 1]])[0]
    assert (wrong["status"], wrong["fault_at"]) == ("out_of_range", 2)
    unequal = call(function, [[0.1, 0.2]], [[0.1]])[0]
    assert (unequal["status"], unequal["fault_at"]) == ("lengths_differ", 2)


@each_function
def test_rows_do_not_influence_each_other(call, function):
    rows = [(YI, VI), ([], []), (YI[:2], VI[:2]), ([1.0, 2.0, 0.2, 3.0], [0.1, 0.2, 0.3, 1.0])]
    together = call(function, [yi for yi, _ in rows], [vi for _, vi in rows])
    assert together == [call(function, [yi], [vi])[0] for yi, vi in rows]
    assert call(function, [], []) == []


@each_function
@pytest.mark.parametrize("power", [-20, 20])
def test_scale_by_a_power_of_two_is_exact(call, function, power):
    """Effects 2^p, variances 4^p times as large: numbers without a unit stay, bit for bit."""
    yi, vi = effects("dat.bcg_RR")
    yi = [-value for value in yi]
    factor = 2.0**power
    one = call(function, [yi], [vi])[0]
    scaled = call(function, [[y * factor for y in yi]], [[v * factor**2 for v in vi]])[0]
    assert scaled["status"] == one["status"] == "ok"
    for field in ("p_value", "statistic", "k0", "kendall_tau", "delta", "rosenthal", "p_exact"):
        if field in one:
            assert scaled[field] == one[field], field
    if "estimate" in one:
        assert scaled["estimate"] == one["estimate"] * factor


@each_function
@pytest.mark.parametrize("power", [-12, 12])
def test_tiny_and_huge_variances(call, function, power):
    yi, vi = effects("dat.bcg_RR")
    scale = 10.0 ** (power // 2)
    one = call(function, [yi], [vi])[0]
    scaled = call(function, [[-y * scale for y in yi]], [[v * scale**2 for v in vi]])[0]
    assert scaled["status"] in ("ok", "empty_interval")
    same = call(function, [[-y for y in yi]], [vi])[0]
    assert scaled["status"] == same["status"]
    assert one["k"] == scaled["k"]
    if scaled.get("estimate") is not None:
        assert scaled["estimate"] == pytest.approx(same["estimate"] * scale, rel=1e-6)


@each_function
def test_one_nearly_exact_study_among_ordinary_ones(call, function):
    row = call(function, [[0.5, 0.1, 0.9, 0.3]], [[1e-12, 0.04, 0.05, 1e12]])[0]
    assert row["status"] in ("ok", "empty_interval", "not_converged")
    if row.get("estimate") is not None:
        assert math.isfinite(row["estimate"])


@pytest.mark.parametrize(
    "function", ["egger_test", "begg_test", "trim_and_fill", "pet_peese", "limit_meta_analysis"]
)
def test_equal_variances_have_no_small_studies(call, function):
    row = call(function, [[0.1, 0.2, 0.5]], [[0.1] * 3])[0]
    assert row["status"] == "no_variation"
    assert filled(row) == {"k", "status"}


def test_equal_variances_can_be_trimmed_on_a_given_side(call):
    row = call("trim_and_fill", [[0.1, 0.2, 0.9]], [[0.1] * 3], [{"side": "left"}])[0]
    assert row["status"] == "ok"


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_identical_effects(call, value):
    yi, vi = [value] * 4, [0.1, 0.2, 0.3, 0.4]

    def one(function, **options):
        return call(function, [yi], [vi], [options])[0]

    egger = one("egger_test")
    assert (egger["status"], egger["bias"], egger["bias_se"]) == ("ok", 0, 0)
    assert (egger["statistic"], egger["p_value"]) == (None, None)
    assert egger["limit_estimate"] == value
    random = one("egger_test", form="random")
    assert (random["bias"], random["tau2"]) == (pytest.approx(0, abs=1e-15), 0)
    assert random["p_value"] == pytest.approx(1)
    for estimator in ("L0", "R0", "Q0"):
        row = one("trim_and_fill", estimator=estimator, side="left")
        assert (row["status"], row["k0"], row["estimate"]) == ("ok", 0, value)
    pet = one("pet_peese")
    assert (pet["pet_estimate"], pet["peese_estimate"]) == (value, value)
    limit = one("limit_meta_analysis")
    assert (limit["estimate"], limit["tau2"]) == (pytest.approx(value, abs=1e-15), 0)
    assert limit["q_small"] == pytest.approx(0, abs=1e-15)
    assert one("excess_significance")["tau2"] == 0


def test_begg_of_tied_effects(call):
    """Identical effects do not deviate from their mean: there is nothing to rank."""
    for value in (0.0, 0.3):
        row = call("begg_test", [[value] * 4], [[0.1, 0.2, 0.3, 0.4]])[0]
        assert row["status"] == "no_variation"
    tied = call("begg_test", [[0.3, 0.1, 0.1, 0.8]], [[0.1, 0.2, 0.2, 0.4]])[0]
    assert (tied["status"], tied["p_method"]) == ("ok", "normal")
    assert tied["statistic"] is not None


def test_selection_needs_both_sides_of_the_step(call):
    row = call("selection_model", [[0.9, 0.8, 0.7]], [[0.01, 0.02, 0.03]])[0]
    assert (row["status"], row["k_significant"]) == ("empty_interval", 3)
    row = call("selection_model", [[0.1, 0.0, 0.2]], [[0.1, 0.2, 0.3]])[0]
    assert (row["status"], row["k_significant"]) == ("empty_interval", 0)


def test_p_uniform_without_a_maximum(call):
    """Only barely significant studies: the likelihood rises as the mean falls without end."""
    vi = [0.01, 0.02, 0.03, 0.04]
    row = call("p_uniform_star", [[1.96 * math.sqrt(v) for v in vi]], [vi])[0]
    assert row["status"] == "not_identified"
    assert filled(row) == {"k", "status", "k_significant"}


def test_trim_and_fill_is_pool_when_nothing_is_missing(call, pool):
    yi, vi = [-0.3, -0.1, 0.0, 0.1, 0.2], [0.1, 0.09, 0.02, 0.08, 0.11]
    row = call("trim_and_fill", [yi], [vi], [{"side": "left"}])[0]
    assert row["k0"] == 0
    for field in ("estimate", "se", "ci_low", "ci_high", "statistic", "df", "p_value", "tau2"):
        assert row[field] == pool(yi, vi)[field]


@pytest.mark.parametrize("function", ["harbord_test", "peters_test"])
class TestCounts:
    AI, N1, CI, N2 = [3, 0, 7, 2], [20, 30, 40, 10], [5, 2, 9, 1], [21, 30, 44, 12]

    def test_tables_without_events_are_left_out(self, call, function):
        row = call(function, [self.AI], [self.N1], [self.CI], [self.N2])[0]
        more = call(
            function,
            [[0, *self.AI, 5, None]],
            [[9, *self.N1, 5, 9]],
            [[0, *self.CI, 8, 2]],
            [[9, *self.N2, 8, 9]],
        )[0]
        assert more == row
        assert row["k"] == 4

    def test_too_few(self, call, function):
        row = call(function, [self.AI[:2]], [self.N1[:2]], [self.CI[:2]], [self.N2[:2]])[0]
        assert row["status"] == "too_few_studies"
        row = call(function, [[0, 0, 1]], [[9, 9, 9]], [[0, 0, 2]], [[9, 9, 9]])[0]
        assert (row["k"], row["status"]) == (1, "too_few_studies")
        assert call(function, [[]], [[]], [None], [[]])[0]["status"] == "no_data"

    def test_equal_tables(self, call, function):
        row = call(function, [[3] * 3], [[9] * 3], [[2] * 3], [[9] * 3])[0]
        assert row["status"] == "no_variation"

    def test_impossible_counts(self, call, function):
        for counts, status, at in (
            (([21], [20], [1], [20]), "out_of_range", 1),
            (([2, 1], [20, 20], [1, -1], [20, 20]), "out_of_range", 2),
            (([2, 1], [20, 20], [1, 0], [20, 0]), "out_of_range", 2),
            (([2, 1], [20, 20], [1], [20, 20]), "lengths_differ", 2),
        ):
            row = call(function, *[[values] for values in counts])[0]
            assert (row["status"], row["fault_at"]) == (status, at)


def test_egger_smd_needs_group_sizes(call):
    yi, vi = YI, VI
    n1, n2 = [40, 8, 30, 15, 90], [41, 9, 33, None, 88]
    row = call("egger_test_smd", [yi], [vi], [n1], [n2])[0]
    assert (row["k"], row["status"]) == (4, "ok")
    wrong = call("egger_test_smd", [[0.1]], [[0.1]], [[0]], [[3]])[0]
    assert (wrong["status"], wrong["fault_at"]) == ("out_of_range", 1)
    equal = call("egger_test_smd", [yi], [vi], [[20] * 5], [[20] * 5])[0]
    assert equal["status"] == "no_variation"


OPTIONS = {
    "egger_test": {"form": "wls", "predictor": "sei"},
    "trim_and_fill": {"side": "both", "estimator": "l0", "tau2_method": "XX", "ci_method": "x"},
    "pet_peese": {"direction": "up"},
    "limit_meta_analysis": {"tau2_method": "x", "adjustment": "none"},
    "selection_model": {"alternative": "two.sided"},
    "excess_significance": {"tau2_method": "x", "alternative": "both"},
    "p_uniform_star": {"alternative": "two_sided"},
    "fail_safe_n": {"orwin_mean": "mean"},
}


@pytest.mark.parametrize(
    ("function", "key"), [(name, key) for name, keys in OPTIONS.items() for key in keys]
)
def test_unknown_choices_list_the_valid_ones(call, function, key):
    value = OPTIONS[function][key]
    with pytest.raises(ValueError, match=f"{function}: unknown {key} '{value}'; valid: "):
        call(function, [YI], [VI], [{key: value}])


@pytest.mark.parametrize("function", OPTIONS)
def test_unknown_keys_list_the_valid_ones(call, function):
    with pytest.raises(ValueError, match=f"{function}: unknown option 'method'; valid: "):
        call(function, [YI], [VI], [{"method": "x"}])


@pytest.mark.parametrize(
    ("function", "key", "value"),
    [
        ("selection_model", "step", 0.0),
        ("selection_model", "step", 1.5),
        ("excess_significance", "alpha", 5.0),
        ("p_uniform_star", "ci_level", 95.0),
        ("pet_peese", "pet_alpha", -0.1),
        ("fail_safe_n", "orwin_target", -0.2),
        ("fail_safe_n", "orwin_target", NAN),
    ],
)
def test_numbers_out_of_range(call, function, key, value):
    with pytest.raises(ValueError, match=f"{function}: {key} must lie between"):
        call(function, [YI], [VI], [{key: value}])


DEPENDS_ON = {
    ("egger_test", "form"): "p_value",
    ("egger_test", "predictor"): "bias",
    ("trim_and_fill", "estimator"): "k0_se",
    ("trim_and_fill", "tau2_method"): "estimate",
    ("trim_and_fill", "ci_method"): "p_value",
    ("limit_meta_analysis", "tau2_method"): "estimate",
    ("limit_meta_analysis", "adjustment"): "estimate",
    ("excess_significance", "tau2_method"): "expected",
    ("excess_significance", "alternative"): "expected",
    ("fail_safe_n", "orwin_mean"): "orwin_target",
}


@pytest.mark.parametrize(("function", "key"), DEPENDS_ON)
def test_every_name_gives_its_own_result(call, function, key):
    from python_udfs import CATALOGUE

    udf = next(entry for entry in CATALOGUE if entry.name == function)
    choice = next(option for option in udf.arguments[-1].options if option.key == key)
    field = DEPENDS_ON[function, key]

    def both(options):
        """In two data sets: HK_adhoc equals HK on uneven effects and t on even ones."""
        data = [effects(name) for name in ("dat.bcg_OR", "dat.hackshaw1998")]
        return tuple(call(function, [yi], [vi], [options])[0][field] for yi, vi in data)

    # side auto has a line without DL2
    further = {"side": "left"} if (function, key) == ("trim_and_fill", "tau2_method") else {}
    found = {name: both({key: name} | further) for name in choice.names}
    if key == "tau2_method":
        assert found.pop("EB") == found["PM"]  # two names of one estimator
    assert len(set(found.values())) == len(found)
    assert both(further or None) == found[choice.default]


def test_direction_of_pet(call):
    yi, vi = effects("dat.bcg_RR")
    up, down, auto = (
        call("pet_peese", [yi], [vi], [{"direction": name}])[0]["pet_p_one_sided"]
        for name in ("positive", "negative", "auto")
    )
    assert auto == down
    assert up + down == pytest.approx(1)
    chosen = call("pet_peese", [yi], [vi], [{"pet_alpha": 0.3}])[0]
    assert (chosen["chosen"], chosen["estimate"]) == ("PEESE", chosen["peese_estimate"])


def test_side_of_trimming(call):
    yi, vi = effects("dat.bcg_RR")
    left, right, auto = (
        call("trim_and_fill", [yi], [vi], [{"side": name}])[0] for name in ("left", "right", "auto")
    )
    assert (left["side"], right["side"]) == ("left", "right")
    assert auto == right
    mirrored = call("trim_and_fill", [[-y for y in yi]], [vi], [{"side": "left"}])[0]
    assert mirrored["estimate"] == -right["estimate"]


@pytest.mark.parametrize("function", ["selection_model", "p_uniform_star"])
def test_alternative_mirrors(call, function):
    yi, vi = effects("dat.bcg_RR")
    less = call(function, [yi], [vi], [{"alternative": "less"}])[0]
    greater = call(function, [[-y for y in yi]], [vi], [{"alternative": "greater"}])[0]
    assert less["estimate"] == -greater["estimate"]
    assert (less["ci_low"], less["ci_high"]) == (-greater["ci_high"], -greater["ci_low"])
    for field in ("tau2", "log_likelihood", "p_value"):
        assert less[field] == greater[field]


def test_a_thousand_studies(call):
    rng = np.random.default_rng(5)
    vi = rng.uniform(0.01, 0.2, 1000)
    yi = rng.normal(0.2, np.sqrt(0.03 + vi))
    for function in SMALLEST_K:
        if function != "p_uniform_star":
            assert call(function, [yi], [vi])[0]["status"] == "ok", function


def test_trim_and_fill_has_no_line_by_two_step_dl(call):
    yi, vi = [0.1, 0.5, 0.9, 1.4], [0.1, 0.2, 0.3, 0.5]
    with pytest.raises(ValueError, match="a regression has no tau2_method DL2; valid: REML"):
        call("trim_and_fill", [yi], [vi], [{"tau2_method": "DL2"}])
    row = call("trim_and_fill", [yi], [vi], [{"tau2_method": "DL2", "side": "left"}])[0]
    assert row["status"] == "ok"


def test_a_limit_of_zero_counts_as_significant(call):
    """metafor's tes takes p <= alpha; half the width over the quantile misses it by rounding."""
    z = 1.959963984540054
    estimates = [0.27, 0.26, 0.28, 0.11, 0.42]
    vi = [(2 * y / (2 * z)) ** 2 for y in estimates]
    assert {y / math.sqrt(v) < z for y, v in zip(estimates, vi, strict=True)} == {True, False}
    row = call("excess_significance", [estimates], [vi])[0]
    assert (row["observed"], row["observed_directed"]) == (5, 5)
    less = [v * (1 + 1e-9) for v in vi]
    assert call("excess_significance", [estimates], [less])[0]["observed"] == 0
