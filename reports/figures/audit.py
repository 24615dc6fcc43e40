"""The claim audit as a table: what is printed, what is recomputed, and both verdicts."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from reports import formats, theme
from reports.charts import text_table
from reports.charts.text_table import Entry, Field, Layout, Symbol, narrow_layout
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.theme import Colour

CONFLICT = "arithmetic_conflict"
UNCHECKED = "not_checkable"
VERDICTS = {
    "consistent": Symbol("circle", theme.RECOMMENDED, theme.RECOMMENDED),
    CONFLICT: Symbol("triangle-up", theme.CONFLICT, theme.CONFLICT),
    UNCHECKED: Symbol("cross", theme.UNCHECKED, theme.UNCHECKED),
}
WIDE = Layout(
    rows=(
        (
            Field("id", "Id", 6, 34),
            Field("statement", "Claim", 40, 236),
            Field("printed", "Printed", 388, 106, "right"),
            Field("printed_k", "k", 416, 24, "right"),
            Field("recomputed", "Recomputed", 532, 108, "right"),
            Field("recomputed_k", "k", 560, 24, "right"),
            Field("checks", "Failed", 610, 46, "right"),
            Field("verdict", "Arithmetic", 638, 95),
        ),
        (Field("detail", "", 40, 680),),
    ),
    symbol_key="verdict",
    symbol_at=628,
)
# Names of the columns stand beside their values, in a text of their own where they are muted.
NARROW = narrow_layout(
    rows=(
        (Field("id", "", 6, 34), Field("statement", "", 40, 270)),
        (
            Field("printed_name", "", 40, 64),
            Field("printed", "", 106, 128),
            Field("printed_k_named", "", 240, 70),
        ),
        (
            Field("recomputed_name", "", 40, 64),
            Field("recomputed", "", 106, 128),
            Field("recomputed_k_named", "", 240, 70),
        ),
        (Field("verdict", "", 54, 96), Field("checks_named", "", 156, 154)),
        (Field("detail", "", 40, 270),),
    ),
    symbol_key="verdict",
    symbol_at=45,
)
NAMES = {"printed_name": "Printed", "recomputed_name": "Recomputed"}
OWN_DECIMALS = ("percent", "count")


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw the claim audit from rpt_claim_audit, on as many pages as it needs.

    Raises ValueError on an unknown verdict.
    """
    listed = entries(by_section(tables["rpt_claim_audit"]), layout)
    paged = text_table.pages(listed, layout.limit)
    return tuple(
        page(entries_of_page, layout, number, len(paged))
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
        return show(value, row)
    if formats.is_missing(value):
        return f"{bare(show, low, row)} to {show(high, row)}"
    span = f"{bare(show, low, row)} to {bare(show, high, row)}"
    return f"{show(value, row)} ({span})"


def bare(show: Callable[[float | None, Row], str], value: float | None, row: Row) -> str:
    """A number without its percent sign."""
    return show(value, row).removesuffix("%")


def exact(value: float | None, row: Row) -> str:
    """A number with as many decimals, up to two, as it has."""
    if formats.is_missing(value):
        return theme.NOT_APPLICABLE
    places = next(n for n in (0, 1, 2) if n == 2 or abs(round(value, n) - value) < 1e-9)
    return formats.number(value, places) + ("%" if row["measure"] == "percent" else "")


def rounded(value: float | None, row: Row) -> str:
    """A number with the decimals of its measure."""
    if formats.is_missing(value):
        return theme.NOT_APPLICABLE
    if row["measure"] == "percent":
        return formats.percent(value, row["decimals"])
    return (
        exact(value, row) if row["measure"] == "count" else formats.number(value, row["decimals"])
    )


def k_text(row: Row, prefix: str) -> str:
    """Number of meta-analyses of one side: NR for a pooled effect that does not print it."""
    is_effect = row["measure"] not in OWN_DECIMALS and prefix == "published"
    missing = theme.NOT_REPORTED if is_effect else theme.NOT_APPLICABLE
    return formats.count(row[f"{prefix}_k"], missing=missing)


def entry(row: Row, layout: Layout) -> Entry:
    """The texts of one claim as a layout has them."""
    code = row["arithmetic_code"]
    if code not in VERDICTS:
        raise ValueError(f"rpt_claim_audit.arithmetic_code: unknown value {code!r}")
    return text_table.arrange(claim_words(row), layout, code)


def claim_words(row: Row) -> dict[str, str]:
    """What is said of a claim, numbers also with their name beside them."""
    words = {
        "id": row["claim_id"],
        "statement": row["statement"] or row["claim_id"],
        "printed": printed(row, "published"),
        "printed_k": k_text(row, "published"),
        "recomputed": printed(row, "recomputed"),
        "recomputed_k": k_text(row, "recomputed"),
        "checks": failures(row),
        "verdict": row["arithmetic"],
        "detail": formats.sentences(
            f"Our data: {row['replication_label'].lower()}", row["failed_checks"]
        ),
    }
    return words | NAMES | named(words)


def named(words: dict[str, str]) -> dict[str, str]:
    """Numbers with their name; nothing for those that a claim does not have."""
    said = {
        "printed_k_named": ("printed_k", "k {}"),
        "recomputed_k_named": ("recomputed_k", "k {}"),
        "checks_named": ("checks", "{} checks failed"),
    }
    return {
        key: pattern.format(words[number])
        for key, (number, pattern) in said.items()
        if words[number] != theme.NOT_APPLICABLE
    }


def failures(row: Row) -> str:
    """How many checks failed and of how many; a dash where nothing could be checked."""
    if not row["n_checks"] or row["arithmetic_code"] == UNCHECKED:
        return theme.NOT_APPLICABLE
    return f"{formats.count(row['n_failed'])} of {formats.count(row['n_checks'])}"


def entries(rows: Sequence[Row], layout: Layout) -> list[Entry]:
    """Claims under the headings of their sections."""
    listed = []
    for section, members in groupby(rows, key=lambda row: row["section"]):
        listed.append(text_table.section(section or "Other", layout.width))
        listed.extend(entry(row, layout) for row in members)
    return listed


def page(listed: Sequence[Entry], layout: Layout, number: int, count: int) -> Panel:
    """Draw one page."""
    above, below = text_table.tops(listed, layout)
    height = below + 2
    drawn = [
        *text_table.stripes(layout, listed, above, height),
        *text_table.headers(layout, height),
        *text_table.cells(layout, listed, above, height, look),
        *text_table.symbols(layout, VERDICTS, listed, above, height),
        text_table.rules(layout, below, height),
    ]
    return Panel(
        layers=tuple(drawn),
        left=0,
        view_width=layout.width,
        view_height=height,
        bottom=height,
        width=layout.width,
        notes=(
            "Values with their interval or range where one is printed. k: number of [[members]] "
            "on each side. Failed: arithmetic checks that no rounding explains. Arithmetic, on the "
            "printed numbers alone: circle, consistent; triangle, arithmetic conflict; cross, not "
            "checkable. Below each: what our data say of it. "
            f"{theme.NOT_REPORTED}: not reported; "
            f"{theme.NOT_APPLICABLE}: nothing to show.",
        ),
        page=number,
        pages=count,
    )


def look(item: Entry, key: str) -> tuple[Colour, bool]:
    """The verdict's colour for the verdict, muted for the words below it, ink for the rest."""
    if key == "detail" or key in NAMES:
        return theme.MUTED, False
    return (VERDICTS[item.mark].fill if key == "verdict" and item.mark else theme.INK), False


def message(figure: Figure, tables: Tables) -> str | None:
    """How many statements contradict arithmetic."""
    rows = tables["rpt_claim_audit"]
    conflicts = sum(row["arithmetic_code"] == CONFLICT for row in rows)
    if not rows:
        return None
    return f"{conflicts} of {len(rows)} published numbers and statements conflict with arithmetic"


def describe(figure: Figure, tables: Tables) -> str:
    """How many claims have which verdict of arithmetic, and which conflict."""
    rows = tables["rpt_claim_audit"]
    counts = Counter(row["arithmetic"] for row in rows)
    listed = ", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items()))
    conflicts = [row["claim_id"] for row in rows if row["arithmetic_code"] == CONFLICT]
    words = f"Table of {len(rows)} published numbers: {listed}."
    return f"{words} Conflicts: {', '.join(conflicts)}." if conflicts else words


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per claim."""
    return [
        (
            row["claim_id"],
            row["section"] or "Other",
            row["statement"] or row["claim_id"],
            printed(row, "published"),
            k_text(row, "published"),
            printed(row, "recomputed"),
            k_text(row, "recomputed"),
            failures(row),
            row["arithmetic"],
            row["replication_label"],
            formats.sentences(row["failed_checks"], row["replication_reason"]),
        )
        for row in by_section(tables["rpt_claim_audit"])
    ]


KIND = FigureKind(
    reads=("rpt_claim_audit",),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=(
        "Claim",
        "Section",
        "Statement",
        "Printed",
        "Printed k",
        "Recomputed",
        "Recomputed k",
        "Failed checks",
        "Arithmetic",
        "Replication",
        "Notes",
    ),
    numeric=frozenset({"Printed", "Printed k", "Recomputed", "Recomputed k", "Failed checks"}),
    data_rows=data_rows,
    page="audit-picture",
    is_long=True,
    outlined=Outlined(
        order=100,
        figure_id="claim_audit",
        title="What arithmetic and recomputation say about published numbers",
        subtitle="Printed value, recomputed value and both verdicts",
        measure="SMD",
        sheets=("published_claims",),
    ),
    is_words=True,
)
