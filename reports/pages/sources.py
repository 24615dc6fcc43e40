"""Where each meta-analysis stands: the row that has its number, and the paper behind it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from reports.figure import Row, Tables
from reports.tables import Cell, Link


class Place(NamedTuple):
    """The row of an effect: its page, its id there, and the analysis whose table has it."""

    file_name: str
    anchor: str
    analysis_id: str


def places(tables: Tables) -> dict[str, Place]:
    """The first row of each effect that is pooled or left out, by its identifier."""
    slugs = {row["condition"]: row["slug"] for row in tables["dim_condition_pages"]}
    found: dict[str, Place] = {}
    for row in tables["rpt_members"]:
        if row["condition"] in slugs:
            page = f"condition-{slugs[row['condition']]}.html"
            place = Place(page, f"row-{quote(row['effect_id'], safe='')}", row["analysis_id"])
            found.setdefault(row["effect_id"], place)
    return found


def row_ids(rows: Iterable[Row], where: Mapping[str, Place]) -> tuple[str, ...]:
    """The id of each row of rpt_members in a table; empty for one whose first row is elsewhere."""
    return tuple(
        where[row["effect_id"]].anchor
        if row["effect_id"] in where and where[row["effect_id"]].analysis_id == row["analysis_id"]
        else ""
        for row in rows
    )


def to_paper(label: str, row: Row) -> Cell:
    """A name that leads to the paper where its DOI is known."""
    if not row["doi"]:
        return label
    return Link(label, f"https://doi.org/{row['doi']}", f"{label}, {row['effect_id']}")


def to_row(
    label: str, effect_id: str | None, where: Mapping[str, Place], page: str = ""
) -> Link | None:
    """A name that leads from `page` to the row of an effect; None where no page has one."""
    place = where.get(effect_id or "")
    if place is None:
        return None
    file_name = "" if place.file_name == page else place.file_name
    return Link(label, f"{file_name}#{place.anchor}", f"{label}, row of {effect_id}")


def first_effects(tables: Tables) -> dict[str, str]:
    """The first effect of each meta-analysis that has a row; a pooled one where there is one."""
    found: dict[str, str] = {}
    for row in sorted(tables["rpt_members"], key=lambda row: not row["is_member"]):
        found.setdefault(row["meta_analysis_id"], row["effect_id"])
    return found
