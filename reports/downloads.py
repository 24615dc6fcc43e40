"""The whole of a review as files: an archive with its description, SQL to open it, a workbook."""

from pathlib import Path

from reports.data_package import describe_files
from reports.exports import ARCHIVE, SCRIPT, WORKBOOK, WarehouseTables, write_script
from reports.figure import Row
from reports.manuscript import tables as manuscript
from reports.manuscript.references import STYLES, bibtex, csl_json, references, ris
from reports.manuscript.workbook import write_workbook
from reports.words import review_of
from umbrella.exporting.archive import write_archive

STYLE = "vancouver"
CITED = {"cite.ris": ris, "cite.bib": bibtex}
"""The review itself."""
REFERENCES = {"references.ris": ris, "references.bib": bibtex, "references.json": csl_json}
"""References of all meta-analyses, for reference managers."""


def published_review(tables: WarehouseTables) -> Row | None:
    """The review as a reference, which its DOI completes; None without one."""
    review = review_of(tables)
    if not review["doi"]:
        return None
    empty = dict.fromkeys(
        ("authors", "first_author", "year", "journal", "volume", "issue", "pages", "source_url")
    )
    named = {"meta_analysis_id": review["review_id"] or "review", "note": review["citation"]}
    return {**empty, **named, "title": None, "doi": review["doi"]}


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
    for name, write in REFERENCES.items():
        (folder / name).write_text(write(rows), encoding="utf-8", newline="")
    if row := published_review(tables):
        for name, write in CITED.items():
            (folder / name).write_text(write([row]), encoding="utf-8", newline="")
    if shown:
        write_workbook(folder / WORKBOOK, shown, tables)
