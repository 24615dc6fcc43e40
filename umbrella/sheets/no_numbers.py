"""What stands in a cell that is no number: what it probably is, and what would be right there."""

import re
from collections.abc import Sequence

FORMULA_ERROR = re.compile(
    r"#(?:N/A|NV|VALUE!|WERT!|VALEUR!|DIV/0!|REF!|BEZUG!|NAME\?|NUM!|ZAHL!|NOMBRE!|NULL!|SPILL!|"
    r"CALC!|GETTING_DATA)",
    re.IGNORECASE,
)
LETTER_AFTER = re.compile(r"([+-]?[\d.,]*\d)\s*\(?[^\W\d_]\)?")
FRACTION = re.compile(r"(\d+)\s*[/\u2044]\s*(\d+)")
NUMBER = re.compile(r"(?:(?<![\d.,])[+-])?\d+(?:[.,]\d+)*")
BETWEEN_NUMBERS = re.compile(
    r"[\s()\[\];,:/+-]|\u00b1|to|and|bis|und|CI|KI|%|=|SE|SD", re.IGNORECASE
)

MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan janv ene", "feb febr f\u00e9v f\u00e9vr", "mar mrz m\u00e4r m\u00e4rz mars mrt",
            "apr avr abr", "may mai mei maj", "jun juin", "jul juil",
            "aug ao\u00fbt ago", "sep sept", "oct okt", "nov", "dec dez d\u00e9c dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""Months as spreadsheet programs shorten them: English, German, French, Spanish, Dutch, Swedish."""

DAY_AND_MONTH = re.compile(r"(\d{1,2})[-. /]+([^\W\d]+)\.?(?:[-. /]+\d{2,4})?")
MONTH_AND_YEAR = re.compile(r"([^\W\d]+)\.?[-. /]+(\d{1,2})")
ISO_DATE = re.compile(r"\d{4}-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ]\d\d:\d\d(?::\d\d)?)?")
FULL_DATE = re.compile(r"(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)\d{4}")


def diagnosis(text: str, column: str, numeric: Sequence[str]) -> tuple[str, str] | None:
    """What is wrong with the cell and what would be right; None where nothing is known.

    `numeric` are the columns of numbers of the sheet, in order.
    """
    if FORMULA_ERROR.fullmatch(text):
        return "an error of a spreadsheet formula", "the number that the formula should give"
    if text.startswith("=") and len(text) > 1:
        return "a formula, not its value", "the number: copy the cells and paste values"
    if readings := _numbers_of_a_date(text):
        problem = "a date, into which a spreadsheet program turned a number"
        right = f"the number as printed (perhaps {readings}), typed into cells formatted as text"
        return problem, right
    if fraction := FRACTION.fullmatch(text):
        return _fraction(*map(int, fraction.groups()), column, numeric)
    if lettered := LETTER_AFTER.fullmatch(text):
        return "a number with a letter after it", f"{lettered[1]}, if the letter marks a footnote"
    return _several_numbers(text, column, numeric)


def _numbers_of_a_date(text: str) -> str:
    if found := DAY_AND_MONTH.fullmatch(text):
        day, month = int(found[1]), MONTHS.get(found[2].lower(), 0)
    elif found := MONTH_AND_YEAR.fullmatch(text):
        month = MONTHS.get(found[1].lower(), 0)
        return f"{month}.{found[2]}" if month else ""
    elif found := ISO_DATE.fullmatch(text) or FULL_DATE.fullmatch(text):
        day, month = int(found["day"]), int(found["month"])
    else:
        return ""
    return f"{day}.{month} or {month}/{day}" if month else ""


def _fraction(part: int, whole: int, column: str, numeric: Sequence[str]) -> tuple[str, str]:
    own = _columns_for(2, column, numeric)
    where = f"{part} in {own[0]} and {whole} in {own[1]}" if own else "two numbers in two columns"
    decimal = f"{part / whole:.6g}, or " if whole else ""
    return f"a fraction, or {part} of {whole}", f"{decimal}{where}"


def _several_numbers(text: str, column: str, numeric: Sequence[str]) -> tuple[str, str] | None:
    numbers = NUMBER.findall(re.sub(r"\d+\s*%\s*(?=CI|KI)", "", text, flags=re.IGNORECASE))
    if len(numbers) < 2 or BETWEEN_NUMBERS.sub("", NUMBER.sub("", text)):
        return None
    own = _columns_for(len(numbers), column, numeric)
    parts = [f"{number} in {name}" for number, name in zip(numbers, own, strict=False)]
    right = ", ".join(parts) if parts else "each in the column of what it is"
    return f"several numbers in one cell: {', '.join(numbers)}", right


def _columns_for(count: int, column: str, numeric: Sequence[str]) -> Sequence[str]:
    """The columns that so many numbers typed into `column` belong to, where their names say so."""
    start = numeric.index(column)
    own = numeric[start : start + count]
    if count == 3 and _is_interval(own[1:]):
        return own
    if len(own) == 2 and (_is_interval(own) or own[1].startswith(("sd_", "total"))):
        return own
    return ()


def _is_interval(names: Sequence[str]) -> bool:
    return len(names) == 2 and names[0].endswith("low") and names[1].endswith("high")
