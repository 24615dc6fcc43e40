"""Data tables of the figures: the numbers behind each picture, for people and for CSV."""

from dataclasses import dataclass
from typing import NamedTuple

from reports import formats
from reports.contract import ROW_ORDER, declared_tables
from reports.errors import ReportError
from reports.figure import Figure, Tables
from reports.figures import KINDS


class Link(NamedTuple):
    """A cell that leads somewhere; `name` says more than `text` where a screen reader needs it."""

    text: str
    href: str
    name: str = ""
    is_download: bool = False


MANY_COLUMNS, MANY_LONG_COLUMNS = 8, 3
"""From more of which on a table is wide."""
LONG, LONG_WORD = 40, 24
"""Characters from more of which on a cell, or a word of it, wraps in a column of some width."""

Cell = str | Link | tuple[Link, ...]


@dataclass(frozen=True)
class DataTable:
    """A table as text and links: a caption, column names and rows of as many cells.

    `numeric` names the columns that align right, `ids` has the id of each row on its page, empty
    for a row without one.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[str]
    ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ReportError for a cell that says nothing, which no page can show."""
        for row in self.rows:
            if None in row:
                column = self.columns[row.index(None)]
                raise ReportError(f"Table '{self.caption}' has nothing in '{column}': {row}")

    @staticmethod
    def is_long(cell: Cell) -> bool:
        """True for a text of more than a few words, or with a word that is too long for a line."""
        return isinstance(cell, str) and (
            len(cell) > LONG or len(max(cell.split(), key=len, default="")) > LONG_WORD
        )

    @property
    def is_wide(self) -> bool:
        """True for a table that needs narrow columns to fit a page."""
        n_long = sum(any(map(self.is_long, column)) for column in zip(*self.rows, strict=True))
        return len(self.columns) > MANY_COLUMNS or n_long > MANY_LONG_COLUMNS

    @property
    def classes(self) -> str:
        """What the style sheet must know: a wide table, and the places of columns of numbers.

        Once for a table, because a class of each cell would weigh more than the numbers.
        """
        places = (i for i in range(len(self.columns)) if self.is_numeric(i))
        return " ".join(["wide"] * self.is_wide + [f"n{place + 1}" for place in places])

    def is_numeric(self, index: int) -> bool:
        """True for a column that aligns right."""
        return self.columns[index] in self.numeric


def data_table(figure: Figure, tables: Tables) -> DataTable:
    """The table behind a figure."""
    kind = KINDS[figure.kind]
    columns = kind.headings(figure, tables)
    numeric = {
        shown for name, shown in zip(kind.columns, columns, strict=True) if name in kind.numeric
    }
    rows: list[tuple[Cell, ...]] = list(kind.data_rows(figure, tables))
    if kind.leads:
        first = min(kind.columns.index(column) for column in kind.numeric)
        leads = kind.leads(figure, tables)
        rows = [linked(row, first, *lead) for row, lead in zip(rows, leads, strict=True)]
    return DataTable(figure.title, columns, tuple(rows), frozenset(numeric))


def linked(row: tuple[Cell, ...], place: int, href: str, name: str) -> tuple[Cell, ...]:
    """A row with one of its texts as a link; as it is without an address."""
    if not href:
        return row
    return (*row[:place], Link(str(row[place]), href, name), *row[place + 1 :])


def own_sql(figure: Figure, tables: Tables) -> str:
    """The query that returns the rows behind a figure, in DuckDB's SQL and in SQLite's."""
    kind = KINDS[figure.kind]
    table = declared_tables()[kind.reads[0]]
    chosen = ""
    if kind.where:
        chosen = f"\nwhere {kind.where(figure, tables)}"
    elif "figure_id" in table.columns:
        chosen = f"\nwhere figure_id = {formats.sql_text(figure.figure_id)}"
    order = ", ".join(ROW_ORDER.get(table.name, table.columns))
    return f"select *\nfrom {table.full_name}{chosen}\norder by {order};"


def own_csv(figure: Figure, tables: Tables) -> tuple[list[str], list[tuple[object, ...]]]:
    """Header and unrounded rows of the mart behind a figure, for its CSV file."""
    kind = KINDS[figure.kind]
    rows = kind.own_rows(figure, tables) if kind.own_rows else tables[kind.reads[0]]
    header = list(rows[0]) if rows else []
    return header, [tuple(row.values()) for row in rows]
