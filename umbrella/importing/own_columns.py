"""Columns of a table that go into a column of a sheet as they are, such as `meta_analyses.doi`.

What a table says beyond results, of its meta-analyses or trials, has a column of a sheet or none:
one whose name is that of a column of the sheets is known, any other is named in a map.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from umbrella.importing.cells import plain
from umbrella.importing.columns import Role
from umbrella.importing.contents import cells_of
from umbrella.importing.source import Row, Source
from umbrella.project import project_dir
from umbrella.sheets.contract import Column, read_contract
from umbrella.sheets.presets import codes_of_presets

OF_RESULTS = ("reported_effects", "reported_rates", "meta_analyses")
OF_TRIALS = ("primary_studies", "meta_analyses")
"""The sheets that a table is read into."""

NUMERIC = ("number", "integer", "percent", "probability")
CODED = ("code", "codes", "flags")

KEY = "meta_analysis_id"


@dataclass(frozen=True)
class OurTable:
    """How an export of a sheet is told, and what of it an import needs by a word of its own."""

    key: str
    needed: Mapping[str, str]


ALIKE = ("condition", "subtype", "outcome")
OUR_TABLES = {
    "reported_effects": OurTable(
        KEY,
        {KEY: "meta_analysis", **{name: name for name in (
            *ALIKE, "measure", "measure_unit", "estimate", "ci_low", "ci_high", "se",
            "n_comparisons", "n_total", "n_cases", "i2",
        )}},
    ),
    "primary_studies": OurTable(
        "comparison_id", {"source": "meta_analysis", "study_id": "study", **{n: n for n in ALIKE}}
    ),
}  # fmt: skip

MADE = (
    "notes", "source_locator", "locator", "source", "source_url", "source_kind", "dataset",
    "eligibility", "exclusion_reason", "reference_number", "study", "study_id",
)  # fmt: skip
"""Columns that an import fills itself: only a map says that a column of the table is meant."""

REFERENCES = {
    "title": ("title", "title of article", "article title", "publication title"),
    "journal": ("journal", "journal name", "publication"),
    "doi": ("doi", "digital object identifier"),
    "authors": ("all authors",),
}
"""Names under which tables have the reference of a meta-analysis."""


@cache
def own_columns(sheets: tuple[str, ...]) -> dict[str, Column]:
    """What each column of these sheets may hold, by `sheet.column`; identifiers are left out."""
    known = {sheet.name: sheet for sheet in read_contract(project_dir())}
    return {
        f"{name}.{column}": kind
        for name in sheets
        for column, kind in known[name].kinds.items()
        if kind.kind != "id" and column != KEY
    }


def kind_of(ours: str) -> str:
    """The kind of a column by `sheet.column`; empty where it is none."""
    known = own_columns((*OF_RESULTS, *OF_TRIALS))
    return known[ours].kind if ours in known else ""


def values_of(values: Mapping[str, str], sheet: str) -> dict[str, str]:
    """The values that go into a sheet as they are, by its columns."""
    own = {ours.partition(".")[::2]: value for ours, value in values.items()}
    return {column: value for (name, column), value in own.items() if name == sheet}


@dataclass
class OwnValues:
    """What the rows of a table say of meta-analyses: by meta-analysis and column."""

    said: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, meta_analysis: dict[str, str], values: Mapping[str, str], row: Row) -> None:
        """Add what a row says; another value than in an earlier row is a fault."""
        name = meta_analysis["meta_analysis_id"]
        for column, value in values_of(values, "meta_analyses").items():
            said = self.said.setdefault((name, column), value)
            if said != value:
                problem = f"another {column} than in an earlier row of {name}"
                row.fault(column, value, problem, said)
            meta_analysis[column] = value


def with_own(cells: Mapping[str, str], values: Mapping[str, str], sheet: str) -> dict[str, str]:
    """The cells of a row of a sheet with those that the table has for it; notes are joined."""
    own = values_of(values, sheet)
    notes = "; ".join(filter(None, (cells.get("notes", ""), own.get("notes", ""))))
    return {**cells, **own, **({"notes": notes} if notes else {})}


def add_own(
    source: Source, roles: dict[str, Role], ignored: set[str], sheets: tuple[str, ...]
) -> None:
    """Give the columns that are still open the column of the sheets that has their name."""
    for name in source.table.header:
        ours = "" if name in roles or name in ignored else _named(name, sheets)
        if ours and _fits(source, name, own_columns(sheets)[ours], ours):
            roles[name] = Role((ours,))


def is_our_table(header: Iterable[str], sheets: tuple[str, ...]) -> bool:
    """Whether a table has the names of the first of these sheets, as an export writes it."""
    return OUR_TABLES[sheets[0]].key in header


def of_our_table(name: str, sheets: tuple[str, ...]) -> Role | None:
    """What a column of an export of our sheets holds: what imports need, else as it is."""
    needed = OUR_TABLES[sheets[0]].needed
    if name in needed:
        return Role((needed[name],))
    known = own_columns(sheets)
    ours = next((one for sheet in sheets if (one := f"{sheet}.{name}") in known), "")
    return Role((ours,)) if ours else None


def _named(name: str, sheets: tuple[str, ...]) -> str:
    for column, names in REFERENCES.items():
        ours = f"meta_analyses.{column}"
        if plain(name) in names and ours in own_columns(sheets):
            return ours
    known = (f"{sheet}.{name}" for sheet in sheets if name not in MADE)
    return next((ours for ours in known if ours in own_columns(sheets)), "")


def _fits(source: Source, name: str, column: Column, ours: str) -> bool:
    """Whether every cell is what the column of the sheet may hold."""
    cells = cells_of(source, name)
    if column.kind in NUMERIC:
        return all(not source.numerals.read(name, cell).problem for cell in cells)
    if column.kind in CODED:
        return all(set(re.split(r"[;,]\s*", cell)) <= codes_of(ours) for cell in cells)
    return True


@cache
def codes_of(ours: str) -> frozenset[str]:
    """The codes that a column of a sheet takes, in any preset."""
    sheet, _, name = ours.partition(".")
    known = {one.name: one for one in read_contract(project_dir())}
    vocabulary = known[sheet].vocabularies.get(name, "")
    of_presets = codes_of_presets(project_dir(), known[vocabulary]) if vocabulary else set()
    return frozenset({*known[sheet].kinds[name].allowed, *of_presets})
