"""The verdicts of replication: a second time without the rules, and the known cases by name."""

from __future__ import annotations

import csv
import math
import re

import pytest

from tests.python.audit.independent_audit import Claim, Printed, published_claims, rows
from tests.python.conftest import ROOT

pytestmark = pytest.mark.build

# Recomputations that contradict the claim beside which they stand.
CONTRADICTED = {
    "C009": "effect_apart",  # largest meta-analysis of depression
    "C038": "effect_apart",  # depression, guided
    "C041": "effect_apart",  # anxiety, unguided
    "N015": "share_other",  # dropout in depression
    "K002": "greater_not_significant",  # guided against unguided, depression
    "K004": "greater_not_significant",  # ... post-traumatic stress disorder
}


def recomputed(connection) -> dict[str, dict]:
    """Every statement with what is recomputed and its verdict, by its identifier."""
    relation = connection.sql("select * from fct_claim_audit")
    return {row[0]: dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()}


def side(value: float, none: float) -> int:
    return (value > none) - (value < none)


def effect_verdict(claim: Claim, ours: dict) -> str:
    """The verdict of an effect."""
    estimate, low, high = (ours[f"recomputed_{key}"] for key in ("estimate", "ci_low", "ci_high"))
    if ours["recomputed_status"] in ("not_recomputed", "circular") or not claim.inside():
        return "not_tested"
    if estimate is None:
        return "too_few"
    none = 1 if claim.measure in {"OR", "RR"} else 0
    printed_low, printed_high = float(claim.low.low), float(claim.high.high)
    if low > printed_high or high < printed_low:
        return "contradicted"
    holds_printed = low <= float(claim.estimate.high) and high >= float(claim.estimate.low)
    is_clear = low > none or high < none
    printed_is_clear = claim.low.value > none or claim.high.value < none
    if printed_is_clear and not is_clear:
        return "too_few" if holds_printed else "contradicted"
    if is_clear and not printed_is_clear and not holds_printed:
        return "contradicted"
    scale = math.log if none else float
    width = scale(float(claim.high.value)) - scale(float(claim.low.value))
    if not (is_clear or printed_is_clear):
        if scale(high) - scale(low) > 2 * width:
            return "too_few"
        if holds_printed:
            return "reproduced"
    if holds_printed and printed_low <= estimate <= printed_high:
        return "reproduced"
    same = side(estimate, none) == side(float(claim.estimate.value), none)
    return "same_direction" if same else "contradicted"


def comparison_verdict(row: dict[str, str], a: Claim, b: Claim, ours: dict) -> str:
    """The verdict of a comparison; p by the normal distribution from the interval."""
    if a.measure != "SMD":
        return "not_tested"
    difference, low, high = (ours[f"recomputed_{key}"] for key in ("estimate", "ci_low", "ci_high"))
    if difference is None:
        return "too_few"
    is_clear = low > 0 or high < 0
    if row["stated"] == "no_difference":
        width = 2 * 1.959964 * math.hypot(a.se()[0], b.se()[0])
        if is_clear:
            return "contradicted"
        return "too_few" if high - low > 2 * width else "reproduced"
    if is_clear:
        return "reproduced" if difference > 0 else "contradicted"
    if row["strength"] == "significantly":
        return "contradicted"
    smallest = float(a.estimate.low - b.estimate.high)
    largest = float(a.estimate.high - b.estimate.low)
    if low <= largest and high >= smallest:
        return "too_few"
    return "same_direction" if difference > 0 else "contradicted"


def count_verdict(row: dict[str, str], ours: dict, n_included: int) -> str:
    """The verdict of a count, a share or a range."""
    low, high = ours["recomputed_ci_low"], ours["recomputed_ci_high"]
    if ours["recomputed_status"] in ("not_recomputed", "circular"):
        return "not_tested"
    if ours["measure"] == "count" and row["topic"] != "amstar":
        return "not_tested"
    if ours["recomputed_estimate"] is None and low is None:
        return "too_few"
    if row["topic"] == "amstar" and 2 * ours["recomputed_k"] < n_included:
        return "too_few"
    if row["interval_kind"] == "largest":
        if high > float(Printed(row["range_high"]).high):
            return "same_direction"
        return "reproduced" if high >= float(Printed(row["range_low"]).low) else "contradicted"
    if row["interval_kind"] == "range":
        if low == high:
            return "too_few"
        inside = low >= float(Printed(row["range_low"]).low)
        inside &= high <= float(Printed(row["range_high"]).high)
        return "reproduced" if inside else "contradicted"
    centre = Printed(row["percent"] or row["value"])
    if row["topic"] == "amstar" and row["interval_kind"] == "iqr":
        inside = Printed(row["range_low"]).low <= ours["recomputed_estimate"]
        inside &= ours["recomputed_estimate"] <= Printed(row["range_high"]).high
        return "reproduced" if inside else "contradicted"
    if row["topic"] != "amstar" and high - low > float(centre.value):
        return "too_few"
    return "reproduced" if low <= centre.high and high >= centre.low else "contradicted"


def test_every_verdict_is_given_again_without_the_rules(shipped, shipped_sheets):
    found, claims = recomputed(shipped), published_claims(shipped_sheets)
    ((n_included,),) = shipped.sql(
        "select count(*) from dim_meta_analyses where eligibility = 'included'"
    ).fetchall()
    expected = {key: effect_verdict(claim, found[key]) for key, claim in claims.items()}
    for row in rows(shipped_sheets, "published/published_comparisons.csv"):
        a, b = claims[row["claim_id_a"]], claims[row["claim_id_b"]]
        key = row["comparison_id"]
        expected[key] = comparison_verdict(row, a, b, found[key])
    for row in rows(shipped_sheets, "published/published_counts.csv"):
        expected[row["count_id"]] = count_verdict(row, found[row["count_id"]], n_included)
    expected |= {key: "not_tested" for key in found if found[key]["subject_kind"] == "sum"}
    assert {key: row["replication"] for key, row in found.items()} == expected


def test_every_statement_has_both_verdicts_by_a_rule_and_in_words(shipped):
    found = recomputed(shipped).values()
    assert {row["arithmetic"] for row in found} == {
        "consistent",
        "arithmetic conflict",
        "not checkable",
    }
    assert {row["replication"] for row in found} == {
        "reproduced",
        "same_direction",
        "contradicted",
        "too_few",
        "not_tested",
    }
    for row in found:
        assert row["replication_rule"], row["subject_id"]
        assert row["replication_reason"].endswith("."), row["subject_id"]


def test_the_known_contradictions_come_out_and_say_why(shipped):
    found = recomputed(shipped)
    assert {key: found[key]["replication_rule"] for key in CONTRADICTED} == CONTRADICTED
    assert all(found[key]["arithmetic"] == "consistent" for key in CONTRADICTED)
    for key in ("K002", "K004"):
        assert found[key]["recomputed_p"] > 0.05, key
        assert f"P = {found[key]['recomputed_p']:.3f}" in found[key]["replication_reason"]


def test_the_p_of_a_comparison_is_that_of_its_interval(shipped):
    for row in recomputed(shipped).values():
        if row["recomputed_p"] is None:
            continue
        se = (row["recomputed_ci_high"] - row["recomputed_ci_low"]) / (2 * 1.959963984540054)
        z = row["recomputed_estimate"] / se
        assert row["recomputed_p"] == pytest.approx(math.erfc(abs(z) / math.sqrt(2)), rel=1e-9)


def test_the_docs_say_what_each_fact_means(shipped, shipped_sheets):
    text = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
    table = text[text.index("| Fact |") : text.index("\n\nWhat the rules mean in short")]
    said = {
        name for line in table.splitlines() for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    known = {
        fact
        for (fact,) in shipped.sql("select distinct fact from fct_replication_facts").fetchall()
    }
    assert said == known
    path = shipped_sheets / "protocol/replication_rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        used = {
            name.strip().removeprefix("not ")
            for row in csv.DictReader(file)
            for name in row["facts"].split(";")
            if name.strip()
        }
    assert used == known
