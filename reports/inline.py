"""An SVG for use inside a page: without the words, styles and roles that the page has itself."""

import re

from markupsafe import escape

from reports import theme
from reports.errors import LostTextError
from reports.figure import Panel
from reports.picture import drawn_texts

UNWANTED = re.compile(r' (?:font-family|style|class|role|aria-[a-z]+|pointer-events)="[^"]*"')
WORDS = re.compile(r'<g class="mark-text role-mark (?:title|notes)_marks"[^>]*>.*?</g>', re.DOTALL)
UNSEEN = re.compile(r'<path class="background" aria-hidden="true" d="[^"]*"/>')
BACKGROUND = re.compile(r"<rect [^>]*/>")
UNWANTED_ROOT = re.compile(r' (?:style|class|xmlns:xlink|version)="[^"]*"')


def for_page(svg: str, panel: Panel) -> str:
    """Cut title, caption and background off an SVG, for use inside the page.

    Tags are rewritten, text is left alone. Fonts come from the page's style sheet; style
    attributes go because the page's content policy forbids them, and roles inside the picture
    because the picture is one image. Raises LostTextError when a drawn text changed.
    """
    bare = UNSEEN.sub("", BACKGROUND.sub("", WORDS.sub("", svg), count=1))
    root, rest = bare.split(">", 1)
    body = re.sub(r"<[a-zA-Z][^>]*>", lambda tag: UNWANTED.sub("", tag[0]), rest)
    cleaned = f"{cropped(UNWANTED_ROOT.sub('', root), rest, panel)}>{body}"
    if drawn_texts(cleaned) != drawn_texts(bare):
        raise LostTextError("Text changed while an SVG was prepared for the page")
    return with_links(cleaned, panel) if panel.areas else cleaned


def with_links(svg: str, panel: Panel) -> str:
    """An SVG with a link over each area of its panel; with links inside it is no single image."""
    left, top = origin_of(svg)
    areas = "".join(
        f'<a href="{escape(area.href)}" aria-label="{escape(area.name)}"><rect '
        f'x="{left + area.x:g}" y="{top + area.y:g}" width="{area.width:g}" '
        f'height="{area.height:g}" fill="none" pointer-events="all"/></a>'
        for area in panel.areas
    )
    group = svg.replace('role="img"', 'role="group"', 1)
    return f"{group.removesuffix('</svg>')}{areas}</svg>"


def cropped(root: str, rest: str, panel: Panel) -> str:
    """The root tag with a view box that shows only the chart, with room for wider letters."""
    _, origin = origin_of(rest)
    left, width = theme.PADDING + 0.5, float(re.search(r' width="([0-9.]+)"', root)[1])
    width = max(width - 2 * left, panel.width) + theme.PADDING
    top, height = origin - theme.PADDING, panel.bottom + 2 * theme.PADDING
    sized = re.sub(r' (?:width|height|viewBox)="[^"]*"', "", root)
    return (
        f'{sized} width="{width:g}" height="{height:g}" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}"'
    )


def origin_of(svg: str) -> tuple[float, float]:
    """Where the view of an SVG begins, in px from its left upper corner."""
    found = re.search(r'transform="translate\(([0-9.]+),([0-9.]+)\)"', svg)
    if not found:
        raise LostTextError("The SVG does not state where its chart begins")
    return float(found[1]), float(found[2])
