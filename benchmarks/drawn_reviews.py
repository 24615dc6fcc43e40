"""Reviews without an error, of kinds unlike the shipped one, drawn at random.

Studies are drawn, pooled by DerSimonian and Laird, and printed as papers print: every number
follows from the same studies.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.python.conftest import append
from umbrella.commands.new import make_folder
from umbrella.project import project_dir

Rows = list[dict[str, object]]

Z = 1.959964
SOURCES = 24
YEARS = (2009, 2024)
CONDITIONS = {
    "smoking": "Smoking", "salt": "Salt in food", "noise": "Noise at night", "soot": "Soot in air",
}  # fmt: skip
TIMES = (("person-years", 1, 1000), ("person-months", 12, 100), ("person-days", 365.25, 10000))
"""Units of person-time, how many a year has, and of how many rates are told."""


@dataclass
class Sheets:
    """Rows of the sheets of extraction, and what a source gives them."""

    meta_analyses: Rows = field(default_factory=list)
    reported_effects: Rows = field(default_factory=list)
    reported_rates: Rows = field(default_factory=list)
    primary_studies: Rows = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """A kind of review: its preset, its own outcomes, and what writes the rows of a source."""

    preset: str
    review_kind: str
    outcomes: Sequence[Mapping[str, object]]
    write: Callable[[np.random.Generator, Sheets, int], None]


@dataclass(frozen=True)
class Pool:
    """What a paper prints of a pool."""

    y: float
    se: float
    k: int
    q: float
    i2: float
    tau2: float


def pooled(y: np.ndarray, v: np.ndarray) -> Pool:
    """DerSimonian and Laird 1986."""
    w = 1 / v
    middle, df = np.sum(w * y) / np.sum(w), len(y) - 1
    q = float(np.sum(w * (y - middle) ** 2))
    tau2 = max(0.0, (q - df) / (np.sum(w) - np.sum(w**2) / np.sum(w))) if df else 0.0
    w = 1 / (v + tau2)
    i2 = max(0.0, 100 * (q - df) / q) if df else 0.0
    return Pool(float(np.sum(w * y) / np.sum(w)), float(np.sum(w) ** -0.5), len(y), q, i2, tau2)


def p_cells(z: float) -> dict[str, object]:
    """The two-sided p as it is printed."""
    p = math.erfc(abs(z) / math.sqrt(2))
    return {"p_operator": "<" if p < 0.001 else "=", "p_value": f"{max(p, 0.001):.3f}"}


def result_cells(
    pool: Pool, shown: Callable[[float], float] = float, decimals: int = 2
) -> dict[str, object]:
    """Estimate, interval, p and heterogeneity as they are printed."""
    ends = {"estimate": 0.0, "ci_low": -Z, "ci_high": Z}
    more = {} if pool.k == 1 else {"i2": f"{pool.i2:.1f}", "q": f"{pool.q:.2f}"}
    return (
        {name: f"{shown(pool.y + z * pool.se):.{decimals}f}" for name, z in ends.items()}
        | p_cells(pool.y / pool.se)
        | {"n_comparisons": pool.k, "ci_level": "0.95"}
        | more
    )


def _source(rng: np.random.Generator, sheets: Sheets, number: int, **cells: object) -> str:
    year = int(rng.integers(*YEARS))
    name = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26]}uthor{year}"
    taken = {row["meta_analysis_id"] for row in sheets.meta_analyses}
    name = name if name not in taken else f"{name}b"
    sheets.meta_analyses.append({
        "meta_analysis_id": name, "first_author": name[:-4], "year": year, "journal": "A journal",
        "title": f"What {list(CONDITIONS.values())[number % 4].lower()} does",
        "eligibility": "included", "source_kind": "full_text", "delivery": "unclear",
    } | cells)  # fmt: skip
    return name


def _effect(sheets: Sheets, source: str, **cells: object) -> None:
    number = sum(row["meta_analysis_id"] == source for row in sheets.reported_effects) + 1
    sheets.reported_effects.append({
        "effect_id": f"{source}_{number}", "meta_analysis_id": source, "timepoint": "post",
        "comparator": "unclear", "guidance": "unclear", "therapy": "unclear",
        "analysis_set": "unclear", "synthesis_model": "random", "scope": "overall",
        "source_locator": "Table 2",
    } | cells)  # fmt: skip


def _trial(source: str, number: int, i: int) -> dict[str, object]:
    """What a trial of a source is called, and what nobody asks of it."""
    return {
        "comparison_id": f"T{number:02d}{i:02d}", "dataset": source,
        "study": f"Trial {i + 1} of {source}", "study_id": f"T{number}_{i}",
        "year": YEARS[0] - 1 - i, "source": source, "locator": "Table 1", "comparator": "placebo",
        "guidance": "unclear", "therapy": "unclear", "delivery": "unclear",
    }  # fmt: skip


def _condition(number: int) -> str:
    return list(CONDITIONS)[number % 4]


def _cohorts(rng: np.random.Generator, sheets: Sheets, number: int) -> None:
    """Hazard ratios and risk ratios of cohorts and registers; one source has small cohorts."""
    k = int(rng.integers(2, 26))
    usual = 8.5 if number == SOURCES // 2 else 12.5
    people = np.exp(rng.normal(usual, 0.5, k)).astype(int)
    source = _source(rng, sheets, number, n_trials=k, n_participants=int(people.sum()))
    for outcome, measure, level, risk in (
        ("mortality", "hazard_ratio", 0.18, 0.08), ("incidence", "risk_ratio", 0.1, 0.02),
    ):  # fmt: skip
        cases = rng.binomial(people, risk)
        variances = 4.2 / cases
        y = rng.normal(rng.normal(level, 0.08), np.sqrt(variances + 0.08**2))
        chosen = slice(0, k if outcome == "mortality" else max(2, k - 3))
        for part, restriction in ((chosen, ""), (slice(0, max(1, k // 2)), "sex=women")):
            pool = pooled(y[part], variances[part])
            cells = result_cells(pool, math.exp)
            _effect(sheets, source, condition=_condition(number), outcome=outcome, measure=measure,
                    favourable_direction="below_one", n_total=int(people[part].sum()),
                    n_cases=int(cases[part].sum()), restriction=restriction,
                    scope="subgroup" if restriction else "overall", **cells)  # fmt: skip


def _rare(rng: np.random.Generator, sheets: Sheets, number: int) -> None:
    """Odds ratios of trials with a handful of events, many arms without any."""
    k = int(rng.integers(3, 12))
    total = np.maximum(40, np.exp(rng.normal(6, 0.9, k)).astype(int))
    risk = np.exp(rng.normal(-4.6, 0.5, k))
    events = rng.binomial(total, risk), rng.binomial(total, risk * np.exp(-0.2))
    has_any = events[0] + events[1] > 0
    if has_any.sum() < 2:
        return
    source = _source(rng, sheets, number, n_trials=k, n_participants=2 * int(total.sum()))
    a, c = (each[has_any] + 0.5 for each in events)
    b, d = total[has_any] + 1 - a, total[has_any] + 1 - c
    pool = pooled(np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d)
    shared = {"condition": _condition(number), "outcome": "adverse_events"}
    people = 2 * int(total[has_any].sum())
    _effect(sheets, source, measure="odds_ratio", favourable_direction="below_one",
            n_total=people, **shared, **result_cells(pool, math.exp))  # fmt: skip
    if number % 3:
        return
    for i in range(k):
        sheets.primary_studies.append({
            **_trial(source, number, i), "events_intervention": events[0][i],
            "total_intervention": total[i], "events_control": events[1][i],
            "total_control": total[i], "favourable_direction": "below_one",
        } | shared)  # fmt: skip


def _prevalence(rng: np.random.Generator, sheets: Sheets, number: int) -> None:
    """Percentages from a tenth of one to ninety."""
    source = _source(rng, sheets, number)
    for part in range(int(rng.integers(1, 5))):
        k = int(rng.integers(3, 40))
        people = np.exp(rng.normal(7, 1.2, k)).astype(int) + 50
        logit = rng.choice([-6.5, -4, -1.5, 0, 1.8]) + rng.normal(0, 0.3)
        true = 1 / (1 + np.exp(-rng.normal(logit, 0.4, k)))
        events = rng.binomial(people, true)
        y = np.log((events + 0.5) / (people - events + 0.5))
        pool = pooled(y, 1 / (events + 0.5) + 1 / (people - events + 0.5))
        percent = {"percent": 0.0, "percent_low": -Z, "percent_high": Z}
        shown = {
            name: f"{100 / (1 + math.exp(-pool.y - z * pool.se)):.2f}"
            for name, z in percent.items()
        }
        sheets.reported_rates.append({
            "rate_id": f"{source}_{part + 1}", "meta_analysis_id": source,
            "condition": list(CONDITIONS)[(number + part) % 4], "outcome": "prevalence",
            "definition": "as the studies define it", "arm": "all", "guidance": "unclear",
            "total": people.sum(), "interval_kind": "ci95", "n_studies": k, "comparator": "unclear",
            "source_locator": "Table 2",
        } | shown)  # fmt: skip


def _incidence(rng: np.random.Generator, sheets: Sheets, number: int) -> None:
    """Incidence rates per 1000 person-years, half of them with events and person-time."""
    source = _source(rng, sheets, number)
    for part in range(int(rng.integers(2, 5))):
        k = int(rng.integers(2, 20))
        time = np.exp(rng.normal(8.5, 1, k)).round() + 200
        level = 0.02 if (number + part) % 4 < 2 else 0.004
        events = rng.poisson(time * level * np.exp(rng.normal(0, 0.25, k)))
        pool = pooled(np.log((events + 0.5) / time), 1 / (events + 0.5))
        ends = {"rate": 0.0, "rate_low": -Z, "rate_high": Z}
        shown = {name: f"{1000 * math.exp(pool.y + z * pool.se):.2f}" for name, z in ends.items()}
        counts = {"events": int(events.sum()), "person_time": int(time.sum())}
        sheets.reported_rates.append({
            "rate_id": f"{source}_{part + 1}", "meta_analysis_id": source,
            "condition": list(CONDITIONS)[(number + part) % 4], "outcome": "incidence",
            "definition": "a first diagnosis", "arm": "all", "guidance": "unclear",
            "interval_kind": "ci95", "n_studies": k, "comparator": "unclear",
            "source_locator": "Table 2", "rate_unit": "per 1000 person-years",
        } | shown | (counts if part % 2 else {}))  # fmt: skip


def _over_time(rng: np.random.Generator, sheets: Sheets, number: int) -> None:
    """Rates in the person-time that a source prefers, and trials of every third in theirs."""
    k = int(rng.integers(3, 14))
    people = np.maximum(30, np.exp(rng.normal(5.5, 0.8, (2, k)))).astype(int)
    # participants are followed for much the same time, shorter where many leave early
    years = people * rng.uniform(1.2, 2.8, k) * rng.uniform(0.9, 1.0, (2, k))
    rate = np.exp(rng.normal(-3, 0.35, k)) * np.array([[0.75], [1.0]])
    events = rng.poisson(years * rate)
    source = _source(rng, sheets, number, n_trials=k, n_participants=int(people.sum()))
    shared = {"condition": _condition(number), "outcome": "infections"}
    time, per_year, amount = TIMES[number % len(TIMES)]
    has_any = events[1] > 0
    if has_any.sum() < 2:
        return
    pool = pooled(np.log(events[1][has_any] / years[1][has_any]), 1 / events[1][has_any])
    named = {"rate": 0.0, "rate_low": -Z, "rate_high": Z}
    told = {
        name: f"{amount / per_year * math.exp(pool.y + z * pool.se):.3g}"
        for name, z in named.items()
    } | {"interval_kind": "ci95"}  # fmt: skip
    counted = {"events": events[1].sum(), "person_time": round(years[1].sum() * per_year)}
    sheets.reported_rates.append({
        "rate_id": f"{source}_rate", "meta_analysis_id": source, "definition": "any infection",
        "arm": "control", "guidance": "unclear", "n_studies": k, "comparator": "unclear",
        "source_locator": "Table 2", "total": people[1].sum(), "rate_unit": f"per {amount} {time}",
    } | shared | (told if number % 2 else counted))  # fmt: skip
    for i in range(k if number % 3 == 0 else 0):
        sheets.primary_studies.append({
            **_trial(source, number, i), "events_intervention": events[0][i],
            "time_intervention": round(years[0][i] * per_year), "n_intervention": people[0][i],
            "events_control": events[1][i], "time_control": round(years[1][i] * per_year),
            "n_control": people[1][i], "time_unit": time, "weeks": 156,
            "favourable_direction": "below_one", "measure": "incidence_rate_ratio",
        } | shared)  # fmt: skip


def _pressure(rng: np.random.Generator, sheets: Sheets, number: int) -> None:
    """Mean differences in millimetres of mercury, with the trials of every fourth source."""
    k = int(rng.integers(3, 20))
    size = np.maximum(12, np.exp(rng.normal(4, 0.7, k)).astype(int))
    source = _source(rng, sheets, number, n_trials=k, n_participants=2 * int(size.sum()))
    outcome, sd, start = (("systolic", 15, 138), ("diastolic", 9, 86))[number % 2]
    effect = rng.normal(rng.normal(-0.3 * sd, 1.2), 2, k)
    sds = rng.normal(sd, sd / 10, (2, k))
    means = np.round(
        start + np.array([effect, np.zeros(k)]) + rng.normal(0, 1, (2, k)) * sds / np.sqrt(size), 1
    )
    sds = np.round(sds, 1)
    pool = pooled(means[0] - means[1], (sds**2 / size).sum(axis=0))
    shared = {"condition": _condition(number), "outcome": outcome}
    people = 2 * int(size.sum())
    _effect(sheets, source, measure="mean_difference", favourable_direction="negative",
            measure_unit="mmHg", n_total=people, **shared, **result_cells(pool))  # fmt: skip
    if number % 4:
        return
    for i in range(k):
        sheets.primary_studies.append({
            **_trial(source, number, i), "measure": "mean_difference", "instrument": "cuff",
            "mean_intervention": means[0][i], "sd_intervention": sds[0][i],
            "n_intervention": size[i], "mean_control": means[1][i], "sd_control": sds[1][i],
            "n_control": size[i], "favourable_direction": "negative",
        } | shared)  # fmt: skip


def _correlations(rng: np.random.Generator, sheets: Sheets, number: int) -> None:
    """Correlations of questionnaires, and standardised differences of those high and low in one."""
    k = int(rng.integers(4, 60))
    people = np.exp(rng.normal(5.3, 0.9, k)).astype(int) + 20
    source = _source(rng, sheets, number, n_trials=k, n_participants=int(people.sum()))
    for outcome, level in (("mood", 0.3), ("sleep", 0.15)):
        chosen = slice(0, k if outcome == "mood" else max(3, k // 2))
        variances = 1 / (people[chosen] - 3)
        y = rng.normal(rng.normal(level, 0.08), np.sqrt(variances + 0.12**2))
        pool = pooled(y, variances)
        _effect(sheets, source, condition=_condition(number), outcome=outcome,
                measure="correlation", favourable_direction="negative",
                n_total=int(people[chosen].sum()), **result_cells(pool, math.tanh))  # fmt: skip


def _outcome(code: str, label: str, quantity: str) -> dict[str, object]:
    return {"code": code, "label": label, "definition": f"{label}.", "quantity": quantity,
            "polarity": "more_is_worse", "noun": label.lower()}  # fmt: skip


REVIEWS = {
    "cohorts of millions": Kind("risk-factors", "exposures", (), _cohorts),
    "rare events": Kind("interventions", "interventions", (), _rare),
    "prevalence": Kind(
        "prevalence", "prevalence", (_outcome("prevalence", "Prevalence", "proportion"),),
        _prevalence,
    ),
    "incidence rates": Kind("prevalence", "prevalence", (), _incidence),
    "events over time": Kind(
        "interventions", "interventions", (_outcome("infections", "Infections", "event_count"),),
        _over_time,
    ),
    "blood pressure": Kind(
        "interventions", "interventions",
        (_outcome("systolic", "Systolic pressure", "continuous"),
         _outcome("diastolic", "Diastolic pressure", "continuous")), _pressure,
    ),
    "correlations": Kind(
        "risk-factors", "exposures",
        (_outcome("mood", "Low mood", "continuous"), _outcome("sleep", "Bad sleep", "continuous")),
        _correlations,
    ),
}  # fmt: skip

ERRONEOUS = [name for name in REVIEWS if name != "events over time"]
"""Reviews that errors are put into; the other came later, and is only looked at for alarms."""


def write_review(folder: Path, name: str, seed: int) -> Path:
    """The sheets of a review of this name; returns the folder."""
    kind, rng, sheets = REVIEWS[name], np.random.default_rng(seed), Sheets()
    make_folder(folder, project_dir(), kind.preset)
    for number in range(SOURCES):
        kind.write(rng, sheets, number)
    append(folder / "protocol/review.csv", {
        "review_id": "clean", "title": "A review without an error", "question": "Is all well?",
        "search_date": "2025-03-01", "data_note": "Drawn at random.",
        "review_kind": kind.review_kind,
    })  # fmt: skip
    append(
        folder / "vocabulary/conditions.csv",
        *({"code": code, "label": label} for code, label in CONDITIONS.items()),
    )
    with_codes = (folder / "vocabulary/outcomes.csv").read_text(encoding="utf-8")
    own = [row for row in kind.outcomes if f"\n{row['code']}," not in with_codes]
    append(folder / "vocabulary/outcomes.csv", *own)
    for sheet, rows in vars(sheets).items():
        append(folder / f"extraction/{sheet}.csv", *rows)
    return folder
