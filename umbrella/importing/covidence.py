"""Covidence's export of extracted data as a table with a result in each row.

It has a row for each reviewer of each study and, as columns, the fields of the team's own template
behind `Covidence #`, `Study ID`, `Title` and `Reviewer Name`; a field that is filled in for each of
several results stands several times, with a number behind its name. The consensus is taken, and a
row made of each number.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from umbrella.errors import UmbrellaError
from umbrella.importing.cells import plain
from umbrella.importing.columns import role_of
from umbrella.importing.printed import Body
from umbrella.sheets.reading import Table
from umbrella.text import plural

NUMBER, REVIEWER, STUDY = "Covidence #", "Reviewer Name", "Study ID"
CONSENSUS = "consensus"

OF_RESULTS = {"estimate", "interval", "outcome", "measure", "n_comparisons", "comparison"}
"""What tells that a numbered field is of a result, not of an arm."""

NUMBERED = re.compile(r"(.*\S)[ _]+(\d+)")
OTHER = re.compile(r"Other:\s*(.+)", re.DOTALL)
"""How a choice is written that the template does not have."""

Blocks = Mapping[str, Mapping[int, int]]
"""Columns of a field by the number of the result."""


def unfolded(body: Body) -> Body:
    """The body of an export of Covidence by results; any other as it is."""
    if NUMBER not in body.table.header:
        return body
    header = body.table.header
    for number, row in zip(body.numbers, body.table.rows, strict=True):
        if len(row) != len(header):
            found = plural(len(row), "cell")
            raise UmbrellaError(f"row {number} has {found}\nright: {len(header)}, as in the header")
    kept = [place for place, name in enumerate(header) if _is_field(body, place)]
    rows = [[_choice(row[place]) for place in kept] for row in body.table.rows]
    names = [header[place] for place in kept]
    told = [*body.told, "an export of Covidence"]
    agreed = list(_agreed(names, rows, told))
    blocks = _blocks(names)
    made = Body(Table([], [], body.table.dialect), told=told, header=body.header)
    single = [place for place, name in enumerate(names)
              if not any(place in columns.values() for columns in blocks.values())]  # fmt: skip
    made.table.header.extend([names[place] for place in single] + list(blocks))
    numbers = sorted({number for columns in blocks.values() for number in columns})
    for position in agreed:
        row = rows[position]
        shared = [row[place] for place in single]
        parts = [(n, _cells_of(row, blocks, n)) for n in numbers] or [(0, [])]
        filled = [(n, cells) for n, cells in parts if any(cells)] or [(0, [""] * len(blocks))]
        for number, cells in filled:
            made.table.rows.append(shared + cells)
            made.numbers.append(body.numbers[position])
            made.parts.append(str(number) if number else "")
    if blocks:
        told.append(f"fields with a number, a row for each: {', '.join(blocks)}")
    return made


def _is_field(body: Body, place: int) -> bool:
    """Whether a column is a field: headings of the template are columns without a cell."""
    name = body.table.header[place].strip(" :.")
    return bool(plain(name)) or any(row[place].strip() for row in body.table.rows)


def _choice(cell: str) -> str:
    found = OTHER.fullmatch(cell.strip())
    return found[1] if found else cell


def _agreed(names: Sequence[str], rows: Sequence[list[str]], told: list[str]) -> Iterator[int]:
    """The rows of the consensus of each study; where there is none, those of one reviewer alone."""
    of_studies: dict[str, list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        of_studies[row[names.index(NUMBER)]].append(position)
    place = names.index(REVIEWER) if REVIEWER in names else -1
    several = [number for number, positions in of_studies.items() if len(positions) > 1]
    if several and place < 0:
        raise UmbrellaError(
            f"{NUMBER} {several[0]} stands in several rows, and no column says whose they are\n"
            f"right: the column {REVIEWER} of the export, or no {NUMBER} where all rows count"
        )
    for number, positions in of_studies.items():
        reviewers = {rows[one][place].strip() if place >= 0 else "" for one in positions}
        label = rows[positions[0]][names.index(STUDY)] if STUDY in names else number
        agreed = [one for one in positions if plain(rows[one][place]) == CONSENSUS]
        if agreed or len(reviewers) == 1:
            kept = agreed or positions
            yield from kept
            if not agreed and place >= 0:
                reviewer = next(iter(reviewers)) or "nobody who is named"
                told.append(f"{label}: extracted by {reviewer} alone, no consensus")
            elif len(kept) < len(positions):
                n_left = plural(len(positions) - len(kept), "row")
                told.append(f"{label}: the consensus; {n_left} of reviewers left out")
        else:
            names_said = " and ".join(sorted(reviewers))
            told.append(f"{label}: no consensus of {names_said} yet: left out")


def _blocks(names: Sequence[str]) -> Blocks:
    """Fields that stand several times with a number, where one of them is of a result.

    Numbers 1 and 2 behind names of numbers alone are those of arms.
    """
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for place, name in enumerate(names):
        match = NUMBERED.fullmatch(name)
        if match:
            found[match[1]][int(match[2])] = place
    found = {name: columns for name, columns in found.items()
             if len(columns) > 1 and min(columns) == 1}  # fmt: skip
    roles = [role for name in found if (role := role_of(name))]
    is_of_results = any(set(role.holds) & OF_RESULTS for role in roles)
    has_many = any(len(columns) > 2 for columns in found.values())
    return found if is_of_results or has_many else {}


def _cells_of(row: Sequence[str], blocks: Blocks, number: int) -> list[str]:
    return [
        row[columns[number]].strip() if number in columns else "" for columns in blocks.values()
    ]
