"""What arithmetic finds in the cells of the rows: worst first, grouped by rule."""

from itertools import groupby
from pathlib import Path

import duckdb

from umbrella import console
from umbrella.text import plural
from umbrella.warehouse import has_table

FINDINGS = "fct_findings"

LISTED = """
    select
        severity, rule_label, sheet, row_number, row_id, column_names, printed, why, candidate,
        analyses
    from main.fct_findings
    order by
        case severity when 'impossible' then 1 when 'implausible' then 2 else 3 end,
        rule, sheet, row_number
"""


def show_findings(database: Path) -> int:
    """Print every finding on standard error, by severity and rule; return their number.

    Silent when the build did not get as far as `main.fct_findings`.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        if not has_table(connection, "main", FINDINGS):
            return 0
        found = connection.execute(LISTED).fetchall()
    for (severity, label), rows in groupby(found, key=lambda row: row[:2]):
        listed = list(rows)
        words = f"{severity.replace('_', ' ')}: {label}, {plural(len(listed), 'finding')}"
        console.notice(words, style="yellow")
        for row in listed:
            console.notice(f"  {_words(*row[2:])}")
    return len(found)


def _words(
    sheet: str,
    row_number: int,
    row_id: str | None,
    columns: str,
    printed: str,
    why: str,
    candidate: str | None,
    analyses: str | None,
) -> str:
    """One finding in one line: where, what is printed, why it cannot be, what would be right."""
    where = ", ".join(filter(None, (f"{sheet}, row {row_number}", row_id, f"columns {columns}")))
    said = [f"{where}: {printed}: {why}"]
    if candidate:
        said.append(f"perhaps {candidate}")
    if analyses:
        said.append(f"analyses: {analyses}")
    return "; ".join(said)
