"""The page of single effects: the class of each by itself, and what it rests on."""

from reports import formats, theme
from reports.figure import Row
from reports.pages.model import Block, Content, DetailsBlock, Page, Section, TableBlock
from reports.tables import Cell, DataTable, Link

COLUMNS = (
    "[[Member]]",
    "[[Condition]]",
    "Outcome",
    "As reported",
    "Class",
    "Criteria met",
    "Criteria missed",
    "Not decided",
    "Printed in the paper",
    "Computed",
    "Not known",
)
READING = (
    "Each reported effect by itself, not pooled with others. A class asks for all of its criteria. "
    "What the paper prints is taken where nothing can be computed; what is not known cannot raise "
    "a class, and the best one that it leaves open stands in brackets."
)


MOST_SHOWN = 60
"""Rows of a table that stands open."""


def pages(content: Content) -> list[Page]:
    """The page, where the protocol has a scheme of classes and the sheets hold effects."""
    schemes: dict[str, list[Row]] = {}
    for row in content.tables["rpt_effect_classes"]:
        schemes.setdefault(row["scheme"], []).append(row)
    if not schemes:
        return []
    return [
        Page(
            slug="classes",
            label="Classes of single effects",
            title="How strong is the evidence for each effect?",
            lead="The class of each reported effect, the criteria it meets and misses, and what "
            "was printed, computed or not known.",
            sections=tuple(
                section(rows, place, READING) for place, rows in enumerate(schemes.values())
            ),
            group="across",
        )
    ]


def section(rows: list[Row], place: int, reading: str) -> Section:
    """The effects under one scheme."""
    ending = "" if place == 0 else f"-{place + 1}"
    label = rows[0]["scheme_label"]
    table = DataTable(label, COLUMNS, tuple(map(line, rows)), frozenset())
    words = (counts(rows), *([reading] if place == 0 else []))
    block: Block = TableBlock(f"table-classes{ending}", table)
    if len(rows) > MOST_SHOWN:
        caption = f"{label}: every effect with its class ({formats.counted(len(rows), 'row')})"
        block = DetailsBlock(f"table-classes{ending}", caption, table)
    return Section(f"section-classes{ending}", label, words, (block,))


def counts(rows: list[Row]) -> str:
    """How many effects have which class."""
    found: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row["grade_label"] or "~"):
        label = row["grade_label"] or "no class"
        found[label] = found.get(label, 0) + 1
    listed = ", ".join(f"{label} {n}" for label, n in found.items())
    return f"{formats.counted(len(rows), 'effect')}: {listed}."


def line(row: Row) -> tuple[Cell, ...]:
    """One effect as cells."""
    values = (row["reported_estimate"], row["reported_low"], row["reported_high"])
    texts = ("met", "missed", "open", "reported", "computed", "missing")
    return (
        named(row),
        row["condition_label"] or theme.NOT_APPLICABLE,
        row["outcome_label"] or theme.NOT_APPLICABLE,
        f"{row['measure_label']} {formats.estimate(*values)}",
        grade(row),
        *(row[f"{name}_text"] or theme.NOT_APPLICABLE for name in texts),
    )


def named(row: Row) -> Cell:
    """The meta-analysis, leading to its paper where a DOI is known."""
    if not row["doi"]:
        return row["citation_label"]
    target = f"https://doi.org/{row['doi']}"
    return Link(row["citation_label"], target, f"{row['citation_label']}, {row['effect_id']}")


def grade(row: Row) -> str:
    """Class III (up to Class I); why there is none."""
    if row["grade_label"] is None:
        return row["status"].replace("_", " ")
    return row["grade_label"] + (f" (up to {row['best_label']})" if row["best_label"] else "")
