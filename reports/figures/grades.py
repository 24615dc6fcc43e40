"""Grades of the evidence: a row per condition, a column per scheme, words on a ramp of colours.

Schemes that are too many for the width of a page stand on several, and so do rows that are too many
for its height. On a phone the schemes of a condition stand below each other. Many results are
counted by condition, on a phone once for all schemes that count the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from reports import formats, text, theme
from reports.charts import canvas
from reports.charts.text_table import MAX_HEIGHT
from reports.figure import RECOMMENDED, Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.theme import Colour
from reports.words import worded

UNGRADED = (theme.PAPER, theme.MUTED)
PADDING = 6.0
STEP = 13.0
MOST = 40
"""Results that have a row of their own; of more, each condition has one."""


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
    begins: bool = True
    """Whether it is the first of those that stay on one page."""


Cells = tuple[Cell, ...]
Tiles = list[tuple[str, Cell]]


def side_by_side(label: Cell, tiles: Tiles, width: float) -> list[Cells]:
    """One row: the label and a tile in the column of each scheme."""
    return [(label, *(tile for _, tile in tiles))]


def below_each_other(label: Cell, tiles: Tiles, width: float) -> list[Cells]:
    """The label, then a row for each scheme: its name and its tile."""
    named = [(Cell(tuple(wrapped(name, width))), tile) for name, tile in tiles]
    return [(label,), *named]


def joined(tiles: Tiles) -> Tiles:
    """Each tile once, with the names of all schemes that have it."""
    schemes: dict[Cell, list[str]] = {}
    for name, tile in tiles:
        schemes.setdefault(tile, []).append(name)
    return [("; ".join(names), tile) for tile, names in schemes.items()]


@dataclass(frozen=True)
class Layout:
    """Widths of the table, and its columns: one per scheme unless they are named.

    `label_room` is the width of the label of a condition, which `arrange` puts in rows with its
    tiles; `between` parts its estimate from the number of meta-analyses. A page has `most` schemes
    and is `limit` px high; 0 for one page of any size.
    """

    width: float
    label_width: float
    label_room: float
    between: str
    corner: str
    columns: tuple[str, ...]
    arrange: Callable[[Cell, Tiles, float], list[Cells]]
    most: int = 0
    limit: float = 0
    joins_counts: bool = False
    """Whether schemes that count the same stand together."""


WIDE = Layout(
    width=theme.CONTENT,
    label_width=148.0,
    label_room=148.0,
    between="\n",
    corner="[[Condition]]",
    columns=(),
    arrange=side_by_side,
    most=5,
    limit=MAX_HEIGHT,
)
NARROW = Layout(
    width=theme.PHONE,
    label_width=138.0,
    label_room=theme.PHONE,
    between=", ",
    corner="[[Condition]] and scheme",
    columns=("Grade",),
    arrange=below_each_other,
    joins_counts=True,
)


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw rpt_grades: each result, or what those of a condition have.

    A condition has a second row where the conventional method gives another grade, or leaves
    other grades possible.
    """
    rows = ordered(tables["rpt_grades"])
    if not rows:
        words = "The protocol declares no [[condition]], or no scheme of grading."
        return (canvas.nothing(worded(words, tables), layout.width),)
    drawn = [
        panel(page, layout, notes(rows))
        for schemes in columns_of_pages(scheme_labels(rows), layout.most)
        for page in pages(rows, schemes, tables, layout)
    ]
    return tuple(
        replace(one, page=number, pages=len(drawn)) for number, one in enumerate(drawn, start=1)
    )


def columns_of_pages(schemes: dict[str, str], most: int) -> list[dict[str, str]]:
    """The schemes of each page, about as many on each."""
    count = -(-len(schemes) // most) if most else 1
    per_page = -(-len(schemes) // count)
    listed = list(schemes.items())
    return [dict(listed[first : first + per_page]) for first in range(0, len(listed), per_page)]


@dataclass(frozen=True)
class Page:
    """The head of the table, the rows on one page below it, and the width of a column."""

    head: Line
    lines: tuple[Line, ...]
    width: float


def pages(
    rows: Sequence[Row], schemes: dict[str, str], tables: Tables, layout: Layout
) -> list[Page]:
    """Some schemes of every result, on as many pages as they need."""
    columns = layout.columns or tuple(schemes.values())
    width = (layout.width - layout.label_width) / len(columns)
    head = header(worded(layout.corner, tables), columns, width)
    if is_counted(rows):
        names = {row["condition"]: row["condition_label"] for row in tables["dim_condition_pages"]}
        lines = counted(rows, schemes, names, layout, width, head.height)
    else:
        lines = stacked(rows, schemes, layout, width, head.height)
    paged: list[list[Line]] = [[]]
    start = 0.0
    for together in kept_together(lines):
        bottom = together[-1].top + together[-1].height
        if layout.limit and paged[-1] and bottom - start > layout.limit:
            paged.append([])
            start = together[0].top - head.height
        paged[-1] += [replace(line, top=line.top - start) for line in together]
    return [Page(head, tuple(members), width) for members in paged]


def kept_together(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that stay on one page: those of a result by both methods."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.begins or not groups:
            groups.append([])
        groups[-1].append(line)
    return groups


def panel(page: Page, layout: Layout, footnotes: tuple[str, ...]) -> Panel:
    """Draw one page."""
    head, lines, width = page.head, page.lines, page.width
    height = lines[-1].top + lines[-1].height + 2
    tiles = [tile for line in lines for tile in line_tiles(line, layout, width)]
    rule = {"x": 0, "x2": layout.width, "y": head.height - 2, "y2": head.height - 1}
    drawn = [
        canvas.tiles(tiles, layout.width, height),
        canvas.tiles([rule | {"fill": theme.INK.light}], layout.width, height, stroke=0),
        canvas.words(label_words([head, *lines]), layout.width, height, "left"),
        canvas.words(cell_words([head, *lines], layout, width), layout.width, height),
    ]
    return canvas.panel(drawn, height, footnotes, layout.width)


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
    return theme.RAMP[min(row["grade_place"], len(theme.RAMP)) - 1]


def wrapped(words: str, width: float, **how: Any) -> list[Words]:
    """A text as lines that fit a cell."""
    is_bold, size = how.get("is_bold", False), how.get("size", theme.SMALL)
    return [Words(line, **how) for line in text.wrap(words, width - 10, size, is_bold)]


def header(corner: str, labels: Sequence[str], width: float) -> Line:
    """The names of the columns."""
    cells = [Cell(tuple(wrapped(label, width, is_bold=True))) for label in labels]
    first = Cell((Words(corner, is_bold=True),))
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
    """SMD 0.40 (0.33 to 0.47) or 35.3% (30.1 to 40.8), and k=38; without a result only the k."""
    k = f"k={formats.count(row['k'])}"
    if formats.is_missing(row["estimate"]):
        return (k,)
    measure, places = row["scale_short_label"], row["decimals"]
    if measure == "percent":
        interval = formats.interval(row["ci_low"], row["ci_high"], places)
        return f"{formats.percent(row['estimate'], places)} ({interval})", k
    return f"{formats.measure(measure)} {formats.result(row, places)}", k


def label(row: Row, layout: Layout) -> Cell:
    """Condition and result, or the other method and its result."""
    room = layout.label_room
    own = row["policy_id"] == RECOMMENDED
    said = row["headline_label"] if own else "By the conventional method"
    name = wrapped(said, room, is_bold=own, size=theme.TEXT if own else theme.SMALL)
    parts = layout.between.join(result(row)).splitlines()
    result_lines = [line for part in parts for line in wrapped(part, room, colour=theme.MUTED)]
    return Cell((*name, *result_lines))


def stacked(
    rows: Sequence[Row], schemes: dict[str, str], layout: Layout, width: float, top: float
) -> list[Line]:
    """The rows of the table below each other."""
    groups: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        groups.setdefault((row["analysis_id"], row["policy_id"]), {})[row["scheme"]] = row
    lines = []
    for (_, policy), found in groups.items():
        is_other = policy != RECOMMENDED
        if is_other and not any(row["is_different_from_recommended"] for row in found.values()):
            continue
        tiles = [
            (
                name,
                same(width)
                if is_other and not found[scheme]["is_different_from_recommended"]
                else graded(found[scheme], width),
            )
            for scheme, name in schemes.items()
        ]
        own = label(next(iter(found.values())), layout)
        for place, cells in enumerate(layout.arrange(own, tiles, layout.label_width)):
            begins = not is_other and place == 0
            lines.append(Line(cells, top, cells_height(cells), begins))
            top += lines[-1].height + 2
    return lines


def is_counted(rows: Sequence[Row]) -> bool:
    """True where the results are too many for rows of their own."""
    return len({row["analysis_id"] for row in rows}) > MOST


def counted(
    rows: Sequence[Row],
    schemes: dict[str, str],
    names: dict[str, str],
    layout: Layout,
    width: float,
    top: float,
) -> list[Line]:
    """A row for each condition: how many of its results have which grade, as recommended."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row["policy_id"] == RECOMMENDED:
            groups.setdefault(row["condition_id"], []).append(row)
    lines = []
    for condition, found in groups.items():
        n = len({row["analysis_id"] for row in found})
        name = wrapped(names[condition], layout.label_room, is_bold=True, size=theme.TEXT)
        results = Words(formats.counted(n, "result"), colour=theme.MUTED)
        tiles = [
            (label, tally([row for row in found if row["scheme"] == scheme], width))
            for scheme, label in schemes.items()
        ]
        tiles = joined(tiles) if layout.joins_counts else tiles
        for cells in layout.arrange(Cell((*name, results)), tiles, layout.label_width):
            lines.append(Line(cells, top, cells_height(cells)))
            top += lines[-1].height + 2
    return lines


def tally(rows: Sequence[Row], width: float) -> Cell:
    """How many results have which grade, in the colours of the best of them."""
    best = min(rows, key=lambda row: (row["grade_place"] is None, row["grade_place"] or 0))
    fill, ink = look(best)
    places = {row["grade_label"]: row["grade_place"] for row in rows}
    counts = Counter(row["grade_label"] for row in rows)
    lines = [
        line
        for grade in sorted(counts, key=lambda grade: (grade is None, places[grade] or 0))
        for line in wrapped(f"{grade or 'No grade'}: {counts[grade]}", width, colour=ink)
    ]
    return Cell(tuple(lines), fill)


def line_tiles(line: Line, layout: Layout, width: float) -> list[dict[str, Any]]:
    """The tiles of a row."""
    return [
        {
            "x": layout.label_width + place * width + 1,
            "x2": layout.label_width + (place + 1) * width - 1,
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


def cell_words(lines: Sequence[Line], layout: Layout, width: float) -> list[dict[str, Any]]:
    """The texts of the other columns."""
    return [
        item
        for line in lines
        for place, cell in enumerate(line.cells[1:])
        for item in placed(cell, line, layout.label_width + (place + 0.5) * width)
    ]


def notes(rows: Sequence[Row]) -> tuple[str, ...]:
    """How to read a tile."""
    if is_counted(rows):
        return (
            "A tile counts the results by their grade, by the recommended method; its colour is "
            "that of the best of them, the stronger the better.",
        )
    said = (
        "The better a grade, the stronger the colour of its tile; a frame only: not graded. "
        "Possible: grades that what is not known leaves open. "
    )
    if any(row["symbols"] for row in rows):
        said += "Filled circles: levels of certainty by GRADE. "
    if any(row["is_different_from_recommended"] for row in rows):
        said += (
            "A row of the conventional method is there where it gives another grade or leaves "
            "others open."
        )
    return (said.strip(),)


def message(figure: Figure, tables: Tables) -> str | None:
    """How many conditions have which grade by the first scheme, and what stays possible."""
    rows = [row for row in ordered(tables["rpt_grades"]) if row["policy_id"] == RECOMMENDED]
    if not any(is_graded(row) for row in rows):
        return None
    first = min(
        (row for row in rows if is_graded(row)),
        key=lambda row: (row["scheme_order"], row["scheme"]),
    )
    own = [row for row in rows if row["scheme"] == first["scheme"] and is_graded(row)]
    counts = Counter((row["grade_place"], row["grade_label"]) for row in own)
    listed = ", ".join(f"{n} {label}" for (_, label), n in sorted(counts.items()))
    is_one_each = len({row["condition_id"] for row in own}) == len(own)
    graded = (
        formats.counted(len(own), "[[condition]]", "[[conditions]]") + " with a result"
        if is_one_each
        else formats.counted(len(own), "result")
    )
    words = f"{first['scheme_label']}: {listed}, of {graded}"
    better = [row for row in own if row["is_better_possible"]]
    if better:
        words += f"; {len(better)} could be better if more were known"
    return words


def is_graded(row: Row) -> bool:
    """True where a scheme gives a grade."""
    return row["grade_label"] is not None


def describe(figure: Figure, tables: Tables) -> str:
    """Each condition with its grade by each scheme; of many results how many have which."""
    rows = ordered(tables["rpt_grades"])
    if is_counted(rows):
        return described_counts(rows)
    schemes = len({row["scheme"] for row in rows})
    conditions = len({row["analysis_id"] for row in rows})
    sentences = [
        f"Table of {formats.counted(conditions, '[[condition]]', '[[conditions]]')} by "
        f"{formats.counted(schemes, 'scheme')} of grading."
    ]
    for _, members in groupby(rows, key=lambda row: (row["analysis_id"], row["policy_id"])):
        own = list(members)
        if own[0]["policy_id"] == RECOMMENDED:
            listed = "; ".join(f"{row['scheme_label']}: {formats.grade(row)}" for row in own)
            sentences.append(f"{own[0]['headline_label']}: {listed}.")
        elif any(row["is_different_from_recommended"] for row in own):
            listed = "; ".join(
                f"{row['scheme_label']}: {formats.grade(row)}"
                for row in own
                if row["is_different_from_recommended"]
            )
            sentences.append(f"By the conventional method {listed}.")
    return " ".join(sentences)


def described_counts(rows: Sequence[Row]) -> str:
    """How many results have which grade by each scheme."""
    own = [row for row in rows if row["policy_id"] == RECOMMENDED]
    n = len({row["analysis_id"] for row in own})
    sentences = [f"Table that counts {n} results by [[condition]], scheme and grade."]
    for scheme, name in scheme_labels(own).items():
        found = [row for row in own if row["scheme"] == scheme]
        places = {row["grade_label"]: row["grade_place"] or len(rows) for row in found}
        counts = Counter(row["grade_label"] for row in found)
        ordered_labels = sorted(counts, key=lambda grade: places[grade])
        listed = ", ".join(
            f"{counts[grade]} {grade or 'without a grade'}" for grade in ordered_labels
        )
        sentences.append(f"{name}: {listed}.")
    return " ".join(sentences)


def shown(rows: Sequence[Row]) -> list[Row]:
    """The rows of the data table: of many results those with a grade by the recommended method."""
    if not is_counted(rows):
        return list(rows)
    return [row for row in rows if row["policy_id"] == RECOMMENDED and is_graded(row)]


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per condition, method and scheme."""
    return [
        (
            row["headline_label"],
            theme.SOURCES.get(row["policy_id"], row["policy_id"]),
            row["scheme_label"],
            " ".join(part for part in (row["grade_label"], row["symbols"]) if part)
            or theme.NOT_APPLICABLE,
            row["status_text"] or "",
            f"{formats.count(row['n_not_assessable'])} of {formats.count(row['n_criteria'])}",
            row["short_reason"] or "",
            row["next_grade_text"] or "",
            row["sensitivity_text"] or "",
        )
        for row in shown(ordered(tables["rpt_grades"]))
    ]


KIND = FigureKind(
    reads=("rpt_grades", "dim_condition_pages"),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=(
        "[[Condition]]",
        "Method",
        "Scheme",
        "Grade",
        "Possible",
        "Not assessable",
        "Because of",
        "Next grade",
        "Other thresholds",
    ),
    numeric=frozenset(),
    data_rows=data_rows,
    page="quality",
    outlined=Outlined(
        order=60,
        figure_id="grades",
        title="Grades of the evidence by {condition}",
        subtitle="Class or certainty by each scheme of the protocol, recommended method",
        measure="count",
        sheets=("reported_effects", "grade_judgements"),
    ),
)
