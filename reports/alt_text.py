"""Alternative text made from the data: what a reader who does not see the figure must know."""

from collections import Counter
from collections.abc import Callable, Sequence

from reports import condition_texts, formats, grade_texts, theme, umbrella_texts
from reports.charts.dropout import own_rows
from reports.figure import Figure, Row, Tables


def describe(figure: Figure, tables: Tables) -> str:
    """Alternative text of a figure, a few sentences, with the numbers as drawn."""
    return DESCRIBERS[figure.kind](figure, tables)


def result(row: Row, places: int) -> str:
    """An estimate with its interval in words."""
    return formats.estimate(row["estimate"], row["ci_low"], row["ci_high"], places)


def describe_forest(figure: Figure, tables: Tables) -> str:
    """Blocks of a forest figure, each with its pooled estimates."""
    rows = [row for row in tables["rpt_forest"] if row["figure_id"] == figure.figure_id]
    studies = sum(row["row_kind"] == "study" for row in rows)
    blocks: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["row_order"]):
        if row["row_kind"] != "difference":
            blocks.setdefault(row["block_id"], []).append(row)
    words = f"Forest plot, {theme.measure_label(figure.measure).lower()}, "
    words += f"{studies} rows in {len(blocks)} {'block' if len(blocks) == 1 else 'blocks'}."
    sentences = [words, *(describe_block(block, figure) for block in blocks.values())]
    tests = [row for row in rows if row["row_kind"] == "difference"]
    sentences += [f"{row['label']}: {formats.heterogeneity(row)}." for row in tests]
    return " ".join(sentences)


def describe_block(rows: Sequence[Row], figure: Figure) -> str:
    """One block: how many meta-analyses, and what each method gives."""
    places = formats.decimals(figure.measure)
    label = rows[0]["block_label"] or rows[0]["label"] or "Block"
    found = {row["row_kind"]: row for row in rows}
    parts = []
    for kind, words in (
        ("pooled", "recommended method"),
        ("pooled_seed", "conventional method"),
        ("published", "as published"),
    ):
        if kind in found:
            row = found[kind]
            k = f", k={formats.count(row['k'])}"
            parts.append(f"{words} {result(row, places)}{k}")
    studies = [row for row in rows if row["row_kind"] == "study"]
    if not parts and studies:
        parts = [f"{row['label']} {result(row, places)}" for row in studies[:3]]
    notes = [row["label"] or row["note"] for row in rows if row["row_kind"] == "note"]
    parts.extend(note.rstrip(".") for note in notes if note)
    return f"{label}: {'; '.join(parts) or 'no result'}."


def describe_headline(figure: Figure, tables: Tables) -> str:
    """Each condition with its three results."""
    conditions: dict[str, list[str]] = {}
    for row in sorted(tables["rpt_headline"], key=lambda row: row["sort_order"]):
        if formats.is_missing(row["estimate"]):
            continue
        words = theme.SOURCES.get(row["source"], row["source"]).lower()
        listed = conditions.setdefault(row["condition_label"] or row["condition_id"], [])
        places = formats.decimals(figure.measure)
        listed.append(f"{words} {result(row, places)}, k={formats.count(row['k'])}")
    listed = [f"{name}: {'; '.join(results)}." for name, results in conditions.items()]
    measure = theme.measure_label(figure.measure).lower()
    return " ".join([f"Dot plot of {len(listed)} conditions, {measure} with 95% CI.", *listed])


def describe_flow(figure: Figure, tables: Tables) -> str:
    """Stages of both flows in their order."""
    sentences = ["Flow diagram."]
    for source, name in (("published", "Published review"), ("this_extraction", "This extraction")):
        rows = [row for row in tables["rpt_study_flow"] if row["source"] == source]
        if not rows:
            continue
        stages = [
            f"{row['label']} {formats.count(row['n'])}{excluded(row)}"
            for row in sorted(rows, key=lambda row: row["stage_order"])
        ]
        sentences.append(f"{name}: {'; '.join(stages)}.")
    return " ".join(sentences)


def excluded(row: Row) -> str:
    """Who left after a stage, in words; nothing where none can."""
    if not row["excluded_label"]:
        return ""
    return f", {row['excluded_label'].lower()} {formats.count(row['n_excluded'])}"


def describe_dropout(figure: Figure, tables: Tables) -> str:
    """Pooled, crude and published percentages by analysis."""
    rows = own_rows(figure, tables)
    sentences = [f"Dot plot of percentages for {len(rows)} analyses."]
    for row in rows:
        values = [
            f"{words} {formats.percent(row[key])}"
            for words, key in (
                ("pooled", "pooled_percent"),
                ("crude", "crude_percent"),
                ("published", "published_percent"),
            )
            if not formats.is_missing(row[key])
        ]
        values += [
            f"{words} {formats.interval(row[low], row[high], 1)}%"
            for words, low, high in (
                ("range", "range_low", "range_high"),
                ("published range", "published_range_low", "published_range_high"),
            )
            if not (formats.is_missing(row[low]) or formats.is_missing(row[high]))
        ]
        sentences.append(f"{row['label']}: {', '.join(values) or 'no result'}.")
    return " ".join(sentences)


def describe_audit(figure: Figure, tables: Tables) -> str:
    """How many claims have which verdict, and which conflict."""
    rows = tables["rpt_claim_audit"]
    counts = Counter(row["verdict"] for row in rows)
    listed = ", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items()))
    conflicts = [row["claim_id"] for row in rows if row["verdict"] == "arithmetic conflict"]
    words = f"Table of {len(rows)} published numbers: {listed}."
    return f"{words} Conflicts: {', '.join(conflicts)}." if conflicts else words


DESCRIBERS: dict[str, Callable[[Figure, Tables], str]] = {
    "audit": describe_audit,
    "dropout": describe_dropout,
    "flow": describe_flow,
    "forest": describe_forest,
    "headline": describe_headline,
    **grade_texts.DESCRIBERS,
} | umbrella_texts.DESCRIBERS
DESCRIBERS |= condition_texts.DESCRIBERS
