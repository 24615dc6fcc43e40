"""The plan of a build: every statement that makes the warehouse, in plain records.

dbt compiles the project into a plan once per version of its sources (compilation.py); builds run
the plan without dbt (execution.py). Why: docs/decisions/0012-dbt-compiles-and-umbrella-runs.md.
"""

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from umbrella.project import BUNDLED, PACKAGES_DIR

OF_PACKAGES = ("umbrella/building/*.py", "python_udfs/**/*.py")
SOURCES = (
    ".dbtignore",
    "dbt_project.yml",
    "profiles.yml",
    "macros/**/*",
    "models/**/*",
    "tests/**/*.sql",
    "seeds/**/*",
    *OF_PACKAGES,
)
"""Files that decide what a plan says and what its statements compute, in the project's folder; of a
wheel the packages stand beside it.

Of the sheets only the names count: the plan holds none of their cells."""

NAMES_ONLY = ".csv"


@dataclass(frozen=True)
class Step:
    """One node of the project: a sheet, a source, a model or a test."""

    id: str
    name: str
    kind: str
    stage: str
    file: str
    schema: str = ""
    query: str = ""
    """The SELECT of a model; of a test, the one whose rows are failures."""
    columns: str = ""
    """Columns and constraints of a table whose contract is enforced, as DDL; else empty."""
    column_names: tuple[str, ...] = ()
    """The columns of an enforced contract, in order."""
    hooks: tuple[str, ...] = ()
    """Statements that follow the table; a query among them returns statements to run."""
    comments: tuple[str, ...] = ()
    """Statements that describe the table and its columns."""
    inputs: tuple[str, ...] = ()
    """Steps whose tables this one reads."""
    after: tuple[str, ...] = ()
    """Steps that must have ended well before: the inputs and, as in dbt, their tests."""
    warns_only: bool = False

    @property
    def table(self) -> str:
        """The quoted name of the step's table, with its schema."""
        return f'"{self.schema}"."{self.name}"'


@dataclass(frozen=True)
class Plan:
    """The steps of a build, inputs first, and what the database needs before the first."""

    key: str
    """Hash of the sources (see `sources_key`)."""
    environment: dict[str, str | None]
    """Environment variables that the project reads, with their values when it was compiled."""
    config: dict[str, str]
    """Options of the database file."""
    has_functions: bool
    """Whether the project's profile asks for the statistical functions."""
    start: tuple[str, ...]
    """Statements that come before every step."""
    steps: tuple[Step, ...]

    @property
    def version(self) -> str:
        """Hash of all that decides what a build of this plan does with given sheets."""
        return hashlib.sha256(json.dumps([self.key, self.environment]).encode()).hexdigest()

    def without(self, name: str) -> "Plan":
        """The plan without the test of this name; raises KeyError where there is none."""
        left_out = {step.id for step in self.steps if step.kind == "test" and step.name == name}
        if not left_out:
            raise KeyError(f"no test is named {name}")
        steps = tuple(
            replace(step, after=tuple(i for i in step.after if i not in left_out))
            for step in self.steps
            if step.id not in left_out
        )
        return replace(self, steps=steps)

    def restricted_to(self, names: Collection[str]) -> "Plan":
        """The plan of the models with these names: they and what they need, without tests.

        Raises KeyError for a name that no step has.
        """
        by_id = {step.id: step for step in self.steps}
        unknown = set(names) - {step.name for step in self.steps}
        if unknown:
            raise KeyError(f"no step is named {', '.join(sorted(unknown))}")
        wanted: set[str] = set()
        open_ids = [step.id for step in self.steps if step.kind != "test" and step.name in names]
        while open_ids:
            step_id = open_ids.pop()
            if step_id not in wanted:
                wanted.add(step_id)
                open_ids += by_id[step_id].inputs
        chosen = [
            Step(**{**asdict(step), "after": step.inputs})
            for step in self.steps
            if step.id in wanted
        ]
        return Plan(**{**self.__dict__, "steps": tuple(chosen)})


def sources_key(project: Path, versions: Mapping[str, str]) -> str:
    """Hash of every source file of the project and of the versions of what runs them."""
    total = hashlib.sha256(json.dumps(dict(versions), sort_keys=True).encode())
    for pattern in SOURCES:
        root = PACKAGES_DIR if pattern in OF_PACKAGES and project == BUNDLED else project
        for path in sorted(root.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
                if path.suffix != NAMES_ONLY:
                    total.update(path.read_bytes())
    return total.hexdigest()


def read_plan(path: Path, key: str) -> Plan | None:
    """The kept plan, unless there is none, or it was made of other sources or settings."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict) or kept.get("key") != key:
        return None
    if any(os.environ.get(name) != value for name, value in kept["environment"].items()):
        return None
    steps = tuple(
        Step(**{k: tuple(v) if isinstance(v, list) else v for k, v in step.items()})
        for step in kept["steps"]
    )
    return Plan(**{**kept, "start": tuple(kept["start"]), "steps": steps})


def keep_plan(plan: Plan, path: Path) -> None:
    """Write the plan for later builds, in one step: two builds may compile at once.

    Raises OSError where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        new.write_text(json.dumps(asdict(plan)), encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
