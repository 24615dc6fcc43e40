"""A figure as a table with a plot in it: lines, columns, and where they fall.

A forest figure, the headline figure and the dropout figure are all such tables. Column widths
follow from the texts; the plot takes what is left. On a phone a line has its label and result
above, and its part of the plot below across the whole width. Positions in `Layout` are px from the
left edge of the page; the view's origin is the left edge of the plot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import altair as alt

from reports import text, theme
from reports.charts import layers
from reports.figure import Panel
from reports.theme import Colour

MARGIN = 6
COLUMN_GAP = 12
PLOT_GAP = 15
INDENT = 12
HEADER = 26
MIN_PLOT = 195
PLOT_ROW = 17


@dataclass(frozen=True)
class Column:
    """A text column: `keys` are cells drawn side by side, each aligned right.

    Several keys make the result column: `0.53`, `(0.44 to` and `0.62)` are three right-aligned
    texts, so that the digits align in any font. `words` is a cell drawn in their place, such as
    "not estimated"; it does not widen the last of them. The column that has it is the result.
    """

    keys: tuple[str, ...]
    header: str
    side: str = "left"
    words: str | None = None


@dataclass(frozen=True)
class Line:
    """One line of the table; `cells` are texts by column key, `mark` is what the plot needs."""

    label: str
    cells: dict[str, str] = field(default_factory=dict)
    is_bold: bool = False
    is_italic: bool = False
    colour: Colour = theme.INK
    size: float = theme.TEXT
    indent: float = 0
    gap: float = 0
    is_striped: bool = False
    mark: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """A line with its place: top and height in px, and its wrapped label.

    The lowest `plot_height` px are its part of the plot; 0 when the plot stands beside the text.
    """

    line: Line
    top: float
    height: float
    label: tuple[str, ...]
    plot_height: float = 0

    @property
    def bottom(self) -> float:
        """Lower edge of the line in px."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Middle of the line's part of the plot in px."""
        return self.bottom - (self.plot_height or self.height) / 2

    @property
    def text_middle(self) -> float:
        """Middle of the line's text in px."""
        return self.top + (self.height - self.plot_height) / 2


@dataclass(frozen=True)
class Layout:
    """Right edges of the text columns and the place of the plot, in px from the page's left."""

    columns: tuple[Column, ...]
    edges: dict[str, float]
    header_edges: dict[str, float]
    label_width: float
    free_width: float
    plot_left: float
    plot_width: float
    width: float
    is_narrow: bool = False


LayOut = Callable[[tuple[Column, ...], Sequence[Line], str, float], Layout]


def key_width(key: str, lines: Sequence[Line]) -> float:
    """Width of a column's widest cell."""
    return max(
        (text.width(line.cells.get(key, ""), line.size, line.is_bold) for line in lines),
        default=0.0,
    )


def column_width(column: Column, lines: Sequence[Line]) -> float:
    """Width of a column: its cells with a space between, or its header where that is wider."""
    space = text.width(" ", theme.TEXT) + 1
    cells = sum(key_width(key, lines) for key in column.keys) + space * (len(column.keys) - 1)
    words = key_width(column.words, lines) if column.words else 0.0
    return max(cells, words, text.width(column.header, theme.TEXT, bold=True))


def lay_out(
    columns: tuple[Column, ...],
    lines: Sequence[Line],
    header: str,
    label_limit: float,
) -> Layout:
    """Fit label, columns and plot into the width of a page; long labels wrap at the label's width.

    A label of a line without cells left of the plot may run on to the plot (`free_width`);
    `label_limit` holds where there are such cells.
    """
    width = theme.CONTENT
    widths = {column.keys: column_width(column, lines) for column in columns}
    left = [column for column in columns if column.side == "left"]
    right = [column for column in columns if column.side == "right"]
    used = sum(widths[c.keys] + COLUMN_GAP for c in columns) + 2 * MARGIN + 2 * PLOT_GAP
    limit = min(label_limit if left else width, width - used - MIN_PLOT)
    limit = max(limit, 80.0)
    left_keys = {key for column in left for key in column.keys}
    labels = [
        line.indent + text.width(line.label, line.size, line.is_bold)
        for line in lines
        if left_keys & {key for key, value in line.cells.items() if value}
    ]
    label_width = min(max([*labels, text.width(header, theme.TEXT, bold=True)]), limit)
    label_width = max(label_width, roomy_label(lines, left_keys, widths, left, limit))
    edges, header_edges = {}, {}
    at = MARGIN + label_width
    for column in left:
        at += COLUMN_GAP + widths[column.keys]
        _set_edges(column, at, lines, edges, header_edges)
    plot_left = at + PLOT_GAP
    at = width - MARGIN
    for column in reversed(right):
        _set_edges(column, at, lines, edges, header_edges)
        at -= widths[column.keys] + COLUMN_GAP
    plot_right = at + COLUMN_GAP - PLOT_GAP
    return Layout(
        columns=columns,
        edges=edges,
        header_edges=header_edges,
        label_width=label_width,
        free_width=plot_left - MARGIN - 8,
        plot_left=plot_left,
        plot_width=plot_right - plot_left,
        width=width,
    )


def lay_out_narrow(
    columns: tuple[Column, ...], lines: Sequence[Line], header: str, label_limit: float
) -> Layout:
    """Fit label and result into the width of a phone, above the plot; other columns are left out.

    `header` and `label_limit` are those of the page: here the result leaves less room.
    """
    result = next(column for column in columns if column.words)
    edges, header_edges = {}, {}
    right = theme.PHONE - MARGIN
    _set_edges(result, right, lines, edges, header_edges)
    room = right - column_width(result, lines) - COLUMN_GAP - MARGIN
    return Layout(
        columns=(result,),
        edges=edges,
        header_edges=header_edges,
        label_width=min(label_limit, room),
        free_width=right - MARGIN,
        plot_left=PLOT_GAP,
        plot_width=theme.PHONE - 2 * PLOT_GAP,
        width=theme.PHONE,
        is_narrow=True,
    )


def roomy_label(
    lines: Sequence[Line],
    left_keys: set[str],
    widths: dict[tuple[str, ...], float],
    left: Sequence[Column],
    limit: float,
) -> float:
    """Label width that keeps lines without cells left of the plot on one line, up to `limit`."""
    free = [
        line.indent + text.width(line.label, line.size, line.is_bold)
        for line in lines
        if not left_keys & {key for key, value in line.cells.items() if value}
    ]
    beside = sum(widths[column.keys] + COLUMN_GAP for column in left)
    return min(max(free, default=0.0) - beside - PLOT_GAP + 10, limit)


def _set_edges(
    column: Column,
    right: float,
    lines: Sequence[Line],
    edges: dict[str, float],
    header_edges: dict[str, float],
) -> None:
    header_edges[column.header] = right
    if column.words:
        edges[column.words] = right
    space = text.width(" ", theme.TEXT) + 1
    for key in reversed(column.keys):
        edges[key] = right
        right -= key_width(key, lines) + space


def place(lines: Sequence[Line], layout: Layout, top: float) -> list[Placed]:
    """Stack lines from `top` px down, as high as their wrapped labels need."""
    beside = {k for c in layout.columns if layout.is_narrow or c.side == "left" for k in cells(c)}
    placed = []
    for line in lines:
        is_free = not any(line.cells.get(key) for key in beside)
        room = (layout.free_width if is_free else layout.label_width) - line.indent
        label = tuple(text.wrap(line.label, room, line.size, line.is_bold))
        plot_height = PLOT_ROW if layout.is_narrow and line.cells else 0
        height = theme.ROW + (len(label) - 1) * theme.WRAPPED_LINE + plot_height
        top += line.gap
        placed.append(Placed(line, top, height, label, plot_height))
        top += height
    return placed


def cells(column: Column) -> tuple[str, ...]:
    """Keys of every cell that a column may show."""
    return (*column.keys, column.words) if column.words else column.keys


def bottom(placed: Sequence[Placed]) -> float:
    """Lower edge of the last line in px."""
    return placed[-1].bottom if placed else HEADER


def upright(
    x: float, placed: Sequence[Placed], layout: Layout, top: float, end: float
) -> list[dict[str, float]]:
    """A vertical line at a plot value from `top` to `end` px, as items of `layers.verticals`.

    On a phone it is drawn in the plot of each line alone, so that it crosses no text.
    """
    if not layout.is_narrow:
        return [{"x": x, "y": top, "y2": end}]
    plots = [p for p in placed if p.plot_height]
    return [{"x": x, "y": p.bottom - p.plot_height, "y2": p.bottom} for p in plots]


def stripe_layer(placed: Sequence[Placed], layout: Layout, height: float) -> list[alt.Chart]:
    """Zebra stripes across the whole page behind the striped lines."""
    stripes = [
        {"y": p.top, "y2": p.bottom, "colour": theme.STRIPE.light}
        for p in placed
        if p.line.is_striped
    ]
    if not stripes:
        return []
    left = -layout.plot_left
    return [layers.bands(stripes, left, left + layout.width, height)]


def header_layers(header: str, layout: Layout, height: float) -> list[alt.Chart]:
    """Bold column headers above a hairline."""
    y = HEADER / 2 - 3
    drawn = [layers.texts([_head(header, y)], MARGIN - layout.plot_left, height, name="header")]
    for column in layout.columns:
        at = layout.header_edges[column.header] - layout.plot_left
        drawn.append(layers.texts([_head(column.header, y)], at, height, align="right"))
    left = -layout.plot_left
    drawn.append(layers.lines([{"y": HEADER - 5}], left, left + layout.width, height))
    return drawn


def _head(words: str, y: float) -> dict[str, object]:
    return {"y": y, "text": words, "bold": True}


def text_layers(placed: Sequence[Placed], layout: Layout, height: float) -> list[alt.Chart]:
    """Labels at the left, then one right-aligned layer for each cell column."""
    drawn = []
    for indent in sorted({p.line.indent for p in placed}):
        items = [item for p in placed if p.line.indent == indent for item in label_items(p)]
        at = MARGIN + indent - layout.plot_left
        drawn.append(layers.texts(items, at, height, name=f"label_{indent:g}"))
    for key, edge in layout.edges.items():
        items = [
            {**style(p), "y": p.text_middle, "text": p.line.cells[key]}
            for p in placed
            if p.line.cells.get(key)
        ]
        if items:
            at = edge - layout.plot_left
            drawn.append(layers.texts(items, at, height, align="right", name=key))
    return drawn


def label_items(placed: Placed) -> list[dict[str, object]]:
    """The lines of a wrapped label, centred on the middle of the line's text."""
    first = placed.text_middle - (len(placed.label) - 1) * theme.WRAPPED_LINE / 2
    return [
        {**style(placed), "y": first + i * theme.WRAPPED_LINE, "text": words}
        for i, words in enumerate(placed.label)
        if words
    ]


def style(placed: Placed) -> dict[str, object]:
    """Weight, slant, size and colour of a line's text."""
    line = placed.line
    return {
        "bold": line.is_bold,
        "italic": line.is_italic,
        "size": line.size,
        "colour": line.colour.light,
    }


def panel(
    drawn: Sequence[alt.Chart],
    layout: Layout,
    height: float,
    axis_height: float,
    notes: tuple[str, ...],
    figure_notes: tuple[str, ...] = (),
    page: int = 1,
    pages: int = 1,
) -> Panel:
    """One page of a table with a plot, `height` px high, and `axis_height` px below it."""
    return Panel(
        layers=tuple(drawn),
        left=layout.plot_left,
        view_width=layout.plot_width,
        view_height=height,
        bottom=height + axis_height,
        width=layout.width,
        notes=notes,
        figure_notes=figure_notes,
        page=page,
        pages=pages,
    )
