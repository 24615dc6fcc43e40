"""A review small enough to be built a thousand times, whose tables say of which day they are.

A project of its own with the models of tests/python/cli/small_project: the day stands in a sheet,
and a chain of tables of some thousand rows carries it on. A warehouse whose tables are of two days
is a mixture.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from python_udfs.whole import NotWholeError, WarehouseError, open_whole

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "tests/python/cli/small_project"
DATABASE = "umbrella.duckdb"
SHEET = "seeds/extraction/meta_analyses.csv"
YESTERDAY, TODAY = "yesterday", "today"
CHAIN = 6
ROWS = 20_000

LONG_AGO = 1066
"""A year of a sheet that takes hours to build."""

FAR_AHEAD = 3019
"""A year of a sheet that fails a test of the data."""

STAGED = "{{ ref('stg_extraction__meta_analyses') }}"
WAITS = f"""
select sum(hash(a.range, b.range) % 7) as total
from (select if(max(year) = {LONG_AGO}, 10000000, 10) as size from {STAGED}) as sizes,
    range(sizes.size) as a, range(sizes.size) as b
"""
DAYS = " union all ".join(
    f"select title, count(*) as n_rows, {expected} as expected from {table} group by title"
    for table, expected in (
        ("raw.meta_analyses", 1),
        ("staging.stg_extraction__meta_analyses", 1),
        *((f"main.chain_{link}", ROWS) for link in range(CHAIN)),
    )
)


def copy_project(folder: Path) -> Path:
    """Copy the small project with the program of this clone; returns it."""
    shutil.copytree(MODELS, folder, dirs_exist_ok=True)
    for macros in ("stamp.sql", "seeds.sql"):
        shutil.copy(ROOT / "macros/engine" / macros, folder / "macros")
    without_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "umbrella", folder / "umbrella", ignore=without_caches)
    return folder


def make_project(folder: Path) -> Path:
    """Copy the small project and make its chain of tables; returns it."""
    copy_project(folder)
    _write_model(folder, "chain_0", f"select n, title from {STAGED}, range({ROWS}) as numbers (n)")
    for link in range(1, CHAIN):
        above = f"{{{{ ref('chain_{link - 1}') }}}}"
        _write_model(folder, f"chain_{link}", f"select n, title from {above}")
    _write_model(folder, "waits", WAITS)
    return folder


def _write_model(folder: Path, name: str, query: str) -> None:
    path = folder / "models/marts" / f"{name}.sql"
    path.write_text(f"-- Grain: see benchmarks/small_review.py.\n{query}\n", encoding="utf-8")


def write_day(project: Path, day: str, year: int = 2019) -> None:
    """Make the sheet one of this day."""
    text = f"meta_analysis_id,year,title\nAda2019,{year},{day}\n"
    (project / SHEET).write_text(text, encoding="utf-8")


def build(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `umbrella build` of the project."""
    command = [sys.executable, "-m", "umbrella", "build", *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def day_of(database: Path) -> str:
    """The day that every table of a whole warehouse is of, or what it is instead."""
    if not database.exists():
        return "nothing"
    try:
        with open_whole(database) as connection:
            found = connection.execute(DAYS).fetchall()
    except NotWholeError:
        return "refused"
    except duckdb.CatalogException:
        return "MIXTURE"  # a table is missing
    except (WarehouseError, duckdb.Error):
        return "damaged"
    days = {day for day, _, _ in found}
    is_full = all(n_rows == expected for _, n_rows, expected in found)
    return days.pop() if len(days) == 1 and len(found) == CHAIN + 2 and is_full else "MIXTURE"
