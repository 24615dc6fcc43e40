"""The flow of records and meta-analyses: the published flow beside or above this extraction's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import altair as alt

from reports import formats, text, theme
from reports.charts import layers
from reports.figure import Figure, FigureKind, Panel, Row, Tables

SIZE = theme.SMALL + 0.5
LINE = 13.5
INSET = 8
HEAD = 30
ROW_GAP = 24
MIN_BOX = 40
PANEL_GAP = 31
PANELS = (("published", "Published review"), ("this_extraction", "This extraction"))
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


@dataclass(frozen=True)
class Flow:
    """One flow: its name, the px where it begins, and its boxes."""

    name: str
    left: float
    top: float
    boxes: tuple[Box, ...]

    @property
    def bottom(self) -> float:
        """Lower edge in px."""
        return max((box.bottom for box in self.boxes), default=self.top + HEAD)


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw the flows of rpt_study_flow and rpt_study_flow_reasons on one page.

    A flow without a stage is left out. Raises ValueError on an unknown source.
    """
    rows, reasons = tables["rpt_study_flow"], tables["rpt_study_flow_reasons"]
    unknown = {row["source"] for row in rows} - {source for source, _ in PANELS}
    if unknown:
        raise ValueError(f"rpt_study_flow.source: unknown value {sorted(unknown)[0]!r}")
    layout = replace(layout, columns=min(layout.columns, len(shown_panels(rows))))
    flows = place_flows(rows, reasons, layout)
    every = [box for placed in flows for box in placed.boxes]
    height = max(placed.bottom for placed in flows) + 2
    drawn = [
        *heads(flows, height, layout),
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


def shown_panels(rows: Sequence[Row]) -> Sequence[tuple[str, str]]:
    """Source and name of the flows that have a stage; both where there is none at all."""
    sources = {row["source"] for row in rows}
    return [panel for panel in PANELS if panel[0] in sources] or PANELS


def place_flows(rows: Sequence[Row], reasons: Sequence[Row], layout: Layout) -> list[Flow]:
    """The flows in the columns of the layout, each below the one before it in its column."""
    flows: list[Flow] = []
    for i, (source, name) in enumerate(shown_panels(rows)):
        left = i % layout.columns * (layout.panel_width + PANEL_GAP)
        top = flows[i - layout.columns].bottom + PANEL_GAP if i >= layout.columns else 0
        placed = Flow(name, left, top, ())
        boxes = panel_boxes(source, rows, reasons, placed, layout)
        flows.append(replace(placed, boxes=tuple(boxes)))
    return flows


def counted(words: str, n: float | None, has_star: bool) -> str:
    """A label with its count: `Records identified (n=4532)`; NR when unknown, * when derived."""
    marker = "*" if has_star else ""
    return f"{words} (n={formats.count(n)}{marker})"


def main_lines(row: Row, layout: Layout) -> list[str]:
    """Wrapped text of a stage's box."""
    label = row["label"] or row["stage_id"]
    words = counted(label, row["n"], has_star=False)
    return text.wrap(words, layout.main_width - 2 * INSET, SIZE)


def has_derived_exclusions(row: Row) -> bool:
    """True when the number excluded was calculated from the stages, not reported."""
    return bool(row["is_derived"]) and not formats.is_missing(row["n_excluded"])


def side_lines(row: Row, reasons: Sequence[Row], layout: Layout) -> list[str]:
    """Wrapped text of the exclusion box: the count, then its reasons as bullets; maybe empty."""
    own = [r for r in reasons if (r["stage_id"], r["source"]) == (row["stage_id"], row["source"])]
    if formats.is_missing(row["n_excluded"]) and not row["excluded_label"] and not own:
        return []
    label = row["excluded_label"] or "Excluded"
    head = counted(label, row["n_excluded"], has_derived_exclusions(row))
    room = layout.side_width - 2 * INSET
    lines = text.wrap(f"{head}:" if own else head, room, SIZE)
    for reason in sorted(own, key=lambda r: (-(r["n"] or 0), r["reason_label"])):
        words = counted(reason["reason_label"] or "Other", reason["n"], has_star=False)
        first, *rest = text.wrap(words, room - text.width(BULLET, SIZE), SIZE)
        lines.extend([BULLET + first, *(HANGING + line for line in rest)])
    return lines


def box_height(lines: Sequence[str]) -> float:
    """Height of a box that holds some lines."""
    return max(len(lines) * LINE + 2 * INSET, MIN_BOX)


def panel_boxes(
    source: str, rows: Sequence[Row], reasons: Sequence[Row], placed: Flow, layout: Layout
) -> list[Box]:
    """Boxes of one flow from the top down; an exclusion box follows its stage."""
    right = placed.left + layout.main_width
    boxes, top = [], placed.top + HEAD + ROW_GAP
    own = sorted((r for r in rows if r["source"] == source), key=lambda r: r["stage_order"])
    for row in own:
        stage, side = main_lines(row, layout), side_lines(row, reasons, layout)
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
    """Arrows down from stage to stage, and right to the exclusions."""
    down, right = [], []
    for placed in flows:
        stages = [box for box in placed.boxes if not box.is_side]
        for upper, lower in pairwise(stages):
            down.append({"x": upper.centre, "y": upper.bottom, "y2": lower.top - 1})
        for box in placed.boxes:
            if box.is_side:
                right.append({"x": box.left - layout.side_gap, "x2": box.left - 1, "y": box.middle})
    drawn = []
    x, y = px_x("x", layout), layers.y("y", height)
    if down:
        drawn.append(stroke(down).encode(x=x, y=y, y2=alt.Y2("y2:Q")))
        tips = [{"x": item["x"], "y": item["y2"] - 3} for item in down]
        drawn.append(head(tips, "triangle-down").encode(x=x, y=y))
    if right:
        drawn.append(stroke(right).encode(x=x, x2=alt.X2("x2:Q"), y=y))
        tips = [{"x": item["x2"] - 3, "y": item["y"]} for item in right]
        drawn.append(head(tips, "triangle-right").encode(x=x, y=y))
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
    """Footnotes on NR and derived counts."""
    written = []
    counts = [row["n"] for row in rows] + [reason["n"] for reason in reasons]
    counts += [row["n_excluded"] for row in rows if row["excluded_label"]]
    if any(formats.is_missing(n) for n in counts):
        written.append(f"{theme.NOT_REPORTED}: not reported.")
    if any(has_derived_exclusions(row) for row in rows):
        written.append("* Not reported; derived as the difference between two stages.")
    return tuple(written)


def message(figure: Figure, tables: Tables) -> str | None:
    """First and last stage of each flow."""
    parts = []
    for source, name in (("published", "Published"), ("this_extraction", "this extraction")):
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
        parts.append(f"{name}: {', '.join(ends)}")
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
    reasons = [
        (
            names.get(row["source"], row["source"]),
            "Reason for exclusion",
            theme.NOT_APPLICABLE,
            formats.count(row["n"]),
            row["reason_label"] or "",
        )
        for row in tables["rpt_study_flow_reasons"]
    ]
    return stages + reasons


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
