"""Cumulative figures: the result of today's members published up to each year."""

from collections.abc import Sequence
from functools import partial

import altair as alt

from reports import formats, theme
from reports.charts import canvas, effect_axis, layers, table
from reports.charts.effect_axis import AXIS_HEIGHT, direction_layers, null_line
from reports.charts.forest_lines import MAX_ROWS, estimate_cells
from reports.charts.intervals import diamond_layer, interval, interval_layers, is_clipped
from reports.charts.scale import Scale
from reports.charts.table import Column, LayOut, Layout, Line, Placed
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.words import worded
from umbrella.text import about

HEADER = "Up to"
UNKNOWN_YEAR = "Year unknown"
LABEL_LIMIT = 120
POINT = 34.0


def draw(figure: Figure, tables: Tables, lay_out: LayOut = table.lay_out) -> tuple[Panel, ...]:
    """Draw the lines of rpt_cumulative, on several pages when there are more than 50.

    Raises ValueError when the rows are those of two analyses.
    """
    rows = own_rows(figure, tables)
    if not rows:
        return (canvas.nothing(worded("No year of a [[member]] is known here.", tables)),)
    layout = lay_out(columns(figure), lines(rows, figure), HEADER, LABEL_LIMIT)
    scale = make_scale(figure, rows, layout)
    paged = [rows[i : i + MAX_ROWS] for i in range(0, len(rows), MAX_ROWS)]
    return tuple(
        page(figure, page_rows, rows[-1], layout, scale, number, len(paged))
        for number, page_rows in enumerate(paged, start=1)
    )


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The lines of a figure in their order."""
    rows = [row for row in tables["rpt_cumulative"] if row["figure_id"] == figure.figure_id]
    analyses = sorted({row["analysis_id"] for row in rows})
    if len(analyses) > 1:
        raise ValueError(f"one analysis is shown; figure_blocks has {', '.join(analyses)}")
    return sorted(rows, key=lambda row: row["row_order"])


def columns(figure: Figure) -> tuple[Column, ...]:
    """The text columns left and right of the plot."""
    return (
        Column(("added",), "Added"),
        Column(("k",), "All"),
        Column(("estimate", "low", "high"), f"{figure.measure_heading} (95% CI)", "right", "words"),
        Column(("i2",), "I²", "right"),
    )


def make_scale(figure: Figure, rows: Sequence[Row], layout: Layout) -> Scale:
    """One scale for all pages; a few enormous intervals do not stretch it."""
    values = [row[key] for row in rows for key in ("estimate", "ci_low", "ci_high")]
    low, high = effect_axis.span(figure, values)
    estimates = [row["estimate"] for row in rows if not formats.is_missing(row["estimate"])]
    domain = min(low, *estimates), max(high, *estimates)
    return Scale(domain, layout.plot_width, figure.is_log_scale, figure.is_percent)


def page(
    figure: Figure,
    rows: Sequence[Row],
    whole: Row,
    layout: Layout,
    scale: Scale,
    number: int,
    pages: int,
) -> Panel:
    """Draw one page; `whole` is the result of all, which every page shows as a band."""
    placed = table.place(lines(rows, figure), layout, table.HEADER)
    height = table.bottom(placed) + theme.GAP
    drawn = [
        *table.stripe_layer(placed, layout, height),
        *effect_axis.reference_layers(placed, whole, layout, scale, height),
        null_line(placed, layout, scale, height),
        *mark_layers(placed, scale, height),
        *table.header_layers(HEADER, layout, height),
        *table.text_layers(placed, layout, height),
        *direction_layers(figure, layout, scale, height),
    ]
    written = notes(rows, scale)
    return table.panel(drawn, layout, height, AXIS_HEIGHT, written, (), number, pages)


def lines(rows: Sequence[Row], figure: Figure) -> list[Line]:
    """A line for each year; the last one, with all, is bold."""
    return [
        Line(
            year(row),
            {
                "added": f"+{formats.count(row['n_added'])}",
                "k": formats.count(row["k"]),
                **estimate_cells(row, figure.decimals),
                "i2": formats.percent(row["i2_percent"], 0, missing=theme.NOT_APPLICABLE),
            },
            is_bold=row["is_of_all"],
            is_striped=i % 2 == 0,
            mark=dict(row),
        )
        for i, row in enumerate(rows)
    ]


def year(row: Row) -> str:
    """The year of a line."""
    return UNKNOWN_YEAR if row["year"] is None else str(row["year"])


def mark_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """Intervals with squares, hollow on another side, grey for too few; a diamond for all."""
    points = [(p.middle, p.line.mark) for p in placed]
    spans = [
        span
        for y, row in points
        if (span := interval(row["ci_low"], row["ci_high"], y, colour_of(row)))
        and (not row["is_of_all"] or is_clipped(row["ci_low"], row["ci_high"], scale))
    ]
    drawn = interval_layers(spans, scale, height)
    squares = [
        {
            "x": row["estimate"],
            "y": y,
            "area": POINT,
            "fill": (theme.PAPER if is_open(row) else colour_of(row)).light,
            "colour": colour_of(row).light,
        }
        for y, row in points
        if not row["is_of_all"] and not formats.is_missing(row["estimate"])
    ]
    if squares:
        drawn.append(layers.symbols(squares, scale, height, "square"))
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
        if row["is_of_all"] and not formats.is_missing(row["ci_low"])
    ]
    layer = diamond_layer(diamonds, scale, height)
    return [*drawn, layer] if layer else drawn


def colour_of(row: Row) -> theme.Colour:
    """Blue for all, orange as long as the answer is not settled, grey without a verdict."""
    if row["is_of_all"]:
        return theme.RECOMMENDED
    if row["is_side_settled"] is None:
        return theme.SAME_METHOD
    return theme.SQUARE if row["is_side_settled"] else theme.CONFLICT


def is_open(row: Row) -> bool:
    """Whether the answer of a year is not that of all from then on."""
    return row["is_side_settled"] is False


def notes(rows: Sequence[Row], scale: Scale) -> tuple[str, ...]:
    """Footnotes: symbols, open answers and arrowheads."""
    written = [
        "Diamond, dashed line and pale band: all [[members]] with 95% CI; squares, those of "
        "them that were published up to the end of the year."
    ]
    if any(map(is_open, rows)):
        written.append(
            "Hollow square: in this year, or in a later one, the interval lies on another side of "
            "no effect than with all."
        )
    if any(row["is_side_settled"] is None for row in rows):
        written.append("Grey square: too few [[members]] for a verdict.")
    if any(is_clipped(row["ci_low"], row["ci_high"], scale) for row in rows):
        written.append("Arrowheads: the interval goes on beyond the axis.")
    return (" ".join(written),)


def message(figure: Figure, tables: Tables) -> str | None:
    """Since when the answer has been the one of today, and the size of the effect."""
    rows = own_rows(figure, tables)
    if len(rows) < 2:
        return None
    return about(rows[0]["analysis_label"], "; ".join(settled_words(figure, rows)))


def settled_words(figure: Figure, rows: Sequence[Row]) -> list[str]:
    """From which year on side and estimate are those of all, within the interval of all."""
    noun = figure.rate_word if figure.is_of_rates else "estimate"
    span = formats.interval(rows[-1]["ci_low"], rows[-1]["ci_high"], figure.decimals)
    span += "%" if figure.is_percent else ""
    words = []
    if rows[-1]["side"] is not None:
        judged = [row for row in rows if row["is_side_settled"] is not None]
        which = "year" if len(judged) == len(rows) else "year with a verdict"
        since = first_year(judged, "is_side_settled")
        answer = figure.on_side(rows[-1]["side"])
        words.append(f"the result of today's [[members]] {answer} in every {which}{since}")
    since = first_year(rows, "is_estimate_settled")
    words.append(f"each {noun}{since} lies within the interval of all ({span})")
    return words


def first_year(rows: Sequence[Row], column: str) -> str:
    """` from 2014 on`, or nothing where it holds from the first year on."""
    settled = [row for row in rows if row[column]]
    if len(settled) == len(rows):
        return ""
    if settled[0]["year"] is None:
        return " only with those of unknown year"
    return f" from {settled[0]['year']} on"


def describe(figure: Figure, tables: Tables) -> str:
    """The first and the last result, when the answer settled, and the years that differ."""
    rows = own_rows(figure, tables)
    if not rows:
        return "No cumulative figure."
    places = figure.decimals
    words = [f"Cumulative plot over {formats.counted(len(rows), 'year')} of publication."]
    words += [
        f"{name}, {year(row)}, {formats.counted(row['k'], '[[member]]', '[[members]]')}: "
        f"{formats.result(row, places)}."
        for name, row in (("First", rows[0]), ("Last", rows[-1]))
    ]
    words += [f"{sentence[0].upper()}{sentence[1:]}." for sentence in settled_words(figure, rows)]
    return " ".join(words)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per year."""
    return [
        (
            year(row),
            row["added_labels"],
            formats.count(row["k"]),
            formats.result(row, figure.decimals),
            formats.percent(row["i2_percent"], 0, missing=theme.NOT_APPLICABLE),
            formats.p_or_dash(row["p_value"]),
            figure.on_side(row["side"]) if row["side"] else theme.NOT_APPLICABLE,
        )
        for row in own_rows(figure, tables)
    ]


KIND = FigureKind(
    reads=("rpt_cumulative",),
    draw=draw,
    phone=partial(draw, lay_out=table.lay_out_narrow),
    message=message,
    describe=describe,
    columns=("Up to", "Added", "k", "Estimate (95% CI)", "I²", "P", "Found"),
    numeric=frozenset({"k", "Estimate (95% CI)", "I²", "P"}),
    data_rows=data_rows,
    own_rows=own_rows,
    page="subgroups",
    section="section-choices",
    is_detail=True,
    outlined=Outlined(
        order=22,
        figure_id="cumulative_{analysis}",
        title="by year of publication of the [[members]]",
        is_for_rates=True,
        least=5,
    ),
)
