"""Does a piece of typed SQL end in a semicolon that really ends a statement?"""

import re

# A comment, a quoted text, a quoted name or a dollar-quoted text: a semicolon inside is text.
_OPAQUE = re.compile(
    r"--[^\n]*(?:\n|\Z)"
    r"|/\*.*?(?:\*/|\Z)"
    r"|'(?:[^']|'')*(?:'|\Z)"
    r'|"(?:[^"]|"")*(?:"|\Z)'
    r"|\$(\w*)\$.*?(?:\$\1\$|\Z)",
    re.DOTALL,
)


def is_complete(text: str) -> bool:
    """True when the text ends in a semicolon outside quotes and comments."""
    return _OPAQUE.sub(lambda match: _filler(match.group()), text).rstrip().endswith(";")


def _filler(part: str) -> str:
    """A comment counts as space, an unfinished or finished quote as a word."""
    return " " if part.startswith(("--", "/*")) else "x"
