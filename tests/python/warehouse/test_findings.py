"""Findings of arithmetic: a printed ratio beside its own counts, each number derived by hand."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict

import duckdb
import pytest

from tests.python.conftest import append, build_warehouse
from umbrella.findings import (
    FIELDS,
    as_html,
    as_json,
    everything_named,
    findings_of,
    show_findings,
)

pytestmark = pytest.mark.build

META_ANALYSIS = {
    "meta_analysis_id": "Made2020", "delivery": "website", "eligibility": "included",
    "source_kind": "full_text",
}  # fmt: skip
EFFECT = {
    "meta_analysis_id": "Made2020", "condition": "depression", "outcome": "symptom",
    "timepoint": "post", "comparator": "unclear", "guidance": "unclear", "therapy": "unclear",
    "analysis_set": "unclear", "synthesis_model": "random", "scope": "overall",
    "source_locator": "Table 2", "favourable_direction": "below_one", "ci_level": "0.95",
}  # fmt: skip
TRIAL = {"source": "Made2020", "dataset": "made", "study": "Made", "condition": "depression",
         "outcome": "symptom", "locator": "Table 2", "comparator": "unclear",
         "guidance": "unclear", "therapy": "unclear", "delivery": "website"}  # fmt: skip
ANALYSIS = {
    "analysis_id": "made", "label": "Made", "analysis_group": "secondary",
    "condition": "depression", "outcome": "symptom", "unit": "meta_analysis",
    "scale": "log_odds_ratio", "required_scope": "any", "selection_rule": "all",
    "sort_order": "1",
}  # fmt: skip
COUNTS = ("events_intervention", "total_intervention", "events_control", "total_control")
PLAIN = (12, 100, 24, 100)
"""OR (12/88) / (24/76) = 0.4318, its logarithm -0.8398; RR 0.5; Peto exp(-6 / 7.417) = 0.4453."""

# name: (measure, estimate, counts, comparisons, rule or None, what the candidate says)
CASES = {
    "or_agrees": ("odds_ratio", "0.43", PLAIN, "1", None, None),
    "or_agrees_with_more_digits": ("odds_ratio", "0.4318", PLAIN, "1", None, None),
    "rr_agrees": ("risk_ratio", "0.50", PLAIN, "1", None, None),
    "log_agrees": ("log_odds_ratio", "-0.84", PLAIN, "1", None, None),
    "peto_agrees": ("odds_ratio", "0.45", PLAIN, "1", None, None),
    "one_digit_agrees": ("odds_ratio", "0.4", PLAIN, "1", None, None),
    "empty_cell": ("odds_ratio", "0.09", (0, 100, 5, 100), "1", None, None),
    "or_turned_round": ("odds_ratio", "2.32", PLAIN, "1", "ratio_slip", "turned round"),
    "rr_turned_round": ("risk_ratio", "2.0", PLAIN, "1", "ratio_slip", "turned round"),
    "rr_typed_as_or": ("odds_ratio", "0.50", PLAIN, "1", "ratio_slip", "this is the risk ratio"),
    "or_typed_as_rr": ("risk_ratio", "0.43", PLAIN, "1", "ratio_slip", "this is the odds ratio"),
    "ratio_for_log": ("log_odds_ratio", "0.43", PLAIN, "1", "ratio_slip", "the ratio is typed"),
    "digit_right": ("odds_ratio", "4.32", PLAIN, "1", "ratio_slip", "too far right"),
    "digit_left": ("odds_ratio", "0.043", PLAIN, "1", "ratio_slip", "too far left"),
    "without_the_event": (
        "odds_ratio", "0.43", (12, 88, 24, 76), "1", "ratio_slip", "without the event",
    ),
    # printed 0.20 of 12/200 against 24/100
    "totals_swapped": (
        "odds_ratio", "0.20", (12, 100, 24, 200), "1", "ratio_slip", "participants of the two arms",
    ),
    "arm_swapped": (
        "odds_ratio", "0.43", (100, 12, 24, 100), "1", "events_above_total",
        "events and participants of the studied arm",
    ),
    # printed 0.39 of 12/110 against 24/100
    "column_order": (
        "odds_ratio", "0.39", (12, 24, 110, 100), "1", "events_above_total", "in the order events",
    ),
    "nothing_explains_it": ("odds_ratio", "0.61", PLAIN, "1", "ratio_against_counts", None),
    "rounding_is_exceeded": ("odds_ratio", "0.44", PLAIN, "1", "ratio_against_counts", None),
    "pool_near_its_counts": ("odds_ratio", "0.40 0.30 0.53", PLAIN, "5", None, None),
    "pool_turned_round": (
        "odds_ratio", "2.32 1.60 3.36", PLAIN, "5", "pooled_ratio_against_counts", "turned round",
    ),
    "unknown_number_is_a_pool": ("odds_ratio", "0.61 0.40 0.93", PLAIN, "", None, None),
}  # fmt: skip
OR = {"measure": "odds_ratio", "estimate": "1.50"}
SMD = {"measure": "smd", "estimate": "0.40"}
SHARP = SMD | {"ci_low": "0.37", "ci_high": "0.43", "n_comparisons": "400"}
"""z = 0.40 / 0.0153 = 26: p is 1e-150 by the normal and 1e-87 by the t distribution."""
# name: (cells, rule or None, first column, what the candidate says)
PRINTED = {
    "prediction_fits": (OR | {"pi_low": "1.10", "pi_high": "2.05"}, None, None, None),
    "prediction_order": (
        OR | {"pi_low": "2.05", "pi_high": "1.10"}, "limits_in_wrong_order", "pi_low", "swapped",
    ),
    "minus_lost": (
        {"measure": "smd", "estimate": "-0.05", "pi_low": "0.40", "pi_high": "0.30"},
        "limits_in_wrong_order", "pi_low", "a minus is lost",
    ),
    "outside_prediction": (
        OR | {"pi_low": "1.60", "pi_high": "2.05"}, "estimate_outside_interval", "pi_low", None,
    ),
    # 1.5 stands for what is below 1.55, and 1.54 for what is above 1.535
    "inside_by_rounding": (
        OR | {"estimate": "1.5", "pi_low": "1.54", "pi_high": "1.55"}, None, None, None,
    ),
    "largest_fits": (
        OR | {"largest_estimate": "1.45", "largest_ci_low": "1.20", "largest_ci_high": "1.75"},
        None, None, None,
    ),
    "largest_outside": (
        OR | {"largest_estimate": "1.45", "largest_ci_low": "1.50", "largest_ci_high": "1.75"},
        "estimate_outside_interval", "largest_estimate", None,
    ),
    "verdict_says_yes": (
        OR | {"pi_low": "0.95", "pi_high": "2.37", "pi_excludes_null": "yes"},
        "verdict_against_number", "pi_excludes_null", None,
    ),
    "verdict_says_no": (
        OR | {"pi_low": "1.05", "pi_high": "2.14", "pi_excludes_null": "no"},
        "verdict_against_number", "pi_excludes_null", None,
    ),
    "verdict_open_by_rounding": (
        OR | {"pi_low": "1.00", "pi_high": "2.25", "pi_excludes_null": "yes"}, None, None, None,
    ),
    "largest_says_yes": (
        OR | {"largest_estimate": "1.25", "largest_ci_low": "0.90", "largest_ci_high": "1.74",
              "largest_significant": "yes"},
        "verdict_against_number", "largest_significant", None,
    ),
    "more_than_studies": (
        OR | {"n_significant": "15", "n_comparisons": "12"},
        "more_significant_than_studies", "n_significant", "swapped",
    ),
    "in_the_middle": (SMD | {"ci_low": "0.20", "ci_high": "0.60"}, None, None, None),
    "off_the_middle": (
        SMD | {"ci_low": "0.30", "ci_high": "0.80"}, "estimate_far_off_centre", "estimate", None,
    ),
    # 0.1 stands for 0.05 to 0.15, and the middle of 0.0 to 0.3 for 0.1 to 0.2
    "in_the_middle_by_rounding": (
        SMD | {"estimate": "0.1", "ci_low": "0.0", "ci_high": "0.3"}, None, None, None,
    ),
    # 1.5 / 1.0 = 2.25 / 1.5
    "ratio_in_the_middle": (OR | {"ci_low": "1.00", "ci_high": "2.25"}, None, None, None),
    "ratio_off_the_middle": (
        OR | {"ci_low": "1.40", "ci_high": "2.25"}, "estimate_far_off_centre", "estimate", None,
    ),
    "limit_rounded_to_zero": (
        OR | {"estimate": "0.05", "ci_low": "0.00", "ci_high": "0.80"}, None, None, None,
    ),
    # 100 * (25 - 8) / 25 = 68
    "i2_of_q": (OR | {"i2": "68", "q": "25.0", "n_comparisons": "9"}, None, None, None),
    "i2_as_a_fraction": (
        OR | {"i2": "0.68", "q": "25.0", "n_comparisons": "9"}, "i2_far_from_q", "i2", "fraction",
    ),
    "i2_of_another_q": (
        OR | {"i2": "40", "q": "25.0", "n_comparisons": "9"}, "i2_far_from_q", "i2", None,
    ),
    **{
        f"bound_of_software_{i}": (
            SHARP | {"p_operator": operator, "p_value": text}, None, None, None,
        )
        for i, (operator, text) in enumerate([
            ("=", "2.2e-16"), ("=", "2.22e-16"), ("<", "2e-16"), ("<", "2.2e-16"), ("=", "1e-300"),
            ("=", "0.000"), ("=", "0"), ("", "< .001"), ("", "<2e-16"),
        ])
    },
    "bound_of_software_beside_a_weak_effect": (
        SMD | {"ci_low": "0.20", "ci_high": "0.60", "n_comparisons": "40", "p_operator": "=",
               "p_value": "2.2e-16"},
        "p_against_interval", "p_value", None,
    ),
    "exact_p_beside_a_strong_effect": (
        SHARP | {"p_operator": "=", "p_value": "1.0e-10"}, "p_against_interval", "p_value", None,
    ),
    "i2_of_a_small_q": (OR | {"i2": "0", "q": "3.1", "n_comparisons": "9"}, None, None, None),
}  # fmt: skip
OF_COUNTS = {
    "events_above_total", "ratio_slip", "ratio_against_counts", "pooled_ratio_against_counts",
}  # fmt: skip
SEVERITY = {
    "events_above_total": "impossible", "ratio_slip": "implausible",
    "ratio_against_counts": "implausible", "pooled_ratio_against_counts": "worth_a_look",
    "estimate_far_off_centre": "implausible", "i2_far_from_q": "implausible",
    "p_against_interval": "implausible",
}  # fmt: skip


def effect(name: str) -> dict[str, str]:
    measure, numbers, counts, comparisons, *_ = CASES[name]
    estimate, low, high = [*numbers.split(), "", ""][:3]
    direction = "negative" if measure.startswith("log") else "below_one"
    return (
        EFFECT
        | {"effect_id": name, "measure": measure, "estimate": estimate, "ci_low": low}
        | {"ci_high": high, "n_comparisons": comparisons, "favourable_direction": direction}
        | {column: str(count) for column, count in zip(COUNTS, counts, strict=True)}
    )


def trial(name: str, measure: str, estimate: str) -> dict[str, str]:
    counts = {column: str(count) for column, count in zip(COUNTS, PLAIN, strict=True)}
    return TRIAL | counts | {
        "comparison_id": name, "study_id": name, "measure": measure, "estimate": estimate,
    }  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory, shipped_sheets):
    folder = tmp_path_factory.mktemp("findings")
    sheets = folder / "sheets"
    shutil.copytree(shipped_sheets, sheets)
    for path in [*(sheets / "extraction").glob("*.csv"), sheets / "protocol/analyses.csv"]:
        path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    append(sheets / "extraction/meta_analyses.csv", META_ANALYSIS)
    append(
        sheets / "extraction/reported_effects.csv",
        *map(effect, CASES),
        *(EFFECT | {"favourable_direction": "", "effect_id": name} | cells
          for name, (cells, *_) in PRINTED.items()),
    )  # fmt: skip
    append(
        sheets / "extraction/primary_studies.csv",
        trial("trial_agrees", "odds_ratio", "0.43"),
        trial("trial_turned_round", "odds_ratio", "2.32"),
        trial("trial_of_default_measure", "", "2.32"),
    )
    append(sheets / "protocol/analyses.csv", ANALYSIS)
    return build_warehouse(
        folder,
        sheets,
        selection="fct_findings dim_finding_rules fct_rejected_rows int_unpooled_rows",
    )


@pytest.fixture(scope="module")
def findings(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        rejected = connection.execute(
            "select row_id, reason from fct_rejected_rows "
            "where sheet in ('reported_effects', 'primary_studies') and severity = 'reject'"
        ).fetchall()
        assert rejected == []
        cursor = connection.execute(
            "select * from fct_findings "
            "where rule in (select rule from intermediate.int_row_findings)"
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = defaultdict(list)
    for row in rows:
        found[row["row_id"]].append(row)
    return found


def only(findings, name: str) -> dict[str, object]:
    """The finding of a row that has one."""
    (found,) = findings[name]
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_ratio_is_compared_with_its_own_counts(findings, name):
    *_, rule, candidate = CASES[name]
    rules = {row["rule"]: row for row in findings.get(name, []) if row["rule"] in OF_COUNTS}
    assert rules.keys() == ({rule} if rule else set())
    if rule:
        found = rules[rule]
        assert found["severity"] == SEVERITY[rule]
        assert (candidate is None) == (found["candidate"] is None)
        assert candidate is None or candidate in found["candidate"]


def test_a_finding_names_its_cells_and_what_the_counts_give(findings):
    found = only(findings, "or_turned_round")
    assert found["printed"] == "odds ratio 2.32 beside 12/100 against 24/100"
    assert found["implied_low"] == found["implied_high"] == pytest.approx(0.43181818)
    assert found["column_names"].startswith("estimate, events_intervention")
    assert only(findings, "rr_typed_as_or")["column_names"] == "measure, estimate"
    swapped = only(findings, "arm_swapped")
    assert swapped["column_names"] == "events_intervention, total_intervention"
    logarithm = only(findings, "ratio_for_log")
    assert logarithm["implied_low"] == pytest.approx(-0.83975, abs=1e-5)
    (pool,) = (row for row in findings["pool_turned_round"] if row["rule"] in OF_COUNTS)
    assert pool["printed"].startswith("odds ratio 2.32 (1.6 to 3.36)")


@pytest.mark.parametrize("name", PRINTED)
def test_printed_intervals_and_verdicts_are_possible(findings, name):
    _, rule, column, candidate = PRINTED[name]
    rules = {row["rule"]: row for row in findings.get(name, [])}
    if rule is None:
        assert rules == {}
    else:
        found = rules[rule]
        assert found["severity"] == SEVERITY.get(rule, "impossible")
        assert column in found["column_names"].split(", ")
        assert candidate is None or candidate in found["candidate"]


def test_a_range_of_p_is_told_however_small_it_is(findings):
    assert only(findings, "exact_p_beside_a_strong_effect")["why"] == (
        "the interval gives P below 2.3e-16"
    )
    weak = only(findings, "bound_of_software_beside_a_weak_effect")["why"]
    # z = 0.405 / 0.0995 and, with 39 degrees of freedom, t = 0.395 / 0.1014
    assert weak == "the interval gives P from 4.7e-05 to 0.0004"


def test_trials_of_the_other_sheet_are_compared_too(findings):
    found = {
        row["row_id"]: row["rule"]
        for rows in findings.values()
        for row in rows
        if row["sheet"] == "primary_studies"
    }
    assert found == dict.fromkeys(["trial_turned_round", "trial_of_default_measure"], "ratio_slip")


def test_a_finding_names_the_analyses_that_may_take_its_row(findings):
    assert {row["analyses"] for row in findings["pool_turned_round"]} == {"made"}
    # without an interval it is never pooled
    assert only(findings, "or_turned_round")["analyses"] is None


def test_the_check_lists_the_worst_first(database, capsys):
    found = findings_of(database)
    show_findings(found, every=True)
    said = capsys.readouterr().err
    assert said.index("impossible") < said.index("implausible") < said.index("worth a look")
    assert "perhaps the ratio is turned round" in " ".join(said.split())
    stopping = [row for row in found if row["stops_publication"]]
    assert f"{len(stopping)} implausible findings nobody accepted" in said
    assert "reported_effects,or_turned_round,ratio_slip,odds ratio 2.32 beside 12/100" in said


def test_of_many_findings_of_one_rule_some_are_named(capsys):
    kind = dict.fromkeys(FIELDS) | {"severity": "implausible", "rule": "r", "rule_label": "a slip"}
    found = [kind | {"row_id": f"id{n}", "stops_publication": True} for n in range(1000)]
    show_findings(found)
    said = capsys.readouterr().err
    assert "a slip, 1,000 findings" in said
    assert "and 995 more" in said
    assert "`umbrella check --all` names every row" in said
    assert "1,000 implausible findings nobody accepted" in said
    assert len(said.splitlines()) < 20
    show_findings(found, every=True)
    said = capsys.readouterr().err
    assert said.count("id999") == 2  # the finding, and the row that accepts it
    assert "--all" not in said


def test_findings_are_given_to_other_programs(database):
    named = everything_named(database)
    assert json.loads(as_json(named)) == named
    page = as_html(named)
    assert page.count("<li>") == len(named)
    assert [row for row in named if row["rule"]] == findings_of(database)
    besides = {(row["severity"], row["row_id"], row["why"]) for row in named if not row["rule"]}
    assert ("rejected", "L01 / 1", "nothing has this name") in besides
    assert (
        "not_pooled",
        "or_turned_round",
        "no interval, standard error or exact P value",
    ) in besides


def test_a_limit_that_is_rounded_to_zero_is_no_fault_where_the_upper_one_stands_for_both(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select se_source, is_poolable from intermediate.int_effects "
            "where effect_id = 'limit_rounded_to_zero'"
        ).fetchall()
    assert found == [("upper_limit", True)]
