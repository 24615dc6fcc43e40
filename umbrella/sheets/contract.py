"""What every sheet must look like, read from the seed properties that dbt reads too.

The single source is `models/sheets/_<folder>__sheets.yml`. Each seed there names its folder
(`config.meta.folder`), whether it must have data rows (`config.meta.needs_rows`) and its columns
in order.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from umbrella.errors import UmbrellaError

PROPERTIES = "models/sheets/_*__sheets.yml"


@dataclass(frozen=True)
class Sheet:
    """One sheet of the contract: `folder/name.csv` with these columns in this order."""

    name: str
    folder: str
    columns: tuple[str, ...]
    needs_rows: bool

    @property
    def file(self) -> str:
        """The path inside the folder of sheets, as messages show it."""
        return f"{self.folder}/{self.name}.csv"


def read_contract(project: Path) -> tuple[Sheet, ...]:
    """Return every sheet of the contract, by folder and then in the order of the files.

    Raises UmbrellaError when a property file is missing, is not YAML or lacks a folder.
    """
    files = sorted(project.glob(PROPERTIES))
    if not files:
        raise UmbrellaError(f"Found no sheet descriptions at {project / PROPERTIES}.")
    return tuple(sheet for file in files for sheet in _sheets_of(file))


def _sheets_of(file: Path) -> list[Sheet]:
    try:
        properties = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        return [_sheet(seed) for seed in properties.get("seeds", [])]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise UmbrellaError(f"Cannot read the sheet descriptions in {file}: {error}") from error


def _sheet(seed: dict[str, Any]) -> Sheet:
    meta = seed["config"]["meta"]
    return Sheet(
        name=seed["name"],
        folder=meta["folder"],
        columns=tuple(column["name"] for column in seed["columns"]),
        needs_rows=bool(meta.get("needs_rows", False)),
    )
