"""The sheets that a new review begins with: those of a preset, and those that ship."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from umbrella.errors import UmbrellaError
from umbrella.sheets.contract import Sheet
from umbrella.sheets.reading import Table, read_table
from umbrella.sheets.rows import Rows

PRESETS = "presets"
"""Folder of the presets: a list of them, and for each the sheets that differ from the shipped."""

ADDED = "added"
"""Folder of a preset with rows that go below those of the shipped sheet."""

VOCABULARY = "vocabulary"
REVIEW = "review"
COPIED_PROTOCOL = ("policies",)
COPIED_SUFFIX = "_bands"
"""Sheets that do not depend on the review: codes, pooling policies, thresholds."""


def begins_filled(sheet: Sheet) -> bool:
    """Whether a review begins with the shipped rows of a sheet."""
    is_threshold = sheet.name in COPIED_PROTOCOL or sheet.name.endswith(COPIED_SUFFIX)
    is_choice = sheet.folder == "protocol" and (is_threshold or sheet.shipped is not None)
    return sheet.folder == VOCABULARY or is_choice


@dataclass(frozen=True)
class Preset:
    """A preset of a project: its sheets stand in `folders`, the most special first."""

    name: str
    folders: tuple[Path, ...]
    shipped: Path

    def table(self, sheet: Sheet) -> Table:
        """The rows that a sheet begins with: none, where there is nothing to begin with."""
        places = [*self.folders, self.shipped] if begins_filled(sheet) else self.folders
        filled = next((file for place in places if (file := place / sheet.path).is_file()), None)
        if filled is None:
            return Table(list(sheet.columns), Rows([]))
        table = read_table(filled, sheet.file)
        rows = list(table.rows)
        for folder in self.folders:
            added = folder / ADDED / sheet.path
            if added.is_file():
                rows += _in_order(read_table(added, sheet.file), table.header)
        return Table(table.header, Rows(rows))


def preset_of(project: Path, name: str | None = None) -> Preset:
    """A preset by its name, or the first of the list; raises UmbrellaError for an unknown one."""
    known = _listed(project)
    wanted = next(iter(known)) if name is None else name
    if wanted not in known:
        raise UmbrellaError(f"Unknown preset {wanted!r}. Presets: {', '.join(known)}.")
    folders = tuple(project / PRESETS / folder for folder in known[wanted].split(";") if folder)
    return Preset(wanted, folders, project / "seeds")


def preset_for(project: Path, tables: Mapping[Sheet, Table]) -> Preset:
    """The preset for the kind of review that the sheets say they are; else the first."""
    presets = [preset_of(project, name) for name in _listed(project)]
    for sheet, table in tables.items():
        if sheet.name == REVIEW and (kind := _kind(table)):
            fitting = (preset for preset in presets if _kind(preset.table(sheet)) == kind)
            return next(fitting, presets[0])
    return presets[0]


def codes_of_presets(project: Path, vocabulary: Sheet) -> set[str]:
    """The codes that a vocabulary has in any preset."""
    tables = [preset_of(project, name).table(vocabulary) for name in _listed(project)]
    return {row[table.header.index("code")] for table in tables for row in table.rows}


def _kind(review: Table) -> str:
    place = review.header.index("review_kind") if "review_kind" in review.header else -1
    return review.rows[0][place].strip() if place >= 0 and review.rows else ""


def _listed(project: Path) -> dict[str, str]:
    with (project / PRESETS / "presets.csv").open(encoding="utf-8", newline="") as file:
        return {row["preset"]: row["folders"] for row in csv.DictReader(file)}


def _in_order(table: Table, header: Sequence[str]) -> list[list[str]]:
    """The rows of a table with the columns of a header."""
    rows = (dict(zip(table.header, row, strict=True)) for row in table.rows)
    return [[row.get(name, "") for name in header] for row in rows]
