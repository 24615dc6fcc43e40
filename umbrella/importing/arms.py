"""What columns of a sheet of trials hold of which arm, by their names: "N placebo", "mean.e"."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from umbrella.importing.cells import plain, tidy
from umbrella.importing.columns import Role
from umbrella.importing.languages import IN_NAMES

SIDES = ("intervention", "control")

USUAL = {
    "intervention": (
        "intervention", "interventions", "treatment", "treated", "experimental", "exp", "drug",
        "active", "exposed", "verum", "t", "e", "i", "tx", "trt", "int", "ig", "1",
    ),
    "control": (
        "control", "controls", "ctrl", "ctl", "con", "placebo", "comparator", "comparison",
        "unexposed", "non exposed", "not exposed", "sham", "usual care", "tau", "waitlist",
        "waiting list", "no treatment", "c", "cg", "2",
    ),
}  # fmt: skip
"""How the arms are called where nobody says it."""

PHRASES = {
    "time": r"(person|patient)s? ?(years?|months?|weeks?|days?|time)|pys?|pyrs?|time at risk",
    "without": r"(non|no|without) ?events?|event free|survivors?|alive"
    r"|controls?(?= (?:un|non |not )?exposed)|(?<=exposed )controls?",
    "sd": r"standard deviations?|std dev|stdev|std|sd",
    "change": r"mean change|change from baseline|change",
    "mean": r"means?|m",
    "events": r"events?|cases?|deaths?|died|responders?|n events?|x",
    "n": r"sample size|n|totals?|participants?|patients?|people|size|randomi[sz]ed|analy[sz]ed",
}
"""Words for what a column holds of an arm, the longer ones first."""

PART_NAMES = {
    "time": "time", "without": "without", "sd": "sd", "change": "mean_change", "mean": "mean",
    "events": "events", "n": "n",
}  # fmt: skip

SHORT_SD = re.compile(r"\b(?:DE|DS|ET|SA)$")
"""The standard deviation in Spanish, French and German, in capitals at the end of a name."""

OF_METAFOR = {"n": "n", "m": "mean", "sd": "sd", "x": "events", "t": "time"}
"""The letters of names such as m1i and n2i."""

OF_TABLES = (
    {"ai": ("events", "1"), "bi": ("without", "1"), "ci": ("events", "2"), "di": ("without", "2")},
    {"tpos": ("events", "t"), "tneg": ("without", "t"), "cpos": ("events", "c"),
     "cneg": ("without", "c")},
)  # fmt: skip
"""metafor's names of the cells of a 2 x 2 table: what each holds, and of which arm."""

PAIRS = {
    ("events", "n"): r"\b(?:events?|deaths?|cases?|n|r|x)\s*/\s*(?:n|totals?)\b",
    (
        "mean",
        "sd",
    ): r"\b(?:mean|m)\b\s*(?:[(\[,]|\u00b1|\+/-)\s*(?:sd|standard deviation)\b\s*[)\]]?",
}
"""Two things in one cell of an arm."""

NOISE = {
    "of",
    "in",
    "the",
    "with",
    "at",
    "and",
    "for",
    "group",
    "arm",
    "no",
    "number",
    "nr",
    "post",
}


@dataclass(frozen=True)
class OfArm:
    """What a column holds, and the words for the arm in its name."""

    parts: tuple[str, ...]
    arm: str


def of_arm(name: str) -> OfArm | None:
    """What a column of this name holds of an arm; None where it names none of both."""
    text = tidy(IN_NAMES.translated(SHORT_SD.sub("SD", name.strip())))
    short = re.fullmatch(r"(n|m|sd|x|t)([12])i", text)
    if short:
        return OfArm((OF_METAFOR[short[1]],), short[2])
    parts: tuple[str, ...] = ()
    for pair, pattern in PAIRS.items():
        text, n_found = re.subn(pattern, " ", text, count=1, flags=re.IGNORECASE)
        parts = parts or (pair if n_found else ())
    words = plain(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)", " ", text))
    found = []
    for part, pattern in PHRASES.items():
        words, n_found = re.subn(rf"\b(?:{pattern})\b", " ", words)
        found += [part] if n_found else []
    arm = " ".join(word for word in words.split() if word not in NOISE)
    parts = parts or _parts(found)
    return OfArm(parts, arm) if arm and parts else None


def of_tables(header: Iterable[str]) -> dict[str, OfArm]:
    """The columns of 2 x 2 tables under metafor's names, where the events of both arms are there.

    Alone such a name means something else: `ci` is an interval.
    """
    names = set(header)
    return {
        name: OfArm((part,), arm)
        for table in OF_TABLES
        if {name for name, (part, _) in table.items() if part == "events"} <= names
        for name, (part, arm) in table.items()
        if name in names
    }


def _parts(found: list[str]) -> tuple[str, ...]:
    """The one thing that the words mean: people with events are events, an SD of a change its."""
    for both, one in ((["events", "n"], "events"), (["sd", "change"], "sd_change"),
                      (["without", "n"], "without"), (["time", "n"], "time")):  # fmt: skip
        if found == both:
            return (one,)
    return (PART_NAMES[found[0]],) if len(found) == 1 else ()


Columns = dict[str, dict[str, OfArm]]
"""What columns hold, by the words for the arm and by their names."""


def is_part(name: str) -> bool:
    """Whether a name is of something that arms have, whichever the arm."""
    found = of_arm(f"placebo {name.strip()}")
    return bool(found) and found.arm == "placebo"


@dataclass
class Arms:
    """The columns of both arms, or what is to be asked of them."""

    roles: dict[str, Role]
    words: dict[str, str]
    """What the sheet calls each side."""
    question: str = ""


def arms_of(header: Iterable[str], said: Mapping[str, str]) -> Arms:
    """The role of each column of an arm; `said` are the caller's words for the sides."""
    columns: Columns = defaultdict(dict)
    header = list(header)
    tables = of_tables(header)
    for name in header:
        found = tables.get(name) or of_arm(name)
        if found:
            columns[found.arm][name] = found
    columns = _without_shared_words(columns)
    sides = _sides(columns, said)
    if len(sides) < len(SIDES):
        names = ", ".join(columns)
        question = f"which columns are of which arm is not known: {names}" if columns else ""
        return Arms({}, {}, question)
    roles = {
        name: _role(found.parts, side)
        for side, arm in sides.items()
        for name, found in columns[arm].items()
    }
    return Arms(roles, sides)


def _without_shared_words(columns: Columns) -> Columns:
    """Words that stand in the names of all arms, such as an outcome, name none of them."""
    shared = set.intersection(*(set(arm.split()) for arm in columns)) if len(columns) > 1 else set()
    return {
        " ".join(word for word in arm.split() if word not in shared) or arm: found
        for arm, found in columns.items()
    }


def _sides(columns: Columns, said: Mapping[str, str]) -> dict[str, str]:
    """The words of each side: as the caller says, as usual, else those beside a usual one."""
    if said:
        return {side: plain(words) for side, words in said.items() if plain(words) in columns}
    sides = {}
    for side, words in USUAL.items():
        usual = [arm for arm in columns if arm in words]
        if len(usual) == 1:
            sides[side] = usual[0]
        elif usual:
            return {}
    others = [arm for arm in columns if arm not in sides.values()]
    if len(sides) == 1 and others:
        [(side, arm)] = sides.items()
        parts = _all_parts(columns[arm])
        like = [other for other in others if _all_parts(columns[other]) == parts]
        if len(like) == 1:
            sides[SIDES[1 - SIDES.index(side)]] = like[0]
    return sides


def _all_parts(columns: Mapping[str, OfArm]) -> set[tuple[str, ...]]:
    return {found.parts for found in columns.values()}


def _role(parts: tuple[str, ...], side: str) -> Role:
    if parts == ("mean", "sd"):
        return Role((f"arm_{side}",))
    return Role(tuple(f"{part}_{side}" for part in parts))
