"""The answer to each headline question: plain sentences, and the numbers beside them."""

from reports import formats
from reports.figure import Row
from reports.pages.model import Answer
from reports.tables import Cell

WHOLE = {"expit": "%"}
"""What stands behind a number that is shown so."""


def answer(row: Row, title: Cell) -> Answer:
    """One row of rpt_answers."""
    said = (row["finding"] or row["published_text"], row["better_off_text"], row["against_text"])
    return Answer(title, formats.sentences(*said), tuple(facts(row)))


def facts(row: Row) -> list[tuple[str, str]]:
    """The result, what to expect elsewhere, how certain it is, and what it rests on."""
    found = []
    if not formats.is_missing(row["estimate"]):
        found.append(("Effect (95% CI)" if row["is_effect"] else "Result (95% CI)", result(row)))
    if not (formats.is_missing(row["pi_low"]) or formats.is_missing(row["pi_high"])):
        expected = formats.interval(row["pi_low"], row["pi_high"], row["decimals"])
        found.append(("Expected in a new setting", expected + ending(row)))
    found.append(("Certainty", row["certainty_text"]))
    if row["k"]:
        found.append(("Rests on", basis(row)))
    return found


def result(row: Row) -> str:
    """The result with its measure; a rate has its unit instead."""
    name = f"{formats.measure(row['scale_short_label'])} " if row["is_effect"] else ""
    return f"{name}{formats.result_or_dash(row, row['decimals'])}{ending(row)}"


def ending(row: Row) -> str:
    """The unit behind a rate."""
    if row["is_effect"]:
        return ""
    return WHOLE.get(row["shown_as"], f" {row['measure_unit']}")


def basis(row: Row) -> str:
    """How many meta-analyses, and how many people those have that say so."""
    listed = "[[member]]" if row["k"] == 1 else "[[members]]"
    words = f"{formats.count(row['k'])} {listed}"
    if not row["n_participants"]:
        return words
    known = row["k_with_n_participants"]
    that_say = "one that says" if known == 1 else f"{formats.count(known)} that say"
    of_them = "" if known == row["k"] else f" in the {that_say}"
    return f"{words}, {formats.count(row['n_participants'])} participants{of_them}"
