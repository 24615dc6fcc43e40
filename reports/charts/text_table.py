"""A figure that is a table of wrapped texts under section headings, on as many pages as it needs.

The claim audit and the criteria of the grades are such tables. Positions are px from the left edge
of the page; heights are px.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt

from reports import theme
from reports.charts import layers
from reports.theme import Colour

MAX_HEIGHT = 960
SIZE = theme.SMALL
LINE = 12.5
PADDING = 6
HEADER = 36
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


def section(words: str) -> Entry:
    """A section heading."""
    return Entry({HEADING: [words]}, SECTION)


def pages(listed: Sequence[Entry]) -> list[list[Entry]]:
    """Entries of as few pages as can be, about equally long."""
    fewest = fill(listed, MAX_HEIGHT)
    least = int(sum(item.height for item in listed) / len(fewest))
    evenly = (fill(listed, limit) for limit in range(least, MAX_HEIGHT, 10))
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
                used = heading.height
        paged[-1].append(item)
        used += item.height
    return paged


def continued(heading: Entry) -> Entry:
    """The heading of a section on a later page."""
    words = heading.texts[HEADING][0].removesuffix(" (continued)")
    return Entry({HEADING: [f"{words} (continued)"]}, heading.height)


def tops(listed: Sequence[Entry]) -> tuple[list[float], float]:
    """Upper edge of each entry of a page, and the lower edge of the last one."""
    made, at = [], float(HEADER)
    for item in listed:
        made.append(at)
        at += item.height
    return made, at


def stripes(listed: Sequence[Entry], above: Sequence[float], height: float) -> list[alt.Chart]:
    """A pale band behind every second line of a section."""
    items, lines = [], 0
    for item, top in zip(listed, above, strict=True):
        if item.is_note:
            continue
        lines = 0 if item.is_section else lines + 1
        if lines % 2:
            items.append({"y": top, "y2": top + item.height, "colour": theme.STRIPE.light})
    return [layers.bands(items, 0, theme.CONTENT, height)] if items else []


def headers(fields: Sequence[Field], height: float) -> list[alt.Chart]:
    """Bold headers above the columns."""
    y = HEADER - 17
    return [
        layers.texts(
            [{"y": y, "text": f.header, "bold": True, "size": SIZE}], f.at, height, f.align
        )
        for f in fields
        if f.header
    ]


def rules(below: float, height: float) -> alt.Chart:
    """Hairlines under the header and under the last entry."""
    return layers.lines([{"y": HEADER - 6}, {"y": below}], 0, theme.CONTENT, height)


def cells(
    fields: Sequence[Field],
    listed: Sequence[Entry],
    above: Sequence[float],
    height: float,
    look: Look,
) -> list[alt.Chart]:
    """One text layer per column; `look` gives the colour of a cell, and whether it is bold."""
    drawn = []
    for f in (Field(HEADING, "", HEADING_AT, theme.CONTENT), *fields):
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
    known: dict[str, Symbol],
    at: float,
    listed: Sequence[Entry],
    above: Sequence[float],
    height: float,
) -> list[alt.Chart]:
    """The symbol of each entry's mark at `at` px."""
    drawn = []
    for mark, symbol in known.items():
        items = [
            {"y": first_line(item, top)}
            for item, top in zip(listed, above, strict=True)
            if item.mark == mark
        ]
        if items:
            drawn.append(symbol_layer(items, symbol, at, height))
    return drawn


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
