"""The flow of records and meta-analyses: published, of the own search, and of this extraction.

A search of two branches, as in PRISMA 2020, has them beside one another, above what they end in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import altair as alt

from reports import formats, text, theme
from reports.charts import layers
from reports.figure import Figure, FigureKind, Panel, Row, Tables

SIZE = theme.SMALL
LINE = 13.5
INSET = 8
HEAD = 30
ROW_GAP = 24
MIN_BOX = 40
PANEL_GAP = 31
PANELS = (
    ("published", "Published review"),
    ("own_search", "Own search"),
    ("this_extraction", "This extraction"),
)
BRANCHES = {
    "main": "databases and registers",
    "other": "other methods",
    "joined": "both together",
}
PARTS = {
    "source": "Source of records",
    "reports": "Reports of what is included",
    "leaving": "Reason for exclusion",
    "no_box": "Number without a box",
    "does_not_add_up": "Does not add up",
}
STAGED = frozenset({"source", "reports", "no_box"})
"""Kinds of parts that count what reaches a stage; the others what leaves it."""
MARKS = {"difference": "*", "sum": "\u2020"}
ARROW = 40.0
BULLET = "• "
HANGING = "\t"


@dataclass(frozen=True)
class Layout:
    """Sizes in px of the picture.

    width       width of the whole picture
    columns     flows that stand beside one another; the others follow below
    main_share  share of a flow's width that its stages take
    side_gap    room between a stage and its exclusions
    """

    width: float
    columns: int
    main_share: float
    side_gap: float

    @property
    def panel_width(self) -> float:
        """Width of a flow."""
        return (self.width - (self.columns - 1) * PANEL_GAP) / self.columns

    @property
    def main_width(self) -> float:
        """Width of a stage's box."""
        return self.panel_width * self.main_share

    @property
    def side_width(self) -> float:
        """Width of an exclusion box."""
        return self.panel_width - self.main_width - self.side_gap


WIDE = Layout(width=theme.CONTENT, columns=2, main_share=0.54, side_gap=22)
NARROW = Layout(width=theme.PHONE, columns=1, main_share=0.5, side_gap=18)


@dataclass(frozen=True)
class Box:
    """A box in px with its lines of text; a bold first part names the stage."""

    left: float
    right: float
    top: float
    bottom: float
    lines: tuple[str, ...]
    is_side: bool = False

    @property
    def middle(self) -> float:
        """Vertical middle in px."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Horizontal middle in px."""
        return (self.left + self.right) / 2


class Band(NamedTuple):
    """Boxes of one source under a name; those that two branches end in have none."""

    source: str
    name: str
    branches: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """One band: its name, the px where it begins, and its boxes."""

    name: str
    left: float
    top: float
    boxes: tuple[Box, ...]

    @property
    def bottom(self) -> float:
        """Lower edge in px."""
        return max((box.bottom for box in self.boxes), default=self.top + HEAD)

    @property
    def stages(self) -> list[Box]:
        """The boxes of its stages."""
        return [box for box in self.boxes if not box.is_side]


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw the flows of rpt_study_flow and rpt_study_flow_reasons on one page.

    A flow without a stage is left out. Raises ValueError on an unknown source.
    """
    rows, reasons = tables["rpt_study_flow"], tables["rpt_study_flow_reasons"]
    unknown = {row["source"] for row in rows} - {source for source, _ in PANELS}
    if unknown:
        raise ValueError(f"rpt_study_flow.source: unknown value {sorted(unknown)[0]!r}")
    bands = shown_bands(rows, has_arrows=layout.columns > 1)
    layout = replace(layout, columns=min(layout.columns, len(bands)))
    flows = place_flows(bands, rows, reasons, layout)
    every = [box for placed in flows for box in placed.boxes]
    height = max(placed.bottom for placed in flows) + 2
    drawn = [
        *heads([placed for placed in flows if placed.name], height, layout),
        *box_layers(every, height, layout),
        *arrow_layers(flows, height, layout),
        *text_layers(every, height),
    ]
    panel = Panel(
        layers=tuple(drawn),
        left=0,
        view_width=layout.width,
        view_height=height,
        bottom=height,
        width=layout.width,
        notes=notes(rows, reasons),
    )
    return (panel,)


def shown_bands(rows: Sequence[Row], *, has_arrows: bool) -> list[Band]:
    """Bands of the sources that have a stage; published and extraction where none has.

    With arrows to it, what two branches end in needs no name.
    """
    bands = []
    for source, name in PANELS:
        branches = {row["branch"] for row in rows if row["source"] == source}
        if "other" in branches:
            names = {branch: f"{name}: {words}" for branch, words in BRANCHES.items()}
            names |= {"joined": ""} if has_arrows else {}
            bands += [Band(source, words, (branch,)) for branch, words in names.items()]
        elif branches:
            bands.append(Band(source, name, ("main", "joined")))
    return bands or [Band(source, name, ("main",)) for source, name in (PANELS[0], PANELS[-1])]


def lines_of(bands: Sequence[Band], columns: int) -> list[list[Band]]:
    """The bands that stand beside one another; one without a name and its branches end a line."""
    lines: list[list[Band]] = []
    for i, band in enumerate(bands):
        is_new = not lines or len(lines[-1]) == columns or not band.name
        starts_pair = i + 2 < len(bands) and not bands[i + 2].name
        if is_new or starts_pair or not lines[-1][-1].name:
            lines.append([])
        lines[-1].append(band)
    return lines


def place_flows(
    bands: Sequence[Band], rows: Sequence[Row], reasons: Sequence[Row], layout: Layout
) -> list[Flow]:
    """The bands in lines, each line below the one before it."""
    flows: list[Flow] = []
    top = 0.0
    for line in lines_of(bands, layout.columns):
        if not line[0].name:
            top -= PANEL_GAP + HEAD  # No name above it: the arrows of its branches reach it.
        for i, band in enumerate(line):
            placed = Flow(band.name, i * (layout.panel_width + PANEL_GAP), top, ())
            boxes = panel_boxes(band, rows, reasons, placed, layout)
            flows.append(replace(placed, boxes=tuple(boxes)))
        top = max(placed.bottom for placed in flows) + PANEL_GAP
    return flows


def counted(words: str, n: float | None, basis: str = "reported") -> str:
    """A label with its count: `Records identified (n=4532)`; NR when unknown, marked if derived."""
    return f"{words} (n={formats.count(n)}{MARKS.get(basis, '')})"


def parts_of(row: Row, reasons: Sequence[Row], kinds: Sequence[str]) -> list[Row]:
    """The parts of a stage of these kinds, the largest first."""
    key = (row["stage_id"], row["source"])
    own = [r for r in reasons if (r["stage_id"], r["source"]) == key and r["part_kind"] in kinds]
    return sorted(own, key=lambda r: (-(r["n"] or 0), r["reason_label"]))


def listed(head: str, parts: Sequence[Row], room: float) -> list[str]:
    """Wrapped text with its parts as bullets below."""
    lines = text.wrap(f"{head}:" if parts else head, room, SIZE)
    for part in parts:
        words = counted(part["reason_label"] or "Other", part["n"])
        first, *rest = text.wrap(words, room - text.width(BULLET, SIZE), SIZE)
        lines.extend([BULLET + first, *(HANGING + line for line in rest)])
    return lines


def main_lines(row: Row, reasons: Sequence[Row], layout: Layout) -> list[str]:
    """Wrapped text of a stage's box: the count, then where the records come from."""
    words = counted(row["label"] or row["stage_id"], row["n"], row["n_basis"])
    parts = parts_of(row, reasons, ("source", "reports"))
    return listed(words, parts, layout.main_width - 2 * INSET)


def side_lines(row: Row, reasons: Sequence[Row], layout: Layout) -> list[str]:
    """Wrapped text of the exclusion box: the count, then its reasons; maybe empty."""
    own = parts_of(row, reasons, ("leaving",))
    if formats.is_missing(row["n_excluded"]) and not row["excluded_label"] and not own:
        return []
    head = counted(row["excluded_label"] or "Excluded", row["n_excluded"], row["excluded_basis"])
    return listed(head, own, layout.side_width - 2 * INSET)


def box_height(lines: Sequence[str]) -> float:
    """Height of a box that holds some lines."""
    return max(len(lines) * LINE + 2 * INSET, MIN_BOX)


def panel_boxes(
    band: Band, rows: Sequence[Row], reasons: Sequence[Row], placed: Flow, layout: Layout
) -> list[Box]:
    """Boxes of one band from the top down; an exclusion box follows its stage."""
    right = placed.left + layout.main_width
    boxes, top = [], placed.top + HEAD + ROW_GAP
    own = [r for r in rows if r["source"] == band.source and r["branch"] in band.branches]
    for row in sorted(own, key=lambda r: r["stage_order"]):
        stage, side = main_lines(row, reasons, layout), side_lines(row, reasons, layout)
        end = top + max(box_height(stage), box_height(side))
        boxes.append(Box(placed.left, right, top, end, tuple(stage)))
        if side:
            left = right + layout.side_gap
            far = left + layout.side_width
            boxes.append(Box(left, far, top, end, tuple(side), is_side=True))
        top = end + ROW_GAP
    return boxes


def px_x(field: str, layout: Layout) -> alt.X:
    """Encode a field of px from the page's left."""
    scale = alt.Scale(domain=[0, layout.width], nice=False, zero=False)
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def heads(flows: Sequence[Flow], height: float, layout: Layout) -> list[alt.Chart]:
    """The name of each flow on a filled band."""
    items = [
        {
            "x": placed.left,
            "x2": placed.left + layout.panel_width,
            "y": placed.top,
            "y2": placed.top + HEAD,
        }
        for placed in flows
    ]
    band = alt.Chart(layers.data(items)).mark_rect(
        fill=theme.STAGE.light, stroke=theme.INK.light, strokeWidth=theme.HAIRLINE, opacity=1
    )
    drawn = [spread(band, height, layout)]
    for item, placed in zip(items, flows, strict=True):
        at = (item["x"] + item["x2"]) / 2
        middle = placed.top + HEAD / 2
        words = {"y": middle, "text": placed.name, "bold": True, "size": theme.SUBTITLE}
        drawn.append(layers.texts([words], at, height, align="center"))
    return drawn


def spread(chart: alt.Chart, height: float, layout: Layout) -> alt.Chart:
    """Place rectangles; items hold `x`, `x2`, `y` and `y2`."""
    return chart.encode(
        x=px_x("x", layout), x2=alt.X2("x2:Q"), y=layers.y("y", height), y2=alt.Y2("y2:Q")
    )


def box_layers(boxes: Sequence[Box], height: float, layout: Layout) -> list[alt.Chart]:
    """Outlined boxes."""
    items = [{"x": b.left, "x2": b.right, "y": b.top, "y2": b.bottom} for b in boxes]
    if not items:
        return []
    chart = alt.Chart(layers.data(items)).mark_rect(
        fill=theme.PAPER.light, stroke=theme.INK.light, strokeWidth=theme.HAIRLINE, opacity=1
    )
    return [spread(chart, height, layout)]


def arrow_layers(flows: Sequence[Flow], height: float, layout: Layout) -> list[alt.Chart]:
    """Arrows down from stage to stage, and across: to the exclusions, and where branches join."""
    down, across, shafts = [], [], []
    for placed in flows:
        for upper, lower in pairwise(placed.stages):
            down.append({"x": upper.centre, "y": upper.bottom, "y2": lower.top - 1})
        for box in placed.boxes:
            if box.is_side:
                left = box.left - layout.side_gap
                across.append({"x": left, "x2": box.left - 1, "y": box.middle, "tip": -3})
    for main, other, joined in zip(flows, flows[1:], flows[2:], strict=False):
        if joined.name or not (joined.stages and main.stages and other.stages):
            continue
        end = joined.stages[0]
        for box in (main.stages[-1], other.stages[-1]):
            if box.left == end.left:
                down.append({"x": box.centre, "y": box.bottom, "y2": end.top - 1})
            else:
                shafts.append({"x": box.centre, "y": box.bottom, "y2": end.middle})
                across.append({"x": box.centre, "x2": end.right + 1, "y": end.middle, "tip": 3})
    drawn = []
    x, y = px_x("x", layout), layers.y("y", height)
    if down or shafts:
        drawn.append(stroke(down + shafts).encode(x=x, y=y, y2=alt.Y2("y2:Q")))
    if down:
        tips = [{"x": item["x"], "y": item["y2"] - 3} for item in down]
        drawn.append(head(tips, "triangle-down").encode(x=x, y=y))
    if across:
        drawn.append(stroke(across).encode(x=x, x2=alt.X2("x2:Q"), y=y))
    for shape, shift in (("triangle-right", -3), ("triangle-left", 3)):
        ends = [item for item in across if item["tip"] == shift]
        tips = [{"x": item["x2"] + shift, "y": item["y"]} for item in ends]
        drawn += [head(tips, shape).encode(x=x, y=y)] if tips else []
    return drawn


def stroke(items: layers.Items) -> alt.Chart:
    """Arrow shafts."""
    mark = {"color": theme.INK.light, "strokeWidth": theme.LINE, "opacity": 1}
    return alt.Chart(layers.data(items)).mark_rule(**mark)


def head(items: layers.Items, shape: str) -> alt.Chart:
    """Arrowheads."""
    return alt.Chart(layers.data(items)).mark_point(
        shape=shape, size=ARROW, filled=True, fill=theme.INK.light, strokeWidth=0, opacity=1
    )


def text_layers(boxes: Sequence[Box], height: float) -> list[alt.Chart]:
    """Text of the boxes, centred on their height; a bullet's later lines hang below its first."""
    columns: dict[float, list[dict[str, object]]] = {}
    for box in boxes:
        first = box.middle - (len(box.lines) - 1) * LINE / 2
        for i, words in enumerate(box.lines):
            shift = text.width(BULLET, SIZE) if words.startswith(HANGING) else 0
            item = {"y": first + i * LINE, "text": words.removeprefix(HANGING), "size": SIZE}
            columns.setdefault(box.left + INSET + shift, []).append(item)
    return [layers.texts(items, at, height) for at, items in sorted(columns.items())]


def notes(rows: Sequence[Row], reasons: Sequence[Row]) -> tuple[str, ...]:
    """Footnotes on what is not reported, derived or without a box, and sums that do not agree."""
    written = []
    counts = [row["n"] for row in rows]
    counts += [reason["n"] for reason in reasons if reason["part_kind"] != "does_not_add_up"]
    counts += [row["n_excluded"] for row in rows if row["excluded_label"]]
    if any(formats.is_missing(n) for n in counts):
        written.append(f"{theme.NOT_REPORTED}: not reported.")
    bases = {row["excluded_basis"] for row in rows} | {row["n_basis"] for row in rows}
    if "difference" in bases:
        written.append("* Not reported; derived as the difference between two stages.")
    if "sum" in bases:
        written.append(f"{MARKS['sum']} Not reported; the sum of the parts that are.")
    for source, name in PANELS:
        own = [r for r in reasons if r["source"] == source]
        loose = [counted(r["reason_label"], r["n"]) for r in own if r["part_kind"] == "no_box"]
        if loose:
            written.append(f"{name}, without a box: {', '.join(loose)}.")
        wrong = [r["reason_label"] for r in own if r["part_kind"] == "does_not_add_up"]
        if wrong:
            written.append(f"{name}, does not add up: {'; '.join(wrong)}.")
    return tuple(written)


def message(figure: Figure, tables: Tables) -> str | None:
    """First and last stage of each flow."""
    parts = []
    for source, name in PANELS:
        rows = sorted(
            (row for row in tables["rpt_study_flow"] if row["source"] == source),
            key=lambda row: row["stage_order"],
        )
        if len(rows) < 2:
            continue
        ends = (
            f"{(row['label'] or row['stage_id']).lower()} {formats.count(row['n'])}"
            for row in (rows[0], rows[-1])
        )
        parts.append(f"{name.removesuffix(' review').lower()}: {', '.join(ends)}")
    said = "; ".join(parts)
    return said[:1].upper() + said[1:] or None


def describe(figure: Figure, tables: Tables) -> str:
    """Stages of both flows in their order."""
    sentences = ["Flow diagram."]
    for source, name in PANELS:
        rows = [row for row in tables["rpt_study_flow"] if row["source"] == source]
        if not rows:
            continue
        stages = [
            f"{row['label']} {formats.count(row['n'])}{excluded(row)}"
            for row in sorted(rows, key=lambda row: row["stage_order"])
        ]
        sentences.append(f"{name}: {'; '.join(stages)}.")
    return " ".join(sentences)


def excluded(row: Row) -> str:
    """Who left after a stage, in words; nothing where none can."""
    if not row["excluded_label"]:
        return ""
    return f", {row['excluded_label'].lower()} {formats.count(row['n_excluded'])}"


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per stage, then one per reason for exclusion."""
    names = dict(PANELS)
    stages = [
        (
            names.get(row["source"], row["source"]),
            row["label"] or row["stage_id"],
            formats.count(row["n"]),
            formats.count(row["n_excluded"], missing=theme.NOT_APPLICABLE),
            row["excluded_label"] or "",
        )
        for row in sorted(
            tables["rpt_study_flow"], key=lambda row: (row["source"], row["stage_order"])
        )
    ]
    parts = [
        (
            names.get(row["source"], row["source"]),
            PARTS[row["part_kind"]],
            formats.count(row["n"]) if row["part_kind"] in STAGED else theme.NOT_APPLICABLE,
            theme.NOT_APPLICABLE if row["part_kind"] in STAGED else formats.count(row["n"]),
            row["reason_label"] or "",
        )
        for row in tables["rpt_study_flow_reasons"]
    ]
    return stages + parts


KIND = FigureKind(
    reads=("rpt_study_flow", "rpt_study_flow_reasons"),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=("Flow", "Stage", "n", "Excluded", "Excluded for"),
    numeric=frozenset({"n", "Excluded"}),
    data_rows=data_rows,
    page="index",
)
