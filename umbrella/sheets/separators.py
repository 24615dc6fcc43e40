"""Which character separates the cells of a sheet: told by the file, or by what fits every row."""

import csv
import io
import re
from collections.abc import Callable, Iterator

from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.text import shorten

COMMA = ","
NAMES = {COMMA: "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

TOLD = re.compile(r'"?sep=(.)"?[,;\t|]*(?:\r\n?|\n)', re.IGNORECASE | re.DOTALL)
"""First line by which Excel is told the separator; it is no row of the sheet."""

SEPARATES = re.compile(r"[^\w\s\"'.+-]|[ \t]", re.ASCII)
"""What a line `sep=` may name: nothing that words, numbers or quotes are made of."""

Lines = Callable[[], Iterator[str]]
"""Begins with the first line of a file, each time anew."""


def told_separator(first_line: str, sheet: str) -> str | None:
    """The separator that the first line of a file names by `sep=`, if it does."""
    told = TOLD.fullmatch(first_line)
    if told and not SEPARATES.fullmatch(told[1]):
        problem = f"the line sep= names {shorten(told[1])}, which cannot separate cells"
        raise SheetProblem(Problem(sheet, problem, "sep=, or sep=; or another such sign", row=1))
    return told[1] if told else None


def separator_of(lines: Lines, sheet: str) -> str:
    """The separator of the cells; raises SheetProblem where several would do.

    Where the header falls into several names by one character only, it is that. Where it does by
    several, it is the one that gives every row as many cells as the header.
    """
    head = next(lines(), "")
    if not any(character in head for character in NAMES):
        # A title: the first row that any character separates is the header.
        head = next((line for line in lines() if any(mark in line for mark in NAMES)), head)
    several = [character for character in NAMES if len(_cells(head, character)) > 1]
    if len(several) > 1:
        fitting = [character for character in several if _fits(lines(), character)]
        if len(fitting) != 1:
            raise SheetProblem(_undecided(head, several, sheet))
        several = fitting
    return several[0] if several else COMMA


def _cells(text: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])


def _fits(lines: Iterator[str], separator: str) -> bool:
    """Whether every row with cells has as many of them as the first."""
    try:
        lengths = (len(row) for row in csv.reader(lines, delimiter=separator) if any(row))
        first = next(lengths, 0)
        return first > 0 and all(length == first for length in lengths)
    except csv.Error:  # a cell longer than any
        return False


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
