"""What an outline needs to know of the sheets: which codes occur, and in how many meta-analyses."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import nan

Row = Mapping[str, str]
UNSAID = frozenset({"mixed", "other", "unclear"})
"""Roles of codes that make no subgroup."""

SCALES = {
    "odds_ratio": "log_odds_ratio",
    "log_odds_ratio": "log_odds_ratio",
    "risk_ratio": "log_risk_ratio",
}
"""Scale on which effects are pooled, by the role of their measure."""


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

    def ratio_scales(self) -> dict[str, str]:
        """Scale of pooling by code of the measure, for ratios."""
        roles = {row["code"]: row["role"] for row in self.sheets["measures"]}
        return {code: SCALES[role] for code, role in roles.items() if role in SCALES}

    def effects(self) -> list[Row]:
        """The effects with what is said of their meta-analyses."""
        known = {row["meta_analysis_id"]: row for row in self.sheets["meta_analyses"]}
        return [
            {**known[row["meta_analysis_id"]], **row}
            for row in self.sheets["reported_effects"]
            if row["meta_analysis_id"] in known
        ]

    def is_of_meta_analyses(self, column: str) -> bool:
        """True where a meta-analysis has one code in a column, not each effect its own."""
        return column not in self.sheets["reported_effects"][0]

    def symptom_effects(self, condition: str | None = None, timepoint: str = "post") -> list[Row]:
        """Main effects on symptoms that convert to a standardised mean difference."""
        converts = {r["code"] for r in self.sheets["measures"] if r["converts_to_smd"] == "y"}
        return [
            row
            for row in self.main_effects(self.code_of("outcomes", "symptom"), condition, timepoint)
            if row["measure"] in converts
        ]

    def main_effects(
        self, outcome: str, condition: str | None = None, timepoint: str = "post"
    ) -> list[Row]:
        """Effects on an outcome without a restriction, of one condition or of all."""
        return [
            row
            for row in self.effects()
            if row["outcome"] == outcome
            and row["timepoint"] == timepoint
            and not row["restriction"]
            and condition in (None, row["condition"])
        ]

    def conditions(self) -> list[str]:
        """Conditions with an effect or a rate: those with most meta-analyses on symptoms first."""
        found = {row["condition"] for row in self.sheets["reported_effects"]}
        found |= {row["condition"] for row in self.sheets["reported_rates"]}
        known = [code for code in self.labels("conditions") if code in found]
        return sorted(known, key=lambda code: -n_meta_analyses(self.symptom_effects(code)))

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


def number(cell: str) -> float:
    """The number of a cell; NaN for any other text, which `umbrella check` names."""
    try:
        return float(cell)
    except ValueError:
        return nan


def n_meta_analyses(rows: Iterable[Row]) -> int:
    """How many meta-analyses some rows come from."""
    return len({row["meta_analysis_id"] for row in rows})
