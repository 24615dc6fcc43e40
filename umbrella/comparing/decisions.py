"""What somebody decided about the differences of two readers, and whether it still stands."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from umbrella.comparing.comparison import Comparison, Difference
from umbrella.sheets.contract import Sheet
from umbrella.sheets.problems import Problem
from umbrella.sheets.reading import Table
from umbrella.sheets.readings import readings_of
from umbrella.sheets.rows import Rows
from umbrella.text import one_case

FIRST, SECOND, ANOTHER = "Reader 1", "Reader 2", "Another value"
CHOICES = (FIRST, SECOND, ANOTHER)
EMPTY = "(empty)"
"""What stands for an empty cell as another value."""

GONE = "the readers no longer differ here"


@dataclass(frozen=True)
class Decision:
    """The cells that somebody filled in beside a difference, and the worksheet and row they are in.

    `further` has the cells of columns that the team added.
    """

    choice: str = ""
    other: str = ""
    reason: str = ""
    decided_by: str = ""
    name: str = ""
    further: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    row: int = 0

    @property
    def is_filled(self) -> bool:
        """Whether there is anything to keep."""
        filled = (self.choice, self.other, self.reason, self.decided_by, self.name)
        return any(filled) or any(self.further.values())


@dataclass(frozen=True)
class Recorded:
    """A decision with the difference that it was about, as a file keeps it."""

    key: tuple[str, str, str, str]
    meta_analysis: str
    first_value: str
    second_value: str
    decision: Decision
    why_aside: str = ""

    @property
    def likeness(self) -> tuple[str, ...]:
        """What is left of it when the rows have other names."""
        return self.key[0], self.meta_analysis, self.key[3], self.first_value, self.second_value


Decisions = Mapping[tuple[str, str, str, str], Decision]


def carried(
    comparison: Comparison, recorded: Sequence[Recorded]
) -> tuple[dict[tuple[str, str, str, str], Decision], list[Recorded]]:
    """The decisions that still stand, by the key of their difference, and those set aside.

    A decision stands where both values are what they were when it was made. Where rows have other
    names since, it goes to the difference with the same values, if there is one such and was one.
    """
    differences = comparison.differences
    filled = [one for one in recorded if one.decision.is_filled]
    by_key = {one.key: one for one in differences}
    same = {one.key: (one.first_value, one.second_value) for one in differences}
    standing: dict[tuple[str, str, str, str], Decision] = {}
    moved = []
    for one in filled:
        if same.get(one.key) == (one.first_value, one.second_value) and one.key not in standing:
            standing[one.key] = one.decision
        else:
            moved.append(one)
    free = [_likeness(one) for one in differences if one.key not in standing]
    alone = {key for key, n in Counter(free).items() if n == 1}
    alone &= {key for key, n in Counter(one.likeness for one in recorded).items() if n == 1}
    places = {_likeness(one): one.key for one in differences if one.key not in standing}
    pairs = {
        (sheet, pair.first.name, pair.second.name)
        for sheet, found in comparison.matches.items()
        for pair in found.pairs
    }
    aside = []
    for one in moved:
        # Rows that are still one pair have not been named anew: their difference has gone.
        if one.likeness in alone and one.key[:3] not in pairs:
            standing[places[one.likeness]] = one.decision
        else:
            aside.append(_aside(one, by_key.get(one.key)))
    return standing, aside


def _likeness(one: Difference) -> tuple[str, ...]:
    return one.sheet, one.meta_analysis, one.column, one.first_value, one.second_value


def _aside(one: Recorded, now: Difference | None) -> Recorded:
    why = GONE
    if now is not None:
        pairs = (("1", one.first_value, now.first_value), ("2", one.second_value, now.second_value))
        why = (
            "; ".join(
                f"reader {reader} now has {new or 'an empty cell'}"
                for reader, old, new in pairs
                if old != new
            )
            or "decided twice"
        )
    return Recorded(
        one.key, one.meta_analysis, one.first_value, one.second_value, one.decision, why
    )


def deciders(comparison: Comparison) -> dict[str, str]:
    """Who may have decided: the codes of the sheet of adjudications, by their words."""
    sheet = next(s for s in comparison.readers[0].result.tables if s.name == "adjudications")
    return {code.replace("_", " "): code for code in sheet.kinds["decided_by"].allowed}


def problems_of(
    comparison: Comparison, decisions: Decisions, codes: Mapping[str, Sequence[str]]
) -> list[Problem]:
    """What is wrong with decisions, by the cell of the worksheet that they stand in.

    `codes` are those of the vocabularies.
    """
    by_key = {one.key: one for one in comparison.differences}
    people = list(deciders(comparison))
    found = []
    for key, decision in decisions.items():
        for column, value, problem, right in _faults(
            comparison, by_key[key], decision, codes, people
        ):
            where = f"worksheet {decision.page}"
            found.append(Problem(where, problem, right, decision.row, column, value))
    return sorted(found, key=lambda one: one.row or 0)


def _faults(
    comparison: Comparison,
    difference: Difference,
    decision: Decision,
    codes: Mapping[str, Sequence[str]],
    people: Sequence[str],
) -> Iterable[tuple[str, str, str, str]]:
    """Column, value, problem and what would be right."""
    if decision.decided_by and one_case(decision.decided_by) not in people:
        right = f"one of: {', '.join(people)}; a person's name stands in the column name"
        yield "decided by", decision.decided_by, "nobody who may have decided", right
    choice = choice_of(decision)
    if decision.choice and not choice:
        yield "decision", decision.choice, "no decision", f"one of: {', '.join(CHOICES)}"
    elif decision.other and choice != ANOTHER:
        right = f"{ANOTHER} as the decision, or no other value"
        yield "another value", decision.other, "a value that the decision does not take", right
    elif choice == ANOTHER and difference.is_row:
        right = f"{FIRST} or {SECOND}: with the row, or without it"
        yield "decision", decision.choice, "a row is there or is not", right
    elif choice == ANOTHER and not decision.other:
        right = f"the value that holds, or {EMPTY} for an empty cell"
        yield "another value", "", "the other value is missing", right
    elif choice == ANOTHER and decision.other != EMPTY:
        sheet = comparison.sheets[difference.sheet]
        problem, right = _fault_of_value(sheet, difference.column, decision.other, codes)
        if problem:
            yield "another value", decision.other, problem, right


def choice_of(decision: Decision) -> str:
    """The choice in its one spelling; empty where there is none."""
    spelled = {one_case(choice): choice for choice in CHOICES}
    return spelled.get(one_case(decision.choice), "")


def _fault_of_value(
    sheet: Sheet, column: str, value: str, codes: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    described = sheet.kinds[column]
    reading = reading_of(sheet, column, value)
    if reading.problem:
        return reading.problem, reading.expected
    known = described.allowed or codes.get(sheet.vocabularies.get(column, ""), ())
    unknown = [code for code in reading.read_as.split(";") if code.strip() not in known]
    if known and unknown:
        return "unknown code", f"one of: {', '.join(known)}"
    return "", ""


@dataclass(frozen=True)
class Value:
    """A value as the sheet would read it, or what is wrong with it."""

    read_as: str
    problem: str = ""
    expected: str = ""


def reading_of(sheet: Sheet, column: str, typed: str) -> Value:
    """A value as it is read in a column, such as one with a decimal comma."""
    cells = [typed if name == column else "" for name in sheet.columns]
    table = Table(list(sheet.columns), Rows([cells]))
    for reading in readings_of(sheet, table, {sheet.name: sheet.kinds}):
        if reading.column_name == column:
            return Value(reading.read_as, reading.problem, reading.expected)
    return Value(typed)


def value_of(comparison: Comparison, difference: Difference, decision: Decision) -> str:
    """The value that a decision without problems takes."""
    choice = choice_of(decision)
    if choice == ANOTHER:
        sheet = comparison.sheets[difference.sheet]
        other = "" if decision.other == EMPTY else decision.other
        return reading_of(sheet, difference.column, other).read_as
    return difference.first_value if choice == FIRST else difference.second_value
