"""From a specification to files: SVG once, then PNG, TIFF and PDF from that SVG.

SVG and PNG are byte-identical from run to run; PDF is not (its writer numbers objects anew).
Text is checked after every step: a missing font deletes text silently. The processes that draw
import this module, so it imports nothing that makes charts.
"""

import html
import io
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import vl_convert
from PIL import Image

from reports import text, theme
from reports.errors import LostTextError, ReportError

FORMATS = ("svg", "png", "pdf")
"""Of each figure, unless others are asked for."""
SPECIFICATION = "vl.json"
ALL_FORMATS = (*FORMATS, "tiff", SPECIFICATION)
OF_ALL_PAGES = ("pdf",)
"""Formats of which one file holds all pages of a figure."""
IN_MM = re.compile(r'<svg [^>]*?width="[0-9.]+mm"')
EMPTY_TEXT = re.compile(r"(<text [^>]*)/>")
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
# The few colours of a chart, exactly, and the most frequent shades at the edges of letters.
PNG_COLOURS = 64
PNG_COMPRESSION = 9
# The last character for private use, which fonts do not have.
OUTSIDER = "\U0010fffd"


def to_svg(spec: dict[str, Any], key: str, title: str, description: str) -> str:
    """Draw a specification as SVG with an accessible name, under ids that begin with a key.

    Raises LostTextError that names the key when text is missing.
    """
    svg = add_name(draw(spec), key, title, description)
    lost = expected_texts(spec) - drawn_texts(svg)
    if lost:
        raise LostTextError(f"Text lost in the SVG of {key}: {', '.join(sorted(lost))}")
    return svg


def draw(spec: dict[str, Any]) -> str:
    """Draw a specification as SVG.

    Words of known width are written into the picture when it is drawn: Vega asks the font for the
    width of each letter, which took five sixths of the time, and nothing is placed by it. Where
    Vega leaves out a text, all are left to it: which one is lost can then be seen.
    """
    bare, words = without_words(spec)
    svg = vl_convert.vegalite_to_svg(bare)
    if len(EMPTY_TEXT.findall(svg)) != len(words):
        return vl_convert.vegalite_to_svg(spec)
    left = iter(words)
    return EMPTY_TEXT.sub(lambda found: with_words(found, next(left)), svg)


def without_words(spec: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A specification without the words whose width is known, and these in their order."""
    words, datasets = [], dict(spec["datasets"])
    for name in text_data(spec):
        rows = spec["datasets"][name]
        words += [row["text"] for row in rows if text.is_known(row["text"])]
        datasets[name] = [row | {"text": ""} if text.is_known(row["text"]) else row for row in rows]
    return spec | {"datasets": datasets}, words


def with_words(found: re.Match[str], words: str) -> str:
    """An empty text element with its words."""
    return f"{found[1]}>{html.escape(words, quote=False)}</text>" if words else found[0]


def text_data(spec: dict[str, Any]) -> list[str]:
    """The names of the data of the text layers of a specification."""
    return [layer["data"]["name"] for layer in spec["layer"] if layer["mark"]["type"] == "text"]


def add_name(svg: str, key: str, title: str, description: str) -> str:
    """Give the root element role=img, and a title and description that it is labelled by."""
    labels = f'role="img" aria-labelledby="{key}-title {key}-desc"'
    name = (
        f'<title id="{key}-title">{html.escape(title, quote=False)}</title>'
        f'<desc id="{key}-desc">{html.escape(description, quote=False)}</desc>'
    )
    return re.sub(r"<svg ([^>]*)>", lambda m: f"<svg {labels} {m[1]}>{name}", svg, count=1)


def expected_texts(spec: dict[str, Any]) -> Counter[str]:
    """Every text that the text layers of a specification must draw."""
    wanted: Counter[str] = Counter()
    for name in text_data(spec):
        texts = (row["text"].strip() for row in spec["datasets"][name])
        wanted.update(words for words in texts if words)
    return wanted


def drawn_texts(svg: str) -> Counter[str]:
    """Every text that an SVG draws."""
    root = ElementTree.fromstring(svg)
    found = ("".join(node.itertext()).strip() for node in root.iter(f"{SVG_NAMESPACE}text"))
    return Counter(words for words in found if words)


@lru_cache(maxsize=1)  # a figure is wanted in several formats, one after the other
def to_pdf(svg: str) -> bytes:
    """Draw an SVG as a one-page PDF of the printed width; raises LostTextError without fonts.

    That is its own where it is one in mm.
    """
    width, height = svg_size(svg)
    points = theme.points(width) if IN_MM.search(svg) else theme.points(theme.PRINT_WIDTH_MM)
    resized = re.sub(
        r'(<svg [^>]*?)width="[^"]*" height="[^"]*"',
        rf'\g<1>width="{points:.2f}" height="{points * height / width:.2f}"',
        svg,
        count=1,
    )
    pdf = vl_convert.svg_to_pdf(resized)
    if b"/BaseFont" not in pdf:
        raise LostTextError(f"None of the fonts {theme.FONT} is available: text would be blank")
    return pdf


def to_png(svg: str, dpi: int = theme.PNG_DPI) -> bytes:
    """Draw an SVG as PNG of the printed width; raises LostTextError without fonts.

    It is drawn from the PDF, whose library sets text four times faster than that of the SVG, and
    has a palette of PNG_COLOURS: a third of the bytes.
    """
    target = io.BytesIO()
    with_palette(to_image(svg, dpi)).save(
        target, "PNG", dpi=(dpi, dpi), compress_level=PNG_COMPRESSION
    )
    return target.getvalue()


def to_tiff(svg: str) -> bytes:
    """Draw an SVG as TIFF of the printed width, as journals take it: RGB without alpha, LZW."""
    target = io.BytesIO()
    dpi = (theme.TIFF_DPI, theme.TIFF_DPI)
    to_image(svg, theme.TIFF_DPI).save(target, "TIFF", dpi=dpi, compression="tiff_lzw")
    return target.getvalue()


def to_image(svg: str, dpi: int) -> Image.Image:
    """The pixels of an SVG at the printed width, in RGB; raises LostTextError without fonts."""
    with pypdfium2.PdfDocument(to_pdf(svg)) as document:
        return document[0].render(scale=dpi / theme.POINTS_PER_INCH).to_pil().convert("RGB")


def to_pdf_of_pages(svgs: Sequence[str]) -> bytes:
    """Draw SVGs as the pages of one PDF, each in a size of its own."""
    if len(svgs) == 1:
        return to_pdf(svgs[0])
    target = io.BytesIO()
    with pypdfium2.PdfDocument.new() as whole:
        for svg in svgs:
            with pypdfium2.PdfDocument(to_pdf(svg)) as page:
                whole.import_pages(page)
        whole.save(target)
    return target.getvalue()


def with_palette(image: Image.Image) -> Image.Image:
    """An image in its most frequent colours; any other becomes the nearest of them.

    Pillow's own mapping takes colours for equal that differ in the last two bits.
    """
    counted = sorted(image.getcolors(image.width * image.height), reverse=True)
    colours = np.array([colour for _, colour in counted], dtype=np.int32)
    kept = colours[:PNG_COLOURS]
    distances = ((colours[:, None, :] - kept[None, :, :]) ** 2).sum(axis=2)
    places = np.zeros(2**24, dtype=np.uint8)
    places[packed(colours)] = distances.argmin(axis=1)
    pixels = packed(np.asarray(image, dtype=np.int32))
    found = Image.fromarray(places[pixels])
    found.putpalette(kept.astype(np.uint8).tobytes())
    return found


def packed(colours: np.ndarray) -> np.ndarray:
    """Each colour, three bytes, as one number."""
    return (colours[..., 0] << 16) | (colours[..., 1] << 8) | colours[..., 2]


def svg_size(svg: str) -> tuple[float, float]:
    """Width and height of an SVG, in px or mm."""
    match = re.search(r'<svg [^>]*?width="([0-9.]+)(?:mm)?" height="([0-9.]+)(?:mm)?"', svg)
    if not match:
        raise LostTextError("The SVG states no size")
    return float(match[1]), float(match[2])


CONVERTERS: Mapping[str, Callable[[Sequence[str], int], bytes]] = {
    "png": lambda svgs, dpi: to_png(*svgs, dpi),
    "tiff": lambda svgs, _: to_tiff(*svgs),
    "pdf": lambda svgs, _: to_pdf_of_pages(svgs),
}


def convert(svgs: Sequence[str], targets: Mapping[str, Path], dpi: int = theme.PNG_DPI) -> None:
    """Write SVGs in each format as its target; raises ReportError that names the target.

    Formats other than OF_ALL_PAGES take one SVG.
    """
    for name, target in targets.items():
        try:
            target.write_bytes(CONVERTERS[name](svgs, dpi))
        except (ReportError, OSError) as error:
            raise ReportError(f"{target.name} could not be written: {error}") from error


def sample() -> bytes:
    """What the installed fonts make of every character whose width is known, as PNG."""
    words = html.escape("".join(["".join(text.REGULAR.values()), "".join(text.BOLD.values())]))
    looks = ("", 'font-weight="bold"', 'font-style="italic"')
    lines = "".join(
        f'<text y="{20 * row}" font-family="{theme.FONT}" {look}>{words}</text>'
        for row, look in enumerate(looks, start=1)
    )
    return vl_convert.svg_to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="2500" height="70">{lines}</svg>'
    )


def rare_characters(svg: str) -> set[str]:
    """The characters of an SVG's texts that a font may lack: those beyond ASCII."""
    words = unicodedata.normalize("NFC", "".join(drawn_texts(svg)))
    return {one for one in words if not one.isascii() and not one.isspace()}


def boxes(wanted: set[str]) -> set[str]:
    """Those of some rare characters that no installed font has: PNG and PDF show boxes for them.

    A PDF knows one text for all boxes: that of an outsider, as it stands first and last here.
    """
    if not wanted:
        return set()
    # Each in a text of its own: where one character lacks a font, its neighbours lose theirs.
    words = "".join(
        f'<text x="{10 * i}" y="30" font-family="{theme.FONT}">{html.escape(one)}</text>'
        for i, one in enumerate([OUTSIDER, *sorted(wanted), OUTSIDER])
    )
    width = 10 * len(wanted) + 30
    pdf = vl_convert.svg_to_pdf(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="40">{words}</svg>'
    )
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = unicodedata.normalize("NFC", document[0].get_textpage().get_text_range())
    # A ligature is read as its letters.
    return {one for one in wanted if one not in drawn and letters(one) not in drawn}


def letters(character: str) -> str:
    """The plain letters that a character stands for."""
    return unicodedata.normalize("NFKC", character)
