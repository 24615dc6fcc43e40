"""What a history costs: a hundred publishes of the shipped review, kept, listed and compared.

usage: python -m benchmarks.history [--publishes 100]

Each publish has another number in a cell, and pools and members moved by it, as a build of the
shipped review would give it. Needs the built warehouse (`umbrella build`). Exit code 1 when a
publish is lost or a difference does not have every cell.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.past import changed, extract, keep, plan_of_sheets, publish_of
from umbrella.history.compare import compare
from umbrella.history.store import History
from umbrella.project import database_path
from umbrella.warehouse import require_warehouse

EFFECTS = """
    select effect_id from fct_analysis_members
    where policy_id = 'recommended' and analysis_id = 'depression' and is_member
    order by effect_id
"""
OF = "effect_id = (select effect_id from ({effects}) limit 1 offset {number} % 30)"


def statements(number: int) -> list[str]:
    """What a build would change for one cell: the sheet, the members, the pools of one analysis."""
    of_effect = OF.format(effects=EFFECTS, number=number)
    return [
        f"update raw.reported_effects set estimate = '0.{number}' where {of_effect}",
        f"update fct_analysis_members set yi = yi + 0.01, weight = weight * 1.01 where {of_effect}",
        "update fct_pooled_effects set estimate = estimate + 0.001 "
        "where analysis_id = 'depression'",
    ]


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds of a processor, seconds of the clock, and what the work returns."""
    processor, clock = time.process_time(), time.perf_counter()
    found = work()
    return time.process_time() - processor, time.perf_counter() - clock, found


def main(arguments: list[str] | None = None) -> int:
    """Make the publishes, measure, and print a line for each measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--publishes", type=int, default=100)
    n = parser.parse_args(arguments).publishes
    shipped = database_path(None)
    require_warehouse(shipped)
    with tempfile.TemporaryDirectory() as folder:
        return measure(shipped, Path(folder), n)


def measure(shipped: Path, folder: Path, n: int) -> int:
    """Measure in a folder of its own; 1 when something is lost."""
    plan = plan_of_sheets()
    publish = publish_of(plan)
    database, new = folder / "review.duckdb", folder / "new.duckdb"
    history = History(database)
    extract(shipped, new, plan)
    keeps, sizes = [], []
    with (folder / "said").open("w") as said, redirect_stderr(said):
        for number in range(n):
            if number:
                changed(database, new, *statements(number))
            keeps.append(timed(lambda: keep(database, new, publish, limit=n)))
            sizes.append(history.n_bytes())
    growth = [after - before for before, after in pairwise(sizes)]
    print(f"keep the first of {n} publishes: {keeps[0][0]:.2f} s of a processor")
    print(f"keep a later one: {median(k[0] for k in keeps[1:]):.2f} s of a processor")
    print(f"the first takes {sizes[0] / 1e6:.2f} MB, a later one {median(growth) / 1e6:.2f} MB, "
          f"all {sizes[-1] / 1e6:.1f} MB")  # fmt: skip
    processor, clock, entries = timed(history.entries)
    print(f"read {len(entries)} entries: {processor:.2f} s of a processor, {clock:.2f} s")
    for older, newer in ((entries[-2], entries[-1]), (entries[0], entries[-1])):
        processor, clock, changes = timed(lambda a=older, b=newer: compare(history, a, b))
        print(f"compare {older.number} and {newer.number}: {processor:.2f} s of a processor, "
              f"{clock:.2f} s, {len(changes.cells)} cells, {len(changes.pools)} pools")  # fmt: skip
    is_whole = len(entries) == n and len(changes.cells) == min(n - 1, 30)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
