"""The claim audit a second time, straight from the CSV files: exact fractions, no SQL, no kernels.

`verdicts(folder)` returns {check_id: verdict}, `statistics(folder)` returns the point values of the
tests. Where SQL works with binary fractions and a slack, this works with exact ones, so a verdict
at the very edge of a rounding interval would show as a difference.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
LINEAR, RATIO = {"SMD", "MD"}, {"OR", "RR"}
RATES = {"dropout", "adherence", "completion", "satisfaction", "response", "remission"}
CONSISTENT, CONFLICT, NOT_CHECKABLE = "consistent", "conflict", "not_checkable"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of one sheet; cells are stripped text, '' when empty."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [{k: (v or "").strip() for k, v in row.items()} for row in csv.DictReader(file)]


class Printed:
    """A printed number: its value and the closed range of values that round to it."""

    def __init__(self, text: str) -> None:
        self.value = Fraction(text)
        half = Fraction(1, 2 * 10 ** len(text.partition(".")[2]))
        self.low, self.high = self.value - half, self.value + half


def printed(text: str) -> Printed | None:
    return Printed(text) if text else None


def p_two_sided(z: float) -> float:
    """Two-sided normal p of a test statistic."""
    return math.erfc(abs(z) / math.sqrt(2))


def verdict(possible: bool | None) -> str:
    return {True: CONSISTENT, False: CONFLICT, None: NOT_CHECKABLE}[possible]


class Claim:
    """A published effect with its ranges on the scale on which intervals are symmetric."""

    def __init__(self, row: dict[str, str]) -> None:
        self.row = row
        self.estimate = Printed(row["estimate"])
        self.low, self.high = printed(row["ci_low"]), printed(row["ci_high"])
        self.measure = row["measure"]
        self.has_interval = self.low is not None and self.high is not None

    def scaled(self, number: Fraction) -> float | Fraction | None:
        if self.measure in LINEAR:
            return number
        return math.log(number) if self.measure in RATIO and number > 0 else None

    def in_order(self) -> bool | None:
        return self.low.low <= self.high.high if self.has_interval else None

    def inside(self) -> bool | None:
        if not self.in_order():
            return None
        return self.estimate.high >= self.low.low and self.estimate.low <= self.high.high

    def symmetric(self) -> bool | None:
        if not self.has_interval:
            return None
        points = [
            self.scaled(n)
            for n in (
                self.estimate.low,
                self.estimate.high,
                self.low.low,
                self.high.low,
                self.low.high,
                self.high.high,
            )
        ]
        if None in points:
            return None
        smallest, largest, a, b, c, d = points
        return largest >= (a + b) / 2 and smallest <= (c + d) / 2

    def has_se(self) -> bool:
        return bool(
            self.in_order()
            and self.inside()
            and self.symmetric()
            and self.high.value > self.low.value
        )

    def effect(self) -> tuple[float, float, float]:
        """Point, smallest and largest estimate on the scale."""
        e = self.estimate
        return tuple(float(self.scaled(n)) for n in (e.value, e.low, e.high))

    def se(self) -> tuple[float, float, float]:
        """Point, smallest and largest standard error on the scale."""
        low, high = self.low, self.high
        widths = (
            (high.value, low.value),
            (high.low, low.high),
            (high.high, low.low),
        )
        se, smallest, largest = (
            float(self.scaled(h) - self.scaled(b)) / (2 * Z) for h, b in widths
        )
        return se, max(smallest, 0.0), largest


def nearest_and_farthest(low: float, high: float) -> tuple[float, float]:
    """Smallest and largest distance from zero within a range."""
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    return nearest, max(abs(low), abs(high))


def ratio(distance: float, se: float) -> float:
    return distance / se if se > 0 else math.inf


def p_possible(claim: Claim) -> bool | None:
    if not claim.has_se():
        return None
    _, low, high = claim.effect()
    _, se_low, se_high = claim.se()
    near, far = nearest_and_farthest(low, high)
    p_low, p_high = p_two_sided(ratio(far, se_low)), p_two_sided(ratio(near, se_high))
    p, operator = Printed(claim.row["p_value"]), claim.row["p_operator"]
    if operator.startswith("<"):
        return p_low <= p.value
    if operator.startswith(">"):
        return p_high >= p.value
    return p.high >= p_low and p.low <= p_high


def claim_checks(claims: dict[str, Claim]) -> dict[str, str]:
    found = {}
    for key, claim in claims.items():
        found[f"interval_limits_in_order:claim:{key}"] = verdict(claim.in_order())
        found[f"estimate_inside_interval:claim:{key}"] = verdict(claim.inside())
        found[f"interval_symmetric_on_its_scale:claim:{key}"] = verdict(claim.symmetric())
        if claim.row["p_value"]:
            found[f"p_consistent_with_interval:claim:{key}"] = verdict(p_possible(claim))
    return found


def cohen_possible(claim: Claim, word: str, bands: dict[str, tuple]) -> bool | None:
    if claim.measure != "SMD" or word not in bands:
        return None
    near, far = nearest_and_farthest(claim.estimate.low, claim.estimate.high)
    low, high = bands[word]
    return far >= low and (high is None or near < high)


def significance_possible(claim: Claim, word: str) -> bool | None:
    if not claim.in_order() or claim.measure not in LINEAR | RATIO:
        return None
    null = 1 if claim.measure in RATIO else 0
    if word == "significant":
        return claim.low.high > null or claim.high.low < null
    return claim.low.low <= null <= claim.high.high


def word_checks(claims: dict[str, Claim], folder: Path) -> dict[str, str]:
    table = sorted(
        (Fraction(r["lower_bound"]), r["band"]) for r in rows(folder, "protocol/cohen_bands.csv")
    )
    uppers = [bound for bound, _ in table[1:]] + [None]
    words_from = {
        r["band"]: Fraction(r["word_lower_bound"]) for r in rows(folder, "protocol/cohen_bands.csv")
    }
    bands = {band: (words_from[band], high) for (_, band), high in zip(table, uppers, strict=True)}
    found = {}
    for row in rows(folder, "published/published_words.csv"):
        claim = claims[row["claim_id"]]
        if row["kind"] == "cohen":
            rule, possible = "cohen_word_equals_number", cohen_possible(claim, row["word"], bands)
        else:
            rule = "significance_word_matches_interval"
            possible = significance_possible(claim, row["word"])
        found[f"{rule}:word:{row['word_id']}"] = verdict(possible)
    return found


def difference_test(a: Claim, b: Claim) -> tuple[float, float] | None:
    """Q between two pools and its p at the printed values."""
    if a.measure != b.measure or a.row["outcome"] != b.row["outcome"]:
        return None
    if not (a.has_se() and b.has_se()):
        return None
    z = (a.effect()[0] - b.effect()[0]) / math.hypot(a.se()[0], b.se()[0])
    return z * z, p_two_sided(z)


def difference_possible(a: Claim, b: Claim, stated: str) -> bool:
    (_, a_low, a_high), (_, b_low, b_high) = a.effect(), b.effect()
    if stated == "a_greater":
        z = ratio(a_high - b_low, math.hypot(a.se()[1], b.se()[1]))
        return a_high > b_low and p_two_sided(z) < 0.05
    near, _ = nearest_and_farthest(a_low - b_high, a_high - b_low)
    return p_two_sided(ratio(near, math.hypot(a.se()[2], b.se()[2]))) >= 0.05


def comparison_checks(claims: dict[str, Claim], folder: Path) -> dict[str, str]:
    found = {}
    for row in rows(folder, "published/published_comparisons.csv"):
        a, b = claims[row["claim_id_a"]], claims[row["claim_id_b"]]
        possible = None
        if row["strength"] != "hedged" and difference_test(a, b) is not None:
            possible = difference_possible(a, b, row["stated"])
        found[f"asserted_difference_supported:comparison:{row['comparison_id']}"] = verdict(
            possible
        )
    return found


def statistics(folder: Path) -> dict[str, tuple[float, float] | None]:
    """{comparison_id: (Q between, p)} at the printed values."""
    claims = published_claims(folder)
    return {
        r["comparison_id"]: difference_test(claims[r["claim_id_a"]], claims[r["claim_id_b"]])
        for r in rows(folder, "published/published_comparisons.csv")
    }


def shares_within_bounds(row: dict[str, str], is_rate: bool) -> bool | None:
    """Whether every share of a count can lie within 0 and 100 percent; None when it has none."""
    answers = []
    if row["numerator"] and row["denominator"]:
        answers.append(0 <= int(row["numerator"]) <= int(row["denominator"]))
    columns = ["percent"] + (["range_low", "range_high"] if is_rate else [])
    for column in columns:
        if row[column]:
            number = Printed(row[column])
            answers.append(number.high >= 0 and number.low <= 100)
    return all(answers) if answers else None


def count_checks(row: dict[str, str]) -> dict[str, str]:
    """Checks of one count that need no other count."""
    key = row["count_id"]
    found = {}
    is_rate = bool(row["percent"]) or row["topic"] in RATES
    if row["percent"] and row["numerator"] and row["denominator"]:
        share = Fraction(row["numerator"]) * 100 / Fraction(row["denominator"])
        percent = Printed(row["percent"])
        possible = percent.low <= share <= percent.high
        found[f"percent_equals_fraction:count:{key}"] = verdict(possible)
    bounded = shares_within_bounds(row, is_rate)
    if bounded is not None:
        found[f"percent_within_0_100:count:{key}"] = verdict(bounded)
    low, high = printed(row["range_low"]), printed(row["range_high"])
    if low and high:
        in_order = low.low <= high.high
        found[f"interval_limits_in_order:count:{key}"] = verdict(in_order)
        centre = printed(row["percent"] or row["value"])
        if centre:
            rule = "median_inside_iqr" if row["interval_kind"] == "iqr" else "value_inside_range"
            inside = centre.high >= low.low and centre.low <= high.high
            found[f"{rule}:count:{key}"] = verdict(inside if in_order else None)
    return found


def flow_checks(counts: list[dict[str, str]]) -> dict[str, str]:
    steps = [row for row in counts if row["topic"] == "flow" and row["value"]]
    return {
        f"flow_does_not_increase:count:{after['count_id']}": verdict(
            int(after["value"]) <= int(before["value"])
        )
        for before, after in pairwise(steps)
    }


def part_numbers(row: dict[str, str]) -> list[Printed]:
    numbers = [row["percent"] or row["value"]]
    if row["interval_kind"] == "range":
        numbers += [row["range_low"], row["range_high"]]
    return [Printed(text) for text in numbers if text]


def overall_checks(counts: list[dict[str, str]]) -> dict[str, str]:
    found = {}
    for row in counts:
        if (row["item"], row["condition"], row["interval_kind"]) != ("overall", "all", "range"):
            continue
        parts = [
            number
            for part in counts
            if part["topic"] == row["topic"] and part["condition"] not in ("", "all")
            for number in part_numbers(part)
        ]
        low, high = Printed(row["range_low"]).low, Printed(row["range_high"]).high
        held = all(part.high >= low and part.low <= high for part in parts) if parts else None
        found[f"range_contains_part:count:{row['count_id']}"] = verdict(held)
    return found


def sum_checks(
    claims: dict[str, Claim], counts: list[dict[str, str]], folder: Path
) -> dict[str, str]:
    by_id = {row["count_id"]: row for row in counts}
    sums = defaultdict(lambda: {"whole": [], "part": []})
    for row in rows(folder, "published/published_parts.csv"):
        text = row["value"]
        if row["field"]:
            source = by_id.get(row["count_id"]) or claims[row["claim_id"]].row
            text = source[row["field"]]
        number = Printed(text)
        if row["unit"] == "count" or (row["part_kind"] == "whole" and not row["field"]):
            number.low = number.high = number.value
        sums[row["sum_id"]][row["part_kind"]].append(number)
    found = {}
    for key, numbers in sums.items():
        (whole,) = numbers["whole"]
        low, high = sum(n.low for n in numbers["part"]), sum(n.high for n in numbers["part"])
        found[f"parts_add_up:sum:{key}"] = verdict(low <= whole.high and high >= whole.low)
    return found


def published_claims(folder: Path) -> dict[str, Claim]:
    return {row["claim_id"]: Claim(row) for row in rows(folder, "published/published_claims.csv")}


def verdicts(folder: Path) -> dict[str, str]:
    """Every check of the sheets in a folder: {check_id: verdict}."""
    claims = published_claims(folder)
    counts = rows(folder, "published/published_counts.csv")
    found = claim_checks(claims) | word_checks(claims, folder) | comparison_checks(claims, folder)
    for row in counts:
        found |= count_checks(row)
    return found | flow_checks(counts) | overall_checks(counts) | sum_checks(claims, counts, folder)
