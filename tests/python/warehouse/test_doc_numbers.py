"""Numbers that the text of README and of the pages in docs/ gives about the shipped review.

A comment under a paragraph, list item or table holds `numbers` and a query: its values, row by row,
stand in the text above in this order, words as well as numbers.
"""

from __future__ import annotations

import re

import pytest

from tests.python.conftest import ROOT

pytestmark = pytest.mark.build

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMENT = re.compile(r"[ ]*<!-- numbers\n(?P<query>.*?)\n[ ]*-->", re.DOTALL)
START = re.compile(r"\n\n|\n(?=- )|-->\n")


def checked():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for place, found in enumerate(COMMENT.finditer(text), start=1):
            above = text[: found.start()].rstrip("\n")
            block = START.split(above)[-1]
            yield pytest.param(block, found["query"], id=f"{page.stem}-{place}")


CHECKED = list(checked())


def as_texts(value):
    """One text of a number or word; those of a list, for rows of unequal length."""
    if isinstance(value, list):
        return [text for part in value for text in as_texts(part)]
    return [f"{value:g}" if isinstance(value, float) else str(value)]


def test_pages_have_their_numbers_checked():
    assert len(CHECKED) > 10


@pytest.mark.parametrize(("block", "query"), CHECKED)
def test_numbers_in_the_text_are_those_of_the_warehouse(shipped, block, query):
    values = as_texts([list(row) for row in shipped.execute(query).fetchall()])
    assert values
    position = 0
    for value in values:
        found = re.compile(rf"(?<![\w.]){re.escape(value)}(?![\w]|\.\d)").search(block, position)
        assert found, (
            f"{value} of {values} does not stand behind place {position} of: {block[:200]}"
        )
        position = found.end()


COUNTED = re.compile(
    r"\b\d[\d,]* (?:\w+ )?(?:meta-analyses|effects|rows|analyses|claims|figures|conclusions|rates"
    r"|findings|trials|pairs|differences|conditions|corrections)\b"
)

MADE_FROM_RUNS = {"findings", "injected-errors", "reader-questions"}


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.stem not in MADE_FROM_RUNS], ids=lambda page: page.stem
)
def test_every_count_is_checked(page):
    """By a query under it or as a shown output; else a comment says of which state it is."""
    text = re.sub(r"```.*?```", "```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = re.split(r"\n\s*\n|\n(?=- )", text)
    unchecked = [
        block
        for before, block, after in zip(["", *blocks], blocks, [*blocks[1:], ""], strict=False)
        if COUNTED.search(block)
        and "<!-- numbers" not in block + after[:12]
        and not before.endswith("```")
    ]
    assert unchecked == []
