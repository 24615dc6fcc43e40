"""A headless browser for the tests, and windows in which it opens pages from files, offline."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, sync_playwright

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
  const grounds = new Map();
  const ground = (node) => {
    if (!node) return [255, 255, 255];
    if (!grounds.has(node)) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      grounds.set(node, seen(colour) ? colour : ground(node.parentElement));
    }
    return grounds.get(node);
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


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Window:
    """A window and what its page complained about or asked for since it was opened."""

    page: Page
    events: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        def keep(kind: str, text: str) -> None:
            self.events.append(f"{kind}: {text}")

        self.page.on("console", lambda message: keep("console", message.text))
        self.page.on("pageerror", lambda error: keep("error", str(error)))
        self.page.on("requestfailed", lambda request: keep("failed", request.url))
        # A worker that the page holds itself is asked for at any time, and from nowhere.
        self.page.on(
            "request",
            lambda request: request.url.startswith("blob:") or keep("request", request.url),
        )

    def open(self, address: str) -> None:
        """Show another page; that it was asked for is no event."""
        self.events = []
        self.page.goto(address)
        own = f"request: {address.partition('#')[0]}"
        self.events[:] = [event for event in self.events if not event.startswith(own)]


@contextmanager
def window(
    browser: Browser, viewport: Mapping[str, int] = DESKTOP, scheme: str = "light", **options: bool
) -> Iterator[Window]:
    """An empty offline window of its own.

    Pages that are opened one after the other in one window share its process, whose start takes
    longer than showing most pages.
    """
    context = browser.new_context(
        viewport=dict(viewport), color_scheme=scheme, offline=True, **options
    )
    yield Window(context.new_page())
    context.close()
