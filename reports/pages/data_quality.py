"""Whether the extracted numbers go together: every finding, by rule, and who accepted it."""

from collections import Counter

from reports import formats
from reports.figure import Row
from reports.pages.model import Content, DetailsBlock, Page, Section, TableBlock, pick
from reports.tables import DataTable

SEVERITIES = {
    "impossible": (
        "Impossible",
        "No unrounded numbers could be printed so. These rows are in no pool.",
    ),
    "implausible": (
        "Implausible",
        "Hardly any numbers could be printed so. Nothing is published before each of these is "
        "corrected, or accepted by name; a draft says that it is one.",
    ),
    "worth_a_look": (
        "Worth a look",
        "There are good reasons for numbers to be printed so, and slips that look the same.",
    ),
}


def pages(content: Content) -> list[Page]:
    """The page of what rules find in the cells of the sheets."""
    findings = content.tables["fct_findings"]
    rules = content.tables["dim_finding_rules"]
    if not rules:
        return []
    return [
        Page(
            slug="data-quality",
            is_of_sheets=True,
            label="Data quality",
            title="Do the extracted numbers go together?",
            lead="Each number is compared with the others of its row and with other rows. A "
            "printed number stands for every number that rounds to it.",
            sections=pick(
                summary(rules, findings),
                *(listed(severity, findings) for severity in SEVERITIES),
                readings(content.tables["rpt_sheet_readings"]),
            ),
            group="trust",
        )
    ]


def summary(rules: list[Row], findings: list[Row]) -> Section:
    """What each rule asks, and how much it finds."""
    found = Counter(row["rule"] for row in findings)
    accepted = Counter(row["rule"] for row in findings if row["accepted_by"])
    compared = Counter(row["rule"] for row in findings if row["is_second_reading"])
    ordered = sorted(rules, key=lambda row: list(SEVERITIES).index(row["severity"]))
    finding = [row for row in ordered if found[row["rule"]]]
    silent = [row for row in ordered if not found[row["rule"]]]
    table = DataTable(
        "Rules that find something",
        (
            "Rule",
            "If broken",
            "Findings",
            "Accepted",
            "In the second reading",
            "What must hold, or what is found",
        ),
        tuple(
            (
                *rule_cells(row)[:2],
                formats.count(found[row["rule"]]),
                formats.count(accepted[row["rule"]]),
                formats.count(compared[row["rule"]]),
                rule_cells(row)[2],
            )
            for row in finding
        ),
        frozenset({"Findings", "Accepted", "In the second reading"}),
    )
    others = DataTable(
        "Rules that find nothing",
        ("Rule", "If broken", "What must hold, or what is found"),
        tuple(map(rule_cells, silent)),
        frozenset(),
    )
    n_open = sum(row["stops_publication"] for row in findings)
    n_accepted = sum(accepted.values())
    n_compared = sum(compared.values())
    words = (
        f"{formats.counted(len(rules), 'rule')} {formats.agreeing(len(rules), 'finds', 'find')} "
        f"{formats.counted(len(findings), 'thing')} in the sheets; {formats.count(n_accepted)} "
        f"{formats.agreeing(n_accepted, 'was', 'were')} looked up and accepted, "
        f"{formats.count(n_open)} would stop a publication. "
        f"{formats.count(n_compared)} {formats.agreeing(n_compared, 'is', 'are')} in the second "
        "reading, which is compared with the first and never pooled, so that nothing waits for it.",
    )
    blocks = (
        *([TableBlock("table-rules", table)] if finding else []),
        *([DetailsBlock("table-silent-rules", caption_of(silent), others)] if silent else []),
    )
    return Section("section-rules", "Rules", words, blocks)


def rule_cells(row: Row) -> tuple[str, str, str]:
    """What a rule is called, how bad it is, and what it asks."""
    severity = SEVERITIES[row["severity"]][0].lower()
    return row["label"], severity, row["formula"].replace("_", " ")


def caption_of(silent: list[Row]) -> str:
    """Of the rules that find nothing, folded away."""
    return f"{formats.counted(len(silent), 'rule')} without findings"


def listed(severity: str, findings: list[Row]) -> Section:
    """Every finding of a severity."""
    title, words = SEVERITIES[severity]
    rows = [row for row in findings if row["severity"] == severity]
    table = DataTable(
        f"{title}: each finding",
        ("Row and cells", "Printed", "What is wrong", "Perhaps", "Accepted"),
        tuple(
            (
                cells_of(row),
                row["printed"],
                f"{row['rule_label']}: {row['why']}",
                row["candidate"] or "–",
                f"{row['accepted_by']}, {row['accepted_on']}: {row['accepted_why']}"
                if row["accepted_by"]
                else "–",
            )
            for row in rows
        ),
        frozenset(),
    )
    anchor = f"table-{severity.replace('_', '-')}"
    blocks = (DetailsBlock(anchor, formats.counted(len(rows), "finding"), table),)
    said = words if rows else "Nothing is found."
    return Section(f"section-{severity.replace('_', '-')}", title, (said,), blocks * bool(rows))


def cells_of(row: Row) -> str:
    """Where a finding is, as a person would look for it."""
    columns = row["column_names"].replace("_", " ")
    place = f"{row['row_id'] or row['row_number']}: {columns}"
    return f"{place} (second reading)" if row["is_second_reading"] else place


def readings(rows: list[Row]) -> Section:
    """Cells that were read as something else than what was typed, by column."""
    heading = "Cells read otherwise than typed"
    if not rows:
        return Section("section-readings", heading, ("Every cell was read as it was typed.",))
    table = DataTable(
        "Ways of writing that were read, each with its first cell",
        ("Sheet", "Column", "Written with", "Cells", "First row", "Typed", "Read as"),
        tuple(
            (
                row["sheet"],
                row["column_name"] or "the whole sheet",
                row["how"],
                formats.count(row["n_cells"], missing="–"),
                formats.count(row["first_row"], missing="–"),
                (row["example_typed"] or "empty") if row["column_name"] else "–",
                (row["example_read_as"] or "no value") if row["column_name"] else "–",
            )
            for row in rows
        ),
        frozenset({"Cells", "First row"}),
    )
    n_cells = sum(row["n_cells"] or 0 for row in rows)
    words = (
        f"{formats.counted(n_cells, 'cell')} {formats.agreeing(n_cells, 'holds', 'hold')} numbers, "
        "dates or answers as papers and spreadsheets write them. Each has one reading, which the "
        "results rest on.",
    )
    return Section("section-readings", heading, words, (TableBlock("table-readings", table),))
