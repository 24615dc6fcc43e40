"""The whole of a review as files: an archive with its description, SQL to open it, a workbook."""

from importlib.metadata import metadata, version
from pathlib import Path

from reports.data_package import describe_files
from reports.exports import (
    ARCHIVE,
    CITED,
    REFERENCES,
    SCRIPT,
    WORKBOOK,
    WarehouseTables,
    write_script,
)
from reports.figure import Row
from reports.manuscript import tables as manuscript
from reports.manuscript.references import STYLES, bibtex, csl_json, references, ris
from reports.manuscript.workbook import write_workbook
from reports.words import review_of
from umbrella.exporting.archive import write_archive

STYLE = "vancouver"
WRITERS = {".ris": ris, ".bib": bibtex, ".json": csl_json}
"""How references are written, by the end of the name of their file."""
PROGRAM = "umbrella-warehouse"


def cited(review: Row) -> list[Row]:
    """The published review, if its sheet has a DOI, and the site, as references.

    They have what the sheet has. Its title is that of the article only where its citation says so.
    """
    empty = dict.fromkeys(
        (
            "authors", "first_author", "year", "title", "journal", "volume", "issue", "pages",
            "doi", "source_url",
        )
    )  # fmt: skip
    key, title = review["review_id"] or "review", review["title"]
    site = {"meta_analysis_id": f"{key}-site", "title": title, "kind": "data", "note": made_with()}
    if not review["doi"]:
        return [{**empty, **site}]
    said = review["citation"] or ""
    article = {
        "meta_analysis_id": key,
        "title": title if title and title.casefold() in said.casefold() else None,
        "doi": review["doi"],
        "source_url": f"https://doi.org/{review['doi']}",
        "note": said,
    }
    return [{**empty, **article}, {**empty, **site}]


def made_with() -> str:
    """What a site is made with."""
    return f"Site made with {PROGRAM} {version(PROGRAM)}"


def program_citation() -> str:
    """How to cite the program, as CITATION.cff has it."""
    return f"{metadata(PROGRAM)['Author']}. {PROGRAM}, version {version(PROGRAM)}. Software"


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
    for names, listed in ((REFERENCES, rows), (CITED, cited(review_of(tables)))):
        for name in names:
            text = WRITERS[Path(name).suffix](listed)
            (folder / name).write_text(text, encoding="utf-8", newline="")
    if shown:
        write_workbook(folder / WORKBOOK, shown, tables)
