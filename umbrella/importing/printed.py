"""A table as printed: titles above its header, a header in two rows, group rows, notes below.

Nothing of it is lost without a word: what is no row of results is told with its row number.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from umbrella.errors import UmbrellaError
from umbrella.sheets.reading import Table
from umbrella.text import plural, shorten

SEARCHED_ROWS = 20
"""Rows from the top in which the header is looked for."""

NAMES_OF_HEADER = 3
"""How many known names make a header, where a workbook has several worksheets."""

NOTE = re.compile(
    r"[*\u2020\u2021\u00a7\u00b6\u2016#]|(note|abbreviation|source)s?\b", re.IGNORECASE
)
"""How a row begins that explains the table, where it stands between others."""

NUMBER = re.compile(r"[<>=\u2264\u2265+\u2212-]?\s*[.,]?\d")

Record = Sequence[str]
IsName = Callable[[str], bool]
Join = Callable[[str, str], str]


@dataclass
class Body:
    """The rows of results below one header, with their row numbers and the groups they stand in."""

    table: Table
    numbers: list[int] = field(default_factory=list)
    groups: dict[int, str] = field(default_factory=dict)
    """Group of a row, by its row number."""
    told: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    """Which of several results of one row of the sheet each row is; empty where it is the row."""
    header: tuple[int, int] = (1, 1)
    """First and last row of the names of columns."""


def has_header(records: Sequence[Record], is_name: IsName) -> bool:
    """Whether a row near the top names several columns of results."""
    return any(
        sum(map(is_name, filter(None, record))) >= NAMES_OF_HEADER
        for record in records[:SEARCHED_ROWS]
    )


def body_of(
    table: Table, is_name: IsName, join: Join, header: tuple[int, int] | None = None
) -> Body:
    """Find the header and the rows.

    `is_name` tells whether a cell is the name of a column, `join` what a column is called below a
    name that spans several; `header` gives the first and last row of names where they are known.

    Raises UmbrellaError where the table has no such rows.
    """
    records = [[cell.strip() for cell in row] for row in (table.header, *table.rows)]
    first, last = _rows_said(records, header) if header else _header_rows(records, is_name)
    body = Body(
        Table(_joined(records[first : last + 1], join), [], table.dialect),
        header=(first + 1, last + 1),
    )
    for number, record in enumerate(records[:first], start=1):
        if any(record):
            body.told.append(f"row {number} above the header: left out, {_words(record)}")
    if last > first:
        body.told.append(f"header: rows {first + 1} and {last + 1} together")
    _add_rows(body, records, last + 1, records[last])
    return body


def _rows_said(records: Sequence[Record], header: tuple[int, int]) -> tuple[int, int]:
    first, last = header
    if not 1 <= first <= last <= min(first + 1, len(records)):
        said = str(first) if first == last else f"{first}-{last}"
        raise UmbrellaError(
            f"The header is said to be row {said}, and the table has {plural(len(records), 'row')}."
            "\nright: the row of the names of columns, or two that follow each other, such as 3-4"
        )
    return first - 1, last - 1


def _header_rows(records: Sequence[Record], is_name: IsName) -> tuple[int, int]:
    """First and last row of the header: the one with most names, and a second one beside it."""
    n_names = [sum(map(is_name, record)) for record in records[:SEARCHED_ROWS]]
    at = n_names.index(max(n_names))
    if at > 0 and _may_be_header(records[at - 1]) and _completes(records[at - 1], records[at]):
        return at - 1, at
    if at + 1 < len(n_names) and 2 * n_names[at + 1] >= len(_filled(records[at + 1])) > 1:
        return at, at + (1 if _may_be_header(records[at + 1]) else 0)
    return at, at


def _may_be_header(record: Record) -> bool:
    filled = _filled(record)
    return len(set(filled)) > 1 and not any(map(NUMBER.fullmatch, filled))


def _completes(upper: Record, lower: Record) -> bool:
    """Whether the lower row needs the upper one: it has gaps there, or says one thing twice."""
    names = _filled(lower)
    gaps = any(above and below in ("", above) for above, below in zip(upper, lower, strict=False))
    return gaps or len(set(names)) < len(names)


def _joined(records: Sequence[Record], join: Join) -> list[str]:
    """One name for each column; a name of the upper row spans the columns to its right."""
    if len(records) == 1:
        return list(records[0])
    upper, lower = records
    names, spanning = [], ""
    for above, below in zip(upper, lower, strict=False):
        spanning = above or (spanning if below else "")
        if below and spanning not in ("", below) and lower.count(below) == 1:
            names.append(join(spanning, below))
        else:
            names.append(" ".join(dict.fromkeys(part for part in (spanning, below) if part)))
    return names


def _add_rows(body: Body, records: Sequence[Record], start: int, header: Record) -> None:
    filled = [position for position, record in enumerate(records) if len(set(_filled(record))) > 1]
    end = filled[-1] if filled else start
    group: list[str] = []
    heads: dict[tuple[int, str], int] = {}
    was_group = False
    for position, record in enumerate(records[start:], start=start):
        words = list(dict.fromkeys(_filled(record)))
        number = position + 1
        if not words:
            continue
        if list(record) == list(header):
            body.told.append(f"row {number} repeats the header: left out")
        elif len(words) == 1 and len(header) > 1:
            if position > end or NOTE.match(words[0]):
                body.told.append(f"row {number} is a note: left out, {_words(record)}")
                continue
            group = [*group, words[0]] if was_group else words
            heads[number, ": ".join(group)] = 0
            was_group = True
            continue
        else:
            body.table.rows.append(list(record))
            body.numbers.append(number)
            if group:
                body.groups[number] = ": ".join(group)
                heads[list(heads)[-1]] += 1
        was_group = False
    body.told += [
        f"row {number} names a group of {plural(n, 'row')}: {shorten(text)}"
        for (number, text), n in heads.items()
        if n
    ]


def _filled(record: Record) -> list[str]:
    return [cell for cell in record if cell]


def _words(record: Record) -> str:
    return shorten(" ".join(dict.fromkeys(_filled(record))))
