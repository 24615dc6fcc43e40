"""The few Altair layers that every chart is made of.

All positions on y are px from the top of the view (field `y`, domain reversed to the view
height). Positions on x are either values on the plot's scale or px from the view's origin
(`alt.XValue`), which may be negative: a text column left of the plot is drawn so.
"""

from collections.abc import Iterable
from typing import Any

import altair as alt

from reports import theme
from reports.charts.scale import Scale
from reports.theme import Colour

Items = list[dict[str, Any]]


def y(field: str, height: float) -> alt.Y:
    """Encode a field of px from the top as y."""
    scale = alt.Scale(domain=[height, 0], nice=False, zero=False)
    return alt.Y(f"{field}:Q", scale=scale, axis=None, title=None)


def x(field: str, scale: Scale, has_axis: bool = True) -> alt.X:
    """Encode a field of plot values as x, with the figure's one axis."""
    axis = (
        alt.Axis(
            values=list(scale.ticks),
            labelExpr="replace(format(datum.value, '.4~f'), '-', '\u2212')",
            labelOverlap=False,
            title=None,
            orient="bottom",
            tickSize=4,
        )
        if has_axis
        else None
    )
    kind = alt.Scale(
        domain=list(scale.domain),
        type="log" if scale.is_log else "linear",
        nice=False,
        zero=False,
    )
    return alt.X(f"{field}:Q", scale=kind, axis=axis)


def data(items: Iterable[dict[str, Any]]) -> Any:
    """Plain rows as the inline data of a chart."""
    return {"values": list(items)}


def texts(
    items: Items,
    at: float,
    height: float,
    align: str = "left",
    name: str | None = None,
    angle: float = 0,
) -> alt.Chart:
    """Draw one column of text at `at` px.

    Items hold `y` and `text`, and may hold `bold`, `italic`, `size` (px) and `colour` (hex).
    """
    rows = [
        {"bold": False, "italic": False, "size": theme.TEXT, "colour": theme.INK.light, **item}
        for item in items
    ]
    mark = {
        "align": align,
        "baseline": "middle",
        "angle": angle,
        "fontWeight": alt.expr("datum.bold ? 'bold' : 'normal'"),
        "fontStyle": alt.expr("datum.italic ? 'italic' : 'normal'"),
        "fontSize": alt.expr("datum.size"),
        "color": alt.expr("datum.colour"),
        "limit": 0,
    }
    chart = alt.Chart(data(rows), name=name or alt.Undefined).mark_text(**mark)
    return chart.encode(x=alt.XValue(at), y=y("y", height), text=alt.Text("text:N"))


def bands(items: Items, left: float, right: float, height: float) -> alt.Chart:
    """Fill horizontal bands from `left` to `right` px; items hold `y`, `y2` and `colour`."""
    chart = alt.Chart(data(items)).mark_rect(opacity=1, strokeWidth=0)
    return chart.encode(
        x=alt.XValue(left),
        x2=alt.X2Value(right),
        y=y("y", height),
        y2=alt.Y2("y2:Q"),
        color=alt.Color("colour:N", scale=None),
    )


def lines(items: Items, left: float, right: float, height: float) -> alt.Chart:
    """Draw horizontal hairlines from `left` to `right` px; items hold `y`."""
    chart = alt.Chart(data(items)).mark_rule(
        color=theme.INK.light, strokeWidth=theme.HAIRLINE, opacity=1
    )
    return chart.encode(x=alt.XValue(left), x2=alt.X2Value(right), y=y("y", height))


def verticals(
    items: Items,
    scale: Scale,
    height: float,
    colour: Colour = theme.INK,
    dash: tuple[int, int] | None = None,
    stroke: float = theme.HAIRLINE,
) -> alt.Chart:
    """Draw vertical lines at plot values; items hold `x`, `y` and `y2`."""
    mark: dict[str, Any] = {"color": colour.light, "strokeWidth": stroke, "opacity": 1}
    if dash:
        mark["strokeDash"] = list(dash)
    chart = alt.Chart(data(items)).mark_rule(**mark)
    return chart.encode(x=x("x", scale), y=y("y", height), y2=alt.Y2("y2:Q"))


def bars(items: Items, scale: Scale, height: float, stroke: float = theme.LINE) -> alt.Chart:
    """Draw intervals; items hold `x`, `x2` (clipped values), `y` and `colour`."""
    chart = alt.Chart(data(items)).mark_rule(strokeWidth=stroke, opacity=1)
    return chart.encode(
        x=x("x", scale),
        x2=alt.X2("x2:Q"),
        y=y("y", height),
        color=alt.Color("colour:N", scale=None),
    )


def symbols(items: Items, scale: Scale, height: float, shape: str, stroke: float = 1) -> alt.Chart:
    """Draw symbols; items hold `x`, `y`, `area` (px²), `fill` and `colour`."""
    mark = {"shape": shape, "strokeWidth": stroke, "opacity": 1, "filled": True}
    return (
        alt.Chart(data(items))
        .mark_point(**mark)
        .encode(
            x=x("x", scale),
            y=y("y", height),
            size=alt.Size("area:Q", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
        )
    )


def polygons(items: Items, scale: Scale, height: float) -> alt.Chart:
    """Draw symmetrical polygons; items hold `id`, `x`, `y`, `y2`, `fill` and `colour`."""
    chart = alt.Chart(data(items)).mark_area(opacity=1, strokeWidth=1, interpolate="linear")
    return chart.encode(
        x=x("x", scale),
        y=y("y", height),
        y2=alt.Y2("y2:Q"),
        detail=alt.Detail("id:N"),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
    )
