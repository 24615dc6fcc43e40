"""Plain records of one run of dbt, free of dbt's own types."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """Where one run of dbt reads and writes."""

    project: Path
    sheets: Path
    database: Path
    target: Path
    logs: Path


@dataclass(frozen=True)
class Node:
    """One model, sheet or test that did not simply succeed."""

    name: str
    kind: str
    file: str
    message: str
    query: str | None = None
    """The SQL of a data test: the rows it returns are those that failed."""


@dataclass(frozen=True)
class Outcome:
    """How a build ended; `counts` is the number of nodes by dbt's status word."""

    failed: list[Node]
    warned: list[Node]
    counts: dict[str, int]
    error: str | None = None

    @property
    def is_ok(self) -> bool:
        """True when every node was built and every test passed."""
        return not self.failed and self.error is None
