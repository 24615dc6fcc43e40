"""What was read as something else than what was typed, by sheet, column and way of writing."""

from collections import defaultdict
from collections.abc import Sequence

from umbrella import console
from umbrella.sheets.readings import USUAL_NOTE, Reading
from umbrella.sheets.result import CheckResult
from umbrella.text import plural, shorten


def show_readings(result: CheckResult) -> None:
    """Print the readings on standard error, a line per column and way of writing.

    The usual values of empty cells stand in a line for each sheet; worksheets that are not read are
    named.
    """
    if result.not_read:
        console.notice(f"Worksheets that are no sheets: {', '.join(result.not_read)}")
    groups: dict[tuple[str, str, str], list[Reading]] = defaultdict(list)
    for sheet, found in result.readings.items():
        for reading in found:
            if not reading.problem:
                column = "" if reading.how == USUAL_NOTE else reading.column_name
                groups[sheet.file, column, reading.how].append(reading)
    if groups:
        console.notice("Read as something else than what was typed:", style="bold")
    for (file, column, how), cells in groups.items():
        console.notice(f"  {file}{_words(column, how, cells)}", style="yellow")


def _words(column: str, how: str, cells: Sequence[Reading]) -> str:
    if not column:
        return f": {how}{_columns(cells)}"
    first = cells[0]
    typed = shorten(first.typed) if first.typed else "an empty cell"
    example = f"row {first.row_number}: {typed} as {first.read_as or 'no value'}"
    return f", column {column}: {how} in {plural(len(cells), 'cell')} ({example})"


def _columns(cells: Sequence[Reading]) -> str:
    """The columns of cells, each with the value of the first and the number of its rows."""
    columns: dict[str, list[Reading]] = defaultdict(list)
    for cell in cells:
        if cell.column_name:
            columns[cell.column_name].append(cell)
    said = [
        f"{n} {found[0].read_as} in {plural(len(found), 'row')}" for n, found in columns.items()
    ]
    return f": {', '.join(said)}" if said else ""
