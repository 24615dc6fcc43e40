"""What a manuscript is made of: paragraphs, and tables with notes and abbreviations."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports import formats
from reports.figure import RATES, Row, Tables
from reports.tables import DataTable

RECOMMENDED = "recommended"
"""The policy of the main results."""

GENERAL = {
    "CI": "confidence interval",
    "PI": "prediction interval",
    "NR": "not reported",
    "I²": "share of the variation that is not sampling error",
    "τ²": "variance of the true effects",
    "P": "probability value",
    "AMSTAR": "A Measurement Tool to Assess Systematic Reviews",
    "GRADE": "Grading of Recommendations Assessment, Development and Evaluation",
}


@dataclass(frozen=True)
class Heading:
    """A heading of the text."""

    text: str


@dataclass(frozen=True)
class ManuscriptTable:
    """A table with what stands below it; `shares` says how wide its columns are to one another."""

    table: DataTable
    notes: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()

    def words(self) -> Iterable[str]:
        """Every text of the table but its notes."""
        yield from self.table.columns
        for row in self.table.rows:
            yield from (str(cell) for cell in row)


def abbreviations(table: ManuscriptTable, tables: Tables) -> str:
    """CI: confidence interval; ... for those that the table has; empty where it has none."""
    known = {**GENERAL, **measures(tables)}
    used = set(re.findall(r"[\w²]+", " ".join(table.words())))
    found = sorted(name for name in known if name in used)
    return "; ".join(f"{name}: {known[name]}" for name in found)


def measures(tables: Tables) -> Mapping[str, str]:
    """What the short names of scales stand for."""
    return {
        row["scale_short_label"]: scale_name(row)
        for row in tables["dim_analyses"]
        if row["scale_short_label"] and row["scale_short_label"] not in RATES
    }


def scale_name(analysis: Row) -> str:
    """The scale of an analysis within a sentence, without the unit of this analysis."""
    label, unit = analysis["scale_label"], analysis["measure_unit"]
    if unit:
        label = label.removesuffix(f" {unit}").removesuffix(" in")
    return label[:1].lower() + label[1:]


def measure_of(analysis: Row) -> str:
    """What a column calls the numbers of an analysis: MD in mmHg, Rate per 1000 person-years."""
    unit = analysis["scale_label"][len(scale_name(analysis)) :]
    return formats.measure(analysis["scale_short_label"]) + unit


def main_pools(tables: Tables) -> dict[str, Row]:
    """The main result of each analysis, of effects and of rates, by analysis."""
    return {
        row["analysis_id"]: row
        for name in ("fct_pooled_effects", "fct_pooled_rates")
        for row in tables[name]
        if row["policy_id"] == RECOMMENDED
    }


def is_rate(pool: Row) -> bool:
    """True for a pool of rates of one group."""
    return "pooled_rate" in pool


RESULT = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
RATIO = ("ratio", "ratio_ci_low", "ratio_ci_high", "ratio_pi_low", "ratio_pi_high")
RATE = ("pooled_rate", "ci_low_rate", "ci_high_rate", "pi_low_rate", "pi_high_rate")


def shown(pool: Row) -> tuple[float | None, ...]:
    """Estimate, confidence and prediction limits of a pool on the scale that people read."""
    if is_rate(pool):
        return tuple(pool[key] for key in RATE)
    numbers = [pool[key] for key in (RATIO if pool["shown_as"] == "exp" else RESULT)]
    if pool["shown_as"] == "tanh":
        return tuple(n if formats.is_missing(n) else math.tanh(n) for n in numbers)
    return tuple(numbers)
