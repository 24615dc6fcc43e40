"""An SVG in fewer bytes looks the same."""

import io
import xml.etree.ElementTree as ElementTree

import numpy as np
from PIL import Image

from reports import picture
from reports.lighter import lighter


def test_what_most_parts_share_stands_on_the_group_and_nothing_else_changes() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="9" height="9">'
        '<title>T &lt; "1"/&gt;</title><g><path d="M0,0h0v0h0Z"/><g/></g>'
        '<g transform="translate(0,0)"><g transform="translate(1,2.34567)">'
        '<path class="background" d="M0,0h9v9h-9Z" role="x"/><line x1="0" x2="2"/></g><g>'
        '<text fill="red" font-size="9px" opacity="1">a  b</text>'
        '<text fill="red" font-size="8px" opacity="0.5"> c</text>'
        '<text fill="red" font-size="8px" aria-hidden="true">d</text></g></g></svg>'
    )
    assert lighter(svg) == (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="9" height="9">'
        '<title>T &lt; "1"/&gt;</title><g transform="translate(1,2.35)"><line x2="2"/></g>'
        '<g fill="red" font-size="8px"><text font-size="9px">a  b</text>'
        '<text opacity="0.5"> c</text><text>d</text></g></svg>'
    )


def test_what_a_part_says_itself_is_kept() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><g fill="none"><path d="M0,0" fill="red"/>'
        '<path d="M1,1" fill="red"/></g><g><path d="M0,0" fill="red"/><path d="M1,1"/></g></svg>'
    )
    assert lighter(svg) == svg.replace("<g><path", "<path").replace("</g></svg>", "</svg>")


def test_charts_look_the_same_pixel_by_pixel(drawings) -> None:
    for figure_id in ("forest_depression",):
        _, svg = drawings(figure_id)[0]
        light = lighter(svg)
        assert len(light) < 0.75 * len(svg), figure_id
        assert picture.drawn_texts(light) == picture.drawn_texts(svg)
        before, after = (
            np.asarray(Image.open(io.BytesIO(picture.to_png(one))).convert("L"), dtype=int)
            for one in (svg, light)
        )
        assert before.shape == after.shape
        assert np.mean(np.abs(before - after) > 40) < 0.0005, figure_id
        ElementTree.fromstring(light)
