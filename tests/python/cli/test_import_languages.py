"""`umbrella import results` on tables as teams type them in Excel, in several languages."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.python.cases import each
from umbrella.importing.cells import split, verdict
from umbrella.importing.columns import COLUMNS, MEASURES, measure_in, measure_of, role_of
from umbrella.importing.contents import certainty_of
from umbrella.importing.languages import CELLS, IN_NAMES, NAMES
from umbrella.importing.rows import Codes, identifier
from umbrella.sheets.numerals import Numerals

GERMAN = (
    "Tabelle 2: Prävalenz der Depression;;;;;;",
    "Autor (Jahr);Erkrankung;Population;Anzahl Studien;Teilnehmer;Prävalenz % (95 %-KI);I² (%)",
    "Müller (2015);Diabetes;Erwachsene;22;18.420;24,3 (20,1–28,9);96",
    "Weiß (2019);Herzinsuffizienz;Erwachsene;18;9.804;21,5 (18,3 bis 25,1);k. A.",
    "Gesamt;;;;28.224;;",
)
FRENCH = (
    ("Auteur, année", "Facteur", "Critère de jugement", "Nombre d'études", "Effectif",
     "HR [IC 95 %]", "p", "I² (%)", "Modèle"),
    ("Roux, 2019", "Sport", "Survie", 7, "2 890", "0,78 [0,65 ; 0,93]", "0,006", 0, "fixe"),
    ("Blanc, 2020", "Sport", "Survie", 5, "1 904", "0,82 [0,66 à 1,02]", "0,07", "ND", "aléatoire"),
)  # fmt: skip
SPANISH = (
    ("Autor (año)", "Intervención", "Resultado", "Nº de estudios", "Participantes",
     "DME (IC 95%)", "Certeza de la evidencia"),
    ("Gómez (2016)", "Yoga", "Dolor", 14, 1220, "-0,42 (-0,61 a -0,23)", "Moderada"),
    ("Núñez (2018)", "Yoga", "Dolor", 9, 804, "-0,38 (-0,60; -0,16)", "Muy baja"),
)  # fmt: skip
RISKS = (
    ("Risikofaktor", "Endpunkt", "Autor", "Jahr", "Fälle/Teilnehmer", "Effektmaß", "Effekt",
     "unteres KI", "oberes KI", "p-Wert"),
    ("Rauchen", "Schlaganfall", "Schäfer", date(2018, 1, 1), "980/38.100", "HR", 1.61, 1.35, 1.92,
     "<0,001"),
)  # fmt: skip
HARMS = (
    ("Review", "Drug", "Adverse event", "Measure", "Effect", "LCL", "UCL"),
    ("Alm 2015", "Sertraline", "Death", "Peto OR", 7.36, 0.77, 70.8),
    ("Bee 2017", "Sertraline", "Nausea", "RD", "5.0%", "2.1%", "7.9%"),
    ("Cox 2018", "Sertraline", "Nausea", "Risk difference (RD)", 0.0588, 0.0147, 0.103),
)  # fmt: skip
DOSES = (
    ("Review", "Exposure", "Outcome", "Contrast", "RR (95% CI)", "I2"),
    ("Alm 2015", "Fibre", "Cancer", "highest vs lowest", "0.84 (0.78–0.89)", 0.445),
    ("Alm 2015", "Fibre", "Cancer", "lowest", "1 (ref.)", None),
    ("Alm 2015", "Fibre", "Cancer", "lowest", "Reference", None),
    ("Bee 2017", "Fibre", "Cancer", "per 10 g/day", "0.90 (0.86–0.94)", 0.31),
)  # fmt: skip
RATES = (
    ("Review", "Condition", "n/N (%)", "Pooled prevalence", "95% CI lower", "95% CI upper"),
    ("Alm 2015", "Burnout", "1210/3200 (37.8%)", 0.391, 0.31, 0.475),
    ("Bee 2017", "Burnout", "1450/4210 (34.4%)", "35.1%", "29.0%", "41.5%"),
)


@pytest.fixture
def imports(tmp_path, invoke):
    """Import lines of CSV or records of a worksheet; exit code, what was told, the folder."""

    def run(records: Sequence, *arguments: str, percent: str = ""):
        table = tmp_path / ("table.csv" if isinstance(records[0], str) else "table.xlsx")
        if table.suffix == ".csv":
            table.write_bytes("\r\n".join(records).encode("cp1252"))
        else:
            book = openpyxl.Workbook()
            for record in records:
                book.active.append(record)
            for row in book.active[percent] if percent else ():
                for cell in row:
                    cell.number_format = "0.0%"
            book.save(table)
        done = invoke("import", "results", table, tmp_path / "mine", *arguments)
        return done.exit_code, " ".join((done.stdout + done.stderr).split()), tmp_path / "mine"

    return run


def found(folder: Path, sheet: str, *columns: str) -> list[tuple[str, ...]]:
    with (folder / "extraction" / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]


NUMBERS = ("measure", "estimate", "ci_low", "ci_high")


def test_a_german_table_needs_no_option(imports):
    code, told, folder = imports(GERMAN)
    assert code == 0, told
    percents = ("rate_id", "condition", "percent", "percent_low", "percent_high", "total")
    assert found(folder, "reported_rates", *percents, "n_studies") == [
        ("Muller_2015_3", "diabetes", "24.3", "20.1", "28.9", "18420", "22"),
        ("Weiss_2019_4", "herzinsuffizienz", "21.5", "18.3", "25.1", "9804", "18"),
    ]
    assert "row 5 sums up the others: left out" in told


def test_a_french_table_needs_no_option(imports):
    code, told, folder = imports(FRENCH)
    assert code == 0, told
    columns = (*NUMBERS, "n_comparisons", "n_total", "p_value", "i2", "synthesis_model")
    assert found(folder, "reported_effects", *columns) == [
        ("hazard_ratio", "0.78", "0.65", "0.93", "7", "2890", "0.006", "0", "fixed"),
        ("hazard_ratio", "0.82", "0.66", "1.02", "5", "1904", "0.07", "", "random"),
    ]


def test_a_spanish_table_asks_for_the_good_direction_alone(imports):
    code, told, _ = imports(SPANISH)
    assert (code, "1 problem in 1 sheet" in told) == (1, True), told
    code, told, folder = imports(SPANISH, "--favours", "negative")
    assert code == 0, told
    assert "A review of interventions" in told
    assert found(folder, "reported_effects", *NUMBERS, "n_total", "favourable_direction") == [
        ("smd", "-0.42", "-0.61", "-0.23", "1220", "negative"),
        ("smd", "-0.38", "-0.60", "-0.16", "804", "negative"),
    ]
    assert found(folder, "reported_certainty", "rating") == [("moderate",), ("very_low",)]


def test_a_year_that_the_workbook_holds_as_a_date_is_its_year(imports):
    code, told, folder = imports(RISKS)
    assert code == 0, told
    assert found(folder, "meta_analyses", "meta_analysis_id", "year") == [("Schafer_2018", "2018")]
    assert found(folder, "reported_effects", *NUMBERS, "n_cases", "n_total") == [
        ("hazard_ratio", "1.61", "1.35", "1.92", "980", "38100")
    ]


def test_risk_differences_in_percent_are_fractions_as_the_others(imports):
    code, told, folder = imports(HARMS)
    assert code == 0, told
    assert found(folder, "reported_effects", *NUMBERS) == [
        ("odds_ratio", "7.36", "0.77", "70.8"),
        ("risk_difference", "0.05", "0.021", "0.079"),
        ("risk_difference", "0.0588", "0.0147", "0.103"),
    ]
    assert "risk differences in percent divided by 100 (1 row)" in told
    assert "measure 'Peto OR': odds ratio (1 row)" in told


def test_the_row_of_the_reference_category_is_no_result(imports):
    code, told, folder = imports(DOSES, percent="F2:F5")
    assert code == 0, told
    assert found(folder, "reported_effects", "estimate", "i2", "comparator", "scope") == [
        ("0.84", "44.5", "lowest_level", "overall"),
        ("0.90", "31.0", "per_unit", "overall"),
    ]
    for row in (3, 4):
        assert f"row {row} is the reference of others: left out" in told


def test_cells_that_a_workbook_shows_as_percentages_are_these(imports):
    code, told, folder = imports(RATES, percent="D2:F3")
    assert code == 0, told
    percents = ("percent", "percent_low", "percent_high", "events", "total")
    assert found(folder, "reported_rates", *percents) == [
        ("39.1", "31.0", "47.5", "1210", "3200"),
        ("35.1", "29.0", "41.5", "1450", "4210"),
    ]


def test_a_fraction_beside_percent_signs_may_be_either(imports):
    code, told, _ = imports(RATES)
    assert code == 1
    assert "value '0.391': can be read in two ways beside percent signs: 0.391 % or 39.1 %" in told


def test_counts_beside_another_percentage_are_refused(imports):
    code, told, _ = imports((*RATES[:2], (*RATES[2][:2], "1450/4210 (43.4%)", *RATES[2][3:])))
    assert code == 1
    assert "1450 of 4210 are 34.44 %, not 43.4 %" in told


def test_rates_by_time_keep_their_person_time(imports):
    name = "Inzidenzrate pro 1000 Personenjahre (95 %-KI)"
    lines = (f"Autor;Erkrankung;Endpunkt;{name}", "Alm 2015;Krebs;Thrombose;12,3 (11,1–13,5)")
    code, told, folder = imports(lines)
    assert code == 0, told
    columns = ("rate", "rate_low", "rate_high", "rate_unit")
    assert found(folder, "reported_rates", *columns) == [
        ("12.3", "11.1", "13.5", "per 1000 person-years")
    ]


CONTRASTS = {
    "highest vs lowest": ("lowest_level", ""),
    "per 10 g/day": ("per_unit", ""),
    "10g/d": ("per_unit", ""),
    "ever vs. never": ("unexposed", ""),
    "lowest vs highest": ("unclear", "compared the other way round: lowest vs highest"),
    "never vs current": ("unclear", "compared the other way round: never vs current"),
    "per 5 g decrease": ("unclear", "compared the other way round: per 5 g decrease"),
    "niedrigste vs höchste": ("unclear", "compared the other way round: niedrigste vs höchste"),
}


@pytest.mark.parametrize("contrast", CONTRASTS)
def test_a_contrast_of_less_against_more_is_in_no_pool(imports, contrast):
    rows = (DOSES[0], (*DOSES[1][:3], contrast, *DOSES[1][4:]))
    code, told, folder = imports(rows)
    assert code == 0, told
    assert found(folder, "reported_effects", "comparator", "restriction") == [CONTRASTS[contrast]]
    is_opposite = bool(CONTRASTS[contrast][1])
    assert (f"comparison {contrast!r}: the other way round, so in no pool" in told) == is_opposite


def test_a_contrast_of_less_says_what_to_type_instead(imports):
    lines = (
        "Review;Exposure;Outcome;Comparison;RR (95% CI)",
        "Alm 2015;Tea;Stroke;lowest vs highest;0.80 (0.70 to 0.91)",
        "Cole 2016;Oats;Stroke;per 5 g decrease;0.95 (0.90 to 1.00)",
    )
    code, told, _ = imports(lines)
    assert code == 0, told
    assert "type 'highest vs lowest' in column Comparison and turn the numbers round" in told
    assert "row 2 1.25 (1.10 to 1.43)" in told
    assert "type 'per 5 g increase' in column Comparison" in told
    assert "row 3 1.05 (1.00 to 1.11)" in told


def test_a_ratio_per_amount_of_an_exposure_keeps_the_amount_as_its_unit(imports):
    code, told, folder = imports(DOSES)
    assert code == 0, told
    assert found(folder, "reported_effects", "estimate", "measure_unit") == [
        ("0.84", ""), ("0.90", "per 10 g/day"),
    ]  # fmt: skip


def test_an_exposure_that_is_itself_less_of_something_is_compared_with_more(imports):
    rows = (DOSES[0], ("Alm 2015", "Low birth weight", "Asthma", "low vs high", "1.3 (1.1-1.5)"))
    code, told, folder = imports(rows)
    assert code == 0, told
    assert found(folder, "reported_effects", "restriction") == [("",)]


def test_counts_with_their_percentage_are_rates_where_nothing_else_is(imports):
    lines = (
        "Study;Condition;Cases/N (%)",
        "Alm 2015;Delirium;45/120 (37,5%)",
        "Overall;;1/2 (50%)",
    )
    code, told, folder = imports(lines)
    assert code == 0, told
    assert found(folder, "reported_rates", "events", "total") == [("45", "120")]


CASES = (
    "Review;Disorder;Studies;Cases/N;Prevalence % (95% CI);I2;Egger P;Year",
    "Alm;Depression;9;1867/6694;27.5 (25.0-30.0);88;0.04;2015",
)


def test_what_reported_rates_has_no_column_for_stays_in_the_notes(imports):
    code, told, folder = imports(CASES)
    assert code == 0, told
    assert found(folder, "reported_rates", "events", "total", "percent", "notes") == [
        ("1867", "6694", "27.5", "i2=88; egger_p=0.04")
    ]
    assert "i2, egger_p of rates: kept in the notes" in told


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (";88;", ";880;", "column I2, value '880': not a value that this column can have"),
        (";2015", ";20155", "column year, value '20155': no year of a publication"),
        ("27.5 (25.0-30.0)", "275 (25.0-30.0)", "value '275 (25.0-30.0)': outside 0 to 100"),
        ("1867/6694", "18676694", "value '18676694': one number, where"),
    ],
)
def test_slips_in_a_table_of_rates_are_named_with_their_cell(imports, right, wrong, problem):
    code, told, folder = imports((CASES[0], CASES[1].replace(right, wrong)))
    assert (code, folder.exists()) == (1, False)
    assert problem in told


def test_cases_and_people_that_changed_places_are_found_by_the_check(imports, invoke):
    code, _, folder = imports((CASES[0], CASES[1].replace("1867/6694", "6694/1867")))
    assert code == 0
    assert invoke("outline", "--sheets", folder).exit_code == 0
    done = invoke("check", "--sheets", folder)
    assert done.exit_code == 1
    assert "6694" in done.stdout + done.stderr


def test_worksheets_of_one_layout_are_imported_one_after_the_other(tmp_path, invoke):
    book = openpyxl.Workbook()
    for position, name in enumerate(("Death", "Stroke")):
        cells = book.create_sheet(name)
        cells.append(("Review", "Exposure", "k", "RR (95% CI)"))
        cells.append(("Alm 2015", "Coffee", 12, f"0.8{position} (0.79-0.91)"))
    book["Sheet"].append(("checked by MK",))
    table, folder = tmp_path / "table.xlsx", tmp_path / "mine"
    book.save(table)
    refused = invoke("import", "results", table, folder)
    asked = "--worksheet NAME, one of: Death, Stroke; given again, others with the same columns"
    assert asked in " ".join((refused.stdout + refused.stderr).split())
    for where, name in ((folder,), "Death"), (("--into", folder), "Stroke"):
        done = invoke("import", "results", table, *where, "--worksheet", name, "--outcome", name)
        assert done.exit_code == 0, done.stdout + done.stderr
    assert found(folder, "reported_effects", "outcome", "estimate", "source_locator") == [
        ("death", "0.80", "table.xlsx, Death, row 2"),
        ("stroke", "0.81", "table.xlsx, Stroke, row 2"),
    ]


def test_several_worksheets_are_imported_by_one_command(tmp_path, invoke):
    book = openpyxl.Workbook()
    for position, name in enumerate(("Death", "Stroke")):
        cells = book.create_sheet(name)
        cells.append(("Review", "Exposure", "Outcome", "RR (95% CI)"))
        cells.append(("Alm 2015", "Coffee", name, f"0.8{position} (0.79-0.91)"))
    table, folder = tmp_path / "table.xlsx", tmp_path / "mine"
    book.save(table)
    names = ("--worksheet", "Death", "--worksheet", "Stroke")
    done = invoke("import", "results", table, folder, *names)
    assert done.exit_code == 0, done.stdout + done.stderr
    assert found(folder, "reported_effects", "outcome", "estimate", "source_locator") == [
        ("death", "0.80", "table.xlsx, Death, row 2"),
        ("stroke", "0.81", "table.xlsx, Stroke, row 2"),
    ]
    book["Stroke"]["D2"] = "much"
    book.save(table)
    refused = invoke("import", "results", table, tmp_path / "other", *names)
    assert refused.exit_code == 1
    assert not (tmp_path / "other").exists()
    book["Stroke"].delete_rows(2)
    book.save(table)
    before = {path: path.read_bytes() for path in folder.rglob("*.csv")}
    new, into = tmp_path / "other", ("--into", folder)
    book["Death"]["A2"] = "Birch 2016"
    book.save(table)
    for place in ((new,), into):
        assert invoke("import", "results", table, *place, *names).exit_code == 1
    assert not new.exists()
    assert {path: path.read_bytes() for path in folder.rglob("*.csv")} == before


def test_the_unit_of_a_difference_may_stand_behind_a_comma(imports):
    lines = (
        "Review;Intervention;Outcome;Mean difference, mmHg (95% CI)",
        'Alm 2015;Walking;Systolic BP;"-4,2 (-6,1; -2,3)"',
    )
    code, told, folder = imports(lines)
    assert code == 0, told
    assert found(folder, "reported_effects", *NUMBERS, "measure_unit") == [
        ("mean_difference", "-4.2", "-6.1", "-2.3", "mmHg")
    ]


@pytest.mark.parametrize("name", ["ln(OR)", "log OR", "logOR", "Ln(OR) (95% CI)", "log odds ratio"])
def test_a_logarithm_is_never_read_as_its_ratio(name):
    role = role_of(name)
    assert (role.holds, role.measure) == (("estimate",), "log_odds_ratio")
    assert measure_in(name) in ("log_odds_ratio", "")


@pytest.mark.parametrize(
    "name", ["95 %-KI unteres – oberes", "Lower–upper 95% CI", "CI lower / upper", "IC 95 %"]
)
def test_names_of_both_limits_are_of_the_interval(name):
    assert role_of(name).holds == ("interval",)


@pytest.mark.parametrize(
    "cell",
    [
        "1.30 (1.10-1.54)", "1.30 [1.10|1.54]", "1.30(1.10,1.54)", "1.30 (CI95% 1.10-1.54)",
        "1.30 (CI 95%: 1.10~1.54)", "1.30 (95%-CI 1.10-1.54)", "1.30 (from 1.10 to 1.54)",
        "1,30 (95 %-KI: 1,10–1,54)", "1,30 [IC à 95 % : 1,10 à 1,54]", "1,30 (IC95%: 1,10 a 1,54)",
        "1,30 (von 1,10 bis 1,54)", "1.30 (1.10 and 1.54)",
    ],
)  # fmt: skip
def test_intervals_as_people_type_them(cell):
    read = split(cell, "", Numerals())
    assert read is not None
    assert (read.estimate, read.low, read.high) == ("1.30", "1.10", "1.54")


def test_what_follows_an_interval():
    ns = split("HR: 0.82 (0.66 – 1.02), ns", "", Numerals())
    assert (ns.word, ns.p) == ("HR", "ns")
    alone = split("95% CI 1.10-1.54", "", Numerals())
    assert (alone.estimate, alone.low, alone.level) == ("", "1.10", "0.95")


@pytest.mark.parametrize("cell", ["1.30 (1.10/1.54)", "1.30 (1.10 1.54)", "1.30 (0,65-1,54)"])
def test_what_may_be_something_else_is_no_interval(cell):
    assert split(cell, "", Numerals()) is None


ENGLISH = [*COLUMNS, *MEASURES, *(name for names in COLUMNS.values() for name in names)]


@each("name", [*ENGLISH, "95% CI", "Author et al", "n/N (%)", "Total N"])
def test_english_names_stay_as_they_are(name):
    assert IN_NAMES.translated(name) == name


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("Erstautor", "meta_analysis"),
        ("Anzahl der eingeschlossenen Studien", "n_comparisons"),
        ("Anzahl Studien", "n_comparisons"),
        ("Nb d\u2019études", "n_comparisons"),
        ("N.º de estudios", "n_comparisons"),
        ("Taille de l'échantillon", "n_total"),
        ("Untere Grenze", "ci_low"),
        ("Borne supérieure", "ci_high"),
        ("Límite inferior", "ci_low"),
        ("Odds Ratio (95%-KI)", "estimate"),
        ("Prävalenz", "estimate"),
        ("Praevalenz", "estimate"),
        ("Prädiktionsintervall", "prediction"),
        ("Publikationsbias", "egger"),
        ("Standardfehler", "se"),
        ("Unerwünschte Ereignisse", "outcome"),
        ("Facteur de risque", "condition"),
        ("Factor de riesgo", "condition"),
        ("Qualité des preuves", "certainty"),
        ("Année", "year"),
    ],
)
def test_names_in_other_languages(name, holds):
    role = role_of(name)
    assert (role.holds[0] if role else "") == holds


@pytest.mark.parametrize(
    ("word", "measure"),
    [
        ("relatives Risiko", "risk_ratio"),
        ("Rapport de cotes", "odds_ratio"),
        ("razón de momios", "odds_ratio"),
        ("DMS", "smd"),
        ("Diferencia de medias", "mean_difference"),
        ("Odds ratio (OR)", "odds_ratio"),
        ("adjusted HR", "hazard_ratio"),
        ("pooled RR (random effects)", "risk_ratio"),
        ("Peto OR", "odds_ratio"),
        ("OR (RR)", ""),
        ("SMR", ""),
    ],
)
def test_words_for_measures(word, measure):
    assert measure_of(word) == measure


def test_words_in_cells():
    said = [verdict(word) for word in ("Ja", "oui", "Sí", "Nein", "non")]
    assert said == ["yes", "yes", "yes", "no", "no"]
    words = ("Hoch", "modérée", "baja", "sehr niedrig", "très faible")
    assert [certainty_of(word) for word in words] == [
        "high", "moderate", "low", "very_low", "very_low",
    ]  # fmt: skip


def test_each_word_means_one_thing():
    for words in (NAMES, CELLS):
        theirs = [word for known in words.values() for word in known]
        assert sorted(theirs) == sorted(set(theirs))


def test_letters_that_are_no_accented_ones_stay_in_identifiers():
    assert identifier("Weiß", "Bjørn Łukasz") == "Weiss_Bjorn_Lukasz"
    codes = Codes()
    assert (codes.code("Weiss"), codes.code("Weiß")) == ("Weiss", "Weiss")
