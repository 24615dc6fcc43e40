"""What became of each published number: does it add up, and do our data give it too?"""

from reports import formats
from reports.figure import Row
from reports.figures.audit import CONFLICT, k_text, printed
from reports.pages.model import Content, DetailsBlock, Page, Section, TableBlock, pick
from reports.pages.topics import figure_page
from reports.tables import DataTable
from reports.words import smd_sign

CONTRADICTED = "contradicted"
COUNTED = {
    "Effects": "n_claims",
    "Comparisons": "n_comparisons",
    "Counts and shares": "n_counts",
    "Sums": "n_sums",
    "All": "n_statements",
}
READING = (
    "Each number and each comparison that the published review prints gets two verdicts. "
    "Replication: do our data, pooled as the review pools, give the same? Arithmetic: do the "
    "printed numbers agree with each other, allowing for rounding? The second needs no data of "
    "ours: numbers can agree with each other and still not be found again."
)
OURS = (
    "Our data are [[members]] extracted for this site from their published text; they are not "
    "the same collection as the review's. Brackets hold the 95% interval or the range; of a "
    "comparison the difference is shown. SMD: standardised mean difference, {smd_sign}; "
    "k: number of [[members]]; NR: not reported."
)


def pages(content: Content) -> list[Page]:
    """The audit, and its picture as an appendix, where the review has published numbers."""
    rows = content.tables["rpt_claim_audit"]
    if not rows:
        return []
    return [
        Page(
            slug="audit",
            label="Audit of published numbers",
            title="Are the published numbers reproduced, and do they add up?",
            lead=summary(content.tables["rpt_replication_verdicts"], rows),
            sections=pick(
                outcome(content.tables["rpt_replication_verdicts"], content.review),
                contradictions(rows),
                conflicts(rows),
                everything(rows),
                rules(content.tables["rpt_replication_rules"]),
            ),
            group="trust",
        ),
        figure_page(
            content,
            "audit-picture",
            "Appendix: the audit as a picture",
            "The audit of published numbers as a picture",
            "The table of the audit as a figure to print. The page of the audit has the same "
            "rows to search.",
            group="trust",
        ),
    ]


def summary(verdicts: list[Row], rows: list[Row]) -> str:
    """How many statements have which verdict, in a sentence."""
    said = "; ".join(
        f"{row['label'].lower()}: {formats.count(row['n_statements'])}" for row in verdicts
    )
    wrong = sum(row["arithmetic_code"] == CONFLICT for row in rows)
    return (
        f"What our data say of {formats.count(len(rows))} published numbers and comparisons – "
        f"{said}. By arithmetic alone, {formats.count(wrong)} do not fit what the review itself "
        "prints."
    )


def outcome(verdicts: list[Row], review: Row) -> Section:
    """How many statements of each kind have which verdict."""
    table = DataTable(
        "Published statements by what our data say of them",
        ("Our data say", *COUNTED, "Meaning"),
        tuple(
            (row["label"], *(formats.count(row[key]) for key in COUNTED.values()), row["meaning"])
            for row in verdicts
        ),
        frozenset(COUNTED),
    )
    return Section(
        "section-outcome",
        "How many hold",
        (READING, OURS.format(smd_sign=smd_sign(review))),
        (TableBlock("table-outcome", table),),
    )


def contradictions(rows: list[Row]) -> Section:
    """The statements that our data contradict."""
    found = [row for row in rows if row["replication"] == CONTRADICTED]
    table = DataTable(
        "Statements that our data contradict",
        ("Statement", "Printed", "Our data", "Why"),
        tuple(
            (
                row["statement"],
                printed(row, "published"),
                printed(row, "recomputed"),
                row["replication_reason"],
            )
            for row in found
        ),
        frozenset({"Printed", "Our data"}),
    )
    words = (
        "Each of these is found otherwise in our data. That does not say which is right: the two "
        "rest on different [[members]]."
        if found
        else "No published statement is contradicted by our data."
    )
    blocks = (TableBlock("table-contradicted", table),) if found else ()
    return Section("section-contradicted", "Contradicted by our data", (words,), blocks)


def conflicts(rows: list[Row]) -> Section:
    """The statements that contradict the review's own numbers."""
    found = [row for row in rows if row["arithmetic_code"] == CONFLICT]
    table = DataTable(
        "Statements that contradict the review's own numbers",
        ("Statement", "Printed", "What does not fit"),
        tuple((row["statement"], printed(row, "published"), row["failed_checks"]) for row in found),
        frozenset({"Printed"}),
    )
    words = (
        "No rounding makes these numbers agree with the others that the review prints."
        if found
        else "Every printed number agrees with the others."
    )
    blocks = (TableBlock("table-conflicts", table),) if found else ()
    return Section("section-conflicts", "Printed numbers that do not add up", (words,), blocks)


def everything(rows: list[Row]) -> Section:
    """Every statement with both verdicts, contradictions first."""
    ordered = sorted(rows, key=lambda row: (row["replication_order"], row["sort_order"]))
    table = DataTable(
        "Every published number and comparison with both verdicts",
        (
            "Statement",
            "Printed",
            "Printed k",
            "Our data",
            "Our k",
            "Replication",
            "In words",
            "Arithmetic",
            "Section",
            "Number",
        ),
        tuple(
            (
                row["statement"],
                printed(row, "published"),
                k_text(row, "published"),
                printed(row, "recomputed"),
                k_text(row, "recomputed"),
                row["replication_label"],
                row["replication_reason"],
                row["arithmetic"].capitalize(),
                row["section"] or "Other",
                row["claim_id"],
            )
            for row in ordered
        ),
        frozenset({"Printed", "Printed k", "Our data", "Our k"}),
    )
    block = TableBlock("claims", table, filters=("Replication", "Arithmetic", "Section"))
    return Section("section-audit", "Every published number", (), (block,))


def rules(rows: list[Row]) -> Section:
    """When which verdict is given."""
    table = DataTable(
        "Rules of replication, in the order in which they are asked",
        ("For", "What is found", "Verdict", "Statements"),
        tuple(
            (
                row["quantity_label"],
                row["sentence"],
                row["verdict_label"],
                formats.count(row["n_statements"]),
            )
            for row in rows
        ),
        frozenset({"Statements"}),
    )
    words = (
        "The first rule that applies decides. Printed numbers stand for every value that rounds "
        "to them. Two effects are compared by the test for a difference between independent "
        "groups, at P = 0.05."
    )
    block = DetailsBlock("table-rules", f"The {formats.counted(len(rows), 'rule')}", table)
    return Section("section-rules", "How a verdict is reached", (words,), (block,) if rows else ())
