"""`umbrella import results` on tables as papers print them, against plain numbers beside them."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.python.conftest import ROOT
from umbrella.importing.cells import Refused, Split, split
from umbrella.importing.columns import role_of
from umbrella.sheets.numerals import Numerals

DATA = ROOT / "tests" / "data" / "imports"
HEAD = "Reference,Exposure,Outcome,Metric,Effect size (95% CI)"


def rows(folder: Path, sheet: str) -> list[dict[str, str]]:
    with (folder / sheet).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def effects(folder: Path) -> list[dict[str, str]]:
    return rows(folder, "extraction/reported_effects.csv")


@pytest.fixture
def imports(tmp_path, invoke):
    """Import the lines of a table; the folder, and what the command told."""

    def run(*lines: str, arguments: tuple[str, ...] = ()):
        table = tmp_path / "table.csv"
        table.write_text("\n".join((*lines, "")), encoding="utf-8")
        done = invoke("import", "results", table, tmp_path / "mine", *arguments)
        told = " ".join((done.stdout + done.stderr).split())
        return done.exit_code, told, tmp_path / "mine"

    return run


def test_a_test_may_have_a_column_of_p_and_one_of_verdicts(imports):
    lines = (
        f"{HEAD},Egger's test P value,Excess significance P,SSE/ESB",
        "Ash 2001,Noise,Stroke,OR,1.22 (1.16-1.28),0.202,0.31,No/No",
        "Birch 2009,Smoke,Stroke,OR,1.35 (1.25-1.46),0.004,NR,Yes/No",
    )
    code, told, folder = imports(*lines)
    assert code == 0, told
    columns = ("egger_p", "small_study_effects", "excess_significance_p", "excess_significance")
    assert [tuple(row[column] for column in columns) for row in effects(folder)] == [
        ("0.202", "no", "0.31", "no"), ("0.004", "yes", "", "no"),
    ]  # fmt: skip
    two = (f"{HEAD},Egger's test P value,Egger P", "Ash 2001,Noise,Stroke,OR,1.2 (1.1-1.3),0.2,0.3")
    code, told, _ = imports(*two)
    assert code == 1
    assert "columns that may hold the egger" in told


def test_what_stands_beside_another_number_in_a_cell(imports):
    head = f'{HEAD},"N of cases, N total","I2, % (P)",ESB'
    rows = (
        '"Lee, 2019",Noise,Stroke,,1.13 (1.08-1.18),"14,000, 410,000",35 (0.20),no',
        '"Kim, 2018",Smoke,Stroke,,1.20 (1.09-1.32),"700, 31,000",61% (<0.001),NP',
    )
    code, told, _ = imports(head, *rows, arguments=("--measure", "RR"))
    assert code == 1
    assert "'NP': neither a P nor yes or no (--read 'NP=no' says" in told
    code, told, folder = imports(head, *rows, arguments=("--measure", "RR", "--read", "NP=no"))
    assert code == 0, told
    columns = ("measure", "n_cases", "n_total", "i2", "excess_significance")
    assert [tuple(row[column] for column in columns) for row in effects(folder)] == [
        ("risk_ratio", "14000", "410000", "35", "no"), ("risk_ratio", "700", "31000", "61", "no"),
    ]  # fmt: skip
    assert "I2, % (P): P of heterogeneity not taken over (2 cells)" in told


@pytest.mark.parametrize(
    ("cells", "column"), [(("12 450", "98000"), "n_total"), (("adults", "98000"), "subtype")]
)
def test_a_population_is_a_number_where_all_its_cells_are(imports, cells, column):
    rows = (
        f"Ash {2001 + i},Noise {i},Stroke,OR,1.2 (1.1-1.3),{cell}" for i, cell in enumerate(cells)
    )
    code, told, folder = imports(f"{HEAD},Population", *rows)
    assert code == 0, told
    assert [row[column] for row in effects(folder)] == [cell.replace(" ", "") for cell in cells]


# A table of 198 rows whose numbers are known apart.


@pytest.fixture(scope="module")
def risk_factors(tmp_path_factory, invoke):
    folder = tmp_path_factory.mktemp("printed") / "mine"
    done = invoke("import", "results", DATA / "printed_risk_factors.csv", folder)
    assert done.exit_code == 0, done.stderr
    with (DATA / "printed_risk_factors_truth.csv").open(encoding="utf-8", newline="") as file:
        return effects(folder), list(csv.DictReader(file)), done.stdout


def test_every_row_of_a_printed_table_is_an_effect(risk_factors):
    found, truth, _ = risk_factors
    assert [row["source_locator"] for row in found] == [
        f"printed_risk_factors.csv, row {row['row']}" for row in truth
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("estimate", "estimate"), ("ci_low", "low"), ("ci_high", "high"), ("p_value", "p"),
        ("n_comparisons", "studies"), ("n_cases", "cases"), ("n_total", "participants"),
        ("i2", "i2"),
    ],
)  # fmt: skip
def test_numbers_are_those_of_the_paper(risk_factors, ours, theirs):
    found, truth, _ = risk_factors
    numbers = [(row[ours] and float(row[ours])) for row in found]
    assert numbers == [(row[theirs] and float(row[theirs])) for row in truth]


@pytest.mark.parametrize(("ours", "theirs"), [("pi", "pi"), ("largest_ci", "largest")])
def test_intervals_are_split(risk_factors, ours, theirs):
    found, truth, _ = risk_factors
    ends = [[row[f"{ours}_low"], row[f"{ours}_high"]] for row in found]
    assert ends == [row[theirs].split()[-2:] if row[theirs] else ["", ""] for row in truth]


@pytest.mark.parametrize(
    ("p", "verdict", "theirs"),
    [
        ("egger_p", "small_study_effects", "egger"),
        ("excess_significance_p", "excess_significance", "excess"),
    ],
)
def test_tests_of_bias_are_a_p_or_a_verdict(risk_factors, p, verdict, theirs):
    found, truth, _ = risk_factors
    for row, right in zip(found, truth, strict=True):
        is_word = right[theirs] in ("yes", "no", "")
        assert row[verdict] == (right[theirs] if is_word else "")
        assert (row[p] and float(row[p])) == ("" if is_word else float(right[theirs]))


def test_bounds_measures_texts_and_groups_are_those_of_the_paper(risk_factors):
    found, truth, _ = risk_factors
    measures = {"RR": "risk_ratio", "OR": "odds_ratio", "HR": "hazard_ratio"}
    for row, right in zip(found, truth, strict=True):
        assert row["p_operator"] == ("<" if right["p_is_bound"] == "True" else "=")
        assert row["measure"] == measures[right["metric"]]
        assert row["condition"] == right["exposure"].lower().replace(" ", "_")
        assert row["comparator_as_reported"] == right["comparison"]
        assert f"group={right['group']}" in row["notes"]


def test_what_is_no_result_is_told_with_its_row(risk_factors):
    told = risk_factors[2]
    for words in (
        "row 1 above the header: left out, 'Table 2. Associations of 13 exposures",
        "header: rows 3 and 4 together",
        "row 5 names a group of 50 rows: 'Cancer outcomes'",
        "row 209 is a note: left out, '* After leaving out one study.'",
        "footnote mark \u2020 left out: ",
        "n_cases and n_total: column Cases/participants",
        "Cases/participants: split into n_cases and n_total (198 cells)",
        "comparison 'per 10 g/day': comparator per unit",
    ):
        assert words in told


def test_percentages_with_counts_and_decimal_commas_are_rates(tmp_path, invoke):
    table = DATA / "printed_prevalence.csv"
    done = invoke("import", "results", table, tmp_path / "mine", "--kind", "prevalence")
    assert done.exit_code == 0, done.stderr
    columns = ("events", "total", "percent", "percent_low", "percent_high", "n_studies", "outcome")
    found = rows(tmp_path / "mine", "extraction/reported_rates.csv")
    assert [tuple(row[column] for column in columns) for row in found] == [
        ("1240", "8921", "13.9", "11.2", "16.9", "12", "prevalence"),
        ("310", "2480", "12.5", "9.8", "15.6", "7", "prevalence"),
        ("1105", "4420", "25.0", "21.3", "29.0", "9", "prevalence"),
        ("88", "640", "13.75", "", "", "4", "prevalence"),
        ("", "", "4.2", "2.9", "5.8", "3", "prevalence"),
    ]
    assert "thousands grouped by points in n/N (5)" in done.stdout
    assert "measure of rows without a word for it: proportion (5 rows)" in done.stdout
    assert "fractions" not in done.stdout


def test_mean_differences_keep_their_units_and_come_from_means_where_there_is_none(
    tmp_path, invoke
):
    table = DATA / "printed_differences.csv"
    done = invoke("import", "results", table, tmp_path / "mine", "--kind", "interventions")
    assert done.exit_code == 0, done.stderr
    columns = ("outcome", "estimate", "ci_low", "ci_high", "measure_unit", "p_operator", "p_value")
    found = effects(tmp_path / "mine")
    assert [tuple(row[column] for column in columns) for row in found] == [
        ("systolic_blood_pressure", "-4.2", "-6.6", "-1.8", "mmHg", "<", "0.001"),
        ("body_weight", "-0.8", "-2.8", "1.2", "kg", "=", "0.43"),
        ("systolic_blood_pressure", "-3.2", "", "", "mmHg", "=", "0.11"),
        ("fasting_glucose", "-0.2", "-0.4", "0.0", "mmol/L", ">", "0.05"),
    ]
    # 14.0 and 13.5 over 95 and 98 people: the root of 2.06316 + 1.85969.
    assert float(found[2]["se"]) == pytest.approx(1.980619, abs=1e-6)
    assert "from means, standard deviations and numbers (1 row)" in done.stdout


# Cells.


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("1.23 (1.10-1.38)", Split("1.23", "1.10", "1.38")),
        ("1.23 [1.10; 1.38]", Split("1.23", "1.10", "1.38")),
        ("RR 1.23 (1.10 to 1.38)", Split("1.23", "1.10", "1.38", word="RR")),
        ("OR = 1.23; 95% CI: 1.10-1.38", Split("1.23", "1.10", "1.38", "OR", level="0.95")),
        ("1.23 (99% CI 1.1 to 1.4)", Split("1.23", "1.1", "1.4", level="0.99")),
        (
            "\u22120.31 (95% CI \u22120.54, \u22120.08)",
            Split("-0.31", "-0.54", "-0.08", level="0.95"),
        ),
        ("0.80\u20131.90", Split("", "0.80", "1.90")),
        ("-0.54--0.08", Split("", "-0.54", "-0.08")),
        ("0,31 (0,10, 0,54)", Split("0.31", "0.10", "0.54")),
        ("12,5% (10,1\u201315,3)", Split("12.5", "10.1", "15.3", is_percent=True)),
        ("\u22124.2 kg/m2 (\u22126.1 to \u22122.3)", Split("-4.2", "-6.1", "-2.3", unit="kg/m2")),
        ("1\u00b723 (1\u00b710 to 1\u00b738)", Split("1.23", "1.10", "1.38")),
        ("1,234.5 (1,100 to 1,400.2)", Split("1234.5", "1100", "1400.2")),
        ("1.23 (1.10\u20131.38; P < 0.001)", Split("1.23", "1.10", "1.38", p="P < 0.001")),
        ("1.23", None),
        ("1.23 (0.10)", None),
        ("1.10,1.38", None),
    ],
)
def test_an_interval_in_one_cell(cell, right):
    assert split(cell, "Effect", Numerals()) == right


@pytest.mark.parametrize(
    ("cell", "readings"),
    [
        ("-0.31 (-0.54 -0.08)", "-0.31 (-0.54 to 0.08) or -0.31 (-0.54 to -0.08)"),
        ("1,234 (1,100; 1,400)", "1234 (1100 to 1400) or 1.234 (1.100 to 1.400)"),
    ],
)
def test_a_cell_of_two_readings_is_refused_with_both(cell, readings):
    with pytest.raises(Refused, match="can be read in two ways") as refused:
        split(cell, "Effect", Numerals())
    assert readings in str(refused.value)


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("Summary OR (95% CI)", ("estimate",)), ("P-value (random effects)", ("p_value",)),
        ("No. cases/controls", ("n_cases", "n_controls")), ("n/N", ("events", "n_total")),
        ("Studies (participants)", ("n_comparisons", "n_total")), ("I\u00b2 (%)", ("i2",)),
        ("95% PI", ("prediction",)), ("Egger's P value", ("egger",)),
        ("> 1000 cases", ("n_cases",)),
        ("Largest study (95% CI)", ("largest",)), ("Evidence class", ("printed_class",)),
        ("Lower 95% CI", ("ci_low",)), ("CI 95%", ("interval",)),
        ("Random effects (95% CI)", ("estimate",)), ("Random effects 95% CI", ("interval",)),
        ("SSE/ESB", ("egger", "excess")), ("ESB_p", ("excess",)), ("LS_CI", ("largest_interval",)),
        ("P for excess significance", ("excess",)), ("Meta-analysis P value", ("p_value",)),
    ],
)  # fmt: skip
def test_names_of_columns(name, holds):
    assert role_of(name).holds == holds


@pytest.mark.parametrize("name", ["P for heterogeneity", "Study design", "Weight", "Quality"])
def test_columns_whose_names_say_something_else_are_not_taken(name):
    assert role_of(name) is None


# Tables.


def test_thresholds_that_are_met_or_not_become_bounds(imports):
    code, told, folder = imports(
        HEAD + ",Cases > 1000,P < 10^-6,I2 < 50%,95% PI includes null,Largest study significant",
        "Alm 2019,Tea,Stroke,RR,1.20 (1.10 to 1.31),Yes,No,yes,No,yes",
        "Alm 2019,Rye,Stroke,RR,1.30 (1.20 to 1.41),no,Yes,no,Yes,no",
    )
    assert code == 0, told
    columns = ("n_cases_operator", "n_cases", "p_operator", "p_value", "i2_operator", "i2",
               "pi_excludes_null", "largest_significant")  # fmt: skip
    assert [tuple(row[column] for column in columns) for row in effects(folder)] == [
        (">", "1000", ">", "1E-6", "<", "50", "yes", "yes"),
        ("<=", "1000", "<", "1E-6", ">=", "50", "no", "no"),
    ]
    assert "n_cases: column Cases > 1000, yes as > 1000" in told


def test_groups_without_a_column_that_they_name_are_asked_for(imports):
    lines = (
        "Reference,Outcome,RR (95% CI)", "Tea,,", "Alm 2019,Stroke,1.2 (1.1 to 1.3)",
        "Rye,,", "Alm 2019,Stroke,1.3 (1.1 to 1.5)",
    )  # fmt: skip
    code, told, _ = imports(*lines)
    assert code == 1
    assert "rows stand in groups: Tea, Rye" in told
    assert "--groups condition" in told
    code, told, folder = imports(*lines, arguments=("--groups", "condition"))
    assert code == 0, told
    assert [row["condition"] for row in effects(folder)] == ["tea", "rye"]
    assert {row["measure"] for row in effects(folder)} == {"risk_ratio"}


def test_cells_that_are_empty_below_a_name_are_filled_where_the_caller_says_so(imports):
    lines = (HEAD, "Alm 2019,Tea,Stroke,RR,1.2 (1.1 to 1.3)", ",,Cramp,RR,1.3 (1.1 to 1.5)")
    code, told, _ = imports(*lines)
    assert code == 1
    assert "--fill condition where an empty cell means the one above" in told
    fills = ("--fill", "condition", "--fill", "meta_analysis")
    code, told, folder = imports(*lines, arguments=fills)
    assert code == 0, told
    assert [row["condition"] for row in effects(folder)] == ["tea", "tea"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            (HEAD, "Alm 2019,Tea,Stroke,RR,1.2 (0.1)"),
            "row 2, column Effect size (95% CI), value '1.2 (0.1)': 0.1 can be read in two ways: a "
            "standard error or a standard deviation",
        ),
        (
            (HEAD, "Alm 2019,Tea,Stroke,RR,OR 1.2 (1.1 to 1.3)"),
            "another measure than elsewhere in the row: risk_ratio",
        ),
        (
            (
                HEAD + ",P value,P (random effects)",
                "Alm 2019,Tea,Stroke,RR,1.2 (1.1 to 1.3),0.1,0.2",
            ),
            "columns that may hold the p-value: P value, P (random effects) right: "
            "--column p_value='P value' or --column p_value='P (random effects)'",
        ),
        (
            (HEAD + ",Excess significance", "Alm 2019,Tea,Stroke,RR,1.2 (1.1 to 1.3),NP"),
            "column Excess significance, value 'NP': neither a P nor yes or no",
        ),
        (
            ("Reference,Exposure,n/N,Prevalence (%)", "Alm 2019,Tea,45/360,15.0"),
            "45 of 360 are 12.5 %, not 15.0 %",
        ),
        (
            ("Reference,Exposure,Outcome,MD (SD),n", "Alm 2019,Tea,Pain,-2.1 (4.0),80"),
            "a standard deviation without the people of each group",
        ),
    ],
)
def test_what_has_two_readings_or_none_is_refused(imports, lines, words):
    code, told, folder = imports(*lines)
    assert code == 1
    assert words in told
    assert not folder.exists()


def test_a_word_is_read_as_the_caller_says(imports):
    code, told, folder = imports(
        HEAD + ",Excess significance", "Alm 2019,Tea,Stroke,RR,1.2 (1.1 to 1.3),NP",
        arguments=("--read", "NP=no"),
    )  # fmt: skip
    assert code == 0, told
    assert effects(folder)[0]["excess_significance"] == "no"


def test_a_header_in_two_rows_names_what_stands_below_it(imports):
    code, told, folder = imports(
        "Reference,Exposure,Outcome,Summary,,Largest study,",
        ",,,RR,95% CI,RR,95% CI",
        "Alm 2019,Tea,Stroke,1.2,1.1\u20131.3,1.25,1.05\u20131.49",
    )
    assert code == 0, told
    [row] = effects(folder)
    assert (row["estimate"], row["ci_low"], row["ci_high"]) == ("1.2", "1.1", "1.3")
    assert [row[f"largest_{part}"] for part in ("estimate", "ci_low", "ci_high")] == [
        "1.25", "1.05", "1.49",
    ]  # fmt: skip


def test_units_of_differences_are_given_by_outcome_or_condition(imports):
    code, told, folder = imports(
        "Reference,Exposure,Outcome,MD (95% CI)", "Alm 2019,Tea,Pain,-2.1 (-4.0 to -0.2)",
        "Alm 2019,Rye,Mass,1.0 (0.5 to 1.5)",
        arguments=("--unit", "Pain=points", "--unit", "Rye=kg"),
    )  # fmt: skip
    assert code == 0, told
    assert [row["measure_unit"] for row in effects(folder)] == ["points", "kg"]


def test_names_of_a_program_and_two_verdicts_in_one_cell(imports):
    code, told, folder = imports(
        "paper,Factor,outcome,n_studies,total_n,n_cases,eOR,eOR_CI,p.value,PI_lo,PI_up,SSE/ESB,"
        "LS_CI,Class",
        'Alm 2019,Tea,Stroke,12,40000,2100,1.30,"1.20, 1.41",1e-9,1.05,1.61,No/Yes,"1.1, 1.5",II',
    )
    assert code == 0, told
    [row] = effects(folder)
    expected = {
        "measure": "odds_ratio", "estimate": "1.30", "ci_low": "1.20", "ci_high": "1.41",
        "p_operator": "=", "n_comparisons": "12", "n_total": "40000", "n_cases": "2100",
        "pi_low": "1.05", "pi_high": "1.61", "small_study_effects": "no",
        "excess_significance": "yes", "largest_ci_low": "1.1", "largest_ci_high": "1.5",
        "printed_class": "II",
    }  # fmt: skip
    assert {column: row[column] for column in expected} == expected
    assert float(row["p_value"]) == 1e-9


# Several tables into one review.


def test_a_second_table_joins_the_meta_analyses_that_are_there(imports, invoke, tmp_path):
    code, told, folder = imports(
        HEAD, "Alm 2019,Tea,Stroke,RR,1.2 (1.1 to 1.3)", "Bask 2020,Tea,Stroke,RR,1.4 (1.2 to 1.6)"
    )
    assert code == 0, told
    second = tmp_path / "second.csv"
    second.write_text(
        f"{HEAD}\nAlm 2019,Tea,Stroke,RR,1.3 (1.1 to 1.5)\n"
        "Alm 2019,Tea,Cramp,RR,1.1 (0.9 to 1.3)\n",
        encoding="utf-8",
    )
    done = invoke("import", "results", second, "--into", folder)
    assert done.exit_code == 0, done.stderr
    assert "meta-analyses that are there already: Alm_2019" in done.stdout
    assert "1 row with the meta-analysis, condition, outcome and measure of one that is there" in (
        " ".join(done.stdout.split())
    )
    found = [(row["effect_id"], row["outcome"], row["scope"]) for row in effects(folder)]
    assert found == [
        ("Alm_2019_2", "stroke", "overall"),
        ("Bask_2020_3", "stroke", "overall"),
        ("Alm_2019_2_2", "stroke", "subgroup"),
        ("Alm_2019_3", "cramp", "overall"),
    ]
    papers = [row["meta_analysis_id"] for row in rows(folder, "extraction/meta_analyses.csv")]
    assert papers == ["Alm_2019", "Bask_2020"]
    again = invoke("import", "results", second, "--into", folder)
    assert again.exit_code == 1
    assert "holds Alm_2019 already: nothing was written" in " ".join(again.stderr.split())


def test_two_papers_of_one_identifier_are_refused_with_both(imports, invoke, tmp_path):
    code, told, folder = imports(HEAD, "Alm 2019,Tea,Stroke,RR,1.2 (1.1 to 1.3)")
    assert code == 0, told
    second = tmp_path / "second.csv"
    second.write_text(f"{HEAD}\nAlm (2019),Tea,Stroke,RR,1.3 (1.1 to 1.5)\n", encoding="utf-8")
    done = invoke("import", "results", second, "--into", folder)
    assert done.exit_code == 1
    assert "Alm_2019 would stand for 'Alm 2019'" in " ".join(done.stderr.split())


def test_trials_of_one_name_from_two_sheets_are_told(tmp_path, invoke):
    head = "meta_review,factor,author,year,measure,value,se,n_cases,n_controls"
    for name, factor in (("one", "Walking"), ("two", "Rowing")):
        (tmp_path / f"{name}.csv").write_text(
            f"{head}\nRowe {name},{factor},Hart,2010,SMD,0.3,0.1,200,210\n", encoding="utf-8"
        )
    done = invoke("import", "metaumbrella", tmp_path / "one.csv", tmp_path / "mine")
    assert done.exit_code == 0, done.stderr
    done = invoke("import", "metaumbrella", tmp_path / "two.csv", "--into", tmp_path / "mine")
    assert done.exit_code == 0, done.stderr
    told = " ".join(done.stdout.split())
    assert "1 trial with the name of one that is there count as the same: Hart 2010" in told


def test_merged_cells_of_a_workbook_stand_for_what_they_cover(tmp_path, invoke):
    book = openpyxl.Workbook()
    cells = book.active
    for row in (
        ("Table 1. Made up", "", "", "", ""),
        ("Reference", "Exposure", "Outcome", "Summary", ""),
        ("", "", "", "RR", "95% CI"),
        ("Cancer", "", "", "", ""),
        ("Alm 2019", "Tea", "Stroke", "1.2", "1.1 to 1.3"),
        ("", "", "Cramp", "1.3", "1.1 to 1.5"),
    ):
        cells.append(row)
    for area in ("A1:E1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "A4:E4", "A5:A6", "B5:B6"):
        cells.merge_cells(area)
    path = tmp_path / "table.xlsx"
    book.save(path)
    done = invoke("import", "results", path, tmp_path / "mine")
    assert done.exit_code == 0, done.stderr
    columns = ("condition", "outcome", "measure", "estimate", "ci_low", "ci_high")
    assert [tuple(row[column] for column in columns) for row in effects(tmp_path / "mine")] == [
        ("tea", "stroke", "risk_ratio", "1.2", "1.1", "1.3"),
        ("tea", "cramp", "risk_ratio", "1.3", "1.1", "1.5"),
    ]
    told = " ".join(done.stdout.split())
    assert "row 1 above the header: left out, 'Table 1. Made up'" in told
    assert "row 4 names a group of 2 rows: 'Cancer'" in told


def test_a_measure_that_is_nearly_spelt_is_asked_after(imports):
    code, told, _ = imports(HEAD, "Alm 2019,Tea,Insomnia,Prevelance,1.2 (1.1 to 1.3)")
    assert code == 0, told
    assert "measure 'Prevelance': not known, so never pooled (1 row)" in told
    assert "(perhaps proportion)" in told
