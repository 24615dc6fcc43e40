"""The worked example that a new workbook shows in a sheet, and that nothing reads.

It stands in the first row below the header, under identifiers that say that it is one. It is passed
over as long as it is as it was written; a row that somebody has changed and that is still called an
example is a problem, so that neither an invented number is pooled nor a real one lost.
"""

from collections.abc import Mapping

from umbrella.sheets.contract import Sheet
from umbrella.sheets.problems import Problem

EXAMPLE = "EXAMPLE"
"""Identifier of what the worked examples are about."""


def example_of(sheet: Sheet) -> dict[str, str]:
    """The cells of a sheet's worked example by column; none where it has no example."""
    return {name: column.example for name, column in sheet.kinds.items() if column.example}


def named_example(sheet: Sheet, row: Mapping[str, str]) -> bool:
    """Whether a row is called an example."""
    named = [name for name, cell in example_of(sheet).items() if cell == EXAMPLE]
    return any(row.get(name, "").strip() == EXAMPLE for name in named)


def changed_example(sheet: Sheet, row: Mapping[str, str], number: int) -> Problem | None:
    """What is wrong with a row that is called an example; nothing where it is as it was written."""
    example = example_of(sheet)
    for name, cell in row.items():
        if cell.strip() not in ("", example.get(name, "")):
            return Problem(
                sheet.file,
                f"this row was changed and is still called {EXAMPLE}",
                "an identifier of your own in the row, or the row deleted",
                number,
                name,
                cell,
            )
    return None
