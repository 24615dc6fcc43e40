"""Layers placed freely in px, for pictures whose axes are categories: tiles, words and dots.

Items hold `x` and `y` in px from the top left corner of the view.
"""

from typing import Any

import altair as alt

from reports import text, theme
from reports.charts import layers
from reports.charts.layers import Items
from reports.figure import Area, Panel


def x(field: str, width: float) -> alt.X:
    """Encode a field of px from the left as x."""
    scale = alt.Scale(domain=[0, width], nice=False, zero=False)
    return alt.X(f"{field}:Q", scale=scale, axis=None, title=None)


def tiles(items: Items, width: float, height: float, stroke: float = 0.75) -> alt.Chart:
    """Fill rectangles; items hold `x`, `x2`, `y`, `y2`, `fill` and may hold `stroke`."""
    rows = [{"stroke": item["fill"], **item} for item in items]
    chart = alt.Chart(layers.data(rows)).mark_rect(opacity=1, strokeWidth=stroke)
    return chart.encode(
        x=x("x", width),
        x2=alt.X2("x2:Q"),
        y=layers.y("y", height),
        y2=alt.Y2("y2:Q"),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("stroke:N", scale=None),
    )


def words(
    items: Items, width: float, height: float, align: str = "center", angle: float = 0
) -> alt.Chart:
    """Draw texts; items hold `text` and may hold `bold`, `size` (px) and `colour` (hex)."""
    rows = [
        {"bold": False, "size": theme.TEXT, "colour": theme.INK.light, **item} for item in items
    ]
    mark: dict[str, Any] = {
        "align": align,
        "baseline": "middle",
        "angle": angle,
        "fontWeight": alt.expr("datum.bold ? 'bold' : 'normal'"),
        "fontSize": alt.expr("datum.size"),
        "color": alt.expr("datum.colour"),
        "limit": 0,
    }
    chart = alt.Chart(layers.data(rows)).mark_text(**mark)
    return chart.encode(x=x("x", width), y=layers.y("y", height), text=alt.Text("text:N"))


def rules(
    items: Items,
    width: float,
    height: float,
    colour: theme.Colour = theme.INK,
    dash: tuple[int, int] | None = None,
    stroke: float = theme.HAIRLINE,
) -> alt.Chart:
    """Draw straight lines; items hold `x`, `y`, `x2` and `y2`."""
    mark: dict[str, Any] = {"color": colour.light, "strokeWidth": stroke, "opacity": 1}
    if dash:
        mark["strokeDash"] = list(dash)
    chart = alt.Chart(layers.data(items)).mark_rule(**mark)
    return chart.encode(
        x=x("x", width), x2=alt.X2("x2:Q"), y=layers.y("y", height), y2=alt.Y2("y2:Q")
    )


def area(items: Items, width: float, height: float, colour: theme.Colour) -> alt.Chart:
    """Fill what lies between two lines; items hold `x`, `y` and `y2`, from left to right."""
    chart = alt.Chart(layers.data(items)).mark_area(color=colour.light, opacity=1)
    return chart.encode(x=x("x", width), y=layers.y("y", height), y2=alt.Y2("y2:Q"))


def path(items: Items, width: float, height: float, colour: theme.Colour) -> alt.Chart:
    """Draw a line through points; items hold `x` and `y`, from left to right."""
    chart = alt.Chart(layers.data(items)).mark_line(
        color=colour.light, strokeWidth=theme.BAR, opacity=1
    )
    return chart.encode(x=x("x", width), y=layers.y("y", height))


def bubbles(items: Items, width: float, height: float) -> alt.Chart:
    """Draw circles with an outline, so that those on one another differ; items hold `area`."""
    chart = alt.Chart(layers.data(items)).mark_point(
        shape="circle",
        filled=True,
        fill=theme.BAND_2.light,
        stroke=theme.SQUARE.light,
        strokeWidth=theme.HAIRLINE,
        opacity=1,
    )
    return chart.encode(
        x=x("x", width), y=layers.y("y", height), size=alt.Size("area:Q", scale=None)
    )


def dots(items: Items, width: float, height: float, shape: str = "circle") -> alt.Chart:
    """Draw symbols; items hold `area` (px²) and `fill`."""
    chart = alt.Chart(layers.data(items)).mark_point(
        shape=shape, filled=True, opacity=1, strokeWidth=0
    )
    return chart.encode(
        x=x("x", width),
        y=layers.y("y", height),
        size=alt.Size("area:Q", scale=None),
        fill=alt.Fill("fill:N", scale=None),
    )


def panel(
    drawn: list[alt.Chart],
    height: float,
    notes: tuple[str, ...],
    width: float = theme.CONTENT,
    areas: tuple[Area, ...] = (),
) -> Panel:
    """A page whose view begins at its left edge and is as wide as the page."""
    return Panel(
        layers=tuple(drawn),
        left=0,
        view_width=width,
        view_height=height,
        bottom=height,
        width=width,
        notes=notes,
        areas=areas,
    )


def nothing(sentence: str, width: float = theme.CONTENT) -> Panel:
    """A page that says why there is no picture."""
    lines = text.wrap(sentence, width, theme.TEXT)
    items = [
        {"x": 0, "y": 20 + i * theme.WRAPPED_LINE, "text": line, "colour": theme.MUTED.light}
        for i, line in enumerate(lines)
    ]
    height = 40 + (len(lines) - 1) * theme.WRAPPED_LINE
    return panel([words(items, width, height, "left")], height, (), width)
