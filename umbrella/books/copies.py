"""Copies of a team's workbook, which is itself never written."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from umbrella.errors import UmbrellaError
from umbrella.sheets.files import read_whole
from umbrella.sheets.workbook import open_book
from umbrella.text import as_cell

WITH_MACROS = ".xlsm"
WRITTEN = (".xlsx", WITH_MACROS)
"""Endings of workbooks that can be written; the copy of another is the first."""


def beside(source: Path, word: str) -> Path:
    """Where the copy of a workbook is that a word tells from it."""
    ending = source.suffix if source.suffix.lower() in WRITTEN else WRITTEN[0]
    return source.with_name(f"{source.stem}.{word}{ending}")


@contextmanager
def copy_of(source: Path, word: str) -> Iterator[Any]:
    """A workbook as it is now; what is made of it is then saved as the copy beside it.

    Raises SheetProblem where it cannot be read, and UmbrellaError where the copy cannot be written;
    one of before is then still there.
    """
    raw = read_whole(source, source.name)
    book = open_book(raw, source.name, keep_vba=source.suffix.lower() == WITH_MACROS)
    yield book
    save(book, beside(source, word))


def save(book: Any, target: Path) -> None:
    """Save a workbook of openpyxl in one step.

    Raises UmbrellaError where it cannot be written; a file of before is then still there.
    """
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        book.save(unfinished)
        unfinished.replace(target)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        reason = error.strerror or error
        raise UmbrellaError(f"Cannot write {target}: {reason}. Is it open elsewhere?") from error


def put(cell: Any, text: str) -> None:
    """Let a cell hold a text, which no spreadsheet program takes for a formula."""
    cell.value, cell.data_type = as_cell(text), "s"
