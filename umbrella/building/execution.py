"""Run a plan on a database: several steps at a time, each as soon as what it needs is there."""

import os
import time
from collections import Counter
from collections.abc import Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from graphlib import TopologicalSorter
from logging import Logger
from pathlib import Path

import duckdb
import pyarrow as pa

import python_udfs
from python_udfs.sources import TABLES
from umbrella.building.outcome import Node, Outcome
from umbrella.building.plan import Plan, Step
from umbrella.building.progress import StageProgress, telling_of_compilation
from umbrella.building.stamp import Stamp
from umbrella.console import notice
from umbrella.errors import UmbrellaError
from umbrella.failures import no_room
from umbrella.project import MEMORY_VARIABLE
from umbrella.sheets.arrow import as_text
from umbrella.sheets.reading import Table
from umbrella.sheets.sources import Sources
from umbrella.text import cells_in_words, plural

THREADS = 2
"""Steps at a time. DuckDB uses every core within a step; two fill the gaps of small ones."""

OWN_OPTIONS = {"python_enable_replacements": False, "checkpoint_threshold": "1GB"}
"""A table that is missing is a fault: DuckDB would take a variable of this module of that name.
What a build writes is brought into the file when it is closed: on the way each step would wait."""

NO_FOLDER = Sources()
"""Of sheets that are in no folder."""

PATIENCE_SECONDS = 3.0
"""How long a stopped build waits for queries that were asked to end: within a Python function
DuckDB notices only when the function returns."""

NO_MEMORY = ("failed to allocate", "failed to pin")
"""What DuckDB says where there is no memory, also in errors of other kinds: a commit
that finds none is an error of the transaction."""

GOOD = frozenset({"built", "same rows", "unchanged", "passed", "warned"})
"""Ends of a step after which the steps that need it may run."""


def execute(
    plan: Plan,
    sheets: Mapping[str, Table],
    database: Path,
    log: Logger,
    sources: Sources = NO_FOLDER,
    passing: "Passing | None" = None,
) -> Outcome:
    """Bring `database` to the state that the plan and the sheets ask for.

    Where `passing` says what is read of it afterwards, the rest is dropped on the way and the
    database is not marked as complete.

    `sheets` has the cells of each sheet by its name; `sources` says where they are from. A step
    whose inputs are as they were when it was built is left as it is (stamp.py); in a new file no
    step is. A step that fails stops only the steps that need it. Ctrl-C ends the running queries.

    Raises UmbrellaError when the plan has a sheet that `sheets` lacks.
    """
    unknown = {step.name for step in plan.steps if step.kind == "sheet"} - sheets.keys()
    if unknown:
        raise UmbrellaError(f"No sheet of the contract is the seed {', '.join(sorted(unknown))}")
    connection = _connect(database, plan, passing)
    run = _Run(plan, sheets, connection, log, passing)
    try:
        return run.outcome(sources)
    finally:
        run.close()


def _connect(
    database: Path, plan: Plan, passing: "Passing | None" = None
) -> duckdb.DuckDBPyConnection:
    limit = os.environ.get(MEMORY_VARIABLE) or (passing and passing.memory)
    limits = {"memory_limit": limit} if limit else {}
    try:
        return duckdb.connect(str(database), config={**plan.config, **OWN_OPTIONS, **limits})
    except duckdb.ParserException as error:
        raise UmbrellaError(
            f"{MEMORY_VARIABLE} is {limit}, which is no amount of memory. Right: 3GB, or 800MB."
        ) from error


@dataclass(frozen=True)
class Passing:
    """A database that is made for a few of its tables, and removed when these were read."""

    kept: Collection[str]
    """The tables that are read; another one is dropped once every step that reads it has ended."""
    memory: str
    """What DuckDB may hold in memory before it uses the disk, unless the user says so. A step that
    has too little of it gets what the plan allows."""


class _Readers:
    """The steps that are still to read each table."""

    def __init__(self, plan: Plan) -> None:
        self._steps = {step.id: step for step in plan.steps}
        self._readers = {step.id: set() for step in plan.steps}
        for step in plan.steps:
            for name in step.inputs:
                self._readers[name].add(step.id)

    def none_after(self, ended: str) -> list[Step]:
        """The steps whose tables the step that ended was the last to read."""
        for name in self._steps[ended].inputs:
            self._readers[name].discard(ended)
        return [
            self._steps[name] for name in self._steps[ended].inputs if not self._readers[name]
        ]  # fmt: skip


class _Run:
    def __init__(
        self,
        plan: Plan,
        sheets: Mapping[str, Table],
        connection: duckdb.DuckDBPyConnection,
        log: Logger,
        passing: Passing | None = None,
    ) -> None:
        self._plan = plan
        self._sheets = sheets
        self._connection = connection
        self._log = log
        self._stamp = Stamp.of(connection, plan, sheets)
        # Made here: a connection serves one call at a time, and refuses a second.
        self._cursors = [connection.cursor() for _ in range(THREADS)]
        self._idle = list(self._cursors)
        self._passing = passing
        self._readers = _Readers(plan)
        self._ends: dict[str, str] = {}
        self._failed: list[Node] = []
        self._warned: list[Node] = []

    def outcome(self, sources: Sources) -> Outcome:
        """Run every step that is due, and stamp the database when all ended well."""
        self._stamp.begin(self._connection, sources)
        for schema in sorted({step.schema for step in self._plan.steps if step.schema}):
            self._connection.execute(f'create schema if not exists "{schema}"')
        for statement in self._plan.start:
            self._connection.execute(statement)
        with ExitStack() as telling:
            if self._plan.has_functions:
                python_udfs.register(self._connection)
                telling.enter_context(telling_of_compilation())
            stages = Counter(step.stage for step in self._plan.steps)
            self._run_all(telling.enter_context(StageProgress(stages)))
        if not self._failed and self._passing is None:
            self._stamp.complete(self._connection)
        not_built = {step.name for step in self._plan.steps if self._ends[step.id] not in GOOD}
        counts = dict(Counter(self._ends.values()))
        return Outcome(self._failed, self._warned, counts, frozenset(not_built))

    def _run_all(self, progress: StageProgress) -> None:
        steps = {step.id: step for step in self._plan.steps}
        order = TopologicalSorter({step.id: step.after for step in self._plan.steps})
        order.prepare()
        running: dict[Future[bool], str] = {}
        postponed: list[str] = []
        pool = ThreadPoolExecutor(THREADS)
        try:
            while order.is_active():
                for name in order.get_ready():
                    running[pool.submit(self._run, steps[name], progress)] = name
                if not running:
                    name = postponed.pop()
                    running[pool.submit(self._run, steps[name], progress, is_alone=True)] = name
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(future)
                    if future.result():
                        order.done(name)
                        self._drop_what_was_read(name)
                    else:
                        postponed.append(name)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            self._interrupt(running)

    def _drop_what_was_read(self, name: str) -> None:
        if self._passing is None:
            return
        for step in self._readers.none_after(name):
            if step.name not in self._passing.kept:
                self._drop(step)

    def _drop(self, step: Step) -> None:
        try:
            self._connection.execute(f"drop table if exists {step.table}")
        except duckdb.Error as error:
            # What runs beside it may hold all memory: the table then stays on the disk.
            if not _lacks_memory(error):
                raise

    def _interrupt(self, running: Collection[Future[None]]) -> None:
        """End what runs. Again and again: a step may be between two of its statements."""
        latest = time.monotonic() + PATIENCE_SECONDS
        while not all(future.done() for future in running) and time.monotonic() < latest:
            for cursor in self._cursors:
                cursor.interrupt()
            time.sleep(0.05)

    def close(self) -> None:
        """Close the database; one that a stopped query still holds closes with the program."""
        if len(self._idle) == len(self._cursors):
            for cursor in self._cursors:
                cursor.close()
            self._connection.close()

    def _run(self, step: Step, progress: StageProgress, *, is_alone: bool = False) -> bool:
        """Run one step; False when there was no memory for it beside others.

        Steps share the memory that the database may use: what fails for want of it is run again
        when nothing else runs.
        """
        label = f"{step.kind} {step.name}"
        progress.started(step.stage, label)
        began = time.perf_counter()
        try:
            end = self._end_of(step, is_alone=is_alone)
        except duckdb.Error:
            progress.postponed(step.stage, label)
            return False
        seconds = time.perf_counter() - began
        if end in ("built", "passed"):
            self._stamp.built(step, seconds)
        elif end == "same rows":
            self._stamp.same_rows(step, seconds)
        self._ends[step.id] = end
        self._log.info("%-9s %8.3f s  %s", end, seconds, step.id)
        progress.finished(step.stage, label)
        return True

    def _end_of(self, step: Step, *, is_alone: bool) -> str:
        if any(self._ends[name] not in GOOD for name in step.after):
            return "skipped"
        if self._stamp.is_current(step):
            return "unchanged"
        cursor = self._idle.pop()
        try:
            if is_alone:
                self._give_all_memory(cursor)
            return MAKERS[step.kind](self, step, cursor)
        except (duckdb.Error, pa.ArrowException) as error:
            if _lacks_memory(error) and not is_alone:
                raise
            if words := no_room(error):  # the other steps would fail, too
                raise UmbrellaError(words) from error
            self._failed.append(Node(step.name, step.kind, step.file, str(error)))
            self._log.error("%s: %s\n%s", step.id, error, step.query)
            return "failed"
        finally:
            self._idle.append(cursor)

    def _give_all_memory(self, cursor: duckdb.DuckDBPyConnection) -> None:
        limit = self._plan.config.get("memory_limit")
        if self._passing is not None and limit and not os.environ.get(MEMORY_VARIABLE):
            cursor.execute(f"set memory_limit = '{limit}'")

    def _sheet(self, step: Step, cursor: duckdb.DuckDBPyConnection) -> str:
        _fill(cursor, step, as_text(self._sheets[step.name]))
        return "built"

    def _source(self, step: Step, cursor: duckdb.DuckDBPyConnection) -> str:
        _fill(cursor, step, TABLES[step.name]())
        return "built"

    def _model(self, step: Step, cursor: duckdb.DuckDBPyConnection) -> str:
        if not self._stamp.has(step):
            _create(cursor, step, step.query)
            return "built"
        cursor.execute(f"create or replace temp table rebuilt as\n{step.query}")
        is_equal = _has_equal_rows(cursor, step)
        if not is_equal:
            _create(cursor, step, "from temp.rebuilt")
        cursor.execute("drop table temp.rebuilt")
        return "same rows" if is_equal else "built"

    def _test(self, step: Step, cursor: duckdb.DuckDBPyConnection) -> str:
        (n_found,) = cursor.execute(f"select count(*) from (\n{step.query}\n)").fetchone()
        if n_found == 0:
            return "passed"
        message = f"{plural(n_found, 'row')} found, none may be"
        if not step.warns_only:
            # Said at once: what does not read the tested tables may go on for long.
            row = cursor.execute(f"select * from (\n{step.query}\n) limit 1").fetchone()
            names = [column[0] for column in cursor.description]
            notice(
                f"  test {step.name} failed: found {cells_in_words(names, row)}", style="bold red"
            )
        node = Node(step.name, step.kind, step.file, message, step.query)
        (self._warned if step.warns_only else self._failed).append(node)
        return "warned" if step.warns_only else "failed"


MAKERS = {"sheet": _Run._sheet, "source": _Run._source, "model": _Run._model, "test": _Run._test}


def _lacks_memory(error: Exception) -> bool:
    return isinstance(error, duckdb.OutOfMemoryException) or (
        isinstance(error, duckdb.Error) and any(words in str(error) for words in NO_MEMORY)
    )


def _fill(cursor: duckdb.DuckDBPyConnection, step: Step, rows: pa.Table) -> None:
    cursor.register("rows_to_load", rows)
    cursor.execute(f"create or replace table {step.table} as from rows_to_load")
    cursor.unregister("rows_to_load")


def _create(cursor: duckdb.DuckDBPyConnection, step: Step, query: str) -> None:
    """Make the step's table from a query, with its constraints, hooks and descriptions."""
    if step.columns:
        names = ", ".join(f'"{name}"' for name in step.column_names)
        statements = [
            f"create or replace table {step.table} {step.columns}",
            f"insert into {step.table} ({names}) select {names} from (\n{query}\n)",
        ]
    else:
        statements = [f"create or replace table {step.table} as\n{query}"]
    statements += step.comments
    cursor.begin()
    try:
        for statement in statements:
            cursor.execute(statement)
        for hook in step.hooks:
            _run_hook(cursor, hook)
    except BaseException:
        cursor.rollback()
        raise
    cursor.commit()


def _run_hook(cursor: duckdb.DuckDBPyConnection, hook: str) -> None:
    """Run the statements of a hook, and after each query the statements that it returns."""
    for statement in cursor.extract_statements(hook):
        rows = cursor.execute(statement).fetchall()
        if statement.type == duckdb.StatementType.SELECT:
            for (text,) in rows:
                cursor.execute(text)


def _has_equal_rows(cursor: duckdb.DuckDBPyConnection, step: Step) -> bool:
    # Rows are compared column by column: those of a query over a sheet follow the sheet's order.
    if not step.columns and _columns(cursor, step.table) != _columns(cursor, "temp.rebuilt"):
        return False
    names = ", ".join(f'"{name}"' for name in step.column_names) or "*"
    return cursor.execute(
        f"""
        select
            (select count(*) from {step.table}) = (select count(*) from temp.rebuilt)
            and not exists (
                select {names} from {step.table} except all select {names} from temp.rebuilt
            )
        """
    ).fetchone()[0]


def _columns(cursor: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Names and types of a table's columns, in order."""
    return [(name, kind) for name, kind, *_ in cursor.execute(f"describe {table}").fetchall()]
