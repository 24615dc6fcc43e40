"""What an import yields: rows of sheets, as dictionaries from column to text."""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

SHEET_UNIT = "unit of the sheet"
"""Of mean differences, where the imported sheet does not name their unit."""


WITHOUT_PARTS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L",
     "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
)  # fmt: skip
"""Plain letters for those that are no letter with an accent."""


class Codes:
    """Codes for the words of a sheet: words that differ by case or blanks only share one."""

    def __init__(self) -> None:
        """Start without any."""
        self.labels: dict[str, str] = {}
        """The words of each code as they first stood."""
        self._codes: dict[str, str] = {}

    def code(self, *words: str) -> str:
        """The code of some words: plain letters and digits, never that of other words."""
        key = unicodedata.normalize("NFC", "\n".join(" ".join(word.split()) for word in words))
        key = key.casefold()
        if key not in self._codes:
            base = identifier(*words) or "unnamed"
            code = free(base, {one.casefold() for one in self.labels})
            self._codes[key] = code
            self.labels[code] = " ".join(words[-1].split())
        return self._codes[key]

    def label(self, *words: str) -> str:
        """The last of some words as they first stood."""
        return self.labels[self.code(*words)]


def free(base: str, taken: Container[str]) -> str:
    """A name that is not taken, whatever its case: with a number behind it where it is."""
    numbered = (f"{base}_{n}" for n in count(2))
    return next(one for one in chain([base], numbered) if one.casefold() not in taken)


@dataclass
class Imported:
    """Rows of primary_studies, reported_effects and reported_rates, and of meta_analyses.

    Meta-analyses are by identifier, outcomes that the sheet names by code; new conditions are
    labels by code.
    """

    trials: list[dict[str, str]] = field(default_factory=list)
    effects: list[dict[str, str]] = field(default_factory=list)
    rates: list[dict[str, str]] = field(default_factory=list)
    meta_analyses: dict[str, dict[str, str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    conditions: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    certainty: list[dict[str, str]] = field(default_factory=list)
    review_kind: str = ""
    """What the review is of, where the table says it."""

    @property
    def rows(self) -> list[dict[str, str]]:
        """All that was read of trials, effects and rates."""
        return [*self.trials, *self.effects, *self.rates]


@dataclass(frozen=True)
class Declared:
    """What the imported sheet does not say and the caller declares.

    Without a condition each factor is one.
    """

    condition: str
    outcome: str


RISK_OF_BIAS = {
    "low": "low",
    "some concerns": "some_concerns",
    "high": "high",
    "unclear": "unclear",
}


def risk_of_bias(text: str) -> str:
    """The code of a judgement in words: "Low risk", "high risk of bias", "some_concerns"; or ""."""
    words = text.lower().replace("_", " ")
    return RISK_OF_BIAS.get(re.sub(r"\s+risk(\s+of\s+bias)?$", "", words).strip(), "")


def identifier(*parts: Any) -> str:
    """An identifier of plain letters and digits: accents are dropped, blanks are underscores."""
    text = "_".join(str(part) for part in parts).translate(WITHOUT_PARTS)
    text = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in text if not unicodedata.combining(character))
    return re.sub(r"[^0-9A-Za-z]+", "_", plain).strip("_")


def note(**parts: str) -> str:
    """`name=value` for each value that is not empty."""
    return "; ".join(f"{name}={value}" for name, value in parts.items() if value)
