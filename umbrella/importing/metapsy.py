"""Metapsy's columns: one row is one comparison, outcome and time of one trial.

Arm 1 is the intervention. The sign of `.g` differs between Metapsy's files, so the caller declares
which one favours arm 1. See docs.metapsy.org for the columns.
"""

from dataclasses import dataclass

from umbrella.importing.rows import Declared, Imported, identifier, note, risk_of_bias
from umbrella.importing.source import Row, Source

COMPARATORS = {
    "wl": "waitlist",
    "wlc": "waitlist",
    "waitlist": "waitlist",
    "waiting list": "waitlist",
    "cau": "treatment_as_usual",
    "tau": "treatment_as_usual",
    "no treatment": "no_treatment",
    "pl": "placebo",
    "placebo": "placebo",
    "pill placebo": "placebo",
    "psychological placebo": "attention_control",
    "psy plac": "attention_control",
    "att plac": "attention_control",
}
GUIDANCES = {"gsh": "guided", "ush": "unguided"}
THERAPIES = {"cbt": "cbt", "act": "act", "bat": "behavioural_activation", "dyn": "psychodynamic"}
OUTCOMES = {"response": "response", "remission": "remission"}
CONTINUOUS = ("msd", "change", "other stat", "imsd", "")
OTHER_NAMES = {
    "format": ".guided",
    "rand_arm1": "rand_n_ig",
    "rand_arm2": "rand_n_cg",
    "attr_arm1": "attr_ig",
    "attr_arm2": "attr_cg",
}
"""Columns that older files of Metapsy name otherwise."""

ARMS = (("intervention", "arm1"), ("control", "arm2"))


@dataclass(frozen=True)
class Signs:
    """Which sign of `.g` favours arm 1, and whether lower scores are better where there is none."""

    g: str = "positive"
    is_lower_better: bool = True


def read_rows(source: Source, declared: Declared, signs: Signs, name: str) -> Imported:
    """The rows of the sheets; what is wrong is noted in `source.problems`."""
    source.rename(OTHER_NAMES)
    source.require("study", "condition_arm1", "condition_arm2")
    imported = Imported()
    if source.problems:
        return imported
    uncoded: dict[str, set[str]] = {}
    for row in source.rows():
        imported.trials.append(_trial(row, declared, signs, name, uncoded))
    imported.meta_analyses[name] = {
        "meta_analysis_id": name,
        "title": source.path.stem,
        "n_trials": str(len({trial["study"] for trial in imported.trials})),
        "delivery": "unclear",
        "eligibility": "included",
        "source_kind": "secondary_table",
        "source_url": source.path.name,
        "notes": "imported_from=Metapsy sheet",
    }
    for column, values in uncoded.items():
        shown = ", ".join(sorted(values)[:12])
        imported.notices.append(f"{column}: no code for {shown}; the words are kept in notes")
    return imported


def _trial(
    row: Row, declared: Declared, signs: Signs, name: str, uncoded: dict[str, set[str]]
) -> dict[str, str]:
    study = row.text("study")
    if not study:
        row.fault("study", "", "required value is missing", "the trial")
    kind = row.text("outcome_type").lower()
    is_binary = _is_binary(row, kind)
    time = row.text("time")
    weeks, year = row.text("time_weeks"), row.text("year")
    trial = {
        "comparison_id": f"{identifier(name)}_{row.number}",
        "dataset": name,
        "study": study,
        "study_id": study,
        "year": year if _is_year(year) else "",
        "condition": declared.condition,
        "subtype": row.text("outcome_domain"),
        "outcome": _outcome(kind, declared) if is_binary else declared.outcome,
        "instrument": row.text("instrument"),
        "weeks": weeks if _is_amount(weeks) else "",
        "timepoint": "follow_up" if time.lower().startswith(("fu", "follow")) else "post",
        "comparator": _coded(row, "condition_arm2", COMPARATORS, uncoded) or "unclear",
        "guidance": _coded(row, "format", GUIDANCES, {}) or "unclear",
        "therapy": _coded(row, "condition_arm1", THERAPIES, uncoded) or "unclear",
        "delivery": "unclear",
        "risk_of_bias": _risk_of_bias(row, uncoded),
        "country": row.text("country"),
        "source": name,
        "multiple_effects": "outcomes",
        "locator": row.locator,
        "notes": note(
            arm1=row.text("condition_arm1"),
            arm2=row.text("condition_arm2"),
            multi_arm1=row.text("multi_arm1"),
            multi_arm2=row.text("multi_arm2"),
            outcome_type=kind,
            rating=row.text("rating"),
            time=time,
            time_weeks="" if _is_amount(weeks) else weeks,
            year="" if _is_year(year) else year,
            format=row.text("format"),
            rob=row.text("rob"),
        ),
    }
    trial |= _binary(row) if is_binary else _continuous(row, signs)
    for ours, arm in ARMS:
        trial[f"randomised_{ours}"] = _count(row, f"rand_{arm}")
        trial[f"dropout_{ours}"] = _count(row, f"attr_{arm}", minimum=0)
        if not trial[f"randomised_{ours}"]:
            trial[f"dropout_{ours}"] = ""
    return {column: value for column, value in trial.items() if value}


def _is_binary(row: Row, kind: str) -> bool:
    if kind in CONTINUOUS:
        return False
    return bool(row.text("event_arm1") or row.text("event_arm2"))


def _outcome(kind: str, declared: Declared) -> str:
    return next((code for word, code in OUTCOMES.items() if kind.startswith(word)), "unclear")


def _is_year(text: str) -> bool:
    return text.isdecimal() and 1900 <= int(text) <= 2100


def _is_amount(text: str) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False


def _coded(row: Row, column: str, table: dict[str, str], uncoded: dict[str, set[str]]) -> str:
    value = row.text(column)
    code = table.get(value.lower(), "")
    if value and not code:
        uncoded.setdefault(column, set()).add(value)
    return code


def _risk_of_bias(row: Row, uncoded: dict[str, set[str]]) -> str:
    value = row.text("rob")
    code = risk_of_bias(value)
    if value and not code:
        uncoded.setdefault("rob", set()).add(value)
    return code


def _count(row: Row, column: str, minimum: float = 1) -> str:
    return row.number_text(column, minimum=minimum, is_whole=True)


def _binary(row: Row) -> dict[str, str]:
    cells = {"measure": "risk_ratio"}
    for ours, arm in ARMS:
        events = _count(row, f"event_{arm}", minimum=0)
        total = _count(row, f"totaln_{arm}") or _count(row, f"n_{arm}")
        if events and total and int(events) > int(total):
            row.fault(f"event_{arm}", events, "more events than people", f"at most {total}")
        cells |= {f"events_{ours}": events, f"total_{ours}": total}
    return cells


def _continuous(row: Row, signs: Signs) -> dict[str, str]:
    cells = {}
    has_change = bool(row.text("mean_change_arm1")) and not row.text("mean_arm1")
    for ours, arm in ARMS:
        cells[f"mean_{ours}"] = row.number_text(f"mean_{arm}")
        cells[f"sd_{ours}"] = row.number_text(f"sd_{arm}", minimum=0)
        cells[f"mean_change_{ours}"] = row.number_text(f"mean_change_{arm}")
        cells[f"sd_change_{ours}"] = row.number_text(f"sd_change_{arm}", minimum=0)
        size = _count(row, f"n_change_{arm}") if has_change else ""
        cells[f"n_{ours}"] = size or _count(row, f"n_{arm}")
    g, se = row.number_text(".g"), row.number_text(".g_se", minimum=0)
    if not g:
        g, se = row.number_text("precalc_g"), row.number_text("precalc_g_se", minimum=0)
    cells |= {"reported_g": g, "reported_se": se}
    if g:
        cells["favourable_direction"] = signs.g
    else:
        cells["favourable_direction"] = "negative" if signs.is_lower_better else "positive"
    return cells
