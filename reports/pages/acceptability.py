"""The page of rates: whether people stay, or how common something is."""

from reports import formats
from reports.figure import Tables
from reports.pages.model import Content, Page, Section, pick

STAYING = frozenset({"dropout", "adherence", "completion", "satisfaction"})
"""Roles of the outcomes that say how an intervention is taken."""


def page(content: Content) -> Page:
    """The figures of rates; a review without a pooled effect has them on its first page."""
    blocks = content.figures("dropout") if has_effects(content.tables) else ()
    is_staying = is_of_staying(content)
    label = "Acceptability" if is_staying else "Rates"
    return Page(
        slug="acceptability",
        label=label,
        title=heading(content),
        lead="Dropout, adherence and completion, as percentages."
        if is_staying
        else "Shares of one group of people, as percentages.",
        sections=pick(Section("section-figures", label, (), blocks)),
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
