"""Plain records of how a build ended."""

from dataclasses import dataclass


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
    """How a build ended; `counts` is the number of steps by the word for their end.

    `not_built` names the steps that failed or were skipped: in an updated database their tables, if
    any, are those of the build before.
    """

    failed: list[Node]
    warned: list[Node]
    counts: dict[str, int]
    not_built: frozenset[str]

    @property
    def is_ok(self) -> bool:
        """True when every step was built and every test passed."""
        return not self.failed
