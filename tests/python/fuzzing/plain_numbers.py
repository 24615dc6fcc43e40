"""What numbers a cell can mean, read without the project's own reader.

The grammar, after blanks at both ends are gone:

    cell      = ["p"] [operator] number ["%"] [footnote marks]
    operator  = "<" | ">" | "=" | "<=" | ">=" | their single signs
    number    = [sign] digits [power]  |  [sign] "10" "^" whole
    sign      = "+" | "-" | any dash or minus sign
    power     = ("e" | "E") whole  |  ("x" | "*" | a dot | a cross) "10" ("^" whole | raised whole)
    digits    = decimal digits of any one script, with marks between them:
                one point, comma or middle dot  -> decimal mark, and for a point or a comma also
                                                   groups of three
                several points, or commas        -> groups of three
                points and commas                -> the last kind, once, is the decimal mark
                blanks or apostrophes            -> groups of three, then perhaps a decimal mark

A cell of several readings means one of them. With a percent sign it means the number or a
hundredth of it, as its column says.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

MINUS = "-\u02d7\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
BLANKS = (
    " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u2060"
    + "".join(map(chr, range(0x2000, 0x2010)))
)
RAISED = dict(
    zip(
        "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207a",
        "0123456789-+",
        strict=True,
    )
)
MIDDLE = "\u00b7\u2219\u22c5\u2027"
WIDE = str.maketrans("\uff0b\uff0c\uff0e\uff05\uff1c\uff1d\uff1e\u2264\u2265", "+,.%<=><>")
NOTES = "*\u2020\u2021\u00a7\u00b6\u1d43\u1d47\u1d9c"


def meanings(cell: str) -> set[Decimal]:
    """Every number that the cell can mean; none where it is no number."""
    text = cell.strip(BLANKS).translate(WIDE)
    text = "".join("-" if sign in MINUS else sign for sign in text)
    text = re.sub(r"^[pP](?=[\s<>=])", "", text).strip(BLANKS)
    text = re.sub(r"^[<>]?=?", "", text).strip(BLANKS)
    text = text.rstrip(NOTES).strip(BLANKS)
    is_share = text.endswith("%")
    text = text.removesuffix("%").strip(BLANKS).rstrip(NOTES).strip(BLANKS)
    text = re.sub(r"^([+-])[ \xa0]+", r"\1", text)
    found = _with_power(text)
    return found | {number.scaleb(-2) for number in found} if is_share else found


def _with_power(text: str) -> set[Decimal]:
    raised = "".join(RAISED)
    for pattern in (
        r"(?P<number>.*?)[eE](?P<power>[+-]?\d+)",
        rf"(?:(?P<number>.*?)\s*[x\u00d7*{MIDDLE}]\s*)?10\s*(?:\^|\*\*)\s*\(?(?P<power>[+-]?\d+)\)?",
        rf"(?:(?P<number>.*?)\s*[x\u00d7*{MIDDLE}]\s*)?10(?P<power>[{raised}]+)",
        rf"(?:(?P<number>.*?)\s*[x\u00d7*{MIDDLE}]\s*)10(?P<power>-\d+)",
        r"(?P<number>)10(?P<power>-\d+)",
    ):
        if match := re.fullmatch(pattern, text, re.DOTALL):
            power = "".join(RAISED.get(sign, sign) for sign in match["power"])
            numbers = _marked(match["number"].strip(BLANKS)) if match["number"] else {Decimal(1)}
            try:
                return {number.scaleb(int(power)) for number in numbers}
            except (InvalidOperation, ValueError):
                return set()
    return _marked(text)


def _marked(text: str) -> set[Decimal]:
    sign = -1 if text.startswith("-") else 1
    body = text[1:] if text[:1] in "+-" and text else text
    plain = "".join(
        str(unicodedata.decimal(one)) if unicodedata.decimal(one, None) is not None else one
        for one in body
    )
    for mark in MIDDLE:
        plain = plain.replace(mark, "\u00b7")
    plain = re.sub(f"[{BLANKS}]+", " ", plain).replace("\u2019", "'")
    marks = "".join(dict.fromkeys(one for one in plain if one not in "0123456789"))
    if len(marks) > 2 or set(marks) - set(".,\u00b7 '"):
        return set()
    found = set()
    for decimal in {"", *marks}:
        for group in {"", *marks}:
            if set(marks) <= {decimal, group} and (group != decimal or not group):
                found |= _read(plain, decimal, group)
    return {sign * number for number in found}


def _read(plain: str, decimal: str, group: str) -> set[Decimal]:
    if decimal and (decimal in " '" or plain.count(decimal) != 1):
        return set()
    if group == "\u00b7":
        return set()
    whole, _, part = plain.partition(decimal) if decimal else (plain, "", "")
    if group:
        grouped = rf"[1-9]\d?\d?(?:{re.escape(group)}\d\d\d)+"
        if not re.fullmatch(grouped, whole, re.ASCII):
            return set()
        whole = whole.replace(group, "")
    if not re.fullmatch(r"\d+", whole + part, re.ASCII):
        return set()
    return {Decimal(f"{whole or '0'}.{part or '0'}")}
