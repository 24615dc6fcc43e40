"""Every page in a real browser, from a file and offline: desktop, phone, dark, print, keyboard.

Once for a made-up review that holds what usually breaks pages, once for the shipped one.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from reports import formats
from reports.site import SiteResult, build_site

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
WINDOWS = [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")]
WINDOW_NAMES = ["desktop-light", "desktop-dark", "phone-light", "phone-dark"]
# Contrast has a test of its own, which sees what lies below the texts of figures.
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}
# A4 without the page margins, at 96 px to the inch.
PAPER = {"width": 688, "height": 1009}
PAPER_FIGURE = 205 / 25.4 * 96

# Contrast of each visible text against what lies below it (WCAG 2.2). Below a text of a figure
# lies the last shape before it that covers its middle.
LOW_CONTRAST = """() => {
  const rgb = (text) => (text.match(/[0-9.]+/g) || []).map(Number);
  const seen = (c) => c.length >= 3 && (c.length === 3 || c[3] > 0);
  const lum = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [lum(a), lum(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (seen(colour)) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  let checked = 0;
  const check = (words, ink, below) => {
    checked += 1;
    const value = ratio(ink, below);
    if (value < 4.5) low.push(`${words.slice(0, 40)}: ${value.toFixed(2)}`);
  };
  for (const svg of document.querySelectorAll("svg")) {
    const shapes = [...svg.querySelectorAll("rect, path")].map((node) => ({
      node, box: node.getBoundingClientRect(), fill: rgb(getComputedStyle(node).fill),
    })).filter((shape) => seen(shape.fill) && shape.box.width * shape.box.height > 0
      && getComputedStyle(shape.node.parentElement).display !== "none");
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (!box.width) continue;
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      const below = shapes.filter((s) => s.box.left <= x && x <= s.box.right
        && s.box.top <= y && y <= s.box.bottom
        && (s.node.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)).pop();
      check(text.textContent, rgb(getComputedStyle(text).fill), below ? below.fill : ground(svg));
    }
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest("svg") || !parent.getClientRects().length) {
      continue;
    }
    check(node.textContent.trim(), rgb(getComputedStyle(parent).color), ground(parent));
  }
  return { low, checked };
}"""

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module", params=["made-up", "shipped"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site: of the made-up review, or of the shipped one."""
    if request.param == "made-up":
        return request.getfixturevalue("site").index.parent
    database = request.getfixturevalue("shipped_database")
    return build_site(database, tmp_path_factory.mktemp("shipped"), formats=("svg",)).index.parent


@contextmanager
def opened(
    browser: Browser, file: Path, viewport: dict[str, int], scheme: str = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """A page in a fresh offline context, with everything it complained about or asked for."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, offline=True)
    page = context.new_page()
    events: list[str] = []
    own = f"request: {file.as_uri()}"
    page.on("console", lambda message: events.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: events.append(f"error: {error}"))
    page.on("requestfailed", lambda request: events.append(f"failed: {request.url}"))
    page.on("request", lambda request: events.append(f"request: {request.url}"))
    page.goto(file.as_uri())
    # The worker of the SQL page is a text of the page itself.
    events[:] = [e for e in events if e != own and not e.startswith("request: blob:null/")]
    yield page, events
    context.close()


@dataclass(frozen=True)
class Look:
    """What was found on one page, seen once in one window."""

    events: list[str]
    width: int
    is_styled: bool
    contrast: dict[str, Any]
    overlaps: list[str]
    boxes: list[list[Any]]
    names: list[list[str]]
    nameless_tables: int
    summaries: list[str]
    texts: dict[str, list[str]]


LOOK = """() => ({
  width: document.documentElement.scrollWidth,
  is_styled: getComputedStyle(document.querySelector(".sheet")).maxWidth !== "none",
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

    A page is opened once for both schemes: nothing but its style sheets reads the scheme.
    """

    @cache
    def look(width: int, height: int) -> dict[str, dict[str, Look]]:
        found: dict[str, dict[str, Look]] = {"light": {}, "dark": {}}
        for file in sorted(folder.glob("*.html")):
            with opened(browser, file, {"width": width, "height": height}) as (page, events):
                open_details(page, is_open=True)
                for scheme, pages in found.items():
                    page.emulate_media(color_scheme=scheme)
                    pages[file.name] = measure(page, events)
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
        with opened(browser, folder / "index.html", DESKTOP, scheme) as (page, _):
            colours.append(page.evaluate(fill))
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


def test_figures_have_a_name_and_a_description(looks: Looker) -> None:
    for name, look in looks(DESKTOP, "light").items():
        assert all(len(title) > 5 and len(alt) > 40 for title, alt in look.names), name


def test_lists_of_a_screen_reader_tell_things_apart(looks: Looker) -> None:
    for name, look in looks(DESKTOP, "light").items():
        assert look.nameless_tables == 0, name
        assert len(set(look.summaries)) == len(look.summaries), name


def test_axe_finds_no_fault(browser: Browser, site: SiteResult) -> None:
    for file in sorted(site.index.parent.glob("*.html")):
        with opened(browser, file, PHONE, "dark") as (page, _):
            open_details(page, is_open=file.name == "condition-ptsd.html")
            found = Axe().run(page, {"exclude": ["figure svg > g"]}, AXE_OPTIONS)
        assert found.violations_count == 0, f"{file.name}: {found.generate_report()}"


@pytest.mark.parametrize(("viewport", "scheme"), WINDOWS, ids=WINDOW_NAMES)
def test_drawn_results_equal_the_warehouse(
    looks: Looker, folder: Path, viewport: dict[str, int], scheme: str
) -> None:
    with duckdb.connect(str(folder / "data" / "umbrella.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select figure_id, estimate, ci_low, ci_high from reports.rpt_forest "
            "inner join reports.rpt_figures using (figure_id) "
            "where row_kind in ('study', 'pooled') and ci_low is not null"
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
    for name in ("index.html", "condition-depression.html", "explore.html", "sql.html"):
        with opened(browser, folder / name, DESKTOP) as (page, _):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip", name
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main", name


def test_tab_reaches_every_control_and_shows_where_it_is(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "condition-depression.html", DESKTOP) as (page, _):
        stops = page.evaluate(TAB_STOPS)
        assert stops > 20
        for _ in range(stops):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            assert not focused["top"], "Tab left the page before its last control"
            assert focused["name"], "each control has a name"
            assert focused["outline"], f"focus must show on {focused['name'][:40]}"


def test_figures_fit_on_paper(browser: Browser, folder: Path) -> None:
    for file in sorted(folder.glob("*.html")):
        with opened(browser, file, PAPER, "dark") as (page, _):
            open_details(page, is_open=False)
            page.emulate_media(media="print")
            sizes = page.evaluate(
                "[...document.querySelectorAll('figure svg')].map((s) => s.getBoundingClientRect())"
                ".filter((box) => box.width).map((box) => [box.width, box.height])"
            )
            is_for_phone = page.locator("figure .phone").first.is_visible()
            ink = page.evaluate("getComputedStyle(document.body).color")
        assert not is_for_phone, file.name
        assert all(height <= PAPER_FIGURE + 1 for _, height in sizes), file.name
        assert all(width <= PAPER["width"] + 1 for width, _ in sizes), file.name
        assert ink == "rgb(28, 33, 40)", "paper is light, whatever the screen is"
