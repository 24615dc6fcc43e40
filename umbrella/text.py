"""Small helpers for messages: values shortened and made printable, counts in words."""

import re
from collections.abc import Sequence

STEERING = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Characters that are not seen and change how others are shown."""

CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f]")
"""Characters that a workbook cannot hold."""

SHOWN_CHARACTERS = 60
"""Characters of a cell that a message shows."""


def shorten(value: str, limit: int = SHOWN_CHARACTERS) -> str:
    """The value in quotation marks, at most `limit` characters, control characters escaped.

    A longer value ends in an ellipsis and its length, so that two long cells can be told apart.
    """
    shown = "".join(_printable(character) for character in value[:limit])
    if len(value) > limit:
        return f"'{shown}…' ({len(value):,} characters)"
    return f"'{shown}'"


def cells_in_words(names: Sequence[str], row: Sequence[object]) -> str:
    """`name 'value', ...` of a row."""
    return ", ".join(
        f"{name} {'NULL' if cell is None else shorten(str(cell))}"
        for name, cell in zip(names, row, strict=True)
    )


def without_steering(text: str) -> str:
    """The text with control and format characters escaped, but for line breaks and tabs."""
    return STEERING.sub(lambda found: repr(found[0])[1:-1], text)


def as_cell(text: str) -> str:
    """A text as a cell of a workbook keeps it: without control characters, with plain line ends."""
    return CONTROLS.sub("", text.replace("\r\n", "\n")).strip()


def one_case(text: str) -> str:
    """A text in one case, with one blank where it has several or a line break."""
    return " ".join(text.casefold().split())


def _printable(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """`1 row`, `2 rows`: the count with thousands separators and the right form of the noun."""
    word = noun if count == 1 else (nouns or f"{noun}s")
    return f"{count:,} {word}"


def within_sentence(label: str) -> str:
    """A label after other words: it begins small, unless its first word has more capitals."""
    first = label.split(" ", 1)[0]
    is_name = any(letter.isupper() or letter.isdigit() for letter in first[1:])
    return label if is_name else label[:1].lower() + label[1:]


def about(label: str, words: str) -> str:
    """What is said of something; a colon in its own name becomes a comma."""
    return f"{label.replace(': ', ', ')}: {words}"
