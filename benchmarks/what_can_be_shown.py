"""Whether an error can be shown at all, by what else the review says of the cell.

An error can be shown when it changes a number by a tenth or more and
- the row was read twice and the other reader typed this cell,
- or other cells of the row, which are right, give the number (REPEATED),
- or it moves the number by more than three robust standard deviations of its column.
A code can be shown when two other rows of its source have the right one and none the typed one.
What is no number where one is due, and a row that stands twice, always can.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import median

Cells = Mapping[str, str]

REPEATED: dict[str, tuple[tuple[str, ...], ...]] = {
    "estimate": (("ci_low", "ci_high"), ("se", "p_value")),
    "ci_low": (("estimate", "ci_high"),),
    "ci_high": (("estimate", "ci_low"),),
    "se": (("ci_low", "ci_high"), ("estimate", "p_value")),
    "p_value": (("estimate", "ci_low", "ci_high"), ("estimate", "se")),
    "i2": (("q", "n_comparisons"),),
    "q": (("i2", "n_comparisons"),),
    "n_comparisons": (("i2", "q"),),
    "n_total": (("n_intervention", "n_control"),),
    "percent": (("percent_low", "percent_high"), ("events", "total")),
    "percent_low": (("percent", "percent_high"),),
    "percent_high": (("percent", "percent_low"),),
    "events": (("percent", "total"),),
    "total": (("percent", "events"),),
}
"""Columns, and the other columns of the row that give each of them."""

SPREADS = 3
TENTH = 0.1
LEAST_ROWS = 8


def can_be_shown(
    changes: Cells, rows: Sequence[Cells], index: int, owner: str, again: Cells
) -> bool:
    """Whether any of the changed cells can be shown to be wrong; `again` is the second reading."""
    if "" in changes:
        return True
    return any(_one_can(changes, column, rows, index, owner, again) for column in changes)


def _one_can(
    changes: Cells, column: str, rows: Sequence[Cells], index: int, owner: str, again: Cells
) -> bool:
    row, typed = rows[index], changes[column]
    right, wrong = number(row[column]), number(typed)
    if right is None and row[column]:
        return bool(again.get(column)) or _is_alone(column, typed, rows, index, owner)
    if right is None or wrong is None:
        return True
    if abs(wrong - right) < TENTH * abs(right):
        return False
    given = any(
        all(row.get(name) and name not in changes for name in names)
        for names in REPEATED.get(column, ())
    )
    return bool(again.get(column)) or given or _is_far(column, right, wrong, rows)


def _is_alone(column: str, typed: str, rows: Sequence[Cells], index: int, owner: str) -> bool:
    """A code that the source does not have beside one that two other rows of it have."""
    others = [
        row[column] for i, row in enumerate(rows) if i != index and row[owner] == rows[index][owner]
    ]
    return others.count(rows[index][column]) >= 2 and typed not in others


def _is_far(column: str, right: float, wrong: float, rows: Sequence[Cells]) -> bool:
    held = [value for row in rows if (value := number(row[column])) is not None]
    if min(held) > 0:
        if wrong <= 0:
            return True
        held, right, wrong = [math.log(v) for v in held], math.log(right), math.log(wrong)
    middle = median(held)
    spread = 1.4826 * median(abs(value - middle) for value in held)
    return len(held) >= LEAST_ROWS and abs(wrong - right) > SPREADS * spread


def number(text: str) -> float | None:
    """The number that a cell holds, None where it holds none."""
    try:
        return float(text)
    except ValueError:
        return None
