"""The page of rates: whether people stay, or how common something is."""

from reports import formats
from reports.figure import Row, Tables
from reports.pages.model import Content, DetailsBlock, Page, Section, TableBlock, pick
from reports.pages.sources import first_effects, places, to_row
from reports.tables import DataTable

STAYING = frozenset({"dropout", "adherence", "completion", "satisfaction"})
"""Roles of the outcomes that say how an intervention is taken."""


def page(content: Content) -> Page:
    """The figures of rates; a review without a pooled effect has them on its first page."""
    kinds = ("dropout", "rate_pairs") if has_effects(content.tables) else ("rate_pairs",)
    rows = content.tables["rpt_acceptability"]
    is_staying = is_of_staying(content)
    label = "Acceptability" if is_staying else "Rates"
    return Page(
        slug="acceptability",
        label=label,
        title=heading(content),
        lead="Dropout, adherence and completion, as percentages, and satisfaction."
        if is_staying
        else "Shares of one group of people, as percentages.",
        sections=pick(
            Section("section-figures", label, (), content.figures(*kinds)),
            satisfaction(content, [row for row in rows if row["outcome_role"] == "satisfaction"]),
            every_number(content, rows),
        ),
        group="across",
    )


def heading(content: Content) -> str:
    """What the rates of the review answer."""
    return "Do people stay in the [[studied]]?" if is_of_staying(content) else "How many people?"


def is_of_staying(content: Content) -> bool:
    """True when each rate says how an intervention is taken."""
    return all(row["outcome_role"] in STAYING for row in content.tables["rpt_dropout"])


def has_effects(tables: Tables) -> bool:
    """True when some headline result is an estimate."""
    return any(not formats.is_missing(row["estimate"]) for row in tables["rpt_headline"])


def satisfaction(content: Content, rows: list[Row]) -> Section:
    """What the sheets hold on satisfaction, and why it is not pooled."""
    used = sum(row["is_used"] for row in rows)
    words = (
        f"{formats.counted(len(rows), 'number')}, of which {formats.count(used)} "
        f"{formats.agreeing(used, 'stands', 'stand')} in a result. "
        "Each is on a scale of its own: a difference says which side is more satisfied only where "
        "the source says so, and the mean of one group has nothing to compare it with.",
    )
    blocks = (TableBlock("table-satisfaction", numbers(content, "Satisfaction", rows)),)
    return Section("section-satisfaction", "Satisfaction", words * bool(rows), blocks * bool(rows))


def every_number(content: Content, rows: list[Row]) -> Section:
    """Every rate and effect, with its definition and what came of it."""
    words = (
        "What is counted differs between [[members]], and within one between arms; each number "
        "stands here as its source reports it.",
    )
    table = numbers(content, "Dropout, adherence, completion and satisfaction", rows)
    blocks = (DetailsBlock("table-numbers", "Every number with what came of it", table),)
    return Section("section-numbers", "Every number", words * bool(rows), blocks * bool(rows))


def numbers(content: Content, title: str, rows: list[Row]) -> DataTable:
    """A table of numbers with their source, definition and fate."""
    where, effects = places(content.tables), first_effects(content.tables)
    return DataTable(
        title,
        (
            "Outcome",
            "[[Member]]",
            "[[Condition]]",
            "What is counted",
            "Of whom",
            "Guidance",
            "Comparator",
            "As reported",
            "[[Studies]]",
            "What came of it",
        ),
        tuple(
            (
                row["outcome_label"],
                to_row(row["label"], effects.get(row["meta_analysis_id"]), where) or row["label"],
                row["condition_label"],
                row["counted"] or "–",
                row["of_whom"],
                row["guidance_label"] or "–",
                row["comparator_label"] or "–",
                row["reported"],
                formats.count(row["n_studies"], missing="–"),
                row["fate"],
            )
            for row in rows
        ),
        frozenset({"[[Studies]]"}),
    )
