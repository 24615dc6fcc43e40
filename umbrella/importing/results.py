"""A flat table of pooled results: one row is what a meta-analysis reports on one outcome.

The caller says which of its columns holds what; columns with usual names are known without that.
Ratios, differences and correlations become effects, percentages of one group rates. Conditions,
outcomes and meta-analyses are made from the texts that stand in the table.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from umbrella.importing.cells import Marks, counts, plain, tidy, verdict
from umbrella.importing.columns import (
    COLUMNS,
    DISEASES,
    INTERVENTIONS,
    MEASURE_OF,
    Role,
    is_of_interval,
    measure_in,
    measure_of,
    qualified,
    role_of,
    times_of,
    words_of,
)
from umbrella.importing.contents import (
    add_roles,
    cells_of,
    certainty_of,
    holds_results,
    holds_two_counts,
    names_of_measures,
    near_name,
    texts_of_groups,
)
from umbrella.importing.covidence import unfolded
from umbrella.importing.languages import IN_CELLS, IN_CONTRASTS
from umbrella.importing.layout import IGNORED, Layout
from umbrella.importing.own_columns import (
    OF_RESULTS,
    OwnValues,
    add_own,
    is_our_table,
    of_our_table,
    own_columns,
    with_own,
)
from umbrella.importing.printed import Body, Record, body_of, has_header
from umbrella.importing.protocol import SCALES
from umbrella.importing.reading import (
    IN_PERCENT,
    INCIDENCE,
    INTERVALS,
    JOINED,
    RATE,
    TESTS,
    UNKNOWN,
    Reading,
    Values,
)
from umbrella.importing.rows import Codes, Imported, note
from umbrella.importing.source import Row, Source, read_sheet, refuse_repeated
from umbrella.sheets.problems import Problem
from umbrella.sheets.units import is_person_time, one_spelling
from umbrella.sheets.workbook import Choice
from umbrella.text import plural, shorten

QUANTITIES = {
    "odds_ratio": "event",
    "risk_ratio": "event",
    "log_odds_ratio": "event",
    "log_risk_ratio": "event",
    "risk_difference": "event",
    "hazard_ratio": "time_to_event",
    "log_hazard_ratio": "time_to_event",
    "incidence_rate_ratio": "event_count",
    "log_incidence_rate_ratio": "event_count",
    "correlation": "correlation",
    RATE: "proportion",
    INCIDENCE: "event_count",
    UNKNOWN: "",
}
"""What kind of quantity an outcome is by the measure of its rows; any other is a score."""

IN_MULTIPLES = {"n_total", "n_cases", "n_controls", "person_time"}
"""Counts that tables print in thousands."""

OF_RATES = (RATE, INCIDENCE)
"""Measures of one group, which go into reported_rates."""

OF_RATIOS = ("event", "time_to_event", "event_count")
"""Quantities whose effects may be for an amount of the exposure."""

GROUPED = ("condition", "outcome", "subtype", "comparison")
"""What the name of a group of rows can be."""

NAMED_LIKE_SHEETS = {
    "egger_p": "egger", "excess_significance_p": "excess", "largest_estimate": "largest",
    "total": "n_total",
}  # fmt: skip
"""Other names for what columns hold: those of the sheets."""

AS_PRINTED = {
    "se", "tau2", "q", "ci_low", "ci_high", "ci_level", "estimate", "n_comparisons", "n_total",
    "n_total_operator", "n_cases", "n_cases_operator", "n_intervention", "n_control",
    "n_significant", "n_significant_expected", "p_operator", "p_value", "i2_operator", "pi_low",
    "pi_high", "pi_excludes_null", "egger_p", "egger_p_operator", "small_study_effects",
    "excess_significance_p", "excess_significance_p_operator", "excess_significance",
    "largest_estimate", "largest_ci_low", "largest_ci_high", "largest_significant",
    "printed_class", "measure", "measure_unit", "events_intervention", "events_control",
    "total_intervention", "total_control",
}  # fmt: skip
"""What goes into reported_effects as it was read."""

TOLD_EMPTY = (
    "estimate", "ci_low", "p_value", "n_comparisons", "n_total", "n_cases", "i2", "pi_low",
    "egger_p", "small_study_effects", "excess_significance_p", "excess_significance",
    "largest_estimate", "printed_class",
)  # fmt: skip
"""Values of whose gaps the command tells."""

OF_SHARES = (("events", "n_total"), ("n_cases", "n_total"))
"""What a column of counts holds that are a percentage together."""

ARMS_OF_TRIALS = {"events_intervention", "events_control", "n_intervention", "n_control"}

KEPT_OF_RATES = {
    "meta_analysis", "condition", "outcome", "year", "measure", "measure_word", "group",
    "estimate", "ci_low", "ci_high", "ci_level", "events", "n_total", "n_comparisons",
    "person_time", "time_unit", "measure_unit",
}  # fmt: skip
"""What reported_rates has columns for, or the sheets around it; all else goes into the notes."""

TOTALS = ("total", "totals", "grand total", "subtotal", "sum")
TOTALS_OF_REVIEWS = (*TOTALS, "overall", "pooled", "combined", "all reviews", "all studies")
"""What stands in place of a meta-analysis in a row that sums up the others."""

REFERENCE = re.compile(
    r"(1([.,]0*)?)?\s*[(\[]?\s*(ref\.?|reference|referent|r\u00e9f\.?|referenz|r\u00e9f\u00e9rence"
    r"|referencia)( (group|category|level))?\s*[)\]]?", re.IGNORECASE,
)  # fmt: skip
"""What stands in place of a result in the row that others are compared with."""

FIRST_YEAR, LAST_YEAR = 1900, 2100
SIGNS = ("positive", "negative")
MOST_TURNED = 5
"""Rows whose numbers are shown as they would be the other way round."""

OPPOSITE_CONTRASTS = (
    r"\b(low|bottom|least)\w*\b.*\b(v|vs|versus|against|to|with|than)\b.*\b(high|top|most|upper)",
    r"\b(no|non|never|none|unexposed|inactive|without|control|placebo)\b"
    r".*\b(v|vs|versus|against|to|with|than)\b"
    r".*\b(yes|ever|any|current|users?|exposed|active|intervention|treatment|drug)\b",
    r"\bper\b.*\b(decrease|decrement|reduction|lower)\b|\b(decrease|reduction) of\b",
)
"""Contrasts that tell what less of an exposure does."""

OF_LESS = re.compile(
    r"\b(low|lower|lack|no|without|absen\w+|defici\w+|insufficien\w+|inactiv\w+)\b"
)
"""Of exposures that are themselves less of something."""

PER_UNIT = "per_unit"
COMPARATORS = (
    (r"\bper\b|\beach\b|\bincrement|\bincrease of\b|\bcontinuous\b", PER_UNIT),
    (r"\b(high|top|most|upper)\w*\b.*\b(low|bottom|least)", "lowest_level"),
    (r"\b(yes|ever|any|current|users?|exposed)\b.*\b(no|never|none|non|unexposed)", "unexposed"),
)
"""Codes of comparators, in the vocabularies of risk factors, for what papers write."""


@dataclass
class Names:
    """Codes for the texts of a table; how its words for measures were read; what repeats."""

    conditions: Codes = field(default_factory=Codes)
    outcomes: Codes = field(default_factory=Codes)
    meta_analyses: Codes = field(default_factory=Codes)
    measures: Counter[tuple[str, str]] = field(default_factory=Counter)
    comparisons: Counter[tuple[str, str]] = field(default_factory=Counter)
    opposite: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """How the numbers of each row are turned round, by the contrast that is the wrong way round."""
    kinds: set[tuple[str, ...]] = field(default_factory=set)
    compared: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    n_repeated: int = 0
    n_repeated_rates: int = 0


@dataclass
class Made:
    """What is made of a table: the rows of sheets, and what the command is to tell."""

    reading: Reading
    layout: Layout
    body: Body
    names: Names = field(default_factory=Names)
    imported: Imported = field(default_factory=Imported)
    computed: Counter[str] = field(default_factory=Counter)
    unsigned: dict[str, str] = field(default_factory=dict)
    """Outcomes of interventions whose standardised differences have no said direction."""
    own: OwnValues = field(default_factory=OwnValues)

    @property
    def source(self) -> Source:
        """The table."""
        return self.reading.source


def is_known(name: str) -> bool:
    """Whether a table of results may have a column of this name."""
    return role_of(name) is not None


def read_source(
    path: Path, layout: Layout, worksheet: str, is_known: Callable[[str], object]
) -> tuple[Source, Body]:
    """The rows of a printed table below its header; names the caller gave are names, too."""
    given = layout.names()

    def is_name(cell: str) -> bool:
        return plain(cell) in given or bool(is_known(cell))

    def join(upper: str, lower: str) -> str:
        return lower if plain(lower) in given else qualified(upper, lower)

    choice = Choice(worksheet, partial(has_header, is_name=is_name))
    body = body_of(read_sheet(path, choice), is_name, join, layout.header)
    body = unfolded(body)
    source = Source(path, body.table, numbers=body.numbers, worksheet=worksheet, parts=body.parts)
    source.numerals = layout.numerals(body.table.header, body.table.rows)
    refuse_repeated(source)
    return source, body


def read_rows(source: Source, layout: Layout, body: Body) -> Imported:
    """The rows of the sheets; what is wrong is noted in `source.problems`."""
    leave_out_totals(source, body)
    layout = propose(source, layout, body)
    roles = _checked_roles(source, layout, body)
    if source.problems:
        return Imported()
    reading = Reading(source, roles, layout.words, layout.measures, constants=layout.constants)
    rows = [(row, reading.values(row)) for row in source.rows()]
    kind = layout.kind or _kind(roles, [values for _, values in rows])
    made = Made(reading, replace(layout, kind=kind), body)
    made.imported.review_kind = kind
    _place_groups(made, rows)
    _fill_down(made, rows)
    scales = _scales(made.reading, rows)
    for row, values in rows:
        _add(made, row, values, scales)
    _ask_for_direction(made)
    labels = made.names.conditions.labels
    made.imported.conditions = {code.lower(): label for code, label in labels.items()}
    made.imported.notices += _told(made, [values for _, values in rows], scales)
    return made.imported


def holds_of(text: str) -> tuple[str, ...]:
    """What a column holds by the caller's word: `n_cases`, `egger_p`, or two as `n_cases/n_total`.

    Empty for a word that is not known.
    """
    known = {*COLUMNS, *NAMED_LIKE_SHEETS, *own_columns(OF_RESULTS)}
    halves = [half.strip() for half in text.split("/")]
    is_known = len(halves) < 3 and all(half in known for half in halves)
    return tuple(NAMED_LIKE_SHEETS.get(half, half) for half in halves) if is_known else ()


def leave_out_totals(source: Source, body: Body) -> None:
    """A row that sums up the others is none of them."""
    reviews = [
        position
        for position, name in enumerate(source.table.header)
        if (role := role_of(name)) and role.holds == ("meta_analysis",)
    ]

    def is_total(record: Record) -> bool:
        first = next((cell for cell in record if cell), "")
        return words_of(first).removesuffix(" 95 ci") in TOTALS or any(
            words_of(record[position]) in TOTALS_OF_REVIEWS for position in reviews
        )

    _leave_out(source, body, is_total, "sums up the others")


def _leave_out_references(source: Source, roles: Mapping[str, Role], body: Body) -> None:
    """A row of the category that others are compared with has no result."""
    holders = [
        source.table.header.index(name)
        for name, role in roles.items()
        if "estimate" in INTERVALS.get(role.holds[0], ())
    ]

    def is_reference(record: Record) -> bool:
        return any(REFERENCE.fullmatch(tidy(record[position])) for position in holders)

    _leave_out(source, body, is_reference, "is the reference of others")


def _leave_out(source: Source, body: Body, is_left: Callable[[Record], bool], why: str) -> None:
    """Rows that are no results are left out, and told."""
    kept = []
    parts = source.parts or [""] * len(source.table.rows)
    for number, part, record in zip(source.numbers, parts, source.table.rows, strict=True):
        if is_left(record):
            first = next((cell for cell in record if cell), "")
            body.told.append(f"row {number} {why}: left out, {shorten(first)}")
        else:
            kept.append((number, part, record))
    source.numbers = [number for number, _, _ in kept]
    source.parts = [part for _, part, _ in kept]
    source.table.rows[:] = [record for _, _, record in kept]


def _kind(roles: Mapping[str, Role], rows: Sequence[Values]) -> str:
    """What a review is of by its table: of rates where it has nothing else."""
    if rows and all(values["measure"] in OF_RATES for values in rows):
        return "prevalence"
    holders = [words_of(name) for name, role in roles.items() if role.holds == ("condition",)]
    return "interventions" if any(name in INTERVENTIONS for name in holders) else "exposures"


def propose(source: Source, layout: Layout, body: Body) -> Layout:
    """The layout with what each column holds, unless it has that: told by names, else by cells."""
    if layout.roles is not None:
        return layout
    theirs = {plain(name): name for name in source.table.header if name}
    source.require(*(name for name in layout.ignored if plain(name) not in theirs))
    theirs |= {name: name for name in source.table.header}
    ignored = layout.left_out(source.table.header)
    roles = {name: Role((IGNORED,)) for name in ignored}
    for ours, said in layout.columns.items():
        name = said if said in theirs else plain(said)
        if name not in theirs:
            source.require(said)
            continue
        roles[theirs[name]] = role_said(ours, name)
    given = {role.holds for role in roles.values()}
    has_both = {"n", "N"} <= set(source.table.header)
    is_ours = is_our_table(source.table.header, OF_RESULTS)
    for name in filter(None, source.table.header):
        role = Role(("events",)) if has_both and name == "n" else role_of(name)
        role = of_our_table(name, OF_RESULTS) if is_ours else role
        if name not in roles and role and role.holds not in given:
            roles[name] = role
    _part_measures(source, roles)
    _part_people(source, roles)
    part_diseases(roles)
    _part_intervals(roles)
    _leave_out_fixed(roles, body)
    by_cells = add_roles(source, roles, layout.classes)
    add_own(source, roles, ignored, OF_RESULTS)
    _take_shares(roles)
    roles = {
        name: replace(role, times=times_of(name)) if set(role.holds) <= IN_MULTIPLES else role
        for name, role in roles.items()
        if name not in ignored and not layout.is_of_all(role)
    }
    return replace(layout, roles=roles, by_cells=by_cells)


def role_said(ours: str, name: str) -> Role:
    """What a column of this name holds by the caller's word, with what its name says beside it."""
    told, known = holds_of(ours), role_of(name)
    measure = measure_in(name) if told == ("estimate",) else ""
    return known if known and known.holds == told else Role(told, measure)


def _checked_roles(source: Source, layout: Layout, body: Body) -> Mapping[str, Role]:
    """What each column holds; what is missing or double is a problem of the source."""
    assert layout.roles is not None
    roles = layout.roles
    _leave_out_references(source, roles, body)
    refuse_double(source, roles)
    _ask_for_missing(source, layout, roles, body)
    _ask_for_outcome(source, layout, roles, layout.left_out(source.table.header))
    return roles


def part_diseases(roles: dict[str, Role]) -> None:
    """A disease is the outcome of the exposures or interventions that stand beside it."""
    holders = [name for name, role in roles.items() if role.holds == ("condition",)]
    diseases = [name for name in holders if words_of(name) in DISEASES]
    has_outcome = any(role.holds == ("outcome",) for role in roles.values())
    if not has_outcome and len(diseases) == 1 and len(holders) == 2:
        roles[diseases[0]] = Role(("outcome",))


def _part_measures(source: Source, roles: dict[str, Role]) -> None:
    """A column such as "Effect" whose cells are words for measures holds no estimates."""
    for name, role in roles.items():
        cells = cells_of(source, name)
        if role.holds == ("estimate",) and cells and all(map(measure_of, cells)):
            roles[name] = Role(("measure",))


def _part_people(source: Source, roles: dict[str, Role]) -> None:
    """A column such as "Population, n" holds participants where its cells are counts."""
    held = {ours for role in roles.values() for ours in role.holds}
    for name, role in roles.items():
        cells = cells_of(source, name)
        is_of_people = role.holds == ("subtype",) and "population" in words_of(name).split()
        are_counts = cells and all(re.fullmatch(r"\d[\d,.\s']*", cell) for cell in cells)
        if is_of_people and are_counts and "n_total" not in held:
            roles[name] = Role(("n_total",))


def _part_intervals(roles: dict[str, Role]) -> None:
    """Where a column holds the estimate, one such as "OR 95% CI" beside it is the interval."""
    holders = [name for name, role in roles.items() if role.holds == ("estimate",)]
    intervals = [name for name in holders if is_of_interval(name)]
    if len(holders) == len(intervals) + 1:
        for name in intervals:
            roles[name] = Role(("interval",))


def _leave_out_fixed(roles: dict[str, Role], body: Body) -> None:
    """Results of the fixed-effect model are left where those of the random-effects model stand."""
    for ours in ("estimate", "interval", "ci_low", "ci_high", "p_value"):
        holders = [name for name, role in roles.items() if role.holds == (ours,)]
        fixed = [name for name in holders if re.search(r"\b(fixed|common|fe)\b", words_of(name))]
        if len(holders) == len(fixed) + 1:
            for name in fixed:
                del roles[name]
                body.told.append(f"{name}: of the fixed-effect model, left out beside the other")


def _take_shares(roles: dict[str, Role]) -> None:
    """Counts with their percentage, as under "Cases/N (%)", are results where nothing else is."""
    if any("estimate" in INTERVALS.get(role.holds[0], ()) for role in roles.values()):
        return
    shares = [name for name, role in roles.items() if role.holds in OF_SHARES and "%" in name]
    if len(shares) == 1:
        roles[shares[0]] = Role(("events", "n_total"), measure=RATE)


def _are_number_and_verdict(
    source: Source, roles: Mapping[str, Role], ours: str, names: Sequence[str]
) -> bool:
    """Whether one of two columns of a test has its P and the other says yes and no."""

    def says_yes_or_no(name: str) -> bool:
        place = roles[name].holds.index(ours)
        found = [counts(cell) for cell in cells_of(source, name)]
        return bool(found) and all(len(one) > place and verdict(one[place]) for one in found)

    return len(names) == 2 and sum(map(says_yes_or_no, names)) == 1


def refuse_double(source: Source, roles: Mapping[str, Role]) -> None:
    """Two columns that would hold the same thing: which of them is meant is not known."""
    holders = defaultdict(list)
    for name, role in roles.items():
        if role.criterion is None:
            for ours in role.holds:
                holders[ours].append(name)
    for ours, names in holders.items():
        if ours in TESTS and _are_number_and_verdict(source, roles, ours, names):
            continue
        if len(names) > 1 and ours not in JOINED:
            ways = " or ".join(f"--column {ours}='{name}'" for name in names)
            if ours == "estimate":
                ways += "; the others each by an import of their own, with --into"
            problem = f"columns that may hold the {ours.replace('_', '-')}: {', '.join(names)}"
            source.problems.append(Problem(source.path.name, problem, ways))


def _ask_for_missing(source: Source, layout: Layout, roles: Mapping[str, Role], body: Body) -> None:
    held = {ours for role in roles.values() for ours in role.holds}
    if held & {"arm_intervention", "events", "person_time"}:
        held.add("estimate")
    if "estimate" not in held and held & ARMS_OF_TRIALS:
        problem = "numbers of two arms and no column for the estimate is known"
        right = "--column estimate=NAME; a sheet with a trial in each row is imported by umbrella "
        right += "import trials (docs/trials.md)"
        source.problems.append(Problem(source.path.name, problem, right))
        return
    for ours in ("meta_analysis", "condition", "estimate"):
        if ours in held or layout.said(ours) or ours == layout.groups:
            continue
        if ours == "condition" and body.groups and not layout.groups:
            _ask_for_groups(source, body)
        else:
            ask_for(source, roles, ours)
    has_measure = held & {"measure", "person_time"} or any(role.measure for role in roles.values())
    in_cells = re.compile(r"[A-Za-z]{2,}\s*[:=]?\s*[-\u2212]?\d")
    if not has_measure and "" not in layout.measures:
        names = [name for name, role in roles.items() if role.holds == ("estimate",)]
        cells = (row.cells[name] for row in source.rows() for name in names)
        if not any(in_cells.match(cell) for cell in cells):
            ask_for(source, roles, "measure")


def _ask_for_groups(source: Source, body: Body) -> None:
    names = ", ".join(dict.fromkeys(body.groups.values()))
    ways = " or ".join(f"--groups {one}" for one in GROUPED)
    problem = f"no column for the condition is known, but rows stand in groups: {names}"
    source.problems.append(Problem(source.path.name, problem, f"{ways}, or --condition TEXT"))


def texts_of_outcomes(
    source: Source, roles: Mapping[str, Role], ignored: Iterable[str]
) -> dict[str, str]:
    """Columns that may name the outcome where none is known to, with a text of each."""
    if any("outcome" in role.holds for role in roles.values()):
        return {}
    known = dict(roles) | dict.fromkeys(ignored, Role((IGNORED,)))
    return texts_of_groups(source, known)


def _ask_for_outcome(
    source: Source, layout: Layout, roles: Mapping[str, Role], ignored: set[str]
) -> None:
    """Rows on several outcomes are not to be pooled as one: texts that repeat may name them."""
    texts = texts_of_outcomes(source, roles, ignored)
    if source.problems or layout.outcome or not texts or layout.groups == "outcome":
        return
    ways = " or ".join(f"--column outcome='{name}'" for name in texts)
    shown = ", ".join(f"{name} (such as {text!r})" for name, text in texts.items())
    right = f"{ways}, or --outcome TEXT where all rows are on one outcome"
    for name, role in roles.items():
        if role.holds == ("condition",) and words_of(name) in DISEASES:
            right += f"; or --column outcome='{name}' and --column condition=NAME"
    problem = f"no column for the outcome is known, but texts repeat in: {shown}"
    source.problems.append(Problem(source.path.name, problem, right))


def ask_for(source: Source, roles: Mapping[str, Role], ours: str) -> None:
    names = ", ".join(name.strip() for name in source.table.header if name.strip())
    option = f"--{ours.replace('_', '-')}"
    instead = "" if ours == "estimate" else f", or {option} TEXT for all rows"
    near = [name for name in source.table.header if near_name(name) == ours]
    if ours == "measure":
        near += names_of_measures(source, roles)
    perhaps = " or ".join(f"--column {ours}='{name}'" for name in near)
    first = f"perhaps {perhaps}; " if near else ""
    right = f"{first}--column {ours}=NAME{instead}; columns are {names}"
    source.problems.append(
        Problem(source.path.name, f"no column for the {ours.replace('_', '-')} is known", right)
    )


def _place_groups(made: Made, rows: Iterable[tuple[Row, Values]]) -> None:
    """The name of a group is what the caller says; else it stands in the notes."""
    for row, values in rows:
        group = made.body.groups.get(row.number, "")
        if not group or made.layout.groups == IGNORED:
            continue
        if made.layout.groups and made.layout.groups not in values:
            values[made.layout.groups] = made.reading.marks.without("groups", group)
        else:
            values["group"] = group


def _fill_down(made: Made, rows: Iterable[tuple[Row, Values]]) -> None:
    """An empty cell of a column that the caller names means the one above it."""
    above: Values = {}
    for _, values in rows:
        for ours in made.layout.filled:
            if ours in values:
                above[ours] = values[ours]
            elif ours in above:
                values[ours] = above[ours]
                made.computed[f"{ours}: empty cells filled with the text above"] += 1


def _scales(reading: Reading, rows: Sequence[tuple[Row, Values]]) -> dict[str, int]:
    """What I2 and rates without a percent sign are multiplied by to be percentages."""
    rates = [(row, values) for row, values in rows if values["measure"] == RATE]
    return {
        "i2": _factor(reading, rows, "i2"),
        RATE: _factor(reading, rates, "estimate"),
    }


def _factor(reading: Reading, rows: Sequence[tuple[Row, Values]], ours: str) -> int:
    """A hundred where every number without a sign lies within 0 to 1, and one is above 0.

    Beside numbers with a sign such a number may be either, and is refused.
    """
    filled = [(row, values) for row, values in rows if values.get(ours)]
    unsigned = [(row, values) for row, values in filled if f"{ours}{IN_PERCENT}" not in values]
    numbers = [float(values[ours]) for _, values in unsigned]
    if not any(numbers) or not all(0 <= number <= 1 for number in numbers):
        return 1
    if len(unsigned) < len(filled):
        name = next(name for name, role in reading.columns.items() if _holds(role, ours))
        for row, values in unsigned:
            percent = f"{100 * float(values[ours]):.10g}"
            problem = f"can be read in two ways beside percent signs: {values[ours]} % or {percent}"
            row.fault(name, row.cells[name], f"{problem} %", "a percent sign in every cell or none")
    return 100


def _holds(role: Role, ours: str) -> bool:
    return ours in role.holds or ours in INTERVALS.get(role.holds[0], ())


def _in_percent(values: Values, ours: str, factor: int) -> str:
    """A value as a percentage; empty where there is none."""
    if not values.get(ours):
        return ""
    if f"{ours}{IN_PERCENT}" in values or factor == 1:
        return values[ours]
    return f"{float(values[ours]) * factor:.10g}"


def _add(made: Made, row: Row, values: Values, scales: Mapping[str, int]) -> None:
    """Add the effect or rate of a row, and its meta-analysis and outcome."""
    names, layout = made.names, made.layout
    paper = layout.meta_analysis or _named(made, row, values, "meta_analysis")
    in_paper = re.search(r"\b(19|20)\d\d\b", paper)
    year = year_of(row, values) or (in_paper[0] if in_paper else "")
    name = names.meta_analyses.code(paper if not year or year in paper else f"{paper} {year}")
    condition = names.conditions.code(layout.condition or _named(made, row, values, "condition"))
    outcome_text = layout.outcome or values.get("outcome") or _unnamed_outcome(made, values)
    outcome = names.outcomes.code(outcome_text).lower()
    measure = values["measure"]
    names.measures[values.get("measure_word", ""), measure] += 1
    made.imported.meta_analyses.setdefault(name, _meta_analysis(row, name, paper, year))
    made.own.add(made.imported.meta_analyses[name], values, row)
    made.imported.outcomes.setdefault(outcome, _outcome(outcome, outcome_text, measure))
    shared = {
        "meta_analysis_id": name,
        "condition": condition.lower(),
        "outcome": outcome,
        "comparator": _comparator(made, values),
        "guidance": "unclear",
        "source_locator": row.locator,
    }
    word = values.get("measure_word", "")
    notes = {
        "measure_as_reported": "" if word == measure else word, "group": values.get("group", ""),
    }  # fmt: skip
    if measure in OF_RATES:
        _cases_as_events(values)
        notes |= _noted_of_rate(values)
    shared["notes"] = note(**notes)
    kind = (name, condition, outcome, measure)
    is_repeated = kind in names.kinds
    names.kinds.add(kind)
    if measure in OF_RATES:
        names.n_repeated_rates += is_repeated
        is_incidence = measure == INCIDENCE
        rate = _incidence(made, row, values) if is_incidence else _rate(made, row, values, scales)
        cells = shared | rate | {"rate_id": f"{name}_{row.key}"}
        made.imported.rates.append(with_own(cells, values, "reported_rates"))
        return
    names.n_repeated += is_repeated
    names.compared[condition, outcome, measure].add(values.get("comparison", ""))
    _complete(made, row, values)
    effect = _effect(values, scales) | {
        "effect_id": f"{name}_{row.key}",
        "subtype": values.get("subtype", ""),
        "certainty": certainty_of(values.get("certainty", "")),
        "favourable_direction": _direction(made, measure, outcome, outcome_text),
        "comparator_as_reported": values.get("comparison", ""),
        "measure_unit": _unit(made, values, condition, outcome_text),
        "scope": "subgroup" if is_repeated else "overall",
        "restriction": _restriction(made, row, values, condition),
    }
    cells = shared | {key: cell for key, cell in effect.items() if cell}
    made.imported.effects.append(with_own(cells, values, "reported_effects"))


def year_of(row: Row, values: Values) -> str:
    """A year; that of a date, as a spreadsheet may hold it. A number that is no year is a fault."""
    text = values.get("year", "")
    of_date = re.fullmatch(r"(\d{4})-\d\d-\d\d", text)
    year = of_date[1] if of_date else text.removesuffix(".0")
    if year.isdecimal() and not FIRST_YEAR <= int(year) <= LAST_YEAR:
        row.fault("year", text, "no year of a publication", f"{FIRST_YEAR} to {LAST_YEAR}")
    return year


def _direction(made: Made, measure: str, outcome: str, text: str) -> str:
    """The sign that favours the intervention, which a standardised difference needs."""
    is_said = made.reading.holds("reported_effects.favourable_direction")
    if is_said or made.layout.kind != "interventions" or SCALES.get(measure) != "smd":
        return ""
    said = {plain(key): sign for key, sign in made.layout.favours.items() if key}
    sign = said.get(plain(text)) or made.layout.favours.get("", "")
    if not sign:
        made.unsigned[outcome] = text
    return sign


def _ask_for_direction(made: Made) -> None:
    """The sign of a standardised difference says nothing of what is good."""
    if not made.unsigned:
        return
    outcomes = list(made.unsigned.values())
    notes = [told for told in made.body.told if "favour" in told or "favor" in told]
    problem = (
        "which sign of a standardised mean difference favours the intervention is not said: "
        f"{', '.join(outcomes)}{''.join(f' ({one})' for one in notes)}"
    )
    right = "--favours positive or --favours negative for all, or by outcome, such as "
    right += f"--favours '{outcomes[0]}=negative'"
    made.source.problems.append(Problem(made.source.path.name, problem, right))


def _named(made: Made, row: Row, values: Values, ours: str) -> str:
    """A text that every row needs."""
    if not values.get(ours):
        holders = [name for name, role in made.reading.columns.items() if ours in role.holds]
        right = f"a text, or --fill {ours} where an empty cell means the one above"
        row.fault(holders[0] if holders else ours, "", "required value is missing", right)
    return values.get(ours) or "unnamed"


def _unnamed_outcome(made: Made, values: Values) -> str:
    name = {RATE: "Prevalence", INCIDENCE: "Incidence"}.get(values["measure"], "Outcome")
    made.computed[f"outcome: the table names none, so {name}; --outcome TEXT names it"] += 1
    return name


def _meta_analysis(row: Row, name: str, paper: str, year: str) -> dict[str, str]:
    return {
        "meta_analysis_id": name,
        "first_author": re.sub(r"[\s,;(]*(et al|\(|(19|20)\d\d).*$", "", paper) or paper,
        "year": year if year.isdecimal() else "",
        "title": paper,
        "delivery": "unclear",
        "eligibility": "included",
        "source_kind": "secondary_table",
        "source_url": row.source.path.name,
        "notes": "imported_from=table of results",
    }


def _outcome(code: str, label: str, measure: str) -> dict[str, str]:
    return {
        "code": code,
        "label": " ".join(label.split()),
        "definition": "Made by the import.",
        "quantity": QUANTITIES.get(measure, "continuous"),
    }


def _comparator(made: Made, values: Values) -> str:
    """The code of what the row was compared with, which is told."""
    found = _comparator_code(made, values)
    if values.get("comparison"):
        made.names.comparisons[values["comparison"], found] += 1
    return found


def _comparator_code(made: Made, values: Values) -> str:
    """The code of what a row was compared with, where the vocabularies have one."""
    words = values.get("comparison", "")
    if made.layout.kind != "exposures" or _is_opposite(words):
        return "unclear"
    if one_spelling(words).startswith("per "):
        return PER_UNIT
    english = IN_CONTRASTS.translated(words.lower())
    return next((code for way, code in COMPARATORS if re.search(way, english)), "unclear")


def _is_opposite(words: str) -> bool:
    """Whether a contrast is of less against more."""
    english = IN_CONTRASTS.translated(words.lower())
    return any(re.search(way, english) for way in OPPOSITE_CONTRASTS)


def _restriction(made: Made, row: Row, values: Values, condition: str) -> str:
    """Why a row of the opposite contrast is in no pool: it would count the wrong way round."""
    words = values.get("comparison", "")
    is_of_less = OF_LESS.search(made.names.conditions.labels[condition].lower())
    if is_of_less or not _is_opposite(words):
        return ""
    made.names.opposite[words].append(f"row {row.number} {_turned_numbers(values)}")
    return f"compared the other way round: {words}"


def _turned_words(words: str) -> str:
    """A contrast the other way round, as it is to be typed."""
    sides = re.fullmatch(
        r"(.+?)\s+(vs\.?|versus|v\.?|against|compared (?:to|with)|than)\s+(.+)",
        words,
        re.IGNORECASE,
    )
    if sides:
        return f"{sides[3]} {sides[2]} {sides[1]}"
    return re.sub(r"\b(decrease|decrement|reduction)\b", "increase", words, flags=re.IGNORECASE)


def _turned_numbers(values: Values) -> str:
    """The estimate of a row with its limits, of the contrast the other way round."""
    is_ratio = SCALES.get(values["measure"], "").startswith("log_")

    def turned(number: str) -> str:
        decimals = len(number.partition(".")[2])
        value = 1 / float(number) if is_ratio and float(number) else -float(number)
        return f"{value:.{decimals}f}"

    estimate, low, high = (
        turned(values[ours]) if values.get(ours) else ""
        for ours in ("estimate", "ci_high", "ci_low")
    )
    return f"{estimate} ({low} to {high})" if low and high else estimate


def _unit(made: Made, values: Values, condition: str, outcome: str) -> str:
    """The unit of a mean difference: its own, else as the caller says; the amount of a ratio."""
    if (
        QUANTITIES.get(values["measure"]) in OF_RATIOS
        and _comparator_code(made, values) == PER_UNIT
    ):
        return " ".join(values["comparison"].split())
    if values["measure"] != "mean_difference":
        return ""
    units = {plain(key): unit for key, unit in made.layout.units.items() if key}
    label = made.names.conditions.labels[condition]
    said = units.get(plain(outcome)) or units.get(plain(label)) or made.layout.units.get("", "")
    return values.get("measure_unit") or said


def _complete(made: Made, row: Row, values: Values) -> None:
    """What follows from other cells: cases and controls, means of arms, a standard deviation."""
    if "n_controls" in values and "n_cases" in values and "n_total" not in values:
        values["n_total"] = str(int(values["n_cases"]) + int(values["n_controls"]))
        made.computed["n_total: cases and controls added up"] += 1
    _as_fractions(made, values)
    if "events" in values and "n_cases" not in values:
        values["n_cases"] = values["events"]
        made.computed["n_cases: events of both groups"] += 1
    for arm in ("intervention", "control"):
        if f"events_{arm}" in values and f"n_{arm}" in values:
            values[f"total_{arm}"] = values[f"n_{arm}"]
    arms = [values.get(f"{what}_{arm}") for arm in ("intervention", "control")
            for what in ("mean", "sd", "n")]  # fmt: skip
    if "estimate" not in values and all(arms):
        mean_1, sd_1, n_1, mean_2, sd_2, n_2 = map(float, arms)  # type: ignore[arg-type]
        values["estimate"] = f"{mean_1 - mean_2:.10g}"
        values["se"] = f"{math.sqrt(sd_1**2 / n_1 + sd_2**2 / n_2):.10g}"
        made.computed["estimate and se: from means, standard deviations and numbers"] += 1
    if "sd" in values and not {"se", "ci_low"} & values.keys():
        _se_from_sd(made, row, values)


def _as_fractions(made: Made, values: Values) -> None:
    """Differences of risks are fractions, whichever way they are written."""
    signed = [ours for ours in (*INTERVALS["estimate"], "se") if f"{ours}{IN_PERCENT}" in values]
    if values["measure"] != "risk_difference" or not signed:
        return
    for ours in filter(values.get, signed):
        values[ours] = f"{float(values[ours]) / 100:.10g}"
    made.computed["risk differences in percent divided by 100"] += 1


def _se_from_sd(made: Made, row: Row, values: Values) -> None:
    sizes = [
        float(values[column]) for column in ("n_intervention", "n_control") if column in values
    ]
    if len(sizes) < 2:
        problem = "a standard deviation without the people of each group: its standard error can "
        problem += "be that of one group, SD / root of n, or that between two groups"
        row.fault("SD", values["sd"], problem, "columns for n_intervention and n_control, or an SE")
        return
    values["se"] = f"{float(values['sd']) * math.sqrt(sum(1 / size for size in sizes)):.10g}"
    made.computed["se: from the standard deviation, taken as that of both groups"] += 1


def _effect(values: Values, scales: Mapping[str, int]) -> dict[str, str]:
    model = plain(IN_CELLS.meaning(values.get("synthesis_model", "")))
    cells = {column: value for column, value in values.items() if column in AS_PRINTED}
    cells |= {
        "timepoint": "post",
        "therapy": "unclear",
        "analysis_set": "unclear",
        "synthesis_model": next((m for m in ("random", "fixed") if m in model), "unclear"),
    }
    if values.get("i2"):
        cells["i2"] = _in_percent(values, "i2", scales["i2"])
    if cells.get("ci_low") or cells.get("ci_high"):
        cells.setdefault("ci_level", "0.95")
    else:
        cells.pop("ci_level", None)
    return cells


def _cases_as_events(values: Values) -> None:
    """The cases of a percentage are the events of it."""
    if "n_cases" in values and "n_cases_operator" not in values:
        values.setdefault("events", values.pop("n_cases"))


def _noted_of_rate(values: Values) -> dict[str, str]:
    """What is known of a rate and has no column."""
    return {
        ours: value
        for ours, value in values.items()
        if value
        and ours not in KEPT_OF_RATES
        and not ours.endswith(IN_PERCENT)
        and not ours.startswith(("meta_analyses.", "reported_rates."))
    }


def _rate(made: Made, row: Row, values: Values, scales: Mapping[str, int]) -> dict[str, str]:
    columns = made.reading.columns
    name = next((one for one, role in columns.items() if "estimate" in role.holds), "percentage")
    low, middle, high = (
        _in_percent(values, column, scales[RATE]) for column in ("ci_low", "estimate", "ci_high")
    )
    for percent in (low, middle, high):
        if percent and not 0 <= float(percent) <= 100:
            row.fault(name, row.cells.get(name, percent), "outside 0 to 100", "a percentage")
    scale = 1 if f"estimate{IN_PERCENT}" in values else scales[RATE]
    _refuse_other_share(row, values, name, middle, scale)
    return {
        "definition": "not stated",
        "arm": "all",
        "events": values.get("events", ""),
        "total": values.get("n_total", ""),
        "percent": middle,
        "percent_low": low,
        "percent_high": high,
        "interval_kind": "ci95" if low and high else "",
        "n_studies": values.get("n_comparisons", ""),
    }


def _incidence(made: Made, row: Row, values: Values) -> dict[str, str]:
    """A rate per person-time, with the person-time that it is for."""
    said = made.layout.units.get("", "")
    unit = one_spelling(values.get("measure_unit") or said) or _per_thousand(values)
    if not is_person_time(unit):
        right = "it in the name of the column or in the cell, or --unit 'per 1000 person-years'"
        problem = "a rate without the person-time that it is for"
        row.fault("rate", values.get("estimate", unit), problem, right)
    low, high = values.get("ci_low", ""), values.get("ci_high", "")
    return {
        "definition": "not stated",
        "arm": "all",
        "events": values.get("events", ""),
        "total": values.get("n_total", ""),
        "interval_kind": "ci95" if low and high else "",
        "n_studies": values.get("n_comparisons", ""),
        "rate": values.get("estimate", ""),
        "rate_low": low,
        "rate_high": high,
        "rate_unit": unit,
        "person_time": values.get("person_time", ""),
    }


def _per_thousand(values: Values) -> str:
    """The unit of events that stand beside their person-time alone: per 1000 of it."""
    time = values.get("time_unit", "").rpartition(" ")[2].removesuffix("s")
    return f"per 1000 {time}s" if time else ""


def _refuse_other_share(row: Row, values: Values, name: str, percent: str, scale: int) -> None:
    """Counts beside a percentage that is not theirs, where both stand in one row."""
    if not (percent and values.get("events") and values.get("n_total")):
        return
    share = 100 * int(values["events"]) / int(values["n_total"])
    decimals = len(values["estimate"].partition(".")[2])
    margin = 0.5 * scale * 10**-decimals * (1 + 1e-9)
    if abs(share - float(percent)) > margin and not values.get("ci_low"):
        problem = f"{values['events']} of {values['n_total']} are {share:.4g} %, not {percent} %"
        row.fault(name, row.cells.get(name, percent), problem, "counts and their percentage")


def _told(made: Made, rows: Sequence[Values], scales: Mapping[str, int]) -> list[str]:
    """What was read in which way, and what the sheets still lack."""
    told = [
        f"{' and '.join(role.holds)}: column {name}"
        + (f", yes as {' '.join(role.criterion)}" if role.criterion else "")
        + (", known by its cells" if name in made.layout.by_cells else "")
        for name, role in made.reading.columns.items()
    ]
    told += made.body.told
    told += [_of_measure(word, measure, n) for (word, measure), n in made.names.measures.items()]
    told += [f"{way} ({plural(n, 'cell')})" for way, n in made.reading.done.items()]
    told += [f"{way} ({plural(n, 'row')})" for way, n in made.computed.items()]
    told += _of_marks(made.reading.marks)
    holders = [name for name, role in made.reading.columns.items() if "comparison" in role.holds]
    place = f"column {holders[0]}" if holders else "the name of its group"
    told += [
        f"comparison {words!r}: comparator {code.replace('_', ' ')} ({plural(n, 'row')})"
        for (words, code), n in made.names.comparisons.items()
    ]
    told += [
        f"comparison {words!r}: the other way round, so in no pool ({plural(len(rows), 'row')}); "
        f"to pool them, type {_turned_words(words)!r} in {place} and turn the numbers round "
        f"(1 / ratio, minus the difference, limits swapped): {_first_of(rows)}"
        for words, rows in made.names.opposite.items()
    ]
    told += [
        f"{what}: every number is within 0 to 1, so fractions, times 100"
        for ours, what in (("i2", "i2"), (RATE, "rates"))
        if scales[ours] == 100
    ]
    if any("group" in values for values in rows):
        told.append("groups: kept in the notes; --groups says what else their names are")
    rates = [_noted_of_rate(values) for values in rows if values["measure"] in OF_RATES]
    noted = list(dict.fromkeys(ours for found in rates for ours in found))
    if noted:
        told.append(f"{', '.join(noted)} of rates: kept in the notes")
    told += [*_of_repeated(made.names), *_of_gaps(rows), *_of_units(made)]
    return told + _of_unread(made.source)


def _first_of(rows: Sequence[str]) -> str:
    """The first of what would fill lines, and that there are more."""
    return "; ".join(rows[:MOST_TURNED]) + (" ..." if len(rows) > MOST_TURNED else "")


def _of_unread(source: Source) -> list[str]:
    """Columns that are not taken over and hold results or counts, or are nearly known by name."""
    told = []
    for name in source.left_out():
        near = near_name(name)
        if not name.strip():
            continue
        if holds_results(source, name):
            told.append(
                f"results in {name}: not taken over; --column estimate='{name}' reads them "
                "instead, and with --into adds them to this review"
            )
        elif holds_two_counts(source, name):
            told.append(
                f"two counts in {name}: not taken over; --column n_cases/n_total='{name}', "
                f"n_cases/n_controls='{name}' or events/n_total='{name}' reads them"
            )
        elif near:
            told.append(f"column {name}: not taken over; perhaps --column {near}='{name}'")
    return told


def _of_measure(word: str, measure: str, n: int) -> str:
    rows = plural(n, "row")
    shown = f"measure {word!r}" if word else "measure of rows without a word for it"
    if measure == UNKNOWN:
        near = get_close_matches(plain(word), MEASURE_OF, n=1, cutoff=0.8)
        perhaps = f" (perhaps {MEASURE_OF[near[0]]})" if near else ""
        option = f"'{word}=CODE'" if word else "CODE"
        return (
            f"{shown}: not known, so never pooled ({rows}); where you know it, import "
            f"again with --measure {option}, a code of vocabulary/measures.csv{perhaps}"
        )
    return f"{shown}: {measure.replace('_', ' ')} ({rows})"


def _of_marks(marks: Marks) -> list[str]:
    by_mark: dict[str, list[str]] = defaultdict(list)
    for (column, mark), n in marks.found.items():
        by_mark[mark].append(f"{column} ({n:,})")
    return [f"footnote mark {mark} left out: {', '.join(at)}" for mark, at in by_mark.items()]


def _of_repeated(names: Names) -> list[str]:
    told = []
    if names.n_repeated:
        told.append(
            f"{plural(names.n_repeated, 'row')} with the meta-analysis, condition, outcome "
            "and measure of an earlier one: taken as its subgroup"
        )
    if names.n_repeated_rates:
        told.append(
            f"{plural(names.n_repeated_rates, 'rate')} with the meta-analysis, condition and "
            "outcome of an earlier one: a pool takes one of them, that of most studies; "
            "--column condition=NAME or outcome=NAME parts them"
        )
    n_mixed = sum(len(comparisons) > 1 for comparisons in names.compared.values())
    if n_mixed:
        told.append(
            f"{plural(n_mixed, 'result')} of one condition, outcome and measure with several "
            "comparisons: an analysis that is not to mix them names its comparator_class"
        )
    return told


def _of_units(made: Made) -> list[str]:
    """Outcomes whose mean differences have no unit, in the table or by the caller."""
    labels = {code: row["label"] for code, row in made.imported.outcomes.items()}
    without = Counter(
        labels[effect["outcome"]]
        for effect in made.imported.effects
        if effect["measure"] == "mean_difference" and "measure_unit" not in effect
    )
    if not without:
        return []
    options = " ".join(f"--unit '{outcome}=UNIT'" for outcome in without)
    return [
        f"{plural(without.total(), 'mean difference')} without a unit in the table, so never "
        f"pooled: {options} gives one to each outcome, --unit UNIT to all"
    ]


def _of_gaps(rows: Sequence[Values]) -> list[str]:
    told = []
    for ours in TOLD_EMPTY:
        n = sum(not values.get(ours) for values in rows)
        if 0 < n < len(rows):
            told.append(f"{ours}: left empty in {plural(n, 'row')}")
    told.append(
        "left empty: polarity and noun of the outcomes (vocabulary/outcomes.csv), which say what "
        "is better and how sentences name it"
    )
    return told
