"""How much a result rests on: participants, or person-time where that is known of most members.

Both stand in one column. Where its rows share a unit, the heading names it; where they do not,
each cell of person-time does.
"""

from collections.abc import Iterable

from reports import formats
from reports.figure import PARTICIPANTS, Row
from reports.theme import NOT_REPORTED
from reports.words import upper_first

EITHER = "Participants or person-time"


def heading(rows: Iterable[Row]) -> str:
    """What stands over the sizes of rows: Participants, Person-years, or both."""
    units = {row["person_time_unit"] for row in rows}
    if units <= {None}:
        return PARTICIPANTS
    return EITHER if len(units) > 1 else upper_first(units.pop())


def summed(rows: Iterable[Row]) -> str:
    """What sums of the sizes of rows are of, at the beginning of a sentence."""
    over = heading(rows)
    return "Participants and person-time" if over == EITHER else over


def size(row: Row) -> float | None:
    """Participants of a row, or its person-time in the unit that it names."""
    return row["person_time"] if row["person_time_unit"] else row["n_participants"]


def words(row: Row) -> str:
    """The size of a row within a sentence: 12 567 participants, 14 820 person-years."""
    if row["person_time_unit"] is None:
        return formats.counted(row["n_participants"], "participant")
    return f"{cell(row, '')} {row['person_time_unit']}"


def n_known(row: Row) -> int:
    """How many members of a pool report its size."""
    known: int = row["k_with_person_time" if row["person_time_unit"] else "k_with_n_participants"]
    return known


def summed_cell(row: Row, over: str) -> str:
    """The size of a pool below the heading `over`: 46 247, or 46 247 (17 of 39 report it)."""
    known = n_known(row)
    return cell(row, over) + (of_all(known, row["k"]) if known else "")


def of_all(known: int, members: int) -> str:
    """How many report a sum, where not all do."""
    if known == members:
        return ""
    return f" ({formats.count(known)} of {formats.count(members)} report it)"


def cell(row: Row, over: str, missing: str = NOT_REPORTED) -> str:
    """The size of a row below the heading `over`."""
    number = size(row)
    if formats.is_missing(number):
        return missing
    unit = row["person_time_unit"]
    words = formats.count(round(number))
    return f"{words} {unit}" if unit and over == EITHER else words
