"""The summary of findings as GRADE and Cochrane lay it out: tables of cells with footnotes.

A page, a Word file and a workbook write the same cells: https://training.cochrane.org/handbook,
chapter 14. Numbers come from rpt_findings, rpt_absolute_effects and rpt_findings_notes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports import formats, sizes, theme
from reports.figure import PARTICIPANTS, RATES, Row, Tables
from reports.words import upper_first

OF_TWO = (
    "Outcome",
    "With [[comparison]]",
    "With [[studied]] (95% CI)",
    "Difference (95% CI)",
    "Effect (95% CI)",
    PARTICIPANTS,
    "Certainty",
    "What this means",
)
"""Columns of a table that compares two groups."""
OF_ONE = ("Outcome", "How common (95% CI)", PARTICIPANTS, "Certainty", "What this means")
"""Columns of a table of one group."""
SHARES = {
    "Outcome": 1.3, "With [[comparison]]": 1.2, "With [[studied]] (95% CI)": 1.4,
    "Difference (95% CI)": 1.5, "Effect (95% CI)": 1.4, "How common (95% CI)": 1.6,
    "Certainty": 1.9, "What this means": 2.3,
}  # fmt: skip
"""How wide the columns are to one another; others take 1.3."""
METHODS = {"response": "by the share who respond", "pairs": "by pairs of people"}
"""What a number needed is made from, by way."""


NOTHING = (theme.NOT_APPLICABLE,)


@dataclass(frozen=True)
class Cell:
    """Lines of text, and letters of the footnotes that the cell has."""

    lines: tuple[str, ...]
    letters: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True for a dash, with nothing to say of it."""
        return self.lines == NOTHING and not self.letters

    @property
    def text(self) -> str:
        """All of it, for a file: lines below one another, letters in brackets."""
        marks = f" [{', '.join(self.letters)}]" if self.letters else ""
        return "\n".join(self.lines) + marks


@dataclass(frozen=True)
class SummaryTable:
    """One comparison for one condition: its title, cells by row, and footnotes by letter."""

    anchor: str
    condition: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[tuple[str, str], ...]


class Letters:
    """Letters of footnotes in order of appearance; the same words have one letter."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, words: str) -> str:
        """The letter of a footnote: a to z, then aa, ab and so on."""
        return self._known.setdefault(words, letter(len(self._known)))

    def notes(self) -> tuple[tuple[str, str], ...]:
        """All footnotes, each behind its letter."""
        return tuple((mark, words) for words, mark in self._known.items())


def letter(place: int) -> str:
    """The letter of a place, from 0: a to z, aa to az, ba and so on."""
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + last)


def summary_tables(tables: Tables) -> list[SummaryTable]:
    """A table for each condition, and for each class of comparators that an analysis takes."""
    ways, notes = by_analysis(tables["rpt_absolute_effects"]), by_cell(tables["rpt_findings_notes"])
    return [
        summary_table(list(rows), ways, notes)
        for _, rows in groupby(tables["rpt_findings"], key=lambda row: row["table_order"])
    ]


def by_analysis(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows of each analysis, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["analysis_id"], []).append(row)
    return found


def by_cell(rows: Iterable[Row]) -> dict[tuple[str, str], list[str]]:
    """Footnotes of each cell of each analysis."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row["analysis_id"], row["cell"]), []).append(row["note"])
    return found


def summary_table(
    rows: Sequence[Row], ways: dict[str, list[Row]], notes: dict[tuple[str, str], list[str]]
) -> SummaryTable:
    """One table from its lines."""
    over, letters = sizes.heading(rows), Letters()
    is_of_one = all(row["measure"] in RATES for row in rows)
    columns = tuple(
        over if name == PARTICIPANTS else name for name in (OF_ONE if is_of_one else OF_TWO)
    )
    cells = []
    for row in rows:
        said = ways.get(row["analysis_id"], [])

        def cell(lines: Iterable[str], *names: str, of: str = row["analysis_id"]) -> Cell:
            found = [words for name in names for words in notes.get((of, name), ())]
            marks = dict.fromkeys(letters.of(words) for words in found)
            return Cell(tuple(lines) or NOTHING, tuple(sorted(marks, key=lambda m: (len(m), m))))

        common = corresponding(said)
        absolute = (
            (cell([*assumed(said), *common], "assumed", "corresponding"),)
            if is_of_one
            else (
                cell(assumed(said), "assumed"),
                cell(common, "corresponding"),
                cell(differences(said), "difference"),
                cell(effect(row), "effect"),
            )
        )
        cells.append(
            (
                cell(outcome(row)),
                *absolute,
                cell(participants(row, over)),
                cell(certainty(row), "certainty"),
                cell((row["finding"],)),
            )
        )
    first = rows[0]
    return SummaryTable(
        anchor_of(first),
        first["condition_label"],
        first["table_title"],
        columns,
        tuple(cells),
        letters.notes(),
    )


def anchor_of(row: Row) -> str:
    """Where the table of a line stands in its page."""
    return f"findings-{row['table_order']}"


def outcome(row: Row) -> tuple[str, ...]:
    """The outcome, what the line takes of it, and when it was measured."""
    name = ", ".join(filter(None, (row["outcome_label"], row["subgroup_of_table"])))
    return (name, upper_first(row["time_text"])) if row["time_text"] else (name,)


def assumed(ways: Iterable[Row]) -> list[str]:
    """The risks that are assumed, and what is known of those who are compared with."""
    stated = [
        named(way, f"{formats.number(way['assumed'], way['decimals'])} {unit(way)}")
        for way in ways
        if way["way"] in ("risk", "response")
    ]
    return [*stated, *(common(way) for way in ways if way["way"] == "comparison")]


def corresponding(ways: Iterable[Row]) -> list[str]:
    """What the effect makes of each assumed risk, or how common it is in the group studied."""
    return [
        named(way, common(way))
        for way in ways
        if way["way"] in ("risk", "response", "group")
        and not (formats.is_missing(way["corresponding"]) and not way["is_range"])
    ]


def common(way: Row) -> str:
    """How common something is: 232 per 1000 people (82 to 506), or the range that is reported."""
    places, low, high = way["decimals"], way["corresponding_low"], way["corresponding_high"]
    if way["is_range"]:
        span = formats.number(low, places) if low == high else formats.interval(low, high, places)
        return f"{span} {unit(way)} (as reported)"
    number = f"{formats.number(way['corresponding'], places)} {unit(way)}"
    if not formats.is_missing(low):
        number += f" ({formats.interval(low, high, places)})"
    if not formats.is_missing(way["expected_low"]):
        expected = formats.interval(way["expected_low"], way["expected_high"], places)
        number += f"; in a new setting {expected}"
    return number


def differences(ways: Iterable[Row]) -> list[str]:
    """How many more or fewer, how many points, and how many to treat."""
    said = []
    for way in ways:
        if not formats.is_missing(way["difference"]):
            said.append(named(way, difference(way)))
        if not formats.is_missing(way["nnt"]):
            said.append(named(way, needed(way)))
    return said


def difference(way: Row) -> str:
    """72 more per 1000 people (6 more to 164 more); 3.1 points lower (2.6 lower to 3.7 lower)."""
    places, value = way["decimals"], way["difference"]
    unit_of = unit(way)
    if way["unit"] == "points":
        first = f"{formats.number(abs(value), places)} points {higher(value)}"
        words = higher
    else:
        first = f"{formats.number(abs(value), places)} {more(value)} {unit_of}"
        words = more
    if formats.is_missing(way["difference_low"]):
        return first
    limits = (
        f"{formats.number(abs(limit), places)} {words(limit)}"
        for limit in (way["difference_low"], way["difference_high"])
    )
    return f"{first} ({' to '.join(limits)})"


def more(value: float) -> str:
    """The direction of a difference in people."""
    return "fewer" if value < 0 else "more"


def higher(value: float) -> str:
    """The direction of a difference in points."""
    return "lower" if value < 0 else "higher"


def needed(way: Row) -> str:
    """The number needed to treat with its interval and method; to harm where negative."""
    value, best, worst = (way[key] for key in ("nnt", "nnt_low", "nnt_high"))
    words = f"Number needed to {'treat' if value > 0 else 'harm'} {formats.number(abs(value), 1)}"
    n_missing = formats.is_missing(best) + formats.is_missing(worst)
    if n_missing == 0 and best * worst > 0:
        words += f" ({formats.interval(*sorted((abs(best), abs(worst))), 1)})"
    elif n_missing < 2:
        words += f" ({over_infinity(worst, best)})"
    return f"{words}, {METHODS[way['way']]}"


def over_infinity(worst: float | None, best: float | None) -> str:
    """The interval of a number needed that includes no effect, which is infinity (Altman 1998).

    To harm 5.0 to \u221e to benefit 3.0; a missing limit is no effect itself.
    """
    harm = () if formats.is_missing(worst) else (f"to harm {formats.number(abs(worst), 1)} to",)
    benefit = () if formats.is_missing(best) else (f"to benefit {formats.number(best, 1)}",)
    return " ".join((*harm, "\u221e", *benefit))


def unit(way: Row) -> str:
    """What the numbers count, as short as it is clear."""
    return "" if way["unit"] is None else way["unit"].removesuffix(" people")


def named(way: Row, words: str) -> str:
    """The words behind whose risk or which instrument they are of, where that is said."""
    return f"{upper_first(way['label'])}: {words}" if way["label"] else words


def effect(row: Row) -> list[str]:
    """The relative or standardised effect, with what is expected in a new setting."""
    if row["measure"] in RATES:
        return []
    if not formats.is_missing(row["published_estimate"]):
        keys = ("published_estimate", "published_ci_low", "published_ci_high")
        printed = formats.estimate(*(row[key] for key in keys), row["decimals"])
        return [f"Published: {row['published_measure']} {printed}"]
    if formats.is_missing(row["estimate"]):
        return []
    found = [f"{row['measure']} {formats.result(row, row['decimals'])}"]
    if not formats.is_missing(row["pi_low"]):
        expected = formats.interval(row["pi_low"], row["pi_high"], row["decimals"])
        found.append(f"In a new setting {expected}")
    return found


def participants(row: Row, over: str) -> list[str]:
    """People or person-time, meta-analyses and trials, each with how many report it."""
    if not row["k"]:
        return []
    members = formats.count(row["k"])
    said = [
        sizes.summed_cell(row, over),
        f"{members} {formats.agreeing(row['k'], '[[member]]', '[[members]]')}",
    ]
    if row["unit"] == "trial":
        return said
    if not formats.is_missing(row["n_trials"]):
        studies = formats.agreeing(row["n_trials"], "[[study]]", "[[studies]]")
        reported = sizes.of_all(row["k_with_n_trials"], row["k"])
        said.append(f"{formats.count(row['n_trials'])} {studies}{reported}")
    return said


def certainty(row: Row) -> list[str]:
    """Symbols and word of the certainty, or what is possible where nobody judged it."""
    if not row["k"] and not row["grade_label"]:
        return []
    ours = " ".join(filter(None, (row["grade_symbols"], upper_first(row["certainty_text"]))))
    theirs = row["reported_certainty"]
    return [ours, f"Their own rating: {theirs}"] if theirs else [ours]
