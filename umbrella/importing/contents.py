"""What a column holds by its cells, where its name does not tell or may mean two things."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from umbrella.importing.cells import Refused, counts, plain, split, verdict
from umbrella.importing.columns import SYNONYMS, Role, measure_in, measure_of, role_of, words_of
from umbrella.importing.languages import IN_CELLS
from umbrella.importing.source import Source
from umbrella.project import project_dir
from umbrella.sheets.contract import read_contract
from umbrella.sheets.numerals import is_missing

MOST = 0.8
"""Share of the cells that say what a column holds: a slip in one of them hides nothing."""

SIGN_OF_GRADE = "\u2295"
"""Stands as often as there are ratings from the lowest to the one that is meant."""

CLASS_OR_CERTAINTY = (("printed_class",), ("certainty",))

LONGEST_NAME = 60
"""Longer texts are remarks."""


def cells_of(source: Source, name: str) -> list[str]:
    """The cells of a column that are not missing."""
    cells = (row.cells[name].strip() for row in source.rows())
    return [cell for cell in cells if not is_missing(cell)]


def add_roles(source: Source, roles: dict[str, Role], classes: Mapping[str, str]) -> dict[str, str]:
    """Give the columns that names leave open what their cells say; why, by column.

    Where two columns say the same, both have it, which is refused as two names of one thing are.
    """
    told = {}
    held = {ours for role in roles.values() for ours in role.holds}
    for name in source.table.header:
        role = _role(source, name, roles.get(name), classes)
        if role and (name in roles or role.holds[0] not in held):
            roles[name] = role
            told[name] = role.holds[0]
        elif name in roles and _is_no_certainty(source, name, roles[name]):
            del roles[name]
    return told


def _may_be_certainty(name: str, cells: Sequence[str]) -> bool:
    """Whether high and low speak of certainty: they may be of quality or anything else, too."""
    is_named = re.search(r"\b(grade|certainty|confidence)\b", words_of(name))
    return bool(is_named) or any(SIGN_OF_GRADE in cell for cell in cells)


def _is_no_certainty(source: Source, name: str, role: Role) -> bool:
    return role.holds == ("certainty",) and not _are(cells_of(source, name), certainty_of)


def _role(source: Source, name: str, known: Role | None, classes: Mapping[str, str]) -> Role | None:
    cells = cells_of(source, name)
    if not cells or (known and known.holds not in CLASS_OR_CERTAINTY):
        return None
    grades = {classes[plain(cell)] for cell in cells if plain(cell) in classes}
    if len(grades) > 1 and _are(cells, lambda cell: plain(cell) in classes):
        found = Role(("printed_class",))
    elif _may_be_certainty(name, cells) and _are(cells, certainty_of):
        found = Role(("certainty",))
    elif known:
        return None
    elif _are(cells, lambda cell: has_estimate(source, name, cell)):
        found = Role(("estimate",), measure_in(name))
    elif _are(cells, is_measure):
        found = Role(("measure",))
    else:
        return None
    return None if known and known.holds == found.holds else found


def _are(cells: Sequence[str], is_so: Callable[[str], object]) -> bool:
    return sum(bool(is_so(cell)) for cell in cells) >= MOST * len(cells)


def has_estimate(source: Source, name: str, cell: str) -> bool:
    """Whether a cell holds an estimate with its interval."""
    try:
        found = split(cell, name, source.numerals)
    except Refused:
        return False
    return bool(found and found.estimate)


def is_measure(cell: str) -> bool:
    """Whether a cell is a word for a measure; single letters may be anything."""
    return len(plain(cell)) > 1 and bool(measure_of(cell))


def names_of_measures(source: Source, roles: Mapping[str, Role]) -> list[str]:
    """Columns of which nothing is known and some cells are words for measures."""
    header = source.table.header
    return [
        name
        for name in header
        if name not in roles and any(map(is_measure, cells_of(source, name)))
    ]


@cache
def ratings_of_certainty() -> tuple[str, ...]:
    """The ratings that the sheet reported_certainty allows, the highest first."""
    sheets = {sheet.name: sheet for sheet in read_contract(project_dir())}
    return sheets["reported_certainty"].kinds["rating"].allowed


def certainty_of(cell: str) -> str:
    """The rating of reported_certainty that a cell means; empty where it means none."""
    ratings = ratings_of_certainty()
    cell = IN_CELLS.meaning(cell)
    signs = cell.count(SIGN_OF_GRADE)
    if signs and not re.search(r"[A-Za-z]", cell):
        return ratings[len(ratings) - signs] if signs <= len(ratings) else ""
    words = re.sub(r"\b(certainty|quality|confidence|evidence|grade|of)\b", " ", plain(cell))
    code = "_".join(words.split())
    return code if code in ratings else ""


def texts_of_groups(source: Source, roles: Mapping[str, Role]) -> dict[str, str]:
    """Columns of short texts of which some repeat and nothing is known, with one such text."""
    found = {}
    for name in source.table.header:
        cells = cells_of(source, name)
        is_text = not any(re.search(r"\d", cell) or verdict(cell) for cell in cells)
        is_short = all(len(cell) <= LONGEST_NAME for cell in cells)
        if name not in roles and is_text and is_short and 1 < len(set(cells)) < len(cells):
            found[name] = cells[0]
    return found


def near_name(name: str) -> str:
    """What a column may hold whose name is nearly one that is known, but is none; else empty."""
    if role_of(name):
        return ""
    near = get_close_matches(words_of(name), SYNONYMS, n=1, cutoff=0.85)
    return SYNONYMS[near[0]] if near else ""


def holds_results(source: Source, name: str) -> bool:
    """Whether most cells of a column are an estimate with its interval."""
    cells = cells_of(source, name)
    return bool(cells) and _are(cells, lambda cell: has_estimate(source, name, cell))


def holds_two_counts(source: Source, name: str) -> bool:
    """Whether the cells of a column are two counts, as in "1,234/56,789"."""
    cells = cells_of(source, name)
    return bool(cells) and _are(
        cells,
        lambda cell: len(counts(cell)) == 2 and all(re.fullmatch(r"\d[\d., ]*", one.strip())
                                                    for one in counts(cell)),
    )  # fmt: skip
