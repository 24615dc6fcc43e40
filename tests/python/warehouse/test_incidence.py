"""Events over time, in years, months, weeks and days: from trials, sources and second readers."""

from __future__ import annotations

import csv
import json
import math

import duckdb
import pytest

from reports.pages.condition import largest_items
from tests.python.conftest import ROOT, append, build_warehouse
from umbrella.commands.new import make_folder

pytestmark = pytest.mark.build

DATA = ROOT / "tests" / "data" / "incidence"
GOLDEN = json.loads((DATA / "pools.json").read_text(encoding="utf-8"))
"""By metafor: validation/make_golden_incidence.R."""

REVIEW = {
    "review_id": "r", "title": "T", "question": "Q?", "search_date": "2024-01-01",
    "data_note": "None.",
}  # fmt: skip
TRIAL = {
    "dataset": "made", "condition": "infection", "outcome": "relapse", "locator": "Table 2",
    "comparator": "unclear", "guidance": "unclear", "therapy": "unclear", "delivery": "unclear",
    "favourable_direction": "below_one",
}  # fmt: skip
RATE = {
    "condition": "infection", "outcome": "relapse", "definition": "first relapse",
    "arm": "control", "guidance": "unclear", "comparator": "unclear", "source_locator": "Table 3",
}  # fmt: skip
OUTCOME = {
    "code": "relapse", "label": "Relapse", "definition": "A relapse.",
    "quantity": "event_count", "polarity": "more_is_worse", "noun": "relapses",
}  # fmt: skip
ANALYSIS = {
    "analysis_group": "condition", "condition": "infection", "outcome": "relapse",
    "required_scope": "any", "selection_rule": "all", "is_headline": "y",
}  # fmt: skip
PER_TIME = {"scale": "log_incidence_rate", "measure_unit": "per 1000 person-years"}
ANALYSES = {
    "ratios": {"unit": "trial", "scale": "log_incidence_rate_ratio"},
    "rates_of_trials": {"unit": "trial", "arm": "intervention"} | PER_TIME,
    "rates": {"unit": "meta_analysis", "arm": "control"} | PER_TIME,
    "largest": {"unit": "meta_analysis", "arm": "control", "selection_rule": "largest_k"}
    | PER_TIME,
}
# the first reader had typed the rate of Fox2022 per 1,000 person-years
CORRECTION = {
    "sheet": "reported_rates", "row_id": "Fox2022_rate", "column_name": "rate_unit",
    "old_value": "per 1,000 PY", "new_value": "per 100 person-years", "reason": "as printed",
    "source_locator": "Table 3",
}  # fmt: skip
SECOND = {
    "Ames2012": {"rate": "6.12", "rate_unit": "per 100 person-years"},
    "Bell2014": {"rate": "0.55", "rate_unit": "per 100 person-years"},
    "Fox2022": {"rate": "8.9", "rate_unit": "per 100 PY"},
    "Eno2020": {"events": "418", "person_time": "6382", "rate_unit": "per 1000 person-years"},
}
TABLES = """
fct_pooled_effects fct_pooled_rates fct_trial_pools fct_analysis_members fct_extraction_differences
fct_findings rpt_largest rpt_trial_pools
"""


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def made_sheets(folder):
    sheets = folder / "sheets"
    make_folder(sheets, ROOT)
    append(sheets / "protocol/review.csv", REVIEW)
    append(sheets / "vocabulary/conditions.csv", {"code": "infection", "label": "Infection"})
    append(sheets / "vocabulary/outcomes.csv", OUTCOME)
    source = {"delivery": "unclear", "eligibility": "included", "source_kind": "full_text"}
    rates = rows_of("rates.csv")
    append(
        sheets / "extraction/meta_analyses.csv",
        *({"meta_analysis_id": row["meta_analysis_id"]} | source for row in rates),
    )
    append(
        sheets / "extraction/primary_studies.csv",
        *(
            TRIAL | row | {"comparison_id": row["study"], "study_id": row["study"]}
            for row in rows_of("trials.csv")
        ),
    )
    append(
        sheets / "extraction/reported_rates.csv",
        *(
            RATE | row | {
                "rate_id": f"{row['meta_analysis_id']}_rate",
                "interval_kind": "ci95" if row["rate"] else "",
            }
            for row in rates
        ),
    )  # fmt: skip
    append(
        sheets / "extraction/second_extraction_rates.csv",
        *({"rate_id": f"{name}_rate", "found": "y"} | cells for name, cells in SECOND.items()),
    )
    append(sheets / "extraction/corrections.csv", CORRECTION)
    append(
        sheets / "protocol/analyses.csv",
        *(
            ANALYSIS | {"analysis_id": name, "label": name, "sort_order": str(i)} | cells
            for i, (name, cells) in enumerate(ANALYSES.items(), start=1)
        ),
    )
    return sheets


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("incidence")
    database = build_warehouse(folder, made_sheets(folder), selection=TABLES)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select * from staging.stg_sheet_faults").fetchall() == []
        yield connection


def golden(part, shown=lambda value: value):
    values = [part["estimate"], *(shown(part[name]) for name in ("ci_low", "ci_high"))]
    return pytest.approx([*values, part["tau2"]], rel=2e-6, abs=1e-7)


def test_rates_and_ratios_in_mixed_units_are_pooled_as_metafor_pools_them(pooled):
    found = pooled.sql("""
        select analysis_id, estimate, ci_low, ci_high, tau2 from fct_pooled_effects
        where policy_id = 'recommended'
        union all
        select analysis_id, estimate, ci_low_rate, ci_high_rate, tau2 from fct_pooled_rates
        where policy_id = 'recommended'
        union all
        select meta_analysis_id, estimate, ci_low, ci_high, tau2 from fct_trial_pools
        where policy_id = 'recommended' and rule_id = 'aggregated'
    """).fetchall()
    by_name = {name: list(values) for name, *values in found}
    assert by_name["ratios"] == golden(GOLDEN["ratios"])
    for name in ("rates_of_trials", "rates"):
        assert by_name[name] == golden(GOLDEN[name], shown=math.exp), name
    for name, part in GOLDEN["ratios_of_sources"].items():
        assert by_name[name] == golden(part), name


def test_members_have_the_effects_and_variances_of_metafor(pooled):
    for name in ("ratios", "rates_of_trials", "rates"):
        found = pooled.sql(
            "select yi, vi from fct_analysis_members where is_member "
            f"and policy_id = 'recommended' and analysis_id = '{name}'"
        ).fetchall()
        expected = zip(GOLDEN[name]["yi"], GOLDEN[name]["vi"], strict=True)
        for (yi, vi), (golden_yi, golden_vi) in zip(sorted(found), sorted(expected), strict=True):
            assert (yi, vi) == pytest.approx((golden_yi, golden_vi), rel=1e-8), name


def test_a_trial_without_a_unit_is_in_the_ratio_and_in_no_sum_of_person_time(pooled):
    [(years, n_known, k, unit)] = pooled.sql(
        "select person_time, k_with_person_time, k, person_time_unit from fct_pooled_effects "
        "where policy_id = 'recommended' and analysis_id = 'ratios'"
    ).fetchall()
    assert (years, n_known, k) == (pytest.approx(GOLDEN["person_years"]), 22, 23)
    assert unit == "person-years"
    sums = pooled.sql(
        "select meta_analysis_id, person_time from reports.rpt_trial_pools "
        "where person_time_unit = 'person-years'"
    ).fetchall()
    assert dict(sums) == pytest.approx(GOLDEN["person_years_of_sources"])
    assert pooled.sql(
        "select row_id, column_names from fct_findings where rule = 'person_time_without_unit'"
    ).fetchall() == [("Study 23", "time_unit")]
    assert pooled.sql(
        "select distinct exclusion_reason from fct_analysis_members where not is_member "
        "and analysis_id = 'rates_of_trials' and effect_id like 'Study 23%'"
    ).fetchall() == [("person-time without its unit (time_unit)",)]


def test_the_largest_source_is_sized_by_its_person_time(pooled):
    found = pooled.execute("select * from reports.rpt_largest")
    names = [column[0] for column in found.description]
    (row,) = (dict(zip(names, values, strict=True)) for values in found.fetchall())
    (_, words), *_ = largest_items(row)
    # 2,331,000 person-days
    assert "7 comparisons of the effect, 6382 person-years. Source: Table 3." in words


def test_readers_who_have_other_units_differ_and_a_correction_of_the_unit_decides(pooled):
    found = pooled.sql(
        "select row_id, field, comparison, decided_for from fct_extraction_differences "
        "where sheet = 'reported_rates' and comparison not in ('neither_has_it') "
        "and field in ('rate', 'person_time') order by all"
    ).fetchall()
    assert found == [
        ("Ames2012_rate", "rate", "equal", None),
        ("Bell2014_rate", "rate", "differs", None),
        ("Eno2020_rate", "person_time", "within_tolerance", None),
        ("Fox2022_rate", "rate", "differs", "second"),
    ]
