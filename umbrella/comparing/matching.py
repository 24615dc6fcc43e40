"""Which row of one reader is which row of the other.

Rows are the same where their keys are. Where a name of a row is of its reader's own making (an
effect, a rate, a comparison of a trial, the short name of a meta-analysis), what the row says
decides beside it: pairs are made from the most alike to the least, so that neither the order of the
rows nor that of the readers matters.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from umbrella.comparing.readers import Row

SAME_KEY, SAME_NAME, SAME_TEXT = "the same key", "the same name", "the same title or identifier"
ALIKE = "the same description"
MOSTLY_ALIKE = "most of the description and of the numbers"
LAST_LEFT = "the only row that was left of each reader there"

SEVERAL = ";"
"""What stands between several codes of a cell."""

NAME_WEIGHT = 3
"""Columns that a name which both readers typed counts as much as."""

HALF, THREE_QUARTERS = 0.5, 0.75
"""Shares from which on a description or numbers are mostly, and nearly all, the same."""

LEAST_DESCRIBED = 2
"""Columns that a description needs to tell a row."""


@dataclass(frozen=True)
class Identity:
    """What tells a row besides its name, which is of its reader's own making.

    Rows of one pair have the cells of `within` in common. One of the `names` in common is enough;
    `about` says what the row is about, `numbers` what was found.
    """

    within: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


IDENTITIES = {
    "meta_analyses": Identity(
        names=("meta_analysis_id", "doi", "title"),
        about=("first_author", "year"),
    ),
    "reported_effects": Identity(
        within=("meta_analysis_id",),
        about=(
            "condition", "subtype", "outcome", "timepoint", "follow_up_months", "measure",
            "comparator", "guidance", "therapy", "severity", "analysis_set", "restriction", "scope",
        ),
        numbers=("estimate", "ci_low", "ci_high", "n_comparisons", "n_total"),
    ),
    "reported_rates": Identity(
        within=("meta_analysis_id",),
        about=("condition", "outcome", "definition", "arm", "guidance", "comparator"),
        numbers=(
            "percent", "percent_low", "percent_high", "events", "total", "n_studies", "rate",
            "rate_low", "rate_high",
        ),
    ),
    "study_inclusion": Identity(
        within=("meta_analysis_id",), names=("study_id", "study_label", "study_title")
    ),
    "primary_studies": Identity(
        within=("dataset", "study"),
        about=(
            "year", "condition", "subtype", "outcome", "instrument", "weeks", "timepoint",
            "comparator", "guidance", "therapy", "delivery",
        ),
        numbers=(
            "mean_intervention", "mean_control", "n_intervention", "n_control",
            "events_intervention", "events_control", "reported_g", "estimate",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two rows that are taken for one, and why."""

    first: Row
    second: Row
    why: str

    @property
    def is_by_key(self) -> bool:
        """Whether their keys alone say so."""
        return self.why in (SAME_KEY, SAME_NAME)

    @property
    def is_sure(self) -> bool:
        """Whether what the rows are about says so, whatever numbers were read."""
        return self.is_by_key or self.why in (SAME_TEXT, ALIKE)


@dataclass(frozen=True)
class Matches:
    """The pairs of a sheet, and the rows that only one reader has."""

    pairs: list[Pair] = field(default_factory=list)
    only_first: list[Row] = field(default_factory=list)
    only_second: list[Row] = field(default_factory=list)


def plain(text: str) -> str:
    """A text without the signs, blanks and capitals in which names of one thing differ."""
    return re.sub(r"[\W_]+", "", text.casefold()) or text.strip().casefold()


def match(
    sheet: str,
    key: Sequence[str],
    first: Sequence[Row],
    second: Sequence[Row],
    apart: Collection[tuple[str, str]] = (),
) -> Matches:
    """Match the rows of a sheet; pairs of names that are `apart` are none.

    The names of the second reader's meta-analyses and effects are those of the first already.
    """
    identity = IDENTITIES.get(sheet)
    if identity is None:
        pairs = _by_key(key, first, second, apart)
    else:
        pairs = _by_content(identity, first, second, apart)
    taken_first = {id(pair.first) for pair in pairs}
    taken_second = {id(pair.second) for pair in pairs}
    return Matches(
        sorted(pairs, key=lambda pair: pair.first.number),
        [row for row in first if id(row) not in taken_first],
        [row for row in second if id(row) not in taken_second],
    )


def _by_key(
    key: Sequence[str],
    first: Sequence[Row],
    second: Sequence[Row],
    apart: Collection[tuple[str, str]],
) -> list[Pair]:
    theirs = dict(zip(_counted(key, second), second, strict=True))
    return [
        Pair(row, theirs[name], SAME_KEY)
        for name, row in zip(_counted(key, first), first, strict=True)
        if name in theirs and (row.name, theirs[name].name) not in apart
    ]


def _counted(key: Sequence[str], rows: Sequence[Row]) -> list[tuple]:
    """The plain key of each row, and how many rows before it have the same."""
    counts: Counter[tuple[str, ...]] = Counter()
    found = []
    for row in rows:
        name = tuple(plain(row.cells[column]) for column in key)
        found.append((name, counts[name]))
        counts[name] += 1
    return found


def _by_content(
    identity: Identity,
    first: Sequence[Row],
    second: Sequence[Row],
    apart: Collection[tuple[str, str]],
) -> list[Pair]:
    left = [list(first), list(second)]
    pairs: list[Pair] = []

    def take(found: Sequence[Pair]) -> None:
        pairs.extend(found)
        gone = {id(row) for pair in found for row in (pair.first, pair.second)}
        for rows in left:
            rows[:] = [row for row in rows if id(row) not in gone]

    # Rows that are alike in everything need no weighing, and they are most.
    for ours, theirs in _groups(left, lambda row: _all_cells(identity, row)):
        take(
            [
                Pair(one, other, SAME_NAME)
                for one, other in zip(ours, theirs, strict=False)
                if (one.name, other.name) not in apart
            ]
        )
    for ours, theirs in _groups(left, lambda row: _within(identity, row)):
        take(_likeliest(identity, ours, theirs, apart, _why))
    for ours, theirs in _groups(left, lambda row: _within(identity, row)):
        if identity.within and len(ours) == len(theirs) == 1:
            take(_likeliest(identity, ours, theirs, apart, _last_left))
    # A name that both typed is the row's, even if one of them put it elsewhere.
    for ours, theirs in _groups(left, lambda row: row.name if row.is_named else ""):
        take(_likeliest(identity, ours, theirs, apart, _same_name))
    return pairs


def _within(identity: Identity, row: Row) -> tuple[str, ...]:
    return tuple(plain(row.cells[column]) for column in identity.within)


def _all_cells(identity: Identity, row: Row) -> tuple[str, ...] | str:
    """The name that a reader typed and all that tells the row; nothing for a row without one."""
    columns = (*identity.within, *identity.names, *identity.about, *identity.numbers)
    return (row.name, *(row.cells[column] for column in columns)) if row.is_named else ""


def _groups(
    left: Sequence[Sequence[Row]], of: Callable[[Row], object]
) -> list[tuple[list[Row], list[Row]]]:
    """Rows of both readers by what they have in common; rows without it ("") are in no group."""
    groups: dict[object, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for reader, rows in enumerate(left):
        for row in rows:
            groups[of(row)][reader].append(row)
    return [group for key, group in groups.items() if key != "" and all(group)]


@dataclass(frozen=True)
class _Likeness:
    """How far two rows are alike: shares of columns, of those that one of them has a value in."""

    is_same_name: bool
    is_same_text: bool
    about: float
    n_about: int
    numbers: float
    total: float


def _likeliest(
    identity: Identity,
    first: Sequence[Row],
    second: Sequence[Row],
    apart: Collection[tuple[str, str]],
    why: Callable[[_Likeness], str],
) -> list[Pair]:
    """Pairs from the most alike to the least; equally alike ones by how near their places are."""
    found = []
    for (i, ours), (j, theirs) in product(enumerate(first), enumerate(second)):
        likeness = _likeness(identity, ours, theirs)
        if (ours.name, theirs.name) not in apart and (reason := why(likeness)):
            found.append((-likeness.total, abs(i - j), i + j, i, j, reason))
    taken_first, taken_second, pairs = set(), set(), []
    for *_, i, j, reason in sorted(found):
        if i not in taken_first and j not in taken_second:
            taken_first.add(i)
            taken_second.add(j)
            pairs.append(Pair(first[i], second[j], reason))
    return pairs


def _likeness(identity: Identity, ours: Row, theirs: Row) -> _Likeness:
    about, n_about = _share(identity.about, ours.cells, theirs.cells)
    numbers, n_numbers = _share(identity.numbers, ours.cells, theirs.cells)
    texts, n_texts = _share(identity.names, ours.cells, theirs.cells)
    is_same_name = ours.is_named and theirs.is_named and ours.name == theirs.name
    weight = NAME_WEIGHT * is_same_name
    n_columns = weight + n_about + n_numbers + n_texts
    equal = weight + about * n_about + numbers * n_numbers + texts * n_texts
    return _Likeness(
        is_same_name, texts > 0, about, n_about, numbers, equal / n_columns if n_columns else 0.0
    )


def _share(
    columns: Sequence[str], ours: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[float, int]:
    """The share of columns with equal cells, and their number, of those that have a cell."""
    filled = [(a, b) for name in columns if (a := ours[name]) + (b := theirs[name])]
    equal = sum(same_cell(a, b) for a, b in filled)
    return (equal / len(filled) if filled else 0.0), len(filled)


def same_cell(ours: str, theirs: str) -> bool:
    """Whether two cells say the same for telling rows: as numbers, or as texts in any order."""
    try:
        return float(ours) == float(theirs)
    except ValueError:
        one, other = (sorted(map(plain, cell.split(SEVERAL))) for cell in (ours, theirs))
        return one == other


def _why(like: _Likeness) -> str:
    if like.is_same_name:
        return SAME_NAME
    if like.is_same_text:
        return SAME_TEXT
    if like.about == 1 and like.n_about >= LEAST_DESCRIBED:
        return ALIKE
    return MOSTLY_ALIKE if like.about >= HALF and like.numbers >= HALF else ""


def _last_left(like: _Likeness) -> str:
    return LAST_LEFT if like.about >= THREE_QUARTERS and like.n_about >= LEAST_DESCRIBED else ""


def _same_name(like: _Likeness) -> str:
    return SAME_NAME if like.is_same_name else ""
