"""Numbers as a BMJ title prints them: 0.53 (0.44 to 0.62), a true minus, P<0.001, 12 567.

Every function takes None or NaN for "missing" and says so in words, never with an empty cell.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

from reports.figure import Row
from reports.theme import GROUP_FROM, MINUS, NOT_APPLICABLE, NOT_REPORTED, THIN_SPACE

ENORMOUS = 1e6
WORD_AT_START = re.compile(r"^[a-z](?=[a-z]*(?:[ ,]|: ))")
"""A first letter of a word; not of an address, a number with its name, or a code."""
RESULT = ("estimate", "ci_low", "ci_high")


class Valued(str):
    """A text that says more than a number, with the number by which tables sort it."""

    __slots__ = ("value",)
    value: float | None

    def __new__(cls, text: str, value: float | None = None) -> "Valued":
        """The text; without a value it is sorted by what it says."""
        made = super().__new__(cls, text)
        made.value = None if is_missing(value) else float(value)
        return made

    def after(self, words: str) -> "Valued":
        """The same with words before it, such as its measure."""
        return Valued(f"{words} {self}", self.value)


def is_missing(value: Any) -> bool:
    """True for None and NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def group(digits: str) -> str:
    """Thin spaces between thousands from 10 000 on; `digits` may begin with a minus."""
    sign, body = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    whole, point, fraction = body.partition(".")
    if int(whole) >= GROUP_FROM:
        whole = f"{int(whole):,}".replace(",", THIN_SPACE)
    return sign + whole + point + fraction


def number(value: float | None, places: int = 2, missing: str = NOT_REPORTED) -> str:
    """A number with fixed decimals, U+2212 as minus and no negative zero.

    From 1000 on the decimals go, and beyond a million only that is said: such limits tell no more
    than that an interval is enormous, and must not push the columns apart.
    """
    if is_missing(value):
        return missing
    value = float(value)
    if abs(value) > ENORMOUS:
        limit = group(str(int(ENORMOUS)))
        return f">{limit}" if value > 0 else f"<{MINUS}{limit}"
    text = f"{value:.{0 if abs(value) >= 1000 else places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return group(text).replace("-", MINUS)


def count(value: float | None, missing: str = NOT_REPORTED) -> str:
    """A whole number, with thin spaces from 10 000 on."""
    if is_missing(value):
        return missing
    return group(str(int(value))).replace("-", MINUS)


def counted(n: int, noun: str, nouns: str | None = None) -> str:
    """1 row, 2 rows, 12 567 rows: a number with the form of the noun that goes with it."""
    return f"{count(n)} {agreeing(n, noun, nouns or f'{noun}s')}"


def singular(words: str) -> str:
    """Words that end in a plural, for one of them: level, study, person."""
    if words == "people":
        return "person"
    ending = next((end for end in ("ies", "s") if words.endswith(end)), "")
    return words.removesuffix(ending) + ("y" if ending == "ies" else "")


def agreeing(n: int, one: str, several: str) -> str:
    """The word that goes with a number: of one, or of none and several."""
    return one if n == 1 else several


def measure(short_label: str) -> str:
    """A measure as a heading or before a number: OR, SMD, Rate, and the sign of percentages."""
    return {"percent": "%", "rate": "Rate"}.get(short_label, short_label)


def percent(value: float | None, places: int = 1, missing: str = NOT_REPORTED) -> str:
    """A percentage given on 0-100, with its sign."""
    return missing if is_missing(value) else f"{number(value, places)}%"


def p_value(value: float | None) -> str:
    """P with its operator: P<0.001, P=0.004, P=0.049, P=0.32, P>0.99; three decimals below 0.1."""
    if is_missing(value):
        return f"P={NOT_REPORTED}"
    if value < 0.001:
        return "P<0.001"
    if value > 0.99:
        return "P>0.99"
    return f"P={value:.3f}" if value < 0.0995 else f"P={value:.2f}"


def p_number(value: float | None) -> str:
    """P without its letter: 0.049, <0.001 or NR."""
    return p_value(value).removeprefix("P").removeprefix("=")


def p_or_dash(value: float | None) -> str:
    """The same, or a dash when it is missing."""
    return NOT_APPLICABLE if is_missing(value) else Valued(p_number(value), value)


def interval(low: float | None, high: float | None, places: int = 2) -> str:
    """An interval without its brackets: 0.44 to 0.62, or NR when both limits are missing."""
    if is_missing(low) and is_missing(high):
        return NOT_REPORTED
    return f"{number(low, places)} to {number(high, places)}"


def estimate(value: float | None, low: float | None, high: float | None, places: int = 2) -> Valued:
    """An estimate with its interval: 0.53 (0.44 to 0.62); only NR when nothing is known."""
    if is_missing(value) and is_missing(low) and is_missing(high):
        return Valued(NOT_REPORTED)
    return Valued(f"{number(value, places)} ({interval(low, high, places)})", value)


def percentage(
    value: float | None, low: float | None, high: float | None, places: int = 1
) -> Valued:
    """A percentage of one group with its interval: 35.3% (30.1 to 40.8)."""
    if is_missing(value) and is_missing(low) and is_missing(high):
        return Valued(NOT_REPORTED)
    return Valued(f"{percent(value, places)} ({interval(low, high, places)})", value)


def has_result(row: Row) -> bool:
    """True for a row with an estimate and both its limits."""
    return not any(is_missing(row[key]) for key in RESULT)


def result(row: Row, places: int = 2) -> Valued:
    """The estimate of a row with its interval."""
    return estimate(*(row[key] for key in RESULT), places)


def result_or_dash(row: Row, places: int, keys: Sequence[str] = RESULT) -> Valued:
    """The same, or a dash when the row has none of them."""
    if all(is_missing(row[key]) for key in keys):
        return Valued(NOT_APPLICABLE)
    return estimate(*(row[key] for key in keys), places)


def interval_or_dash(row: Row, low: str, high: str, places: int) -> str:
    """An interval, or a dash when the row lacks a limit."""
    if is_missing(row[low]) or is_missing(row[high]):
        return NOT_APPLICABLE
    return interval(row[low], row[high], places)


def sentences(*parts: str | None) -> str:
    """The parts that are there, as sentences; what begins with a word has a capital."""
    present = [WORD_AT_START.sub(lambda word: word[0].upper(), part) for part in parts if part]
    return ". ".join([*(part.rstrip(".") for part in present[:-1]), *present[-1:]])


def grade(row: Row | None) -> str:
    """Class IV, Class II to Class IV possible; or why there is no grade."""
    if row is None:
        return "no grade"
    return ", ".join(part for part in (row["grade_label"], row["status_text"]) if part)


def variance(value: float) -> str:
    """τ²=0.035; τ²=0 for none at all, τ²<0.001 for less than the decimals show."""
    if value == 0:
        return "τ²=0"
    return "τ²<0.001" if value < 0.0005 else f"τ²={number(value, 3)}"


def heterogeneity(row: Row) -> str:
    """Q=77.1, df=16, P<0.001; I²=79%; τ²=0.035, leaving out what the row does not have."""
    q_part = []
    if not is_missing(row.get("q")):
        q_part = [f"Q={number(row['q'], 1)}", f"df={count(row.get('q_df'))}"]
        q_part.append(p_value(row.get("q_p")))
    parts = [", ".join(q_part)] if q_part else []
    if not is_missing(row.get("i2_percent")):
        parts.append(f"I²={percent(row['i2_percent'], 0)}")
    if not is_missing(row.get("tau2")):
        parts.append(variance(row["tau2"]))
    return "; ".join(parts) or "not estimable"


def overall_effect(row: Row) -> str:
    """t=12.2, df=38, P<0.001, or z=13.0, P<0.001; empty without a test."""
    if is_missing(row.get("statistic")):
        return ""
    words = [f"{'z' if is_missing(row['statistic_df']) else 't'}={number(row['statistic'], 2)}"]
    if not is_missing(row["statistic_df"]):
        # Of some intervals they are no whole number.
        df = row["statistic_df"]
        words.append(f"df={count(df) if df == round(df) else number(df, 1)}")
    return ", ".join([*words, p_value(row["p_value"])])


def sql_text(words: str) -> str:
    """A text as an SQL string."""
    return "'" + words.replace("'", "''") + "'"
