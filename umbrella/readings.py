"""What was read as something else than what was typed, by sheet, column and way of writing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from umbrella import console
from umbrella.sheets.contract import Sheet
from umbrella.sheets.readings import Reading
from umbrella.text import plural, shorten


def show_readings(readings: Mapping[Sheet, Sequence[Reading]]) -> None:
    """Print the readings on standard error, a line per column and way of writing.

    What is said of whole columns stands in a line for each sheet.
    """
    groups: dict[tuple[str, str, str], list[Reading]] = defaultdict(list)
    for sheet, found in readings.items():
        for reading in found:
            if not reading.problem:
                is_cell = reading.row_number is not None
                groups[sheet.file, reading.column_name * is_cell, reading.how].append(reading)
    if groups:
        console.notice("Read as something else than what was typed:", style="bold")
    for (file, column, how), cells in groups.items():
        console.notice(f"  {file}{_words(column, how, cells)}", style="yellow")


def _words(column: str, how: str, cells: Sequence[Reading]) -> str:
    if not column:
        columns = [f"{cell.column_name} {cell.read_as}" for cell in cells if cell.column_name]
        return f": {how}" + (f": {', '.join(columns)}" if columns else "")
    first = cells[0]
    typed = shorten(first.typed) if first.typed else "an empty cell"
    example = f"row {first.row_number}: {typed} as {first.read_as or 'no value'}"
    return f", column {column}: {how} in {plural(len(cells), 'cell')} ({example})"
