"""Grades of the evidence: a row per condition, a column per scheme, words on a ramp of colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports import formats, text, theme
from reports.charts import canvas
from reports.figure import Figure, Panel, Row, Tables
from reports.theme import Colour

RECOMMENDED = "recommended"
# From the best grade on; a scheme with more grades keeps the last look for the rest.
RAMP = (
    (theme.RECOMMENDED, theme.PAPER),
    (theme.BAND_3, theme.INK),
    (theme.BAND_2, theme.INK),
    (theme.STAGE, theme.INK),
    (theme.STRIPE, theme.INK),
)
UNGRADED = (theme.PAPER, theme.MUTED)
LABEL_WIDTH = 138.0
PADDING = 6.0
STEP = 13.0


@dataclass(frozen=True)
class Words:
    """One line of text: what it says and how it looks."""

    said: str
    is_bold: bool = False
    colour: Colour = theme.INK
    size: float = theme.SMALL


@dataclass(frozen=True)
class Cell:
    """A cell of the table: its lines, and its fill where it is a tile."""

    lines: tuple[Words, ...]
    fill: Colour | None = None


@dataclass(frozen=True)
class Line:
    """A row of the table with its place: label and cells, top and height in px."""

    cells: tuple[Cell, ...]
    top: float
    height: float


def grades(figure: Figure, tables: Tables) -> tuple[Panel, ...]:
    """Draw rpt_grades on one page.

    A condition has a second row where the seed paper's method gives another grade, or leaves
    other grades possible.
    """
    rows = ordered(tables["rpt_grades"])
    if not rows:
        return (canvas.nothing("The protocol declares no condition, or no scheme of grading."),)
    schemes = scheme_labels(rows)
    width = (theme.CONTENT - LABEL_WIDTH) / len(schemes)
    head = header(list(schemes.values()), width)
    lines = stacked(rows, list(schemes), width, head.height)
    height = lines[-1].top + lines[-1].height + 2
    tiles = [tile for line in lines for tile in line_tiles(line, width)]
    rule = {"x": 0, "x2": theme.CONTENT, "y": head.height - 2, "y2": head.height - 1}
    drawn = [
        canvas.tiles(tiles, theme.CONTENT, height),
        canvas.tiles([rule | {"fill": theme.INK.light}], theme.CONTENT, height, stroke=0),
        canvas.words(label_words([head, *lines]), theme.CONTENT, height, "left"),
        canvas.words(cell_words([head, *lines], width), theme.CONTENT, height),
    ]
    return (canvas.panel(drawn, height, notes(rows)),)


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Rows by condition, recommended first, and scheme."""
    return sorted(
        rows,
        key=lambda row: (
            row["sort_order"],
            row["analysis_id"],
            row["policy_id"] != RECOMMENDED,
            row["policy_id"],
            row["scheme_order"],
            row["scheme"],
        ),
    )


def scheme_labels(rows: Sequence[Row]) -> dict[str, str]:
    """Names of the schemes by code, in the order of the columns."""
    return {row["scheme"]: row["scheme_label"] for row in rows}


def look(row: Row) -> tuple[Colour, Colour]:
    """Fill and ink of a grade: the better, the darker; white where there is none."""
    if formats.is_missing(row["grade_place"]):
        return UNGRADED
    return RAMP[min(row["grade_place"], len(RAMP)) - 1]


def wrapped(words: str, width: float, **how: Any) -> list[Words]:
    """A text as lines that fit a cell."""
    is_bold, size = how.get("is_bold", False), how.get("size", theme.SMALL)
    return [Words(line, **how) for line in text.wrap(words, width - 10, size, is_bold)]


def header(labels: Sequence[str], width: float) -> Line:
    """The names of the schemes."""
    cells = [Cell(tuple(wrapped(label, width, is_bold=True))) for label in labels]
    first = Cell((Words("Condition", is_bold=True),))
    return Line((first, *cells), 0, cells_height([first, *cells]) + 4)


def cells_height(cells: Sequence[Cell]) -> float:
    """Height of a row that holds some cells."""
    return max(len(cell.lines) for cell in cells) * STEP + 2 * PADDING


def graded(row: Row, width: float) -> Cell:
    """The tile of a grade: its name, its symbols, and what else is possible."""
    fill, ink = look(row)
    if row["grade_label"] is None:
        return Cell(tuple(wrapped(row["status_text"] or "", width, colour=ink)), fill)
    lines = wrapped(row["grade_label"], width, is_bold=True, colour=ink, size=theme.TEXT)
    if row["symbols"]:
        lines.append(Words(row["symbols"], colour=ink, size=theme.TEXT))
    if row["status_text"]:
        lines += wrapped(row["status_text"], width, colour=ink)
    return Cell(tuple(lines), fill)


def same(width: float) -> Cell:
    """A cell that repeats the one above."""
    return Cell(tuple(wrapped("the same", width, colour=theme.MUTED)))


def result(row: Row) -> tuple[str, ...]:
    """SMD 0.40 (0.33 to 0.47) and k=38; without a result only how many there are."""
    k = f"k={formats.count(row['k'])}"
    if formats.is_missing(row["estimate"]):
        return (k,)
    return f"SMD {formats.estimate(row['estimate'], row['ci_low'], row['ci_high'])}", k


def label(row: Row) -> Cell:
    """Condition and result, or the other method and its result."""
    own = row["policy_id"] == RECOMMENDED
    said = row["condition_label"] if own else "By the seed paper's method"
    name = wrapped(said, LABEL_WIDTH, is_bold=own, size=theme.TEXT if own else theme.SMALL)
    result_lines = [
        line for part in result(row) for line in wrapped(part, LABEL_WIDTH, colour=theme.MUTED)
    ]
    return Cell((*name, *result_lines))


def stacked(rows: Sequence[Row], schemes: Sequence[str], width: float, top: float) -> list[Line]:
    """The rows of the table below each other."""
    groups: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        groups.setdefault((row["analysis_id"], row["policy_id"]), {})[row["scheme"]] = row
    lines = []
    for (_, policy), found in groups.items():
        is_other = policy != RECOMMENDED
        if is_other and not any(row["is_different_from_recommended"] for row in found.values()):
            continue
        cells = [
            same(width)
            if is_other and not found[scheme]["is_different_from_recommended"]
            else graded(found[scheme], width)
            for scheme in schemes
        ]
        made = (label(next(iter(found.values()))), *cells)
        lines.append(Line(made, top, cells_height(made)))
        top += lines[-1].height + 2
    return lines


def line_tiles(line: Line, width: float) -> list[dict[str, Any]]:
    """The tiles of a row."""
    return [
        {
            "x": LABEL_WIDTH + place * width + 1,
            "x2": LABEL_WIDTH + (place + 1) * width - 1,
            "y": line.top + 1,
            "y2": line.top + line.height - 1,
            "fill": cell.fill.light,
            "stroke": theme.RULE.light,
        }
        for place, cell in enumerate(line.cells[1:])
        if cell.fill
    ]


def placed(cell: Cell, line: Line, x: float) -> list[dict[str, Any]]:
    """The texts of a cell at `x` px, centred on the height of its row."""
    first = line.top + line.height / 2 - (len(cell.lines) - 1) * STEP / 2
    return [
        {
            "x": x,
            "y": first + i * STEP,
            "text": words.said,
            "bold": words.is_bold,
            "size": words.size,
            "colour": words.colour.light,
        }
        for i, words in enumerate(cell.lines)
        if words.said
    ]


def label_words(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The texts of the first column."""
    return [item for line in lines for item in placed(line.cells[0], line, 2)]


def cell_words(lines: Sequence[Line], width: float) -> list[dict[str, Any]]:
    """The texts of the other columns."""
    return [
        item
        for line in lines
        for place, cell in enumerate(line.cells[1:])
        for item in placed(cell, line, LABEL_WIDTH + (place + 0.5) * width)
    ]


def notes(rows: Sequence[Row]) -> tuple[str, ...]:
    """How to read a tile."""
    said = (
        "The better a grade, the stronger the colour of its tile; a frame only: not graded. "
        "Possible: grades that what is not known leaves open. "
    )
    if any(row["symbols"] for row in rows):
        said += "Filled circles: levels of certainty by GRADE. "
    if any(row["is_different_from_recommended"] for row in rows):
        said += (
            "A row of the seed paper's method is there where it gives another grade or leaves "
            "others open."
        )
    return (said.strip(),)
