"""Numbers as papers, people and spreadsheets write them, read where there is one reading.

A number that can be read in one way is read. One that can be read in two ("1,234") is read as the
other numbers of its column are written, else as those of the sheet are; where they do not say, both
readings are named and none is taken.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

POINT, COMMA = "point", "comma"

MISSING = frozenset(
    {
        "", "na", "nan", "nr", "?", "n/a", "n.a.", "n.r.", "not reported", "not available",
        "not applicable", "-", "--", ".", "..", "...", "\u2026", "_",
    }
)  # fmt: skip
"""What people write for a value that is not there, in lower case and with hyphens for dashes."""

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
GROUPED = re.compile(r"([+-]?[1-9]\d{0,2}(?:,\d{3})+)(\.\d+)?", re.ASCII)
SWAPPED = str.maketrans(",.", ".,")

BLANK = r"[\s\u200b-\u200f\u2060\ufeff]"
MINUS_SIGNS = str.maketrans(dict.fromkeys("\u02d7\u2010\u2011\u2012\u2013\u2014\u2212\ufe63", "-"))
WIDE_SIGNS = str.maketrans("\uff0b\uff0c\uff0d\uff0e\uff05\uff1c\uff1d\uff1e", "+,-.%<=>")
RAISED = str.maketrans(
    "\u207b\u207a\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "-+0123456789"
)
MIDDLE_DOT = re.compile(r"(?<=\d)[\u00b7\u2219\u22c5\u2027](?=\d)")
FOOTNOTE_MARKS = re.compile(r"(?<=[\d.,%])\s*[*\u2020\u2021\u00a7\u00b6\u1d43\u1d47\u1d9c]+$")
POWER_OF_TEN = re.compile(
    r"(?:([+-]?[\d.,]+)\s*[x\u00d7*\u00b7\u22c5]\s*)?10"
    r"(?:(?:\^|\*\*)\s*\(?([+-]?\d+)\)?|(-\d+)|([\u207b\u207a]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+))"
)
GROUPED_BY = {
    "blanks": re.compile(r"[+-]?[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?"),
    "apostrophes": re.compile(r"[+-]?[1-9]\d{0,2}(?:['\u2019]\d{3})+(?:[.,]\d+)?"),
}
MIDDLE_DOTS = "middle dots for decimal points"
BOUNDED = re.compile(r"(?:[pP]\s*)?([<>=\u2264\u2265]?=?)\s*(.*?)\s*(%?)", re.DOTALL)
OPERATORS = {"\u2264": "<=", "\u2265": ">="}


@dataclass(frozen=True)
class Numeral:
    """A cell read as a number: its text with a point as decimal mark, or what is wrong.

    `note` names the ways of writing that were changed.
    """

    text: str = ""
    problem: str = ""
    note: str = ""


@dataclass
class Numerals:
    """How the numbers of a sheet are written: the decimal marks seen in each column.

    Where they say nothing, a point is a decimal mark in a sheet `is_plain`: its cells are separated
    by commas, as where people write decimal points.
    """

    marks: dict[str, set[str]] = field(default_factory=dict)
    is_plain: bool = True

    @classmethod
    def of(
        cls,
        header: list[str],
        rows: Iterable[list[str]],
        *,
        whole: Collection[str] = (),
        is_plain: bool = True,
    ) -> Self:
        """Look through every cell: which are numbers with one mark only? `whole` are counts."""
        marks: dict[str, set[str]] = {name: set() for name in header}
        for row in rows:
            for name, cell in zip(header, row, strict=False):
                if not PLAIN.fullmatch(cell) or "." in cell:
                    _, text, _ = split_bound(cell)
                    readings = _readings(*_tidy(text), is_whole=name in whole)
                    if len(readings) == 1 and ("," in cell or "." in cell):
                        marks[name] |= readings.keys()
        return cls(marks, is_plain)

    def read(self, column: str, cell: str, *, is_whole: bool = False) -> Numeral:
        """The number in a cell of this column; `is_whole` where it can only be a whole one."""
        text, notes = _tidy(cell)
        readings = _readings(text, notes, is_whole=is_whole)
        if not readings:
            return Numeral(problem=_what_is_wrong(text))
        mark = self.choose(column, readings, is_whole=is_whole)
        if mark is None:
            both = " or ".join(readings.values())
            return Numeral(problem=f"a number that can be read in two ways: {both}")
        return Numeral(readings[mark], note=" and ".join(_marks_noted(text, mark) + notes))

    def choose(
        self, column: str, readings: Mapping[str, str], *, is_whole: bool = False
    ) -> str | None:
        """The decimal mark of a cell by its readings; None where nothing tells."""
        if len(set(readings.values())) == 1:
            return next(iter(readings))
        in_column = self.marks.get(column, set())
        seen = in_column or {mark for marks in self.marks.values() for mark in marks}
        # A number with a point is what sheets are to hold: it is doubted only beside commas, in
        # sheets that are not plain, and among counts, of which 1.000 may be a thousand.
        if not seen and "." in readings[POINT] and self.is_plain and not is_whole:
            return POINT
        return next(iter(seen)) if len(seen) == 1 else None


def is_missing(cell: str) -> bool:
    """Whether the cell is empty or says that there is no value."""
    return with_hyphens(cell).lower() in MISSING


def split_bound(cell: str) -> tuple[str, str, str]:
    """Operator, number and percent sign of a cell such as "p < 0.001" or "45 %"."""
    text = _trimmed(cell).translate(WIDE_SIGNS)
    unmarked = FOOTNOTE_MARKS.sub("", text)
    found = BOUNDED.fullmatch(unmarked if unmarked.endswith("%") else text)
    operator, number, percent = found.groups()
    return OPERATORS.get(operator, operator), number, percent


def strict_bound(operator: str) -> str:
    """The operator where there is none for "at most" and "at least": a hair makes no difference."""
    return operator.removesuffix("=") or operator


def with_hyphens(cell: str) -> str:
    """The cell without blanks around it, with hyphens for minus signs and dashes."""
    return _trimmed(cell).translate(MINUS_SIGNS)


def _trimmed(cell: str) -> str:
    return re.sub(f"^{BLANK}+|{BLANK}+$", "", cell)


def _tidy(cell: str) -> tuple[str, list[str]]:
    """The cell in the signs of plain numbers, and what was changed."""
    text = _trimmed(cell)
    notes = [] if text == cell else ["blanks around the number"]
    text = re.sub(f"{BLANK}+", " ", text)
    for note, change in CHANGES.items():
        before, text = text, change(text)
        notes += [note] if text != before else []
    return text, notes


def _in_ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    signs = text.translate(WIDE_SIGNS)
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in signs)


def _with_minus(text: str) -> str:
    return re.sub(r"^([+-]) (?=[\d.,])", r"\1", text.translate(MINUS_SIGNS))


def _with_exponent(text: str) -> str:
    found = POWER_OF_TEN.fullmatch(text)
    if not found:
        return text
    number, *exponents = found.groups()
    exponent = next(filter(None, exponents)).translate(RAISED)
    return f"{number or '1'}E{exponent}"


def _ungrouped(kind: str, marks: str):
    def change(text: str) -> str:
        return re.sub(marks, "", text) if GROUPED_BY[kind].fullmatch(text) else text

    return change


CHANGES = {
    "digits of another script": _in_ascii_digits,
    "minus signs that are no hyphens": _with_minus,
    "powers of ten": _with_exponent,
    MIDDLE_DOTS: lambda text: MIDDLE_DOT.sub(".", text),
    "footnote marks": lambda text: FOOTNOTE_MARKS.sub("", text),
    "thousands grouped by blanks": _ungrouped("blanks", " "),
    "thousands grouped by apostrophes": _ungrouped("apostrophes", "['\u2019]"),
}
"""Ways of writing that leave one reading, in the order in which they are undone."""


def _readings(text: str, notes: list[str], *, is_whole: bool) -> dict[str, str]:
    """What the text means with a point and with a comma as the decimal mark, where it can.

    A text without either mark, or with a middle dot, has one reading, under POINT.
    """
    by_mark = {POINT: _with_point(text), COMMA: _with_point(text.translate(SWAPPED))}
    if ("," not in text and "." not in text) or MIDDLE_DOTS in notes:
        del by_mark[COMMA]
    readings = {mark: reading for mark, reading in by_mark.items() if reading is not None}
    whole = {mark: text for mark, text in readings.items() if is_whole and _is_whole(text)}
    return whole or readings


def _with_point(text: str) -> str | None:
    if PLAIN.fullmatch(text):
        return text
    grouped = GROUPED.fullmatch(text)
    return grouped[1].replace(",", "") + (grouped[2] or "") if grouped else None


def _is_whole(text: str) -> bool:
    return float(text).is_integer()


def _marks_noted(text: str, mark: str) -> list[str]:
    decimal, group = (",", ".") if mark == COMMA else (".", ",")
    notes = []
    if decimal == "," and "," in text:
        notes.append("decimal commas")
    if group in text:
        notes.append(f"thousands grouped by {'points' if group == '.' else 'commas'}")
    return notes


def _what_is_wrong(text: str) -> str:
    found = re.match(r"[+-]?[\d.,]*\d", text)
    rest = text[found.end() :] if found else text
    if found and rest:
        return f"not a number: {rest!r} after it"
    return "not a number"
