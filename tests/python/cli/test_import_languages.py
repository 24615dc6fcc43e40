"""`umbrella import results` on tables as teams type them in Excel, in several languages."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from umbrella.importing.cells import verdict
from umbrella.importing.columns import COLUMNS, MEASURES, measure_of, role_of
from umbrella.importing.contents import certainty_of
from umbrella.importing.languages import CELLS, IN_NAMES, NAMES
from umbrella.importing.rows import Codes, identifier

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
        ("0.90", "31", "per_unit", "overall"),
    ]
    for row in (3, 4):
        assert f"row {row} is the reference of others: left out" in told


def test_cells_that_a_workbook_shows_as_percentages_are_these(imports):
    code, told, folder = imports(RATES, percent="D2:F3")
    assert code == 0, told
    percents = ("percent", "percent_low", "percent_high", "events", "total")
    assert found(folder, "reported_rates", *percents) == [
        ("39.1", "31", "47.5", "1210", "3200"),
        ("35.1", "29", "41.5", "1450", "4210"),
    ]


def test_a_fraction_beside_percent_signs_may_be_either(imports):
    code, told, _ = imports(RATES)
    assert code == 1
    assert "value '0.391': can be read in two ways beside percent signs: 0.391 % or 39.1 %" in told


def test_counts_beside_another_percentage_are_refused(imports):
    code, told, _ = imports((*RATES[:2], (*RATES[2][:2], "1450/4210 (43.4%)", *RATES[2][3:])))
    assert code == 1
    assert "1450 of 4210 are 34.44 %, not 43.4 %" in told


def test_rates_by_time_are_refused_with_the_reason(imports):
    name = "Inzidenzrate pro 1000 Personenjahre (95 %-KI)"
    lines = (f"Autor;Erkrankung;Endpunkt;{name}", "Alm 2015;Krebs;Thrombose;12,3 (11,1–13,5)")
    code, told, _ = imports(lines)
    assert code == 1
    assert f"rates per people and time, which no sheet holds: {name}" in told


ENGLISH = [*COLUMNS, *MEASURES, *(name for names in COLUMNS.values() for name in names)]


@pytest.mark.parametrize("name", [*ENGLISH, "95% CI", "Author et al", "n/N (%)", "Total N"])
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
