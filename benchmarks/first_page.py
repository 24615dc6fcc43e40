"""Time until the first page of a site is there: python -m benchmarks.first_page.

Needs Playwright and a Chromium (`playwright install chromium`, or --browser). The median of some
runs, each in a new window; a busy machine takes longer.
"""

import argparse
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

MOST_SECONDS = 0.5
RUNS = 7
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"


def seconds(page: Path, browser: str | None) -> list[float]:
    """Seconds from asking for a page until it is loaded and laid out, in each run."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser)
        times = []
        for _ in range(RUNS):
            window = opened.new_page()
            window.goto(page.resolve().as_uri(), wait_until="load")
            window.wait_for_function(f"{LOADED} > 0")
            times.append(window.evaluate(LOADED))
            window.close()
        opened.close()
    return times


def main() -> None:
    """Print the times; exit 1 when the median is above MOST_SECONDS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", default="site", type=Path, help="folder of the site")
    parser.add_argument("--browser", help="path of Chromium")
    given = parser.parse_args()
    times = seconds(given.site / "index.html", given.browser)
    middle = median(times)
    print(f"{middle:.3f} s, median of {len(times)} ({min(times):.3f} to {max(times):.3f})")
    raise SystemExit(middle > MOST_SECONDS)


if __name__ == "__main__":
    main()
