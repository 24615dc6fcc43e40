"""Run dbt in this process: parse, build, and say in plain records what did not succeed."""

import contextlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from umbrella.building.outcome import Node, Outcome, Places
from umbrella.building.progress import STAGES, StageProgress
from umbrella.errors import UmbrellaError
from umbrella.project import DATABASE_VARIABLE, SHEETS_VARIABLE

COPY_VARIABLE = "UMBRELLA_SHEETS_ARE_A_COPY"
"""Says that dbt may write over the sheets, as it does with seeds named by an absolute path."""

WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")

FAILURES = {"error", "fail", "runtime error"}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")

RESOURCE_STAGES = {"seed": "sheets", "test": "tests", "unit_test": "tests"}


def run_build(places: Places, *, is_verbose: bool, selection: str | None = None) -> Outcome:
    """Parse the project and run `dbt build`; raises UmbrellaError when it does not even parse.

    With a selection (dbt's syntax) only those models and sheets are built, and no test runs.
    """
    arguments = _arguments(places, is_verbose=is_verbose)
    chosen = ["--select", selection, *WITHOUT_TESTS] if selection else []
    with _environment(places):
        manifest = _parse(arguments)
        stages = _stages(manifest)
        with StageProgress(_totals(manifest, stages, arguments, chosen)) as progress:
            runner = dbtRunner(manifest=manifest, callbacks=[_listener(stages, progress)])
            result = runner.invoke(["build", *arguments, *chosen])
        # After an interrupt the file stays open: dbt's threads may still be running a query on it.
        _raise_interrupt(result)
        _close_database()
    return _outcome(result)


def _arguments(places: Places, *, is_verbose: bool) -> list[str]:
    return [
        "--project-dir", str(places.project),
        "--profiles-dir", str(places.project),
        "--target-path", str(places.target),
        "--log-path", str(places.logs),
        "--log-level", "info" if is_verbose else "none",
        "--log-level-file", "debug",
        "--no-use-colors",
        "--no-use-colors-file",
        "--no-partial-parse",
    ]  # fmt: skip


@contextlib.contextmanager
def _environment(places: Places) -> Iterator[None]:
    """Hand database and sheets to the profile and the project file, then restore what was set."""
    values = {
        DATABASE_VARIABLE: str(places.database),
        SHEETS_VARIABLE: str(places.sheets),
        COPY_VARIABLE: str(places.sheets),
    }
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _parse(arguments: list[str]) -> Manifest:
    result = dbtRunner().invoke(["parse", *arguments])
    _raise_interrupt(result)
    if not result.success:
        raise UmbrellaError(f"dbt cannot read the project: {result.exception}")
    return result.result


def _stages(manifest: Manifest) -> dict[str, str]:
    """Map the unique id of every node that a build runs to its stage."""
    nodes = [*manifest.nodes.values(), *manifest.unit_tests.values()]
    return {node.unique_id: _stage(node) for node in nodes if node.resource_type != "analysis"}


def _totals(
    manifest: Manifest, stages: Mapping[str, str], arguments: list[str], chosen: list[str]
) -> Counter[str]:
    """How many nodes of each stage a build with these choices runs."""
    if not chosen:
        return Counter(stages.values())
    listed = dbtRunner(manifest=manifest).invoke(
        ["list", *arguments, *chosen, "--output", "json", "--output-keys", "unique_id"]
    )
    names = [json.loads(line)["unique_id"] for line in listed.result or []]
    return Counter(stages[name] for name in names if name in stages)


def _stage(node: Any) -> str:
    if stage := RESOURCE_STAGES.get(str(node.resource_type)):
        return stage
    folder = node.fqn[1] if len(node.fqn) > 1 else ""
    return folder if folder in STAGES else "other"


def _listener(stages: Mapping[str, str], progress: StageProgress) -> Any:
    def listen(event: Any) -> None:
        if event.info.name == "NodeFinished":
            stage = stages.get(event.data.node_info.unique_id)
            if stage is not None:
                progress.finished(stage)

    return listen


def _close_database() -> None:
    """Close the file that dbt's adapter keeps open, so that it can be moved or removed."""
    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
        DuckDBConnectionManager.close_all_connections()


def _raise_interrupt(result: dbtRunnerResult) -> None:
    """Pass on a Ctrl-C: dbt's runner catches it and returns it as a result."""
    if isinstance(result.exception, KeyboardInterrupt):
        raise result.exception


def _outcome(result: dbtRunnerResult) -> Outcome:
    if result.exception is not None or result.result is None:
        return Outcome([], [], {}, error=str(result.exception or "dbt gave no result"))
    results = result.result.results
    return Outcome(
        failed=[_node(item) for item in results if str(item.status) in FAILURES],
        warned=[_node(item) for item in results if str(item.status) == "warn"],
        counts=dict(Counter(str(item.status) for item in results)),
        error=None if result.success else _unexplained(results),
    )


def _unexplained(results: list[Any]) -> str | None:
    """An error text for a run that failed although no node says so."""
    if any(str(item.status) in FAILURES for item in results):
        return None
    return "dbt reports a failure that no model, sheet or test explains"


def _node(item: Any) -> Node:
    is_data_test = str(item.node.resource_type) == "test"
    return Node(
        name=item.node.name,
        kind=str(item.node.resource_type).replace("_", " "),
        file=item.node.original_file_path,
        message=_ANSI.sub("", item.message or "no message").strip(),
        query=item.node.compiled_code if is_data_test else None,
    )
