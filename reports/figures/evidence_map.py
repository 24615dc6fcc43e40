"""Evidence map: how much is known by condition, comparator and guidance, and where the gaps are.

On a page a condition is a row of tiles; on a phone it has a row for each comparator.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from reports import formats, sizes, text, theme
from reports.charts import canvas
from reports.figure import (
    PARTICIPANTS,
    Area,
    Figure,
    FigureKind,
    Outlined,
    Panel,
    Row,
    Tables,
)
from reports.words import lower_first, worded

COMPARATORS = {"any": "Any comparator", "inactive": "Inactive", "active": "Active"}
TOO_FEW = "too few"
CERTAINTIES = {"grade": "certainty", "class": "class of evidence"}
HEAD = 46.0
LINE = 50.0
BLOCK_GAP = 8.0
NAME = 40.0
PHONE_GAP = 8.0

Corner = Callable[[Row], tuple[float, float]]
Items = list[dict[str, Any]]


@dataclass(frozen=True)
class Layout:
    """Where tiles and names stand.

    `across` comparators of a condition stand beside each other, the others below. `head` is the
    height above the first condition, `name` that above the tiles of each, and `gap` that below
    them. A name above the tiles wraps at `name_width`; one beside them may be higher than they are,
    by its place in `overhangs`. `names` gives the words that are centred, those that begin at the
    left, and the rules.
    """

    width: float
    label_width: float
    across: int
    head: float
    name: float
    gap: float
    names: Callable[["Layout", Sequence[Row], Corner], tuple[Items, Items, Items]]
    name_width: float = math.inf
    overhangs: tuple[float, ...] = ()
    guidances: int = 3
    comparators: int = len(COMPARATORS)

    @property
    def cell(self) -> float:
        """Width of a tile."""
        room = self.width - self.label_width - BLOCK_GAP * self.across
        return room / (self.across * self.guidances)

    @property
    def condition_height(self) -> float:
        """Height of a condition."""
        return self.name + LINE * (self.comparators // self.across) + self.gap

    def fitted(self, comparators: int, guidances: int) -> "Layout":
        """The same for so many comparators, beside each other where they were, and guidances."""
        across = min(self.across, comparators)
        head = HEAD if guidances > 1 else HEAD - NAME / 2
        return replace(
            self,
            comparators=comparators,
            guidances=guidances,
            across=across,
            head=self.head and (head if comparators * guidances > 1 else 2.0),
        )

    def name_lines(self, name: str) -> list[str]:
        """A name as it stands above the tiles."""
        return text.wrap(name, self.name_width, theme.TEXT, bold=True)

    def roomy(self, names: Iterable[str]) -> "Layout":
        """The same with room for long names: the longest above its tiles, each beside them."""
        if self.name:
            more = max(len(self.name_lines(name)) for name in names) - 1
            return replace(self, name=self.name + more * theme.WRAPPED_LINE)
        lines = (len(text.wrap(name, self.label_width, theme.TEXT)) for name in names)
        beyond = tuple(max((n + 0.5) * theme.WRAPPED_LINE - LINE, 0.0) for n in lines)
        return replace(self, overhangs=beyond)

    def height(self, conditions: int) -> float:
        """Height of a picture in px."""
        return self.top(conditions) - self.gap + 2

    def top(self, place: int) -> float:
        """Upper edge of a condition in px."""
        return self.head + place * self.condition_height + sum(self.overhangs[:place])

    def corner(self, place: int, block: int, inner: int) -> tuple[float, float]:
        """Left upper corner of a tile by condition, comparator and guidance."""
        row, column = divmod(block, self.across)
        left = self.label_width + BLOCK_GAP * (column + 1)
        left += self.cell * (column * self.guidances + inner)
        above = self.overhangs[place] / 2 if self.overhangs else 0.0
        return left, self.top(place) + self.name + above + row * LINE


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Rows by condition, comparator and guidance; an unknown class of comparator is an error."""
    for row in rows:
        if row["comparator_class"] not in COMPARATORS:
            found = row["comparator_class"]
            raise ValueError(f"rpt_evidence_map.comparator_class: unknown value {found!r}")
    return sorted(
        rows,
        key=lambda row: (
            row["sort_order"],
            row["headline_id"],
            row["comparator_order"],
            row["guidance_order"],
        ),
    )


def tile(row: Row, left: float, top: float, cell: float) -> dict[str, Any]:
    """Blue where the pool excludes no effect, pale where it does not, white without a verdict."""
    if not row["n_meta_analyses"]:
        fill = theme.STRIPE
    elif row["side"] is None:
        fill = theme.PAPER
    else:
        fill = theme.RANGE if row["side"] == "neither" else theme.BAND_2
    return {
        "x": left + 1,
        "x2": left + cell - 1,
        "y": top + 1,
        "y2": top + LINE - 1,
        "fill": fill.light,
        "stroke": theme.RULE.light,
    }


def cell_texts(row: Row) -> tuple[str, ...]:
    """Number of meta-analyses with circles for certainty, pooled effect, participants; or gap."""
    first, *others = plain_texts(row)
    symbol = row["certainty_symbol"]
    return (f"{first} {symbol}" if symbol else first, *others)


def plain_texts(row: Row) -> tuple[str, ...]:
    """The same without circles."""
    if not row["n_meta_analyses"]:
        return ("gap",)
    said = [f"k={formats.count(row['n_meta_analyses'])}"]
    if row["has_verdict"] is False:
        said.append(TOO_FEW)
    elif not formats.is_missing(row["estimate"]):
        mark = theme.NEITHER if row["side"] == "neither" else ""
        places = row["decimals"]
        number = formats.number(row["estimate"], places)
        said.append(f"{formats.measure(row['scale_short_label'])} {number}{mark}")
    said.append(f"N {sizes.cell(row, sizes.EITHER)}")
    return tuple(said)


def cell_words(row: Row, left: float, top: float, cell: float) -> list[dict[str, Any]]:
    """The texts of a tile below each other."""
    said = cell_texts(row)
    first = top + LINE / 2 - (len(said) - 1) * 7
    is_gap = not row["n_meta_analyses"]
    return [
        {
            "x": left + cell / 2,
            "y": first + 14 * i,
            "text": words,
            "bold": i == 0 and not is_gap,
            "size": theme.SMALL,
            "colour": theme.MUTED.light if is_gap else theme.INK.light,
        }
        for i, words in enumerate(said)
    ]


def names_around(layout: Layout, rows: Sequence[Row], corner: Corner) -> tuple[Items, Items, Items]:
    """Comparators above guidances above the first condition, and conditions at the left."""
    first = [row for row in rows if row["headline_id"] == rows[0]["headline_id"]]
    centred, ruled = headings(first, corner, layout), rules(first, corner, layout)
    return centred, labels(rows, corner, layout), ruled


def headings(first: Sequence[Row], corner: Corner, layout: Layout) -> Items:
    """Comparators above guidances."""
    items, cell = [], layout.cell
    middle, has_half = divmod(layout.guidances, 2)
    for i, row in enumerate(first):
        left, _ = corner(row)
        if layout.guidances > 1:
            items.append({"x": left + cell / 2, "y": HEAD - 11, "text": row["guidance_label"]})
        if i % layout.guidances == middle and layout.comparators > 1:
            words, x = COMPARATORS[row["comparator_class"]], left + has_half * cell / 2
            items.append({"x": x, "y": 10, "text": words, "bold": True})
    return items


def rules(first: Sequence[Row], corner: Corner, layout: Layout) -> Items:
    """A line under each comparator."""
    return [
        {
            "x": corner(row)[0] + 1,
            "x2": corner(row)[0] + layout.guidances * layout.cell - 1,
            "y": 20,
            "y2": 21,
            "fill": theme.INK.light,
        }
        for row in first
        if row["guidance"] == "any"
    ]


def labels(rows: Sequence[Row], corner: Corner, layout: Layout) -> Items:
    """Wrapped names of the conditions beside their tiles."""
    tops = {row["headline_id"]: corner(row)[1] for row in rows}
    return [
        item
        for condition, name in condition_names(rows).items()
        for item in beside(name, tops[condition], layout.label_width)
    ]


def condition_names(rows: Sequence[Row]) -> dict[str, str]:
    """Names of the conditions by code."""
    return {row["headline_id"]: row["headline_label"] for row in rows}


def beside(name: str, top: float, width: float) -> Items:
    """A wrapped name left of a row of tiles."""
    wrapped = text.wrap(name, width, theme.TEXT)
    first = top + 0.5 * LINE - (len(wrapped) - 1) * theme.WRAPPED_LINE / 2
    return [
        {"x": 2, "y": first + i * theme.WRAPPED_LINE, "text": words}
        for i, words in enumerate(wrapped)
    ]


def names_within(layout: Layout, rows: Sequence[Row], corner: Corner) -> tuple[Items, Items, Items]:
    """Above the tiles of each condition its name and the guidances, at their left comparators."""
    centred, left, ruled = [], [], []
    names = condition_names(rows)
    for row in rows:
        x, top = corner(row)
        is_first = row["comparator_class"] == "any"
        if is_first:
            said = {"text": row["guidance_label"], "size": theme.SMALL}
            look = {"colour": theme.MUTED.light}
            centred.append({"x": x + layout.cell / 2, "y": top - 8, **said, **look})
        if row["guidance"] == "any":
            left += beside(COMPARATORS[row["comparator_class"]], top, layout.label_width)
            if is_first:
                above = top - layout.name
                left += name_above(layout.name_lines(names[row["headline_id"]]), above)
                place = {"x": 0, "x2": layout.width, "y": above, "y2": above + 1}
                ruled.append({**place, "fill": theme.INK.light})
    return centred, left, ruled


def name_above(lines: Sequence[str], top: float) -> Items:
    """A bold name, below the rule at `top` px."""
    return [
        {"x": 2, "y": top + 11 + i * theme.WRAPPED_LINE, "text": words, "bold": True}
        for i, words in enumerate(lines)
    ]


WIDE = Layout(
    width=theme.CONTENT,
    label_width=130.0,
    across=len(COMPARATORS),
    head=HEAD,
    name=0,
    gap=0,
    names=names_around,
)
NARROW = Layout(
    width=theme.PHONE,
    label_width=72.0,
    across=1,
    head=0,
    name=NAME,
    gap=PHONE_GAP,
    names=names_within,
    name_width=theme.PHONE - 4,
)


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw rpt_evidence_map on one page: a tile per cell, the word gap where nothing is known."""
    rows = ordered(tables["rpt_evidence_map"])
    if not rows:
        return (
            canvas.nothing(worded("The protocol declares no [[condition]].", tables), layout.width),
        )
    places = list(dict.fromkeys(row["headline_id"] for row in rows))
    found = {row["comparator_class"] for row in rows}
    blocks = [name for name in COMPARATORS if name in found]
    guidances = list(dict.fromkeys(row["guidance"] for row in rows))
    layout = layout.fitted(len(blocks), len(guidances)).roomy(condition_names(rows).values())
    width = layout.width
    height = layout.height(len(places))

    def corner(row: Row) -> tuple[float, float]:
        return layout.corner(
            places.index(row["headline_id"]),
            blocks.index(row["comparator_class"]),
            guidances.index(row["guidance"]),
        )

    tiles = [tile(row, *corner(row), layout.cell) for row in rows]
    said = [item for row in rows for item in cell_words(row, *corner(row), layout.cell)]
    centred, left, ruled = layout.names(layout, rows, corner)
    drawn = [
        canvas.tiles(tiles, width, height),
        canvas.words(said, width, height),
        canvas.words(centred, width, height),
        canvas.words(left, width, height, "left"),
        canvas.tiles(ruled, width, height, stroke=0),
    ]
    areas = tuple(area for row in rows for area in areas_of(row, *corner(row), layout.cell))
    return (canvas.panel(drawn, height, notes(rows), width, areas),)


def areas_of(row: Row, left: float, top: float, cell: float) -> list[Area]:
    """What a tile leads to; nothing for a gap."""
    target = address(row)
    inside = (left + 1, top + 1, cell - 2, LINE - 2)
    return [Area(*inside, target, link_name(row))] if target else []


def address(row: Row) -> str:
    """The forest of a cell on the page of its condition, else that page; empty for a gap."""
    if not row["n_meta_analyses"] or not row["page_slug"]:
        return ""
    anchor = f"#figure-{row['figure_slug']}" if row["figure_slug"] else ""
    return f"condition-{row['page_slug']}.html{anchor}"


def link_name(row: Row) -> str:
    """Depression, any comparator, guided: k=14, SMD 0.41, N 955, class IV."""
    said = [*plain_texts(row), *([lower_first(row["certainty"])] if row["certainty"] else [])]
    return f"{row['headline_label']}, {cell_name(row)}: {', '.join(said)}"


def notes(rows: Sequence[Row]) -> tuple[str, ...]:
    """What a tile says."""
    size = lower_first(sizes.heading(rows))
    symbols = dict.fromkeys(
        f"{row['certainty_symbol']} {lower_first(row['certainty'])}"
        for row in sorted(rows, key=lambda row: row["certainty_symbol"] or "")
        if row["certainty_symbol"]
    )
    kinds = dict.fromkeys(row["certainty_kind"] for row in rows if row["certainty_kind"])
    shown = " or ".join(CERTAINTIES[kind] for kind in kinds)
    certainty = (f"Circles beside k, {shown} of the pool: {', '.join(symbols)}.",)
    return (
        f"k: number of [[members]]; N: {size}, over the [[members]] that report them; "
        f"{theme.NOT_REPORTED}: not reported by any. {colours(rows)}; gap: no [[member]].",
        *(certainty if symbols else ()),
    )


def colours(rows: Sequence[Row]) -> str:
    """What the colours of tiles mean; a rate and a pool of too few are neither blue nor grey."""
    said = []
    if any(row["side"] is not None for row in rows):
        said.append(
            "Blue tile: the 95% interval of the pooled effect excludes no effect; grey tile and "
            f"{theme.NEITHER}: it does not"
        )
    white = ["not pooled"]
    if any(row["has_verdict"] is False for row in rows):
        white.append("too few [[members]] for a verdict")
    if any(row["has_verdict"] and row["side"] is None for row in rows):
        white.append("a pooled rate, which lies on no side")
    said.append(f"{'w' if said else 'W'}hite tile: {', or '.join(white)}")
    return "; ".join(said)


def message(figure: Figure, tables: Tables) -> str | None:
    """How many cells are gaps, and how many are pooled."""
    rows = tables["rpt_evidence_map"]
    gaps = sum(not row["n_meta_analyses"] for row in rows)
    pooled = sum(not formats.is_missing(row["estimate"]) for row in rows)
    if not rows:
        return None
    hold = formats.agreeing(gaps, "holds", "hold")
    are = formats.agreeing(pooled, "is", "are")
    return (
        f"{gaps} of {formats.counted(len(rows), 'cell')} of {parts(rows)} {hold} no "
        f"[[member]]; {pooled} {are} pooled"
    )


def parts(rows: Sequence[Row]) -> str:
    """What the cells are of: result, and the columns that the review has."""
    names = [
        name
        for name, column in (("comparator", "comparator_class"), ("guidance", "guidance"))
        if len({row[column] for row in rows}) > 1
    ]
    return (
        " and ".join(["[[condition]]", *names])
        if len(names) < 2
        else ("[[condition]], comparator and guidance")
    )


def describe(figure: Figure, tables: Tables) -> str:
    """Each condition with its cells that are not gaps."""
    sentences = [f"Map of cells of {parts(tables['rpt_evidence_map'])}. {figure_sum(tables)}"]
    conditions: dict[str, list[str]] = {}
    for row in ordered(tables["rpt_evidence_map"]):
        listed = conditions.setdefault(row["headline_label"], [])
        if row["n_meta_analyses"]:
            result = cell_estimate(row)
            pool = (
                ""
                if result == theme.NOT_APPLICABLE
                else f", {formats.measure(row['scale_short_label'])} {result}"
            )
            listed.append(f"{cell_name(row)} {formats.count(row['n_meta_analyses'])}{pool}")
    sentences += [
        f"{label}: {'; '.join(cells) or 'no [[member]]'}." for label, cells in conditions.items()
    ]
    return " ".join(sentences)


def figure_sum(tables: Tables) -> str:
    """How many cells are gaps."""
    rows = tables["rpt_evidence_map"]
    gaps = sum(not row["n_meta_analyses"] for row in rows)
    are = formats.agreeing(gaps, "is a gap", "are gaps")
    return f"{gaps} of {formats.counted(len(rows), 'cell')} {are}."


def cell_name(row: Row) -> str:
    """any comparator, guided."""
    comparator = COMPARATORS[row["comparator_class"]].lower()
    return f"{comparator}, {row['guidance_label'].lower()}"


def cell_estimate(row: Row) -> str:
    """Pooled effect with interval, or a dash."""
    if formats.is_missing(row["estimate"]):
        return theme.NOT_APPLICABLE
    return formats.result(row, row["decimals"])


def leads(figure: Figure, tables: Tables) -> list[tuple[str, str]]:
    """Each row leads where its tile does."""
    return [(address(row), link_name(row)) for row in ordered(tables["rpt_evidence_map"])]


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per cell, gaps included."""
    over = sizes.heading(tables["rpt_evidence_map"])
    return [
        (
            row["headline_label"],
            COMPARATORS[row["comparator_class"]],
            row["guidance_label"],
            formats.count(row["n_meta_analyses"]),
            sizes.cell(row, over),
            formats.count(
                row["n_with_person_time" if row["person_time_unit"] else "n_with_participants"]
            ),
            formats.count(row["k"], missing=theme.NOT_APPLICABLE),
            formats.measure(row["scale_short_label"]),
            cell_estimate(row),
            row["certainty"] or theme.NOT_APPLICABLE,
        )
        for row in ordered(tables["rpt_evidence_map"])
    ]


def renamed(figure: Figure, tables: Tables) -> dict[str, str]:
    """What stands over the sizes in the data table."""
    return {PARTICIPANTS: sizes.heading(tables["rpt_evidence_map"])}


KIND = FigureKind(
    reads=("rpt_evidence_map",),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=(
        "[[Condition]]",
        "Comparator",
        "Guidance",
        "[[Members]]",
        PARTICIPANTS,
        "Reporting them",
        "Pooled k",
        "Measure",
        "Effect (95% CI)",
        "Evidence",
    ),
    numeric=frozenset(
        {"[[Members]]", PARTICIPANTS, "Reporting them", "Pooled k", "Effect (95% CI)"}
    ),
    data_rows=data_rows,
    leads=leads,
    renamed=renamed,
    page="evidence-map",
    outlined=Outlined(
        order=50,
        figure_id="evidence_map",
        title="Evidence map by {condition}",
        subtitle="[[Members]], pooled result and size per cell",
        measure="SMD",
        sheets=("reported_effects",),
    ),
)
