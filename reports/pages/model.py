"""What a page of the site is made of; templates/page.html.j2 turns it into HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reports.drawing import Drawn
from reports.exports import TableDescription
from reports.figure import Row, Tables
from reports.tables import Cell, DataTable
from reports.workshop import Cache

ENDINGS = ("csv", "csv.gz", "parquet")
"""Of the files of a table, in their order on a page."""


@dataclass(frozen=True)
class TableBlock:
    """A table on a page: an id that is unique there, its cells, and a sentence above it.

    `filters` names columns by which readers may choose rows, beside words.
    """

    anchor: str
    table: DataTable
    note: str = ""
    filters: tuple[str, ...] = ()
    kind: str = "table"


@dataclass(frozen=True)
class MarkupBlock:
    """Finished HTML that scrolls sideways in its own box, under a name for screen readers."""

    label: str
    markup: Markup
    kind: str = "markup"


@dataclass(frozen=True)
class ListBlock:
    """Terms, which may be links, each with what is said of it."""

    items: tuple[tuple[Cell, str], ...]
    kind: str = "list"


@dataclass(frozen=True)
class Answer:
    """An answer: what it is about, if not its page alone, words, and numbers with their terms."""

    title: Cell
    words: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AnswersBlock:
    """Answers below one another, each with its numbers."""

    answers: tuple[Answer, ...]
    kind: str = "answers"


@dataclass(frozen=True)
class DetailsBlock:
    """A table that opens below its summary; `anchor` is unique on the page.

    `found_by` has words that find it in a search, beside those of its summary and its note.
    """

    anchor: str
    summary: str
    table: DataTable
    note: str = ""
    found_by: str = ""
    kind: str = "details"


@dataclass(frozen=True)
class FigureBlock:
    """A drawn figure with everything that belongs to it."""

    drawn: Drawn
    kind: str = "figure"


Block = TableBlock | MarkupBlock | ListBlock | AnswersBlock | DetailsBlock | FigureBlock


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs and blocks; `anchor` is unique on its page.

    What is folded opens below its heading, when it is printed or named by an address, too.
    """

    anchor: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    is_folded: bool = False

    @property
    def is_empty(self) -> bool:
        """True for a section that would show nothing but its heading."""
        return not (self.paragraphs or self.blocks)


@dataclass(frozen=True)
class Page:
    """One HTML file: its name, its link and part of the menu, its heading and its sections.

    A page that is more than sections brings a template of its own, which extends base.html.j2:
    values   what that template needs
    styles   CSS beside the one sheet of the site
    scripts  JavaScript, run in this order at the end of the page
    sources  what else the content policy must allow, by directive

    Tables of a page that `is_of_sheets` hold names of sheets, columns and files as they are; the
    cells of others begin with a capital.
    """

    slug: str
    label: str
    title: str
    sections: tuple[Section, ...] = ()
    lead: str = ""
    group: str = "review"
    template: str = "page.html.j2"
    values: Mapping[str, Any] = field(default_factory=dict)
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_of_sheets: bool = False

    @property
    def about(self) -> str:
        """What the page says first, for whoever lists or shares it."""
        answers = [
            one.words
            for section in self.sections[:1]
            for block in section.blocks
            if isinstance(block, AnswersBlock)
            for one in block.answers
        ]
        return self.lead or next(iter(answers), "") or self.title

    @property
    def begins_with_answer(self) -> bool:
        """True where answers come first; the way to the rest of the page is below them."""
        first = self.sections[0].blocks if self.sections else ()
        return any(isinstance(block, AnswersBlock) for block in first)

    @property
    def file_name(self) -> str:
        """Name of the file."""
        return f"{self.slug}.html"


@dataclass(frozen=True)
class FileFacts:
    """A file to download: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """All that pages are made from.

    tables        rows by table name
    drawn         the figures in their order
    review        the row of rpt_review
    database      the warehouse file
    descriptions  every exported table
    exported      the files of the tables and of the whole, by name
    where         address of each figure in the order of the pages, known once these are made
    numbers       number of each figure in the same order
    kept          what earlier runs made
    """

    tables: Tables
    drawn: tuple[Drawn, ...]
    review: Row
    database: Path
    descriptions: tuple[TableDescription, ...] = ()
    exported: Mapping[str, FileFacts] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    kept: Cache = field(default_factory=lambda: Cache(None))

    def condition(self, code: str) -> Row:
        """The row of dim_condition_pages of a condition."""
        return next(row for row in self.tables["dim_condition_pages"] if row["condition"] == code)

    def files_of(self, table: str) -> list[str]:
        """Names of the files of a table: CSV, if it has one, and Parquet."""
        return [f"{table}.{end}" for end in ENDINGS if f"{table}.{end}" in self.exported]

    def figures(self, *kinds: str, condition: str | None = None) -> tuple[FigureBlock, ...]:
        """Figures of these kinds, of one condition or of none, in their order."""
        return tuple(
            FigureBlock(item)
            for item in self.drawn
            if item.figure.kind in kinds and item.figure.condition == condition
        )


def pick(*sections: Section) -> tuple[Section, ...]:
    """The sections that have something to show."""
    return tuple(section for section in sections if not section.is_empty)
