"""What the caller says of a table: which column holds what, and what no column does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from umbrella.importing.cells import number_tokens, plain
from umbrella.importing.columns import Role
from umbrella.sheets.numerals import Numerals

IGNORED = "ignore"
"""For a column that is not to be read; for groups whose names say nothing."""

OF_ALL = ("condition", "outcome", "meta_analysis")
"""What a caller may say of all rows, so that no column does."""


@dataclass(frozen=True)
class Layout:
    """What the caller says of a table.

    `columns` gives the table's column for what it holds, `ignored` those that are not to be read,
    `measures` the measure for a word of the table; under "" that of rows without a word. `words`
    are other words of the table with what they mean. `condition`, `outcome`, `meta_analysis` are
    texts for all rows, `units` the unit of mean differences by condition or outcome, under "" of
    all; `groups` what the name of a group is. `kind` is that of the review, empty where the table
    is to tell; `favours` the sign of standardised differences that favours the intervention, by
    outcome; `classes` the class of evidence that a word means; `arms` what columns of trials call
    the intervention and control.

    `roles` is what each column holds, as a map says or as was proposed; `by_cells` are the columns
    whose cells told it, `question` is what the columns of arms leave open. `worksheets` are the
    ones that are meant, `header` the first and last row of names, `decimal` the mark of numbers.
    `constants` are what columns of the sheets hold in all rows, by `sheet.column`.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    condition: str = ""
    outcome: str = ""
    meta_analysis: str = ""
    groups: str = ""
    filled: tuple[str, ...] = ()
    kind: str = ""
    favours: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    arms: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    roles: Mapping[str, Role] | None = None
    by_cells: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    worksheets: tuple[str, ...] = ()
    header: tuple[int, int] | None = None
    decimal: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)

    def is_of_all(self, role: Role) -> bool:
        """Whether the caller says of all rows what a column holds."""
        return role.holds[0] in OF_ALL and role.holds[1:] == () and bool(self.said(role.holds[0]))

    def said(self, ours: str) -> str:
        """The text of all rows, where there is one."""
        return str(getattr(self, ours, ""))

    def names(self) -> set[str]:
        """Names of columns that the caller gives, as plain words."""
        return {
            plain(name) for name in (*self.columns.values(), *self.ignored, *(self.roles or ()))
        }

    def left_out(self, header: Iterable[str]) -> set[str]:
        """The columns of a table that the caller does not want to be read."""
        words = set(map(plain, self.ignored))
        return {name for name in header if name in self.ignored or plain(name) in words}

    def numerals(self, header: list[str], rows: Iterable[list[str]]) -> Numerals:
        """How the numbers of a table are written: as the caller says, else as its cells tell."""
        if self.decimal:
            return Numerals({name: {self.decimal} for name in header})
        return Numerals.of(header, number_tokens(rows))
