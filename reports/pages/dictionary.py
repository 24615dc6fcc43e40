"""The data dictionary: every table and column with its unit."""

from reports import formats
from reports.exports import TableDescription
from reports.pages.model import Content, DetailsBlock, Page, Section, pick
from reports.tables import DataTable

SCHEMAS = (
    ("main", "marts", "Marts: what to query"),
    ("reports", "reports", "Reports: the rows behind figures and pages"),
)


def pages(content: Content) -> list[Page]:
    """The dictionary."""
    return [dictionary(content)]


def dictionary(content: Content) -> Page:
    """A section per schema; each table opens to its columns."""
    return Page(
        slug="dictionary",
        is_of_sheets=True,
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
        found_by=" ".join(column.name for column in table.columns),
    )
