"""`umbrella import results`: what columns hold, by the names that tables of papers give them."""

from __future__ import annotations

import csv

import pytest

from tests.python.cases import each
from tests.python.conftest import ROOT
from umbrella.importing.columns import qualified, role_of

with (ROOT / "tests/data/imports/names_of_columns.csv").open(encoding="utf-8", newline="") as file:
    NAMES = {row["name"]: tuple(row["holds"].split()) for row in csv.DictReader(file)}


@each("name", NAMES)
def test_a_name_of_printed_tables_is_known(name):
    role = role_of(name)
    assert (role.holds if role else ()) == NAMES[name]


@pytest.mark.parametrize(
    ("upper", "lower", "name"),
    [
        ("Summary", "P value", "P value"),
        ("Largest study", "ES [95% CI]", "Largest study ES [95% CI]"),
        ("Largest study", "P value", "Largest study P value"),
        ("Heterogeneity", "P value", "Heterogeneity P value"),
        ("Heterogeneity", "I\u00b2 (%)", "I\u00b2 (%)"),
        ("Association", "Outcome", "Outcome"),
        ("Bias", "Egger P", "Egger P"),
        ("Effect", "95% PI", "95% PI"),
        ("Random effects", "ES (95% CI)", "ES (95% CI)"),
    ],
)
def test_a_name_below_one_that_spans_it(upper, lower, name):
    assert qualified(upper, lower) == name


# Tables with such names.

HEAD = "Source of meta-analysis,Exposure_name,Outcome_name,ES_metric"


def test_results_of_the_random_model_are_taken_where_both_stand(tmp_path, invoke):
    found, told = imported(
        tmp_path,
        invoke,
        f"{HEAD},Fixed effects ES (95% CI),Fixed effects P,Random effects ES (95% CI),Random P",
        "Alm 2019,Tea,Stroke,RR,1.20 (1.12 to 1.29),0.0004,1.25 (1.10 to 1.42),0.0006",
    )
    assert (found["estimate"], found["ci_low"], found["p_value"]) == ("1.25", "1.10", "0.0006")
    assert "Fixed effects P: of the fixed-effect model, left out beside the other" in told


def test_events_beside_a_ratio_are_its_cases(tmp_path, invoke):
    found, told = imported(
        tmp_path,
        invoke,
        f"{HEAD},es,es_lower,es_upper,No. of events,participants_n",
        "Alm 2019,Tea,Stroke,RR,1.20,1.12,1.29,1240,30500",
    )
    assert (found["n_cases"], found["n_total"]) == ("1240", "30500")
    assert "n_cases: events of both groups (1 row)" in told


def test_observed_and_expected_studies_are_parted_from_one_cell(tmp_path, invoke):
    found, _ = imported(
        tmp_path,
        invoke,
        f"{HEAD},ES (95% CI),Observed/expected positive studies",
        "Alm 2019,Tea,Stroke,RR,1.20 (1.12 to 1.29),7/4.20",
    )
    assert (found["n_significant"], found["n_significant_expected"]) == ("7", "4.20")


def test_differences_without_a_unit_are_told_by_outcome(tmp_path, invoke):
    lines = (
        f"{HEAD},ES (95% CI)",
        "Alm 2019,Tea,Weight,MD,-1.20 (-2.12 to -0.29)",
        "Alm 2019,Tea,Pressure,MD,-2.20 (-3.12 to -1.29)",
    )
    _, told = imported(tmp_path, invoke, *lines, arguments=("--unit", "Weight=kg"))
    assert "1 mean difference without a unit in the table, so never pooled: " in told
    assert "--unit 'Pressure=UNIT' gives one" in told


def test_a_difference_in_percent_has_this_unit(tmp_path, invoke):
    found, _ = imported(
        tmp_path,
        invoke,
        f"{HEAD.removesuffix(',ES_metric')},ES [95% CI]",
        '"Alm 2019",Tea,HbA1c,MD \u22120.30% [\u22120.50; \u22120.10]',
    )
    assert (found["estimate"], found["measure_unit"]) == ("-0.30", "%")


def imported(tmp_path, invoke, *lines, arguments=()):
    """The first effect of a table, and what the command told."""
    table = tmp_path / "table.csv"
    table.write_text("\n".join((*lines, "")), encoding="utf-8")
    done = invoke("import", "results", table, tmp_path / "mine", *arguments)
    told = " ".join((done.stdout + done.stderr).split())
    assert done.exit_code == 0, told
    sheet = tmp_path / "mine/extraction/reported_effects.csv"
    with sheet.open(encoding="utf-8", newline="") as rows:
        return next(csv.DictReader(rows)), told
