"""What an outline needs to know of the sheets: which codes occur, and in how many meta-analyses."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import nan

Row = Mapping[str, str]
UNSAID = frozenset({"mixed", "other", "unclear"})
"""Roles of codes that make no subgroup."""

POOLED_ARMS = frozenset({"intervention", "all"})
"""Arms whose rates an analysis takes that names none."""

SMD, LOGIT, MEAN_DIFFERENCE = "smd", "logit", "mean_difference"
INCIDENCE = "log_incidence_rate"
OF_RATES = frozenset({LOGIT, INCIDENCE})
"""Scales of one group's rates: its percentage, and its events per person-time."""

PER_TIME = ("rate", "rate_low", "rate_high", "rate_unit", "person_time")
"""Columns that only a rate per person-time fills."""

RATIO = "ratio"
"""The family of measures that may be per unit of an exposure, and the kind of their scales."""


@dataclass(frozen=True)
class Scale:
    """A scale of pooling: the measure of its figures, and what their axis shows."""

    measure: str
    subtitle: str


@dataclass(frozen=True)
class Kind:
    """What can be pooled together: an outcome on a scale, in one unit of it or of the exposure."""

    outcome: str
    scale: str
    unit: str = ""


@dataclass(frozen=True)
class Extraction:
    """The rows of the sheets by sheet name; a cell is the text that stands in it.

    `filters` gives the vocabulary of each filter of analyses that parts effects by codes: their
    own, or those of their meta-analyses.
    """

    sheets: Mapping[str, list[Row]]
    filters: Mapping[str, str]

    def has_rows(self, sheet: str) -> bool:
        """True when a sheet holds anything below its header."""
        return bool(self.sheets.get(sheet))

    def labels(self, vocabulary: str) -> dict[str, str]:
        """Labels of a vocabulary by code, in its order."""
        return {row["code"]: row["label"] for row in self.sheets[vocabulary]}

    def subgroup_labels(self, vocabulary: str) -> dict[str, str]:
        """The same of the codes that make a subgroup."""
        said = {row["code"] for row in self.sheets[vocabulary] if row["role"] not in UNSAID}
        return {code: name for code, name in self.labels(vocabulary).items() if code in said}

    def code_of(self, vocabulary: str, role: str) -> str:
        """The code that has a role; empty where none has it."""
        return next((row["code"] for row in self.sheets[vocabulary] if row["role"] == role), "")

    def roles(self, vocabulary: str) -> dict[str, str]:
        """Roles of a vocabulary by code; empty where a code has none."""
        return {row["code"]: row["role"] for row in self.sheets[vocabulary]}

    @cached_property
    def condition_word(self) -> str:
        """What the review, or else its kind, calls a condition."""
        review = next(iter(self.sheets["review"]), {})
        kinds = {row["code"]: row for row in self.sheets["review_kinds"]}
        kind = kinds.get(review.get("review_kind", ""), {})
        return review.get("condition_word") or kind.get("condition_word") or "condition"

    @cached_property
    def outcome_roles(self) -> dict[str, str]:
        """Roles of the outcomes by code."""
        return self.roles("outcomes")

    @cached_property
    def measures(self) -> dict[str, Row]:
        """The rows of the vocabulary of measures by code."""
        return {row["code"]: row for row in self.sheets["measures"]}

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """The scales of the sheet by code, in its order."""
        return {
            row["scale"]: Scale(
                row["short_label"],
                row["label"] + (" on a log axis" if row["kind"] == RATIO else ""),
            )
            for row in self.sheets["scales"]
        }

    def kind_of(self, row: Row) -> Kind | None:
        """What an effect can be pooled with; None where it never is.

        Symptoms are pooled as standardised mean differences by all that converts to these.
        """
        scale = self.scale_of(row)
        amount = self.amount_of_exposure(row)
        unit = row["measure_unit"] if scale == MEAN_DIFFERENCE else amount
        is_without_unit = scale == MEAN_DIFFERENCE and not unit
        if scale not in self.scales or is_without_unit or (scale == SMD and amount):
            return None
        return Kind(row["outcome"], scale, unit)

    def amount_of_exposure(self, row: Row) -> str:
        """The amount for which a ratio is, such as "per 10 g/day"; empty for one of two groups."""
        measure = self.measures.get(row["measure"])
        return row["measure_unit"] if measure and measure["family"] == RATIO else ""

    def scale_of(self, row: Row) -> str:
        """The scale of the measure of an effect, or that to which symptoms convert."""
        measure = self.measures.get(row["measure"])
        if not measure:
            return ""
        converts = measure["converts_to_smd"] == "y"
        is_symptom = self.outcome_roles.get(row["outcome"]) == "symptom"
        if converts and (is_symptom or measure["family"] == SMD):
            return SMD
        named = (measure["role"] or measure["code"]).removeprefix("log_")
        return next(
            (
                scale["scale"]
                for scale in self.sheets["scales"]
                if scale["measure_family"] == measure["family"]
                and scale["scale"] != SMD
                and scale["ratio"] in ("", named)
            ),
            "",
        )

    @cached_property
    def included(self) -> dict[str, Row]:
        """The meta-analyses that are not excluded, by identifier."""
        return {
            row["meta_analysis_id"]: row
            for row in self.sheets["meta_analyses"]
            if row["eligibility"] != "excluded"
        }

    @cached_property
    def effects(self) -> list[Row]:
        """The effects of included meta-analyses with what is said of these."""
        return [
            {**self.included[row["meta_analysis_id"]], **row}
            for row in self.sheets["reported_effects"]
            if row["meta_analysis_id"] in self.included
        ]

    def rates(self, kind: Kind) -> list[Row]:
        """The rates of intervention arms of a kind in included meta-analyses."""
        return [
            row
            for row in self.sheets["reported_rates"]
            if (row["outcome"], rate_scale(row)) == (kind.outcome, kind.scale)
            and row["meta_analysis_id"] in self.included
            and row["arm"] in POOLED_ARMS
            and not row["restriction"]
        ]

    @cached_property
    def rate_kinds(self) -> list[Kind]:
        """What rates are of, in the order of the vocabulary; person-time as most rates have it."""
        scales = [scale for scale in self.scales if scale in OF_RATES]
        found = [Kind(outcome, scale) for outcome in self.known_outcomes for scale in scales]
        units = {
            kind: Counter(row.get("rate_unit", "") for row in rows)
            for kind in found
            if (rows := self.rates(kind))
        }
        return [replace(kind, unit=n.most_common(1)[0][0]) for kind, n in units.items()]

    @cached_property
    def known_outcomes(self) -> list[str]:
        """The outcomes that say what they are, in the order of the vocabulary."""
        return [code for code, role in self.outcome_roles.items() if role not in UNSAID]

    def kinds(self, condition: str) -> list[Kind]:
        """What meta-analyses report of a condition after treatment.

        By outcome in the order of the vocabulary, then the scale that most of them report.
        """
        found: dict[Kind, list[Row]] = defaultdict(list)
        for row in self.main_effects(condition):
            if row["outcome"] in self.known_outcomes:
                found[self.kind_of(row)].append(row)
        places = list(self.scales)
        return sorted(
            found,
            key=lambda kind: (
                self.known_outcomes.index(kind.outcome),
                -n_meta_analyses(found[kind]),
                places.index(kind.scale),
                kind.unit,
            ),
        )

    def is_of_meta_analyses(self, column: str) -> bool:
        """True where a meta-analysis has one code in a column, not each effect its own."""
        return column in self.sheets["meta_analyses"][0]

    def main_effects(
        self, condition: str | None = None, kind: Kind | None = None, timepoint: str = "post"
    ) -> list[Row]:
        """Pairwise effects without restriction that can be pooled, of one kind or of all."""
        return [
            row
            for row in self.effects
            if row["timepoint"] == timepoint
            and not row["restriction"]
            and not row["evidence"]
            and self.kind_of(row)
            and condition in (None, row["condition"])
            and kind in (None, self.kind_of(row))
        ]

    def widest_scope(self, condition: str, kind: Kind) -> str:
        """overall where a meta-analysis as a whole reports it; any where subgroups alone do."""
        rows = self.main_effects(condition, kind)
        return "any" if all(row["scope"] == "subgroup" for row in rows) else "overall"

    def conditions(self) -> list[str]:
        """Conditions with an effect or a rate: those with most meta-analyses on symptoms first."""
        symptoms = Kind(self.code_of("outcomes", "symptom"), SMD)
        found = {row["condition"] for row in self.effects}
        found |= {row["condition"] for kind in self.rate_kinds for row in self.rates(kind)}
        known = [code for code in self.labels("conditions") if code in found]
        return sorted(known, key=lambda c: -n_meta_analyses(self.main_effects(c, symptoms)))

    def comparator_class(self, cell: str) -> str:
        """Class of the comparators that a cell names: mixed where theirs differ."""
        known = {row["code"]: row["comparator_class"] for row in self.sheets["comparators"]}
        classes = {known.get(code.strip(), "") for code in cell.split(";")}
        return classes.pop() if len(classes) == 1 else "mixed"

    def months_bands(self) -> dict[str, str]:
        """Labels of the bands of months after treatment, in their order."""
        return {row["band"]: row["label"] for row in self.sheets["months_bands"]}

    def months_band(self, row: Row) -> str:
        """Band of the months of an effect; empty where it has none."""
        months = number(row["follow_up_months"])
        reached = [
            (number(band["lower_bound"]), band["band"])
            for band in self.sheets["months_bands"]
            if number(band["lower_bound"]) <= months
        ]
        return max(reached, default=(0, ""))[1]

    def codes(
        self, rows: Iterable[Row], code: Callable[[Row], str], order: Iterable[str], least: int
    ) -> list[str]:
        """Codes that at least `least` meta-analyses have, in an order."""
        members = defaultdict(set)
        for row in rows:
            members[code(row)].add(row["meta_analysis_id"])
        return [one for one in order if len(members[one]) >= least]


def rate_scale(row: Row) -> str:
    """The scale of a rate: that of person-time where its row has any."""
    return INCIDENCE if any(row.get(column) for column in PER_TIME) else LOGIT


def number(cell: str) -> float:
    """The number of a cell; NaN for any other text, which `umbrella check` names."""
    try:
        return float(cell)
    except ValueError:
        return nan


def n_meta_analyses(rows: Iterable[Row]) -> int:
    """How many meta-analyses some rows come from."""
    return len({row["meta_analysis_id"] for row in rows})
