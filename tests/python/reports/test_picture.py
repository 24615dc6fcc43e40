"""From a chart to SVG, PNG and PDF: same bytes, all text, a name for those who cannot see it."""

import io
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import vl_convert
from PIL import Image

from reports import inline, picture, render, theme
from reports.drawing import panels_of
from reports.errors import LostTextError
from reports.figure import Figure, Tables
from reports.figures import KINDS
from tests.python.reports import fixture_warehouse
from tests.python.reports.conftest import Drawing, texts

SVG = "http://www.w3.org/2000/svg"
ROOT = Path(__file__).parents[3]
ANOTHER_PROCESS = """
import hashlib, sys
from reports import picture, render
from reports.figures import KINDS
from reports.figure import Figure
from tests.python.reports import fixture_warehouse
tables = fixture_warehouse.complete_tables()
row = next(r for r in tables["rpt_figures"] if r["figure_id"] == "forest_stress")
figure = Figure.from_row(row)
[panel] = KINDS["forest"].draw(figure, tables)
alt = KINDS["forest"].describe(figure, tables)
spec = render.compose(panel, figure)
svg = picture.to_svg(spec, "forest_stress", figure.title, alt)
for content in (svg.encode(), picture.to_png(svg)):
    print(hashlib.sha256(content).hexdigest())
"""


def test_svg_and_png_are_the_same_in_every_process() -> None:
    command = [sys.executable, "-c", ANOTHER_PROCESS]
    first, second = (
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert len(first.split()) == 2
    assert first == second


def test_svg_has_a_name_and_a_description(drawings: Callable[[str], list[Drawing]]) -> None:
    [(_, svg)] = drawings("forest_stress")
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    labels = root.attrib["aria-labelledby"].split()
    named = {node.attrib["id"]: node.text for node in root if "id" in node.attrib}
    assert [label in named for label in labels] == [True, True]
    assert "recommended method" in named[labels[1]]
    assert "aria-roledescription" not in inline.for_page(svg, drawings("forest_stress")[0][0])


def test_labels_are_escaped(drawings: Callable[[str], list[Drawing]]) -> None:
    [(_, svg)] = drawings("forest_edge")
    assert "<script" not in svg
    assert fixture_warehouse.SCRIPT.split()[0] in "".join(texts(svg)).replace(" ", "")


def test_page_version_keeps_the_chart_and_drops_the_words(
    drawings: Callable[[str], list[Drawing]], figures: dict[str, Figure]
) -> None:
    [(panel, svg)] = drawings("forest_stress")
    inside = inline.for_page(svg, panel)
    title = figures["forest_stress"].title
    assert title in texts(svg)
    assert title not in texts(inside)
    assert set(texts(inside)) < set(texts(svg))
    assert " style=" not in inside
    assert len(inside) < len(svg)


def test_png_is_wide_enough_for_print_and_not_blank(
    drawings: Callable[[str], list[Drawing]],
) -> None:
    [(_, svg)] = drawings("forest_ocd")
    image = Image.open(io.BytesIO(picture.to_png(svg)))
    assert image.width == pytest.approx(2079, abs=2)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=1)
    grey = image.convert("L")
    without = svg.replace("<text", '<text fill-opacity="0"')
    blank = Image.open(io.BytesIO(picture.to_png(without))).convert("L")
    dark = [sum(picture.histogram()[:100]) for picture in (grey, blank)]
    assert dark[0] > 2 * dark[1], "text must leave ink"


def test_tiff_is_as_journals_take_it() -> None:
    words = '<text y="9" font-family="Liberation Sans" font-size="8">Words</text>'
    svg = f'<svg width="84mm" height="20mm" viewBox="0 0 84 20" xmlns="{SVG}">{words}</svg>'
    image = Image.open(io.BytesIO(picture.to_tiff(svg)))
    assert (image.format, image.mode, image.info["compression"]) == ("TIFF", "RGB", "tiff_lzw")
    assert image.info["dpi"] == (600, 600)
    assert image.width == pytest.approx(84 / 25.4 * 600, abs=2)
    assert len(image.getcolors(10**6)) > 2, "text must leave ink"


def test_a_figure_of_several_pages_is_one_pdf(tmp_path: Path) -> None:
    def page(words: str, height: int) -> str:
        text = f'<text y="9" font-family="Liberation Sans" font-size="8">{words}</text>'
        size = f'width="80mm" height="{height}mm" viewBox="0 0 80 {height}"'
        return f'<svg {size} xmlns="{SVG}">{text}</svg>'

    target = tmp_path / "whole.pdf"
    picture.convert([page("First", 20), page("Second", 40)], {"pdf": target})
    with pypdfium2.PdfDocument(target) as whole:
        assert [one.get_textpage().get_text_range() for one in whole] == ["First", "Second"]
        heights = [one.get_height() for one in whole]
    assert heights == pytest.approx([theme.points(20), theme.points(40)], abs=0.5)


@pytest.mark.parametrize("convert", [picture.to_png, picture.to_pdf], ids=["png", "pdf"])
def test_a_picture_without_any_font_is_an_error(
    drawings: Callable[[str], list[Drawing]], convert: Callable[[str], bytes]
) -> None:
    [(_, svg)] = drawings("forest_ocd")
    with pytest.raises(LostTextError, match="fonts"):
        convert(svg.replace(theme.FONT, "No Such Font"))


def test_words_are_where_vega_draws_them(figures: dict[str, Figure], tables: Tables) -> None:
    """Among them some of unknown width, which are left to Vega, and some that XML escapes."""
    figure = replace(figures["forest_ocd"], title="A < B & \u6291\u90c1", caption='x > y\u0338 "')
    [panel] = panels_of(KINDS[figure.kind].draw, figure, tables)
    spec = render.compose(panel, figure)
    words = picture.without_words(spec)[1]
    assert 0 < len(words) < sum(len(spec["datasets"][name]) for name in picture.text_data(spec))
    assert picture.draw(spec) == vl_convert.vegalite_to_svg(spec)


def test_characters_without_a_font_are_named() -> None:
    unassigned = "\u0378"
    assert picture.boxes({"é", "\u2212", unassigned}) == {unassigned}
    assert picture.boxes(set()) == set()


def test_rare_characters_are_those_that_fonts_may_lack() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>Mu\u0308ller \u2009 0.5</text></svg>'
    assert picture.rare_characters(svg) == {"ü"}


def test_pdf_holds_its_text_and_fonts(
    drawings: Callable[[str], list[Drawing]], tmp_path: Path
) -> None:
    [(_, svg)] = drawings("forest_ocd")
    target = tmp_path / "figure.pdf"
    target.write_bytes(picture.to_pdf(svg))

    def ask(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    words = ask("pdftotext", "-layout", str(target), "-")
    assert "Ocd: effects" in words
    assert "One meta-analysis: not pooled" in words
    assert "LiberationSans" in ask("pdffonts", str(target)) or "Arial" in ask(
        "pdffonts", str(target)
    )
    size = next(line for line in ask("pdfinfo", str(target)).splitlines() if "Page size" in line)
    assert float(size.split()[2]) == pytest.approx(176 / 25.4 * 72, abs=0.5)
