"""Every query on the page of binary outcomes gives the table that is printed below it."""

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[3] / "docs" / "engine" / "binary.md").read_text()
EXAMPLES = re.findall(r"```sql\n([^`]*)\n```\n\n\|([^\n]*)\|\n\|[-|]+\|\n((?:\|[^\n]*\|\n)+)", TEXT)


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_every_query_has_its_table():
    assert len(EXAMPLES) == TEXT.count("```sql")


@pytest.mark.parametrize(("query", "header", "body"), EXAMPLES, ids="1234")
def test_printed_table(con, query, header, body):
    relation = con.sql(query)
    rows = relation.fetchall()
    names = cells(header)
    printed = [cells(line) for line in body.splitlines()]
    assert len(printed) == len(rows)
    if "r.*" not in query:
        assert [name.removeprefix("r.") for name in relation.columns] == names
    for row, line in zip(rows, printed, strict=True):
        for value, text in zip(row, line, strict=True):
            if isinstance(value, float):
                assert value == pytest.approx(float(text), rel=1e-12, abs=1e-300)
            else:
                assert str("NULL" if value is None else value) == text


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("counts_from_or(23.32, 2, 100, 100, 10)", ("ai", "ci")),
        ("log_ratio_from_ci(2.49, 2.17, 2.85, 0.95)", ("yi", "vi")),
        ("or_from_rr(1.8, 1.2, 2.7, 0.3, 0.95)", ("estimate", "ci_low", "ci_high")),
    ],
)
def test_numbers_in_the_text(con, call, fields):
    sentence = re.search(re.escape(f"`{call}` gives") + "[^\n]*", TEXT).group(0)
    row = con.execute(f"select unnest({call})").fetchall()[0]
    names = [column[0] for column in con.execute(f"select unnest({call})").description]
    numbers = dict(zip(names, row, strict=True))
    said = re.findall(r"-?\d+(?:\.\d+)?", re.split(r"gives|\. ", sentence)[1])
    assert [float(text) for text in said] == pytest.approx([numbers[f] for f in fields], rel=1e-12)
