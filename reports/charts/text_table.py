"""A figure that is a table of wrapped texts under section headings, on as many pages as it needs.

The claim audit and the criteria of the grades are such tables. On a page the texts of an entry
stand side by side; on a phone they are stacked, on one tall page. Positions are px from the left
edge of the page; heights are px.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from reports import text, theme
from reports.charts import layers
from reports.theme import Colour

MAX_HEIGHT = 960
SIZE = theme.SMALL
LINE = 12.5
PADDING = 6
HEADER = 36
PHONE_HEADER = 6
SECTION = 24
HEADING = "heading"
HEADING_AT = 6


@dataclass(frozen=True)
class Field:
    """A text column: where it begins (or ends, aligned right), and how wide it may be."""

    key: str
    header: str
    at: float
    width: float
    align: str = "left"

    @property
    def left(self) -> float:
        """Left edge in px."""
        return self.at - self.width if self.align == "right" else self.at

    def overlaps(self, other: "Field") -> bool:
        """True where two columns share a part of the width."""
        return self.left < other.left + other.width and other.left < self.left + self.width


@dataclass(frozen=True)
class Layout:
    """The columns of a table and the size of its pages.

    Texts of one row begin on the same line of an entry, below those texts of earlier rows that one
    of them would overlap; so an entry is a line of columns, or a stack. Its symbol stands at
    `symbol_at`, beside its text of the column `symbol_key`. `header` px are kept for the names of
    the columns; `limit` is the height of a page.
    """

    rows: tuple[tuple[Field, ...], ...]
    symbol_key: str
    symbol_at: float
    width: float = theme.CONTENT
    header: float = HEADER
    limit: float = MAX_HEIGHT

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns of all rows."""
        return tuple(f for row in self.rows for f in row)


def narrow_layout(rows: tuple[tuple[Field, ...], ...], symbol_key: str, symbol_at: float) -> Layout:
    """A layout for a phone: one page without names of columns."""
    return Layout(rows, symbol_key, symbol_at, theme.PHONE, PHONE_HEADER, math.inf)


@dataclass(frozen=True)
class Entry:
    """A line or a section heading with its wrapped texts and its height in px.

    `mark` is what its symbol says; a section heading has none. `is_stressed` is for the lines that
    matter most. `is_note` sets a line apart from the rows of the table: no stripe behind it.
    """

    texts: dict[str, list[str]]
    height: float
    mark: str | None = None
    is_stressed: bool = False
    is_note: bool = False

    @property
    def is_section(self) -> bool:
        """True for a section heading."""
        return self.mark is None


@dataclass(frozen=True)
class Symbol:
    """How a mark is drawn, so that colour is never alone."""

    shape: str
    fill: Colour
    stroke: Colour


Look = Callable[[Entry, str], tuple[Colour, bool]]


def section(words: str, width: float = theme.CONTENT) -> Entry:
    """A section heading, wrapped to the width of its page."""
    lines = text.wrap(words, width - 2 * HEADING_AT, theme.TEXT, bold=True)
    return Entry({HEADING: lines}, SECTION + (len(lines) - 1) * LINE)


def arrange(
    words: Mapping[str, str],
    layout: Layout,
    mark: str,
    *,
    bold: Collection[str] = (),
    is_stressed: bool = False,
    is_note: bool = False,
) -> Entry:
    """Wrap the texts of an entry, and stack the rows of its layout.

    A text without a column is left out, and a row without a text takes no room.
    """
    wrapped: dict[str, list[str]] = {}
    for row in layout.rows:
        own = [f for f in row if words.get(f.key)]
        placed = [o for o in layout.fields if o.key in wrapped]
        over = [wrapped[o.key] for o in placed if any(f.overlaps(o) for f in own)]
        above = [""] * max((len(lines) for lines in over), default=0)
        for f in own:
            wrapped[f.key] = above + text.wrap(words[f.key], f.width, SIZE, f.key in bold)
    most = max((len(lines) for lines in wrapped.values()), default=1)
    return Entry(wrapped, most * LINE + PADDING, mark, is_stressed, is_note)


def pages(listed: Sequence[Entry], highest: float = MAX_HEIGHT) -> list[list[Entry]]:
    """Entries of as few pages up to `highest` px as can be, about equally long."""
    fewest = fill(listed, highest)
    if len(fewest) == 1:
        return fewest
    least = int(sum(item.height for item in listed) / len(fewest))
    evenly = (fill(listed, limit) for limit in range(least, int(highest), 10))
    return next((paged for paged in evenly if len(paged) == len(fewest)), fewest)


def fill(listed: Sequence[Entry], limit: float) -> list[list[Entry]]:
    """Entries of each page up to `limit` px; a section that goes on repeats its heading."""
    paged: list[list[Entry]] = [[]]
    heading: Entry | None = None
    used = 0.0
    for item in listed:
        heading = item if item.is_section else heading
        needed = item.height + (40 if item.is_section else 0)
        if paged[-1] and used + needed > limit:
            paged.append([])
            used = 0.0
            if heading and not item.is_section:
                paged[-1].append(continued(heading))
                used = paged[-1][0].height
        paged[-1].append(item)
        used += item.height
    return paged


def continued(heading: Entry) -> Entry:
    """The heading of a section on a later page, which a phone does not have."""
    words = " ".join(heading.texts[HEADING]).removesuffix(" (continued)")
    return section(f"{words} (continued)")


def tops(listed: Sequence[Entry], layout: Layout) -> tuple[list[float], float]:
    """Upper edge of each entry of a page, and the lower edge of the last one."""
    made, at = [], float(layout.header)
    for item in listed:
        made.append(at)
        at += item.height
    return made, at


def stripes(
    layout: Layout, listed: Sequence[Entry], above: Sequence[float], height: float
) -> list[alt.Chart]:
    """A pale band behind every second line of a section."""
    items, lines = [], 0
    for item, top in zip(listed, above, strict=True):
        if item.is_note:
            continue
        lines = 0 if item.is_section else lines + 1
        if lines % 2:
            items.append({"y": top, "y2": top + item.height, "colour": theme.STRIPE.light})
    return [layers.bands(items, 0, layout.width, height)] if items else []


def headers(layout: Layout, height: float) -> list[alt.Chart]:
    """Bold headers above the columns that have one."""
    y = layout.header - 17
    return [
        layers.texts(
            [{"y": y, "text": f.header, "bold": True, "size": SIZE}], f.at, height, f.align
        )
        for f in layout.fields
        if f.header
    ]


def rules(layout: Layout, below: float, height: float) -> alt.Chart:
    """Hairlines under the header and under the last entry."""
    return layers.lines([{"y": layout.header - 6}, {"y": below}], 0, layout.width, height)


def cells(
    layout: Layout,
    listed: Sequence[Entry],
    above: Sequence[float],
    height: float,
    look: Look,
) -> list[alt.Chart]:
    """One text layer per column; `look` gives the colour of a cell, and whether it is bold."""
    drawn = []
    for f in (Field(HEADING, "", HEADING_AT, layout.width), *layout.fields):
        items = []
        for item, top in zip(listed, above, strict=True):
            colour, is_bold = (theme.INK, True) if item.is_section else look(item, f.key)
            items += [
                {
                    "y": first_line(item, top) + i * LINE,
                    "text": words,
                    "bold": is_bold,
                    "size": theme.TEXT if item.is_section else SIZE,
                    "colour": colour.light,
                }
                for i, words in enumerate(item.texts.get(f.key, []))
                if words
            ]
        if items:
            drawn.append(layers.texts(items, f.at, height, f.align, name=f.key))
    return drawn


def first_line(item: Entry, top: float) -> float:
    """Middle of the first line of text; a section heading sits low in its space."""
    return top + (SECTION - 9 if item.is_section else PADDING / 2 + LINE / 2)


def symbols(
    layout: Layout,
    known: dict[str, Symbol],
    listed: Sequence[Entry],
    above: Sequence[float],
    height: float,
) -> list[alt.Chart]:
    """The symbol of each entry's mark, beside the text that it belongs to."""
    drawn = []
    for mark, symbol in known.items():
        items = [
            {"y": first_line(item, top) + lines_above(item, layout.symbol_key) * LINE}
            for item, top in zip(listed, above, strict=True)
            if item.mark == mark
        ]
        if items:
            drawn.append(symbol_layer(items, symbol, layout.symbol_at, height))
    return drawn


def lines_above(item: Entry, key: str) -> int:
    """How many lines of an entry stand above one of its texts."""
    return next((i for i, words in enumerate(item.texts.get(key, [])) if words), 0)


def symbol_layer(items: layers.Items, symbol: Symbol, at: float, height: float) -> alt.Chart:
    """Symbols of one kind."""
    chart = alt.Chart(layers.data(items)).mark_point(
        shape=symbol.shape,
        filled=True,
        fill=symbol.fill.light,
        stroke=symbol.stroke.light,
        strokeWidth=0 if symbol.stroke == symbol.fill else 1.25,
        opacity=1,
        size=42,
    )
    return chart.encode(x=alt.XValue(at), y=layers.y("y", height))
