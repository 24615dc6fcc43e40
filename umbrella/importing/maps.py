"""The map of a table as a file: what each column holds, what no column says, how numbers stand.

A map is YAML that people read and change; what is wrong in it is told by line, key and value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import ModuleType

from umbrella.importing import results, trials
from umbrella.importing.cells import plain
from umbrella.importing.columns import COLUMNS
from umbrella.importing.layout import Layout
from umbrella.importing.own_columns import OF_RESULTS, OF_TRIALS, is_our_table, own_columns
from umbrella.importing.source import Source
from umbrella.sheets.problems import Problem
from umbrella.text import shorten

READERS: Mapping[str, ModuleType] = {"results": results, "trials": trials}
"""What reads a table whose rows are each of one kind."""

NOT_READ = "not read"
UNDECIDED = "undecided"
"""Of a column that a question names: until it is answered, the question stands."""

AS_WRITTEN = "as written"
ALL_ROWS = "all rows"
KINDS = {
    "results": ("interventions", "exposures", "prevalence", "mixed"),
    "trials": ("interventions", "exposures", "mixed"),
}
USUAL_KIND = {"trials": "interventions"}
"""What a review is of where neither the table nor the map tells."""

SHARED = (
    "table", "worksheet", "header", "decimal", "kind", "columns", "condition", "outcome",
    "meta_analysis", "constants", "measure", "read", "favours",
)  # fmt: skip
KEYS = {"results": (*SHARED, "unit", "groups", "fill"), "trials": (*SHARED, "arms")}


@dataclass(frozen=True)
class LineProblem(Problem):
    """What is wrong in a text file of lines: its row is a line, its column a key."""

    def where(self) -> str:
        """Line, key and value in words."""
        parts = [f"line {self.row}"] if self.row is not None else []
        parts += [f"key {self.column}"] if self.column is not None else []
        parts += [f"value {shorten(self.value)}"] if self.value is not None else []
        return ", ".join(parts)


@dataclass(frozen=True)
class TableMap:
    """A map as it was read: which kind of table, the layout, columns not read, lines of columns."""

    name: str
    of: str
    layout: Layout
    unread: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    def on(self, source: Source) -> tuple[Layout, list[str]]:
        """The layout under the names of a table, and what is told of columns that differ.

        A column that the map has and the table lacks is a problem of the source.
        """
        header = [name for name in source.table.header if name.strip()]
        by_words = {plain(name): name for name in header if plain(name)}
        by_words |= {name: name for name in header}
        roles, known, lost = {}, set(), []
        for name, role in (self.layout.roles or {}).items():
            there = by_words.get(name) or by_words.get(plain(name))
            if there:
                roles[there] = role
                known.add(there)
            else:
                lost.append(name)
        unread = {name: by_words.get(name) or by_words.get(plain(name)) for name in self.unread}
        known |= set(filter(None, unread.values()))
        new = [name for name in header if name not in known]
        source.problems += [self._lost(name, new) for name in lost]
        source.problems += [
            LineProblem(
                self.name, f"{role.holds[0]} is also said of all rows, as "
                f"{shorten(self.layout.said(role.holds[0]))}", "one of the two, the other not read",
                self.lines.get(name), "columns", name,
            )
            for name, role in (self.layout.roles or {}).items() if self.layout.is_of_all(role)
        ]  # fmt: skip
        told = [f"not in the map, so not read: column {name}" for name in new]
        told += [f"no longer in the table: column {name}, which the map does not read"
                 for name, there in unread.items() if not there]  # fmt: skip
        return replace(self.layout, roles=roles), told

    def _lost(self, name: str, new: Sequence[str]) -> Problem:
        near = get_close_matches(name, new, n=1, cutoff=0.5) or (new if len(new) == 1 else [])
        perhaps = f"perhaps {near[0]}, which the map does not have; " if near else ""
        others = f"columns that the map does not have: {', '.join(new) or 'none'}"
        right = f"{perhaps}the name that the column has now, or no such line; {others}"
        problem = "the table has no such column"
        return LineProblem(self.name, problem, right, self.lines.get(name), "columns", name)


def kind_of_table(header: Sequence[str], layout: Layout) -> str:
    """Whether the rows of a table are results or trials, by what its columns are called."""
    pooled = {"n_comparisons", "i2", "prediction", "pi_low", "egger", "excess", "printed_class"}
    roles = [role for name in header if name and (role := results.role_of(name))]
    is_pooled = any(pooled & set(role.holds) for role in roles)
    has_arms = bool(trials.arms_of(header, layout.arms).roles)
    if is_our_table(header, OF_TRIALS):
        return "trials"
    return "trials" if has_arms and not is_pooled else "results"


def words_of_columns(of: str) -> tuple[str, ...]:
    """What a column can hold in a table of results or of trials, by our words."""
    own = own_columns(OF_TRIALS if of == "trials" else OF_RESULTS)
    return (*(trials.OURS if of == "trials" else COLUMNS), *own)
