"""What a site weighs, and that pictures and pages stay light."""

import io
from pathlib import Path

import pytest
from PIL import Image

from reports import picture
from reports.site import SiteResult
from reports.weight import weigh

MEGABYTE = 1_000_000
MOST_OF_THE_SITE = 40 * MEGABYTE
MOST_OF_PICTURES = 9.5 * MEGABYTE
"""Of PNG and PDF, which no test draws of the whole review; `umbrella report` tells them."""
MOST_OF_THE_FIRST_PAGE = 0.4 * MEGABYTE


def test_the_weight_is_that_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    sizes = {"index.html": 2_000_000, "data/a.csv": 300_000, "data/b.csv": 100_000, ".files": 7}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(b"x" * size)
    weight = weigh(tmp_path, sizes)
    assert weight.total == sum(sizes.values())
    assert weight.words == (
        "It weighs 2.4 MB: pages (html) 2.0 MB, data (csv) 0.4 MB, pages (.files) 0.0 MB."
    )


@pytest.mark.build
def test_the_shipped_site_is_light(shipped_site: SiteResult) -> None:
    weight = shipped_site.weight
    assert weight.total < MOST_OF_THE_SITE - MOST_OF_PICTURES, weight.words
    assert shipped_site.index.stat().st_size < MOST_OF_THE_FIRST_PAGE


def test_a_png_has_a_palette_with_the_colours_of_the_chart_as_they_are() -> None:
    areas = "".join(
        f'<rect x="{20 * i}" width="20" height="50" fill="#{i * 4:02x}4080"/>' for i in range(40)
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="80" viewBox="0 0 800 80">'
        f'<rect width="800" height="80" fill="#ffffff"/>{areas}'
        '<text y="70" font-family="Liberation Sans" font-size="12px">Words</text></svg>'
    )
    with Image.open(io.BytesIO(picture.to_png(svg))) as image:
        assert image.mode == "P"
        shown = {colour for _, colour in image.convert("RGB").getcolors(10**6)}
    assert {(i * 4, 64, 128) for i in range(40)} | {(255, 255, 255)} <= shown
    assert len(shown) <= picture.PNG_COLOURS
