"""The sheet that is imported: its cells by column name, and what is wrong with them."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from umbrella.errors import UmbrellaError
from umbrella.sheets.numerals import Numerals, is_missing
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.sheets.reading import Table, read_table
from umbrella.sheets.workbook import Choice
from umbrella.text import plural


@dataclass
class Source:
    """A sheet with its problems; columns that were asked for are remembered as taken over."""

    path: Path
    table: Table
    problems: list[Problem] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    respelt: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Numbers that were read though written otherwise: by column and way of writing."""
    numbers: Sequence[int] = ()
    """Row of the spreadsheet of each row; without them the rows follow the header in row 1."""
    worksheet: str = ""
    """The worksheet that the caller chose."""
    parts: Sequence[str] = ()
    """Which of several results of a row of the spreadsheet each row is, where some are."""

    def __post_init__(self) -> None:
        """Look how the numbers of the sheet are written."""
        self.numerals = Numerals.of(self.table.header, self.table.rows)

    def require(self, *columns: str) -> None:
        """Note a problem for each of these columns that is missing."""
        for column in columns:
            if column not in self.table.header:
                names = ", ".join(self.table.header)
                self.problems.append(
                    Problem(
                        self.path.name,
                        "this column is missing",
                        f"a column {column} in row 1; columns are {names}",
                        row=1,
                        column=column,
                    )
                )

    def rename(self, names: Mapping[str, str]) -> None:
        """Give columns their usual names where the sheet has them under the other ones only."""
        header = self.table.header
        for usual, other in names.items():
            if usual not in header and other in header:
                header[header.index(other)] = usual
        self.numerals = Numerals.of(header, self.table.rows)

    def rows(self) -> Iterator["Row"]:
        """The rows that are not blank, numbered as a spreadsheet does."""
        numbers = self.numbers or range(2, len(self.table.rows) + 2)
        parts = self.parts or [""] * len(self.table.rows)
        for number, part, cells in zip(numbers, parts, self.table.rows, strict=True):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(self.table.header):
                right = f"{len(self.table.header)} cells, as in the header"
                self.problems.append(
                    Problem(
                        self.path.name, f"this row has {plural(len(cells), 'cell')}", right, number
                    )
                )
                continue
            yield Row(self, number, dict(zip(self.table.header, cells, strict=True)), part)

    def read_as(self) -> list[str]:
        """How the sheet was read where it is not plain CSV with decimal points, in words."""
        ways = [self.table.dialect] if self.table.dialect else []
        for note in sorted({note for _, note in self.respelt}):
            cells = {column: n for (column, way), n in self.respelt.items() if way == note}
            places = ", ".join(f"{column} ({n:,})" for column, n in cells.items())
            ways.append(f"{note} in {places}")
        return ways

    def left_out(self) -> dict[str, int]:
        """Columns that were not taken over, with the number of their filled cells."""
        return {
            name: sum(map(bool, self._cells(position)))
            for position, name in enumerate(self.table.header)
            if name not in self.taken and any((name, *self._cells(position)))
        }

    def _cells(self, position: int) -> Iterator[str]:
        return (row[position].strip() for row in self.table.rows if position < len(row))


@dataclass(frozen=True)
class Row:
    """One row of the source."""

    source: Source
    number: int
    cells: dict[str, str]
    part: str = ""

    @property
    def locator(self) -> str:
        """Where the row stands, in words."""
        worksheet = f"{self.source.worksheet}, " if self.source.worksheet else ""
        part = f", number {self.part}" if self.part else ""
        return f"{self.source.path.name}, {worksheet}row {self.number}{part}"

    @property
    def key(self) -> str:
        """What tells the row from all others of its source."""
        return f"{self.number}_{self.part}" if self.part else str(self.number)

    def text(self, column: str) -> str:
        """The cell, trimmed; empty for what means missing, and for a column that is not there."""
        self.source.taken.add(column)
        value = self.cells.get(column, "").strip()
        return "" if is_missing(value) else value

    def number_text(
        self,
        column: str,
        *,
        minimum: float = -math.inf,
        maximum: float = math.inf,
        is_whole: bool = False,
    ) -> str:
        """The cell if it is a number in its range; otherwise a problem is noted."""
        value = self.text(column)
        if not value:
            return ""
        wanted = "a whole number" if is_whole else "a number with a point as decimal mark"
        if minimum > -math.inf:
            wanted += f" of at least {minimum:g}"
        if maximum < math.inf:
            wanted += f" and at most {maximum:g}"
        numeral = self.source.numerals.read(column, value, is_whole=is_whole)
        if numeral.problem:
            self.fault(column, value, numeral.problem, wanted)
            return ""
        number = float(numeral.text)
        if not minimum <= number <= maximum or (is_whole and number != round(number)):
            self.fault(column, value, "not a value that this column can have", wanted)
            return ""
        if numeral.note:
            self.source.respelt[column, numeral.note] += 1
        return f"{number:.0f}" if is_whole else numeral.text

    def fault(self, column: str, value: str, problem: str, right: str) -> None:
        """Note a problem of this row."""
        self.source.problems.append(
            Problem(self.source.path.name, problem, right, self.number, column, value)
        )


def read_source(path: Path) -> Source:
    """Read a sheet of a program, whose names of columns have neither capitals nor blanks.

    Raises UmbrellaError when it cannot be read as CSV or as a workbook.
    """
    table = read_sheet(path)
    table.header[:] = ["_".join(name.lower().split()) for name in table.header]
    source = Source(path, table)
    refuse_repeated(source)
    return source


def refuse_repeated(source: Source) -> None:
    """Raises UmbrellaError where two columns have one name."""
    header = source.table.header
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        raise UmbrellaError(
            f"{source.path.name}: these columns stand several times in the header: "
            f"{', '.join(repeated)}\nright: each column once"
        )


def read_sheet(path: Path, choice: Choice | None = None) -> Table:
    """The cells of a sheet; raises UmbrellaError when it is no CSV and no workbook.

    `choice` is of a printed table: titles and groups may be merged cells.
    """
    try:
        table = read_table(path, path.name, choice)
        return replace(table, rows=list(table.rows))
    except SheetProblem as found:
        problem = found.problem
        where = f"{problem.where()}: " if problem.where() else ""
        raise UmbrellaError(
            f"{path.name}: {where}{problem.problem}\nright: {problem.right}"
        ) from found
