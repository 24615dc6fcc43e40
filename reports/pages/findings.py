"""The summary of findings: every outcome of every condition, how sure, and what it means."""

from itertools import groupby

from markupsafe import Markup

from reports import html, sizes, theme
from reports.exports import WORKBOOK
from reports.figure import RATES, Row
from reports.pages.model import Content, ListBlock, MarkupBlock, Page, Section, TableBlock, pick
from reports.summary import SummaryTable, summary_tables
from reports.tables import DataTable, Link
from reports.words import lower_first, smd_sign

SMDS = "SMD: standardised mean difference, {smd_sign}."
CONTRASTS = (
    "Ratios and other differences are of [[studied]] against [[comparison]]: above no effect there "
    "is more of the outcome."
)
RATES_OF_ONE = "What is of one group stands below that group, without an effect."
ABSOLUTE = (
    "What is said of people follows from the effect and a risk that is assumed, both limits in the "
    "same way; the risk is taken as known."
)
SUMMED = "{sizes} are summed over the [[members]] that report them{again}."
AGAIN = ", so [[studies]] that several share count again"
READING = (
    "The words probably, may and very uncertain follow the certainty (Santesso and others 2020)."
)
REPORTED = (
    "These are the judgements of the [[members]]' authors about their own pooled [[studies]]. They "
    "do not enter this review's certainty, which is of results over several [[members]]."
)

FILE = Link("The tables as a workbook", f"data/{WORKBOOK}", is_download=True)
IN_FILE = "A worksheet for each comparison, behind the other main results."


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
                    "How to read the tables",
                    (reading(rows, content.review),),
                    (ListBlock(((FILE, IN_FILE),)),),
                ),
                *conditions(content),
                Section("section-certainty", "Where the certainty comes from", reasons(rows)),
                reported(content.tables["rpt_reported_certainty"]),
            ),
        )
    ]


def conditions(content: Content) -> list[Section]:
    """A section for each condition, with its tables: one for each comparison."""
    made = groupby(summary_tables(content.tables), key=lambda table: table.condition)
    return [
        Section(
            f"section-{tables[0].anchor}",
            condition,
            (),
            tuple(MarkupBlock(table.title, findings_html(table)) for table in tables),
        )
        for condition, group in made
        if (tables := list(group))
    ]


def findings_html(table: SummaryTable) -> Markup:
    """A table as part of a page, with its footnotes below."""
    return html.fragment("findings_table.html.j2", table=table)


def reading(rows: list[Row], review: Row) -> str:
    """How to read the measures that the tables have, and what holds for all."""
    measures = {row["measure"] for row in rows}
    said = [SMDS.format(smd_sign=smd_sign(review))] if "SMD" in measures else []
    if measures - RATES.keys() - {"SMD"}:
        said.append(CONTRASTS)
    if measures - RATES.keys():
        said.append(ABSOLUTE)
        if measures & RATES.keys():
            said.append(RATES_OF_ONE)
    is_of_trials = all(row["unit"] == "trial" for row in rows)
    summed = SUMMED.format(sizes=sizes.summed(rows), again="" if is_of_trials else AGAIN)
    return " ".join([*said, summed, READING])


def outcome(row: Row) -> str:
    """The outcome, and the subgroup where the line is not the whole condition."""
    return ", ".join(filter(None, (row["outcome_label"], row["subgroup"])))


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
