"""Titles that say what the data show, for the page; print keeps the neutral title."""

from collections.abc import Callable, Sequence

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
    """The pool of a whole condition, else the test between the blocks, else the single results."""
    rows = sorted(
        (row for row in tables["rpt_forest"] if row["figure_id"] == figure.figure_id),
        key=lambda row: row["row_order"],
    )
    conditions = {row["analysis_id"]: row["condition_label"] for row in tables["rpt_headline"]}
    for row in rows:
        if row["row_kind"] == "pooled" and row["block_id"] in conditions and has_interval(row):
            return f"{conditions[row['block_id']]}: {result_words(row, figure)}"
    tests = [row for row in rows if row["row_kind"] == "difference"]
    if len(tests) == 1 and not formats.is_missing(tests[0]["q_p"]):
        return difference_message(tests[0], figure)
    return results_message(rows, figure)


def result_words(row: Row, figure: Figure) -> str:
    """SMD 0.40 (0.33 to 0.47), k=38, in favour of the intervention; no k where there is none."""
    places = formats.decimals(figure.measure)
    result = formats.estimate(row["estimate"], row["ci_low"], row["ci_high"], places)
    k = "" if formats.is_missing(row["k"]) else f", k={formats.count(row['k'])}"
    return f"{figure.measure} {result}{k}, {verdict(row, null_of(figure))}"


def null_of(figure: Figure) -> float:
    """The value of no effect."""
    return 1.0 if figure.is_log_scale else 0.0


def joined(figure: Figure, words: str) -> str:
    """The title of a figure with what it shows."""
    return f"{figure.title}{', ' if ':' in figure.title else ': '}{words}"


def difference_message(row: Row, figure: Figure) -> str:
    """Whether the blocks of a figure differ, with P; a caution is pointed to."""
    found = "effects differ" if row["q_p"] < LEVEL else "no clear difference"
    caution = "; see the note below" if row["note"] else ""
    return joined(figure, f"{found} ({formats.p_value(row['q_p'])}{caution})")


def results_message(rows: Sequence[Row], figure: Figure) -> str | None:
    """Which side the pooled results favour; without any the single ones, else those published."""
    for kind, adjective in (("pooled", "pooled "), ("study", ""), ("published", "published ")):
        shown = [row for row in rows if row["row_kind"] == kind and has_interval(row)]
        if len(shown) == 1:
            return joined(figure, f"{adjective}{result_words(shown[0], figure)}")
        if shown:
            better = sum(row["ci_low"] > null_of(figure) for row in shown)
            return joined(
                figure, f"{better} of {len(shown)} {adjective}results favour the intervention"
            )
    return None


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
    """The percentage over all conditions, or of the one condition: pools and dropout go first."""
    rows = [
        row
        for row in own_rows(figure, tables)
        if figure.condition or row["group_label"] == "Overall"
    ]
    rows.sort(key=lambda row: (row["status"] != "ok", row["outcome_role"] != "dropout"))
    for row in rows:
        if said := rate_words(row):
            return f"{rate_subject(row, rows, figure)} {said}"
    return None


def rate_words(row: Row) -> str | None:
    """The best that is known of a percentage: pooled, of one report, published, or a range."""
    percent, low, high = (row[key] for key in ("pooled_percent", "pooled_low", "pooled_high"))
    if not any(formats.is_missing(value) for value in (percent, low, high)):
        k = f"k={formats.count(row['k'])}" if row["status"] == "ok" else "one result"
        return f"{formats.percent(percent)} ({formats.interval(low, high, 1)}), {k}"
    if not formats.is_missing(row["published_percent"]):
        return f"{formats.percent(row['published_percent'])} as published"
    for prefix, ending in (("published_range", "as published"), ("range", "in single reports")):
        low, high = row[f"{prefix}_low"], row[f"{prefix}_high"]
        if not formats.is_missing(low) and not formats.is_missing(high):
            return f"{formats.interval(low, high, 1)}% {ending}"
    return None


def rate_subject(row: Row, rows: Sequence[Row], figure: Figure) -> str:
    """What a percentage is of: the label of its line, or the title with the outcome if needed."""
    outcome = row["outcome_label"].lower()
    if not figure.condition:
        outcomes = {row["outcome"] for row in rows}
        return f"{figure.title}: {outcome}" if len(outcomes) > 1 else f"{figure.title}:"
    if row["label"].lower().startswith(outcome):
        return row["label"]
    return f"{row['label']}: {outcome}"


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
