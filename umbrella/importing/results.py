"""A flat table of pooled results: one row is what a meta-analysis reports on one outcome.

The caller says which of its columns holds what; columns with usual names are known without that.
Ratios, differences and correlations become effects, percentages of one group rates. Conditions,
outcomes and meta-analyses are made from the texts that stand in the table.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from umbrella.importing.rows import Codes, Imported, note
from umbrella.importing.source import Row, Source
from umbrella.sheets.numerals import split_bound, strict_bound
from umbrella.sheets.problems import Problem
from umbrella.text import plural

MEASURES = {
    "odds_ratio": ("or", "odds", "odds ratio", "aor", "adjusted odds ratio"),
    "risk_ratio": ("rr", "risk", "risk ratio", "relative risk", "arr"),
    "hazard_ratio": ("hr", "hazard", "hazards", "hazard ratio", "ahr"),
    "incidence_rate_ratio": ("irr", "rate ratio", "incidence rate ratio"),
    "log_odds_ratio": ("logor", "log or"),
    "log_risk_ratio": ("logrr", "log rr"),
    "log_hazard_ratio": ("loghr", "log hr"),
    "smd": ("standardised mean difference", "standardized mean difference"),
    "hedges_g": ("g", "hedges g", "hedge s g"),
    "cohens_d": ("d", "cohen s d", "cohen d"),
    "mean_difference": ("md", "wmd", "weighted mean difference"),
    "ratio_of_means": ("rom",),
    "risk_difference": ("rd",),
    "correlation": ("r", "pearson s r", "correlation coefficient"),
    "proportion": ("prevalence", "percentage", "percent", "share", "pooled prevalence"),
}
"""Words that tables write for measures, beside the codes themselves."""

RATE, UNKNOWN = "proportion", "unclear"
"""The measure whose rows are rates, and that of rows whose measure has no code."""

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
    UNKNOWN: "",
}
"""What kind of quantity an outcome is by the measure of its rows; any other is a score."""

COLUMNS = {
    "meta_analysis": ("paper", "review", "study", "author", "authors", "reference", "source"),
    "condition": ("exposure", "risk factor", "factor", "intervention", "topic", "subject"),
    "outcome": ("outcomes", "endpoint"),
    "year": ("publication year", "pub year"),
    "measure": ("effect measure", "metric", "effect size type", "measure type"),
    "measure_unit": ("unit", "units"),
    "estimate": ("effect", "effect size", "es", "value", "pooled effect", "point estimate"),
    "ci_low": ("ci lo", "ci lower", "lower ci", "lower", "lci", "lcl", "ll", "low", "ci l"),
    "ci_high": ("ci hi", "ci up", "ci upper", "upper ci", "upper", "uci", "ucl", "ul", "high"),
    "se": ("standard error",),
    "p_value": ("p", "pvalue", "p val"),
    "n_comparisons": ("number of studies", "n studies", "studies", "k", "no of studies"),
    "n_total": (
        "number of participants", "n participants", "participants", "sample size", "n", "total n",
    ),
    "n_cases": ("number of cases", "cases"),
    "i2": ("i squared", "i 2", "isquared", "heterogeneity i2"),
    "tau2": ("tau squared",),
    "q": ("cochran q", "cochrans q"),
    "synthesis_model": ("model type", "effects model", "pooling model"),
    "pi_low": ("pi lo", "pi lower", "prediction low"),
    "pi_high": ("pi hi", "pi up", "pi upper", "prediction high"),
    "egger_p": ("egger", "eggers p", "p egger"),
    "excess_significance_p": ("excess significance", "p excess significance"),
    "n_significant": ("significant studies",),
    "largest_estimate": ("largest study",),
    "largest_ci_low": ("largest ci lo",),
    "largest_ci_high": ("largest ci hi",),
}  # fmt: skip
"""What a column can hold, with other names under which tables have it."""

REQUIRED = ("meta_analysis", "estimate")
COUNTS = {"n_comparisons": 1, "n_total": 1, "n_cases": 0, "n_significant": 0}
LIMITS = ("estimate", "ci_low", "ci_high")
NUMBERS = (*LIMITS, "pi_low", "pi_high", "largest_estimate", "largest_ci_low", "largest_ci_high")
P_VALUES = ("p_value", "egger_p", "excess_significance_p")


@dataclass(frozen=True)
class Layout:
    """What the caller says of a table.

    `columns` gives the table's column for what it holds, `measures` the measure for a word of the
    table; under "" that of rows without a word. `condition` and `outcome` are texts for all rows.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    condition: str = ""
    outcome: str = ""


@dataclass
class Names:
    """Codes for the texts of a table; how its words for measures were read; what repeats."""

    conditions: Codes = field(default_factory=Codes)
    outcomes: Codes = field(default_factory=Codes)
    meta_analyses: Codes = field(default_factory=Codes)
    measures: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: set[tuple[str, ...]] = field(default_factory=set)
    n_repeated: int = 0


@dataclass(frozen=True)
class Reading:
    """A table with what is known of it: columns by what they hold, and who writes fractions."""

    source: Source
    layout: Layout
    columns: Mapping[str, str]
    names: Names = field(default_factory=Names)

    def text(self, row: Row, ours: str) -> str:
        """A cell without blanks around; empty where the table has no such column."""
        return row.text(self.columns[ours]) if ours in self.columns else ""

    def number(self, row: Row, ours: str, scale: int = 1, **limits: float) -> tuple[str, str]:
        """Operator and number of a cell such as "< 0.001" or "45 %"; both empty where it is."""
        operator, text, _ = split_bound(self.text(row, ours))
        if not text:
            return "", ""
        column = self.columns[ours]
        alone = replace(row, cells={**row.cells, column: text})
        number = alone.number_text(column, **limits)
        if number and scale != 1:
            number = f"{float(number) * scale:.10g}"
        return strict_bound(operator) if number else "", number

    def measure(self, row: Row) -> str:
        """Measure of a row by its word."""
        word = plain(self.text(row, "measure"))
        said = {plain(name): code for name, code in self.layout.measures.items()}
        known = {word: code for code, words in MEASURES.items() for word in (plain(code), *words)}
        return said.get(word) or known.get(word) or UNKNOWN

    @cached_property
    def scales(self) -> dict[str, int]:
        """What numbers of I2 and of rates are multiplied by to be percentages."""
        rates = [row for row in self.source.rows() if self.measure(row) == RATE]
        return {
            "i2": 100 if self._are_fractions("i2", list(self.source.rows())) else 1,
            RATE: 100 if self._are_fractions("estimate", rates) else 1,
        }

    def _are_fractions(self, ours: str, rows: Sequence[Row]) -> bool:
        """Whether every number of the rows lies within 0 to 1, and one is above 0."""
        cells = [cell for row in rows if (cell := self.text(row, ours))]
        texts = [self.source.numerals.read(self.columns[ours], cell).text for cell in cells]
        numbers = [float(text) for text in texts if text]
        is_within = len(numbers) == len(cells) and all(0 <= number <= 1 for number in numbers)
        return is_within and any(numbers)


def read_rows(source: Source, layout: Layout) -> Imported:
    """The rows of the sheets; what is wrong is noted in `source.problems`."""
    columns = _columns(source, layout)
    imported = Imported()
    if source.problems:
        return imported
    reading = Reading(source, layout, columns)
    for row in source.rows():
        _add(imported, reading, row)
    imported.conditions = {
        code.lower(): label for code, label in reading.names.conditions.labels.items()
    }
    imported.notices += _told(reading)
    return imported


def plain(text: str) -> str:
    """A text as plain words: lower case, one blank for whatever is no letter or digit."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def _columns(source: Source, layout: Layout) -> dict[str, str]:
    """The column of the table for what it holds: as the caller says, else by a usual name."""
    theirs = {plain(name): name for name in source.table.header}
    found = {}
    for ours, name in layout.columns.items():
        if plain(name) in theirs:
            found[ours] = theirs[plain(name)]
        else:
            source.require(name)
    for ours, others in COLUMNS.items():
        words = (plain(ours), *others)
        free = [theirs[w] for w in words if w in theirs and theirs[w] not in found.values()]
        if ours not in found and free:
            found[ours] = free[0]
    said = {"condition": layout.condition, "measure": layout.measures.get("", "")}
    needed = (*REQUIRED, *(ours for ours, value in said.items() if not value))
    for ours in needed:
        if ours not in found:
            _ask_for(source, ours)
    return found


def _ask_for(source: Source, ours: str) -> None:
    names = ", ".join(name.strip() for name in source.table.header)
    instead = f", or --{ours} for all rows" if ours in ("condition", "measure") else ""
    right = f"--column {ours}=NAME{instead}; columns are {names}"
    source.problems.append(
        Problem(source.path.name, f"no column for the {ours.replace('_', '-')} is known", right)
    )


def _add(imported: Imported, reading: Reading, row: Row) -> None:
    """Add the effect or rate of a row, and its meta-analysis and outcome."""
    names = reading.names
    paper, year = reading.text(row, "meta_analysis"), reading.text(row, "year")
    if not paper:
        row.fault(reading.columns["meta_analysis"], "", "required value is missing", "a text")
    in_paper = re.search(r"\b(19|20)\d\d\b", paper)
    year = year or (in_paper[0] if in_paper else "")
    name = names.meta_analyses.code(paper if not year or year in paper else f"{paper} {year}")
    condition = names.conditions.code(reading.layout.condition or _named(reading, row, "condition"))
    outcome_text = reading.layout.outcome or reading.text(row, "outcome") or "Outcome"
    outcome = names.outcomes.code(outcome_text).lower()
    word, measure = reading.text(row, "measure"), reading.measure(row)
    names.measures[word, measure] += 1
    imported.meta_analyses.setdefault(name, _meta_analysis(row, name, paper, year))
    imported.outcomes.setdefault(outcome, _outcome(outcome, outcome_text, measure))
    kind = (name, condition, outcome, measure)
    shared = {
        "meta_analysis_id": name,
        "condition": condition.lower(),
        "outcome": outcome,
        "comparator": "unclear",
        "guidance": "unclear",
        "source_locator": f"{row.source.path.name}, row {row.number}",
    }
    if measure == RATE:
        imported.rates.append(shared | _rate(reading, row, f"{name}_{row.number}"))
        return
    is_repeated = kind in names.kinds
    names.n_repeated += is_repeated
    names.kinds.add(kind)
    shared["scope"] = "subgroup" if is_repeated else "overall"
    imported.effects.append(shared | _effect(reading, row, measure, f"{name}_{row.number}"))


def _named(reading: Reading, row: Row, ours: str) -> str:
    value = reading.text(row, ours)
    if not value:
        row.fault(reading.columns[ours], "", "required value is missing", "a text")
    return value or "unnamed"


def _meta_analysis(row: Row, name: str, paper: str, year: str) -> dict[str, str]:
    return {
        "meta_analysis_id": name,
        "first_author": re.sub(r"[\s,;(]*(et al|\(|(19|20)\d\d).*$", "", paper) or paper,
        "year": year if year.isdecimal() and 1900 <= int(year) <= 2100 else "",
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


def _effect(reading: Reading, row: Row, measure: str, name: str) -> dict[str, str]:
    model = plain(reading.text(row, "synthesis_model"))
    cells = {
        "effect_id": name,
        "timepoint": "post",
        "measure": measure,
        "measure_unit": reading.text(row, "measure_unit"),
        "therapy": "unclear",
        "analysis_set": "unclear",
        "synthesis_model": next((m for m in ("random", "fixed") if m in model), "unclear"),
        "notes": note(measure_as_reported=reading.text(row, "measure")),
    }
    for column in NUMBERS:
        cells[column] = reading.number(row, column)[1]
    for column in ("se", "tau2", "q"):
        cells[column] = reading.number(row, column, minimum=0)[1]
    for column, minimum in COUNTS.items():
        cells[column] = reading.number(row, column, minimum=minimum, is_whole=True)[1]
    for column in P_VALUES:
        cells[f"{column.removesuffix('_value')}_operator"], cells[column] = reading.number(
            row, column, minimum=0, maximum=1
        )
    cells["i2"] = reading.number(row, "i2", reading.scales["i2"], minimum=0, maximum=100)[1]
    if cells["ci_low"] or cells["ci_high"]:
        cells["ci_level"] = "0.95"
    return {column: value for column, value in cells.items() if value}


def _rate(reading: Reading, row: Row, name: str) -> dict[str, str]:
    limits = {"minimum": 0, "maximum": 100}
    low, middle, high = (
        reading.number(row, column, reading.scales[RATE], **limits)[1]
        for column in ("ci_low", "estimate", "ci_high")
    )
    return {
        "rate_id": name,
        "definition": "not stated",
        "arm": "all",
        "total": reading.number(row, "n_total", minimum=1, is_whole=True)[1],
        "percent": middle,
        "percent_low": low,
        "percent_high": high,
        "interval_kind": "ci95" if low and high else "",
        "n_studies": reading.number(row, "n_comparisons", minimum=1, is_whole=True)[1],
    }


def _told(reading: Reading) -> list[str]:
    """What was read in which way, and what the sheets still lack."""
    told = [f"{ours}: column {name.strip()}" for ours, name in reading.columns.items()]
    for (word, measure), n in reading.names.measures.items():
        rows = plural(n, "row")
        if measure == UNKNOWN:
            told.append(
                f"measure {word!r}: not known, so never pooled ({rows}); where you know it, import "
                f"again with --measure '{word}=CODE', a code of vocabulary/measures.csv"
            )
        else:
            told.append(f"measure {word!r}: {measure.replace('_', ' ')} ({rows})")
    if reading.scales["i2"] == 100:
        told.append("i2: every number is within 0 to 1, so fractions, times 100")
    if reading.scales[RATE] == 100:
        told.append("rates: every number is within 0 to 1, so fractions, times 100")
    if reading.names.n_repeated:
        told.append(
            f"{plural(reading.names.n_repeated, 'row')} with the meta-analysis, condition, outcome "
            "and measure of an earlier one: taken as its subgroup"
        )
    empty = [
        ours
        for ours in (*COUNTS, "i2", *P_VALUES, "ci_low")
        if ours in reading.columns
        and not all(reading.text(row, ours) for row in reading.source.rows())
    ]
    for ours in empty:
        n = sum(not reading.text(row, ours) for row in reading.source.rows())
        told.append(f"{ours}: left empty in {plural(n, 'row')}")
    told.append(
        "left empty: polarity and noun of the outcomes (vocabulary/outcomes.csv), which say what "
        "is better and how sentences name it; comparators are unclear"
    )
    return told
