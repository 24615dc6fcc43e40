"""Text in CSV that no spreadsheet runs: the one rule, for every file and every program.

A spreadsheet takes a cell that begins with a sign such as = for a formula, which may call other
programs; so does one that follows a semicolon or a line break, where a program splits there. An
apostrophe before it makes the cell a text. The patterns mean the same in Python, in DuckDB (RE2)
and in JavaScript.
"""

import re

FORMULA = "(^|[;\t\r\n])([ \u00a0\u200b\ufeff\"']*[=+\\-@＝＋－＠﹢﹣﹦﹫])"
BREAK = "^([\t\r\n])"
"""What a cell must not begin with either."""
MARKED, MARKED_BREAK = r"\1'\2", r"'\1"
"""What stands in their places."""
NUMBER = r"[+\-]?([0-9]+([.,][0-9]+)*|[.,][0-9]+)([eE][+\-]?[0-9]+)? ?%?"
"""A cell that is a number and nothing else runs nothing, whatever it begins with."""
RULE = {"formula": FORMULA, "break": BREAK, "number": NUMBER}
"""The patterns as templates/spreadsheets.js reads them."""

INTEGERS = {f"{sign}{size}int" for sign in ("", "u") for size in ("tiny", "small", "big", "huge")}
NUMBERS = INTEGERS | {"integer", "uinteger", "float", "double", "decimal"}
"""DuckDB's names of the types of numbers."""


def as_text(text: str) -> str:
    """A cell as a spreadsheet shows it and does not run it."""
    if re.fullmatch(NUMBER, text):
        return text
    return re.sub(BREAK, MARKED_BREAK, re.sub(FORMULA, MARKED, text))


def as_text_in_sql(name: str, data_type: str) -> str:
    """The same of a column, as an SQL expression; ``name`` is quoted."""
    if data_type.lower().partition("(")[0] in NUMBERS:
        return name
    text = f"{name}::varchar"
    safe = f"regexp_replace({text}, {_quoted(FORMULA)}, {_quoted(MARKED)}, 'g')"
    safe = f"regexp_replace({safe}, {_quoted(BREAK)}, {_quoted(MARKED_BREAK)})"
    return f"if(regexp_full_match({text}, {_quoted(NUMBER)}), {text}, {safe})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
