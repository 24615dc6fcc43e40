"""A sheet of trials as teams keep it: one row is a trial, or one comparison and outcome of it.

Columns are known by their names: numbers of each arm (events, people, time at risk, means, standard
deviations), a printed effect, and what the trial is of. The caller says what names do not.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from umbrella.importing.arms import SIDES, arms_of, is_part, of_arm
from umbrella.importing.cells import plain
from umbrella.importing.columns import Role, role_of, words_of
from umbrella.importing.contents import add_roles, cells_of
from umbrella.importing.languages import IN_NAMES
from umbrella.importing.layout import IGNORED, Layout
from umbrella.importing.metapsy import COMPARATORS
from umbrella.importing.own_columns import (
    OF_TRIALS,
    OwnValues,
    add_own,
    is_our_table,
    of_our_table,
    own_columns,
    with_own,
)
from umbrella.importing.printed import Body
from umbrella.importing.protocol import SCALES
from umbrella.importing.reading import UNKNOWN, Reading, Values
from umbrella.importing.results import (
    QUANTITIES,
    ask_for,
    leave_out_totals,
    part_diseases,
    refuse_double,
    year_of,
)
from umbrella.importing.rows import SHEET_UNIT, Codes, Imported, note, risk_of_bias
from umbrella.importing.source import Row, Source
from umbrella.sheets.problems import Problem
from umbrella.sheets.units import is_person_time, person_time_in
from umbrella.text import plural

OF_REVIEWS = ("review", "reviews", "systematic review", "meta analysis", "ma", "review id")
"""Names of columns that name meta-analyses, where the others of their kind name trials."""

OWN_NAMES = {
    "risk_of_bias": ("risk of bias", "rob", "overall risk of bias", "overall rob", "bias"),
    "study": (
        "trial",
        "trials",
        "study or subgroup",
        "trial name",
        "study name",
        "study id",
        "trial id",
    ),
    "country": ("country", "countries"),
    "estimate": ("yi",),  # metafor's names
    "variance": ("vi", "variance", "sampling variance"),
    "se": ("sei",),
}
"""Names of columns that only sheets of trials have."""

COMPUTED = ("yi", "vi", "sei")
"""What metafor adds to a table."""

HELD = (
    "study", "meta_analysis", "year", "condition", "outcome", "subtype", "comparison", "measure",
    "estimate", "interval", "ci_low", "ci_high", "se", "variance", "p_value", "n_total",
    "risk_of_bias", "country",
)  # fmt: skip
"""What a column of no arm can hold."""

PARTS = ("events", "without", "n", "time", "mean", "sd", "mean_change", "sd_change")
OURS = (
    *HELD, *(f"{part}_{side}" for part in PARTS for side in SIDES),
    *(f"arm_{side}" for side in SIDES),
)  # fmt: skip
"""What a caller can say of a column."""

BY_NUMBERS = (
    ("time", "incidence_rate_ratio"), ("events", "odds_ratio"), ("mean", ""), ("mean_change", ""),
)  # fmt: skip
"""The measure of a row that names none, by what both its arms have."""

LARGEST_LOGARITHM = 100
"""Of ratios: e to the power of it has 44 digits."""

AS_READ = (
    "mean", "sd", "n", "mean_change", "sd_change", "events", "total", "time",
)  # fmt: skip


@dataclass
class Made:
    """What is made of a sheet, and what the command is to tell."""

    reading: Reading
    layout: Layout
    name: str
    imported: Imported = field(default_factory=Imported)
    outcomes: Codes = field(default_factory=Codes)
    conditions: Codes = field(default_factory=Codes)
    reviews: Codes = field(default_factory=Codes)
    by_numbers: Counter[str] = field(default_factory=Counter)
    by_numbers_of_logs: int = 0
    """Rows whose logarithm of a ratio became the ratio."""
    unsigned: set[str] = field(default_factory=set)
    own: OwnValues = field(default_factory=OwnValues)


def is_known(name: str) -> bool:
    """Whether a sheet of trials may have a column of this name."""
    return bool(of_arm(name) or is_part(name) or role_of(name) or _own_role(name))


def read_rows(source: Source, layout: Layout, body: Body) -> Imported:
    """The rows of the sheets; what is wrong is noted in `source.problems`.

    Without a meta-analysis in the layout or the table, all are of one that is called like the file.
    """
    leave_out_totals(source, body)
    layout = propose(source, layout, body)
    roles = layout.roles or {}
    refuse_double(source, roles)
    _ask_for_missing(source, layout, roles)
    if source.problems:
        return Imported()
    reading = Reading(source, roles, layout.words, layout.measures, constants=layout.constants)
    made = Made(reading, layout, layout.meta_analysis or source.path.stem)
    for row in source.rows():
        _add(made, row, made.reading.values(row))
    _ask_for_direction(made)
    made.imported.review_kind = layout.kind
    made.imported.conditions = {
        code.lower(): label for code, label in made.conditions.labels.items()
    }
    made.imported.notices += _told(made, body)
    return made.imported


def _own_role(name: str) -> Role | None:
    words = words_of(name)
    return next((Role((ours,)) for ours, names in OWN_NAMES.items() if words in names), None)


def propose(source: Source, layout: Layout, body: Body) -> Layout:
    """The layout with what each column holds, unless it has that.

    As the caller says, else of an arm, else by its name or its cells.
    """
    if layout.roles is not None:
        return layout
    arms = arms_of(source.table.header, layout.arms)
    ignored = layout.left_out(source.table.header)
    source.require(*(name for name in layout.ignored if name not in source.table.header))
    roles = {name: Role((IGNORED,)) for name in ignored}
    for ours, name in layout.columns.items():
        if name in source.table.header:
            roles[name] = role_said(ours, name)
        else:
            source.require(name)
    given = {role.holds for role in roles.values()}
    is_ours = is_our_table(source.table.header, OF_TRIALS)
    for name in filter(None, source.table.header):
        role = arms.roles.get(name) or _own_role(name) or _of_header(name)
        role = of_our_table(name, OF_TRIALS) if is_ours else role
        if name not in roles and role and role.holds not in given:
            roles[name] = role
    part_diseases(roles)
    before = set(roles)
    leave_out_numbers(source, roles, body)
    _leave_out_computed(roles, body)
    ignored |= before - roles.keys()
    by_cells = add_roles(source, roles, {})
    known = {*OURS, *own_columns(OF_TRIALS)}
    roles = {name: role for name, role in roles.items()
             if name not in ignored and set(role.holds) <= known
             and not layout.is_of_all(role)}  # fmt: skip
    names_reviews = any(role.holds == ("meta_analysis",) for role in roles.values())
    # Where one meta-analysis is of all rows, a title or DOI in each is that of the trial.
    add_own(source, roles, ignored, OF_TRIALS if names_reviews else OF_TRIALS[:1])
    by_cells = {name: ours for name, ours in by_cells.items() if name in roles}
    words = arms.words or layout.arms
    return replace(layout, roles=roles, by_cells=by_cells, arms=words, question=arms.question)


def leave_out_numbers(source: Source, roles: dict[str, Role], body: Body) -> None:
    """Where one column names the trials, another one of running numbers does not."""
    holders = [name for name, role in roles.items() if role.holds == ("study",)]
    numbers = [
        name
        for name in holders
        if (cells := cells_of(source, name)) and all(map(str.isdecimal, cells))
    ]
    if numbers and len(numbers) < len(holders):
        for name in numbers:
            del roles[name]
            body.told.append(f"{name}: running numbers, not read beside the names of trials")


def _leave_out_computed(roles: dict[str, Role], body: Body) -> None:
    """metafor's yi and vi were computed from the numbers beside them, which are read instead."""
    others = {ours for name, role in roles.items() if words_of(name) not in COMPUTED
              for ours in role.holds}  # fmt: skip
    if others & {"estimate", "events_intervention", "mean_intervention", "arm_intervention"}:
        for name in [name for name in roles if words_of(name) in COMPUTED]:
            del roles[name]
            body.told.append(f"{name}: computed from the numbers beside it, which are read")


def role_said(ours: str, name: str) -> Role:
    """What a column of this name holds by the caller's word, with what its name says beside it."""
    told, known = holds_of(ours), _own_role(name) or _of_header(name)
    return known if known and known.holds == told else Role(told)


def _of_header(name: str) -> Role | None:
    role = role_of(name)
    if role and role.holds == ("meta_analysis",) and words_of(name) not in OF_REVIEWS:
        return Role(("study",))
    return role


def holds_of(text: str) -> tuple[str, ...]:
    """What a column holds by the caller's word; empty for a word that is not known."""
    halves = tuple(half.strip() for half in text.split("/"))
    known = {*OURS, *own_columns(OF_TRIALS)}
    return halves if all(half in known for half in halves) else ()


def _ask_for_missing(source: Source, layout: Layout, roles: Mapping[str, Role]) -> None:
    held = {ours.removeprefix("primary_studies.") for role in roles.values() for ours in role.holds}
    for ours in ("study", "condition", "outcome"):
        if ours not in held and not layout.said(ours):
            ask_for(source, roles, ours)
    of_arms = {"events_intervention", "mean_intervention", "arm_intervention", "time_intervention"}
    if held & {"estimate", "mean_change_intervention", *of_arms}:
        return
    problem = layout.question or "no columns of both arms and none of the estimate are known"
    right = "--arms INTERVENTION/CONTROL with their words in the names of the columns, or "
    right += "--column events_intervention=NAME and so on, or --column estimate=NAME"
    source.problems.append(Problem(source.path.name, problem, right))


def _add(made: Made, row: Row, values: Values) -> None:
    """Add the trial of a row, with its meta-analysis and outcome."""
    imported, layout = made.imported, made.layout
    study = _text(made, row, values, "study")
    year = year_of(row, values)
    study = study if not year or year in study else f"{study} {year}"
    review = made.reviews.code(values.get("meta_analysis") or made.name)
    outcome_text = layout.outcome or _text(made, row, values, "outcome")
    outcome = made.outcomes.code(outcome_text).lower()
    condition = made.conditions.code(layout.condition or _text(made, row, values, "condition"))
    numbers = _numbers(made, row, values) | _time_unit(made, values)
    measure = _measure(made, row, values, numbers)
    if measure.startswith("log_"):
        measure = _without_logarithm(made, row, measure, numbers)
    imported.outcomes.setdefault(outcome, _outcome(outcome, outcome_text, measure))
    imported.meta_analyses.setdefault(review, _meta_analysis(made, review))
    compared = values.get("comparison") or made.layout.arms.get("control", "")
    trial = numbers | {
        "comparison_id": f"{review}_{row.key}",
        "dataset": review,
        "study": study,
        "study_id": study,
        "year": year if year.isdecimal() else "",
        "condition": condition.lower(),
        "subtype": values.get("subtype", ""),
        "outcome": outcome,
        "instrument": SHEET_UNIT if measure == "mean_difference" else "",
        "comparator": COMPARATORS.get(plain(compared), "unclear"),
        "guidance": "unclear",
        "therapy": "unclear",
        "delivery": "unclear",
        "risk_of_bias": risk_of_bias(values.get("risk_of_bias", "")),
        "country": values.get("country", ""),
        "measure": measure,
        "favourable_direction": _direction(made, measure, outcome_text),
        "source": review,
        "locator": row.locator,
        "notes": note(comparison=values.get("comparison", ""), rob=values.get("risk_of_bias", "")),
    }
    trial = with_own(trial, values, "primary_studies")
    made.own.add(imported.meta_analyses[review], values, row)
    imported.trials.append({column: value for column, value in trial.items() if value})


def _text(made: Made, row: Row, values: Values, ours: str) -> str:
    if not values.get(ours):
        holders = [name for name, role in made.reading.columns.items() if ours in role.holds]
        row.fault(holders[0] if holders else ours, "", "required value is missing", "a text")
    return values.get(ours) or "unnamed"


def _numbers(made: Made, row: Row, values: Values) -> dict[str, str]:
    """The numbers of both arms, and the effect that is printed."""
    printed = {"estimate": "estimate", "se": "estimate_se", "ci_low": "ci_low",
               "ci_high": "ci_high", "p_value": "p_value", "n_total": "n_total"}  # fmt: skip
    if values.get("variance") and not values.get("se"):
        values["se"] = f"{float(values['variance']) ** 0.5:.10g}"
    cells = {theirs: values.get(ours, "") for ours, theirs in printed.items()}
    if values.get("p_operator", "=") != "=":
        cells["p_value"] = ""
    if cells["ci_low"]:
        cells["ci_level"] = values.get("ci_level", "0.95")
    for side in SIDES:
        events, without = (values.get(f"{part}_{side}", "") for part in ("events", "without"))
        people = values.get(f"n_{side}", "")
        if events and without:
            people = people or str(int(events) + int(without))
        if events and people and int(events) > int(people):
            row.fault(_holder(made, f"events_{side}"), events, "more events than people",
                      f"at most {people}")  # fmt: skip
        cells[f"total_{side}"] = people if events else ""
        for part in AS_READ:
            cells.setdefault(f"{part}_{side}", values.get(f"{part}_{side}", ""))
        if events:
            cells[f"n_{side}"] = ""
    return cells


def _time_unit(made: Made, values: Values) -> dict[str, str]:
    """What person-time is counted in, where the names of its columns say so."""
    if not values.get("time_intervention"):
        return {}
    spelled = {
        person_time_in(IN_NAMES.translated(_holder(made, f"time_{side}")))[0] for side in SIDES
    }
    if len(spelled) != 1 or not is_person_time(unit := spelled.pop()):
        return {}
    return {"time_unit": f"{unit.split()[-1].removesuffix('s')}s"}


def _holder(made: Made, ours: str) -> str:
    return next(name for name, role in made.reading.columns.items() if ours in role.holds)


def _measure(made: Made, row: Row, values: Values, numbers: Mapping[str, str]) -> str:
    """The measure that a row names, else as the caller says, else by its numbers."""
    said = made.layout.measures.get("", "")
    is_unsaid = values["measure"] == UNKNOWN and not values.get("measure_word")
    measure = said if is_unsaid else values["measure"]
    if measure:
        if measure.removeprefix("log_") not in SCALES:
            right = f"one of: {', '.join(filter(None, SCALES))}"
            shown = values.get("measure_word", measure)
            row.fault("measure", shown, "no measure in which trials are pooled", right)
        return measure
    for part, usual in BY_NUMBERS:
        if all(numbers[f"{part}_{side}"] for side in SIDES):
            made.by_numbers[usual or "hedges_g"] += 1
            return usual
    if numbers["estimate"]:
        row.fault(_holder(made, "estimate"), numbers["estimate"], "an effect without its measure",
                  "--measure CODE, such as odds_ratio")  # fmt: skip
    return ""


def _without_logarithm(made: Made, row: Row, measure: str, numbers: dict[str, str]) -> str:
    """The measure of a ratio whose logarithm stands in the table, which becomes the ratio."""
    for column in ("estimate", "ci_low", "ci_high"):
        if numbers[column]:
            logarithm = float(numbers[column])
            if abs(logarithm) > LARGEST_LOGARITHM:
                row.fault(_holder(made, column), numbers[column], "no logarithm of a ratio",
                          f"at most {LARGEST_LOGARITHM}, without its sign")  # fmt: skip
                continue
            numbers[column] = f"{math.exp(logarithm):.10g}"
    made.by_numbers_of_logs += 1
    return measure.removeprefix("log_")


def _direction(made: Made, measure: str, outcome: str) -> str:
    """The sign of intervention minus control that is good, which only scores need."""
    is_said = made.reading.holds("primary_studies.favourable_direction")
    if is_said or made.layout.kind != "interventions" or SCALES.get(measure) != "smd":
        return ""
    said = {plain(key): sign for key, sign in made.layout.favours.items() if key}
    sign = said.get(plain(outcome)) or made.layout.favours.get("", "")
    if not sign:
        made.unsigned.add(outcome)
    return sign


def _ask_for_direction(made: Made) -> None:
    if made.unsigned:
        problem = (
            "whether the intervention is better where its mean is above that of the control "
            f"(positive) or below it (negative) is not said: {', '.join(sorted(made.unsigned))}"
        )
        right = "--favours positive or --favours negative for all, or by outcome, such as "
        right += f"--favours '{min(made.unsigned)}=negative'"
        made.reading.source.problems.append(Problem(made.reading.source.path.name, problem, right))


def _outcome(code: str, label: str, measure: str) -> dict[str, str]:
    return {
        "code": code,
        "label": label,
        "definition": "Made by the import.",
        "quantity": QUANTITIES.get(measure, "continuous"),
    }


def _meta_analysis(made: Made, review: str) -> dict[str, str]:
    return {
        "meta_analysis_id": review,
        "title": made.reviews.labels[review],
        "delivery": "unclear",
        "eligibility": "included",
        "source_kind": "secondary_table",
        "source_url": made.reading.source.path.name,
        "notes": "imported_from=sheet of trials",
    }


def _told(made: Made, body: Body) -> list[str]:
    """What was read in which way."""
    told = [
        f"{' and '.join(role.holds)}: column {name}"
        + (", known by its cells" if name in made.layout.by_cells else "")
        for name, role in made.reading.columns.items()
    ]
    told += [f"arm {side}: {words}" for side, words in made.layout.arms.items()]
    told += body.told
    told += [f"{way} ({plural(n, 'cell')})" for way, n in made.reading.done.items()]
    told += [
        f"no measure is named: {measure.replace('_', ' ')} from the numbers of both arms "
        f"({plural(n, 'row')}); --measure says another"
        for measure, n in made.by_numbers.items()
    ]
    if made.by_numbers_of_logs:
        told.append(f"logarithms of ratios taken back ({plural(made.by_numbers_of_logs, 'row')})")
    trials = made.imported.trials
    repeated = Counter(
        (one["source"], one["study"], one["condition"], one.get("subtype"), one["outcome"])
        for one in trials
    )
    names = sorted({study for (_, study, *_), n in repeated.items() if n > 1})
    if names:
        told.append(
            f"several rows of one trial and outcome: {', '.join(names)}; protocol/trial_rules.csv "
            "says which of them is pooled"
        )
    for name, meta_analysis in made.imported.meta_analyses.items():
        own = {one["study"] for one in trials if one["source"] == name}
        meta_analysis["n_trials"] = str(len(own))
    return told
