"""A sixth set of kinds: what happens in Excel, and in reviews of risks, harms, rates and trials.

Written down before any rule was made for them, and none of them stands in another set. They are
meant for the reviews of benchmarks.drawn_reviews, which nobody has read twice and whose rows have
no notes; some of them are of many rows, as a column that is shifted or sorted alone.
"""

import itertools
import math

from benchmarks.error_kinds import (
    INTERVAL,
    NEW_ROW,
    RATIOS,
    ROLES,
    Block,
    Cells,
    Draw,
    Kind,
    kind,
    like,
    negated,
    places,
    shifted,
)

ELSEWHERE: dict[str, Kind] = {}

RATE = ("rate", "rate_low", "rate_high")
TABLE = ("events_1", "total_1", "events_2", "total_2")
"""The four cells of a trial with events, as they stand side by side."""
COUNTS = ("k", "n", "cases", "events", "time", *TABLE)
DECIMAL = (*INTERVAL, *RATE, "mean_1", "sd_1", "mean_2", "sd_2")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SERIAL_OF_2024 = 45292
"""How a spreadsheet counts the first of January 2024."""
MMHG_PER_KPA = 7.50062
MONTHS_PER_YEAR = 12
SD_OF_PRESSURE = 12


def _turned(draw: Draw, changes: dict[str, float]) -> Cells | None:
    """Computed numbers with the decimals of what they replace."""
    return draw.cells({role: like(number, draw.get(role)) for role, number in changes.items()})


def _is_ratio(draw: Draw) -> bool:
    return draw.get("measure") in RATIOS and draw.has(*INTERVAL) and draw.number("low") > 0


def _below(draw: Draw, n: int) -> list[Draw]:
    """The row and those below it, `n` at most."""
    last = min(len(draw.rows), draw.index + n)
    return [
        Draw(draw.rng, draw.sheet, draw.rows, i, draw.codes) for i in range(draw.index, last)
    ]  # fmt: skip


def _column(draw: Draw, *roles: str) -> str | None:
    """A role whose column holds numbers in this row and in most of the sheet."""
    role = draw.any_of(*roles)
    column = ROLES[draw.sheet].get(role or "", "")
    held = sum(bool(row.get(column)) for row in draw.rows)
    return role if role and held > len(draw.rows) / 2 else None


# What Excel does to one cell


@kind("decimal number turned into a day of a month", ELSEWHERE)
def _day(draw: Draw) -> Cells | None:
    role = draw.any_of(*DECIMAL)
    whole, _, rest = draw.get(role or "").lstrip("-").partition(".")
    if not rest or not whole.isdigit() or not (1 <= int(whole) <= 31 and 1 <= int(rest) <= 12):
        return None
    return draw.cells({role: f"{int(whole)}-{MONTHS[int(rest) - 1]}"})


@kind("decimal number turned into the serial number of a date", ELSEWHERE)
def _serial(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, *RATE, "mean_1", "sd_1", "i2")
    return role and draw.cells({role: str(SERIAL_OF_2024 + draw.rng.randrange(366))})


@kind("small letter l for a one", ELSEWHERE)
def _letter(draw: Draw) -> Cells | None:
    role = draw.any_of(*DECIMAL, *COUNTS, "p", "i2")
    return draw.cells({role: draw.get(role).replace("1", "l")}) if role else None


@kind("decimal comma in one cell of a trial or rate", ELSEWHERE)
def _comma(draw: Draw) -> Cells | None:
    role = draw.any_of(*RATE, "mean_1", "sd_1", "mean_2", "sd_2", "i2", "q", "p")
    if role is None or "." not in draw.get(role):
        return None
    return draw.cells({role: draw.get(role).replace(".", ",")})


@kind("point as a thousands separator in a count", ELSEWHERE)
def _point(draw: Draw) -> Cells | None:
    role = draw.any_of(*COUNTS)
    if role is None or draw.number(role) < 1000:
        return None
    return draw.cells({role: f"{int(draw.number(role)):,}".replace(",", ".")})


@kind("last zero of a count lost by its format", ELSEWHERE)
def _zero_lost(draw: Draw) -> Cells | None:
    held = [role for role in COUNTS if draw.has(role) and draw.get(role).endswith("0")]
    held = [role for role in held if len(draw.get(role)) > 2]
    if not held:
        return None
    role = draw.rng.choice(held)
    return draw.cells({role: draw.get(role).rstrip("0")})


@kind("count in thousands", ELSEWHERE)
def _thousands(draw: Draw) -> Cells | None:
    role = draw.any_of("n", "cases", "time")
    if role is None or draw.number(role) < 1000:
        return None
    return draw.cells({role: f"{draw.number(role) / 1000:.0f}"})


@kind("two numbers in one cell", ELSEWHERE)
def _two_numbers(draw: Draw) -> Cells | None:
    role = draw.any_of(*DECIMAL, "i2", "events_1", "k")
    if role is None:
        return None
    step = draw.number(role) * draw.rng.uniform(0.1, 0.3)
    other = f"{draw.number(role) + step:.{places(draw.get(role))}f}"
    return draw.cells({role: f"{draw.get(role)}/{other}"})


@kind("both limits in the cell of the lower one", ELSEWHERE)
def _both_limits(draw: Draw) -> Cells | None:
    pair = ("low", "high") if draw.has("low", "high") else ("rate_low", "rate_high")
    if not draw.has(*pair):
        return None
    low, high = pair
    return draw.cells({low: f"{draw.get(low)}-{draw.get(high)}", high: ""})


@kind("formula as text", ELSEWHERE)
def _formula(draw: Draw) -> Cells | None:
    role = draw.any_of(*DECIMAL, *COUNTS)
    return role and draw.cells({role: f"={draw.get(role)}*1"})


@kind("bound typed into a count", ELSEWHERE)
def _bound(draw: Draw) -> Cells | None:
    role = draw.any_of("events_1", "events_2", "events", "cases")
    return role and draw.cells({role: f"<{draw.get(role)}"})


# What dragging, shifting and sorting do to many rows


@kind("years that count up", ELSEWHERE)
def _years_up(draw: Draw) -> Block | None:
    role = "year" if draw.has("year") else "study_year"
    return _counting_up(draw, role)


@kind("participants that count up", ELSEWHERE)
def _participants_up(draw: Draw) -> Block | None:
    role = draw.any_of("n", "n_1", "total_1")
    return _counting_up(draw, role) if role else None


def _counting_up(draw: Draw, role: str) -> Block | None:
    """Three rows below are filled from the number of this one."""
    if not draw.has(role):
        return None
    first, changes = int(draw.number(role)), {}
    for step, row in enumerate(_below(draw, 4)):
        changed = row.cells({role: str(first + step)}) if row.has(role) else None
        if changed:
            changes[row.index] = changed
    return Block(changes) if len(changes) > 1 else None


@kind("a column moved down by one row from a row on", ELSEWHERE)
def _moved_down(draw: Draw) -> Block | None:
    role = _column(draw, "n", "k", "i2", *RATE[:1], "estimate", *TABLE, "mean_1", "sd_2", "events")
    if role is None:
        return None
    rows = _below(draw, len(draw.rows))
    changes = {
        here.index: here.cells({role: above.get(role)})
        for above, here in itertools.pairwise(rows)
    }  # fmt: skip
    return Block({index: cells for index, cells in changes.items() if cells}) or None


@kind("a column sorted alone", ELSEWHERE)
def _sorted_alone(draw: Draw) -> Block | None:
    role = _column(draw, "n", "k", "estimate", "rate", "percent", *TABLE, "mean_1", "high", "i2")
    if role is None:
        return None
    every = [
        Draw(draw.rng, draw.sheet, draw.rows, i, draw.codes) for i in range(len(draw.rows))
    ]  # fmt: skip
    held = [row for row in every if row.has(role)]
    texts = sorted((row.get(role) for row in held), key=float)
    changes = {row.index: row.cells({role: text}) for row, text in zip(held, texts, strict=True)}
    return Block({index: cells for index, cells in changes.items() if cells}) or None


@kind("standard deviations of the row above filled down", ELSEWHERE)
def _sd_of_above(draw: Draw) -> Cells | None:
    return _of_above(draw, "sd_1", "sd_2")


@kind("table of a trial of the row above filled down", ELSEWHERE)
def _table_of_above(draw: Draw) -> Cells | None:
    return _of_above(draw, *TABLE)


@kind("numbers of the row above filled down, the estimate aside", ELSEWHERE)
def _counts_of_above(draw: Draw) -> Cells | None:
    return _of_above(draw, "n", "cases", "i2", "q")


def _of_above(draw: Draw, *roles: str) -> Cells | None:
    above = Draw(draw.rng, draw.sheet, draw.rows, draw.index - 1, draw.codes)
    held = [role for role in roles if draw.has(role)]
    if draw.index == 0 or not held or not above.has(*held):
        return None
    return draw.cells({role: above.get(role) for role in held})


@kind("row typed again under another source, rounded once more", ELSEWHERE)
def _again_rounded(draw: Draw) -> Cells | None:
    roles = ROLES[draw.sheet]
    column = roles.get("owner", "")
    owners = sorted({row[column] for row in draw.rows if column in row} - {draw.get("owner")})
    held = [role for role in (*INTERVAL, *RATE) if draw.has(role) and places(draw.get(role)) > 1]
    if not owners or not held:
        return None
    owner = draw.rng.choice(owners)
    rounded = {
        roles[role]: f"{draw.number(role):.{places(draw.get(role)) - 1}f}" for role in held
    }  # fmt: skip
    return NEW_ROW | {roles["id"]: f"{owner}_again", column: owner} | rounded


# Ratios


@kind("ratio of those without against those with", ELSEWHERE)
def _other_reference(draw: Draw) -> Cells | None:
    if not _is_ratio(draw):
        return None
    pairs = {"estimate": "estimate", "low": "high", "high": "low"}
    return _turned(draw, {role: 1 / draw.number(other) for role, other in pairs.items()})


@kind("logarithm of a ratio with its sign turned", ELSEWHERE)
def _log_turned(draw: Draw) -> Cells | None:
    if not _is_ratio(draw):
        return None
    pairs = {"estimate": "estimate", "low": "high", "high": "low"}
    changed = _turned(draw, {role: -math.log(draw.number(of)) for role, of in pairs.items()})
    return changed and changed | {ROLES[draw.sheet]["measure"]: f"log_{draw.get('measure')}"}


@kind("minus lost in the logarithm of a ratio and its limits", ELSEWHERE)
def _log_minus_lost(draw: Draw) -> Cells | None:
    if not _is_ratio(draw) or draw.number("estimate") >= 1:
        return None
    changed = _turned(draw, {role: abs(math.log(draw.number(role))) for role in INTERVAL})
    return changed and changed | {ROLES[draw.sheet]["measure"]: f"log_{draw.get('measure')}"}


@kind("limits of 90 per cent of a ratio", ELSEWHERE)
def _ratio_90(draw: Draw) -> Cells | None:
    return _other_width(draw, 1.645 / 1.96)


@kind("limits of 99 per cent of a ratio", ELSEWHERE)
def _ratio_99(draw: Draw) -> Cells | None:
    return _other_width(draw, 2.576 / 1.96)


def _other_width(draw: Draw, factor: float) -> Cells | None:
    if not _is_ratio(draw):
        return None
    middle = math.log(draw.number("estimate"))
    return _turned(
        draw,
        {
            role: math.exp(middle + factor * (math.log(draw.number(role)) - middle))
            for role in ("low", "high")
        },
    )


@kind("standard error of a ratio in place of its limits", ELSEWHERE)
def _se_of_ratio(draw: Draw) -> Cells | None:
    """The standard error of the ratio itself, where that of its logarithm is due."""
    if not _is_ratio(draw) or "se" not in ROLES[draw.sheet]:
        return None
    se = math.log(draw.number("high") / draw.number("low")) / 3.92
    return draw.cells({"low": "", "high": "", "se": f"{draw.number('estimate') * se:.3f}"})


@kind("limits of a ratio of one standard error", ELSEWHERE)
def _ratio_one_se(draw: Draw) -> Cells | None:
    return _other_width(draw, 1 / 1.96)


@kind("ratio for ten units of exposure", ELSEWHERE)
def _ten_units(draw: Draw) -> Cells | None:
    if not _is_ratio(draw):
        return None
    return _turned(draw, {role: draw.number(role) ** 10 for role in INTERVAL})


@kind("cases and participants exchanged", ELSEWHERE)
def _cases(draw: Draw) -> Cells | None:
    if not draw.has("cases", "n"):
        return None
    return draw.cells({"cases": draw.get("n"), "n": draw.get("cases")})


@kind("participants without the event typed as cases", ELSEWHERE)
def _non_cases(draw: Draw) -> Cells | None:
    if not draw.has("cases", "n"):
        return None
    return draw.cells({"cases": f"{draw.number('n') - draw.number('cases'):.0f}"})


@kind("part typed as a whole, without what restricts it", ELSEWHERE)
def _restriction_lost(draw: Draw) -> Cells | None:
    if draw.get("scope") != "subgroup" or not draw.get("restriction"):
        return None
    return draw.cells({"scope": "overall", "restriction": ""})


@kind("condition of the row below", ELSEWHERE)
def _condition_below(draw: Draw) -> Cells | None:
    if draw.index + 1 == len(draw.rows) or not draw.get("condition"):
        return None
    return draw.cells({"condition": draw.rows[draw.index + 1]["condition"]})


# Events of trials


@kind("events and totals in the order of another table", ELSEWHERE)
def _other_order(draw: Draw) -> Cells | None:
    if not draw.has(*TABLE):
        return None
    order = ("events_1", "events_2", "total_1", "total_2")
    return draw.cells({role: draw.get(of) for role, of in zip(TABLE, order, strict=True)})


@kind("table of a trial shifted by one column", ELSEWHERE)
def _table_shifted(draw: Draw) -> Cells | None:
    if not draw.has(*TABLE):
        return None
    return draw.cells({role: draw.get(of) for role, of in itertools.pairwise(TABLE)})


@kind("non-events typed as totals of both arms", ELSEWHERE)
def _non_events_as_totals(draw: Draw) -> Cells | None:
    if not draw.has(*TABLE):
        return None
    return draw.cells({
        f"total_{arm}": f"{draw.number(f'total_{arm}') - draw.number(f'events_{arm}'):.0f}"
        for arm in "12"
    })  # fmt: skip


@kind("non-events typed as events of both arms", ELSEWHERE)
def _non_events(draw: Draw) -> Cells | None:
    if not draw.has(*TABLE):
        return None
    return draw.cells({
        f"events_{arm}": f"{draw.number(f'total_{arm}') - draw.number(f'events_{arm}'):.0f}"
        for arm in "12"
    })  # fmt: skip


@kind("totals of both arms typed in both", ELSEWHERE)
def _all_in_both(draw: Draw) -> Cells | None:
    if not draw.has(*TABLE):
        return None
    whole = f"{draw.number('total_1') + draw.number('total_2'):.0f}"
    return draw.cells({"total_1": whole, "total_2": whole})


@kind("rows of a table of events exchanged with its columns", ELSEWHERE)
def _transposed(draw: Draw) -> Cells | None:
    """Events of both arms in one arm, and those without in the other."""
    if not draw.has(*TABLE):
        return None
    a, one, c, other = (draw.number(role) for role in TABLE)
    whole = {"events_1": a, "total_1": a + c, "events_2": one - a, "total_2": one + other - a - c}
    return draw.cells({role: f"{number:.0f}" for role, number in whole.items()})


# Percentages and rates


@kind("rate in the person-time of another unit", ELSEWHERE)
def _other_unit(draw: Draw) -> Cells | None:
    others = ("per 100 person-years", "per 10000 person-years", "per 1000 person-months")
    return draw.cells({"unit": draw.rng.choice(others)}) if draw.get("unit") else None


@kind("rate per 100 typed as per 1,000", ELSEWHERE)
def _per_hundred(draw: Draw) -> Cells | None:
    held = [role for role in RATE if draw.has(role)]
    return draw.cells({role: shifted(draw.get(role), -1) for role in held})


@kind("person-months typed as person-years", ELSEWHERE)
def _person_months(draw: Draw) -> Cells | None:
    if not draw.has("time"):
        return None
    return draw.cells({"time": f"{MONTHS_PER_YEAR * draw.number('time'):.0f}"})


@kind("participants typed as person-time", ELSEWHERE)
def _people_as_time(draw: Draw) -> Cells | None:
    if not draw.has("time"):
        return None
    return draw.cells({"time": f"{draw.number('time') / draw.rng.uniform(3, 9):.0f}"})


@kind("limits of a percentage or rate of one standard error", ELSEWHERE)
def _rate_one_se(draw: Draw) -> Cells | None:
    roles = INTERVAL if draw.sheet == "reported_rates" and draw.has(*INTERVAL) else RATE
    if not draw.has(*roles):
        return None
    middle = draw.number(roles[0])
    return _turned(draw, {role: middle + (draw.number(role) - middle) / 1.96 for role in roles[1:]})


@kind("percentage typed in the column of events", ELSEWHERE)
def _percentage_as_events(draw: Draw) -> Cells | None:
    if not draw.has("events"):
        return None
    return draw.cells({"events": f"{draw.number('rate') or draw.number('estimate') or 0:.0f}"})


# Means, differences and correlations


@kind("half the width of an interval typed as a standard deviation", ELSEWHERE)
def _half_as_sd(draw: Draw) -> Cells | None:
    arm = draw.rng.choice("12")
    sd, n = f"sd_{arm}", f"n_{arm}"
    if not draw.has(sd, n):
        return None
    return _turned(draw, {sd: 1.96 * draw.number(sd) / math.sqrt(draw.number(n))})


@kind("changes typed as means of both arms", ELSEWHERE)
def _changes(draw: Draw) -> Cells | None:
    if not draw.has("mean_1", "mean_2"):
        return None
    start = draw.number("mean_2") * draw.rng.uniform(1.01, 1.03)
    return _turned(draw, {f"mean_{arm}": draw.number(f"mean_{arm}") - start for arm in "12"})


@kind("kilopascals among millimetres of mercury", ELSEWHERE)
def _kilopascals(draw: Draw) -> Cells | None:
    if draw.get("measure") != "mean_difference":
        return None
    held = [role for role in (*INTERVAL, "mean_1", "sd_1", "mean_2", "sd_2") if draw.has(role)]
    return _turned(draw, {role: draw.number(role) / MMHG_PER_KPA for role in held})


@kind("standardised difference typed as a difference of means", ELSEWHERE)
def _standardised(draw: Draw) -> Cells | None:
    if draw.get("measure") != "mean_difference" or not draw.has(*INTERVAL):
        return None
    return _turned(draw, {role: draw.number(role) / SD_OF_PRESSURE for role in INTERVAL})


@kind("square of a correlation typed for it", ELSEWHERE)
def _squared(draw: Draw) -> Cells | None:
    if draw.get("measure") != "correlation" or not draw.has(*INTERVAL):
        return None
    return _turned(draw, {role: draw.number(role) ** 2 for role in INTERVAL})


@kind("difference of means with its sign turned", ELSEWHERE)
def _difference_turned(draw: Draw) -> Cells | None:
    if draw.get("measure") not in ("mean_difference", "correlation") or not draw.has(*INTERVAL):
        return None
    pairs = {"estimate": "estimate", "low": "high", "high": "low"}
    return draw.cells({role: negated(draw.get(other)) for role, other in pairs.items()})


# Heterogeneity


@kind("H2 typed as I2", ELSEWHERE)
def _h2(draw: Draw) -> Cells | None:
    if not draw.has("i2", "q", "k") or draw.number("k") < 2:
        return None
    return draw.cells({"i2": f"{draw.number('q') / (draw.number('k') - 1):.1f}"})
