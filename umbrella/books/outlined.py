"""A copy of a team's workbook with the analyses and figures that its extraction asks for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from umbrella.books.copies import beside, copy_of, put

OUTLINED = "outlined"


def write_outlined(source: Path, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> Path:
    """Write the copy with the rows of each worksheet named, and return where it is.

    Raises UmbrellaError where it cannot be written.
    """
    with copy_of(source, OUTLINED) as book:
        named = {page.title.strip().lower(): page for page in book.worksheets}
        for name, of_sheet in rows.items():
            if name in named:
                book.remove(named[name])
            page = book.create_sheet(name)
            header = dict.fromkeys(column for row in of_sheet for column in row)
            for number, row in enumerate([dict(zip(header, header, strict=True)), *of_sheet], 1):
                for place, column in enumerate(header, start=1):
                    put(page.cell(number, place), row.get(column, ""))
    return beside(source, OUTLINED)
