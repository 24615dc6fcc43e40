"""Check the rows of the sheets: build no more of the warehouse than its lists of faults need."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from umbrella.building.compilation import DATABASE_NAME, plan_of
from umbrella.building.execution import Passing, execute
from umbrella.building.outcome import Outcome
from umbrella.findings import FINDINGS
from umbrella.project import project_dir
from umbrella.rejects import REJECTED_ROWS
from umbrella.scratch import scratch_folder
from umbrella.sheets.result import CheckResult
from umbrella.unpooled import UNPOOLED_ROWS

LISTING_FAULTS = (REJECTED_ROWS, FINDINGS, UNPOOLED_ROWS, "stg_protocol__policies")
"""The models that list the faults and findings, or stop for one."""

MEMORY = "200MB"
"""A check leaves the memory to the spreadsheet program beside it, and uses the disk."""


@contextmanager
def checked_rows(checked: CheckResult) -> Iterator[tuple[Outcome, Path]]:
    """Outcome of the partial build and the database with the lists, for a while."""
    plan = plan_of(project_dir()).restricted_to(LISTING_FAULTS)
    with scratch_folder("umbrella-check-") as folder:
        database = folder / DATABASE_NAME
        outcome = execute(
            plan,
            checked.by_name(),
            database,
            logging.getLogger(__name__),
            passing=Passing(LISTING_FAULTS, MEMORY),
        )
        yield outcome, database
