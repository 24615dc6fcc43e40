"""The page of single effects: the class of each by itself, and what it rests on."""

from collections import Counter

from reports import formats, theme
from reports.figure import Row
from reports.pages.model import (
    Block,
    Content,
    DetailsBlock,
    Page,
    Section,
    TableBlock,
    pick,
)
from reports.tables import Cell, DataTable, Link

COLUMNS = (
    "[[Member]]",
    "[[Condition]]",
    "Outcome",
    "As reported",
    "Class",
    "Criteria met",
    "Criteria missed",
    "Not decided",
    "Printed in the paper",
    "Computed",
    "Not known",
)
READING = (
    "Each reported effect by itself, not pooled with others. A class asks for all of its criteria. "
    "What the paper prints is taken where nothing can be computed; what is not known cannot raise "
    "a class, and the best one that it leaves open stands in brackets."
)


PRINTED_COLUMNS = (
    "[[Member]]",
    "[[Condition]]",
    "Outcome",
    "As reported",
    "Printed class",
    "By its numbers",
    "What decides",
    "What would make them the same",
)

VERDICTS = (
    "agrees",
    "agrees_if_unprinted_is_met",
    "agrees_within_rounding",
    "agrees_with_other_criteria",
    "differs",
    "not_read",
    "no_result",
)
"""In the order of the columns."""

MOST_SHOWN = 60
"""Rows of a table that stands open."""


def pages(content: Content) -> list[Page]:
    """The page, where the protocol has a scheme of classes and the sheets hold effects."""
    schemes: dict[str, list[Row]] = {}
    for row in content.tables["rpt_effect_classes"]:
        schemes.setdefault(row["scheme"], []).append(row)
    if not schemes:
        return []
    return [
        Page(
            slug="classes",
            label="Classes of single effects",
            title="How strong is the evidence for each effect?",
            lead="The class of each reported effect, the criteria it meets and misses, and what "
            "was printed, computed or not known.",
            sections=pick(
                *printed_sections(schemes),
                across_schemes(list(schemes.values())),
                *(section(rows, place, READING) for place, rows in enumerate(schemes.values())),
            ),
            group="across",
        )
    ]


def printed_sections(schemes: dict[str, list[Row]]) -> tuple[Section, ...]:
    """The classes that papers print beside those of their own numbers."""
    printed = {
        scheme: [row for row in rows if row["printed_class"]] for scheme, rows in schemes.items()
    }
    of_most = next(
        (rows for rows in printed.values() if rows and rows[0]["is_scheme_of_most_agreements"]), []
    )
    if not of_most:
        return ()
    label, n_same = of_most[0]["scheme_label"], len(of_most) - len(differing(of_most))
    words = [
        f"{formats.counted(len(of_most), 'effect')} with a printed class. By the criteria "
        f"\u201c{label}\u201d the numbers of {n_same} of them give the same class."
    ]
    blocks: list[Block] = [TableBlock("table-printed-crossed", crossed(of_most))]
    if len(printed) > 1:
        words.append(
            "Papers state the criteria in variants. Those under which most printed classes follow "
            "are probably the ones that were used; the others are counted beside them."
        )
        blocks.insert(0, TableBlock("table-printed-schemes", by_scheme(printed)))
    for place, rows in enumerate(printed.values(), start=1):
        if differing(rows):
            blocks.append(differences(rows, f"table-printed-{place}", is_open=rows is of_most))
    heading = "Printed classes beside those of their own numbers"
    return (Section("section-printed", heading, tuple(words), tuple(blocks)),)


def differing(rows: list[Row]) -> list[Row]:
    """The effects whose printed class their numbers do not give."""
    return [row for row in rows if row["printed_verdict"] != "agrees"]


def by_scheme(printed: dict[str, list[Row]]) -> DataTable:
    """How many printed classes follow under the criteria of each scheme."""
    texts = {
        row["printed_verdict"]: row["printed_verdict_text"]
        for rows in printed.values()
        for row in rows
    }
    verdicts = [texts[verdict] for verdict in VERDICTS if verdict in texts]
    columns = ("Criteria", *(verdict.capitalize() for verdict in verdicts))
    lines = tuple(
        (
            rows[0]["scheme_label"],
            *(str(sum(row["printed_verdict_text"] == verdict for row in rows))
              for verdict in verdicts),
        )
        for rows in printed.values()
    )  # fmt: skip
    caption = "Printed classes by whether their numbers give them"
    return DataTable(caption, columns, lines, frozenset(columns[1:]))


def crossed(rows: list[Row]) -> DataTable:
    """Printed class by class of the numbers, the best first."""
    places = {
        row[f"{kind}_label"]: row[f"{kind}_place"]
        for row in rows
        for kind in ("printed", "grade")
        if row[f"{kind}_label"]
    }
    labels = [*sorted(places, key=lambda label: places[label]), None]
    pairs = Counter((row["printed_label"], row["grade_label"]) for row in rows)
    down = [label for label in labels if any(pair[0] == label for pair in pairs)]
    across = [label for label in labels if any(pair[1] == label for pair in pairs)]
    columns = ("Printed", *(f"Numbers: {label or 'no class'}" for label in across))
    lines = tuple(
        (label or "words not known", *(str(pairs[label, other] or "\u2013") for other in across))
        for label in down
    )
    caption = f"{rows[0]['scheme_label']}: printed class (rows) by class of the numbers (columns)"
    return DataTable(caption, columns, lines, frozenset(columns[1:]))


def differences(rows: list[Row], anchor: str, *, is_open: bool) -> Block:
    """The effects that differ under one scheme, what decides, and what would make them agree."""
    found = differing(rows)
    lines = tuple(printed_line(row) for row in found)
    counted = formats.counted(len(found), "effect")
    caption = f"{rows[0]['scheme_label']}: {counted} whose printed class the numbers do not give"
    table = DataTable(caption, PRINTED_COLUMNS, lines, frozenset())
    is_short = is_open and len(found) <= MOST_SHOWN
    return TableBlock(anchor, table) if is_short else DetailsBlock(anchor, caption, table)


def printed_line(row: Row) -> tuple[Cell, ...]:
    """One effect whose printed class is not that of its numbers."""
    return (
        *of_effect(row),
        row["printed_class"],
        grade(row),
        row["printed_between_text"] or theme.NOT_APPLICABLE,
        row["printed_remedy_text"] or theme.NOT_APPLICABLE,
    )


def section(rows: list[Row], place: int, reading: str) -> Section:
    """The effects under one scheme; those of the others stand folded away."""
    ending = "" if place == 0 else f"-{place + 1}"
    label = rows[0]["scheme_label"]
    table = DataTable(label, COLUMNS, tuple(map(line, rows)), frozenset())
    words = (counts(rows), *([reading] if place == 0 else []))
    block: Block = TableBlock(f"table-classes{ending}", table)
    if place or len(rows) > MOST_SHOWN:
        caption = f"{label}: every effect with its class ({formats.counted(len(rows), 'row')})"
        block = DetailsBlock(f"table-classes{ending}", caption, table)
    return Section(f"section-classes{ending}", label, words, (block,))


def across_schemes(schemes: list[list[Row]]) -> Section:
    """The class of each effect by every scheme, where there are several."""
    columns = [rows[0]["scheme_label"] for rows in schemes]
    found: dict[str, list[Cell]] = {}
    classes: dict[str, set[str | None]] = {}
    for rows in schemes:
        for row in rows:
            found.setdefault(row["effect_id"], [*of_effect(row)]).append(grade(row))
            classes.setdefault(row["effect_id"], set()).add(row["grade_label"])
    same = sum(len(labels) == 1 for labels in classes.values())
    words = (
        f"{formats.count(same)} of {formats.counted(len(found), 'effect')} "
        f"{formats.agreeing(same, 'has', 'have')} the same class by all {len(schemes)}.",
    )
    table = DataTable(
        "Class of each effect by each set of criteria",
        (*COLUMNS[:4], *columns),
        tuple(tuple(cells) for cells in found.values()),
        frozenset(),
    )
    is_short = len(found) <= MOST_SHOWN
    block = (
        TableBlock("table-schemes", table)
        if is_short
        else DetailsBlock(
            "table-schemes", f"{table.caption} ({formats.counted(len(found), 'row')})", table
        )
    )
    if len(schemes) == 1:
        return Section("section-schemes", "By every set of criteria")
    return Section("section-schemes", "By every set of criteria", words, (block,))


def counts(rows: list[Row]) -> str:
    """How many effects have which class."""
    found: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row["grade_label"] or "~"):
        label = row["grade_label"] or "no class"
        found[label] = found.get(label, 0) + 1
    listed = ", ".join(f"{label} {n}" for label, n in found.items())
    return f"{formats.counted(len(rows), 'effect')}: {listed}."


def line(row: Row) -> tuple[Cell, ...]:
    """One effect as cells."""
    texts = ("met", "missed", "open", "reported", "computed", "missing")
    return (
        *of_effect(row),
        grade(row),
        *(row[f"{name}_text"] or theme.NOT_APPLICABLE for name in texts),
    )


def of_effect(row: Row) -> tuple[Cell, ...]:
    """Which effect a row is about, and what is reported of it."""
    values = (row["reported_estimate"], row["reported_low"], row["reported_high"])
    return (
        named(row),
        row["condition_label"] or theme.NOT_APPLICABLE,
        row["outcome_label"] or theme.NOT_APPLICABLE,
        formats.estimate(*values, row["decimals"]).after(row["measure_label"]),
    )


def named(row: Row) -> Cell:
    """The meta-analysis, leading to its paper where a DOI is known."""
    if not row["doi"]:
        return row["citation_label"]
    target = f"https://doi.org/{row['doi']}"
    return Link(row["citation_label"], target, f"{row['citation_label']}, {row['effect_id']}")


def grade(row: Row) -> str:
    """Class III (up to Class I); why there is none."""
    if row["grade_label"] is None:
        return row["status"].replace("_", " ")
    return row["grade_label"] + (f" (up to {row['best_label']})" if row["best_label"] else "")
