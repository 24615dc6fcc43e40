"""Headline results of one meta-analysis each: nothing is pooled, so they are read in one table."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports import formats, sizes, theme, words
from reports.figure import PARTICIPANTS, RECOMMENDED, Row
from reports.pages.findings import outcome
from reports.pages.model import Content, DetailsBlock, Section, TableBlock
from reports.pages.sources import Place, row_ids, to_paper
from reports.tables import Cell, DataTable

LEAST = 2
"""Results of one meta-analysis that share a table."""

SINGLE = "single_study"
HEADING = "Results of one [[member]] each"
COLUMNS = (
    "Outcome",
    "[[Member]]",
    "Result (95% CI)",
    "[[Studies]]",
    PARTICIPANTS,
    "Class of evidence",
    "Certainty",
)
NUMBERS = frozenset({"[[Studies]]"})
SOURCE_COLUMNS = ("Outcome", "[[Member]]", "How it was converted", "Where in the source", "Remarks")
NO_CLASS = "No class"


@dataclass(frozen=True)
class Alone:
    """A headline result with the one meta-analysis that it comes from."""

    condition: str
    outcome: str
    conclusion: Row
    member: Row
    place: int
    """Place of its class among those of the scheme; after all where it has none."""

    @property
    def analysis_id(self) -> str:
        """Its analysis."""
        return str(self.conclusion["analysis_id"])

    @property
    def label(self) -> str:
        """Its class."""
        return self.conclusion["class_label"] or NO_CLASS


def alone(content: Content, condition: str | None = None) -> list[Alone]:
    """Headline results of one meta-analysis, of a condition or of all; none where there is one."""
    tables = content.tables
    names = {row["condition"]: row["condition_label"] for row in tables["dim_condition_pages"]}
    outcomes = {row["analysis_id"]: outcome(row) for row in tables["rpt_findings"]}
    members = {row["analysis_id"]: row for row in tables["rpt_members"] if row["is_member"]}
    places = {
        (row["analysis_id"], row["scheme"]): row["grade_place"]
        for row in tables["rpt_grades"]
        if row["policy_id"] == RECOMMENDED
    }
    found = [
        Alone(
            names[row["condition_id"]],
            outcomes.get(row["analysis_id"]) or row["headline_label"],
            row,
            members[row["analysis_id"]],
            places.get((row["analysis_id"], row["class_scheme"])) or len(tables["rpt_grades"]),
        )
        for row in tables["rpt_conclusions"]
        if row["status"] == SINGLE
        and row["analysis_id"] in members
        and condition in (None, row["condition_id"])
    ]
    return found if len(found) >= LEAST else []


def by_class(found: list[Alone]) -> dict[str, list[Alone]]:
    """Results by their class, the best first."""
    classes: dict[str, list[Alone]] = {}
    for one in sorted(found, key=lambda one: one.place):
        classes.setdefault(one.label, []).append(one)
    return classes


def summary(found: list[Alone]) -> str:
    """The results of a condition by their class, in a sentence for each."""
    listed = [f"{label}: {named_outcomes(members)}." for label, members in by_class(found).items()]
    return " ".join([f"{formats.counted(len(found), 'result')} of one [[member]] each.", *listed])


def named_outcomes(members: Iterable[Alone]) -> str:
    """Outcomes of results of one condition in a row: each name once, with how often it is meant."""
    counts = Counter(words.lower_first(one.outcome) for one in members)
    named = [name if n == 1 else f"{name} ({n} results)" for name, n in counts.items()]
    return ("; " if any(", " in name for name in named) else ", ").join(named)


def section(found: list[Alone], where: Mapping[str, Place]) -> Section:
    """The results with their classes, and where each number stands."""
    over = sizes.heading(one.member for one in found)
    columns = tuple(over if column == PARTICIPANTS else column for column in COLUMNS)
    rows = tuple(result(one, over) for one in found)
    ids = row_ids((one.member for one in found), where)
    table = DataTable(HEADING, columns, rows, NUMBERS | {over}, ids)
    caption = f"How each number was taken over, and where it stands ({len(found)})"
    where = DataTable(caption, SOURCE_COLUMNS, tuple(map(source, found)), frozenset())
    blocks = (TableBlock("table-alone", table), DetailsBlock("table-alone-sources", caption, where))
    return Section("section-alone", HEADING, (), blocks)


def result(one: Alone, over: str) -> tuple[Cell, ...]:
    """Cells of what is found."""
    row = one.conclusion
    return (
        one.outcome,
        named(one.member),
        formats.result_or_dash(row, row["decimals"]).after(row["scale_short_label"]),
        formats.count(one.member["n_trials"]),
        sizes.cell(one.member, over),
        row["class_text"] or NO_CLASS,
        row["grade_text"] if row["grade_label"] else "not judged",
    )


def source(one: Alone) -> tuple[Cell, ...]:
    """Cells of where it comes from."""
    row = one.member
    return (
        one.outcome,
        named(row),
        formats.sentences(row["conversion"], row["assumptions"]),
        row["source_locator"] or theme.NOT_REPORTED,
        row["remark"] or theme.NOT_APPLICABLE,
    )


def named(row: Row) -> Cell:
    """The meta-analysis, leading to its paper where a DOI is known."""
    return to_paper(row["label"] or row["meta_analysis_id"], row)
