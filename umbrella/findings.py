"""What is named in the cells of the rows: worst first, grouped by rule."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from umbrella import console
from umbrella.rejects import REJECTED_ROWS
from umbrella.sheets.result import Places
from umbrella.text import plural
from umbrella.unpooled import EVERY_ONE, SHOWN_PER_CAUSE, UNPOOLED_ROWS
from umbrella.warehouse import has_table

FINDINGS = "fct_findings"

FIELDS = (
    "severity", "rule", "rule_label", "sheet", "row_number", "row_id", "column_names", "printed",
    "implied_low", "implied_high", "why", "candidate", "analyses", "accepted_by", "accepted_on",
    "accepted_why", "stops_publication",
)  # fmt: skip

LISTED = f"""
    select {", ".join(FIELDS)}
    from main.fct_findings
    order by
        case severity when 'impossible' then 1 when 'implausible' then 2 else 3 end,
        accepted_by is not null, rule, sheet, row_number, column_names
"""

REJECTED = """
    select
        'rejected' as severity, reason as rule_label, sheet, row_number, row_id,
        column_name as column_names, value as printed, reason as why, expected as candidate
    from main.fct_rejected_rows
    where severity = 'reject'
    order by sheet, row_number, column_name, reason
"""

NOT_POOLED = """
    select
        'not_pooled' as severity, reason as rule_label, sheet, row_number, row_id, column_names,
        reason as why
    from intermediate.int_unpooled_rows
    where not starts_with(reason, 'impossible: ')
    order by sheet, reason, column_names, row_number
"""

HOW_TO_ACCEPT = (
    "Correct the cell, or accept what stands so in its source: add such rows, here of those named "
    "above, to extraction/acknowledgements.csv, or to the worksheet acknowledgements, each with "
    "who, when and why. `umbrella build --draft` publishes all the same, as a draft."
)

Finding = dict[str, Any]


def findings_of(database: Path) -> list[Finding]:
    """Every finding, the worst first; none when the build did not get as far as their table."""
    return _rows(database, "main", FINDINGS, LISTED)


def everything_named(database: Path) -> list[Finding]:
    """Rejected rows, findings, and rows that are kept and in no pool, in the form of findings.

    What no rule names has no `rule`; its severity is `rejected` or `not_pooled`.
    """
    return [
        *_rows(database, "main", REJECTED_ROWS, REJECTED),
        *findings_of(database),
        *_rows(database, "intermediate", UNPOOLED_ROWS, NOT_POOLED),
    ]


def located(findings: Sequence[Finding], places: Places) -> list[Finding]:
    """The findings with the row and the column of a matrix, where their rows are cells of one."""
    return [
        found | dict(zip(("row_number", "column_names"), place, strict=True))
        if (place := places.get((found["sheet"], found["row_number"])))
        else found
        for found in findings
    ]


def _rows(database: Path, schema: str, table: str, query: str) -> list[Finding]:
    """What a query finds, as findings; nothing when the build did not get as far as its table."""
    with duckdb.connect(str(database), read_only=True) as connection:
        if not has_table(connection, schema, table):
            return []
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [
            dict.fromkeys(FIELDS) | dict(zip(names, row, strict=True)) for row in cursor.fetchall()
        ]


def show_findings(findings: Sequence[Finding], *, every: bool = False) -> None:
    """Print findings on standard error by severity and rule, and how those are accepted that stop.

    Of each rule some are named, or every one. Accepted ones are counted only.
    """
    listed = unaccepted(findings)
    named: list[Finding] = []
    for (severity, label), group in groupby(listed, key=_heading):
        rows = list(group)
        words = f"{severity.replace('_', ' ')}: {label}, {plural(len(rows), 'finding')}"
        console.notice(words, style="yellow")
        shown = rows if every else rows[:SHOWN_PER_CAUSE]
        named += shown
        for row in shown:
            console.notice(f"  {in_words(row)}")
        if len(shown) < len(rows):
            console.notice(f"  … and {len(rows) - len(shown):,} more")
    if len(named) < len(listed):
        console.notice(EVERY_ONE, style="dim")
    if len(listed) < len(findings):
        console.notice(f"{plural(len(findings) - len(listed), 'finding')} accepted by name")
    if stops := stopping(findings):
        console.notice(
            f"{plural(len(stops), 'implausible finding')} nobody accepted: `umbrella build` "
            f"publishes nothing. {HOW_TO_ACCEPT}",
            style="bold",
        )
        console.notice(acknowledgements(stopping(named)))


def unaccepted(findings: Sequence[Finding]) -> list[Finding]:
    """Those that nobody accepted by name."""
    return [found for found in findings if found["accepted_by"] is None]


def stopping(findings: Sequence[Finding]) -> list[Finding]:
    """Those for which `umbrella build` publishes nothing."""
    return [found for found in findings if found["stops_publication"]]


def acknowledgements(findings: Sequence[Finding]) -> str:
    """The rows of the sheet that accept findings, with gaps for who, when and why."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        (row["sheet"], row["row_id"], row["rule"], row["printed"], "", "", "") for row in findings
    )
    return text.getvalue().rstrip("\n")


def as_json(findings: Sequence[Finding]) -> str:
    """Findings as a list of objects."""
    return json.dumps(list(findings), indent=2, ensure_ascii=False)


def as_html(findings: Sequence[Finding]) -> str:
    """Findings as a page that needs nothing else: a list for each rule."""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en-GB"><head><meta charset="utf-8"><title>Findings</title></head><body>',
        "<h1>Findings in the cells</h1>",
        f"<p>{escape(summary(findings))}</p>",
    ]
    for (severity, label), group in groupby(findings, key=_heading):
        rows = list(group)
        words = f"{severity.replace('_', ' ')}: {label} ({len(rows)})"
        parts.append(f"<h2>{escape(words)}</h2><ul>")
        parts.extend(f"<li>{escape(in_words(row))}</li>" for row in rows)
        parts.append("</ul>")
    return "\n".join([*parts, "</body></html>"])


def summary(findings: Sequence[Finding]) -> str:
    """How many there are of each severity, the worst first."""
    counts = Counter(found["severity"] for found in findings)
    return ", ".join(f"{n:,} {severity.replace('_', ' ')}" for severity, n in counts.items())


FORMATS = {"json": as_json, "html": as_html}


def in_words(found: Finding) -> str:
    """One finding in one line: where, what is printed, why it cannot be, what would be right."""
    places = (
        f"{found['sheet']}, row {found['row_number']}",
        found["row_id"],
        found["column_names"] and f"columns {found['column_names']}",
    )
    said = [
        ": ".join(filter(None, (", ".join(filter(None, places)), found["printed"], found["why"])))
    ]
    if found["candidate"]:
        said.append(f"perhaps {found['candidate']}")
    if found["analyses"]:
        said.append(f"analyses: {found['analyses']}")
    if found["accepted_by"]:
        said.append(f"accepted by {found['accepted_by']}: {found['accepted_why']}")
    return "; ".join(said)


def _heading(found: Finding) -> tuple[str, str]:
    return found["severity"], found["rule_label"]
