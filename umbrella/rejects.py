"""The rows that a build rejected: how many per sheet, and the first of them."""

from pathlib import Path

import duckdb

from umbrella import console, system
from umbrella.sheets.result import Places
from umbrella.text import plural, shorten
from umbrella.unpooled import EVERY_ONE, SHOWN_PER_CAUSE
from umbrella.warehouse import has_table

REJECTED_ROWS = "fct_rejected_rows"

SHOWN_REJECTS = 20

PER_SHEET = """
    select sheet, count(distinct row_number) as n_rows, count(*) as n_findings
    from main.fct_rejected_rows
    group by sheet
    order by sheet
"""

REJECTED = """
    select count(distinct (sheet, row_number))
    from main.fct_rejected_rows
    where severity = 'reject'
"""

FIRST = """
    select sheet, row_number, row_id, column_name, value, reason, expected, severity
    from main.fct_rejected_rows
    qualify $every or row_number() over (
        partition by sheet, column_name, reason order by row_number, row_id, value
    ) <= $per_cause
    order by starts_with(reason, 'refers to row'), sheet, row_number, column_name, reason
    limit $limit
"""


def show_rejects(
    database: Path,
    published: Path | None = None,
    places: Places | None = None,
    *,
    every: bool = False,
) -> int:
    """Print the counts per sheet and the first findings on standard error.

    Silent when the build did not get as far as `main.fct_rejected_rows`; what stopped it has been
    said by then. Of a database that will not be published some findings of each cause are printed,
    or every one, since nobody can ask it later. Rows that are cells of a matrix are named by their
    places in it. Returns the number of rejected rows.
    """
    named = {
        "every": every or published is not None,
        "per_cause": SHOWN_PER_CAUSE,
        "limit": SHOWN_REJECTS if published else None,
    }
    with duckdb.connect(str(database), read_only=True) as connection:
        if not has_table(connection, "main", REJECTED_ROWS):
            return 0
        counts = connection.execute(PER_SHEET).fetchall()
        first = connection.execute(FIRST, named).fetchall()
        rejected = connection.execute(REJECTED).fetchone()[0]
    if not counts:
        console.notice("No row of any sheet was rejected.", passes=True)
        return 0
    console.notice("Findings in the rows of the sheets:", style="bold")
    for sheet, rows, findings in counts:
        console.notice(
            f"  {sheet}: {plural(findings, 'finding')} in {plural(rows, 'row')}", style="yellow"
        )
    for sheet, row_number, row_id, column, *said in first:
        place = (places or {}).get((sheet, row_number), (row_number, column))
        console.notice(f"  {_words(sheet, place[0], row_id, place[1], *said)}")
    rest = sum(findings for _, _, findings in counts) - len(first)
    if rest and published:
        query = system.quoted("from fct_rejected_rows")
        command = f"umbrella sql --database {system.quoted(published)} {query}"
        console.notice(f"  … and {rest:,} more: {command}")
    elif rest:
        console.notice(f"  … and {rest:,} more of the same causes")
        console.notice(EVERY_ONE, style="dim")
    return rejected


def _words(
    sheet: str,
    row_number: int | None,
    row_id: str | None,
    column: str | None,
    value: str | None,
    reason: str | None,
    expected: str | None,
    severity: str | None,
) -> str:
    """One finding in one line: where it is, what is wrong, what would be right."""
    where = [f"{sheet}, row {row_number}"]
    if row_id:
        where.append(row_id)
    if column:
        where.append(f"column {column}")
    where.append(f"value {'(empty)' if value is None else shorten(value)}")
    right = f"; right: {expected}" if expected else ""
    return f"{severity or 'error'}: {', '.join(where)}: {reason}{right}"
