"""docs/paper.md: every figure, table and statement of the published review, and where it stands."""

from __future__ import annotations

import re

import pytest

from reports.site import SiteResult
from tests.python.audit.independent_audit import rows
from tests.python.conftest import ROOT

pytestmark = pytest.mark.build

KEYS = {
    "published_claims": "claim_id",
    "published_counts": "count_id",
    "published_comparisons": "comparison_id",
    "published_parts": "sum_id",
    "published_conclusions": "conclusion_id",
}
FIGURES = {
    *("Figure 1", "Figure 2", "Figure 3", *(f"Figure 4{part}" for part in "ABCD")),
    *(f"Supplementary figure {number}" for number in range(1, 16)),
    *(f"Supplementary table {number}" for number in range(1, 6)),
}


@pytest.fixture(scope="module")
def listed() -> list[dict[str, str]]:
    """The rows of the table."""
    text = (ROOT / "docs/paper.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines]
    header, _, *body = cells
    return [dict(zip(header, row, strict=True)) for row in body]


def test_every_item_of_the_paper_stands_there_once(listed, shipped_sheets):
    statements = {
        row[key]
        for sheet, key in KEYS.items()
        for row in rows(shipped_sheets, f"published/{sheet}.csv")
    }
    items = [row["In the paper"] for row in listed]
    assert len(items) == len(set(items))
    assert set(items) == statements | FIGURES


def test_every_table_and_row_exists(listed, shipped):
    for row in listed:
        key, value = row["Row"].split(" = ")
        query = f'select count(*) from {row["Table"]} where "{key}" = ?'
        assert shipped.execute(query, [value]).fetchone()[0], row["In the paper"]


def test_figures_are_those_that_say_so(listed, shipped_sheets):
    drawn = {
        row["figure_id"]: row["published_figure"]
        for row in rows(shipped_sheets, "protocol/figures.csv")
    }
    for row in listed:
        number = re.fullmatch(r"(Supplementary f|F)igure (\d+[A-D]?)", row["In the paper"])
        if not number:
            continue
        said = drawn[row["Row"].split(" = ")[1]]
        spans = re.findall(r"(\d+) to (\d+)", said)
        numbers = set(re.findall(r"\d+[A-D]?", said))
        numbers |= {str(n) for low, high in spans for n in range(int(low), int(high) + 1)}
        assert number[2] in numbers, row["In the paper"]


def test_every_page_and_anchor_exists(listed, shipped_site: SiteResult):
    folder = shipped_site.index.parent
    texts: dict[str, str] = {}
    for row in listed:
        name, _, anchor = row["Page"].partition("#")
        if name not in texts:
            raw = (folder / name).read_bytes()
            texts[name] = raw.decode() if name.endswith(".html") else ""
        assert not anchor or f'id="{anchor}"' in texts[name], row["In the paper"]
