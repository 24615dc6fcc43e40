"""What the review calls its parts.

Texts for readers name them as [[member]], [[conditions]] and so on; `fill` puts in the words that
the review's own sheet, or else its kind, gives. A capital, [[Condition]], begins a sentence.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.figure import Row, Tables

REVIEW_TABLE = "rpt_review"
NAMES = (
    "studied",
    "comparison",
    "member",
    "members",
    "condition",
    "conditions",
    "study",
    "studies",
)
PARTICLES = frozenset(
    (
        "af",
        "al",
        "da",
        "de",
        "del",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ten",
        "ter",
        "van",
        "von",
    )
)
"""How names begin that keep a small letter."""
FIRST = re.compile(r"([^\W\d_]{2,})(?=[\s,;)%’']|:(?!/)|$)")
"""A first word that is no address, file, column or symbol."""
NAME = re.compile(rf"\[\[({'|'.join(NAMES)})\]\]", re.IGNORECASE)


def review_of(tables: "Tables") -> "Row":
    """The row of the review: every warehouse has one."""
    [review] = tables[REVIEW_TABLE]
    return review


def fill(text: str, review: "Row", escape: Callable[[str], str] = str) -> str:
    """A text with the words of the review in place of their names."""

    def word(found: re.Match[str]) -> str:
        name = found[1]
        said = review[f"{name.lower()}_word"]
        return escape(upper_first(said) if name[0].isupper() else said)

    return NAME.sub(word, text)


def worded(text: str, tables: "Tables") -> str:
    """The same for a figure, which has tables."""
    return fill(text, review_of(tables))


def smd_sign(review: "Row") -> str:
    """What a standardised mean difference above zero says in this review."""
    if review["review_kind"] == "interventions":
        return fill("above zero favours the [[studied]]", review)
    return "above zero there is more of the outcome"


def upper_first(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text as it stands within a sentence; an abbreviation at its beginning is kept."""
    rest = text.split(" ", 1)[0][1:]
    return text if rest != rest.lower() else text[:1].lower() + text[1:]


def with_capital(words: str) -> str:
    """Words as a cell begins: with a capital, but for names and what is no word."""
    word = NAME.match(words)
    if word:
        return f"[[{upper_first(word[1])}{words[word.end(1) :]}"
    first = FIRST.match(words)
    if first is None or not first[1].islower() or first[1] in PARTICLES:
        return words
    return upper_first(words)
