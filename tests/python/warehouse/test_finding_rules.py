"""Every rule within a row on an example that it finds, and on a twin that it does not."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict

import duckdb
import pytest

from tests.python.conftest import ROOT, append, build_warehouse
from tests.python.warehouse.test_findings import ANALYSIS, EFFECT, META_ANALYSIS, TRIAL
from validation import write_rules_page

PAGE = write_rules_page.PAGE

pytestmark = pytest.mark.build

RATE = {
    "meta_analysis_id": "Made2020", "condition": "depression", "outcome": "dropout",
    "definition": "left", "arm": "intervention", "guidance": "unclear", "comparator": "unclear",
    "source_locator": "Table 2",
}  # fmt: skip
BASES = {
    "reported_effects": EFFECT | {"favourable_direction": "positive"},
    "reported_rates": RATE,
    "primary_studies": TRIAL | {"favourable_direction": "positive"},
}
KEYS = {
    "reported_effects": "effect_id", "reported_rates": "rate_id",
    "primary_studies": "comparison_id",
}  # fmt: skip


RATE_PER_TIME = {"rate_unit": "per 1000 person-years"}
RATE_LIMITS = {"rate_low": "5.1", "rate_high": "31", "interval_kind": "ci95"}


def smd(estimate: str, low: str = "", high: str = "", **more: str) -> dict[str, str]:
    return {"measure": "smd", "estimate": estimate, "ci_low": low, "ci_high": high} | more


def odds(estimate: str, low: str = "", high: str = "", **more: str) -> dict[str, str]:
    direction = {"favourable_direction": "above_one"}
    return {"measure": "odds_ratio", "estimate": estimate, "ci_low": low, "ci_high": high} | (
        direction | more
    )


def arms(first: str, second: str, **more: str) -> dict[str, str]:
    """Mean, SD and number of two arms."""
    cells = {}
    for arm, text in (("intervention", first), ("control", second)):
        cells |= dict(zip((f"mean_{arm}", f"sd_{arm}", f"n_{arm}"), text.split(), strict=True))
    return cells | more


# rule: (sheet, cells that it finds, cells that it does not, the cell to blame, its candidate)
EXAMPLES = {
    "limits_in_wrong_order": (
        "reported_effects", smd("0.42", "0.54", "0.31"), smd("0.42", "0.31", "0.54"),
        "ci_low", "swapped",
    ),
    "estimate_outside_interval": (
        "reported_effects", smd("0.43", "0.50", "0.68"), smd("0.59", "0.50", "0.68"),
        "estimate", None,
    ),
    # the twin: 0.4 stands for all below 0.45, and 0.44 for all above 0.435
    "ratio_not_positive": (
        "reported_effects", odds("-0.31"), odds("0.73"), "estimate", None,
    ),
    "beyond_possible": ("reported_effects", smd("12"), smd("1.2"), "estimate", "too far right"),
    # sqrt(4 / 400) = 0.1 at least; the twin's SE is 0.13 / 1.96 = 0.066 of 1,000: at least 0.063
    "participants_against_arms": (
        "reported_effects",
        smd("0.40", n_total="80", n_intervention="60", n_control="60"),
        smd("0.40", n_total="120", n_intervention="60", n_control="60"), "n_total", None,
    ),
    "more_comparisons_than_pairs": (
        "reported_effects", smd("0.40", n_comparisons="226", n_total="14"),
        smd("0.40", n_comparisons="14", n_total="226"), "n_comparisons", "swapped",
    ),
    "more_cases_than_participants": (
        "reported_effects", odds("1.5", n_cases="4120", n_total="3900"),
        odds("1.5", n_cases="412", n_total="3900"), "n_cases", None,
    ),
    "heterogeneity_of_one": (
        "reported_effects", smd("0.40", n_comparisons="1", i2="68"),
        smd("0.40", n_comparisons="2", i2="68"), "n_comparisons", None,
    ),
    "more_significant_than_studies": (
        "reported_effects", odds("1.5", n_significant="15", n_comparisons="12"),
        odds("1.5", n_significant="12", n_comparisons="15"), "n_significant", "swapped",
    ),
    "verdict_against_number": (
        "reported_effects",
        odds("1.50", pi_low="0.95", pi_high="2.37", pi_excludes_null="yes"),
        odds("1.50", pi_low="1.00", pi_high="2.25", pi_excludes_null="yes"),
        "pi_excludes_null", None,
    ),
    # the middle is 0.50 of a width of 0.80: 0.475 of it away
    "estimate_far_off_centre": (
        "reported_effects", smd("0.12", "0.10", "0.90"), smd("0.50", "0.10", "0.90"),
        "estimate", None,
    ),
    "beyond_plausible": ("reported_effects", smd("4.5"), smd("0.45"), "estimate", "too far right"),
    # z = 0.425 / 0.0587 = 7.2
    "p_against_interval": (
        "reported_effects", smd("0.42", "0.31", "0.54", p_operator="=", p_value="0.6"),
        smd("0.42", "0.31", "0.54", p_operator="<", p_value="0.001"), "p_value", None,
    ),
    # width 0.48 / 3.92 = 0.122, and 0.122 ** 2 = 0.015
    "se_against_interval": (
        "reported_effects", smd("0.30", "0.06", "0.54", se="0.0150", n_comparisons="40"),
        smd("0.30", "0.06", "0.54", se="0.122", n_comparisons="40"), "se", "the variance",
    ),
    # z = 2.5: p 0.012
    "se_against_p": (
        "reported_effects",
        smd("0.30", se="0.120", p_operator="=", p_value="0.60", n_comparisons="40"),
        smd("0.30", se="0.120", p_operator="=", p_value="0.012", n_comparisons="40"), "se", None,
    ),
    # an SE of 0.0005 of 120 participants: sqrt(4 / 120) = 0.18 at least
    "narrow_for_n": (
        "reported_effects", smd("0.300", "0.299", "0.301", n_total="120"),
        smd("0.30", "-0.07", "0.67", n_total="120"), "ci_low", None,
    ),
    # an SE of 4.1 or, by t of 2 df, 1.86; tau would be 3.2
    "wide_for_n": (
        "reported_effects", smd("-1.0", "-9.0", "7.0", n_total="465", n_comparisons="3"),
        smd("-1.0", "-2.2", "0.2", n_total="465", n_comparisons="3"), "ci_low", None,
    ),
    "few_participants_per_comparison": (
        "reported_effects", smd("0.40", n_comparisons="40", n_total="226"),
        smd("0.40", n_comparisons="4", n_total="226"), "n_comparisons", None,
    ),
    "counts_against_participants": (
        "reported_effects",
        smd("0.40", events_intervention="30", total_intervention="600", events_control="40",
            total_control="600", n_total="800"),
        smd("0.40", events_intervention="30", total_intervention="400", events_control="40",
            total_control="400", n_total="800"),
        "total_intervention", None,
    ),
    "i2_far_from_q": (
        "reported_effects", smd("0.40", i2="90", q="5", n_comparisons="10"),
        smd("0.40", i2="0.0", q="0.00", n_comparisons="2"), "i2", None,
    ),
    "i2_as_fraction": (
        "reported_effects", smd("0.40", i2="0.68"), smd("0.40", i2="68"), "i2", "fraction",
    ),
    # SE 0.06: I2 * k * SE^2 = 0.77 * 29 * 0.0036 = 0.080
    "tau2_against_i2": (
        "reported_effects",
        smd("0.30", "0.18", "0.42", i2="77", tau2="8.0", n_comparisons="29"),
        smd("0.30", "0.18", "0.42", i2="77", tau2="0.080", n_comparisons="29"), "tau2", None,
    ),
    "prediction_inside_interval": (
        "reported_effects", smd("0.50", "0.30", "0.70", pi_low="0.45", pi_high="0.55"),
        smd("0.50", "0.30", "0.70", pi_low="0.05", pi_high="0.95"), "pi_low", None,
    ),
    "small_study_verdict_against_p": (
        "reported_effects", smd("0.40", small_study_effects="yes", egger_p="0.64",
                                egger_p_operator="="),
        smd("0.40", small_study_effects="yes", egger_p="0.064", egger_p_operator="="),
        "small_study_effects", None,
    ),
    "excess_verdict_against_numbers": (
        "reported_effects", smd("0.40", excess_significance="yes", n_significant="3",
                                n_significant_expected="5.2", n_comparisons="12"),
        smd("0.40", excess_significance="yes", n_significant="8", n_significant_expected="5.2",
            n_comparisons="12"),
        "excess_significance", None,
    ),
    "direction_against_notes": (
        "reported_effects", smd("0.40", notes="sign: negative favours the intervention"),
        smd("0.40", notes="sign: positive favours the intervention"),
        "favourable_direction", None,
    ),
    "estimate_off_centre": (
        "reported_effects", smd("0.39", "0.14", "0.60"), smd("0.37", "0.14", "0.60"),
        "estimate", None,
    ),
    # z = 0.41 / 0.166 = 2.47 or, by t of 7 df, less: p from 0.011 to 0.023
    "p_near_interval": (
        "reported_effects",
        smd("0.41", "0.08", "0.73", p_operator="<", p_value="0.01", n_comparisons="8"),
        smd("0.41", "0.08", "0.73", p_operator="=", p_value="0.013", n_comparisons="8"),
        "p_value", None,
    ),
    # SE 0.071 of 532: sqrt(4 / 532) = 0.087
    "rather_narrow_for_n": (
        "reported_effects",
        smd("-0.30", "-0.44", "-0.16", n_total="532", favourable_direction="negative"),
        smd("-0.30", "-0.44", "-0.16", n_total="832", favourable_direction="negative"),
        "ci_low", None,
    ),
    "participants_beyond_arms": (
        "reported_effects",
        smd("0.40", n_total="180", n_intervention="60", n_control="60"),
        smd("0.40", n_total="121", n_intervention="60", n_control="60"), "n_total", None,
    ),
    "arms_of_unlike_size": (
        "reported_effects", smd("0.40", n_intervention="600", n_control="60"),
        smd("0.40", n_intervention="60", n_control="60"), "n_intervention", "too far right",
    ),
    # 100 * (80.8 - 17) / 80.8 = 79.0
    "i2_against_q": (
        "reported_effects", smd("0.38", i2="74.0", q="80.8", n_comparisons="18"),
        smd("0.38", i2="79.0", q="80.8", n_comparisons="18"), "i2", None,
    ),
    "harm_is_significant": (
        "reported_effects", smd("-0.68", "-0.98", "-0.38"),
        smd("-0.08", "-0.38", "0.22"), "favourable_direction", None,
    ),
    "number_twice": (
        "reported_effects", smd("0.12", se="0.12"), smd("0.12", se="0.05"), "estimate", None,
    ),
    "sd_not_positive": (
        "primary_studies", arms("24.1 0 40", "20.3 7.9 41"), arms("24.1 8.2 40", "20.3 7.9 41"),
        "sd_intervention", None,
    ),
    "more_analysed_than_randomised": (
        "primary_studies",
        arms("24.1 8.2 40", "20.3 7.9 41", randomised_intervention="30", randomised_control="45"),
        arms("24.1 8.2 40", "20.3 7.9 41", randomised_intervention="44", randomised_control="45"),
        "n_intervention", None,
    ),
    # 6.1 / sqrt(45) = 0.91
    "sds_of_unlike_size": (
        "primary_studies", arms("12.2 0.91 45", "15.0 6.4 45"), arms("12.2 6.1 45", "15.0 6.4 45"),
        "sd_intervention", "standard error",
    ),
    # 3.8 / 6.25 = 0.608
    "smd_against_means": (
        "primary_studies",
        arms("11.2 6.1 44", "15.0 6.4 45", reported_g="1.60", reported_se="0.22"),
        arms("11.2 6.1 44", "15.0 6.4 45", reported_g="0.60", reported_se="0.22"),
        "reported_g", None,
    ),
    # 5.5 * sqrt(1 / 30 + 1 / 31) = 1.41
    "smd_against_t": (
        "primary_studies",
        {"reported_g": "0.25", "t_value": "5.5", "n_intervention": "30", "n_control": "31"},
        {"reported_g": "1.39", "t_value": "5.5", "n_intervention": "30", "n_control": "31"},
        "reported_g", None,
    ),
    # 3.8 / (6.25 * sqrt(1 / 44 + 1 / 45)) = 2.87
    "t_against_means": (
        "primary_studies", arms("11.2 6.1 44", "15.0 6.4 45", t_value="28.7"),
        arms("11.2 6.1 44", "15.0 6.4 45", t_value="2.87"), "t_value", "too far right",
    ),
    "t_against_f": (
        "primary_studies", {"t_value": "2.5", "f_value": "2.5"},
        {"t_value": "2.5", "f_value": "6.25"}, "t_value", "F is typed as t",
    ),
    # t of 59 df: p 0.0152
    "p_against_test": (
        "primary_studies",
        {"t_value": "2.5", "p_value": "0.15", "n_intervention": "30", "n_control": "31"},
        {"t_value": "2.5", "p_value": "0.015", "n_intervention": "30", "n_control": "31"},
        "p_value", None,
    ),
    # sqrt(1 / 45 + 1 / 44 + 0.16 / 178) = 0.214, and 0.214 ** 2 = 0.046; sqrt(4 / 89) = 0.212
    "se_against_n": (
        "primary_studies",
        {"reported_g": "0.4", "reported_se": "0.40", "n_intervention": "45", "n_control": "44"},
        {"reported_g": "0.4", "reported_se": "0.21", "n_intervention": "45", "n_control": "44"},
        "reported_se", None,
    ),
    "arms_alike": (
        "primary_studies", arms("11.2 6.1 44", "11.2 6.1 45"), arms("11.2 6.1 44", "11.2 6.4 45"),
        "mean_intervention", None,
    ),
    "percent_against_counts": (
        "reported_rates", {"percent": "26.2", "events": "26", "total": "200"},
        {"percent": "13.0", "events": "26", "total": "200"}, "percent", None,
    ),
    # 310 / 25000 * 1000 = 12.4
    "rate_against_counts": (
        "reported_rates",
        RATE_PER_TIME | {"rate": "21.4", "events": "310", "person_time": "25000", "n_studies": "1"},
        RATE_PER_TIME | {"rate": "12.4", "events": "310", "person_time": "25000", "n_studies": "1"},
        "rate", "exchanged",
    ),
    # 31 / 25000 * 1000 = 1.24; the twin: a pool of several may lie twice as high
    "rate_in_other_denominators": (
        "reported_rates",
        RATE_PER_TIME | {"rate": "12.4", "events": "31", "person_time": "25000", "n_studies": "1"},
        RATE_PER_TIME | {"rate": "2.4", "events": "31", "person_time": "25000", "n_studies": "9"},
        "rate", "the rate is typed in other denominators: 1.24",
    ),
    # 31 / 30000 * 1000 = 1.033, and 12.4 if these are months
    "person_time_in_other_units": (
        "reported_rates",
        RATE_PER_TIME | {"rate": "12.4", "events": "31", "person_time": "30000", "n_studies": "1"},
        RATE_PER_TIME | {"rate": "12.4", "events": "31", "person_time": "2500", "n_studies": "1"},
        "person_time", "the person-time is in months: 2500",
    ),
    # 62 / 5000 = 1.24 %
    "pooled_percent_in_other_denominators": (
        "reported_rates",
        {"percent": "12.4", "events": "62", "total": "5000", "n_studies": "8"},
        {"percent": "1.9", "events": "62", "total": "5000", "n_studies": "8"},
        "percent", "the percentage is typed in other denominators: 1.24",
    ),
    # exp((ln 5.1 + ln 31) / 2) = 12.57, (5.1 + 31) / 2 = 18.05
    "rate_off_centre": (
        "reported_rates",
        RATE_PER_TIME | RATE_LIMITS | {"rate": "27.4"},
        RATE_PER_TIME | RATE_LIMITS | {"rate": "12.4"},
        "rate", None,
    ),
    # 1 / sqrt(400) = 0.05; the first has ln(31.2 / 29.9) / 3.92 = 0.011, the twin 0.046
    "narrow_for_events": (
        "reported_rates",
        RATE_PER_TIME | {"rate": "30.5", "rate_low": "29.9", "rate_high": "31.2",
                         "interval_kind": "ci95", "events": "400", "n_studies": "4"},
        RATE_PER_TIME | {"rate": "30.5", "rate_low": "27.9", "rate_high": "33.4",
                         "interval_kind": "ci95", "events": "400", "n_studies": "4"},
        "rate_low", None,
    ),
    # 0.7 * sqrt(4 / 130) = 0.12; the interval has 0.046
    "narrow_for_cases": (
        "reported_effects", odds("1.40", "1.28", "1.53", n_cases="130", n_total="90000"),
        odds("1.40", "1.28", "1.53", n_cases="130", n_total="90000", measure_unit="per 10 g/day"),
        "ci_low", None,
    ),
    "percent_near_counts": (
        "reported_rates",
        {"percent": "22.7", "events": "118", "total": "480", "n_studies": "11"},
        {"percent": "24.1", "events": "118", "total": "480", "n_studies": "11"}, "percent", None,
    ),
    "percent_off_centre": (
        "reported_rates",
        {"percent": "22", "percent_low": "12", "percent_high": "73", "interval_kind": "ci95"},
        {"percent": "22", "percent_low": "12", "percent_high": "37", "interval_kind": "ci95"},
        "percent", None,
    ),
    "percent_as_fraction": (
        "reported_rates",
        {"percent": "0.26", "percent_low": "0.22", "percent_high": "0.31", "total": "5120",
         "interval_kind": "ci95"},
        {"percent": "0.26", "percent_low": "0.14", "percent_high": "0.44", "total": "5120",
         "interval_kind": "ci95"},
        "percent", "fractions",
    ),
    "percent_below_one": (
        "reported_rates", {"percent": "0.26"}, {"percent": "26"}, "percent", "fraction",
    ),
    # 5 of 20 are 25 %, 6 are 30 %
    "percent_of_whole_people": (
        "reported_rates", {"percent": "26.2", "total": "20", "n_studies": "1"},
        {"percent": "25.0", "total": "20", "n_studies": "1"}, "percent", None,
    ),
}  # fmt: skip
AS_WELL = {
    "beyond_plausible": {"acknowledgement_without_finding"},
    "percent_as_fraction": {"narrow_for_n"},
}
"""Rules that the example breaks besides its own."""


HARMS = [odds(*typed.split(), outcome="dropout", favourable_direction="below_one") for typed in (
    "1.22 0.83 1.79", "1.45 1.10 1.91", "1.52 1.20 1.93", "1.31 1.02 1.68", "1.44 1.10 1.89",
    # ln 1.38, ln 1.15 and ln 1.66
    "0.322 0.140 0.507",
)]  # fmt: skip
"""Harms, as their reviews find them: the first may be none, the last is typed as a logarithm."""
ACCEPTED = {
    "sheet": "reported_effects", "accepted_by": "A. Reader", "accepted_on": "2026-01",
    "reason": "as printed",
}  # fmt: skip


def rows_of(sheet: str) -> list[dict[str, str]]:
    return [
        BASES[sheet] | {KEYS[sheet]: f"{rule}:{kind}"} | cells
        for rule, (its_sheet, found, clean, *_) in EXAMPLES.items()
        if its_sheet == sheet
        for kind, cells in (("found", found), ("clean", clean))
    ] + [
        BASES[sheet] | {KEYS[sheet]: f"harm:{i}"} | cells
        for i, cells in enumerate(HARMS if sheet == "reported_effects" else ())
    ]


@pytest.fixture(scope="module")
def findings(tmp_path_factory, shipped_sheets) -> dict[str, list[dict[str, object]]]:
    folder = tmp_path_factory.mktemp("rules")
    sheets = folder / "sheets"
    shutil.copytree(shipped_sheets, sheets)
    for path in [*(sheets / "extraction").glob("*.csv"), sheets / "protocol/analyses.csv"]:
        path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    append(sheets / "extraction/meta_analyses.csv", META_ANALYSIS)
    append(sheets / "protocol/analyses.csv", ANALYSIS)
    append(
        sheets / "extraction/acknowledgements.csv",
        *(ACCEPTED | {"row_id": f"{rule}:found", "rule": rule, "value_seen": seen}
          for rule, seen in (("i2_as_fraction", "I² 0.68"), ("beyond_plausible", "smd 4.4"))),
    )  # fmt: skip
    for sheet in BASES:
        rows = rows_of(sheet)
        if sheet == "primary_studies":
            rows = [row | {"study_id": row["comparison_id"]} for row in rows]
        append(sheets / f"extraction/{sheet}.csv", *rows)
    database = build_warehouse(folder, sheets, selection="fct_findings fct_rejected_rows")
    with duckdb.connect(str(database), read_only=True) as connection:
        rejected = connection.execute(
            "select row_id, column_name, reason from fct_rejected_rows where severity = 'reject' "
            "and (sheet like 'reported%' or sheet in ('primary_studies', 'acknowledgements'))"
        ).fetchall()
        assert rejected == []
        cursor = connection.execute(
            "select * from fct_findings "
            "where sheet = 'acknowledgements' "
            "or rule in (select rule from intermediate.int_row_findings) order by finding_id"
        )
        names = [column[0] for column in cursor.description]
        found = defaultdict(list)
        for row in cursor.fetchall():
            named = dict(zip(names, row, strict=True))
            found[named["row_id"]].append(named)
    return found


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule_finds_its_example_and_nothing_else_does(findings, rule):
    _, _, _, blamed, candidate = EXAMPLES[rule]
    found = findings[f"{rule}:found"]
    assert {row["rule"] for row in found} == {rule} | AS_WELL.get(rule, set())
    (own,) = (row for row in found if row["rule"] == rule)
    columns = own["column_names"].split(", ")
    assert blamed in columns
    if candidate is not None:
        assert columns[0] == blamed
        assert candidate in own["candidate"]
    assert own["printed"]
    assert own["why"]


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_clean_twin_is_left_alone(findings, rule):
    assert [row["rule"] for row in findings.get(f"{rule}:clean", [])] == []


def test_harms_are_named_once_and_hide_no_other_error(findings):
    by_row = [{row["rule"] for row in findings.get(f"harm:{i}", [])} for i in range(len(HARMS))]
    assert by_row == [
        set(), {"harm_is_significant"}, set(), set(), set(), {"estimate_far_off_centre"},
    ]  # fmt: skip
    (found,) = findings["harm:5"]
    assert "logarithm" in found["candidate"]


def test_every_rule_within_a_row_has_an_example():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "macros").glob("findings/*.sql")]
    rules = {rule for text in texts for rule in re.findall(r"'rule': '(\w+)'", text)}
    assert rules == EXAMPLES.keys()


def test_an_acknowledgement_accepts_what_it_has_seen_and_no_more(findings):
    (accepted,) = findings["i2_as_fraction:found"]
    assert (accepted["accepted_by"], accepted["accepted_why"]) == ("A. Reader", "as printed")
    assert accepted["stops_publication"] is False
    found = {row["rule"]: row for row in findings["beyond_plausible:found"]}
    assert found["beyond_plausible"]["accepted_by"] is None
    assert found["beyond_plausible"]["stops_publication"] is True
    lapsed = found["acknowledgement_without_finding"]
    assert (lapsed["sheet"], lapsed["severity"]) == ("acknowledgements", "worth_a_look")
    assert lapsed["candidate"] == "the rule now finds smd 4.5"


def test_the_page_of_the_rules_is_that_of_the_sheet():
    assert write_rules_page.page(PAGE.read_text(encoding="utf-8")) == PAGE.read_text(
        encoding="utf-8"
    )


def test_members_are_marked_for_what_is_hardly_possible_and_not_for_hints(shipped):
    marked = shipped.sql("""
        select findings.severity, list_contains(split(members.findings, '; '), rule_label), count(*)
        from fct_analysis_members as members
        inner join fct_findings as findings
            on members.source_sheet = findings.sheet and members.effect_id = findings.row_id
        group by all
    """).fetchall()
    assert all(n > 0 for *_, n in marked)
    assert {(severity, bool(is_in)) for severity, is_in, _ in marked} == {
        ("impossible", True), ("implausible", True), ("worth_a_look", False),
    }  # fmt: skip
    noted = shipped.sql("""
        select forest.note from reports.rpt_forest as forest
        inner join fct_findings as findings on forest.effect_id = findings.row_id
        where findings.severity = 'worth_a_look' and contains(forest.note, findings.rule_label)
    """).fetchall()
    assert noted == []
