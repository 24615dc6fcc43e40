"""The reviews in examples/, made as a new user makes them: right numbers, words and figures."""

from __future__ import annotations

import csv
import html
import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from reports.exports import open_tables
from reports.fhir import evidence_bundle
from reports.manuscript import methods
from reports.manuscript import tables as made
from reports.manuscript.model import abbreviations
from reports.manuscript.references import STYLES, references
from reports.pages import topics
from reports.site import build_site
from reports.words import fill, review_of
from tests.python.conftest import ROOT, build_warehouse
from tests.python.reports.browsing import PAPER
from tests.python.reports.test_explorer import assert_all_reproduced, write_page
from tests.python.reports.test_plain_words import OF_THE_SHEETS, codes, misspelled
from umbrella.app import app

pytestmark = pytest.mark.build

EXAMPLES = ROOT / "examples"
POOLS = json.loads((ROOT / "tests/data/examples/pools.json").read_text(encoding="utf-8"))
RATES = json.loads((ROOT / "tests/data/examples/rates.json").read_text(encoding="utf-8"))
NAMES = ("risk-factors", "prevalence", "trials")
# By hand from the printed P, cases, I2, prediction interval, tests and largest study of each row.
CLASSES = {
    "Ashdown2019_1": "Class I", "Ashdown2019_2": "Class III", "Birkett2021_1": "Class II",
    "Corran2023_1": "Class I", "Dalby2022_1": "Class III", "Elmore2024_1": "Class IV",
    "Farrow2018_1": "Class III", "Garland2020_1": "Class III", "Hadley2023_1": "Not significant",
    "Ingram2024_1": "Class IV", "Jessop2020_1": "Class I", "Kirkham2022_1": "Class III",
    "Kirkham2022_2": "Class IV", "Langdon2024_1": "Class III",
}  # fmt: skip
EVIDENCE = {
    "resourceType", "id", "identifier", "title", "status", "description", "citeAsMarkdown",
    "relatedArtifact", "variableDefinition", "synthesisType", "statistic", "certainty",
}  # fmt: skip
"""Elements of an Evidence resource of FHIR release 5 that are used."""
FINDINGS = {
    "risk-factors": (
        "The exposure goes with a higher risk of depression; how certain this is was not judged.",
        "The exposure goes with a higher risk of type 2 diabetes; how certain this is was not",
        "The exposure goes with a lower risk of death from any cause; how certain this is was not",
        "One meta-analysis, not pooled: the exposure goes with a lower risk of type 2 diabetes;",
        "Exposure compared with no exposure: loneliness",
        "Low: 50 per 1000 High: 150 per 1000",
        "Assumed risk with no exposure, high: A made-up survey of people aged 60 to 80.",
    ),
    "prevalence": (
        "353 per 1000 (301 to 408); in a new setting 267 to 450",
        "⊕⊕◯◯ Low",
        "Prevalence of about 35 in 100 (95% interval 30 to 41); certainty: low.",
        "Prevalence of about 29 in 100 (95% interval 24 to 34).",
        "Incidence of about 13.11 per 1000 person-years (95% interval 9.19 to 18.71).",
    ),
    "trials": (
        "The intervention lowers the risk of the outcome; how certain this is was not judged.",
        "The intervention improves",
        "PHQ-9 (0 to 27): 2.6 points lower",
        "Assumed share of people who respond without the intervention: A made-up cohort",
    ),
}
AXES = {
    "risk-factors": {"Lower risk", "Higher risk"},
    "prevalence": set(),
    "trials": {"Favours control", "Favours intervention", "Lower risk", "Higher risk"},
}
FOREIGN = {
    "risk-factors": (
        "avours", "ntervention", "ymptom", "ublished review", "the no exposure", "rials",
        "tandardised mean",
    ),
    "prevalence": (
        "avours", "ntervention", "ymptom", "ublished review", "(Cohen)", "SMD", "rials",
        "single arm", "Class of evidence",
    ),
    "trials": ("ymptom", "ublished review", "xposure", "of a new study", "fct_"),
}  # fmt: skip
"""Words that belong to reviews of other kinds, or to the shipped one."""


def run(*arguments: object) -> None:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output


def make_sheets(name: str, folder: Path) -> Path:
    """The folder of sheets of an example, by the commands that examples/README.md names."""
    sheets, example = folder / "sheets", EXAMPLES / name
    if name == "trials":
        review = ("--kind", "interventions")
        run("import", "metaumbrella", example / "metaumbrella.csv", sheets, *review)
        more = ("--condition", "dancing", "--outcome", "severity", "--meta-analysis", "Dancing")
        run("import", "metapsy", example / "metapsy.csv", "--into", sheets, *more)
        shutil.copytree(example / "protocol", sheets / "protocol", dirs_exist_ok=True)
        return sheets
    run("new", sheets, "--preset", name)
    shutil.copytree(example, sheets, dirs_exist_ok=True)
    run("outline", "--sheets", sheets)
    return sheets


def make(name: str, folder: Path, common_parts: Path) -> tuple[Path, Path]:
    """Warehouse and site of an example."""
    sheets = make_sheets(name, folder)
    run("check", "--no-rows", "--sheets", sheets)
    database = build_warehouse(folder, sheets, runs_data_tests=True)
    site = build_site(database, folder / "site", ("svg",), cache=common_parts)
    return database, site.index.parent


@pytest.fixture(scope="module", params=NAMES)
def example(request, made_once, common_parts: Path) -> tuple[str, Path, Path]:
    """Name, warehouse and site of an example, built once for all tests."""
    name = request.param
    made = made_once(f"example_{name}", lambda folder: make(name, folder, common_parts))
    return (name, *made)


@pytest.fixture
def query(example) -> Iterator[Callable[[str], list[tuple]]]:
    with duckdb.connect(str(example[1]), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def words(page: Path) -> str:
    """What a page says, in one line."""
    body = page.read_text(encoding="utf-8")
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", body[body.index("<main") :], flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def pages(site: Path) -> list[Path]:
    """The pages on results: those on the program speak of every kind of review."""
    general = {
        "methods.html", "dictionary.html", "lineage.html", "sql.html", "prior.html",
        "downloads.html", "data-quality.html",
    }  # fmt: skip
    return [page for page in sorted(site.glob("*.html")) if page.name not in general]


def test_no_page_for_readers_holds_a_code_or_another_spelling(example):
    found = {
        page.name: [*codes(text), *misspelled(text)]
        for page in example[2].glob("*.html")
        if page.stem not in OF_THE_SHEETS
        for text in [page.read_text(encoding="utf-8")]
    }
    assert len(found) > 3
    assert {name: words for name, words in found.items() if words} == {}


def test_no_row_is_rejected(query):
    assert query("select * from fct_rejected_rows") == []


def test_pools_are_those_of_metafor(example, query):
    name = example[0]
    rows = query(
        "select analysis_id, policy_id, k, estimate, ci_low, ci_high, tau2 from fct_pooled_effects"
        if name != "prevalence"
        else "select analysis_id, policy_id, k, pooled_rate, ci_low_rate, ci_high_rate, "
        "tau2 from fct_pooled_rates"
    )
    found = {(analysis, policy): row for analysis, policy, *row in rows}
    expected = {
        (analysis, policy): fit
        for analysis, fits in POOLS[name].items()
        for policy, fit in fits.items()
    }
    assert len(expected) == {"risk-factors": 8, "prevalence": 6, "trials": 6}[name]
    for key, fit in expected.items():
        k, *numbers, tau2 = found[key]
        ours = [fit["estimate"], fit["ci_low"], fit["ci_high"]]
        if name == "prevalence":
            is_percent = "percent" in key[0]
            ours = [100 / (1 + math.exp(-x)) if is_percent else math.exp(x) for x in ours]
        assert k == fit["k"], key
        assert numbers == pytest.approx(ours, rel=1e-7, abs=1e-8), key
        assert tau2 == pytest.approx(fit["tau2"], rel=1e-5, abs=1e-9), key


@pytest.mark.parametrize("example", ["prevalence"], indirect=True)
def test_rates_without_each_meta_analysis_are_those_of_metafor(query):
    rows = query(
        "select analysis_id, omitted_effect_id, k, estimate, ci_low, ci_high, tau2 "
        "from fct_leave_one_out where policy_id = 'recommended'"
    )
    found = {(analysis, omitted): numbers for analysis, omitted, *numbers in rows}
    expected = {
        (analysis, omitted): list(fit.values())
        for analysis, fits in RATES.items()
        for omitted, fit in fits["without"].items()
    }
    assert len(expected) == 14
    assert found.keys() == expected.keys()
    for key, numbers in expected.items():
        assert found[key][:4] == pytest.approx(numbers[:4], rel=1e-8), key
        assert found[key][4] == pytest.approx(numbers[4], rel=1e-6), key


@pytest.mark.parametrize("example", ["prevalence"], indirect=True)
def test_specifications_of_rates_are_those_of_metafor(query):
    rows = query(
        "select analysis_id, tau2_method, ci_method, overlap_handling, "
        "k, estimate, ci_low, ci_high "
        "from fct_multiverse where selection_rule = 'all' and one_effect_rule = 'main_pool' "
        "and exclusion = 'none' and or_to_smd_rule = 'hasselblad_hedges'"
    )
    found = {row[:4]: list(row[4:]) for row in rows}
    expected = {
        (analysis, fit["tau2_method"], fit["ci_method"], fit["overlap_handling"]):
            [fit["k"], fit["estimate"], fit["ci_low"], fit["ci_high"]]
        for analysis, fits in RATES.items()
        for fit in fits["specifications"]
    }  # fmt: skip
    assert len(expected) == 3 * (4 * 4 + 2)
    for key, numbers in expected.items():
        assert found[key] == pytest.approx(numbers, rel=1e-8), key


@pytest.mark.parametrize("example", ["prevalence"], indirect=True)
def test_rates_agree_where_their_printed_intervals_meet(query):
    with (EXAMPLES / "prevalence/extraction/reported_rates.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for condition in ("tinnitus", "hearing_loss"):
        printed = [
            tuple(float(row[key]) for key in ("percent", "percent_low", "percent_high"))
            for row in rows
            if (row["condition"], row["outcome"]) == (condition, "prevalence")
        ]
        pairs = list(combinations(printed, 2))
        apart = sum(a[1] > b[2] or b[1] > a[2] for a, b in pairs)
        percents = [row[0] for row in printed]
        found = query(
            "select verdict, k, n_pairs, share_intervals_meet, 100 / (1 + exp(-estimate_min)), "
            "100 / (1 + exp(-estimate_max)), summary, n_above, share_same_side "
            f"from fct_concordance where analysis_id = 'prevalence_percent_{condition}'"
        )
        [(verdict, k, n_pairs, meet, lowest, highest, said, *sides)] = found
        assert (k, n_pairs, sides) == (len(printed), len(pairs), [None, None])
        assert meet == pytest.approx(1 - apart / len(pairs))
        assert (lowest, highest) == pytest.approx((min(percents), max(percents)))
        assert verdict == ("intervals_apart" if apart else "intervals_meet")
        assert f"between {min(percents):.1f} and {max(percents):.1f}%" in said
        lie = "lies" if apart == 1 else "lie"
        words = f"of {len(pairs)} pairs of 95% intervals {apart} {lie} apart."
        assert (words in said) == (apart > 0)


@pytest.mark.parametrize("example", ["prevalence"], indirect=True)
def test_rates_per_time_show_their_person_time_where_others_show_people(example, query):
    """Two of four say so in person-years, one in 51,000 person-months: 4,250 years."""
    _, _, site = example
    [(total, known, unit)] = query(
        "select person_time, k_with_person_time, person_time_unit from fct_pooled_rates "
        "where analysis_id = 'incidence_rate_tinnitus' and policy_id = 'recommended'"
    )
    assert (total, known, unit) == (10_300 + 51_000 / 12 + 14_820, 3, "person-years")
    said = words(site / "findings.html")
    assert "Participants or person-time" in said
    assert "29 370 person-years (3 of 4 report it)" in said
    for condition, name in (("tinnitus", "Person-years"), ("hearing_loss", "Participants")):
        said = words(site / f"condition-{condition}.html")
        assert f"Weight Studies {name}" in said
    forest = (site / "figures/forest_incidence_rate_tinnitus.svg").read_text(encoding="utf-8")
    assert ">Person-years<" in forest
    assert "Participants" not in forest
    counts = (site / "figures/dropout_tinnitus_2.svg").read_text(encoding="utf-8")
    assert "Events/person-years" in counts


@pytest.mark.parametrize("example", ["prevalence"], indirect=True)
def test_a_rate_has_no_side_and_its_figures_are_on_its_page(example, query):
    assert query("select count(*) from fct_multiverse where side is not null") == [(0,)]
    assert query("select count(*) from fct_leave_one_out where side is not null") == [(0,)]
    for condition in ("tinnitus", "hearing_loss"):
        page = example[2] / f"condition-{condition}.html"
        source = page.read_text(encoding="utf-8")
        for figure in ("multiverse", "leave_one_out", "grades"):
            assert f'id="figure-{figure}_prevalence_percent_{condition}"' in source
        said = words(page)
        assert "alternative results are in its interval" in said
        assert "no single meta-analysis moves the percentage out of its interval" in said


@pytest.mark.parametrize("example", ["prevalence"], indirect=True)
def test_a_rate_has_the_grade_that_the_team_judged_and_no_other(example, query):
    found = query(
        "select analysis_id, scheme, grade, best_grade, worst_grade from fct_evidence_grades "
        "where policy_id = 'recommended' order by analysis_id"
    )
    assert found == [
        ("incidence_rate_tinnitus", "grade_team", None, "high", "very_low"),
        ("prevalence_percent_hearing_loss", "grade_team", "low", "low", "low"),
        ("prevalence_percent_tinnitus", "grade_team", None, "high", "very_low"),
    ]
    others = query(
        "select distinct status, grade_label from reports.rpt_grades where scheme != 'grade_team'"
    )
    assert others == [("not_applicable", None)]
    asked = query("select distinct input from fct_grade_criteria")
    assert all("judged" in name or name in ("indirectness", "k_units") for (name,) in asked)
    said = words(example[2] / "condition-hearing_loss.html")
    assert "Low (GRADE, judged by the team): risk of bias −1, inconsistency −1." in said
    assert "certainty low." in words(example[2] / "index.html")
    assert "35.3% (30.1 to 40.8)" in (example[2] / "figures/grades.svg").read_text()


@pytest.mark.parametrize("example", ["risk-factors"], indirect=True)
def test_classes_follow_from_what_is_printed(query):
    found = query(
        "select graded_id, grade_label from fct_evidence_grades "
        "where scheme = 'ioannidis_published' and graded_id in "
        "(select effect_id from fct_effects)"
    )
    assert dict(found) == CLASSES


def test_findings_say_what_the_numbers_are(example):
    name, _, site = example
    said = words(site / "findings.html")
    for sentence in FINDINGS[name]:
        assert sentence in said


def test_pages_have_no_words_of_other_reviews(example):
    name, _, site = example
    for page in pages(site):
        said = words(page)
        found = [word for word in FOREIGN[name] if word in said]
        assert not found, (page.name, found)


@pytest.mark.parametrize("example", ["risk-factors"], indirect=True)
def test_choices_of_members_are_shown_on_the_scale_of_each_result_where_they_differ(example):
    with open_tables(example[1]) as tables:
        rows = list(tables["rpt_selection"])
    assert topics.selection(rows).is_empty
    assert not (example[2] / "overlap.html").exists()
    other = next(place for place, row in enumerate(rows) if not row["is_own_rule"])
    rows[other] = rows[other] | {"estimate": 2.0}
    lines = [cells[:3] for cells in topics.selection(rows).blocks[0].table.rows]
    assert ("Loneliness: depression", "OR", "1.79 (1.40 to 2.28), k 3") in lines
    assert ("Walking: death from any cause", "HR", "0.81 (0.71 to 0.91), k 3") in lines


def test_one_reader_is_not_told_of_as_two(example):
    said = words(example[2] / "extraction.html")
    assert "No second reader's extraction is among the sheets" in said
    assert "Two readers" not in said
    assert "has been decided" not in said


def test_methods_are_told_in_the_words_of_the_review(example):
    name, _, site = example
    said = words(site / "methods.html")
    studies = "trials" if name == "trials" else "studies"
    assert f"shows what the known shared {studies} do." in said
    style = said[said.index("Numbers follow the British Medical Journal") :]
    assert ("Standardised mean difference" in style) == (name == "trials")


@pytest.mark.parametrize("example", ["trials"], indirect=True)
def test_members_that_are_trials_are_not_told_of_as_meta_analyses(example, query):
    assert query("select distinct measure_label from reports.rpt_members") == [(None,)]
    _, _, site = example
    said = words(site / "findings.html")
    assert "Participants are summed over the studies that report them. The words" in said
    assert "Sources whose trials were extracted" in words(site / "trials.html")
    forest = next((site / "figures").glob("forest_*.svg")).read_text(encoding="utf-8")
    assert ">Trials<" not in forest
    assert ">Participants<" in forest


@pytest.mark.parametrize("example", ["trials"], indirect=True)
def test_a_new_trial_is_no_mean_of_trials(query):
    found = query("select prediction_text from reports.rpt_conclusions order by prediction_text")
    assert found == [
        ("A new study is expected between 0.16 and 0.57, on the same side.",),
        ("A new study is expected between 0.17 and 0.65, on the same side.",),
        ("A new study is expected between 0.50 and 0.90, on the same side.",),
    ]


@pytest.mark.parametrize("example", ["risk-factors"], indirect=True)
def test_criteria_stand_in_words_and_a_number_that_several_ask_for_once(example, query):
    [(met, missed)] = query(
        "select met_text, missed_text from reports.rpt_effect_classes "
        "where effect_id = 'Ashdown2019_2' and scheme_order = "
        "(select min(scheme_order) from reports.rpt_effect_classes)"
    )
    assert met == (
        "The pooled effect is significant; The pooled P value is suggestive (4e\u22125); More than "
        "1000 cases (12400); No sign of excess significance (0.12); The largest study excludes the "
        "null, on the side of the pooled effect (0.0488)"
    )
    assert missed.startswith("The pooled P value is very small (4e\u22125); I² is below 50% (55); ")
    page = (example[2] / "classes.html").read_text(encoding="utf-8")
    [(n_schemes,)] = query("select count(distinct scheme) from reports.rpt_effect_classes")
    assert page.count("every effect with its class (14 rows)") == n_schemes - 1 == 4
    assert "Class of each effect by each set of criteria" in page
    [(same,)] = query(
        "select count(*) from (select effect_id from reports.rpt_effect_classes group by effect_id "
        "having count(distinct coalesce(grade_label, '-')) = 1)"
    )
    assert f"{same} of 14 effects have the same class by all {n_schemes}." in page


@pytest.mark.parametrize("example", ["risk-factors"], indirect=True)
def test_other_choices_of_a_single_meta_analysis_are_not_counted(query):
    found = query(
        "select distinct robustness_text from reports.rpt_conclusions where status = 'single_study'"
    )
    assert found == [
        (
            "No defensible alternative analysis pools two meta-analyses. "
            "No choice moves the estimate.",
        )
    ]


def test_numbers_within_words_have_a_true_minus(query):
    texts = [
        *query("select next_grade_text from reports.rpt_grades where next_grade_text is not null"),
        *query("select met_text from reports.rpt_effect_classes where met_text is not null"),
    ]
    assert not [text for (text,) in texts if re.search(r"[ (]-\d|e-\d", text)]


@pytest.mark.browser
def test_tables_fit_on_a_printed_page(example, browser):
    page = browser.new_page(viewport=PAPER)
    page.emulate_media(media="print")
    too_wide = {}
    for path in sorted(example[2].glob("*.html")):
        page.goto(path.as_uri())
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > PAPER["width"]:
            too_wide[path.name] = found
    page.close()
    assert not too_wide


def test_axes_have_the_words_of_their_review(example):
    name, _, site = example
    drawn = " ".join(
        path.read_text(encoding="utf-8") for path in sorted((site / "figures").glob("*.svg"))
    )
    known = {"Favours control", "Favours intervention", "Lower risk", "Higher risk"}
    assert {words for words in known if words in drawn} == AXES[name]
    if name != "trials":
        assert "Standardised mean difference" not in drawn


@pytest.mark.parametrize("example", ["risk-factors"], indirect=True)
def test_columns_call_studies_what_the_review_calls_them(example):
    _, _, site = example
    headings = {
        text
        for path in [*(site / "figures").glob("*.svg"), *site.glob("*.html")]
        for text in re.findall(r">([^<>]+)</t[ehs]", path.read_text(encoding="utf-8"))
    }
    assert "Studies" in headings
    assert "Trials" not in headings


def test_the_first_figure_is_of_the_measures_of_the_review(example, query):
    name, _, site = example
    measures = {"risk-factors": {"OR", "RR", "HR"}, "prevalence": {"percent", "rate"}}
    expected = measures.get(name, {"SMD", "RR"})
    found = query("select distinct scale_short_label from reports.rpt_headline")
    assert {measure for (measure,) in found} == expected
    assert 'id="figure-headline"' in (site / "index.html").read_text(encoding="utf-8")


def test_the_flow_ends_with_what_is_pooled(example, query):
    name = example[0]
    n = {"risk-factors": 12, "prevalence": 8, "trials": 3}[name]
    stages = query("select n from fct_study_flow where source = 'this_extraction'")
    assert {stage for (stage,) in stages} == {n}


@pytest.mark.browser
def test_the_explorer_reproduces_every_declared_analysis(example, browser, tmp_path):
    with open_tables(example[1]) as tables:
        n_pooled = assert_all_reproduced(browser, write_page(tables, tmp_path), tables)
    assert n_pooled == {"risk-factors": 9, "prevalence": 3, "trials": 3}[example[0]]


def test_a_manuscript_has_the_words_of_its_review(example):
    name, database, _ = example
    with open_tables(database) as tables:
        review = review_of(tables)
        rows = made.included(tables)
        cited = references(rows, STYLES["vancouver"])
        said = [
            part
            for section in (methods.question, methods.selection, methods.effects, methods.pooling)
            for part in section(tables)
            if isinstance(part, str)
        ]
        for table in made.all_tables(tables, cited):
            said += [*table.words(), abbreviations(table, tables)]
    text = fill("\n".join(said), review)
    assert [word for word in (*FOREIGN[name], "[[", "None") if word in text] == []
    assert all(label in text for label in ("Estimate (CI)", "confidence interval"))


def test_fhir_evidence_holds_the_results(example, query):
    name, database, _ = example
    with open_tables(database) as tables:
        bundle = json.loads(json.dumps(evidence_bundle(tables), allow_nan=False))
    found = {}
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        assert set(resource) <= EVIDENCE, set(resource) - EVIDENCE
        [statistic] = resource["statistic"]
        limits = statistic["attributeEstimate"][0]["range"]
        values = (statistic["quantity"], limits["low"], limits["high"])
        roles = [one["variableRole"]["coding"][0]["code"] for one in resource["variableDefinition"]]
        assert ("exposure" in roles) == (name != "prevalence"), roles
        assert len(resource["relatedArtifact"]) >= 1
        found[resource["title"]] = tuple(value["value"] for value in values)
    of_effects = (
        "select analysis_label, coalesce(ratio, estimate), coalesce(ratio_ci_low, ci_low), "
        "coalesce(ratio_ci_high, ci_high) from fct_pooled_effects "
    )
    of_rates = (
        "select analysis_label, pooled_rate, ci_low_rate, ci_high_rate from fct_pooled_rates "
    )
    rows = query(
        (of_rates if name == "prevalence" else of_effects)
        + "where policy_id = 'recommended' and status = 'ok'"
    )
    assert found == {label: tuple(numbers) for label, *numbers in rows}
