"""A review made of several imports: its trials pooled as metafor pools them, and its whole site."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import duckdb
import pytest

from tests.python.conftest import ROOT, build_warehouse

pytestmark = pytest.mark.build

DATA = ROOT / "tests" / "data" / "imports"
GOLDEN = json.loads((DATA / "trials.json").read_text(encoding="utf-8"))
EXPECTED = {
    "shift_work": "odds_ratios",
    "walking": "mean_changes",
    "noise": "rates",
}


def run(*arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "umbrella", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("imported")
    sheets = folder / "sheets"
    run("import", "metaumbrella", DATA / "ratios_with_counts.csv", sheets)
    for name in ("mean_changes", "rates"):
        run("import", "metaumbrella", DATA / f"{name}.csv", "--into", sheets)
    run(
        "import", "metapsy", DATA / "metapsy_semicolons.csv", "--into", sheets,
        "--condition", "ocd",
    )  # fmt: skip
    return build_warehouse(folder, sheets, runs_data_tests=True)


@pytest.fixture(scope="module")
def imported(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("condition", EXPECTED)
def test_effects_and_pools_are_those_of_metafor(imported, condition):
    expected = GOLDEN[EXPECTED[condition]]
    members = imported.execute(
        "select yi, vi from fct_trial_pool_members where rule_id = 'aggregated' and is_member "
        "and split_part(trial_set_id, ':', 2) = ? order by sheet_row",
        [condition],
    ).fetchall()
    assert [yi for yi, _ in members] == pytest.approx(expected["yi"], rel=1e-9)
    assert [vi for _, vi in members] == pytest.approx(expected["vi"], rel=1e-9)
    pools = imported.execute(
        "select estimate, tau2 from fct_trial_pools where condition = $1 "
        "and rule_id = 'aggregated' and policy_id = 'recommended' "
        "union all select estimate, tau2 from fct_pooled_effects where analysis_id = $1 "
        "and policy_id = 'recommended'",
        [condition],
    ).fetchall()
    assert len(pools) == 2
    for estimate, tau2 in pools:
        assert estimate == pytest.approx(expected["estimate"], rel=1e-7)
        assert tau2 == pytest.approx(expected["tau2"], rel=1e-5, abs=1e-9)


def test_a_risk_ratio_with_its_table_enters_the_pool_of_odds_ratios(imported):
    found = imported.execute(
        "select k, round(ratio, 2) from fct_pooled_effects "
        "where analysis_id = 'shift_work' and policy_id = 'recommended'"
    ).fetchone()
    assert found == (3, 2.48)
    paths = imported.execute(
        "select distinct conversion_path from fct_trial_pool_members "
        "where meta_analysis_id = 'Quill_Shift_work'"
    ).fetchall()
    assert paths == [("events and totals of both arms > log odds ratio",)]


def test_a_measure_that_is_left_out_is_listed_with_its_reason(imported):
    reason = "on another scale than its set: log_risk_ratio, not log_odds_ratio"
    found = imported.execute(
        "select effect_id, exclusion_reason from fct_analysis_members "
        "where analysis_id = 'night_light' and policy_id = 'recommended' and not is_member"
    ).fetchall()
    assert found == [("trial:Quill_Night_light_7", reason)]


def test_changes_are_standardised_by_the_sd_at_baseline(imported):
    """Hart: 2.8 lower over 4.1 and 3.9 / sqrt(2 (1 - 0.8)), pooled, with J for 80."""
    sd = math.sqrt((39 * 4.1**2 + 41 * 3.9**2) / 80) / math.sqrt(2 * (1 - 0.8))
    j = math.exp(math.lgamma(40) - math.lgamma(39.5)) / math.sqrt(40)
    (path, yi) = imported.execute(
        "select conversion_path, yi from fct_trial_pool_members "
        "where rule_id = 'aggregated' and trial = 'Hart 2010'"
    ).fetchone()
    assert yi == pytest.approx(j * (-3.2 + 0.4) / sd, rel=1e-12)
    assert path.endswith("by the SD at baseline, the SD of change / sqrt(2 (1 - r)) with r = 0.8")


def test_person_time_and_cases_are_the_size_of_a_trial(imported):
    found = imported.execute(
        "select largest_trial, largest_trial_size, largest_trial_size_measure, person_time, "
        "n_cases, n_participants from fct_trial_pools where condition = 'noise' "
        "and rule_id = 'aggregated' and policy_id = 'recommended'"
    ).fetchone()
    assert found[:3] == ("Munn 2011", 13.1, "person-time")
    assert found[3] == pytest.approx(38.5)
    assert found[4:] == (683, None)


def test_every_analysis_of_trials_has_its_figures(imported):
    figures = imported.execute(
        "select figure_kind, count(*) from reports.rpt_figures group by all order by all"
    ).fetchall()
    assert dict(figures) == {
        "forest": 5, "funnel": 4, "grade_criteria": 5, "headline": 1, "leave_one_out": 5,
        "multiverse": 5,
    }  # fmt: skip
    trials = imported.execute(
        "select label from reports.rpt_forest where figure_id = 'forest_shift_work' "
        "and row_kind = 'study' order by row_order"
    ).fetchall()
    assert trials == [("Abel 2001",), ("Bond 2002",), ("Cain 2003",)]
    graded = imported.execute(
        "select count(distinct analysis_id) from fct_evidence_grades "
        "where graded_kind = 'pooled_result' and scheme = 'ioannidis_published' "
        "and grade is not null"
    ).fetchone()
    assert graded == (5,)
