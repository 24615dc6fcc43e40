"""The SQL examples of the pages in docs/ run, and print what the pages show below them."""

from __future__ import annotations

import re

import pytest

from tests.python.conftest import ROOT
from umbrella.query.run import Runner
from umbrella.query.writers import write_markdown, write_table
from umbrella.warehouse import open_warehouse

pytestmark = pytest.mark.build

PAGES = sorted((ROOT / "docs").glob("*.md"))
EXAMPLE = re.compile(
    r"```sql\n(?P<query>.*?)```\n(?:\n```\n(?P<box>┌.*?)\n```|\n(?P<table>(?:\|[^\n]*\n)+))?",
    re.DOTALL,
)
EXAMPLES = [
    pytest.param(found, id=f"{page.stem}-{place}")
    for page in PAGES
    for place, found in enumerate(EXAMPLE.finditer(page.read_text(encoding="utf-8")), start=1)
]
LEFT_OUT = "| ... |"


def printed(database, query, write, capsys):
    with open_warehouse(database) as connection:
        Runner(connection, write).run(query)
    return capsys.readouterr().out.rstrip("\n")


def rows(table):
    """Lines of a Markdown table but the one of dashes."""
    header, _, *body = table.splitlines()
    return [header, *body]


def test_most_examples_show_their_output():
    examples = [param.values[0] for param in EXAMPLES]
    without = [example for example in examples if not (example["box"] or example["table"])]
    assert len(examples) > 15
    assert len(without) == 2, (
        "the lists of conflicts and of conclusions in audit.md, which are long"
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_shown_output_is_real(shipped_database, example, capsys):
    """A table that ends in a row of three dots shows some of the rows."""
    if example["box"]:
        assert printed(shipped_database, example["query"], write_table, capsys) == example["box"]
        return
    found = rows(printed(shipped_database, example["query"], write_markdown, capsys))
    shown = rows(example["table"]) if example["table"] else found
    if shown[-1].startswith(LEFT_OUT):
        assert [row for row in found if row in shown] == shown[:-1]
    else:
        assert found == shown
