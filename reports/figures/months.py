"""Effects over months: after treatment, at follow-up by its months, and the change between."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import altair as alt

from reports import formats, theme
from reports.charts import canvas, layers, table
from reports.charts.effect_axis import AXIS_HEIGHT, direction_layers, null_line
from reports.charts.forest_lines import estimate_cells
from reports.charts.intervals import diamond_layer, interval, interval_layers, is_clipped
from reports.charts.scale import Scale, shared_domain
from reports.charts.table import INDENT, Column, LayOut, Layout, Line, Placed
from reports.figure import Figure, FigureKind, Panel, Row, Tables
from reports.words import worded

HEADER = "Effect"
LABEL_LIMIT = 230
POOLS = ("post", "follow_up", "band")
KINDS = (*POOLS, "member", "change")
MEMBER = ("square", 34.0, theme.SQUARE)
SINGLE = ("circle", 40.0, theme.SQUARE)
CHANGE = ("circle", 40.0, theme.RECOMMENDED)
CHANGED = {
    "larger": "the effect grows",
    "smaller": "the effect shrinks",
    "neither": "no clear change",
}


def draw(figure: Figure, tables: Tables, lay_out: LayOut = table.lay_out) -> tuple[Panel, ...]:
    """Draw the lines of rpt_months on one page.

    Raises ValueError on an unknown row kind.
    """
    rows = own_rows(figure, tables)
    if not rows:
        return (canvas.nothing("No effect at follow-up can be drawn here."),)
    lines = group_lines(rows, figure)
    layout = lay_out(columns(figure, worded("[[Studies]]", tables)), lines, HEADER, LABEL_LIMIT)
    scale = make_scale(figure, rows, layout)
    placed = table.place(lines, layout, table.HEADER - theme.GAP / 2)
    height = table.bottom(placed) + theme.GAP
    drawn = [
        *table.stripe_layer(placed, layout, height),
        null_line(placed, layout, scale, height),
        *mark_layers(placed, scale, height),
        *table.header_layers(HEADER, layout, height),
        *table.text_layers(placed, layout, height),
        *direction_layers(figure, layout, scale, height),
    ]
    return (table.panel(drawn, layout, height, AXIS_HEIGHT, notes(rows, scale)),)


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The lines of a figure in their order."""
    rows = [row for row in tables["rpt_months"] if row["figure_id"] == figure.figure_id]
    for row in rows:
        if row["row_kind"] not in KINDS:
            raise ValueError(f"rpt_months.row_kind: unknown value {row['row_kind']!r}")
    return sorted(rows, key=lambda row: row["row_order"])


def columns(figure: Figure, studies: str) -> tuple[Column, ...]:
    """The text columns beside the plot; `studies` is what the review calls them."""
    measure = figure.measure or "Estimate"
    return (
        Column(("months",), "Months"),
        Column(("k",), "k"),
        Column(("trials",), studies),
        Column(("estimate", "low", "high"), f"{measure} (95% CI)", "right", "words"),
        Column(("post",), "After treatment", "right"),
    )


def make_scale(figure: Figure, rows: Sequence[Row], layout: Layout) -> Scale:
    """A scale that shows every estimate; a few enormous intervals do not stretch it."""
    values = [row[key] for row in rows for key in ("estimate", "ci_low", "ci_high")]
    domain = shared_domain(values, figure.is_log_scale)
    shown = [row[key] for row in rows for key in ("estimate", "post_estimate")]
    known = [value for value in shown if not formats.is_missing(value)]
    bounds = min([domain[0], *known]), max([domain[1], *known])
    return Scale(bounds, layout.plot_width, figure.is_log_scale)


def group_lines(rows: Sequence[Row], figure: Figure) -> list[Line]:
    """A bold line over each group, then its rows."""
    lines = []
    for group, members in groupby(rows, key=lambda row: row["group_label"]):
        lines.append(Line(group, is_bold=True, gap=theme.GAP))
        lines.extend(effect_line(row, figure, i % 2 == 0) for i, row in enumerate(members))
    return lines


def effect_line(row: Row, figure: Figure, is_striped: bool) -> Line:
    """One line; what its kind does not have stays empty."""
    places = figure.decimals
    cells = estimate_cells(row, places)
    if row["row_kind"] == "member":
        cells |= {
            "months": months(row),
            "trials": formats.count(row["n_studies"]),
            "post": after_treatment(row, figure),
        }
    else:
        cells["k"] = formats.count(row["k"])
    return Line(row["label"], cells, indent=INDENT, is_striped=is_striped, mark=dict(row))


def months(row: Row) -> str:
    """Months after treatment, with a decimal only where there is one."""
    value = row["follow_up_months"]
    if formats.is_missing(value):
        return theme.NOT_REPORTED
    return formats.number(value, 0 if float(value).is_integer() else 1)


def after_treatment(row: Row, figure: Figure) -> str:
    """The effect of the same meta-analysis after treatment; a dash where there is none."""
    places = figure.decimals
    return formats.number(row["post_estimate"], places, missing=theme.NOT_APPLICABLE)


def mark_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """Intervals, diamonds of pools, symbols of single effects and of changes."""
    points = [(p.middle, p.line.mark) for p in placed if p.line.mark]
    spans = [
        span
        for y, row in points
        if (span := interval(row["ci_low"], row["ci_high"], y, look(row)[2]))
        and (not is_pool(row) or is_clipped(row["ci_low"], row["ci_high"], scale))
    ]
    drawn = interval_layers(spans, scale, height)
    if layer := diamond_layer(diamonds(points), scale, height):
        drawn.append(layer)
    for shape in ("square", "circle"):
        items = [
            symbol(y, row["estimate"], look(row)[1], look(row)[2])
            for y, row in points
            if not is_pool(row)
            and look(row)[0] == shape
            and not formats.is_missing(row["estimate"])
        ]
        if items:
            drawn.append(layers.symbols(items, scale, height, shape))
    hollow = [
        symbol(y, row["post_estimate"], 40.0, theme.INK) | {"fill": theme.PAPER.light}
        for y, row in points
        if not formats.is_missing(row["post_estimate"])
    ]
    return [*drawn, layers.symbols(hollow, scale, height, "circle")] if hollow else drawn


def is_pool(row: Row) -> bool:
    """Whether a line is a diamond: a pooled effect of two or more, not a change."""
    return row["row_kind"] in POOLS and row["status"] != "single_study"


def look(row: Row) -> tuple[str, float, theme.Colour]:
    """Shape, area and colour of a line that is no diamond."""
    if row["row_kind"] == "member":
        return MEMBER
    return SINGLE if row["status"] == "single_study" else CHANGE


def symbol(y: float, value: float, area: float, colour: theme.Colour) -> dict[str, object]:
    """One symbol."""
    return {"x": value, "y": y, "area": area, "fill": colour.light, "colour": colour.light}


def diamonds(points: Sequence[tuple[float, Row]]) -> list[dict[str, object]]:
    """The diamonds of pooled effects."""
    blue = theme.RECOMMENDED.light
    return [
        {
            "low": row["ci_low"],
            "estimate": row["estimate"],
            "high": row["ci_high"],
            "y": y,
            "fill": blue,
            "colour": blue,
        }
        for y, row in points
        if is_pool(row) and not formats.is_missing(row["ci_low"])
    ]


def notes(rows: Sequence[Row], scale: Scale) -> tuple[str, ...]:
    """Footnotes: symbols, k, missing values and arrowheads."""
    written = [
        "Diamonds: pooled with 95% CI; squares: one [[member]] at follow-up; hollow circles: "
        "the same [[member]] after treatment.",
        "k: number of [[members]].",
    ]
    if any(row["row_kind"] == "change" for row in rows):
        written.append(
            "Filled circles below: change since treatment, above zero where the effect is larger "
            "at follow-up; its correlation is assumed."
        )
    if any(row["status"] == "single_study" for row in rows):
        written.append("k = 1: the only [[member]], not pooled.")
    if any(is_clipped(row["ci_low"], row["ci_high"], scale) for row in rows):
        written.append("Arrowheads: the interval goes on beyond the axis.")
    written.append(
        f"{theme.NOT_REPORTED}: not reported; {theme.NOT_APPLICABLE}: none for this row."
    )
    return (" ".join(written),)


def message(figure: Figure, tables: Tables) -> str | None:
    """The effect at follow-up, and whether it has changed since treatment."""
    rows = own_rows(figure, tables)
    places = figure.decimals
    later = next((row for row in rows if row["row_kind"] == "follow_up"), None)
    if not later or not formats.has_result(later):
        return None
    subject = figure.title.partition(":")[0]
    k = "one [[member]]" if later["k"] == 1 else f"k={formats.count(later['k'])}"
    words = f"{subject}: {formats.result(later, places)} at follow-up, {k}"
    change = next((row for row in rows if row["row_kind"] == "change" and row["is_main"]), None)
    if not change or not change["at_follow_up"]:
        return words
    return f"{words}; {CHANGED[change['at_follow_up']]} since treatment"


def describe(figure: Figure, tables: Tables) -> str:
    """Every pool, the effects by months, and every change."""
    rows = own_rows(figure, tables)
    places = figure.decimals
    single = [row for row in rows if row["row_kind"] == "member"]
    words = [
        f"Plot of effects over months with {formats.counted(len(single), 'effect')} at follow-up."
    ]
    for row in rows:
        said = formats.result(row, places)
        if row["row_kind"] == "member":
            later = months(row)
            when = (
                "time not stated"
                if later == theme.NOT_REPORTED
                else f"{later} {'month' if later == '1' else 'months'}"
            )
            words.append(
                f"{row['label']}, {when}: {said}; after treatment {after_treatment(row, figure)}."
            )
        else:
            words.append(f"{row['group_label']}, {row['label']}: {said}, k={row['k']}.")
    return " ".join(words)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per line of the figure."""
    places = figure.decimals
    return [
        (
            row["group_label"],
            row["label"],
            months(row) if row["row_kind"] == "member" else theme.NOT_APPLICABLE,
            formats.count(row["k"], missing=theme.NOT_APPLICABLE),
            formats.count(row["n_studies"], missing=theme.NOT_APPLICABLE),
            formats.result(row, places),
            after_treatment(row, figure),
        )
        for row in own_rows(figure, tables)
    ]


KIND = FigureKind(
    reads=("rpt_months",),
    draw=draw,
    phone=partial(draw, lay_out=table.lay_out_narrow),
    message=message,
    describe=describe,
    columns=(
        "Group",
        "Effect",
        "Months",
        "k",
        "[[Studies]]",
        "Estimate (95% CI)",
        "After treatment",
    ),
    numeric=frozenset({"Months", "k", "[[Studies]]", "Estimate (95% CI)", "After treatment"}),
    data_rows=data_rows,
    own_rows=own_rows,
    page="subgroups",
    section="section-months",
)
