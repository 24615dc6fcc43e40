"""Which references are of which meta-analyses, and which of them are the same.

Two are the same by DOI, else by title and year. Nothing in a cell is replaced: what differs is
told, as is every reference that goes nowhere.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain, count

from umbrella.importing.cells import plain
from umbrella.importing.references import (
    Reference,
    family_of,
    key_of_title,
    tidy_doi,
)
from umbrella.text import shorten

Row = Mapping[str, str]

WAYS = BY_DOI, BY_TITLE, BY_AUTHOR = "DOI", "title and year", "first author and year"
"""By what a reference is of a row, the surest first."""


@dataclass
class Plan:
    """What is done to the rows that are there, by their place; rows to add; what is told."""

    filled: dict[int, dict[str, str]] = field(default_factory=dict)
    matched: dict[int, Reference] = field(default_factory=dict)
    new: list[dict[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    n_duplicates: int = 0
    n_left: int = 0
    """References that are of no row, where none is to be added, or of several."""


def plan(rows: Sequence[Row], references: Sequence[Reference], *, only_known: bool) -> Plan:
    """Match references with the rows of the sheet of meta-analyses."""
    made = Plan()
    identifiers = {row["meta_analysis_id"].casefold() for row in rows}
    kept = _without_duplicates(references, made)
    found = _unstolen([_places(rows, reference) for reference in kept])
    by_name = Counter(place for places, way in found if way == BY_AUTHOR for place in places)
    for reference, (places, way) in sorted(zip(kept, found, strict=True), key=_strength):
        is_alone = way != BY_AUTHOR or all(by_name[place] == 1 for place in places)
        if len(places) == 1 and places[0] not in made.matched and is_alone:
            made.matched[places[0]] = reference
            _fill(rows[places[0]], places[0], reference, way, made)
        elif places:
            names = ", ".join(rows[place]["meta_analysis_id"] for place in places)
            again = ", as another reference may" if len(places) == 1 else ""
            made.told.append(f"{reference.label}: by {way} it may be {names}{again}; left as it is")
            made.n_left += 1
        elif only_known:
            made.told.append(f"{reference.label}: of no meta-analysis of the review; not added")
            made.n_left += 1
        else:
            _tell_of_near(rows, reference, made)
            made.new.append(
                {"meta_analysis_id": _free(reference, identifiers), **reference.cells()}
            )
    return made


def _without_duplicates(references: Sequence[Reference], made: Plan) -> list[Reference]:
    """Each reference once; what the first of two lacks is taken from the other."""
    by_doi: dict[str, Reference] = {}
    by_title: dict[tuple[str, str], Reference] = {}
    kept = []
    for reference in references:
        title = key_of_title(reference.title), reference.year
        of_title = by_title.get(title) if title[0] else None
        same = by_doi.get(reference.doi) if reference.doi else None
        has_other_doi = of_title and of_title.doi and reference.doi
        if same is None and of_title and has_other_doi:
            made.told.append(
                f"{reference.label}: has title and year of {of_title.label} and another DOI; "
                "kept as another one"
            )
        elif same or of_title:
            first = same or of_title
            way = BY_DOI if same else BY_TITLE
            made.told.append(f"{reference.label}: a duplicate of {first.label} by {way}")
            made.n_duplicates += 1
            _complete(first, reference)
            by_doi.setdefault(first.doi, first)
            continue
        kept.append(reference)
        if reference.doi:
            by_doi[reference.doi] = reference
        by_title.setdefault(title, reference)
    return kept


def _complete(first: Reference, other: Reference) -> None:
    for one in fields(Reference):
        if not getattr(first, one.name):
            setattr(first, one.name, getattr(other, one.name))


def _places(rows: Sequence[Row], reference: Reference) -> tuple[list[int], str]:
    """The rows that a reference may be of, and by what."""
    by_doi = [place for place, row in enumerate(rows)
              if reference.doi and tidy_doi(row.get("doi", "")) == reference.doi]  # fmt: skip
    if by_doi:
        return by_doi, BY_DOI
    others = [
        (place, row)
        for place, row in enumerate(rows)
        if not (reference.doi and tidy_doi(row.get("doi", "")))
    ]
    title = key_of_title(reference.title)
    by_title = [
        place
        for place, row in others
        if title
        and key_of_title(row.get("title", "")) == title
        and (not row.get("year") or not reference.year or row["year"] == reference.year)
    ]
    if by_title:
        return by_title, BY_TITLE
    by_author = [place for place, row in others if _is_of_author(row, reference)]
    return by_author, BY_AUTHOR


def _unstolen(found: Sequence[tuple[list[int], str]]) -> list[tuple[list[int], str]]:
    """The rows of each reference; by author and year none that another has by a surer reason."""
    surely = {place for places, way in found if way != BY_AUTHOR for place in places}
    return [
        ([one for one in places if way != BY_AUTHOR or one not in surely], way)
        for places, way in found
    ]


def _strength(found: tuple[Reference, tuple[list[int], str]]) -> int:
    """What tells most comes first, so that no weaker reason takes its row."""
    _, (_, way) = found
    return WAYS.index(way)


def _is_of_author(row: Row, reference: Reference) -> bool:
    """Whether a row without a title of its own has the first author and year of a reference."""
    family, year = plain(family_of(row.get("first_author", ""))), row.get("year", "")
    is_same = bool(family) and family == plain(reference.family) and year == reference.year
    return is_same and bool(year) and (not row.get("title", "").strip() or _is_label(row))


def _is_label(row: Row) -> bool:
    """Whether author and year stand in place of a title, as imports of tables write it."""
    words = plain(row.get("title", "")).replace(" et al", "")
    author, year = row.get("first_author", ""), row.get("year", "")
    return words in {plain(f"{author} {year}"), plain(f"{family_of(author)} {year}"), plain(author)}


def _fill(row: Row, place: int, reference: Reference, way: str, made: Plan) -> None:
    """Fill the empty cells of a row; other words in a cell stay, and are told."""
    name = row["meta_analysis_id"]
    filled = {}
    for column, value in reference.cells().items():
        there = row.get(column, "").strip()
        if not there or (column == "title" and _is_label(row)):
            filled[column] = value
        elif not _says_the_same(column, there, value):
            words = f"{column.replace('_', ' ')} {shorten(there)} stays"
            made.told.append(f"{name}: {words}; the reference has {shorten(value)}")
    made.filled[place] = filled
    names = ", ".join(column.replace("_", " ") for column in filled) or "nothing was empty"
    made.told.append(f"{name}: {reference.label} by {way}; filled in: {names}")


def _says_the_same(column: str, there: str, value: str) -> bool:
    if column == "doi":
        return tidy_doi(there) == value
    if column == "title":
        return key_of_title(there) == key_of_title(value)
    if column == "first_author":
        return plain(family_of(there)) == plain(family_of(value))
    return plain(there) == plain(value)


def _tell_of_near(rows: Sequence[Row], reference: Reference, made: Plan) -> None:
    """Papers of the same first author and year are told apart by their titles."""
    near = [
        row["meta_analysis_id"]
        for row in rows
        if reference.family
        and plain(family_of(row.get("first_author", ""))) == plain(reference.family)
        and row.get("year", "") == reference.year
    ]
    also = f"; another paper of author and year than {', '.join(near)}" if near else ""
    made.told.append(f"{reference.label}: new{also}")


def _free(reference: Reference, taken: set[str]) -> str:
    base = reference.identifier() or "unnamed"
    letters = (f"{base}{chr(97 + n)}" if n < 26 else f"{base}_{n}" for n in count())
    name = next(one for one in chain([base], letters) if one.casefold() not in taken)
    taken.add(name.casefold())
    return name
