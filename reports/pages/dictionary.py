"""The data dictionary: every table and column with its unit, and the files to download."""

from reports import formats
from reports.exports import EXTRACT, TableDescription
from reports.pages.model import Content, DetailsBlock, Page, Section, TableBlock, pick
from reports.tables import DataTable, Link

SCHEMAS = (
    ("main", "marts", "Marts: what to query"),
    ("reports", "reports", "Reports: the rows behind figures and pages"),
)
LABELS = {"csv": "CSV", "csv.gz": "CSV, compressed", "parquet": "Parquet"}
"""What the files of a table are called, by the end of their names."""


def pages(content: Content) -> list[Page]:
    """The dictionary and the downloads."""
    return [dictionary(content), downloads(content)]


def dictionary(content: Content) -> Page:
    """A section per schema; each table opens to its columns."""
    return Page(
        slug="dictionary",
        label="Data dictionary",
        title="Data dictionary",
        lead="Every table, what one of its rows is, and every column with its unit.",
        sections=pick(
            *(
                Section(
                    f"section-{key}",
                    heading,
                    (),
                    tuple(
                        described(table) for table in content.descriptions if table.schema == schema
                    ),
                )
                for schema, key, heading in SCHEMAS
            )
        ),
        group="data",
    )


def described(table: TableDescription) -> DetailsBlock:
    """One table: its columns below its name and size."""
    columns = tuple((c.name, c.data_type, c.description) for c in table.columns)
    return DetailsBlock(
        anchor=f"table-{table.name}",
        summary=f"{table.name} ({formats.counted(table.rows, 'row')})",
        note=" ".join(table.paragraphs),
        table=DataTable(
            f"Columns of {table.name}",
            ("Column", "Type", "Meaning, unit and range"),
            columns,
            frozenset(),
        ),
    )


def downloads(content: Content) -> Page:
    """Tables as CSV and Parquet, the database, and every figure."""
    return Page(
        slug="downloads",
        label="Downloads",
        title="Downloads",
        lead="All tables and figures, free to use with a citation of the review.",
        sections=pick(
            Section(
                "section-database",
                "The whole as one DuckDB file",
                (
                    "Holds every table below with the descriptions of its columns. DuckDB 1.2 or "
                    "newer opens it; no Python is needed.",
                ),
                (TableBlock("table-database", database_table()),),
            ),
            Section(
                "section-tables",
                "Tables",
                (
                    "CSV opens in a spreadsheet, Parquet in DuckDB, R or Python. A large CSV is "
                    "compressed (gzip): R and Python read it as it is, a spreadsheet once it is "
                    "unpacked. In CSV a text that a spreadsheet would run as a formula has an "
                    "apostrophe before it; Parquet is exact.",
                ),
                (TableBlock("table-tables", tables_table(content)),),
            ),
            figures_section(content),
        ),
        group="data",
    )


def database_table() -> DataTable:
    """The link to the database."""
    link = Link(EXTRACT, f"data/{EXTRACT}", "", is_download=True)
    return DataTable("Database", ("File",), ((link,),), frozenset())


def tables_table(content: Content) -> DataTable:
    """One row per table with its files."""
    rows = tuple(
        (
            Link(table.name, f"dictionary.html#table-{table.name}"),
            formats.count(table.rows),
            file_links(table.name, content.plain_file(table.name)),
        )
        for table in content.descriptions
    )
    return DataTable("Tables", ("Table", "Rows", "Files"), rows, frozenset({"Rows"}))


def file_links(table: str, plain: str) -> tuple[Link, ...]:
    """The files of a table."""
    files = {plain.removeprefix(f"{table}."): plain, "parquet": f"{table}.parquet"}
    return tuple(
        Link(LABELS[ending], f"data/{name}", f"{LABELS[ending]} of {table}", is_download=True)
        for ending, name in files.items()
    )


def figures_section(content: Content) -> Section:
    """One row per figure with its files."""
    drawn = {item.figure.figure_id: item for item in content.drawn}
    rows = tuple(
        (
            formats.count(number),
            Link(drawn[figure_id].figure.title, content.where[figure_id]),
            tuple(
                Link(name, target, f"{name} of figure {number}", is_download=True)
                for name, target in drawn[figure_id].links
            ),
        )
        for figure_id, number in content.numbers.items()
    )
    table = DataTable("Figures", ("Figure", "Title", "Files"), rows, frozenset({"Figure"}))
    blocks = (TableBlock("table-figures", table),) if rows else ()
    return Section("section-figures", "Figures", (), blocks)
