"""One place for fonts, sizes, colours and the typography of numbers.

Figures are authored at most 743 px wide with 11 px text: printed 176 mm wide (a double column)
that is 7.4 pt text, and 7.1 pt small text: journals ask for 7. Colours are safe for colour-blind
readers (blue against orange), differ in lightness so that they survive grey printing, and never
carry a meaning alone.
"""

from dataclasses import dataclass
from typing import Any

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"

WIDTH = 743
PADDING = 3
CONTENT = WIDTH - 2 * PADDING - 2
PHONE = 316
PRINT_WIDTH_MM = 176
PNG_DPI = 300
TIFF_DPI = 600
"""What journals ask of drawings with text; of photographs they ask half."""
SCREEN_DPI = 150
"""Of the PNG files of a site, for slides; those for print are drawn one by one."""
POINTS_PER_INCH = 72
MM_PER_INCH = 25.4

TEXT = 11
SMALL = 10.5
TITLE = 15
SUBTITLE = 12
LINE_HEIGHT = 1.3

ROW = 18
WRAPPED_LINE = 13
GAP = 9

HAIRLINE = 0.75
LINE = 1.25
BAR = 2

MINUS = "\u2212"
THIN_SPACE = "\u2009"
DAGGER = "\u2020"
NEITHER = "*"
NOT_REPORTED = "NR"
NOT_APPLICABLE = "\u2013"
GROUP_FROM = 10_000


@dataclass(frozen=True)
class Colour:
    """A colour by meaning: its value on a white page, and on a dark page."""

    light: str
    dark: str


INK = Colour("#1c2128", "#e8ebf0")
MUTED = Colour("#4c5664", "#b5bdc9")
PAPER = Colour("#ffffff", "#14181e")
STRIPE = Colour("#f3f5f9", "#1d232c")
RULE = Colour("#c2c9d4", "#4b5565")
GRID = Colour("#a3acba", "#616c7d")
SQUARE = Colour("#2d3a4b", "#cdd5e0")
RECOMMENDED = Colour("#1d5ea8", "#82b6f2")
SAME_METHOD = Colour("#98a4b5", "#77839a")
PREDICTION = Colour("#9a4a00", "#f2a65e")
RANGE = Colour("#d5dde8", "#374253")
CONFLICT = Colour("#a63a00", "#ff9d6b")
UNCHECKED = Colour("#5b6472", "#aab3c0")
STAGE = Colour("#dfe8f4", "#26344a")
BAND_2 = Colour("#bcd3ee", "#33507a")
BAND_3 = Colour("#8db6e6", "#41669c")

COLOURS = (
    INK,
    MUTED,
    PAPER,
    STRIPE,
    RULE,
    GRID,
    SQUARE,
    RECOMMENDED,
    SAME_METHOD,
    PREDICTION,
    RANGE,
    CONFLICT,
    UNCHECKED,
    STAGE,
    BAND_2,
    BAND_3,
)
# Fill and ink from the best grade on; a scheme with more grades keeps the last for the rest.
RAMP = (
    (RECOMMENDED, PAPER),
    (BAND_3, INK),
    (BAND_2, INK),
    (STAGE, INK),
    (STRIPE, INK),
)
TEXT_COLOURS = (INK, MUTED, RECOMMENDED, PREDICTION, CONFLICT, UNCHECKED)

SOURCES = {
    "published": "Published",
    "seed_paper": "Recomputed, conventional method",
    "recommended": "Recomputed, recommended method",
}


def points(mm: float) -> float:
    """A length in mm as points of a PDF."""
    return mm / MM_PER_INCH * POINTS_PER_INCH


def config() -> dict[str, Any]:
    """Vega-Lite configuration shared by every chart.

    `aria` is off because per-mark labels drown a screen reader; the whole picture is described
    once, by the title and description that `reports.render` injects.
    """
    text = {"font": FONT, "fontSize": TEXT, "color": INK.light}
    axis = {
        "labelFont": FONT,
        "labelFontSize": TEXT,
        "labelColor": INK.light,
        "domainColor": INK.light,
        "tickColor": INK.light,
        "domainWidth": HAIRLINE,
        "tickWidth": HAIRLINE,
        "grid": False,
        "translate": 0,
        "tickRound": False,
        "labelFlush": False,
    }
    return {
        "aria": False,
        "font": FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": axis,
        "text": text,
    }
