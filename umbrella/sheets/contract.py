"""What every sheet must look like, read from the seed properties that dbt reads too.

The single source is `models/sheets/_<folder>__sheets.yml`. Each seed there names its folder
(`config.meta.folder`), whether it must have data rows (`config.meta.needs_rows`) and its columns
in order. A sheet or a column that says `optional: true` may be missing from a user's folder: a
column is then empty, or what the column `when_missing` holds where that is allowed; a sheet of the
protocol or of the vocabulary has the rows that this project ships, and any other has none. A column
that says `as_shipped: true` may be missing where this project ships a row of the same key for each
row of the sheet: it holds what they hold. What a column says of `usual` is for workbooks, which may
leave out every column but those that are required without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from umbrella.errors import UmbrellaError
from umbrella.project import PROJECT_FILE, read_properties

PROPERTIES = "models/sheets/_*__sheets.yml"

DEFAULTS_FOLDERS = ("protocol", "vocabulary")
"""Choices, not data: what a missing optional sheet of them holds does not depend on the review."""


@dataclass(frozen=True)
class SameAs:
    """The value of another column; where some are allowed only, it must be one of these."""

    column: str
    allowed: frozenset[str]

    def value(self, cells: Mapping[str, str]) -> str:
        """What stands in the missing column of a row."""
        found = cells[self.column].strip()
        return found if not self.allowed or found in self.allowed else ""


@dataclass(frozen=True)
class Usual:
    """What a cell holds that a workbook leaves empty: `value`, or the code that has the `role`.

    Where it is `numbered_by` another column, it is the cell of that column and a number.
    """

    value: str = ""
    role: str = ""
    numbered_by: str = ""


@dataclass(frozen=True)
class ValueOf:
    """Whose value a column of texts holds: the columns beside it that name column and sheet.

    The sheet is `sheet` where all rows are about the same. What a cell held before it was corrected
    may be no number at all: of it units are read, and numbers stay as they were (`is_former`).
    """

    named_by: str
    sheet: str = ""
    sheet_named_by: str = ""
    is_former: bool = False

    def column(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Sheet and column that a row is about."""
        sheet = self.sheet or row[self.sheet_named_by].strip()
        return sheet, row[self.named_by].strip()


@dataclass(frozen=True)
class Column:
    """What a column may hold: its kind (see macros/checks/sheets.sql) and, if not all, which.

    `value_of` is for a column of texts that holds the value of another sheet's column; `usual` is
    what stands in a cell that a workbook leaves empty, `example` a cell of a worked example;
    `references` is the sheet and column, with a point between, whose identifiers it takes.
    """

    kind: str
    allowed: tuple[str, ...] = ()
    value_of: ValueOf | None = None
    is_required: bool = False
    usual: Usual | None = None
    example: str = ""
    references: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet of the contract: `folder/name.csv` with these columns in this order.

    `kinds` says what each column may hold, `same_as` what an optional column holds where it is
    missing; else it is empty. `vocabularies` gives the vocabulary of each column of codes.
    `shipped` is the file with the rows that stand in for an optional sheet that is missing, and
    whose cells of the same `key` stand in for missing columns that are `as_shipped`. Rows are not
    needed when one of the sheets `or_rows_in` has some.
    """

    name: str
    folder: str
    columns: tuple[str, ...]
    needs_rows: bool
    is_optional: bool = False
    optional_columns: frozenset[str] = frozenset()
    kinds: Mapping[str, Column] = field(default_factory=dict, hash=False)
    same_as: Mapping[str, SameAs] = field(default_factory=dict, hash=False)
    vocabularies: Mapping[str, str] = field(default_factory=dict, hash=False)
    key: tuple[str, ...] = ()
    as_shipped: frozenset[str] = frozenset()
    shipped: Path | None = None
    or_rows_in: tuple[str, ...] = ()
    worksheet: str = ""
    takes_own_columns: bool = False

    @property
    def file(self) -> str:
        """What messages call it: the path inside the folder of sheets, or the worksheet."""
        return self.worksheet or self.path

    @property
    def path(self) -> str:
        """The path inside a folder of sheets."""
        return f"{self.folder}/{self.name}.csv"


def read_contract(project: Path) -> tuple[Sheet, ...]:
    """Return every sheet of the contract, by folder and then in the order of the files.

    Raises UmbrellaError when a property file is missing, is not YAML or lacks a folder.
    """
    files = sorted(project.glob(PROPERTIES))
    if not files:
        raise UmbrellaError(f"Found no sheet descriptions at {project / PROPERTIES}.")
    return tuple(sheet for file in files for sheet in _sheets_of(file, project))


def subgroup_filters(project: Path) -> list[str]:
    """The filters of analyses that part a condition, as the macro of this name gives them."""
    project_file = read_properties(project / PROJECT_FILE)
    declared = project_file["vars"]
    whole = declared["whole_condition_filters"]
    return [name for name in declared["analysis_filters"] if name not in whole]


def _sheets_of(file: Path, project: Path) -> list[Sheet]:
    try:
        return [_sheet(seed, project) for seed in read_properties(file).get("seeds", [])]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise UmbrellaError(f"Cannot read the sheet descriptions in {file}: {error}") from error


def _sheet(seed: dict[str, Any], project: Path) -> Sheet:
    meta = seed["config"]["meta"]
    is_optional = bool(meta.get("optional", False))
    is_general = meta["folder"] in DEFAULTS_FOLDERS and not meta.get("of_one_review", False)
    has_defaults = is_optional and is_general
    shipped = project / "seeds" / meta["folder"] / f"{seed['name']}.csv"
    return Sheet(
        name=seed["name"],
        folder=meta["folder"],
        columns=tuple(column["name"] for column in seed["columns"]),
        needs_rows=bool(meta.get("needs_rows", False)),
        is_optional=is_optional,
        optional_columns=frozenset(c["name"] for c in seed["columns"] if _meta(c).get("optional")),
        kinds={column["name"]: _column(_meta(column)) for column in seed["columns"]},
        same_as={
            column["name"]: SameAs(
                _meta(column)["when_missing"], frozenset(_meta(column).get("allowed", ()))
            )
            for column in seed["columns"]
            if "when_missing" in _meta(column)
        },
        vocabularies={
            column["name"]: _meta(column)["vocabulary"]
            for column in seed["columns"]
            if "vocabulary" in _meta(column)
        },
        key=tuple(meta.get("key", ())),
        as_shipped=frozenset(c["name"] for c in seed["columns"] if _meta(c).get("as_shipped")),
        shipped=shipped if has_defaults else None,
        or_rows_in=tuple(meta.get("or_rows_in", ())),
    )


def _column(meta: dict[str, Any]) -> Column:
    allowed = meta.get("allowed", ())
    # Where one word stands for a list, only the models know the list.
    value_of = meta.get("value_of")
    return Column(
        meta["kind"],
        () if isinstance(allowed, str) else tuple(allowed),
        ValueOf(**value_of) if value_of else None,
        is_required=bool(meta.get("required")),
        usual=_usual(meta),
        example=str(meta.get("example", "")),
        references=meta.get("references", ""),
    )


def _usual(meta: Mapping[str, Any]) -> Usual | None:
    keys = {"usual": "value", "usual_role": "role", "numbered_by": "numbered_by"}
    said = {name: str(meta[key]) for key, name in keys.items() if key in meta}
    return Usual(**said) if said else None


def _meta(column: dict[str, Any]) -> dict[str, Any]:
    return column.get("config", {}).get("meta", {})
