"""Quality of the meta-analyses: shares of the ratings, and the answer to every item.

On a page names and results stand beside their bar or their answers, on a phone above them.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from reports import formats, text, theme
from reports.charts import canvas
from reports.figure import TOOLS, Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.theme import Colour
from reports.words import worded

# Letter, fill and ink of an answer, and its name.
ANSWERS: dict[str | None, tuple[str, Colour, Colour, str]] = {
    "yes": ("Y", theme.RECOMMENDED, theme.PAPER, "yes"),
    "partial_yes": ("P", theme.BAND_2, theme.INK, "partial yes"),
    "no": ("N", theme.PAPER, theme.INK, "no"),
    "cant_answer": ("?", theme.RANGE, theme.INK, "cannot answer"),
    "not_applicable": ("n/a", theme.STRIPE, theme.INK, "not applicable"),
    None: (theme.NOT_APPLICABLE, theme.STRIPE, theme.MUTED, "not answered or in dispute"),
}
LABEL_WIDTH = 172.0
RATED_WIDTH = 104.0
SCORE_WIDTH = 92.0
BAR = 20.0
BAR_STEP = 26.0
CELL = 20.0
HEAD = 26.0
HEADS = 18.0
GROUP_STEP = 11
KEY_STEP = 14.0
TOTAL_WIDTH = 60.0
MOST_BESIDE_BARS = 24
MOST_ROWS = 40

Said = list[dict[str, Any]]


@dataclass(frozen=True)
class Spot:
    """Where the texts of one kind stand: their x, and the side that stands there."""

    x: float
    align: str = "left"

    def item(self, y: float, words: str, **look: Any) -> dict[str, Any]:
        """A text at this spot."""
        return {"x": self.x, "y": y, "text": words, "align": self.align, **look}


@dataclass(frozen=True)
class Layout:
    """Where bars, answers and their texts stand, in px.

    `above` is the height kept for the texts above a bar or a row of answers, 0 where they stand
    beside it; `gap` is the space below a row. `bars` and `answers` go from one x to another. The
    heads of the columns stand once or in each group, that of the scores `lift` px higher. `foot`
    says what the items ask, and how many answers are yes.
    """

    width: float
    above: float
    gap: float
    legend: Spot
    legend_y: float
    bars: tuple[float, float]
    group: Spot
    group_width: float
    rated: Spot
    answers: tuple[float, float]
    has_heads_by_group: bool
    lift: float
    heading_width: float
    name: Spot
    name_width: float
    score: Spot
    foot: Callable[["Layout", Sequence[Row], Sequence[Row], float], tuple[Said, float]]

    def room(self, lines: int) -> float:
        """Height of some lines of text above a bar or row; 0 where they stand beside it."""
        return self.above and self.above + (lines - 1) * GROUP_STEP

    def column_width(self, count: int) -> float:
        """Width of the column of an item."""
        left, right = self.answers
        return (right - left) / count


def foot_across(
    layout: Layout, items: Sequence[Row], columns: Sequence[Row], top: float
) -> tuple[Said, float]:
    """The answers that are yes below the columns, then what the items ask."""
    said, top = totals(items, columns, layout, top)
    more_said, top = key(columns, top + 8)
    return said + more_said, top


def foot_down(
    layout: Layout, items: Sequence[Row], columns: Sequence[Row], top: float
) -> tuple[Said, float]:
    """What the items ask, below each other, with the answers that are yes at the right."""
    said = [
        title("Item", top + 8),
        layout.score.item(top + 18, "Yes, of those answered", bold=True),
    ]
    top += 8 + CELL
    for row in columns:
        words = f"{row['item']} {row['item_label'] or ''}"
        look = {"size": theme.SMALL, "colour": theme.MUTED.light}
        lines = text.wrap(words, layout.width - TOTAL_WIDTH, theme.SMALL)
        said += [
            layout.name.item(top + 6 + i * KEY_STEP, line, **look) for i, line in enumerate(lines)
        ]
        said.append(layout.score.item(top + 6, yes_of_answered(row), size=theme.SMALL))
        top += len(lines) * KEY_STEP
    return said, top + 2


WIDE = Layout(
    width=theme.CONTENT,
    above=0.0,
    gap=0.0,
    legend=Spot(LABEL_WIDTH),
    legend_y=10,
    bars=(LABEL_WIDTH, theme.CONTENT - RATED_WIDTH),
    group=Spot(LABEL_WIDTH - 6, "right"),
    group_width=LABEL_WIDTH - 10,
    rated=Spot(theme.CONTENT - RATED_WIDTH + 8),
    answers=(LABEL_WIDTH, theme.CONTENT - SCORE_WIDTH),
    has_heads_by_group=False,
    lift=0.0,
    heading_width=math.inf,
    name=Spot(14),
    name_width=LABEL_WIDTH - 20,
    score=Spot(theme.CONTENT - SCORE_WIDTH + 8),
    foot=foot_across,
)
NARROW = Layout(
    width=theme.PHONE,
    above=18.0,
    gap=6.0,
    legend=Spot(2),
    legend_y=30,
    bars=(1.0, theme.PHONE - 1.0),
    group=Spot(2),
    group_width=theme.PHONE - RATED_WIDTH,
    rated=Spot(theme.PHONE - 2, "right"),
    answers=(0.0, theme.PHONE),
    has_heads_by_group=True,
    lift=HEADS,
    heading_width=theme.PHONE - TOTAL_WIDTH,
    name=Spot(2),
    name_width=theme.PHONE - RATED_WIDTH,
    score=Spot(theme.PHONE - 2, "right"),
    foot=foot_down,
)


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw rpt_quality_shares as bars and rpt_quality_items as a map of answers, by tool.

    Without any rating and any published number there is one page that says so. Raises ValueError
    on an unknown tool or answer.
    """
    check(tables)
    parts = [part for tool in TOOLS for part in tool_parts(tool, tables, layout)]
    if not parts:
        return (canvas.nothing(worded(nobody(tables), tables), layout.width),)
    return tuple(
        page(drawn, layout, number, len(parts), unrated_note(tables))
        for number, drawn in enumerate(parts, start=1)
    )


def check(tables: Tables) -> None:
    """Raise ValueError on a tool or an answer that the picture does not know."""
    for row in tables["rpt_quality_items"]:
        if row["answer"] not in ANSWERS:
            raise ValueError(f"rpt_quality_items.answer: unknown value {row['answer']!r}")
    for name in ("rpt_quality_items", "rpt_quality_shares"):
        for row in tables[name]:
            if row["tool"] not in TOOLS:
                raise ValueError(f"{name}.tool: unknown value {row['tool']!r}")


def of_tool(tool: str, tables: Tables) -> tuple[list[Row], list[Row]]:
    """Shares and items of one tool in their order; shares only where somebody rated or printed."""
    shares = [row for row in tables["rpt_quality_shares"] if row["tool"] == tool]
    items = [row for row in tables["rpt_quality_items"] if row["tool"] == tool]
    if not any(row["n_rated"] for row in shares):
        shares = []
    shares.sort(key=lambda row: (row["group_order"], row["group_id"], row["rating_order"]))
    items.sort(key=lambda row: (row["meta_analysis_order"], row["item"]))
    return shares, items


def nobody(tables: Tables) -> str:
    """Nobody has rated the 136 meta-analyses."""
    counts = {
        row["n_meta_analyses"] for row in tables["rpt_quality_shares"] if row["group_kind"] == "all"
    }
    number = f" the {formats.count(max(counts))}" if counts else " any of the"
    return f"Nobody has rated{number} [[members]] by {' or '.join(TOOLS.values())}."


def unrated_note(tables: Tables) -> str:
    """Which tools nobody has used."""
    unused = [name for tool, name in TOOLS.items() if not any(of_tool(tool, tables))]
    return f"Nobody has rated by {' or '.join(unused)}." if unused else ""


Part = tuple[list[Any], float, bool]


def tool_parts(tool: str, tables: Tables, layout: Layout) -> list[Part]:
    """The pages of one tool: layers, height, and whether the page shows answers.

    Few rated meta-analyses stand below the bars; more have pages of their own.
    """
    shares, items = of_tool(tool, tables)
    groups = [list(rows) for _, rows in groupby(items, key=lambda row: row["meta_analysis_order"])]
    is_short = len(groups) <= MOST_BESIDE_BARS
    chunks = [groups[i : i + MOST_ROWS] for i in range(0, len(groups), MOST_ROWS)]
    plans = [(shares, chunks[0] if chunks and is_short else [])] if shares else []
    plans += [([], chunk) for chunk in (chunks[1:] if shares and is_short else chunks)]
    return [tool_page(tool, bars, chunk, items, layout) for bars, chunk in plans if bars or chunk]


def tool_page(
    tool: str,
    shares: Sequence[Row],
    groups: Sequence[Sequence[Row]],
    items: Sequence[Row],
    layout: Layout,
) -> Part:
    """Bars, answers or both below each other."""
    tiles, said, top = [], [], 0.0
    if shares:
        more_tiles, more_said, top = bars(TOOLS[tool], shares, layout)
        tiles += more_tiles
        said += more_said
    if groups:
        below = top + 14 * bool(shares)
        more_tiles, more_said, top = answer_map(TOOLS[tool], groups, items, below, layout)
        tiles += more_tiles
        said += more_said
    return drawn(tiles, said, layout, top + 2), top + 2, bool(groups)


def drawn(tiles: list[dict[str, Any]], said: Said, layout: Layout, height: float) -> list[Any]:
    """Layers of a page: tiles, then a layer of words for each alignment."""
    layers = [canvas.tiles(tiles, layout.width, height)] if tiles else []
    for align in ("left", "center", "right"):
        own = [
            {key: value for key, value in item.items() if key != "align"}
            for item in said
            if item.get("align", "center") == align
        ]
        if own:
            layers.append(canvas.words(own, layout.width, height, align))
    return layers


def title(words: str, top: float) -> dict[str, Any]:
    """A bold heading at the left."""
    return {"x": 2, "y": top + 10, "text": words, "bold": True, "align": "left"}


def bars(tool: str, shares: Sequence[Row], layout: Layout) -> tuple[list[Any], list[Any], float]:
    """A 100% bar per group of meta-analyses, with its counts; returns tiles, words and bottom."""
    left, right = layout.bars
    said = [title(f"Rating by {tool}", 0)]
    tiles, key_words = legend(shares, layout)
    said += key_words
    top = HEAD + layout.legend_y - 10
    for _, members in groupby(shares, key=lambda row: (row["group_order"], row["group_id"])):
        rows = list(members)
        is_overall = rows[0]["group_kind"] != "condition"
        lines = text.wrap(rows[0]["group_label"], layout.group_width, theme.TEXT, is_overall)
        room = layout.room(len(lines))
        y = top + (room or BAR) / 2
        for place, line in enumerate(lines):
            at = y + (place - (len(lines) - 1) / 2) * GROUP_STEP
            said.append(layout.group.item(at, line, bold=is_overall))
        new_tiles, new_said = segments(rows, left, right, top + room)
        tiles += new_tiles
        said += new_said
        said.append(layout.rated.item(y, rated_text(rows[0]), colour=theme.MUTED.light))
        top += room + BAR_STEP
    return tiles, said, top


def rated_text(row: Row) -> str:
    """10 of 136 rated; of the published review only how many."""
    if row["group_kind"] == "published":
        return f"n={formats.count(row['n_rated'])}"
    return f"{formats.count(row['n_rated'])} of {formats.count(row['n_meta_analyses'])} rated"


def legend(shares: Sequence[Row], layout: Layout) -> tuple[list[Any], list[Any]]:
    """Fill and name of each rating above the bars."""
    names = {row["rating_order"]: row["rating_label"] for row in shares}
    tiles, said, x, y = [], [], layout.legend.x, layout.legend_y
    for order, name in sorted(names.items()):
        fill, _ = theme.RAMP[min(order, len(theme.RAMP)) - 1]
        tiles.append(box(x, x + 12, y - 6, y + 6, fill))
        said.append({"x": x + 17, "y": y, "text": name, "align": "left"})
        x += 17 + text.width(name, theme.TEXT) + 16
    return tiles, said


def box(left: float, right: float, top: float, low: float, fill: Colour) -> dict[str, Any]:
    """An outlined tile."""
    place = {"x": left, "x2": right, "y": top, "y2": low}
    return {**place, "fill": fill.light, "stroke": theme.RULE.light}


def segments(
    rows: Sequence[Row], left: float, right: float, top: float
) -> tuple[list[Any], list[Any]]:
    """The parts of one bar with their counts; what is not known of a printed whole stays white."""
    total = rows[0]["n_rated"]
    if not total:
        words = {"x": left + 6, "y": top + BAR / 2, "text": "none rated", "align": "left"}
        return [], [words | {"colour": theme.MUTED.light}]
    tiles, said, x = [], [], left
    for row in rows:
        if not row["n"]:
            continue
        end = x + (right - left) * row["n"] / total
        fill, ink = theme.RAMP[min(row["rating_order"], len(theme.RAMP)) - 1]
        tiles.append(box(x, end, top, top + BAR, fill))
        words = formats.count(row["n"])
        if text.width(words, theme.TEXT) + 4 <= end - x:
            place = {"x": (x + end) / 2, "y": top + BAR / 2}
            said.append({**place, "text": words, "colour": ink.light})
        x = end
    if x < right - 0.5:
        tiles.append(box(x, right, top, top + BAR, theme.PAPER))
    return tiles, said


def answer_map(
    tool: str,
    groups: Sequence[Sequence[Row]],
    items: Sequence[Row],
    top: float,
    layout: Layout,
) -> tuple[list[Any], list[Any], float]:
    """A row of tiles per meta-analysis, a column per item; below it what the items ask."""
    columns = list({row["item"]: row for row in items}.values())
    tiles, said = [], [title(f"Answers to the items of {tool}", top)]
    top += HEAD
    if not layout.has_heads_by_group:
        said += column_heads(columns, layout, top)
        top += HEADS
    heading = None
    for rows in groups:
        if rows[0]["group_label"] != heading:
            heading = rows[0]["group_label"]
            lines = text.wrap(heading, layout.heading_width, theme.TEXT, bold=True)
            said += [title(line, top + i * KEY_STEP) for i, line in enumerate(lines)]
            top += 20 + (len(lines) - 1) * KEY_STEP
            if layout.has_heads_by_group:
                said += column_heads(columns, layout, top)
                top += HEADS
        new_tiles, new_said = answer_row(rows, layout, layout.column_width(len(columns)), top)
        tiles += new_tiles
        said += new_said
        top += layout.room(1) + CELL + layout.gap
    more_said, top = layout.foot(layout, items, columns, top)
    return tiles, said + more_said, top


def column_heads(columns: Sequence[Row], layout: Layout, top: float) -> Said:
    """Numbers of the items, critical ones with a star, and the heading of the scores."""
    left, width = layout.answers[0], layout.column_width(len(columns))
    heads = [
        {
            "x": left + (place + 0.5) * width,
            "y": top + 8,
            "text": f"{row['item']}{'*' if row['is_critical'] else ''}",
            "bold": True,
        }
        for place, row in enumerate(columns)
    ]
    return [*heads, layout.score.item(top + 8 - layout.lift, "Rating", bold=True)]


def answer_row(
    rows: Sequence[Row], layout: Layout, width: float, top: float
) -> tuple[list[Any], list[Any]]:
    """The tiles of one meta-analysis, its name and its score."""
    room = layout.room(1)
    y = top + (room or CELL) / 2
    name = text.shorten_citation(rows[0]["label"], layout.name_width, theme.TEXT)
    said = [layout.name.item(y, name)]
    tiles = []
    top += room
    for place, row in enumerate(rows):
        letter, fill, ink, _ = ANSWERS[row["answer"]]
        left = layout.answers[0] + place * width
        tiles.append(box(left + 1, left + width - 1, top + 1, top + CELL - 1, fill))
        place_of = {"x": left + width / 2, "y": top + CELL / 2}
        said.append({**place_of, "text": letter, "size": theme.SMALL, "colour": ink.light})
    return tiles, [*said, layout.score.item(y, score_text(rows[0]))]


def score_text(row: Row) -> str:
    """7, medium; critically low; or why there is no rating."""
    if row["rating_label"] is None:
        return row["rating_status"]
    if formats.is_missing(row["score"]):
        return row["rating_label"].lower()
    return f"{formats.count(row['score'])}, {row['rating_label'].lower()}"


def totals(
    items: Sequence[Row], columns: Sequence[Row], layout: Layout, top: float
) -> tuple[Said, float]:
    """How many of the rated meta-analyses have a yes in each item."""
    y = top + CELL / 2 + 2
    left, width = layout.answers[0], layout.column_width(len(columns))
    said = [layout.name.item(y, "Yes, of those answered", bold=True)]
    for place, column in enumerate(columns):
        x = left + (place + 0.5) * width
        words = yes_of_answered(column)
        said.append({"x": x, "y": y, "text": words, "bold": True, "size": theme.SMALL})
    return said, top + CELL + 4


def yes_of_answered(column: Row) -> str:
    """How many answers to an item are yes, of those there are: 5/10."""
    return f"{column['n_yes']}/{column['n_answered']}"


def key(columns: Sequence[Row], top: float) -> tuple[Said, float]:
    """What each item asks, in two columns."""
    half = -(-len(columns) // 2)
    said = []
    for place, row in enumerate(columns):
        side, line = divmod(place, half)
        words = f"{row['item']} {row['item_label'] or ''}"
        at = {"x": 2 + side * theme.CONTENT / 2, "y": top + line * KEY_STEP + 6}
        look = {"size": theme.SMALL, "colour": theme.MUTED.light, "align": "left"}
        cut = text.shorten(words, theme.CONTENT / 2 - 10, theme.SMALL)
        said.append({**at, "text": cut, **look})
    return said, top + half * KEY_STEP + 2


def page(part: Part, layout: Layout, number: int, count: int, unused: str) -> Panel:
    """One page with its notes."""
    layers, height, has_answers = part
    made = canvas.panel(layers, height, notes(has_answers, unused), layout.width)
    return replace(made, page=number, pages=count)


def notes(has_answers: bool, unused: str) -> tuple[str, ...]:
    """How to read the picture."""
    said = (
        "Bars: [[members]] that have a rating, by those with an effect on the [[condition]]; one "
    )
    said += "with several [[conditions]] counts in each."
    if has_answers:
        letters = "; ".join(f"{letter} {name}" for letter, _, _, name in ANSWERS.values())
        said += f" Answers: {letters}. *: critical item."
    return tuple(words for words in (said, unused) if words)


def message(figure: Figure, tables: Tables) -> str | None:
    """How many are rated and with which rating, beside what is printed."""
    rows = tables["rpt_quality_shares"]
    if not rows:
        return None
    parts = []
    for tool, name in TOOLS.items():
        shares, _ = of_tool(tool, tables)
        whole = [row for row in shares if row["group_kind"] == "all"]
        if whole and whole[0]["n_rated"]:
            parts.append(f"{name}: {rated_text(whole[0])}, {ratings(whole)}")
        printed = [row for row in shares if row["group_kind"] == "published"]
        if printed:
            parts.append(f"published review: {ratings(printed)} ({rated_text(printed[0])})")
    return "; ".join(parts) or nobody(tables).rstrip(".")


def ratings(rows: Sequence[Row]) -> str:
    """0 high, 9 medium, 1 low; a number that is not printed is left out."""
    return ", ".join(
        f"{formats.count(row['n'])} {row['rating_label'].lower()}"
        for row in sorted(rows, key=lambda row: row["rating_order"])
        if not formats.is_missing(row["n"])
    )


def describe(figure: Figure, tables: Tables) -> str:
    """Ratings of each group, and of each meta-analysis with its score."""
    sentences = []
    for tool, name in TOOLS.items():
        shares, items = of_tool(tool, tables)
        groups = groupby(shares, key=lambda row: (row["group_order"], row["group_id"]))
        for _, members in groups:
            own = list(members)
            said = ratings(own) if own[0]["n_rated"] else "no rating"
            sentences.append(f"{own[0]['group_label']}: {said}, {rated_text(own[0])}.")
        rated = {row["meta_analysis_order"]: row for row in items}
        if rated:
            listed = "; ".join(f"{row['label']} {score_text(row)}" for row in rated.values())
            sentences.append(
                f"{name} of {formats.counted(len(rated), '[[member]]', '[[members]]')}: {listed}."
            )
    if not sentences:
        return f"{nobody(tables)} 0 ratings."
    return " ".join([f"Bars and map of ratings by {' and '.join(TOOLS.values())}.", *sentences])


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per group of meta-analyses, then one per appraised meta-analysis and item."""
    made = []
    for tool, name in TOOLS.items():
        shares, items = of_tool(tool, tables)
        groups = groupby(shares, key=lambda row: (row["group_order"], row["group_id"]))
        for _, members in groups:
            own = list(members)
            made.append((name, own[0]["group_label"], rated_text(own[0]), "", "", ratings(own)))
        made += [
            (
                name,
                row["label"],
                score_text(row),
                formats.count(row["item"]),
                (row["item_label"] or "") + (" (critical)" if row["is_critical"] else ""),
                f"{ANSWERS[row['answer']][3]}, {row['answer_status']}",
            )
            for row in items
        ]
    return made


KIND = FigureKind(
    reads=("rpt_quality_items", "rpt_quality_shares"),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=(
        "Tool",
        "[[Members]]",
        "Rating",
        "Item",
        "What it asks",
        "Answer or ratings",
    ),
    numeric=frozenset({"[[Members]]", "Item"}),
    data_rows=data_rows,
    own_rows=lambda figure, tables: tables["rpt_quality_items"] or tables["rpt_quality_shares"],
    page="quality",
    outlined=Outlined(
        order=80,
        figure_id="quality",
        title="Methodological quality of the [[members]]",
        subtitle="Items and ratings of the appraisal tools",
        measure="count",
        sheets=("quality_ratings",),
    ),
)
