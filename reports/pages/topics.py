"""Pages that look across conditions."""

from collections.abc import Set

import pandas as pd
from great_tables import GT
from markupsafe import Markup, escape

from reports import formats
from reports.figure import Row
from reports.figures import KINDS
from reports.figures.audit import CONFLICT
from reports.pages.model import Content, MarkupBlock, Page, Section, TableBlock, pick
from reports.tables import DataTable, bare_html


def pages(content: Content) -> list[Page]:
    """Every page across conditions that has something to show."""
    made = [
        figure_page(
            content,
            "subgroups",
            "Subgroups and secondary outcomes",
            "For whom, and on what else",
            "Results across conditions: type of therapy, guidance, analysis set, response and "
            "remission, and the largest meta-analysis of each condition.",
        ),
        figure_page(
            content,
            "evidence-map",
            "Evidence map",
            "What has been studied, and what has not",
            "Condition by comparator and guidance: how many meta-analyses, what they show, and "
            "where there are none.",
        ),
        figure_page(
            content,
            "quality",
            "Quality and certainty",
            "How good is the evidence?",
            "Grades of each condition by every scheme of the protocol, and the appraisal of the "
            "meta-analyses. The page of a condition shows what its grades rest on.",
        ),
        figure_page(
            content,
            "overlap",
            "Overlap",
            "How far the meta-analyses rest on the same trials",
            "A trial that enters two meta-analyses is counted twice unless its weight is shared.",
        ),
        figure_page(
            content,
            "acceptability",
            "Acceptability",
            "Do people stay in the intervention?",
            "Dropout, adherence and completion, as percentages.",
        ),
        audit_page(content),
        extraction_page(content),
    ]
    return [page for page in made if page.sections]


def figure_page(content: Content, slug: str, label: str, title: str, lead: str) -> Page:
    """A page of the figures whose kind belongs there and that are about no single condition."""
    blocks = content.figures(*(name for name, kind in KINDS.items() if kind.page == slug))
    return Page(
        slug=slug,
        label=label,
        title=title,
        lead=lead,
        sections=pick(Section("section-figures", label, (), blocks)),
        group="across",
    )


def audit_page(content: Content) -> Page:
    """The audit of the published numbers: a table first, because it is long, then its picture."""
    drawn = content.figures("audit")
    rows = content.tables["rpt_claim_audit"]
    conflicts = {row["verdict"] for row in rows if row["verdict_code"] == CONFLICT}
    sections = [
        Section(
            "section-audit",
            "Every published number",
            (
                "Arithmetic: do estimate, interval, P and counts agree with each other, allowing "
                "for rounding? Recomputation: what does this extraction give?",
            ),
            (
                MarkupBlock(
                    "Table of published numbers",
                    audit_html(block.drawn.table, conflicts),
                ),
            ),
        )
        for block in drawn[:1]
    ]
    return Page(
        slug="audit",
        label="Audit of published numbers",
        title="Are the published numbers consistent?",
        sections=pick(*sections, Section("section-figures", "The same as a figure", (), drawn)),
        group="trust",
    )


def audit_html(audit: DataTable, conflicts: Set[str]) -> Markup:
    """The claim audit as an HTML table, grouped by section; conflicts stand out."""
    frame = pd.DataFrame(audit.rows, columns=list(audit.columns), dtype="str")
    right = [column for column in audit.columns if column in audit.numeric]
    table = GT(frame, rowname_col="Claim", groupname_col="Section")
    table = table.tab_stubhead("Claim").cols_align("right", columns=right)
    html = str(bare_html(table, "claims", audit.caption))
    for words in map(escape, conflicts):
        html = html.replace(f">{words}</td>", f'><strong class="conflict">{words}</strong></td>')
    return Markup(html)


def extraction_page(content: Content) -> Page:
    """Agreement of two readers, what they left open, and rows that were refused."""
    return Page(
        slug="extraction",
        label="Extraction",
        title="Was the extraction read the same way twice?",
        lead="Two readers extracted the same tables; where they differ, a decision is recorded.",
        sections=pick(
            Section("section-agreement", "Agreement", (), content.figures("agreement")),
            unresolved(content.tables["rpt_unresolved_differences"]),
            rejected(content.tables["fct_rejected_rows"]),
            fates(content.tables["dim_sheets"]),
        ),
        group="trust",
    )


def unresolved(rows: list[Row]) -> Section:
    """Differences in numbers or codes that decide a result, and that nobody has decided."""
    table = DataTable(
        "Differences that are not resolved",
        ("Sheet", "Row", "Field", "First reader", "Second reader", "Analyses that use it"),
        tuple(
            (
                row["sheet"],
                row["row_id"],
                row["field"],
                row["first_value"] or "empty",
                row["second_value"] or "empty",
                formats.count(row["n_analyses"]),
            )
            for row in rows
        ),
        frozenset({"Analyses that use it"}),
    )
    words = (
        "Each result that uses one of these rows is marked."
        if rows
        else "Every difference in a field that decides a result has been decided."
    )
    blocks = (TableBlock("table-unresolved", table),) if rows else ()
    return Section("section-unresolved", "Differences that are still open", (words,), blocks)


def rejected(rows: list[Row]) -> Section:
    """Rows that were refused, with what would be right."""
    if not rows:
        words = "No row of any sheet was rejected."
        return Section("section-rejected", "Rejected rows", (words,))
    table = DataTable(
        "Faults, each with its place and remedy",
        ("Sheet", "Row", "Column", "Value", "What is wrong", "What would be right"),
        tuple(
            (
                row["sheet"],
                formats.count(row["row_number"], missing="–"),
                row["column_name"] or "–",
                row["value"] or "empty",
                row["reason"],
                row["expected"] or "–",
            )
            for row in rows
        ),
        frozenset({"Row"}),
    )
    return Section(
        "section-rejected",
        "Rejected rows",
        (f"{formats.count(len(rows))} faults keep rows out of every result.",),
        (TableBlock("table-rejected", table),),
    )


def fates(rows: list[Row]) -> Section:
    """What became of every row of every sheet."""
    names = ("Rows", "Used", "Kept", "Rejected")
    columns = ("n_rows", "n_used", "n_kept", "n_rejected")
    table = DataTable(
        "Rows of each sheet",
        ("Sheet", *names),
        tuple((row["sheet"], *(formats.count(row[column]) for column in columns)) for row in rows),
        frozenset(names),
    )
    return Section(
        "section-fates",
        "The fate of every row",
        (
            "Used: a published result rests on the row. Kept: it is in the warehouse, and "
            "fct_row_dispositions says why no result uses it.",
        ),
        (TableBlock("table-fates", table),),
    )
