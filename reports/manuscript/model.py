"""What a manuscript is made of: paragraphs, and tables with notes and abbreviations."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.figure import Row, Tables
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
    group_by_first: bool = False

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
        row["scale_short_label"]: lower(row["scale_label"])
        for row in tables["dim_analyses"]
        if row["scale_short_label"] and row["scale_short_label"].isupper()
    }


def lower(text: str) -> str:
    """A label within a sentence."""
    return text[:1].lower() + text[1:]


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
