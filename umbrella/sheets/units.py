"""Amounts that papers spell in many ways: "10g/d" and "10 grams per day", "1,000 PY".

An amount of an exposure is read as "per 10 g/day", an amount of person-time as "per 1000
person-years"; the models compare and convert what is spelled so (macros/engine/person_time.sql).
"""

import re

AMOUNT_NOTE = "amounts spelled in one way"

_NUMBER = r"(?P<number>\d{1,3}(?:[,\u202f\u00a0 ]\d{3})+|\d+(?:[.,]\d+)?)"
_MORE = r"increases?|increments?|higher|greater|more|additional|extra"
_BEFORE = re.compile(
    rf"^\s*(?:(?:an?|the)\s+)?(?:(?:{_MORE})\s+(?:of|by|in)\s+)?(?:(?:an?)\s+)?"
    rf"(?:(?P<per>per\b|for\s+each\b|for\s+every\b|each\b|every\b|/)\s*)?"
    rf"(?:(?:an?|each|every)\s+)?(?:(?:{_MORE})\s+(?:of|by)\s+)?",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"[\s-]+(?:(?:{_MORE}|intake)(?:\s+(?:in|of)\s+.*)?)$", re.IGNORECASE)

_PEOPLE = r"(?:persons?|patients?|participants?|people|wom[ae]n|child|subjects?)"
_PERSON_TIME = re.compile(
    rf"(?:{_NUMBER}\s*)?(?:(?:{_PEOPLE})(?:['\u2019]s?)?[\s-]*(?P<time>years?|yrs?|y|months?|weeks?"
    r"|days?)(?:\s+at\s+risk)?|(?P<short>p-?y(?:rs?|s|ar)?|p-?m|p-?d))",
    re.IGNORECASE,
)
_WITHIN = re.compile(rf"(?:\bper\b|/)?\s*{_PERSON_TIME.pattern}(?![a-z])", re.IGNORECASE)
_TIMES = {
    "y": "person-years", "m": "person-months", "w": "person-weeks", "d": "person-days",
}  # fmt: skip
_ONE = {name: name.removesuffix("s") for name in _TIMES.values()}

UNITS = {
    "g": ("gram", "grams", "gm", "gms", "gr"),
    "mg": ("milligram", "milligrams"),
    "\u00b5g": ("ug", "mcg", "\u03bcg", "microgram", "micrograms"),
    "kg": ("kilogram", "kilograms", "kgs"),
    "ml": ("millilitre", "millilitres", "milliliter", "milliliters", "mls"),
    "l": ("litre", "litres", "liter", "liters"),
    "kcal": ("kilocalorie", "kilocalories"),
    "kJ": ("kilojoule", "kilojoules", "kj"),
    "cm": ("centimetre", "centimetres", "centimeter", "centimeters"),
    "km": ("kilometre", "kilometres", "kilometer", "kilometers"),
    "mmol": ("millimole", "millimoles"),
    "mmHg": ("mmhg", "mm hg"),
    "min": ("minute", "minutes", "mins"),
    "h": ("hour", "hours", "hr", "hrs"),
    "IU": ("iu", "international unit", "international units"),
    "SD": ("sd", "standard deviation", "standard deviations"),
    "kg/m2": ("kg/m\u00b2", "kg/m^2", "bmi unit", "bmi units"),
    "\u00b5g/m3": (
        "ug/m3", "mcg/m3", "\u00b5g/m\u00b3", "\u03bcg/m3", "\u03bcg/m\u00b3", "\u00b5g/m^3",
    ),
    "cup": ("cups",), "serving": ("servings",), "portion": ("portions",), "drink": ("drinks",),
    "cigarette": ("cigarettes",), "step": ("steps",), "unit": ("units",), "point": ("points",),
    "MET-h": ("met-hour", "met-hours", "met h", "met hours", "met-hrs", "met-h"),
    "year": ("years", "yr", "yrs"),
    "mmol/l": (), "mg/dl": (), "g/l": (), "ng/ml": (), "nmol/l": (),
}  # fmt: skip
"""Units of exposures, each with its other spellings."""

_COUNTED = ("cup", "serving", "portion", "drink", "cigarette", "step", "unit", "point", "year")
"""Units that have a plural."""

_SPELLED = {name: unit for unit, names in UNITS.items() for name in (*names, unit)}
_PERIODS = {
    "day": ("d", "day", "daily", "days"), "week": ("w", "wk", "week", "weekly", "weeks"),
    "month": ("mo", "month", "monthly"), "year": ("y", "yr", "year", "yearly"),
}  # fmt: skip
_PERIOD = {name: period for period, names in _PERIODS.items() for name in names}
_AMOUNT = re.compile(
    rf"(?:{_NUMBER}[\s-]*)?(?P<unit>[^\d\s].*?)"
    r"(?:\s*(?:/|\bper\b|\ba\b|\beach\b)\s*(?P<period>[a-z]+)|\s+(?P<daily>daily|weekly|monthly"
    r"|yearly))?",
    re.IGNORECASE,
)


def one_spelling(text: str) -> str:
    """An amount of an exposure or of person-time in its one spelling; any other text as it is."""
    found = _BEFORE.match(text)
    rest = text[found.end() :].strip() if found else text
    is_per = bool(found and found["per"])
    return _person_time(rest) or _amount(_AFTER.sub("", rest).strip(), is_per) or text


def person_time_in(text: str) -> tuple[str, str]:
    """An amount of person-time within a text, in its one spelling, and the text without it."""
    found = _WITHIN.search(text)
    if not found:
        return "", text
    return one_spelling(found[0]), f"{text[: found.start()]} {text[found.end() :]}".strip()


def is_person_time(spelled: str) -> bool:
    """Whether a text in its one spelling is an amount of person-time."""
    return bool(re.fullmatch(r"per [\d.]+ person-\w+", spelled))


def _person_time(text: str) -> str:
    found = _PERSON_TIME.fullmatch(text)
    if not found:
        return ""
    time = (found["time"] or found["short"].lower().replace("-", "")[1:])[0].lower()
    number = _plain(found["number"] or "1")
    return f"per {number} {_ONE[_TIMES[time]] if number == '1' else _TIMES[time]}"


def _amount(text: str, is_per: bool) -> str:
    """A number of a unit; "per" alone is of one."""
    found = _AMOUNT.fullmatch(text)
    if not found or not (found["number"] or is_per):
        return ""
    unit, period = _unit(found["unit"]), found["period"] or found["daily"] or ""
    if period and period.lower() not in _PERIOD:
        unit, period = _unit(text[found.start("unit") :]), ""
    if not unit:
        return ""
    ending = f"/{_PERIOD[period.lower()]}" if period else ""
    number = _plain(found["number"] or "1")
    plural = "s" if number != "1" and unit in _COUNTED else ""
    return f"per {number} {unit}{plural}{ending}"


def _unit(text: str) -> str:
    """The one name of a unit; empty for words that name none."""
    words = " ".join(text.split())
    return _SPELLED.get(words) or _SPELLED.get(words.lower(), "")


def _plain(number: str) -> str:
    """A number without marks between its thousands, with a point and no needless zeros."""
    joined = re.sub(r"[\u202f\u00a0 ]", "", number)
    if re.fullmatch(r"\d{1,3}(,\d{3})+", joined):
        joined = joined.replace(",", "")
    joined = joined.replace(",", ".")
    return joined.rstrip("0").rstrip(".") if "." in joined else joined
