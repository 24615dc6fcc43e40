"""The comparison with R notices what it should (R itself is not needed here)."""

import math

import pytest

from validation import compare_with_r as validation

FIT = {"analysis_id": "a", "policy_id": "p", "se": 0.1, "estimate": 0.5, "tau2": 0.0, "k": 3,
       "p_value": 1e-20, "weights": {"e1": 0.4, "e2": 0.6}}  # fmt: skip
ROW = {"analysis_id": "a", "policy_id": "p", "estimate": 0.5, "tau2": 0.0, "k": 3, "p_value": 1e-20}


def beyond(row, members=()):
    found = validation.compare([row], list(members), [FIT])
    return {
        quantity
        for quantity, sizes in found.items()
        if any(size > validation.TOLERANCE for size, *_ in sizes)
    }


def test_equal_results_are_within():
    assert beyond(ROW) == set()


@pytest.mark.parametrize(
    "change",
    [{"estimate": 0.5 + 1e-8}, {"tau2": 1e-9}, {"k": 4}, {"p_value": 1.001e-20},
     {"estimate": None}, {"estimate": math.nan}, {"tau2": math.inf}],
    ids=str,
)  # fmt: skip
def test_a_difference_is_seen(change):
    assert beyond(ROW | change) == set(change)


def test_rounding_near_zero_is_not_a_difference():
    assert beyond(ROW | {"estimate": 0.5 + 1e-12, "tau2": 1e-13}) == set()


def test_weights_are_compared_by_effect():
    member = {"analysis_id": "a", "policy_id": "p", "effect_id": "e1", "weight": 0.4}
    assert beyond(ROW, [member]) == set()
    assert beyond(ROW, [member | {"effect_id": "e2"}]) == {"weight"}
    assert beyond(ROW, [member | {"weight": None}]) == {"weight"}


def test_report_counts(capsys):
    found = validation.compare([ROW | {"k": 4}], [], [FIT])
    assert validation.report(found, 1e-8) == 1
    assert "a / p" in capsys.readouterr().out


def test_missing_warehouse_has_its_own_exit_code(tmp_path, capsys):
    assert validation.main([str(tmp_path / "none.duckdb")]) == 2
    assert "no warehouse" in capsys.readouterr().err
