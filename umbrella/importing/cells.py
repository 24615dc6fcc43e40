"""Cells of printed tables: an estimate with its interval, counts, P-values, verdicts in one cell.

A cell is read with a point and with a comma as the decimal mark, and with a dash as "to" and as a
minus sign. What can be read in one way is read; of several readings each is named and none taken.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from umbrella.importing.languages import IN_CELLS
from umbrella.sheets.numerals import COMMA, MINUS_SIGNS, POINT, Numerals

MARKS = re.compile(r"[\u2020\u2021\u00a7\u00b6\u2016\u1d43-\u1d6a]+|\*+(?!\s*10)")
"""Footnote marks; an asterisk before 10 multiplies."""

LETTER = re.compile(r"(?<=[\d%)\]])([a-df-h])$")
"""A letter after a number: a footnote mark, since no number ends in one."""

RAISED = re.compile(r"(?<=[\d%)\]])(?<!10)[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+$")
"""Raised digits after a number or bracket: a footnote mark, unless they are a power of 10."""

YES = ("yes", "y", "true", "present", "detected", "significant", "sig", "\u2713", "\u2714")
NO = (
    "no", "n", "false", "absent", "none", "not detected", "no evidence", "not significant",
    "non significant", "nonsignificant", "ns", "n s", "\u2717", "\u2718",
)  # fmt: skip
INCLUDES = re.compile(r"(includ|contain|cross|span)\w*( the)?( null| no effect| 1| 0| one| zero)?")
EXCLUDES = re.compile(
    r"(exclud\w*|(does )?not (includ|contain|cross)\w*)( the)?( null| no effect| 1| 0| one| zero)?"
)

NOT_SIGNIFICANT = ("ns", "n s", "not significant", "non significant", "nonsignificant")
ORDINARY_LEVEL = "0.05"
"""What a P that is printed as not significant is above."""

LEAD = r"(?:(?P<word>[A-Za-z][A-Za-z'\u2019. -]*?)\s*[:=]?\s*)?"
UNIT_LETTERS = r"[A-Za-z\u00b5\u03bc\u00b0]"
UNIT = rf"(?:\s*(?P<unit>{UNIT_LETTERS}(?:{UNIT_LETTERS}|[/\u00b7.])*\d?(?:/[A-Za-z\d.]+)?))?"
INTERVAL = r"(?:CI|C\.I\.|KI|IC|CrI|PI|confidence interval|credible interval|prediction interval)"
LEVEL = r"\d\d(?:\.\d)?"
LABEL = (
    rf"\s*(?:(?P<level>{LEVEL})\s*%\s*-?\s*)?"
    rf"(?:{INTERVAL}\s*(?:(?:\u00e0\s*|at\s*)?(?P<level_after>{LEVEL})\s*%)?\s*[:=,]?\s*)?"
    r"[(\[]?\s*(?:(?:from|von|de|del?)\s+)?"
)
OPEN = rf"\s*(?:[(\[;]|,\s|,?\s(?=\d\d\s*%|{INTERVAL})){LABEL}"
CLOSE = (
    r"\s*%?\s*[)\]]*\s*(?:[,;]?\s*\(?(?P<p>[pP]\s*(?:<=|>=|[<=>\u2264\u2265])\s*[^)\]]+"
    r"|n\.?\s?s\.?)[)\]]?)?"
)
LABEL_ALONE = LABEL.replace("<level", "<alone_level")
JOINERS = (
    r"\s*%?\s*(?:to|until|through|and|bis|und|a|\u00e0|et|hasta|y|;|~|\||\.\.+|,|-)\s*",
    r"\s*%?\s+(?=-\d|-[.,]\d)",
)
"""Between two limits: a word or mark; or nothing, where the second begins with a minus sign."""


LEVELS = ("level", "level_after", "alone_level", "alone_level_after")


BETWEEN_LIMITS = re.compile(r"([(\[]\s*-?\d*\.\d+),(?=-?\d*\.\d+\s*[)\]])")
"""A comma without a blank between two limits with decimal points."""


class Refused(ValueError):
    """A cell that cannot be read, or in two ways; the text says which."""


class Split(NamedTuple):
    """What stood in one cell, each part as a number with a point; empty where it did not."""

    estimate: str = ""
    low: str = ""
    high: str = ""
    word: str = ""
    unit: str = ""
    level: str = ""
    p: str = ""
    is_percent: bool = False


@dataclass
class Marks:
    """Footnote marks that were left out, and from how many cells of which column."""

    found: dict[tuple[str, str], int] = field(default_factory=dict)

    def without(self, column: str, cell: str, *, is_number: bool = False) -> str:
        """The cell without its footnote marks, which are counted."""
        text = MARKS.sub("", cell)
        marks = "".join(MARKS.findall(cell))
        if is_number:
            marks += "".join(RAISED.findall(text.strip()))
            text = RAISED.sub("", text.strip())
        letter = LETTER.search(text.strip()) if is_number else None
        if letter:
            text, marks = text.strip()[:-1], marks + letter[1]
        if marks:
            self.found[column, marks] = self.found.get((column, marks), 0) + 1
        return text.strip()


def plain(text: str) -> str:
    """A text as plain words: lower case, one blank for whatever is no letter or digit."""
    text = re.sub(r"['\u2019]", "", unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"[\W_]+", " ", text).strip()


def tidy(cell: str) -> str:
    """Superscripts as digits, one kind of blank and of dash."""
    text = unicodedata.normalize("NFKC", cell).translate(MINUS_SIGNS)
    text = re.sub(r"(?<=\d)\u00b7(?=\d)(?!10\s*\^?\s*-)", ".", text)
    return re.sub(r"\s+", " ", text).strip()


def number_tokens(rows: Iterable[list[str]]) -> list[list[str]]:
    """The single numbers in the cells, as rows of their own: they show how a column is written."""
    found = []
    for row in rows:
        tokens = [re.findall(r"\d+(?:[.,]\d+)*", cell) for cell in row]
        for position in range(max(map(len, tokens), default=0)):
            found.append([one[position] if position < len(one) else "" for one in tokens])
    return found


def split(cell: str, column: str, numerals: Numerals) -> Split | None:
    """An estimate, an interval or both; None where the cell holds a single number.

    Raises Refused for a cell of two readings and for one that is no such thing.
    """
    text = BETWEEN_LIMITS.sub(r"\1, ", tidy(cell))
    readings: dict[str, list[Split]] = {}
    for mark in (POINT, COMMA):
        found = _splits(text, mark)
        if found:
            readings[mark] = found
    if not readings:
        return None
    shown = {mark: " or ".join(map(_shown, found)) for mark, found in readings.items()}
    mark_of_cell = numerals.choose(column, shown)
    if mark_of_cell is None:
        raise Refused(f"can be read in two ways: {' or '.join(shown.values())}")
    found = readings[mark_of_cell]
    if len(found) > 1:
        raise Refused(f"can be read in two ways: {shown[mark_of_cell]}")
    return found[0]


def _splits(text: str, mark: str) -> list[Split]:
    """The readings of a cell with this decimal mark: by what joins the limits."""
    one = _number(mark)
    found = []
    for joiner in JOINERS:
        pattern = (
            rf"(?:{LEAD}(?!{LEVEL}\s*%\s*-?\s*{INTERVAL})(?P<estimate>{one})\s*(?P<percent>%)?{UNIT}{OPEN}|[(\[]?{LABEL_ALONE})"
            rf"(?P<low>{one}){joiner}(?P<high>{one}){CLOSE}"
        )
        match = re.fullmatch(pattern, text, re.IGNORECASE)
        if match:
            reading = _of_match(match, mark)
            if reading not in found:
                found.append(reading)
    possible = [reading for reading in found if _is_possible(reading)]
    return possible or found[:1]


def _number(mark: str) -> str:
    decimal, group = (r"\.", ",") if mark == POINT else (",", r"\.")
    whole = rf"(?:[1-9]\d{{0,2}}(?:{group}\d{{3}})+(?!\d)|\d+)"
    return (
        rf"(?<!\d)(?<!\d[.,])[+-]?(?:{whole}(?:{decimal}\d+)?|{decimal}\d+)(?:e[+-]?\d+)?"
        rf"(?!\d|{decimal}\d)"
    )


def _of_match(match: re.Match[str], mark: str) -> Split:
    numbers = {name: as_point(match[name] or "", mark) for name in ("estimate", "low", "high")}
    percent = next((match[name] for name in LEVELS if match[name]), "")
    level = f"{float(percent) / 100:g}" if percent else ""
    word = (match["word"] or "").strip(" .:-")
    if re.fullmatch(r"(?:\d+ )?c\.?i\.?|ki|ic|confidence interval", word, re.IGNORECASE):
        word = ""
    is_percent = bool(match["percent"]) or "%" in match[0][match.start("low") :]
    p = (match["p"] or "").strip()
    return Split(
        **numbers, word=word, unit=match["unit"] or "", level=level, p=p, is_percent=is_percent
    )


def _is_possible(reading: Split) -> bool:
    low, high = float(reading.low), float(reading.high)
    return low <= high and (not reading.estimate or low <= float(reading.estimate) <= high)


def as_point(text: str, mark: str) -> str:
    """A number with a point as its decimal mark and no grouping."""
    group, decimal = (",", ".") if mark == POINT else (".", ",")
    return text.replace(group, "").replace(decimal, ".").removeprefix("+")


def _shown(reading: Split) -> str:
    interval = f"{reading.low} to {reading.high}"
    return f"{reading.estimate} ({interval})" if reading.estimate else interval


def verdict(cell: str) -> str:
    """Yes or no, where the cell says one of them; else empty."""
    cell = IN_CELLS.meaning(cell)
    word = plain(cell) or cell.strip()
    return "yes" if word in YES else "no" if word in NO else ""


def excludes_null(cell: str) -> str:
    """Whether a prediction interval excludes the null, where the cell says that in words."""
    word = plain(cell)
    if EXCLUDES.fullmatch(word):
        return "yes"
    return "no" if INCLUDES.fullmatch(word) else ""


def counts(cell: str) -> list[str]:
    """The counts of a cell such as "1234/56789" or "12 (18400)", as they are written."""
    text = tidy(cell)
    match = re.fullmatch(r"(.+?)\s*(?:/|\(|;|\|)\s*(.+?)\)?", text)
    return [match[1], match[2]] if match else [text]


def translated(cell: str, words: Mapping[str, str]) -> str:
    """What the caller says that a cell means."""
    return words.get(plain(cell), cell) if words else cell


def with_fraction(cell: str) -> tuple[tuple[str, str] | None, str]:
    """The counts that stand beside a percentage, as in "45/360 (12.5%)", and the rest of it."""
    text = tidy(cell)
    count = r"\d[\d., ]*?"
    first = re.fullmatch(rf"({count})\s*(?:/|\bof\b)\s*({count})(?:\s*[(,;]\s*(.*?)\)?)?", text)
    if first:
        return (first[1], first[2]), first[3] or ""
    last = re.fullmatch(rf"(.*?)\s*[(,;]\s*({count})\s*(?:/|\bof\b)\s*({count})\)?", text)
    return ((last[2], last[3]), last[1]) if last else (None, cell)
