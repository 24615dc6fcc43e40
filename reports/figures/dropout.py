"""Rates of one group (prevalence, dropout, incidence ...): pooled, crude, published, range."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import altair as alt

from reports import formats, theme
from reports.charts import effect_axis, layers, table
from reports.charts.forest_lines import interval_cells
from reports.charts.intervals import interval, interval_layers, is_clipped
from reports.charts.scale import Scale
from reports.charts.table import INDENT, Column, LayOut, Line, Placed
from reports.figure import Figure, FigureKind, Panel, Row, Tables
from umbrella.text import about

HEADER = "Analysis"
COUNTS = "Events/total"
LABEL_LIMIT = 190
AXIS_HEIGHT = 42
PREDICTION_SHIFT = 5
RANGE_HALF = 4.5
PUBLISHED_HALF = 7.5
LEAST_BAND = 3.0
# Column, symbol, area, fill, outline, and whether for single meta-analyses only.
LOOKS = (
    ("published_percent", "circle", 75.0, theme.PAPER, theme.INK, None),
    ("pooled_rate", "diamond", 80.0, theme.RECOMMENDED, theme.RECOMMENDED, False),
    ("pooled_rate", "circle", 22.0, theme.SQUARE, theme.SQUARE, True),
    ("crude_rate", "square", 16.0, theme.SAME_METHOD, theme.INK, None),
)
CRUDE = ("crude_rate", "crude_low", "crude_high")
POOLED = ("pooled_rate", "pooled_low", "pooled_high")
VALUES = (
    "crude_rate",
    "pooled_rate",
    "pooled_low",
    "pooled_high",
    "pi_low",
    "pi_high",
    "published_percent",
    "published_range_low",
    "published_range_high",
    "range_low",
    "range_high",
)


def draw(figure: Figure, tables: Tables, lay_out: LayOut = table.lay_out) -> tuple[Panel, ...]:
    """Draw one figure of rates from rpt_dropout on one page.

    A figure of one condition shows all rates of it in the measure of the figure, another the
    outcomes that `overview_figure_id` gives to it.
    """
    rows = own_rows(figure, tables)
    lines = group_lines(rows, bool(figure.condition))
    layout = lay_out(columns(figure, rows), lines, HEADER, LABEL_LIMIT)
    domain = effect_axis.span(figure, [row[key] for row in rows for key in VALUES])
    scale = Scale(domain, layout.plot_width, is_percent=figure.is_percent)
    placed = table.place(lines, layout, table.HEADER - theme.GAP / 2)
    height = table.bottom(placed) + theme.GAP
    drawn = [
        *table.stripe_layer(placed, layout, height),
        effect_axis.grid(placed, layout, scale, height),
        *range_layers(placed, scale, height),
        *mark_layers(placed, scale, height),
        *table.header_layers(HEADER, layout, height),
        *table.text_layers(placed, layout, height),
        axis_title(rows, layout.plot_width / 2, height),
    ]
    return (table.panel(drawn, layout, height, AXIS_HEIGHT, notes(rows, scale)),)


def columns(figure: Figure, rows: Sequence[Row]) -> tuple[Column, ...]:
    """The text columns right of the plot; nothing is published of a rate per person-time."""
    pooled = "%" if figure.is_percent else "rate"
    published = (Column(("published",), "Published", "right"),) if figure.is_percent else ()
    return (
        Column(("k",), "k"),
        Column(("events",), counted(rows)),
        *published,
        Column(("crude",), "Crude", "right"),
        Column(("estimate", "low", "high"), f"Pooled {pooled} (95% CI)", "right", "words"),
    )


def counted(rows: Sequence[Row]) -> str:
    """What stands over the counts: events and all people, or person-time."""
    units = sorted({row["person_time_unit"] for row in rows if row["person_time_unit"]})
    return f"Events/{' or '.join(units)}" if units else COUNTS


def renamed(figure: Figure, tables: Tables) -> dict[str, str]:
    """What stands over the counts in the data table."""
    return {COUNTS: counted(own_rows(figure, tables))}


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The rows that a figure shows, in their order."""
    column, key = ("condition", figure.condition)
    if not key:
        column, key = ("overview_figure_id", figure.figure_id)
    rows = [
        row
        for row in tables["rpt_dropout"]
        if row[column] == key and row["measure"] == figure.measure
    ]
    return sorted(rows, key=lambda row: (row["outcome"], row["group_order"], row["sort_order"]))


def group_lines(rows: Sequence[Row], is_of_one: bool) -> list[Line]:
    """A bold line per group, naming the outcome where a figure has several, then its analyses.

    In a figure of one condition the outcome alone is the group.
    """
    outcomes = {row["outcome"] for row in rows}
    lines = []
    for (outcome, group), members in groupby(
        rows, key=lambda row: (row["outcome_label"], row["group_label"])
    ):
        words = group or "Analyses"
        if len(outcomes) > 1:
            words = f"{outcome}, {words[:1].lower()}{words[1:]}"
        if is_of_one:
            words = outcome or ""
        lines.append(Line(words, is_bold=True, gap=theme.GAP))
        lines.extend(analysis_line(row, i % 2 == 0) for i, row in enumerate(members))
    return lines


def analysis_line(row: Row, is_striped: bool) -> Line:
    """One analysis with its counts and rates."""
    cells = {
        "k": formats.count(row["k"]),
        "events": events(row),
        "published": published(row),
        "crude": shown(row, row["crude_rate"], theme.NOT_APPLICABLE),
    }
    if formats.is_missing(row["pooled_rate"]):
        cells["words"] = theme.NOT_APPLICABLE
    else:
        places = row["decimals"]
        cells["estimate"] = formats.number(row["pooled_rate"], places)
        cells |= interval_cells(row, "pooled_low", "pooled_high", places)
    label = row["label"] or row["analysis_id"]
    if row["published_conflict"]:
        label += theme.DAGGER
    return Line(label, cells, indent=INDENT, is_striped=is_striped, mark=dict(row))


def shown(row: Row, value: float | None, missing: str = theme.NOT_REPORTED) -> str:
    """A rate, with the sign of a percentage."""
    if row["measure"] == "percent":
        return formats.percent(value, missing=missing)
    return missing if formats.is_missing(value) else formats.number(value, row["decimals"])


def span(row: Row, low: str, high: str) -> str:
    """An interval or range of rates, with the sign of percentages."""
    sign = "%" if row["measure"] == "percent" else ""
    return f"{formats.interval(row[low], row[high], row['decimals'])}{sign}"


def published(row: Row) -> str:
    """What the review prints: a percentage, else a range, else a dash."""
    low, high = row["published_range_low"], row["published_range_high"]
    if not formats.is_missing(row["published_percent"]) or formats.is_missing(low):
        return formats.percent(row["published_percent"], missing=theme.NOT_APPLICABLE)
    return f"{formats.interval(low, high, 1)}%"


def events(row: Row) -> str:
    """Events over total, or NR where either is missing."""
    if formats.is_missing(row["events"]) or formats.is_missing(row["total"]):
        return theme.NOT_REPORTED if row["k"] else theme.NOT_APPLICABLE
    return f"{formats.count(row['events'])}/{formats.count(row['total'])}"


def range_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """Ranges, never drawn as an interval: pale bands as reported, outlined ones as published."""
    reported = bands(placed, ("range_low", "range_high"), RANGE_HALF, scale)
    printed = bands(placed, ("published_range_low", "published_range_high"), PUBLISHED_HALF, scale)
    pale = {"fill": theme.RANGE.light, "strokeWidth": 0}
    outline = {"filled": False, "stroke": theme.INK.light, "strokeWidth": theme.HAIRLINE}
    return [
        alt.Chart(layers.data(items))
        .mark_rect(opacity=1, **look)
        .encode(
            x=layers.x("x", scale), x2=alt.X2("x2:Q"), y=layers.y("y", height), y2=alt.Y2("y2:Q")
        )
        for items, look in ((reported, pale), (printed, outline))
        if items
    ]


def bands(
    placed: Sequence[Placed], keys: tuple[str, str], half: float, scale: Scale
) -> list[dict[str, float]]:
    """Bands from one column to another; a range of one value is still wide enough to be seen."""
    items = []
    for p in placed:
        low, high = (p.line.mark.get(key) for key in keys)
        if formats.is_missing(low) or formats.is_missing(high):
            continue
        left, right = scale.px(scale.clip(low)), scale.px(scale.clip(high))
        spread = max(LEAST_BAND - (right - left), 0.0) / 2
        items.append(
            {
                "x": scale.clip(scale.value(left - spread)),
                "x2": scale.clip(scale.value(right + spread)),
                "y": p.middle - half,
                "y2": p.middle + half,
            }
        )
    return items


def mark_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """Pooled dots with intervals, prediction bars below them, crude and published symbols."""
    points = [(p.middle, p.line.mark) for p in placed if p.line.mark]
    spans = [
        span
        for y, row in points
        if (span := interval(row["pooled_low"], row["pooled_high"], y, theme.RECOMMENDED))
    ]
    predictions = [
        span
        for y, row in points
        if (span := interval(row["pi_low"], row["pi_high"], y + PREDICTION_SHIFT, theme.PREDICTION))
    ]
    drawn = [
        *interval_layers(predictions, scale, height, stroke=1),
        *interval_layers(spans, scale, height),
    ]
    for key, shape, area, fill, stroke, is_single in LOOKS:
        items = [
            {"x": row[key], "y": y, "area": area, "fill": fill.light, "colour": stroke.light}
            for y, row in points
            if not formats.is_missing(row[key])
            and is_single in (None, row["status"] == "single_study")
            and scale.contains(row[key])
        ]
        if items:
            drawn.append(layers.symbols(items, scale, height, shape))
    return drawn


def axis_title(rows: Sequence[Row], centre: float, height: float) -> alt.Chart:
    """The axis title below the tick labels; adherence may be a share of sessions."""
    has_sessions = any(row["outcome_role"] == "adherence" for row in rows)
    words = "Participants or sessions (%)" if has_sessions else "Participants (%)"
    units = {row["scale_label"] for row in rows if row["measure"] != "percent"}
    words = ", ".join(sorted(units)) or words
    item = {"y": height + 32, "text": words, "colour": theme.MUTED.light}
    return layers.texts([item], centre, height, align="center", name="axis_title")


def notes(rows: Sequence[Row], scale: Scale) -> tuple[str, ...]:
    """Footnotes: symbols, missing values, clipped intervals, and notes of single rows."""
    written = [
        "Dark diamond with line, pooled by the recommended method with 95% CI; small filled "
        "circle, a single result, not pooled; thin bar below it, 95% prediction interval; grey "
        "square, crude rate; hollow circle, as published; pale band, range over the rates "
        "reported; outlined band, range as published.",
        "k: number of [[members]] or [[studies]].",
    ]
    limits = ("pooled_low", "pooled_high"), ("pi_low", "pi_high")
    if any(is_clipped(row[low], row[high], scale) for row in rows for low, high in limits):
        written.append("Arrowheads: the interval goes on beyond the axis.")
    written.append(
        f"{theme.NOT_REPORTED}: not reported; {theme.NOT_APPLICABLE}: none for this row."
    )
    odd = [
        f"{theme.DAGGER} {row['label'] or row['analysis_id']}: {row['published_conflict']}"
        for row in rows
        if row["published_conflict"]
    ]
    row_notes: dict[str, list[str]] = {}
    for row in rows:
        if row["note"]:
            row_notes.setdefault(row["note"], []).append(row["label"] or row["analysis_id"])
    named = [f"{', '.join(labels)}: {words.rstrip('.')}." for words, labels in row_notes.items()]
    return (" ".join(written), *odd, *named)


def where(figure: Figure, tables: Tables) -> str:
    """The SQL condition that finds the rows of a figure."""
    if figure.condition:
        return f"condition = {formats.sql_text(figure.condition)}"
    outcomes = sorted({row["outcome"] for row in own_rows(figure, tables)})
    return f"outcome in ({', '.join(map(formats.sql_text, outcomes))})"


def message(figure: Figure, tables: Tables) -> str | None:
    """The rate over all conditions, or of the one condition: pools and dropout go first."""
    rows = [row for row in own_rows(figure, tables) if figure.condition or row["is_overall"]]
    rows.sort(key=lambda row: (row["status"] != "ok", row["outcome_role"] != "dropout"))
    for row in rows:
        if said := rate_words(row):
            return f"{rate_subject(row, rows, figure)} {said}"
    return None


def rate_words(row: Row) -> str | None:
    """The best that is known of a rate: pooled, of one report, published, or a range."""
    percent, low, high = (row[key] for key in ("pooled_rate", "pooled_low", "pooled_high"))
    if not any(formats.is_missing(value) for value in (percent, low, high)):
        k = f"k={formats.count(row['k'])}" if row["status"] == "ok" else "one result"
        return f"{shown(row, percent)} ({formats.interval(low, high, row['decimals'])}), {k}"
    if not formats.is_missing(row["published_percent"]):
        return f"{formats.percent(row['published_percent'])} as published"
    for prefix, ending in (("published_range", "as published"), ("range", "in single reports")):
        low, high = f"{prefix}_low", f"{prefix}_high"
        if not formats.is_missing(row[low]) and not formats.is_missing(row[high]):
            return f"{span(row, low, high)} {ending}"
    return None


def rate_subject(row: Row, rows: Sequence[Row], figure: Figure) -> str:
    """What a rate is of: the label of its line, or the title with the outcome if needed."""
    outcome = row["outcome_label"].lower()
    if not figure.condition:
        outcomes = {row["outcome"] for row in rows}
        return f"{figure.title}: {outcome}" if len(outcomes) > 1 else f"{figure.title}:"
    if outcome in row["label"].lower():
        return row["label"].replace(": ", ", ")
    return f"{row['label']}: {outcome}"


def describe(figure: Figure, tables: Tables) -> str:
    """Pooled, crude and published rates by analysis."""
    rows = own_rows(figure, tables)
    n = formats.counted(len(rows), "analysis", "analyses")
    sentences = [f"Dot plot of {figure.rate_word}s for {n}."]
    for row in rows:
        values = [
            f"{words} {shown(row, row[key])}"
            for words, key in (
                ("pooled", "pooled_rate"),
                ("crude", "crude_rate"),
                ("published", "published_percent"),
            )
            if not formats.is_missing(row[key])
        ]
        values += [
            f"{words} {span(row, low, high)}"
            for words, low, high in (
                ("range", "range_low", "range_high"),
                ("published range", "published_range_low", "published_range_high"),
            )
            if not (formats.is_missing(row[low]) or formats.is_missing(row[high]))
        ]
        sentences.append(about(row["label"], f"{', '.join(values) or 'no result'}."))
    return " ".join(sentences)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per analysis of a rate."""
    return [data_row(row) for row in own_rows(figure, tables)]


def data_row(row: Row) -> tuple[str, ...]:
    """Cells of one analysis of a rate."""
    places = row["decimals"]
    return (
        row["outcome_label"],
        row["group_label"] or "",
        row["label"] or row["analysis_id"],
        formats.count(row["k"]),
        events(row),
        published(row),
        formats.result_or_dash(row, places, CRUDE),
        formats.result_or_dash(row, places, POOLED),
        formats.interval_or_dash(row, "pi_low", "pi_high", places),
        formats.interval_or_dash(row, "range_low", "range_high", places),
        formats.sentences(row["published_conflict"], row["note"]),
    )


KIND = FigureKind(
    reads=("rpt_dropout",),
    draw=draw,
    phone=partial(draw, lay_out=table.lay_out_narrow),
    message=message,
    describe=describe,
    columns=(
        "Outcome",
        "Group",
        "Analysis",
        "k",
        COUNTS,
        "Published",
        "Crude (95% CI)",
        "Pooled (95% CI)",
        "95% prediction interval",
        "Range",
        "Notes",
    ),
    numeric=frozenset(
        {
            "k",
            COUNTS,
            "Published",
            "Crude (95% CI)",
            "Pooled (95% CI)",
            "95% prediction interval",
            "Range",
        }
    ),
    data_rows=data_rows,
    renamed=renamed,
    own_rows=own_rows,
    page="acceptability",
    section="section-acceptability",
    where=where,
)
