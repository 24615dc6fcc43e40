r"""Takes the small picture of the page that pools again for the README.

python -m tests.python.reports.picture_of_explorer \
    site/explore.html#condition=stress docs/images/explorer.png
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.python.reports.browsing import launched, window

SIZE = {"width": 1280, "height": 900}
COLOURS = 64
"""Enough for flat colours and letters."""
# One row is left out, by the settings of the last policy offered.
CHOICE = """() => {
  [...document.querySelectorAll("[data-policy]")].at(-1).click();
  document.querySelector("#explorer-left").open = false;
  document.querySelectorAll("#explorer-chart .member")[2].dispatchEvent(
    new MouseEvent("click", { bubbles: true }));
}"""


def take(page_file: Path, choice: str, target: Path) -> None:
    """Write the picture of the chart of a choice, as the address has it after #."""
    with launched() as browser, window(browser, SIZE) as shown:
        shown.open(f"{page_file.resolve().as_uri()}#{choice}")
        shown.page.evaluate(CHOICE)
        taken = shown.page.locator("#explorer-chart svg").screenshot()
    picture = Image.open(BytesIO(taken)).convert("RGB").quantize(COLOURS)
    picture.save(target, optimize=True)


if __name__ == "__main__":
    file, _, chosen = sys.argv[1].partition("#")
    take(Path(file), chosen, Path(sys.argv[2]))
