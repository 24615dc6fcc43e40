"""Measure and wrap text without a font file.

Advance widths are those of Liberation Sans 2 (metric-compatible with Arial) in thousandths of
the font size; the others are guessed. Exactness does not matter, only that columns never overlap,
so a small safety factor is added.
"""

import re
import unicodedata
from functools import cache

from reports.theme import THIN_SPACE

SAFETY = 1.02
NO_BREAK = "\u00a0"
BREAKS = re.compile(rf"[^\S{NO_BREAK}{THIN_SPACE}]+")
REGULAR = {
    191: "'",
    200: "\u2009",
    222: "ijl’",
    260: "|",
    278: " \u00a0!,./:;I[\\]ft",
    333: "()-`r·²“”{}",
    350: '•"',
    389: "*τ",
    469: "^",
    500: "Jcksvxyzç",
    549: "≥≤",
    556: "#$0123456789?L_abdeghnopqu–†éöüãåñ",
    584: "+<=>~−×",
    611: "FTZø",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…",
    1015: "—←→@",
}
BOLD = {
    200: "\u2009",
    238: "'",
    278: " \u00a0,./I\\ijl’|",
    333: "!()-:;[]`ft·²",
    350: "•",
    389: "*r{}",
    446: "τ",
    474: '"',
    500: "z“”",
    549: "≥≤",
    556: "#$0123456789J_aceksvxy–†éçãå",
    584: "+<=>^~−×",
    611: "?FLTZbdghnopquöüøñ",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    833: "M",
    889: "%m",
    944: "W",
    1000: "—←→@…",
}
DEFAULT = 600
CAPITAL = 722
WIDE = 1000
ELLIPSIS = "…"


class Advances(dict[str, int]):
    """Advances of the letters of one weight; looking up one that is not listed gives a guess."""

    def __init__(self, bold: bool) -> None:
        table = BOLD if bold else REGULAR
        super().__init__((letter, width) for width, letters in table.items() for letter in letters)
        self.bold = bold

    def __missing__(self, letter: str) -> int:
        return _unlisted(letter, self.bold)


_advances = cache(Advances)


@cache
def _unlisted(letter: str, bold: bool) -> int:
    """Advance of a letter that is not listed: that of the letter without its marks, or a guess."""
    base, *marks = unicodedata.normalize("NFD", letter)
    if marks and base in _advances(bold):
        return _advances(bold)[base]
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE
    return CAPITAL if letter.isupper() else DEFAULT


def is_known(text: str) -> bool:
    """Whether the width of every letter is listed, so that none is a guess."""
    return all(one in _advances(bold=False) for one in text)


def width(text: str, size: float, bold: bool = False) -> float:
    """Drawn width of one line in px at a font size in px."""
    return sum(map(_advances(bold).__getitem__, text)) * size / 1000 * SAFETY


def widest(texts: list[str], size: float, bold: bool = False) -> float:
    """Width of the widest of some lines, 0 for none."""
    return max((width(text, size, bold) for text in texts), default=0.0)


def shorten(text: str, limit: float, size: float, ending: str = ELLIPSIS) -> str:
    """A text that fits into `limit` px; `ending` stands for the end of a longer one."""
    if width(text, size) <= limit:
        return text
    while text and width(text + ending, size) > limit:
        text = text[:-1].rstrip()
    return text + ending


def shorten_citation(text: str, limit: float, size: float) -> str:
    """The same with the year kept, the last word, which tells an author's works apart."""
    authors, _, year = text.rpartition(" ")
    if not authors or width(text, size) <= limit:
        return shorten(text, limit, size)
    return shorten(authors, limit - width(f" {year}", size), size) + f" {year}"


def wrap(text: str, limit: float, size: float, bold: bool = False) -> list[str]:
    """Break text at spaces into lines no wider than `limit` px; a longer word is cut.

    Returns at least one line; no character but the spaces at the breaks is lost. A no-break space
    holds words together and comes back as a plain space; a thin space holds a number together.
    """
    lines: list[str] = []
    line = ""
    for word in filter(None, BREAKS.split(text)):
        candidate = f"{line} {word}" if line else word
        if width(candidate, size, bold) <= limit:
            line = candidate
            continue
        if line:
            lines.append(line)
        *full, line = cut(word, limit, size, bold)
        lines.extend(full)
    lines.append(line)
    return [line.replace(NO_BREAK, " ") for line in lines]


def cut(word: str, limit: float, size: float, bold: bool = False) -> list[str]:
    """Cut one word into pieces no wider than `limit` px, each of at least one character."""
    pieces, piece = [], ""
    for letter in word:
        if piece and width(piece + letter, size, bold) > limit:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]
