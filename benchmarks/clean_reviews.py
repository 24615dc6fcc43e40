"""Alarms in reviews without an error, of kinds unlike the shipped one.

usage: python -m benchmarks.clean_reviews [--seed S] [--review NAME] [--list]

The reviews are those of benchmarks.drawn_reviews, in which every number follows from the same
studies, so that an alarm (impossible or implausible, a rejected row, or one in no pool) is a false
one. Prints how many of a hundred rows have one.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.drawn_reviews import REVIEWS, write_review
from benchmarks.error_kinds import ROLES
from benchmarks.injected_errors import ALARMING, Laboratory
from umbrella.building.compilation import plan_of
from umbrella.commands.check import check_folder
from umbrella.project import project_dir


def alarms(folder: Path) -> tuple[list[tuple], int]:
    """The alarms of a folder of sheets, and how many rows it has."""
    sheets = check_folder(folder).by_name()
    laboratory = Laboratory(plan_of(project_dir()), sheets, with_pools=False)
    found = sorted(f for f in laboratory.found if f[4] in ALARMING and f[0] in ROLES)
    return found, sum(len(sheets[name].rows) for name in ROLES)


def main() -> None:
    """Write each review, look for alarms, print how many rows have one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--review", choices=REVIEWS, help="only this one")
    parser.add_argument("--list", action="store_true", help="list the alarms")
    options = parser.parse_args()
    for name in [options.review] if options.review else REVIEWS:
        with tempfile.TemporaryDirectory(prefix="umbrella-clean-") as folder:
            found, n_rows = alarms(write_review(Path(folder) / "sheets", name, options.seed))
        n_alarms = len({f[:2] for f in found})
        print(f"{name}: {n_alarms} of {n_rows} rows: {100 * n_alarms / n_rows:.1f} of a hundred")
        if options.list:
            print(*found, sep="\n")


if __name__ == "__main__":
    main()
