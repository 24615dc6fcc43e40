"""Pairs of rates: two groups of the same meta-analysis, side by side, and how far they differ."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import altair as alt

from reports import formats, theme
from reports.charts import effect_axis, layers, table
from reports.charts.scale import Scale
from reports.charts.table import INDENT, Column, LayOut, Line, Placed
from reports.figure import Figure, FigureKind, Panel, Row, Tables

HEADER = "Source"
LABEL_LIMIT = 235
AXIS_HEIGHT = 42
NO_NAMES = ("First", "Second")
RANGE_SHIFT = 3.5
RANGE_WIDTH = 3.0
FIRST = ("first", "diamond", 70.0, theme.RECOMMENDED, theme.RECOMMENDED)
SECOND = ("second", "circle", 60.0, theme.PAPER, theme.INK)


def draw(figure: Figure, tables: Tables, lay_out: LayOut = table.lay_out) -> tuple[Panel, ...]:
    """Draw the pairs of rpt_rate_pairs on one page, on an axis from 0 to 100 percent."""
    rows = own_rows(figure, tables)
    lines = group_lines(rows)
    layout = lay_out(columns(rows), lines, HEADER, LABEL_LIMIT)
    scale = Scale((0.0, 100.0), layout.plot_width, is_percent=True)
    placed = table.place(lines, layout, table.HEADER - theme.GAP / 2)
    height = table.bottom(placed) + theme.GAP
    drawn = [
        *table.stripe_layer(placed, layout, height),
        effect_axis.grid(placed, layout, scale, height),
        *mark_layers(placed, scale, height),
        *table.header_layers(HEADER, layout, height),
        *table.text_layers(placed, layout, height),
        axis_title(layout.plot_width / 2, height),
    ]
    return (table.panel(drawn, layout, height, AXIS_HEIGHT, notes(rows)),)


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The pairs of a figure in their order."""
    rows = [row for row in tables["rpt_rate_pairs"] if row["figure_id"] == figure.figure_id]
    return sorted(rows, key=lambda row: row["row_order"])


def names(rows: Sequence[Row]) -> tuple[str, str]:
    """Names of the two groups, the same on every row; general ones where there is none."""
    return (rows[0]["first_label"], rows[0]["second_label"]) if rows else NO_NAMES


def columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The text columns beside the plot."""
    first, second = names(rows)
    return (
        Column(("first",), first),
        Column(("second",), second),
        Column(("difference",), "Points", "right", "words"),
        Column(("relative",), "Relative", "right"),
    )


def group_lines(rows: Sequence[Row]) -> list[Line]:
    """A bold line per definition, then its pairs."""
    lines = []
    for group, members in groupby(rows, key=lambda row: row["group_label"]):
        lines.append(Line(group, is_bold=True, gap=theme.GAP))
        lines.extend(pair_line(row, i % 2 == 0) for i, row in enumerate(members))
    return lines


def pair_line(row: Row, is_striped: bool) -> Line:
    """One pair with its percentages and their difference."""
    cells = {
        "first": rate(row, "first"),
        "second": rate(row, "second"),
        "difference": difference(row),
        "relative": relative(row),
    }
    return Line(row["label"], cells, indent=INDENT, is_striped=is_striped, mark=dict(row))


def rate(row: Row, side: str) -> str:
    """A percentage, or its range over trials."""
    if formats.is_missing(row[f"{side}_percent"]):
        return f"{formats.interval(row[f'{side}_low'], row[f'{side}_high'], 1)}%"
    return formats.percent(row[f"{side}_percent"])


def difference(row: Row) -> str:
    """First less second in percentage points; a dash where one is only a range."""
    return formats.number(row["difference_points"], 1, missing=theme.NOT_APPLICABLE)


def relative(row: Row) -> str:
    """The difference in percent of the second rate."""
    return formats.percent(row["relative_change_percent"], 0, missing=theme.NOT_APPLICABLE)


def risk_ratio(row: Row) -> str:
    """The ratio from counts with its interval, or a dash."""
    return formats.result_or_dash(row, 2, ("risk_ratio", "risk_ratio_ci_low", "risk_ratio_ci_high"))


def mark_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """A line between the two rates, bars over ranges, and a symbol for each rate."""
    points = [(p.middle, p.line.mark) for p in placed if p.line.mark]
    links = [
        {
            "x": row["first_percent"],
            "x2": row["second_percent"],
            "y": y,
            "colour": theme.MUTED.light,
        }
        for y, row in points
        if not formats.is_missing(row["difference_points"])
    ]
    spans = [
        {
            "x": row[f"{side}_low"],
            "x2": row[f"{side}_high"],
            "y": y + shift,
            "colour": colour.light,
        }
        for y, row in points
        for side, shift, colour in (
            ("first", -RANGE_SHIFT, theme.RECOMMENDED),
            ("second", RANGE_SHIFT, theme.MUTED),
        )
        if not formats.is_missing(row[f"{side}_low"])
    ]
    drawn = []
    if links:
        drawn.append(layers.bars(links, scale, height))
    if spans:
        drawn.append(layers.bars(spans, scale, height, RANGE_WIDTH))
    for side, shape, area, fill, stroke in (SECOND, FIRST):
        items = [
            {
                "x": row[f"{side}_percent"],
                "y": y,
                "area": area,
                "fill": fill.light,
                "colour": stroke.light,
            }
            for y, row in points
            if not formats.is_missing(row[f"{side}_percent"])
        ]
        if items:
            drawn.append(layers.symbols(items, scale, height, shape))
    return drawn


def axis_title(centre: float, height: float) -> alt.Chart:
    """The axis title below the tick labels."""
    item = {"y": height + 32, "text": "Percent", "colour": theme.MUTED.light}
    return layers.texts([item], centre, height, align="center", name="axis_title")


def notes(rows: Sequence[Row]) -> tuple[str, ...]:
    """Footnotes: symbols, what the numbers are, what the review prints, and notes of pairs."""
    first, second = names(rows)
    written = [
        f"Diamond, {first.lower()}; hollow circle, {second.lower()}; thick bars, ranges over "
        f"[[studies]] where no percentage is reported. Points: {first.lower()} less "
        f"{second.lower()} in percentage points; relative: the same in percent of "
        f"{second.lower()}.",
        f"{theme.NOT_APPLICABLE}: a range has no difference.",
    ]
    for published in filter(None, dict.fromkeys(row["published"] for row in rows)):
        written.append(f"The published review: sometimes by as much as {published}.")
    named: dict[str, list[str]] = {}
    for row in rows:
        if row["note"]:
            named.setdefault(row["note"], []).append(row["label"])
    marked = [f"{'; '.join(labels)}: {words}." for words, labels in named.items()]
    return (" ".join(written), *marked)


def message(figure: Figure, tables: Tables) -> str | None:
    """In how many meta-analyses the first group is higher or lower, and by how much."""
    rows = own_rows(figure, tables)
    summary = rows[0]["summary"] if rows else None
    return f"{figure.title}: {summary}" if summary else None


def describe(figure: Figure, tables: Tables) -> str:
    """Both rates of each pair and their difference."""
    rows = own_rows(figure, tables)
    sentences = [f"Dot plot of {formats.counted(len(rows), 'pair')} of percentages."]
    for row in rows:
        first, second = names([row])
        said = f"{row['label']}: {first.lower()} {rate(row, 'first')}"
        sentences.append(f"{said}, {second.lower()} {rate(row, 'second')}.")
    return " ".join(sentences)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per pair."""
    return [
        (
            row["group_label"],
            row["label"],
            f"{row['first_label']} {rate(row, 'first')}",
            f"{row['second_label']} {rate(row, 'second')}",
            difference(row),
            relative(row),
            risk_ratio(row),
            row["note"] or "",
        )
        for row in own_rows(figure, tables)
    ]


KIND = FigureKind(
    reads=("rpt_rate_pairs",),
    draw=draw,
    phone=partial(draw, lay_out=table.lay_out_narrow),
    message=message,
    describe=describe,
    columns=(
        "What is counted",
        "Source",
        *NO_NAMES,
        "Difference (points)",
        "Relative",
        "Risk ratio (95% CI)",
        "Notes",
    ),
    numeric=frozenset({*NO_NAMES, "Difference (points)", "Relative", "Risk ratio (95% CI)"}),
    data_rows=data_rows,
    own_rows=own_rows,
    page="acceptability",
)
