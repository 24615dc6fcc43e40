"""One finding about one sheet: where it is, what is wrong, what would be right."""

from dataclasses import dataclass

from umbrella.text import SHOWN_CHARACTERS, shorten


@dataclass(frozen=True)
class Problem:
    """A finding of a file-level check.

    `row` counts as a spreadsheet does (the header is row 1); `row`, `column` and `value` are None
    where the finding concerns the file as a whole.
    """

    sheet: str
    problem: str
    right: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def where(self) -> str:
        """Row, column and value in words; empty for a finding about the whole file."""
        parts = []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column[:SHOWN_CHARACTERS]}")
        if self.value is not None:
            parts.append(f"value {shorten(self.value)}")
        return ", ".join(parts)


class SheetProblem(Exception):
    """A finding after which the rest of the file cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.problem)
        self.problem = problem
