"""Which character separates the cells of a sheet: told by the file, or by what fits every row."""

import csv
import io
import re

from umbrella.sheets.problems import Problem

COMMA = ","
NAMES = {COMMA: "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

TOLD = re.compile(r'"?sep=(.)"?[,;\t|]*\r?\n', re.IGNORECASE)
"""First line by which Excel is told the separator; it is no row of the sheet."""


def told_separator(text: str) -> tuple[str | None, str]:
    """The separator that a first line `sep=` names, and the text below that line."""
    told = TOLD.match(text)
    return (told[1], text[told.end() :]) if told else (None, text)


def separator_of(text: str, sheet: str) -> str | Problem:
    """The separator of the cells, or the finding that several would do.

    Where the header falls into several names by one character only, it is that. Where it does by
    several, it is the one that gives every row as many cells as the header.
    """
    head = text[: text.find("\n") + 1] or text
    if not any(character in head for character in NAMES):
        # A title: the first row that any character separates is the header.
        lines = text.splitlines(keepends=True)
        head = next((line for line in lines if any(mark in line for mark in NAMES)), head)
    several = [character for character in NAMES if len(_cells(head, character)) > 1]
    if len(several) > 1:
        fitting = [character for character in several if _fits(text, character)]
        if len(fitting) != 1:
            return _undecided(head, several, sheet)
        several = fitting
    return several[0] if several else COMMA


def _cells(text: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])


def _fits(text: str, separator: str) -> bool:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    return len({len(row) for row in rows if any(row)}) == 1


def _undecided(head: str, separators: list[str], sheet: str) -> Problem:
    readings = "; ".join(
        f"by {NAMES[one]}: {len(_cells(head, one))} columns, {', '.join(_cells(head, one)[:4])} ..."
        for one in separators
    )
    return Problem(
        sheet,
        f"the first row can be read in several ways ({readings})",
        "one separator throughout, or a line sep=; (or another character) above the first row",
        row=1,
    )
