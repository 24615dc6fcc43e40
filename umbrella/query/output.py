"""Where results go: the screen, or a file that has its name when all of them are in it."""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import duckdb

from python_udfs.file_statements import is_of_warehouse
from umbrella.errors import UmbrellaError
from umbrella.project import full_path
from umbrella.query.writers import WRITERS, Writer

XLSX = "xlsx"
FORMATS = (*WRITERS, XLSX)
"""Formats by the name that `--format` takes."""

ENDINGS = {".csv": "csv", ".json": "json", ".md": "markdown", ".txt": "table", ".xlsx": XLSX}
"""Formats by the ending of a file's name."""


@contextmanager
def result_writer(
    connection: duckdb.DuckDBPyConnection, form: str | None, output: Path | None, warehouse: Path
) -> Iterator[Writer]:
    """A writer of results for the time of a block.

    Without `output` it writes on standard output. With it, the file has its name when the block
    ends well, and else is as it was; one of that name is replaced. Raises UmbrellaError where the
    format cannot be told or needs a file, and where the file is the warehouse or cannot be written.
    """
    form = form or _form_of(output)
    if output is None:
        if form == XLSX:
            raise UmbrellaError("A workbook is a file: name it with --output results.xlsx")
        yield WRITERS[form]
        return
    with _new_file(full_path(output), warehouse) as new:
        if form == XLSX:
            from umbrella.books.results import ResultBook, read_tables

            with ResultBook(new, read_tables(connection)) as book:
                yield book
        else:
            with new.open("w", encoding="utf-8", newline="") as file, redirect_stdout(file):
                yield WRITERS[form]


def _form_of(output: Path | None) -> str:
    if output is None:
        return "table"
    form = ENDINGS.get(output.suffix.lower())
    if form is None:
        known = ", ".join(ENDINGS)
        raise UmbrellaError(
            f"{output.name}: its ending says no format. Name one with --format, or end the name in "
            f"one of {known}."
        )
    return form


@contextmanager
def _new_file(named: Path, warehouse: Path) -> Iterator[Path]:
    # Imported here: what publishes files belongs to the report, which takes a moment to load.
    from reports.errors import ReportError
    from reports.publishing import publish_file
    from umbrella.scratch import scratch_folder

    if any(is_of_warehouse(path, warehouse) for path in (named, named.resolve())):
        raise UmbrellaError(
            f"{named} is the warehouse, or a file beside it that belongs to it: it is not written "
            "over. Choose another name."
        )
    if not named.parent.is_dir():
        raise UmbrellaError(f"The folder {named.parent} does not exist; make it first.")
    try:
        with scratch_folder(".umbrella-sql-", named.parent) as folder:
            new = folder / "result"
            yield new
            publish_file(new, named)
    except ReportError as error:
        raise UmbrellaError(str(error)) from error
    except OSError as error:
        raise UmbrellaError(f"Cannot write {named}: {error.strerror or error}.") from error
