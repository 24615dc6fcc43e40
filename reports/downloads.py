"""The whole of a review as files: an archive with its description, SQL to open it, a workbook."""

from pathlib import Path

from reports.data_package import describe_files
from reports.exports import ARCHIVE, SCRIPT, WORKBOOK, WarehouseTables, write_script
from reports.manuscript import tables as manuscript
from reports.manuscript.references import STYLES, references
from reports.manuscript.workbook import write_workbook
from umbrella.exporting.archive import write_archive

STYLE = "vancouver"


def write_downloads(tables: WarehouseTables, folder: Path) -> None:
    """Write what holds all tables beside their files, and the main results for a spreadsheet.

    The archive has the Parquet files, which hold each table whole and exact in the fewest bytes;
    the CSV files beside it are the same rows once more, so they are not in it.
    """
    script = write_script(tables.found.values(), folder / SCRIPT)
    files = [*describe_files(tables, folder), script]
    write_archive(folder / ARCHIVE, {path.name: path for path in files})
    rows = [*manuscript.included(tables), *manuscript.left_out(tables)]
    shown = manuscript.all_tables(tables, references(rows, STYLES[STYLE]))
    if shown:
        write_workbook(folder / WORKBOOK, shown, tables)
