"""The claim audit as a table: what is printed, what is recomputed, and the verdict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import altair as alt

from reports import formats, text, theme
from reports.charts import layers
from reports.figure import Figure, Panel, Row, Tables
from reports.theme import Colour

MAX_HEIGHT = 960
SIZE = theme.SMALL
LINE = 12.5
PADDING = 6
HEADER = 36
SECTION = 24
VERDICTS = {
    "consistent": ("circle", theme.RECOMMENDED),
    "arithmetic conflict": ("triangle-up", theme.CONFLICT),
    "not checkable": ("cross", theme.UNCHECKED),
}


@dataclass(frozen=True)
class Field:
    """A text column: where it begins (or ends, aligned right), and how wide it may be."""

    key: str
    header: str
    at: float
    width: float
    align: str = "left"


FIELDS = (
    Field("id", "Id", 6, 34),
    Field("statement", "Claim", 40, 236),
    Field("printed", "Printed", 388, 106, "right"),
    Field("printed_k", "k", 416, 24, "right"),
    Field("recomputed", "Recomputed", 532, 108, "right"),
    Field("recomputed_k", "k", 560, 24, "right"),
    Field("checks", "Failed", 610, 46, "right"),
    Field("verdict", "Verdict", 638, 95),
)
DETAIL = Field("detail", "", 40, 680)
HEADING = "id"
SYMBOL_AT = 628
OWN_DECIMALS = ("percent", "count")


@dataclass(frozen=True)
class Entry:
    """A claim or a section heading with its wrapped texts and its height in px."""

    texts: dict[str, list[str]]
    height: float
    verdict: str | None = None

    @property
    def is_section(self) -> bool:
        """True for a section heading."""
        return self.verdict is None


def audit(figure: Figure, tables: Tables) -> tuple[Panel, ...]:
    """Draw the claim audit from rpt_claim_audit, on as many pages as it needs.

    Raises ValueError on an unknown verdict.
    """
    paged = pages(entries(by_section(tables["rpt_claim_audit"])))
    return tuple(
        page(entries_of_page, number, len(paged))
        for number, entries_of_page in enumerate(paged, start=1)
    )


def by_section(rows: Sequence[Row]) -> list[Row]:
    """Rows in their order, but sections together, in the order in which they first occur."""
    ordered = sorted(rows, key=lambda row: (row["sort_order"], row["claim_id"]))
    sections = list(dict.fromkeys(row["section"] for row in ordered))
    return sorted(ordered, key=lambda row: sections.index(row["section"]))


def printed(row: Row, prefix: str) -> str:
    """Estimate and interval of one side of a claim, as far as there are any.

    A published percentage or count keeps its own decimals; a side with nothing is a dash.
    """
    value, low, high = (row[f"{prefix}_{key}"] for key in ("estimate", "low", "high"))
    show = exact if row["measure"] in OWN_DECIMALS and prefix == "published" else rounded
    if formats.is_missing(low) and formats.is_missing(high):
        return show(value, row["measure"])
    if formats.is_missing(value):
        return f"{bare(show, low, row)} to {show(high, row['measure'])}"
    span = f"{bare(show, low, row)} to {bare(show, high, row)}"
    return f"{show(value, row['measure'])} ({span})"


def bare(show: Callable[[float | None, str | None], str], value: float | None, row: Row) -> str:
    """A number without its percent sign."""
    return show(value, row["measure"]).removesuffix("%")


def exact(value: float | None, measure: str | None) -> str:
    """A number with as many decimals, up to two, as it has."""
    if formats.is_missing(value):
        return theme.NOT_APPLICABLE
    places = next(n for n in (0, 1, 2) if n == 2 or abs(round(value, n) - value) < 1e-9)
    return formats.number(value, places) + ("%" if measure == "percent" else "")


def rounded(value: float | None, measure: str | None) -> str:
    """A number with the decimals of its measure."""
    if formats.is_missing(value):
        return theme.NOT_APPLICABLE
    if measure == "percent":
        return formats.percent(value)
    return exact(value, measure) if measure == "count" else formats.number(value)


def k_text(row: Row, prefix: str) -> str:
    """Number of meta-analyses of one side: NR for a pooled effect that does not print it."""
    is_effect = row["measure"] not in OWN_DECIMALS and prefix == "published"
    missing = theme.NOT_REPORTED if is_effect else theme.NOT_APPLICABLE
    return formats.count(row[f"{prefix}_k"], missing=missing)


def entry(row: Row) -> Entry:
    """The wrapped texts of one claim."""
    verdict = row["verdict"]
    if verdict not in VERDICTS:
        raise ValueError(f"rpt_claim_audit.verdict: unknown value {verdict!r}")
    words = {
        "id": row["claim_id"],
        "statement": row["statement"] or row["claim_id"],
        "printed": printed(row, "published"),
        "printed_k": k_text(row, "published"),
        "recomputed": printed(row, "recomputed"),
        "recomputed_k": k_text(row, "recomputed"),
        "checks": failures(row),
        "verdict": verdict,
    }
    wrapped = {f.key: text.wrap(words[f.key], f.width, SIZE) for f in FIELDS}
    most = max(len(lines) for lines in wrapped.values())
    if row["failed_checks"]:
        detail = text.wrap(row["failed_checks"], DETAIL.width, SIZE)
        wrapped[DETAIL.key] = [""] * most + detail
        most += len(detail)
    return Entry(wrapped, most * LINE + PADDING, verdict)


def failures(row: Row) -> str:
    """How many checks failed and of how many; a dash where nothing could be checked."""
    if not row["n_checks"] or row["verdict"] == "not checkable":
        return theme.NOT_APPLICABLE
    return f"{formats.count(row['n_failed'])} of {formats.count(row['n_checks'])}"


def entries(rows: Sequence[Row]) -> list[Entry]:
    """Claims under the headings of their sections."""
    listed = []
    for section, members in groupby(rows, key=lambda row: row["section"]):
        listed.append(Entry({HEADING: [section or "Other"]}, SECTION))
        listed.extend(entry(row) for row in members)
    return listed


def pages(listed: Sequence[Entry]) -> list[list[Entry]]:
    """Entries of as few pages as can be, about equally long."""
    fewest = fill(listed, MAX_HEIGHT)
    least = int(sum(item.height for item in listed) / len(fewest))
    evenly = (fill(listed, limit) for limit in range(least, MAX_HEIGHT, 10))
    return next((paged for paged in evenly if len(paged) == len(fewest)), fewest)


def fill(listed: Sequence[Entry], limit: float) -> list[list[Entry]]:
    """Entries of each page up to `limit` px; a section that goes on repeats its heading."""
    paged: list[list[Entry]] = [[]]
    heading: Entry | None = None
    used = 0.0
    for item in listed:
        heading = item if item.is_section else heading
        needed = item.height + (40 if item.is_section else 0)
        if paged[-1] and used + needed > limit:
            paged.append([])
            used = 0.0
            if heading and not item.is_section:
                paged[-1].append(continued(heading))
                used = heading.height
        paged[-1].append(item)
        used += item.height
    return paged


def continued(heading: Entry) -> Entry:
    """The heading of a section on a later page."""
    words = heading.texts[HEADING][0].removesuffix(" (continued)")
    return Entry({HEADING: [f"{words} (continued)"]}, heading.height)


def page(listed: Sequence[Entry], number: int, count: int) -> Panel:
    """Draw one page."""
    tops, at = [], float(HEADER)
    for item in listed:
        tops.append(at)
        at += item.height
    height = at + 2
    drawn = [
        *stripes(listed, tops, height),
        *headers(height),
        *cells(listed, tops, height),
        *verdict_symbols(listed, tops, height),
        layers.lines([{"y": HEADER - 6}, {"y": at}], 0, theme.CONTENT, height),
    ]
    return Panel(
        layers=tuple(drawn),
        left=0,
        view_width=theme.CONTENT,
        view_height=height,
        bottom=height,
        width=theme.CONTENT,
        notes=(
            "Values with their interval or range where one is printed. k: number of meta-analyses "
            "on each side. Failed: arithmetic checks that no rounding explains. Verdict, on the "
            "printed numbers alone: circle, consistent; triangle, arithmetic conflict; cross, not "
            f"checkable. {theme.NOT_REPORTED}: not reported; "
            f"{theme.NOT_APPLICABLE}: nothing to show.",
        ),
        page=number,
        pages=count,
    )


def stripes(listed: Sequence[Entry], tops: Sequence[float], height: float) -> list[alt.Chart]:
    """A pale band behind every second claim."""
    items, claims = [], 0
    for item, top in zip(listed, tops, strict=True):
        claims = 0 if item.is_section else claims + 1
        if claims % 2:
            items.append({"y": top, "y2": top + item.height, "colour": theme.STRIPE.light})
    return [layers.bands(items, 0, theme.CONTENT, height)] if items else []


def headers(height: float) -> list[alt.Chart]:
    """Bold headers, and what the two k columns belong to."""
    y = HEADER - 17
    return [
        layers.texts(
            [{"y": y, "text": f.header, "bold": True, "size": SIZE}], f.at, height, f.align
        )
        for f in FIELDS
    ]


def cells(listed: Sequence[Entry], tops: Sequence[float], height: float) -> list[alt.Chart]:
    """One text layer per column."""
    drawn = []
    for f in (*FIELDS, DETAIL):
        items = [
            {
                "y": first_line(item, top) + i * LINE,
                "text": words,
                "bold": item.is_section,
                "size": theme.TEXT if item.is_section else SIZE,
                "colour": colour(item, f.key).light,
            }
            for item, top in zip(listed, tops, strict=True)
            for i, words in enumerate(item.texts.get(f.key, []))
            if words
        ]
        if items:
            drawn.append(layers.texts(items, f.at, height, f.align, name=f.key))
    return drawn


def first_line(item: Entry, top: float) -> float:
    """Middle of the first line of text; a section heading sits low in its space."""
    return top + (SECTION - 9 if item.is_section else PADDING / 2 + LINE / 2)


def colour(item: Entry, key: str) -> Colour:
    """The verdict's colour for the verdict, muted for why a check failed, ink for the rest."""
    if key == DETAIL.key:
        return theme.MUTED
    return VERDICTS[item.verdict][1] if key == "verdict" and item.verdict else theme.INK


def verdict_symbols(
    listed: Sequence[Entry], tops: Sequence[float], height: float
) -> list[alt.Chart]:
    """A symbol per verdict, so that colour is never alone."""
    drawn = []
    for verdict, (shape, tint) in VERDICTS.items():
        items = [
            {"y": first_line(item, top)}
            for item, top in zip(listed, tops, strict=True)
            if item.verdict == verdict
        ]
        if items:
            drawn.append(symbol_layer(items, shape, tint, height))
    return drawn


def symbol_layer(items: layers.Items, shape: str, tint: Colour, height: float) -> alt.Chart:
    """Symbols left of the verdict."""
    chart = alt.Chart(layers.data(items)).mark_point(
        shape=shape, filled=True, fill=tint.light, strokeWidth=0, opacity=1, size=42
    )
    return chart.encode(x=alt.XValue(SYMBOL_AT), y=layers.y("y", height))
