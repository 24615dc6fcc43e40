"""The flow of records and meta-analyses: the published flow beside this extraction's."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import altair as alt

from reports import formats, text, theme
from reports.charts import layers
from reports.figure import Figure, Panel, Row, Tables

SIZE = theme.SMALL + 0.5
LINE = 13.5
INSET = 8
HEAD = 30
ROW_GAP = 24
MIN_BOX = 40
PANEL_GAP = 31
MAIN_SHARE = 0.54
SIDE_GAP = 22
PANELS = (("published", "Published review"), ("this_extraction", "This extraction"))
PANEL_WIDTH = (theme.CONTENT - PANEL_GAP) / 2
ARROW = 40.0
BULLET = "• "
HANGING = "\t"


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


def flow(figure: Figure, tables: Tables) -> tuple[Panel, ...]:
    """Draw both flows from rpt_study_flow and rpt_study_flow_reasons on one page.

    Raises ValueError on an unknown source.
    """
    rows, reasons = tables["rpt_study_flow"], tables["rpt_study_flow_reasons"]
    unknown = {row["source"] for row in rows} - {source for source, _ in PANELS}
    if unknown:
        raise ValueError(f"rpt_study_flow.source: unknown value {sorted(unknown)[0]!r}")
    boxes = {source: panel_boxes(source, rows, reasons) for source, _ in PANELS}
    every = [box for listed in boxes.values() for box in listed]
    height = max((box.bottom for box in every), default=HEAD) + 2
    drawn = [
        *heads(height),
        *box_layers(every, height),
        *arrow_layers(boxes, height),
        *text_layers(every, height),
    ]
    panel = Panel(
        layers=tuple(drawn),
        left=0,
        view_width=theme.CONTENT,
        view_height=height,
        bottom=height,
        width=theme.CONTENT,
        notes=notes(rows, reasons),
    )
    return (panel,)


def main_width() -> float:
    """Width of a stage's box in px."""
    return PANEL_WIDTH * MAIN_SHARE


def side_width() -> float:
    """Width of an exclusion box in px."""
    return PANEL_WIDTH - main_width() - SIDE_GAP


def counted(words: str, n: float | None, has_star: bool) -> str:
    """A label with its count: `Records identified (n=4532)`; NR when unknown, * when derived."""
    marker = "*" if has_star else ""
    return f"{words} (n={formats.count(n)}{marker})"


def main_lines(row: Row) -> list[str]:
    """Wrapped text of a stage's box."""
    label = row["label"] or row["stage_id"]
    words = counted(label, row["n"], has_star=False)
    return text.wrap(words, main_width() - 2 * INSET, SIZE)


def has_derived_exclusions(row: Row) -> bool:
    """True when the number excluded was calculated from the stages, not reported."""
    return bool(row["is_derived"]) and not formats.is_missing(row["n_excluded"])


def side_lines(row: Row, reasons: Sequence[Row]) -> list[str]:
    """Wrapped text of the exclusion box: the count, then its reasons as bullets; maybe empty."""
    own = [r for r in reasons if (r["stage_id"], r["source"]) == (row["stage_id"], row["source"])]
    if formats.is_missing(row["n_excluded"]) and not row["excluded_label"] and not own:
        return []
    label = row["excluded_label"] or "Excluded"
    head = counted(label, row["n_excluded"], has_derived_exclusions(row))
    room = side_width() - 2 * INSET
    lines = text.wrap(f"{head}:" if own else head, room, SIZE)
    for reason in sorted(own, key=lambda r: (-(r["n"] or 0), r["reason_label"])):
        words = counted(reason["reason_label"] or "Other", reason["n"], has_star=False)
        first, *rest = text.wrap(words, room - text.width(BULLET, SIZE), SIZE)
        lines.extend([BULLET + first, *(HANGING + line for line in rest)])
    return lines


def box_height(lines: Sequence[str]) -> float:
    """Height of a box that holds some lines."""
    return max(len(lines) * LINE + 2 * INSET, MIN_BOX)


def panel_boxes(source: str, rows: Sequence[Row], reasons: Sequence[Row]) -> list[Box]:
    """Boxes of one flow from the top down; an exclusion box follows its stage."""
    start = 0.0 if source == PANELS[0][0] else PANEL_WIDTH + PANEL_GAP
    right = start + main_width()
    boxes, top = [], float(HEAD + ROW_GAP)
    own = sorted((r for r in rows if r["source"] == source), key=lambda r: r["stage_order"])
    for row in own:
        stage, side = main_lines(row), side_lines(row, reasons)
        end = top + max(box_height(stage), box_height(side))
        boxes.append(Box(start, right, top, end, tuple(stage)))
        if side:
            left = right + SIDE_GAP
            boxes.append(Box(left, left + side_width(), top, end, tuple(side), is_side=True))
        top = end + ROW_GAP
    return boxes


def px_x(field: str) -> alt.X:
    """Encode a field of px from the page's left."""
    scale = alt.Scale(domain=[0, theme.CONTENT], nice=False, zero=False)
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def heads(height: float) -> list[alt.Chart]:
    """The name of each flow on a filled band."""
    items = []
    for i, _ in enumerate(PANELS):
        left = i * (PANEL_WIDTH + PANEL_GAP)
        items.append({"x": left, "x2": left + PANEL_WIDTH, "y": 0, "y2": HEAD})
    band = alt.Chart(layers.data(items)).mark_rect(
        fill=theme.STAGE.light, stroke=theme.INK.light, strokeWidth=theme.HAIRLINE, opacity=1
    )
    drawn = [
        band.encode(x=px_x("x"), x2=alt.X2("x2:Q"), y=layers.y("y", height), y2=alt.Y2("y2:Q")),
    ]
    for item, (_, name) in zip(items, PANELS, strict=True):
        at = (item["x"] + item["x2"]) / 2
        words = {"y": HEAD / 2, "text": name, "bold": True, "size": theme.SUBTITLE}
        drawn.append(layers.texts([words], at, height, align="center"))
    return drawn


def box_layers(boxes: Sequence[Box], height: float) -> list[alt.Chart]:
    """Outlined boxes."""
    items = [{"x": b.left, "x2": b.right, "y": b.top, "y2": b.bottom} for b in boxes]
    if not items:
        return []
    chart = alt.Chart(layers.data(items)).mark_rect(
        fill=theme.PAPER.light, stroke=theme.INK.light, strokeWidth=theme.HAIRLINE, opacity=1
    )
    return [
        chart.encode(x=px_x("x"), x2=alt.X2("x2:Q"), y=layers.y("y", height), y2=alt.Y2("y2:Q"))
    ]


def arrow_layers(boxes: dict[str, list[Box]], height: float) -> list[alt.Chart]:
    """Arrows down from stage to stage, and right to the exclusions."""
    down, right = [], []
    for listed in boxes.values():
        stages = [box for box in listed if not box.is_side]
        for upper, lower in pairwise(stages):
            down.append({"x": upper.centre, "y": upper.bottom, "y2": lower.top - 1})
        for box in listed:
            if box.is_side:
                right.append({"x": box.left - SIDE_GAP, "x2": box.left - 1, "y": box.middle})
    drawn = []
    if down:
        drawn.append(stroke(down).encode(x=px_x("x"), y=layers.y("y", height), y2=alt.Y2("y2:Q")))
        tips = [{"x": item["x"], "y": item["y2"] - 3} for item in down]
        drawn.append(head(tips, "triangle-down", height))
    if right:
        drawn.append(stroke(right).encode(x=px_x("x"), x2=alt.X2("x2:Q"), y=layers.y("y", height)))
        tips = [{"x": item["x2"] - 3, "y": item["y"]} for item in right]
        drawn.append(head(tips, "triangle-right", height))
    return drawn


def stroke(items: layers.Items) -> alt.Chart:
    """Arrow shafts."""
    mark = {"color": theme.INK.light, "strokeWidth": theme.LINE, "opacity": 1}
    return alt.Chart(layers.data(items)).mark_rule(**mark)


def head(items: layers.Items, shape: str, height: float) -> alt.Chart:
    """Arrowheads."""
    chart = alt.Chart(layers.data(items)).mark_point(
        shape=shape, size=ARROW, filled=True, fill=theme.INK.light, strokeWidth=0, opacity=1
    )
    return chart.encode(x=px_x("x"), y=layers.y("y", height))


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
