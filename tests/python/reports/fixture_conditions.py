"""Made-up rows of the tables behind the pages of the conditions, for the fixture warehouse."""

import random
from typing import Any

from tests.python.reports import fixture_members

FIGURES = (
    {"figure_id": "funnel_depression", "kind": "funnel", "title": "Depression: funnel plot"},
    {"figure_id": "funnel_ptsd", "kind": "funnel", "title": "PTSD: funnel plot"},
    {"figure_id": "funnel_response", "kind": "funnel", "title": "Response: funnel plot"},
    {"figure_id": "leave_one_out_depression", "kind": "leave_one_out", "title": "Depression: out"},
    {"figure_id": "leave_one_out_ocd", "kind": "leave_one_out", "title": "Compulsions: out"},
    {"figure_id": "leave_one_out_response", "kind": "leave_one_out", "title": "Response: out"},
    {"figure_id": "months_depression", "kind": "months", "title": "Depression: over months"},
    {"figure_id": "months_response", "kind": "months", "title": "Response: over months"},
    {"figure_id": "dropout_depression", "kind": "dropout", "title": "Depression: dropout"},
)
CONDITIONS = {"depression": "depression", "ptsd": "ptsd", "ocd": "ocd", "response": None}
POOLED = {"funnel_depression": 0.402, "funnel_ptsd": 0.402, "funnel_response": 1.49}
RATIO = {"measure": "OR", "is_log_scale": True}
NAMES = ("Andersson G 2014", "Königbauer J 2017", "Păsărelu CR 2017", "Riper H 2014")


def figure_rows() -> list[dict[str, Any]]:
    """What rpt_figures says of these figures beside its usual texts."""
    made = []
    for row in (*FIGURES, *fixture_members.FIGURES):
        subject = row["figure_id"].rpartition("_")[2]
        extra = RATIO if subject == "response" else {}
        extra = {"measure": "percent"} if row["kind"] == "dropout" else extra
        made.append(row | extra | {"condition": CONDITIONS[subject]})
    return made


def funnel_rows() -> list[dict[str, Any]]:
    """Rows of rpt_funnel: three funnels, one with two points filled in, one of odds ratios."""
    rng = random.Random(7)
    rows = []
    for figure_id, count in (
        ("funnel_depression", 12),
        ("funnel_ptsd", 4),
        ("funnel_response", 11),
    ):
        is_ratio = figure_id == "funnel_response"
        for i in range(count + (2 if figure_id == "funnel_depression" else 0)):
            is_filled = i >= count
            se = round(rng.uniform(0.04, 0.27), 3)
            at = round(rng.gauss(0.4, 0.2), 3)
            estimate = 2.718281828459045**at if is_ratio else at
            rows.append(
                {
                    "figure_id": figure_id,
                    "point_order": i + 1,
                    "point_kind": "filled" if is_filled else "meta_analysis",
                    "label": "Filled in" if is_filled else NAMES[i % len(NAMES)],
                    "estimate": estimate,
                    "ci_low": estimate - 0.1,
                    "ci_high": estimate + 0.1,
                    "se": se,
                    "p_value": 0.012,
                    "is_significant": True,
                    "is_above_pool": estimate > POOLED[figure_id],
                    "weight_percent": None if is_filled else 100 / count,
                }
            )
    return rows


def funnel_summary_rows() -> list[dict[str, Any]]:
    """Rows of rpt_funnel_summary."""
    tests = {
        "egger_status": "ok", "egger_bias": 3.167, "egger_ci_low": 1.118, "egger_ci_high": 5.217,
        "egger_p": 0.0034, "is_asymmetric": True, "level": 0.05,
        "egger_smd_status": "ok", "egger_smd_bias": 0.537, "egger_smd_ci_low": -5.573,
        "egger_smd_ci_high": 6.648, "egger_smd_p": 0.855, "egger_same_p": 0.121,
        "is_smd_asymmetric": False, "is_smd_tested": False, "pseudo_limit_z": 1.959963984540054,
        "filled_side": "left",
    }  # fmt: skip
    pooled = {"estimate": 0.402, "ci_low": 0.334, "ci_high": 0.47}
    filled = {"filled_k": 2, "filled_estimate": 0.36, "filled_ci_low": 0.27, "filled_ci_high": 0.45}
    odds = {"estimate": 1.49, "ci_low": 1.2, "ci_high": 1.85}
    caution = "Tests of asymmetry are not meaningful below ten meta-analyses; here are 4."
    return [
        tests | {"figure_id": "funnel_depression", "analysis_label": "Depression", "k": 12,
         "egger_smd_k": 10, "is_smd_tested": True} | pooled | filled,
        {"figure_id": "funnel_ptsd", "analysis_label": "PTSD", "k": 4, "egger_smd_k": 3,
         "filled_k": 0, "caution": caution} | tests | pooled,
        {"figure_id": "funnel_response", "analysis_label": "Response", "k": 11} | tests | odds
        | {"egger_smd_status": "not_an_smd", "egger_p": 0.4, "egger_smd_p": None,
           "is_asymmetric": False, "is_smd_asymmetric": None, "egger_same_p": None,
           "filled_side": None},
    ]  # fmt: skip


def leave_one_out_rows() -> list[dict[str, Any]]:
    """Rows of rpt_leave_one_out: two pages, one of two meta-analyses, and one of odds ratios."""
    script = "<script>alert('x')</script> & Sons"
    return [
        *lines("depression", "Depression", 0.4, [f"{NAMES[i % 4]} {i}" for i in range(60)]),
        *lines("ocd", "Compulsions", 0.5, [script, "Imai H 2022"], is_changed=True),
        *lines("response", "Response", 1.5, list(NAMES), has_ceilings=False),
    ]


def lines(
    subject: str,
    label: str,
    at: float,
    names: list[str],
    is_changed: bool = False,
    has_ceilings: bool = True,
) -> list[dict[str, Any]]:
    """Rows of one leave-one-out figure; where conclusions change, one meta-analysis is left."""
    wide = 1.4 if is_changed else 0.1
    whole = {"row_kind": "all", "label": "All meta-analyses", "estimate": at, "ci_low": at - wide,
             "ci_high": at + wide, "k": len(names), "i2_percent": 84.2,
             "side": "neither" if is_changed else "above"}  # fmt: skip
    omitted = [
        {
            "row_kind": "omitted",
            "label": name,
            "status": "single_study" if is_changed else "ok",
            "k": len(names) - 1,
            "estimate": at - 0.03 + i / 1000,
            "ci_low": at - 0.12,
            "ci_high": at + 0.08,
            "i2_percent": None if is_changed else 83.0,
            "change": -0.03 + i / 1000,
            "side": "above",
            "is_conclusion_changed": is_changed,
        }
        for i, name in enumerate(names)
    ]
    ceilings = [
        {
            "row_kind": "ceiling",
            "label": f"{100 * ceiling:g}%",
            "k": len(names),
            "estimate": at - ceiling,
            "ci_low": at - 0.1 - 2 * ceiling,
            "ci_high": at + 0.1,
            "i2_percent": 0.0,
            "change": -ceiling,
            "side": "neither" if ceiling > 0.12 else "above",
            "is_conclusion_changed": ceiling > 0.12,
        }
        for ceiling in (0.0, 0.05, 0.1, 0.15, 0.2)
    ]
    common = {
        "figure_id": f"leave_one_out_{subject}", "analysis_id": subject, "analysis_label": label,
        "status": "ok", "p_value": 0.0002,
        "is_conclusion_changed": False,
    }  # fmt: skip
    listed = [whole, *omitted, *(ceilings if has_ceilings else [])]
    return [common | {"row_order": i} | row for i, row in enumerate(listed, start=1)]


def months_rows() -> list[dict[str, Any]]:
    """Rows of rpt_months: one figure with everything, one of a single odds ratio."""
    change = "Follow-up less after treatment"
    return [
        months_row(1, "post", "Pooled", "After treatment", 0.4, k=12),
        months_row(2, "follow_up", "Pooled", "At follow-up, any time", 0.31, k=3),
        months_row(3, "member", "Under 3 months", NAMES[0], 0.25, n_studies=26,
                   follow_up_months=2.0, post_estimate=0.44),
        months_row(4, "member", "3 to under 6 months", NAMES[1], 0.9, follow_up_months=4.5),
        months_row(5, "member", "3 to under 6 months", "<b>Riper</b> & Sons", 0.2, n_studies=7,
                   follow_up_months=5.0, post_estimate=0.1),
        months_row(6, "band", "3 to under 6 months", "Pooled", 0.55, wide=3.0, k=2),
        months_row(7, "member", "Time not stated", NAMES[3], 0.22),
        months_row(8, "change", change, "Independent", -0.03, correlation=0.0, k=2,
                   at_follow_up="neither"),
        months_row(9, "change", change, "Correlation of 0.5", -0.13, correlation=0.5, k=2,
                   is_main=True, at_follow_up="smaller"),
        months_row(1, "follow_up", "Pooled", "At follow-up, any time", 1.6, subject="response",
                   k=1, status="single_study"),
        months_row(2, "member", "Time not stated", NAMES[0], 1.6, subject="response"),
    ]  # fmt: skip


def months_row(
    order: int,
    kind: str,
    group: str,
    label: str,
    at: float,
    subject: str = "depression",
    wide: float = 0.1,
    **values: object,
) -> dict[str, Any]:
    """One row of rpt_months."""
    usual = {"status": None if kind == "member" else "ok", "is_main": False}
    return {
        "figure_id": f"months_{subject}", "row_order": order, "row_kind": kind,
        "group_label": group, "label": label, "estimate": at, "ci_low": at - wide,
        "ci_high": at + wide,
    } | usual | values  # fmt: skip


def member_rows() -> list[dict[str, Any]]:
    """Rows of rpt_members: a member, and a row that was left out."""
    base = {"condition": "depression", "headline_label": "Depression",
            "analysis_id": "depression", "measure_label": "Hedges' g",
            "reported_estimate": -0.45, "reported_low": -0.6,
            "reported_high": -0.3, "source_locator": "Abstract, Results"}  # fmt: skip
    return [
        base
        | {"row_order": 1, "is_member": True, "label": NAMES[0], "effect_id": "M0_01",
           "estimate": 0.45, "ci_low": 0.3, "ci_high": 0.6, "weight_percent": 100.0},
        base
        | {"row_order": 2, "is_member": False, "label": NAMES[1], "effect_id": "M1_01",
           "reason": "Not a post-treatment effect"},
    ]  # fmt: skip


def largest_rows() -> list[dict[str, Any]]:
    """The row of rpt_largest."""
    return [
        {"condition": "depression", "condition_label": "Depression", "label": NAMES[0],
         "meta_analysis_id": "M0", "k_studies": 54, "scale_short_label": "SMD",
         "estimate": 0.28, "ci_low": 0.2, "ci_high": 0.36, "is_tied": False,
         "published_label": NAMES[1], "published_measure": "SMD",
         "published_estimate": 0.58}
    ]  # fmt: skip


def trial_pool_rows() -> list[dict[str, Any]]:
    """Rows of rpt_trial_pools: one with everything, one of a single trial that reports nothing."""
    return [
        {"trial_set_id": "A:anxiety:symptom", "meta_analysis_id": "A", "label": NAMES[0],
         "title": "Apps & worry", "condition_label": "Anxiety", "subtype": "worry",
         "outcome_label": "Symptom severity", "timepoint": "follow_up",
         "measure": "SMD", "rule_label": "Aggregated within trials", "k": 25,
         "n_participants": 12_345, "k_with_n_participants": 20, "estimate": 0.34,
         "ci_low": 0.23, "ci_high": 0.45, "p_value": 0.00004, "pi_low": -0.1, "pi_high": 0.78,
         "i2_percent": 61.2, "egger_p": 0.04, "excess_p": 0.3, "reported_k": 39,
         "reported_estimate": 0.3, "reported_ci_low": 0.2, "reported_ci_high": 0.4},
        {"trial_set_id": "B:stress:response", "meta_analysis_id": "B", "label": NAMES[1],
         "condition_label": "Stress", "outcome_label": "Response", "timepoint": "post",
         "measure": "OR", "rule_label": "Aggregated within trials",
         "k": 1, "k_with_n_participants": 0, "estimate": 2.5,
         "ci_low": 1.2, "ci_high": 5.2, "p_value": 0.014},
    ]  # fmt: skip


def not_drawn_rows() -> list[dict[str, Any]]:
    """The row of rpt_figures_not_drawn."""
    return [
        {"figure_id": "funnel_ocd", "sort_order": 316, "figure_kind": "funnel",
         "title": "Compulsions: funnel plot", "condition": "ocd",
         "reason": "Two meta-analyses: a funnel plot needs at least three."}
    ]  # fmt: skip


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table of this module."""
    return {
        "rpt_funnel": funnel_rows(),
        "rpt_funnel_summary": funnel_summary_rows(),
        "rpt_funnel_contours": [
            {"p_value": 0.01, "z": 2.5758293035489008},
            {"p_value": 0.05, "z": 1.959963984540054},
            {"p_value": 0.1, "z": 1.6448536269514722},
        ],
        "rpt_leave_one_out": leave_one_out_rows(),
        **fixture_members.tables(),
        "rpt_months": months_rows(),
        "rpt_members": member_rows(),
        "rpt_largest": largest_rows(),
        "rpt_trial_pools": trial_pool_rows(),
        "rpt_figures_not_drawn": not_drawn_rows(),
    }
