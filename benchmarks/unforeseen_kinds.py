"""A fourth set of kinds: mishaps of spreadsheets, of places, of units and of copying from a PDF.

Written down before any rule was made for them, and none of them stands in another set.
"""

import itertools
import math

import numpy as np

from benchmarks.error_kinds import (
    INTERVAL,
    RATIOS,
    ROLES,
    WEEKS_PER_MONTH,
    Cells,
    Draw,
    Kind,
    kind,
    like,
    negated,
    shifted,
)
from python_udfs.kernels.tails import p_from_chi2

UNFORESEEN: dict[str, Kind] = {}

COUNTS = ("k", "n_1", "n_2", "n", "i2", "tau2", "q")
"""Columns that stand side by side in the sheet of effects."""
ALIKE = {"0": "8", "1": "7", "3": "8", "5": "6", "6": "5", "7": "1", "8": "3"}
"""Digits that a scanned page makes of one another."""
MONTHS_PER_YEAR = 12
UNADJUSTED = 1.3


def _turned(draw: Draw, changes: dict[str, float]) -> Cells | None:
    """Computed numbers with the decimals of what they replace."""
    return draw.cells({role: like(number, draw.get(role)) for role, number in changes.items()})


# Mishaps of a spreadsheet


@kind("column inserted in front of the estimate", UNFORESEEN)
def _inserted(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL):
        return None
    return draw.cells({"estimate": "", "low": draw.get("estimate"), "high": draw.get("low")})


@kind("counts shifted by one column", UNFORESEEN)
def _shifted_counts(draw: Draw) -> Cells | None:
    if draw.sheet != "reported_effects" or not draw.has("k", "n"):
        return None
    return draw.cells({role: draw.get(after) for role, after in itertools.pairwise(COUNTS)})


@kind("decimal comma in one cell", UNFORESEEN)
def _comma(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "p")
    if role is None or "." not in draw.get(role):
        return None
    return draw.cells({role: draw.get(role).replace(".", ",")})


@kind("cell formatted as a percentage", UNFORESEEN)
def _percent_format(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "i2", "p")
    return role and draw.cells({role: f"{shifted(draw.get(role), 2)}%"})


@kind("zero typed for what is not reported", UNFORESEEN)
def _zero(draw: Draw) -> Cells | None:
    return _placeholder(draw, "0", "k", "n", "se", "p", "i2", "q", "tau2")


@kind("999 typed for what is not reported", UNFORESEEN)
def _999(draw: Draw) -> Cells | None:
    return _placeholder(draw, "999", "k", "n", "se", "i2", "months")


def _placeholder(draw: Draw, text: str, *roles: str) -> Cells | None:
    empty = [role for role in roles if role in ROLES[draw.sheet] and not draw.get(role)]
    return draw.cells({draw.rng.choice(empty): text}) if empty else None


@kind("months of the row above filled down", UNFORESEEN)
def _months_of_above(draw: Draw) -> Cells | None:
    above = Draw(draw.rng, draw.sheet, draw.rows, draw.index - 1, draw.codes)
    if draw.index == 0 or not above.has("months"):
        return None
    return draw.cells({"months": above.get("months")})


@kind("year of the row above", UNFORESEEN)
def _year_of_above(draw: Draw) -> Cells | None:
    above = Draw(draw.rng, draw.sheet, draw.rows, draw.index - 1, draw.codes)
    if draw.index == 0 or not above.has("year"):
        return None
    return draw.cells({"year": above.get("year")})


# Numbers of another place


@kind("result and counts of a part typed for the whole", UNFORESEEN)
def _part_for_whole(draw: Draw) -> Cells | None:
    roles = ROLES[draw.sheet]
    parts = [
        row for row in draw.rows
        if row.get("meta_analysis_id") == draw.get("owner") and row.get("scope") == "subgroup"
        and row.get("outcome") == draw.get("outcome")
        and row.get("condition") == draw.get("condition")
    ]  # fmt: skip
    if draw.get("scope") != "overall" or not parts:
        return None
    other = draw.rng.choice(parts)
    copied = (*INTERVAL, "p_operator", "p", "k", "n", "i2", "q")
    return draw.cells({role: other[roles[role]] for role in copied})


@kind("unadjusted ratio typed for the adjusted one", UNFORESEEN)
def _unadjusted(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") not in RATIOS:
        return None
    factor = UNADJUSTED if draw.number("estimate") > 1 else 1 / UNADJUSTED
    return _turned(draw, {role: draw.number(role) * factor for role in INTERVAL})


@kind("another set of participants", UNFORESEEN)
def _analysis_set(draw: Draw) -> Cells | None:
    others = [code for code in ("itt", "completers") if code != draw.get("analysis_set")]
    if not draw.get("analysis_set"):
        return None
    return draw.cells({"analysis_set": draw.rng.choice(others)})


@kind("guidance of another row", UNFORESEEN)
def _guidance(draw: Draw) -> Cells | None:
    return _code_of_another(draw, "guidance")


@kind("therapy of another row", UNFORESEEN)
def _therapy(draw: Draw) -> Cells | None:
    return _code_of_another(draw, "therapy")


def _code_of_another(draw: Draw, role: str) -> Cells | None:
    column = ROLES[draw.sheet].get(role, "")
    held = [row[column] for row in draw.rows if row.get(column)]
    return draw.cells({role: draw.rng.choice(held)}) if draw.get(role) else None


@kind("means of the arms exchanged", UNFORESEEN)
def _means(draw: Draw) -> Cells | None:
    if not draw.has("mean_1", "mean_2"):
        return None
    return draw.cells({"mean_1": draw.get("mean_2"), "mean_2": draw.get("mean_1")})


@kind("totals of the arms exchanged", UNFORESEEN)
def _totals(draw: Draw) -> Cells | None:
    if not draw.has("total_1", "total_2"):
        return None
    return draw.cells({"total_1": draw.get("total_2"), "total_2": draw.get("total_1")})


@kind("events of both arms typed in one", UNFORESEEN)
def _all_events(draw: Draw) -> Cells | None:
    if not draw.has("events_1", "events_2"):
        return None
    arm = draw.rng.choice("12")
    both = draw.number("events_1") + draw.number("events_2")
    return draw.cells({f"events_{arm}": f"{both:.0f}"})


# One statistic for another


@kind("p of the test of heterogeneity typed as p", UNFORESEEN)
def _p_of_q(draw: Draw) -> Cells | None:
    if not draw.has("p", "q", "k") or draw.number("k") < 2:
        return None
    (p,) = p_from_chi2(np.array([draw.number("q")]), np.array([draw.number("k") - 1]))
    return draw.cells({"p_operator": "=" if p >= 0.001 else "<", "p": f"{max(p, 0.001):.3f}"})


@kind("p of the small-study test typed as p", UNFORESEEN)
def _p_of_egger(draw: Draw) -> Cells | None:
    if not draw.has("p", "egger"):
        return None
    return draw.cells({"p_operator": "=", "p": draw.get("egger")})


@kind("threshold typed as the p-value", UNFORESEEN)
def _threshold(draw: Draw) -> Cells | None:
    if not draw.has("p") or draw.number("p") >= 0.05 or draw.get("p_operator") == "<":
        return None
    return draw.cells({"p": "0.05"})


@kind("z typed as the estimate", UNFORESEEN)
def _z(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") in RATIOS or draw.sheet == "reported_rates":
        return None
    width = draw.number("high") - draw.number("low")
    if not width:
        return None
    return _turned(draw, {"estimate": draw.number("estimate") * 3.92 / width})


@kind("Q's degrees of freedom typed as Q", UNFORESEEN)
def _df(draw: Draw) -> Cells | None:
    if not draw.has("q", "k"):
        return None
    return draw.cells({"q": f"{draw.number('k') - 1:.0f}"})


@kind("I2 and tau2 exchanged", UNFORESEEN)
def _i2_tau2(draw: Draw) -> Cells | None:
    if not draw.has("i2", "tau2"):
        return None
    return draw.cells({"i2": draw.get("tau2"), "tau2": draw.get("i2")})


@kind("variances typed as standard deviations", UNFORESEEN)
def _variances(draw: Draw) -> Cells | None:
    held = [role for role in ("sd_1", "sd_2") if draw.has(role)]
    return _turned(draw, {role: draw.number(role) ** 2 for role in held})


@kind("standard error of the difference typed as both standard deviations", UNFORESEEN)
def _se_of_difference(draw: Draw) -> Cells | None:
    if not draw.has("sd_1", "sd_2", "n_1", "n_2"):
        return None
    se = math.hypot(
        *(draw.number(f"sd_{arm}") / math.sqrt(draw.number(f"n_{arm}")) for arm in "12")
    )
    return _turned(draw, {"sd_1": se, "sd_2": se})


@kind("percentages typed as events", UNFORESEEN)
def _percentages(draw: Draw) -> Cells | None:
    held = [arm for arm in "12" if draw.has(f"events_{arm}", f"total_{arm}")]
    held = [arm for arm in held if draw.number(f"total_{arm}")]
    return draw.cells({
        f"events_{arm}": f"{100 * draw.number(f'events_{arm}') / draw.number(f'total_{arm}'):.0f}"
        for arm in held
    })  # fmt: skip


@kind("odds typed as a percentage", UNFORESEEN)
def _odds(draw: Draw) -> Cells | None:
    if draw.sheet != "reported_rates" or not draw.has("estimate"):
        return None
    held = [role for role in INTERVAL if draw.has(role) and draw.number(role) < 100]
    return _turned(
        draw, {role: 100 * draw.number(role) / (100 - draw.number(role)) for role in held}
    )


# Limits on another scale, or from another origin


@kind("distances from the estimate typed as limits", UNFORESEEN)
def _distances(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL):
        return None
    middle = draw.number("estimate")
    return _turned(draw, {"low": middle - draw.number("low"), "high": draw.number("high") - middle})


@kind("limits with their signs turned, the estimate not", UNFORESEEN)
def _turned_limits(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") in RATIOS or draw.sheet == "reported_rates":
        return None
    return draw.cells({"low": negated(draw.get("high")), "high": negated(draw.get("low"))})


@kind("limits as logarithms beside a ratio", UNFORESEEN)
def _log_limits(draw: Draw) -> Cells | None:
    if not draw.has(*INTERVAL) or draw.get("measure") not in RATIOS or draw.number("low") <= 0:
        return None
    return _turned(draw, {role: math.log(draw.number(role)) for role in ("low", "high")})


@kind("logarithm to the base of ten", UNFORESEEN)
def _log10(draw: Draw) -> Cells | None:
    if draw.get("measure") not in RATIOS:
        return None
    held = [role for role in INTERVAL if draw.has(role) and draw.number(role) > 0]
    changed = _turned(draw, {role: math.log10(draw.number(role)) for role in held})
    return changed and changed | {ROLES[draw.sheet]["measure"]: f"log_{draw.get('measure')}"}


# Other units


@kind("years typed as months", UNFORESEEN)
def _years(draw: Draw) -> Cells | None:
    if not draw.has("months"):
        return None
    return draw.cells({"months": f"{draw.number('months') / MONTHS_PER_YEAR:.2g}"})


@kind("months typed where weeks are due", UNFORESEEN)
def _weeks(draw: Draw) -> Cells | None:
    if not draw.has("weeks"):
        return None
    return draw.cells({"weeks": f"{draw.number('weeks') / WEEKS_PER_MONTH:.0f}"})


@kind("participants of a trial typed as all", UNFORESEEN)
def _per_trial(draw: Draw) -> Cells | None:
    if not draw.has("k", "n") or draw.number("k") < 2:
        return None
    return draw.cells({"n": f"{draw.number('n') / draw.number('k'):.0f}"})


# What copying from a page does


@kind("footnote mark read as a digit", UNFORESEEN)
def _footnote(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "k", "n", "p")
    return role and draw.cells({role: draw.get(role) + draw.rng.choice("123")})


@kind("digit that looks alike", UNFORESEEN)
def _looks_alike(draw: Draw) -> Cells | None:
    role = draw.any_of(*INTERVAL, "g", "k", "n", "p", "i2")
    held = [at for at, sign in enumerate(draw.get(role or "")) if sign in ALIKE]
    if not held:
        return None
    at, text = draw.rng.choice(held), draw.get(role)
    return draw.cells({role: text[:at] + ALIKE[text[at]] + text[at + 1 :]})


@kind("two cells run together", UNFORESEEN)
def _together(draw: Draw) -> Cells | None:
    if not draw.has("k", "n"):
        return None
    return draw.cells({"k": "", "n": draw.get("k") + draw.get("n")})
