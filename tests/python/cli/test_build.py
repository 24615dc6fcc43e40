"""`umbrella build` publishes only what passed every test, and cleans up in every case.

The builds are real ones of a small project of five models (tests/python/cli/small_project).
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time

import duckdb
import pytest

from umbrella.building.lock import build_lock
from umbrella.commands import build
from umbrella.stopping import stoppable

from .conftest import digest, environment, run_in

SHEET = "seeds/extraction/meta_analyses.csv"
HEADER = "meta_analysis_id,year,title\n"


def leftovers(project):
    """Files beside the published warehouse that a build should have removed."""
    return [
        path.name for path in project.iterdir() if "building" in path.name or "lock" in path.name
    ]


def test_a_good_build_is_published_with_its_headline(small_template):
    assert (small_template / "logs" / "build.log").is_file()
    assert leftovers(small_template) == []
    with duckdb.connect(str(small_template / "umbrella.duckdb"), read_only=True) as connection:
        rows = connection.execute("select current_database(), title from raw.meta_analyses")
        assert rows.fetchall()[0] == ("umbrella", 'Titles, commas and "quotes"')


def test_rejected_rows_are_listed_and_do_not_stop_a_build(small_project):
    text = HEADER + "Ada2019,20l9,Title\r\nBee2020,2020,Mixed line ends\n"
    (small_project / SHEET).write_bytes(text.encode())
    result = run_in(small_project, "build", "--database", "other name.duckdb")
    assert result.returncode == 0, result.stderr
    assert "meta_analyses: 1 finding in 1 row" in result.stderr
    for words in ("row 2", "column year", "'20l9'", "not a whole number", "a year such as 2019"):
        assert words in result.stderr
    assert "Depression" in result.stdout
    assert "−0.53 (−0.62 to −0.44) k=5" in result.stdout
    assert leftovers(small_project) == []
    path = small_project / "other name.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("select count(*) from raw.meta_analyses").fetchone() == (2,)


def test_cells_in_another_form_build_nothing_and_are_noted(small_project):
    """Else every command would say that the sheets changed, and a build that nothing did."""
    run_in(small_project, "build")  # the sheets of the copy stand in another folder
    text = (small_project / SHEET).read_text()
    (small_project / SHEET).write_text(text.replace("Plain title", '"Plain title"'))
    assert "have changed since" in run_in(small_project, "headline").stderr
    result = run_in(small_project, "build")
    assert "8 unchanged" in result.stderr
    assert "have changed since" not in result.stderr
    assert "have changed since" not in run_in(small_project, "headline").stderr
    left = small_project / ".umbrella.duckdb.building-killed"
    left.mkdir()  # by a build that was killed when it had published
    assert "Nothing has changed since" in run_in(small_project, "build").stderr
    assert not left.exists()


def test_a_failed_build_names_some_rejected_rows_and_how_to_see_all(small_project):
    faulty = [f"Ada{number},20l9,Title\n" for number in range(30)]
    (small_project / SHEET).write_text(HEADER + "".join(faulty))
    (small_project / "tests" / "fails.sql").write_text("from {{ ref('rpt_headline') }}")
    result = run_in(small_project, "build")
    assert result.returncode == 1
    assert "row 6, Ada4," in result.stderr
    assert "and 25 more of the same causes" in result.stderr
    assert "umbrella check --all" in result.stderr
    assert "umbrella sql" not in result.stderr


def test_a_failed_test_leaves_the_published_file_as_it_was(small_project):
    published = small_project / "umbrella.duckdb"
    before = digest(published)
    (small_project / SHEET).write_text(HEADER + "Ada2019,3019,Title\n")
    result = run_in(small_project, "build")
    assert result.returncode == 1
    assert "2 built, 1 failed, 1 skipped, 4 unchanged" in result.stderr
    # What the copy of the published file says of rejected rows is out of date by now.
    assert "rejected" not in result.stderr
    assert "test no_year_lies_in_the_far_future failed" in result.stderr
    assert "meta_analysis_id 'Ada2019'" in result.stderr
    assert "is as it was" in result.stderr
    assert "Traceback" not in result.stderr
    assert digest(published) == before
    assert leftovers(small_project) == []


def test_a_model_that_fails_leaves_the_published_file_as_it_was(small_project):
    published = small_project / "umbrella.duckdb"
    before = digest(published)
    (small_project / "models" / "marts" / "broken.sql").write_text("select no_such_column")
    # Settings of dbt that somebody has for other projects are none of this one.
    result = run_in(small_project, "build", DBT_EMPTY="1", DBT_TARGET="elsewhere")
    assert result.returncode == 1
    assert "model broken failed" in result.stderr
    assert "no_such_column" in result.stderr
    assert digest(published) == before
    assert leftovers(small_project) == []


def test_a_project_that_dbt_cannot_read_is_a_message(small_project):
    (small_project / "models" / "marts" / "broken.sql").write_text("from {{ ref('nowhere') }}")
    result = run_in(small_project, "build")
    assert result.returncode == 1
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.stderr
    assert leftovers(small_project) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADER, ["no data rows"]),
        (HEADER + "Ada2019,2019\n", ["row 2", "column title", "'Ada2019,2019'"]),
        (HEADER + 'Ada2019,2019,"open\n', ["row 2", "column title", "'\"open"]),
        (HEADER + f"Ada2019,{'9' * 1_048_576},x\n", ["row 2", "column year", "1,048,576"]),
    ],
)
def test_a_bad_sheet_stops_a_build_before_dbt(small_project, content, words):
    published = small_project / "umbrella.duckdb"
    before = digest(published)
    (small_project / SHEET).write_text(content)
    result = run_in(small_project, "build")
    assert result.returncode == 1
    for word in ("extraction/meta_analyses.csv", *words, "is as it was"):
        assert word in result.stderr
    assert digest(published) == before
    assert leftovers(small_project) == []


def test_a_second_build_waits_for_nobody_and_says_so(small_project):
    published = small_project / "umbrella.duckdb"
    before = digest(published)
    with build_lock(published):
        result = run_in(small_project, "build")
    assert result.returncode == 1
    assert f"Another build of umbrella.duckdb is running (process {os.getpid()})" in result.stderr
    assert digest(published) == before


def test_a_warehouse_open_for_writing_is_not_replaced(small_project):
    published = small_project / "umbrella.duckdb"
    with duckdb.connect(str(published)):
        result = run_in(small_project, "build")
    assert result.returncode == 1
    assert "open for writing in another program" in result.stderr


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_stopped_build_leaves_nothing_behind(small_project, name):
    published = small_project / "umbrella.duckdb"
    before = digest(published)
    process = subprocess.Popen(
        [sys.executable, "-m", "umbrella", "build"],
        cwd=small_project,
        env=environment(SMALL_PROJECT_SLOW="1"),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_for_unfinished_database(small_project)
        stderr = _stop(process, getattr(signal, name))
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert "Stopped." in stderr
    assert "is as it was" in stderr
    assert "Traceback" not in stderr
    assert digest(published) == before
    assert leftovers(small_project) == []


def test_a_build_under_nohup_outlives_its_terminal():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
        assert not stop.is_requested
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("is_published", [False, True])
def test_a_stopped_build_says_what_became_of_the_file(warehouse, invoke, monkeypatch, is_published):
    def stopped(_making, published, _stop) -> None:
        if is_published:
            new = published.with_name("new.duckdb")
            new.write_bytes(published.read_bytes())
            new.replace(published)
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "make_and_publish", stopped)
    result = invoke("build", "--database", warehouse)
    assert result.exit_code == 130
    assert ("Nothing was published" in result.stderr) is not is_published


def test_a_log_that_cannot_be_written_is_a_message(small_project):
    shutil.rmtree(small_project / "logs")
    (small_project / "logs").touch()
    result = run_in(small_project, "build", "--full")
    assert result.returncode == 1
    assert f"Cannot write the log {small_project / 'logs' / 'build.log'}" in result.stderr
    assert "is as it was" in result.stderr
    assert leftovers(small_project) == []


def _stop(process, number) -> str:
    """Ask to stop until it does, as a person would: dbt swallows an interrupt in some moments."""
    for _ in range(3):
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=60)[1]
    raise AssertionError("the build did not stop")


def _wait_for_unfinished_database(project) -> None:
    end = time.monotonic() + 120
    while not list(project.glob(".*building-*/*.duckdb")):
        assert time.monotonic() < end, "the build did not start"
        time.sleep(0.1)
    time.sleep(1)
