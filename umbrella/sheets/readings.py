"""Cells of a review's own sheets that are read as something else than what was typed.

Numbers are read as papers print them (numerals.py), words for missing values as empty cells, "Ja"
and "TRUE" as the code of a column that asks yes or no. Every such cell becomes a Reading: so does a
cell that can be read in two ways or in none, with what is wrong. The models take the cells as they
were read, and reject what cannot be (`stg_sheet_readings`).
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from decimal import Decimal

from umbrella.sheets.contract import Column, Sheet
from umbrella.sheets.no_numbers import diagnosis
from umbrella.sheets.numerals import (
    PLAIN,
    Numerals,
    is_missing,
    split_bound,
    strict_bound,
    with_hyphens,
)
from umbrella.sheets.reading import Table, read_table
from umbrella.sheets.rows import in_blocks
from umbrella.sheets.units import AMOUNT_NOTE, one_spelling

READINGS = "sheet_readings"
"""The table of the readings in the warehouse."""

NUMERIC = frozenset({"number", "percent", "probability", "integer"})
WHOLE = "integer"
UNIT = "unit"

MISSING_NOTE = "words for a missing value"
PERCENT_NOTE = "percent signs"
SHARE_NOTE = "percentages as fractions"
BOUND_NOTE = "bounds, with the operator in its own column"
EQUAL_NOTE = "equal signs before the number"
ANSWER_NOTE = "words for yes and no"
DATE_NOTE = "years and days as spreadsheets export them"
USUAL_NOTE = "empty cells, taken as what is usual"
SHIPPED_NOTE = "a column that this sheet lacks, taken from the row that ships with the same code"

ANSWERS = (
    ("y", "yes", "true", "j", "ja", "oui", "s\u00ed", "si", "wahr", "vrai"),
    ("n", "no", "false", "nein", "non", "falsch", "faux"),
)
ANSWER_CODES = ("y", "n"), ("yes", "no")
YEAR_AS_NUMBER = re.compile(r"(\d{4})\.0+", re.ASCII)
DAY_WITH_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?", re.ASCII)
THOUSANDS_OR_NOT = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell (of a whole sheet, when it names no row) read as `read_as`, or what is wrong with it.

    `how` names the way of writing that was read. Where there is a `problem`, the cell keeps what
    was typed, and `expected` says what would be right.
    """

    sheet: str
    row_number: int | None
    column_name: str
    typed: str
    read_as: str = ""
    how: str = ""
    problem: str = ""
    expected: str = ""


def as_table(readings: Sequence[Reading]) -> Table:
    """The readings as a table of the warehouse."""
    rows = [["" if value is None else str(value) for value in astuple(one)] for one in readings]
    return Table([field.name for field in fields(Reading)], rows)


def readings_of(
    sheet: Sheet, table: Table, kinds: Mapping[str, Mapping[str, Column]]
) -> list[Reading]:
    """Every cell of the sheet that is not read as it was typed, and how the file is written.

    `kinds` are those of the columns of every sheet.
    """
    dialect = [Reading(sheet.name, None, "", "", how=table.dialect)] if table.dialect else []
    return dialect + sorted(
        [
            *_number_readings(sheet, table),
            *_word_readings(sheet, table),
            *_value_readings(sheet, table, kinds),
            *_shipped_readings(sheet, table),
        ],
        key=lambda reading: (reading.row_number, table.header.index(reading.column_name)),
    )


def as_read(table: Table, readings: Sequence[Reading]) -> Table:
    """The table with every cell as it was read."""
    rows = {number: list(row) for number, row in numbered_rows(table)}
    for reading in readings:
        if reading.row_number is not None and not reading.problem:
            place = table.header.index(reading.column_name)
            rows[reading.row_number][place] = reading.read_as
    return replace(table, rows=list(rows.values()))


def numbered_rows(table: Table) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number."""
    return zip(table.numbers(), table.rows, strict=True)


def keys_of(sheet: Sheet, table: Table) -> list[tuple[str, ...]]:
    """The key of each row."""
    places = [table.header.index(name) for name in sheet.key]
    return [tuple(row[place].strip() for place in places) for row in table.rows]


def shipped_cells(sheet: Sheet) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows that ship by their key."""
    if sheet.shipped is None:
        return {}
    shipped = read_table(sheet.shipped, sheet.file)
    rows = (dict(zip(shipped.header, row, strict=True)) for row in shipped.rows)
    return dict(zip(keys_of(sheet, shipped), rows, strict=True))


def _shipped_readings(sheet: Sheet, table: Table) -> Iterator[Reading]:
    names = [name for name in table.lacking if name in sheet.as_shipped]
    known = shipped_cells(sheet) if names else {}
    for name in names:
        for number, key in zip(table.numbers(), keys_of(sheet, table), strict=True):
            if known[key][name]:
                yield Reading(sheet.name, number, name, "", known[key][name], SHIPPED_NOTE)


def _word_readings(sheet: Sheet, table: Table) -> Iterator[Reading]:
    readers = {"code": _answer, "partial_date": _date, UNIT: _amount}
    columns = [
        (place, name, readers[kind], sheet.kinds[name].allowed)
        for place, name in enumerate(table.header)
        if name in sheet.kinds and (kind := sheet.kinds[name].kind) in readers
    ]
    if not columns:
        return
    for number, row in numbered_rows(table):
        for place, name, reader, allowed in columns:
            if row[place]:
                read_as, how = reader(row[place].strip(), allowed)
                if how:
                    yield Reading(sheet.name, number, name, row[place], read_as, how)


def _answer(cell: str, allowed: Sequence[str]) -> tuple[str, str]:
    """The code for a word that means yes or no, where the column asks that and has no such code."""
    codes = next((pair for pair in ANSWER_CODES if set(pair) <= set(allowed)), ())
    if cell not in allowed:
        for code, words in zip(codes, ANSWERS, strict=False):
            if cell.lower() in words:
                return code, ANSWER_NOTE
    return cell, ""


def _date(cell: str, _allowed: Sequence[str]) -> tuple[str, str]:
    if cell and is_missing(cell):
        return "", MISSING_NOTE
    found = YEAR_AS_NUMBER.fullmatch(cell) or DAY_WITH_TIME.fullmatch(cell)
    return (found[1], DATE_NOTE) if found else (cell, "")


def _amount(cell: str, _allowed: Sequence[str]) -> tuple[str, str]:
    spelled = one_spelling(cell)
    return spelled, AMOUNT_NOTE if spelled != cell else ""


def _value_readings(
    sheet: Sheet, table: Table, kinds: Mapping[str, Mapping[str, Column]]
) -> Iterator[Reading]:
    """Numbers and units in columns of texts that hold values of other columns, read as there."""
    texts = {name: column.value_of for name, column in sheet.kinds.items() if column.value_of}
    for kind in (*sorted(NUMERIC), UNIT) if texts else ():
        columns = {name: Column("text") for name in sheet.kinds} | {
            name: Column(kind)
            for name, value_of in texts.items()
            if kind == UNIT or not value_of.is_former
        }
        rows = [list(row) for row in table.rows]
        for name, value_of in texts.items():
            for row in rows:
                of_sheet, of_column = value_of.column(dict(zip(table.header, row, strict=True)))
                described = kinds.get(of_sheet, {}).get(of_column)
                if described is None or described.kind != kind:
                    row[table.header.index(name)] = ""
        read = _word_readings if kind == UNIT else _number_readings
        yield from read(replace(sheet, kinds=columns), replace(table, rows=rows))


def _number_readings(sheet: Sheet, table: Table) -> Iterator[Reading]:
    names = [name for name in sheet.columns if sheet.kinds[name].kind in NUMERIC]
    whole = frozenset(name for name in names if sheet.kinds[name].kind == WHOLE)
    places = {name: table.header.index(name) for name in names}
    # Programs that separate by semicolons write decimal commas, and group thousands by points.
    is_plain = "semicolons" not in table.dialect
    doubtful = whole if is_plain else names
    if not _has_odd(table, places, doubtful):
        return
    cells = ([row[place] for place in places.values()] for row in table.rows)
    numerals = Numerals.of(names, cells, whole=whole, is_plain=is_plain)
    for number, row in numbered_rows(table):
        around = dict(zip(table.header, row, strict=True))
        for name in names:
            if _is_odd(around[name], is_doubtful=True):
                cell = _NumberCell(sheet, numerals, names, name, around)
                yield from cell.readings(number)


def _has_odd(table: Table, places: Mapping[str, int], doubtful: Collection[str]) -> bool:
    for block in in_blocks(table.rows):
        columns = list(zip(*block, strict=True))
        for name, place in places.items():
            if any(_is_odd(cell, name in doubtful) for cell in set(columns[place])):
                return True
    return False


def _is_odd(cell: str, is_doubtful: bool) -> bool:
    """Whether a cell holds more than a plain number, or points that may group thousands."""
    if not cell:
        return False
    return not PLAIN.fullmatch(cell) or bool(is_doubtful and THOUSANDS_OR_NOT.fullmatch(cell))


@dataclass(frozen=True)
class _NumberCell:
    sheet: Sheet
    numerals: Numerals
    numeric: Sequence[str]
    name: str
    row: Mapping[str, str]

    def readings(self, number: int) -> Iterator[Reading]:
        """The reading of the cell, where it differs from what was typed; of a bound also its own.

        A bound is split over two columns.
        """
        typed = self.row[self.name]
        if is_missing(typed):
            yield Reading(self.sheet.name, number, self.name, typed, how=MISSING_NOTE)
            return
        sign, text, percent = split_bound(typed)
        numeral = self.numerals.read(
            self.name, text, is_whole=self.sheet.kinds[self.name].kind == WHOLE
        )
        fault = self._fault(typed, sign, numeral.text, percent, numeral.problem)
        if fault:
            yield Reading(
                self.sheet.name, number, self.name, typed, problem=fault[0], expected=fault[1]
            )
            return
        read_as, notes = numeral.text, [numeral.note] if numeral.note else []
        if percent:
            is_share = self.sheet.kinds[self.name].kind == "probability"
            read_as = str(Decimal(read_as).scaleb(-2)) if is_share else read_as
            notes.append(SHARE_NOTE if is_share else PERCENT_NOTE)
        if sign:
            notes.append(EQUAL_NOTE if sign == "=" else BOUND_NOTE)
        if not notes and typed.strip() != text:
            notes.append("letters before the number")
        if not notes and typed != read_as:
            notes.append("blanks around the number")
        if notes:
            how = " and ".join(notes)
            yield Reading(self.sheet.name, number, self.name, typed, read_as, how)
            column = self._operator_column()
            if sign and column and not self.row[column].strip():
                operator = self._operator(sign, column)
                yield Reading(self.sheet.name, number, column, "", operator, how)

    def _fault(
        self, typed: str, sign: str, number: str, percent: str, problem: str
    ) -> tuple[str, str] | None:
        kind = self.sheet.kinds[self.name].kind
        if problem:
            wanted = problem.startswith("a number that can be read in two ways")
            known = None if wanted else diagnosis(with_hyphens(typed), self.name, self.numeric)
            return known or (problem, self._right(wanted))
        if percent and kind not in ("percent", "probability"):
            share = Decimal(number).scaleb(-2)
            return "a percentage in a column of numbers", f"{number} or {share.normalize():f}"
        if sign not in ("", "="):
            return self._bound_fault(sign, number)
        return None

    def _right(self, is_ambiguous: bool) -> str:
        if is_ambiguous:
            return "the number without marks between thousands, with a point as decimal mark"
        return "a number with a point as decimal mark, or an empty cell"

    def _bound_fault(self, sign: str, number: str) -> tuple[str, str] | None:
        column = self._operator_column()
        if not column:
            right = "the number itself; there is no column for a bound, so else an empty cell"
            return f"a bound ({sign} {number}), not a number", right
        stands, operator = self.row[column].strip(), self._operator(sign, column)
        if stands and stands != operator:
            right = (
                f"{number} here and {operator} in {column}, or the number that {stands} goes with"
            )
            return f"the cell says {sign}, and {column} says {stands}", right
        return None

    def _operator_column(self) -> str:
        """The column of the same sheet that says whether the number is a bound; empty without."""
        names = (f"{self.name}_operator", f"{self.name.removesuffix('_value')}_operator")
        return next((name for name in names if name in self.sheet.kinds), "")

    def _operator(self, sign: str, column: str) -> str:
        return sign if sign in self.sheet.kinds[column].allowed else strict_bound(sign)
