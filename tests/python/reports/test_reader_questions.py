"""docs/reader-questions.md: every question is answered within two clicks of the first page."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from reports.site import SiteResult

DOCS = Path(__file__).parents[3] / "docs/reader-questions.md"
ROW = re.compile(r"^\| (?P<question>.+?\?) \| (?P<way>.*?) \| (?P<words>.+?) \|$")
EACH = 10


class Asked(NamedTuple):
    """A question, the links to its answer, and words of the answer."""

    question: str
    way: tuple[str, ...]
    words: str


def readers() -> dict[str, list[Asked]]:
    """The questions by reader."""
    found: dict[str, list[Asked]] = {}
    for line in DOCS.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            rows = found.setdefault(line[3:], [])
        elif match := ROW.match(line):
            way = tuple(filter(None, match["way"].strip().split(" > ")))
            rows.append(Asked(match["question"], way, match["words"]))
    return found


def shown(page: Page, index: Path, asked: Asked) -> str:
    """What a reader sees at the end of the way."""
    page.goto(index.as_uri())
    place = "main"
    for number, link in enumerate(asked.way):
        where = "nav.site" if number == 0 else "nav.contents"
        found = page.locator(where).get_by_role("link", name=link, exact=True)
        if number:
            place = f"section:has(h2{found.get_attribute('href')})"
        found.click()
    return " ".join(page.locator(place).inner_text().split())


def test_four_readers_ask_ten_questions_each() -> None:
    found = readers()
    assert [len(rows) for rows in found.values()] == [EACH] * 4
    assert all(len(asked.way) <= 2 for rows in found.values() for asked in rows)


@pytest.mark.build
def test_each_question_is_answered_within_two_clicks(
    browser: Browser, shipped_site: SiteResult
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    asked = [one for rows in readers().values() for one in rows]
    missing = [
        (one.question, one.way)
        for one in asked
        if one.words not in shown(page, shipped_site.index, one)
    ]
    page.close()
    assert missing == []
