"""Conversions of continuous outcomes at the edges: each result is complete or has a reason."""

import json
import math
from pathlib import Path

import pytest

from python_udfs.catalogue.correlations import CORRELATIONS
from python_udfs.catalogue.designs import DESIGNS
from python_udfs.catalogue.means import MEANS
from python_udfs.catalogue.recovery import RECOVERY
from python_udfs.catalogue.smd import SMD
from python_udfs.catalogue.spread import SPREAD
from tests.python.cases import each

INF, NAN = math.inf, math.nan
PATH = Path(__file__).parents[2] / "data" / "conversions_continuous" / "examples.json"
EXAMPLES = json.loads(PATH.read_text())
UDFS = {udf.name: udf for udf in (*SPREAD, *SMD, *MEANS, *CORRELATIONS, *DESIGNS, *RECOVERY)}
COMPLETE_WITHOUT = {("g_from_d", "vi"), ("g_from_d", "variance_form")}
by_name = each("name", EXAMPLES)


def one(call, name, inputs, *options):
    return call(name, *[[value] for value in inputs], *[[option] for option in options])[0]


def numbers(name, row):
    return [row[field.name] for field in UDFS[name].returns if field.type == "DOUBLE"]


def arguments(kind):
    return [
        pytest.param(name, position, id=f"{name}-{argument.name}")
        for name in EXAMPLES
        for position, argument in enumerate(UDFS[name].arguments)
        if argument.type == kind and not argument.is_optional
    ]


def with_value(name, position, value):
    inputs = list(EXAMPLES[name])
    inputs[position] = value
    return inputs


def test_every_function_has_an_example():
    assert UDFS.keys() - EXAMPLES.keys() == {"smd_from_log_odds"}
    assert EXAMPLES.keys() <= UDFS.keys()


@by_name
def test_example_is_complete(call, name):
    row = one(call, name, EXAMPLES[name])
    assert row["status"] == "ok"
    assert all(math.isfinite(number) for number in numbers(name, row))
    assert row.get("vi", 1.0) > 0


@each(("name", "position"), arguments("DOUBLE") + arguments("VARCHAR"))
def test_a_missing_number_gives_a_reason(call, name, position):
    argument = UDFS[name].arguments[position]
    for absent in (None, NAN) if argument.type == "DOUBLE" else (None,):
        row = one(call, name, with_value(name, position, absent))
        if (name, argument.name) in COMPLETE_WITHOUT:
            assert row["status"] == "ok"
        else:
            assert row["status"] == "missing_input"
            assert set(numbers(name, row)) == {None}
            assert row.get("assumption") is None


@each(("name", "position"), arguments("DOUBLE"))
@each("value", [INF, -INF])
def test_an_infinite_number_is_out_of_range(call, name, position, value):
    row = one(call, name, with_value(name, position, value))
    assert row["status"] == "out_of_range"
    assert set(numbers(name, row)) == {None}


@each(("name", "position"), arguments("VARCHAR"))
def test_an_unknown_choice_lists_the_valid_ones(call, name, position):
    choice = UDFS[name].arguments[position].choice
    valid = ", ".join(choice.names)
    with pytest.raises(ValueError, match=f"^{name}: unknown {choice.key} 'XX'; valid: {valid}$"):
        one(call, name, with_value(name, position, "XX"))


@each("name", [n for n in EXAMPLES if UDFS[n].arguments[-1].options])
def test_an_unknown_option_lists_the_valid_ones(call, name):
    options = UDFS[name].arguments[-1].options
    valid = ", ".join(option.key for option in options)
    with pytest.raises(ValueError, match=f"^{name}: unknown option 'x'; valid: {valid}$"):
        one(call, name, EXAMPLES[name], {"x": 1.0})
    with pytest.raises(ValueError, match=f"unknown {options[0].key} 'XX'"):
        one(call, name, EXAMPLES[name], {options[0].key: "XX"})
    assert one(call, name, EXAMPLES[name], None) == one(call, name, EXAMPLES[name])


SAME = {("cor_from_r", "variance_form"), ("se_bound_from_p", "p_operator")}  # tested below
CHOICES = [
    pytest.param(name, position, choice, id=f"{name}-{choice.key}")
    for name in EXAMPLES
    for position, argument in enumerate(UDFS[name].arguments)
    for choice in ([argument.choice] if argument.choice else argument.options)
    if hasattr(choice, "names") and (name, choice.key) not in SAME
]


@each(("name", "position", "choice"), CHOICES)
def test_every_choice_changes_the_result(call, name, position, choice):
    """No option is accepted and ignored."""
    results = set()
    for value in choice.names:
        if UDFS[name].arguments[position].choice:
            inputs = with_value(name, position, value)
            options = [{"mean_g": 0.4}] if value == "AV" else []
        else:
            inputs, options = EXAMPLES[name], [{choice.key: value}]
        if name == "g_from_d":
            inputs = [0.5, None, *inputs[2:]]
        row = one(call, name, inputs, *options)
        assert row["status"] == "ok"
        results.add(json.dumps(row))
    assert len(results) == len(choice.names)


def test_unbiased_variance_of_a_correlation_is_another(call):
    forms = [{"correction": "olkin_pratt", "variance_form": form} for form in ("LS", "UB")]
    one_form, other = call("cor_from_r", [0.3] * 2, [50] * 2, forms)
    assert one_form["yi"] == other["yi"]
    assert one_form["vi"] != other["vi"]


@pytest.mark.parametrize(
    ("name", "inputs", "options", "message"),
    [
        ("smd_from_means", [10, 2, 30, 8, 2.5, 32, "LS"], {"mean_g": 0.3}, "by variance_form AV"),
        ("smd_from_t", [2, 30, 32, "UB"], {"correction": "none"}, "variance_form UB is"),
        ("cor_from_r", [0.3, 50], {"variance_form": "UB"}, "goes with correction olkin_pratt"),
    ],
)
def test_options_that_do_not_go_together(call, name, inputs, options, message):
    with pytest.raises(ValueError, match=message):
        one(call, name, inputs, options)


@each(
    ("name", "inputs", "status"),
    [
        ("smd_from_means", (10, 2, 30, 8, 2.5, 32, "AV"), "missing_input"),
        ("smd_from_means", (10, 2, 2, 8, 2.5, 2, "RM"), "ok"),
        ("smd_from_means", (10, 2, 1.5, 8, 2.5, 2, "RM"), "out_of_range"),
        ("smd_from_means", (10, -2, 30, 8, 2.5, 32, "LS"), "out_of_range"),
        ("smdh_from_means", (10, 2, 1, 8, 2.5, 32, "LS"), "out_of_range"),
        ("smd_from_f", (-0.1, 1, 30, 32, "LS"), "out_of_range"),
        ("smd_from_f", (4, 0, 30, 32, "LS"), "out_of_range"),
        ("smd_from_f", (0, 1, 30, 32, "LS"), "ok"),
        ("smd_from_p", (0, 1, 30, 32, "LS"), "out_of_range"),
        ("smd_from_p", (1, 1, 30, 32, "LS"), "ok"),
        ("smd_from_p", (1.01, 1, 30, 32, "LS"), "out_of_range"),
        ("smd_from_p", (1e-300, 1, 3, 4, "LS"), "out_of_range"),
        ("smd_from_point_biserial", (1, 30, 32, "LS"), "out_of_range"),
        ("smd_from_eta2", (1, 1, 30, 32, "LS"), "out_of_range"),
        ("smd_from_eta2", (0, -1, 30, 32, "LS"), "ok"),
        ("smd_from_ancova_t", (2, 2, 2, 0.5, 1), "out_of_range"),
        ("smd_from_ancova_t", (2, 2, 3, 0.5, 1), "ok"),
        ("smd_from_ancova_t", (2, 20, 30, 1, 1), "out_of_range"),
        ("smd_from_ancova_t", (2, 20, 30, 0.5, -1), "out_of_range"),
        ("smd_from_ancova_t", (2, 20, 30, 0, 0), "ok"),
        ("md_from_means", (10, 2, 1, 8, 2.5, 1, "unequal"), "ok"),
        ("md_from_means", (10, 2, 1, 8, 2.5, 1, "equal"), "out_of_range"),
        ("rom_from_means", (0, 2, 30, 8, 2.5, 32, "unequal"), "out_of_range"),
        ("rom_from_means", (-1, 2, 30, 8, 2.5, 32, "unequal"), "out_of_range"),
        ("rom_from_means", (-1, 2, 30, -8, 2.5, 32, "unequal"), "ok"),
        ("sd_of_change", (2, 2, 1), "ok"),
        ("r_pre_post", (2, 3, 5), "ok"),
        ("r_pre_post", (2, 3, 5.1), "out_of_range"),
        ("r_pre_post", (2, 3, 0.9), "out_of_range"),
        ("md_pre_post", (1, 2, 3, 2, 20, 1), "out_of_range"),
        ("smcc_from_means", (1, 2, 3, 2, 20, 1, "LS"), "out_of_range"),
        ("smcr_from_means", (1, 2, 3, 20, 1, "LS"), "ok"),
        ("smcr_from_means", (1, 2, 3, 2, 0.5, "LS"), "out_of_range"),
        ("smcr_from_means", (1, 2, 3, 20, 1.1, "LS"), "out_of_range"),
        ("dppc2_from_means", (1, 2, 3, 2, 1, 2, 3, 2, 0.5), "out_of_range"),
        ("dppc2_from_means", (1, 2, 3, 2, 1, 2, 3, 3, 0.5), "ok"),
        ("dppc2_from_means", (1, 2, 3, 20, 1, 2, 3, 30, 1), "out_of_range"),
        ("smd_crossover", (1, 2, 3, 2, 20, 1), "out_of_range"),
        ("cor_from_r", (1, 50), "out_of_range"),
        ("cor_from_r", (0.3, 1), "out_of_range"),
        ("fisher_z_from_r", (0.3, 3), "out_of_range"),
        ("fisher_z_from_r", (0.3, 4), "ok"),
        ("d_from_chi2", (78, 1, 78), "out_of_range"),
        ("d_from_chi2", (0, 1, 78), "ok"),
        ("n_from_cluster_trial", (100, 0.9, 0.1), "out_of_range"),
        ("n_from_cluster_trial", (100, 20, -0.01), "out_of_range"),
        ("n_from_cluster_trial", (0, 20, 0.02), "ok"),
        ("split_shared_control", (0, 2), "ok"),
        ("split_shared_control", (10, 0), "out_of_range"),
        ("cov_shared_control_counts", (0, 40, "OR"), "out_of_range"),
        ("cov_shared_control_counts", (40, 40, "RR"), "out_of_range"),
        ("cov_shared_control_counts", (0, 40, "RD"), "ok"),
        ("cov_shared_control_counts", (41, 40, "RD"), "out_of_range"),
        ("cov_shared_control_smd", (0.5, 0.3, 40, 40), "out_of_range"),
        ("sd_from_mean_ci", (2, 1, 30, 0.95), "interval_reversed"),
        ("sd_from_mean_ci", (1, 1, 30, 0.95), "interval_zero_width"),
        ("sd_from_mean_ci", (1, 2, 1, 0.95), "out_of_range"),
        ("sd_from_mean_ci", (1, 2, 30, 95), "out_of_range"),
        ("sd_from_iqr", (15, 7, 50), "interval_reversed"),
        ("sd_from_range", (7, 7, 50), "interval_zero_width"),
        ("sd_from_range", (7, 9, 1), "out_of_range"),
        ("se_from_ci_t", (0.1, 0.5, 0.95, 0.5), "out_of_range"),
        ("se_from_ci_t", (0.5, 0.1, 0.95, 40), "interval_reversed"),
        ("se_from_p_t", (0.0, 0.01, 40), "effect_is_zero"),
        ("se_from_p_t", (0.4, 1, 40), "out_of_range"),
        ("se_bound_from_p", (0.0, 0.001, "<"), "effect_is_zero"),
        ("asymmetry_index", (1.5, 0, 2.2, "log"), "out_of_range"),
        ("asymmetry_index", (1.5, 0, 2.2, "linear"), "ok"),
        ("asymmetry_index", (3, 0, 2.2, "linear"), "estimate_outside_interval"),
        ("asymmetry_index", (1, 2, 0, "linear"), "interval_reversed"),
        ("mean_sd_from_quartiles", (7, 10, 15, 4), "out_of_range"),
        ("mean_sd_from_quartiles", (7, 16, 15, 50), "estimate_outside_interval"),
        ("mean_sd_from_quartiles", (15, 10, 7, 50), "interval_reversed"),
        ("mean_sd_from_quartiles", (7, 7, 7, 50), "interval_zero_width"),
        ("mean_sd_from_five_numbers", (2, 7, 6, 15, 30, 50), "interval_reversed"),
        ("mean_sd_from_five_numbers", (2, 1, 6, 15, 30, 50), "estimate_outside_interval"),
        ("mean_sd_from_five_numbers", (2, 7, 7, 7, 30, 50), "out_of_range"),
    ],
)
def test_status(call, name, inputs, status):
    row = one(call, name, inputs)
    assert row["status"] == status
    assert {number is None for number in numbers(name, row)} == {status != "ok"}


@each(
    ("yi", "vi", "rho", "k", "status"),
    [
        ([0.2, 0.4], [0.1, 0.1], 0.5, 2, "ok"),
        ([0.2, None, 0.4], [0.1, 0.1, 0.1], 0.5, 2, "ok"),
        ([0.2, 0.4], [0.1, None], None, 1, "ok"),
        ([], [], 0.5, 0, "no_data"),
        (None, None, 0.5, 0, "no_data"),
        ([0.2, 0.4], [0.1, 0.1], None, 2, "missing_input"),
        ([0.2, 0.4], [0.1, 0.1], 1.0, 2, "ok"),
        ([0.2, 0.4], [0.1, 0.1], -1.0, 2, "out_of_range"),
        ([0.2, 0.4, 0.3], [0.1, 0.1, 0.1], -0.5, 3, "out_of_range"),
        ([0.2, 0.4, 0.3], [0.1, 0.1, 0.1], -0.49, 3, "ok"),
        ([0.2, 0.4], [0.1, 0.1], 1.01, 2, "out_of_range"),
        ([0.2, 0.4], [1e-12, 1e12], 0.5, 2, "ok"),
    ],
)
def test_aggregate_effects(call, yi, vi, rho, k, status):
    row = one(call, "aggregate_effects", [yi, vi, rho])
    assert (row["k"], row["status"]) == (k, status)
    assert {row["yi"] is None, row["vi"] is None} == {status != "ok"}
    assert (row["assumption"] is None) == (status != "ok" or k < 2)
    if k == 1:
        assert (row["yi"], row["vi"]) == (0.2, 0.1)


def test_inverse_weights_need_a_correlation_below_one(call):
    row = one(call, "aggregate_effects", [[0.2, 0.4], [0.1, 0.2], 1.0], {"weighting": "gls"})
    assert row["status"] == "out_of_range"


def test_impossible_elements_of_lists_are_named(call):
    for name, arguments, status, at in (
        ("aggregate_effects", [[0.2, 0.4], [0.1, -0.1], 0.5], "out_of_range", 2),
        ("aggregate_effects", [[0.2, 0.4], [0.1], 0.5], "lengths_differ", 2),
        ("combine_arms", [[10, 12], [1, 2], [1, 0]], "out_of_range", 2),
        ("combine_arms", [[-3, 12], [1, 2], [1, 1]], "out_of_range", 1),
        ("combine_arms", [[10, 12], [1, 2], [1]], "lengths_differ", 2),
    ):
        row = one(call, name, arguments)
        assert (row["status"], row["fault_at"]) == (status, at)


@pytest.mark.parametrize(
    ("lists", "arms", "status"),
    [
        (([10, 12], [1, 2], [1, 1]), 2, "ok"),
        (([10, 12, None], [1, 2, 3], [1, 1, 1]), 2, "ok"),
        (([10], [1], [1]), 1, "ok"),
        (([], [], []), 0, "no_data"),
        ((None, None, None), 0, "no_data"),
    ],
)
def test_combine_arms(call, lists, arms, status):
    row = one(call, "combine_arms", lists)
    assert (row["arms"], row["status"]) == (arms, status)
    assert {row[key] is None for key in ("n", "mean", "sd")} == {status != "ok"}
    if arms == 1:
        assert (row["n"], row["mean"], row["sd"]) == (10, 1, pytest.approx(1.0, rel=1e-15))


@pytest.mark.parametrize(
    ("operator", "bound", "words"),
    [("=", "exact", None), ("<", "upper", "smaller"), ("<=", "upper", "smaller"),
     (">", "lower", "larger"), (">=", "lower", "larger")],
)  # fmt: skip
def test_bounds_of_the_standard_error(call, operator, bound, words):
    row = one(call, "se_bound_from_p", [-0.4, 0.001, operator])
    assert (row["bound"], row["status"]) == (bound, "ok")
    assert row["se_bound"] == one(call, "se_from_p", [0.4, 0.001])["se"]
    assert (row["assumption"] is None) == (words is None)
    assert words is None or words in row["assumption"]


@each("scale", [1e-200, 1e-12, 1e12, 1e200])
@each(
    ("name", "inputs", "units"),
    [
        ("smd_from_means", (10, 2, 30, 8, 2.5, 32, "LS"), (0, 1, 3, 4)),
        ("smdh_from_means", (10, 2, 30, 8, 2.5, 32, "LS"), (0, 1, 3, 4)),
        ("rom_from_means", (10, 2, 30, 8, 2.5, 32, "equal"), (0, 1, 3, 4)),
        ("smcc_from_means", (10, 2, 8, 2.5, 32, 0.3, "LS"), (0, 1, 2, 3)),
        ("smcr_from_means", (10, 2, 8, 32, 0.3, "LS"), (0, 1, 2)),
        ("smd_crossover", (10, 2, 8, 2.5, 32, 0.3), (0, 1, 2, 3)),
        ("dppc2_from_means", (10, 2, 8, 32, 10, 2.5, 9, 30, 0.3), (0, 1, 2, 4, 5, 6)),
    ],
)
def test_tiny_and_huge_units(call, name, inputs, units, scale):
    """Effects without a unit do not depend on that of the means."""
    plain = one(call, name, inputs)
    scaled = [x * scale if i in units else x for i, x in enumerate(inputs)]
    row = one(call, name, scaled)
    assert (row["yi"], row["vi"]) == pytest.approx((plain["yi"], plain["vi"]), rel=1e-12)


def test_a_variance_beyond_the_range_of_numbers_has_a_reason(call):
    row = one(call, "md_from_means", [1e201, 1e200, 30, 8e200, 1e200, 32, "unequal"])
    assert row == {"yi": None, "vi": None, "status": "out_of_range", "assumption": None}
    row = one(call, "md_from_means", [1e13, 2e12, 30, 8e12, 2.5e12, 32, "unequal"])
    assert row["vi"] == pytest.approx((4 / 30 + 6.25 / 32) * 1e24, rel=1e-12)


def test_identical_groups_have_no_effect(call):
    for name in ("smd_from_means", "smdh_from_means", "point_biserial_from_means"):
        row = one(call, name, [10, 2, 30, 10, 2, 30, "LS"])
        assert (row["yi"], row["status"]) == (0, "ok")
        assert row["vi"] > 0
