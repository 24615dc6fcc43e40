"""A fifth set of kinds: what formats of cells, copies of copies and numbers of another column do.

Written down before any rule was made for them, and none of them stands in another set. What falls
upon a whole column (a replacement, a sort, a shift) is typed in one row of it, where it is hardest
to see.
"""

import math

from benchmarks.error_kinds import (
    INTERVAL,
    RATIOS,
    ROLES,
    Cells,
    Draw,
    Kind,
    digits_at,
    kind,
    like,
    places,
    shifted,
)

FURTHER: dict[str, Kind] = {}

DAYS_PER_WEEK = 7
SERIAL_OF_2024 = 45292
"""How a spreadsheet counts the first of January 2024."""
COUNTED = ("k", "n", "n_1", "n_2", "events_1", "events_2", "total_1", "total_2", "events")
COPIED = (*INTERVAL, "se", "p_operator", "p", "k", "n_1", "n_2", "n", "i2", "q", "tau2")


def _from(draw: Draw, other: Cells | None, *roles: str) -> Cells | None:
    """The cells of these roles as another row has them."""
    if other is None:
        return None
    columns = {role: ROLES[draw.sheet][role] for role in roles if role in ROLES[draw.sheet]}
    return draw.cells({role: other[column] for role, column in columns.items()})


def _of_source(draw: Draw, **codes: str) -> Cells | None:
    """Another row of the source with an interval and these codes."""
    roles = ROLES[draw.sheet]
    held = [
        row for row in draw.rows
        if row is not draw.row and row.get(roles.get("owner", "")) == draw.get("owner")
        and all(row.get(roles.get(role, "")) for role in INTERVAL)
        and all(row.get(roles.get(role, "")) == code for role, code in codes.items())
    ]  # fmt: skip
    return draw.rng.choice(held) if held and draw.has(*INTERVAL) else None


# What a spreadsheet does to cells


@kind("one digit replaced in all numbers of the row", FURTHER)
def _replaced(draw: Draw) -> Cells | None:
    one, other = draw.rng.sample("0123456789", 2)
    held = [role for role in (*INTERVAL, "g", "se", "k", "n") if draw.has(role)]
    return draw.cells({role: draw.get(role).replace(one, other) for role in held})


@kind("p-value and standard error rounded by the format of their columns", FURTHER)
def _formatted(draw: Draw) -> Cells | None:
    held = [role for role in ("p", "se") if draw.has(role)]
    return draw.cells({role: f"{draw.number(role):.1f}" for role in held})


@kind("limits shifted into the standard error", FURTHER)
def _shifted_limits(draw: Draw) -> Cells | None:
    if draw.sheet == "reported_rates" or not draw.has(*INTERVAL):
        return None
    return draw.cells({"low": "", "high": draw.get("low"), "se": draw.get("high")})


@kind("count turned into the serial number of a date", FURTHER)
def _serial(draw: Draw) -> Cells | None:
    role = draw.any_of(*COUNTED)
    return role and draw.cells({role: str(SERIAL_OF_2024 + draw.rng.randrange(366))})


@kind("count shown with an exponent", FURTHER)
def _exponent(draw: Draw) -> Cells | None:
    role = draw.any_of(*COUNTED)
    if role is None or draw.number(role) < 1000:
        return None
    return draw.cells({role: f"{draw.number(role):.1E}"})


@kind("exponent of the p-value lost", FURTHER)
def _exponent_lost(draw: Draw) -> Cells | None:
    if not draw.has("p") or not 0 < draw.number("p") < 0.1:
        return None
    return draw.cells({"p": f"{draw.number('p'):.1E}".partition("E")[0]})


@kind("negative number in brackets", FURTHER)
def _brackets(draw: Draw) -> Cells | None:
    held = [role for role in (*INTERVAL, "g") if draw.has(role) and draw.number(role) < 0]
    return draw.cells({role: f"({draw.get(role)[1:]})" for role in held})


@kind("error of a formula", FURTHER)
def _formula(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "se", "n")
    return role and draw.cells({role: draw.rng.choice(["#REF!", "#DIV/0!", "#NAME?"])})


@kind("estimates sorted without their rows", FURTHER)
def _sorted(draw: Draw) -> Cells | None:
    role = draw.any_of("estimate", "g")
    column = ROLES[draw.sheet].get(role or "", "")
    held = [row[column] for row in draw.rows if row.get(column)]
    return draw.cells({role: draw.rng.choice(held)}) if held else None


@kind("numbers of a filtered row three lines above", FURTHER)
def _filtered(draw: Draw) -> Cells | None:
    above = Draw(draw.rng, draw.sheet, draw.rows, draw.index - 3, draw.codes)
    if draw.index < 3 or not draw.has("estimate") or not above.has("estimate"):
        return None
    return _from(draw, above.row, *COPIED)


# What copying from a page does


@kind("letter of a footnote behind the number", FURTHER)
def _mark(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "n", "p")
    return role and draw.cells({role: draw.get(role) + draw.rng.choice("ab*")})


@kind("blank inside a number", FURTHER)
def _blank(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "p")
    if role is None or "." not in draw.get(role):
        return None
    return draw.cells({role: draw.get(role).replace(".", ". ")})


@kind("dash of the interval read as a minus", FURTHER)
def _dash(draw: Draw) -> Cells | None:
    if not draw.has("low", "high") or draw.number("high") <= 0:
        return None
    return draw.cells({"high": f"-{draw.get('high')}"})


@kind("numbers of studies and participants of the row below", FURTHER)
def _counts_below(draw: Draw) -> Cells | None:
    if draw.index + 1 == len(draw.rows) or not draw.has("k", "n"):
        return None
    return _from(draw, draw.rows[draw.index + 1], "k", "n")


@kind("first decimal lost in estimate and limits", FURTHER)
def _decimal_lost(draw: Draw) -> Cells | None:
    held = [role for role in (*INTERVAL, "g") if draw.has(role) and places(draw.get(role)) > 1]
    changes = {}
    for role in held:
        at = draw.get(role).index(".") + 1
        changes[role] = draw.get(role)[:at] + draw.get(role)[at + 1 :]
    return draw.cells(changes)


@kind("digits of the estimate in the other order", FURTHER)
def _reversed(draw: Draw) -> Cells | None:
    role = draw.any_of("estimate", "g")
    if role is None:
        return None
    text = draw.get(role)
    signs, at = list(text), digits_at(text)
    last = [i for i in at if i > text.find(".")]
    for i, j in zip(last, reversed(last), strict=True):
        signs[i] = text[j]
    return draw.cells({role: "".join(signs)})


# A number of another column of the source


@kind("mean age typed as the number of participants", FURTHER)
def _age(draw: Draw) -> Cells | None:
    role = draw.any_of("n", "n_1", "total_1")
    return role and draw.cells({role: str(draw.rng.randint(25, 55))})


@kind("percentage of women typed as the number of participants", FURTHER)
def _women(draw: Draw) -> Cells | None:
    role = draw.any_of("n", "n_1", "total_1")
    return role and draw.cells({role: f"{draw.rng.uniform(45, 90):.1f}"})


@kind("weeks of treatment typed as months of follow-up", FURTHER)
def _treatment(draw: Draw) -> Cells | None:
    if "months" not in ROLES[draw.sheet]:
        return None
    return draw.cells({"months": draw.rng.choice(["6", "8", "10", "12", "16"])})


@kind("days typed as weeks", FURTHER)
def _days(draw: Draw) -> Cells | None:
    if not draw.has("weeks"):
        return None
    return draw.cells({"weeks": f"{DAYS_PER_WEEK * draw.number('weeks'):.0f}"})


@kind("all participants typed for one arm", FURTHER)
def _all_for_arm(draw: Draw) -> Cells | None:
    if draw.sheet != "reported_effects" or not draw.has("n", "n_1"):
        return None
    return draw.cells({"n_1": draw.get("n")})


@kind("participants of one arm typed in both", FURTHER)
def _arm_twice(draw: Draw) -> Cells | None:
    name = draw.rng.choice(["n", "total"])
    if not draw.has(f"{name}_1", f"{name}_2"):
        return None
    return draw.cells({f"{name}_2": draw.get(f"{name}_1")})


@kind("numbers of the main pool typed for a part", FURTHER)
def _numbers_of_whole(draw: Draw) -> Cells | None:
    if draw.get("scope") != "subgroup":
        return None
    return _from(draw, _of_source(draw, scope="overall"), "k", "n", "i2", "q")


@kind("year of the search typed as the year of publication", FURTHER)
def _year_of_search(draw: Draw) -> Cells | None:
    year = draw.get("search")[:4]
    return draw.cells({"year": year}) if draw.has("year") and year else None


@kind("lower limit typed twice", FURTHER)
def _low_twice(draw: Draw) -> Cells | None:
    return draw.cells({"high": draw.get("low")}) if draw.has("low", "high") else None


@kind("upper limit typed twice", FURTHER)
def _high_twice(draw: Draw) -> Cells | None:
    return draw.cells({"low": draw.get("high")}) if draw.has("low", "high") else None


# A result of another place


@kind("another outcome of the source, with all its numbers", FURTHER)
def _other_outcome(draw: Draw) -> Cells | None:
    other = _of_source(draw)
    if other is None or other.get("outcome") == draw.get("outcome"):
        return None
    return _from(draw, other, *COPIED)


@kind("another time of the source, with all its numbers", FURTHER)
def _other_time(draw: Draw) -> Cells | None:
    turned = {"post": "follow_up", "follow_up": "post"}.get(draw.get("timepoint"), "")
    return _from(draw, _of_source(draw, timepoint=turned, outcome=draw.get("outcome")), *COPIED)


@kind("main pool typed in the row of its part, with all its numbers", FURTHER)
def _whole_for_part(draw: Draw) -> Cells | None:
    if draw.get("scope") != "subgroup":
        return None
    whole = _of_source(draw, scope="overall", outcome=draw.get("outcome"))
    return _from(draw, whole, *COPIED)


# One statistic for another


@kind("standard deviation divided by the number of participants", FURTHER)
def _sd_over_n(draw: Draw) -> Cells | None:
    arms = [arm for arm in "12" if draw.has(f"sd_{arm}", f"n_{arm}")]
    return draw.cells({
        f"sd_{arm}": like(
            draw.number(f"sd_{arm}") / draw.number(f"n_{arm}"), draw.get(f"sd_{arm}")
        )
        for arm in arms if draw.number(f"n_{arm}")
    })  # fmt: skip


@kind("ratio typed as a percentage", FURTHER)
def _ratio_as_percentage(draw: Draw) -> Cells | None:
    if draw.get("measure") not in RATIOS:
        return None
    return draw.cells({role: shifted(draw.get(role), 2) for role in INTERVAL if draw.has(role)})


@kind("ratio typed as a change in per cent", FURTHER)
def _ratio_as_change(draw: Draw) -> Cells | None:
    if draw.get("measure") not in RATIOS:
        return None
    held = [role for role in INTERVAL if draw.has(role)]
    return draw.cells({role: f"{100 * (draw.number(role) - 1):.0f}" for role in held})


@kind("correlation typed as a standardised difference", FURTHER)
def _correlation(draw: Draw) -> Cells | None:
    if draw.get("measure") in RATIOS or draw.sheet == "reported_rates":
        return None
    held = [role for role in (*INTERVAL, "g") if draw.has(role)]
    return draw.cells({
        role: like(draw.number(role) / math.hypot(draw.number(role), 2), draw.get(role))
        for role in held
    })  # fmt: skip


@kind("number needed to treat typed as the estimate", FURTHER)
def _needed(draw: Draw) -> Cells | None:
    value = draw.number("estimate")
    if not value or draw.get("measure") in RATIOS or draw.sheet == "reported_rates":
        return None
    return draw.cells({"estimate": f"{1 / math.erf(abs(value) / 2):.1f}"})


@kind("odds typed as a probability", FURTHER)
def _odds_as_share(draw: Draw) -> Cells | None:
    if draw.get("measure") not in RATIOS:
        return None
    held = [role for role in INTERVAL if draw.has(role)]
    return draw.cells({
        role: like(draw.number(role) / (1 + draw.number(role)), draw.get(role)) for role in held
    })  # fmt: skip


@kind("I2 of the part beside the numbers of the whole", FURTHER)
def _i2_of_part(draw: Draw) -> Cells | None:
    if not draw.has("i2"):
        return None
    return _from(draw, _of_source(draw, outcome=draw.get("outcome")), "i2")
