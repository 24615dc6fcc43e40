"""Errors that people make when they copy numbers from a paper into a sheet, one kind a function.

A function gets one row of a sheet and says which cells would change, or None where its kind of
error cannot be made in that row. Every cell stays text, with the decimals it was typed with.
"""

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

Cells = dict[str, str]

ROLES: dict[str, dict[str, str]] = {
    "reported_effects": {
        "id": "effect_id", "estimate": "estimate", "low": "ci_low", "high": "ci_high", "se": "se",
        "p": "p_value", "k": "n_comparisons", "n": "n_total", "n_1": "n_intervention",
        "n_2": "n_control", "i2": "i2", "q": "q", "tau2": "tau2", "pi_low": "pi_low",
        "pi_high": "pi_high", "largest": "largest_estimate", "largest_low": "largest_ci_low",
        "largest_high": "largest_ci_high", "level": "ci_level", "measure": "measure",
        "direction": "favourable_direction", "condition": "condition", "outcome": "outcome",
        "owner": "meta_analysis_id", "months": "follow_up_months", "timepoint": "timepoint",
        "p_operator": "p_operator", "comparator": "comparator", "scope": "scope",
        "analysis_set": "analysis_set", "guidance": "guidance", "therapy": "therapy",
        "egger": "egger_p", "cases": "n_cases", "restriction": "restriction",
    },
    "reported_rates": {
        "id": "rate_id", "estimate": "percent", "low": "percent_low", "high": "percent_high",
        "k": "n_studies", "n": "total", "events": "events", "condition": "condition",
        "outcome": "outcome", "owner": "meta_analysis_id", "rate": "rate", "rate_low": "rate_low",
        "rate_high": "rate_high", "unit": "rate_unit", "time": "person_time",
    },
    "primary_studies": {
        "id": "comparison_id", "estimate": "estimate", "low": "ci_low", "high": "ci_high",
        "g": "reported_g", "se": "reported_se", "mean_1": "mean_intervention",
        "mean_2": "mean_control", "sd_1": "sd_intervention", "sd_2": "sd_control",
        "n_1": "n_intervention", "n_2": "n_control", "events_1": "events_intervention",
        "events_2": "events_control", "total_1": "total_intervention",
        "total_2": "total_control", "direction": "favourable_direction",
        "condition": "condition", "outcome": "outcome", "owner": "source", "measure": "measure",
        "weeks": "weeks", "guidance": "guidance", "study_year": "year",
    },
    "meta_analyses": {
        "id": "meta_analysis_id", "k": "n_trials", "n": "n_participants", "year": "year",
        "search": "search_end",
    },
}  # fmt: skip
"""What the columns of a sheet hold, by the roles that the kinds of errors speak of."""

INTERVAL = ("estimate", "low", "high")
RATIOS = frozenset({"odds_ratio", "risk_ratio", "hazard_ratio", "incidence_rate_ratio"})
OPPOSITE = {
    "positive": "negative", "negative": "positive",
    "above_one": "below_one", "below_one": "above_one",
}  # fmt: skip
NEIGHBOURS_ON_KEYBOARD = {
    "0": "9", "1": "2", "2": "13", "3": "24", "4": "35", "5": "46", "6": "57", "7": "68",
    "8": "79", "9": "80",
}  # fmt: skip
WEEKS_PER_MONTH = 4.345


@dataclass(frozen=True)
class Draw:
    """A row that an error is made in, and what the error may take from elsewhere."""

    rng: random.Random
    sheet: str
    rows: Sequence[Cells]
    index: int
    codes: Mapping[str, Sequence[str]]
    """The codes of the review by role: its conditions, outcomes and measures."""

    @property
    def row(self) -> Cells:
        """The row itself."""
        return self.rows[self.index]

    def get(self, role: str) -> str:
        """The text of the cell with this role; empty where the sheet has none."""
        return self.row.get(ROLES[self.sheet].get(role, ""), "")

    def number(self, role: str) -> float | None:
        """The number of a cell, None where there is none."""
        try:
            return float(self.get(role))
        except ValueError:
            return None

    def has(self, *roles: str) -> bool:
        """True when all these cells hold numbers."""
        return all(self.number(role) is not None for role in roles)

    def cells(self, changes: Mapping[str, str]) -> Cells | None:
        """Changes by role as changes by column; None when they change no value."""
        changed = {
            ROLES[self.sheet][role]: text
            for role, text in changes.items()
            if not same(text, self.get(role))
        }
        return changed or None

    def any_of(self, *roles: str) -> str | None:
        """One of these roles whose cell holds a number."""
        held = [role for role in roles if self.has(role)]
        return self.rng.choice(held) if held else None

    def neighbour(self, *roles: str) -> "Draw | None":
        """The next row above or below, if it has all these cells."""
        places = [self.index - 1, self.index + 1]
        self.rng.shuffle(places)
        for place in places:
            if 0 <= place < len(self.rows):
                other = Draw(self.rng, self.sheet, self.rows, place, self.codes)
                if all(other.get(role) for role in roles):
                    return other
        return None


class Block(dict[int, Cells]):
    """Changes of many rows of a sheet, by their index."""


Kind = Callable[[Draw], Cells | Block | None]
KINDS: dict[str, Kind] = {}
HELD_OUT: dict[str, Kind] = {}
"""Kinds written down before the rules; docs/injected-errors.md says which have a rule since."""


def kind(name: str, kinds: dict[str, Kind] = KINDS) -> Callable[[Kind], Kind]:
    """Register a kind of error under its name in words."""

    def register(function: Kind) -> Kind:
        kinds[name] = function
        return function

    return register


def same(a: str, b: str) -> bool:
    """True when two cells say the same."""
    try:
        return Decimal(a) == Decimal(b)
    except InvalidOperation:
        return a == b


def places(text: str) -> int:
    """Decimals that a number is typed with."""
    return len(text.partition(".")[2])


def shifted(text: str, power: int) -> str:
    """The number with its point moved."""
    return format(Decimal(text).scaleb(power).normalize(), "f")


def negated(text: str) -> str:
    """The number with its minus taken away, or with one."""
    return text[1:] if text.startswith("-") else f"-{text}"


def like(number: float, text: str) -> str:
    """A computed number with the decimals of a typed one, at least two."""
    return f"{number:.{max(places(text), 2)}f}"


def digits_at(text: str) -> list[int]:
    """Positions of the digits of a number."""
    return [match.start() for match in re.finditer(r"\d", text)]


# Slips of the finger


@kind("two digits transposed")
def _transposed(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "k", "n", "i2", "q", "mean_1", "sd_1")
    if role is None:
        return None
    text = draw.get(role)
    pairs = [
        (a, b) for a, b in zip(digits_at(text), digits_at(text)[1:], strict=False)
        if text[a] != text[b]
    ]  # fmt: skip
    if not pairs:
        return None
    a, b = draw.rng.choice(pairs)
    signs = list(text)
    signs[a], signs[b] = signs[b], signs[a]
    return draw.cells({role: "".join(signs)})


@kind("a digit dropped")
def _dropped(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "k", "n", "i2", "q", "total_1", "n_1")
    if role is None or len(digits_at(draw.get(role))) < 2:
        return None
    text = draw.get(role)
    at = draw.rng.choice(digits_at(text))
    return draw.cells({role: text[:at] + text[at + 1 :]})


@kind("a digit doubled")
def _doubled(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "k", "n", "i2", "events_1", "n_1")
    if role is None:
        return None
    text = draw.get(role)
    at = draw.rng.choice(digits_at(text))
    return draw.cells({role: text[:at] + text[at] + text[at:]})


@kind("the key beside the digit")
def _key_beside(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "k", "n", "p")
    if role is None:
        return None
    text = draw.get(role)
    at = draw.rng.choice(digits_at(text))
    typed = draw.rng.choice(NEIGHBOURS_ON_KEYBOARD[text[at]])
    return draw.cells({role: text[:at] + typed + text[at + 1 :]})


@kind("decimal point slipped in the estimate")
def _slip_estimate(draw: Draw) -> Cells | None:
    role = draw.any_of("estimate", "g")
    return role and draw.cells({role: shifted(draw.get(role), draw.rng.choice([-1, 1]))})


@kind("decimal point slipped in one limit")
def _slip_limit(draw: Draw) -> Cells | None:
    role = draw.any_of("low", "high")
    return role and draw.cells({role: shifted(draw.get(role), draw.rng.choice([-1, 1]))})


@kind("decimal point slipped in estimate and both limits")
def _slip_all(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL):
        return None
    power = draw.rng.choice([-1, 1])
    return draw.cells({role: shifted(draw.get(role), power) for role in INTERVAL})


# Signs and limits


@kind("minus lost or added in the estimate")
def _minus_estimate(draw: Draw) -> Cells | None:
    role = draw.any_of("estimate", "g")
    if role is None or draw.sheet == "reported_rates" or draw.get("measure") in RATIOS:
        return None
    return draw.cells({role: negated(draw.get(role))})


@kind("minus lost or added in one limit")
def _minus_limit(draw: Draw) -> Cells | None:
    role = draw.any_of("low", "high")
    if role is None or draw.sheet == "reported_rates" or draw.get("measure") in RATIOS:
        return None
    return draw.cells({role: negated(draw.get(role))})


@kind("sign turned in estimate and both limits")
def _minus_all(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.sheet == "reported_rates" or draw.get("measure") in RATIOS:
        return None
    return draw.cells({
        "estimate": negated(draw.get("estimate")),
        "low": negated(draw.get("high")), "high": negated(draw.get("low")),
    })  # fmt: skip


@kind("minus lost in estimate and both limits")
def _minus_lost_all(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or all(draw.number(role) >= 0 for role in INTERVAL):
        return None
    return draw.cells({role: draw.get(role).lstrip("-") for role in INTERVAL})


@kind("limits swapped")
def _limits_swapped(draw: Draw) -> Cells | None:
    if not draw.has("low", "high"):
        return None
    return draw.cells({"low": draw.get("high"), "high": draw.get("low")})


@kind("a limit typed as the estimate")
def _limit_is_estimate(draw: Draw) -> Cells | None:
    role = draw.any_of("low", "high")
    if role is None or not draw.has("estimate"):
        return None
    return draw.cells({role: draw.get("estimate")})


@kind("ratio reversed, limits as they were")
def _ratio_reversed(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") not in RATIOS:
        return None
    return draw.cells({"estimate": like(1 / draw.number("estimate"), draw.get("estimate"))})


@kind("confidence level 90 for 95")
def _level(draw: Draw) -> Cells | None:
    return draw.cells({"level": "0.90"}) if draw.get("level") == "0.95" else None


# Scales


@kind("ratio typed as its logarithm")
def _ratio_as_log(draw: Draw) -> Cells | None:
    if not draw.has("estimate") or draw.get("measure") not in RATIOS:
        return None
    held = [role for role in INTERVAL if draw.has(role) and draw.number(role) > 0]
    return draw.cells({r: like(math.log(draw.number(r)), draw.get(r)) for r in held})


@kind("logarithm typed as a ratio")
def _log_as_ratio(draw: Draw) -> Cells | None:
    measure = draw.get("measure")
    if measure.startswith("log_") and draw.has("estimate"):
        held = [role for role in INTERVAL if draw.has(role)]
        return draw.cells({r: like(math.exp(draw.number(r)), draw.get(r)) for r in held})
    return draw.cells({"measure": f"log_{measure}"}) if measure in RATIOS else None


@kind("another measure")
def _measure(draw: Draw) -> Cells | None:
    others = [m for m in draw.codes["measure"] if m != draw.get("measure")]
    return draw.cells({"measure": draw.rng.choice(others)}) if draw.get("measure") else None


@kind("variance typed as standard error")
def _variance_as_se(draw: Draw) -> Cells | None:
    if not draw.has("se"):
        return None
    return draw.cells({"se": like(draw.number("se") ** 2, draw.get("se"))})


@kind("standard error typed as variance")
def _se_as_variance(draw: Draw) -> Cells | None:
    if not draw.has("se"):
        return None
    return draw.cells({"se": like(math.sqrt(draw.number("se")), draw.get("se"))})


@kind("standard error and standard deviation mixed up")
def _sd_as_se(draw: Draw) -> Cells | None:
    if draw.has("sd_1", "n_1"):
        roles = [("sd_1", "n_1"), ("sd_2", "n_2")]
        return draw.cells({
            sd: like(draw.number(sd) / math.sqrt(draw.number(n)), draw.get(sd))
            for sd, n in roles if draw.has(sd, n)
        })  # fmt: skip
    if draw.has("se", "n"):
        return draw.cells({"se": like(draw.number("se") * math.sqrt(draw.number("n")), "0.00")})
    return None


@kind("percent typed as a fraction")
def _percent_as_fraction(draw: Draw) -> Cells | None:
    if draw.sheet != "reported_rates" or not draw.has("estimate"):
        return None
    held = [role for role in INTERVAL if draw.has(role)]
    chosen = held if draw.rng.random() < 0.5 else ["estimate"]
    return draw.cells({role: shifted(draw.get(role), -2) for role in chosen})


@kind("fraction typed as percent")
def _fraction_as_percent(draw: Draw) -> Cells | None:
    role = draw.any_of("p", "level")
    return role and draw.cells({role: shifted(draw.get(role), 2)})


@kind("I2 typed as a fraction")
def _i2_as_fraction(draw: Draw) -> Cells | None:
    return draw.cells({"i2": shifted(draw.get("i2"), -2)}) if draw.has("i2") else None


@kind("Q typed as I2")
def _q_as_i2(draw: Draw) -> Cells | None:
    return draw.cells({"i2": draw.get("q")}) if draw.has("q", "i2") else None


@kind("months typed as weeks")
def _months_as_weeks(draw: Draw) -> Cells | None:
    if not draw.has("months"):
        return None
    return draw.cells({"months": f"{draw.number('months') * WEEKS_PER_MONTH:.0f}"})


# Numbers of studies and participants


@kind("k and n swapped")
def _k_n(draw: Draw) -> Cells | None:
    if not draw.has("k", "n"):
        return None
    return draw.cells({"k": draw.get("n"), "n": draw.get("k")})


@kind("participants of one arm typed as all")
def _arm_as_total(draw: Draw) -> Cells | None:
    if draw.sheet == "primary_studies" or not draw.has("n"):
        return None
    arm = draw.get("n_1") or f"{draw.number('n') * 0.51:.0f}"
    return draw.cells({"n": arm})


@kind("a year typed as a number of participants")
def _year_as_n(draw: Draw) -> Cells | None:
    role = draw.any_of("n", "n_1", "total_1", "k")
    return role and draw.cells({role: str(draw.rng.randint(2005, 2024))})


@kind("thousands separator read as a decimal point")
def _thousands(draw: Draw) -> Cells | None:
    role = draw.any_of("n", "n_1", "total_1")
    if role is None or draw.number(role) < 1000:
        return None
    text = draw.get(role)
    return draw.cells({role: draw.rng.choice([text[:-3], f"{text[:-3]}.{text[-3:]}"])})


@kind("k of the neighbouring row")
def _k_of_neighbour(draw: Draw) -> Cells | None:
    other = draw.neighbour("k")
    return draw.cells({"k": other.get("k")}) if other and draw.has("k") else None


@kind("events and totals swapped")
def _events_totals(draw: Draw) -> Cells | None:
    if draw.has("events", "n"):
        return draw.cells({"events": draw.get("n"), "n": draw.get("events")})
    arm = draw.rng.choice("12")
    events, total = f"events_{arm}", f"total_{arm}"
    if not draw.has(events, total):
        return None
    return draw.cells({events: draw.get(total), total: draw.get(events)})


@kind("mean and standard deviation swapped")
def _mean_sd(draw: Draw) -> Cells | None:
    arm = draw.rng.choice("12")
    mean, sd = f"mean_{arm}", f"sd_{arm}"
    if not draw.has(mean, sd):
        return None
    return draw.cells({mean: draw.get(sd), sd: draw.get(mean)})


@kind("groups swapped")
def _groups(draw: Draw) -> Cells | None:
    pairs = [
        (f"{name}_1", f"{name}_2") for name in ("mean", "sd", "n", "events", "total")
        if draw.has(f"{name}_1", f"{name}_2")
    ]  # fmt: skip
    changes = {}
    for one, two in pairs:
        changes |= {one: draw.get(two), two: draw.get(one)}
    return draw.cells(changes)


# p, and what is taken from elsewhere


@kind("p ten times too large or too small")
def _p_by_ten(draw: Draw) -> Cells | None:
    if not draw.has("p"):
        return None
    power = draw.rng.choice([-1, 1]) if draw.number("p") < 0.1 else -1
    return draw.cells({"p": shifted(draw.get("p"), power)})


@kind("p of another row")
def _p_of_another(draw: Draw) -> Cells | None:
    held = [row for row in draw.rows if row.get("p_value")]
    if not draw.has("p") or not held:
        return None
    other = draw.rng.choice(held)
    changed = draw.cells({"p": other["p_value"]})
    return changed and changed | {"p_operator": other["p_operator"]}


@kind("estimate of the neighbouring row")
def _estimate_of_neighbour(draw: Draw) -> Cells | None:
    role = draw.any_of("estimate", "g")
    other = role and draw.neighbour(role)
    return draw.cells({role: other.get(role)}) if other else None


@kind("estimate and limits of the neighbouring row")
def _interval_of_neighbour(draw: Draw) -> Cells | None:
    other = draw.neighbour(*INTERVAL)
    if not other or not draw.has(*INTERVAL):
        return None
    return draw.cells({role: other.get(role) for role in INTERVAL})


@kind("limits of the neighbouring row")
def _limits_of_neighbour(draw: Draw) -> Cells | None:
    other = draw.neighbour("low", "high")
    if not other or not draw.has("low", "high"):
        return None
    return draw.cells({role: other.get(role) for role in ("low", "high")})


# Codes


@kind("direction reversed")
def _direction(draw: Draw) -> Cells | None:
    turned = OPPOSITE.get(draw.get("direction"))
    return draw.cells({"direction": turned}) if turned else None


@kind("another condition")
def _condition(draw: Draw) -> Cells | None:
    return _another(draw, "condition")


@kind("another outcome")
def _outcome(draw: Draw) -> Cells | None:
    return _another(draw, "outcome")


def _another(draw: Draw, role: str) -> Cells | None:
    others = [code for code in draw.codes[role] if code != draw.get(role)]
    if not draw.get(role) or not others:
        return None
    return draw.cells({role: draw.rng.choice(others)})


@kind("another meta-analysis")
def _owner(draw: Draw) -> Cells | None:
    owners = [r[ROLES[draw.sheet]["owner"]] for r in draw.rows if "owner" in ROLES[draw.sheet]]
    others = [owner for owner in owners if owner != draw.get("owner")]
    return draw.cells({"owner": draw.rng.choice(others)}) if others else None


# Rows

NEW_ROW = {"": "a new row"}
"""In place of changed cells: the row stands in the sheet once more."""


@kind("row typed twice")
def _twice(draw: Draw) -> Cells | None:
    return dict(NEW_ROW)


@kind("row typed twice under a new id")
def _twice_with_new_id(draw: Draw) -> Cells | None:
    column = ROLES[draw.sheet]["id"]
    return NEW_ROW | {column: f"{draw.row[column]}b"}


# Numbers of another kind, or of another place


@kind("cells shifted by one column")
def _shifted_cells(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL):
        return None
    return draw.cells({"estimate": draw.get("low"), "low": draw.get("high"), "high": ""})


@kind("half the width typed as the upper limit")
def _half_width(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL):
        return None
    half = (draw.number("high") - draw.number("low")) / 2
    return draw.cells({"high": like(half, draw.get("high"))})


@kind("limits of one standard error")
def _one_se(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") in RATIOS:
        return None
    middle, half = draw.number("estimate"), (draw.number("high") - draw.number("low")) / 3.92
    return draw.cells({
        "low": like(middle - half, draw.get("low")), "high": like(middle + half, draw.get("high")),
    })  # fmt: skip


@kind("limits of the prediction interval")
def _prediction(draw: Draw) -> Cells | None:
    if not draw.has("low", "high", "pi_low", "pi_high"):
        return None
    return draw.cells({"low": draw.get("pi_low"), "high": draw.get("pi_high")})


@kind("percentage of the others")
def _complement(draw: Draw) -> Cells | None:
    if draw.sheet != "reported_rates" or not draw.has("estimate"):
        return None
    pairs = {"estimate": "estimate", "low": "high", "high": "low"}
    return draw.cells({
        role: like(100 - draw.number(other), draw.get(other))
        for role, other in pairs.items() if draw.has(other)
    })  # fmt: skip


@kind("non-events typed as events")
def _non_events(draw: Draw) -> Cells | None:
    arm = draw.rng.choice("12")
    events, total = f"events_{arm}", f"total_{arm}"
    if not draw.has(events, total):
        return None
    return draw.cells({events: f"{draw.number(total) - draw.number(events):.0f}"})


@kind("participants counted twice")
def _twice_as_many(draw: Draw) -> Cells | None:
    role = draw.any_of("n", "n_1", "total_1")
    return draw.cells({role: f"{2 * draw.number(role):.0f}"}) if role else None


@kind("result of another meta-analysis")
def _result_of_another(draw: Draw) -> Cells | None:
    columns = [ROLES[draw.sheet].get(role, "") for role in INTERVAL]
    held = [row for row in draw.rows if all(row.get(column) for column in columns)]
    if not draw.has(*INTERVAL) or not held:
        return None
    other = draw.rng.choice(held)
    return draw.cells({
        role: other[column] for role, column in zip(INTERVAL, columns, strict=True)
    })  # fmt: skip


@kind("first digit lost")
def _first_digit(draw: Draw) -> Cells | None:
    role = draw.any_of("k", "n", "estimate", "high", "events_1", "mean_1")
    if role is None or not re.match(r"-?\d\d", draw.get(role)):
        return None
    return draw.cells({role: re.sub(r"\d", "", draw.get(role), count=1)})


@kind("a zero in front of the decimals")
def _zero_in_front(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "se", "p", "g")
    if role is None or "." not in draw.get(role):
        return None
    return draw.cells({role: draw.get(role).replace(".", ".0")})


@kind("a letter for a digit")
def _letter(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "k", "n")
    if role is None or "0" not in draw.get(role):
        return None
    return draw.cells({role: draw.get(role).replace("0", "O")})


@kind("p of the other tail")
def _other_tail(draw: Draw) -> Cells | None:
    if not draw.has("p"):
        return None
    return draw.cells({"p": like(1 - draw.number("p"), draw.get("p"))})


@kind("I2 of the neighbouring row")
def _i2_of_neighbour(draw: Draw) -> Cells | None:
    other = draw.neighbour("i2")
    return draw.cells({"i2": other.get("i2")}) if other and draw.has("i2") else None


@kind("standard deviation of the other instrument")
def _other_sd(draw: Draw) -> Cells | None:
    role = draw.any_of("sd_1", "sd_2")
    return draw.cells({role: like(draw.number(role) / 2.5, draw.get(role))}) if role else None


@kind("rounded to one digit")
def _rounded(draw: Draw) -> Cells | None:
    if draw.sheet == "reported_rates" or not draw.has(*INTERVAL):
        return None
    return draw.cells({role: f"{draw.number(role):.1f}" for role in INTERVAL})


# What a table filled by dragging, sorting and pasting does


@kind("series filled down")
def _series(draw: Draw) -> Cells | None:
    role = draw.any_of("estimate", "g", "k")
    if role is None or draw.index == 0:
        return None
    above = Draw(draw.rng, draw.sheet, draw.rows, draw.index - 1, draw.codes)
    if not above.has(role):
        return None
    step = Decimal(1).scaleb(-places(above.get(role)))
    return draw.cells({role: str(Decimal(above.get(role)) + step)})


@kind("numbers of the row above pasted")
def _pasted(draw: Draw) -> Cells | None:
    above = Draw(draw.rng, draw.sheet, draw.rows, draw.index - 1, draw.codes)
    if draw.index == 0 or not draw.has("estimate") or not above.has("estimate"):
        return None
    roles = (*INTERVAL, "se", "p_operator", "p", "k", "n", "i2", "q")
    held = [role for role in roles if role in ROLES[draw.sheet]]
    return draw.cells({role: above.get(role) for role in held})


@kind("k column sorted alone")
def _k_sorted(draw: Draw) -> Cells | None:
    held = [row[ROLES[draw.sheet]["k"]] for row in draw.rows if "k" in ROLES[draw.sheet]]
    held = [text for text in held if text]
    return draw.cells({"k": draw.rng.choice(held)}) if draw.has("k") and held else None


@kind("limits of 90 per cent")
def _limits_of_90(draw: Draw) -> Cells | None:
    return _other_width(draw, 1.645 / 1.96)


def _other_width(draw: Draw, factor: float) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") in RATIOS:
        return None
    middle = draw.number("estimate")
    return draw.cells({
        role: like(middle + factor * (draw.number(role) - middle), draw.get(role))
        for role in ("low", "high")
    })  # fmt: skip


@kind("bound of p typed as p, or p as a bound")
def _p_operator(draw: Draw) -> Cells | None:
    if not draw.has("p") or "p_operator" not in ROLES[draw.sheet]:
        return None
    return draw.cells({"p_operator": "=" if draw.get("p_operator") == "<" else "<"})


@kind("another ratio")
def _another_ratio(draw: Draw) -> Cells | None:
    others = sorted(RATIOS.intersection(draw.codes["measure"]) - {draw.get("measure")})
    if draw.get("measure") not in RATIOS or not others:
        return None
    return draw.cells({"measure": draw.rng.choice(others)})


@kind("year mistyped")
def _year(draw: Draw) -> Cells | None:
    text = draw.get("year")
    if not draw.has("year"):
        return None
    typed = draw.rng.choice([text[:2] + text[3] + text[2], text[0] + text[2] + text[1] + text[3],
                             f"{int(text) - 10}", f"{int(text) + 10}"])  # fmt: skip
    return draw.cells({"year": typed})


@kind("search that ends after publication")
def _search(draw: Draw) -> Cells | None:
    if not draw.has("year") or not draw.get("search"):
        return None
    year = draw.rng.randint(1, 3) + int(draw.number("year"))
    return draw.cells({"search": f"{year}{draw.get('search')[4:]}"})


@kind("rounded to a whole number")
def _whole(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g")
    return role and draw.cells({role: f"{draw.number(role):.0f}"})


@kind("both arms typed in one")
def _both_arms(draw: Draw) -> Cells | None:
    name = draw.rng.choice(["n", "total"])
    if not draw.has(f"{name}_1", f"{name}_2"):
        return None
    whole = draw.number(f"{name}_1") + draw.number(f"{name}_2")
    return draw.cells({f"{name}_1": f"{whole:.0f}"})


@kind("number turned into a date")
def _date(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "k", "n")
    if role is None or not 1 <= abs(int(draw.number(role))) <= 12:
        return None
    return draw.cells({role: f"2024-{abs(int(draw.number(role))):02d}-01"})


@kind("main pool typed for a part")
def _scope(draw: Draw) -> Cells | None:
    turned = {"overall": "subgroup", "subgroup": "overall"}.get(draw.get("scope"))
    return draw.cells({"scope": turned}) if turned else None


# Held out: written before the rules that they are tried on, and not looked at for them


@kind("per thousand typed as per cent", HELD_OUT)
def _per_thousand(draw: Draw) -> Cells | None:
    if draw.sheet != "reported_rates" or not draw.has("estimate"):
        return None
    held = [role for role in INTERVAL if draw.has(role)]
    return draw.cells({role: shifted(draw.get(role), 1) for role in held})


@kind("participants of any other row", HELD_OUT)
def _n_of_another(draw: Draw) -> Cells | None:
    column = ROLES[draw.sheet].get("n", "")
    held = [row[column] for row in draw.rows if row.get(column)]
    return draw.cells({"n": draw.rng.choice(held)}) if draw.has("n") else None


@kind("mean of the other arm", HELD_OUT)
def _mean_of_other(draw: Draw) -> Cells | None:
    if not draw.has("mean_1", "mean_2"):
        return None
    return draw.cells({"mean_1": draw.get("mean_2")})


@kind("p of one tail", HELD_OUT)
def _one_tail(draw: Draw) -> Cells | None:
    return draw.cells({"p": like(draw.number("p") / 2, draw.get("p"))}) if draw.has("p") else None


@kind("tau typed as tau2", HELD_OUT)
def _tau(draw: Draw) -> Cells | None:
    if not draw.has("tau2"):
        return None
    return draw.cells({"tau2": like(math.sqrt(draw.number("tau2")), draw.get("tau2"))})


@kind("one limit of the row above", HELD_OUT)
def _limit_of_above(draw: Draw) -> Cells | None:
    role = draw.any_of("low", "high")
    above = Draw(draw.rng, draw.sheet, draw.rows, draw.index - 1, draw.codes)
    if role is None or draw.index == 0 or not above.has(role):
        return None
    return draw.cells({role: above.get(role)})


@kind("point lost", HELD_OUT)
def _point_lost(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "se", "i2", "p")
    if role is None or "." not in draw.get(role):
        return None
    return draw.cells({role: format(Decimal(draw.get(role).replace(".", "")), "f")})


@kind("ratio and limits turned round", HELD_OUT)
def _turned_round(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") not in RATIOS:
        return None
    pairs = {"estimate": "estimate", "low": "high", "high": "low"}
    return draw.cells({
        role: like(1 / draw.number(other), draw.get(other))
        for role, other in pairs.items() if draw.number(other) > 0
    })  # fmt: skip


@kind("follow-up typed as the end of treatment", HELD_OUT)
def _timepoint(draw: Draw) -> Cells | None:
    turned = {"post": "follow_up", "follow_up": "post"}.get(draw.get("timepoint"))
    return draw.cells({"timepoint": turned}) if turned else None


@kind("one study miscounted", HELD_OUT)
def _miscounted(draw: Draw) -> Cells | None:
    if not draw.has("k") or draw.number("k") < 2:
        return None
    return draw.cells({"k": f"{draw.number('k') + draw.rng.choice([-1, 1]):.0f}"})


@kind("limits of 99 per cent", HELD_OUT)
def _limits_of_99(draw: Draw) -> Cells | None:
    return _other_width(draw, 2.576 / 1.96)


@kind("decimals typed twice", HELD_OUT)
def _decimals_twice(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "se", "p")
    if role is None or not places(draw.get(role)):
        return None
    return draw.cells({role: draw.get(role) + draw.get(role).partition(".")[2]})


@kind("half the width typed as the standard error", HELD_OUT)
def _width_as_se(draw: Draw) -> Cells | None:
    if not draw.has("se"):
        return None
    return draw.cells({"se": like(1.96 * draw.number("se"), draw.get("se"))})


@kind("comparator of another row", HELD_OUT)
def _comparator(draw: Draw) -> Cells | None:
    column = ROLES[draw.sheet].get("comparator", "")
    held = [row[column] for row in draw.rows if row.get(column)]
    return draw.cells({"comparator": draw.rng.choice(held)}) if draw.get("comparator") else None
