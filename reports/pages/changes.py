"""What changed since the publish before: cells, results, grades and conclusions, and why."""

import warnings

from reports import formats
from reports.pages.model import Content, Page, Section, TableBlock
from reports.tables import DataTable
from umbrella.building.publish import real_file
from umbrella.errors import UmbrellaError
from umbrella.history.compare import Changes, compare
from umbrella.history.entries import Entry
from umbrella.history.lines import NOTHING, Group, groups, texts
from umbrella.history.store import History, identity_of
from umbrella.history.words import summary

MOST_LINES = 200
"""Changes of a kind on the page; of the rest it has the number."""

RESULTS = frozenset({"Before", "After"})
TEXTS: frozenset[str] = frozenset()
"""Columns that align right where the changes are of results, and where they are of texts."""

HEADINGS = ("Publish", "When (UTC)", "Cells", "Rows", "Results", "What changed")
NUMBERS = frozenset({"Publish", "Cells", "Rows", "Results"})
KEPT = (
    "Each time that this review is published, the cells of its sheets and its results are kept. "
    "This is what differs between publish {newer} of {newer_time} UTC and publish {older} of "
    "{older_time} UTC."
)
CAUSES = (
    "Because of: the change of the sheets that is nearest to what moved, which is a cell of a row "
    "of its own, else of a [[member]] in the pool, else of a sheet that every result may rest on."
)
LIST_NOTE = (
    "Cells that changed, rows that were added or removed, and results that moved, each since the "
    "publish before."
)


def pages(content: Content) -> list[Page]:
    """The page, where the history has this publish and one before."""
    history = History(real_file(content.database))
    try:
        entries = history.entries()
        if len(entries) < 2:
            return []
        if identity_of(history.database) != entries[-1].identity:
            warnings.warn(
                f"No page on what changed: publish {entries[-1].number}, the newest in the "
                f"history, is not {content.database.name}",
                stacklevel=2,
            )
            return []
        changes = compare(history, *entries[-2:])
    except UmbrellaError as error:
        warnings.warn(f"No page on what changed: {error}", stacklevel=2)
        return []
    return [
        Page(
            slug="changes",
            is_of_sheets=True,
            label="What changed",
            title="What changed since the last time?",
            lead=summary(changes, is_listed=True),
            sections=(
                compared(changes),
                *(section(group, changes) for group in groups(changes)),
                publishes(entries),
            ),
        )
    ]


def compared(changes: Changes) -> Section:
    """Which publishes are compared, and how causes are found."""
    older, newer = changes.older, changes.newer
    about = KEPT.format(
        newer=newer.number,
        newer_time=newer.when_in_utc,
        older=older.number,
        older_time=older.when_in_utc,
    )
    causes = (CAUSES,) if changes.causes else ()
    return Section("section-compared", "What is compared", (about, *causes))


def section(group: Group, changes: Changes) -> Section:
    """The changes of one kind as a table."""
    places = group.told
    columns = tuple(group.headings[place] for place in places)
    rows = []
    for line in group.lines[:MOST_LINES]:
        cells = texts(line)
        rows.append(tuple(cells[place] or NOTHING for place in places))
    caption = f"From publish {changes.older.number} to publish {changes.newer.number}"
    table = DataTable(caption, columns, tuple(rows), RESULTS if group.name == "pools" else TEXTS)
    blocks = (TableBlock(f"table-{group.name}", table),)
    return Section(f"section-{group.name}", group.title, left_out(group), blocks)


def left_out(group: Group) -> tuple[str, ...]:
    """What the table does not have, in words."""
    said = []
    if group.left_out and group.name == "members":
        said.append(
            "Of several methods one stands for all, and weights that changed only because others "
            "did are left out."
        )
    elif group.left_out:
        said.append("Of several methods the recommended one stands for all, where it changed.")
    n_more = len(group.lines) - MOST_LINES
    if n_more > 0:
        said.append(f"The first {MOST_LINES}; {formats.count(n_more)} more are not shown here.")
    return tuple(said)


def publishes(entries: list[Entry]) -> Section:
    """Every kept publish, the newest first."""
    rows = tuple(
        (
            formats.count(entry.number),
            entry.when_in_utc,
            formats.count(entry.n_cells),
            formats.count(entry.n_rows),
            formats.count(entry.n_pools),
            entry.told,
        )
        for entry in reversed(entries)
    )
    table = DataTable("Publishes that are kept, the newest first", HEADINGS, rows, NUMBERS)
    blocks = (TableBlock("table-publishes", table, LIST_NOTE),)
    return Section("section-publishes", "Publishes", (), blocks)
