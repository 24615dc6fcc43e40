"""The headline figure: a line for each result, with what to expect and how certain it is."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import altair as alt

from reports import formats, theme
from reports.charts import layers, table
from reports.charts.effect_axis import AXIS_HEIGHT, direction_layers, null_line
from reports.charts.forest_lines import estimate_cells
from reports.charts.intervals import interval, interval_layers, is_clipped
from reports.charts.scale import Scale, shared_domain
from reports.charts.table import Column, LayOut, Layout, Line, Placed
from reports.figure import SIDES, Figure, FigureKind, Panel, Row, Tables
from reports.words import lower_first, upper_first, worded

HEADER = "[[Condition]]"
LABEL_LIMIT = 225
NOT_JUDGED = "Not judged"
SINGLE = "single_study"
LOOKS = {
    "published": ("circle", 46.0, theme.PAPER, theme.INK),
    "recommended": ("diamond", 80.0, theme.RECOMMENDED, theme.RECOMMENDED),
    SINGLE: ("circle", 26.0, theme.SQUARE, theme.SQUARE),
}
COLUMNS = (
    Column(("k",), "k"),
    Column(("estimate", "low", "high"), "SMD (95% CI)", "right", "words"),
    Column(("prediction",), "95% prediction interval", "right"),
    Column(("certainty",), "Certainty", "right"),
)
SYMBOLS = {
    "published": "hollow circle, as published, where this extraction has nothing to pool",
    "recommended": "dark diamond, pooled by the recommended method",
}
PREDICTION_SHIFT = 5
VALUES = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")


def draw(figure: Figure, tables: Tables, lay_out: LayOut = table.lay_out) -> tuple[Panel, ...]:
    """Draw the headline figure from rpt_headline: a page, with its own axis, for each scale.

    Each headline has a line: its recommended result, or the published one where nothing can be
    pooled. Raises ValueError on an unknown source.
    """
    rows = shown(tables)
    found = [page_of(on_scale(figure, own), own, tables, lay_out) for own in scales(rows).values()]
    pages = found or [page_of(figure, [], tables, lay_out)]
    said = dict.fromkeys(sentence for _, sentences in pages for sentence in sentences)
    whole = (" ".join(said), *row_notes(rows))
    return tuple(
        replace(page, page=i, pages=len(pages), figure_notes=whole)
        for i, (page, _) in enumerate(pages, start=1)
    )


def shown(tables: Tables) -> list[Row]:
    """A row for each headline, with how certain it is."""
    grades = {row["analysis_id"]: row["grade_label"] for row in tables["rpt_answers"]}
    by_headline: dict[str, dict[str, Row]] = {}
    for row in ordered(tables["rpt_headline"]):
        by_headline.setdefault(row["analysis_id"], {})[row["source"]] = row
    found = []
    for key, sources in by_headline.items():
        row = sources["recommended"]
        if formats.is_missing(row["estimate"]):
            row = sources.get("published", row)
        found.append({**row, "certainty": grades.get(key) or NOT_JUDGED})
    return found


def scales(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by the name of their scale with its unit, each where its first headline stands."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["scale_label"], []).append(row)
    return found


def on_scale(figure: Figure, rows: Sequence[Row]) -> Figure:
    """The figure with the measure and the axis of some rows of one scale."""
    first = rows[0]
    return replace(
        figure,
        measure=first["scale_short_label"],
        decimals=first["decimals"],
        is_log_scale=first["is_log_scale"],
        **{name: shared(rows, name) for name in SIDES},
    )


def shared(rows: Sequence[Row], name: str) -> Any:
    """What all rows say in a column; None where they differ."""
    values = {row[name] for row in rows}
    return values.pop() if len(values) == 1 else None


def page_of(
    figure: Figure, rows: Sequence[Row], tables: Tables, lay_out: LayOut
) -> tuple[Panel, list[str]]:
    """The headlines of one scale, and what its footnote says of all rows."""
    lines = [line_of(row, figure.decimals) for row in rows]
    header = worded(HEADER, tables)
    layout = lay_out(columns(figure), lines, header, LABEL_LIMIT)
    values = [row[key] for row in rows for key in VALUES]
    domain = shared_domain(values, figure.is_log_scale)
    scale = Scale(domain, layout.plot_width, figure.is_log_scale)
    bands = cohen_bands(figure, tables)
    placed = table.place(lines, layout, table.HEADER - theme.GAP / 2)
    height = table.bottom(placed) + theme.GAP
    drawn = [
        *table.stripe_layer(placed, layout, height),
        *cohen_lines(bands, placed, layout, scale, height),
        null_line(placed, layout, scale, height),
        *mark_layers(placed, scale, height),
        *table.header_layers(header, layout, height),
        *table.text_layers(placed, layout, height),
        *direction_layers(figure, layout, scale, height),
    ]
    said = notes(bands, rows, scale)
    written = (" ".join(said), *row_notes(rows))
    return table.panel(drawn, layout, height, AXIS_HEIGHT, written), said


def columns(figure: Figure) -> tuple[Column, ...]:
    """The text columns, named after the figure's measure."""
    k, estimate, *others = COLUMNS
    return (
        k,
        Column(
            estimate.keys, f"{formats.measure(figure.measure)} (95% CI)", "right", estimate.words
        ),
        *others,
    )


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Rows by headline and source; an unknown source is an error."""
    for row in rows:
        if row["source"] not in theme.SOURCES:
            raise ValueError(f"rpt_headline.source: unknown value {row['source']!r}")
    rank = list(theme.SOURCES).index
    return sorted(
        rows, key=lambda row: (row["sort_order"], row["analysis_id"], rank(row["source"]))
    )


def is_one(row: Row) -> bool:
    """True for the result of a single meta-analysis of this extraction."""
    return row["status"] == SINGLE and row["source"] != "published"


def line_of(row: Row, places: int) -> Line:
    """The line of one headline; in words where there is no estimate."""
    is_published = row["source"] == "published"
    label = row["headline_label"] + (theme.DAGGER if is_odd(row) else "")
    cells = {"k": formats.count(row["k"], missing=theme.NOT_APPLICABLE)}
    if formats.is_missing(row["estimate"]):
        cells["words"] = "not pooled" if row["k"] == 0 else theme.NOT_REPORTED
        return Line(label, cells, mark=dict(row))
    cells |= estimate_cells(row, places)
    if not is_published:
        has_bar = not (formats.is_missing(row["pi_low"]) or formats.is_missing(row["pi_high"]))
        bar = formats.interval(row["pi_low"], row["pi_high"], places) if has_bar else None
        cells["prediction"] = bar or theme.NOT_APPLICABLE
        cells["certainty"] = row["certainty"]
    return Line(label, cells, mark=dict(row))


def cohen_bands(figure: Figure, tables: Tables) -> list[Row]:
    """The bands of Cohen in their order, for standardised mean differences only."""
    if figure.measure != "SMD":
        return []
    return sorted(tables["rpt_cohen_bands"], key=lambda band: band["lower_bound"])


def cohen_lines(
    bands: Sequence[Row], placed: Sequence[Placed], layout: Layout, scale: Scale, height: float
) -> list[alt.Chart]:
    """Dotted lines where the bands begin."""
    lines = [
        line
        for band in bands
        if scale.contains(band["lower_bound"])
        for line in table.upright(band["lower_bound"], placed, layout, table.HEADER - 5, height)
    ]
    dotted = layers.verticals(lines, scale, height, theme.GRID, dash=(1, 3), stroke=1)
    return [dotted] if lines else []


def mark_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """Intervals, prediction intervals under the recommended rows, and one symbol per source."""
    points = [(p.middle, p.line.mark) for p in placed if p.line.mark]
    drawn = interval_layers(
        [
            span
            for y, row in points
            if (span := interval(row["ci_low"], row["ci_high"], y, LOOKS[row["source"]][3]))
        ],
        scale,
        height,
    )
    predictions = [
        span
        for y, row in points
        if (span := interval(row["pi_low"], row["pi_high"], y + PREDICTION_SHIFT, theme.PREDICTION))
    ]
    drawn.extend(interval_layers(predictions, scale, height, stroke=1))
    for name, (shape, area, fill, stroke) in LOOKS.items():
        items = [
            {"x": row["estimate"], "y": y, "area": area, "fill": fill.light, "colour": stroke.light}
            for y, row in points
            if look(row) == name
            and not formats.is_missing(row["estimate"])
            and scale.contains(row["estimate"])
        ]
        if items:
            drawn.append(layers.symbols(items, scale, height, shape))
    return drawn


def look(row: Row) -> str:
    """Which symbol a row gets: that of its source, or that of a single recomputed result."""
    return SINGLE if is_one(row) else row["source"]


def is_odd(row: Row) -> bool:
    """True for a published result with a remark: its numbers contradict each other."""
    return row["source"] == "published" and bool(row["note"])


def row_notes(rows: Sequence[Row]) -> list[str]:
    """Notes of single rows, each with the headlines that it holds for."""
    named: dict[str, list[str]] = {}
    for row in rows:
        if row["note"] and not is_one(row):
            marker = f"{theme.DAGGER} " if is_odd(row) else ""
            headlines = named.setdefault(row["note"], [])
            if marker + row["headline_label"] not in headlines:
                headlines.append(marker + row["headline_label"])
    return [f"{', '.join(names)}: {words.rstrip('.')}." for words, names in named.items()]


def notes(bands: Sequence[Row], rows: Sequence[Row], scale: Scale) -> list[str]:
    """Footnotes: symbols, k, Cohen's lines, NR and arrowheads."""
    symbols = [words for source, words in SYMBOLS.items() if source in {r["source"] for r in rows}]
    written = [
        f"{'; '.join(symbols).capitalize()}; thin bar below a symbol, 95% prediction interval.",
        "k: number of [[members]].",
    ]
    if any(look(row) == SINGLE for row in rows):
        written.append("Small filled circle: a single [[member]], not pooled.")
    if bands:
        named = ", ".join(f"{band['label'].lower()} ({band['lower_bound']})" for band in bands)
        written.append(f"Dotted lines: Cohen's {named}.")
    limits = ("ci_low", "ci_high"), ("pi_low", "pi_high")
    if any(is_clipped(row[low], row[high], scale) for row in rows for low, high in limits):
        written.append("Arrowheads: the interval goes on beyond the axis.")
    present = [row for row in rows if not formats.is_missing(row["estimate"])]
    if any(formats.is_missing(row[key]) for row in present for key in ("k", "ci_low", "ci_high")):
        written.append(f"{theme.NOT_REPORTED}: not reported.")
    if any(row["source"] != "published" and formats.is_missing(row["pi_low"]) for row in rows):
        written.append(f"{theme.NOT_APPLICABLE}: too few [[members]] for a prediction interval.")
    return written


def message(figure: Figure, tables: Tables) -> str | None:
    """How many headlines lie on the side of most of them, by the recommended method."""
    rows = [
        row
        for row in tables["rpt_headline"]
        if row["source"] == "recommended" and formats.has_result(row)
    ]
    if all(formats.is_missing(row["side"]) for row in rows):
        return None
    whole = on_scale(figure, rows)
    if not whole.above_text:
        clear = sum(row["side"] in ("above", "below") for row in rows)
        return (
            f"{clear} of {len(rows)} {counted(rows)} with data: the interval excludes no effect by "
            "the recommended method"
        )
    sides = [row["side"] for row in rows]
    side, there = whole.side_of_most(sides.count("above"), sides.count("below"))
    if not there:
        none = upper_first(whole.on_side(None))
        return f"{none} in any of {len(rows)} {counted(rows)} with data by the recommended method"
    return (
        f"{there} of {len(rows)} {counted(rows)} with data: the result "
        f"{whole.on_side(side)} by the recommended method"
    )


def describe(figure: Figure, tables: Tables) -> str:
    """Each headline with its result, by scale."""
    by_scale = scales(shown(tables))
    return (
        " ".join(described(on_scale(figure, rows), rows) for rows in by_scale.values())
        or "No headline result."
    )


def described(figure: Figure, rows: Sequence[Row]) -> str:
    """The headlines of one scale with their results."""
    listed = []
    for row in rows:
        if not formats.is_missing(row["estimate"]):
            source = ", as published" if row["source"] == "published" else ""
            result = f"{formats.result(row, figure.decimals)}, k={formats.count(row['k'])}"
            listed.append(f"{row['headline_label']}: {result}{source}.")
    name = lower_first(figure.measure_label)
    return " ".join([f"Dot plot of {len(listed)} {counted(rows)}, {name} with 95% CI.", *listed])


def counted(rows: Sequence[Row]) -> str:
    """What headlines count as: conditions, or results where one has several."""
    pairs = {(row["condition_id"], row["analysis_id"]) for row in rows}
    is_one_each = len({condition for condition, _ in pairs}) == len(pairs)
    return "[[conditions]]" if is_one_each else "results"


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per headline."""
    return [
        (
            row["headline_label"],
            "As published" if row["source"] == "published" else "Pooled here",
            formats.count(row["k"]),
            formats.measure(row["scale_short_label"]),
            formats.result_or_dash(row, row["decimals"]),
            formats.interval_or_dash(row, "pi_low", "pi_high", row["decimals"]),
            (row["p_printed"] or "").removeprefix("=") or formats.p_or_dash(row["p_value"]),
            upper_first(row["cohen_band"] or theme.NOT_APPLICABLE),
            row["certainty"],
            row["note"] or "",
        )
        for row in shown(tables)
    ]


KIND = FigureKind(
    reads=("rpt_headline", "rpt_answers", "rpt_cohen_bands"),
    draw=draw,
    phone=partial(draw, lay_out=table.lay_out_narrow),
    message=message,
    describe=describe,
    columns=(
        "[[Condition]]",
        "Source",
        "k",
        "Measure",
        "Estimate (95% CI)",
        "95% prediction interval",
        "P",
        "Cohen's band",
        "Certainty",
        "Notes",
    ),
    numeric=frozenset({"k", "Estimate (95% CI)", "95% prediction interval", "P"}),
    data_rows=data_rows,
    page="index",
)
