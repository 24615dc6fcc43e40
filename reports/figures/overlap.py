"""Overlap of trials between meta-analyses as a lower triangle of tiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt

from reports import formats, text, theme
from reports.charts import canvas
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.theme import Colour
from reports.words import worded

LARGEST_CELL = 44.0
# Below this size two lines of numbers do not fit into a tile: the table under the picture has them.
LEAST_CELL_WITH_WORDS = 24.0
# Below this size names would run into each other: lines stay so high, and columns have numbers.
LEAST_CELL_WITH_NAMES = 11.5
NUMBERED = 5
LABEL_LIMIT = 190.0
LEGEND = 20.0
BANDS = (
    (theme.STAGE, theme.INK),
    (theme.BAND_2, theme.INK),
    (theme.BAND_3, theme.INK),
    (theme.RECOMMENDED, theme.PAPER),
)


@dataclass(frozen=True)
class Grid:
    """Where the tiles stand: left edge, width of a column and height of a line in px."""

    left: float
    column: float
    line: float
    count: int

    @property
    def right(self) -> float:
        """Right edge in px."""
        return self.left + self.column * self.count

    @property
    def bottom(self) -> float:
        """Lower edge in px."""
        return self.line * self.count

    @property
    def has_numbers(self) -> bool:
        """True when the numbers of a pair fit into its tile."""
        return self.column >= LEAST_CELL_WITH_WORDS

    @property
    def has_column_names(self) -> bool:
        """True when names fit under the columns; else columns and lines have numbers."""
        return self.column >= LEAST_CELL_WITH_NAMES

    def x(self, column: int) -> float:
        """Middle of a column in px."""
        return self.left + (column - 0.5) * self.column

    def y(self, line: int) -> float:
        """Middle of a line in px."""
        return (line - 0.5) * self.line


def draw(figure: Figure, tables: Tables) -> tuple[Panel, ...]:
    """Draw the pairs of rpt_overlap on one page.

    A tile has the corrected covered area in percent above the number of shared trials. No
    overlap is an empty outlined tile with 0; an overlap that is not known is a grey one with a
    question mark.
    """
    rows = tables["rpt_overlap"]
    if not rows:
        words = "No two [[members]] have a list of their [[studies]]."
        return (canvas.nothing(worded(words, tables)),)
    labels = names(rows)
    grid = make_grid(labels)
    below = column_labels(labels, grid)
    height = max(grid.bottom + label_room(below, grid), 170.0)
    width = theme.CONTENT
    tiles = [tile(row, grid) for row in rows]
    diagonal = [square(grid, place, place, theme.RULE, theme.RULE.light) for place in labels]
    drawn = [
        canvas.tiles([*tiles, *diagonal], width, height),
        canvas.words(line_names(labels, grid), width, height, "right"),
        column_names(below, grid, width, height),
        *legend(rows, legend_place(grid), width, height),
    ]
    written = [item for row in rows for item in numbers(row, grid)]
    if written:
        drawn.append(canvas.words(written, width, height))
    return (canvas.panel(drawn, height, notes(grid)),)


def make_grid(labels: dict[int, str]) -> Grid:
    """Square tiles that fill the width; flat ones where squares would be lower than a name."""
    left = min(text.widest(list(labels.values()), theme.TEXT), LABEL_LIMIT) + 10
    column = min((theme.CONTENT - left - 4) / len(labels), LARGEST_CELL)
    return Grid(left, column, max(column, LEAST_CELL_WITH_NAMES), len(labels))


def legend_place(grid: Grid) -> float:
    """Left edge of the legend: in the empty half of the square, right of a small one."""
    return grid.left + 0.62 * (grid.right - grid.left) if grid.count > 8 else grid.right + 12


def line_names(labels: dict[int, str], grid: Grid) -> list[dict[str, Any]]:
    """Names left of the lines, with their number where the columns have numbers only."""
    return [
        {
            "x": grid.left - 6,
            "y": grid.y(place),
            "text": text.shorten_citation(
                label if grid.has_column_names else f"{place}  {label}",
                grid.left - 10,
                theme.TEXT,
            ),
        }
        for place, label in labels.items()
    ]


def column_labels(labels: dict[int, str], grid: Grid) -> dict[int, str]:
    """What stands under the columns: names, or the first and every fifth number."""
    if grid.has_column_names:
        return {
            place: text.shorten_citation(label, LABEL_LIMIT, theme.SMALL)
            for place, label in labels.items()
        }
    return {place: f"{place}" for place in labels if place == 1 or place % NUMBERED == 0}


def label_room(below: dict[int, str], grid: Grid) -> float:
    """Height of what stands under the columns in px."""
    if grid.has_column_names:
        return text.widest(list(below.values()), theme.SMALL) + 14
    return 2 * theme.SMALL


def column_names(below: dict[int, str], grid: Grid, width: float, height: float) -> alt.Chart:
    """Names upwards, numbers upright."""
    shift = 6 if grid.has_column_names else theme.SMALL
    items = [
        {"x": grid.x(place), "y": grid.bottom + shift, "text": label, "size": theme.SMALL}
        for place, label in below.items()
    ]
    if grid.has_column_names:
        return canvas.words(items, width, height, "right", angle=270)
    return canvas.words(items, width, height)


def names(rows: Sequence[Row]) -> dict[int, str]:
    """Names of the meta-analyses by their place in the picture."""
    found = {row["column_order"]: row["column_label"] for row in rows}
    found |= {row["row_order"]: row["row_label"] for row in rows}
    return dict(sorted(found.items()))


def look(row: Row) -> tuple[Colour, Colour]:
    """Colours of a tile and of its numbers."""
    if row["status"] != "ok" or formats.is_missing(row["cca"]):
        return theme.RANGE, theme.INK
    if not row["n_shared"]:
        return theme.PAPER, theme.MUTED
    return BANDS[min(row["band_order"], len(BANDS)) - 1]


def square(grid: Grid, column: int, line: int, fill: Colour, stroke: str) -> dict[str, Any]:
    """The tile of a column and a line, a px apart from its neighbours."""
    return {
        "x": grid.left + (column - 1) * grid.column + 0.5,
        "x2": grid.left + column * grid.column - 0.5,
        "y": (line - 1) * grid.line + 0.5,
        "y2": line * grid.line - 0.5,
        "fill": fill.light,
        "stroke": stroke,
    }


def tile(row: Row, grid: Grid) -> dict[str, Any]:
    """The tile of a pair."""
    fill, _ = look(row)
    return square(grid, row["column_order"], row["row_order"], fill, theme.RULE.light)


def cell_texts(row: Row) -> tuple[str, ...]:
    """What a tile says: area and shared trials; at least so many; 0; or not known."""
    if row["status"] == "at_least":
        return (f"≥{formats.count(row['n_shared'])}",)
    if row["status"] != "ok" or formats.is_missing(row["cca"]):
        return ("?",)
    if not row["n_shared"]:
        return ("0",)
    return formats.number(row["cca"], 1), formats.count(row["n_shared"])


def numbers(row: Row, grid: Grid) -> list[dict[str, Any]]:
    """The texts of a tile, where they fit."""
    if not grid.has_numbers:
        return []
    said = cell_texts(row)
    x, y = grid.x(row["column_order"]), grid.y(row["row_order"])
    shifts = (0.0,) if len(said) == 1 else (-6.0, 6.0)
    _, ink = look(row)
    return [
        {
            "x": x,
            "y": y + shift,
            "text": words,
            "size": theme.SMALL,
            "bold": len(said) == 2 and i == 0,
            "colour": ink.light,
        }
        for i, (words, shift) in enumerate(zip(said, shifts, strict=True))
    ]


def band_names(rows: Sequence[Row]) -> list[tuple[Colour, str]]:
    """The bands that occur, with their bounds in percent."""
    found = {
        row["band_order"]: (row["band_label"], row["band_upper_bound"])
        for row in rows
        if row["band_order"]
    }
    bounds = dict(pairwise([0, *sorted(found)]))
    below = {order: previous for previous, order in bounds.items()}
    made = []
    for order, (label, upper) in sorted(found.items()):
        previous = below[order]
        is_next = previous == order - 1 and previous
        low = f"above {found[previous][1]:g} to " if is_next else "to "
        made.append((BANDS[min(order, len(BANDS)) - 1][0], f"{label} ({low}{upper:g}%)"))
    return made


def legend(rows: Sequence[Row], at: float, width: float, height: float) -> list[Any]:
    """What the tiles mean, in the empty half of the square."""
    keys = [(fill, "", words) for fill, words in band_names(rows)]
    keys += [
        (theme.PAPER, "0", "None shared"),
        (theme.RANGE, "≥1", "Shared, but a list is partial"),
        (theme.RANGE, "?", "Not known: a list is partial"),
    ]
    squares, marks, labels = [], [], []
    for i, (fill, mark, words) in enumerate(keys, start=1):
        top = i * LEGEND
        squares.append(
            {
                "x": at,
                "x2": at + 22,
                "y": top,
                "y2": top + 16,
                "fill": fill.light,
                "stroke": theme.RULE.light,
            }
        )
        labels.append({"x": at + 28, "y": top + 8, "text": words})
        if mark:
            marks.append({"x": at + 11, "y": top + 8, "text": mark, "size": theme.SMALL})
    title = {"x": at, "y": 9, "text": "Corrected covered area", "bold": True}
    return [
        canvas.tiles(squares, width, height),
        canvas.words([title, *labels], width, height, "left"),
        canvas.words(marks, width, height),
    ]


def notes(grid: Grid) -> tuple[str, ...]:
    """How to read a tile."""
    if not grid.has_column_names:
        return (
            "Columns have the numbers of the lines. The numbers of each pair are in the table "
            "below the picture.",
        )
    if not grid.has_numbers:
        return ("The numbers of each pair are in the table below the picture.",)
    return (
        "A tile: corrected covered area of the pair in percent, and below it the [[studies]] on "
        "both lists.",
    )


REMARKS = {
    "ok": "",
    "at_least": "At least so many: a list is partial",
    "unknown": "Not known: a list is partial",
}


def message(figure: Figure, tables: Tables) -> str | None:
    """The band and the overall area, how many lists it rests on, and the most in one analysis."""
    for row in tables["rpt_overlap_summary"]:
        if not formats.is_missing(row["cca"]):
            band = (row["band_label"] or "").lower()
            words = f"Overlap is {band}, {formats.percent(row['cca'])}, between the {lists(row)}"
            return words + within_an_analysis(row)
    return None


def within_an_analysis(row: Row) -> str:
    """Where the lists behind one result overlap more than all of them together."""
    if formats.is_missing(row["highest_cca"]) or row["highest_cca"] <= row["cca"]:
        return ""
    band = (row["highest_band_label"] or "").lower()
    return (
        f"; within one result it reaches {formats.percent(row['highest_cca'])} ({band}): "
        f"{row['highest_analysis_label']}"
    )


def lists(row: Row) -> str:
    """12 of 136 meta-analyses with a complete trial list."""
    return (
        f"{formats.count(row['n_lists'])} of {formats.count(row['n_meta_analyses'])} "
        "[[members]] with a complete list of [[studies]]"
    )


def describe(figure: Figure, tables: Tables) -> str:
    """Overall area, how many pairs share trials or are not known, and the largest overlaps."""
    rows = tables["rpt_overlap"]
    known = [row for row in rows if row["status"] == "ok" and not formats.is_missing(row["cca"])]
    sharing = sorted(
        (row for row in known if row["n_shared"]),
        key=lambda row: (-row["cca"], row["row_order"], row["column_order"]),
    )
    unknown = sum(row["status"] == "unknown" for row in rows)
    partly = sum(row["status"] == "at_least" for row in rows)
    words = [f"Triangle of {formats.counted(len(rows), 'pair')} of [[members]]."]
    words += [f"{message}." for message in [message(figure, tables)] if message]
    words.append(
        f"{formats.counted(len(sharing), 'pair')} with complete lists "
        f"{formats.agreeing(len(sharing), 'shares', 'share')} [[studies]], "
        f"{len(known) - len(sharing)} share none; {partly} share [[studies]] on partial lists, "
        f"{unknown} are not known."
    )
    if sharing:
        largest = "; ".join(
            f"{row['row_label']} and {row['column_label']} {formats.percent(row['cca'])}, "
            f"{formats.counted(row['n_shared'], '[[study]]', '[[studies]]')}"
            for row in sharing[:3]
        )
        words.append(f"Largest: {largest}.")
    return " ".join(words)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per pair of meta-analyses, those that share trials first."""
    rows = sorted(
        tables["rpt_overlap"],
        key=lambda row: (-(row["n_shared"] or 0), row["row_order"], row["column_order"]),
    )
    return [
        (
            row["row_label"],
            row["column_label"],
            formats.count(row["n_row"]),
            formats.count(row["n_column"]),
            formats.count(row["n_shared"], missing="not known"),
            formats.percent(row["cca"], missing=theme.NOT_APPLICABLE),
            formats.percent(row["cca_possible_cells"], missing=theme.NOT_APPLICABLE),
            row["band_label"] or theme.NOT_APPLICABLE,
            REMARKS.get(row["status"], row["status"]),
        )
        for row in rows
    ]


KIND = FigureKind(
    reads=("rpt_overlap", "rpt_overlap_summary"),
    draw=draw,
    message=message,
    describe=describe,
    columns=(
        "[[Member]]",
        "and [[member]]",
        "[[Studies]] of the first",
        "[[Studies]] of the second",
        "Shared [[studies]]",
        "CCA",
        "CCA, possible cells",
        "Band",
        "Remark",
    ),
    numeric=frozenset(
        {
            "[[Studies]] of the first",
            "[[Studies]] of the second",
            "Shared [[studies]]",
            "CCA",
            "CCA, possible cells",
        }
    ),
    data_rows=data_rows,
    page="overlap",
    outlined=Outlined(
        order=70,
        figure_id="overlap",
        title="Overlap of [[studies]] between [[members]]",
        subtitle="Pairwise corrected covered area, percent, above the number of shared [[studies]]",
        measure="percent",
        sheets=("study_inclusion",),
    ),
)
