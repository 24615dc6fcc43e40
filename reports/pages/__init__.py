"""The pages of the site, in the order of the menu."""

from collections.abc import Sequence
from dataclasses import replace

from reports.errors import ReportError
from reports.pages import (
    audit,
    changes,
    classes,
    conclusions,
    condition,
    data_quality,
    dictionary,
    downloads,
    explorer,
    findings,
    lineage,
    methods,
    overview,
    prior,
    sql,
    topics,
    trials,
)
from reports.pages.model import Content, FigureBlock, Page

MENU = (
    ("review", "The review"),
    ("conditions", "By [[condition]]"),
    ("across", "Across [[conditions]]"),
    ("trust", "Can it be trusted?"),
    ("data", "Data"),
)


def all_pages(content: Content) -> list[Page]:
    """Every page that has something to show.

    Raises ReportError when a figure would stand on no page, or on two.
    """
    makers = (
        overview, findings, conclusions, changes, condition, topics, classes, data_quality, audit,
        trials, explorer,
    )  # fmt: skip
    shown = [page for maker in makers for page in maker.pages(content)]
    known = replace(content, where=addresses(content, shown), numbers=figure_numbers(shown))
    data = (methods, sql, dictionary, lineage, downloads)
    others = [*shown, *(page for maker in data for page in maker.pages(known))]
    return [*others, *prior.pages(known, others)]


def addresses(content: Content, pages: Sequence[Page]) -> dict[str, str]:
    """Page and anchor of each figure."""
    found: dict[str, str] = {}
    for page in pages:
        for section in page.sections:
            for block in section.blocks:
                if not isinstance(block, FigureBlock):
                    continue
                figure_id = block.drawn.figure.figure_id
                if figure_id in found:
                    raise ReportError(
                        f"Figure {figure_id} stands on {found[figure_id]} and on {page.file_name}"
                    )
                found[figure_id] = f"{page.file_name}#{block.drawn.anchor}"
    lost = [item.figure for item in content.drawn if item.figure.figure_id not in found]
    if lost:
        listed = ", ".join(f"{figure.figure_id} ({figure.kind})" for figure in lost)
        raise ReportError(f"No page shows these figures: {listed}")
    return found


def figure_numbers(pages: Sequence[Page]) -> dict[str, int]:
    """The number of each figure: its place on its page, from 1."""
    return {
        figure_id: number
        for page in pages
        for number, figure_id in enumerate(figures_on(page), start=1)
    }


def figures_on(page: Page) -> list[str]:
    """The figures of a page in their order."""
    return [
        block.drawn.figure.figure_id
        for section in page.sections
        for block in section.blocks
        if isinstance(block, FigureBlock)
    ]


def menu(pages: Sequence[Page]) -> list[tuple[str, list[Page]]]:
    """Headings of the menu with their pages."""
    found = [(heading, [page for page in pages if page.group == key]) for key, heading in MENU]
    return [(heading, members) for heading, members in found if members]
