"""The PRIOR checklist: where the site and the published review answer each item."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports import formats, theme
from reports.figure import Row
from reports.pages.downloads import file_links
from reports.pages.model import (
    Content,
    DetailsBlock,
    FigureBlock,
    ListBlock,
    Page,
    Section,
    TableBlock,
    pick,
)
from reports.tables import DataTable, Link

PRIOR = "rpt_prior"
ON_SITE = ("on_this_site", "both")
IN_REVIEW = ("in_the_article", "both")
# The mark tells at a glance, the words say it.
MARKS = {"not_answered": "○", "not_applicable": theme.NOT_APPLICABLE}
ANSWERED = "●"
WITHOUT_SITE = {"published_review": "in_the_article", "elsewhere": "elsewhere"}
GUIDELINE = (
    "PRIOR, the Preferred Reporting Items for Overviews of Reviews, is by Gates and others, "
    "BMJ 2022;378:e070849. Its items stand here in other words and in short; the article has "
    "theirs. An item counts as answered on this site when one of its pages or files is here."
)


NOTHING_THERE = "Not on this site, which has nothing to show there"


@dataclass(frozen=True)
class Item:
    """One item: its row, the links of this site that answer it, and its status on this site."""

    row: Row
    links: tuple[Link, ...]
    status: str


def pages(content: Content, others: Sequence[Page]) -> list[Page]:
    """The checklist, with links to the other pages of the site; none without items."""
    known = destinations(others, content)
    items = [on_this_site(row, known) for row in content.tables[PRIOR]]
    if not items:
        return []
    return [
        Page(
            slug="prior",
            is_of_sheets=True,
            label="PRIOR checklist",
            title="Is everything reported?",
            lead=counts(items),
            sections=pick(missing(items), *by_section(items), files(content)),
            group="trust",
        )
    ]


def destinations(pages: Sequence[Page], content: Content) -> dict[str, Link]:
    """Every address of the site that an item may name, with its link."""
    found = {}
    for page in pages:
        found[page.file_name] = Link(page.label, page.file_name)
        for section in page.sections:
            for anchor in anchors(section):
                address = f"{page.file_name}#{anchor}"
                found[address] = Link(f"{page.label}: {section.heading}", address)
    for table in content.descriptions:
        name = content.files_of(table.name)[0]
        found[f"data/{table.name}.csv"] = Link(name, f"data/{name}", is_download=True)
    return found


def anchors(section: Section) -> Iterator[str]:
    """The ids of a section and of what stands in it."""
    yield section.anchor
    for block in section.blocks:
        if isinstance(block, FigureBlock):
            yield block.drawn.anchor
        elif isinstance(block, TableBlock | DetailsBlock):
            yield block.anchor


def on_this_site(row: Row, known: Mapping[str, Link]) -> Item:
    """An item with the addresses that are there; without any it is not answered here."""
    links = tuple(known[address] for address in addresses(row) if address in known)
    status = row["status_code"]
    if status in ON_SITE and not links:
        status = WITHOUT_SITE.get(row["answered_in"], "not_answered")
    return Item(row, links, status)


def addresses(row: Row) -> list[str]:
    """The addresses of an item as its sheet names them."""
    return [part.strip() for part in (row["shown_at"] or "").split(";") if part.strip()]


def counts(items: Sequence[Item]) -> str:
    """How many items are answered where."""

    def n(*statuses: str) -> int:
        return sum(item.status in statuses for item in items)

    parts = [
        f"{formats.count(n(*ON_SITE))} answered on this site",
        f"{formats.count(n(*IN_REVIEW))} in the article",
    ]
    if n("both"):
        parts[1] += f" ({formats.count(n('both'))} of them on both)"
    if n("elsewhere"):
        parts.append(f"{formats.count(n('elsewhere'))} elsewhere")
    if n("not_applicable"):
        parts.append(f"{formats.count(n('not_applicable'))} not applicable")
    parts.append(f"{formats.count(n('not_answered'))} not answered")
    return f"{formats.counted(len(items), 'item')} of PRIOR: {', '.join(parts)}."


def missing(items: Sequence[Item]) -> Section:
    """The items that nothing answers."""
    listed = tuple(
        (
            f"{item.row['item']}. {item.row['topic']}",
            formats.sentences(item.row["asks_for"], item.row["note"]),
        )
        for item in items
        if item.status == "not_answered"
    )
    paragraphs = () if listed else ("Every item that applies is answered.",)
    blocks = (ListBlock(listed),) if listed else ()
    return Section("section-missing", "What is not answered", paragraphs, blocks)


def by_section(items: Sequence[Item]) -> list[Section]:
    """A table for each section of the guideline, in its order."""
    order = list(dict.fromkeys(item.row["section"] for item in items))
    ranked = sorted(items, key=lambda item: order.index(item.row["section"]))
    return [
        Section(f"section-{n}", name, (), (TableBlock(f"table-{n}", checklist(name, members)),))
        for n, (name, members) in enumerate(
            groupby(ranked, key=lambda item: item.row["section"]), start=1
        )
    ]


def checklist(name: str, items: Iterator[Item]) -> DataTable:
    """The items of one section."""
    columns = ("Item", "Topic", "Asks for", "Status", "On this site", "In the article")
    rows = tuple(
        (
            item.row["item"],
            item.row["topic"],
            item.row["asks_for"],
            f"{MARKS.get(item.status, ANSWERED)} {item.status.replace('_', ' ').capitalize()}",
            item.links or absent(item.row),
            in_the_review(item.row),
        )
        for item in items
    )
    return DataTable(f"PRIOR: {name}", columns, rows, frozenset())


def absent(row: Row) -> str:
    """What stands in place of links."""
    return NOTHING_THERE if addresses(row) else theme.NOT_APPLICABLE


def in_the_review(row: Row) -> str:
    """Where the review answers, and what is to be said of it."""
    place = row["place"]
    if row["answered_in"] == "elsewhere":
        place = f"Elsewhere: {place}"
    return formats.sentences(place, row["note"]) or theme.NOT_APPLICABLE


def files(content: Content) -> Section:
    """The checklist as a file, and whose it is."""
    table = DataTable(
        "The checklist as a table",
        ("Table", "Files"),
        (
            (
                Link(PRIOR, f"dictionary.html#table-{PRIOR}"),
                file_links(PRIOR, content),
            ),
        ),
        frozenset(),
    )
    return Section(
        "section-files", "The guideline and this table", (GUIDELINE,), (TableBlock("files", table),)
    )
