"""The words of a forest figure: one line of text per row of rpt_forest, cut into pages."""

import itertools
import math
from collections.abc import Iterable, Sequence

from reports import formats, sizes, text, theme
from reports.charts.table import INDENT, Column, Line
from reports.figure import TOOLS, Figure, Row
from reports.words import lower_first, upper_first

MAX_ROWS = 50
RECOMPUTED = ("pooled", "pooled_seed")
SUMMARIES = (*RECOMPUTED, "published")
STUDIES = ("study", "network")
STATISTICS = ("heterogeneity", "difference")
HEADER = "[[Member]]"
DEFAULT_LABELS = {
    "study": "Unnamed [[member]]",
    "pooled": "Pooled, recommended method",
    "prediction": "95% prediction interval",
    "heterogeneity": "Heterogeneity",
    "pooled_seed": "Pooled, conventional method",
    "published": "As published",
    "difference": "Test for subgroup differences",
    "note": "Not pooled",
    "block_header": "",
}


def columns(
    figure: Figure, lines: Sequence[Line], rows: Sequence[Row], sums: Sequence[str]
) -> tuple[Column, ...]:
    """The text columns left and right of the plot, without those that no line fills.

    `rows` are those of the whole figure, `sums` the headings of trials and sizes.
    """
    studies, size = sums
    estimate = Column(
        ("estimate", "low", "high"), f"{figure.measure_heading} (95% CI)", "right", "words"
    )
    evidence = evidence_heading(rows)
    every = (
        *((Column(("trials",), studies),) if studies else ()),
        Column(("size",), size),
        estimate,
        Column(("weight",), "Weight", "right"),
        *((Column(("evidence",), evidence, "right"),) if evidence else ()),
    )
    empty = (None, theme.NOT_APPLICABLE)
    return tuple(
        column
        for column in every
        if column is estimate or any(line.cells.get(column.keys[0]) not in empty for line in lines)
    )


def interval_cells(row: Row, low: str, high: str, places: int) -> dict[str, str]:
    """The two cells of an interval, `(0.44 to` and `0.62)`; one cell when it is missing."""
    if formats.is_missing(row[low]) and formats.is_missing(row[high]):
        return {"high": f"({theme.NOT_REPORTED})"}
    return {
        "low": f"({formats.number(row[low], places)} to",
        "high": f"{formats.number(row[high], places)})",
    }


def estimate_cells(row: Row, places: int) -> dict[str, str]:
    """Cells of an estimate with its interval; a lone NR when the row has neither."""
    if all(formats.is_missing(row[key]) for key in ("estimate", "ci_low", "ci_high")):
        return {"words": theme.NOT_REPORTED}
    cells = interval_cells(row, "ci_low", "ci_high", places)
    return {"estimate": formats.number(row["estimate"], places), **cells}


def study_line(row: Row, places: int, over: str, is_striped: bool) -> Line:
    """One meta-analysis; a dagger marks a flagged row."""
    weight = row["weight_percent"]
    cells = {
        "trials": formats.count(row["n_trials"]),
        "size": sizes.cell(row, over),
        **estimate_cells(row, places),
        "weight": formats.percent(weight, 1, missing=theme.NOT_APPLICABLE),
        "evidence": row["quality"] or "",
    }
    label = row["label"] or DEFAULT_LABELS["study"]
    if row["is_flagged"]:
        label += theme.DAGGER
    return Line(label, cells, indent=INDENT, is_striped=is_striped, mark=dict(row))


def summary_line(row: Row, places: int, over: str) -> Line:
    """A pooled or published estimate, with the number of meta-analyses behind it."""
    label = row["label"] or DEFAULT_LABELS[row["row_kind"]]
    label = f"{label} (k={formats.count(row['k'])})"
    if row["is_flagged"]:
        label += theme.DAGGER
    cells = estimate_cells(row, places)
    if row["row_kind"] in RECOMPUTED:
        cells |= {"trials": formats.count(row["n_trials"]), "size": sizes.cell(row, over)}
    if row["certainty"]:
        cells["evidence"] = row["certainty"]
    is_main = row["row_kind"] == "pooled"
    return Line(label, cells, is_bold=is_main, indent=INDENT, mark=dict(row))


def prediction_line(row: Row, places: int) -> Line:
    """The prediction interval with its numbers."""
    label = row["label"] or DEFAULT_LABELS["prediction"]
    if formats.is_missing(row["pi_low"]) or formats.is_missing(row["pi_high"]):
        cells = {"words": "not estimated"}
    else:
        cells = interval_cells(row, "pi_low", "pi_high", places)
    return Line(label, cells, colour=theme.PREDICTION, indent=INDENT, mark=dict(row))


def evidence_heading(rows: Sequence[Row]) -> str:
    """What stands over ratings of members and certainty of pools; empty without either."""
    tools = {row["quality_tool"] for row in rows} - {None}
    kinds = {row["certainty_kind"] for row in rows} - {None}
    if kinds == {"grade"} and not tools:
        return "Certainty"
    if len(tools) == 1 and not kinds:
        return tool_name(*tools)
    return "Evidence" if tools or kinds else ""


def tool_name(tool: str) -> str:
    """What members are rated by, at the beginning of a sentence."""
    return TOOLS.get(tool) or upper_first(tool.replace("_", " "))


def by_tool(tools: Iterable[str]) -> str:
    """What members are rated by, within a sentence."""
    return " or ".join(TOOLS.get(tool) or tool.replace("_", " ") for tool in tools)


def reported_by(row: Row, sums: Sequence[str]) -> str:
    """Trials: 24 of 39 report them; participants: 17 of 39: of sums that not all members report.

    `sums` are what trials and sizes are called, an empty text for what is not shown.
    """
    numbers = zip(sums, (row["k_with_n_trials"], row["k_with_size"]), strict=True)
    said = [
        f"{words}: {formats.count(known)} of {formats.count(row['k'])}"
        for words, known in numbers
        if words and known and known < row["k"]
    ]
    return "; ".join([f"{said[0]} report them", *map(lower_first, said[1:])]) if said else ""


def statistics_line(row: Row, sums: Sequence[str]) -> Line:
    """Heterogeneity of a block with the test of its effect, or the test between blocks."""
    label = row["label"] or DEFAULT_LABELS[row["row_kind"]]
    is_test = row["row_kind"] == "difference"
    statistics = formats.heterogeneity(row)
    words = f"{label}: {statistics.replace(' ', text.NO_BREAK) if is_test else statistics}"
    return Line(
        words if is_test else formats.sentences(words, *more_statistics(row, sums)),
        is_bold=is_test,
        colour=theme.INK if is_test else theme.MUTED,
        size=theme.SMALL,
        indent=0 if is_test else INDENT,
        gap=theme.GAP if is_test else 0,
        mark=dict(row),
    )


def more_statistics(row: Row, sums: Sequence[str]) -> tuple[str, str]:
    """The test of the overall effect, and how many report what is summed; empty without."""
    effect = formats.overall_effect(row)
    return f"Overall effect: {effect}" if effect else "", reported_by(row, sums)


def note_line(row: Row) -> Line:
    """A sentence in place of a result."""
    words = row["label"] or row["note"] or DEFAULT_LABELS["note"]
    return Line(words, is_italic=True, colour=theme.MUTED, indent=INDENT, mark=dict(row))


def header_line(row: Row) -> Line:
    """The bold heading of a block."""
    words = row["label"] or row["block_label"] or ""
    return Line(upper_first(words), is_bold=True, gap=theme.GAP, mark=dict(row))


def line(row: Row, places: int, sums: Sequence[str], is_striped: bool) -> Line:
    """The line of any row kind; an unknown kind is an error."""
    _, over = sums
    kind = row["row_kind"]
    if kind == "block_header":
        return header_line(row)
    if kind in STUDIES:
        return study_line(row, places, over, is_striped)
    if kind in SUMMARIES:
        return summary_line(row, places, over)
    if kind == "prediction":
        return prediction_line(row, places)
    if kind in STATISTICS:
        return statistics_line(row, sums)
    if kind == "note":
        return note_line(row)
    raise ValueError(f"rpt_forest.row_kind: unknown value {kind!r} in figure {row['figure_id']}")


def are_trials(rows: Sequence[Row]) -> bool:
    """Whether each member is a trial of its own, so that its number of trials says nothing."""
    numbers = [row["n_trials"] for row in rows if row["row_kind"] in STUDIES]
    return bool(numbers) and all(number == 1 for number in numbers)


def size_heading(rows: Sequence[Row]) -> str:
    """What stands over the sizes of a figure."""
    return sizes.heading(row for row in rows if row["row_kind"] in (*STUDIES, *RECOMPUTED))


def sums_of(rows: Sequence[Row], studies: str) -> tuple[str, str]:
    """What stands over trials and sizes of a figure; nothing over trials of which all are one."""
    return "" if are_trials(rows) else studies, size_heading(rows)


def lines(rows: Sequence[Row], places: int, sums: Sequence[str]) -> list[Line]:
    """Lines of one page; stripes alternate and begin anew in each block.

    `sums` are the headings of trials and sizes of the whole figure.
    """
    drawn, studies = [], 0
    for row in rows:
        studies = studies + 1 if row["row_kind"] == "study" else 0
        drawn.append(line(row, places, sums, is_striped=studies % 2 == 1))
    return drawn


def blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of a figure cut before each block header; a closing test stays with the last block."""
    cut: list[list[Row]] = []
    for row in rows:
        starts = row["row_kind"] == "block_header" or not cut
        if starts:
            cut.append([row])
        else:
            cut[-1].append(row)
    return cut


def split_block(block: list[Row], limit: int) -> list[list[Row]]:
    """Cut a block that is longer than a page into even parts; each part repeats the header.

    Even parts are at least half a page, so the few rows after the studies (diamonds,
    heterogeneity) always stay together with the last studies.
    """
    if len(block) <= limit:
        return [block]
    has_header = block[0]["row_kind"] == "block_header"
    header, body = (block[:1], block[1:]) if has_header else ([], block)
    count = math.ceil(len(body) / (limit - 1))
    cuts = [round(i * len(body) / count) for i in range(count + 1)]
    parts = [header + body[cuts[0] : cuts[1]]]
    for start, stop in itertools.pairwise(cuts[1:]):
        parts.append([continued(row) for row in header] + body[start:stop])
    return parts


def continued(header: Row) -> Row:
    """The header of a block on a later page."""
    return {**header, "label": f"{header['label'] or header['block_label']} (continued)"}


def pages(rows: Sequence[Row], limit: int = MAX_ROWS) -> list[list[Row]]:
    """Rows of each page: whole blocks while they fit `limit` rows; longer blocks are split."""
    paged: list[list[Row]] = [[]]
    for block in blocks(rows):
        for part in split_block(block, limit):
            if paged[-1] and len(paged[-1]) + len(part) > limit:
                paged.append([])
            paged[-1].extend(part)
    return paged
