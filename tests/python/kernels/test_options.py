"""Every option does something, every unknown one is refused with the valid names."""

import pytest

from python_udfs.kernels.options import Choice
from python_udfs.kernels.pooling.options import (
    PI_METHOD,
    POOL_CI_METHOD,
    POOL_OPTIONS,
    TAU2_CI_METHOD,
    TAU2_METHOD,
)
from tests.python.cases import each

YI = [0.1, 0.8, -0.3, 0.5, 1.2]
EVEN = [0.30, 0.35, 0.28, 0.33, 0.4]
VI = [0.02, 0.05, 0.04, 0.01, 0.2]
NEAR = [0.30, 0.35, -0.05, 0.33, 0.4]
DEPENDS_ON = {
    TAU2_METHOD: "tau2",
    POOL_CI_METHOD: "ci_low",
    PI_METHOD: "pi_low",
    TAU2_CI_METHOD: "tau2_ci_high",
}
NEEDS_ML = {"PL"}
SAME = {"EB": "PM"}  # by its definition the same root


@pytest.mark.parametrize("choice", DEPENDS_ON, ids=lambda choice: choice.key)
def test_every_name_gives_its_own_result(pool, choice):
    """HK_adhoc equals HK on uneven effects and t on even ones: it takes several sets to tell."""
    field = DEPENDS_ON[choice]
    results = {}
    for name in choice.names:
        options = {choice.key: name}
        if name in NEEDS_ML and choice is POOL_CI_METHOD:
            options["tau2_method"] = "ML"
        results[name] = tuple(pool(yi, VI, **options)[field] for yi in (YI, EVEN, NEAR))
    own = {name: result for name, result in results.items() if name not in SAME}
    assert len(set(own.values())) == len(own)
    if choice is TAU2_METHOD:
        assert results["EB"] == results["PM"]


@pytest.mark.parametrize("option", POOL_OPTIONS, ids=lambda option: option.key)
def test_default_is_what_is_used_when_nothing_is_given(pool, option):
    assert pool(YI, VI) == pool(YI, VI, **{option.key: option.default})
    assert pool(YI, VI) == pool(YI, VI, **{option.key: None})


def test_documented_defaults():
    defaults = {option.key: option.default for option in POOL_OPTIONS}
    assert defaults == {
        "tau2_method": "REML",
        "ci_method": "HK_adhoc",
        "pi_method": "V",
        "ci_level": 0.95,
        "tau2_ci_method": "QP",
    }


@each("choice", [o for o in POOL_OPTIONS if isinstance(o, Choice)])
@each("name", ["XX", "", "reml", "dl ", "None", "Z"])
def test_unknown_value_lists_the_valid_ones(pool, choice, name):
    valid = ", ".join(choice.names)
    with pytest.raises(ValueError, match=f"pool: unknown {choice.key} '{name}'; valid: {valid}$"):
        pool(YI, VI, **{choice.key: name})


def test_unknown_key_lists_the_valid_ones(pool):
    valid = "tau2_method, ci_method, pi_method, ci_level, tau2_ci_method"
    with pytest.raises(ValueError, match=f"unknown option 'method'; valid: {valid}$"):
        pool(YI, VI, method="DL")


@pytest.mark.parametrize("level", [0.0, 1.0, 95, -0.5, float("nan")])
def test_level_must_be_a_probability(pool, level):
    with pytest.raises(ValueError, match="ci_level must lie between 0 and 1; got"):
        pool(YI, VI, ci_level=level)


def test_options_differ_per_row(call):
    options = [
        {"tau2_method": "DL", "ci_level": 0.9},
        {"tau2_method": "CE", "ci_level": None},
        {"tau2_method": None, "ci_level": 0.99},
        None,
    ]
    rows = call("pool", [YI] * 4, [VI] * 4, options)
    for row, given in zip(rows, options, strict=True):
        assert row == call("pool", [YI], [VI], [given])[0]
    assert len({row["estimate"] for row in rows}) == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ci_method": "KR", "tau2_method": "DL"}, "ci_method KR needs tau2_method REML; got DL"),
        ({"ci_method": "PL"}, "ci_method PL needs tau2_method ML; got REML"),
        ({"pi_method": "KR", "tau2_method": "PM"}, "pi_method KR needs tau2_method REML; got PM"),
        (
            {"pi_method": "KR_PR", "tau2_method": "CE"},
            "pi_method KR_PR needs tau2_method REML; got CE",
        ),
        (
            {"tau2_ci_method": "PL", "tau2_method": "DL"},
            "tau2_ci_method PL needs tau2_method REML or ML; got DL",
        ),
    ],
)
def test_interval_of_another_estimator_is_refused(pool, options, message):
    """R package meta allows Kenward-Roger with REML only; no choice is replaced in silence."""
    with pytest.raises(ValueError, match=f"^pool: {message}$"):
        pool(YI, VI, **options)


def test_unknown_option_is_refused_in_a_row_without_data(call):
    with pytest.raises(ValueError, match="unknown tau2_method"):
        call("pool", [[]], [[]], [{"tau2_method": "XX"}])


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [
        (
            "smd_from_log_odds",
            ([0.5], [0.1], ["logit"]),
            "smd_from_log_odds: unknown rule 'logit'; valid: hasselblad_hedges, cox",
        ),
        (
            "smd_from_means",
            ([1], [1], [9], [0], [1], [9], ["HO"]),
            "smd_from_means: unknown variance_form 'HO'; valid: LS, LS2, UB, H0, AV, RM",
        ),
        (
            "g_from_d",
            ([1], [None], [9], [9], ["ls"]),
            "g_from_d: unknown variance_form 'ls'; valid: LS, LS2, UB, H0, AV, RM",
        ),
    ],
)
def test_unknown_choice_of_a_conversion(call, name, columns, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        call(name, *columns)
