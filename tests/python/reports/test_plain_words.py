"""No page for readers names a table, a column, a policy or a code."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from reports.site import SiteResult
from tests.python.warehouse.test_spelling import MISSPELLED

OF_THE_SHEETS = (
    "changes", "data-quality", "dictionary", "downloads", "extraction", "lineage", "methods",
    "prior", "sql",
)  # fmt: skip
"""Pages that send a reader to a sheet, a table or a column by its name."""
CODE = re.compile(r"(?<![/\w])[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
"""Words with underscores; what stands in an address is no code."""


class Words(HTMLParser):
    """The texts of a page that a reader sees, but for queries."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden, self.found = 0, []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("script", "style", "pre", "code", "noscript")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "pre", "code", "noscript")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def codes(page: str) -> Iterator[str]:
    for words in Words(page).found:
        yield from CODE.findall(words)


def misspelled(page: str) -> list[str]:
    """Texts that spell a statistic otherwise; addresses and quotations are as they are."""
    own = (words for words in Words(page).found if "://" not in words and "\u201c" not in words)
    return [words for words in own if re.search(MISSPELLED, words)]


def test_another_spelling_is_found() -> None:
    page = "<p>I2 of 5</p><p>\u201cp = 0.04\u201d</p><p>a.org/?p=1 P = 0.04</p><p>p = 0.04</p>"
    assert misspelled(page.replace("a.org", "https://a.org")) == ["I2 of 5", "p = 0.04"]


def test_a_code_is_found() -> None:
    page = "<p>By pool_gls, doi.org/a_b</p><pre>select fct_x</pre>"
    assert list(codes(page)) == ["pool_gls"]


@pytest.mark.build
def test_no_page_for_readers_holds_a_code(shipped_site: SiteResult) -> None:
    pages = [p for p in shipped_site.index.parent.glob("*.html") if p.stem not in OF_THE_SHEETS]
    assert len(pages) > 20
    found = {page.name: set(codes(page.read_text(encoding="utf-8"))) for page in pages}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.build
def test_a_statistic_has_one_spelling_on_all_pages(shipped_site: SiteResult) -> None:
    pages = [
        page
        for page in shipped_site.index.parent.glob("*.html")
        if page.stem not in ("dictionary", "sql")  # These list columns, such as tau2.
    ]
    found = {page.name: misspelled(page.read_text(encoding="utf-8")) for page in pages}
    assert {name: words for name, words in found.items() if words} == {}
