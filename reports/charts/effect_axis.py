"""The axis of an effect below a table: the line of no effect, and which side favours what."""

from collections.abc import Iterable, Sequence

import altair as alt

from reports import formats, theme
from reports.charts import layers, table
from reports.charts.scale import Scale, shared_domain
from reports.charts.table import Layout, Placed
from reports.figure import Figure, Row

AXIS_HEIGHT = 58


def span(figure: Figure, values: Iterable[float | None]) -> tuple[float, float]:
    """The ends of the axis of a figure for some values."""
    return shared_domain(values, figure.is_log_scale, figure.is_percent, figure.is_of_rates)


def null_line(placed: Sequence[Placed], layout: Layout, scale: Scale, height: float) -> alt.Chart:
    """The solid line of no effect; it also carries the axis."""
    items = table.upright(scale.null_value, placed, layout, table.HEADER - 5, height)
    return layers.verticals(items, scale, height)


def grid(placed: Sequence[Placed], layout: Layout, scale: Scale, height: float) -> alt.Chart:
    """Thin lines at the ticks."""
    items = [
        line
        for tick in scale.ticks
        for line in table.upright(tick, placed, layout, table.HEADER - 5, height)
    ]
    return layers.verticals(items, scale, height, theme.RULE)


def reference_layers(
    placed: Sequence[Placed], whole: Row, layout: Layout, scale: Scale, height: float
) -> list[alt.Chart]:
    """A band at the interval of all and a dashed line at their estimate."""
    if formats.is_missing(whole["estimate"]):
        return []
    line = table.upright(whole["estimate"], placed, layout, placed[0].top, placed[-1].bottom)
    drawn = []
    if not formats.is_missing(whole["ci_low"]):
        left, right = (scale.px(whole[key]) for key in ("ci_low", "ci_high"))
        bands = [{**item, "colour": theme.STAGE.light} for item in line]
        drawn.append(layers.bands(bands, left, right, height))
    return [*drawn, layers.verticals(line, scale, height, theme.RECOMMENDED, dash=(4, 3))]


def direction_layers(
    figure: Figure, layout: Layout, scale: Scale, height: float
) -> list[alt.Chart]:
    """Which side favours what, if any, and the axis title, below the axis."""
    centre = layout.plot_width / 2
    title = [{"y": height + 49, "text": axis_title(figure), "colour": theme.MUTED.light}]
    null = scale.px(scale.null_value)
    ends = ((0, "left"), (layout.plot_width, "right"))
    beside_null = ((null - 8, "right"), (null + 8, "left"))
    places = ends if layout.is_narrow else beside_null
    below = f"← {figure.below_axis}" if figure.below_axis else ""
    above = f"{figure.above_axis} →" if figure.above_axis else ""
    sides = [
        layers.texts([{"y": height + 32, "text": words}], at, height, align)
        for words, (at, align) in zip((below, above), places, strict=True)
    ]
    drawn = [layers.texts(title, centre, height, align="center", name="axis_title")]
    return drawn if figure.is_of_rates else [*drawn, *sides]


def axis_title(figure: Figure) -> str:
    """The measure in words, and that its axis is logarithmic where it is."""
    ending = "log scale, 95% CI" if figure.is_log_scale else "95% CI"
    return f"{figure.measure_label} ({ending})"
