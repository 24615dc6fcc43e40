"""Mistakes of other packages with binary outcomes and proportions, each guarded against here.

The packages in which each was seen are named in the docstrings.
"""

import math

import numpy as np
import pytest

MEASURES = ("OR", "RR", "RD")


def one(call, name, *arguments):
    return call(name, *[[argument] for argument in arguments])[0]


@pytest.mark.parametrize("measure", [*MEASURES, "AS", "PETO"])
@pytest.mark.parametrize(("n1", "n2"), [(100, 50), (50, 100), (7, 993), (40, 40)])
def test_treatment_arm_correction_is_not_reversed(call, measure, n1, n2):
    """metapsyTools: a trial without events in arms of 100 and 50 had log RR -1.367, not 0."""
    for ai, ci in ((0, 0), (n1, n2)):
        row = one(call, "effect_from_counts", ai, n1, ci, n2, measure, {"zero_cells": "tacc"})
        assert row["status"] == "ok"
        assert row["yi"] == pytest.approx(0, abs=1e-15)
        if measure != "AS":
            assert row["yi"] == 0


def test_treatment_arm_correction_by_hand(call):
    """Arms of 100 and 50, 0 and 3 events: 2/3 is added to arm 1's cells, 1/3 to arm 2's."""
    row = one(call, "effect_from_counts", 0, 100, 3, 50, "OR", {"zero_cells": "tacc"})
    cells = 2 / 3, 100 + 2 / 3, 3 + 1 / 3, 47 + 1 / 3
    a, b, c, d = cells
    assert row["yi"] == pytest.approx(math.log(a * d / (b * c)), rel=1e-12)
    assert row["vi"] == pytest.approx(sum(1 / cell for cell in cells), rel=1e-12)
    ratio = one(call, "effect_from_counts", 0, 100, 3, 50, "RR", {"zero_cells": "tacc"})
    assert ratio["yi"] == pytest.approx(math.log((a / (a + b)) / (c / (c + d))), rel=1e-12)


def test_half_in_unequal_arms_is_not_neutral(call):
    """Why tacc exists: 0.5 in each cell makes 100 and 50 without events a risk ratio of 1/2."""
    row = one(call, "effect_from_counts", 0, 100, 0, 50, "RR")
    assert math.exp(row["yi"]) == pytest.approx(0.5, abs=0.01)
    assert "rests on the correction" in row["assumption"]


def test_impossible_counts_are_refused(call):
    """pimeta accepted more events than people, and negative ones."""
    for counts in ((11, 10, 3, 10), (-1, 10, 3, 10), (3, 10, 11, 10), (3, 0, 3, 10)):
        assert one(call, "effect_from_counts", *counts, "OR")["status"] == "out_of_range"
        for name in ("mantel_haenszel", "peto"):
            assert call(name, *[[[count]] for count in counts])[0]["status"] == "out_of_range"
    assert call("pool_proportions", [[11]], [[10]])[0]["status"] == "out_of_range"
    assert one(call, "log_irr_from_counts", -1, 10, 3, 10)["status"] == "out_of_range"


def test_zero_events_do_not_crash(call):
    """pimeta: logits and incidence rate ratios crashed on 0 events, one study divided by 0."""
    assert one(call, "log_irr_from_counts", 0, 10, 3, 10)["status"] == "ok"
    for method in ("logit", "arcsine", "freeman_tukey", "glmm"):
        row = call("pool_proportions", [[0, 3]], [[10, 10]], [{"method": method}])[0]
        assert row["status"] == "ok"
        row = call("pool_proportions", [[0]], [[10]], [{"method": method}])[0]
        assert row["status"] == "single_study"
    row = call("pool_proportions", [[2] * 4], [[9] * 4], [{"ci_method": "HK"}])[0]
    assert row["status"] == "no_variation"  # equal proportions under Hartung-Knapp


@pytest.mark.parametrize("rule", ["hasselblad_hedges", "cox"])
def test_standard_error_is_scaled_like_the_effect(call, rule):
    """meta (fixed in 8.4): the standard error of Cox's rule was scaled by sqrt(1.65)."""
    row = one(call, "log_odds_from_smd", 0.5, 0.04, rule)
    assert math.sqrt(row["vi"]) / 0.2 == pytest.approx(row["yi"] / 0.5, rel=1e-12)


def test_freeman_tukey_is_turned_back_at_the_harmonic_mean(call):
    """orchaRd, meta: turned back at another n, estimates left the range of the proportions."""
    events, totals = [4, 30, 2], [10, 200, 25]
    row = call("pool_proportions", [events], [totals], [{"method": "freeman_tukey"}])[0]
    n = 3 / sum(1 / total for total in totals)
    p = row["estimate"]
    arcs = (math.asin(math.sqrt(share / (n + 1))) for share in (p * n, p * n + 1))
    assert sum(arcs) / 2 == pytest.approx(row["scale_estimate"], rel=1e-9)
    proportions = [x / total for x, total in zip(events, totals, strict=True)]
    assert min(proportions) < row["estimate"] < max(proportions)


@pytest.mark.parametrize("events", [[0, 0, 0], [10, 40, 25]])
def test_freeman_tukey_stays_between_zero_and_one(call, events):
    """Beyond the values of 0 and n Miller's formula turns round; the limits stay there instead."""
    row = call("pool_proportions", [events], [[10, 40, 25]], [{"method": "freeman_tukey"}])[0]
    limits = [row[field] for field in ("pi_low", "ci_low", "estimate", "ci_high", "pi_high")]
    assert limits == sorted(limits)
    assert limits[0] >= 0
    assert limits[-1] <= 1


def test_risk_hazard_and_rate_ratios_are_not_taken_as_odds_ratios(call):
    """metaumbrella: every ratio was converted as if it were an odds ratio."""
    ratio = 2.0
    odds = one(call, "or_from_rr", ratio, None, None, 0.3, 0.95)["estimate"]
    risk = one(call, "rr_from_hr", ratio, None, None, 0.95)["estimate"]
    assert odds == pytest.approx(3.5)
    assert risk < ratio < odds


def test_ratios_are_logged(call):
    """A ratio of 1 is no effect; the limits of a null effect surround 0."""
    row = one(call, "log_ratio_from_ci", 1.0, 0.5, 2.0, 0.95)
    assert row["yi"] == 0
    assert math.sqrt(row["vi"]) == pytest.approx(math.log(4) / 2 / 1.959963984540054, rel=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_level_of_the_interval_is_heeded(call, level):
    """90 % intervals read as 95 %."""
    pooled = call("mantel_haenszel", [[5, 9]], [[40, 60]], [[11, 10]], [[42, 55]],
                  [{"ci_level": level}])[0]  # fmt: skip
    ratio, low, high = (math.exp(pooled[field]) for field in ("estimate", "ci_low", "ci_high"))
    row = one(call, "log_ratio_from_ci", ratio, low, high, level)
    assert math.sqrt(row["vi"]) == pytest.approx(pooled["se"], rel=1e-9)


def test_standard_error_and_variance_are_not_mixed(call):
    row = one(call, "effect_from_counts", 12, 50, 25, 48, "OR")
    pooled = call("mantel_haenszel", [[12]], [[50]], [[25]], [[48]])[0]
    assert pooled["se"] ** 2 == pytest.approx(row["vi"], rel=1e-12)


def test_one_sign_convention(call):
    """Fewer events in arm 1 is negative in every measure, single or pooled."""
    for measure in (*MEASURES, "AS", "PETO"):
        assert one(call, "effect_from_counts", 5, 50, 20, 50, measure)["yi"] < 0
    for name in ("mantel_haenszel", "peto"):
        assert call(name, [[5, 6]], [[50, 50]], [[20, 20]], [[50, 50]])[0]["estimate"] < 0
    assert one(call, "log_irr_from_counts", 5, 50, 20, 50)["yi"] < 0


@pytest.mark.parametrize("d", [-0.7, 0.7])
def test_benefit_has_one_sign_in_every_nnt(call, d):
    """A larger share of responders is a positive number, whichever way it is computed."""
    log_or = one(call, "log_odds_from_smd", d, 0.02, "hasselblad_hedges")["yi"]
    numbers = [
        one(call, "nnt_from_smd", d, None, None, 0.3, "furukawa"),
        one(call, "nnt_from_smd", d, None, None, None, "kraemer_kupfer"),
        one(call, "nnt_from_or", math.exp(log_or), None, None, 0.3, "desired"),
        one(call, "nnt_from_or", math.exp(-log_or), None, None, 0.3, "undesired"),
    ]
    assert all(np.sign(row["estimate"]) == np.sign(d) for row in numbers)


def test_table_behind_an_odds_ratio_with_an_empty_cell(call):
    """metaumbrella, metaConvert: 10/0/90/100 came back as 11/1/89/99."""
    printed = round(10.5 * 100.5 / (90.5 * 0.5), 2)
    row = one(call, "counts_from_or", printed, 2, 100, 100, 10)
    assert (row["ai"], row["ci"], row["status"]) == (10, 0, "ok")
    assert "0.5 added" in row["assumption"]


def test_every_table_behind_a_precise_odds_ratio_is_found(call):
    """All tables of two small arms, printed with six decimals, and read back."""
    tables = [(a, c) for a in range(10) for c in range(13) if 0 < a + c < 21]
    ratios = []
    for a, c in tables:
        half = 0.5 if a in (0, 9) or c in (0, 12) else 0.0
        ratios.append((a + half) * (12 - c + half) / ((9 - a + half) * (c + half)))
    size = len(tables)
    rows = call("counts_from_or", [round(ratio, 6) for ratio in ratios], [6] * size, [9] * size,
                [12] * size, [a + c for a, c in tables])  # fmt: skip
    assert [(row["ai"], row["ci"]) for row in rows] == tables


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((1.5, 2, 100, 100, 10), "ok"),
        ((1.6, 2, 100, 100, 10), "no_table_matches"),
        ((1.5, 0, 100, 100, 100), "several_tables_match"),
        ((None, 2, 100, 100, 10), "missing_input"),
        ((1.5, 2, 100, 100, None), "missing_input"),
        ((1.5, 2, 100.5, 100, 10), "out_of_range"),
        ((1.5, 2, 100, 100, 201), "out_of_range"),
        ((0.0, 2, 100, 100, 10), "out_of_range"),
        ((1.5, -1, 100, 100, 10), "out_of_range"),
        ((math.inf, 2, 100, 100, 10), "out_of_range"),
        ((1.5, 2, 1e300, 1e300, 1e300), "out_of_range"),
        ((1.5, 2, 4e15, 4e15, 4e15), "several_tables_match"),
    ],
)
def test_a_table_is_never_guessed(call, arguments, status):
    if status == "ok":
        arguments = (round(6 * 96 / (94 * 4), 2), *arguments[1:])
    row = one(call, "counts_from_or", *arguments)
    assert row["status"] == status
    assert {row[field] is None for field in ("ai", "ci", "assumption")} == {status != "ok"}
