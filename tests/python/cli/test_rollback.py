"""An earlier state is published again, equal to what it was, and nobody's sheets are touched."""

from pathlib import Path

import duckdb

from benchmarks.small_review import SHEET
from tests.python.cli.conftest import digest, run_in


def tables(database: Path) -> dict[str, list]:
    """Rows of every table of the models and the sheets."""
    with duckdb.connect(str(database), read_only=True) as con:
        names = con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name != 'build'"
        ).fetchall()
        return {f"{s}.{t}": con.execute(f"from {s}.{t} order by all").fetchall() for s, t in names}


def test_a_rollback_gives_the_tables_of_that_time(small_project):
    database, sheet = small_project / "umbrella.duckdb", small_project / SHEET
    then = tables(database)
    sheet.write_text(sheet.read_text("utf-8").replace("2019,", "2018,", 1), encoding="utf-8")
    sheet.write_text(sheet.read_text("utf-8") + "New2026,2020,New\n", encoding="utf-8")
    built = run_in(small_project, "build")
    assert "Publish 2: " in built.stderr, built.stderr
    assert tables(database) != then
    before = digest(sheet)
    back = run_in(small_project, "rollback", "--history", "2")
    assert back.returncode == 0, back.stderr
    assert tables(database) == then
    assert digest(sheet) == before
    assert "Every kept result is that of publish 1." in back.stderr
    assert sorted(path.name for path in small_project.glob("*.history/0*")) == [
        f"000{number}.json" for number in (2, 3)
    ]
