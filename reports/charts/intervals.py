"""Marks of an estimate with its interval: clipped bars, arrowheads, end caps, diamonds."""

import math
from typing import Any

import altair as alt

from reports import theme
from reports.charts import layers
from reports.charts.scale import Scale
from reports.formats import is_missing
from reports.theme import Colour

ARROW_AREA = 34
ARROW_REACH = 3
CAP = 4
DIAMOND_HALF = 6
ARROW_ROOM = 10

Interval = dict[str, Any]


def interval(low: float | None, high: float | None, y: float, colour: Colour) -> Interval | None:
    """An interval to draw at y px, or None when a limit is missing."""
    if is_missing(low) or is_missing(high) or low > high:
        return None
    return {"low": float(low), "high": float(high), "y": y, "colour": colour.light}


def interval_layers(
    intervals: list[Interval],
    scale: Scale,
    height: float,
    stroke: float = theme.LINE,
    has_caps: bool = False,
) -> list[alt.Chart]:
    """Bars cut at the axis' ends, an arrowhead at each cut end, and end caps where wanted."""
    bars = [clipped_bar(item, scale) for item in intervals if overlaps(item, scale)]
    drawn = [layers.bars(bars, scale, height, stroke)] if bars else []
    for shape, heads in arrowheads(intervals, scale).items():
        if heads:
            drawn.append(layers.symbols(heads, scale, height, shape, stroke=0))
    if has_caps and (caps := end_caps(intervals, scale)):
        drawn.append(cap_layer(caps, scale, height, stroke))
    return drawn


def overlaps(item: Interval, scale: Scale) -> bool:
    """True when some of the interval lies on the axis."""
    return item["high"] >= scale.domain[0] and item["low"] <= scale.domain[1]


def clipped_bar(item: Interval, scale: Scale) -> dict[str, Any]:
    """The visible part of an interval as a bar."""
    x, x2 = scale.clip(item["low"]), scale.clip(item["high"])
    return {"x": x, "x2": x2, "y": item["y"], "colour": item["colour"]}


def arrowheads(intervals: list[Interval], scale: Scale) -> dict[str, list[dict[str, Any]]]:
    """Arrowheads by shape, where an interval goes on beyond the axis."""
    low, high = scale.domain
    tips = scale.value(ARROW_REACH), scale.value(scale.width - ARROW_REACH)
    heads: dict[str, list[dict[str, Any]]] = {"triangle-left": [], "triangle-right": []}
    for item in intervals:
        head = {"y": item["y"], "area": ARROW_AREA, "fill": item["colour"], "colour": None}
        if item["low"] < low:
            heads["triangle-left"].append({**head, "x": tips[0]})
        if item["high"] > high:
            heads["triangle-right"].append({**head, "x": tips[1]})
    return heads


def is_clipped(low: float | None, high: float | None, scale: Scale) -> bool:
    """True when an interval goes on beyond the axis."""
    if is_missing(low) or is_missing(high):
        return False
    return low < scale.domain[0] or high > scale.domain[1]


def end_caps(intervals: list[Interval], scale: Scale) -> list[dict[str, Any]]:
    """Vertical strokes at those ends of intervals that lie on the axis."""
    return [
        {"x": end, "y": item["y"] - CAP, "y2": item["y"] + CAP, "colour": item["colour"]}
        for item in intervals
        for end in (item["low"], item["high"])
        if scale.contains(end)
    ]


def cap_layer(caps: list[dict[str, Any]], scale: Scale, height: float, stroke: float) -> alt.Chart:
    """Draw end caps in the colour of their interval."""
    chart = alt.Chart(layers.data(caps)).mark_rule(strokeWidth=stroke, opacity=1)
    return chart.encode(
        x=layers.x("x", scale),
        y=layers.y("y", height),
        y2=alt.Y2("y2:Q"),
        color=alt.Color("colour:N", scale=None),
    )


def diamond(
    low: float, middle: float, high: float, y: float, scale: Scale
) -> list[dict[str, float]]:
    """Points of a diamond from low to high with its height at `middle`, cut at the axis' ends.

    Each point has `x` on the plot's scale and the px of its upper and lower edge (`y`, `y2`).
    The cut is made in px, so that edges stay straight on a log axis too, and leaves room for an
    arrowhead. Empty when the middle lies outside the axis.
    """
    if not low <= middle <= high or not scale.contains(middle):
        return []
    room = ARROW_ROOM if is_clipped(low, high, scale) else 0.0
    left = room if low < scale.domain[0] else 0.0
    right = scale.width - (room if high > scale.domain[1] else 0.0)
    corners = [(_far_px(low, scale), 0.0), (_far_px(middle, scale), DIAMOND_HALF)]
    corners.append((_far_px(high, scale), 0.0))
    inside = [point for point in corners if left <= point[0] <= right]
    for edge in (left, right):
        if corners[0][0] < edge < corners[2][0]:
            inside.append((edge, _half_height(edge, corners)))
    points = sorted(set(inside))
    return [{"x": scale.value(px), "y": y - half, "y2": y + half} for px, half in points]


def _far_px(value: float, scale: Scale) -> float:
    low, high = (math.log(v) if scale.is_log else v for v in scale.domain)
    if scale.is_log:
        value = math.log(value) if value > 0 else low - 100 * (high - low)
    return (value - low) / (high - low) * scale.width


def _half_height(px: float, corners: list[tuple[float, float]]) -> float:
    (left, _), (top, half), (right, _) = corners
    if px <= top:
        return half if top == left else half * (px - left) / (top - left)
    return half if top == right else half * (right - px) / (right - top)


def diamond_layer(diamonds: list[dict[str, Any]], scale: Scale, height: float) -> alt.Chart | None:
    """Draw diamonds; items hold `low`, `estimate`, `high`, `y`, `fill` and `colour` (hex)."""
    points = [
        {**point, "id": f"{index}", "fill": item["fill"], "colour": item["colour"]}
        for index, item in enumerate(diamonds)
        for point in diamond(item["low"], item["estimate"], item["high"], item["y"], scale)
    ]
    return layers.polygons(points, scale, height) if points else None
