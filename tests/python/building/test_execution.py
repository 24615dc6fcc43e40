"""Plans of a few steps, made by hand and run on DuckDB: no dbt, no project."""

import logging
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from umbrella.building import execution
from umbrella.building.execution import Passing, execute
from umbrella.building.outcome import Outcome
from umbrella.building.plan import Plan, Step
from umbrella.building.stamp import Stamp, seal, stamp_of
from umbrella.errors import UmbrellaError
from umbrella.sheets.reading import Table

SHEET = Step("seed.people", "people", "sheet", "sheets", "people.csv", schema="raw")
ROWS = Table(["name", "born", "died"], [["Ada", "", ""], ["Bee", "", ""]])


def model(name: str, query: str, *inputs: Step, **rest: object) -> Step:
    ids = tuple(step.id for step in inputs)
    return Step(
        f"model.{name}", name, "model", "marts", f"{name}.sql", "main", query, inputs=ids,
        **{"after": ids, **rest},
    )  # fmt: skip


def data_test(name: str, query: str, *inputs: Step, **rest: object) -> Step:
    ids = tuple(step.id for step in inputs)
    return Step(
        f"test.{name}", name, "test", "tests", f"{name}.sql", query=query, inputs=ids, after=ids,
        **rest,
    )  # fmt: skip


def plan_with(*steps: Step, has_functions: bool = False) -> Plan:
    return Plan("key", {}, {}, has_functions, (), (SHEET, *steps))


def run(plan: Plan, database: Path, rows: Table = ROWS) -> Outcome:
    return execute(plan, {"people": rows}, database, logging.getLogger("umbrella.building.tests"))


def rows_of(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def database(tmp_path) -> Path:
    return tmp_path / "umbrella.duckdb"


@pytest.mark.parametrize(
    "hook",
    [
        "create macro answer() as 42",
        "-- why\ncreate macro answer() as 42; -- done",
        "SELECT 'create macro answer() as 42'",
        "/* why */ select 'create macro answer() as 42' from counts",
        "with texts as (select 'create macro answer() as 42' as text) from texts",
        "create macro unused() as 'it''s'; select 'create macro answer() as 42';",
    ],
)
def test_a_hook_is_run_and_so_is_what_its_queries_return(database, hook):
    counts = model("counts", "select 2 as n", hooks=(hook,))
    assert run(plan_with(counts), database).is_ok
    assert rows_of(database, "select answer()") == [(42,)]


def test_descriptions_keep_their_quotes(database):
    comment = """comment on table "main"."counts" is 'it''s "n" -- a number;'"""
    assert run(plan_with(model("counts", "select 2 as n", comments=(comment,))), database).is_ok
    (text,) = rows_of(database, "select comment from duckdb_tables() where table_name = 'counts'")
    assert text == ('it\'s "n" -- a number;',)


def test_what_fails_stops_only_what_needs_it(database, capsys):
    good = model("good", "from raw.people", SHEET)
    broken = model("broken", "select no_such_column from raw.people", SHEET)
    bad_test = data_test("bad_test", "select no_such_column from good", good)
    failing = data_test("failing", "from good where name = 'Bee'", good)
    warning = data_test("warning", "from good", good, warns_only=True)
    gated = model("gated", "from good", good, after=(good.id, failing.id))
    below = model("below", "from broken", broken)
    other = model("other", "from raw.people", SHEET, after=(SHEET.id, warning.id))
    steps = (good, broken, bad_test, failing, warning, gated, below, other)
    outcome = run(plan_with(*steps), database)
    assert outcome.counts == {"built": 3, "failed": 3, "warned": 1, "skipped": 2}
    failed = {(node.kind, node.name, node.file) for node in outcome.failed}
    assert failed == {
        ("model", "broken", "broken.sql"),
        ("test", "bad_test", "bad_test.sql"),
        ("test", "failing", "failing.sql"),
    }
    messages = {node.name: node.message for node in outcome.failed}
    assert "no_such_column" in messages["broken"]
    assert "no_such_column" in messages["bad_test"]
    assert messages["failing"] == "1 row found, none may be"
    said = capsys.readouterr().err
    assert "test failing failed: found row_number '3', name 'Bee'" in said, "while the rest goes on"
    assert "warning" not in said
    assert outcome.not_built == {"broken", "bad_test", "failing", "gated", "below"}
    assert stamp_of(database, plan_with(*steps), {"people": ROWS}) is None


NO_MEMORY = [
    duckdb.OutOfMemoryException("no room"),
    duckdb.TransactionException(
        "Failed to commit: failed to allocate data of size 4.0 KiB, no room"
    ),
]


@pytest.mark.parametrize("error", NO_MEMORY, ids=["query", "commit"])
@pytest.mark.parametrize("n_failures", [1, 2])
def test_a_step_without_memory_beside_others_runs_again_alone(
    database, monkeypatch, capsys, n_failures, error
):
    create, at_work, beside = execution._create, [], {"large": []}

    def create_or_fail(cursor, step, query):
        at_work.append(step.name)
        if step.name == "large":
            beside["large"].append([name for name in at_work if name != "large"])
            if len(beside["large"]) <= n_failures:
                at_work.remove(step.name)
                raise error
        else:
            time.sleep(0.05)
        create(cursor, step, query)
        at_work.remove(step.name)

    monkeypatch.setattr(execution, "_create", create_or_fail)
    large = model("large", "select 1 as n")
    others = [model(f"other_{i}", "select 1 as n") for i in range(4)]
    outcome = run(plan_with(large, *others, model("below", "from large", large)), database)
    assert len(beside["large"]) == 2
    assert beside["large"][1] == [], "nothing runs beside it the second time"
    assert "model large had no memory beside others" in capsys.readouterr().err
    if n_failures == 1:
        assert outcome.counts == {"built": 7}
    else:
        assert outcome.counts == {"built": 5, "failed": 1, "skipped": 1}
        assert "no room" in outcome.failed[0].message


@pytest.mark.parametrize("name", ["step", "plan", "rows", "query", "names"])
def test_a_missing_table_is_no_variable_of_python(database, name):
    outcome = run(plan_with(model("wrong", f"from {name}")), database)
    assert f"Table with name {name} does not exist" in outcome.failed[0].message


def test_a_python_function_that_fails_is_a_message(database, monkeypatch):
    def fails(_numbers):
        raise ValueError("not a number that I know")

    def register(connection):
        connection.create_function("fails", fails, ["bigint"], "bigint", type="arrow")

    monkeypatch.setattr(execution.python_udfs, "register", register)
    steps = (
        model("wrong", "select fails(range) as n from range(3)"),
        model("right", "select 1 as n"),
    )
    outcome = run(plan_with(*steps, has_functions=True), database)
    assert outcome.counts == {"built": 2, "failed": 1}
    assert outcome.failed[0].name == "wrong"
    assert "ValueError: not a number that I know" in outcome.failed[0].message


def test_many_steps_at_a_time_do_not_meet_in_the_catalog(database, monkeypatch):
    monkeypatch.setattr(execution, "THREADS", 8)
    steps = [
        model(
            f"copy_{number}",
            "from raw.people",
            SHEET,
            hooks=(f"create or replace macro m{number}() as 1",),
        )
        for number in range(60)
    ]
    assert run(plan_with(*steps), database).counts == {"built": 61}
    assert run(plan_with(*steps), database, Table(ROWS.header, ROWS.rows[:1])).is_ok
    assert rows_of(database, "select count(*) from copy_59") == [(1,)]


def test_a_broken_constraint_leaves_no_half_of_a_table(database):
    born = model(
        "born", "from raw.people", SHEET, columns="(name varchar, born varchar not null)",
        column_names=("name", "born"),
    )  # fmt: skip
    outcome = run(plan_with(born), database)
    assert [node.name for node in outcome.failed] == ["born"]
    assert "NOT NULL constraint failed: born.born" in outcome.failed[0].message
    assert rows_of(database, "select table_name from duckdb_tables()") == [("state",), ("people",)]


def test_a_change_and_its_reversal_give_the_first_rows(database):
    names = model("names", "select name from raw.people", SHEET)
    count = model("count_of_names", "select count(name) as n from names", names)
    plan = plan_with(names, count)
    changed = Table(ROWS.header, [["Cid", "", ""], ["Bee", "", ""]])
    assert run(plan, database).counts == {"built": 3}
    assert run(plan, database).counts == {"unchanged": 3}
    assert run(plan, database, changed).counts == {"built": 2, "same rows": 1}
    assert rows_of(database, "from names order by name") == [("Bee",), ("Cid",)]
    assert run(plan, database).counts == {"built": 2, "same rows": 1}
    assert rows_of(database, "from names order by name") == [("Ada",), ("Bee",)]


def test_columns_in_another_order_are_another_table(database):
    copy = model("copy", "from raw.people", SHEET)
    run(plan_with(copy), database)
    swapped = Table(["name", "died", "born"], ROWS.rows)
    assert run(plan_with(copy), database, swapped).counts == {"built": 2}
    assert rows_of(database, "select name, died, born from copy limit 0") == []
    names = rows_of(database, "select column_name from (describe copy)")
    assert names == [("row_number",), ("name",), ("died",), ("born",)]


def test_a_seed_outside_the_contract_is_a_message(database):
    with pytest.raises(UmbrellaError, match="people"):
        execute(plan_with(), {}, database, logging.getLogger("umbrella.building.tests"))


@pytest.fixture
def interrupted_after_a_second():
    """Raise KeyboardInterrupt in the main thread, as Ctrl-C does, a second from now."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    yield time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


ENDLESS = "select sum(hash(a.range, b.range) % 7) as n from range(10000000) a, range(10000000) b"


def test_ctrl_c_ends_long_queries(database, interrupted_after_a_second):
    steps = [model(f"endless_{number}", ENDLESS) for number in range(5)]
    with pytest.raises(KeyboardInterrupt):
        run(plan_with(*steps), database)
    assert time.monotonic() - interrupted_after_a_second < 1 + execution.PATIENCE_SECONDS
    with duckdb.connect(str(database)) as connection:
        assert connection.execute("from duckdb_tables() where table_name ^@ 'e'").fetchall() == []


def test_ctrl_c_does_not_wait_for_a_python_function(
    database, monkeypatch, interrupted_after_a_second
):
    ends = threading.Event()

    def slow(numbers):
        ends.wait(60)
        return numbers

    def register(connection):
        connection.create_function("slow", slow, ["bigint"], "bigint", type="arrow")

    monkeypatch.setattr(execution.python_udfs, "register", register)
    monkeypatch.setattr(execution, "PATIENCE_SECONDS", 0.5)
    slow_model = model("slow_model", "select slow(range) as n from range(10)")
    try:
        with pytest.raises(KeyboardInterrupt):
            run(plan_with(slow_model, has_functions=True), database)
        assert time.monotonic() - interrupted_after_a_second < 10
    finally:
        ends.set()


@pytest.fixture
def published(database) -> Path:
    assert run(plan_with(), database).is_ok
    seal(database)
    return database


def stamp(database: Path) -> Stamp | None:
    return stamp_of(database, plan_with(), {"people": ROWS})


def test_a_published_file_is_updated(published):
    assert stamp(published) is not None
    duckdb.connect(str(published)).close()
    assert stamp(published) is not None, "opening a file changes nothing in it"


@pytest.mark.parametrize(
    "edit",
    [
        "update raw.people set name = 'Eve'",
        "drop table raw.people",
        "create table mine as select 1 as n",
        "delete from build.state",
        "update build.state set is_complete = false",
        "drop table build.steps",
        "alter table build.steps drop column seconds",
    ],
)
def test_a_file_that_somebody_edited_is_built_anew(published, edit):
    with duckdb.connect(str(published)) as connection:
        connection.execute(edit)
    assert stamp(published) is None


def test_a_file_whose_changes_wait_in_a_log_is_built_anew(published):
    published.with_name(f"{published.name}.wal").touch()
    assert stamp(published) is None


def test_a_file_that_cannot_be_read_is_built_anew(published):
    published.write_bytes(b"no database")
    assert stamp(published) is None
    published.unlink()
    assert stamp(published) is None


@pytest.mark.parametrize("edit", ["delete from build.state", "drop table build.state"])
def test_a_stamp_without_its_plan_counts_for_nothing(published, edit):
    with duckdb.connect(str(published)) as connection:
        connection.execute(edit)
    assert run(plan_with(), published).counts == {"built": 1}


@pytest.mark.parametrize(("limit", "expected"), [("800MB", "762.9 MiB"), (None, "1.8 GiB")])
def test_a_build_takes_the_memory_that_it_is_given(database, monkeypatch, limit, expected):
    """The limit of the plan is that of the profile, whatever held when it was compiled."""
    if limit:
        monkeypatch.setenv("UMBRELLA_MEMORY_LIMIT", limit)
    asked = model("asked", "select current_setting('memory_limit') as memory_limit", SHEET)
    plan = replace(plan_with(asked), config={"memory_limit": "2GB"})
    assert run(plan, database).is_ok
    assert rows_of(database, "from main.asked") == [(expected,)]


def test_a_memory_limit_that_is_none_is_named(database, monkeypatch):
    monkeypatch.setenv("UMBRELLA_MEMORY_LIMIT", "lots")
    with pytest.raises(UmbrellaError, match="UMBRELLA_MEMORY_LIMIT is lots"):
        run(plan_with(), database)


def test_a_passing_database_keeps_what_is_read_of_it_in_little_memory(database, monkeypatch):
    monkeypatch.delenv("UMBRELLA_MEMORY_LIMIT", raising=False)
    dropped = model("dropped", "select current_setting('memory_limit') as at_first", SHEET)
    # a list is one value, which no disk can hold: some 160 MB
    large = model("large", "select len(list(range)) as n from range(20000000)", after=(dropped.id,))
    last = model("last", "select *, current_setting('memory_limit') as at_last from dropped, large",
                 dropped, large)  # fmt: skip
    plan = replace(plan_with(dropped, large, last), config={"memory_limit": "2GB"})
    outcome = execute(
        plan, {"people": ROWS}, database, logging.getLogger(), passing=Passing(["last"], "100MB")
    )
    assert outcome.is_ok, [node.message for node in outcome.failed]
    assert rows_of(database, "from last") == [("95.3 MiB", 20_000_000, "1.8 GiB")]
    tables = "select table_name from duckdb_tables() where schema_name in ('main', 'raw')"
    assert rows_of(database, tables) == [("last",)]
    assert stamp_of(database, plan, {"people": ROWS}) is None, "no build goes on from it"


@pytest.mark.parametrize(
    ("error", "expected"),
    [(duckdb.OutOfMemoryException("failed to pin"), None), (duckdb.IOException("gone"), "gone")],
)
def test_a_passing_table_that_no_memory_can_drop_stays(database, monkeypatch, error, expected):
    class Full:
        def __init__(self, connection):
            self._connection = connection

        def __getattr__(self, name):
            return getattr(self._connection, name)

        def execute(self, statement, *parameters):
            if statement.startswith("drop"):
                raise error
            return self._connection.execute(statement, *parameters)

    connect = execution._connect
    monkeypatch.setattr(execution, "_connect", lambda *about: Full(connect(*about)))
    last = model("last", "from raw.people", SHEET)
    passing = Passing(["last"], "100MB")
    if expected:
        with pytest.raises(duckdb.Error, match=expected):
            execute(plan_with(last), {"people": ROWS}, database, logging.getLogger(),
                    passing=passing)  # fmt: skip
        return
    assert execute(
        plan_with(last), {"people": ROWS}, database, logging.getLogger(), passing=passing
    ).is_ok
