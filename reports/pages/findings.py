"""The summary of findings: every outcome of every condition, how sure, and what it means."""

import pandas as pd
from great_tables import GT

from reports import formats, sizes, tables, theme
from reports.figure import PARTICIPANTS, RATES, Row
from reports.pages.model import Content, MarkupBlock, Page, Section, TableBlock, pick
from reports.tables import DataTable
from reports.words import lower_first, smd_sign, upper_first

COLUMNS = (
    "[[Condition]]",
    "Outcome",
    "[[Members]]",
    PARTICIPANTS,
    "Effect (95% CI)",
    "95% prediction interval",
    "Certainty",
    "What this means",
)
NUMBERS = ("[[Members]]", PARTICIPANTS, "Effect (95% CI)", "95% prediction interval")
CAPTION = "Summary of findings, recommended method"
SMDS = "SMD: standardised mean difference, {smd_sign}."
CONTRASTS = (
    "Ratios and other differences are of [[studied]] against [[comparison]]: above no effect there "
    "is more of the outcome."
)
PERCENTAGES = "Percentages are of the group that is studied."
RATES_PER_TIME = "Rates are new events in the group that is studied, per person-time."
SUMMED = "{sizes} are summed over the [[members]] that report them{again}."
AGAIN = ", so [[studies]] that several share count again"
READING = (
    "The words probably, may and very uncertain follow the certainty (Santesso and others 2020)."
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
                    (reading(rows, content.review),),
                    (MarkupBlock(CAPTION, findings_html(rows)),),
                ),
                Section("section-certainty", "Where the certainty comes from", reasons(rows)),
                reported(content.tables["rpt_reported_certainty"]),
            ),
        )
    ]


def reading(rows: list[Row], review: Row) -> str:
    """How to read the measures that the table has, and what holds for all."""
    measures = {row["measure"] for row in rows}
    known = {
        "SMD": SMDS.format(smd_sign=smd_sign(review)),
        "percent": PERCENTAGES,
        "rate": RATES_PER_TIME,
    }
    said = [words for measure, words in known.items() if measure in measures]
    if measures - known.keys():
        said.insert(len(said) - len(RATES.keys() & measures), CONTRASTS)
    is_of_trials = all(row["unit"] == "trial" for row in rows)
    summed = SUMMED.format(sizes=sizes.summed(rows), again="" if is_of_trials else AGAIN)
    return " ".join([*said, summed, READING])


def findings_html(rows: list[Row]) -> tables.Markup:
    """The findings as a table grouped by condition."""
    over = sizes.heading(rows)
    columns = [over if column == PARTICIPANTS else column for column in COLUMNS]
    frame = pd.DataFrame([cells(row, over) for row in rows], columns=columns, dtype="str")
    table = GT(frame, rowname_col="Outcome", groupname_col=COLUMNS[0])
    table = table.tab_stubhead("Outcome").cols_align(
        "right", columns=[column for column in columns if column in (*NUMBERS, over)]
    )
    return tables.bare_html(table, "findings", CAPTION)


def cells(row: Row, over: str) -> tuple[str, ...]:
    """One finding as text."""
    return (
        row["condition_label"],
        outcome(row),
        formats.count(row["k"]),
        size(row, over),
        effect(row),
        prediction(row),
        certainty(row),
        row["finding"],
    )


def outcome(row: Row) -> str:
    """The outcome, and the subgroup where the line is not the whole condition."""
    return ", ".join(filter(None, (row["outcome_label"], row["subgroup"])))


def size(row: Row, over: str) -> str:
    """Participants or person-time, and how many meta-analyses report it when not all do."""
    if formats.is_missing(sizes.size(row)):
        return theme.NOT_REPORTED if row["k"] else theme.NOT_APPLICABLE
    return sizes.summed_cell(row, over)


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
    ours = " ".join(filter(None, (row["grade_symbols"], upper_first(row["certainty_text"]))))
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
