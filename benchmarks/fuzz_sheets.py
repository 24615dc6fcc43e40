"""Folders of sheets spoilt at random: none may hang, end in a traceback or be read silently wrong.

usage: python -m benchmarks.fuzz_sheets --folders 2000 [--built 200] [--seed 1]

Each folder is a small review with one to eight faults, for `umbrella check`; of --built folders
with many odd cells the rows go through the warehouse, too. See docs/safety.md.
"""

import argparse
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings

from tests.python.fuzzing import mutations
from tests.python.fuzzing.properties import (
    assert_cells_are_kept,
    assert_is_answered,
    assert_numbers_are_meant,
    spoilt,
)

LONGEST = 20_000
"""Milliseconds for one folder: a hang, on any machine."""


def fuzz(template: Path, folders: int, built: int, start: int) -> None:
    """Try so many folders; raises the AssertionError of the smallest that fails."""
    options = {
        "deadline": LONGEST,
        "database": None,
        "suppress_health_check": list(HealthCheck),
        "print_blob": False,
    }

    @seed(start)
    @settings(max_examples=folders, **options)
    @given(mutations.mutations())
    def check_files(made):
        with spoilt(made, template) as (folder, sheets):
            assert_is_answered(folder)
            assert_cells_are_kept(folder, sheets)

    @seed(start)
    @settings(max_examples=built, **options)
    @given(mutations.mutations_of_cells())
    def check_rows(made):
        with spoilt(made, template) as (folder, sheets):
            assert_numbers_are_meant(folder, sheets)

    if folders:
        check_files()
    if built:
        check_rows()


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
