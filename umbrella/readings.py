"""What was read as something else than what was typed, by sheet, column and way of writing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from umbrella import console
from umbrella.sheets.contract import Sheet
from umbrella.sheets.readings import Reading
from umbrella.text import plural, shorten


def show_readings(readings: Mapping[Sheet, Sequence[Reading]]) -> None:
    """Print the readings on standard error, a line per column and way of writing."""
    groups: dict[tuple[str, str, str], list[Reading]] = defaultdict(list)
    for sheet, found in readings.items():
        for reading in found:
            if not reading.problem:
                groups[sheet.file, reading.column_name, reading.how].append(reading)
    if groups:
        console.notice("Read as something else than what was typed:", style="bold")
    for (file, column, how), cells in groups.items():
        console.notice(f"  {file}{_words(column, how, cells)}", style="yellow")


def _words(column: str, how: str, cells: Sequence[Reading]) -> str:
    if not column:
        return f": {how}"
    first = cells[0]
    if first.row_number is None:
        return f", column {column}: {how} ({first.read_as})"
    typed = shorten(first.typed) if first.typed else "an empty cell"
    example = f"row {first.row_number}: {typed} as {first.read_as or 'no value'}"
    return f", column {column}: {how} in {plural(len(cells), 'cell')} ({example})"
