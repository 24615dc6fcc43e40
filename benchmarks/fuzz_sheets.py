"""Folders of sheets spoilt at random: none may hang, end in a traceback or be read silently wrong.

usage: python -m benchmarks.fuzz_sheets --folders 2000 [--built 200] [--seed 1]

Each folder is a small review with one to eight faults, for `umbrella check`; of --built folders
with many odd cells the rows go through the warehouse, too. See docs/safety.md.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.python.fuzzing import mutations
from tests.python.fuzzing.properties import (
    assert_cells_are_kept,
    assert_is_answered,
    assert_numbers_are_meant,
    spoilt,
)
from umbrella.building.compilation import plan_of
from umbrella.project import project_dir

LONGEST = 120_000
"""Milliseconds for one folder: a hang, on however busy a machine."""


def fuzz(template: Path, folders: int, built: int, start: int) -> None:
    """Try so many folders; raises the AssertionError of the smallest that fails."""
    if built:
        plan_of(project_dir())  # compiled beforehand: it is no part of the time of a folder

    def check_files(folder: Path, sheets: mutations.Sheets) -> None:
        assert_is_answered(folder)
        assert_cells_are_kept(folder, sheets)

    for made, holds, n in (
        (mutations.mutations(), check_files, folders),
        (mutations.mutations_of_cells(), assert_numbers_are_meant, built),
    ):
        if n:
            _search(template, made, holds, n, start)


def _search(
    template: Path,
    made: SearchStrategy[list[mutations.Mutation]],
    holds: Callable[[Path, mutations.Sheets], None],
    n: int,
    start: int,
) -> None:
    @seed(start)
    @settings(
        max_examples=n,
        deadline=LONGEST,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(made)
    def try_one(drawn: list[mutations.Mutation]) -> None:
        with spoilt(drawn, template) as (folder, sheets):
            holds(folder, sheets)

    try_one()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folders", type=int, default=2000, help="folders that are checked")
    parser.add_argument("--built", type=int, default=200, help="folders whose rows are staged")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="fuzzed-") as scratch:
        template = mutations.make_template(Path(scratch, "template"))
        fuzz(template, arguments.folders, arguments.built, arguments.seed)
    seconds = time.process_time() - began
    print(f"{arguments.folders} folders checked and {arguments.built} staged in {seconds:.0f} s")


if __name__ == "__main__":
    main()
