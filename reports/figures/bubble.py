"""Bubble plots: effects against year and size of the meta-analyses, with meta-regressions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import altair as alt

from reports import formats, theme
from reports.charts import canvas, plot
from reports.charts.plot import Plot
from reports.charts.scale import Scale
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.words import lower_first, worded
from umbrella.text import about

SMALLEST, LARGEST = 14.0, 240.0
"""Areas in px² of a member without weight, and of the one with the most."""
HEAD = 62.0
"""From the top of the plot's words to the plot: what its axis is, and the slope in two lines."""
FOOT = 44.0
EDGE = 10.0


@dataclass(frozen=True)
class Layout:
    """Sizes in px: the picture, the room left of a plot, its height, and how many stand in a row.

    A plot alone in its row is at most `widest` wide.
    """

    width: float
    left: float
    plot: float
    beside: int
    widest: float


WIDE = Layout(width=theme.CONTENT, left=38.0, plot=220.0, beside=3, widest=460.0)
NARROW = Layout(width=theme.PHONE, left=38.0, plot=190.0, beside=1, widest=theme.PHONE)


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw a plot for each moderator of rpt_regressions, with the points of rpt_bubbles.

    Raises ValueError for the rows of two analyses, and for an unknown kind of row.
    """
    regressions = own_regressions(figure, tables)
    if not regressions:
        sentence = worded("Too few [[members]] for a meta-regression.", tables)
        return (canvas.nothing(sentence, layout.width),)
    rows = own_rows(figure, tables)
    beside = min(layout.beside, len(regressions))
    lines = math.ceil(len(regressions) / beside)
    step = HEAD + layout.plot + FOOT
    size = (layout.width, step * lines)
    room = min(layout.width / beside, layout.widest)
    up = upright(figure, rows, layout.plot)
    drawn: list[alt.Chart] = []
    for i, regression in enumerate(regressions):
        left = (i % beside) * room + layout.left
        top = (i // beside) * step + HEAD
        points = [row for row in rows if row["moderator"] == regression["moderator"]]
        across = horizontal(points, regression, room - layout.left - EDGE)
        drawn += one_plot(figure, regression, points, Plot(left, top, across, up), size)
    return (canvas.panel(drawn, size[1], notes(figure, regressions), layout.width),)


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The points and lines of a figure; ValueError for an unknown kind."""
    rows = [row for row in tables["rpt_bubbles"] if row["figure_id"] == figure.figure_id]
    for row in rows:
        if row["row_kind"] not in ("member", "line"):
            raise ValueError(f"rpt_bubbles.row_kind: unknown value {row['row_kind']!r}")
    return sorted(rows, key=lambda row: row["row_order"])


def own_regressions(figure: Figure, tables: Tables) -> list[Row]:
    """The moderators of a figure in their order."""
    rows = [row for row in tables["rpt_regressions"] if row["figure_id"] == figure.figure_id]
    analyses = sorted({row["analysis_id"] for row in rows})
    if len(analyses) > 1:
        raise ValueError(f"one analysis is shown; figure_blocks has {', '.join(analyses)}")
    return sorted(rows, key=lambda row: row["row_order"])


def upright(figure: Figure, rows: Sequence[Row], height: float) -> Scale:
    """The axis of effects, one for all plots, with the value of no effect."""
    values = [
        row[key] for row in rows for key in ("estimate", "ci_low", "ci_high")
        if not formats.is_missing(row[key])
    ]  # fmt: skip
    if figure.is_log_scale:
        low, high = plot.room_for([0.0, *map(math.log, values)])
        return Scale((math.exp(low), math.exp(high)), height, is_log=True)
    return Scale(plot.room_for([0.0, *values]), height)


def horizontal(rows: Sequence[Row], regression: Row, width: float) -> Scale:
    """The axis of a moderator; that of sizes is logarithmic."""
    values = [row["x"] for row in rows]
    if regression["is_log2"]:
        low, high = plot.room_for(map(math.log, values))
        return Scale((math.exp(low), math.exp(high)), width, is_log=True)
    return Scale(plot.room_for(values), width)


def one_plot(
    figure: Figure, regression: Row, rows: Sequence[Row], made: Plot, size: tuple[float, float]
) -> list[alt.Chart]:
    """One moderator: band and line, no effect, the members, axes, and the slope above."""
    line = [row for row in rows if row["row_kind"] == "line"]
    members = [row for row in rows if row["row_kind"] == "member"]
    null = made.y(made.up.null_value)
    ticks = round_values(made.across)
    return [
        canvas.area(
            [
                {"x": made.x(row["x"]), "y": made.y(row["ci_high"]), "y2": made.y(row["ci_low"])}
                for row in line
                if not formats.is_missing(row["ci_low"])
            ],
            *size,
            colour=theme.STAGE,
        ),
        canvas.rules(
            [{"x": made.left, "x2": made.right, "y": null, "y2": null}], *size, colour=theme.GRID
        ),
        canvas.path(
            [{"x": made.x(row["x"]), "y": made.y(row["estimate"])} for row in line],
            *size,
            colour=theme.RECOMMENDED,
        ),
        canvas.bubbles(bubbles(members, made), *size),
        *plot.axes(
            made,
            (regression["axis_label"], ""),
            size,
            (ticks, [formats.count(tick) if regression["is_log2"] else f"{tick:g}"
                     for tick in ticks]),
        ),
        canvas.words(heading(figure, regression, made), *size, align="left"),
    ]  # fmt: skip


def round_values(across: Scale) -> tuple[float, ...]:
    """At most four whole values of an axis."""
    ticks = [tick for tick in across.ticks if tick == round(tick)]
    return tuple(ticks[:: -(-len(ticks) // 4) or 1])


def bubbles(members: Sequence[Row], made: Plot) -> list[dict[str, object]]:
    """The members, the large ones behind the small ones."""
    most = max(row["weight_percent"] for row in members)
    return [
        {
            "x": made.x(row["x"]),
            "y": made.y(row["estimate"]),
            "area": SMALLEST + (LARGEST - SMALLEST) * row["weight_percent"] / most,
        }
        for row in sorted(members, key=lambda row: -row["weight_percent"])
    ]


def heading(figure: Figure, regression: Row, made: Plot) -> list[dict[str, object]]:
    """What the upright axis is, and the slope with P and R²."""
    r2 = formats.percent(regression["r2_percent"], 0, missing=theme.NOT_REPORTED)
    k = f"k={formats.count(regression['k'])}"
    lines = (
        (f"{'Factor' if figure.is_log_scale else 'Slope'} {slope(figure, regression)}", False),
        (f"{formats.p_value(regression['p_value'])}, R² {r2}, {k}", False),
        (figure.measure_heading, True),
    )
    return [
        {"x": made.left if i < 2 else made.left - 30.0, "y": made.top - 54 + 17 * i,
         "text": words, "bold": is_bold, "size": theme.TEXT if is_bold else theme.SMALL}
        for i, (words, is_bold) in enumerate(lines)
    ]  # fmt: skip


def slope_name(figure: Figure, regression: Row) -> str:
    """`Slope`, `Factor` of ratios, or `Slope of Fisher's z`."""
    if regression["slope_of"]:
        return f"Slope of {regression['slope_of']}"
    return "Factor" if figure.is_log_scale else "Slope"


def slope(figure: Figure, regression: Row) -> str:
    """The slope with its interval, with one decimal more than effects have."""
    keys = ("slope", "slope_ci_low", "slope_ci_high")
    return formats.estimate(*(regression[key] for key in keys), figure.decimals + 1)


def notes(figure: Figure, regressions: Sequence[Row]) -> tuple[str, ...]:
    """What the marks mean."""
    of = regressions[0]["slope_of"] or "the effect"
    unit = f"the {'factor' if figure.is_log_scale else 'change'} of {of}"
    return (
        "Circles, [[members]], the larger the more they weigh; line and pale band, meta-regression "
        f"with 95% CI; grey line, no effect. The slope is {unit} with each year, or with twice as "
        "many. R²: share of the heterogeneity that goes with it.",
    )


def message(figure: Figure, tables: Tables) -> str | None:
    """Which trends there are, and which are not clear."""
    rows = own_regressions(figure, tables)
    trends = [row for row in rows if row["trend"] in ("rising", "falling")]
    others = [row["moderator_text"] for row in rows if row["trend"] == "none"]
    words = [trend_words(figure, row) for row in trends]
    if others:
        words.append(f"no clear trend with {' or '.join(others)}")
    return about(rows[0]["analysis_label"], "; ".join(words)) if words else None


def trend_words(figure: Figure, row: Row) -> str:
    """`the SMD falls by 0.058 with each later year (P<0.001)`."""
    verb = "rises" if row["trend"] == "rising" else "falls"
    size = formats.number(row["slope"], figure.decimals + 1).lstrip(theme.MINUS)
    by = f"to ×{size}" if figure.is_log_scale else f"by {size}"
    p = formats.p_value(row["p_value"])
    measure = row["slope_of"] or f"the {figure.measure_heading}"
    return f"{measure} {verb} {by} {row['per_text']} ({p})"


def describe(figure: Figure, tables: Tables) -> str:
    """The slope of each moderator, and what it says."""
    rows = own_regressions(figure, tables)
    if not rows:
        return "No meta-regression."
    words = [f"Bubble plot of the {figure.measure_heading} by {one['moderator_text']}: "
             f"{formats.counted(one['k'], '[[member]]', '[[members]]')} of "
             f"{formats.count(one['k_of_all'])}, {lower_first(slope_name(figure, one))} "
             f"{slope(figure, one)}, "
             f"{formats.p_value(one['p_value'])}." for one in rows]  # fmt: skip
    if said := message(figure, tables):
        words.append(f"{said}.")
    return " ".join(words)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """The slopes, then one row per member and moderator."""
    regressions = own_regressions(figure, tables)
    names = {row["moderator"]: row["axis_label"].split(",")[0] for row in regressions}
    slopes = [
        (
            names[row["moderator"]],
            f"{slope_name(figure, row)}, {row['per_text']}",
            theme.NOT_APPLICABLE,
            slope(figure, row),
            formats.p_or_dash(row["p_value"]),
            formats.percent(row["r2_percent"], 0, missing=theme.NOT_APPLICABLE),
            theme.NOT_APPLICABLE,
        )
        for row in regressions
    ]
    members = [
        (
            names[row["moderator"]],
            row["label"],
            f"{row['x']:.0f}",
            formats.number(row["estimate"], figure.decimals),
            theme.NOT_APPLICABLE,
            theme.NOT_APPLICABLE,
            formats.percent(row["weight_percent"]),
        )
        for row in own_rows(figure, tables)
        if row["row_kind"] == "member"
    ]
    return slopes + members


KIND = FigureKind(
    reads=("rpt_bubbles", "rpt_regressions"),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=("Moderator", "[[Member]]", "Value", "Estimate", "P", "R²", "Weight"),
    numeric=frozenset({"Value", "Estimate", "P", "R²", "Weight"}),
    data_rows=data_rows,
    own_rows=own_rows,
    page="subgroups",
    section="section-choices",
    is_detail=True,
    outlined=Outlined(
        order=26,
        figure_id="bubble_{analysis}",
        title="effect by year and size of the [[members]]",
        least=10,
    ),
)
