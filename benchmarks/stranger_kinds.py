"""A third set of kinds: errors that a stranger would type on purpose.

Written down before any rule was tried on them, from what studies of extraction errors describe:
numbers of another group, result or model, of another unit, and statistics taken for one another.
"""

import math

from benchmarks.error_kinds import INTERVAL, RATIOS, ROLES, Cells, Draw, Kind, kind, like, shifted

STRANGER: dict[str, Kind] = {}

LOG_ODDS_PER_SMD = math.pi / math.sqrt(3)
IQR_PER_SD = 1.35


def _scaled(draw: Draw, factor: float, *roles: str) -> Cells | None:
    held = [role for role in roles if draw.has(role)]
    return draw.cells({role: like(factor * draw.number(role), draw.get(role)) for role in held})


@kind("result of another row of its source", STRANGER)
def _result_of_source(draw: Draw) -> Cells | None:
    roles = ROLES[draw.sheet]
    columns = {role: roles.get(role, "") for role in (*INTERVAL, "p", "p_operator")}
    held = [
        row for row in draw.rows
        if row.get(roles.get("owner", "")) == draw.get("owner") and row is not draw.row
        and all(row.get(columns[role]) for role in INTERVAL)
    ]  # fmt: skip
    if not draw.has(*INTERVAL) or not held:
        return None
    other = draw.rng.choice(held)
    return draw.cells({role: other[column] for role, column in columns.items() if column})


@kind("a one in front of estimate and limits", STRANGER)
def _one_in_front(draw: Draw) -> Cells | None:
    if draw.sheet == "reported_rates" or not draw.has(*INTERVAL):
        return None
    return draw.cells({
        role: like(draw.number(role) + 1, draw.get(role)) for role in INTERVAL
    })  # fmt: skip


@kind("relative reduction typed as a ratio", STRANGER)
def _reduction(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") not in RATIOS or draw.number("high") >= 1:
        return None
    pairs = {"estimate": "estimate", "low": "high", "high": "low"}
    return draw.cells({
        role: like(1 - draw.number(other), draw.get(other)) for role, other in pairs.items()
    })  # fmt: skip


@kind("log odds ratio typed as a standardised difference", STRANGER)
def _log_odds(draw: Draw) -> Cells | None:
    if draw.sheet == "reported_rates" or draw.get("measure") in RATIOS:
        return None
    return _scaled(draw, LOG_ODDS_PER_SMD, *INTERVAL, "g", "se")


@kind("result of the largest study typed as the pool", STRANGER)
def _largest(draw: Draw) -> Cells | None:
    pairs = dict(zip(INTERVAL, ("largest", "largest_low", "largest_high"), strict=True))
    if not draw.has(*pairs.values()):
        return None
    return draw.cells({role: draw.get(other) for role, other in pairs.items()})


@kind("events of one arm typed in both", STRANGER)
def _same_events(draw: Draw) -> Cells | None:
    if not draw.has("events_1", "events_2"):
        return None
    return draw.cells({"events_2": draw.get("events_1")})


@kind("standard error typed for the standard deviation of one arm", STRANGER)
def _one_se(draw: Draw) -> Cells | None:
    arm = draw.rng.choice("12")
    if not draw.has(f"sd_{arm}", f"n_{arm}"):
        return None
    return _scaled(draw, 1 / math.sqrt(draw.number(f"n_{arm}")), f"sd_{arm}")


@kind("interquartile ranges typed as standard deviations", STRANGER)
def _quartiles(draw: Draw) -> Cells | None:
    return _scaled(draw, IQR_PER_SD, "sd_1", "sd_2")


@kind("decimal point slipped in mean and standard deviation of one arm", STRANGER)
def _slipped_arm(draw: Draw) -> Cells | None:
    arm, power = draw.rng.choice("12"), draw.rng.choice([-1, 1])
    held = [role for role in (f"mean_{arm}", f"sd_{arm}") if draw.has(role)]
    return draw.cells({role: shifted(draw.get(role), power) for role in held})


@kind("codes of the row above", STRANGER)
def _codes_of_above(draw: Draw) -> Cells | None:
    roles = [role for role in ("condition", "outcome", "measure") if role in ROLES[draw.sheet]]
    above = Draw(draw.rng, draw.sheet, draw.rows, draw.index - 1, draw.codes)
    if draw.index == 0 or not roles:
        return None
    return draw.cells({role: above.get(role) for role in roles})


@kind("limits of the common-effect model", STRANGER)
def _common_effect(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL, "i2") or draw.get("measure") in RATIOS:
        return None
    middle, factor = draw.number("estimate"), math.sqrt(1 - draw.number("i2") / 100)
    return draw.cells({
        role: like(middle + factor * (draw.number(role) - middle), draw.get(role))
        for role in ("low", "high")
    })  # fmt: skip


@kind("zero behind the point lost", STRANGER)
def _zero_lost(draw: Draw) -> Cells | None:
    held = [
        role for role in (*INTERVAL, "g", "se", "p", "tau2")
        if draw.has(role) and ".0" in draw.get(role)
    ]  # fmt: skip
    if not held:
        return None
    role = draw.rng.choice(held)
    return draw.cells({role: draw.get(role).replace(".0", ".", 1)})
