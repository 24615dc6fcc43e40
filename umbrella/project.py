"""Where things are: the dbt project, the published warehouse, the sheets.

The project is the clone that the package was installed from (editable install), because models
and kernels belong together; failing that, the current folder or one of its parents.
"""

import os
from pathlib import Path
from typing import Any

from umbrella.errors import UmbrellaError

PROJECT_NAME = "umbrella_warehouse"
PROJECT_FILE = "dbt_project.yml"
DATABASE_VARIABLE = "UMBRELLA_DATABASE"
SHEETS_VARIABLE = "UMBRELLA_SHEETS"
MEMORY_VARIABLE = "UMBRELLA_MEMORY_LIMIT"


def project_dir() -> Path:
    """Return the folder of the dbt project.

    Raises UmbrellaError when neither the package nor the current folder belongs to one.
    """
    package_parent = Path(__file__).resolve().parent.parent
    current = Path.cwd()
    for folder in (package_parent, current, *current.parents):
        if _is_project(folder):
            return folder
    raise UmbrellaError(
        f"Found no {PROJECT_FILE} of umbrella-warehouse, neither beside the installed package nor "
        f"in {current} or above it. Run the command inside a clone of the project."
    )


def _is_project(folder: Path) -> bool:
    path = folder / PROJECT_FILE
    return path.is_file() and PROJECT_NAME in path.read_text(encoding="utf-8")


def read_properties(file: Path) -> dict[str, Any]:
    """What a YAML file of the project says; an empty file says nothing.

    Raises OSError and yaml.YAMLError.
    """
    import yaml

    # The parser in C, which takes a tenth of the time, is not part of every installation.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(file.read_text(encoding="utf-8"), loader) or {}


def database_path(option: Path | None) -> Path:
    """The published warehouse: the option, else UMBRELLA_DATABASE, else the project's own file."""
    return _named(option, DATABASE_VARIABLE) or project_dir() / "umbrella.duckdb"


def sheets_path(option: Path | None) -> Path:
    """The sheets, a folder or a workbook: the option, else UMBRELLA_SHEETS, else the seeds."""
    return _named(option, SHEETS_VARIABLE) or project_dir() / "seeds"


def _named(option: Path | None, variable: str) -> Path | None:
    """The full path that an option or a variable names; None when neither does."""
    name = option or os.environ.get(variable)
    return full_path(Path(name)) if name else None


def full_path(path: Path) -> Path:
    """A path that somebody typed, in full; ~ is a home folder.

    Raises UmbrellaError for a home that is not known, and for a name that is no text, which DuckDB
    can neither open nor keep.
    """
    try:
        full = path.expanduser().absolute()
        str(full).encode()
    except RuntimeError as error:
        raise UmbrellaError(f"{path}: {error}") from error
    except UnicodeEncodeError as error:
        raise UmbrellaError(
            f"The path {full} is no text in the encoding of this system: rename the file or "
            "folder, or set the terminal to UTF-8, for example with LC_ALL=C.UTF-8."
        ) from error
    return full
