"""Forest figures: every meta-analysis, and its block pooled by both policies and as published.

One layered view. Squares have an area proportional to weight; diamonds are polygons; intervals
beyond the axis end in arrowheads. The figures of one measure share one axis.
"""

from collections.abc import Sequence
from functools import partial

import altair as alt

from reports import formats, sizes, theme
from reports.charts import effect_axis, forest_lines, layers, table
from reports.charts.effect_axis import AXIS_HEIGHT, direction_layers, null_line
from reports.charts.forest_lines import RECOMPUTED, STUDIES, SUMMARIES
from reports.charts.intervals import diamond_layer, interval, interval_layers, is_clipped
from reports.charts.scale import Scale
from reports.charts.table import LayOut, Layout, Placed
from reports.figure import PARTICIPANTS, Figure, FigureKind, Panel, Row, Tables
from reports.words import lower_first, worded
from umbrella.text import about

LABEL_LIMIT = 225
LARGEST_SQUARE = 120.0
SMALLEST_SQUARE = 5.0
UNWEIGHTED_SQUARE = 50.0
FILLS = {
    "pooled": (theme.RECOMMENDED, theme.RECOMMENDED),
    "pooled_seed": (theme.SAME_METHOD, theme.INK),
    "published": (theme.PAPER, theme.INK),
}
MEMBER = {"fill": theme.SQUARE.light, "colour": None}
NOT_POOLED = {"fill": theme.PAPER.light, "colour": theme.SQUARE.light}
SUMS = (
    "[[Studies]] and {sizes} of pooled rows are sums of what is reported; a [[study]] counts "
    "once for each [[member]] that holds it."
)
SUMS_OF_TRIALS = "{sizes} of the pooled rows are sums of what is reported."
NEGATIVE_WEIGHT = (
    "A weight below zero: a [[member]] that shares [[studies]] with more precise ones."
)
SYMBOLS = {
    "study": "squares, [[members]]",
    "weighted": "squares, [[members]], area proportional to weight within the block",
    "pooled": "dark diamond and dashed line, pooled by the recommended method",
    "pooled_seed": "grey diamond, pooled by the conventional method",
    "published": "hollow diamond, as published",
    "single": "hollow square, one [[member]], as published",
    "network": "hollow squares, network meta-analyses, not pooled",
    "prediction": "bar with end caps, 95% prediction interval",
}
CERTAINTIES = {
    "grade": "of the pooled result, its certainty",
    "class": "of the pooled result, its class of evidence",
}
TOO_FEW = "too few for a pooled verdict"


def draw(figure: Figure, tables: Tables, lay_out: LayOut = table.lay_out) -> tuple[Panel, ...]:
    """Draw one forest figure from rpt_forest, paginated when it has more than 50 rows.

    Rows are those of `figure`; the rows of the other figures with the same measure only set the
    shared axis. Raises ValueError on an unknown row kind.
    """
    rows = own_rows(figure, tables)
    places = figure.decimals
    sums = forest_lines.sums_of(rows, worded("[[Studies]]", tables))
    lines = forest_lines.lines(rows, places, sums)
    columns = forest_lines.columns(figure, lines, rows, sums)
    header = worded(forest_lines.HEADER, tables)
    layout = lay_out(columns, lines, header, LABEL_LIMIT)
    scale = Scale(
        domain(figure, rows, tables), layout.plot_width, figure.is_log_scale, figure.is_percent
    )
    paged = forest_lines.pages(rows)
    return tuple(
        page(figure, header, sums, page_rows, rows, layout, scale, number, len(paged))
        for number, page_rows in enumerate(paged, start=1)
    )


def domain(figure: Figure, rows: Sequence[Row], tables: Tables) -> tuple[float, float]:
    """The axis of all figures of a measure; one of its own where that leaves out a pooled result.

    Without it a review whose conditions differ a hundredfold would show one of them as arrows.
    """

    def spanned(values: list[float | None]) -> tuple[float, float]:
        return effect_axis.span(figure, values)

    low, high = spanned(axis_values(related_rows(figure, tables)))
    pooled = [row["estimate"] for row in rows if row["row_kind"] in SUMMARIES]
    pooled = [value for value in pooled if not formats.is_missing(value)]
    if all(low <= value <= high for value in pooled):
        return low, high
    low, high = spanned(axis_values(rows))
    return min(low, *pooled), max(high, *pooled)


def related_rows(figure: Figure, tables: Tables) -> list[Row]:
    """Rows of all forest figures that share this figure's measure and unit."""
    related = {
        row["figure_id"]
        for row in tables["rpt_figures"]
        if row["figure_kind"] == "forest"
        and (row["measure"], row["scale_label"]) == (figure.measure, figure.scale_label)
    } | {figure.figure_id}
    return [row for row in tables["rpt_forest"] if row["figure_id"] in related]


def axis_values(rows: Sequence[Row]) -> list[float | None]:
    """Estimates and limits that the axis should hold.

    Limits of recomputed diamonds are left out: two meta-analyses alone can make one enormous.
    """
    values: list[float | None] = []
    for row in rows:
        if row["row_kind"] in (*STUDIES, *SUMMARIES):
            values.append(row["estimate"])
            if row["row_kind"] in (*STUDIES, "published"):
                values.extend((row["ci_low"], row["ci_high"]))
    return values


def page(
    figure: Figure,
    header: str,
    sums: Sequence[str],
    rows: Sequence[Row],
    all_rows: Sequence[Row],
    layout: Layout,
    scale: Scale,
    number: int,
    pages: int,
) -> Panel:
    """Draw one page; `all_rows` are needed where a block began on an earlier page."""
    lines = forest_lines.lines(rows, figure.decimals, sums)
    placed = table.place(lines, layout, table.HEADER - theme.GAP / 2)
    height = table.bottom(placed) + theme.GAP
    drawn = [
        *table.stripe_layer(placed, layout, height),
        null_line(placed, layout, scale, height),
        *pooled_lines(placed, all_rows, layout, scale, height),
        *study_layers(placed, all_rows, scale, height),
        *summary_layers(placed, scale, height),
        *prediction_layers(placed, scale, height),
        *table.header_layers(header, layout, height),
        *table.text_layers(placed, layout, height),
        *direction_layers(figure, layout, scale, height),
    ]
    return table.panel(
        drawn,
        layout,
        height,
        AXIS_HEIGHT,
        notes(rows, all_rows, scale),
        notes(all_rows, all_rows, scale),
        number,
        pages,
    )


def pooled_lines(
    placed: Sequence[Placed],
    all_rows: Sequence[Row],
    layout: Layout,
    scale: Scale,
    height: float,
) -> list[alt.Chart]:
    """A dashed line at each block's recommended estimate, as high as the block's studies."""
    estimates = {
        row["block_id"]: row["estimate"]
        for row in all_rows
        if row["row_kind"] == "pooled" and not formats.is_missing(row["estimate"])
    }
    items = []
    for block_id, estimate in estimates.items():
        block = [
            p
            for p in placed
            if p.line.mark["block_id"] == block_id
            and p.line.mark["row_kind"] in ("study", "pooled")
        ]
        if block and scale.contains(estimate):
            items += table.upright(estimate, block, layout, block[0].top, block[-1].middle)
    if not items:
        return []
    return [layers.verticals(items, scale, height, theme.RECOMMENDED, dash=(4, 3))]


def square_area(row: Row, heaviest: dict[str, float]) -> float:
    """Area in px², proportional to weight in the block; unweighted rows get a fixed square."""
    weight, most = row["weight_percent"], heaviest.get(row["block_id"], 0.0)
    if formats.is_missing(weight) or most <= 0:
        return UNWEIGHTED_SQUARE
    return max(LARGEST_SQUARE * weight / most, SMALLEST_SQUARE)


def heaviest_weights(rows: Sequence[Row]) -> dict[str, float]:
    """The largest weight of each block."""
    most: dict[str, float] = {}
    for row in rows:
        if row["row_kind"] == "study" and not formats.is_missing(row["weight_percent"]):
            most[row["block_id"]] = max(most.get(row["block_id"], 0.0), row["weight_percent"])
    return most


def study_layers(
    placed: Sequence[Placed], all_rows: Sequence[Row], scale: Scale, height: float
) -> list[alt.Chart]:
    """Intervals and squares of the meta-analyses; hollow where one is not pooled."""
    heaviest = heaviest_weights(all_rows)
    studies = [(p.middle, p.line.mark) for p in placed if p.line.mark["row_kind"] in STUDIES]
    spans = [interval(row["ci_low"], row["ci_high"], y, theme.SQUARE) for y, row in studies]
    squares = [
        {
            "x": row["estimate"],
            "y": y,
            "area": square_area(row, heaviest),
            **(MEMBER if row["row_kind"] == "study" else NOT_POOLED),
        }
        for y, row in studies
        if not formats.is_missing(row["estimate"]) and scale.contains(row["estimate"])
    ]
    drawn = interval_layers([span for span in spans if span], scale, height)
    for stroke, look in ((0, MEMBER), (1, NOT_POOLED)):
        own = [square for square in squares if square["fill"] == look["fill"]]
        if own:
            drawn.append(layers.symbols(own, scale, height, "square", stroke=stroke))
    return drawn


def summary_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """Diamonds, with arrowheads where one is cut; a small diamond where no interval is known.

    A single published meta-analysis is no pool: it gets a hollow square with its interval.
    """
    diamonds, points, squares, spans = [], [], [], []
    for p in placed:
        row = p.line.mark
        if row["row_kind"] not in SUMMARIES or formats.is_missing(row["estimate"]):
            continue
        fill, stroke = FILLS[row["row_kind"]]
        look = {"y": p.middle, "fill": fill.light, "colour": stroke.light}
        span = interval(row["ci_low"], row["ci_high"], p.middle, stroke)
        has_room = span and span["low"] <= row["estimate"] <= span["high"]
        if has_room and not row["is_single_result"]:
            diamonds.append({**look, **span, "estimate": row["estimate"], "colour": stroke.light})
            spans.extend([span] if is_clipped(span["low"], span["high"], scale) else [])
            continue
        spans.extend([span] if span else [])
        if scale.contains(row["estimate"]):
            listed = squares if row["is_single_result"] else points
            listed.append({**look, "x": row["estimate"], "area": UNWEIGHTED_SQUARE})
    drawn = interval_layers(spans, scale, height)
    if layer := diamond_layer(diamonds, scale, height):
        drawn.append(layer)
    if points:
        drawn.append(layers.symbols(points, scale, height, "diamond"))
    if squares:
        drawn.append(layers.symbols(squares, scale, height, "square"))
    return drawn


def prediction_layers(placed: Sequence[Placed], scale: Scale, height: float) -> list[alt.Chart]:
    """Prediction intervals as bars with end caps."""
    spans = [
        interval(p.line.mark["pi_low"], p.line.mark["pi_high"], p.middle, theme.PREDICTION)
        for p in placed
        if p.line.mark["row_kind"] == "prediction"
    ]
    present = [span for span in spans if span]
    return interval_layers(present, scale, height, stroke=theme.BAR, has_caps=True)


def notes(rows: Sequence[Row], all_rows: Sequence[Row], scale: Scale) -> tuple[str, ...]:
    """Footnotes of one page: the legend of the whole figure, then what holds for its rows."""
    written = [legend(all_rows, scale), *flag_notes(rows)]
    written.extend(
        sentence(row["note"]) for row in rows if row["row_kind"] == "difference" and row["note"]
    )
    return tuple(words for words in written if words)


def legend(rows: Sequence[Row], scale: Scale) -> str:
    """What symbols, arrowheads, NR and dashes mean, as far as the figure has them."""
    kinds = {symbol_kind(row) for row in rows}
    if "weighted" in kinds:
        kinds.discard("study")
    symbols = [words for kind, words in SYMBOLS.items() if kind in kinds]
    written = [sentence("; ".join(symbols))] if symbols else []
    if any(has_clipped_interval(row, scale) for row in rows):
        written.append("Arrowheads: the interval goes on beyond the axis.")
    if any(lacks_number(row) for row in rows):
        written.append(f"{theme.NOT_REPORTED}: not reported.")
    if "weighted" in kinds and any(symbol_kind(row) == "study" for row in rows):
        written.append(f"{theme.NOT_APPLICABLE}: not pooled.")
    if evidence := evidence_words(rows):
        written.append(evidence)
    if any(has_negative_weight(row) for row in rows):
        written.append(NEGATIVE_WEIGHT)
    if any(has_sums(row) for row in rows):
        size = forest_lines.size_heading(rows)
        is_of_trials = forest_lines.are_trials(rows)
        written.append(
            SUMS_OF_TRIALS.format(sizes=size)
            if is_of_trials
            else SUMS.format(sizes=lower_first(size))
        )
    return " ".join(written)


def evidence_words(rows: Sequence[Row]) -> str:
    """What the column of ratings and certainty holds."""
    heading = forest_lines.evidence_heading(rows)
    tools = dict.fromkeys(row["quality_tool"] for row in rows if row["quality_tool"])
    kinds = dict.fromkeys(row["certainty_kind"] for row in rows if row["certainty_kind"])
    said = [f"of each [[member]] that has one, the rating by {forest_lines.by_tool(tools)}"]
    parts = (said if tools else []) + [CERTAINTIES[kind] for kind in kinds]
    return f"{heading}: {'; '.join(parts)}." if parts else ""


def symbol_kind(row: Row) -> str:
    """Key of a row's symbol in SYMBOLS."""
    if row["is_single_result"]:
        return "single"
    has_weight = row["row_kind"] == "study" and not formats.is_missing(row["weight_percent"])
    return "weighted" if has_weight else row["row_kind"]


def has_negative_weight(row: Row) -> bool:
    """True when the weight is printed below zero, as correlated meta-analyses can have."""
    return not formats.is_missing(row["weight_percent"]) and row["weight_percent"] <= -0.05


def sentence(words: str) -> str:
    """Words with a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def has_clipped_interval(row: Row, scale: Scale) -> bool:
    """True when a row's interval is cut at the axis."""
    if row["row_kind"] == "prediction":
        return is_clipped(row["pi_low"], row["pi_high"], scale)
    return is_clipped(row["ci_low"], row["ci_high"], scale)


def has_sums(row: Row) -> bool:
    """True when a pooled line prints how many trials or participants it rests on."""
    known = (row["n_trials"], sizes.size(row))
    return row["row_kind"] in RECOMPUTED and not all(map(formats.is_missing, known))


def lacks_number(row: Row) -> bool:
    """True when a line prints NR."""
    needed = ("estimate", "ci_low", "ci_high") if row["row_kind"] in (*STUDIES, *SUMMARIES) else ()
    if row["row_kind"] in SUMMARIES:
        needed += ("k",)
    values = [row[key] for key in needed]
    if row["row_kind"] in (*STUDIES, *RECOMPUTED):
        values += [row["n_trials"], sizes.size(row)]
    return any(map(formats.is_missing, values))


def flag_notes(rows: Sequence[Row]) -> list[str]:
    """One dagger footnote per distinct note, naming its rows."""
    labels: dict[str, list[str]] = {}
    for row in rows:
        if row["is_flagged"] and row["row_kind"] in ("study", "published"):
            named = labels.setdefault(row["note"] or "flagged in the extraction sheet", [])
            if row["label"] and row["label"] not in named:
                named.append(row["label"])
    return [
        f"{theme.DAGGER} {', '.join(names)}: {note.rstrip('.')}." for note, names in labels.items()
    ]


def message(figure: Figure, tables: Tables) -> str | None:
    """The pool of a headline, else the test between the blocks, else the single results."""
    rows = own_rows(figure, tables)
    headlines = {row["analysis_id"]: row["headline_label"] for row in tables["rpt_headline"]}
    for row in rows:
        if row["row_kind"] == "pooled" and row["block_id"] in headlines and formats.has_result(row):
            return f"{headlines[row['block_id']]}: {result_words(row, figure)}"
    tests = [row for row in rows if row["row_kind"] == "difference"]
    if len(tests) == 1 and not formats.is_missing(tests[0]["q_p"]):
        return difference_message(tests[0], figure)
    return results_message(rows, figure)


def result_words(row: Row, figure: Figure) -> str:
    """SMD 0.40 (0.33 to 0.47), k=38, favours the intervention; no k where there is none."""
    places = figure.decimals
    result = formats.result(row, places)
    k = "" if formats.is_missing(row["k"]) else f", k={formats.count(row['k'])}"
    if figure.is_of_rates:
        return ", ".join(filter(None, (f"{rate(figure, result)}{k}", too_few(row))))
    verdict = too_few(row) or figure.on_side(row["side"])
    return f"{figure.measure} {result}{k}, {verdict}"


def too_few(row: Row) -> str:
    """That a pool has no verdict; empty where it has."""
    return TOO_FEW if row["has_verdict"] is False else ""


def rate(figure: Figure, result: str) -> str:
    """A rate of one group in words: 13.1% (9.2 to 18.7), or rate 13.11 (9.19 to 18.71)."""
    return result.replace(" ", "% ", 1) if figure.is_percent else f"{figure.rate_word} {result}"


def joined(figure: Figure, words: str) -> str:
    """The title of a figure with what it shows."""
    return f"{figure.title}{', ' if ':' in figure.title else ': '}{words}"


def difference_message(row: Row, figure: Figure) -> str:
    """Whether the blocks of a figure differ, with P; a caution is pointed to."""
    found = "effects differ" if row["is_significant"] else "no clear difference"
    caution = "; see the note below" if row["note"] else ""
    return joined(figure, f"{found} ({formats.p_value(row['q_p'])}{caution})")


def results_message(rows: Sequence[Row], figure: Figure) -> str | None:
    """Which side the pooled results favour; without any the single ones, else those published."""
    for kind, adjective in (("pooled", "pooled "), ("study", ""), ("published", "published ")):
        shown = [row for row in rows if row["row_kind"] == kind and formats.has_result(row)]
        if len(shown) == 1:
            return joined(figure, f"{adjective}{result_words(shown[0], figure)}")
        if shown and figure.is_of_rates:
            ends = [row["estimate"] for row in shown]
            span = formats.interval(min(ends), max(ends), figure.decimals)
            return joined(figure, f"{len(shown)} {adjective}results from {span}")
        if shown:
            sides = [row["side"] for row in shown]
            side, there = figure.side_of_most(sides.count("above"), sides.count("below"))
            words = figure.on_side(side, several=True)
            if not there:
                none = figure.on_side(None)
                return joined(figure, f"{none} in any of {len(shown)} {adjective}results")
            return joined(figure, f"{there} of {len(shown)} {adjective}results {words}")
    return None


def describe(figure: Figure, tables: Tables) -> str:
    """Blocks of a forest figure, each with its pooled estimates."""
    rows = own_rows(figure, tables)
    studies = sum(row["row_kind"] == "study" for row in rows)
    blocks: dict[str, list[Row]] = {}
    for row in rows:
        if row["row_kind"] != "difference":
            blocks.setdefault(row["block_id"], []).append(row)
    words = f"Forest plot, {lower_first(figure.measure_label)}, "
    words += f"{formats.counted(studies, 'row')} in {formats.counted(len(blocks), 'block')}."
    sentences = [words, *(describe_block(block, figure) for block in blocks.values())]
    tests = [row for row in rows if row["row_kind"] == "difference"]
    sentences += [f"{row['label']}: {formats.heterogeneity(row)}." for row in tests]
    return " ".join(sentences)


def describe_block(rows: Sequence[Row], figure: Figure) -> str:
    """One block: how many meta-analyses, and what each method gives."""
    places = figure.decimals
    label = rows[0]["block_label"] or rows[0]["label"] or "Block"
    found = {row["row_kind"]: row for row in rows}
    parts = []
    for kind, words in (
        ("pooled", "recommended method"),
        ("pooled_seed", "conventional method"),
        ("published", "as published"),
    ):
        if kind in found:
            row = found[kind]
            k = f", k={formats.count(row['k'])}"
            certainty = f", {row['certainty']}" if row["certainty"] else ""
            parts.append(f"{words} {formats.result(row, places)}{k}{certainty}")
    studies = [row for row in rows if row["row_kind"] == "study"]
    if not parts and studies:
        parts = [f"{row['label']} {formats.result(row, places)}" for row in studies[:3]]
    notes = [row["label"] or row["note"] for row in rows if row["row_kind"] == "note"]
    parts.extend(note.rstrip(".") for note in notes if note)
    return about(label, f"{'; '.join(parts) or 'no result'}.")


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """Rows of one forest figure in drawing order."""
    rows = (row for row in tables["rpt_forest"] if row["figure_id"] == figure.figure_id)
    return sorted(rows, key=lambda row: row["row_order"])


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per line of a forest figure but the block headings."""
    rows, places = own_rows(figure, tables), figure.decimals
    sums = forest_lines.sums_of(rows, worded("[[Studies]]", tables))
    return [data_row(row, places, sums) for row in rows if row["row_kind"] != "block_header"]


def renamed(figure: Figure, tables: Tables) -> dict[str, str]:
    """What stands over the sizes in the data table."""
    return {PARTICIPANTS: forest_lines.size_heading(own_rows(figure, tables))}


def data_row(row: Row, places: int, sums: Sequence[str]) -> tuple[str, ...]:
    """Cells of one line of a forest figure."""
    _, over = sums
    has_counts = row["row_kind"] in ("study", *RECOMPUTED)
    missing = theme.NOT_REPORTED if has_counts else theme.NOT_APPLICABLE
    statistics = row["row_kind"] in ("heterogeneity", "difference")
    return (
        row["block_label"] or theme.NOT_APPLICABLE,
        row["label"] or row["row_kind"].replace("_", " "),
        formats.count(row["k"], missing=theme.NOT_APPLICABLE),
        formats.count(row["n_trials"], missing=missing),
        sizes.cell(row, over, missing),
        formats.result_or_dash(row, places),
        formats.percent(row["weight_percent"], missing=theme.NOT_APPLICABLE),
        formats.interval_or_dash(row, "pi_low", "pi_high", places),
        row["quality"] or row["certainty"] or theme.NOT_APPLICABLE,
        formats.sentences(
            formats.heterogeneity(row) if statistics else None,
            *forest_lines.more_statistics(row, sums),
            row["note"],
        ),
        row["source_locator"] or "",
    )


KIND = FigureKind(
    reads=("rpt_forest", "rpt_figures", "rpt_headline"),
    draw=draw,
    phone=partial(draw, lay_out=table.lay_out_narrow),
    message=message,
    describe=describe,
    columns=(
        "Block",
        "Row",
        "k",
        "[[Studies]]",
        PARTICIPANTS,
        "Estimate (95% CI)",
        "Weight",
        "95% prediction interval",
        "Evidence",
        "Heterogeneity and notes",
        "Where in the source",
    ),
    numeric=frozenset(
        {
            "k",
            "[[Studies]]",
            PARTICIPANTS,
            "Estimate (95% CI)",
            "Weight",
            "95% prediction interval",
        }
    ),
    data_rows=data_rows,
    renamed=renamed,
    own_rows=own_rows,
    page="subgroups",
    section="section-effect",
)
