"""What the checks of a review's sheets found, and the cells that could be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from umbrella.sheets.contract import Sheet
from umbrella.sheets.problems import Problem
from umbrella.sheets.reading import Table
from umbrella.sheets.readings import READINGS, Reading, as_read, as_table, readings_of

Places = Mapping[tuple[str, int], tuple[int, str]]
"""Row and column of a worksheet, by the sheet and the number of a row of the warehouse."""


@dataclass(frozen=True)
class CheckResult:
    """What the checks found, and the cells of each sheet that could be read.

    `readings` says which of the cells are read as something else than stands in them, `not_read`
    which worksheets are no sheets.
    """

    problems: list[Problem]
    tables: dict[Sheet, Table]
    readings: dict[Sheet, list[Reading]] = field(default_factory=dict)
    not_read: tuple[str, ...] = ()

    def by_name(self) -> dict[str, Table]:
        """The cells of each sheet by the sheet's name, as typed, and how they are read."""
        told = [reading for found in self.readings.values() for reading in found]
        typed = {sheet.name: table for sheet, table in self.tables.items()}
        return {**typed, READINGS: as_table(told)}

    def places(self) -> Places:
        """Where in its matrix each row stands that is one cell of one, by sheet and number."""
        return {
            (sheet.name, number): place
            for sheet, table in self.tables.items()
            for number, place in table.places.items()
        }

    def as_read(self) -> dict[Sheet, Table]:
        """The cells of each sheet as they are read."""
        return {s: as_read(table, self.readings.get(s, ())) for s, table in self.tables.items()}


def checked(
    problems: Sequence[Problem], tables: Mapping[Sheet, Table], further: Sequence[Problem] = ()
) -> CheckResult:
    """The result for tables of which some have problems; `further` are of no sheet."""
    faulty = {problem.sheet for problem in problems}
    whole = {sheet: table for sheet, table in tables.items() if sheet.file not in faulty}
    kinds = {sheet.name: sheet.kinds for sheet in tables}
    readings = {sheet: readings_of(sheet, table, kinds) for sheet, table in whole.items()}
    return CheckResult([*problems, *_without_rows(whole), *further], dict(tables), readings)


def _without_rows(tables: Mapping[Sheet, Table]) -> list[Problem]:
    filled = {sheet.name for sheet, table in tables.items() if table.rows}
    problems = []
    for sheet, table in tables.items():
        if sheet.needs_rows and not table.rows and filled.isdisjoint(sheet.or_rows_in):
            others = " or ".join(sheet.or_rows_in)
            other = f", or rows in {others}" if others else ""
            right = f"at least one row below the header{other}"
            problems.append(Problem(sheet.file, "the sheet has no data rows", right))
    return problems
