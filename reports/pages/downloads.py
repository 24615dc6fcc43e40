"""The files to download: the whole, each table by its subject, and each figure."""

from collections.abc import Iterable

from reports import formats
from reports.data_package import DESCRIPTION
from reports.drawing import Drawn
from reports.exports import ARCHIVE, OPENING, REFERENCES, SCRIPT, WORKBOOK, TableDescription
from reports.figure import Row
from reports.pages.model import Content, Page, Section, TableBlock, pick
from reports.tables import Cell, DataTable, Link

LABELS = {"csv": "CSV", "csv.gz": "CSV, compressed", "parquet": "Parquet"}
"""What the files of a table are called, by the end of their names."""
SHORT = 12
"""Characters of a checksum that are shown."""
KILOBYTE = 1000
OTHERS = "Other tables"


def pages(content: Content) -> list[Page]:
    """The downloads."""
    return [downloads(content)]


def downloads(content: Content) -> Page:
    """The whole, each table with its facts, and every figure."""
    return Page(
        slug="downloads",
        is_of_sheets=True,
        label="Downloads",
        title="Downloads",
        lead=f"All tables and figures. {licence(content.review)}",
        sections=pick(
            Section(
                "section-everything",
                "Everything at once",
                (
                    f"{ARCHIVE} has all tables as Parquet, a description that programs read "
                    f"({DESCRIPTION}, a data package of Frictionless Data: types, units, keys, "
                    f"sizes, checksums), and {SCRIPT}, which opens them in DuckDB 1.2 or newer "
                    "with their descriptions. The file .files beside the pages has the whole "
                    "SHA-256 of every file of this site: sha256sum --check .files tells whether "
                    "one was changed.",
                ),
                (
                    TableBlock("table-everything", everything_table(content)),
                    TableBlock("table-opening", opening_table()),
                ),
            ),
            *table_sections(content),
            figures_section(content),
        ),
        group="data",
    )


def licence(review: Row) -> str:
    """On what terms the files may be used."""
    if review.get("licence"):
        return f"Licence of the data: {review['licence']}. Cite the review."
    return "No licence is stated: ask the authors before you publish what you make of the data."


def everything_table(content: Content) -> DataTable:
    """The files that hold the whole, or what matters most of it."""
    told = {
        ARCHIVE: "All tables with their description",
        WORKBOOK: "The main results for a spreadsheet: characteristics, results, findings, quality",
        **REFERENCES,
        DESCRIPTION: "The description alone",
        SCRIPT: "SQL that opens the Parquet files beside it in DuckDB",
    }
    rows = tuple(
        (
            Link(name, f"data/{name}", is_download=True),
            words,
            size(content.exported[name].size),
            content.exported[name].sha256[:SHORT],
        )
        for name, words in told.items()
        if name in content.exported
    )
    return DataTable(
        "The whole", ("File", "Holds", "Size", "SHA-256 begins"), rows, frozenset({"Size"})
    )


def opening_table() -> DataTable:
    """One line that opens all tables, for each program."""
    return DataTable(
        "Open it in DuckDB: unpack the archive, and in its folder",
        ("With", "Type"),
        OPENING,
        frozenset(),
    )


def table_sections(content: Content) -> list[Section]:
    """A section for each subject, as the models are parted into areas."""
    models = {row["table_name"]: row for row in content.tables["dim_models"]}
    areas: dict[str, list[TableDescription]] = {}
    by_area = sorted(content.descriptions, key=lambda table: area_order(models.get(table.name)))
    for table in by_area:
        model = models.get(table.name)
        areas.setdefault(model["area_label"] if model else OTHERS, []).append(table)
    return [
        Section(
            f"section-tables-{place}",
            f"Tables: {label}",
            told(models.get(tables[0].name), is_first=place == 1),
            (TableBlock(f"table-tables-{place}", tables_table(label, tables, content)),),
        )
        for place, (label, tables) in enumerate(areas.items(), start=1)
    ]


def area_order(model: Row | None) -> tuple[bool, int]:
    """Where an area stands; what has none stands last."""
    return (model is None, model["area_order"] if model else 0)


def told(model: Row | None, is_first: bool) -> tuple[str, ...]:
    """What an area holds; above the first, what the files are."""
    about = (model["area_description"],) if model else ()
    forms = (
        "CSV opens in a spreadsheet, Parquet in DuckDB, R or Python. A large CSV is compressed "
        "(gzip): R and Python read it as it is, a spreadsheet once it is unpacked; the largest "
        "tables are Parquet alone. In CSV a text that a spreadsheet would run as a formula has an "
        "apostrophe before it; Parquet is exact.",
    )
    return (*about, *(forms if is_first else ()))


def tables_table(label: str, tables: Iterable[TableDescription], content: Content) -> DataTable:
    """One row per table: what it holds, how much, and its files."""
    rows = tuple(
        (
            Link(table.name, f"dictionary.html#table-{table.name}"),
            table.paragraphs[0] if table.paragraphs else "–",
            formats.count(table.rows),
            file_links(table.name, content),
            checksum(content, f"{table.name}.parquet"),
        )
        for table in tables
    )
    columns = ("Table", "Holds", "Rows", "Files", "SHA-256 of Parquet begins")
    return DataTable(f"Tables: {label}", columns, rows, frozenset({"Rows"}))


def checksum(content: Content, name: str) -> str:
    """The beginning of the checksum of a file."""
    return content.exported[name].sha256[:SHORT]


def file_links(table: str, content: Content) -> tuple[Link, ...]:
    """The files of a table with their sizes."""
    names = content.files_of(table)
    return tuple(file_link(table, name, content.exported[name].size) for name in names)


def file_link(table: str, name: str, n_bytes: int) -> Link:
    """One file of a table."""
    label = LABELS[name.removeprefix(f"{table}.")]
    words = f"{label}, {size(n_bytes)}"
    return Link(words, f"data/{name}", f"{words}: {table}", is_download=True)


def size(n_bytes: int) -> str:
    """Bytes in words: 12 kB, 1.4 MB."""
    kilobytes = n_bytes / KILOBYTE
    if kilobytes < KILOBYTE:
        return f"{max(kilobytes, 1):.0f} kB"
    return f"{kilobytes / KILOBYTE:.1f} MB"


def figures_section(content: Content) -> Section:
    """One row per figure with its files."""
    drawn = {item.figure.figure_id: item for item in content.drawn}
    rows = tuple(
        (
            Link(drawn[figure_id].figure.title, content.where[figure_id]),
            links(drawn[figure_id]),
        )
        for figure_id in content.where
    )
    table = DataTable("Figures", ("Figure", "Files"), rows, frozenset())
    blocks = (TableBlock("table-figures", table),) if rows else ()
    return Section("section-figures", "Figures", (), blocks)


def links(drawn: Drawn) -> Cell:
    """The files of a figure."""
    return tuple(
        Link(name, target, f"{name}: {drawn.figure.title}", is_download=True)
        for name, target in drawn.links
    )
