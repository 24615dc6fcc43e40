"""Leave-one-out figures: the result without each meta-analysis, and under credibility ceilings."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import altair as alt

from reports import formats, theme
from reports.charts import canvas, effect_axis, layers, table
from reports.charts.effect_axis import AXIS_HEIGHT, direction_layers, null_line
from reports.charts.forest_lines import MAX_ROWS, estimate_cells
from reports.charts.intervals import diamond_layer, interval, interval_layers, is_clipped
from reports.charts.scale import Scale
from reports.charts.table import INDENT, Column, LayOut, Layout, Line, Placed
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.words import worded
from umbrella.text import about

HEADER = "Pooled"
LABEL_LIMIT = 260
HEADINGS = {"omitted": "Without", "ceiling": "Credibility ceiling"}
# Shape, area and fill of a line's symbol; the result of all is a diamond of its own.
LOOKS = {
    "omitted": ("square", 34.0, theme.SQUARE),
    "ceiling": ("circle", 40.0, theme.RECOMMENDED),
}
KINDS = ("all", *HEADINGS)


def draw(figure: Figure, tables: Tables, lay_out: LayOut = table.lay_out) -> tuple[Panel, ...]:
    """Draw the lines of rpt_leave_one_out, on several pages when there are more than 50.

    Raises ValueError on an unknown row kind, and when the rows are those of two analyses.
    """
    rows = own_rows(figure, tables)
    if not rows:
        return (canvas.nothing(worded("No [[member]] can be left out here.", tables)),)
    layout = lay_out(columns(figure), lines(rows, figure), HEADER, LABEL_LIMIT)
    scale = make_scale(figure, rows, layout)
    paged = [rows[i : i + MAX_ROWS] for i in range(0, len(rows), MAX_ROWS)]
    return tuple(
        page(figure, page_rows, rows, layout, scale, number, len(paged))
        for number, page_rows in enumerate(paged, start=1)
    )


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The lines of a figure in their order."""
    rows = [row for row in tables["rpt_leave_one_out"] if row["figure_id"] == figure.figure_id]
    analyses = sorted({row["analysis_id"] for row in rows})
    if len(analyses) > 1:
        raise ValueError(f"one analysis is shown; figure_blocks has {', '.join(analyses)}")
    for row in rows:
        if row["row_kind"] not in KINDS:
            raise ValueError(f"rpt_leave_one_out.row_kind: unknown value {row['row_kind']!r}")
    return sorted(rows, key=lambda row: row["row_order"])


def columns(figure: Figure) -> tuple[Column, ...]:
    """The text columns right of the plot."""
    return (
        Column(("estimate", "low", "high"), f"{figure.measure_heading} (95% CI)", "right", "words"),
        Column(("change",), "Change", "right"),
        Column(("i2",), "I²", "right"),
    )


def make_scale(figure: Figure, rows: Sequence[Row], layout: Layout) -> Scale:
    """One scale for all pages; a few enormous intervals do not stretch it."""
    values = [row[key] for row in rows for key in ("estimate", "ci_low", "ci_high")]
    domain = effect_axis.span(figure, values)
    estimates = [row["estimate"] for row in rows if not formats.is_missing(row["estimate"])]
    low, high = min(domain[0], *estimates), max(domain[1], *estimates)
    return Scale((low, high), layout.plot_width, figure.is_log_scale, figure.is_percent)


def page(
    figure: Figure,
    rows: Sequence[Row],
    all_rows: Sequence[Row],
    layout: Layout,
    scale: Scale,
    number: int,
    pages: int,
) -> Panel:
    """Draw one page; `all_rows` hold the result of all, which every page shows as a line."""
    placed = table.place(lines(rows, figure), layout, table.HEADER - theme.GAP / 2)
    height = table.bottom(placed) + theme.GAP
    drawn = [
        *table.stripe_layer(placed, layout, height),
        *reference_layers(placed, all_rows, layout, scale, height),
        null_line(placed, layout, scale, height),
        *mark_layers(placed, scale, height),
        *table.header_layers(HEADER, layout, height),
        *table.text_layers(placed, layout, height),
        *direction_layers(figure, layout, scale, height),
    ]
    return table.panel(
        drawn,
        layout,
        height,
        AXIS_HEIGHT,
        notes(figure, rows, scale),
        notes(figure, all_rows, scale),
        number,
        pages,
    )


def lines(rows: Sequence[Row], figure: Figure) -> list[Line]:
    """Lines of one page: a heading over each kind, then its rows."""
    drawn = []
    for kind, members in groupby(rows, key=lambda row: row["row_kind"]):
        if kind in HEADINGS:
            drawn.append(Line(HEADINGS[kind], is_bold=True, gap=theme.GAP))
        drawn.extend(result_line(row, figure, i % 2 == 0) for i, row in enumerate(members))
    return drawn


def result_line(row: Row, figure: Figure, is_striped: bool) -> Line:
    """One result; a dagger and another colour where the conclusion changes."""
    places = figure.decimals
    is_whole = row["row_kind"] == "all"
    cells = {
        **estimate_cells(row, places),
        "change": change(row, figure),
        "i2": formats.percent(row["i2_percent"], 0, missing=theme.NOT_APPLICABLE),
    }
    label = f"{row['label']} (k={formats.count(row['k'])})" if is_whole else row["label"]
    return Line(
        label + (theme.DAGGER if row["is_conclusion_changed"] else ""),
        cells,
        is_bold=is_whole,
        colour=theme.CONFLICT if row["is_conclusion_changed"] else theme.INK,
        indent=0 if is_whole else INDENT,
        is_striped=is_striped and not is_whole,
        mark=dict(row),
    )


def change(row: Row, figure: Figure) -> str:
    """+0.02, −0.01 or 0.00; for ratios the factor, ×1.02; a dash in the first line."""
    places = figure.decimals
    if row["row_kind"] == "all" or formats.is_missing(row["change"]):
        return theme.NOT_APPLICABLE
    words = formats.number(row["change"], places)
    if figure.is_log_scale:
        return f"×{words}"
    is_more = row["change"] > 0 and float(f"{row['change']:.{places}f}") > 0
    return f"+{words}" if is_more else words


def reference_layers(
    placed: Sequence[Placed],
    all_rows: Sequence[Row],
    layout: Layout,
    scale: Scale,
    height: float,
) -> list[alt.Chart]:
    """A band at the interval of all and a dashed line at their estimate, behind the omissions."""
    whole = next((row for row in all_rows if row["row_kind"] == "all"), None)
    beside = [p for p in placed if p.line.mark.get("row_kind") in ("all", "omitted")]
    if not whole or not beside:
        return []
    return effect_axis.reference_layers(beside, whole, layout, scale, height)


def mark_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """Intervals and symbols; hollow and in another colour where the conclusion changes."""
    points = [(p.middle, p.line.mark) for p in placed if p.line.mark]
    spans = [
        span
        for y, row in points
        if (span := interval(row["ci_low"], row["ci_high"], y, colour_of(row)))
        and (row["row_kind"] != "all" or is_clipped(row["ci_low"], row["ci_high"], scale))
    ]
    drawn = interval_layers(spans, scale, height)
    for kind, (shape, area, _) in LOOKS.items():
        items = [
            {
                "x": row["estimate"],
                "y": y,
                "area": area,
                "fill": (theme.PAPER if row["is_conclusion_changed"] else colour_of(row)).light,
                "colour": colour_of(row).light,
            }
            for y, row in points
            if row["row_kind"] == kind and not formats.is_missing(row["estimate"])
        ]
        if items:
            drawn.append(layers.symbols(items, scale, height, shape))
    return [*drawn, *whole_layers(points, scale, height)]


def whole_layers(
    points: Sequence[tuple[float, Row]], scale: Scale, height: float
) -> list[alt.Chart]:
    """The diamond of all meta-analyses."""
    blue = theme.RECOMMENDED.light
    diamonds = [
        {
            "low": row["ci_low"],
            "estimate": row["estimate"],
            "high": row["ci_high"],
            "y": y,
            "fill": blue,
            "colour": blue,
        }
        for y, row in points
        if row["row_kind"] == "all" and not formats.is_missing(row["ci_low"])
    ]
    layer = diamond_layer(diamonds, scale, height)
    return [layer] if layer else []


def colour_of(row: Row) -> theme.Colour:
    """Orange where the conclusion changes, else the colour of the kind."""
    if row["is_conclusion_changed"]:
        return theme.CONFLICT
    return LOOKS[row["row_kind"]][2] if row["row_kind"] in LOOKS else theme.RECOMMENDED


def notes(figure: Figure, rows: Sequence[Row], scale: Scale) -> tuple[str, ...]:
    """Footnotes: symbols, what changed conclusions are, single results and arrowheads."""
    kinds = {row["row_kind"] for row in rows}
    written = [
        "Dark diamond, dashed line and pale band: all [[members]] with 95% CI; squares, without "
        "the one named, from the smallest estimate to the largest."
    ]
    if "ceiling" in kinds:
        written.append("Circles: all [[members]] under a ceiling; their change is from 0%.")
    if any(row["is_conclusion_changed"] for row in rows):
        meaning = (
            f"the {figure.rate_word} lies outside the interval of all."
            if figure.is_of_rates
            else "the interval lies on another side of no effect than with all, for a ceiling than "
            "under 0%."
        )
        written.append(f"{theme.DAGGER} and hollow symbol: {meaning}")
    if any(row["status"] == "single_study" for row in rows):
        written.append("One [[member]] is left: its own interval, not pooled.")
    if any(is_clipped(row["ci_low"], row["ci_high"], scale) for row in rows):
        written.append("Arrowheads: the interval goes on beyond the axis.")
    return (" ".join(written),)


def message(figure: Figure, tables: Tables) -> str | None:
    """Whether one meta-analysis, or a ceiling, changes the conclusion."""
    rows = own_rows(figure, tables)
    omitted = [row for row in rows if row["row_kind"] == "omitted"]
    if not omitted:
        return None
    changed = [row for row in omitted if row["is_conclusion_changed"]]
    places = figure.decimals
    estimates = [row["estimate"] for row in omitted if not formats.is_missing(row["estimate"])]
    label = rows[0]["analysis_label"]
    span = formats.interval(min(estimates), max(estimates), places)
    if figure.is_of_rates:
        span += "%" if figure.is_percent else ""
        return about(label, rate_message(figure.rate_word, changed, len(omitted), span))
    if not changed:
        words = f"no single [[member]] changes the conclusion ({span})"
    elif len(changed) == 1:
        words = f"without {changed[0]['label']} the conclusion changes"
    else:
        words = f"{len(changed)} of {len(omitted)} [[members]] change the conclusion"
    ending = ceiling_words(rows)
    return about(label, f"{words}; {ending}" if ending else words)


def rate_message(rate: str, outside: Sequence[Row], n: int, span: str) -> str:
    """Whether one meta-analysis moves a rate out of its interval."""
    if not outside:
        return f"no single [[member]] moves the {rate} out of its interval ({span})"
    if len(outside) == 1:
        return f"without {outside[0]['label']} the {rate} leaves its interval ({span})"
    return f"{len(outside)} of {n} [[members]] move the {rate} out of its interval"


def ceiling_words(rows: Sequence[Row]) -> str | None:
    """Up to which ceiling a finding holds; None where there is no finding to lose."""
    ceilings = [row for row in rows if row["row_kind"] == "ceiling"]
    if not ceilings or ceilings[0]["side"] not in ("above", "below"):
        return None
    lost = [row for row in ceilings if row["is_conclusion_changed"]]
    if lost:
        return f"a credibility ceiling of {lost[0]['label']} ends it"
    return f"it holds under a credibility ceiling of {ceilings[-1]['label']}"


def describe(figure: Figure, tables: Tables) -> str:
    """The result of all, the extremes without one, what changes, and every ceiling."""
    rows = own_rows(figure, tables)
    omitted = [row for row in rows if row["row_kind"] == "omitted"]
    if not omitted:
        return "No leave-one-out figure."
    places = figure.decimals
    words = [f"Leave-one-out plot of {formats.counted(len(omitted), '[[member]]', '[[members]]')}."]
    words += [f"All: {formats.result(row, places)}." for row in rows if row["row_kind"] == "all"]
    words += [
        f"{name} without {row['label']}: {formats.result(row, places)}."
        for name, row in (("Smallest", omitted[0]), ("Largest", omitted[-1]))
    ]
    changed = [row["label"] for row in omitted if row["is_conclusion_changed"]]
    words.append(what_changes(changed, figure.rate_word if figure.is_of_rates else ""))
    ceilings = [row for row in rows if row["row_kind"] == "ceiling"]
    if ceilings:
        listed = "; ".join(f"{row['label']} {formats.result(row, places)}" for row in ceilings)
        words.append(f"Credibility ceilings: {listed}.")
    return " ".join(words)


def what_changes(labels: Sequence[str], rate: str) -> str:
    """Without which meta-analyses the result is another one."""
    if not labels:
        kept = f"{rate} stays in the interval of all" if rate else "conclusion stays"
        return f"The {kept}, whichever [[member]] is left out."
    changed = f"{rate} lies outside the interval of all" if rate else "conclusion changes"
    return f"The {changed} without {', '.join(labels)}."


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per line of the figure."""
    places = figure.decimals
    names = {"all": "", "omitted": "without ", "ceiling": "ceiling "}
    return [
        (
            f"{names[row['row_kind']]}{row['label']}".capitalize()
            if row["row_kind"] == "ceiling"
            else f"{names[row['row_kind']].capitalize()}{row['label']}",
            formats.count(row["k"]),
            formats.result(row, places),
            change(row, figure),
            formats.percent(row["i2_percent"], 0, missing=theme.NOT_APPLICABLE),
            formats.p_or_dash(row["p_value"]),
            figure.on_side(row["side"]) if row["side"] else theme.NOT_APPLICABLE,
            "yes" if row["is_conclusion_changed"] else "no",
        )
        for row in own_rows(figure, tables)
    ]


KIND = FigureKind(
    reads=("rpt_leave_one_out",),
    draw=draw,
    phone=partial(draw, lay_out=table.lay_out_narrow),
    message=message,
    describe=describe,
    columns=(
        "Pooled",
        "k",
        "Estimate (95% CI)",
        "Change",
        "I²",
        "P",
        "Found",
        "Conclusion changes",
    ),
    numeric=frozenset({"k", "Estimate (95% CI)", "Change", "I²", "P"}),
    data_rows=data_rows,
    own_rows=own_rows,
    page="subgroups",
    section="section-choices",
    is_detail=True,
    outlined=Outlined(
        order=20,
        figure_id="leave_one_out_{analysis}",
        title="each [[member]] left out",
        is_for_rates=True,
        least=2,
    ),
)
