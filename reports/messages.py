"""Titles that say what the data show, for the page; print keeps the neutral title."""

from collections.abc import Callable

from reports import condition_texts, formats, grade_texts, umbrella_texts
from reports.charts.dropout import own_rows
from reports.figure import Figure, Row, Tables

LEVEL = 0.05


def message(figure: Figure, tables: Tables) -> str:
    """What a figure shows in one line, or its own title where the data allow no statement."""
    return MESSAGES[figure.kind](figure, tables) or figure.title


def verdict(row: Row, null: float) -> str:
    """Which side an interval favours, in words."""
    if row["ci_low"] > null:
        return "in favour of the intervention"
    if row["ci_high"] < null:
        return "in favour of the control"
    return "no clear effect"


def has_interval(row: Row) -> bool:
    """True for a row with estimate and both limits."""
    return not any(formats.is_missing(row[key]) for key in ("estimate", "ci_low", "ci_high"))


def forest_message(figure: Figure, tables: Tables) -> str | None:
    """The pool of a whole condition, else the test between the blocks."""
    rows = sorted(
        (row for row in tables["rpt_forest"] if row["figure_id"] == figure.figure_id),
        key=lambda row: row["row_order"],
    )
    conditions = {row["analysis_id"]: row["condition_label"] for row in tables["rpt_headline"]}
    for row in rows:
        if row["row_kind"] == "pooled" and row["block_id"] in conditions and has_interval(row):
            return pooled_message(conditions[row["block_id"]], row, figure)
    tests = [row for row in rows if row["row_kind"] == "difference"]
    if len(tests) != 1 or formats.is_missing(tests[0]["q_p"]):
        return None
    return difference_message(tests[0], figure)


def pooled_message(condition: str, row: Row, figure: Figure) -> str:
    """Depression: SMD 0.40 (0.33 to 0.47), k=38, in favour of the intervention."""
    null = 1.0 if figure.is_log_scale else 0.0
    places = formats.decimals(figure.measure)
    result = formats.estimate(row["estimate"], row["ci_low"], row["ci_high"], places)
    k = formats.count(row["k"])
    return f"{condition}: {figure.measure} {result}, k={k}, {verdict(row, null)}"


def difference_message(row: Row, figure: Figure) -> str:
    """Whether the blocks of a figure differ, with P; a caution is pointed to."""
    found = "effects differ" if row["q_p"] < LEVEL else "no clear difference"
    caution = "; see the note below" if row["note"] else ""
    joint = ", " if ":" in figure.title else ": "
    return f"{figure.title}{joint}{found} ({formats.p_value(row['q_p'])}{caution})"


def headline_message(figure: Figure, tables: Tables) -> str | None:
    """How many conditions show an effect by the recommended method."""
    rows = [
        row
        for row in tables["rpt_headline"]
        if row["source"] == "recommended" and has_interval(row)
    ]
    null = 1.0 if figure.is_log_scale else 0.0
    better = sum(row["ci_low"] > null for row in rows)
    if not rows:
        return None
    return (
        f"{better} of {len(rows)} conditions with data show an effect in favour of the "
        "intervention by the recommended method"
    )


def flow_message(figure: Figure, tables: Tables) -> str | None:
    """First and last stage of each flow."""
    parts = []
    for source, name in (("published", "Published"), ("this_extraction", "this extraction")):
        rows = sorted(
            (row for row in tables["rpt_study_flow"] if row["source"] == source),
            key=lambda row: row["stage_order"],
        )
        if len(rows) < 2:
            continue
        ends = (
            f"{(row['label'] or row['stage_id']).lower()} {formats.count(row['n'])}"
            for row in (rows[0], rows[-1])
        )
        parts.append(f"{name}: {', '.join(ends)}")
    said = "; ".join(parts)
    return said[:1].upper() + said[1:] or None


def dropout_message(figure: Figure, tables: Tables) -> str | None:
    """The pooled percentage over all conditions, or of the one condition: dropout goes first."""
    rows = sorted(own_rows(figure, tables), key=lambda row: row["outcome"] != "dropout")
    for row in rows:
        limits = row["pooled_percent"], row["pooled_low"], row["pooled_high"]
        is_pool = row["status"] == "ok" and (figure.condition or row["group_label"] == "Overall")
        if is_pool and not any(formats.is_missing(value) for value in limits):
            percent, low, high = limits
            result = f"{formats.percent(percent)} ({formats.interval(low, high, 1)})"
            name = f"{row['outcome'].capitalize()}: {row['label']}"
            subject = name if figure.condition else figure.title
            return f"{subject}: {result}, k={formats.count(row['k'])}"
    return None


def audit_message(figure: Figure, tables: Tables) -> str | None:
    """How many statements contradict arithmetic."""
    rows = tables["rpt_claim_audit"]
    conflicts = sum(row["verdict"] == "arithmetic conflict" for row in rows)
    if not rows:
        return None
    return f"{conflicts} of {len(rows)} published numbers and statements conflict with arithmetic"


MESSAGES: dict[str, Callable[[Figure, Tables], str | None]] = {
    "audit": audit_message,
    "dropout": dropout_message,
    "flow": flow_message,
    "forest": forest_message,
    "headline": headline_message,
    **grade_texts.MESSAGES,
} | umbrella_texts.MESSAGES
MESSAGES |= condition_texts.MESSAGES
