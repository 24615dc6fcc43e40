"""Colours: readable as text in both schemes, and different in grey."""

import itertools
import re

import pytest

from reports import style, text, theme
from reports.theme import Colour


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two hex colours (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", [theme.PAPER, theme.STRIPE])
@pytest.mark.parametrize("ink", theme.TEXT_COLOURS)
def test_text_contrast(ink: Colour, ground: Colour) -> None:
    assert contrast(ink.light, ground.light) >= 4.5
    assert contrast(ink.dark, ground.dark) >= 4.5


def test_three_kinds_of_diamond_differ_in_grey() -> None:
    fills = (theme.RECOMMENDED, theme.SAME_METHOD, theme.PAPER)
    for one, other in itertools.combinations(fills, 2):
        assert contrast(one.light, other.light) >= 2


def test_colours_are_unambiguous() -> None:
    lights = [colour.light for colour in theme.COLOURS]
    assert len(set(lights)) == len(lights), "the dark scheme swaps colours by their light value"


def test_sheet_swaps_every_colour_on_screens_only() -> None:
    sheet = style.sheet("p{margin:0}")
    before, dark = sheet.split("@media screen and (prefers-color-scheme:dark)")
    for colour in theme.COLOURS:
        assert f'svg [fill="{colour.light}"]{{fill:{colour.dark}}}' in dark
        assert f'[fill="{colour.light}"]' not in before


@pytest.mark.parametrize("limit", [30.0, 80.0, 200.0])
@pytest.mark.parametrize("words", ["One meta-analysis: not pooled", "Pneumono" * 9, "a", ""])
def test_wrapping_loses_nothing_and_fits(words: str, limit: float) -> None:
    lines = text.wrap(words, limit, 11)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(text.width(line, 11) <= limit for line in lines)


def test_a_shortened_citation_keeps_its_year() -> None:
    citation = "van der Waal-Bartholomeusz and others 2010a"
    short = text.shorten_citation(citation, 120, 11)
    assert re.fullmatch(r"van der W.*… 2010a", short)
    assert text.width(short, 11) <= 120
    assert text.shorten_citation("Smith 2013", 120, 11) == "Smith 2013"
    assert text.width(text.shorten_citation("王" * 40, 120, 11), 11) <= 120
    assert text.shorten(citation, 120, 11).endswith("…")


def test_unlisted_letters_have_the_room_of_their_kind() -> None:
    assert text.width("ệ", 10) == text.width("e", 10)
    assert text.width("e\u0301", 10) == text.width("e", 10)
    assert text.width("王", 10) > text.width("Щ", 10) > text.width("щ", 10)
