"""The summary of findings: every outcome of every condition, how sure, and what it means."""

import pandas as pd
from great_tables import GT

from reports import formats, tables, theme
from reports.figure import RATES, Row
from reports.pages.model import Content, MarkupBlock, Page, Section, TableBlock, pick
from reports.tables import DataTable
from reports.words import lower_first, smd_sign

COLUMNS = (
    "[[Condition]]",
    "Outcome",
    "[[Members]]",
    "Participants",
    "Effect (95% CI)",
    "95% prediction interval",
    "Certainty",
    "What this means",
)
NUMBERS = ("[[Members]]", "Participants", "Effect (95% CI)", "95% prediction interval")
CAPTION = "Summary of findings, recommended method"
SMDS = "SMD: standardised mean difference, {smd_sign}."
CONTRASTS = (
    "Ratios and other differences are of [[studied]] against [[comparison]]: above no effect there "
    "is more of the outcome."
)
PERCENTAGES = "Percentages are of the group that is studied."
RATES_PER_TIME = "Rates are new events in the group that is studied, per person-time."
READING = (
    "Participants are summed over the [[members]] that report them, so [[studies]] that several "
    "share count again. The words probably, may and very uncertain follow the certainty (Santesso "
    "and others 2020)."
)
REPORTED = (
    "These are the judgements of the [[members]]' authors about their own pooled [[studies]]. They "
    "do not enter this review's certainty, which is of results over several [[members]]."
)


def pages(content: Content) -> list[Page]:
    """The page of the summary, where the protocol has outcomes."""
    rows = content.tables["rpt_findings"]
    if not rows:
        return []
    return [
        Page(
            slug="findings",
            label="Summary of findings",
            title="Summary of findings",
            lead="Each outcome of each [[condition]]: the effect, how sure, and what it means.",
            sections=pick(
                Section(
                    "section-findings",
                    "Findings by [[condition]]",
                    (reading({row["measure"] for row in rows}, content.review),),
                    (MarkupBlock(CAPTION, findings_html(rows)),),
                ),
                Section("section-certainty", "Where the certainty comes from", reasons(rows)),
                reported(content.tables["rpt_reported_certainty"]),
            ),
        )
    ]


def reading(measures: set[str], review: Row) -> str:
    """How to read the measures that the table has, and what holds for all."""
    known = {
        "SMD": SMDS.format(smd_sign=smd_sign(review)),
        "percent": PERCENTAGES,
        "rate": RATES_PER_TIME,
    }
    said = [words for measure, words in known.items() if measure in measures]
    if measures - known.keys():
        said.insert(len(said) - len(RATES.keys() & measures), CONTRASTS)
    return " ".join([*said, READING])


def findings_html(rows: list[Row]) -> tables.Markup:
    """The findings as a table grouped by condition."""
    frame = pd.DataFrame([cells(row) for row in rows], columns=list(COLUMNS), dtype="str")
    table = GT(frame, rowname_col="Outcome", groupname_col=COLUMNS[0])
    table = table.tab_stubhead("Outcome").cols_align("right", columns=list(NUMBERS))
    return tables.bare_html(table, "findings", CAPTION)


def cells(row: Row) -> tuple[str, ...]:
    """One finding as text."""
    return (
        row["condition_label"],
        outcome(row),
        formats.count(row["k"]),
        participants(row),
        effect(row),
        prediction(row),
        certainty(row),
        row["finding"],
    )


def outcome(row: Row) -> str:
    """The outcome, and the subgroup where the line is not the whole condition."""
    return ", ".join(filter(None, (row["outcome_label"], row["subgroup"])))


def participants(row: Row) -> str:
    """How many, and how many meta-analyses say so when not all do."""
    if formats.is_missing(row["n_participants"]):
        return theme.NOT_REPORTED if row["k"] else theme.NOT_APPLICABLE
    number = formats.count(row["n_participants"])
    known = row["k_with_n_participants"]
    return number if known == row["k"] else f"{number} (k={formats.count(known)})"


def effect(row: Row) -> str:
    """The result with its measure, or the range that is reported instead."""
    places = row["decimals"]
    sign = percent_sign(row)
    if not formats.is_missing(row["estimate"]):
        result = (row[key] for key in formats.RESULT)
        if sign:
            return formats.percentage(*result, places)
        said = formats.estimate(*result, places)
        return said if row["measure"] in RATES else f"{row['measure']} {said}"
    if not formats.is_missing(row["range_low"]):
        if row["range_low"] == row["range_high"]:
            return f"{formats.number(row['range_low'], places)}{sign}"
        return f"{formats.interval(row['range_low'], row['range_high'], places)}{sign} (range)"
    return theme.NOT_APPLICABLE


def prediction(row: Row) -> str:
    """The prediction interval, or a dash where there is none."""
    said = formats.interval_or_dash(row, "pi_low", "pi_high", row["decimals"])
    return said if said == theme.NOT_APPLICABLE else said + percent_sign(row)


def percent_sign(row: Row) -> str:
    """What stands after the last number of a result: % for percentages of one group."""
    return "%" if row["measure"] == "percent" else ""


def certainty(row: Row) -> str:
    """Symbols and word of the certainty, or what is possible where nobody judged it."""
    ours = " ".join(filter(None, (row["grade_symbols"], row["certainty_text"])))
    theirs = row["reported_certainty"]
    return f"{ours}. Their own rating: {theirs}" if theirs else ours


def reasons(rows: list[Row]) -> tuple[str, ...]:
    """The scheme of each certainty, once, and why it is not higher."""
    reasoned = [row for row in rows if row["grade_reasons"] and row["k"]]
    schemes = dict.fromkeys(row["grade_scheme_label"] for row in reasoned)
    listed = [
        f"{row['condition_label']}, {lower_first(outcome(row))}: {row['grade_reasons']}"
        for row in reasoned
    ]
    return (f"Graded by: {'; '.join(schemes)}.", *listed) if reasoned else ()


def reported(rows: list[Row]) -> Section:
    """How certain the meta-analyses themselves are of their results."""
    table = DataTable(
        "Certainty that the [[members]] report",
        ("[[Condition]]", "Outcome", "[[Member]]", "Certainty", "Rated by", "Remarks", "Where"),
        tuple(
            (
                row["condition_label"] or theme.NOT_REPORTED,
                row["outcome_label"],
                row["citation_label"],
                row["rating_text"],
                row["tool_text"],
                row["notes"] or "",
                row["source_locator"] or "",
            )
            for row in rows
        ),
        frozenset(),
    )
    blocks = (TableBlock("table-reported-certainty", table),) if rows else ()
    return Section(
        "section-reported-certainty",
        "What the [[members]] say of their own certainty",
        (REPORTED,) if rows else (),
        blocks,
    )
