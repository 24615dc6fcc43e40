"""Let dbt compile the project into a plan; the only module that knows dbt.

dbt resolves references, renders the templates and orders the nodes, as for its own build. What it
would do around each statement while building (renames, backups, a query per described column, an
empty run of each query for its contract) is left to `dbt build`, which the project's own checks
run on every change.
"""

import contextlib
import importlib.metadata
import os
from collections.abc import Iterator, Mapping, Sequence, Set
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from python_udfs.kept import kept_folder
from umbrella.building.plan import Plan, Step, keep_plan, read_plan, sources_key
from umbrella.building.progress import STAGES
from umbrella.console import notice
from umbrella.errors import UmbrellaError
from umbrella.project import DATABASE_VARIABLE, MEMORY_VARIABLE, SHEETS_VARIABLE
from umbrella.scratch import scratch_folder

DATABASE_NAME = "umbrella.duckdb"
"""Every build runs in a file of this name: compiled statements name its catalog."""

PLAN_FILE = "plan.json"

PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "numba", "numpy", "pyarrow", "scipy")
"""Packages that compile the statements or compute their rows: another version may give others."""

OWN_VARIABLES = frozenset({DATABASE_VARIABLE, SHEETS_VARIABLE, MEMORY_VARIABLE})
"""They say where things are and what a build may take, and change no statement."""

DBT_PREFIX = "DBT_"
"""Variables that set options of dbt (an empty run, a target); a plan follows the project alone."""

KINDS = {"seed": "sheet", "source": "source", "model": "model", "test": "test"}

FROM_SHEETS = "sheets"
"""The source whose tables come with the sheets, as their cells do."""

RESOURCE_STAGES = {"seed": "sheets", "source": "sheets", "test": "tests"}

FUNCTIONS = "python_udfs.dbt_plugin"

CONTRACT = "{{ get_table_columns_and_constraints() }}"

OF_DBT = frozenset({"{{ mark_as_begun() }}", "{{ mark_as_complete(results) }}"})
"""Hooks by which dbt marks a database as whole, as stamp.py does here."""

KNOWN: dict[str, dict[str, Any]] = {
    "seed": {},
    "analysis": {},
    "model": {"language": "sql", "materialized": "table", "pre_hook": []},
    "test": {"fail_calc": "count(*)", "limit": None, "warn_if": "!= 0", "error_if": "!= 0"},
    "operation": {"tags": ["on-run-start"]},
}
"""Kinds of nodes that the plan has or that `dbt build` passes over, and the value of each option
that execution.py relies on. The `where` of a test is part of its compiled query."""


def plan_of(project: Path) -> Plan:
    """The plan of the project as it stands: the kept one, or else compiled anew and kept.

    Raises UmbrellaError when dbt cannot read or compile the project.
    """
    key = program_key(project)
    folder = kept_folder("plans", key)
    plan = read_plan(folder / PLAN_FILE, key) if folder else None
    if plan is None:
        notice("Compiling the models (once after each change of the program; half a minute)")
        plan = _compile(project, key)
        if program_key(project) != key:
            raise UmbrellaError(
                "A file of the program changed while its models were compiled: run the command "
                "again."
            )
        _keep(plan, folder)
    return plan


def _keep(plan: Plan, folder: Path | None) -> None:
    try:
        if folder is None:
            raise OSError("the user's cache cannot be written")
        keep_plan(plan, folder / PLAN_FILE)
    except OSError as error:
        notice(f"The next build compiles again, for the models cannot be kept: {error}")


def program_key(project: Path) -> str:
    """Hash of the program: its own files and the versions of what runs them."""
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return sources_key(project, versions)


def _compile(project: Path, key: str) -> Plan:
    # Imported here: dbt takes seconds to load, and most builds have their plan.
    from dbt.adapters.factory import FACTORY
    from dbt.cli.main import dbtRunner

    with scratch_folder("umbrella-compile-") as folder, _paths(folder):
        arguments = [
            "--project-dir", str(project),
            "--profiles-dir", str(project),
            "--target-path", str(folder),
            "--log-path", str(folder),
            "--log-level", "none",
            "--log-level-file", "none",
            "--no-partial-parse",
            "--no-write-json",
        ]  # fmt: skip
        try:
            manifest = _invoke(dbtRunner(), "parse", arguments)
            _invoke(dbtRunner(manifest=manifest), "compile", arguments)
            return _Compiled(manifest, FACTORY.adapters["duckdb"].config).plan(key)
        finally:
            _close_database()


def _invoke(runner: Any, command: str, arguments: list[str]) -> Any:
    result = runner.invoke([command, *arguments])
    # dbt's runner catches Ctrl-C and returns it as a result.
    if isinstance(result.exception, KeyboardInterrupt):
        raise result.exception
    if not result.success:
        raise UmbrellaError(f"dbt cannot {command} the project: {_reason(result)}")
    return result.result


@contextlib.contextmanager
def _paths(folder: Path) -> Iterator[None]:
    """Give the profile a database that is thrown away, and the project file its own sheets."""
    names = [n for n in os.environ if n in OWN_VARIABLES or n.startswith(DBT_PREFIX)]
    before = {name: os.environ.pop(name) for name in names}
    os.environ[DATABASE_VARIABLE] = str(folder / DATABASE_NAME)
    try:
        yield
    finally:
        del os.environ[DATABASE_VARIABLE]
        os.environ.update(before)


def _reason(result: Any) -> str:
    if result.exception is not None:
        return str(result.exception)
    messages = [str(item.message) for item in result.result.results if item.message]
    return "\n".join(messages) or "dbt does not say why"


def _close_database() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager.close_all_connections()


class _Compiled:
    """A compiled project: dbt's manifest and configuration, turned into plain records."""

    def __init__(self, manifest: Any, config: Any) -> None:
        self._manifest = manifest
        self._config = config
        self._nodes = {
            node.unique_id: node
            for node in manifest.nodes.values()
            if node.resource_type in ("seed", "model", "test")
        }

    def plan(self, key: str) -> Plan:
        """The steps with their statements, inputs first."""
        _require_known(self._manifest)
        sources = {source.unique_id: source for source in self._manifest.sources.values()}
        inputs = {
            name: tuple(d for d in _depends_on(node) if d in self._nodes or d in sources)
            for name, node in {**sources, **self._nodes}.items()
        }
        gates = _gates(inputs, {n for n, v in self._nodes.items() if v.resource_type == "test"})
        order = TopologicalSorter({n: (*inputs[n], *gates.get(n, ())) for n in inputs})
        steps = [
            self._step(name, sources.get(name) or self._nodes[name], inputs[name], gates.get(name))
            for name in order.static_order()
        ]
        return Plan(
            key=key,
            environment=self._environment(),
            config=dict(self._config.credentials.config_options or {}),
            has_functions=FUNCTIONS in {p.module for p in self._config.credentials.plugins or ()},
            start=self._start(),
            steps=tuple(steps),
        )

    def _environment(self) -> dict[str, str | None]:
        names = self._manifest.env_vars.keys() - OWN_VARIABLES
        return {name: os.environ.get(name) for name in names}

    def _start(self) -> tuple[str, ...]:
        hooks = [
            node
            for node in self._manifest.nodes.values()
            if node.resource_type == "operation" and node.raw_code not in OF_DBT
        ]
        hooks.sort(key=lambda hook: hook.index)
        return tuple(text for hook in hooks if (text := self._render(hook.raw_code, hook)))

    def _step(self, name: str, node: Any, inputs: Sequence[str], gates: Any) -> Step:
        kind = str(node.resource_type)
        is_model = kind == "model"
        has_contract = is_model and node.contract.enforced
        return Step(
            id=name,
            name=node.name if kind == "test" else node.identifier,
            kind=KINDS["seed"] if _comes_with_sheets(node) else KINDS[kind],
            stage=_stage(node),
            file=node.original_file_path,
            schema="" if kind == "test" else node.schema,
            query=(node.compiled_code or "").strip() if kind in ("model", "test") else "",
            columns=self._render(CONTRACT, node) if has_contract else "",
            column_names=tuple(node.columns) if has_contract else (),
            hooks=tuple(self._render(hook.sql, node) for hook in node.config.post_hook)
            if is_model
            else (),
            comments=_comments(node) if is_model else (),
            inputs=tuple(inputs),
            after=tuple(sorted({*inputs, *(gates or ())})),
            warns_only=kind == "test" and node.config.severity.lower() == "warn",
        )

    def _render(self, text: str, node: Any) -> str:
        from dbt.clients.jinja import get_rendered
        from dbt.context.providers import generate_runtime_model_context

        context = generate_runtime_model_context(node, self._config, self._manifest)
        return get_rendered(text, context, node).strip()


def _comes_with_sheets(node: Any) -> bool:
    return getattr(node, "source_name", "") == FROM_SHEETS


def _depends_on(node: Any) -> Sequence[str]:
    return getattr(getattr(node, "depends_on", None), "nodes", ())


def _gates(inputs: Mapping[str, Sequence[str]], tests: Set[str]) -> dict[str, list[str]]:
    """The tests that must pass before each other node: those that read only its ancestors."""
    ancestors: dict[str, frozenset[str]] = {}
    for name in TopologicalSorter(inputs).static_order():
        above = (ancestors[i] | {i} for i in inputs[name])
        ancestors[name] = frozenset().union(*above)
    return {
        name: [test for test in tests if inputs[test] and ancestors[name].issuperset(inputs[test])]
        for name in inputs
        if name not in tests
    }


def _require_known(manifest: Any) -> None:
    """Raise UmbrellaError for what `dbt build` would do and a plan cannot say."""
    for node in manifest.nodes.values():
        if unknown := _unknown(node):
            raise UmbrellaError(
                f"The {node.resource_type} {node.name} in {node.original_file_path} asks for what "
                f"`umbrella build` does not know: {unknown}"
            )


def _unknown(node: Any) -> dict[str, Any]:
    kind = str(node.resource_type)
    if kind not in KNOWN:
        return {"resource type": kind}
    if kind == "operation" and node.raw_code in OF_DBT:
        return {}
    found = {n: getattr(node if hasattr(node, n) else node.config, n) for n in KNOWN[kind]}
    return {name: value for name, value in found.items() if value != KNOWN[kind][name]}


def _stage(node: Any) -> str:
    if stage := RESOURCE_STAGES.get(str(node.resource_type)):
        return stage
    folder = node.fqn[1] if len(node.fqn) > 1 else ""
    return folder if folder in STAGES else "other"


def _comments(node: Any) -> tuple[str, ...]:
    """Statements that store the descriptions that the project file asks to persist."""
    table = f'"{node.schema}"."{node.identifier}"'
    asked = node.config.persist_docs or {}
    texts = []
    if asked.get("relation") and node.description:
        texts.append((f"table {table}", node.description))
    if asked.get("columns"):
        texts += [(f'column {table}."{c.name}"', c.description) for c in node.columns.values()]
    return tuple(f"comment on {what} is {_literal(text)}" for what, text in texts)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
