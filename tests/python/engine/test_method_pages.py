"""The SQL examples of the regression page run, and give every number that is printed there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "engine" / "regression.md"
EXAMPLE = re.compile(r"```sql\n(.*?)\n```\n(\n\|.*?\n\n)?", re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\w)")


def printed_numbers(sql, table):
    """Texts of the numbers in the comments of the statement and in the table below it."""
    comments = "\n".join(line for line in sql.splitlines() if line.startswith("--"))
    cells = "\n".join(line.split("|")[2] for line in table.strip().splitlines()[2:])
    return NUMBER.findall(comments + "\n" + cells)


def values(row):
    for value in row:
        if isinstance(value, list):
            yield from value
        elif isinstance(value, (int, float)):
            yield value


def test_examples(con):
    shown = 0
    for sql, table in EXAMPLE.findall(PAGE.read_text()):
        cursor = con.execute(sql)
        printed = printed_numbers(sql, table)
        if not printed:
            continue
        found = list(values(cursor.fetchall()[0]))
        for text in printed:
            digits = len(text.partition(".")[2])
            assert any(abs(value - float(text)) <= 0.501 * 10**-digits for value in found), text
        shown += 1
    assert shown == 7
