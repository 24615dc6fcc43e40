"""`umbrella import revman`: reviews of RevMan 5 and the data package of RevMan Web.

The first outcome is the published example of Fleiss (1993) as RevMan 5 wrote it for the R package
meta, numbers and result; the others are made by the description of the files.
"""

from __future__ import annotations

import csv
import io
import math
import zipfile
from pathlib import Path

import pytest

from tests.python.cases import each
from umbrella.errors import UmbrellaError
from umbrella.importing.revman import Review, i2_of, read_review
from umbrella.importing.revman_rows import read_rows
from umbrella.importing.source import Source
from umbrella.sheets.reading import Table

ASPIRIN = (
    ("MRC-1", 1974, 49, 615, 67, 624), ("CDP", 1976, 44, 758, 64, 771),
    ("MRC-2", 1979, 102, 832, 126, 850), ("GASP", 1979, 32, 317, 38, 309),
    ("PARIS", 1980, 85, 810, 52, 406), ("AMIS", 1980, 246, 2267, 219, 2257),
    ("ISIS-2", 1988, 1570, 8587, 1720, 8600),
)  # fmt: skip
"""Study, year, deaths and people of both arms."""

PRINTED = {"EFFECT_SIZE": "0.8968655609130709", "CI_START": "0.8405144008917793",
           "CI_END": "0.9569947088336491", "CHI2": "9.946055983220074", "TAU2": "0.0",
           "I2": "39.67458045558399", "P_Z": "0.0010103343130005407", "STUDIES": "7",
           "TOTAL_1": "14186", "TOTAL_2": "13817"}  # fmt: skip
"""Mantel-Haenszel odds ratio, as RevMan 5.0 printed it."""


def attributes(pairs: dict) -> str:
    return " ".join(f'{key}="{value}"' for key, value in pairs.items())


def identifier(study: str) -> str:
    return "STD-" + study.replace("-", "_x002d_").replace(" ", "-")


def study(name: str, year: object) -> str:
    return (
        f'<STUDY DATA_SOURCE="PUB" ID="{identifier(name)}" NAME="{name}" YEAR="{year}.">'
        '<REFERENCE PRIMARY="YES" TYPE="JOURNAL_ARTICLE"><AU>X</AU></REFERENCE></STUDY>'
    )


def counts(rows: tuple = ASPIRIN, **more: str) -> str:
    return "\n".join(
        f'<DICH_DATA STUDY_ID="{identifier(name)}" EVENTS_1="{a}" TOTAL_1="{n}" EVENTS_2="{c}" '
        f'TOTAL_2="{m}" ESTIMABLE="YES" {attributes(more)}/>'
        for name, _, a, n, c, m in rows
    )


ASPIRIN_XML = (
    f'<DICH_OUTCOME NO="1" EFFECT_MEASURE="OR" METHOD="MH" RANDOM="NO" TOTALS="YES" '
    f'CI_TOTAL="95" SWAP_EVENTS="NO" ESTIMABLE="YES" {attributes(PRINTED)}>'
    "<NAME>Death</NAME><GROUP_LABEL_1>Aspirin</GROUP_LABEL_1>"
    "<GROUP_LABEL_2>Placebo</GROUP_LABEL_2>"
    "<GRAPH_LABEL_1>Favours experimental</GRAPH_LABEL_1>"
    f"<GRAPH_LABEL_2>Favours control</GRAPH_LABEL_2>{counts()}</DICH_OUTCOME>"
)

PAIN = (("Ash 2001", -1.5, 0.5), ("Birch 2009", -0.9, 0.4))
WEIGHTS = [1 / se**2 for _, _, se in PAIN]
PAIN_MEAN = sum(w * y for w, (_, y, _) in zip(WEIGHTS, PAIN, strict=True)) / sum(WEIGHTS)
PAIN_SE = 1 / math.sqrt(sum(WEIGHTS))
PAIN_XML = (
    '<CONT_OUTCOME NO="2" EFFECT_MEASURE="MD" METHOD="IV" RANDOM="NO" TOTALS="SUB" SUBGROUPS="YES" '
    'CI_TOTAL="95" UNITS="points"><NAME>Pain</NAME>'
    "<GROUP_LABEL_1>Aspirin</GROUP_LABEL_1><GROUP_LABEL_2>Control</GROUP_LABEL_2>"
    f'<CONT_SUBGROUP NO="1" STUDIES="2" EFFECT_SIZE="{PAIN_MEAN}" '
    f'CI_START="{PAIN_MEAN - 1.959964 * PAIN_SE}" CI_END="{PAIN_MEAN + 1.959964 * PAIN_SE}" '
    'ESTIMABLE="YES"><NAME>At rest</NAME>'
    + "".join(
        f'<CONT_DATA STUDY_ID="{identifier(name)}" MEAN_1="4.0" SD_1="2" TOTAL_1="40" '
        f'MEAN_2="{4 - y}" SD_2="2.1" TOTAL_2="41" EFFECT_SIZE="{y}" SE="{se}" ESTIMABLE="YES"/>'
        for name, y, se in PAIN
    )
    + '<CONT_DATA STUDY_ID="STD-Empty" TOTAL_1="0" TOTAL_2="0" ESTIMABLE="NO"/></CONT_SUBGROUP>'
    "</CONT_OUTCOME>"
)
HAZARD_XML = (
    '<IV_OUTCOME NO="3" METHOD="IV" RANDOM="YES" LOG_DATA="YES" TOTALS="YES" CI_TOTAL="95" '
    f'EFFECT_SIZE="{math.exp(-0.5)}" CI_START="0.1" CI_END="9" TAU2="0.04" ESTIMABLE="YES">'
    "<NAME>Time to death</NAME><EFFECT_MEASURE>Hazard Ratio</EFFECT_MEASURE>"
    "<GROUP_LABEL_2>Control</GROUP_LABEL_2>"
    '<IV_DATA STUDY_ID="STD-CDP" ESTIMATE="-0.5" SE="0.2" TOTAL_1="10" TOTAL_2="12" '
    'ESTIMABLE="YES"/></IV_OUTCOME>'
    '<OTHER_OUTCOME NO="4"><NAME>Notes</NAME></OTHER_OUTCOME>'
)


def rm5(outcomes: str = ASPIRIN_XML + PAIN_XML + HAZARD_XML, head: str = "") -> str:
    studies = "".join(study(name, year) for name, year, *_ in ASPIRIN)
    studies += "".join(study(name, name[-4:]) for name, *_ in PAIN)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n{head}'
        '<COCHRANE_REVIEW DOI="10.1002/14651858.CD000001" REVMAN_VERSION="5" TYPE="INTERVENTION">'
        "<COVER_SHEET><TITLE>Aspirin after infarction</TITLE><CREATORS><PERSON ROLE='AUTHOR'>"
        "<FIRST_NAME>Jo</FIRST_NAME><MIDDLE_INITIALS>L.</MIDDLE_INITIALS><LAST_NAME>Fleiss"
        "</LAST_NAME></PERSON></CREATORS><DATES><REVIEW_PUBLISHED ISSUE='1' YEAR='1993'/></DATES>"
        f"</COVER_SHEET><STUDIES_AND_REFERENCES><STUDIES>{studies}</STUDIES>"
        "</STUDIES_AND_REFERENCES><ANALYSES_AND_DATA><COMPARISON NO='1'><NAME>Aspirin versus "
        f"control</NAME>{outcomes}</COMPARISON></ANALYSES_AND_DATA></COCHRANE_REVIEW>"
    )


def package(folder: Path, *, counts_only: bool = False) -> Path:
    """The data package of RevMan Web with the aspirin trials, and an outcome by HKSJ."""
    settings = {
        "Analysis group": "1", "Analysis number": "1", "Analysis name": "Death",
        "Analysis group name": "Aspirin versus control", "Data type": "Dichotomous",
        "Log-scale data": "FALSE", "Experimental group label": "Aspirin",
        "Control group label": "Placebo", "Statistical method": "Mantel-Haenszel",
        "Effect measure": "Odds Ratio", "Unit of effect measure": "#N/A",
        "Analysis model": "Fixed effect", "Overall estimates": "TRUE",
        "Swap event and non-event": "FALSE", "CI method": "Wald-type", "CI/PI level": "95%",
        "Graph label (left)": "Favours aspirin", "Experimental N": "14186",
        "Control N": "13817", "Mean": PRINTED["EFFECT_SIZE"], "CI start": PRINTED["CI_START"],
        "CI end": PRINTED["CI_END"], "Heterogeneity I²": "39.67%",
    }  # fmt: skip
    other = settings | {
        "Analysis number": "2", "Analysis name": "Adverse", "Data type": "Contrast level",
        "Effect measure": "Hazard Ratio", "Statistical method": "Inverse Variance",
        "Analysis model": "Random effects", "CI method": "HKSJ", "Log-scale data": "TRUE",
        "Mean": str(math.exp(-0.4)), "Heterogeneity Tau²": "0.0",
    }  # fmt: skip
    text = settings | {"Analysis number": "3", "Data type": "Other data"}
    rows = [
        {
            "Analysis group": "1", "Analysis number": "1", "Analysis name": "Death",
            "Study": name, "Study year": year, "Experimental cases": a, "Experimental N": n,
            "Control cases": c, "Control N": m, "Mean": a * (m - c) / (c * (n - a)),
            "CI start": "0.1", "CI end": "2", "Footnotes": "",
        }
        for name, year, a, n, c, m in ASPIRIN
    ]  # fmt: skip
    rows += [
        {"Analysis group": "1", "Analysis number": "2", "Study": "CDP", "Study year": "1976",
         "GIV Mean": "-0.4", "GIV SE": "0.2"}
    ]  # fmt: skip
    path = folder / "CD000001-dataPackage.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, records in (
            ("overall-estimates-and-settings", [settings, other, text]), ("data-rows", rows),
            ("risk-of-bias", [{"Study": "CDP"}]),
        ):  # fmt: skip
            if counts_only and name == "data-rows":
                continue
            lines = io.StringIO()
            writer = csv.DictWriter(lines, list(dict.fromkeys(k for r in records for k in r)))
            writer.writeheader()
            writer.writerows(records)
            packed.writestr(f"CD000001-analysis-data/CD000001-{name}.csv", lines.getvalue())
    return path


def rows_of(path: Path, review: Review | None = None, **options):
    source = Source(path, Table([], []))
    said = {"condition": "", "kind": "interventions", "favours": {}} | options
    return source, read_rows(review or read_review(path), source, **said)


@pytest.fixture
def aspirin(tmp_path: Path) -> Path:
    path = tmp_path / "Fleiss.rm5"
    path.write_text(rm5(), encoding="utf-8")
    return path


def test_outcomes_become_sets_of_trials_with_the_printed_result(aspirin):
    source, imported = rows_of(aspirin, favours={"Pain": "negative"})
    assert not source.problems
    [review] = imported.meta_analyses.values()
    assert {"Fleiss1993", "Fleiss JL", "10.1002/14651858.cd000001"} <= set(review.values())
    death = [row for row in imported.trials if row["outcome"] == "death"]
    wanted = [
        (f"{name} {year}", str(a), str(n), str(c), str(m)) for name, year, a, n, c, m in ASPIRIN
    ]
    names = ("study", "events_intervention", "total_intervention", "events_control",
             "total_control")  # fmt: skip
    assert [tuple(row[name] for name in names) for row in death] == wanted
    assert {row["comparator"] for row in death} == {"placebo"}
    effect = next(row for row in imported.effects if row["outcome"] == "death")
    assert float(effect["estimate"]) == pytest.approx(0.8968655609, rel=1e-9)
    assert (effect["n_comparisons"], effect["n_total"], effect["synthesis_model"]) == (
        "7", "28003", "fixed",
    )  # fmt: skip
    pain = [row for row in imported.trials if row["outcome"] == "pain"]
    assert [(row["study"], row["subtype"]) for row in pain] == [
        ("Ash 2001", "At rest"), ("Birch 2009", "At rest"),
    ]  # fmt: skip
    assert (pain[0]["measure"], pain[0]["instrument"]) == ("mean_difference", "points")
    hazard = next(row for row in imported.trials if row["outcome"] == "time_to_death")
    assert float(hazard["estimate"]) == pytest.approx(math.exp(-0.5))
    assert (hazard["measure"], hazard["estimate_se"]) == ("hazard_ratio", "0.2")


def test_results_are_recomputed_by_revmans_own_method(aspirin, tmp_path):
    """Mantel-Haenszel of counts, inverse variance of printed effects; a wrong number is told."""
    _, imported = rows_of(aspirin, favours={"": "negative"})
    told = "\n".join(imported.notices)
    assert "outcome 1: mantel haenszel, fixed: recomputed from its rows, agrees" in told
    assert "our analyses pool by inverse variance" in told
    assert "outcome 2, At rest: inverse variance, fixed: recomputed from its rows, agrees" in told
    assert "outcome 3: inverse variance, random: does not follow from its rows: lower limit" in told
    assert "rows without numbers left out: Empty" in told
    assert "not taken over: 1 outcomes of text alone" in told
    assert "not taken over: 9 references of studies" in told
    wrong = tmp_path / "wrong.rm5"
    wrong.write_text(rm5(ASPIRIN_XML.replace('EVENTS_1="49"', 'EVENTS_1="94"')), encoding="utf-8")
    _, imported = rows_of(wrong)
    assert "does not follow from its rows: estimate" in "\n".join(imported.notices)


def test_the_data_package_of_revman_web_says_the_same(tmp_path, aspirin):
    source, web = rows_of(package(tmp_path))
    assert not source.problems
    _, old = rows_of(aspirin, favours={"": "negative"})
    numbers = ("study", "events_intervention", "total_intervention", "events_control",
               "total_control", "measure", "comparator")  # fmt: skip

    def death(imported):
        return [[row[name] for name in numbers] for row in imported.trials
                if row["outcome"] == "death"]  # fmt: skip

    assert death(web) == death(old)
    first, second = web.effects
    assert (first["n_comparisons"], first["n_total"]) == ("7", "28003")
    assert (second["measure"], second["synthesis_model"]) == ("hazard_ratio", "random")
    told = "\n".join(web.notices)
    assert "outcome 1: mantel haenszel, fixed: recomputed from its rows, agrees" in told
    assert "outcome 2: inverse variance, random: recomputed from its rows, agrees" in told
    assert "not taken over: 1 outcomes of the type 'Other data'" in told
    assert "1 rows of risk-of-bias.csv" in told


def test_results_of_subgroups_stand_beside_the_whole(tmp_path):
    """With a total the trials are one set, and what RevMan prints of subgroups is kept."""
    whole = PAIN_XML.replace('TOTALS="SUB"', 'TOTALS="YES" EFFECT_SIZE="-1" ESTIMABLE="YES"')
    again = whole[whole.index("<CONT_SUBGROUP") : whole.index("</CONT_OUTCOME>")]
    twice = whole.replace("</CONT_OUTCOME>", again.replace("At rest", "Moving") + "</CONT_OUTCOME>")
    path = tmp_path / "subgroups.rm5"
    path.write_text(rm5(twice), encoding="utf-8")
    source, imported = rows_of(path)
    assert not source.problems
    assert [(row["scope"], row.get("subtype", "")) for row in imported.effects] == [
        ("overall", ""), ("subgroup", "At rest"), ("subgroup", "Moving"),
    ]  # fmt: skip
    assert len(imported.trials) == 4
    assert {row.get("multiple_effects") for row in imported.trials} == {"groups"}
    assert {row.get("subtype") for row in imported.trials} == {None}
    assert any("outcome 2, Moving: inverse variance, fixed: recomputed from its rows, agrees" in
               told for told in imported.notices)  # fmt: skip
    assert any("outcome 2: inverse variance, fixed: does not follow" in told
               for told in imported.notices)  # fmt: skip


@each(
    "change, sign",
    [
        (("Favours experimental", "Favours Aspirin"), "negative"),
        (("Favours experimental", "Favours control"), "positive"),
        (("Favours experimental", ""), "negative"),
        (("Favours experimental", "Better"), "negative"),
        (("Favours experimental", "Favours no treatment"), "positive"),
        (("Favours experimental", "Favours treatment as usual"), "positive"),
    ],
)
def test_the_good_sign_of_a_score_is_that_of_the_labels(tmp_path, change, sign):
    score = (
        ASPIRIN_XML.replace(*change)
        .replace("DICH", "CONT").replace('"OR"', '"SMD"').replace("EVENTS", "MEAN")
    )  # fmt: skip
    if sign == "positive":
        score = score.replace("<GRAPH_LABEL_2>Favours control", "<GRAPH_LABEL_2>Favours drug")
    path = tmp_path / "score.rm5"
    path.write_text(rm5(score), encoding="utf-8")
    source, imported = rows_of(path)
    assert not source.problems
    assert {row["favourable_direction"] for row in imported.trials} == {sign}
    assert any(f"{sign} is taken to favour the intervention" in told for told in imported.notices)


def test_a_score_whose_labels_do_not_tell_is_asked_for(tmp_path):
    score = ASPIRIN_XML.replace("Favours experimental", "Less").replace("Favours control", "More")
    score = score.replace("DICH", "CONT").replace('"OR"', '"SMD"').replace("EVENTS", "MEAN")
    path = tmp_path / "score.rm5"
    path.write_text(rm5(score), encoding="utf-8")
    source, _ = rows_of(path)
    assert "Death" in source.problems[0].problem
    source, _ = rows_of(path, favours={"Death": "positive"})
    assert not source.problems


def test_what_is_swapped_unknown_or_impossible(tmp_path):
    swapped = ASPIRIN_XML.replace('SWAP_EVENTS="NO"', 'SWAP_EVENTS="YES"')
    unknown = ASPIRIN_XML.replace('NO="1"', 'NO="5"').replace('"OR"', '"XYZ"')
    path = tmp_path / "other.rm5"
    path.write_text(rm5(swapped + unknown), encoding="utf-8")
    source, imported = rows_of(path)
    assert not source.problems
    assert imported.trials[0]["events_intervention"] == str(615 - 49)
    assert {row["outcome"] for row in imported.trials} == {"death_1", "death_5"}
    assert any("'XYZ' is not known" in told for told in imported.notices)
    path.write_text(rm5(ASPIRIN_XML.replace('EVENTS_1="49"', 'EVENTS_1="949"')), encoding="utf-8")
    source, _ = rows_of(path)
    assert "more events than people" in source.problems[0].problem


@each(
    "text, q, wanted",
    [("39.67%", "9.9", 39.67), ("0.3967", "9.946", 39.67), ("0.4", "6.024", 0.4), ("0", "3", 0.0),
     ("0.25", "", 25.0), ("0.5%", "6.03", 0.5), ("", "9", None)],
)  # fmt: skip
def test_i2_of_the_package_as_a_percentage(text, q, wanted):
    row = {"Heterogeneity I²": text, "Heterogeneity Chi²": q, "Heterogeneity df": "6"}
    found = i2_of(row)
    assert found == (None if wanted is None else pytest.approx(wanted))


def test_an_outcome_that_revman_does_not_pool_has_no_result(tmp_path):
    """RevMan writes zeros in place of a total that it does not make."""
    alone = ASPIRIN_XML.replace('TOTALS="YES"', 'TOTALS="NO"')
    path = tmp_path / "alone.rm5"
    path.write_text(rm5(alone), encoding="utf-8")
    source, imported = rows_of(path)
    assert not source.problems
    assert (len(imported.trials), imported.effects) == (len(ASPIRIN), [])
    assert "comparison 1, outcome 1: RevMan prints no result" in imported.notices


ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n'


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "x.rm5"
    cases = {
        "declares entities": rm5(head=ENTITY).replace("Aspirin after", "&a; after"),
        "no XML": rm5()[:-20],
        "no review of RevMan": "a,b\n1,2\n",
    }
    for words, text in cases.items():
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UmbrellaError, match=words):
            read_review(path)
    with pytest.raises(UmbrellaError, match=r"no data-rows\.csv is in it"):
        read_review(package(tmp_path, counts_only=True))


WHOLE = "a whole number of 0 and more"


@each(
    "change, problem, right",
    [
        (('EVENTS_1="49"', 'EVENTS_1="49.5"'), "MRC-1, comparison 1, outcome 1: events of arm 1",
         WHOLE),
        (('TOTAL_1="615"', 'TOTAL_1="many"'), "people of arm 1: not understood", WHOLE),
        (('TOTAL_2="771"', 'TOTAL_2="inf"'), "CDP, comparison 1, outcome 1: people of arm 2",
         WHOLE),
        (('EVENTS_2="67"', 'EVENTS_2="-67"'), "events of arm 2: not understood", WHOLE),
        (('SD_1="2"', 'SD_1="-2"'), "standard deviation of arm 1: not understood", "a number"),
    ],
)  # fmt: skip
def test_cells_that_are_no_numbers_are_refused(tmp_path, change, problem, right):
    path = tmp_path / "x.rm5"
    path.write_text(rm5().replace(*change), encoding="utf-8")
    source, _ = rows_of(path)
    assert problem in source.problems[0].problem
    assert source.problems[0].right == right


NOTHING = 'EFFECT_SIZE="0.0" CI_START="0.0" CI_END="0.0" ESTIMABLE="NO"'


@each(
    "kind, cells",
    [
        ("DICH", f'EVENTS_1="0" TOTAL_1="0" EVENTS_2="0" TOTAL_2="0" {NOTHING}'),
        ("DICH", 'TOTAL_1="10" EVENTS_2="1" TOTAL_2="10"'),
        ("IV", f'ESTIMATE="0.0" SE="0.0" {NOTHING}'),
        ("IV", 'EFFECT_SIZE="0.8"'),
        ("IV", 'ESTIMATE="5000" SE="1"'),
        ("IPD", 'O_E="-3" VAR="-1"'),
        ("IPD", 'O_E="5000" VAR="1"'),
    ],
)
def test_rows_without_numbers_are_told(tmp_path, kind, cells):
    """RevMan writes zeros for none, which are no effect; events that are not said are not none."""
    outcome = (
        f'<{kind}_OUTCOME LOG_DATA="YES" EFFECT_MEASURE="OR"><NAME>Death</NAME>'
        f'<{kind}_DATA STUDY_ID="STD-Empty" {cells}/></{kind}_OUTCOME>'
    )
    path = tmp_path / "x.rm5"
    path.write_text(rm5(outcome), encoding="utf-8")
    source, imported = rows_of(path)
    assert (source.problems, imported.trials) == ([], [])
    assert "comparison 1, outcome 1: rows without numbers left out: Empty" in imported.notices


def test_subgroups_of_like_names_are_kept_apart(tmp_path):
    names = ("≥ 65 years", "&lt; 65 years", "Adults", "Adults")
    parts = "".join(
        f'<DICH_SUBGROUP EFFECT_SIZE="0.5"><NAME>{name}</NAME>{counts((row,))}</DICH_SUBGROUP>'
        for name, row in zip(names, ASPIRIN, strict=False)
    )
    path = tmp_path / "x.rm5"
    for totals, n_results in (("SUB", len(names)), ("NO", 0)):
        outcome = f'<DICH_OUTCOME TOTALS="{totals}" EFFECT_MEASURE="RR">{parts}</DICH_OUTCOME>'
        path.write_text(rm5(outcome), encoding="utf-8")
        _, imported = rows_of(path)
        assert len(imported.trials) == len({one["subtype"] for one in imported.trials}) == 4
        assert len({one["effect_id"] for one in imported.effects}) == n_results, totals


def test_ratios_that_were_entered_as_such_are_not_pooled_as_logarithms(tmp_path):
    path = tmp_path / "x.rm5"
    hazard = HAZARD_XML.replace('LOG_DATA="YES"', 'LOG_DATA="NO"').replace('"-0.5"', '"0.6"')
    path.write_text(rm5(hazard), encoding="utf-8")
    source, imported = rows_of(path, favours={"": "negative"})
    assert not source.problems
    assert [row.get("measure", "") for row in imported.trials] == [""]
    assert not imported.effects
    assert any("'Hazard Ratio, not as a logarithm' is not known" in told
               for told in imported.notices)  # fmt: skip


def test_limits_of_rows_have_their_own_level(tmp_path):
    low, high = (math.exp(-0.5 + sign * 0.2 * 2.575829) for sign in (-1, 1))
    total = [math.exp(-0.5 + sign * math.sqrt(0.08) * 1.959964) for sign in (-1, 1)]
    hazard = (
        HAZARD_XML.replace('CI_TOTAL="95"', 'CI_TOTAL="95" CI_STUDY="99"')
        .replace('CI_START="0.1" CI_END="9"', f'CI_START="{total[0]}" CI_END="{total[1]}"')
        .replace('SE="0.2"', f'CI_START="{low}" CI_END="{high}"')
    )
    path = tmp_path / "x.rm5"
    path.write_text(rm5(hazard), encoding="utf-8")
    _, imported = rows_of(path)
    assert imported.trials[0]["ci_level"] == "0.99"
    assert any("agrees with what is printed" in told for told in imported.notices)


KEYS_OF_WEB = "Analysis group,Analysis number"
SETTINGS = f"{KEYS_OF_WEB},Data type,Effect measure\n1,1,Dichotomous,Risk ratio\n"
OF_TRIALS = f"{KEYS_OF_WEB},Study,Experimental cases,Experimental N,Control cases,Control N\n"


def zipped(files: dict) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return into.getvalue()


def web(settings: str = SETTINGS, rows: str | bytes = OF_TRIALS + "1,1,Ash,1,10,2,10\n", **more):
    whole = {"A-overall-estimates-and-settings.csv": settings, "A-data-rows.csv": rows}
    return zipped(whole | {f"{name}-data-rows.csv": rows for name in more})


@each(
    "raw, words",
    [
        (web(rows=OF_TRIALS + "1,1,Ash,1,10,2,10,9\n"), "line 2: more cells than the header has"),
        (web(rows=(OF_TRIALS + "1,1,\xe4sh\n").encode("latin-1")), "the package cannot be read"),
        (web(rows=OF_TRIALS + f"1,1,{'x' * 200_000}\n"), "the package cannot be read"),
        (web(rows="a,b\n"), "has no column Analysis group, Analysis number, Study"),
        (web(SETTINGS + "1,1,Dichotomous,Risk ratio\n"), "stands twice"),
        (web(b=True), r"data-rows\.csv is in it twice"),
        (zipped({"a.zip": zipped({"b.zip": web()})}), r"b\.zip lies too deep in it"),
        (web()[:60] + bytes([255] * 8) + web()[68:], "the package cannot be read"),
        (b'<?xml version="1.0" encoding="GB2312"?><COCHRANE_REVIEW/>', "encoding cannot be read"),
        (b'<?xml version="1.0" encoding="foo"?><COCHRANE_REVIEW/>', "encoding cannot be read"),
    ],
)
def test_broken_packages_are_refused(tmp_path, raw, words):
    path = tmp_path / "x.zip"
    path.write_bytes(raw)
    with pytest.raises(UmbrellaError, match=words):
        read_review(path)


def test_no_row_of_a_package_goes_unsaid(tmp_path, monkeypatch):
    path = tmp_path / "x.zip"
    rows = OF_TRIALS + "1,1,Ash,1,10,2,10\n1,1,Birch\n1,2,Cedar,1,10,2,10\n"
    path.write_bytes(web(rows=rows))
    _, imported = rows_of(path)
    assert [one["study"] for one in imported.trials] == ["Ash"]
    told = "\n".join(imported.notices)
    assert "rows without numbers left out: Birch" in told
    assert "1 rows of analyses that the settings do not name" in told
    monkeypatch.setattr("umbrella.importing.revman.LARGEST_UNPACKED", 100)
    with pytest.raises(UmbrellaError, match="too large"):
        read_review(path)


def test_a_folder_is_made_of_a_review(aspirin, tmp_path, invoke):
    done = invoke("import", "revman", aspirin, tmp_path / "mine", "--favours", "negative")
    assert done.exit_code == 0, done.stderr
    with (tmp_path / "mine/protocol/analyses.csv").open(encoding="utf-8") as file:
        analyses = [(row["outcome"], row["subtype"], row["scale"]) for row in csv.DictReader(file)]
    assert analyses == [
        ("death", "", "log_odds_ratio"), ("pain", "At rest", "mean_difference"),
        ("time_to_death", "", "log_hazard_ratio"),
    ]  # fmt: skip
