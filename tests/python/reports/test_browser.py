"""Every page in a real browser, from a file and offline: desktop, phone, dark, print, keyboard.

Once for a made-up review that holds what usually breaks pages, once for the shipped one.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from reports import formats
from reports.site import SiteResult
from tests.python.reports.browsing import DESKTOP, LOW_CONTRAST, PAPER, PHONE, window

pytestmark = pytest.mark.browser

WINDOWS = [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")]
WINDOW_NAMES = ["desktop-light", "desktop-dark", "phone-light", "phone-dark"]
# Contrast has a test of its own, which sees what lies below the texts of figures.
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}
# Tables that may be wider than their box: every filter of the explorer has a column.
WIDE = {"explore.html": ["What is left"]}
PAPER_FIGURE = 190 / 25.4 * 96

# Texts of one figure that lie on one another.
OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll("svg")) {
    const boxes = [...svg.querySelectorAll("text")].map((text) => ({
      words: text.textContent, box: text.getBoundingClientRect(),
    })).filter((item) => item.box.width);
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length; j += 1) {
        const a = boxes[i].box, b = boxes[j].box;
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 * scale && high > 4 * scale) {
          found.push(`${boxes[i].words} / ${boxes[j].words}`);
        }
      }
    }
    const frame = svg.getBoundingClientRect();
    for (const { words, box } of boxes) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) found.push(`cut: ${words}`);
    }
  }
  return found;
}"""


# Each visible control by Tab, in the order of the page, with an outline that shows.
TAB_STOPS = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex='0']"
)].filter((node) => node.getClientRects().length && !node.disabled
  && !node.closest("details:not([open]) > :not(summary)")).length"""
FOCUSED = """() => {
  const node = document.activeElement, style = getComputedStyle(node);
  return {
    name: node.getAttribute("aria-label") || node.textContent.trim()
      || node.labels?.[0]?.textContent,
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    top: node === document.body,
  };
}"""


@pytest.fixture(scope="module", params=["made-up", "shipped"])
def folder(request: pytest.FixtureRequest) -> Path:
    """A site: of the made-up review, or of the shipped one."""
    name = {"made-up": "site", "shipped": "shipped_site"}[request.param]
    return request.getfixturevalue(name).index.parent


@dataclass(frozen=True)
class Look:
    """What was found on one page, seen once in one window."""

    events: list[str]
    width: int
    is_styled: bool
    contrast: dict[str, Any]
    overlaps: list[str]
    wide: list[str]
    boxes: list[list[Any]]
    names: list[list[str]]
    nameless_tables: int
    summaries: list[str]
    texts: dict[str, list[str]]


LOOK = """() => ({
  width: document.documentElement.scrollWidth,
  is_styled: getComputedStyle(document.querySelector(".sheet")).maxWidth !== "none",
  wide: [...document.querySelectorAll(".scroll.table")]
    .filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.ariaLabel),
  boxes: [...document.querySelectorAll(".scroll")].map((box) => [
    box.tabIndex, box.getAttribute("aria-label"), box.getBoundingClientRect().right]),
  names: [...document.querySelectorAll("figure svg[role=img]")].map((svg) =>
    svg.getAttribute("aria-labelledby").split(" ")
      .map((id) => document.getElementById(id).textContent)),
  nameless_tables: [...document.querySelectorAll("table")]
    .filter((table) => !table.caption && !table.getAttribute("aria-label")).length,
  summaries: [...document.querySelectorAll("summary")]
    .map((summary) => summary.getAttribute("aria-label") || summary.textContent.trim()),
  texts: Object.fromEntries([...document.querySelectorAll("article[id]")].map((figure) => [
    figure.id, [...figure.querySelectorAll("svg text")]
      .filter((text) => text.getClientRects().length).map((text) => text.textContent)])),
})"""
Looker = Callable[[dict[str, int], str], dict[str, Look]]


@pytest.fixture(scope="module")
def looks(browser: Browser, folder: Path) -> Looker:
    """Look at every page of a site with all its details open, once in each window and scheme.

    A page is opened once for both schemes: nothing but its style sheets reads the scheme. It is
    opened in that of the page before, which would be drawn once more otherwise.
    """

    @cache
    def look(width: int, height: int) -> dict[str, dict[str, Look]]:
        found: dict[str, dict[str, Look]] = {"light": {}, "dark": {}}
        schemes = list(found)
        with window(browser, {"width": width, "height": height}, schemes[0]) as shown:
            for file in sorted(folder.glob("*.html")):
                shown.open(file.as_uri())
                open_details(shown.page, is_open=True)
                for scheme in schemes:
                    shown.page.emulate_media(color_scheme=scheme)
                    found[scheme][file.name] = measure(shown.page, shown.events)
                schemes.reverse()
        return found

    return lambda viewport, scheme: look(viewport["width"], viewport["height"])[scheme]


def measure(page: Page, events: list[str]) -> Look:
    """What an open page looks like, and what it has complained about so far."""
    return Look(
        events,
        contrast=page.evaluate(LOW_CONTRAST),
        overlaps=page.evaluate(OVERLAPS),
        **page.evaluate(LOOK),
    )


def open_details(page: Page, *, is_open: bool) -> None:
    """Open or close everything that folds."""
    page.evaluate(
        "(isOpen) => document.querySelectorAll('details').forEach((d) => { d.open = isOpen; })",
        is_open,
    )


@pytest.mark.parametrize(("viewport", "scheme"), WINDOWS, ids=WINDOW_NAMES)
def test_opens_offline_without_complaint(
    looks: Looker, viewport: dict[str, int], scheme: str
) -> None:
    for name, look in looks(viewport, scheme).items():
        assert look.events == [], name
        assert look.width <= viewport["width"], f"{name} must not scroll sideways"
        assert look.is_styled, f"the policy of {name} must allow its own style sheet"


@pytest.mark.parametrize(("viewport", "scheme"), WINDOWS, ids=WINDOW_NAMES)
def test_contrast(looks: Looker, viewport: dict[str, int], scheme: str) -> None:
    found = looks(viewport, scheme)
    assert {
        name: look.contrast["low"] for name, look in found.items() if look.contrast["low"]
    } == {}
    assert sum(look.contrast["checked"] for look in found.values()) > 3000


def test_dark_figures_are_dark(browser: Browser, folder: Path) -> None:
    fill = "getComputedStyle(document.querySelector('figure svg text')).fill"
    colours = []
    for scheme in ("light", "dark"):
        with window(browser, DESKTOP, scheme) as shown:
            shown.open((folder / "index.html").as_uri())
            colours.append(shown.page.evaluate(fill))
    assert colours[0] != colours[1]


@pytest.mark.parametrize(("viewport", "scheme"), WINDOWS, ids=WINDOW_NAMES)
def test_texts_of_figures_do_not_overlap(
    looks: Looker, viewport: dict[str, int], scheme: str
) -> None:
    found = looks(viewport, scheme)
    assert {name: look.overlaps for name, look in found.items() if look.overlaps} == {}


def test_wide_things_scroll_in_their_own_box(looks: Looker) -> None:
    for name, look in looks(PHONE, "dark").items():
        assert all(tab == 0 and label for tab, label, _ in look.boxes), name
        assert all(right <= PHONE["width"] for _, _, right in look.boxes), name


def test_no_column_of_a_table_is_off_screen_on_a_desktop(looks: Looker) -> None:
    wide = {name: look.wide for name, look in looks(DESKTOP, "light").items() if look.wide}
    assert {name: labels for name, labels in wide.items() if labels != WIDE.get(name)} == {}


def test_figures_have_a_name_and_a_description(looks: Looker) -> None:
    for name, look in looks(DESKTOP, "light").items():
        assert all(len(title) > 5 and len(alt) > 40 for title, alt in look.names), name


def test_lists_of_a_screen_reader_tell_things_apart(looks: Looker) -> None:
    for name, look in looks(DESKTOP, "light").items():
        assert look.nameless_tables == 0, name
        assert len(set(look.summaries)) == len(look.summaries), name


def test_axe_finds_no_fault(browser: Browser, site: SiteResult) -> None:
    with window(browser, PHONE, "dark") as shown:
        for file in sorted(site.index.parent.glob("*.html")):
            shown.open(file.as_uri())
            open_details(shown.page, is_open=file.name == "condition-ptsd.html")
            # A figure is one picture with a name; axe would walk through each of its marks.
            shown.page.evaluate(
                "document.querySelectorAll('figure svg > g').forEach(g => g.remove())"
            )
            found = Axe().run(shown.page, options=AXE_OPTIONS)
            assert found.violations_count == 0, f"{file.name}: {found.generate_report()}"


@pytest.mark.parametrize(("viewport", "scheme"), WINDOWS, ids=WINDOW_NAMES)
def test_drawn_results_equal_the_warehouse(
    looks: Looker, folder: Path, viewport: dict[str, int], scheme: str
) -> None:
    forest, figures = (str(folder / f"data/rpt_{name}.parquet") for name in ("forest", "figures"))
    with duckdb.connect() as con:
        rows = con.execute(
            "select figure_id, estimate, ci_low, ci_high from read_parquet(?) as rows "
            "inner join read_parquet(?) as figures using (figure_id) "
            "where row_kind in ('study', 'pooled') and ci_low is not null",
            [forest, figures],
        ).fetchall()
    drawn = {
        figure_id.removeprefix("figure-"): Counter(texts)
        for look in looks(viewport, scheme).values()
        for figure_id, texts in look.texts.items()
    }
    wanted: dict[str, Counter[str]] = {}
    for figure_id, value, low, high in rows:
        parts = [formats.number(value), f"({formats.number(low)} to", f"{formats.number(high)})"]
        wanted.setdefault(figure_id, Counter()).update(parts)
    assert wanted
    assert {
        figure_id: missing
        for figure_id, parts in wanted.items()
        if (missing := parts - drawn[figure_id])
    } == {}


def test_skip_link_leads_to_the_content(browser: Browser, folder: Path) -> None:
    with window(browser) as shown:
        page = shown.page
        for name in ("index.html", "condition-depression.html", "explore.html", "sql.html"):
            shown.open((folder / name).as_uri())
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip", name
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main", name


def test_tab_reaches_every_control_and_shows_where_it_is(browser: Browser, folder: Path) -> None:
    with window(browser) as shown:
        shown.open((folder / "condition-depression.html").as_uri())
        page = shown.page
        stops = page.evaluate(TAB_STOPS)
        assert stops > 20
        for _ in range(stops):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            assert not focused["top"], "Tab left the page before its last control"
            assert focused["name"], "each control has a name"
            assert focused["outline"], f"focus must show on {focused['name'][:40]}"


def test_figures_and_tables_fit_on_paper(browser: Browser, folder: Path) -> None:
    with window(browser, PAPER, "dark") as shown:
        page = shown.page
        page.emulate_media(media="print")
        for file in sorted(folder.glob("*.html")):
            shown.open(file.as_uri())
            open_details(page, is_open=False)
            sizes = page.evaluate(
                "[...document.querySelectorAll('figure svg')].map((s) => s.getBoundingClientRect())"
                ".filter((box) => box.width).map((box) => [box.width, box.height])"
            )
            assert not page.locator("figure .phone").first.is_visible(), file.name
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PAPER["width"], f"{file.name}: a browser shrinks what is too wide"
            assert all(height <= PAPER_FIGURE + 1 for _, height in sizes), file.name
            assert all(width <= PAPER["width"] + 1 for width, _ in sizes), file.name
            ink = page.evaluate("getComputedStyle(document.body).color")
            assert ink == "rgb(28, 33, 40)", "paper is light, whatever the screen is"


def test_what_is_folded_is_printed_without_scripts(browser: Browser, folder: Path) -> None:
    folded = [
        file
        for file in sorted(folder.glob("*.html"))
        if '<details class="folded">' in file.read_text(encoding="utf-8")
    ]
    assert folded
    with window(browser, PAPER, java_script_enabled=False) as shown:
        for file in folded[:2]:
            shown.open(file.as_uri())
            below = shown.page.locator("details.folded > :not(summary)")
            for media, is_shown in (("screen", False), ("print", True)):
                shown.page.emulate_media(media=media)
                seen = {one.is_visible() for one in below.all()[:8]}
                assert seen == {is_shown}, f"{file.name}: folded on {media}"
