"""What two readers typed otherwise, row by row and cell by cell."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any

from umbrella.comparing.agreement import (
    DIFFERS,
    FOUND,
    ONLY_FIRST,
    ONLY_SECOND,
    RESOLVED,
    Agreed,
    Reading,
    Rule,
    comparable,
    compare,
    roles_of,
    rules_of,
)
from umbrella.comparing.matching import IDENTITIES, Identity, Matches, Pair, match, plain
from umbrella.comparing.readers import RATER, Reader, Row, key_without_rater
from umbrella.sheets.contract import Sheet
from umbrella.text import plural

META_ANALYSES, META_ANALYSIS = "meta_analyses", "meta_analysis_id"

OWN_WORDS = ("notes", "source_locator", "locator", "source_url")
"""Columns in which each reader says where and what else: never the same, and never in dispute."""

LOCATORS = ("source_locator", "locator", "source_url")

RATE_UNIT = "rate_unit"
PERSON_TIME = re.compile(r"per [0-9.]+ person-(year|month|week|day)s?$")
"""What the models convert; sheets are read into this spelling."""

THE_ROW = ""
"""In place of a column: the row as a whole."""

SHOWN_CELLS = 8
"""Cells of a row that only one reader has, by which it is told."""

IN_WORDS = {
    DIFFERS: "two values",
    ONLY_FIRST: "only reader 1 has a value",
    ONLY_SECOND: "only reader 2 has a value",
}
ROW_IN_WORDS = {ONLY_FIRST: "only reader 1 has the row", ONLY_SECOND: "only reader 2 has the row"}


@dataclass(frozen=True)
class Difference:
    """A cell, or with no column a row, that the readers do not have alike.

    `weight` orders them, the lowest is the weightiest; `source` says where in the papers each
    reader found it, `with_rows` which rows of other sheets belong to a row that one reader has.
    """

    sheet: str
    meta_analysis: str
    column: str
    kind: str
    first_name: str
    second_name: str
    first_value: str
    second_value: str
    first_row: Row | None
    second_row: Row | None
    weight: int
    source: str
    with_rows: str = ""

    @property
    def is_row(self) -> bool:
        """Whether one reader lacks the row as a whole."""
        return self.column == THE_ROW

    @property
    def in_words(self) -> str:
        """What kind of difference it is."""
        words = (ROW_IN_WORDS if self.is_row else IN_WORDS)[self.kind]
        return f"{words}, with {self.with_rows}" if self.with_rows else words

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from every other difference."""
        return self.sheet, self.first_name, self.second_name, self.column

    @property
    def name(self) -> str:
        """The row as the first reader names it, or else the second."""
        return self.first_name or self.second_name


Names = Mapping[str, Mapping[str, str]]
"""By sheet and column: what the second reader calls a row, and its name in common."""


@dataclass(frozen=True)
class Comparison:
    """Two readers, which row is which, and what differs, the weightiest first.

    Rows of the second reader name meta-analyses and effects as the first does; `names` gives the
    name of each row of the second reader by the column that identifies it, `keys` the columns by
    which rows are told.
    """

    readers: tuple[Reader, Reader]
    sheets: Mapping[str, Sheet]
    keys: Mapping[str, tuple[str, ...]]
    matches: Mapping[str, Matches]
    names: Names
    differences: list[Difference]
    agreement: list[Agreed]
    n_cells: int
    n_agreed: int

    @property
    def guessed(self) -> list[tuple[str, Pair]]:
        """The pairs, by sheet, that their keys alone do not tell."""
        return [
            (sheet, pair)
            for sheet, found in self.matches.items()
            for pair in found.pairs
            if not pair.is_by_key and pair.first.name != pair.second.name
        ]


def compare_readers(
    first: Reader, second: Reader, plan: Any, apart: Collection[tuple[str, str, str]] = ()
) -> Comparison:
    """Compare two readers; rows that are `apart`, by sheet and both names, are not one."""
    sheets = first.sheets
    keys = {
        name: key_without_rater(sheet, (first, second)) if RATER in sheet.key else sheet.key
        for name, sheet in sheets.items()
    }
    matches, names = _matches(first, second, keys, apart)
    columns = {name: _columns(sheet, keys[name], matches[name]) for name, sheet in sheets.items()}
    rules = rules_of(first, columns)
    readings = {
        (name, column): _readings(sheet, column, matches[name])
        for name, sheet in sheets.items()
        for column in columns[name]
    }
    roles = roles_of(first)
    weights = {key: _weight(rule, roles) for key, rule in rules.items()}
    different, agreement = compare(plan, readings, rules.values())
    found = [_of_cell(matches, weights, one) for one in different]
    found += _of_rows(sheets, matches, names)
    places = {name: place for place, name in enumerate(sheets)}
    found.sort(key=lambda one: (one.weight, places[one.sheet], _row_number(one), one.column))
    n_cells = sum(one.n_pairs for one in agreement)
    n_agreed = sum(one.n_agreed for one in agreement)
    readers = first, second
    return Comparison(readers, sheets, keys, matches, names, found, agreement, n_cells, n_agreed)


def _matches(
    first: Reader,
    second: Reader,
    keys: Mapping[str, tuple[str, ...]],
    apart: Collection[tuple[str, str, str]],
) -> tuple[dict[str, Matches], Names]:
    """The matches of every sheet; names that others refer to are taken over on the way."""
    matches: dict[str, Matches] = {}
    names: dict[str, dict[str, str]] = {}
    for name, sheet in first.sheets.items():
        ours = [_by_key(sheet, keys[name], row) for row in first.rows[name]]
        theirs = [
            _renamed(sheet, _by_key(sheet, keys[name], row), names) for row in second.rows[name]
        ]
        separate = {(one, other) for of, one, other in apart if of == name}
        found = match(name, keys[name], ours, theirs, separate)
        matches[name] = found
        if len(sheet.key) == 1:
            names[f"{name}.{sheet.key[0]}"] = _names(found, first.rows[name])
    return matches, names


def _names(found: Matches, first: Sequence[Row]) -> dict[str, str]:
    """The first reader's names of the pairs; a row of the second alone gets one that is free."""
    names = {pair.second.name: pair.first.name for pair in found.pairs}
    taken = {row.name for row in first} | {row.name for row in found.only_second}
    for row in found.only_second:
        name = row.name
        if any(name == other.name for other in first):
            name = next(new for n in count(2) if (new := f"{row.name}_{n}") not in taken)
            taken.add(name)
        names.setdefault(row.name, name)
    return names


def _by_key(sheet: Sheet, key: Sequence[str], row: Row) -> Row:
    """The row under the cells of the key, where that is not the key of its sheet."""
    is_own = tuple(key) == sheet.key
    return row if is_own else replace(row, name=" / ".join(row.cells[name] for name in key))


def _renamed(sheet: Sheet, row: Row, names: Names) -> Row:
    """The row with the first reader's names of the rows that it refers to."""
    cells = dict(row.cells)
    for column, described in sheet.kinds.items():
        known = names.get(described.references, {})
        cells[column] = known.get(cells[column], cells[column])
    return replace(row, cells=cells)


def _columns(sheet: Sheet, key: Sequence[str], found: Matches) -> list[str]:
    """The columns that are compared: those in which a row of a pair has a cell."""
    identity = IDENTITIES.get(sheet.name, Identity())
    same = {
        name
        for name in identity.within
        if all(pair.first.cells[name] == pair.second.cells[name] for pair in found.pairs)
    }
    passed = {*OWN_WORDS, RATER, *key, *same}
    return [
        name
        for name in sheet.columns
        if name not in passed
        and any(pair.first.cells[name] or pair.second.cells[name] for pair in found.pairs)
    ]


def _readings(sheet: Sheet, column: str, found: Matches) -> list[Reading]:
    described = sheet.kinds[column]
    is_name = column in IDENTITIES.get(sheet.name, Identity()).names
    read = plain if is_name else partial(comparable, column=described)
    return [
        Reading(
            f"{place:09d}",
            FOUND if pair.is_sure else RESOLVED,
            pair.first.number,
            pair.second.number,
            pair.first.cells.get(META_ANALYSIS, ""),
            read(pair.first.cells[column]) or None,
            read(_second_cell(pair, column)) or None,
            *_units(pair),
        )
        for place, pair in enumerate(found.pairs)
    ]


def _second_cell(pair: Pair, column: str) -> str:
    """The second reader's cell; of two person-times the first's, in which rates are compared."""
    ours, theirs = pair.first.cells[column], pair.second.cells[column]
    is_converted = column == RATE_UNIT and all(map(PERSON_TIME.match, (ours, theirs)))
    return ours if is_converted else theirs


def _units(pair: Pair) -> tuple[str | None, str | None]:
    """The person-time that rates of both rows are per; where one says none, that of the other."""
    first, second = (row.cells.get(RATE_UNIT) or None for row in (pair.first, pair.second))
    return first or second, second or first


def _of_cell(
    matches: Mapping[str, Matches],
    weights: Mapping[tuple[str, str], int],
    found: tuple[str, str, str, str, float | None],
) -> Difference:
    name, row_id, column, kind, converted = found
    second_value = matches[name].pairs[int(row_id)].second.cells[column]
    pair = matches[name].pairs[int(row_id)]
    return Difference(
        sheet=name,
        meta_analysis=pair.first.cells.get(META_ANALYSIS, ""),
        column=column,
        kind=kind,
        first_name=pair.first.name,
        second_name=pair.second.name,
        first_value=pair.first.cells[column],
        second_value=second_value if converted is None else f"{converted:.12g}",
        first_row=pair.first,
        second_row=pair.second,
        weight=weights[name, column],
        source=_source(pair.first, pair.second),
    )


def _weight(rule: Rule, roles: Sequence[str]) -> int:
    """1 for what decides a pooled number, more for what does less; columns that tell rows first."""
    is_about = rule.role == "none" and rule.field in IDENTITIES.get(rule.sheet, Identity()).about
    return 1 + roles.index("filter" if is_about else rule.role)


def _source(*rows: Row) -> str:
    """Where in the papers the readers found it, each place once."""
    said = [row.cells[name] for row in rows for name in LOCATORS if row.cells.get(name)]
    return "; ".join(dict.fromkeys(said))


def _of_rows(
    sheets: Mapping[str, Sheet], matches: Mapping[str, Matches], names: Names
) -> Iterator[Difference]:
    """Rows that one reader has; those of a meta-analysis that the other lacks belong to its row."""
    alone, renamed = matches[META_ANALYSES], names[f"{META_ANALYSES}.{META_ANALYSIS}"]
    common = {row.name: row.name for row in alone.only_first}, renamed
    without = (
        {row.name for row in alone.only_first},
        {renamed[row.name] for row in alone.only_second},
    )
    for name, sheet in sheets.items():
        for reader, rows in enumerate((matches[name].only_first, matches[name].only_second)):
            for row in rows:
                if name == META_ANALYSES:
                    meta_analysis = common[reader][row.name]
                    yield _of_row(sheet, row, reader, _rows_of(meta_analysis, reader, matches))
                elif row.cells.get(META_ANALYSIS) not in without[reader]:
                    yield _of_row(sheet, row, reader, "")


def _rows_of(meta_analysis: str, reader: int, matches: Mapping[str, Matches]) -> str:
    counts = {
        name: sum(
            row.cells.get(META_ANALYSIS) == meta_analysis
            for row in (found.only_first, found.only_second)[reader]
        )
        for name, found in matches.items()
        if name != META_ANALYSES
    }
    return ", ".join(f"{plural(n, 'row')} of {name}" for name, n in counts.items() if n)


def _of_row(sheet: Sheet, row: Row, reader: int, with_rows: str) -> Difference:
    named = (*sheet.key, META_ANALYSIS)
    told = [f"{n} {row.cells[n]}" for n in sheet.columns if row.cells[n] and n not in named]
    value = "; ".join(told[:SHOWN_CELLS]) or row.name
    return Difference(
        sheet=sheet.name,
        meta_analysis=row.cells.get(META_ANALYSIS, ""),
        column=THE_ROW,
        kind=(ONLY_FIRST, ONLY_SECOND)[reader],
        first_name="" if reader else row.name,
        second_name=row.name if reader else "",
        first_value="" if reader else value,
        second_value=value if reader else "",
        first_row=None if reader else row,
        second_row=row if reader else None,
        weight=0,
        source=_source(row),
        with_rows=with_rows,
    )


def _row_number(one: Difference) -> tuple[int, int]:
    """By the first reader's rows; those of the second alone come after."""
    row = one.first_row or one.second_row
    return int(one.first_row is None), row.number if row else 0
