"""The sentence of a result, over a grid of what results can be."""

from __future__ import annotations

import re

import duckdb
import pytest
from jinja2 import Environment

from tests.python.conftest import ROOT

pytestmark = pytest.mark.build

HIGH = {
    ("continuous", "more_is_worse", "above"): "The intervention reduces pain to a small extent.",
    ("continuous", "more_is_worse", "below"): "The intervention increases pain to a small extent.",
    ("continuous", "more_is_better", "above"):
        "The intervention improves functioning to a small extent.",
    ("continuous", "more_is_better", "below"):
        "The intervention worsens functioning to a small extent.",
    ("continuous", "neither", "above"): "The intervention raises body height.",
    ("continuous", "neither", "below"): "The intervention lowers body height.",
    ("event", "more_is_worse", "above"): "The intervention raises the risk of relapse.",
    ("event", "more_is_worse", "below"): "The intervention lowers the risk of relapse.",
    ("event", "more_is_better", "above"): "The intervention raises the chance of remission.",
    ("event", "more_is_better", "below"): "The intervention lowers the chance of remission.",
    ("event", "neither", "above"): "The intervention raises the risk of a move.",
    ("event", "neither", "below"): "The intervention lowers the risk of a move.",
    ("time_to_event", "more_is_worse", "above"): "The intervention raises the risk of death.",
    ("time_to_event", "more_is_worse", "below"): "The intervention lowers the risk of death.",
    ("time_to_event", "more_is_better", "above"): "The intervention raises the chance of recovery.",
    ("time_to_event", "more_is_better", "below"): "The intervention lowers the chance of recovery.",
    ("event_count", "more_is_worse", "above"): "The intervention raises the rate of falls.",
    ("event_count", "more_is_worse", "below"): "The intervention lowers the rate of falls.",
    ("correlation", "more_is_worse", "above"): "The intervention goes with higher distress.",
    ("correlation", "more_is_worse", "below"): "The intervention goes with lower distress.",
    ("correlation", "more_is_better", "above"): "The intervention goes with higher well-being.",
    ("correlation", "more_is_better", "below"): "The intervention goes with lower well-being.",
}  # fmt: skip
OF_RATES = ("logit", "log_incidence_rate")
CERTAINTY = {
    "high": "The intervention lowers the risk of relapse.",
    "moderate": "The intervention probably lowers the risk of relapse.",
    "low": "The intervention may lower the risk of relapse.",
    "very low":
        "The intervention may lower the risk of relapse, but the evidence is very uncertain.",
    "not judged":
        "The intervention lowers the risk of relapse; how certain this is was not judged.",
}  # fmt: skip
MEMBERS = {
    "none": "No meta-analysis of this extraction can be pooled.",
    "one": "One meta-analysis, not pooled: the intervention lowers the risk of relapse; how "
    "certain this is was not judged.",
    "two": "2 meta-analyses are too few for a pooled verdict: both point to the intervention, "
    "1 significantly.",
}
TOWARDS = {
    "interventions": {
        "more_is_worse": ("the control", "the intervention"),
        "more_is_better": ("the intervention", "the control"),
        "neither": ("a higher risk of a move", "a lower risk of a move"),
    },
    "exposures": {
        "more_is_worse": ("a higher risk of relapse", "a lower risk of relapse"),
        "more_is_better": ("a higher chance of remission", "a lower chance of remission"),
        "neither": ("a higher risk of a move", "a lower risk of a move"),
    },
}
"""The sides above and below no effect of an event, by kind of review and polarity."""
OF_CAUSES = re.compile(r"favour|effect|improve|worsen|reduce|raise|intervention\b(?! or)", re.I)


@pytest.fixture(scope="module")
def sentences(shipped_connection):
    names = (
        "review_kind", "quantity", "polarity", "scale", "side", "members", "certainty", "sentence",
    )  # fmt: skip
    found = shipped_connection.execute(
        f"select {', '.join(names)} from reports.rpt_sentences"
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def test_every_result_has_one_whole_sentence(sentences):
    assert len(sentences) > 800
    for row in sentences:
        said = row["sentence"]
        assert re.fullmatch(r"[A-Z0-9](?:[^.]|\.\d)*\.", said), row
        assert "  " not in said, row
        assert "null" not in said.lower(), row


def test_an_intervention_does_what_its_scale_and_polarity_say(sentences):
    found = {
        (row["quantity"], row["polarity"], row["side"]): row["sentence"]
        for row in sentences
        if (row["review_kind"], row["members"], row["certainty"])
        == ("interventions", "many", "high")
        and row["side"] != "neither"
    }
    assert found == HIGH


def test_certainty_is_said_in_its_words(sentences):
    relapse = [
        row
        for row in sentences
        if (row["review_kind"], row["quantity"], row["polarity"], row["side"])
        == ("interventions", "event", "more_is_worse", "below")
    ]
    many = {row["certainty"]: row["sentence"] for row in relapse if row["members"] == "many"}
    assert many == CERTAINTY
    few = {row["members"]: row["sentence"] for row in relapse if row["members"] != "many"}
    assert few == MEMBERS


def test_of_two_the_side_is_told_to_which_they_point(sentences):
    found = {
        (row["review_kind"], row["polarity"], row["side"]): row["sentence"].split(": ", 1)[1]
        for row in sentences
        if row["quantity"] == "event" and row["members"] == "two" and row["review_kind"] in TOWARDS
    }
    expected = {}
    for kind, polarities in TOWARDS.items():
        for polarity, (above, below) in polarities.items():
            first, other = (below, above) if below == "the intervention" else (above, below)
            expected |= {
                (kind, polarity, "above"): f"both point to {above}, 1 significantly.",
                (kind, polarity, "below"): f"both point to {below}, 1 significantly.",
                (kind, polarity, "neither"): f"1 of 2 points to {first}, not significantly, and "
                f"1 to {other}, not significantly.",
            }
    assert found == expected


def test_members_are_counted_on_the_side_of_most(shipped_connection):
    rows = shipped_connection.execute(
        "select summary, k, n_estimates_above, n_estimates_below, above_favours, "
        "fct_concordance.scale "
        "from fct_concordance inner join dim_analyses using (analysis_id) "
        "where k > 1 and n_estimates_above != n_estimates_below and above_favours is not null"
    ).fetchall()
    told = set()
    for summary, k, above, below, above_favours, scale in rows:
        n = max(above, below)
        some = f"{n} of {k}" if n < k else "Both" if k == 2 else f"All {k}"
        point = "points" if n == 1 else "point"
        side = "intervention" if (above > below) == above_favours else "control"
        assert summary.startswith(f"{some} meta-analyses {point} to the {side}, "), summary
        # Only SMDs have bands of size.
        assert scale == "smd" or "magnitude" not in summary, summary
        told.add((n == k, side))
    assert {(True, "control"), (True, "intervention"), (False, "intervention")} <= told


def test_an_exposure_goes_with_more_or_less_and_favours_nothing(sentences):
    exposures = [row for row in sentences if row["review_kind"] in ("exposures", "mixed")]
    assert len(exposures) > 400
    for row in exposures:
        assert not OF_CAUSES.search(row["sentence"]), row
        if row["members"] == "many" and row["side"] in ("above", "below"):
            word = {"above": "higher", "below": "lower"}[row["side"]]
            if row["quantity"] != "proportion":
                assert word in row["sentence"], row


def test_nothing_is_clear_where_the_interval_holds_no_effect(sentences):
    clear = [
        row
        for row in sentences
        if row["side"] == "neither" and row["members"] == "many" and row["scale"] not in OF_RATES
    ]
    assert len(clear) > 100
    assert all(row["sentence"].startswith("No clear ") for row in clear)


def test_a_percentage_is_said_alike_in_every_review_with_its_certainty_behind_it(sentences):
    found = {
        (row["certainty"], row["sentence"])
        for row in sentences
        if (row["quantity"], row["polarity"], row["members"]) == ("proportion", "neither", "many")
    }
    said = "Prevalence of about 30 in 100 (95% interval 26 to 34)"
    judged = {(word, f"{said}; certainty: {word}.") for word in CERTAINTY if word != "not judged"}
    assert found == judged | {("not judged", f"{said}.")}


def test_a_rate_per_person_time_says_which(sentences):
    found = {
        row["sentence"]
        for row in sentences
        if (row["scale"], row["members"], row["certainty"]) == ("log_incidence_rate", "many", "low")
    }
    said = "Falls of about 30.00 per 1000 person-years (95% interval 26.00 to 34.00)"
    assert found == {f"{said}; certainty: low."}


RARE = {
    (30.2, 26.1, 34.4): "30 in 100 (95% interval 26 to 34)",
    (1.24, 0.98, 1.51): "12 in 1000 (95% interval 10 to 15)",
    (98.76, 98.1, 99.3): "988 in 1000 (95% interval 981 to 993)",
    (0.31, 0.2, 0.52): "31 in 10\u2009000 (95% interval 20 to 52)",
    (0.004, 0.001, 0.012): "4 in 100\u2009000 (95% interval 1 to 12)",
    (0, None, None): "0 in 100, without interval",
}  # fmt: skip


def test_what_is_rare_is_told_of_as_many_people_as_it_takes():
    macros = (ROOT / "macros/reports/sentences.sql").read_text(encoding="utf-8")
    words = Environment().from_string(macros).module.of_about()
    with duckdb.connect() as connection:
        for numbers, said in RARE.items():
            found = connection.execute(
                f"select {words} from (select 'expit' as shown_as, 1 as decimals, "
                "null as measure_unit, ?::double as estimate, ?::double as ci_low, "
                "?::double as ci_high)",
                numbers,
            ).fetchall()
            assert found == [(f" of about {said}",)]
