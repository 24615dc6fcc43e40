"""How the tables are made: the areas of the warehouse, and what each table is made from."""

from collections.abc import Iterable, Mapping

from reports.figure import Row
from reports.pages.model import Content, DetailsBlock, Page, Section, pick
from reports.tables import Cell, DataTable, Link

LAYERS = {
    "sheets": "Sheet as typed",
    "staging": "Checked and cast",
    "intermediate": "Step of the calculation",
    "marts": "Result",
    "reports": "Rows behind figures and pages",
}
"""The layers in plain words."""
NOTHING = "–"
Table = tuple[str, str]
"""Schema and name of a table."""


def pages(content: Content) -> list[Page]:
    """The page, where the warehouse lists its models."""
    models = content.tables["dim_models"]
    if not models:
        return []
    made_from = pairs(content.tables["dim_lineage"], to_source=True)
    feeds = pairs(content.tables["dim_lineage"], to_source=False)
    described = {table.name for table in content.descriptions}
    return [
        Page(
            slug="lineage",
            is_of_sheets=True,
            label="How the tables are made",
            title="How the tables are made",
            lead=(
                f"{len(models)} tables, from the sheets as typed to the rows behind each figure, "
                "by subject: what each is made from, and what is made from it."
            ),
            sections=pick(reading(), *sections(models, made_from, feeds, described)),
            group="data",
        )
    ]


def reading() -> Section:
    """What the layers are, and where more is said."""
    return Section(
        "section-layers",
        "How to read it",
        (
            "Each sheet is kept as typed, then checked and cast. Steps of the calculation read "
            "these and each other; results are what to ask in SQL; the rows behind figures and "
            "pages are made from results. A name that is a link leads to the columns of the "
            "table in the data dictionary.",
            "The program of the review has the whole as documentation of dbt, with the SQL of "
            "every table and a graph to walk through: dbt docs generate --static writes it as one "
            "page, target/static_index.html.",
        ),
    )


def pairs(rows: Iterable[Row], *, to_source: bool) -> dict[Table, list[Table]]:
    """What each table is made from, or else what is made from it."""
    found: dict[Table, list[Table]] = {}
    for row in rows:
        made = row["table_schema"], row["table_name"]
        source = row["reads_schema"], row["reads_table"]
        key, other = (made, source) if to_source else (source, made)
        found.setdefault(key, []).append(other)
    return {key: sorted(others, key=lambda table: table[::-1]) for key, others in found.items()}


def sections(
    models: Iterable[Row],
    made_from: Mapping[Table, list[Table]],
    feeds: Mapping[Table, list[Table]],
    described: set[str],
) -> list[Section]:
    """A section for each area; the tables of a layer of it open below its name."""
    areas: dict[str, dict[str, list[Row]]] = {}
    for row in sorted(models, key=lambda r: (r["area_order"], r["layer_order"], r["table_name"])):
        areas.setdefault(row["area"], {}).setdefault(row["layer"], []).append(row)
    return [
        Section(
            f"section-area-{area}",
            first(layers)["area_label"],
            (first(layers)["area_description"],),
            tuple(
                DetailsBlock(
                    anchor=f"tables-{area}-{layer}",
                    summary=f"{title(rows[0])} ({len(rows)})",
                    table=layer_table(rows, made_from, feeds, described),
                )
                for layer, rows in layers.items()
            ),
        )
        for area, layers in areas.items()
    ]


def first(layers: Mapping[str, list[Row]]) -> Row:
    """Any row of an area: they say the same of it."""
    return next(iter(layers.values()))[0]


def title(row: Row) -> str:
    """What a layer of an area is called, unlike any other on the page."""
    return f"{row['area_label']}: {LAYERS[row['layer']].lower()}"


def layer_table(
    rows: Iterable[Row],
    made_from: Mapping[Table, list[Table]],
    feeds: Mapping[Table, list[Table]],
    described: set[str],
) -> DataTable:
    """One row per table."""
    listed = [((row["table_schema"], row["table_name"]), row) for row in rows]
    cells = tuple(
        (
            named(key, described),
            row["description"],
            together(made_from.get(key, ()), described),
            together(feeds.get(key, ()), described),
        )
        for key, row in listed
    )
    return DataTable(
        title(listed[0][1]), ("Table", "Holds", "Made from", "Goes into"), cells, frozenset()
    )


def named(table: Table, described: set[str]) -> Cell:
    """A table, as a link where the dictionary has its columns."""
    name = table[1]
    return Link(name, f"dictionary.html#table-{name}") if name in described else name


def together(tables: Iterable[Table], described: set[str]) -> Cell:
    """Several tables: links where the dictionary has all of them, else their names."""
    cells = [named(table, described) for table in tables]
    if cells and all(isinstance(cell, Link) for cell in cells):
        return tuple(cells)
    return ", ".join(table[1] for table in tables) or NOTHING
