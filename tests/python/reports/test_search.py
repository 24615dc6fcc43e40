"""The search of a site: its index leads to places that are there, and finds what readers type."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from reports import search
from reports.site import SiteResult
from tests.python.reports.browsing import Window, window

MOST_BYTES = 200_000
RESULTS = "#search-results a"


def index_of(site: SiteResult) -> dict[str, Any]:
    """What the script file of a site searches."""
    text = (site.index.parent / search.NAME).read_text(encoding="utf-8")
    return json.loads(re.match(r"const umbrellaIndex=(.*?);\n", text)[1])


def lost(site: SiteResult) -> list[str]:
    """Addresses of the index that no page has."""
    index = index_of(site)
    names = [name for name, *_ in index["pages"]]
    ids = {
        name: set(re.findall(r' id="([^"]+)"', (site.index.parent / name).read_text("utf-8")))
        for name in names
    }
    return [
        f"{names[page]}#{anchor}"
        for page, anchor, *_ in index["entries"]
        if anchor and anchor not in ids[names[page]]
    ]


def test_every_place_of_the_index_is_there(site: SiteResult) -> None:
    assert lost(site) == []
    headings = [heading for _, _, heading, *_ in index_of(site)["entries"]]
    assert len(headings) > 100
    assert "[[" not in "".join(headings), "the words of the review are filled in"


@pytest.mark.build
def test_the_index_of_the_shipped_site_is_light_and_whole(shipped_site: SiteResult) -> None:
    assert lost(shipped_site) == []
    assert (shipped_site.index.parent / search.NAME).stat().st_size < MOST_BYTES


def test_long_texts_end_with_a_word() -> None:
    assert search.shortened("one two, three", 9) == "one two…"
    assert search.shortened("one two", 7) == "one two"


@pytest.fixture
def shown(browser: Browser, site: SiteResult) -> Iterator[Window]:
    """The first page in a window."""
    with window(browser) as opened:
        opened.open(site.index.as_uri())
        yield opened


@pytest.mark.browser
def test_readers_search_by_keyboard(shown: Window, site: SiteResult) -> None:
    page = shown.page
    box = page.get_by_role("combobox", name="Search this site")
    assert shown.events == [], "the index is not loaded before it is needed"
    page.keyboard.press("/")
    page.keyboard.type("DEPRESSÍON forest")
    page.locator(RESULTS).first.wait_for()
    assert shown.events == [f"request: {(site.index.parent / search.NAME).as_uri()}"]
    for text in page.locator(RESULTS).all_inner_texts():
        assert "depression" in text.lower()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowUp")
    last = page.locator(RESULTS).last
    assert box.get_attribute("aria-activedescendant") == last.get_attribute("id")
    assert last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert not page.locator("#search-results").is_visible()
    box.fill("nothing <b>has</b> these")
    assert "Nothing has all these words" in page.locator(".search [role=status]").inner_text()
    box.fill("data dictionary")
    assert page.locator(RESULTS).first.inner_text().startswith("Data dictionary Page")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dictionary.html")


@pytest.mark.browser
def test_a_study_is_found_in_its_row(shown: Window, site: SiteResult) -> None:
    index = index_of(site)
    file, row, name = next(
        (index["pages"][page][0], anchor, heading)
        for page, anchor, heading, *_ in index["entries"]
        if anchor.startswith("row-")
    )
    page = shown.page
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.locator(RESULTS, has_text=name).first.click()
    page.wait_for_url(f"**/{file}#*")
    found = page.locator(f'[id="{unquote(page.url.partition("#")[2])}"], [id="{row}"]').first
    found.wait_for(state="visible")
    assert name in found.inner_text()


@pytest.mark.browser
def test_without_scripts_or_the_index_nothing_is_promised(
    browser: Browser, site: SiteResult, tmp_path: Path
) -> None:
    with window(browser, java_script_enabled=False) as plain:
        plain.open(site.index.as_uri())
        assert plain.page.locator(".search").count() == 0
    alone = tmp_path / "index.html"
    alone.write_bytes(site.index.read_bytes())
    with window(browser) as lone:
        lone.open(alone.as_uri())
        lone.page.keyboard.press("/")
        lone.page.get_by_text("The file search.js beside this page is missing.").wait_for()
