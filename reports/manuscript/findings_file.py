"""The summary of findings as a Word file or a workbook of its own."""

from pathlib import Path

from reports.errors import ReportError
from reports.exports import WarehouseTables, open_tables
from reports.manuscript.tables import summaries_of_findings
from reports.manuscript.word import Manuscript
from reports.manuscript.workbook import write_workbook

TITLE = "Summary of findings"
WORD, WORKBOOK = "docx", "xlsx"


def write_findings(database: Path, path: Path, form: str) -> int:
    """Write the summary of findings of a warehouse as `docx` or `xlsx`; how many tables it has.

    Raises ReportError where there is no outcome to summarise, and as `open_tables` does.
    """
    with open_tables(database) as tables:
        return write_tables(tables, path, form)


def write_tables(tables: WarehouseTables, path: Path, form: str) -> int:
    """The same from tables that are open already."""
    made = summaries_of_findings(tables)
    if not made:
        raise ReportError("There is no summary of findings: no analysis is of a condition.")
    if form == WORKBOOK:
        write_workbook(path, made, tables)
    else:
        manuscript = Manuscript(tables)
        manuscript.across()
        manuscript.title(TITLE)
        for table in made:
            manuscript.table(table)
        manuscript.save(path)
    return len(made)
