"""Where things are: the dbt project, the published warehouse, the sheets.

The project is the clone that the package was installed from (editable install), because models and
kernels belong together. A wheel has the project in it: results then go to the current folder, and
what can be made again to the user's cache.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from umbrella import __version__, system
from umbrella.errors import UmbrellaError

PROJECT_FILE = "dbt_project.yml"
DATABASE_VARIABLE = "UMBRELLA_DATABASE"
SHEETS_VARIABLE = "UMBRELLA_SHEETS"
MEMORY_VARIABLE = "UMBRELLA_MEMORY_LIMIT"
HISTORY_VARIABLE = "UMBRELLA_HISTORY"


PACKAGES_DIR = Path(__file__).resolve().parent.parent
"""Where the packages of the program stand: the clone, or what a wheel was installed into."""

BUNDLED = PACKAGES_DIR / "umbrella" / "dbt_project"
"""The dbt project of a wheel."""


@cache
def project_dir() -> Path:
    """Return the folder of the dbt project.

    Raises UmbrellaError where neither a clone nor a wheel is complete.
    """
    for folder in (PACKAGES_DIR, BUNDLED):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise UmbrellaError(
        f"Found no {PROJECT_FILE} in {PACKAGES_DIR}: the program is not complete. Install it again."
    )


def results_dir() -> Path:
    """Where results go that no option and no variable sends elsewhere."""
    return Path.cwd() if project_dir() == BUNDLED else project_dir()


def cache_dir() -> Path:
    """Where is kept what can be made again."""
    if project_dir() != BUNDLED:
        return project_dir()
    from platformdirs import user_cache_path

    from python_udfs.kept import PROGRAM

    return user_cache_path(PROGRAM, appauthor=False, version=__version__)


def read_properties(file: Path) -> dict[str, Any]:
    """What a YAML file of the project says; an empty file says nothing.

    Raises OSError and yaml.YAMLError.
    """
    import yaml

    # The parser in C, which takes a tenth of the time, is not part of every installation.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(file.read_text(encoding="utf-8"), loader) or {}


def database_path(option: Path | None) -> Path:
    """The published warehouse: the option, else UMBRELLA_DATABASE, else where results go."""
    return _named(option, DATABASE_VARIABLE) or results_dir() / "umbrella.duckdb"


def sheets_path(option: Path | None) -> Path:
    """The sheets, a folder or a workbook: the option, else UMBRELLA_SHEETS, else the seeds."""
    return _named(option, SHEETS_VARIABLE) or project_dir() / "seeds"


def _named(option: Path | None, variable: str) -> Path | None:
    """The full path that an option or a variable names; None when neither does."""
    name = option or os.environ.get(variable)
    return full_path(Path(name)) if name else None


def full_path(path: Path) -> Path:
    """A path that somebody typed, in full; ~ is a home folder.

    Raises UmbrellaError for a home that is not known, for a name that this system cannot give, and
    for one that is no text, which DuckDB can neither open nor keep.
    """
    try:
        full = path.expanduser().absolute()
        str(full).encode()
        wrong = system.what_is_wrong_with(full)
    except RuntimeError as error:
        raise UmbrellaError(f"{path}: {error}") from error
    except UnicodeEncodeError as error:
        raise UmbrellaError(
            f"The path {full} is no text in the encoding of this system: rename the file or "
            "folder, or set the terminal to UTF-8, for example with LC_ALL=C.UTF-8."
        ) from error
    if wrong:
        raise UmbrellaError(f"No file can be called {full}: {wrong}. Choose another name.")
    return full
