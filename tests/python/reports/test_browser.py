"""The page in a real browser, from a file and offline: desktop, phone, dark and print."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from reports import SiteResult

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield launched
        launched.close()


@contextmanager
def opened(
    browser: Browser, site: SiteResult, viewport: dict[str, int], scheme: str = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """The page in a fresh offline context, with everything it complained about or asked for."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, offline=True)
    page = context.new_page()
    events: list[str] = []
    page.on("console", lambda message: events.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: events.append(f"error: {error}"))
    page.on("requestfailed", lambda request: events.append(f"failed: {request.url}"))
    page.on("request", lambda request: events.append(f"request: {request.url}"))
    page.goto(site.index.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    yield page, [event for event in events if event != f"request: {site.index.as_uri()}"]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_opens_offline_without_complaint(
    browser: Browser, site: SiteResult, viewport: dict[str, int], scheme: str
) -> None:
    with opened(browser, site, viewport, scheme) as (page, events):
        assert events == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], "the page must not scroll sideways"
        assert page.locator("svg").count() > 15
        styled = page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")
        assert styled != "none", "the policy must allow the page's own style sheet"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Browser, site: SiteResult, scheme: str) -> None:
    with opened(browser, site, DESKTOP, scheme) as (page, _):
        result = page.evaluate(LOW_CONTRAST)
    assert result["checked"] > 1500
    assert result["low"] == []


def test_dark_figures_are_dark(browser: Browser, site: SiteResult) -> None:
    fill = "getComputedStyle(document.querySelector('figure svg text')).fill"
    with opened(browser, site, DESKTOP, "light") as (page, _):
        light = page.evaluate(fill)
    with opened(browser, site, DESKTOP, "dark") as (page, _):
        assert page.evaluate(fill) != light


def test_texts_of_figures_do_not_overlap(browser: Browser, site: SiteResult) -> None:
    with opened(browser, site, DESKTOP) as (page, _):
        assert page.evaluate(OVERLAPS) == []


def test_wide_things_scroll_in_their_own_box(browser: Browser, site: SiteResult) -> None:
    with opened(browser, site, PHONE) as (page, _):
        boxes = page.evaluate(
            "[...document.querySelectorAll('.scroll')].map((box) => "
            "[box.tabIndex, box.getAttribute('aria-label'), box.getBoundingClientRect().right])"
        )
    assert boxes
    assert all(tab == 0 and label for tab, label, _ in boxes)
    assert all(right <= PHONE["width"] for _, _, right in boxes)


def test_skip_link_leads_to_the_results(browser: Browser, site: SiteResult) -> None:
    with opened(browser, site, DESKTOP) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_figures_fit_on_paper(browser: Browser, site: SiteResult) -> None:
    with opened(browser, site, PAPER, "dark") as (page, _):
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = false; })")
        page.emulate_media(media="print")
        sizes = page.evaluate(
            "[...document.querySelectorAll('svg')].map((s) => s.getBoundingClientRect())"
            ".map((b) => [b.width, b.height])"
        )
        ink = page.evaluate("getComputedStyle(document.body).color")
    assert all(height <= PAPER_FIGURE + 1 for _, height in sizes)
    assert all(width <= PAPER["width"] + 1 for width, _ in sizes)
    assert ink == "rgb(28, 33, 40)", "paper is light, whatever the screen is"
