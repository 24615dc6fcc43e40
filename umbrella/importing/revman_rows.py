"""Outcomes of a review of RevMan as rows of sheets, and RevMan's results recomputed.

The review is one meta-analysis. Each outcome of each comparison is a set of trials with the result
that RevMan prints beside it; comparisons are conditions, so that none is pooled with another.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from statistics import NormalDist
from typing import Any

from umbrella.importing.cells import plain
from umbrella.importing.metapsy import COMPARATORS
from umbrella.importing.protocol import SCALES
from umbrella.importing.references import family_of
from umbrella.importing.results import QUANTITIES
from umbrella.importing.revman import RATIOS, Outcome, Review, Total, Trial, number_in
from umbrella.importing.rows import SHEET_UNIT, Codes, Imported, free, identifier, note
from umbrella.importing.source import Source
from umbrella.sheets.problems import Problem

TOLERANCE = 1e-4
"""Of RevMan's results recomputed: relative, on the scale on which they are pooled."""

MEASURE_OF_TRIALS = {"risk_difference": "risk_ratio", "smd": ""}
"""Measures that trials are not pooled in, with the one that they are; means have no measure."""

FAVOURS_FIRST = r"\b(experimental|intervention|treatment|treated|active|drug)\b"
FAVOURS_SECOND = (
    r"\b(controls?|placebo|sham|comparator|comparison|usual|standard|routine|tau|"
    r"no (treatment|intervention|drug)|wait(ing)? ?list)\b"
)

WORDS = {"EVENTS": "events", "TOTAL": "people", "MEAN": "mean", "SD": "standard deviation"}


@dataclass
class Made:
    """What is made of a review."""

    source: Source
    condition: str
    kind: str
    favours: Mapping[str, str]
    name: str
    imported: Imported = field(default_factory=Imported)
    conditions: Codes = field(default_factory=Codes)
    outcomes: Codes = field(default_factory=Codes)
    effect_ids: set[str] = field(default_factory=set)
    unsigned: set[str] = field(default_factory=set)
    ways: Counter[str] = field(default_factory=Counter)


def read_rows(
    review: Review, source: Source, *, condition: str, kind: str, favours: Mapping[str, str]
) -> Imported:
    """The rows of the sheets; what is wrong is noted in `source.problems`."""
    first = family_of(review.authors[0]) if review.authors else ""
    number = re.search(r"CD\d{6}(\.pub\d+)?", source.path.stem)
    of_file = identifier(number[0] if number else source.path.stem)
    name = identifier(f"{first}{review.year}" if first else "") or of_file
    made = Made(source, condition, kind, favours, name)
    _add_review(made, review)
    names = Counter((one.comparison_no, plain(one.name)) for one in review.outcomes)
    for outcome in review.outcomes:
        is_repeated = names[outcome.comparison_no, plain(outcome.name)] > 1
        label = f"{outcome.name} ({outcome.no})" if is_repeated else outcome.name
        _add_outcome(made, outcome, label)
    _ask_for_direction(made)
    imported = made.imported
    imported.review_kind = kind
    imported.conditions = {code.lower(): text for code, text in made.conditions.labels.items()}
    imported.notices += [f"{way} ({n})" for way, n in made.ways.items()]
    imported.notices += [f"not taken over: {n} {what}" for what, n in review.not_read.items() if n]
    return imported


def _add_review(made: Made, review: Review) -> None:
    studies = {trial.study for outcome in review.outcomes for trial in outcome.trials}
    row = {
        "meta_analysis_id": made.name,
        "first_author": review.authors[0] if review.authors else "",
        "authors": "; ".join(review.authors),
        "year": review.year if review.year.isdecimal() else "",
        "title": review.title,
        "doi": review.doi,
        "n_trials": str(len(studies)) if studies else "",
        "delivery": "unclear",
        "eligibility": "included",
        "source_kind": "full_text",
        "source_url": made.source.path.name,
        "notes": "imported_from=RevMan",
    }
    made.imported.meta_analyses[made.name] = {key: value for key, value in row.items() if value}


def _add_outcome(made: Made, outcome: Outcome, label: str) -> None:
    """A set of trials with its result, and the results of its subgroups; else a set for each."""
    outcome.trials = [one for one in outcome.trials if not _note_faults(made, outcome, one)]
    is_whole = outcome.has_total or not outcome.subtotals
    total_of_all = outcome.total if outcome.has_total else Total()
    for subgroup, total in (("", total_of_all),) if is_whole else _subtotals(outcome).items():
        shared = _shared(made, outcome, label, subgroup)
        trials = outcome.trials if is_whole else _of_subgroup(outcome, subgroup)
        kept = _kept(made, outcome, trials)
        repeated = Counter(one.study for one in kept)
        for trial in kept:
            made.imported.trials.append(
                _trial(made, outcome, trial, shared, is_repeated=repeated[trial.study] > 1)
            )
        _add_result(made, outcome, total, kept, shared)
    for subgroup, total in outcome.subtotals.items() if is_whole else ():
        if total.estimate is not None:
            shared = _shared(made, outcome, label, subgroup) | {"scope": "subgroup"}
            trials = [one for one in _of_subgroup(outcome, subgroup) if _has_numbers(outcome, one)]
            _add_result(made, outcome, total, trials, shared)


def _subtotals(outcome: Outcome) -> dict[str, Total]:
    """The results of subgroups; none of those that the file names in rows alone."""
    return outcome.subtotals | {
        one.subgroup: Total() for one in outcome.trials if one.subgroup not in outcome.subtotals
    }


def _of_subgroup(outcome: Outcome, subgroup: str) -> list[Trial]:
    return [one for one in outcome.trials if one.subgroup == subgroup]


def _note_faults(made: Made, outcome: Outcome, trial: Trial) -> bool:
    """Whether a row has cells that can be no numbers of its kind, which are noted."""
    wrong = {key: text for key, text in trial.numbers.items() if not _is_fit(key, text)}
    for key, text in wrong.items():
        what, _, arm = key.partition("_")
        is_count = what in ("EVENTS", "TOTAL")
        right = "a whole number of 0 and more" if is_count else "a number"
        problem = f"{trial.study}, {outcome.place}: {WORDS[what]} of arm {arm}: not understood"
        made.source.problems.append(Problem(made.source.path.name, problem, right, value=text))
    return bool(wrong)


def _is_fit(key: str, text: str) -> bool:
    number = number_in(text)
    if number is None or "%" in text or (number < 0 and not key.startswith("MEAN")):
        return False
    return number.is_integer() or not key.startswith(("EVENTS", "TOTAL"))


def _kept(made: Made, outcome: Outcome, trials: Sequence[Trial]) -> list[Trial]:
    """The rows with numbers; the others are told."""
    left = ", ".join(one.study for one in trials if not _has_numbers(outcome, one))
    if left:
        made.imported.notices.append(f"{outcome.place}: rows without numbers left out: {left}")
    return [one for one in trials if _has_numbers(outcome, one)]


def _has_numbers(outcome: Outcome, trial: Trial) -> bool:
    """Whether a row has what its kind is computed from; RevMan writes zeros for none."""
    if outcome.kind in ("contrast", "o_e"):
        is_there = trial.estimate is not None and bool(trial.se or trial.low is not None)
        return is_there and (outcome.measure not in RATIOS or (trial.estimate or 0) > 0)
    has_events = outcome.kind != "dichotomous" or all(
        trial.numbers.get(f"EVENTS_{arm}") for arm in (1, 2)
    )
    return has_events and all(float(trial.numbers.get(f"TOTAL_{arm}", "0")) for arm in (1, 2))


def _shared(made: Made, outcome: Outcome, label: str, subgroup: str) -> dict[str, str]:
    """What the rows of a set of trials and its result have alike."""
    condition = made.conditions.code(made.condition or outcome.comparison).lower()
    code = made.outcomes.code(label).lower()
    quantity = QUANTITIES.get(outcome.measure, "continuous")
    made.imported.outcomes.setdefault(
        code,
        {"code": code, "label": label, "definition": "Made by the import.", "quantity": quantity},
    )
    subtype = ": ".join(filter(None, (made.condition and outcome.comparison, subgroup)))
    is_score = SCALES.get(MEASURE_OF_TRIALS.get(outcome.measure, outcome.measure)) == "smd"
    direction = _direction(made, outcome, label) if is_score else ""
    return {
        "condition": condition,
        "subtype": subtype,
        "outcome": code,
        "comparator": COMPARATORS.get(plain(outcome.labels[1]), "unclear"),
        "guidance": "unclear",
        "therapy": "unclear",
        "favourable_direction": direction,
    }


def _direction(made: Made, outcome: Outcome, label: str) -> str:
    """The good sign of a difference: as the caller says, else as the graph is labelled."""
    if made.kind != "interventions":
        return ""
    said = {plain(key): sign for key, sign in made.favours.items() if key}
    sign = said.get(plain(label)) or made.favours.get("", "")
    if sign:
        return sign
    sign = _sign_of_graph(outcome)
    if sign:
        labels = " and ".join(map(repr, outcome.graph_labels))
        made.imported.notices.append(
            f"{outcome.place}: {sign} is taken to favour the intervention, as the graph says "
            f"({labels}); --favours says otherwise"
        )
    else:
        made.unsigned.add(label)
    return sign


def _sign_of_graph(outcome: Outcome) -> str:
    """Below zero lies left: the arm that the left label favours is better there."""
    left, right = map(plain, outcome.graph_labels)
    first, second = map(plain, outcome.labels)
    for text, of_first, of_second in ((left, "negative", "positive"),
                                      (right, "positive", "negative")):  # fmt: skip
        is_first = bool(re.search(FAVOURS_FIRST, text)) or _names(text, first)
        is_second = bool(re.search(FAVOURS_SECOND, text)) or _names(text, second)
        if is_first != is_second:
            return of_first if is_first else of_second
    return ""


def _names(text: str, label: str) -> bool:
    return bool(label) and f" {label} " in f" {text} "


def _ask_for_direction(made: Made) -> None:
    if made.unsigned:
        problem = "which sign of a difference favours the intervention is not said by the graph: "
        problem += ", ".join(sorted(made.unsigned))
        right = f"--favours positive or negative for all, or '{min(made.unsigned)}=negative'"
        made.source.problems.append(Problem(made.source.path.name, problem, right))


def _trial(
    made: Made, outcome: Outcome, trial: Trial, shared: Mapping[str, str], *, is_repeated: bool
) -> dict[str, str]:
    number = len(made.imported.trials) + 1
    study = trial.study if not trial.year or trial.year in trial.study else (
        f"{trial.study} {trial.year}"
    )  # fmt: skip
    row = {
        **shared,
        "comparison_id": f"{made.name}_{outcome.comparison_no}_{outcome.no}_{number}",
        "dataset": made.name,
        "study": study,
        "study_id": study,
        "year": trial.year if trial.year.isdecimal() else "",
        "delivery": "unclear",
        "measure": MEASURE_OF_TRIALS.get(outcome.measure, outcome.measure),
        "source": made.name,
        "multiple_effects": "groups" if is_repeated else "",
        "locator": f"{made.source.path.name}, {outcome.place}, {trial.study}",
        "notes": note(
            subgroup=trial.subgroup,
            arms=" / ".join(filter(None, outcome.labels)),
            estimable="" if trial.is_estimable else "no",
        ),
    }
    numbers = NUMBERS_OF[outcome.kind](made, outcome, trial)
    return {column: value for column, value in (row | numbers).items() if value}


def _counts(made: Made, outcome: Outcome, trial: Trial) -> dict[str, str]:
    cells = {}
    for side, arm in (("intervention", 1), ("control", 2)):
        total = _plain_whole(trial.numbers.get(f"TOTAL_{arm}", ""))
        events = _plain_whole(trial.numbers.get(f"EVENTS_{arm}", ""))
        if int(events) > int(total):
            problem = f"{trial.study}, {outcome.place}: more events than people"
            made.source.problems.append(
                Problem(made.source.path.name, problem, f"at most {total}", value=events)
            )
        elif outcome.is_swapped:
            events = str(int(total) - int(events))
            made.ways["events and others swapped, as RevMan does: arms"] += 1
        cells |= {f"events_{side}": events, f"total_{side}": total}
    if outcome.measure == "risk_difference":
        made.ways["risk differences: trials are pooled as risk ratios of their counts: rows"] += 1
    return cells


def _means(_: Made, outcome: Outcome, trial: Trial) -> dict[str, str]:
    cells = {}
    for side, arm in (("intervention", 1), ("control", 2)):
        cells |= {
            f"mean_{side}": _plain(trial.numbers.get(f"MEAN_{arm}", "")),
            f"sd_{side}": _plain(trial.numbers.get(f"SD_{arm}", "")),
            f"n_{side}": _plain_whole(trial.numbers.get(f"TOTAL_{arm}", "")),
        }
    if outcome.measure == "mean_difference":
        cells["instrument"] = outcome.unit or SHEET_UNIT
    return cells


def _effects(_: Made, outcome: Outcome, trial: Trial) -> dict[str, str]:
    people = [_plain_whole(trial.numbers.get(f"TOTAL_{arm}", "")) for arm in (1, 2)]
    has_people = all(people) and all(map(int, people))
    cells = {
        "estimate": _shown(trial.estimate),
        "estimate_se": _shown(trial.se),
        "ci_low": "" if trial.se else _shown(trial.low),
        "ci_high": "" if trial.se else _shown(trial.high),
        "ci_level": "" if trial.se or trial.low is None else f"{outcome.study_level:g}",
        "n_total": str(sum(map(int, people))) if has_people else "",
        "instrument": (outcome.unit or SHEET_UNIT) if outcome.measure == "mean_difference" else "",
    }
    return cells | ({"measure": outcome.measure} if outcome.measure == "smd" else {})


NUMBERS_OF = {"dichotomous": _counts, "continuous": _means, "contrast": _effects, "o_e": _effects}


def _add_result(
    made: Made, outcome: Outcome, total: Total, trials: Sequence[Trial], shared: Mapping[str, str]
) -> None:
    """The result as RevMan prints it, and whether it follows from the rows."""
    if not outcome.measure:
        made.imported.notices.append(
            f"{outcome.place}: measure {outcome.measure_word!r} is not known; its trials are kept, "
            "never pooled, and its result is left out"
        )
        return
    if total.estimate is None:
        made.imported.notices.append(f"{outcome.place}: RevMan prints no result")
        return
    method = f"{outcome.method.replace('_', ' ')}, {'random' if outcome.is_random else 'fixed'}"
    n = [one for one in total.n if one]
    has_several = (total.k or len(trials)) > 1  # of one trial RevMan writes zeros
    base = f"{made.name}_{outcome.comparison_no}_{outcome.no}"
    effect_id = free("_".join(filter(None, (base, identifier(shared["subtype"])))), made.effect_ids)
    made.effect_ids.add(effect_id.casefold())
    row = {
        "scope": "overall",
        **shared,
        "meta_analysis_id": made.name,
        "effect_id": effect_id,
        "measure": "hedges_g" if outcome.measure == "smd" else outcome.measure,
        "estimate": _shown(total.estimate),
        "ci_low": _shown(total.low),
        "ci_high": _shown(total.high),
        "ci_level": f"{outcome.level:g}" if total.low is not None else "",
        "p_operator": "=" if total.p is not None else "",
        "p_value": _shown(total.p),
        "n_comparisons": str(total.k or len(trials)),
        "n_intervention": str(total.n[0]) if len(n) == 2 else "",
        "n_control": str(total.n[1]) if len(n) == 2 else "",
        "n_total": str(sum(n)) if len(n) == 2 else "",
        "i2": _shown(total.i2) if has_several else "",
        "tau2": _shown(total.tau2) if outcome.is_random and has_several else "",
        "q": _shown(total.q) if has_several else "",
        "pi_low": _shown(total.pi[0]),
        "pi_high": _shown(total.pi[1]),
        "analysis_set": "unclear",
        "timepoint": "post",
        "synthesis_model": "random" if outcome.is_random else "fixed",
        "comparator_as_reported": outcome.labels[1],
        "measure_unit": (outcome.unit or SHEET_UNIT)
        if outcome.measure == "mean_difference"
        else "",
        "source_locator": f"{made.source.path.name}, {outcome.place}",
        "notes": note(method=method, arms=" / ".join(filter(None, outcome.labels))),
    }
    made.imported.effects.append({column: value for column, value in row.items() if value})
    of = f", {shared['subtype']}" if shared["subtype"] else ""
    said = agreement(outcome, total, trials)
    made.imported.notices.append(f"{outcome.place}{of}: {method}: {said}")


# --- RevMan's result, recomputed ------------------------------------------------------------------


def agreement(outcome: Outcome, total: Total, trials: Sequence[Trial]) -> str:
    """Whether the rows give the result that RevMan prints, by its own method, in words."""
    found = recomputed(outcome, total, trials)
    if found is None:
        return "its result cannot be recomputed from its rows, and is kept as printed"
    names = ("estimate", "lower limit", "upper limit")
    printed = (total.estimate, total.low, total.high)
    is_ratio = outcome.measure in RATIOS
    wrong = [
        f"{name} {ours:.4g} where {theirs:.4g} is printed"
        for name, ours, theirs in zip(names, found, printed, strict=True)
        if theirs is not None and ours is not None and not _is_near(ours, theirs, is_ratio)
    ]
    if wrong:
        return f"does not follow from its rows: {'; '.join(wrong)}"
    told = "recomputed from its rows, agrees with what is printed"
    if outcome.method != "inverse_variance":
        told += "; our analyses pool by inverse variance, and so may differ from it"
    return told


def _is_near(ours: float, theirs: float, is_ratio: bool) -> bool:
    if is_ratio and ours > 0 and theirs > 0:
        ours, theirs = math.log(ours), math.log(theirs)
    return math.isclose(ours, theirs, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def recomputed(
    outcome: Outcome, total: Total, trials: Sequence[Trial]
) -> tuple[float | None, float | None, float | None] | None:
    """Estimate and limits by RevMan's method; limits None where it has others than normal ones.

    Under random effects its own tau2 is taken: the rows are then checked, not its estimator.
    """
    is_ratio = outcome.measure in RATIOS
    if outcome.kind == "dichotomous" and not outcome.is_random and (
        outcome.method in ("mantel_haenszel", "peto")
    ):  # fmt: skip
        found = _of_counts(outcome, trials)
    else:
        found = _of_effects(outcome, total, trials, is_ratio)
    if found is None or found[0] is None or not math.isfinite(found[0]):
        return None
    try:
        estimate, low, high = (math.exp(one) for one in found) if is_ratio else found
    except OverflowError:
        return None
    return (estimate, low, high) if outcome.is_wald else (estimate, None, None)


def _of_counts(outcome: Outcome, trials: Sequence[Trial]) -> tuple[float, float, float] | None:
    """By Mantel and Haenszel, or Peto, of the 2 x 2 tables."""
    if not trials or not outcome.measure:
        return None

    def lists(arm: int) -> tuple[list[int], list[int]]:
        totals = [int(float(one.numbers[f"TOTAL_{arm}"])) for one in trials]
        events = [int(float(one.numbers[f"EVENTS_{arm}"])) for one in trials]
        if outcome.is_swapped:
            events = [total - event for total, event in zip(totals, events, strict=True)]
        return events, totals

    arms = [*lists(1), *lists(2)]
    if outcome.method == "peto":
        return _fit("peto", arms, {"ci_level": outcome.level})
    measure = {"odds_ratio": "OR", "risk_ratio": "RR", "risk_difference": "RD"}[outcome.measure]
    options = {"measure": measure, "ci_level": outcome.level}
    return _fit("mantel_haenszel", arms, options)


def _of_effects(
    outcome: Outcome, total: Total, trials: Iterable[Trial], is_ratio: bool
) -> tuple[float, float, float] | None:
    """By inverse variance of the effects that RevMan prints for each row."""
    tau2 = (total.tau2 or 0.0) if outcome.is_random else 0.0
    yi, vi = [], []
    for trial in trials:
        se = trial.se or _se_of_interval(outcome, trial, is_ratio)
        if not trial.is_estimable or trial.estimate is None:
            continue
        if not se or (is_ratio and trial.estimate <= 0):
            return None
        yi.append(math.log(trial.estimate) if is_ratio else trial.estimate)
        vi.append(se**2 + tau2)
    if not yi:
        return None
    options = {"tau2_method": "CE", "ci_method": "z", "ci_level": outcome.level}
    return _fit("pool", [yi, vi], options)


def _se_of_interval(outcome: Outcome, trial: Trial, is_ratio: bool) -> float | None:
    if trial.low is None or trial.high is None or (is_ratio and trial.low <= 0):
        return None
    z = NormalDist().inv_cdf((1 + outcome.study_level) / 2)
    low, high = (math.log(trial.low), math.log(trial.high)) if is_ratio else (trial.low, trial.high)
    return (high - low) / (2 * z)


def _fit(
    function: str, lists: Sequence[list], options: Mapping[str, str | float]
) -> tuple[float, float, float]:
    """Estimate and limits of a function of the engine; NaN where it gives none."""
    said = ", ".join(f"{key!r}: {value!r}" for key, value in options.items())
    call = f"{function}({', '.join(map(str, lists))}, {{{said}}})"
    found = engine().execute(f"select {call} as fit").fetchone()[0]
    numbers = (found["estimate"], found["ci_low"], found["ci_high"])
    low, middle, high = (math.nan if one is None else one for one in numbers)
    return low, middle, high


@cache
def engine() -> Any:
    """The functions, on an empty database."""
    from python_udfs import connect  # takes long

    return connect(":memory:")


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:.10g}"


def _plain(text: str) -> str:
    return f"{float(text):.15g}" if text else ""


def _plain_whole(text: str) -> str:
    return f"{float(text):.0f}" if text else ""
