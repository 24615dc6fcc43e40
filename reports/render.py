"""From a drawn page to the specification of a picture, in Vega-Lite, that can stand alone."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from reports import text, theme
from reports.charts import layers
from reports.figure import Figure, Panel

# Checking each object as it is made would take most of the time; the tests check every chart whole.
unchecked = debug_mode(False)


def compose(panel: Panel, figure: Figure) -> dict[str, Any]:
    """The specification of one page with title and subtitle above, caption and footnotes below.

    A file must stand alone. `inline.for_page` takes these words off again for the page, which
    has them as text of its own.
    """
    return framed([*panel.layers, *title_layers(panel, figure), *note_layers(panel, figure)], panel)


def framed(drawn: Sequence[alt.Chart], panel: Panel) -> dict[str, Any]:
    """The specification of layers in the size and look of a page.

    Equal layers give equal specifications. They are put together here: `alt.layer` gives the same
    and copies every layer several times, which took three quarters of the time.
    """
    frame = alt.LayerChart(
        width=panel.view_width,
        height=panel.view_height,
        padding=theme.PADDING,
        config=theme.config() | {"background": theme.PAPER.light},
    ).to_dict(validate=False)
    context: dict[str, Any] = {"top_level": False, "datasets": {}}
    frame["layer"] = [layer.to_dict(validate=False, context=context) for layer in drawn]
    return frame | {"datasets": context["datasets"]}


def stand_alone(spec: Mapping[str, Any], names: Sequence[str]) -> str:
    """A specification as a file with all its data, for any program that draws Vega-Lite.

    `names` are id, title and description of its picture.
    """
    _, title, description = names
    words = {"$schema": alt.SCHEMA_URL, "description": f"{title}. {description}"}
    return json.dumps(words | dict(spec), ensure_ascii=False, separators=(",", ":")) + "\n"


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
