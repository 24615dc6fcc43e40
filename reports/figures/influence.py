"""Influence figures: which meta-analysis lies off, moves the result, or makes for heterogeneity."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import altair as alt

from reports import formats, text, theme
from reports.charts import canvas, plot
from reports.charts.plot import Name, Plot
from reports.charts.scale import Scale
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.words import worded
from umbrella.text import about

MOST = 15
"""Members drawn in the rows below the plot, those that move the result most."""
POINT = 40.0
EDGE = 8.0
AXIS_ROOM = 52.0
HEAD_ROOM = 30.0
LABEL_STRIP = 16.0


@dataclass(frozen=True)
class Layout:
    """Sizes in px: the picture, the Baujat plot, and the labels left of the small plots.

    With `is_stacked` a label stands above its row.
    """

    width: float
    left: float
    plot: float
    labels: float
    gap: float
    is_stacked: bool = False


WIDE = Layout(width=theme.CONTENT, left=44.0, plot=230.0, labels=170.0, gap=20.0)
NARROW = Layout(width=theme.PHONE, left=40.0, plot=220.0, labels=0.0, gap=12.0, is_stacked=True)


@dataclass(frozen=True)
class Measure:
    """A column of small plots: its value, its limit to one side or to both, and the value at rest.

    `limit` is a column of rpt_influence; none where the band of all is what is compared with.
    """

    key: str
    heading: str
    short: str
    limit: str | None = None
    has_two_sides: bool = False


MEASURES = (
    Measure("rstudent", "Residual", "Resid.", "rstudent_limit", has_two_sides=True),
    Measure("dffits", "DFFITS", "DFFITS", "dffits_limit", has_two_sides=True),
    Measure("cook_d", "Cook's distance", "Cook", "cook_limit"),
    Measure("hat", "Hat value", "Hat", "hat_limit"),
    Measure("estimate", "Pooled without it", "Without"),
)


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw the members of rpt_influence: the Baujat plot, and below it each measure.

    Raises ValueError when the rows are those of two analyses.
    """
    rows = own_rows(figure, tables)
    if not rows:
        return (
            canvas.nothing(worded("No [[member]] can be left out here.", tables), layout.width),
        )
    shown = rows[:MOST]
    top = HEAD_ROOM + layout.plot + AXIS_ROOM + HEAD_ROOM
    step = theme.ROW + (theme.WRAPPED_LINE if layout.is_stacked else 0)
    height = top + step * len(shown) + 24
    size = (layout.width, height)
    drawn = [
        *baujat(rows, layout, size),
        *small_plots(figure, shown, layout, top, step, size),
    ]
    return (canvas.panel(drawn, height, notes(figure, rows), layout.width),)


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The members of a figure, the one that moves the result most first."""
    rows = [row for row in tables["rpt_influence"] if row["figure_id"] == figure.figure_id]
    analyses = sorted({row["analysis_id"] for row in rows})
    if len(analyses) > 1:
        raise ValueError(f"one analysis is shown; figure_blocks has {', '.join(analyses)}")
    return sorted(rows, key=lambda row: row["row_order"])


def is_marked(row: Row) -> bool:
    """True for a member beyond a limit."""
    return bool(row["is_influential"] or row["is_outlying"])


def label(row: Row) -> str:
    """Its name; a dagger where it is beyond a limit."""
    return row["label"] + (theme.DAGGER if is_marked(row) else "")


def colour_of(row: Row) -> theme.Colour:
    """Another colour beyond a limit."""
    return theme.CONFLICT if is_marked(row) else theme.SQUARE


def baujat(rows: Sequence[Row], layout: Layout, size: tuple[float, float]) -> list[alt.Chart]:
    """Contribution to the heterogeneity across, influence upwards; outliers are named."""
    _, high = plot.room_for([0.0, *(row["heterogeneity"] for row in rows)], 0.06)
    _, top = plot.room_for([0.0, *(row["influence"] for row in rows)], 0.08)
    made = Plot(
        layout.left,
        HEAD_ROOM,
        Scale((0.0, high), layout.width - layout.left - EDGE),
        Scale((0.0, top), layout.plot),
    )
    dots = [
        {
            "x": made.x(row["heterogeneity"]),
            "y": made.y(row["influence"]),
            "area": POINT,
            "fill": colour_of(row).light,
        }
        for row in reversed(rows)
    ]
    named = [
        Name(label(row), made.x(row["heterogeneity"]), made.y(row["influence"]))
        for row in rows
        if is_marked(row)
    ]
    titles = ("Contribution to the heterogeneity", "Influence on the pooled result")
    return [
        *plot.axes(made, titles, size),
        canvas.dots(dots, *size),
        *plot.names(named, made, size),
    ]


def small_plots(
    figure: Figure,
    rows: Sequence[Row],
    layout: Layout,
    top: float,
    step: float,
    size: tuple[float, float],
) -> list[alt.Chart]:
    """A row for each member, a column for each measure with its limits as dashed lines."""
    end = top + step * len(rows)
    stripes = [
        {"x": 0.0, "x2": size[0], "y": top + i * step, "y2": top + (i + 1) * step,
         "fill": theme.STRIPE.light}
        for i in range(0, len(rows), 2)
    ]  # fmt: skip
    room = (size[0] - layout.labels - EDGE) / len(MEASURES)
    lines, marks = [], []
    for i, measure in enumerate(MEASURES):
        left = layout.labels + i * room + layout.gap / 2
        scale = scale_of(figure, measure, rows, room - layout.gap)
        lines += reference(measure, rows[0], scale, left, (top, end, step), size)
        marks += column(measure, rows, scale, left, (top, end, step), layout, size)
    return [
        canvas.tiles(stripes, *size, stroke=0),
        *lines,
        *label_grounds(rows, layout, top, step, size),
        *row_labels(rows, layout, top, step, size),
        *marks,
    ]


def label_grounds(
    rows: Sequence[Row], layout: Layout, top: float, step: float, size: tuple[float, float]
) -> list[alt.Chart]:
    """What keeps the lines from crossing names that stand above their row."""
    if not layout.is_stacked:
        return []
    colours = (theme.STRIPE, theme.PAPER)
    items = [
        {
            "x": 0.0,
            "x2": size[0],
            "y": top + i * step,
            "y2": top + i * step + LABEL_STRIP,
            "fill": colours[i % 2].light,
        }
        for i in range(len(rows))
    ]
    return [canvas.tiles(items, *size, stroke=0)]


def row_labels(
    rows: Sequence[Row], layout: Layout, top: float, step: float, size: tuple[float, float]
) -> list[alt.Chart]:
    """The names of the members, left of the small plots or above them."""
    room = size[0] if layout.is_stacked else layout.labels
    items = [
        {
            "x": 4.0,
            "y": top + i * step + theme.ROW / 2,
            "text": shortened(label(row), room - 6, is_marked(row)),
            "bold": is_marked(row),
            "colour": (theme.CONFLICT if is_marked(row) else theme.INK).light,
        }
        for i, row in enumerate(rows)
    ]
    return [canvas.words(items, *size, align="left")]


def shortened(words: str, room: float, is_bold: bool) -> str:
    """Words that fit; what is cut off is in the table."""
    if text.width(words, theme.TEXT, is_bold) <= room:
        return words
    ending = "…" + (theme.DAGGER if words.endswith(theme.DAGGER) else "")
    while words and text.width(words.rstrip() + ending, theme.TEXT, is_bold) > room:
        words = words[:-1]
    return words.rstrip() + ending


def scale_of(figure: Figure, measure: Measure, rows: Sequence[Row], width: float) -> Scale:
    """The axis of a measure: all values, its limits, and zero or the interval of all."""
    values = [row[measure.key] for row in rows if not formats.is_missing(row[measure.key])]
    if measure.limit is None:
        values += [rows[0][f"{key}_of_all"] for key in ("ci_low", "ci_high")]
        is_log = figure.is_log_scale
        ends = [math.log(v) for v in values] if is_log else values
        low, high = plot.room_for(ends)
        return Scale((math.exp(low), math.exp(high)) if is_log else (low, high), width, is_log)
    limit = rows[0][measure.limit]
    values += [-limit, limit] if measure.has_two_sides else [limit]
    low, high = plot.room_for([0.0, *values])
    return Scale((low if measure.has_two_sides else 0.0, high), width)


def column(
    measure: Measure,
    rows: Sequence[Row],
    scale: Scale,
    left: float,
    rows_at: tuple[float, float, float],
    layout: Layout,
    size: tuple[float, float],
) -> list[alt.Chart]:
    """One measure: heading, dots and a few numbers below."""
    top, end, step = rows_at
    heading = measure.short if layout.is_stacked else measure.heading
    middle = left + scale.width / 2
    words = [{"x": middle, "y": top - 12, "text": heading, "bold": True}]
    ticks = ends_of(scale) if layout.is_stacked else plot.few_ticks(scale)
    words += [
        {"x": left + scale.px(v), "y": end + 12, "text": number, "size": theme.SMALL}
        for v, number in zip(ticks, plot.tick_numbers(ticks), strict=True)
    ]
    dots = [
        {
            "x": left + scale.px(row[measure.key]),
            "y": top + (i + 1) * step - theme.ROW / 2,
            "area": 30.0,
            "fill": colour_of(row).light,
        }
        for i, row in enumerate(rows)
        if not formats.is_missing(row[measure.key])
    ]
    return [canvas.words(words, *size), canvas.dots(dots, *size)]


def ends_of(scale: Scale) -> tuple[float, ...]:
    """The one round value that a narrow axis has room for, and zero where that is another."""
    ticks = plot.few_ticks(scale, 3)
    return (ticks[-1],) if 0 not in ticks or ticks[-1] == 0 else (0.0, ticks[-1])


def reference(
    measure: Measure,
    row: Row,
    scale: Scale,
    left: float,
    rows_at: tuple[float, float, float],
    size: tuple[float, float],
) -> list[alt.Chart]:
    """What values are compared with: zero and the limits, or the result of all."""
    top, end, _ = rows_at
    if measure.limit is None:
        solid, dashed = [row["estimate_of_all"]], [row["ci_low_of_all"], row["ci_high_of_all"]]
    else:
        limit = row[measure.limit]
        solid, dashed = [0.0], [-limit, limit] if measure.has_two_sides else [limit]

    def upright(values: Sequence[float]) -> list[dict[str, float]]:
        at = [left + scale.px(value) for value in values]
        return [{"x": x, "x2": x, "y": top, "y2": end} for x in at]

    return [
        canvas.rules(upright(solid), *size, colour=theme.GRID),
        canvas.rules(upright(dashed), *size, colour=theme.RECOMMENDED, dash=(4, 3)),
    ]


def notes(figure: Figure, rows: Sequence[Row]) -> tuple[str, ...]:
    """What marks mean, how the limits are set, and what is left to the table."""
    row = rows[0]
    limits = ", ".join(
        f"{name} {formats.number(row[key])}"
        for name, key in (
            ("residual ±", "rstudent_limit"),
            ("DFFITS ±", "dffits_limit"),
            ("Cook's distance", "cook_limit"),
            ("hat value", "hat_limit"),
        )
    ).replace("± ", "±")
    written = [
        f"{theme.DAGGER} and another colour: beyond a limit. Dashed lines, limits: {limits}; in "
        "the last column the 95% CI of all, their estimate solid."
    ]
    if len(rows) > MOST:
        written.append(
            f"Rows: the {MOST} of {len(rows)} [[members]] with the largest Cook's distance; the "
            "table has all."
        )
    return (" ".join(written),)


def message(figure: Figure, tables: Tables) -> str | None:
    """Who is beyond a limit."""
    rows = own_rows(figure, tables)
    if not rows:
        return None
    moving = [row["label"] for row in rows if row["is_influential"]]
    off = [row["label"] for row in rows if row["is_outlying"] and not row["is_influential"]]
    words = [
        f"{who(labels)} {formats.agreeing(len(labels), one, several)}"
        for labels, one, several in (
            (moving, "moves the result more than others", "move the result more than others"),
            (off, "lies off the others", "lie off the others"),
        )
        if labels
    ]
    found = ", and ".join(words) or "no [[member]] is beyond the limits of influence"
    return about(rows[0]["analysis_label"], found)


def who(labels: Sequence[str]) -> str:
    """Names of a few, `A, B and C`; of more how many they are."""
    if len(labels) > 3:
        return f"{formats.count(len(labels))} [[members]]"
    return " and ".join(part for part in (", ".join(labels[:-1]), labels[-1]) if part)


def describe(figure: Figure, tables: Tables) -> str:
    """How many are beyond a limit, and the numbers of each of these."""
    rows = own_rows(figure, tables)
    if not rows:
        return "No figure of influence."
    marked = [row for row in rows if is_marked(row)]
    count = formats.counted(len(rows), "[[member]]", "[[members]]")
    words = [
        f"Baujat plot and influence measures of {count}; {len(marked)} beyond a limit.",
        f"All: {formats.result(of_all(rows[0]), figure.decimals)}.",
    ]
    words += [
        f"{row['label']}: residual {formats.number(row['rstudent'])}, DFFITS "
        f"{formats.number(row['dffits'])}, Cook's distance {formats.number(row['cook_d'])}, hat "
        f"value {formats.number(row['hat'])}; without it {formats.result(row, figure.decimals)}."
        for row in marked
    ]
    return " ".join(words)


def of_all(row: Row) -> Row:
    """The result of all members."""
    return {key: row[f"{key}_of_all"] for key in formats.RESULT}


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per member."""
    return [
        (
            row["label"],
            *(
                formats.number(row[key])
                for key in ("heterogeneity", "influence", "rstudent", "dffits", "cook_d", "hat")
            ),
            formats.result(row, figure.decimals),
            beyond(row),
        )
        for row in own_rows(figure, tables)
    ]


def beyond(row: Row) -> str:
    """What a member is, where it is beyond a limit."""
    kinds = [
        word
        for word, key in (("influential", "is_influential"), ("outlying", "is_outlying"))
        if row[key]
    ]
    return ", ".join(kinds) or theme.NOT_APPLICABLE


KIND = FigureKind(
    reads=("rpt_influence",),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=(
        "[[Member]]",
        "Heterogeneity",
        "Influence",
        "Residual",
        "DFFITS",
        "Cook's distance",
        "Hat value",
        "Pooled without it (95% CI)",
        "Beyond a limit",
    ),
    numeric=frozenset(
        {
            "Heterogeneity",
            "Influence",
            "Residual",
            "DFFITS",
            "Cook's distance",
            "Hat value",
            "Pooled without it (95% CI)",
        }
    ),
    data_rows=data_rows,
    own_rows=own_rows,
    page="subgroups",
    section="section-choices",
    is_detail=True,
    outlined=Outlined(
        order=24,
        figure_id="influence_{analysis}",
        title="influence of each [[member]]",
        subtitle="Contribution to the heterogeneity against influence; measures of each",
        least=5,
    ),
)
