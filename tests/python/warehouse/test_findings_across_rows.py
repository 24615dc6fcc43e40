"""Rules across rows: each finds its error in a made-up review in which nothing else is odd."""

from __future__ import annotations

import atexit
import csv
import shutil
import tempfile
from functools import cache
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import append, build_warehouse
from tests.python.made_reviews import EFFECT, META_ANALYSIS, make_review

pytestmark = pytest.mark.build

CONDITIONS = {"sadness": "Sadness", "sleeplessness": "Sleeplessness"}
ANALYSIS = {
    "analysis_id": "made", "label": "Made", "analysis_group": "condition",
    "condition": "sadness", "outcome": "symptom", "unit": "meta_analysis", "scale": "smd",
    "required_scope": "overall", "selection_rule": "all", "sort_order": "1",
}  # fmt: skip
LISTED_TRIAL = {
    "study": "Trial 2014", "study_id": "trial", "condition": "sadness", "outcome": "symptom",
    "timepoint": "post", "reported_se": "0.20", "n_intervention": "51", "n_control": "52",
    "comparator": "waitlist", "guidance": "guided", "therapy": "cbt", "delivery": "website",
    "favourable_direction": "positive", "locator": "Table 1",
}  # fmt: skip
LEVELS = ((0.30, 0.18), (0.42, 0.13), (0.55, 0.21), (0.38, 0.15))


def interval(estimate: float, half: float) -> dict[str, str]:
    return {
        "estimate": f"{estimate:.2f}", "ci_low": f"{estimate - half:.2f}",
        "ci_high": f"{estimate + half:.2f}",
    }  # fmt: skip


def sound(source: int) -> list[dict[str, str]]:
    """A main pool and two of its parts; no two numbers of the review are equal."""
    estimate, half = LEVELS[source % 4]
    estimate += source / 100
    whole = {
        "effect_id": f"Sound{source}_1", "n_comparisons": str(10 + source),
        "n_total": str(1003 + 7 * source),
    } | interval(estimate, half)  # fmt: skip
    parts = [
        whole | interval(estimate + away, 1.3 * half) | {
            "effect_id": f"Sound{source}_{i}", "scope": "subgroup", "guidance": guidance,
            "n_comparisons": str(5 + source // 2), "n_total": str(503 + 4 * source + i),
        }
        for i, away, guidance in ((2, -0.06, "guided"), (3, 0.07, "unguided"))
    ]  # fmt: skip
    shared = {
        "meta_analysis_id": f"Sound{source}", "condition": "sadness",
        "comparator_as_reported": "wait list",
    }  # fmt: skip
    return [row | shared for row in (whole, *parts)]


def changed(row_id: str, **cells: str) -> dict[str, str]:
    source, place = row_id.removeprefix("Sound").split("_")
    return sound(int(source))[int(place) - 1] | cells


FAULTY = {
    # the point is one place too far right
    "far_from_the_others": changed("Sound0_1", **interval(3.0, 0.3)),
    "unlike_the_others": changed("Sound11_1", **interval(1.15, 0.16)),
    "clearly_against_the_others": changed(
        "Sound1_1", **interval(-0.43, 0.13), n_comparisons="9", guidance="mixed"),
    "direction_unlike_its_source": changed("Sound2_3", favourable_direction="negative"),
    "measure_unlike_the_rest": changed("Sound3_2", measure="cohens_d"),
    "level_unlike_the_rest": changed("Sound4_2", ci_level="0.90"),
    "part_above_its_whole": changed("Sound5_2", n_comparisons="51"),
    "whole_outside_its_parts": changed("Sound6_1", **interval(0.85, 0.21), guidance="mixed"),
    "whole_outside_exclusive_parts": changed("Sound6_1", **interval(0.85, 0.21), guidance="mixed"),
    "exclusive_parts_above_whole": changed(
        "Sound1_1", **interval(-0.43, 0.13), n_comparisons="9", guidance="mixed"),
    "condition_unlike_its_source": changed("Sound7_3", condition="sleeplessness"),
    "outcome_unlike_its_measure": changed("Sound8_2", outcome="remission"),
    "months_against_note": changed(
        "Sound9_3", timepoint="follow_up", follow_up_months="26", notes="6-month follow-up"),
    "against_the_others": changed("Sound10_2", **interval(-0.05, 0.17)),
    "outcome_unlike_the_rest": changed("Sound11_3", outcome="unclear"),
    "year_as_number": changed("Sound10_1", n_total="2014"),
    "more_decimals_than_its_source": changed("Sound1_2", estimate="0.3701"),
    "rounded_unlike_the_rest": changed("Sound2_2", estimate="0.5", ci_low="0.2", ci_high="0.8"),
    "effect_without_decimals": changed("Sound3_3", estimate="0"),
    "unusual_bound_of_p": changed("Sound4_1", p_operator="<", p_value="0.03"),
    "unusual_months": changed("Sound5_3", timepoint="follow_up", follow_up_months="26"),
    "arms_of_uneven_size": changed("Sound6_3", n_intervention="350", n_control="179"),
    "same_question_twice": changed("Sound4_3", guidance="guided"),
    "code_unlike_its_neighbours": changed("Sound7_2", comparator="placebo"),
    "code_unlike_its_words": changed("Sound7_2", comparator="placebo"),
    "filler_for_a_missing_number": changed("Sound1_3", tau2="0"),
    "limit_rounded_to_no_effect": changed(
        "Sound1_3", tau2="0", estimate="0.3", ci_low="0.0", ci_high="0.58"),
    # chi-squared of 17.5 with 14 degrees of freedom: 0.2305
    "p_of_another_test": changed("Sound5_1", p_operator="=", p_value="0.23", q="17.5"),
    "q_of_its_degrees_of_freedom": changed("Sound6_2", q="7", n_comparisons="8"),
    "one_arm_alone": changed("Sound7_1", n_control="525"),
    "part_without_its_whole": changed("Sound8_1", scope="subgroup"),
    "part_as_a_whole": changed("Sound9_2", scope="overall"),
    "time_against_words": changed("Sound9_1", follow_up_months="6"),
    "part_as_large_as_its_source": changed("Sound2_1", scope="subgroup", n_comparisons="25"),
    "outcome_nowhere_spoken_of": changed("Sound8_2", outcome="remission"),
    "number_against_note": changed("Sound3_1", notes="13 of 16 trials, 1042 participants"),
    "leading_zero": changed("Sound10_3", n_comparisons="010"),
    "nearly_the_same_number": changed(
        "Sound1_1", **interval(-0.43, 0.13), n_total="1260", n_comparisons="9", guidance="mixed"),
}  # fmt: skip
ADDED = {
    "row_typed_twice": changed("Sound11_2", effect_id="Sound11_4"),
    "same_numbers_in_its_source": changed(
        "Sound8_3", effect_id="Sound8_4", guidance="mixed", scope="subgroup"),
    "sign_turned_elsewhere": changed(
        "Sound9_2", effect_id="Sound11_5", meta_analysis_id="Sound11", guidance="mixed",
        estimate="-0.45", ci_low="-0.62", ci_high="-0.28"),
    "id_of_another_source": changed("Sound10_3", effect_id="Sound3_4"),
    # the third main pool of its source
    "code_unlike_its_source": changed(
        "Sound9_1", effect_id="Sound9_4", **interval(0.52, 0.16), timepoint="follow_up",
        follow_up_months="3", therapy="mindfulness", n_comparisons="8", n_total="977"),
    # all rows of its source are guided
    "part_without_its_whole of a source of one kind": changed(
        "Sound9_2", effect_id="Alone_1", meta_analysis_id="Alone", **interval(0.36, 0.23),
        n_comparisons="6", n_total="611"),
    "bound_of_p_unlike_its_source": changed(
        "Sound3_1", effect_id="Sound3_9", **interval(0.43, 0.15), guidance="mixed",
        scope="subgroup", p_operator="<", p_value="0.01"),
    # 13 comparisons of 1,024 are those of Sound3
    "same_size_in_another_source": changed(
        "Sound0_2", effect_id="Sound0_4", guidance="mixed", **interval(0.33, 0.24),
        n_comparisons="13", n_total="1024"),
    "missing_beside_the_others": changed(
        "Sound0_3", effect_id="Sound0_5", guidance="mixed", **interval(0.31, 0.22), n_total=""),
    "count_with_exponent": changed(
        "Sound7_2", effect_id="Sound7_5", **interval(0.42, 0.23), n_total="5.4E+02"),
    "more_studies_than_ever": changed(
        "Sound2_2", effect_id="Sound2_5", **interval(0.29, 0.25), guidance="mixed",
        n_comparisons="45469"),
    "same_numbers_in_another_source": changed(
        "Sound9_3", effect_id="Sound6_4", meta_analysis_id="Sound6", guidance="mixed"),
}  # fmt: skip
"""Rows beside the sound ones. Sound9_2 has 0.45 (0.28 to 0.62)."""


LISTS = "fct_findings fct_rejected_rows"


@cache
def sound_warehouse() -> Path:
    """What finds of the sound review; others differ from it by a few cells, and are its updates."""
    folder = Path(tempfile.mkdtemp(prefix="sound-rows-"))
    atexit.register(shutil.rmtree, folder)
    return build_warehouse(folder, made_sheets(folder, SOUND), selection=LISTS)


def made_sheets(folder, rows, more=(), *analyses):
    sheets = make_review(folder / "sheets", CONDITIONS, rows)
    path = sheets / "extraction/meta_analyses.csv"
    with path.open(encoding="utf-8", newline="") as file:
        typed = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(typed[0]))
        writer.writeheader()
        for i, row in enumerate(typed):
            large = {"n_trials": str(12 + i), "n_participants": str(1600 + 20 * i)}
            named = {"title": f"Sadness treated online, review {i}", "first_author": f"A{i}"}
            writer.writerow(row | large | named)
    append(sheets / "protocol/analyses.csv", ANALYSIS, *analyses)
    for sheet, row in more:
        append(sheets / f"extraction/{sheet}.csv", row)
    return sheets


def build(folder, rows, more=(), *analyses):
    sheets = made_sheets(folder, rows, more, *analyses)
    database = build_warehouse(folder, sheets, selection=LISTS, published=sound_warehouse())
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select * from fct_rejected_rows").fetchall() == []
        return connection.execute(
            "select rule, row_id, column_names, severity, candidate, why from fct_findings"
        ).fetchall()


TRIAL = {
    "source": "Sound0", "dataset": "made", "condition": "sadness", "comparator": "waitlist",
    "guidance": "guided", "therapy": "cbt", "delivery": "website", "locator": "Figure 2",
}  # fmt: skip


def trial(i: int, **cells: str) -> dict[str, str]:
    """Trials in the order of their effects, their standard errors roots of three decimals."""
    named = {"comparison_id": f"T{i}", "study": f"Study {i}", "study_id": f"Study{i}"}
    numbers = {
        "outcome": "symptom", "reported_g": f"{0.1 + 0.05 * i:.2f}",
        "reported_se": f"{(0.031 + 0.003 * i) ** 0.5:.4f}", "favourable_direction": "positive",
    }  # fmt: skip
    return TRIAL | named | (cells or numbers)


def rate(i: int, percent: str, arm: str = "intervention") -> dict[str, str]:
    return {
        "rate_id": f"Sound{i}_{arm}", "meta_analysis_id": f"Sound{i}", "condition": "sadness",
        "outcome": "dropout", "definition": "left", "arm": arm, "guidance": "guided",
        "percent": percent, "n_studies": str(5 + i), "comparator": "waitlist",
        "source_locator": "Table 2",
    }  # fmt: skip


COUNTS = ("events_intervention", "total_intervention", "events_control", "total_control")


def counts(i: int, *numbers: int) -> dict[str, str]:
    return trial(i, outcome="dropout", **dict(zip(COUNTS, map(str, numbers), strict=True)))


def dropout_ratio(i: int, estimate: float) -> tuple[str, dict[str, str]]:
    ratio = {"effect_id": f"Sound{i}_OR", "measure": "odds_ratio", "outcome": "dropout",
             "favourable_direction": "below_one", "notes": "dropout"}  # fmt: skip
    limits = {"ci_low": f"{estimate / 1.8:.2f}", "ci_high": f"{estimate * 1.8:.2f}"}
    sized = {"n_comparisons": str(7 + i), "n_total": str(901 + i)}
    return "reported_effects", EFFECT | changed(
        f"Sound{i}_1", **ratio, **limits, **sized, estimate=f"{estimate:.2f}")  # fmt: skip


def timed(i: int, **cells: str) -> dict[str, str]:
    """A trial with 3.0 to 3.7 person-years of each of its participants, a year less in an arm."""
    events, people, times = (9 + i, 15 + i), (80 + 2 * i, 83 + 2 * i), (3.1 + i / 10, 2.9 + i / 10)
    arms = {
        f"{name}_{arm}": str(round(value))
        for j, arm in enumerate(("intervention", "control"))
        for name, value in (
            ("events", events[j]), ("n", people[j]), ("time", people[j] * times[j]),
        )
    }  # fmt: skip
    return trial(40 + i, outcome="deterioration", time_unit="person-years", dataset="times",
                 source="Sound5", **arms | cells)  # fmt: skip


def months(i: int, *arms: str) -> dict[str, str]:
    """The person-time of a trial in months."""
    return {f"time_{arm}": str(12 * int(timed(i)[f"time_{arm}"])) for arm in arms}


def per_amount(i: int, estimate: float, amount: str = "per 100 g/day") -> dict[str, str]:
    ratio = {"effect_id": f"Sound{i}_amount", "measure": "odds_ratio", "outcome": "remission",
             "favourable_direction": "above_one", "measure_unit": amount}  # fmt: skip
    half = 1.25 + 0.08 * i
    limits = {"ci_low": f"{estimate / half:.2f}", "ci_high": f"{estimate * half:.2f}"}
    sized = {"n_comparisons": str(7 + i), "n_total": str(1501 + 9 * i), "notes": "remission"}
    return EFFECT | changed(
        f"Sound{i}_1", **ratio, **limits, **sized, estimate=f"{estimate:.2f}")  # fmt: skip


WITH_TRIALS = [
    *(("reported_effects", per_amount(i, estimate))
      for i, estimate in enumerate((1.17, 1.12, 1.14, 1.21, 1.15, 1.19), start=2)),
    # half the amount, and half the logarithm
    ("reported_effects", per_amount(8, 1.07, "per 350 g/week")),
    # half the amount, and a ratio that is larger all the same
    ("reported_effects", per_amount(9, 1.25, "per 50 g/day")),
    *(("primary_studies", timed(i)) for i in range(6)),
    ("primary_studies", timed(6, weeks="208")),
    # events of 9.0 to 14.2 per 1,000 person-years, of unknown numbers of people
    *(("reported_rates", rate(i, "", "unclear") | {
        "rate_id": f"Counted{i}", "outcome": "deterioration", "events": str(41 + 11 * i),
        "person_time": str(4_550 + 210 * i),
        "rate_unit": "per 1000 person-years",
    }) for i in range(4)),
    *(("primary_studies", trial(i)) for i in range(10)),
    *(("reported_rates", rate(i, str(21 + 2 * i))) for i in range(6)),
    ("primary_studies", counts(20, 9, 60, 17, 61)),
    # so few events are often equal
    ("primary_studies", counts(21, 14, 72, 14, 70)),
    ("primary_studies", trial(22, outcome="symptom", instrument="made", **{
        "mean_intervention": "12.1", "sd_intervention": "6.1", "n_intervention": "44",
        "mean_control": "14.3", "sd_control": "6.4", "n_control": "45",
        "favourable_direction": "negative", "dataset": "means", "source": "Sound4",
    })),
    # SDs of 6.2 to 7.0: the last is a tenth above the middle one
    *(("primary_studies", trial(23 + i, outcome="symptom", instrument="made", **{
        "mean_intervention": f"{12.3 + i / 4}", "sd_intervention": f"{6.0 + i / 4}",
        "n_intervention": f"{46 + 3 * i}", "mean_control": f"{14.4 + i / 4}",
        "sd_control": f"{6.5 + i / 4}", "n_control": f"{47 + 3 * i}",
        "favourable_direction": "negative", "dataset": "means", "source": "Sound4",
    })) for i in range(4)),
    # fewer events in the studied arm, in each of them
    *(("primary_studies", counts(30 + i, 9 + i, 60 + 2 * i, 15 + i, 61 + 2 * i) | {
        "dataset": "counts", "source": "Sound2",
    }) for i in range(8)),
    # 21 % against 17 % are an odds ratio of 1.30, 23 % against 19 % of 1.27
    *(("reported_rates", rate(i, str(17 + 2 * i), "control")) for i in range(3)),
    # in sets of their own: between 9.5 and 16.6 of 1,000 person-years, and between 2.1 and 4.2 %
    *(("reported_rates", rate(i, "", "all") | {
        "rate": value, "rate_unit": "per 1000 person-years",
    }) for i, value in enumerate(("9.5", "11.2", "12.4", "16.6"))),
    *(("reported_rates", rate(i, value, "unclear") | {"outcome": "adherence"})
      for i, value in enumerate(("2.1", "2.9", "3.4", "4.2"))),
    *(("reported_rates", rate(i, value, "unclear") | {"outcome": "completion"})
      for i, value in enumerate(("21", "29", "34", "42"), start=7)),
    dropout_ratio(0, 1.30),
    dropout_ratio(1, 1.45),
    ("meta_analyses", META_ANALYSIS | {
        "meta_analysis_id": "Late2020", "title": "Sadness, late", "search_end": "2019-06",
        "n_trials": "14", "n_participants": "1500",
    }),
    ("meta_analyses", META_ANALYSIS | {
        "meta_analysis_id": "Listed2020", "title": "Sadness, listed", "n_trials": "8",
        "n_participants": "1080",
    }),
    *(("primary_studies", counts(60 + i, 11 + i, 60 + 2 * i, 15 + i, 61 + 2 * i) | {
        "dataset": "listed", "source": "Listed2020", "year": f"{2013 + i}",
        "study": f"Someone {i}, {2013 + i}",
    }) for i in range(8)),
    # in months, which nobody names: a ratio of two arms needs no unit
    *(("primary_studies", timed(i) | months(i, "intervention", "control") | {
        "outcome": "dropout", "time_unit": "", "weeks": "200",
    }) for i in (10, 12, 14)),
]  # fmt: skip
# rule, in words which: the row of WITH_TRIALS in which it is made, and the cells
MISTYPED = {
    # interquartile ranges, 1.35 times as large
    "sds_above_the_others": ("T24", {"sd_intervention": "8.4", "sd_control": "9.1"}),
    "same_number_in_both_arms of few events": ("T31", {"events_intervention": "16"}),
    # 13 of 68 against 19 of 69, and 19 with 13: odds ratios of 0.62 and 0.27
    "events_of_both_arms": ("T34", {"events_control": "32"}),
    # 46 of 67 without the event, where a third of the others have it
    "unlike_the_others by its events": ("T33", {"events_control": "46"}),
    "out_of_its_order": ("T4", {"reported_g": "0.03"}),
    "no_root_of_a_printed_variance": ("T6", {"reported_se": "0.2110"}),
    "fewer_decimals_than_its_source": ("T7", {"reported_se": "0.2"}),
    "events_of_the_others": ("T20", {"events_control": "44"}),
    "percent_beyond_half": ("Sound3_intervention", {"percent": "73"}),
    "same_number_in_both_arms": ("T22", {"mean_control": "12.1"}),
    "ratio_against_rates": ("Sound0_OR", {"estimate": "0.13", "ci_low": "0.10", "ci_high": "0.17"}),
    "rate_unlike_its_set": ("Sound1_all", {"rate": "0.95"}),
    "person_time_unlike_its_set": ("T42", months(2, "intervention", "control")),
    "person_time_unlike_its_set by its events": ("Counted2", {"person_time": "59640"}),
    "person_time_against_participants of an arm": ("T43", months(3, "control")),
    "person_time_against_participants in its weeks": ("T46", months(6, "intervention", "control")),
    "amount_unlike_its_set": ("Sound4_amount", {"measure_unit": "per 10 g/day"}),
    "amount_missing": ("Sound5_amount", {"measure_unit": ""}),
    "amount_missing in another unit": ("Sound7_amount", {"measure_unit": "per 2 servings/day"}),
    "direction_unlike_its_outcome": ("Sound6_amount", {"favourable_direction": "below_one"}),
    "same_question_twice of an arm": ("Sound1_control", {"arm": "intervention"}),
    "percent_unlike_its_set of a fraction": ("Sound7_unclear", {"percent": "0.21"}),
    "person_time_without_unit": ("T45", {"time_unit": ""}),
    "percent_unlike_its_set": ("Sound1_unclear", {"percent": "29"}),
    "rates_of_arms_apart": ("Sound2_control", {"percent": "4"}),
    "pool_against_its_trials": ("T9", {"reported_g": "5.0"}),
    "year_unlike_its_id": ("Late2020", {"year": "2010"}),
    # the totals of both arms in both
    "participants_against_trials": ("T62", {"total_intervention": "129", "total_control": "129"}),
    "participants_against_trials as it names them": ("Listed2020", {}),
    # both of T25, in the row above
    "numbers_of_the_row_above": ("T26", {"sd_intervention": "6.5", "sd_control": "7.0"}),
    # 71, 72, 73 from T35 on
    "numbers_that_count_up": ("T36", {"total_control": "72"}),
    "numbers_that_count_up to the last": ("T37", {"total_control": "73"}),
    # by chance as many more than 71 as rows further down
    "numbers_that_count_up in one row": (
        "T67",
        {"total_intervention": "68", "total_control": "81"},
    ),
    "trial_after_its_source": ("T64", {"year": "2023"}),
    "year_unlike_its_id of a trial": ("T64", {"year": "2023"}),
    "search_after_publication": ("Late2020", {"search_end": "2023-06"}),
    "unusual_size_of_trials": ("Late2020", {"n_trials": "91"}),
}


OF_ANOTHER_TIME = (
    "person_time_unlike_its_set", "person_time_against_participants", "rate_unlike_its_set",
)  # fmt: skip
SOUND = [row for source in range(12) for row in sound(source)]
# rule: a row like the one that it finds, of which nothing is found
NEAR = {
    # a word of its label, which no other row has
    "code_unlike_its_words": changed(
        "Sound7_2", comparator="placebo", comparator_as_reported="wait list or placebo"),
    # one of two parts
    "code_unlike_its_source": changed("Sound4_2", guidance="unclear"),
    "filler_for_a_missing_number": changed("Sound1_3", tau2="0.00"),
    # the interval gives it, too: z = 0.40 / 0.335
    "p_of_another_test": changed(
        "Sound0_1", **interval(0.40, 0.657), n_comparisons="3", n_total="903", p_operator="=",
        p_value="0.23", q="2.92", guidance="mixed"),
    "q_of_its_degrees_of_freedom": changed("Sound6_2", q="7.1", n_comparisons="8"),
    "one_arm_alone": changed("Sound7_1", n_intervention="527", n_control="525"),
    "rounded_unlike_the_rest": changed("Sound2_2", estimate="0.5", ci_low="0.24", ci_high="0.77"),
    "unusual_bound_of_p": changed("Sound4_1", p_operator="=", p_value="0.01", ci_low="0.16",
                                  ci_high="0.52"),
    "unusual_months": changed(
        "Sound5_3", timepoint="follow_up", follow_up_months="1", notes="one month later"),
    # guided, as one of two parts of its source
    "part_without_its_whole": changed("Sound6_2", condition="sleeplessness"),
    # as many studies as Sound3, and other participants
    "same_size_in_another_source": changed("Sound8_1", n_comparisons="13", n_total="1057"),
    # the others are two rows
    "missing_beside_the_others": changed("Sound10_2", n_total=""),
    "count_with_exponent": changed("Sound9_1", n_total="1100"),
    # p is 0.027, that of Sound3_2 0.0004
    "bound_of_p_unlike_its_source": changed(
        "Sound3_1", **interval(0.43, 0.38), p_operator="<", p_value="0.05"),
    "bound_of_p_unlike_its_source, the other": changed(
        "Sound3_2", p_operator="<", p_value="0.001"),
    "more_studies_than_ever": changed("Sound11_1", n_comparisons="450"),
}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    wrong = {row["effect_id"]: row for row in FAULTY.values()}
    rows = [wrong.get(row["effect_id"], row) for row in SOUND] + list(ADDED.values())
    older = META_ANALYSIS | {"meta_analysis_id": "Older", "year": "2021", "title": "Earlier"}
    large = META_ANALYSIS | {"meta_analysis_id": "Large", "title": "Sadness, a large review"}
    trials = (
        {"comparison_id": "T1", "source": "Sound3", "dataset": "three", "reported_g": "0.31"},
        {"comparison_id": "T2", "source": "Sound4", "dataset": "four", "reported_g": "1.31"},
        {"comparison_id": "T3", "source": "Sound3", "dataset": "three", "reported_g": "0.42",
         "study": "Other 2015", "study_id": "other"},
        {"comparison_id": "T4", "source": "Sound4", "dataset": "four", "reported_g": "0.44",
         "study": "Other 2015", "study_id": "other"},
    )  # fmt: skip
    pairs = [
        row
        for i, name in enumerate(("Pair", "Both"))
        for row in (
            ("meta_analyses", META_ANALYSIS | {
                "meta_analysis_id": name, "title": f"Treated online, {name}", "n_trials": "61",
            }),
            ("reported_effects", EFFECT | changed(
                f"Sound{8 + i}_1", effect_id=f"{name}_1", meta_analysis_id=name, n_total="857",
                notes="scales of sadness" if name == "Pair" else "")),
            ("reported_effects", EFFECT | changed(
                f"Sound{5 + i}_2", effect_id=f"{name}_2", meta_analysis_id=name, n_total="833",
                scope="overall", condition="sleeplessness")),
        )
    ]  # fmt: skip
    again = [
        ("meta_analyses", older | {"n_trials": "9", "n_participants": "900"}),
        ("ma_relations", {
            "meta_analysis_id": "Sound0", "related_id": "Older", "relation": "updates",
            "basis": "stated", "reason": "made up", "source_locator": "Title",
        }),
        ("ma_relations", {
            "meta_analysis_id": "Sound5", "related_id": "Sound10", "relation": "restates",
            "basis": "stated", "reason": "made up", "source_locator": "Title",
        }),
        ("meta_analyses", large | {"n_trials": "91", "n_participants": "1600"}),
        ("reported_effects", EFFECT | changed(
            "Sound9_1", effect_id="Large_1", meta_analysis_id="Large")),
        *pairs,
        # beside Sound3_9, whose p is below 0.001, too
        ("reported_effects", EFFECT | changed(
            "Sound3_1", effect_id="Sound3_8", **interval(0.41, 0.14), scope="subgroup",
            guidance="mixed", subtype="made", p_operator="<", p_value="0.001")),
        *(("primary_studies", LISTED_TRIAL | trial) for trial in trials),
        ("second_extraction", {"effect_id": "Sound7_1", "found": "y", "estimate": "0.54"}),
        ("second_extraction", {"effect_id": "Sound0_2", "found": "y", "measure": "smd"}),
        ("second_extraction", {"effect_id": "Sound0_3", "found": "y", "estimate": "0.30"}),
        ("adjudications", {
            "effect_id": "Sound0_3", "field": "estimate", "first_value": "0.73",
            "second_value": "0.30", "adjudicated_value": "0.37", "basis": "Table 2",
            "reason": "made up", "decided_by": "third_reader",
        }),
    ]  # fmt: skip
    return build(tmp_path_factory.mktemp("across"), rows, again)


def test_a_sound_review_has_no_finding(tmp_path):
    assert build(tmp_path, SOUND) == []


@pytest.mark.parametrize("rule", [*FAULTY, *ADDED])
def test_a_rule_finds_its_error_in_the_right_row(found, rule):
    row = (FAULTY | ADDED)[rule]
    assert row["effect_id"] in {row_id for name, row_id, *_ in found if name == rule.split()[0]}


def test_a_near_row_is_left_alone(tmp_path):
    wrong = {row["effect_id"]: row for row in NEAR.values()}
    found = build(tmp_path, [wrong.get(row["effect_id"], row) for row in SOUND])
    named = {(rule, row_id) for rule, row_id, *_ in found}
    assert named.isdisjoint((rule, row["effect_id"]) for rule, row in NEAR.items())


def test_sound_trials_and_rates_have_no_finding(tmp_path):
    assert build(tmp_path, SOUND, WITH_TRIALS) == []


def test_a_number_unlike_its_table_is_found_in_the_right_row(tmp_path):
    ids = ("comparison_id", "rate_id", "effect_id", "meta_analysis_id")
    rows = []
    for sheet, row in WITH_TRIALS:
        row_id = next(row[name] for name in ids if name in row)
        wrong = [cells for name, cells in MISTYPED.values() if name == row_id]
        rows.append((sheet, {k: v for cells in [row, *wrong] for k, v in cells.items()}))
    found = {(name, row_id): said for name, row_id, *_, said, _ in build(tmp_path, SOUND, rows)}
    expected = {(name.split()[0], row_id) for name, (row_id, _) in MISTYPED.items()}
    assert expected - found.keys() == {("numbers_that_count_up", "T67")}
    in_months = [said for (name, _), said in found.items() if name in OF_ANOTHER_TIME]
    assert len(in_months) == 5
    assert [said for said in in_months if "person-months" not in said] == []


@pytest.mark.parametrize(
    ("estimate", "last", "readings", "named"),
    [
        # a rate may have the identifier of an effect
        (
            1.60, "80", [("reported_rates", rate(2, "31") | {"rate_id": "Sound2_1"})],
            ["Rate5", "Sound2_1"],
        ),
        (
            1.60, "80",
            [
                ("second_extraction", {"effect_id": "Sound2_1", "found": "y"}),
                ("second_extraction_rates", {"rate_id": "Rate5", "found": "y"}),
            ],
            [],
        ),
        # far from the others, and yet within the interval that they give; with the last percentage
        # the interval holds 50 %, without it not: but 50 % means nothing
        (0.62, "47", [], []),
    ],
)  # fmt: skip
def test_a_headline_that_hangs_on_one_row_read_once_is_named(
    tmp_path, estimate, last, readings, named
):
    drawing = changed("Sound2_1", **interval(estimate, 0.21))
    rows = [drawing if row["effect_id"] == "Sound2_1" else row for row in SOUND[:24]]
    rates, analysis = percentages(last)
    found = build(tmp_path, rows, [*rates, *readings], analysis)
    assert sorted(hanging(found)) == named
    turned = {row_id for rule, row_id, *_ in found if rule == "headline_turns_on_row"}
    assert estimate > 1 or "Sound2_1" not in turned


CODES = "scope, condition, outcome, timepoint"


@pytest.mark.parametrize(
    ("estimate", "scope", "readings", "columns"),
    [
        # by REML 0.55 with it, 0.43 without it (metafor 3.8-1)
        (1.40, "overall", [], f"estimate, ci_low, ci_high, favourable_direction, {CODES}"),
        # a second reader reads numbers, and not where the row belongs
        (1.40, "overall", [("second_extraction", {"effect_id": "Sound2_1", "found": "y"})], CODES),
        (1.40, "subgroup", [], CODES),
        # 0.45 with it, also of an overall one: above
        (0.62, "subgroup", [], None),
    ],
)
def test_a_row_that_turns_a_headline_is_named(tmp_path, estimate, scope, readings, columns):
    drawing = changed("Sound2_1", **interval(estimate, 0.21), scope=scope)
    rows = [drawing if row["effect_id"] == "Sound2_1" else row for row in SOUND[:24]]
    found = build(tmp_path, rows, readings)
    named = {row_id: named for rule, row_id, named, *_ in found if rule == "headline_turns_on_row"}
    assert named == ({} if columns is None else {"Sound2_1": columns})


def test_headlines_of_one_label_each_name_their_row(tmp_path):
    rates, analysis = percentages("80")
    drawing = changed("Sound2_1", **interval(1.60, 0.21))
    rows = [drawing if row["effect_id"] == "Sound2_1" else row for row in SOUND[:24]]
    trials, *others = headlines_besides()
    found = build(
        tmp_path, [*rows, *FEW], [*rates, *trials], analysis | {"label": ANALYSIS["label"]}, *others
    )
    # both rows of the trial
    assert sorted(hanging(found)) == ["Rate5", "Sound2_1", "T5", "T6"]
    turning = {row_id: said for rule, row_id, *_, said in found if rule == "headline_turns_on_row"}
    assert {"T5", "T6"} < turning.keys()
    # by REML and Hartung-Knapp 0.61 (-0.33 to 1.55) of both, which each exclude no effect
    [said] = [said for row_id, said in turning.items() if row_id.startswith("Few")]
    assert "it also turns without Few4_1" in said


FEW = [
    changed(f"Sound{i}_1", **interval(estimate, half), condition="sleeplessness")
    | {"effect_id": f"Few{i}_1"}
    for i, estimate, half in ((2, 0.72, 0.17), (4, 0.51, 0.23))
]
"""Two effects of which any one turns what they give together."""


def headlines_besides():
    """Six trials, the last of two rows and far from the others; headlines of them, and of two."""
    besides = ANALYSIS | {"is_headline": "y", "label": "Besides"}
    numbers = {
        "reported_se": "0.14",
        "favourable_direction": "positive",
        "outcome": "quality_of_life",
    }
    rows = [
        ("primary_studies", trial(i, **numbers, reported_g=f"{g}"))
        for i, g in enumerate((0.18, 0.23, 0.28, 0.21, 0.26, 1.92, 1.97))
    ]
    rows[-1][1].update(study=rows[-2][1]["study"], study_id=rows[-2][1]["study_id"])
    return (
        rows,
        besides
        | {
            "analysis_id": "trials",
            "unit": "trial",
            "outcome": "quality_of_life",
            "sort_order": "3",
        },
        besides | {"analysis_id": "few", "condition": "sleeplessness", "sort_order": "4"},
    )


def hanging(found):
    """Rows that a headline hangs on."""
    return [row_id for rule, row_id, *_ in found if rule == "headline_hangs_on_row"]


def percentages(last):
    """Six percentages, and a headline of them."""
    typed = ["52", "53", "54", "52", "53", last]
    rates = [
        ("reported_rates", rate(i, percent) | {
            "rate_id": f"Rate{i}", "interval_kind": "ci95", "percent_low": str(int(percent) - 2),
            "percent_high": str(int(percent) + 2),
        })
        for i, percent in enumerate(typed)
    ]  # fmt: skip
    analysis = ANALYSIS | {
        "analysis_id": "left", "label": "Left", "outcome": rates[0][1]["outcome"],
        "arm": rates[0][1]["arm"], "scale": "logit", "is_headline": "y", "required_scope": "any",
        "sort_order": "2",
    }  # fmt: skip
    return rates, analysis


def test_two_readers_and_an_older_update_are_named(found):
    by_rule = {(rule, row_id): (columns, severity) for rule, row_id, columns, severity, *_ in found}
    assert by_rule["readers_differ", "Sound7_1"] == ("estimate", "implausible")
    assert by_rule["readers_code_differently", "Sound0_2"] == ("measure", "worth_a_look")
    assert by_rule["decided_about_another_value", "Sound0_3"] == ("estimate", "implausible")
    assert ("printed_again_with_other_numbers", "Sound5_1") in by_rule
    assert by_rule["update_older_than_original", "Sound0"] == ("year", "worth_a_look")


def test_one_of_two_rows_is_under_a_condition_that_nobody_speaks_of(found):
    named = {row_id for rule, row_id, *_ in found if rule == "condition_unlike_its_source"}
    assert "Pair_2" in named
    # nothing is spoken of in the other source
    assert named.isdisjoint({"Pair_1", "Both_1", "Both_2"})


def test_a_trial_with_two_numbers_is_named_in_both_sources(found):
    named = {row_id for rule, row_id, *_ in found if rule == "trial_with_two_numbers"}
    assert named == {"T1", "T2"}


def test_a_meta_analysis_far_larger_than_its_pools_is_named(found):
    by_row = {row_id: columns for rule, row_id, columns, *_ in found
              if rule == "whole_far_above_its_parts"}  # fmt: skip
    assert by_row == {"Large": "n_trials"}


def test_a_candidate_says_what_would_be_right(found):
    said = {(rule, row_id): candidate for rule, row_id, *_, candidate, _ in found if candidate}
    assert "too far right" in said["far_from_the_others", "Sound0_1"]
    assert said["id_of_another_source", "Sound3_4"] == "Sound3"
    assert said["readers_differ", "Sound7_1"] == "the other value: 0.54"


def test_no_sound_row_is_called_implausible(found):
    wrong = {row["effect_id"] for row in (FAULTY | ADDED).values()}
    wrong |= {"Sound7_1", "Sound11_2", "Sound9_2", "Sound8_3", "Sound10_3", "Sound0_3"}
    alarms = {row_id for _, row_id, _, severity, *_ in found if severity == "implausible"}
    assert alarms <= wrong
