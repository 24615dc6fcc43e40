"""metaumbrella's well-formatted sheet: one row is one effect of one study on one factor.

Each factor of a review becomes one meta-analysis; a factor is a condition, so that several reviews
of it are pooled as one. The exposed (or experimental) group is the intervention arm; effects keep
the sign that the sheet gives them, unless `reverse_es` asks for the other.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from umbrella.importing.rows import (
    RISK_OF_BIAS,
    SHEET_UNIT,
    Codes,
    Declared,
    Imported,
    note,
    risk_of_bias,
)
from umbrella.importing.source import Row, Source

RATIOS = {
    "OR": "odds_ratio",
    "RR": "risk_ratio",
    "HR": "hazard_ratio",
    "IRR": "incidence_rate_ratio",
}
LOG_RATIOS = {f"log{name}": measure for name, measure in RATIOS.items()}
DIFFERENCES = {"SMD": "cohens_d", "G": "hedges_g", "SMC": "cohens_d"}
RAW_DIFFERENCES = ("MD", "MC")
CORRELATIONS = ("R", "Z")
MEASURES = (*RATIOS, *LOG_RATIOS, *DIFFERENCES, *RAW_DIFFERENCES, *CORRELATIONS)

ARMS = {"intervention": "cases", "control": "controls"}
"""Our arms and the groups of the sheet."""

MULTIPLE = {"groups": "groups", "outcomes": "outcomes"}
REVERSED = "reverse"


@dataclass
class Names:
    """Codes of the factors, and identifiers of the factors of each review."""

    factors: Codes = field(default_factory=Codes)
    meta_analyses: Codes = field(default_factory=Codes)


def read_rows(source: Source, declared: Declared) -> Imported:
    """The rows of the sheets; what is wrong is noted in `source.problems`."""
    source.require("meta_review", "factor", "author", "year", "measure")
    imported = Imported()
    if source.problems:
        return imported
    seen: dict[str, set[str]] = {}
    names = Names()
    for row in source.rows():
        measure = _measure(row)
        if measure is None:
            continue
        trial = _trial(row, measure, declared, names)
        imported.trials.append(trial)
        meta_analysis = trial["source"]
        seen.setdefault(meta_analysis, set()).add(trial["study"])
        imported.meta_analyses[meta_analysis] = _meta_analysis(row, meta_analysis)
    for name, studies in seen.items():
        imported.meta_analyses[name]["n_trials"] = str(len(studies))
    if not declared.condition:
        imported.conditions = {code.lower(): label for code, label in names.factors.labels.items()}
    _tell_apart(imported)
    return imported


def _measure(row: Row) -> str | None:
    value = row.text("measure")
    by_lower = {name.lower(): name for name in MEASURES}
    measure = by_lower.get(value.lower())
    if measure is None:
        row.fault("measure", value, "unknown measure", f"one of: {', '.join(MEASURES)}")
    return measure


def _meta_analysis(row: Row, name: str) -> dict[str, str]:
    return {
        "meta_analysis_id": name,
        "first_author": row.text("meta_review"),
        "title": row.text("factor"),
        "delivery": "unclear",
        "eligibility": "included",
        "source_kind": "secondary_table",
        "source_url": row.source.path.name,
        "notes": note(imported_from="metaumbrella sheet", amstar=row.text("amstar")),
    }


def _trial(row: Row, measure: str, declared: Declared, names: Names) -> dict[str, str]:
    factor = row.text("factor") or _missing(row, "factor")
    name = names.meta_analyses.code(row.text("meta_review"), factor)
    code = names.factors.code(factor).lower()
    author = row.text("author") or _missing(row, "author")
    year = row.number_text("year", minimum=1900, is_whole=True)
    trial = {
        "comparison_id": f"{name}_{row.number}",
        "dataset": name,
        "study": f"{author} {year}".strip(),
        "study_id": f"{author} {year}".strip(),
        "year": year,
        "condition": declared.condition or code,
        "subtype": names.factors.label(factor) if declared.condition else "",
        "outcome": declared.outcome,
        "comparator": "unclear",
        "guidance": "unclear",
        "therapy": "unclear",
        "delivery": "unclear",
        "source": name,
        "locator": row.locator,
        "risk_of_bias": _risk_of_bias(row),
        "multiple_effects": _multiple_effects(row),
        "n_cases": row.number_text("n_cases", minimum=0, is_whole=True),
        "n_controls": row.number_text("n_controls", minimum=0, is_whole=True),
        "n_total": row.number_text("n_sample", minimum=1, is_whole=True),
    }
    trial |= _effect(row, measure)
    is_reversed = row.text("reverse_es").lower() == REVERSED
    if is_reversed:
        trial |= _reversed(trial)
    trial["notes"] = note(
        measure=measure,
        value=row.text("value"),
        sign="reversed, as reverse_es asks" if is_reversed else "as in the sheet",
    )
    return {column: value for column, value in trial.items() if value}


def _missing(row: Row, column: str) -> str:
    row.fault(column, "", "required value is missing", "a value")
    return "unknown"


def _risk_of_bias(row: Row) -> str:
    value = row.text("rob")
    code = risk_of_bias(value)
    if value and not code:
        _unknown(row, "rob", value, RISK_OF_BIAS)
    return code


def _multiple_effects(row: Row) -> str:
    value = row.text("multiple_es")
    if value and value.lower() not in MULTIPLE:
        _unknown(row, "multiple_es", value, MULTIPLE)
    return MULTIPLE.get(value.lower(), "")


def _unknown(row: Row, column: str, value: str, codes: dict[str, str]) -> None:
    row.fault(column, value, "unknown code", f"one of: {', '.join(codes)}; or empty")


def _effect(row: Row, measure: str) -> dict[str, str]:
    if measure in CORRELATIONS:
        return _correlation(row, measure)
    if measure in RATIOS or measure in LOG_RATIOS:
        return _ratio(row, measure)
    cells = _arms(row)
    if measure in RAW_DIFFERENCES:
        if _has_spread(cells):
            row.text("se"), row.text("ci_lo"), row.text("ci_up")
            return cells  # standardised from means, as metaumbrella does
        return cells | {"measure": "mean_difference", "instrument": SHEET_UNIT} | _printed(row)
    return cells | {"measure": DIFFERENCES[measure]} | _printed(row)


def _reversed(trial: dict[str, str]) -> dict[str, str]:
    """The cells of a row with its groups changed round, and the effect that they then have."""
    cells = {}
    for column in [name for name in trial if name.endswith("_intervention")]:
        other = column.replace("_intervention", "_control")
        cells[column], cells[other] = trial.get(other, ""), trial[column]
    is_ratio = trial.get("measure") in RATIOS.values()
    for column, source in (("estimate", "estimate"), ("ci_low", "ci_high"), ("ci_high", "ci_low")):
        value = trial.get(source, "")
        if value:
            cells[column] = repr(1 / float(value) if is_ratio else -float(value))
    return cells


def _has_spread(cells: dict[str, str]) -> bool:
    return bool(cells["sd_intervention"] or cells["sd_change_intervention"])


def _arms(row: Row) -> dict[str, str]:
    cells = {
        "n_intervention": row.number_text("n_cases", minimum=1, is_whole=True)
        or row.number_text("n_exp", minimum=1, is_whole=True),
        "n_control": row.number_text("n_controls", minimum=1, is_whole=True)
        or row.number_text("n_nexp", minimum=1, is_whole=True),
    }
    for ours, theirs in ARMS.items():
        cells[f"mean_{ours}"] = row.number_text(f"mean_{theirs}")
        cells[f"sd_{ours}"] = row.number_text(f"sd_{theirs}", minimum=0)
        cells[f"mean_change_{ours}"] = row.number_text(f"mean_change_{theirs}")
        cells[f"sd_change_{ours}"] = row.number_text(f"sd_change_{theirs}", minimum=0)
    if cells["sd_change_intervention"]:
        cells["pre_post_cor"] = row.number_text("pre_post_cor", minimum=-1, maximum=1)
    if any(row.text(f"mean_pre_{group}") for group in ARMS.values()):
        cells |= _changes(row, cells)
    return cells


def _changes(row: Row, cells: Mapping[str, str]) -> dict[str, str]:
    """Mean changes of a row with means before and after, where nothing else gives its effect.

    Means after treatment alone would not be the change that the row is about.
    """
    changes = {f"{what}_{arm}": "" for what in ("mean", "sd") for arm in ARMS}
    cor = row.number_text("pre_post_cor", minimum=-1, maximum=1)
    is_known = bool(row.text("value") or cells["sd_change_intervention"])
    if not cor and not is_known:
        right = "the correlation of both, which metaumbrella takes to be 0.8 where it lacks"
        row.fault("pre_post_cor", "", "means before and after without their correlation", right)
    if is_known or not cor:
        for group in ARMS.values():
            row.source.taken -= {f"{what}_{group}" for what in ("mean_pre", "mean", "sd")}
        return changes
    changes["pre_post_cor"] = cor
    for arm, group in ARMS.items():
        before = row.number_text(f"mean_pre_{group}")
        spread = row.number_text(f"sd_pre_{group}", minimum=0)
        numbers = (cells[f"mean_{arm}"], cells[f"sd_{arm}"], before, spread)
        if not all(numbers):
            right = f"mean_pre, sd_pre, mean and sd of both {' and '.join(ARMS.values())}"
            row.fault(f"mean_pre_{group}", before, "means before and after are not complete", right)
            continue
        after, sd, mean_pre, sd_pre = map(float, numbers)
        variance = sd_pre**2 + sd**2 - 2 * float(cor) * sd_pre * sd
        changes[f"mean_change_{arm}"] = f"{after - mean_pre:.10g}"
        changes[f"sd_change_{arm}"] = f"{math.sqrt(variance):.10g}"
    return changes


def _printed(row: Row) -> dict[str, str]:
    low, high = row.number_text("ci_lo"), row.number_text("ci_up")
    if low and high and float(low) > float(high):
        row.fault("ci_lo", low, "limits in the wrong order", f"ci_lo not above ci_up ({high})")
    return {
        "estimate": row.number_text("value"),
        "estimate_se": row.number_text("se", minimum=0),
        "ci_low": low,
        "ci_high": high,
    }


def _ratio(row: Row, measure: str) -> dict[str, str]:
    cells = _printed(row)
    if measure in LOG_RATIOS:
        for column in ("estimate", "ci_low", "ci_high"):
            cells[column] = repr(math.exp(float(cells[column]))) if cells[column] else ""
    for column, theirs in (("estimate", "value"), ("ci_low", "ci_lo"), ("ci_high", "ci_up")):
        if cells[column] and float(cells[column]) <= 0:
            row.fault(theirs, cells[column], "a ratio that is not above zero", "a number above 0")
    cells["measure"] = RATIOS.get(measure) or LOG_RATIOS[measure]
    for ours, theirs in (("intervention", "exp"), ("control", "nexp")):
        events = row.number_text(f"n_cases_{theirs}", minimum=0, is_whole=True)
        others = row.number_text(f"n_controls_{theirs}", minimum=0, is_whole=True)
        total = row.number_text(f"n_{theirs}", minimum=1, is_whole=True)
        if events and others:
            if total and int(total) != int(events) + int(others):
                right = f"{int(events) + int(others)}, n_cases_{theirs} + n_controls_{theirs}"
                row.fault(f"n_{theirs}", total, "not the sum of cases and controls", right)
            total = str(int(events) + int(others))
        if events and total and int(events) > int(total):
            row.fault(f"n_cases_{theirs}", events, "more cases than people", f"at most {total}")
        cells |= {f"events_{ours}": events, f"total_{ours}": total}
        cells[f"time_{ours}"] = row.number_text(f"time_{theirs}", minimum=0)
    cells["time_total"] = row.number_text("time", minimum=0)
    return cells


def _correlation(row: Row, measure: str) -> dict[str, str]:
    value = row.number_text("value")
    if measure == "Z" and value:
        value = repr(math.tanh(float(value)))
    if value and abs(float(value)) >= 1:
        row.fault("value", value, "a correlation of 1 or beyond", "a number between -1 and 1")
    if not row.text("n_sample"):
        row.fault("n_sample", "", "required for a correlation", "the number of participants")
    return {"measure": "correlation", "estimate": value}


def _tell_apart(imported: Imported) -> None:
    """Rows of one study without multiple_es count as trials of their own, as in metaumbrella."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for trial in imported.trials:
        groups.setdefault((trial["source"], trial["study"]), []).append(trial)
    for (name, study), rows in groups.items():
        if len(rows) > 1 and not any("multiple_effects" in row for row in rows):
            for position, row in enumerate(rows, start=1):
                row["study"] = row["study_id"] = f"{study} [{position}]"
            imported.notices.append(
                f"{name}: {len(rows)} rows of {study} without multiple_es are taken as different "
                "trials"
            )
