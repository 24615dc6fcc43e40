"""`umbrella import trials` on sheets as teams keep them: own headers, one row for each trial."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.python.cases import each
from umbrella.importing.arms import SIDES, arms_of, of_arm
from umbrella.importing.layout import Layout
from umbrella.importing.tables import read_tables

COUNTS = (
    ("Trial", "Year", "Deaths drug", "N drug", "Deaths placebo", "N placebo", "Risk of bias"),
    ("ABLE", 2004, 12, 150, 21, "148", "Low"),
    ("BRAVE", 2008, 30, "1,400", 44, "1,396", "Some concerns"),
    ("CURE", 2011, 0, 60, 3, 62, "High risk"),
    ("Total", None, 42, 1610, 68, 1606, None),
)
MEANS = (
    ("Study", "Intervention", None, None, "Control", None, None, "Reviewer"),
    (None, "Mean", "SD", "n", "Mean", "SD", "n", None),
    ("Ash 2001", 12.1, 4.2, 40, 14.9, 4.6, 41, "MK"),
    ("Birch 2009", 10.4, 5.1, 88, 12.2, 5.0, 90, "MK"),
)
TIMES = (
    "Studie;Ereignisse Impfung;Personenjahre Impfung;Ereignisse Kontrolle;Personenjahre Kontrolle",
    "Alpha 2010;10;5.200,5;31;5.100",
    "Beta 2013;22;10.400;48;10.220,25",
)
TOGETHER = (
    "Review,Study,Outcome,Drug n/N,Placebo n/N,Drug: mean (SD),Placebo: mean (SD)",
    "Smith 2020,Ash 2001,Death,3/40,5/41,,",
    "Smith 2020,Birch 2009,Death,0/88,4/90,,",
    "Jones 2021,Ash 2001,Pain,,,12.1 (4.2),14.9 ± 4.6",
)
PRINTED = (
    "Study,Factor,Disease,HR (95% CI),Cases,Participants",
    "Alm 2015,Smoking,Stroke,1.52 (1.31 to 1.76),120,4530",
    "Bee 2017,Smoking,Stroke,1.61 (1.35-1.92),98,3810",
)


@pytest.fixture
def imports(tmp_path, invoke):
    """Import lines of CSV or records of a worksheet; exit code, what was told, the folder."""

    def run(records: Sequence, *arguments: str):
        table = tmp_path / ("trials.csv" if isinstance(records[0], str) else "trials.xlsx")
        if table.suffix == ".csv":
            table.write_text("\n".join(records), encoding="utf-8")
        else:
            book = openpyxl.Workbook()
            for record in records:
                book.active.append(record)
            book.save(table)
        done = invoke("import", "trials", table, tmp_path / "mine", *arguments)
        return done.exit_code, " ".join((done.stdout + done.stderr).split()), tmp_path / "mine"

    return run


def found(folder: Path, sheet: str, *columns: str) -> list[tuple[str, ...]]:
    with (folder / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]


def of_trials(folder: Path, *columns: str) -> list[tuple[str, ...]]:
    return found(folder, "extraction/primary_studies", *columns)


def each_arm(*parts: str) -> list[str]:
    return [f"{part}_{side}" for side in SIDES for part in parts]


def test_counts_of_two_arms(imports):
    code, told, folder = imports(COUNTS, "--condition", "Sepsis", "--outcome", "Death")
    assert code == 0, told
    columns = ("study_id", "year", *each_arm("events", "total"), "risk_of_bias", "measure")
    assert of_trials(folder, *columns) == [
        ("ABLE 2004", "2004", "12", "150", "21", "148", "low", "odds_ratio"),
        ("BRAVE 2008", "2008", "30", "1400", "44", "1396", "some_concerns", "odds_ratio"),
        ("CURE 2011", "2011", "0", "60", "3", "62", "high", "odds_ratio"),
    ]
    assert "row 5 sums up the others" in told
    assert "odds ratio from the numbers of both arms (3 rows)" in told
    assert "arm intervention: drug arm control: placebo" in told
    analyses = found(folder, "protocol/analyses", "condition", "outcome", "scale", "is_headline")
    assert analyses == [("sepsis", "death", "log_odds_ratio", "y")]
    assert of_trials(folder, "comparator")[0] == ("placebo",)


def test_a_measure_that_the_caller_names(imports):
    options = ("--condition", "Sepsis", "--outcome", "Death", "--measure", "risk_ratio")
    code, told, folder = imports(COUNTS, *options)
    assert code == 0, told
    assert found(folder, "protocol/analyses", "scale") == [("log_risk_ratio",)]
    assert found(folder, "vocabulary/outcomes", "code", "quantity")[-1] == ("death", "event")


@each("name, cell", [("Events drug", "10%"), ("Events drug (%)", "10"), ("Events drug", "1.5 %")])
def test_percentages_are_no_counts(tmp_path, name, cell):
    path = tmp_path / "t.csv"
    path.write_text(f"Trial,{name},N drug,Events placebo,N placebo\nAsh,{cell},250,9,240\n")
    layout = Layout(condition="Sepsis", outcome="Death", kind="interventions")
    [(source, _)] = read_tables(path, "trials", layout)
    assert source.problems[0].column == name
    assert "a percentage, where a number" in source.problems[0].problem


@each("name", ["SE(lnOR)", "SE of log OR", "Standard error (ln OR)"])
def test_the_error_of_a_logarithm_is_known_by_its_name(tmp_path, name):
    path = tmp_path / "t.csv"
    path.write_text(f"Trial,lnOR,{name}\nAsh,-0.5,0.2\n", encoding="utf-8")
    layout = Layout(condition="Sepsis", outcome="Death", kind="interventions")
    [(source, imported)] = read_tables(path, "trials", layout)
    assert not source.problems
    [trial] = imported.trials
    assert (trial["measure"], trial["estimate_se"]) == ("odds_ratio", "0.2")


def test_a_logarithm_that_is_none_is_refused_with_its_cell(imports):
    lines = ("Trial,logHR,SE", "Ash 2001,0.5,0.1", "Birch 2009,5000,1")
    options = ("--condition", "Sepsis", "--outcome", "Death", "--measure", "log_hazard_ratio")
    code, told, folder = imports(lines, *options)
    assert code == 1
    assert "row 3, column logHR, value '5000': no logarithm of a ratio" in told
    assert not folder.exists()


def test_means_ask_for_the_good_direction_and_keep_their_sign(imports):
    options = ("--condition", "Knee", "--outcome", "Pain")
    code, told, folder = imports(MEANS, *options)
    assert (code, folder.exists()) == (1, False)
    assert "is not said: Pain" in told
    code, told, folder = imports(MEANS, *options, "--favours", "Pain=negative")
    assert code == 0, told
    assert of_trials(folder, *each_arm("mean", "sd", "n"), "favourable_direction") == [
        ("12.1", "4.2", "40", "14.9", "4.6", "41", "negative"),
        ("10.4", "5.1", "88", "12.2", "5", "90", "negative"),
    ]
    assert "Reviewer: 2" in told


def test_events_and_time_at_risk_in_german(imports):
    code, told, folder = imports(TIMES, "--condition", "Grippe", "--outcome", "Infektion")
    assert code == 0, told
    assert of_trials(folder, *each_arm("events", "time"), "time_unit", "measure") == [
        ("10", "5200.5", "31", "5100", "person-years", "incidence_rate_ratio"),
        ("22", "10400", "48", "10220.25", "person-years", "incidence_rate_ratio"),
    ]
    assert "arm intervention: impfung" in told
    assert found(folder, "vocabulary/outcomes", "code", "quantity")[-1] == (
        "infektion", "event_count",
    )  # fmt: skip


def test_two_numbers_in_a_cell_and_several_outcomes_and_reviews(imports):
    code, told, folder = imports(TOGETHER, "--condition", "Knee", "--favours", "negative")
    assert code == 0, told
    columns = ("source", "outcome", *each_arm("events", "total", "mean", "sd"), "measure")
    assert of_trials(folder, *columns) == [
        ("Smith_2020", "death", "3", "40", "", "", "5", "41", "", "", "odds_ratio"),
        ("Smith_2020", "death", "0", "88", "", "", "4", "90", "", "", "odds_ratio"),
        ("Jones_2021", "pain", "", "", "12.1", "4.2", "", "", "14.9", "4.6", ""),
    ]
    headlines = found(folder, "protocol/analyses", "outcome", "is_headline", "label")
    assert headlines == [("death", "y", "Knee: death"), ("pain", "y", "Knee: pain")]


def test_printed_effects_of_exposures(imports):
    code, told, folder = imports(PRINTED, "--kind", "exposures")
    assert code == 0, told
    columns = ("condition", "outcome", "measure", "estimate", "ci_low", "ci_high", "n_total")
    assert of_trials(folder, *columns) == [
        ("smoking", "stroke", "hazard_ratio", "1.52", "1.31", "1.76", "4530"),
        ("smoking", "stroke", "hazard_ratio", "1.61", "1.35", "1.92", "3810"),
    ]


REVMAN = (
    "Study or Subgroup,Experimental Events,Experimental Total,Control Events,Control Total,Weight",
    "Ash 2001,12,150,21,148,20.1%",
    "Birch 2009,30,400,44,396,40.0%",
    "Total (95% CI),,550,,544,100%",
    "Heterogeneity: Tau² = 0.00; Chi² = 0.2,,,,,",
)
SPANISH = (
    ("Ensayo", "Año", "Grupo intervención", None, None, "Grupo control", None, None),
    (None, None, "Media", "DE", "n", "Media", "DE", "n"),
    ("Gómez", 2010, 12.1, 4.2, 40, 14.9, "4,6", 41),
)
CASE_CONTROL = (
    "Study;Exposure;Disease;Cases exposed;Controls exposed;Cases unexposed;Controls unexposed",
    "Alm 2010;Smoking;Cancer;60;40;30;70",
)


def test_the_table_of_a_forest_plot(imports):
    code, told, folder = imports(REVMAN, "--condition", "Sepsis", "--outcome", "Death")
    assert code == 0, told
    assert of_trials(folder, "study", *each_arm("events", "total")) == [
        ("Ash 2001", "12", "150", "21", "148"),
        ("Birch 2009", "30", "400", "44", "396"),
    ]


def test_means_in_spanish_below_the_names_of_the_arms(imports):
    options = ("--condition", "Rodilla", "--outcome", "Dolor", "--favours", "negative")
    code, told, folder = imports(SPANISH, *options)
    assert code == 0, told
    assert of_trials(folder, "study", *each_arm("mean", "sd", "n")) == [
        ("Gómez 2010", "12.1", "4.2", "40", "14.9", "4.6", "41")
    ]


def test_cases_and_controls_of_an_exposure_add_up(imports):
    code, told, folder = imports(CASE_CONTROL, "--kind", "exposures")
    assert code == 0, told
    assert of_trials(folder, *each_arm("events", "total"), "measure") == [
        ("60", "100", "30", "100", "odds_ratio")
    ]


@pytest.mark.parametrize(
    ("position", "value", "problem"),
    [
        (2, 160, "column Deaths drug, value '160': more events than people"),
        (3, "15O", "column N drug, value '15O': not a number"),
        (3, 150.5, "column N drug, value '150.5': not a value that this column can have"),
        (1, 20004, "column year, value '20004': no year of a publication"),
        (0, None, "column Trial, value '': required value is missing"),
    ],
)
def test_a_slip_is_named_with_its_cell(imports, position, value, problem):
    row = [*COUNTS[1]]
    row[position] = value
    spoilt = (COUNTS[0], tuple(row), *COUNTS[2:])
    code, told, folder = imports(spoilt, "--condition", "Sepsis", "--outcome", "Death")
    assert (code, folder.exists()) == (1, False)
    assert f"row 2, {problem}" in told


def test_what_is_missing_is_asked_for(imports):
    code, told, _ = imports(("Study,Size", "Ash 2001,40"))
    assert code == 1
    for asked in ("no column for the condition", "no column for the outcome", "--arms"):
        assert asked in told


def test_arms_of_unusual_names_are_asked_for_and_said(imports):
    lines = ("Study,Deaths aspirin,N aspirin,Deaths heparin,N heparin", "Ash 2001,3,40,5,41")
    options = ("--condition", "Stroke", "--outcome", "Death")
    code, told, _ = imports(lines, *options)
    assert code == 1
    assert "which columns are of which arm is not known: aspirin, heparin" in told
    code, told, folder = imports(lines, *options, "--arms", "heparin/aspirin")
    assert code == 0, told
    assert of_trials(folder, *each_arm("events", "total")) == [("5", "41", "3", "40")]


def test_several_rows_of_a_trial_are_told(imports):
    code, told, _ = imports((*COUNTS[:2], COUNTS[1]), "--condition", "A", "--outcome", "B")
    assert code == 0
    assert "several rows of one trial and outcome: ABLE 2004" in told


def test_the_folder_passes_the_check(imports, invoke):
    _, _, folder = imports(COUNTS, "--condition", "Sepsis", "--outcome", "Death")
    done = invoke("check", "--sheets", folder)
    assert done.exit_code == 0, done.stdout
    assert "No row of any sheet was rejected." in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "parts", "arm"),
    [
        ("Events (placebo)", ("events",), "placebo"),
        ("No. of events in the control group", ("events",), "control"),
        ("N drug", ("n",), "drug"),
        ("event.e", ("events",), "e"),
        ("mean1", ("mean",), "1"),
        ("sd2i", ("sd",), "2"),
        ("n1i", ("n",), "1"),
        ("t2i", ("time",), "2"),
        ("x1i", ("events",), "1"),
        ("Control: mean (SD)", ("mean", "sd"), "control"),
        ("Placebo mean ± SD", ("mean", "sd"), "placebo"),
        ("Vaccine n/N", ("events", "n"), "vaccine"),
        ("Person-years vaccine", ("time",), "vaccine"),
        ("Patientenjahre Verum", ("time",), "verum"),
        ("Mean change placebo", ("mean_change",), "placebo"),
        ("SD of change placebo", ("sd_change",), "placebo"),
        ("Non-events control", ("without",), "control"),
        ("Mittelwert Kontrollgruppe", ("mean",), "control"),
        ("Standardabweichung Interventionsgruppe", ("sd",), "intervention"),
    ],
)
def test_names_of_columns_of_an_arm(name, parts, arm):
    read = of_arm(name)
    assert read is not None
    assert (read.parts, read.arm) == (parts, arm)


@pytest.mark.parametrize("name", ["Study", "Deaths", "Total", "Year", "OR (95% CI)", "Mean age"])
def test_names_that_are_of_no_two_arms(name):
    assert not arms_of([name, "N placebo", "Events placebo"], {}).roles


def test_words_that_both_arms_share_name_neither():
    header = ["Mean pain intervention", "SD pain intervention", "Mean pain control",
              "SD pain control"]  # fmt: skip
    arms = arms_of(header, {})
    assert arms.words == {"intervention": "intervention", "control": "control"}
    assert [role.holds for role in arms.roles.values()] == [
        ("mean_intervention",), ("sd_intervention",), ("mean_control",), ("sd_control",),
    ]  # fmt: skip
