"""`umbrella import results` on tables as teams keep them: what a header leaves open, cells tell."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from umbrella.importing.columns import role_of

RISK_FACTORS = (
    "First author (year),Risk factor,Cancer site,Random-effects result,Remark",
    "Alm (2015),Tea,Colon,RR 1.03 (0.97-1.10),a",
    "Bee (2017),Tea,Breast,RR 1.20 (1.10-1.31),a",
    "Cox (2018),Salt,Colon,RR 1.10 (1.01-1.20),a",
)
HARMS = (
    "Review,Drug,Adverse event,Events drug,N drug,Events placebo,N placebo,OR (95%CI),RD (95% CI)",
    "Alm 2015,Sertraline,Nausea,20,100,10,100,2.25 (0.99 to 5.09),0.100 (0.002 to 0.198)",
    "Bee 2017,Sertraline,Suicide,2,400,0,410,5.15 (0.25 to 107.6),0.005 (-0.003 to 0.013)",
)
DIFFERENCES = (
    "Review,Intervention,Endpoint,SMD (95% CI),Certainty (GRADE)",
    "Alm 2015,Yoga,Pain,-0.41 (-0.60 to -0.22),\u2295\u2295\u2295\u229d Moderate",
    "Bee 2017,Yoga,Function,0.30 (0.10 to 0.50),\u2295\u2295\u229d\u229d",
    "Negative values favour the intervention.,,,,",
)
RATES = (
    "Review,Country,Disorder,Events/N,Prevalence (95% CI),Studies",
    "Alm 2015,Germany,Depression,1200/10000,12.0% (10.0-14.0),5",
    "Alm 2015,France,Depression,1500/10000,15.0% (13.0-17.0),4",
    "Bee 2017,Germany,Anxiety,2200/20000,11.0% (9.0-13.0),5",
)


def rows(folder: Path, sheet: str) -> list[dict[str, str]]:
    with (folder / "extraction" / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def imports(tmp_path, invoke):
    """Import the lines of a table; the exit code, what the command told, and the folder."""

    def run(lines: tuple[str, ...], *arguments: str, into: bool = False):
        table = tmp_path / "table.csv"
        table.write_text("\n".join((*lines, "")), encoding="utf-8")
        folder = tmp_path / "mine"
        where = ("--into", folder) if into else (folder,)
        done = invoke("import", "results", table, *where, *arguments)
        return done.exit_code, " ".join((done.stdout + done.stderr).split()), folder

    return run


def with_column(lines: tuple[str, ...], name: str, *cells: str) -> tuple[str, ...]:
    return tuple(f"{line},{cell}" for line, cell in zip(lines, (name, *cells), strict=True))


def test_an_estimate_with_its_interval_is_known_by_its_cells(imports):
    code, told, folder = imports(RISK_FACTORS)
    assert code == 0, told
    assert "estimate: column Random-effects result, known by its cells" in told
    found = [
        tuple(row[name] for name in ("measure", "outcome", "estimate", "ci_low", "ci_high"))
        for row in rows(folder, "reported_effects")
    ]
    assert found == [
        ("risk_ratio", "colon", "1.03", "0.97", "1.10"),
        ("risk_ratio", "breast", "1.20", "1.10", "1.31"),
        ("risk_ratio", "colon", "1.10", "1.01", "1.20"),
    ]


def test_a_slip_in_one_cell_does_not_hide_what_a_column_holds(imports):
    lines = (*RISK_FACTORS, *(f"D{n} (2019),Salt,Colon,RR 1.1 (1.0-1.2),a" for n in range(3)))
    spoilt = (*lines, "Elm (2020),Salt,Colon,RR 1.1 (1.O-1.2),a")
    code, told, _ = imports(spoilt)
    assert code == 1
    assert "row 8, column Random-effects result, value 'RR 1.1 (1.O-1.2)'" in told


def test_two_columns_of_estimates_are_refused_with_both(imports):
    lines = with_column(RISK_FACTORS, "Adjusted result", *["RR 1.1 (1.0-1.2)"] * 3)
    code, told, folder = imports(lines)
    assert code == 1
    assert "columns that may hold the estimate: Random-effects result, Adjusted result" in told
    assert "--column estimate='Adjusted result'" in told
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "cells", "sheet", "column", "right"),
    [
        ("CE", ("I", "IV", "NS"), "reported_effects", "printed_class", ["I", "IV", "NS"]),
        ("Grade", ("II", "III", "NS"), "reported_effects", "printed_class", ["II", "III", "NS"]),
        ("Appraisal", ("Convincing", "Weak", "Suggestive"), "reported_effects", "printed_class",
         ["Convincing", "Weak", "Suggestive"]),
        ("Appraisal", ("\u2295\u2295\u2295\u2295 High", "\u2295", "\u2295\u2295 Low certainty"),
         "reported_certainty", "rating", ["high", "very_low", "low"]),
        ("Evidence grade", ("High", "Moderate", "Low"), "reported_certainty", "rating",
         ["high", "moderate", "low"]),
        ("GRADE", ("High", "Moderate", "Low"), "reported_certainty", "rating",
         ["high", "moderate", "low"]),
    ],
)  # fmt: skip
def test_classes_and_ratings_are_told_apart_by_their_words(
    imports, name, cells, sheet, column, right
):
    code, told, folder = imports(with_column(RISK_FACTORS, name, *cells))
    assert code == 0, told
    assert [row[column] for row in rows(folder, sheet)] == right


def test_a_column_of_small_numbers_is_no_class(imports):
    code, told, folder = imports(with_column(RISK_FACTORS, "Points", "1", "2", "3"))
    assert code == 0, told
    assert {row["printed_class"] for row in rows(folder, "reported_effects")} == {""}


def test_a_rating_of_quality_is_no_certainty(imports):
    lines = with_column(RISK_FACTORS, "AMSTAR 2", "High", "Low", "Low")
    code, told, folder = imports(lines)
    assert code == 0, told
    assert rows(folder, "reported_certainty") == []
    assert "AMSTAR 2: 3" in told


def test_n_and_big_n_are_events_and_people(imports):
    header = "Review,Condition,N,n,Prevalence,Lower,Upper"
    code, told, folder = imports((header, "Alm 2015,Insomnia,10000,1230,12.3,10.1,14.8"))
    assert code == 0, told
    [rate] = rows(folder, "reported_rates")
    assert (rate["events"], rate["total"]) == ("1230", "10000")


def test_names_that_differ_by_case_are_two_columns(imports):
    code, told, _ = imports((RISK_FACTORS[0] + ",Cases,cases", RISK_FACTORS[1] + ",3,4"))
    assert code == 1
    assert "columns that may hold the n-cases: Cases, cases" in told
    code, told, folder = imports(
        (RISK_FACTORS[0] + ",Cases,cases", RISK_FACTORS[1] + ",3,4"), "--column", "n_cases=cases"
    )
    assert code == 0, told
    assert rows(folder, "reported_effects")[0]["n_cases"] == "4"


def test_texts_that_may_be_outcomes_are_not_pooled_as_one(imports):
    lines = (RISK_FACTORS[0].replace("Cancer site", "Kind"), *RISK_FACTORS[1:])
    code, told, folder = imports(lines)
    assert code == 1
    assert "no column for the outcome is known, but texts repeat in: Kind (such as 'Colon')" in told
    assert "--column outcome='Kind', or --outcome TEXT where all rows are on one outcome" in told
    code, told, folder = imports(lines, "--column", "outcome=Kind")
    assert code == 0, told
    assert {row["outcome"] for row in rows(folder, "reported_effects")} == {"colon", "breast"}


def test_events_and_people_of_arms_are_read_and_harms_keep_apart(imports):
    code, told, folder = imports(HARMS, "--column", "estimate=OR (95%CI)")
    assert code == 0, told
    assert "A review of interventions" in told
    names = ("outcome", "events_intervention", "total_intervention", "events_control",
             "total_control")  # fmt: skip
    assert [tuple(row[name] for name in names) for row in rows(folder, "reported_effects")] == [
        ("nausea", "20", "100", "10", "100"),
        ("suicide", "2", "400", "0", "410"),
    ]


def test_each_measure_of_a_row_has_its_import(imports):
    code, told, folder = imports(HARMS)
    assert code == 1
    assert "the others each by an import of their own, with --into" in told
    code, told, _ = imports(HARMS, "--column", "estimate=OR (95%CI)")
    assert code == 0, told
    assert "results in RD (95% CI): not taken over" in told
    second = ("--column", "estimate=RD (95% CI)")
    code, told, _ = imports(HARMS, *second, into=True)
    assert code == 0, told
    assert "Imported 2 rows of 2 meta-analyses" in told
    found = [(row["measure"], row["scope"]) for row in rows(folder, "reported_effects")]
    assert found == [("odds_ratio", "overall")] * 2 + [("risk_difference", "overall")] * 2
    code, told, _ = imports(HARMS, *second, into=True)
    assert code == 1
    assert "Import a sheet once" in told


def test_the_sign_that_is_good_is_asked_for_with_what_a_note_says(imports):
    code, told, folder = imports(DIFFERENCES)
    assert code == 1
    assert "favours the intervention is not said: Pain, Function" in told
    assert "Negative values favour the intervention." in told
    assert "--favours 'Pain=negative'" in told
    code, told, folder = imports(DIFFERENCES, "--favours", "positive", "--favours", "Pain=negative")
    assert code == 0, told
    effects = rows(folder, "reported_effects")
    assert [row["favourable_direction"] for row in effects] == ["negative", "positive"]
    assert [row["rating"] for row in rows(folder, "reported_certainty")] == ["moderate", "low"]


def test_a_sign_is_positive_or_negative(imports):
    code, told, _ = imports(DIFFERENCES, "--favours", "up")
    assert code == 2
    assert "--favours up: not understood; right: positive or negative" in told


def test_a_row_that_sums_up_the_others_is_left_out(imports):
    total = "Overall,Tea,Colon,RR 1.06 (1.00-1.12),a"
    code, told, folder = imports((*RISK_FACTORS, total, "Total,,,RR 1.0 (0.9-1.1),"))
    assert code == 0, told
    assert "row 5 sums up the others: left out, 'Overall'" in told
    assert "row 6 sums up the others: left out, 'Total'" in told
    assert len(rows(folder, "reported_effects")) == 3


def test_a_table_of_percentages_is_a_review_of_prevalence_by_disorder(imports):
    code, told, folder = imports(RATES)
    assert code == 0, told
    assert "A review of prevalence" in told
    assert "1 rate with the meta-analysis, condition and outcome of an earlier one" in told
    found = [(row["condition"], row["events"], row["total"], row["percent"], row["notes"])
             for row in rows(folder, "reported_rates")]  # fmt: skip
    assert found == [
        ("depression", "1200", "10000", "12.0", "subtype=Germany"),
        ("depression", "1500", "10000", "15.0", "subtype=France"),
        ("anxiety", "2200", "20000", "11.0", "subtype=Germany"),
    ]


def test_a_percentage_out_of_range_is_named_by_its_cell(imports):
    lines = tuple(line.replace("12.0% (10.0", "120% (10.0") for line in RATES)
    code, told, _ = imports(lines)
    assert code == 1
    assert "row 2, column Prevalence (95% CI), value '120% (10.0-14.0)': outside 0 to 100" in told


def rates_per_time(folder):
    columns = ("events", "rate", "rate_low", "rate_high", "rate_unit", "person_time")
    return [tuple(row[column] for column in columns) for row in rows(folder, "reported_rates")]


def test_rates_per_person_time_keep_the_time_that_they_are_for(imports):
    lines = (
        "Review;Drug;Outcome;Rate per 1,000 person-years (95% CI)",
        "Alm 2015;Tea;Stroke;1.2 (1.0 to 1.4)",
    )
    code, told, folder = imports(lines)
    assert code == 0, told
    assert "A review of prevalence" in told
    assert rates_per_time(folder) == [("", "1.2", "1.0", "1.4", "per 1000 person-years", "")]


def test_rates_say_in_their_cells_for_which_time_they_are(imports):
    lines = (
        "Review;Drug;Outcome;IR (95% CI)",
        "Alm 2015;Tea;Stroke;1.2 (1.0 to 1.4) per 1000 person-years",
        "Berg 2016;Tea;Stroke;0.3 (0.2 to 0.5) per 100 PY",
    )
    code, told, folder = imports(lines)
    assert code == 0, told
    assert rates_per_time(folder) == [
        ("", "1.2", "1.0", "1.4", "per 1000 person-years", ""),
        ("", "0.3", "0.2", "0.5", "per 100 person-years", ""),
    ]


def test_events_beside_person_years_are_a_rate(imports):
    lines = (
        "Review;Drug;Outcome;Events;Patient-years", "Alm 2015;Tea;Stroke;124;10,233",
        "Berg 2016;Tea;Stroke;8;971",
    )  # fmt: skip
    code, told, folder = imports(lines)
    assert code == 0, told
    unit = "per 1000 person-years"
    assert rates_per_time(folder) == [
        ("124", "", "", "", unit, "10233"),
        ("8", "", "", "", unit, "971"),
    ]


def test_a_rate_whose_time_is_not_said_asks_for_it(imports):
    lines = ("Review;Drug;Outcome;Incidence rate (95% CI)", "Alm 2015;Tea;Stroke;1.2 (1.0 to 1.4)")
    code, told, _ = imports(lines)
    assert code == 1
    assert "a rate without the person-time that it is for" in told
    code, told, folder = imports(lines, "--unit", "per 100 patient-months")
    assert code == 0, told
    assert rates_per_time(folder) == [("", "1.2", "1.0", "1.4", "per 100 person-months", "")]


def test_tables_of_trials_are_refused_with_a_way_on(imports):
    code, told, _ = imports(("Trial,Outcome,Deaths T,N T,Deaths C,N C", "A,Death,3,40,5,41"))
    assert code == 1
    assert "numbers of two arms and no column for the estimate is known" in told
    assert "umbrella import trials" in told


def test_columns_that_are_not_read_are_told_with_what_they_may_hold(imports):
    lines = with_column(RISK_FACTORS, "Size", "12/340", "45/6700", "9/120")
    code, told, _ = imports(with_column(lines, "Numbr of studies", "3", "4", "5"))
    assert code == 0, told
    assert "two counts in Size: not taken over; --column n_cases/n_total='Size'" in told
    assert "Numbr of studies: not taken over; perhaps --column n_comparisons=" in told


def test_a_misspelt_header_is_named_where_it_is_missed(imports):
    code, told, _ = imports((RISK_FACTORS[0].replace("Risk factor", "Risk facter"),
                             *RISK_FACTORS[1:]))  # fmt: skip
    assert code == 1
    assert "perhaps --column condition='Risk facter'" in told


# Workbooks.


@pytest.fixture
def workbook(tmp_path, invoke):
    """Import a workbook of several worksheets; the exit code, what was told, and the folder."""

    def run(worksheets: dict[str, tuple[str, ...]], *arguments: str):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, lines in worksheets.items():
            cells = book.create_sheet(title)
            for line in lines:
                cells.append(line.split(","))
        book.save(tmp_path / "table.xlsx")
        folder = tmp_path / "mine"
        done = invoke("import", "results", tmp_path / "table.xlsx", folder, *arguments)
        return done.exit_code, " ".join((done.stdout + done.stderr).split()), folder

    return run


def test_the_one_worksheet_with_results_is_read(workbook):
    search = ("Database,Hits", "PubMed,1200")
    code, told, folder = workbook({"Search": search, "Effects": ("Table 4", *RISK_FACTORS)})
    assert code == 0, told
    assert "Read as worksheet 'Effects' of a workbook, without its others: Search" in told
    assert len(rows(folder, "reported_effects")) == 3


def test_of_several_worksheets_with_results_one_is_named(workbook):
    both = {"Table 1": RISK_FACTORS, "Table 2": RISK_FACTORS[:2]}
    code, told, _ = workbook(both)
    assert code == 1
    assert "worksheets with cells: Table 1, Table 2" in told
    assert "--worksheet NAME, one of: Table 1, Table 2" in told
    code, told, folder = workbook(both, "--worksheet", "Table 2")
    assert code == 0, told
    assert len(rows(folder, "reported_effects")) == 1


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("Events drug", ("events_intervention",)), ("N placebo", ("n_control",)),
        ("Placebo n/N", ("events_control", "n_control")), ("Deaths T", ("events_intervention",)),
        ("Number of patients in control group", ("n_control",)),
        ("Adverse event", ("outcome",)), ("Predictor", ("condition",)),
        ("Strength", ("printed_class",)),
        ("Certainty (GRADE)", ("certainty",)), ("No. of studies (n)", ("n_comparisons",)),
        ("n (N)", ("events", "n_total")), ("Dietary factor", ("condition",)),
        ("Primary outcome", ("outcome",)),
    ],
)  # fmt: skip
def test_names_of_columns(name, holds):
    assert role_of(name).holds == holds


@pytest.mark.parametrize("name", ["Control group", "NNH", "Active ingredient", "Type C"])
def test_names_that_say_too_little(name):
    assert role_of(name) is None


def test_a_column_with_some_words_for_measures_is_offered(imports):
    lines = ("Review,Exposure,Outcome,Finding,Effect", "Alm 2015,Tea,Stroke,odds,1.2",
             "Bee 2016,Tea,Stroke,Change,1.3", "Cox 2017,Tea,Stroke,Shift,1.4")  # fmt: skip
    code, told, _ = imports(lines)
    assert code == 1
    assert "no column for the measure is known right: perhaps --column measure='Finding';" in told


def test_a_unit_beside_an_interval_in_a_name_is_the_unit():
    role = role_of("MD (mmHg) [95% CI]")
    assert (role.holds, role.measure, role.unit) == (("estimate",), "mean_difference", "mmHg")


CORRELATES = (
    "Reference,Factor,Effect,ES (95% CI),Egger p",
    "Ames 2016,Widowhood,OR,1.85 (1.52 to 2.25)\u00b9,n.s.",
    "Boyd 2018,Network size,r,-0.24 (-0.31 to -0.17),NS",
    "Choi 2020,Low mood,SMD,0.58 [0.44; 0.72]\u00b2,0.04",
)


def test_a_column_of_words_for_measures_is_no_estimate(imports):
    code, told, folder = imports(CORRELATES, "--outcome", "Loneliness")
    assert code == 0, told
    assert "measure: column Effect" in told
    found = [(row["measure"], row["estimate"]) for row in rows(folder, "reported_effects")]
    assert found == [("odds_ratio", "1.85"), ("correlation", "-0.24"), ("smd", "0.58")]


def test_raised_digits_after_a_number_are_footnote_marks_and_ways_to_say_no_one(imports):
    code, told, folder = imports(CORRELATES, "--outcome", "Loneliness")
    assert code == 0, told
    assert "footnote mark \u00b9 left out: ES (95% CI) (1)" in told
    found = [
        (row["ci_high"], row["small_study_effects"]) for row in rows(folder, "reported_effects")
    ]
    assert found == [("2.25", "no"), ("-0.17", "no"), ("0.72", "")]


def test_columns_that_part_the_people_are_one_subgroup_together(imports):
    lines = (
        "Review;Risk factor;Outcome;Population;Country;RR (95% CI)",
        "Alm 2015;Tea;Stroke;Adults;Norway;1.2 (1.0 to 1.4)",
        "Berg 2016;Tea;Stroke;Children;;1.1 (1.0 to 1.2)",
    )
    code, told, folder = imports(lines)
    assert code == 0, told
    assert "Country: joined with the other subtype (1 cell)" in told
    found = [row["subtype"] for row in rows(folder, "reported_effects")]
    assert found == ["Adults, Norway", "Children"]
