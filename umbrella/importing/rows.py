"""What an import yields: rows of sheets, as dictionaries from column to text."""

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Imported:
    """Rows of primary_studies, and of meta_analyses by identifier."""

    trials: list[dict[str, str]] = field(default_factory=list)
    meta_analyses: dict[str, dict[str, str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Codes:
    """What the imported sheet does not say and the caller declares."""

    condition: str
    outcome: str


def identifier(*parts: Any) -> str:
    """An identifier without blanks and punctuation."""
    return re.sub(r"[^0-9A-Za-z]+", "_", "_".join(str(part) for part in parts)).strip("_")


def note(**parts: str) -> str:
    """`name=value` for each value that is not empty."""
    return "; ".join(f"{name}={value}" for name, value in parts.items() if value)
