"""Overlap of trials between meta-analyses as a lower triangle of tiles."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from reports import formats, text, theme
from reports.charts import canvas
from reports.figure import Figure, Panel, Row, Tables
from reports.theme import Colour

LARGEST_CELL = 44.0
# Below this size two lines of numbers do not fit into a tile: the table under the picture has them.
LEAST_CELL_WITH_WORDS = 24.0
LABEL_LIMIT = 190.0
LEGEND = 20.0
BANDS = (
    (theme.STAGE, theme.INK),
    (theme.BAND_2, theme.INK),
    (theme.BAND_3, theme.INK),
    (theme.RECOMMENDED, theme.PAPER),
)


def overlap(figure: Figure, tables: Tables) -> tuple[Panel, ...]:
    """Draw the pairs of rpt_overlap on one page.

    A tile has the corrected covered area in percent above the number of shared trials. No
    overlap is an empty outlined tile with 0; an overlap that is not known is a grey one with a
    question mark.
    """
    rows = tables["rpt_overlap"]
    if not rows:
        return (canvas.nothing("No two meta-analyses have a list of their trials."),)
    labels = names(rows)
    count = len(labels)
    left = min(text.widest(list(labels.values()), theme.TEXT), LABEL_LIMIT) + 10
    cell = min((theme.CONTENT - left - 4) / count, LARGEST_CELL)
    lower = cell * count
    slanted = text.widest(list(labels.values()), theme.SMALL) + 14
    height = max(lower + slanted, 170.0)
    width = theme.CONTENT
    tiles = [tile(row, left, cell) for row in rows]
    row_names = [
        {"x": left - 6, "y": (place - 0.5) * cell, "text": label} for place, label in labels.items()
    ]
    column_names = [
        {"x": left + (place - 0.5) * cell, "y": lower + 6, "text": label, "size": theme.SMALL}
        for place, label in labels.items()
    ]
    diagonal = [square(left, cell, place, place, theme.RULE, theme.RULE.light) for place in labels]
    drawn = [
        canvas.tiles([*tiles, *diagonal], width, height),
        canvas.words(row_names, width, height, "right"),
        canvas.words(column_names, width, height, "right", angle=270),
        *legend(rows, left + 0.62 * lower if count > 8 else left + lower + 12, width, height),
    ]
    written = [item for row in rows for item in numbers(row, left, cell)]
    if written:
        drawn.append(canvas.words(written, width, height))
    return (canvas.panel(drawn, height, notes(cell)),)


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


def square(
    left: float, cell: float, column: int, line: int, fill: Colour, stroke: str
) -> dict[str, Any]:
    """The tile of a column and a line, a px apart from its neighbours."""
    return {
        "x": left + (column - 1) * cell + 0.5,
        "x2": left + column * cell - 0.5,
        "y": (line - 1) * cell + 0.5,
        "y2": line * cell - 0.5,
        "fill": fill.light,
        "stroke": stroke,
    }


def tile(row: Row, left: float, cell: float) -> dict[str, Any]:
    """The tile of a pair."""
    fill, _ = look(row)
    return square(left, cell, row["column_order"], row["row_order"], fill, theme.RULE.light)


def cell_texts(row: Row) -> tuple[str, ...]:
    """What a tile says: area and shared trials; at least so many; 0; or not known."""
    if row["status"] == "at_least":
        return (f"≥{formats.count(row['n_shared'])}",)
    if row["status"] != "ok" or formats.is_missing(row["cca"]):
        return ("?",)
    if not row["n_shared"]:
        return ("0",)
    return formats.number(row["cca"], 1), formats.count(row["n_shared"])


def numbers(row: Row, left: float, cell: float) -> list[dict[str, Any]]:
    """The texts of a tile, where they fit."""
    if cell < LEAST_CELL_WITH_WORDS:
        return []
    said = cell_texts(row)
    x, y = left + (row["column_order"] - 0.5) * cell, (row["row_order"] - 0.5) * cell
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
        (theme.PAPER, "0", "No trial shared"),
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


def notes(cell: float) -> tuple[str, ...]:
    """How to read a tile."""
    if cell < LEAST_CELL_WITH_WORDS:
        return ("The numbers of each pair are in the table below the picture.",)
    return (
        "A tile: corrected covered area of the pair in percent, and below it the trials on both "
        "lists.",
    )
