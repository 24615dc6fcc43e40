"""From a drawn page to files: SVG once, then PNG and PDF from that SVG.

SVG and PNG are byte-identical from run to run; PDF is not (its writer numbers objects anew).
Text is checked after every step: a missing font deletes text silently, and a careless clean-up
changes numbers.
"""

import html
import io
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pypdfium2
import vl_convert
from altair.utils.schemapi import debug_mode

from reports import text, theme
from reports.charts import layers
from reports.errors import LostTextError
from reports.figure import Figure, Panel

FORMATS = ("svg", "png", "pdf")
UNWANTED = re.compile(r' (?:font-family|style|class|role|aria-[a-z]+|pointer-events)="[^"]*"')
WORDS = re.compile(r'<g class="mark-text role-mark (?:title|notes)_marks"[^>]*>.*?</g>', re.DOTALL)
BACKGROUND = re.compile(r"<rect [^>]*/>")
UNWANTED_ROOT = re.compile(r' (?:style|class|xmlns:xlink|version)="[^"]*"')
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
# Levels above 3 take longer and gain nothing on charts.
PNG_COMPRESSION = 3
# Checking each object as it is made would take most of the time; the tests check every chart whole.
unchecked = debug_mode(False)


def compose(panel: Panel, figure: Figure) -> alt.LayerChart:
    """The chart of one page with title and subtitle above, caption and footnotes below.

    A file must stand alone. `for_page` takes these words off again for the page, which has them
    as text of its own.
    """
    return framed([*panel.layers, *title_layers(panel, figure), *note_layers(panel, figure)], panel)


def framed(drawn: Sequence[alt.Chart], panel: Panel) -> alt.LayerChart:
    """Layers in the size and look of a page."""
    return alt.layer(
        *drawn,
        width=panel.view_width,
        height=panel.view_height,
        padding=theme.PADDING,
        config=theme.config() | {"background": theme.PAPER.light},
    )


def title_layers(panel: Panel, figure: Figure) -> list[alt.Chart]:
    """Title and subtitle above the chart, wrapped to the page's width."""
    ending = f" (page {panel.page} of {panel.pages})" if panel.pages > 1 else ""
    words = [(figure.title + ending, theme.TITLE, True, theme.INK)]
    if figure.subtitle:
        words.append((figure.subtitle, theme.SUBTITLE, False, theme.MUTED))
    items, at = [], 0.0
    for sentence, size, bold, colour in words:
        for line in text.wrap(sentence, panel.width, size, bold):
            look = {"size": size, "bold": bold, "colour": colour.light}
            items.append({"y": at + size / 2, "text": line, **look})
            at += size * theme.LINE_HEIGHT
    shift = at + theme.GAP
    moved = [{**item, "y": item["y"] - shift} for item in items]
    return [layers.texts(moved, -panel.left, panel.view_height, name="title")]


def note_layers(panel: Panel, figure: Figure) -> list[alt.Chart]:
    """Caption and footnotes below the chart, wrapped to the page's width."""
    step = theme.SMALL * theme.LINE_HEIGHT
    at = panel.bottom + theme.GAP + step / 2
    items = []
    for note in caption_lines(panel, figure):
        for line in text.wrap(note, panel.width, theme.SMALL):
            look = {"size": theme.SMALL, "colour": theme.MUTED.light}
            items.append({"y": at, "text": line, **look})
            at += step
        at += 2
    if not items:
        return []
    return [layers.texts(items, -panel.left, panel.view_height, name="notes")]


def caption_lines(panel: Panel, figure: Figure) -> list[str]:
    """The caption, then the footnotes of the page."""
    return [line for line in (figure.caption, *panel.notes) if line]


def specification(chart: alt.LayerChart) -> dict[str, Any]:
    """A chart as Vega-Lite: equal charts give equal specifications."""
    return chart.to_dict(validate=False)


def to_svg(chart: alt.LayerChart, figure_id: str, title: str, description: str) -> str:
    """Draw a chart as SVG with an accessible name; raises LostTextError when text is missing."""
    return svg_of(specification(chart), figure_id, title, description)


def svg_of(spec: dict[str, Any], figure_id: str, title: str, description: str) -> str:
    """The same from a specification."""
    svg = vl_convert.vegalite_to_svg(spec)
    named = add_name(svg, figure_id, title, description)
    check_text(spec, named)
    return named


def add_name(svg: str, figure_id: str, title: str, description: str) -> str:
    """Give the root element role=img, and a title and description that it is labelled by."""
    key = re.sub(r"[^A-Za-z0-9_-]", "-", figure_id)
    labels = f'role="img" aria-labelledby="{key}-title {key}-desc"'
    name = (
        f'<title id="{key}-title">{html.escape(title, quote=False)}</title>'
        f'<desc id="{key}-desc">{html.escape(description, quote=False)}</desc>'
    )
    return re.sub(r"<svg ([^>]*)>", lambda m: f"<svg {labels} {m[1]}>{name}", svg, count=1)


def expected_texts(spec: dict[str, Any]) -> Counter[str]:
    """Every text that the text layers of a specification must draw."""
    sets = spec.get("datasets", {})
    wanted: Counter[str] = Counter()
    for layer in spec["layer"]:
        if layer["mark"]["type"] != "text":
            continue
        data = layer.get("data") or spec["data"]  # what all layers share stands once, above them
        rows = data["values"] if "values" in data else sets[data["name"]]
        wanted.update(row["text"].strip() for row in rows if row["text"].strip())
    return wanted


def drawn_texts(svg: str) -> Counter[str]:
    """Every text that an SVG draws."""
    root = ElementTree.fromstring(svg)
    found = ("".join(node.itertext()).strip() for node in root.iter(f"{SVG_NAMESPACE}text"))
    return Counter(words for words in found if words)


def check_text(spec: dict[str, Any], svg: str) -> None:
    """Raise LostTextError unless each text of the specification is drawn, as often as it occurs."""
    lost = expected_texts(spec) - drawn_texts(svg)
    if lost:
        raise LostTextError(f"Text lost on the way to SVG: {', '.join(sorted(lost))}")


@lru_cache(maxsize=1)  # a figure is wanted as PNG and as PDF, one after the other
def to_pdf(svg: str) -> bytes:
    """Draw an SVG as a one-page PDF of the printed width; raises LostTextError without fonts."""
    width, height = svg_size(svg)
    points = theme.print_points()
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


def to_png(svg: str) -> bytes:
    """Draw an SVG as PNG at 300 dpi for the printed width; raises LostTextError without fonts.

    It is drawn from the PDF, whose library sets text four times faster than that of the SVG.
    """
    with pypdfium2.PdfDocument(to_pdf(svg)) as document:
        image = document[0].render(scale=theme.PNG_DPI / theme.POINTS_PER_INCH).to_pil()
    target = io.BytesIO()
    image.save(target, "PNG", dpi=(theme.PNG_DPI, theme.PNG_DPI), compress_level=PNG_COMPRESSION)
    return target.getvalue()


def svg_size(svg: str) -> tuple[float, float]:
    """Width and height of an SVG in px."""
    match = re.search(r'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"', svg)
    if not match:
        raise LostTextError("The SVG states no size")
    return float(match[1]), float(match[2])


def for_page(svg: str, panel: Panel) -> str:
    """Cut title, caption and background off an SVG, for use inside the page.

    Tags are rewritten, text is left alone. Fonts come from the page's style sheet; style
    attributes go because the page's content policy forbids them, and roles inside the picture
    because the picture is one image. Raises LostTextError when a drawn text changed.
    """
    bare = BACKGROUND.sub("", WORDS.sub("", svg), count=1)
    root, rest = bare.split(">", 1)
    body = re.sub(r"<[a-zA-Z][^>]*>", lambda tag: UNWANTED.sub("", tag[0]), rest)
    cleaned = f"{cropped(UNWANTED_ROOT.sub('', root), rest, panel)}>{body}"
    if drawn_texts(cleaned) != drawn_texts(bare):
        raise LostTextError("Text changed while an SVG was prepared for the page")
    return cleaned


def cropped(root: str, rest: str, panel: Panel) -> str:
    """The root tag with a view box that shows only the chart, with room for wider letters."""
    origin = re.search(r'transform="translate\([0-9.]+,([0-9.]+)\)"', rest)
    if not origin:
        raise LostTextError("The SVG does not state where its chart begins")
    left, width = theme.PADDING + 1, float(re.search(r' width="([0-9.]+)"', root)[1])
    width = max(width - 2 * left, panel.width) + theme.PADDING
    top, height = float(origin[1]) - theme.PADDING, panel.bottom + 2 * theme.PADDING
    sized = re.sub(r' (?:width|height|viewBox)="[^"]*"', "", root)
    return (
        f'{sized} width="{width:g}" height="{height:g}" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}"'
    )
