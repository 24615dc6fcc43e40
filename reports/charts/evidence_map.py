"""Evidence map: how much is known by condition, comparator and guidance, and where the gaps are."""

from collections.abc import Sequence
from typing import Any

from reports import formats, text, theme
from reports.charts import canvas
from reports.figure import Figure, Panel, Row, Tables

COMPARATORS = {"any": "Any comparator", "inactive": "Inactive", "active": "Active"}
GUIDANCES = {"any": "Any", "guided": "Guided", "unguided": "Unguided"}
LABEL_LIMIT = 130.0
HEAD = 46.0
LINE = 50.0
BLOCK_GAP = 8.0


def evidence_map(figure: Figure, tables: Tables) -> tuple[Panel, ...]:
    """Draw rpt_evidence_map on one page: a tile per cell, the word gap where nothing is known."""
    rows = ordered(tables["rpt_evidence_map"])
    if not rows:
        return (canvas.nothing("The protocol declares no condition."),)
    conditions = dict.fromkeys(row["condition"] for row in rows)
    lines = {condition: place for place, condition in enumerate(conditions)}
    blocks, guidances = list(COMPARATORS), list(GUIDANCES)
    width = theme.CONTENT
    cell = (width - LABEL_LIMIT - BLOCK_GAP * len(blocks)) / (len(blocks) * len(guidances))
    height = HEAD + LINE * len(lines) + 2

    def corner(row: Row) -> tuple[float, float]:
        block, inner = blocks.index(row["comparator_class"]), guidances.index(row["guidance"])
        left = LABEL_LIMIT + BLOCK_GAP * (block + 1) + cell * (block * len(guidances) + inner)
        return left, HEAD + lines[row["condition"]] * LINE

    tiles = [tile(row, *corner(row), cell) for row in rows]
    said = [item for row in rows for item in cell_words(row, *corner(row), cell)]
    drawn = [
        canvas.tiles(tiles, width, height),
        canvas.words(said, width, height),
        canvas.words(headings(rows, corner, cell), width, height),
        canvas.words(labels(rows, lines), width, height, "left"),
        canvas.tiles(rules(rows, corner, cell), width, height, stroke=0),
    ]
    return (canvas.panel(drawn, height, notes()),)


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Rows by condition, comparator and guidance; unknown codes are errors."""
    for row in rows:
        for key, known in (("comparator_class", COMPARATORS), ("guidance", GUIDANCES)):
            if row[key] not in known:
                raise ValueError(f"rpt_evidence_map.{key}: unknown value {row[key]!r}")
    return sorted(
        rows,
        key=lambda row: (
            row["sort_order"],
            row["condition"],
            row["comparator_order"],
            row["guidance_order"],
        ),
    )


def tile(row: Row, left: float, top: float, cell: float) -> dict[str, Any]:
    """Blue where the pool favours a side, pale where it favours neither, white unpooled."""
    if not row["n_meta_analyses"]:
        fill = theme.STRIPE
    elif formats.is_missing(row["estimate"]):
        fill = theme.PAPER
    else:
        fill = theme.RANGE if row["favours"] == "neither" else theme.BAND_2
    return {
        "x": left + 1,
        "x2": left + cell - 1,
        "y": top + 1,
        "y2": top + LINE - 1,
        "fill": fill.light,
        "stroke": theme.RULE.light,
    }


def cell_texts(row: Row) -> tuple[str, ...]:
    """Number of meta-analyses, pooled SMD, participants; or gap."""
    if not row["n_meta_analyses"]:
        return ("gap",)
    said = [f"{formats.count(row['n_meta_analyses'])} MA"]
    if not formats.is_missing(row["estimate"]):
        mark = theme.NEITHER if row["favours"] == "neither" else ""
        said.append(f"SMD {formats.number(row['estimate'])}{mark}")
    said.append(f"N {formats.count(row['n_participants'])}")
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


def headings(rows: Sequence[Row], corner: Any, cell: float) -> list[dict[str, Any]]:
    """Comparators above guidances."""
    first = [row for row in rows if row["condition"] == rows[0]["condition"]]
    items = []
    for row in first:
        left, _ = corner(row)
        items.append({"x": left + cell / 2, "y": HEAD - 11, "text": GUIDANCES[row["guidance"]]})
        if row["guidance"] == "guided":
            words = COMPARATORS[row["comparator_class"]]
            items.append({"x": left + cell / 2, "y": 10, "text": words, "bold": True})
    return items


def rules(rows: Sequence[Row], corner: Any, cell: float) -> list[dict[str, Any]]:
    """A line under each comparator."""
    return [
        {
            "x": corner(row)[0] + 1,
            "x2": corner(row)[0] + len(GUIDANCES) * cell - 1,
            "y": 20,
            "y2": 21,
            "fill": theme.INK.light,
        }
        for row in rows
        if row["condition"] == rows[0]["condition"] and row["guidance"] == "any"
    ]


def labels(rows: Sequence[Row], lines: dict[str, int]) -> list[dict[str, Any]]:
    """Wrapped names of the conditions."""
    found = {row["condition"]: row["condition_label"] or row["condition"] for row in rows}
    items = []
    for condition, place in lines.items():
        wrapped = text.wrap(found[condition], LABEL_LIMIT, theme.TEXT)
        first = HEAD + (place + 0.5) * LINE - (len(wrapped) - 1) * theme.WRAPPED_LINE / 2
        items += [
            {"x": 2, "y": first + i * theme.WRAPPED_LINE, "text": words}
            for i, words in enumerate(wrapped)
        ]
    return items


def notes() -> tuple[str, ...]:
    """What a tile says."""
    return (
        "MA: meta-analyses; N: participants, over the meta-analyses that report them; "
        f"{theme.NOT_REPORTED}: not reported by any. Blue tile: the 95% interval of the pooled SMD "
        f"excludes zero; grey tile and {theme.NEITHER}: it does not; white tile: not pooled; gap: "
        "no meta-analysis.",
    )
