"""A text that several tables share for a column is written once, as a doc block."""

from __future__ import annotations

import re
from collections import Counter

from tests.python.conftest import ROOT
from umbrella.project import read_properties

PROPERTIES = sorted((ROOT / "models").rglob("*.yml"))
BLOCKS = dict(
    re.findall(
        r"{% docs (\w+) %}(.*?){% enddocs %}",
        (ROOT / "models" / "columns.md").read_text(encoding="utf-8"),
    )
)


# A staged column that is an alias of its sheet's is the same object, and counts once.
COLUMNS = {
    id(column): column
    for path in PROPERTIES
    for kind, tables in read_properties(path).items()
    if kind in ("seeds", "models")
    for table in tables
    for column in table.get("columns", [])
}.values()


def test_no_column_text_is_written_twice():
    texts = Counter((block.split("__")[0], text) for block, text in BLOCKS.items())
    texts.update((column["name"], column["description"]) for column in COLUMNS)
    assert [text for text, n in texts.items() if n > 1 and "doc(" not in text[1]] == []


def test_a_block_is_named_after_its_column_and_used_by_several_tables():
    uses = Counter(
        (block, column["name"])
        for column in COLUMNS
        for block in re.findall(r"doc\('(\w+)'\)", column["description"])
    )
    assert [use for use in uses if use[0].split("__")[0] != use[1]] == []
    used = Counter(
        re.findall(
            r"doc\('(\w+)'\)", "\n".join(path.read_text(encoding="utf-8") for path in PROPERTIES)
        )
    )
    assert [block for block in BLOCKS if used[block] < 2] == []
    assert sorted(BLOCKS) == list(BLOCKS)
