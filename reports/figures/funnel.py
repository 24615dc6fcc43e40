"""Funnel plots: meta-analyses by effect and standard error, with contours of significance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import altair as alt

from reports import formats, text, theme
from reports.charts import canvas, layers
from reports.charts.scale import Scale, linear_ticks, nice_step
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.words import lower_first, worded
from umbrella.text import about

TOP = 24.0
AXIS_HEIGHT = 44
LINE_STEP = 14.0
SWATCH = 14.0
SWATCH_STEP = 19.0
POINT = 44.0
EDGE = 8.0
MARGIN = 2.0
# Shades outside the contours, the widest first, and inside the narrowest.
SHADES = (theme.STRIPE, theme.RANGE, theme.BAND_2, theme.PAPER)
# Fill and outline of a point.
POINTS = {
    "meta_analysis": (theme.SQUARE, theme.PAPER),
    "filled": (theme.PAPER, theme.PREDICTION),
}
LEGEND_TITLE = "Two-sided P of a point"


@dataclass(frozen=True)
class Layout:
    """Sizes in px of the picture, and where its notes stand.

    width                  width of the whole picture
    left and right         room beside the plot
    plot                   height of the plot
    notes_left, notes_top  corner of the notes, from the picture's left and top
    legend_columns         columns of the legend, which the notes begin with
    """

    width: float
    left: float
    right: float
    plot: float
    notes_left: float
    notes_top: float
    notes_width: float
    legend_columns: int

    @property
    def plot_width(self) -> float:
        """Width of the plot."""
        return self.width - self.left - self.right


WIDE = Layout(
    width=theme.CONTENT,
    left=58.0,
    right=205.0,
    plot=340.0,
    notes_left=550.0,
    notes_top=28.0,
    notes_width=181.0,
    legend_columns=1,
)
NARROW = Layout(
    width=theme.PHONE,
    left=52.0,
    right=12.0,
    plot=260.0,
    notes_left=0.0,
    notes_top=340.0,
    notes_width=theme.PHONE - MARGIN,
    legend_columns=2,
)


def to_axis(effect: float, is_log: bool) -> float:
    """An effect on the scale of the analysis as a value of the axis: ratios leave the log."""
    return math.exp(effect) if is_log else effect


def to_effect(shown: float, is_log: bool) -> float:
    """A value of the axis on the scale of the analysis."""
    return math.log(shown) if is_log else shown


@dataclass(frozen=True)
class Plane:
    """Where an effect and a standard error fall: effects on the scale, errors downwards."""

    scale: Scale
    largest_se: float
    layout: Layout = WIDE

    @property
    def height(self) -> float:
        """Lower edge of the plot in px."""
        return TOP + self.layout.plot

    def y(self, se: float) -> float:
        """Px from the top of the view."""
        return TOP + self.layout.plot * se / self.largest_se

    def ray(self, start: float, slope: float) -> tuple[float, float]:
        """Where a line from effect `start` at error 0 ends in the plot: axis value and error."""
        low, high = (to_effect(limit, self.scale.is_log) for limit in self.scale.domain)
        cut = min(max(start + slope * self.largest_se, low), high)
        return to_axis(cut, self.scale.is_log), (cut - start) / slope


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw the points of rpt_funnel on one page, with what rpt_funnel_summary says of them.

    Raises ValueError where the figure has points but no row of rpt_funnel_summary.
    """
    rows = own_rows(figure, tables)
    if not rows:
        return (canvas.nothing(worded("No [[member]] can be drawn here.", tables), layout.width),)
    summary = own_summary(figure, tables)
    if summary is None:
        raise ValueError("rpt_funnel_summary has no row of this figure")
    plane = make_plane(figure, rows, summary, layout)
    outlines = own_contours(tables)
    noted, notes_end = side_notes(figure, summary, outlines, plane)
    drawn = [
        *contours(outlines, plane),
        null_line(plane),
        *pooled_lines(summary, plane),
        *points(rows, plane),
        *error_axis(plane),
        *labels(figure, summary, plane),
        *noted,
        right_edge(plane),
    ]
    panel = Panel(
        layers=tuple(drawn),
        left=layout.left,
        view_width=plane.scale.width,
        view_height=plane.height,
        bottom=max(plane.height + AXIS_HEIGHT, notes_end),
        width=layout.width,
        notes=notes(rows, summary),
    )
    return (panel,)


def right_edge(plane: Plane) -> alt.Chart:
    """Nothing, at the right edge: no mark reaches it, and words do not widen a picture."""
    at = plane.layout.width - plane.layout.left
    return layers.texts([{"y": TOP, "text": ""}], at, plane.height)


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The points of a figure in their order; ValueError for an unknown kind."""
    rows = [row for row in tables["rpt_funnel"] if row["figure_id"] == figure.figure_id]
    for row in rows:
        if row["point_kind"] not in POINTS:
            raise ValueError(f"rpt_funnel.point_kind: unknown value {row['point_kind']!r}")
    return sorted(rows, key=lambda row: row["point_order"])


def own_summary(figure: Figure, tables: Tables) -> Row | None:
    """The tests of a figure."""
    rows = tables["rpt_funnel_summary"]
    return next((row for row in rows if row["figure_id"] == figure.figure_id), None)


def own_contours(tables: Tables) -> list[Row]:
    """The contours, the widest first; ValueError for more or fewer than have a shade."""
    rows = sorted(tables["rpt_funnel_contours"], key=lambda row: row["p_value"])
    if len(rows) != len(SHADES) - 1:
        raise ValueError(f"rpt_funnel_contours has {len(rows)} rows instead of {len(SHADES) - 1}")
    return rows


def make_plane(figure: Figure, rows: Sequence[Row], summary: Row, layout: Layout = WIDE) -> Plane:
    """The plane that holds every point, no effect and the pseudo limits at its lower edge."""
    largest = max(row["se"] for row in rows)
    step = nice_step(largest, 4)
    largest_se = round(math.ceil(largest * 1.02 / step) * step, 10)
    width, is_log = layout.plot_width, figure.is_log_scale
    reach = summary["pseudo_limit_z"] * largest_se
    pooled = to_effect(summary["estimate"], is_log)
    ends = [to_effect(row["estimate"], is_log) for row in rows]
    ends += [0.0, pooled - reach, pooled + reach]
    # A point at the end keeps its whole circle.
    room = EDGE / width * (max(ends) - min(ends))
    domain = to_axis(min(ends) - room, is_log), to_axis(max(ends) + room, is_log)
    return Plane(Scale(domain, width, is_log), largest_se, layout)


def contours(outlines: Sequence[Row], plane: Plane) -> list[alt.Chart]:
    """Regions of P around no effect: the outermost fills the plot, the others are triangles."""
    width, height = plane.scale.width, plane.height
    ground = [{"y": TOP, "y2": height, "colour": SHADES[0].light}]
    drawn = [layers.bands(ground, 0, width, height)]
    for row, shade in zip(outlines, SHADES[1:], strict=True):
        drawn.append(layers.polygons(triangle(row, shade, plane), plane.scale, height))
    return drawn


def triangle(contour: Row, shade: theme.Colour, plane: Plane) -> list[dict[str, Any]]:
    """Points inside a contour: a triangle that opens downwards from no effect."""
    z = contour["z"]
    corners = [plane.ray(0.0, -z), (plane.scale.null_value, 0.0), plane.ray(0.0, z)]
    return [
        {
            "id": f"{contour['p_value']}",
            "x": x,
            "y": plane.y(se),
            "y2": plane.height,
            "fill": shade.light,
            "colour": None,
        }
        for x, se in corners
    ]


def null_line(plane: Plane) -> alt.Chart:
    """The solid line of no effect; it also carries the axis."""
    line = {"x": plane.scale.null_value, "y": TOP, "y2": plane.height}
    return layers.verticals([line], plane.scale, plane.height)


def has_filled(summary: Row) -> bool:
    """True when trim and fill fills something in."""
    return bool(summary["filled_k"]) and not formats.is_missing(summary["filled_estimate"])


def pooled_lines(summary: Row, plane: Plane) -> list[alt.Chart]:
    """The pooled estimate with its pseudo 95% limits, and the estimate with what is filled in."""
    height = plane.height
    pooled = to_effect(summary["estimate"], plane.scale.is_log)
    limits = []
    for slope in (-summary["pseudo_limit_z"], summary["pseudo_limit_z"]):
        x, se = plane.ray(pooled, slope)
        limits.append({"x": summary["estimate"], "y": TOP, "x2": x, "y2": plane.y(se)})
    line = {"x": summary["estimate"], "y": TOP - 4, "y2": height}
    drawn = [
        slopes(limits, plane),
        layers.verticals([line], plane.scale, height, theme.RECOMMENDED, stroke=1.5),
    ]
    if has_filled(summary):
        filled = {**line, "x": summary["filled_estimate"]}
        drawn.append(
            layers.verticals([filled], plane.scale, height, theme.PREDICTION, (5, 3), stroke=1.5)
        )
    return drawn


def slopes(items: list[dict[str, float]], plane: Plane) -> alt.Chart:
    """Dashed slanted lines; items hold `x`, `y`, `x2` and `y2`."""
    chart = alt.Chart(layers.data(items)).mark_rule(
        color=theme.RECOMMENDED.light, strokeWidth=theme.LINE, strokeDash=[4, 3], opacity=1
    )
    return chart.encode(
        x=layers.x("x", plane.scale),
        x2=alt.X2("x2:Q"),
        y=layers.y("y", plane.height),
        y2=alt.Y2("y2:Q"),
    )


def points(rows: Sequence[Row], plane: Plane) -> list[alt.Chart]:
    """A filled circle per meta-analysis, a hollow one per filled-in one."""
    drawn = []
    for kind, (fill, stroke) in POINTS.items():
        items = [
            {
                "x": row["estimate"],
                "y": plane.y(row["se"]),
                "area": POINT,
                "fill": fill.light,
                "colour": stroke.light,
            }
            for row in rows
            if row["point_kind"] == kind
        ]
        if items:
            drawn.append(layers.symbols(items, plane.scale, plane.height, "circle"))
    return drawn


def error_axis(plane: Plane) -> list[alt.Chart]:
    """The axis of standard errors, zero at the top."""
    height = plane.height
    ticks = linear_ticks(0.0, plane.largest_se)
    places = max(len(f"{tick:g}".partition(".")[2]) for tick in ticks)
    numbers = [{"y": plane.y(tick), "text": formats.number(tick, places)} for tick in ticks]
    edge = {"x": plane.scale.domain[0], "y": TOP, "y2": height}
    title = [{"y": TOP + plane.layout.plot / 2, "text": "Standard error", "bold": True}]
    return [
        layers.verticals([edge], plane.scale, height),
        layers.lines([{"y": plane.y(tick)} for tick in ticks], -4, 0, height),
        layers.texts(numbers, -8, height, align="right"),
        layers.texts(title, 9 - plane.layout.left, height, align="center", angle=270),
    ]


def labels(figure: Figure, summary: Row, plane: Plane) -> list[alt.Chart]:
    """The name of the axis below the plot, and those of the vertical lines above it."""
    height = plane.height
    ending = ", log scale" if figure.is_log_scale else ""
    axis = {
        "y": height + 34,
        "text": f"{figure.measure_label}{ending}",
        "bold": True,
    }
    names = line_names(figure, summary, plane)
    shift = shift_inside(names, plane)
    return [
        layers.texts([axis], plane.scale.width / 2, height, "center", name="axis_title"),
        *(layers.texts([name.item], name.at + shift, height, name.align) for name in names),
    ]


@dataclass(frozen=True)
class LineName:
    """The name of a vertical line: a text at px from the plot's left."""

    text: str
    colour: theme.Colour
    at: float
    align: str = "center"

    @property
    def item(self) -> dict[str, Any]:
        """The text as a layer takes it."""
        return {"y": 8.0, "text": self.text, "bold": True, "colour": self.colour.light}

    @property
    def span(self) -> tuple[float, float]:
        """First and last px of the text."""
        wide = text.width(self.text, theme.TEXT, bold=True)
        start = self.at - wide * {"left": 0.0, "center": 0.5, "right": 1.0}[self.align]
        return start, start + wide


def line_names(figure: Figure, summary: Row, plane: Plane) -> list[LineName]:
    """The pooled estimate, and the one with what is filled in on its own side of it."""
    places, scale = figure.decimals, plane.scale
    words = f"Pooled {formats.number(summary['estimate'], places)}"
    pooled = LineName(words, theme.RECOMMENDED, scale.px(summary["estimate"]))
    if not has_filled(summary):
        return [pooled]
    words = f"With filled {formats.number(summary['filled_estimate'], places)}"
    at = scale.px(summary["filled_estimate"])
    if summary["filled_estimate"] < summary["estimate"]:
        return [
            replace(pooled, align="left"),
            LineName(words, theme.PREDICTION, at - 4, "right"),
        ]
    return [replace(pooled, align="right"), LineName(words, theme.PREDICTION, at + 4, "left")]


def shift_inside(names: Sequence[LineName], plane: Plane) -> float:
    """Px that move names into the picture, 0 where they lie in it."""
    starts, ends = zip(*(name.span for name in names), strict=True)
    low = MARGIN - plane.layout.left
    high = plane.layout.width - plane.layout.left - MARGIN
    return max(low - min(starts), 0.0) + min(high - max(ends), 0.0)


def side_notes(
    figure: Figure, summary: Row, outlines: Sequence[Row], plane: Plane
) -> tuple[list[alt.Chart], float]:
    """What the shades mean and what the tests say, right of the plot or below; and their end."""
    layout, height = plane.layout, plane.height
    at = layout.notes_left - layout.left
    title = {"y": layout.notes_top, "text": LEGEND_TITLE, "bold": True}
    shades, top = legend(outlines, plane, layout.notes_top + 12)
    items = [title]
    top += 12
    for heading, sentence, colour in findings(figure, summary):
        items.append({"y": top, "text": heading, "bold": True})
        top += LINE_STEP
        for line in text.wrap(sentence, layout.notes_width, theme.TEXT):
            items.append({"y": top, "text": line, "colour": colour.light})
            top += LINE_STEP
        top += 8
    return [*shades, layers.texts(items, at, height)], items[-1]["y"] + LINE_STEP / 2


def shade_names(outlines: Sequence[Row]) -> list[str]:
    """The P of each shade: P<0.01, P 0.01 to 0.05, P 0.05 to 0.10, P>0.10."""
    levels = [formats.number(row["p_value"]) for row in outlines]
    between = [f"P {low} to {high}" for low, high in pairwise(levels)]
    return [f"P<{levels[0]}", *between, f"P>{levels[-1]}"]


def legend(outlines: Sequence[Row], plane: Plane, top: float) -> tuple[list[alt.Chart], float]:
    """A swatch with its name per shade, in the columns of the layout; and where they end."""
    layout, height = plane.layout, plane.height
    keys = list(zip(SHADES, shade_names(outlines), strict=True))[::-1]
    count = math.ceil(len(keys) / layout.legend_columns)
    drawn = []
    for column in range(layout.legend_columns):
        at = layout.notes_left - layout.left + column * layout.notes_width / layout.legend_columns
        swatches, names = [], []
        for row, (shade, name) in enumerate(keys[column * count : (column + 1) * count]):
            y = top + row * SWATCH_STEP
            swatches.append(
                {"y": y, "y2": y + SWATCH, "x": at, "x2": at + SWATCH, "fill": shade.light}
            )
            names.append({"y": y + SWATCH / 2, "text": name})
        drawn += [framed(swatches, height), layers.texts(names, at + SWATCH + 7, height)]
    return drawn, top + count * SWATCH_STEP


def framed(items: list[dict[str, Any]], height: float) -> alt.Chart:
    """Small squares with a thin frame at px from the view's left; all of one column."""
    chart = alt.Chart(layers.data(items)).mark_rect(
        opacity=1, strokeWidth=theme.HAIRLINE, stroke=theme.GRID.light
    )
    return chart.encode(
        x=alt.XValue(items[0]["x"]),
        x2=alt.X2Value(items[0]["x2"]),
        y=layers.y("y", height),
        y2=alt.Y2("y2:Q"),
        fill=alt.Fill("fill:N", scale=None),
    )


def findings(figure: Figure, summary: Row) -> list[tuple[str, str, theme.Colour]]:
    """Heading, sentence and colour of each finding; a caution stands in place of the tests."""
    made = []
    if summary["caution"]:
        made.append(("Too few for a test", summary["caution"], theme.CONFLICT))
    else:
        made.append(("Egger's test", egger_words(summary), theme.INK))
        if variant := variant_words(summary):
            made.append(("Its variant for SMDs", variant, theme.INK))
    if not formats.is_missing(summary["filled_k"]):
        made.append(("Trim and fill", filled_words(figure, summary), theme.INK))
    return made


def test_words(row: Row, prefix: str) -> str:
    """Slope with interval and P of one test."""
    keys = (f"{prefix}_bias", f"{prefix}_ci_low", f"{prefix}_ci_high")
    return (
        f"slope {formats.estimate(*(row[key] for key in keys))}, "
        f"{formats.p_value(row[f'{prefix}_p'])}"
    )


def egger_words(summary: Row) -> str:
    """Egger's test over all, or why there is none."""
    if summary["egger_status"] != "ok":
        return f"not estimable ({(summary['egger_status'] or 'none').replace('_', ' ')})"
    return f"{test_words(summary, 'egger')}, k={formats.count(summary['k'])}"


def variant_words(summary: Row) -> str | None:
    """The variant for SMDs beside Egger's test on the same; None for ratios."""
    if summary["egger_smd_status"] in (None, "not_an_smd"):
        return None
    k = formats.count(summary["egger_smd_k"])
    if not summary["is_smd_tested"]:
        return f"not tested: {k} of {formats.count(summary['k'])} report participants"
    same = formats.p_value(summary["egger_same_p"])
    return f"{test_words(summary, 'egger_smd')}, k={k}; Egger's test on the same {k}: {same}"


def filled_words(figure: Figure, summary: Row) -> str:
    """How many are filled in on which side, and the estimate with them."""
    if not summary["filled_k"]:
        return f"none missing on the {summary['filled_side']}"
    places = figure.decimals
    keys = ("filled_estimate", "filled_ci_low", "filled_ci_high")
    result = formats.estimate(*(summary[key] for key in keys), places)
    count = formats.count(summary["filled_k"])
    return f"{count} filled in on the {summary['filled_side']}: {result}"


def notes(rows: Sequence[Row], summary: Row) -> tuple[str, ...]:
    """What the symbols and lines mean."""
    written = (
        "Circles, [[members]]; solid line, pooled by the recommended method; dashed slanted "
        "lines, pseudo 95% limits."
    )
    if has_filled(summary):
        written += " Hollow circles and dashed vertical line: filled in, and pooled with them."
    if summary["caution"]:
        written += " The table has the tests, with this caution."
    return (
        written,
        "An asymmetric funnel has other causes than unpublished results: heterogeneity, and "
        "[[studies]] that several [[members]] share.",
    )


POINT_NAMES = {"meta_analysis": "[[Member]]", "filled": "Filled in"}


def message(figure: Figure, tables: Tables) -> str | None:
    """What the tests of asymmetry say, or that there are too few meta-analyses to test."""
    row = own_summary(figure, tables)
    if not row:
        return None
    label, k = row["analysis_label"], formats.count(row["k"])
    if row["caution"]:
        few = formats.counted(row["k"], "[[member]] is", "[[members]] are")
        return about(label, f"{few} too few to test for funnel asymmetry")
    if formats.is_missing(row["egger_p"]):
        return None
    found = "asymmetric funnel" if row["is_asymmetric"] else "no clear asymmetry"
    words = f"{found} by Egger's test ({formats.p_value(row['egger_p'])}, k={k})"
    words = about(label, words)
    if not row["is_smd_tested"]:
        return words
    agrees = row["is_smd_asymmetric"] == row["is_asymmetric"]
    result = f"({formats.p_value(row['egger_smd_p'])}, k={formats.count(row['egger_smd_k'])})"
    return f"{words}, {'and' if agrees else 'not'} by its variant for SMDs {result}"


def describe(figure: Figure, tables: Tables) -> str:
    """How many points lie where, the pooled estimate, and the tests."""
    row = own_summary(figure, tables)
    if not row:
        return "No funnel plot."
    rows = [r for r in own_rows(figure, tables) if r["point_kind"] == "meta_analysis"]
    errors = [r["se"] for r in rows]
    places = figure.decimals
    words = [
        f"Funnel plot of {formats.counted(len(rows), '[[member]]', '[[members]]')}, "
        f"{lower_first(figure.measure_label)} against standard errors from "
        f"{formats.number(min(errors))} to {formats.number(max(errors))}.",
        "Pooled "
        + formats.result(row, places)
        + f"; {sum(r['is_above_pool'] for r in rows)} lie above it.",
        f"{sum(r['is_significant'] for r in rows)} of {len(rows)} differ from no effect at "
        f"P below {row['level']:g}.",
    ]
    words += [f"{heading}: {said.rstrip('.')}." for heading, said, _ in findings(figure, row)]
    return " ".join(words)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per point, then one per test."""
    places = figure.decimals
    made = [
        (
            row["label"],
            POINT_NAMES.get(row["point_kind"], row["point_kind"]),
            formats.result(row, places),
            formats.number(row["se"], 3),
            formats.p_number(row["p_value"]),
            formats.percent(row["weight_percent"], missing=theme.NOT_APPLICABLE),
            "",
        )
        for row in own_rows(figure, tables)
    ]
    summary = own_summary(figure, tables)
    return [*made, *(test_rows(figure, summary) if summary else [])]


def test_rows(figure: Figure, row: Row) -> list[tuple[str, ...]]:
    """Tests and trim and fill; below ten meta-analyses with the caution."""
    dash = theme.NOT_APPLICABLE
    made = []
    for name, prefix in (("Egger's test", "egger"), ("Its variant for SMDs", "egger_smd")):
        if row[f"{prefix}_status"] != "ok":
            continue
        keys = (f"{prefix}_bias", f"{prefix}_ci_low", f"{prefix}_ci_high")
        k = formats.count(row["k"] if prefix == "egger" else row["egger_smd_k"])
        p = formats.p_number(row[f"{prefix}_p"])
        slope = formats.estimate(*(row[key] for key in keys))
        remark = ". ".join(part for part in (f"k={k}", row["caution"]) if part)
        made.append((name, "Test, slope", slope, dash, p, dash, remark))
    if not formats.is_missing(row["filled_k"]):
        keys = ("filled_estimate", "filled_ci_low", "filled_ci_high")
        pooled = formats.estimate(*(row[key] for key in keys), figure.decimals)
        said = filled_words(figure, row)
        made.append(("Trim and fill", "Sensitivity", pooled, dash, dash, dash, said))
    return made


KIND = FigureKind(
    reads=("rpt_funnel", "rpt_funnel_summary", "rpt_funnel_contours"),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=(
        "[[Member]] or test",
        "Kind",
        "Estimate (95% CI)",
        "Standard error",
        "P",
        "Weight",
        "Remark",
    ),
    numeric=frozenset({"Estimate (95% CI)", "Standard error", "P", "Weight"}),
    data_rows=data_rows,
    own_rows=own_rows,
    page="subgroups",
    section="section-small-studies",
    outlined=Outlined(
        order=30,
        figure_id="funnel_{analysis}",
        title="funnel plot of [[members]]",
        subtitle="Effect against its standard error",
        least=3,
    ),
)
