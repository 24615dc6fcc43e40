"""Numbers as people and spreadsheets write them: minus signs, decimal commas, grouped thousands.

A number that can be read in one way is read. One that can be read in two ("1,234") is read as the
other numbers of its column are written, else as those of the sheet are; where they do not say, both
readings are named and none is taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

POINT, COMMA = "point", "comma"

MINUS_SIGNS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))
BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f\u200b\ufeff]+")
GROUPED_BY_BLANKS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[ '\u2019]\d{3})+(?:[.,]\d+)?")
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
GROUPED = re.compile(r"([+-]?[1-9]\d{0,2}(?:,\d{3})+)(\.\d+)?")
SWAPPED = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Numeral:
    """A cell read as a number: its text with a point as decimal mark, or what is wrong.

    `note` names the way of writing that was changed.
    """

    text: str = ""
    problem: str = ""
    note: str = ""


@dataclass
class Numerals:
    """How the numbers of a sheet are written: the decimal marks seen in each column."""

    marks: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, header: list[str], rows: Iterable[list[str]]) -> "Numerals":
        """Look through every cell: which of them are numbers with one mark only?"""
        marks: dict[str, set[str]] = {name: set() for name in header}
        for row in rows:
            for name, cell in zip(header, row, strict=False):
                if "," in cell or "." in cell:
                    readings = _readings(_tidy(cell))
                    if len(readings) == 1:
                        marks[name] |= readings.keys()
        return cls(marks)

    def read(self, column: str, cell: str, *, is_whole: bool = False) -> Numeral:
        """The number in a cell of this column; `is_whole` where it can only be a whole one."""
        text = _tidy(cell)
        readings = _readings(text)
        if not readings:
            return Numeral(problem=_what_is_wrong(text))
        if is_whole and len(readings) > 1:
            readings = {m: r for m, r in readings.items() if _is_whole(r)} or readings
        mark = self._mark(column, readings)
        if mark is None:
            both = " or ".join(readings.values())
            return Numeral(problem=f"a number that can be read in two ways: {both}")
        return Numeral(readings[mark], note=_note(cell, text, mark))

    def _mark(self, column: str, readings: dict[str, str]) -> str | None:
        if len(set(readings.values())) == 1:
            return next(iter(readings))
        in_column = self.marks.get(column, set())
        seen = in_column or {mark for marks in self.marks.values() for mark in marks}
        # A number with a point is what sheets are to hold: it is doubted only beside commas.
        if not seen and "." in readings[POINT]:
            return POINT
        return next(iter(seen)) if len(seen) == 1 else None


def _tidy(cell: str) -> str:
    """Without blanks around, with hyphens for minus signs, without blanks that group thousands."""
    text = BLANKS.sub(" ", cell).strip().translate(MINUS_SIGNS)
    text = re.sub(r"^([+-]) (?=[\d.,])", r"\1", text)
    return re.sub(r"[ '\u2019]", "", text) if GROUPED_BY_BLANKS.fullmatch(text) else text


def _readings(text: str) -> dict[str, str]:
    """What the text means with a point and with a comma as the decimal mark, where it can.

    A text without either mark has one reading, under POINT.
    """
    by_mark = {POINT: _with_point(text), COMMA: _with_point(text.translate(SWAPPED))}
    if "," not in text and "." not in text:
        del by_mark[COMMA]
    return {mark: reading for mark, reading in by_mark.items() if reading is not None}


def _with_point(text: str) -> str | None:
    if PLAIN.fullmatch(text):
        return text
    grouped = GROUPED.fullmatch(text)
    return grouped[1].replace(",", "") + (grouped[2] or "") if grouped else None


def _is_whole(text: str) -> bool:
    return float(text).is_integer()


def _note(cell: str, text: str, mark: str) -> str:
    decimal, group = (",", ".") if mark == COMMA else (".", ",")
    notes = []
    if decimal == "," and "," in text:
        notes.append("decimal commas")
    if group in text:
        notes.append(f"thousands grouped by {'points' if group == '.' else 'commas'}")
    if cell.strip().translate(MINUS_SIGNS) != cell.strip():
        notes.append("minus signs that are no hyphens")
    return " and ".join(notes)


def _what_is_wrong(text: str) -> str:
    found = re.match(r"[+-]?[\d.,]*\d", text)
    rest = text[found.end() :] if found else text
    if found and rest:
        return f"not a number: {rest!r} after it"
    return "not a number"
