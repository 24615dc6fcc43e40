"""Every page in a real browser, from a file and offline: desktop, phone, dark, print, keyboard.

Once for a made-up review that holds what usually breaks pages, once for the shipped one.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from reports import build_site, formats

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
    events[:] = [event for event in events if event != own]
    yield page, events
    context.close()


def each_page(
    browser: Browser, folder: Path, viewport: dict[str, int], scheme: str = "light"
) -> Iterator[tuple[str, Page, list[str]]]:
    """Every page of a site, one after the other, with all its details open."""
    for file in sorted(folder.glob("*.html")):
        with opened(browser, file, viewport, scheme) as (page, events):
            open_details(page, is_open=True)
            yield file.name, page, events


def open_details(page: Page, *, is_open: bool) -> None:
    """Open or close everything that folds."""
    page.evaluate(
        "(isOpen) => document.querySelectorAll('details').forEach((d) => { d.open = isOpen; })",
        is_open,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_opens_offline_without_complaint(
    browser: Browser, folder: Path, viewport: dict[str, int], scheme: str
) -> None:
    for name, page, events in each_page(browser, folder, viewport, scheme):
        assert events == [], name
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{name} must not scroll sideways"
        styled = page.evaluate("getComputedStyle(document.querySelector('.sheet')).maxWidth")
        assert styled != "none", f"the policy of {name} must allow its own style sheet"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Browser, folder: Path, scheme: str) -> None:
    checked = 0
    for name, page, _ in each_page(browser, folder, DESKTOP, scheme):
        result = page.evaluate(LOW_CONTRAST)
        assert result["low"] == [], name
        checked += result["checked"]
    assert checked > 3000


def test_dark_figures_are_dark(browser: Browser, folder: Path) -> None:
    fill = "getComputedStyle(document.querySelector('figure svg text')).fill"
    colours = []
    for scheme in ("light", "dark"):
        with opened(browser, folder / "index.html", DESKTOP, scheme) as (page, _):
            colours.append(page.evaluate(fill))
    assert colours[0] != colours[1]


def test_texts_of_figures_do_not_overlap(browser: Browser, folder: Path) -> None:
    for name, page, _ in each_page(browser, folder, DESKTOP):
        assert page.evaluate(OVERLAPS) == [], name


def test_wide_things_scroll_in_their_own_box(browser: Browser, folder: Path) -> None:
    for name, page, _ in each_page(browser, folder, PHONE):
        boxes = page.evaluate(
            "[...document.querySelectorAll('.scroll')].map((box) => "
            "[box.tabIndex, box.getAttribute('aria-label'), box.getBoundingClientRect().right])"
        )
        assert all(tab == 0 and label for tab, label, _ in boxes), name
        assert all(right <= PHONE["width"] for _, _, right in boxes), name


def test_skip_link_leads_to_the_content(browser: Browser, folder: Path) -> None:
    for _, page, _ in each_page(browser, folder, DESKTOP):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


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


def test_figures_have_a_name_and_a_description(browser: Browser, folder: Path) -> None:
    for name, page, _ in each_page(browser, folder, DESKTOP):
        described = page.evaluate(
            "[...document.querySelectorAll('figure svg[role=img]')].map((svg) => "
            "svg.getAttribute('aria-labelledby').split(' ')"
            ".map((id) => document.getElementById(id).textContent))"
        )
        assert all(len(title) > 5 and len(alt) > 40 for title, alt in described), name


def test_figures_fit_on_paper(browser: Browser, folder: Path) -> None:
    for name, page, _ in each_page(browser, folder, PAPER, "dark"):
        open_details(page, is_open=False)
        page.emulate_media(media="print")
        sizes = page.evaluate(
            "[...document.querySelectorAll('figure svg')].map((s) => s.getBoundingClientRect())"
            ".map((b) => [b.width, b.height])"
        )
        ink = page.evaluate("getComputedStyle(document.body).color")
        assert all(height <= PAPER_FIGURE + 1 for _, height in sizes), name
        assert all(width <= PAPER["width"] + 1 for width, _ in sizes), name
        assert ink == "rgb(28, 33, 40)", "paper is light, whatever the screen is"


def test_drawn_results_equal_the_warehouse(browser: Browser, folder: Path) -> None:
    with duckdb.connect(str(folder / "data" / "umbrella.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select figure_id, estimate, ci_low, ci_high from reports.rpt_forest "
            "inner join reports.rpt_figures using (figure_id) "
            "where row_kind in ('study', 'pooled') and ci_low is not null"
        ).fetchall()
    wanted: dict[str, list[list[str]]] = {}
    for figure_id, value, low, high in rows:
        parts = [formats.number(value), f"({formats.number(low)} to", f"{formats.number(high)})"]
        wanted.setdefault(figure_id, []).append(parts)
    seen = set()
    for _, page, _ in each_page(browser, folder, DESKTOP):
        for figure_id in set(wanted) - seen:
            texts = page.evaluate(
                "(id) => [...document.querySelectorAll(`#figure-${id} svg text`)]"
                ".map((text) => text.textContent)",
                figure_id,
            )
            if texts:
                seen.add(figure_id)
                drawn = Counter(texts)
                missing = Counter(part for parts in wanted[figure_id] for part in parts) - drawn
                assert not missing, figure_id
    assert seen == set(wanted)
