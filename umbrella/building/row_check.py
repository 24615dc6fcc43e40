"""Check the rows of the sheets: build no more of the warehouse than the list of faults needs."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from umbrella.building.dbt_run import run_build
from umbrella.building.outcome import Outcome, Places
from umbrella.building.sheets_copy import copy_sheets
from umbrella.project import project_dir
from umbrella.sheets.checks import CheckResult

SELECTION = "+fct_rejected_rows +stg_protocol__policies"
"""The models that list the faults or stop for one, and all that they need."""


@contextmanager
def checked_rows(checked: CheckResult) -> Iterator[tuple[Outcome, Path]]:
    """Outcome of the partial build and the database with `main.fct_rejected_rows`, for a while."""
    folder = Path(tempfile.mkdtemp(prefix="umbrella-check-"))
    try:
        copy_sheets(checked.tables, folder / "sheets")
        database = folder / "umbrella.duckdb"
        target, logs = folder / "target", folder / "logs"
        places = Places(project_dir(), folder / "sheets", database, target, logs)
        yield run_build(places, is_verbose=False, selection=SELECTION), database
    finally:
        shutil.rmtree(folder, ignore_errors=True)
